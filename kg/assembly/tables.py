"""Results in tables: what the rows and columns are, and one effect for each value cell.

A table is read in one of three ways, told apart by its head row: columns are *arms* ("Placebo
(n = 63)") or *phases* ("before", "12 weeks") or *estimates* ("OR (95% CI)"); a last column "P"
belongs to its row. Where the row labels name groups and the columns outcomes, the two change
places. A table whose head says none of this yields nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from kg.assembly.arm_comparisons import with_sizes
from kg.assembly.arm_tables import find_arm_effects
from kg.assembly.cell_values import Value, parse_cell
from kg.assembly.context import Context
from kg.assembly.effects import EffectReading
from kg.assembly.estimate_tables import find_estimates
from kg.assembly.labels import stems, tidy
from kg.assembly.phrase import Phrase
from kg.assembly.sheet import open_sheet
from kg.assembly.table_labels import parse_p, unit_of, without_unit
from kg.assembly.words import CONTROL_WORDS, GROUP_WORDS, QUANTITY_WORDS
from kg.numbers.atoms import read_atoms
from kg.numbers.statistic import Statistic, shift
from kg.records import Direction, Measure
from kg.text import Block, Cell, Table

ColumnKind = Literal["label", "arm", "phase", "estimate", "p", "n", "note", "ci", "other"]

_P_HEAD = re.compile(r"^p(?:[\s-]*values?|[\s-]*trend|\s+for\s+\w+)?\W*$", re.IGNORECASE)
_PHASE_HEAD = re.compile(
    r"\b(before|after|baseline|pre-?(?:treatment|test|intervention)?|post-?(?:treatment|test|intervention)?|"
    r"follow-?up|initial|final|start|end|(?:day|week|month|year)\s*\d+|\d+\s*(?:days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
_FIRST_PHASE = re.compile(
    r"\b(before|baseline|pre|pretreatment|initial|start|(?:day|week|month|year)\s*0)\b",
    re.IGNORECASE,
)
_N_IN_HEAD = re.compile(r"\(?\bn\s*=\s*([\d ,.]+)\)?", re.IGNORECASE)
_NO_RESULT_TABLE = re.compile(r"\b(cost|price|food|brand|rda|ul|recommend\w*)\b|\$", re.IGNORECASE)
#: Heads of columns that say more about the row and hold no result.
_NOTE_HEAD = re.compile(
    r"\b(doses?|dosage|iu|author|reference|link|url|web|country|year|date|journal|source|type|notes?|comments?)\b",
    re.IGNORECASE,
)
_UNIT_IN_LABEL = re.compile(
    r"[(\[,]\s*([^()\[\],]*(?:/|%|\b(?:yr|years?|d|days?|h|hours?|kg|g|cm|mm\s?Hg|IU|score)\b)[^()\[\],]*)[)\]]?\s*$"
)
_COUNT_LABEL = re.compile(
    r",?\s*\b(?:n|no\.?|number)\s*,?\s*\(\s*%\s*\)|%\s*\(\s*n\s*\)|,\s*%|\(%\)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds; `label` is the head without its "(n = …)"."""

    kind: ColumnKind
    label: str
    place: tuple[int, int]
    n: int | None = None
    measure: Measure | None = None


def find_table_effects(context: Context) -> list[EffectReading]:
    """Return the results of every table of the annotation that may state evidence, row by row."""
    found: list[EffectReading] = []
    for index in sorted({s.block for s in context.annotation.sentences}):
        block = context.reading.blocks[index]
        if block.kind == "table" and block.table is not None and block.is_evidence:
            sheet = open_sheet(context, index, block.table)
            results = (find_arm_effects(sheet) or find_estimates(sheet)) if sheet else None
            found += _read(context, index, block, block.table) if results is None else results
    return with_sizes(found)


def _text(context: Context, cell: Cell) -> str:
    return context.reading.view.text[cell.start_char : cell.end_char].strip()


def _read(context: Context, index: int, block: Block, table: Table) -> Iterator[EffectReading]:
    if table.header_rows == 0 or len(table.rows) <= table.header_rows:
        return
    head = table.rows[table.header_rows - 1]
    body = [row for row in table.rows[table.header_rows :] if any(_text(context, c) for c in row)]
    columns = [
        _column(context, n, cell, [r[n] for r in body if n < len(r)]) for n, cell in enumerate(head)
    ]
    values = [c for c in columns if c.kind in ("arm", "phase", "estimate")]
    if not values or not body or any(_NO_RESULT_TABLE.search(c.label) for c in columns):
        return
    about = _surroundings(context, index)
    rows_are_groups = _rows_are_groups(context, head, body, columns)
    if len(values) == 1 and values[0].kind == "arm" and not rows_are_groups:
        return  # one column of numbers with no group named: a list, not a comparison
    for row in body:
        yield from _row(context, index, row, columns, about, rows_are_groups, head)


def _column(context: Context, n: int, cell: Cell, below: Sequence[Cell]) -> Column:
    label = _text(context, cell)
    place = (cell.start_char, cell.end_char)
    if n == 0:
        return Column("label", label, place)
    if _P_HEAD.match(label):
        return Column("p", label, place)
    if re.search(r"\b(?:CI|confidence intervals?)\b", label) and not any(
        a.kind == "MEASURE" for a in read_atoms(label)
    ):
        return Column("ci", label, place)
    if _NOTE_HEAD.search(label) and not re.search(
        r"\b(?:n\s*=|mean|median|change)", label, re.IGNORECASE
    ):
        return Column("note", label, place)
    texts = [t for c in below if (t := _text(context, c))]
    numeric = [t for t in texts if parse_cell(t) is not None]
    if not texts or len(numeric) < 0.6 * len(texts):
        return Column("other", label, place)
    size = _N_IN_HEAD.search(label)
    count = re.sub(r"\D", "", size[1]) if size else ""
    bare = tidy(_N_IN_HEAD.sub("", label))
    measures = [a.key for a in read_atoms(label) if a.kind == "MEASURE" and a.key]
    if measures:
        return Column("estimate", bare, place, measure=measures[0])  # type: ignore[arg-type]
    if re.fullmatch(r"n|no\.?|number|total", bare, re.IGNORECASE):
        return Column("n", bare, place)
    if _PHASE_HEAD.search(label):
        return Column("phase", bare, place)
    return Column("arm" if bare else "other", bare, place, int(count) if count else None)


def _surroundings(context: Context, index: int) -> str:
    """Return the text just before and after a table, where its caption and notes stand."""
    blocks, text = context.reading.blocks, context.reading.view.text
    near = [text[b.start_char : b.end_char] for b in blocks[max(0, index - 1) : index + 2]]
    return " ".join(piece if len(piece) < 600 else piece[-600:] for piece in near).lower()


def _rows_are_groups(
    context: Context,
    head: Sequence[Cell],
    body: Sequence[Sequence[Cell]],
    columns: Sequence[Column],
) -> bool:
    """Tell whether rows are arms and columns outcomes or phases, rather than the reverse."""
    if any(c.kind == "estimate" for c in columns):
        return False
    corner = set(_text(context, head[0]).lower().split())
    if corner & (GROUP_WORDS | {"status", "treatment", "intervention", "category"}):
        return True
    if any(c.kind == "phase" for c in columns) and not any(c.kind == "arm" for c in columns):
        labels = [_text(context, row[0]).lower() for row in body if row]
        return not any(_unit(t) or set(t.split()) & QUANTITY_WORDS for t in labels)
    return False


def _row(
    context: Context, index: int, row: Sequence[Cell], columns: Sequence[Column], about: str,
    rows_are_groups: bool, head: Sequence[Cell],
) -> Iterator[EffectReading]:  # fmt: skip
    label_cell = row[0]
    label = _text(context, label_cell)
    if not label or not stems(label):
        return
    p = next(
        (
            parse_p(_text(context, c))
            for c, col in zip(row, columns, strict=False)
            if col.kind == "p"
        ),
        None,
    )
    cells = [
        (cell, column, value)
        for cell, column in zip(row, columns, strict=False)
        if column.kind in ("arm", "phase", "estimate")
        and (value := parse_cell(_text(context, cell))) is not None
    ]
    intervals = _intervals(context, row, columns)
    reference: float | None = None
    for n, (cell, column, value) in enumerate(cells):
        at = (
            cell.start_char
            + len(context.reading.view.text[cell.start_char : cell.end_char])
            - len(context.reading.view.text[cell.start_char : cell.end_char].lstrip())
        )
        statistic = shift(value.statistic, at)
        measure, statistic = _measure(value, statistic, column, label, about)
        unit = _unit(label if not rows_are_groups else column.label)
        if measure == "percent":
            unit = "%"
        statistic = replace(statistic, unit=statistic.unit or unit, n=column.n)
        if p is not None and column.kind != "estimate":
            statistic = replace(statistic, p_operator=p[0], p_value=p[1], printed_p=p[2])  # type: ignore[arg-type]
        if column in intervals:
            low, high, level = intervals[column]
            statistic = replace(statistic, ci_low=low, ci_high=high, ci_level=level)
        group = _group_cell(row, columns) if rows_are_groups else None
        arm = None
        if column.kind == "arm" or rows_are_groups:
            arm = _phrase(context, group or Cell(*column.place))
        if arm is not None and group is not None:
            arm = replace(arm, label=_group_label(context, row, columns))
        outcome = _outcome(context, label, label_cell, column, rows_are_groups, about)
        is_reference = n == 0 and len(cells) > 1
        direction = _direction(statistic, p, reference, is_reference, column.kind)
        if is_reference or _control(column.label):
            reference = statistic.value if reference is None else reference
        comparator = None
        if arm is not None and not is_reference and column.kind == "arm" and not rows_are_groups:
            comparator = _phrase(context, Cell(*cells[0][1].place))
        yield EffectReading(
            statistic=statistic, measure=measure, direction=direction,
            sentence=(row[0].start_char, max(c.end_char for c in row)), block=index,
            outcome_label=outcome[0], outcome_place=outcome[1], intervention=arm, comparator=comparator,
            contrast="before_after" if column.kind == "phase" else ("between_groups" if comparator else "single_arm"),
            timepoint=column.label if column.kind == "phase" else None,
            significant=None if p is None else (p[1] < 0.05 and p[0] not in (">", ">=")), confidence=0.8,
        )  # fmt: skip


def _intervals(
    context: Context, row: Sequence[Cell], columns: Sequence[Column]
) -> dict[Column, tuple[float, float, float | None]]:
    """Return the interval of each value column that a column of intervals follows."""
    found: dict[Column, tuple[float, float, float | None]] = {}
    for (_, before), (cell, column) in pairwise(zip(row, columns, strict=False)):
        if column.kind != "ci":
            continue
        numbers = [
            a.value
            for a in read_atoms(_text(context, cell))
            if a.kind == "NUM" and a.value is not None
        ]
        if len(numbers) == 2:
            level = re.search(r"(\d{2}(?:\.\d+)?)\s*%", column.label)
            found[before] = (min(numbers), max(numbers), float(level[1]) if level else None)
    return found


def _group_cell(row: Sequence[Cell], columns: Sequence[Column]) -> Cell:
    """Return the stretch of a row that names its group: the label and the notes that follow it."""
    end = row[0].end_char
    for cell, column in zip(row[1:], columns[1:], strict=False):
        if column.kind != "note":
            break
        end = max(end, cell.end_char)
    return Cell(row[0].start_char, end)


def _group_label(context: Context, row: Sequence[Cell], columns: Sequence[Column]) -> str:
    """Return a row group's name: its label, and what the notes say with what their heads name.

    "Normal | 400 IU" under "Status | Vitamin D dose" is "Normal, Vitamin D 400 IU".
    """
    parts = [tidy(_text(context, row[0]))]
    for cell, column in zip(row[1:], columns[1:], strict=False):
        if column.kind != "note":
            break
        head = re.sub(r"\b(?:doses?|dosage|type)\b", "", column.label, flags=re.IGNORECASE).strip()
        parts.append(f"{head} {_text(context, cell)}".strip())
    return ", ".join(part for part in parts if part)


def _control(label: str) -> bool:
    return bool(set(label.lower().split()) & CONTROL_WORDS)


def _direction(
    s: Statistic,
    p: tuple[str, float, str] | None,
    reference: float | None,
    is_reference: bool,
    kind: str,
) -> Direction:
    if p is not None and (p[1] >= 0.05 or p[0] in (">", ">=")):
        return "no_difference"
    if is_reference or reference is None or s.value is None or (p is None and kind != "phase"):
        return "unclear"
    return (
        "increase"
        if s.value > reference
        else "decrease"
        if s.value < reference
        else "no_difference"
    )


def _measure(
    value: Value, s: Statistic, column: Column, label: str, about: str
) -> tuple[Measure, Statistic]:
    """Say what a cell's number is, from its form, its row's label and the table's notes."""
    if column.measure is not None:
        if value.form == "pair":
            s = replace(
                s, ci_low=s.iqr_low, ci_high=s.iqr_high, iqr_low=None, iqr_high=None, ci_level=95.0
            )
        return column.measure, s
    words = f"{label} {column.label}".lower()
    if value.form in ("percent", "fraction"):
        return "percent", s
    if value.form == "bracket":
        if _COUNT_LABEL.search(words) or (
            "n (%)" in about and s.value is not None and s.value.is_integer()
        ):
            return "percent", replace(
                s, value=s.sd, printed_value=value.second, events=int(s.value or 0), sd=None
            )
        return ("median" if "median" in words else "mean"), s
    if value.form == "pair":
        if "median" in words or "iqr" in about or "median" in about or "interquartile" in about:
            return "median", s
        return "mean", replace(s, ci_low=s.iqr_low, ci_high=s.iqr_high, iqr_low=None, iqr_high=None)
    if value.form == "plain" and (_COUNT_LABEL.search(words) or "%" in words or "percent" in words):
        return "percent", s
    return ("median" if "median" in words else "mean"), s


def _unit(label: str) -> str | None:
    found = _UNIT_IN_LABEL.search(label)
    if not found:
        return unit_of(label)
    return None if "%" in found[1] and "n" in found[1].lower() else found[1].strip()


def _outcome(
    context: Context, label: str, cell: Cell, column: Column, rows_are_groups: bool, about: str
) -> tuple[str, tuple[int, int]]:
    if not rows_are_groups:
        counted = _COUNT_LABEL.sub("", label)
        found = _UNIT_IN_LABEL.search(counted)
        bare = tidy(counted[: found.start()] if found else without_unit(counted)) or label
        bare = context.names.as_spelt(bare)
        return context.names.written_out(bare, cell.start_char), (cell.start_char, cell.end_char)
    bare = tidy(_PHASE_HEAD.sub("", column.label)) if column.kind == "phase" else column.label
    return context.names.as_spelt(bare or column.label), column.place


def _phrase(context: Context, cell: Cell) -> Phrase:
    raw = tidy(_N_IN_HEAD.sub("", _text(context, cell)))
    return Phrase(
        cell.start_char,
        cell.end_char,
        context.names.written_out(raw, cell.start_char),
        raw,
        -1,
        0,
        0,
        0,
        (0.0,) * 5,
    )
