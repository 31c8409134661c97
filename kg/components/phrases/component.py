"""Parts of speech and base noun phrases, sentence by sentence."""

from __future__ import annotations

from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.components.phrases.patterns import LABEL, SPANS
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
        for sentence in doc.sents:
            tokens = [token for token in sentence if not token.is_space]
            words = [token.text for token in tokens]
            tags = tagger.tag(words)
            glued = []
            end = -1
            for token, tag in zip(tokens, tags, strict=True):
                token.tag_ = tag
                glued.append(token.idx == end)
                end = token.idx + len(token)
            for first, last in find_phrases(words, tags, glued):
                found.append(Span(doc, tokens[first].i, tokens[last - 1].i + 1, label=LABEL))
        doc.spans[SPANS] = found
        return doc
