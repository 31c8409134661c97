"""What a forest plot shows, row by row, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.statistics.pooling import Pooled
from kg.statistics.scales import LOG_MEASURES, NULL_VALUES
from kg.synthesis.analysis import UNKNOWN, Synthesis
from kg.synthesis.contributions import Contribution
from kg.synthesis.report import METHODS, count, digits, heterogeneity_text, interval_text, p_text

RowKind = Literal["study", "heading", "subtotal", "total", "prediction", "note", "gap"]

NAMES = {
    "RR": "Risk ratio", "OR": "Odds ratio", "HR": "Hazard ratio", "IRR": "Rate ratio", "RD": "Risk difference",
    "MD": "Mean difference", "SMD": "Standardized mean difference", "ROM": "Ratio of means",
    "r": "Correlation", "rho": "Rank correlation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ``left`` and ``right`` are the texts of the columns on both sides of the picture.

    ``interval`` is value, low, high as printed; ``share`` is a study's weight from 0 to 1, which the
    area of its square shows.
    """

    kind: RowKind
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    interval: tuple[float, float, float] | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A forest plot as data. ``left_head`` and ``right_head`` name the columns; the first is aligned left.

    ``null`` and ``centre`` are where the lines of no effect and of the pooled estimate stand.
    """

    title: str
    axis: str
    log: bool
    null: float | None
    centre: float | None
    left_head: tuple[str, ...]
    right_head: tuple[str, ...]
    rows: tuple[Row, ...]
    lower: str = ""
    higher: str = ""
    footnotes: tuple[str, ...] = field(default=())


def forest_picture(synthesis: Synthesis, lower: str = "", higher: str = "") -> Picture:
    """Return the forest plot of a synthesis, by subgroups where it has some."""
    rows: list[Row] = []
    columns = _columns(synthesis.contributions)
    level, measure = synthesis.pooled.level, synthesis.measure

    def study(item: Contribution, weight: float) -> Row:
        value, low, high = item.interval(level)
        return Row(
            "study", (item.label, *columns.cells(item)),
            (interval_text(value, low, high, measure), f"{weight:.1f}"), (value, low, high), weight / 100,
        )  # fmt: skip

    weighted = list(zip(synthesis.contributions, synthesis.pooled.weights, strict=True))
    if synthesis.subgroups is None:
        rows += [study(item, weight) for item, weight in weighted]
    else:
        for name, pooled in synthesis.subgroups.groups:
            members = [
                (item, weight)
                for item, weight in weighted
                if (item.groups.get(_by(synthesis)) or UNKNOWN) == name
            ]
            rows.append(Row("heading", (name[:1].upper() + name[1:],)))
            rows += [study(item, weight) for item, weight in members]
            share = f"{sum(weight for _, weight in members):.1f}"
            rows.append(_summary("subtotal", "Subtotal", pooled, columns, share))
            if pooled.heterogeneity.df:
                rows.append(Row("note", (heterogeneity_text(pooled),)))
            rows.append(Row("gap"))
    rows += _totals(synthesis, columns)
    return Picture(
        synthesis.title, _axis(synthesis), measure in LOG_MEASURES, NULL_VALUES.get(measure),
        synthesis.pooled.value, ("Study", *columns.heads),
        (f"{measure} ({level:g} % CI)", "Weight, %"), tuple(rows), lower, higher, _footnotes(synthesis),
    )  # fmt: skip


def cumulative_picture(synthesis: Synthesis, lower: str = "", higher: str = "") -> Picture:
    """Return the cumulative plot: the pooled estimate as each study, by year, is added."""
    measure, level = synthesis.measure, synthesis.pooled.level
    rows: list[Row] = []
    people: int | None = 0
    for item, pooled in zip(synthesis.by_year, synthesis.cumulative, strict=True):
        own = item.participants
        people = None if people is None or own is None else people + own
        name = (
            item.label
            if item.year is None or str(item.year) in item.label
            else f"{item.label}, {item.year}"
        )
        mark = "" if not rows else "+ "
        rows.append(
            Row(
                "study", (mark + name, str(pooled.k), "" if people is None else count(people)),
                (interval_text(pooled.value, pooled.low, pooled.high, measure), p_text(pooled.p).removeprefix("= ")),
                (pooled.value, pooled.low, pooled.high),
            )
        )  # fmt: skip
    return Picture(
        f"{synthesis.title}: cumulative, by year", _axis(synthesis), measure in LOG_MEASURES,
        NULL_VALUES.get(measure), synthesis.pooled.value, ("Study added", "Studies", "People"),
        (f"{measure} ({level:g} % CI)", "p"), tuple(rows), lower, higher, _footnotes(synthesis),
    )  # fmt: skip


def rows_picture(
    contributions: Sequence[Contribution], title: str, measure: str, log: bool, level: float
) -> Picture:
    """Return a forest plot of estimates that are not pooled; `measure` is "" where none is named."""
    rows = []
    for item in contributions:
        value, low, high = item.interval(level)
        text = interval_text(value, low, high, measure or ("RR" if log else "MD"))
        rows.append(Row("study", (item.label,), (text,), (value, low, high)))
    null = NULL_VALUES.get(measure, 1.0 if log else None)
    return Picture(
        title, _measure_axis(measure, "", level) if measure else f"Estimate ({level:g} % CI)", log, null, None,
        ("",), (f"{measure or 'Estimate'} ({level:g} % CI)",), tuple(rows),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of arm data: events of both, or means of both, or people."""

    heads: tuple[str, ...]
    kind: Literal["events", "means", "people", "none"]

    def cells(self, item: Contribution) -> tuple[str, ...]:
        if self.kind == "events":
            table = item.events
            if table is None:
                return "", ""
            return (
                f"{count(table.events1)}/{count(table.total1)}",
                f"{count(table.events2)}/{count(table.total2)}",
            )
        if self.kind == "means":
            means = item.means
            if means is None:
                return "", ""
            return (
                f"{means.mean1:.4g} ({means.sd1:.3g}), {means.n1}",
                f"{means.mean2:.4g} ({means.sd2:.3g}), {means.n2}",
            )
        if self.kind == "people":
            return ("" if item.participants is None else count(item.participants),)
        return ()

    def totals(self, synthesis: Synthesis) -> tuple[str, ...]:
        tables = [item.events for item in synthesis.contributions]
        if self.kind == "events" and None not in tables:
            known = [table for table in tables if table is not None]
            return tuple(
                f"{count(sum(a))}/{count(sum(b))}"
                for a, b in (
                    ([t.events1 for t in known], [t.total1 for t in known]),
                    ([t.events2 for t in known], [t.total2 for t in known]),
                )
            )
        if self.kind == "people" and synthesis.participants is not None:
            return (count(synthesis.participants),)
        return ("",) * len(self.heads)


def _columns(contributions: Sequence[Contribution]) -> _Columns:
    if any(item.events for item in contributions):
        return _Columns(("Intervention,\nevents/total", "Comparator,\nevents/total"), "events")
    if any(item.means for item in contributions):
        return _Columns(("Intervention,\nmean (SD), n", "Comparator,\nmean (SD), n"), "means")
    if any(item.participants for item in contributions):
        return _Columns(("People",), "people")
    return _Columns((), "none")


def _totals(synthesis: Synthesis, columns: _Columns) -> list[Row]:
    pooled = synthesis.pooled
    kind = "Random effects" if pooled.model == "random" else "Common effect"
    knapp = ", Hartung-Knapp" if pooled.hartung_knapp else ""
    name = {"REML": ", REML", "DL": ", DerSimonian-Laird", "PM": ", Paule-Mandel", "MH": ", Mantel-Haenszel",
            "Peto": ", Peto", "IV": ""}[pooled.method]  # fmt: skip
    gap = [] if synthesis.subgroups is not None else [Row("gap")]  # a subgroup ends in one
    rows = [
        *gap,
        _summary("total", f"{kind}{name}{knapp}", pooled, columns, "100.0", columns.totals(synthesis)),
    ]  # fmt: skip
    if pooled.prediction is not None:
        low, high = pooled.prediction
        text = f"{digits(low, pooled.measure)} to {digits(high, pooled.measure)}"
        rows.append(
            Row("prediction", ("Prediction interval",), (text, ""), (pooled.value, low, high))
        )
    if pooled.heterogeneity.df:
        rows.append(Row("note", (heterogeneity_text(pooled),)))
    found = synthesis.subgroups
    if found is not None and found.p is not None:
        rows.append(
            Row("note", (f"Subgroup difference: Q = {found.q:.2f}, df = {found.df}, p {p_text(found.p)}",))
        )  # fmt: skip
    return rows


def _summary(
    kind: RowKind,
    name: str,
    pooled: Pooled,
    columns: _Columns,
    share: str,
    totals: tuple[str, ...] | None = None,
) -> Row:
    cells = totals or ("",) * len(columns.heads)
    interval = (pooled.value, pooled.low, pooled.high)
    return Row(kind, (name, *cells), (interval_text(*interval, pooled.measure), share), interval)


def _by(synthesis: Synthesis) -> str:
    """Find the group by which a synthesis was divided: the one whose values its subgroups bear."""
    assert synthesis.subgroups is not None
    names = {name for name, _ in synthesis.subgroups.groups}
    for by in sorted({by for item in synthesis.contributions for by in item.groups}):
        if {item.groups.get(by) or UNKNOWN for item in synthesis.contributions} == names:
            return by
    return ""


def _axis(synthesis: Synthesis) -> str:
    return _measure_axis(synthesis.measure, synthesis.unit, synthesis.pooled.level)


def _measure_axis(measure: str, unit: str, level: float) -> str:
    name = NAMES.get(measure, measure)
    details = [unit] if unit else []
    if measure in LOG_MEASURES:
        details.append("log scale")
    shown = f", {', '.join(details)}" if details else ""
    return f"{name} ({level:g} % CI){shown}"


def _footnotes(synthesis: Synthesis) -> tuple[str, ...]:
    notes = [f"Model: {METHODS[synthesis.pooled.method]}"
             + (", interval by Hartung-Knapp" if synthesis.pooled.hartung_knapp else "")]  # fmt: skip
    told = sorted({note for item in synthesis.contributions for note in item.notes})
    if told and len(told) <= 3:
        notes += told
    return tuple(f"{note}." for note in notes)
