"""Populations, conditions, interventions, comparators and outcomes: the learned tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from kg.assembly.annotation import MentionLabel
from kg.components.mentions.patterns import FOREIGN_LABELS, SPANS
from kg.components.phrases.component import tagged_of
from kg.components.sentences.component import sentences_of
from kg.components.tokenizer.component import find_tokens, text_of, tokens_of
from kg.tagging.context import DocumentContext, heading_kind, section_kind
from kg.tagging.mention_scores import TaggerSentence
from kg.tagging.mentions import Chances, MentionTagger
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
    def of(cls, reading: Reading, docs: Iterable[Doc]) -> MentionContext:
        """Collect the context of a document from the ``Doc``s of its evidence blocks."""
        title = reading.document.title or ""
        counts = Counter(word.lower() for doc in docs for word in tokens_of(doc).words)
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
            Span.set_extension("kg_score", getter=_score)

    def __call__(self, doc: Doc) -> Doc:
        self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 1000) -> Iterator[Doc]:
        """Yield the documents of a stream, a batch of them tagged at once."""
        batches: Iterable[list[Doc]] = minibatch(stream, batch_size)  # type: ignore[no-untyped-call]
        for batch in batches:
            self._annotate(batch)
            yield from batch

    def _annotate(self, docs: Sequence[Doc]) -> None:
        items = [item for doc in docs for item in _sentences(doc)]
        mentions, chances = _tagger(self.models).tag_all(items)
        tagged = iter(mentions)
        seen = 0
        for doc in docs:
            size = sum(len(sentence.words) for sentence in sentences_of(doc))
            doc.user_data[_CHANCES] = chances[seen : seen + size]
            seen += size
            found: list[FoundMention] = []
            for sentence in sentences_of(doc):
                for item in next(tagged):
                    last = item.last - 1
                    end = sentence.starts[last] + len(sentence.words[last])
                    found.append(
                        FoundMention(
                            sentence.indexes[item.first], sentence.indexes[last] + 1,
                            sentence.starts[item.first], end, item.label, item.score,
                        )
                    )  # fmt: skip
            found = _with_foreign(doc, _with_one_score(found))
            doc.spans[SPANS] = [Span(doc, m.first, m.last, label=m.label) for m in found]
            doc.user_data[_KEY] = found


class FoundMention(NamedTuple):
    """A mention: token numbers and code points (ends excluded), label, score (0 to 1)."""

    first: int
    last: int
    start_char: int
    end_char: int
    label: str
    score: float


_KEY, _CHANCES = "kg_mentions", "kg_chances"


def mentions_of(doc: Doc) -> list[FoundMention]:
    """Return the mentions that :class:`Mentions` found."""
    found: list[FoundMention] = doc.user_data[_KEY]
    return found


def chances_of(doc: Doc) -> Chances:
    """Return how likely each word of the sentences is what (:data:`kg.tagging.mentions.CHANCES`)."""
    found: Chances = doc.user_data[_CHANCES]
    return found


def _score(span: Span) -> float:
    """Return the score of a mention; 1 for any other span."""
    place = (span.start, span.end, span.label_)
    found = span.doc.user_data.get(_KEY, ())
    return next((m.score for m in found if (m.first, m.last, m.label) == place), 1.0)


def _sentences(doc: Doc) -> Iterator[TaggerSentence]:
    """Yield the sentences of a document with all that the tagger may know of them."""
    context = doc._.kg_context or _own_context(doc)
    section = doc._.kg_section
    text = text_of(doc)
    for sentence, tagged in zip(sentences_of(doc), tagged_of(doc), strict=True):
        section = heading_kind(text[sentence.start_char : sentence.end_char]) or section
        yield TaggerSentence(
            sentence.words, tagged.tags, sentence.glued, context, section, tagged.units
        )


def _own_context(doc: Doc) -> DocumentContext:
    """Return the context that a ``Doc`` gives by itself."""
    return DocumentContext(frozenset(), Counter(token.lower_ for token in doc))


def _with_one_score(found: list[FoundMention]) -> list[FoundMention]:
    """Give mentions of the same words one score, that of the last: so the linking models learned it."""
    scores = {(mention.first, mention.last): mention.score for mention in found}
    return [mention._replace(score=scores[mention.first, mention.last]) for mention in found]


def _with_foreign(doc: Doc, found: list[FoundMention]) -> list[FoundMention]:
    """Add the entities of the user's own model where they overlap no mention of ours."""
    if doc.has_annotation("ENT_IOB"):  # asking for the entities themselves looks at every token
        taken = {k for mention in found for k in range(mention.first, mention.last)}
        found = [*found, *_foreign(doc, taken)]
    return sorted(found, key=lambda mention: (mention.first, mention.last))


def _foreign(doc: Doc, taken: set[int]) -> Iterator[FoundMention]:
    for entity in doc.ents:
        label = FOREIGN_LABELS.get(entity.label_.upper())
        if label and taken.isdisjoint(range(entity.start, entity.end)):
            yield FoundMention(
                entity.start, entity.end, entity.start_char, entity.end_char, label, 1.0
            )
