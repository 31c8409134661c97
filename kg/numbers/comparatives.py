"""Differences told by the word right behind them: "2.1 kg, 3.4 cm and 0.8 mmol/L lower", "3.4 days shorter"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import is_time
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import TIMES_APART

_SIGNS: Final = {
    "higher": 1, "greater": 1, "larger": 1, "longer": 1, "heavier": 1, "taller": 1, "thicker": 1, "faster": 1,
    "more": 1, "lower": -1, "smaller": -1, "shorter": -1, "fewer": -1, "lighter": -1, "thinner": -1,
    "slower": -1, "less": -1,
}  # fmt: skip
_DEGREES: Final = frozenset({"significantly", "substantially", "slightly", "markedly"})
_JOINTS: Final = frozenset({"COMMA", "AND"})
_STATED: Final = frozenset({"was", "were", "is", "are"})
_MAY_BE: Final = frozenset({None, "mean", "MD"})


def tell_differences(atoms: Sequence[Atom], found: Sequence[Expression]) -> None:
    """Make differences of values that a comparative stands right behind, and of those listed before them.

    Only a comma or an "and" may part the members of such a list: "4.1 points in controls and 2.2
    points lower with coaching" has one difference.
    """
    behind: Expression | None = None
    for e in reversed([e for e in found if e.value is not None]):
        sign, word = _comparative(atoms, e)
        if word is None and behind is not None and _joined(atoms, e, behind):
            sign, word = behind.sign, behind.measure_atom
        behind = None
        if word is not None and _may_differ(atoms, e):
            e.measure, e.measure_atom, e.sign, e.hinted = "MD", word, sign, True
            behind = e


def lies_off(atoms: Sequence[Atom], e: Expression) -> bool:
    """Tell whether a comparative stands right behind a value: what that says is of no level beside it."""
    return e.measure == "MD" and _comparative(atoms, e)[1] is not None


def _comparative(atoms: Sequence[Atom], e: Expression) -> tuple[int, int | None]:
    """Return sign and atom of the comparative right behind a value, its unit and its brackets."""
    at = (e.unit if e.unit is not None else cast(int, e.value)) + 1
    if e.bounds is not None and kind_at(atoms, at) == "OPEN":
        at = e.end
    at += lower_at(atoms, at) in _DEGREES
    word = lower_at(atoms, at)
    if kind_at(atoms, at) not in {"WORD", "CMP", "NAME"} or word not in _SIGNS:
        return 1, None
    if kind_at(atoms, at + 2) == "NUM":
        return 1, None
    sign = _SIGNS[word]
    return TIMES_APART.get(word, sign) if is_time(atoms, e) else sign, at


def _joined(atoms: Sequence[Atom], e: Expression, behind: Expression) -> bool:
    gap = atoms[e.end : behind.start]
    return bool(gap) and all(atom.kind in _JOINTS for atom in gap)


def _may_differ(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a value with a unit, decimals or an interval, or one that is stated, is nothing else by its own words."""
    if e.measure not in _MAY_BE or e.measure_atom is not None or e.counted or e.bound is not None:
        return False
    number = atoms[cast(int, e.value)]
    if number.signed or e.plus_minus or e.spread is not None:
        return False
    unit = atoms[e.unit].kind if e.unit is not None else ""
    stated = lower_at(atoms, e.start - 1) in _STATED  # "was 18,190 lower"
    return unit == "UNIT" or (not unit and (number.decimals > 0 or e.bounds is not None or stated))
