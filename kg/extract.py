"""From a document as read to its record: the one function that runs every step of extraction."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from spacy.language import Language

from kg.assembly.annotation import Annotation
from kg.assembly.assemble import assemble
from kg.assembly.component_effects import find_component_effects
from kg.assembly.components import component_places
from kg.assembly.effects import EffectReading, find_effects
from kg.assembly.evidence import read_evidence
from kg.assembly.excerpts import is_excerpt
from kg.assembly.phrase import MENTION_KINDS
from kg.assembly.recommendations import find_recommendations
from kg.assembly.scopes import make_contexts
from kg.assembly.studies import find_studies
from kg.assembly.tables import find_table_effects
from kg.assembly.told_effects import tell
from kg.pipeline import OWN_MODELS, annotate, make_nlp
from kg.records import Record
from kg.statistics.checks import check_record
from kg.statistics.derived import derive
from kg.tagging.encoder import find_encoder
from kg.tagging.marking import ALONE, WHOLE, mark
from kg.tagging.second_opinion import EncoderScores
from kg.terminology.layers import load_grounder
from kg.terminology.linking import link_record
from kg.terminology.senses import Sense, Senses
from kg.text import Reading


class Extractor:
    """Turns readings into records; made once a process, keeps nothing between two documents.

    Parameters
    ----------
    layers, linker
        What grounds besides the packaged lexicon (:func:`kg.terminology.layers.load_grounder`).
    model
        ``None`` for the packaged models; ``"fast"`` for those of them that need no encoder (also
        what is used where onnxruntime is missing); else the name of an installed spaCy or scispaCy
        pipeline, whose entities then join the mentions.
    """

    def __init__(
        self,
        model: str | None = None,
        layers: tuple[Path, ...] = (),
        linker: str | None = None,
    ) -> None:
        self.nlp: Language = make_nlp(model)
        self.encoder = None if model == "fast" else find_encoder()
        self.marks = model in OWN_MODELS
        self.grounder = load_grounder(layers, linker)

    def __call__(self, reading: Reading) -> Record:
        """Return the record of a document."""
        studies = find_studies(reading)
        rows = component_places(studies)
        annotation = annotate(self.nlp, reading)
        numbers = read_evidence(reading, rows)
        encoded = None if self.encoder is None else self.encoder.read(reading, annotation)
        scores = None if encoded is None else EncoderScores(encoded)
        alone = encoded is not None and is_excerpt(reading)
        marks = mark(encoded, annotation, ALONE if alone else WHOLE) if self.marks else ()
        if self.marks and alone:  # what is said once is named as it is marked
            names = tuple(m for m in marks if m.kind in MENTION_KINDS and m.kind != "condition")
            annotation = replace(annotation, mentions=names)
        contexts = make_contexts(reading, annotation, numbers, studies, rows)
        if self.marks:
            annotation = replace(annotation, mentions=marks)
        effects: list[EffectReading] = []
        for context in contexts.values():
            effects += tell(context, find_effects(context, scores), scores)
            effects += find_table_effects(context)
        effects += find_component_effects(contexts, studies, effects)
        recommendations = find_recommendations(annotation.sentences, numbers.doses)
        record = assemble(reading, annotation, contexts, numbers, studies, effects, recommendations)
        record = link_record(record, find_senses(reading, annotation), self.grounder)
        return derive(check_record(record))


def find_senses(reading: Reading, annotation: Annotation) -> Senses:
    """Return what the short forms of a document stand for, by places of its text."""
    senses = []
    for item in annotation.abbreviations:
        start, _ = reading.view.to_source(item.start_char, item.start_char + 1)
        senses.append(Sense(item.short, item.long, start))
    return Senses(senses, reading.document.sections)


@cache
def make_extractor(
    model: str | None = None, layers: tuple[Path, ...] = (), linker: str | None = None
) -> Extractor:
    """Return this process's extractor."""
    return Extractor(model, layers, linker)
