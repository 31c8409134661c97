"""Putting a document's text together from the parts of a structured file.

The text is what a person would read: title, authors, citation, sections with their headings, tables
with a tab between cells. Every stretch is noted with the element it came from, so that
``document.source_map`` leads from an offset back into the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.errors import DocumentError
from kg.readers.bounds import bound_text
from kg.readers.language import detect_language
from kg.readers.viewing import ViewBuilder
from kg.records import Document, Section, content_id
from kg.text import Block, BlockKind, Cell, Reading, Table, View

_PMID = re.compile(r"(?<![0-9])[0-9]{1,9}(?![0-9])")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SUSPECT = re.compile(
    "[\u00ad\u200b-\u200d\u2060\ufeff\ufb00-\ufb06\u00c2\u00c3\u00e2\u00ef\u00ce\u00cf\u00c4\u00c5\u00cb]"
)


def fold(text: str) -> str:
    """Return a text with runs of white space as one space, and what is garbled or invisible mended.

    What is no prose is bounded: see :mod:`kg.readers.bounds`.
    """
    text = _SPACES.sub(" ", CONTROL.sub("", text)).strip()
    if _SUSPECT.search(text):
        builder = ViewBuilder(text)
        builder.show(0, len(text))
        text = builder.build().text
    return bound_text(text)


@dataclass(frozen=True, slots=True)
class GridCell:
    """A table cell as its file has it; `columns` and `rows` are how far it spans."""

    text: str
    columns: int = 1
    rows: int = 1
    is_head: bool = False
    source: str | None = None


@dataclass(slots=True)
class Publication:
    """What a file says of the publication a document is; the fields of :class:`Document`."""

    title: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    registry_ids: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    journal: str | None = None
    year: int | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


class Assembler:
    """Collects the blocks of one document from top to bottom; use it once.

    ``source`` of each part is the place in the file: an XPath, a JSON pointer, a line or a column.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._map: list[dict[str, Any]] = []
        self._caption: tuple[int, int] | None = None  # of the table that follows

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added."""
        return not self._blocks

    @property
    def last_block(self) -> int | None:
        """Index of the block added last."""
        return len(self._blocks) - 1 if self._blocks else None

    def section_of(self, block: int) -> str:
        """Return the section of a block."""
        return self._blocks[block].section

    def _add(self, text: str) -> int:
        """Append a stretch two lines below what is there; return its offset."""
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start

    def _note(self, start: int, end: int, source: str | None) -> None:
        if source is not None and end > start:
            self._map.append({"start_char": start, "end_char": end, "source": source})

    def add(
        self,
        text: str,
        section: str,
        *,
        source: str | None = None,
        kind: BlockKind = "paragraph",
        level: int = 0,
        lead: int | None = None,
        is_caption: bool = False,
    ) -> None:
        """Add a heading, paragraph, item or table's caption; white space alone adds nothing."""
        text = fold(text)
        if not text:
            return
        start = self._add(text)
        self._note(start, start + len(text), source)
        self._blocks.append(
            Block(kind, start, start + len(text), section, level, lead if kind == "item" else None)
        )
        self._caption = (start, start + len(text)) if is_caption else None

    def add_table(
        self,
        grid: Sequence[Sequence[GridCell]],
        section: str,
        *,
        header_rows: int | None = None,
        source: str | None = None,
    ) -> None:
        """Add a table; a cell that spans is at each of its places, once in the text."""
        placed = _place(grid)
        if not placed or max(len(row) for row in placed) < 2:
            for row in grid:
                self.add(" ".join(c.text for c in row), section, source=source)
            return
        pieces: list[str] = []
        at = self._length + (2 if self._parts else 0)
        cells: dict[int, Cell] = {}
        sources: list[tuple[int, int, str]] = []
        rows: list[tuple[Cell, ...]] = []
        for number, row in enumerate(placed):
            if number:
                pieces.append("\n")
                at += 1
            made: list[Cell] = []
            first = True
            for cell in row:
                if id(cell) not in cells:
                    if not first:
                        pieces.append("\t")
                        at += 1
                    first = False
                    text = fold(cell.text)
                    pieces.append(text)
                    cells[id(cell)] = Cell(at, at + len(text))
                    if cell.source is not None:
                        sources.append((at, at + len(text), cell.source))
                    at += len(text)
                made.append(cells[id(cell)])
            rows.append(tuple(made))
        text = "".join(pieces)
        if not text.strip():
            return
        heads = 0
        if header_rows is None:
            while heads < len(placed) - 1 and all(cell.is_head for cell in placed[heads]):
                heads += 1
        else:
            heads = min(header_rows, len(placed) - 1)
        start = self._add(text)
        self._note(start, start + len(text), source)
        for begin, end, place in sources:
            self._note(begin, end, place)
        table = Table(tuple(rows), heads or min(1, len(rows) - 1), self._caption)
        self._blocks.append(Block("table", start, start + len(text), section, table=table))

    def finish(
        self,
        data: bytes,
        path: str,
        format: str,
        publication: Publication,
        metadata: dict[str, object] | None = None,
    ) -> Reading:
        """Return the document.

        Raises
        ------
        DocumentError
            If nothing was added.
        """
        if self.is_empty:
            raise DocumentError(path, "holds no text: neither a title nor an abstract nor a body")
        text = "".join(self._parts)
        known = publication
        pmid = _PMID.search(known.pmid or "")
        blocks = tuple(self._blocks)
        language = known.language or detect_language(text[:20_000])
        sha256 = hashlib.sha256(data).hexdigest()
        document = Document(
            id=content_id("doc", sha256),
            path=path,
            sha256=sha256,
            format=format,
            text=text,
            title=known.title,
            doi=known.doi,
            pmid=pmid[0] if pmid else None,
            pmcid=known.pmcid,
            registry_ids=tuple(dict.fromkeys(known.registry_ids)),
            authors=tuple(known.authors),
            journal=known.journal,
            year=known.year,
            published=known.published,
            url=known.url,
            language=language,
            sections=_sections(blocks),
            source_map=tuple(sorted(self._map, key=lambda m: (m["start_char"], -m["end_char"]))),
        )
        return Reading(document, View.identity(text), blocks, metadata or {})


def _sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    found: list[Section] = []
    for block in blocks:
        if found and found[-1].name == block.section:
            found[-1] = found[-1].model_copy(update={"end_char": block.end_char})
        else:
            found.append(
                Section(name=block.section, start_char=block.start_char, end_char=block.end_char)
            )
    return tuple(found)


#: A table is not made wider or longer than this by its spans.
_MOST = 2_000


def _place(grid: Sequence[Sequence[GridCell]]) -> list[list[GridCell]]:
    """Lay cells out by their spans: each row as wide as its columns, spanned places repeated."""
    waiting: dict[int, tuple[int, GridCell]] = {}  # column: rows to go
    rows: list[list[GridCell]] = []
    for row in grid[:_MOST]:
        laid: list[GridCell] = []
        left = list(row)
        while left or any(column >= len(laid) for column in waiting):
            column = len(laid)
            if column in waiting:
                to_go, cell = waiting.pop(column)
                laid.append(cell)
                if to_go > 1:
                    waiting[column] = (to_go - 1, cell)
            elif left:
                cell = left.pop(0)
                for _ in range(max(1, min(cell.columns, _MOST))):
                    if cell.rows > 1:
                        waiting[len(laid)] = (min(cell.rows, _MOST) - 1, cell)
                    laid.append(cell)
            else:
                laid.append(GridCell(""))
            if len(laid) >= _MOST:
                break
        if any(cell.text.strip() for cell in laid):
            rows.append(laid)
    return rows
