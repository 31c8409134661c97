"""What is counted, and what the counts say: shares, precision and recall, and how sure they are.

A scorer adds to the counts of one document; figures are read off the sum. Because they are read off
counts, resampling whole documents costs one multiplication of matrices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Json = dict[str, Any]
Counts = Mapping[str, float]
#: Name of a value of one figure (``f1``, ``share``) → the value, ``None`` where nothing was counted.
Values = dict[str, float | None]

RESAMPLES = 1000
_SEED = 13
_LEVEL = 0.95
_DIGITS = 4


class Figure(Protocol):
    """Something that can be read off counts."""

    @property
    def name(self) -> str: ...

    @property
    def main(self) -> str | None:
        """The value by which the figure is compared; ``None`` for a plain number."""

    def counted(self) -> tuple[str, ...]:
        """Return the names of the counts it rests on."""

    def values(self, counts: Counts) -> Values: ...


def divide(part: float, whole: float) -> float | None:
    """Return a share to four places, ``None`` of nothing."""
    return round(part / whole, _DIGITS) if whole else None


@dataclass(frozen=True, slots=True)
class Share:
    """`hit` out of `of`."""

    name: str
    hit: str
    of: str
    main: str | None = "share"

    def counted(self) -> tuple[str, ...]:
        return (self.hit, self.of)

    def values(self, counts: Counts) -> Values:
        return {"share": divide(counts[self.hit], counts[self.of])}


@dataclass(frozen=True, slots=True)
class Count:
    """A plain number."""

    name: str
    key: str
    main: str | None = None

    def counted(self) -> tuple[str, ...]:
        return (self.key,)

    def values(self, counts: Counts) -> Values:
        return {"count": counts[self.key]}


@dataclass(frozen=True, slots=True)
class Match:
    """Precision, recall and F1 of two lists of things, each side with its own hits.

    The two numbers of hits are equal where one thing answers one; they differ where several of ours
    may overlap one of gold's.
    """

    name: str
    main: str | None = "f1"

    def counted(self) -> tuple[str, ...]:
        return tuple(f"{self.name}/{end}" for end in ("gold", "gold_hit", "ours", "ours_hit"))

    def values(self, counts: Counts) -> Values:
        gold, gold_hit, ours, ours_hit = (counts[key] for key in self.counted())
        recall = gold_hit / gold if gold else 0.0
        precision = ours_hit / ours if ours else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "p": divide(ours_hit, ours),
            "r": divide(gold_hit, gold),
            "f1": round(f1, _DIGITS) if gold or ours else None,
        }


@dataclass(frozen=True, slots=True)
class Jaccard:
    """Things that both have, out of all that either has."""

    name: str
    main: str | None = "jaccard"

    def counted(self) -> tuple[str, ...]:
        return tuple(f"{self.name}/{end}" for end in ("gold", "ours", "hit"))

    def values(self, counts: Counts) -> Values:
        gold, ours, hit = (counts[key] for key in self.counted())
        return {"jaccard": divide(hit, gold + ours - hit)}


@dataclass(frozen=True, slots=True)
class Macro:
    """The mean of the F1 of several matches, of those to four places, as the reference scorer has it."""

    name: str
    parts: tuple[Match, ...]
    main: str | None = "f1"

    def counted(self) -> tuple[str, ...]:
        return tuple(key for part in self.parts for key in part.counted())

    def values(self, counts: Counts) -> Values:
        each = [part.values(counts)["f1"] or 0.0 for part in self.parts]
        return {"f1": round(sum(each) / len(each), _DIGITS)}


def resample(
    figures: Sequence[Figure], documents: Sequence[Counter[str]], times: int = RESAMPLES
) -> dict[str, tuple[float, float]]:
    """Return the intervals of figures when whole documents are drawn again.

    Parameters
    ----------
    figures
        What to read off the counts.
    documents
        The counts of each document.
    times
        How many samples of as many documents, drawn with replacement, from a fixed seed.

    Returns
    -------
    dict of str to (float, float)
        The 2.5th and 97.5th percentile of each figure's main value by its name, of every value by
        ``name.value``; those without cases are left out.
    """
    compared = [figure for figure in figures if figure.main is not None]
    keys = sorted({key for figure in compared for key in figure.counted()})
    if not documents or not keys:
        return {}
    table = np.array([[counts[key] for key in keys] for counts in documents], dtype=np.float64)
    draw = np.random.default_rng(_SEED)
    weights = draw.multinomial(len(documents), [1 / len(documents)] * len(documents), size=times)
    samples = [dict(zip(keys, row, strict=True)) for row in (weights @ table).tolist()]
    intervals = {}
    for figure in compared:
        drawn = [figure.values(sample) for sample in samples]
        for part in drawn[0]:
            known = [value for values in drawn if (value := values[part]) is not None]
            if known:
                tail = 50 * (1 - _LEVEL)
                low, high = np.percentile(known, [tail, 100 - tail])
                ends = (round(float(low), _DIGITS), round(float(high), _DIGITS))
                intervals[f"{figure.name}.{part}"] = ends
                if part == figure.main:
                    intervals[figure.name] = ends
    return intervals
