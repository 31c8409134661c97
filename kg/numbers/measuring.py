"""Whether a value can be that of a measure named before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atom import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, read_bounds
from kg.numbers.units import TIME_UNITS
from kg.records import RATIO_MEASURES

#: Measures that lie between 0 and 1, or -1 and 1.
OF_ONE: Final = frozenset({"r", "rho", "R2", "AUC", "kappa"})
_CHANCE: Final = 50  # per cent: no curve is worth less than a coin; less is a change of an exposure
_PERCENT_ALLOWED: Final = frozenset({"RD", "ARR", "RRR", "MD", "WMD", "beta", "R2", "AUC"})


def fits(atoms: Sequence[Atom], measure: int, e: Expression) -> bool:
    code = atoms[measure].key or ""
    number = atoms[cast(int, e.value)]
    value = cast(float, number.value)
    kind = atoms[e.unit].kind if e.unit is not None else ""
    before = cast(int, e.value) - 1
    bracketed = atoms[measure].lower.startswith("difference") and kind_at(atoms, before) == "OPEN"
    if bracketed and any(a.lower == "between" for a in atoms[measure + 1 : before]):
        return False  # "difference in mean level between one (93.2) and the other (97.3)"
    if (
        code in RATIO_MEASURES
        and number.decimals == 0
        and not has_interval_next(atoms, cast(int, e.value))
    ) and (e.value or 0) - (measure) > 4:
        return False
    if code in RATIO_MEASURES:
        bare_integer = (
            number.decimals == 0
            and kind_at(atoms, (e.value or 0) + 1) == "WORD"
            and not number.word
        )
        return (
            value > 0
            and not number.word
            and kind in {"", "FOLD"}
            and not number.signed
            and not bare_integer
        )
    if code == "AUC" and kind == "PERCENT":
        return _CHANCE <= value <= 100 and not number.signed
    if code in OF_ONE:
        return abs(value) <= 1 if kind != "PERCENT" else code in _PERCENT_ALLOWED
    if code == "NNT":
        return kind == ""
    if kind == "PERCENT":
        return code in _PERCENT_ALLOWED and not atoms[measure].lower.startswith("slope")
    if code == "SMD":
        return kind == "" and (
            number.decimals > 0 or kind_at(atoms, cast(int, e.value) - 1) in {"EQ", "MEASURE"}
        )
    if kind == "UNIT" and atoms[e.unit or 0].key in TIME_UNITS and code == "beta":
        return False
    return not number.word


def has_interval_next(atoms: Sequence[Atom], at: int) -> bool:
    """Whether an interval follows the number at `at`, in brackets or after its label."""
    for step in range(at + 1, at + 4):
        if kind_at(atoms, step) == "CI":
            return True
        if kind_at(atoms, step) == "OPEN":
            return (
                kind_at(atoms, step + 1) == "CI" or read_bounds(atoms, step, loose=True) is not None
            )
    return False


def contrast_in_gap(atoms: Sequence[Atom], measure: int, at: int) -> tuple[int, int] | None:
    """Return "Q4 vs. Q1" between a measure's name and its value."""
    for step in range(measure + 2, at - 1):
        if atoms[step].kind == "VS" and atoms[step - 1].kind == atoms[step + 1].kind == "NAME":
            return step - 1, step + 2
    return None
