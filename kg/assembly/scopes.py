"""What one study of a document is told in: its own blocks, and no name of its neighbours'.

A page may report several studies one after another, and say much beside them. The arms, outcomes and
numbers of a study are sought in its own blocks alone, as if they were the whole document. A page that
retells studies in words of its own, a few sentences each, says once for all of them what was given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from kg.assembly.annotation import Annotation, Chunk, TaggedMention, Token
from kg.assembly.context import Context
from kg.assembly.evidence import Place, make_context
from kg.assembly.study_reading import StudyReading
from kg.numbers.statistic import NumbersRead
from kg.text import Reading

Stretch = TypeVar("Stretch", Token, Chunk, TaggedMention)


def make_contexts(
    reading: Reading, annotation: Annotation, numbers: NumbersRead, studies: Sequence[StudyReading],
    rows: Sequence[Place] = (),
) -> dict[int, Context]:  # fmt: skip
    """Return the context of each report among the studies, by its index; components share their parent's."""
    reports = {k: study for k, study in enumerate(studies) if study.kind == "report"}
    everywhere = {sentence.block for sentence in annotation.sentences}
    of_all = everywhere.difference(*(study.blocks for study in reports.values()))
    return {
        k: make_context(
            reading, within(annotation, {*study.blocks, *(of_all if study.is_retold else ())}), numbers, rows, study.title,
        )
        for k, study in reports.items()
    }  # fmt: skip


def within(annotation: Annotation, blocks: Collection[int]) -> Annotation:
    """Return what an annotation says of some blocks (indexes into ``reading.blocks``).

    Abbreviations stay: each has the stretch in which it holds.
    """
    wanted = frozenset(blocks)
    kept = tuple(s for s in annotation.sentences if s.block in wanted)
    if len(kept) == len(annotation.sentences):
        return annotation
    bare = replace(annotation, sentences=kept)
    tokens, chances = _inside(bare, annotation.tokens), annotation.chances
    return replace(
        bare,
        tokens=tuple(annotation.tokens[n] for n in tokens),
        mentions=tuple(annotation.mentions[n] for n in _inside(bare, annotation.mentions)),
        chunks=tuple(annotation.chunks[n] for n in _inside(bare, annotation.chunks)),
        chances=None if chances is None else chances[tokens],
    )


def _inside(annotation: Annotation, items: Sequence[Stretch]) -> list[int]:
    """Return which stretches begin in a sentence of an annotation."""
    return [
        n for n, item in enumerate(items) if annotation.sentence_at(item.start_char) is not None
    ]
