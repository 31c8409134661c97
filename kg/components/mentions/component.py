"""Populations, conditions, interventions, comparators and outcomes: the learned tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from kg.assembly.annotation import MentionLabel
from kg.components.mentions.patterns import FOREIGN_LABELS, SPANS
from kg.components.phrases.component import TaggedTokens, tagged_of
from kg.components.sentences.component import SentenceTokens, sentences_of
from kg.components.tokenizer.component import find_tokens, span_of, text_of, tokens_of
from kg.tagging.context import DocumentContext, heading_kind
from kg.tagging.mention_scores import TaggerSentence
from kg.tagging.mentions import Chances, MentionTagger

KIND_BY_LABEL: dict[str, MentionLabel] = {
    "population": "population", "condition": "condition", "intervention": "intervention",
    "comparator": "comparator", "outcome": "outcome",
}  # fmt: skip


#: An entity that the user's own model found: code points (end excluded) and its label.
Entity = tuple[int, int, str]


class Passage(NamedTuple):
    """A text in sentences, where it stands, and what another model found in it."""

    text: str
    sentences: Sequence[SentenceTokens]
    tagged: Sequence[TaggedTokens]
    context: DocumentContext
    section: str = ""
    entities: Sequence[Entity] = ()


class FoundMention(NamedTuple):
    """A mention: code points (end excluded), label, score (0 to 1)."""

    start_char: int
    end_char: int
    label: str
    score: float


@lru_cache(maxsize=4)
def _tagger(models: str | None) -> MentionTagger:
    return MentionTagger() if models is None else MentionTagger(Path(models))


def find_mentions(
    passages: Sequence[Passage], models: str | None = None
) -> tuple[list[list[FoundMention]], Chances]:
    """Return the mentions of each passage in order of place, and how likely each word is what.

    `models` is the folder of other models than the packaged ones.
    """
    found: list[list[FoundMention]] = []
    items = [item for passage in passages for item in _sentences(passage)]
    mentions, chances = _tagger(models).tag_all(items)
    tagged = iter(mentions)
    for passage in passages:
        own = [
            FoundMention(
                sentence.starts[item.first], sentence.end_of(item.last - 1), item.label, item.score
            )
            for sentence in passage.sentences
            for item in next(tagged)
        ]
        found.append(_with_foreign(_with_one_score(own), passage.entities))
    return found, chances


@Language.factory(
    "kg_mentions",
    default_config={"models": None},
    requires=["doc.sents", "token.tag"],
    assigns=["doc.spans"],
)
class Mentions:
    """Find mentions: writes ``doc.spans["mentions"]`` and ``span._.kg_score`` (0 to 1).

    Reads tags, sentences and the entities of other components; each ``Doc`` is a document of its own.
    ``models`` is the folder of other models than the packaged ones.
    """

    def __init__(self, nlp: Language, name: str = "kg_mentions", models: str | None = None) -> None:
        self.name = name
        self.models = models
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
        passages = [
            Passage(
                text_of(doc), sentences_of(doc), tagged_of(doc),
                context_of("", [tokens_of(doc).words]), entities=entities_of(doc),
            )
            for doc in docs
        ]  # fmt: skip
        for doc, found in zip(docs, find_mentions(passages, self.models)[0], strict=True):
            doc.spans[SPANS] = [span_of(doc, m.start_char, m.end_char, m.label) for m in found]
            doc.user_data[_KEY] = found


_KEY = "kg_mentions"


def _score(span: Span) -> float:
    """Return the score of a mention; 1 for any other span."""
    place = (span.start_char, span.end_char, span.label_)
    return next((m.score for m in span.doc.user_data.get(_KEY, ()) if m[:3] == place), 1.0)


def entities_of(doc: Doc) -> list[Entity]:
    """Return the entities of a ``Doc``."""
    return [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def context_of(title: str, texts: Iterable[Sequence[str]]) -> DocumentContext:
    """Return what the tagger may know of a document: its title, and the words of its texts."""
    words = frozenset(title[a:b].lower() for a, b in find_tokens(title))
    return DocumentContext(words, Counter(map(str.lower, chain.from_iterable(texts))))


def _sentences(passage: Passage) -> Iterator[TaggerSentence]:
    """Yield the sentences of a passage with all that the tagger may know of them."""
    section = passage.section
    for sentence, tagged in zip(passage.sentences, passage.tagged, strict=True):
        section = heading_kind(passage.text[sentence.start_char : sentence.end_char]) or section
        yield TaggerSentence(
            sentence.words, tagged.tags, sentence.glued, passage.context, section, tagged.units
        )


def _with_one_score(found: list[FoundMention]) -> list[FoundMention]:
    """Give mentions of the same words one score, that of the last: so the linking models learned it."""
    scores = {mention[:2]: mention.score for mention in found}
    if len(scores) == len(found):
        return found
    return [mention._replace(score=scores[mention[:2]]) for mention in found]


def _with_foreign(found: list[FoundMention], entities: Sequence[Entity]) -> list[FoundMention]:
    """Add the entities of the user's own model where they overlap no mention of ours."""
    taken = {k for start, end, *_ in found for k in range(start, end)} if entities else set()
    for start, end, name in entities:
        label = FOREIGN_LABELS.get(name.upper())
        if label and taken.isdisjoint(range(start, end)):
            found.append(FoundMention(start, end, label, 1.0))
    return sorted(found, key=lambda mention: mention[:2])
