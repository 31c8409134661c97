"""Parts of speech and base noun phrases, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from spacy.attrs import TAG
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from kg.components.phrases.patterns import LABEL, SPANS
from kg.components.sentences.component import sentences_of
from kg.tagging.parts_of_speech import TAGS, PartOfSpeechTagger
from kg.tagging.phrases import Unit, find_units, group_units


@lru_cache(maxsize=1)
def _tagger() -> PartOfSpeechTagger:
    return PartOfSpeechTagger()


@dataclass(frozen=True, slots=True)
class TaggedTokens:
    """What :class:`Phrases` found in a sentence, in plain data."""

    tags: list[str]  # of the tokens that are no white space
    units: list[Unit]
    phrases: list[tuple[int, int]]  # of the sentence's tokens: first, last (excluded)


@Language.factory("kg_phrases", requires=["doc.sents"], assigns=["token.tag", "doc.spans"])
class Phrases:
    """Tag words and group them: writes ``token.tag_`` and ``doc.spans["phrases"]``.

    The same in plain data, sentence by sentence, is kept for the next components
    (:func:`tagged_of`).
    """

    def __init__(self, nlp: Language, name: str = "kg_phrases") -> None:
        self.name = name

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
        sentences = [sentence for doc in docs for sentence in sentences_of(doc)]
        tagged = iter(_tagger().tag_all([sentence.words for sentence in sentences]))
        for doc in docs:
            strings = doc.vocab.strings
            numbers = {tag: strings.add(tag) for tag in TAGS}
            column = np.zeros((len(doc), 1), np.uint64)
            found: list[Span] = []
            kept: list[TaggedTokens] = []
            for sentence in sentences_of(doc):
                tags = next(tagged)
                units = find_units(sentence.words, tags, sentence.glued)
                phrases = group_units(units, sentence.words, sentence.glued)
                kept.append(TaggedTokens(tags, units, phrases))
                indexes = sentence.indexes
                column[list(indexes), 0] = [numbers[tag] for tag in tags]
                found += [
                    Span(doc, indexes[first], indexes[last - 1] + 1, label=LABEL)
                    for first, last in phrases
                ]
            doc.from_array([TAG], column)  # type: ignore[arg-type]
            doc.spans[SPANS] = found
            doc.user_data[_KEY] = kept


_KEY = "kg_tagged"


def tagged_of(doc: Doc) -> list[TaggedTokens]:
    """Return what :class:`Phrases` found in each sentence."""
    found: list[TaggedTokens] = doc.user_data[_KEY]
    return found
