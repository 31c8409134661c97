"""Cut text into tokens that numbers, units and signs never share."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.components.tokenizer.patterns import TOKEN


def find_tokens(text: str) -> list[tuple[int, int]]:
    """Return the tokens of a text as offsets, left to right; white space belongs to none.

    Examples
    --------
    >>> [text[a:b] for text in ["RR 0.84,95%CI"] for a, b in find_tokens(text)]
    ['RR', '0.84', ',', '95', '%', 'CI']
    """
    return [match.span() for match in TOKEN.finditer(text)]


class ClinicalTokenizer:
    """The tokenizer of the pipeline: ``nlp.tokenizer = ClinicalTokenizer(nlp.vocab)``.

    White space other than one blank behind a token becomes a token of its own, as in spaCy, so
    that ``doc.text`` is the text that came in.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for start, end in find_tokens(text):
            _add_gap(text[at:start], words, spaces)
            words.append(text[start:end])
            spaces.append(False)
            at = end
        _add_gap(text[at:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: the tokenizer has no state of its own."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> ClinicalTokenizer:
        """Return the tokenizer itself: it has no state of its own."""
        return self

    def to_disk(self, _: object, **__: object) -> None:
        """Write nothing: the tokenizer has no state of its own."""

    def from_disk(self, _: object, **__: object) -> ClinicalTokenizer:
        """Return the tokenizer itself: it has no state of its own."""
        return self


def _add_gap(gap: str, words: list[str], spaces: list[bool]) -> None:
    if gap and words and not spaces[-1] and gap[0] == " ":
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)
