"""Cut text into tokens that numbers, units and signs never share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

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


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a ``Doc`` that are no white space, in plain data."""

    words: tuple[str, ...]
    starts: tuple[int, ...]  # code points
    indexes: tuple[int, ...]  # token numbers
    glued: tuple[bool, ...]  # whether no white space is before it


_KEY, _TEXT = "kg_tokens", "kg_text"


def text_of(doc: Doc) -> str:
    """Return the text of a ``Doc``, which spaCy would put together from its tokens each time."""
    kept: str | None = doc.user_data.get(_TEXT)
    if kept is None:
        kept = doc.user_data[_TEXT] = doc.text
    return kept


def tokens_of(doc: Doc) -> Tokens:
    """Return the tokens of a ``Doc``, which :class:`ClinicalTokenizer` has kept."""
    kept: Tokens | None = doc.user_data.get(_KEY)
    if kept is None:
        found = [token for token in doc if not token.is_space]
        spans = [(-1, -1), *((token.idx, token.idx + len(token)) for token in found)]
        kept = doc.user_data[_KEY] = Tokens(
            tuple(token.text for token in found),
            tuple(token.idx for token in found),
            tuple(token.i for token in found),
            tuple(end == start for (_, end), (start, _) in pairwise(spans)),
        )
    return kept


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
        found: list[str] = []
        indexes: list[int] = []
        glued: list[bool] = []
        spans = find_tokens(text)
        at = 0
        for start, end in spans:
            glued.append(start == at)
            if start != at:
                _add_gap(text[at:start], words, spaces)
            word = text[start:end]
            found.append(word)
            indexes.append(len(words))
            words.append(word)
            spaces.append(False)
            at = end
        glued[:1] = [False] * len(glued[:1])
        _add_gap(text[at:], words, spaces)
        starts = tuple(start for start, _ in spans)
        tokens = Tokens(tuple(found), starts, tuple(indexes), tuple(glued))
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
