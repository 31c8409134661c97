"""Ranges whose ends were found: "27-35% of the samples", "ranged from 3.4 to 7.1 mmol/L"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.numbers.atom import Atom
from kg.numbers.pieces import Bounds, fills_bracket, kind_at, lower_at
from kg.numbers.units import MEDICINE_CODES, TIME_UNITS

_RANGED: Final = ("ranged", "ranging", "varied", "varying")
_STATED: Final = frozenset(
    {"was", "were", "is", "are", "by", "only", "about", "approximately", "reached"}
)
_LIMITS: Final = frozenset({
    "within", "interval", "limits", "limit", "criteria", "criterion", "target", "targets", "concentrations", "intensity", "stenosis",
    "achieving", "aged", "aging", "between", "power", "meaningful", "eligible", "inclusion",
})  # fmt: skip
#: Stems of names of drugs whose percentages are concentrations (WHO INN stems).
_DRUGS: Final = ("flurane", "caine")
_OF_ONESELF: Final = ("maxim", "peak", "heart", "hr", "vo2", "predicted", "diameter", "normal", "their", "one", "baseline", "lumen", "age")  # fmt: skip
_MEAN_REACH: Final = 14  # atoms from a range to the mean that it is the spread of
_INTERVAL_REACH: Final = 24  # atoms before a range in which it may be called an interval
_LIMIT_REACH: Final = 10  # atoms before a range in which a word may limit it
_BEFORE_RANGE: Final = 4  # atoms from "ranged" to its first end
_VALUE_REACH: Final = 14  # atoms from a percentage to a bracket that may be its interval


def is_range_found(atoms: Sequence[Atom], bounds: Bounds, *, goes_on: bool = False) -> bool:
    """Whether both ends of a range are values that somebody found, not an interval, a dose, an age or a limit.

    `goes_on` says that the sentence has had such a range before.
    """
    unit = atoms[bounds.unit] if bounds.unit is not None else None
    low, high = atoms[bounds.low], atoms[bounds.high]
    if (low.value or 0) >= (high.value or 0) or low.year or high.year or low.word:
        return False
    if _is_limited(atoms, bounds) or _is_of_mean(atoms, bounds):
        return False
    if _is_ranged(atoms, bounds):
        measured = (
            unit is None or unit.kind != "UNIT" or unit.key not in TIME_UNITS | MEDICINE_CODES
        )
        return measured and (unit is not None or low.decimals > 0)
    if unit is None or unit.kind != "PERCENT":
        return False
    if lower_at(atoms, bounds.end) == "of":
        return not _is_effort(atoms, bounds.end + 1)
    if goes_on or lower_at(atoms, bounds.low - 1) in _STATED:
        return True
    if lower_at(atoms, bounds.low - 2).endswith(_DRUGS):
        return False
    return fills_bracket(atoms, bounds.low, bounds.end) and not _follows_percentage(atoms, bounds)


def _is_limited(atoms: Sequence[Atom], bounds: Bounds) -> bool:
    """Whether words before a range make it an interval or what was asked for: "within 80-125%"."""
    for step in range(1, _INTERVAL_REACH):
        kind = kind_at(atoms, bounds.low - step)
        if kind in {"STOP", "BREAK", ""}:
            return False
        if kind == "CI" or (step < _LIMIT_REACH and lower_at(atoms, bounds.low - step) in _LIMITS):
            return True
    return False


def _is_of_mean(atoms: Sequence[Atom], bounds: Bounds) -> bool:
    """Whether a mean or median is told beside a range, whose spread it then is: "from 1.3 to 58.0, mean 24.2"."""
    for step in range(_MEAN_REACH):
        kind = kind_at(atoms, bounds.end + step)
        if kind in {"STOP", "BREAK", "SEMI", ""}:
            break
        if kind == "STAT" and atoms[bounds.end + step].key in {"mean", "median"}:
            return True
    numbers = 0
    for step in range(1, _MEAN_REACH):
        kind = kind_at(atoms, bounds.low - step)
        if kind in {"STOP", "BREAK", ""}:
            break
        numbers += kind == "NUM"
        if kind == "STAT" and atoms[bounds.low - step].key in {"mean", "median"}:
            return numbers == 1 and kind_at(atoms, bounds.low - step + 1) != "NUM"
    return False


def _is_effort(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "65% to 75% of heart rate reserve": how hard somebody was to try, or how narrow a vessel is."""
    words = [lower_at(atoms, at + n) for n in range(3)]
    return any(word.startswith(_OF_ONESELF) for word in words)


def _is_ranged(atoms: Sequence[Atom], bounds: Bounds) -> bool:
    return any(lower_at(atoms, bounds.low - n).startswith(_RANGED) for n in range(1, _BEFORE_RANGE))


def _follows_percentage(atoms: Sequence[Atom], bounds: Bounds) -> bool:
    """Whether a percentage stands shortly before: the bracket may be its interval."""
    for step in range(2, _VALUE_REACH):
        kind = kind_at(atoms, bounds.low - step)
        if kind in {"STOP", "BREAK", ""}:
            return False
        if kind == "PERCENT":
            return kind_at(atoms, bounds.low - step - 2) not in {"DASH", "TO"}
    return False
