"""Parts of speech and base noun phrases, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from spacy.attrs import TAG
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from kg.components.phrases.patterns import LABEL, SPANS
from kg.components.sentences.component import SentenceTokens, sentences_of
from kg.components.tokenizer.component import indexes_of, span_of
from kg.tagging.parts_of_speech import TAGS, PartOfSpeechTagger
from kg.tagging.phrases import Unit, find_units, group_units


@lru_cache(maxsize=1)
def _tagger() -> PartOfSpeechTagger:
    return PartOfSpeechTagger()


class TaggedTokens(NamedTuple):
    """What was found in a sentence."""

    tags: list[str]  # of its tokens
    units: list[Unit]
    phrases: list[tuple[int, int]]  # of its tokens: first, last (excluded)


def tag_sentences(sentences: Sequence[SentenceTokens]) -> list[TaggedTokens]:
    """Return the tags of the words of sentences, and how they group."""
    found: list[TaggedTokens] = []
    tagged = _tagger().tag_all([sentence.words for sentence in sentences])
    for (_, _, words, _, glued), tags in zip(sentences, tagged, strict=True):
        units = find_units(words, tags, glued)
        found.append(TaggedTokens(tags, units, group_units(units, words, glued)))
    return found


@Language.factory("kg_phrases", requires=["doc.sents"], assigns=["token.tag", "doc.spans"])
class Phrases:
    """Tag words and group them: writes ``token.tag_`` and ``doc.spans["phrases"]``.

    What :func:`tag_sentences` says is kept for the next components (:func:`tagged_of`).
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
        tagged = iter(tag_sentences([sentence for doc in docs for sentence in sentences_of(doc)]))
        for doc in docs:
            sentences = sentences_of(doc)
            kept = doc.user_data[_KEY] = list(islice(tagged, len(sentences)))
            strings = doc.vocab.strings
            numbers = {tag: strings.add(tag) for tag in TAGS}
            column = np.zeros((len(doc), 1), np.uint64)
            column[indexes_of(doc), 0] = [numbers[tag] for told in kept for tag in told.tags]
            doc.from_array([TAG], column)  # type: ignore[arg-type]
            doc.spans[SPANS] = [
                span_of(doc, sentence.starts[first], sentence.end_of(last - 1), LABEL)
                for sentence, told in zip(sentences, kept, strict=True)
                for first, last in told.phrases
            ]


_KEY = "kg_tagged"


def tagged_of(doc: Doc) -> list[TaggedTokens]:
    """Return what :class:`Phrases` found in each sentence."""
    found: list[TaggedTokens] = doc.user_data[_KEY]
    return found
