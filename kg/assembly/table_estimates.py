"""Columns of estimates in tables, "HR (95% CI)", and their cells as statistics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.assembly.features import null_value
from kg.assembly.table_grid import Grid, Head
from kg.assembly.table_labels import P_OF_SEVERAL, parse_p
from kg.numbers.atoms import read_atoms
from kg.numbers.estimates import find_statistics
from kg.numbers.statistic import ALPHA, Statistic, shift
from kg.records import RATIO_MEASURES, Direction, Measure
from kg.text import Cell

#: What a column of estimates may hold.
ESTIMATES = RATIO_MEASURES | {"MD", "WMD", "SMD", "RD", "ARR", "RRR", "beta", "r", "rho"}
#: How a measure is written before a number so that the grammar reads the number as one of it.
_PRINTED = {
    "MD": "mean difference", "RD": "risk difference", "IRR": "incidence rate ratio", "rho": "Spearman's rho",
}  # fmt: skip
#: The head of a column of regression coefficients.
_COEFFICIENT = re.compile(
    r"(?:(?:un)?adjusted\s+|(?:un)?standardi[sz]ed\s+|regression\s+)*(?:β|beta|b|coef(?:\.|ficients?)?)(?:[\s-]coefficients?)?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_UNADJUSTED = re.compile(r"\b(?:un|not\s)adjusted|crude", re.IGNORECASE)
_SHARE = 0.5  # of the cells of a column of estimates that are numbers


@dataclass(frozen=True, slots=True)
class EstimateColumn:
    """A column of estimates, with those of their intervals and p values; `measure` is ``None`` where cells name it."""

    number: int
    measure: Measure | None
    heads: tuple[Head, ...]
    adjusted: bool
    interval: int | None
    error: int | None
    p: int | None


def find_columns(grid: Grid, text_of: Callable[[Cell], str]) -> Iterator[EstimateColumn]:
    """Yield the columns of estimates; an interval or a p value is of the one before it."""
    found: list[tuple[int, Measure | None, bool]] = []
    others: dict[int, str] = {}
    for n in range(grid.stubs, len(grid.heads)):
        heads = grid.heads[n]
        lowest = heads[-1].kind if heads else None
        if lowest in ("ci", "p", "se"):
            if not any(P_OF_SEVERAL.search(head.text) for head in heads):
                others[n] = lowest
            continue
        kinds = {head.kind for head in heads}
        atoms = [a for head in heads for a in read_atoms(head.text) if a.kind == "MEASURE"]
        measure = next((a.key for a in atoms if a.key in ESTIMATES), None)
        if measure is None and heads and _COEFFICIENT.fullmatch(heads[-1].text.strip()):
            measure = "beta"
        cells = [t for row in grid.rows if (t := text_of(row[n]))]
        numeric = [t for t in cells if re.search(r"\d", t)]
        told = measure is not None or ("estimate" in kinds and any(map(_own_measure, cells)))
        if told and cells and len(numeric) >= _SHARE * len(cells):
            adjusted = any(a.adjusted or "adjusted" in a.lower for a in atoms) or any(
                "adjusted" in head.text.lower() for head in heads
            )
            plain = any(_UNADJUSTED.search(head.text) for head in heads)
            found.append((n, measure, adjusted and not plain))  # type: ignore[arg-type]
    for at, (n, measure, adjusted) in enumerate(found):
        until = found[at + 1][0] if at + 1 < len(found) else len(grid.heads)
        beside = {kind: k for k, kind in sorted(others.items(), reverse=True) if n < k < until}
        yield EstimateColumn(
            n, measure, grid.heads[n], adjusted, beside.get("ci"), beside.get("se"), beside.get("p")
        )


def _own_measure(text: str) -> Measure | None:
    """Return the measure that a cell names itself: "RR 0.35 (0.10 to 1.21)"."""
    keys = (a.key for a in read_atoms(text) if a.kind == "MEASURE" and a.key in ESTIMATES)
    return next(keys, None)  # type: ignore[arg-type]


def read_estimate(
    view: str, row: Sequence[Cell], column: EstimateColumn, p: tuple[str, float, str] | None = None
) -> Statistic | None:
    """Return the estimate of a row's cell, with what the columns behind it add; `p` is used where they have none."""
    cell = row[column.number]
    text = view[cell.start_char : cell.end_char]
    measure = _own_measure(text) or column.measure
    if measure is None:
        return None
    head = "" if _own_measure(text) else f"{_PRINTED.get(measure, measure)} = "
    read = [s for s in find_statistics(head + text, bare=True)[0] if s.value is not None]
    if len(read) != 1 or read[0].value_start is None or read[0].value_start < len(head):
        return None
    if measure == "MD" and read[0].measure == "RD":
        measure = "RD"
    s = shift(read[0], cell.start_char - len(head))
    s = replace(
        s, measure=measure, start_char=max(s.start_char, cell.start_char), measure_start=None, measure_end=None,
        adjusted=column.adjusted or None,
    )  # fmt: skip
    s = with_own_interval(s)
    if s.ci_low is None and column.interval is not None:
        s = _with_interval(s, view, row[column.interval])
    if column.error is not None and s.se is None:
        s = replace(s, se=_lone_number(view, row[column.error]))
    if s.p_value is None and column.p is not None:
        p = parse_p(view[row[column.p].start_char : row[column.p].end_char].strip()) or p
    if p is not None and s.p_value is None:
        s = replace(s, p_operator=p[0], p_value=p[1], printed_p=p[2])  # type: ignore[arg-type]
    return s


def with_own_interval(s: Statistic) -> Statistic:
    """Return an estimate whose two numbers in brackets are its interval, whatever they had been taken for."""
    if s.ci_low is None and s.iqr_low is not None:
        s = replace(s, ci_low=s.iqr_low, ci_high=s.iqr_high, iqr_low=None, iqr_high=None)
    if s.ci_low is None and s.range_low is not None:
        s = replace(s, ci_low=s.range_low, ci_high=s.range_high, range_low=None, range_high=None)
    return s if s.ci_low is None or s.ci_level is not None else replace(s, ci_level=95.0)


def _with_interval(s: Statistic, view: str, cell: Cell) -> Statistic:
    atoms = read_atoms(view[cell.start_char : cell.end_char])
    numbers = [a.value for a in atoms if a.kind == "NUM" and a.value is not None]
    if len(numbers) != 2:
        return s
    return replace(s, ci_low=min(numbers), ci_high=max(numbers), ci_level=s.ci_level or 95.0)


def _lone_number(view: str, cell: Cell) -> float | None:
    numbers = [
        a.value for a in read_atoms(view[cell.start_char : cell.end_char]) if a.kind == "NUM"
    ]
    return numbers[0] if len(numbers) == 1 else None


def direction_of(s: Statistic) -> tuple[Direction, bool | None]:
    """Return which way an estimate points, and whether it is told from no effect: by its interval, else its p value."""
    null, value = null_value(s), s.value
    if null is None or value is None:
        return "unclear", None
    way: Direction = "increase" if value > null else "decrease"
    if s.ci_low is not None and s.ci_high is not None:
        shown = not s.ci_low <= null <= s.ci_high
    elif s.p_value is not None:
        shown = s.p_value < ALPHA and s.p_operator not in (">", ">=")
    else:
        told = s.measure in RATIO_MEASURES and value != null
        return (way if told else "unclear"), None
    return (way if shown else "no_difference"), shown
