"""Studies that a synthesis lists: rows of its table, entries of its references, names in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.assembly.flat_tables import MAX_GAP, FlatRow, has_rows, read_flat_table
from kg.assembly.study_columns import BEFORE, NOT_STATED, PHASED, Column, head_kind, read_count
from kg.assembly.study_reading import CellReading, PopulationReading, StudyReading
from kg.records import Design
from kg.text import Cell, Reading, Table

#: Designs that report other studies.
_LISTING: frozenset[Design] = frozenset(
    {"meta-analysis", "systematic review", "review", "guideline"}
)
_NAMED = re.compile(
    r"\bthe\s+(?P<name>(?:[A-Z][\w-]*[A-Z\d][\w-]*)(?:[ -][A-Z\d][\w-]*){0,2})\s+(?P<what>study|trial|cohort)"
    r"\s+(?:has\s+|have\s+|also\s+)?(?:demonstrated|showed|shown|found|reported|observed|revealed|concluded|suggested)\b"
)
_ENTRY_KIND = re.compile(r"(?:Research|Study|Clinical Trial|Trial)$")
_ENTRY_SOURCE = re.compile(r"(?P<journal>[A-Z][^\d]{3,90}?),?\s+(?P<year>(?:19|20)\d\d)\W*$")
_AUTHOR_YEAR = re.compile(
    r"^\W*(?P<author>[A-Z][^\d()\[\]]{1,40}?)(?:\s+et\.? al\.?)?[,.\s(\[]*(?P<year>(?:19|20)\d\d)?[a-d]?\W*(?:\[?\d{0,3}\]?)\W*$"
)


def find_components(reading: Reading, study: StudyReading, parent: int) -> list[StudyReading]:
    """Return the component studies that the blocks of a study list, in text order.

    `parent` is the index of `study` among the document's studies.
    """
    if study.design not in _LISTING:
        return []
    found: list[StudyReading] = []
    text = reading.view.text
    for index in study.blocks:
        block = reading.blocks[index]
        if block.table is not None:
            found.extend(_of_table(text, block.table, index))
        elif block.kind != "heading" and has_rows(text, block.start_char, block.end_char):
            rest = text[: block.start_char] + " " + text[block.end_char :]
            rows = read_flat_table(text, block.start_char, block.end_char, rest)
            found.extend(_of_row(text, row, index) for row in rows)
        if not found:
            found.extend(_named(text, block.start_char, block.end_char, index))
    found.extend(_references(reading, study))
    for component in found:
        component.kind, component.parent = "component", parent
    return found


def component_places(studies: Sequence[StudyReading]) -> list[tuple[int, int]]:
    """Return the stretches that the rows of component studies cover, in text order.

    Their numbers are read by column; running text's grammar should pass over them. A stretch
    reaches from the heads, or the first row, to the end of the last row; offsets are those of the
    view, end excluded. Components that a text merely names cover nothing.
    """
    rows = sorted(
        (*s.label_span, _start_with_heads(s))
        for s in studies
        if s.kind == "component" and s.blocks and s.label_span
    )
    places: list[tuple[int, int]] = []
    for start, end, first in rows:
        if places and start - places[-1][1] <= MAX_GAP:
            places[-1] = (min(first, places[-1][0]), max(end, places[-1][1]))
        else:
            places.append((first, end))
    return places


def _start_with_heads(row: StudyReading) -> int:
    """Return where a row begins, or the first head over one of its values."""
    assert row.label_span is not None
    return min([row.label_span[0], *(c.column_start for c in row.cells)])


def _of_row(text: str, row: FlatRow, block: int) -> StudyReading:
    component = StudyReading(blocks=(block,), label_span=(row.start_char, row.end_char))
    for cell in row.cells:
        _fill(text, component, cell.column, cell.start_char, cell.end_char)
    _finish(text, component, row.start_char)
    return component


def _fill(text: str, component: StudyReading, column: Column, start: int, end: int) -> None:
    """Enter one cell into a component study."""
    content = text[start:end].strip()
    if not content or (NOT_STATED.fullmatch(content) and column.kind != "study"):
        return
    if column.kind == "study":
        match = _AUTHOR_YEAR.match(content)
        component.authors = ((match["author"].strip(" .,") if match else content),)
        if match and match["year"]:
            component.year = int(match["year"])
    elif column.kind == "year":
        component.year = int(re.sub(r"\D", "", content)[:4] or 0) or None
    elif column.kind == "n":
        component.n_participants, component.n_evidence = read_count(content), (start, end)
    elif column.kind == "disease":
        component.disease = content
    elif column.kind == "dose":
        component.dose = (start, end)
    elif column.kind == "country":
        component.countries = (content,)
    elif column.kind == "outcome":
        component.cells.extend(_values(text, column, start, end))


def _values(text: str, column: Column, start: int, end: int) -> Iterator[CellReading]:
    for match in PHASED.finditer(text, start, end):
        group = "value" if match["phase"] else "bare"
        phase = None
        if match["phase"]:
            phase = "before" if match["phase"].lower() in BEFORE else "after"
        yield CellReading(
            column.name, column.start_char, column.end_char, "before" if phase == "before" else
            "after" if phase else None, *match.span(group),
        )  # fmt: skip


def _finish(text: str, component: StudyReading, start: int) -> None:
    """Name the component and its participants."""
    author = component.authors[0] if component.authors else "study"
    component.label = f"{author} {component.year}" if component.year else author
    if component.n_participants is not None and component.n_evidence is not None:
        label = f"{component.disease} patients" if component.disease else "participants"
        component.populations = [
            PopulationReading(
                label, start, component.n_evidence[1], component.n_participants, component.disease
            )
        ]


def _of_table(text: str, table: Table, block: int) -> list[StudyReading]:
    """Read a table whose heads name studies and their size or year."""
    if not table.rows or not table.header_rows:
        return []
    heads = table.rows[table.header_rows - 1]
    columns = [_column(text, cell) for cell in heads]
    kinds = {c.kind for c in columns if c}
    if (
        "study" not in kinds
        or not kinds & {"n", "year", "dose"}
        or len(table.rows) - table.header_rows < 2
    ):
        return []
    found = []
    for row in table.rows[table.header_rows :]:
        if len(row) != len(columns) or not _is_study(text, row, columns):
            continue
        start, end = row[0].start_char, max(c.end_char for c in row)
        component = StudyReading(blocks=(block,), label_span=(start, end))
        for column, cell in zip(columns, row, strict=True):
            if column is not None:
                _fill(text, component, column, cell.start_char, cell.end_char)
        _finish(text, component, start)
        found.append(component)
    return found


def _column(text: str, cell: Cell) -> Column | None:
    name = text[cell.start_char : cell.end_char].strip()
    kind = head_kind(name) if name else None
    if not name:
        return None
    return Column(kind or "outcome", name, cell.start_char, cell.end_char)


def _is_study(text: str, row: tuple[Cell, ...], columns: list[Column | None]) -> bool:
    """Whether a row names a study: an author, with a year in the same cell or in its own."""
    named = dated = False
    for column, cell in zip(columns, row, strict=True):
        content = text[cell.start_char : cell.end_char]
        if column and column.kind == "study":
            match = _AUTHOR_YEAR.match(content.strip())
            named, dated = bool(match), bool(match and match["year"]) or dated
        elif column and column.kind == "year":
            dated = dated or bool(re.search(r"(?:19|20)\d\d", content))
    return named and dated


def _named(text: str, start: int, end: int, block: int) -> Iterator[StudyReading]:
    """Yield studies that the text names with what they found: "the B-ABLE study demonstrated …"."""
    for match in _NAMED.finditer(text, start, end):
        component = StudyReading(blocks=(), label_span=match.span("name"))
        component.label = f"{match['name']} {match['what']}"
        yield component


def _references(reading: Reading, study: StudyReading) -> Iterator[StudyReading]:
    """Yield entries of a reference list that say they are research: kind, title, journal with year."""
    if study.design != "guideline":
        return
    text = reading.view.text
    blocks = [b for b in reading.blocks if b.section == "references"]
    lines = []
    for block in blocks:
        for match in re.finditer(r"[^\n]+", text[block.start_char : block.end_char]):
            lines.append((block.start_char + match.start(), match.group().strip()))
    for (_, kind), (place, title), (_, source) in zip(lines, lines[1:], lines[2:], strict=False):
        origin = _ENTRY_SOURCE.match(source)
        if origin and _ENTRY_KIND.match(kind) and len(title.split()) >= 3:
            component = StudyReading(blocks=(), title=title, label=title)
            component.title_span = component.label_span = (place, place + len(title))
            component.journal, component.year = origin["journal"].strip(" ,."), int(origin["year"])
            yield component
