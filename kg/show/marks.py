"""Which stretches of a text are marked, and as what; marks may overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.describe import items_of
from kg.records import Record
from kg.text import NO_EVIDENCE

#: Kinds of marks, the strongest first: where marks overlap, the first gives the colour.
KINDS = (
    "missed", "claimed",
    "effect", "dose", "regimen", "recommendation", "outcome", "intervention", "population", "arm", "study",
    "notice", "mention", "sentence", "no evidence",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and the item that it is evidence of (``""`` for none)."""

    start_char: int
    end_char: int
    kind: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch over which the same marks hold, strongest first."""

    start_char: int
    end_char: int
    marks: tuple[Mark, ...]


def find_marks(record: Record) -> list[Mark]:
    """Return the marks of all that was read from a document."""
    marks: list[Mark] = []
    for item in items_of(record):
        *context, last = item.evidence or (None,)
        for span in context:
            if span is not None and span != last:
                marks.append(Mark(span.start_char, span.end_char, "sentence", item.id))
        if last is not None:
            marks.append(Mark(last.start_char, last.end_char, item.kind, item.id))
    for number, notice in enumerate(record.notices):
        for span in notice.evidence:
            marks.append(Mark(span.start_char, span.end_char, "notice", f"notice-{number}"))
    for mention in record.mentions:
        marks.append(Mark(mention.start_char, mention.end_char, "mention"))
    for section in record.document.sections:
        if section.name in NO_EVIDENCE:
            marks.append(Mark(section.start_char, section.end_char, "no evidence"))
    return marks


def cut(length: int, marks: Iterable[Mark]) -> Iterator[Segment]:
    """Cut a text into segments at every border of a mark; together they are the whole text."""
    starts: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for mark in dict.fromkeys(marks):
        if mark.start_char < mark.end_char:
            starts.setdefault(mark.start_char, []).append(mark)
            ends.setdefault(mark.end_char, []).append(mark)
    open_marks: dict[Mark, None] = {}
    before = 0
    for border in sorted({*starts, *ends, length}):
        if border > before:
            ranked = sorted(open_marks, key=lambda mark: (_RANK[mark.kind], mark.start_char))
            yield Segment(before, border, tuple(ranked))
        for mark in ends.get(border, ()):
            del open_marks[mark]
        open_marks.update(dict.fromkeys(starts.get(border, ())))
        before = border
