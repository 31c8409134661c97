"""Mentions put in order: whole words, no stray brackets, verbs or amounts at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.tagging.phrases import UNITS

#: Tags that no mention begins or ends with.
_NOT_FIRST = frozenset({"ADP", "DET", "CONJ", "VERB", "AUX", "PRON", "PART", "ADV", "PUNCT"})
_NOT_LAST = frozenset({"ADP", "DET", "CONJ", "VERB", "AUX", "PRON", "PART", "ADV", "PUNCT"})

#: Tags of which a mention holds at least one.
_NAMING = frozenset({"NOUN", "ADJ", "VBG", "VBN", "X"})

_CLOSING = {")": "(", "]": "["}

Run = tuple[int, int, str]


def tidy(
    runs: Iterable[Run], words: Sequence[str], tags: Sequence[str], glued: Sequence[bool]
) -> Iterator[Run]:
    """Yield the runs of labels of one sentence as mentions; what names nothing is dropped.

    Parameters
    ----------
    runs
        First token, last token (excluded) and label, left to right, not overlapping.
    words, tags, glued
        The sentence's tokens, their parts of speech, and whether each follows without white space.

    Examples
    --------
    >>> words, tags = ["for", "25", "(", "OH", ")", "D", "fell"], ["ADP", "NUM", "PUNCT", "NOUN", "PUNCT", "NOUN", "VERB"]
    >>> glued = [False, False, True, True, True, True, False]
    >>> list(tidy([(0, 3, "outcome"), (3, 7, "outcome")], words, tags, glued))
    [(1, 6, 'outcome')]
    """
    for first, last, label in _joined(runs, glued):
        first, last = _trimmed(first, last, words, tags, glued)
        if first < last and _names_something(words[first:last], tags[first:last]):
            yield first, last, label


def _joined(runs: Iterable[Run], glued: Sequence[bool]) -> list[Run]:
    """Join neighbours of one label that no white space parts."""
    joined: list[Run] = []
    for first, last, label in runs:
        if joined and joined[-1][1:] == (first, label) and glued[first]:
            joined[-1] = (joined[-1][0], last, label)
        else:
            joined.append((first, last, label))
    return joined


def _trimmed(
    first: int, last: int, words: Sequence[str], tags: Sequence[str], glued: Sequence[bool]
) -> tuple[int, int]:
    before = (-1, -1)
    while first < last and before != (first, last):
        before = (first, last)
        stray = _stray_bracket(words[first:last])
        if stray == 0:
            first += 1
        elif stray is not None:
            last = first + stray
        while first < last and _is_loose_start(first, last, words, tags, glued):
            first += 1
        while (
            first < last and tags[last - 1] in _NOT_LAST and words[last - 1] not in (")", "]", "%")
        ):
            last -= 1
    return first, last


def _is_loose_start(
    at: int, last: int, words: Sequence[str], tags: Sequence[str], glued: Sequence[bool]
) -> bool:
    """Tell whether a first token belongs to what stands before: a verb, an article, an amount."""
    if words[at] in ("(", "["):
        return False
    if tags[at] in _NOT_FIRST:
        return at + 1 >= last or not glued[at + 1] or not words[at][0].isalnum()
    return words[at][0].isdigit() and at + 1 < last and words[at + 1].lower() in UNITS


def _stray_bracket(words: Sequence[str]) -> int | None:
    """Return the place of the first bracket without its fellow, or ``None``."""
    opened: list[tuple[str, int]] = []
    for k, word in enumerate(words):
        if word in ("(", "["):
            opened.append((word, k))
        elif word in _CLOSING:
            if not opened or opened[-1][0] != _CLOSING[word]:
                return k
            opened.pop()
    return opened[0][1] if opened else None


def _names_something(words: Sequence[str], tags: Sequence[str]) -> bool:
    return any(
        tag in _NAMING and word.lower() not in UNITS and any(c.isalpha() for c in word)
        for word, tag in zip(words, tags, strict=True)
    )
