"""Populations, conditions, interventions, comparators and outcomes: the learned tagger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.assembly.annotation import MentionLabel
from kg.components.mentions.patterns import FOREIGN_LABELS, SPANS
from kg.components.sentences.component import sentences_of
from kg.components.tokenizer.component import find_tokens
from kg.tagging.context import DocumentContext, heading_kind, section_kind
from kg.tagging.mentions import MentionTagger
from kg.text import Block, Reading

KIND_BY_LABEL: dict[str, MentionLabel] = {
    "population": "population", "condition": "condition", "intervention": "intervention",
    "comparator": "comparator", "outcome": "outcome",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MentionContext:
    """What the tagger may know of a document beyond the block it reads."""

    document: DocumentContext

    @classmethod
    def of(cls, reading: Reading) -> MentionContext:
        """Collect the context of a document from its evidence blocks."""
        text = reading.view.text
        counts: Counter[str] = Counter()
        title = reading.document.title or ""
        for block in reading.evidence_blocks():
            piece = text[block.start_char : block.end_char]
            counts.update(piece[a:b].lower() for a, b in find_tokens(piece))
        words = frozenset(title[a:b].lower() for a, b in find_tokens(title))
        return cls(DocumentContext(words, counts))

    def attach(self, doc: Doc, block: Block) -> None:
        """Hand the context to the component, through the ``Doc`` of a block."""
        doc._.kg_context = self.document
        doc._.kg_section = section_kind(block.section)


@lru_cache(maxsize=4)
def _tagger(models: str | None) -> MentionTagger:
    return MentionTagger() if models is None else MentionTagger(Path(models))


@Language.factory(
    "kg_mentions",
    default_config={"models": None},
    requires=["doc.sents", "token.tag"],
    assigns=["doc.spans"],
)
class Mentions:
    """Find mentions: writes ``doc.spans["mentions"]`` and ``span._.kg_score`` (0 to 1).

    Reads tags and sentences, and the document's context where :class:`MentionContext` gave one.
    ``models`` is the folder of other models than the packaged ones.
    """

    def __init__(self, nlp: Language, name: str = "kg_mentions", models: str | None = None) -> None:
        self.name = name
        self.models = models
        for extension, default in (("kg_context", None), ("kg_section", "")):
            if not Doc.has_extension(extension):
                Doc.set_extension(extension, default=default)
        if not Span.has_extension("kg_score"):
            Span.set_extension("kg_score", default=1.0)

    def __call__(self, doc: Doc) -> Doc:
        found: list[Span] = []
        context = doc._.kg_context or _own_context(doc)
        section = doc._.kg_section
        text = doc.text
        for sentence in sentences_of(doc):
            section = heading_kind(text[sentence.start_char : sentence.end_char]) or section
            tags = [doc[index].tag_ for index in sentence.indexes]
            for item in _tagger(self.models).tag(
                sentence.words, tags, sentence.glued, context, section
            ):
                first, last = sentence.indexes[item.first], sentence.indexes[item.last - 1] + 1
                span = Span(doc, first, last, label=item.label)
                span._.kg_score = item.score
                found.append(span)
        doc.spans[SPANS] = _with_foreign(doc, found)
        return doc


def _own_context(doc: Doc) -> DocumentContext:
    """Return the context that a ``Doc`` gives by itself."""
    return DocumentContext(frozenset(), Counter(token.lower_ for token in doc))


def _with_foreign(doc: Doc, found: list[Span]) -> list[Span]:
    """Add the entities of the user's own model where they overlap no mention of ours."""
    taken = {token.i for span in found for token in span}
    for entity in doc.ents:
        label = FOREIGN_LABELS.get(entity.label_.upper())
        if label and not any(token.i in taken for token in entity):
            found.append(Span(doc, entity.start, entity.end, label=label))
    return sorted(found, key=lambda span: (span.start, span.end))
