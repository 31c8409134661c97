"""Cut text into tokens that numbers, units and signs never share."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq
from typing import NamedTuple

from spacy.tokens import Doc, Span
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


class Tokens(NamedTuple):
    """The tokens of a text, side by side."""

    words: Sequence[str]
    starts: Sequence[int]  # code points
    glued: Sequence[bool]  # whether no white space is before it


def tokenize(text: str) -> Tokens:
    """Return the tokens of a text."""
    spans = find_tokens(text)
    starts = [start for start, _ in spans]
    before = [-1, *(end for _, end in spans)]
    return Tokens([text[a:b] for a, b in spans], starts, list(map(eq, starts, before)))


_KEY, _TEXT = "kg_tokens", "kg_text"


def text_of(doc: Doc) -> str:
    """Return the text of a ``Doc``, which spaCy would put together from its tokens each time."""
    kept: str | None = doc.user_data.get(_TEXT)
    if kept is None:
        kept = doc.user_data[_TEXT] = doc.text
    return kept


def tokens_of(doc: Doc) -> Tokens:
    """Return the tokens of a ``Doc`` that are no white space; :class:`ClinicalTokenizer` has kept them."""
    kept: Tokens | None = doc.user_data.get(_KEY)
    if kept is None:
        found = [doc[k] for k in indexes_of(doc)]
        starts = [token.idx for token in found]
        before = [-1, *(token.idx + len(token) for token in found)]
        words = [token.text for token in found]
        kept = doc.user_data[_KEY] = Tokens(words, starts, list(map(eq, starts, before)))
    return kept


def indexes_of(doc: Doc) -> list[int]:
    """Return the numbers of the tokens that are no white space."""
    return [token.i for token in doc if not token.is_space]


def span_of(doc: Doc, start: int, end: int, label: str) -> Span:
    """Return a stretch of a ``Doc``, whole tokens, by its code points."""
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    assert span is not None  # nothing but places outside has none
    return span


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
        tokens = tokenize(text)
        at = 0
        for word, start in zip(tokens.words, tokens.starts, strict=True):
            _add_gap(text[at:start], words, spaces)
            words.append(word)
            spaces.append(False)
            at = start + len(word)
        _add_gap(text[at:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces, user_data={_KEY: tokens, _TEXT: text})

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
    if words and gap[:1] == " " and not spaces[-1]:
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)
