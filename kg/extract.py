"""From a document as read to its record: the one function that runs every step of extraction."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from spacy.language import Language

from kg.assembly.annotation import Annotation
from kg.assembly.assemble import assemble
from kg.assembly.component_effects import find_component_effects
from kg.assembly.context import Context
from kg.assembly.effects import EffectReading, find_effects
from kg.assembly.recommendations import find_recommendations
from kg.assembly.studies import find_studies
from kg.assembly.tables import find_table_effects
from kg.assembly.told import find_told
from kg.numbers import read_numbers
from kg.numbers.statistic import NumbersRead
from kg.pipeline import annotate, make_nlp
from kg.records import Record
from kg.text import Reading

#: Changes whenever the same document may give another record; rebuilds what was built before.
VERSION = "1"


class Extractor:
    """Turns readings into records; made once a process, keeps nothing between two documents.

    Parameters
    ----------
    model
        Name of the tagger, or of an installed spaCy or scispaCy pipeline; ``None`` for the
        packaged one.
    """

    def __init__(self, model: str | None = None) -> None:
        self.nlp: Language = make_nlp(model)

    def __call__(self, reading: Reading) -> Record:
        """Return the record of a document."""
        annotation = annotate(self.nlp, reading)
        numbers = read_evidence(reading)
        context = make_context(reading, annotation, numbers)
        studies = find_studies(reading)
        effects: list[EffectReading] = [*find_effects(context), *find_table_effects(context)]
        effects += find_component_effects(context, studies, effects)
        recommendations = find_recommendations(annotation.sentences, numbers.doses)
        return assemble(reading, annotation, context, numbers, studies, effects, recommendations)


@cache
def make_extractor(model: str | None = None) -> Extractor:
    """Return this process's extractor."""
    return Extractor(model)


def read_evidence(reading: Reading) -> NumbersRead:
    """Read the numbers of the blocks that may state evidence, each block by itself."""
    statistics, doses, notices = [], [], []
    group = dose_group = 0
    for block in reading.evidence_blocks():
        if block.kind == "table":
            continue
        at = block.start_char
        found = read_numbers(reading.view.text[at : block.end_char])
        for s in found.statistics:
            statistics.append(shift(s, at, group))
        for d in found.doses:
            doses.append(shift(d, at, dose_group))
        notices.extend(
            replace(n, start_char=n.start_char + at, end_char=n.end_char + at) for n in found.notices
        )
        group += 1 + max((s.group or 0 for s in found.statistics), default=0)
        dose_group += 1 + max((d.group or 0 for d in found.doses), default=0)
    return NumbersRead(tuple(statistics), tuple(doses), tuple(notices))


def shift(item, by: int, group: int):  # type: ignore[no-untyped-def]
    """Return a number reading with its offsets moved and its group number made the document's."""
    moved = {
        name: value + by
        for name in item.__dataclass_fields__
        if name.endswith(("_start", "_end", "_char")) and (value := getattr(item, name)) is not None
    }
    if item.group is not None:
        moved["group"] = item.group + group
    return replace(item, **moved)


def make_context(reading: Reading, annotation: Annotation, numbers: NumbersRead) -> Context:
    """Return the context in which numbers are linked: those read, and results told in words."""
    tables = frozenset(k for k, b in enumerate(reading.blocks) if b.kind == "table")
    told = find_told(annotation, numbers.statistics, tables)
    statistics = sorted([*numbers.statistics, *told], key=lambda s: (s.start_char, s.end_char))
    return Context(reading, annotation, statistics)
