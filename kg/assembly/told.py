"""Results told in words alone: places where a sentence says what happened without a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.assembly.annotation import Annotation
from kg.assembly.words import CUE_CLASSES
from kg.numbers.statistic import Statistic

#: Cue classes that can carry a result told in words, strongest first.
_CARRIERS = ("same", "down", "up", "assoc")
_DIFFER = frozenset(
    [
        "difference",
        "differences",
        "differ",
        "differed",
        "different",
        "effect",
        "effects",
        "influence",
        "impact",
    ]
)
_SECTIONS = frozenset({"methods", "objective", "title", "background", "keywords"})


def find_told(
    annotation: Annotation, statistics: Sequence[Statistic], tables: frozenset[int] = frozenset()
) -> Iterator[Statistic]:
    """Yield one empty statistic for each clause that reports a result without any number.

    It covers the cue word that carries the result; ``value`` and ``p_value`` are ``None``. Sentences
    of sections that state no results and of `tables` (block indexes) are left out, as are clauses that hold a number reading.
    """
    taken = sorted((s.start_char, s.end_char) for s in statistics)
    tokens, k = annotation.tokens, 0
    for sentence in annotation.sentences:
        while k < len(tokens) and tokens[k].start_char < sentence.start_char:
            k += 1
        if sentence.section in _SECTIONS or sentence.block in tables:
            continue
        first = k
        while k < len(tokens) and tokens[k].start_char < sentence.end_char:
            k += 1
        for start, end in _clauses([t.text.lower() for t in tokens[first:k]]):
            clause = tokens[first + start : first + end]
            if not clause or any(
                a < clause[-1].end_char and clause[0].start_char < b for a, b in taken
            ):
                continue
            words = [t.text.lower() for t in clause]
            cue = next(
                (n for name in _CARRIERS for n, w in enumerate(words) if w in CUE_CLASSES[name]),
                next((n for n, w in enumerate(words) if w in _DIFFER and len(words) > 4), None),
            )
            if cue is not None:
                yield Statistic(start_char=clause[cue].start_char, end_char=clause[cue].end_char)


def _clauses(words: list[str]) -> Iterator[tuple[int, int]]:
    """Cut a sentence at semicolons and at "but", "while", "whereas", "although"."""
    start = 0
    for n, word in enumerate(words):
        if word in (";", "whereas", "while", "but", "although"):
            yield start, n
            start = n + 1
    yield start, len(words)
