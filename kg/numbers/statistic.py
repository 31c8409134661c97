"""What the number grammar reads, before anyone knows what the numbers mean."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, TypeVar

from kg.records import Measure, POperator, Repair

#: The conventional level of significance. A text that uses another says what it calls significant.
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Statistic:
    """One number expression of a text: an estimate with all that is printed with it.

    Offsets are code points of the text that was read, end excluded. ``start_char:end_char`` is the
    whole expression ("MD = -2.10 kg; 95% CI: -3.51 to -0.69; p = 0.003"),
    ``value_start:value_end`` the estimate's digits with sign, ``measure_start:measure_end`` the
    measure's name. Values are as meant where the notation is only typographic; ``printed_*`` keep
    the digits as they stand. ``ci_level`` is in percent.

    ``measure`` is ``None`` where the text leaves open what the number is ("48 vs 24"). ``p`` alone
    (no estimate beside it) has ``value`` ``None``.
    """

    start_char: int
    end_char: int
    measure: Measure | None = None
    measure_start: int | None = None
    measure_end: int | None = None
    value: float | None = None
    value_start: int | None = None
    value_end: int | None = None
    unit: str | None = None
    ci_level: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_operator: POperator | None = None
    p_value: float | None = None
    p_start: int | None = None
    p_end: int | None = None
    p_kind: str | None = None  # "trend", "interaction", "heterogeneity" … ; None for a plain p
    printed_value: str | None = None
    printed_ci_low: str | None = None
    printed_ci_high: str | None = None
    printed_p: str | None = None  # with operator unless "=": "<0.001", ".03"
    sd: float | None = None
    se: float | None = None
    spread_labelled: bool = False  # False: a bare "±" or "(…)", taken as SD
    iqr_low: float | None = None
    iqr_high: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    n: int | None = None
    events: int | None = None
    total: int | None = None
    statistic: str | None = None  # "t = 2.31", "χ2 = 5.1" as printed
    df: str | None = None
    i2: float | None = None
    tau2: float | None = None
    per: str | None = None  # "per 20 nmol/L", "Q4 vs. Q1"
    adjusted: bool | None = None
    group: int | None = None  # expressions of one list or pair ("81 vs. 67 nmol/L") share a number
    position: int = 0  # place in that list, from 0
    pairing: str | None = (
        None  # how the list is joined: "vs", "respectively", "range", "from-to", "list"
    )
    comparator_bound: str | None = (
        None  # "<", ">", ">=", "<=" printed before the value (">80%"): a bound, not a value
    )
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseReading:
    """One dose expression of a text; the fields mean what they mean in :class:`kg.records.Dose`.

    ``low``/``high`` equal for one amount; one of them ``None`` where the text leaves the bound open.
    ``substance_start:substance_end`` is what the text names right at the dose ("IU of vitamin D"),
    if it does.
    """

    start_char: int
    end_char: int
    low: float | None
    high: float | None
    unit: str
    raw_unit: str
    amount_start: int
    amount_end: int
    times_per_day_low: float | None = None
    times_per_day_high: float | None = None
    interval_days_low: float | None = None
    interval_days_high: float | None = None
    frequency: str | None = None
    route: str | None = None
    duration: str | None = None
    duration_days_low: float | None = None
    duration_days_high: float | None = None
    doses_low: float | None = None
    doses_high: float | None = None
    per_day_low: float | None = None
    per_day_high: float | None = None
    cumulative_low: float | None = None
    cumulative_high: float | None = None
    phase: str | None = None  # "loading", "maintenance"
    substance_start: int | None = None
    substance_end: int | None = None
    group: int | None = None  # doses of one list share a number
    position: int = 0


@dataclass(frozen=True, slots=True)
class RegimenReading:
    """How often something without an amount is given; the fields mean what they mean in :class:`kg.records.Regimen`.

    ``start_char:end_char`` are the words of the rhythm or of the count of administrations.
    """

    start_char: int
    end_char: int
    times_per_day_low: float | None = None
    times_per_day_high: float | None = None
    interval_days_low: float | None = None
    interval_days_high: float | None = None
    frequency: str | None = None
    route: str | None = None
    duration: str | None = None
    duration_start: int | None = None
    duration_end: int | None = None
    duration_days_low: float | None = None
    duration_days_high: float | None = None
    doses_low: float | None = None
    doses_high: float | None = None


@dataclass(frozen=True, slots=True)
class NumberNotice:
    """A number that was left out, and why; offsets as in :class:`Statistic`."""

    start_char: int
    end_char: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """All that the grammar read from one text, left to right."""

    statistics: tuple[Statistic, ...]
    doses: tuple[DoseReading, ...]
    notices: tuple[NumberNotice, ...]
    regimens: tuple[RegimenReading, ...] = ()


#: The fields of each reading, and which of them hold places in the text.
_FIELDS: Final[dict[type, tuple[tuple[str, bool], ...]]] = {
    kind: tuple((f.name, f.name.endswith(("_start", "_end", "_char"))) for f in fields(kind))
    for kind in (Statistic, DoseReading, RegimenReading)
}
NumberReading = TypeVar("NumberReading", Statistic, DoseReading, RegimenReading)


def shift(item: NumberReading, by: int, group: int = 0) -> NumberReading:
    """Return a reading with all its offsets moved, and the number of its group raised."""
    moved = {
        name: value + by if is_place and value is not None else value
        for name, is_place in _FIELDS[type(item)]
        for value in (getattr(item, name),)
    }
    if moved.get("group") is not None:
        moved["group"] += group
    return type(item)(**moved)
