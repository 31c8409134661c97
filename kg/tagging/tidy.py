"""Mentions put in order: whole words, no stray brackets, verbs or amounts at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.lexicon import word_set
from kg.lexicon.cues import STATISTIC
from kg.tagging.names import find_names
from kg.tagging.phrases import UNITS, Unit, find_units

#: Tags that no mention begins or ends with.
_NOT_FIRST = frozenset({"ADP", "DET", "CONJ", "VERB", "AUX", "PRON", "PART", "ADV", "PUNCT"})
_NOT_LAST = frozenset({"ADP", "DET", "CONJ", "VERB", "AUX", "PRON", "PART", "ADV", "PUNCT"})

#: Tags of which a mention holds at least one.
_NAMING = frozenset({"NOUN", "ADJ", "VBG", "VBN", "X"})

#: Words that name no mention by themselves or with each other.
_NAMELESS = (
    UNITS
    | STATISTIC
    | word_set("difference differences mds rrs ors hrs risk odds hazard rate pooled aggregated")
)

#: Past forms that are no nouns, adjectives or participles.
_FINITE = word_set("rose fell went became remained seemed showed was were did has had is are")
_RELATIVE = word_set("who whose that which with when where")

#: Tags of what stands before the noun that it says more about.
_MODIFYING = frozenset({"ADJ", "NUM", "VBN", "X", "ADV", "PUNCT"})

_CLOSING = {")": "(", "]": "["}

Run = tuple[int, int, str]


def tidy(
    runs: Iterable[Run],
    words: Sequence[str],
    tags: Sequence[str],
    glued: Sequence[bool],
    units: Sequence[Unit] = (),
) -> Iterator[Run]:
    """Yield the runs of labels of one sentence as mentions; what names nothing is dropped.

    Parameters
    ----------
    runs
        First token, last token (excluded) and label, left to right, not overlapping.
    words, tags, glued
        The sentence's tokens, their parts of speech, and whether each follows without white space.
    units
        What :func:`kg.tagging.phrases.find_units` found in the sentence; sought where not given.

    Examples
    --------
    >>> words, tags = ["for", "25", "(", "OH", ")", "D", "fell"], ["ADP", "NUM", "PUNCT", "NOUN", "PUNCT", "NOUN", "VERB"]
    >>> glued = [False, False, True, True, True, True, False]
    >>> list(tidy([(0, 3, "outcome"), (3, 7, "outcome")], words, tags, glued))
    [(1, 6, 'outcome')]
    """
    joined = _joined(runs, glued)
    if not joined:
        return
    for first, last, label in _whole(joined, words, tags, glued, units):
        last = _before_verb(first, last, words, tags)
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


def _whole(
    runs: list[Run],
    words: Sequence[str],
    tags: Sequence[str],
    glued: Sequence[bool],
    units: Sequence[Unit],
) -> list[Run]:
    """Widen runs to the whole of a name with brackets in it ("25(OH)D"); of two, keep the longer."""
    units = [unit for unit in units or find_units(words, tags, glued) if unit[1] - unit[0] > 1]
    if not units:  # nor is there a name of several words, which is part of a unit
        return runs
    widened = [_with_compound(run, units, tags) for run in runs]
    modifiers = {(new[0], new[1]) for new, old in zip(widened, runs, strict=True) if new != old}
    inner = [(a, b) for a, b, _, _ in units if b - a > 2 and "(" in words[a:b]]
    inner += find_names(words, glued)
    if not inner and not modifiers:
        return runs
    kept: list[Run] = []
    for first, last, label in widened:
        for a, b in inner:
            if a < last and first < b:
                first, last = min(a, first), max(b, last)
        if kept and kept[-1][1] == first and kept[-1][:2] in modifiers:
            first, _, label = kept.pop()  # "low-dose" and "IL-2" are one name
        elif kept and first < kept[-1][1]:
            if last - first <= kept[-1][1] - kept[-1][0]:
                continue
            kept.pop()
        if not kept or kept[-1][1] <= first:
            kept.append((first, last, label))
    return kept


def _with_compound(run: Run, units: Sequence[Unit], tags: Sequence[str]) -> Run:
    """Widen a run without a noun to the compound it is a part of: "low" to "low-dose"."""
    first, last, label = run
    if not _MODIFYING.issuperset(tags[first:last]):
        return run
    for a, b, _, _ in units:
        if a <= first and last <= b and b - a > 2:
            return a, b, label
    return run


def _before_verb(first: int, last: int, words: Sequence[str], tags: Sequence[str]) -> int:
    """Return where a mention ends that runs on into its sentence: before the finite verb.

    "patients who were deficient" is a name nevertheless.
    """
    for k in range(first + 1, last):
        finite = tags[k] == "AUX" or words[k].lower() in _FINITE
        if finite and not _RELATIVE.intersection(word.lower() for word in words[first:k]):
            return k
    return last


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
    if at + 1 >= last:
        return False
    if words[at].lower() in UNITS:
        return at > 0 and words[at - 1][0].isdigit()
    return words[at][0].isdigit() and words[at + 1].lower() in UNITS


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
    """Tell whether one of the words is a name's, and not a unit's or a statistic's."""
    return any(
        tag in _NAMING and word.lower() not in _NAMELESS and any(c.isalpha() for c in word)
        for word, tag in zip(words, tags, strict=True)
    )
