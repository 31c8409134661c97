"""Whether confidence means what it says: the share that is right, by confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of like confidence: how many, their mean confidence, the share of them that is right."""

    count: int
    confidence: float
    right: float


def bin_by_confidence(judged: Sequence[tuple[float, bool]], bins: int = _BINS) -> list[Bin]:
    """Return bins of as equal size as can be, the least confident first.

    Parameters
    ----------
    judged
        Confidence (0 to 1) of each claim, and whether it is right.
    bins
        How many at most.

    Examples
    --------
    >>> bin_by_confidence([(0.2, False), (0.9, True)], 2)
    [Bin(count=1, confidence=0.2, right=0.0), Bin(count=1, confidence=0.9, right=1.0)]
    """
    ordered = sorted(judged)
    found = []
    for number in range(bins):
        part = ordered[len(ordered) * number // bins : len(ordered) * (number + 1) // bins]
        if part:
            mean = sum(confidence for confidence, _ in part) / len(part)
            share = sum(right for _, right in part) / len(part)
            found.append(Bin(len(part), round(mean, 4), round(share, 4)))
    return found


def find_gap(bins: Sequence[Bin]) -> float | None:
    """Return the mean distance of confidence and share right (expected calibration error).

    >>> find_gap([Bin(3, 0.9, 0.5), Bin(1, 0.2, 0.2)])
    0.3
    """
    total = sum(part.count for part in bins)
    if not total:
        return None
    return round(sum(part.count * abs(part.confidence - part.right) for part in bins) / total, 4)
