"""Ratios that nothing names before them: "decreased odds of death (0.7, 95% CI 0.6-0.8)", "a 0.35 (…) odds ratio"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from kg.numbers.atom import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import change_direction
from kg.records import RATIO_MEASURES, Measure

_REACH: Final = 14  # atoms between the word for a chance and the value
#: What a number without a unit is that tells of a chance and has an interval.
_CHANCES: Final[Mapping[str, Measure]] = {
    "odds": "OR", "risk": "RR", "risks": "RR", "hazard": "HR", "hazards": "HR",
}  # fmt: skip
#: Words behind "risk" that make it the name of something else.
_OTHER_RISK: Final = frozenset({"factor", "factors", "score", "scores", "group", "groups", "model"})
_ENDS: Final = frozenset({"STOP", "BREAK", "SEMI", "MEASURE", "STAT", "P", ""})


def ratio_of_chances(atoms: Sequence[Atom], e: Expression) -> tuple[Measure, int] | None:
    """Return what a value with an interval above 0 is, and the atom that says so, ``None`` if nothing does.

    A risk below 1 may be a share of people; it is a ratio only where a word of change stands with it.
    """
    if e.unit is not None or e.bounds is None or e.stat is not None or e.spread is not None:
        return None
    number = atoms[cast(int, e.value)]
    low = cast(float, atoms[e.bounds.low].value)
    if number.decimals == 0 or number.signed or low <= 0 or atoms[e.bounds.low].signed:
        return None
    behind = e.end + (kind_at(atoms, e.end) == "CLOSE")
    if kind_at(atoms, behind) == "MEASURE" and kind_at(atoms, behind + 1) == "WORD":
        named = atoms[behind].key
        return (named, behind) if named in RATIO_MEASURES else None  # type: ignore[return-value]
    told: tuple[Measure, int] | None = None
    for at in range(e.start - 1, e.start - 1 - _REACH, -1):
        word = lower_at(atoms, at)
        if kind_at(atoms, at) in _ENDS:
            break
        if told is None and word in _CHANCES and lower_at(atoms, at + 1) not in _OTHER_RISK:
            told = _CHANCES[word], at
        if told is not None and (
            told[0] != "RR" or cast(float, number.value) > 1 or change_direction(word)
        ):
            return told
    return None
