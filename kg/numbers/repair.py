"""Mending damaged expressions where the text itself proves what was meant, and saying so."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, read_bounds
from kg.records import RATIO_MEASURES, Repair

_LEVELS: Final = frozenset({0.9, 0.95, 0.99, 0.975, 0.98, 0.999})


def is_run_together(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "0.95% CI" stands at `at`: an estimate and an interval's level in one number."""
    number = atoms[at]
    return (
        number.value in _LEVELS
        and kind_at(atoms, at + 1) == "PERCENT"
        and kind_at(atoms, at + 2) == "CI"
        and atoms[at + 2].level is None
    )


def split_run_together(
    atoms: Sequence[Atom], at: int, measure: str | None, percent_before: float | None
) -> tuple[Expression, str] | None:
    """Return the expression meant by "RR 0.95% CI 0.90-0.99" and the reason, or ``None``.

    The number is both estimate and level only if it lies where the interval puts its estimate
    (the middle, on the logarithmic scale for a ratio, within rounding), or if a percentage change
    beside it says the same.
    """
    number = atoms[at]
    first = at + 3
    while kind_at(atoms, first) in {"COLON", "COMMA", "EQ", "OPEN"}:
        first += 1
    bounds = read_bounds(atoms, first, loose=True)
    if bounds is None:
        return None
    value = cast(float, number.value)
    low, high = sorted(
        (cast(float, atoms[bounds.low].value), cast(float, atoms[bounds.high].value))
    )
    half = 0.5 * 10.0 ** -min(atoms[bounds.low].decimals, atoms[bounds.high].decimals)
    reason = ""
    if measure in RATIO_MEASURES and low > 0:
        centre_low, centre_high = (
            math.sqrt(max(low - half, 1e-9) * max(high - half, 1e-9)),
            math.sqrt((low + half) * (high + half)),
        )
    else:
        centre_low, centre_high = (low + high) / 2 - half, (low + high) / 2 + half
    rounding = 0.5 * 10.0**-number.decimals
    if centre_low - rounding <= value <= centre_high + rounding:
        reason = "the estimate and the level are run together; the estimate lies at the centre of the interval"
    elif percent_before is not None and measure in RATIO_MEASURES:
        implied = 1 + percent_before / 100
        if abs(implied - value) <= 0.0051:
            reason = "the estimate and the level are run together; the percentage beside it says the same"
    if not reason:
        return None
    e = Expression(
        at, bounds.end, value=at, bounds=bounds, labelled=True, level=round(value * 100, 1)
    )
    before = "".join(a.text for a in atoms[at : at + 2]) + " CI"
    e.repairs.append(Repair(before=before, after=f"{number.text}, {e.level:g}% CI", reason=reason))
    return e, reason


def note_lost_characters(printed: str, mapped: str, what: str) -> Repair | None:
    """Return the record of a sign or point that was lost in the source and read from its context."""
    if "?" in printed or "\ufffd" in printed:
        return Repair(
            before=printed,
            after=mapped,
            reason=f"a lost character in the {what} was read from its context",
        )
    return None


def note_decimal_point(printed: str, value: float) -> Repair | None:
    """Return the record of a hyphen or slash that stands for the decimal point ("1-94", "5/06")."""
    if "/" in printed:
        sign = "slash"
    elif re.search(r"\d-\d", printed) and "e" not in printed.lower() and "×" not in printed:
        sign = "hyphen"
    else:
        return None
    return Repair(
        before=printed, after=f"{value:g}", reason=f"a {sign} stands for the decimal point"
    )
