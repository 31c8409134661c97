r"""Bounds of what patterns see: no stretch of white space and no "word" of a view is endless.

Thousands of spaces, or a megabyte of letters, are no prose. Where a pattern begins with ``\s*`` or
``\w+`` they would cost the square of their length, for it is tried at each of their characters.
With these bounds it costs at most the bound for each. The text itself stays as it is: a long gap is
shown shorter, a long word with a space within.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import replace

from kg.readers.blocks import Layout, RawBlock
from kg.text import Cell, Table, View

LONGEST_GAP = 16  # characters of white space
LONGEST_WORD = 300  # characters without any; sentences of Chinese have some 100
_ENDLESS = re.compile(rf"\s{{{LONGEST_GAP}}}(?P<gap>\s+)|\S{{{LONGEST_WORD}}}(?=\S)")


def bound_text(text: str) -> str:
    """Return a text with long gaps cut short and long words parted."""
    pieces = []
    at = 0
    for start, end, shown in _edits(text):
        pieces += [text[at:start], shown]
        at = end
    return "".join([*pieces, text[at:]]) if at else text


def bound_layout(layout: Layout) -> Layout:
    """Return a layout with long gaps cut short and long words parted in its view."""
    edits = _edits(layout.view.text)
    if not edits:
        return layout
    view = layout.view
    starts, ends = array("I"), array("I")
    at = 0
    for start, end, shown in edits:
        starts.extend(view.starts[at:start])
        ends.extend(view.ends[at:start])
        for _ in shown:  # stands for nothing in the source
            starts.append(view.ends[start - 1])
            ends.append(view.ends[start - 1])
        at = end
    starts.extend(view.starts[at:])
    ends.extend(view.ends[at:])
    moved = _Moved(edits)
    return replace(
        layout,
        view=View(bound_text(view.text), starts, ends),
        blocks=[moved.block(block) for block in layout.blocks],
    )


def _edits(text: str) -> list[tuple[int, int, str]]:
    """Return what is to be replaced: offsets, and what is shown there."""
    sizes = [len(word) for word in text.split()]
    blanks = len(text) - sum(sizes)
    if max(sizes, default=0) <= LONGEST_WORD and blanks < len(sizes) + LONGEST_GAP - 1:
        return []  # with one blank behind each word, too few are left for a long gap
    return [
        (found.start("gap"), found.end(), "") if found["gap"] else (found.end(), found.end(), " ")
        for found in _ENDLESS.finditer(text)
    ]


class _Moved:
    """Says where offsets are after edits."""

    def __init__(self, edits: list[tuple[int, int, str]]) -> None:
        self._starts = [start for start, _, _ in edits]
        self._ends = [end for _, end, _ in edits]
        self._shifts = [0]
        for start, end, shown in edits:
            self._shifts.append(self._shifts[-1] + len(shown) - (end - start))

    def start(self, offset: int) -> int:
        """Return where a stretch begins that began at `offset`."""
        return self._behind(offset, bisect_right(self._ends, offset))

    def end(self, offset: int) -> int:
        """Return where a stretch ends that ended at `offset`."""
        return self._behind(offset, bisect_left(self._ends, offset))

    def _behind(self, offset: int, done: int) -> int:
        if done < len(self._starts):
            offset = min(offset, self._starts[done])  # within what is taken out
        return offset + self._shifts[done]

    def block(self, block: RawBlock) -> RawBlock:
        links = tuple((self.start(a), self.end(b), target) for a, b, target in block.links)
        table = None if block.table is None else self._table(block.table)
        return block.moved(self.start(block.start), self.end(block.end), links=links, table=table)

    def _table(self, table: Table) -> Table:
        rows = tuple(
            tuple(self._cell(cell.start_char, cell.end_char) for cell in row) for row in table.rows
        )
        caption = table.caption and (self.start(table.caption[0]), self.end(table.caption[1]))
        return replace(table, rows=rows, caption=caption)

    def _cell(self, start: int, end: int) -> Cell:
        start = self.start(start)
        return Cell(
            start, max(start, self.end(end))
        )  # an empty one may stand where a word is parted
