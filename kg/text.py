"""Looking at a source text without altering it.

A *view* is what an extractor reads: the source with markup taken out and entities resolved, each
of its characters mapped back to the characters of the source that it stands for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kg.records import Document, Span

#: Section names whose text states no evidence of the document's own and yields no effects.
NO_EVIDENCE = frozenset({
    "front_matter", "navigation", "see_also", "references", "authors", "copyright", "disclaimer",
    "advertising", "personalization", "editor_comments", "duplicate", "citation", "comments",
    "acknowledgements",
})  # fmt: skip

BlockKind = Literal["heading", "paragraph", "item", "table"]


@dataclass(frozen=True, slots=True)
class View:
    """A cleaned text whose every character knows its place in the source.

    ``text[i]`` stands for ``source[starts[i]:ends[i]]``; an inserted separator has
    ``starts[i] == ends[i]``.
    """

    text: str
    starts: array[int]
    ends: array[int]

    @classmethod
    def identity(cls, text: str) -> View:
        """Return the view of a text that needs no cleaning."""
        return cls(text, array("I", range(len(text))), array("I", range(1, len(text) + 1)))

    def to_source(self, start_char: int, end_char: int) -> tuple[int, int]:
        """Return the source offsets of the view's ``text[start_char:end_char]`` (not empty).

        Where cells were written over several lines, a view shows their lines in another order than
        the source; then it is the shortest stretch that holds them all.
        """
        start, end = self.starts[start_char], self.ends[end_char - 1]
        if end < start:
            return min(self.starts[start_char:end_char]), max(self.ends[start_char:end_char])
        return start, end


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell, in view offsets; an empty cell has equal offsets."""

    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells in view offsets, the first `header_rows` of them heads."""

    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1
    caption: tuple[int, int] | None = None  # view offsets


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the view that is read by itself: a heading, a paragraph, an item, a table.

    ``section`` is the name of the section it lies in (``results``, ``see_also`` …). An ``item``
    belongs to the list that the block before it opened when ``lead`` is that block's index.
    """

    kind: BlockKind
    start_char: int
    end_char: int
    section: str
    level: int = 0  # heading level, 0 elsewhere
    lead: int | None = None
    table: Table | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether the block may state results of a study."""
        return self.section not in NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read: the record, the view that extractors work on, and its blocks in order."""

    document: Document
    view: View
    blocks: tuple[Block, ...]
    metadata: dict[str, object] = field(
        default_factory=dict
    )  # front matter and the like, as parsed
    #: Spans made before: an effect's sentence is that of many others.
    _spans: dict[tuple[int, int], Span] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def span(self, start_char: int, end_char: int) -> Span:
        """Return the span of the source text for a stretch of the view, white space trimmed."""
        known = self._spans.get((start_char, end_char))
        if known is None:
            known = self._spans[start_char, end_char] = self._span(start_char, end_char)
        return known

    def _span(self, start_char: int, end_char: int) -> Span:
        start, end = self.place(start_char, end_char)
        return Span(start_char=start, end_char=end, text=self.document.text[start:end])

    def place(self, start_char: int, end_char: int) -> tuple[int, int]:
        """Return the offsets in the source of a stretch of the view, white space trimmed."""
        text = self.view.text
        while start_char < end_char and text[start_char].isspace():
            start_char += 1
        while end_char > start_char and text[end_char - 1].isspace():
            end_char -= 1
        return self.view.to_source(start_char, end_char)

    def evidence_blocks(self) -> Iterator[Block]:
        """Yield the blocks that may state results."""
        return (block for block in self.blocks if block.is_evidence)
