"""Parts of speech and base noun phrases, sentence by sentence."""

from __future__ import annotations

from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.components.phrases.patterns import LABEL, SPANS
from kg.components.sentences.component import sentences_of
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.phrases import find_phrases


@lru_cache(maxsize=1)
def _tagger() -> PartOfSpeechTagger:
    return PartOfSpeechTagger()


@Language.factory("kg_phrases", requires=["doc.sents"], assigns=["token.tag", "doc.spans"])
class Phrases:
    """Tag words and group them: writes ``token.tag_`` and ``doc.spans["phrases"]``."""

    def __init__(self, nlp: Language, name: str = "kg_phrases") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        found: list[Span] = []
        tagger = _tagger()
        for sentence in sentences_of(doc):
            tags = tagger.tag(sentence.words)
            for index, tag in zip(sentence.indexes, tags, strict=True):
                doc[index].tag_ = tag
            for first, last in find_phrases(sentence.words, tags, sentence.glued):
                start, end = sentence.indexes[first], sentence.indexes[last - 1] + 1
                found.append(Span(doc, start, end, label=LABEL))
        doc.spans[SPANS] = found
        return doc
