"""Tables: cells of pipe, wiki and HTML tables written to a view, spanning cells repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.readers.inline import InlineWriter
from kg.readers.markup import Atom
from kg.readers.viewing import ViewBuilder
from kg.text import Cell, Table

_SPAN_LIMIT = 100
#: Longer than this on average, cells hold prose that a page was arranged with.
_PROSE_CELL = 1200
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")


def split_wiki_rows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of a wiki table, what stands between its double bars.

    They are one a line, or, where a converter doubled the line ends, one a paragraph.
    """
    doubled = bool(_BLANK_LINE.search(text, start, end))
    separator = _BLANK_LINE if doubled else re.compile(r"\r?\n")
    at = start
    for found in separator.finditer(text, start, end):
        if text[at : found.start()].strip():
            yield at, found.start()
        at = found.end()
    if text[at:end].strip():
        yield at, end


class TableWriter:
    """Collects the rows and cells of one table at a time."""

    def __init__(self, builder: ViewBuilder, inline: InlineWriter) -> None:
        self._builder = builder
        self._inline = inline
        self._depth = 0
        self.in_cell = False

    @property
    def is_open(self) -> bool:
        """Whether a table has begun."""
        return self._depth > 0

    def begin(self) -> None:
        """Begin a table."""
        self._depth = 1
        self._rows: list[list[tuple[Cell, bool]]] = []
        self._pending: dict[int, tuple[int, Cell, bool]] = {}  # column: rows to go, cell, is head
        self._row: list[tuple[Cell, bool]] | None = None
        self._start = len(self._builder)
        self._head = False
        self._cell_start = 0
        self._spans = (1, 1)
        self._is_head = False
        self.in_cell = False

    def enter(self) -> None:
        """Enter a table within a cell; its cells are text of that cell."""
        self._depth += 1
        self._gap(self._inline.source_end)

    def leave(self) -> bool:
        """Leave the innermost table; return whether it was the outermost."""
        if self._depth > 1:
            self._depth -= 1
            return False
        return self._depth == 1

    def tag(self, name: str, closing: bool, atom: Atom) -> None:
        """Obey a block tag within the table."""
        if self._depth > 1 or name not in ("tr", "td", "th", "thead", "tbody", "tfoot", "caption"):
            self._gap(atom.start)
        elif name in ("thead", "tbody", "tfoot"):
            self.end_row()
            self._head = name == "thead" and not closing
        elif name == "caption":
            self.end_row()
        elif name == "tr":
            self.end_row()
            if not closing:
                self.row(atom.end)
        elif closing:
            self.end_cell()
        else:
            self.cell(atom.end, atom.attributes, is_head=name == "th")

    def _gap(self, at_char: int) -> None:
        if self.in_cell and len(self._builder) > self._cell_start:
            self._inline.separate(" ", at_char)

    def row(self, at_char: int) -> None:
        """Begin a row."""
        self.end_row()
        self._row = []
        if len(self._builder) > self._start:
            self._builder.insert("\n", at_char)

    def cell(self, at_char: int, attributes: str = "", *, is_head: bool = False) -> None:
        """Begin a cell."""
        self.end_cell()
        if self._row is None:
            self.row(at_char)
        assert self._row is not None
        self._fill()
        if self._row:
            self._builder.insert("\t", at_char)
        self._cell_start = len(self._builder)
        self._spans = (_span(attributes, "colspan"), _span(attributes, "rowspan"))
        self._is_head = is_head or self._head
        self.in_cell = True
        self._restart()

    def _restart(self) -> None:
        links, bold = self._inline.links, self._inline.bold_count
        self._inline.begin()
        self._inline.links, self._inline.bold_count = links, bold

    def end_cell(self) -> None:
        """End the cell, if one has begun."""
        if not self.in_cell or self._row is None:
            return
        self.in_cell = False
        cell = Cell(*self._inline.trimmed(self._cell_start))
        columns, rows = self._spans
        for _ in range(columns):
            if rows > 1:
                self._pending[len(self._row)] = (rows - 1, cell, self._is_head)
            self._row.append((cell, self._is_head))

    def end_row(self) -> None:
        """End the row, if one has begun."""
        self.end_cell()
        if self._row is not None:
            self._fill()
            if self._row:
                self._rows.append(self._row)
            self._row = None

    def _fill(self) -> None:
        """Repeat the cells of rows above that reach down to this place."""
        assert self._row is not None
        while (waiting := self._pending.pop(len(self._row), None)) is not None:
            rows, cell, is_head = waiting
            if rows > 1:
                self._pending[len(self._row)] = (rows - 1, cell, is_head)
            self._row.append((cell, is_head))

    def finish(self) -> tuple[int, int, Table | None, list[tuple[int, int]]]:
        """Return start, end, the table and the stretches of its cells.

        The table is ``None`` where cells only arrange text on a page, or there is no text.
        """
        self.end_row()
        self._depth = 0
        start, end = self._inline.trimmed(self._start)
        rows = [row for row in self._rows if any(c.end_char > c.start_char for c, _ in row)]
        cells = sorted(
            {
                (cell.start_char, cell.end_char)
                for row in rows
                for cell, _ in row
                if cell.end_char > cell.start_char
            }
        )
        if len(cells) < 2 or max(len(row) for row in rows) < 2:
            return start, end, None, cells
        if sum(b - a for a, b in cells) / len(cells) > _PROSE_CELL:
            return start, end, None, cells
        heads = 0
        while heads < len(rows) - 1 and all(is_head for _, is_head in rows[heads]):
            heads += 1
        table = Table(
            tuple(tuple(cell for cell, _ in row) for row in rows),
            header_rows=heads or min(1, len(rows) - 1),
        )
        return start, end, table, cells


def _span(attributes: str, name: str) -> int:
    found = re.search(rf"\b{name}\s*=\s*[\"']?\s*(\d{{1,3}})", attributes, re.IGNORECASE)
    return min(max(int(found[1]), 1), _SPAN_LIMIT) if found else 1
