"""A table as its readers share it: grid, caption, what its rows are, columns of estimates."""

from __future__ import annotations

from functools import cached_property

from kg.assembly.context import Context
from kg.assembly.table_estimates import EstimateColumn, find_columns
from kg.assembly.table_grid import Grid, read_grid
from kg.assembly.table_labels import SUBGROUPS, are_studies, without_notes
from kg.text import Cell, Table

_MOST_ROWS = 200
_CAPTION = 500  # characters of a block before a table that may be its caption
_BACK = 2  # blocks before a table that are looked at


class Sheet:
    """The table of a block.

    Attributes
    ----------
    caption
        Place of its caption in the view, or of the short block above it; ``None`` where there is neither.
    captioned
        Whether the caption is one of its own.
    """

    def __init__(self, context: Context, index: int, table: Table, grid: Grid) -> None:
        self.context, self.index, self.grid = context, index, grid
        self.view = context.reading.view.text
        self.captioned = table.caption is not None
        self.caption = table.caption or self._above()

    def text(self, cell: Cell) -> str:
        """Return what a cell holds, its blanks made one."""
        return _shown(self.view, cell)

    def stub(self, cell: Cell) -> str:
        """Return what a row is called, marks of notes left out."""
        return without_notes(self.text(cell))

    @cached_property
    def caption_text(self) -> str:
        """The caption, empty where there is none."""
        return self.view[slice(*self.caption)] if self.caption else ""

    @cached_property
    def corner(self) -> str:
        """What stands above the names of the rows."""
        return " ".join(head.text for head in self.grid.heads[0])

    @cached_property
    def has_studies(self) -> bool:
        """Whether the rows are studies of a synthesis."""
        return are_studies(self.corner, [self.stub(row[0]) for row in self.grid.rows])

    @cached_property
    def has_subgroups(self) -> bool:
        """Whether the rows are subgroups of the people."""
        return SUBGROUPS.search(self.corner) is not None

    @cached_property
    def estimates(self) -> list[EstimateColumn]:
        """The columns of ratios and differences."""
        return list(find_columns(self.grid, self.text))

    def _above(self) -> tuple[int, int] | None:
        blocks = self.context.reading.blocks
        for block in reversed(blocks[max(0, self.index - _BACK) : self.index]):
            if block.kind == "table":
                return None
            if block.end_char - block.start_char < _CAPTION:
                return block.start_char, block.end_char
        return None


def open_sheet(context: Context, index: int, table: Table) -> Sheet | None:
    """Return the table of a block, ``None`` if it has no rows below heads or too many to be one of results."""
    view = context.reading.view.text
    grid = read_grid(table, lambda cell: _shown(view, cell))
    return (
        None if grid is None or len(grid.rows) > _MOST_ROWS else Sheet(context, index, table, grid)
    )


def _shown(view: str, cell: Cell) -> str:
    return " ".join(view[cell.start_char : cell.end_char].split())
