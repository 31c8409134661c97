"""Results told in words alone: places where a sentence says what happened without a number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from kg.assembly.annotation import Annotation
from kg.assembly.words import CUE_CLASSES
from kg.lexicon import word_set
from kg.numbers.statistic import Statistic

#: Cue classes that can carry a result told in words, strongest first.
_CARRIERS = tuple(CUE_CLASSES[name] for name in ("same", "down", "up", "assoc"))
#: Words that hint at one in a clause of more than so many words.
_DIFFER = word_set(
    "difference differences differ differed different effect effects influence impact"
)
_SHORT = 4
_CLAUSE_ENDS = word_set("; whereas while but although")
_SECTIONS = frozenset({"methods", "objective", "title", "background", "keywords"})


def find_told(
    annotation: Annotation, statistics: Sequence[Statistic], tables: frozenset[int] = frozenset()
) -> Iterator[Statistic]:
    """Yield one empty statistic for each clause that reports a result without any number.

    It covers the cue word that carries the result; ``value`` and ``p_value`` are ``None``. Sentences
    of sections that state no results and of `tables` (block indexes) are left out, as are clauses that hold a number reading.
    """
    taken = sorted((s.start_char, s.end_char) for s in statistics)
    number_starts = [start for start, _ in taken]
    reached = list(accumulate((end for _, end in taken), max))  # by a number and all before it
    tokens = annotation.tokens
    starts = [t.start_char for t in tokens]
    for sentence in annotation.sentences:
        if sentence.section in _SECTIONS or sentence.block in tables:
            continue
        first = bisect_left(starts, sentence.start_char)
        last = bisect_left(starts, sentence.end_char)
        words = [t.text.lower() for t in tokens[first:last]]
        for start, end in _clauses(words):
            cue = _cue(words[start:end])
            if cue is None:
                continue
            before = bisect_left(number_starts, tokens[first + end - 1].end_char)
            if not before or reached[before - 1] <= starts[first + start]:
                found = tokens[first + start + cue]
                yield Statistic(start_char=found.start_char, end_char=found.end_char)


def _cue(clause: list[str]) -> int | None:
    """Return which word of a clause carries a result, ``None`` where none does."""
    for carriers in (*_CARRIERS, _DIFFER) if len(clause) > _SHORT else _CARRIERS:
        if not carriers.isdisjoint(clause):
            return next(n for n, word in enumerate(clause) if word in carriers)
    return None


def _clauses(words: list[str]) -> Iterator[tuple[int, int]]:
    """Cut a sentence at semicolons and at "but", "while", "whereas", "although"."""
    start = 0
    if not _CLAUSE_ENDS.isdisjoint(words):
        for n, word in enumerate(words):
            if word in _CLAUSE_ENDS:
                yield start, n
                start = n + 1
    yield start, len(words)
