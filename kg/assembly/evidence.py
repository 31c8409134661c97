"""The numbers of a document: read block by block, set beside the words that surround them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.assembly.annotation import Annotation
from kg.assembly.context import Context
from kg.assembly.told import find_told
from kg.numbers import read_numbers
from kg.numbers.statistic import (
    DoseReading,
    NumberNotice,
    NumbersRead,
    RegimenReading,
    Statistic,
    shift,
)
from kg.text import Reading

Place = tuple[int, int]


def read_evidence(reading: Reading, rows: Sequence[Place] = ()) -> NumbersRead:
    """Read the numbers of the blocks that may state evidence, each block by itself.

    Of tables, and of the `rows` of run-together ones (view offsets), only the doses are read here:
    their results are read by row and column.
    """
    statistics: list[Statistic] = []
    doses: list[DoseReading] = []
    notices: list[NumberNotice] = []
    regimens: list[RegimenReading] = []
    group = dose_group = 0
    for block in reading.evidence_blocks():
        at = block.start_char
        found = read_numbers(reading.view.text[at : block.end_char])
        for s in () if block.kind == "table" else found.statistics:
            if not _inside(at + s.start_char, rows):
                statistics.append(shift(s, at, group))
        for d in found.doses:
            doses.append(shift(d, at, dose_group))
        if block.kind != "table":
            regimens.extend(shift(r, at) for r in found.regimens)
        notices.extend(
            replace(n, start_char=n.start_char + at, end_char=n.end_char + at)
            for n in found.notices
        )
        group += 1 + max((s.group or 0 for s in found.statistics), default=0)
        dose_group += 1 + max((d.group or 0 for d in found.doses), default=0)
    return NumbersRead(tuple(statistics), tuple(doses), tuple(notices), tuple(regimens))


def _inside(at_char: int, places: Sequence[Place]) -> bool:
    return any(start <= at_char < end for start, end in places)


def make_context(
    reading: Reading, annotation: Annotation, numbers: NumbersRead, rows: Sequence[Place] = (),
    title: str | None = None,
) -> Context:  # fmt: skip
    """Return the context in which numbers are linked: those read, and results told in words.

    `title` is the study's own; without it the document's counts.
    """
    tables = frozenset(k for k, b in enumerate(reading.blocks) if b.kind == "table")
    told = list(find_told(annotation, numbers.statistics, tables))
    told = [s for s in told if not _inside(s.start_char, rows)]
    statistics = sorted([*numbers.statistics, *told], key=lambda s: (s.start_char, s.end_char))
    return Context(reading, annotation, statistics, title)
