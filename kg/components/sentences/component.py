"""Cut text into sentences by declared rules."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from kg.components.sentences.patterns import (
    BEFORE_NUMBER,
    BRACKET_REACH,
    CITATION,
    DOTTED,
    GLUED_OPENING,
    HARD_BREAK,
    LETTER_NAMES,
    NEVER_LAST,
    OPENING,
    RUN_IN_LABEL,
    SPLIT_DECIMAL_TAIL,
    STOP,
    WORD_TOO,
)
from kg.components.tokenizer.component import Tokens, indexes_of, text_of, tokens_of

_WORD_BEFORE = re.compile(r"[^\s()\[\],;:/=<>]*$")
LONGEST = (
    4000  # characters; what is longer is a list, a table or no prose, and is cut at white space
)
_LOOK_BACK = 40  # characters; longer than any short form


class SentenceTokens(NamedTuple):
    """A sentence of a text: its place, and its tokens."""

    start_char: int
    end_char: int
    words: Sequence[str]
    starts: Sequence[int]  # code points
    glued: Sequence[bool]  # for each token, whether no white space is before it

    def end_of(self, number: int) -> int:
        """Return where a token ends."""
        return self.starts[number] + len(self.words[number])


@Language.factory("kg_sentences", assigns=["token.is_sent_start", "doc.sents"])
class Sentences:
    """Mark sentence starts. Reads ``doc.text``, writes ``token.is_sent_start``.

    What :func:`cut_sentences` says is kept for the next components (:func:`sentences_of`).
    """

    def __init__(self, nlp: Language, name: str = "kg_sentences") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        tokens = tokens_of(doc)
        sentences = doc.user_data[_KEY] = cut_sentences(text_of(doc), tokens)
        starts = {sentence.start_char for sentence in sentences}
        first = np.full((len(doc), 1), _WITHIN)
        first[[k for k, at in zip(indexes_of(doc), tokens.starts, strict=True) if at in starts]] = (
            _FIRST
        )
        first[:1] = _FIRST
        return doc.from_array([SENT_START], first)  # type: ignore[arg-type]


_KEY = "kg_sentences"
_FIRST, _WITHIN = np.uint64(1), np.uint64(2**64 - 1)  # spaCy's 1 and -1


def sentences_of(doc: Doc) -> list[SentenceTokens]:
    """Return the sentences that :class:`Sentences` found."""
    found: list[SentenceTokens] = doc.user_data[_KEY]
    return found


def cut_sentences(text: str, tokens: Tokens) -> list[SentenceTokens]:
    """Return the sentences of a text whose tokens are known; each token is in one."""
    found: list[SentenceTokens] = []
    at = 0
    for start, end in find_sentences(text):
        to = bisect_left(tokens.starts, end, at)
        words, starts, glued = tokens.words[at:to], tokens.starts[at:to], tokens.glued[at:to]
        found.append(SentenceTokens(start, end, words, starts, glued))
        at = to
    return found


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text as offsets, without the white space round them.

    They are in order, never overlap, and hold every character that is no white space.

    Examples
    --------
    >>> text = "It fell (p = 0.05).Besides, vitamin D. A 2 vs. 3 mg dose helped. 1"
    >>> [text[a:b] for a, b in find_sentences(text)]
    ['It fell (p = 0.05).', 'Besides, vitamin D.', 'A 2 vs. 3 mg dose helped. 1']
    """
    cuts = {0, len(text)}
    cuts.update(match.end() for match in HARD_BREAK.finditer(text))
    if label := RUN_IN_LABEL.match(text):
        cuts.add(label.end())
    for match in STOP.finditer(text):
        cut = _end_of_sentence(text, match)
        if cut is not None:
            cuts.add(cut)
    ordered = list(_bounded(cuts, text))
    found = []
    for start, end in pairwise(ordered):
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            found.append((start + lead, end - (len(piece) - len(piece.rstrip()))))
    return found


def _bounded(cuts: set[int], text: str) -> Iterator[int]:
    """Yield cuts, and more where two are further apart than a sentence may be long."""
    last = 0
    for cut in sorted(cuts):
        while cut - last > LONGEST:
            space = max(
                text.rfind(" ", last + 1, last + LONGEST),
                text.rfind("\n", last + 1, last + LONGEST),
            )
            last = space + 1 if space >= 0 else last + LONGEST
            yield last
        yield (last := cut)


def _end_of_sentence(text: str, stop: re.Match[str]) -> int | None:
    """Return where the sentence that a stop closes ends, or ``None`` if it closes none."""
    start, end = stop.span()
    if end == len(text):
        return end
    before = text[start - 1] if start else ""
    glued = not text[end].isspace()
    if _splits_decimal(text, start, end):
        return None
    citation = CITATION.match(text, end)
    if citation and not (glued and before.isdigit()) and not _is_short_form(text, start, True):
        return citation.end()
    if glued:
        if text[end].isdigit() or not before or before.isspace():
            return None
        if not GLUED_OPENING.match(text, end) or not _may_end_glued(text, start):
            return None
    elif not OPENING.match(text, end):
        return None
    numeric = text[end : end + _LOOK_BACK].lstrip()[:1].isdigit()
    if text[start] == "." and end - start == 1 and _is_short_form(text, start, numeric):
        return None
    return None if _within_brackets(text, start, end) else end


def _splits_decimal(text: str, start: int, end: int) -> bool:
    """Tell whether the stop is the point of a number that a blank has split."""
    head = text[max(0, start - _LOOK_BACK) : start]
    if end - start > 1 or not head[-1:].isdigit() or not SPLIT_DECIMAL_TAIL.match(text, end):
        return False
    compared = head.rstrip("0123456789").rstrip()[-1:] in ("<", ">", "=", "≤", "≥")
    behind = text[end : end + _LOOK_BACK].lstrip().lstrip("0123456789").lstrip()
    return compared or behind[:1] == "%"


def _may_end_glued(text: str, stop: int) -> bool:
    """Tell whether the word before a glued stop looks like a sentence's last one."""
    word = _word_before(text, stop)
    if not word:
        return text[stop - 1] in ')]%”"'
    if DOTTED.search(" " + word) or "@" in word or "/" in word or word.lower().startswith("www"):
        return False
    return len(word) > 1 or not word.isupper()


def _is_short_form(text: str, stop: int, number_follows: bool) -> bool:
    """Tell whether the full stop at `stop` belongs to a short form that ends no sentence."""
    word = _word_before(text, stop)
    lower = word.lower()
    if lower in NEVER_LAST or lower in BEFORE_NUMBER:
        needs_number = lower in WORD_TOO or lower not in NEVER_LAST
        return number_follows or not needs_number
    if DOTTED.search(" " + word):
        return True
    if len(word) == 1 and word.isalpha():
        return _is_initial(text, stop)
    return False


def _is_initial(text: str, stop: int) -> bool:
    """Tell whether the single letter before `stop` is a person's initial."""
    head = text[max(0, stop - 1 - _LOOK_BACK) : stop - 1].rstrip()
    if not text[stop - 1].isupper():
        return False
    previous = re.search(r"(?<![^\W\d_])([^\W\d_]+)[.,;]?$", head)
    if previous is None:
        return head == "" or head[-1] in ".,;(&"
    word = previous.group(1)
    if word.lower() in LETTER_NAMES:
        return False
    return word[0].isupper()


def _word_before(text: str, stop: int) -> str:
    match = _WORD_BEFORE.search(text[max(0, stop - _LOOK_BACK) : stop])
    return match.group() if match else ""


def _within_brackets(text: str, start: int, end: int) -> bool:
    """Tell whether a stop lies in a bracket that opened and closes close by."""
    left = text[max(0, start - BRACKET_REACH) : start]
    if left.rfind("(") <= left.rfind(")"):
        return False
    right = text[end : end + BRACKET_REACH]
    closing, opening = right.find(")"), right.find("(")
    return closing >= 0 and (opening < 0 or closing < opening)
