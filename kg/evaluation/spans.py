"""Spans against spans: exactly the same, overlapping, and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.evaluation.figures import Figure, Match
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Place, overlap, within

_WORD = re.compile(r"\w+|[^\w\s]")


def span_figures(target: str) -> tuple[Match, ...]:
    """Return the three figures of one kind of spans: exact, relaxed (any overlap), by words."""
    return tuple(Match(f"{target}_{how}") for how in ("exact", "relaxed", "token"))


def micro_figures(name: str = "micro") -> tuple[Figure, ...]:
    """Return the figures of several kinds of spans taken together."""
    return (Match(f"{name}_exact"), Match(f"{name}_relaxed"))


def score_spans(
    score: DocumentScore,
    target: str,
    gold: Sequence[Place],
    ours: Sequence[Place],
    micro: str | None = "micro",
) -> None:
    """Count one kind of spans, three ways, and note what differs.

    A span counts once in the exact score, as often as it was given in the relaxed one. Words are
    runs of letters and digits, and every other sign by itself.
    """
    exact = len(set(gold) & set(ours))
    gold_met = [place for place in gold if any(overlap(place, other) for other in ours)]
    ours_met = [place for place in ours if any(overlap(place, other) for other in gold)]
    for name in (target, micro) if micro else (target,):
        score.add(f"{name}_exact", len(set(gold)), exact, len(set(ours)), exact)
        score.add(f"{name}_relaxed", len(gold), len(gold_met), len(ours), len(ours_met))
    text = score.text or ""
    words = [match.span() for match in _WORD.finditer(text)]
    marked = {word for word in words if any(within(word, place) for place in gold)}
    claimed = {word for word in words if any(within(word, place) for place in ours)}
    both = len(marked & claimed)
    score.add(f"{target}_token", len(marked), both, len(claimed), both)
    note_spans(score, target, gold, ours)


def note_spans(
    score: DocumentScore, target: str, gold: Sequence[Place], ours: Sequence[Place]
) -> None:
    """Note the spans of either side that the other has not, or has with other bounds."""
    text = score.text or ""
    for start, end in sorted(set(gold) - set(ours)):
        met = [place for place in ours if overlap((start, end), place)]
        said = " … ".join(text[a:b] for a, b in met)
        where = (min(a for a, _ in met), max(b for _, b in met)) if met else None
        score.miss(target, text[start:end], said, (start, end), ours_span=where)
    for start, end in sorted(set(ours) - set(gold)):
        if not any(overlap((start, end), place) for place in gold):
            score.miss(target, "", text[start:end], (start, end))
