"""Lists of names with a bracket each: "falls (RR 0.8), hip fracture (RR 0.7) and death (RR 0.9)".

What stands right before the brackets of such a list plays the same part in each: where the first
bracket belongs to the outcome in front of it, so do the others, and what the sentence names once
holds for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.assembly.context import Context
from kg.assembly.phrase import Phrase

if TYPE_CHECKING:
    from kg.assembly.link import Link

_JOINTS = frozenset([",", ";", "and", "or", "as", "well"])
_SMALL = frozenset("the a an for in of with to on by also its their both".split())
#: What parts a quantity from those in whom it is measured.
_WITHIN = frozenset("in among within".split())
_WHOM = ("population", "condition")  # kinds of mention that say in whom
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Parallel:
    """What a list says of a number: its outcome, its intervention, its comparator."""

    outcome: Phrase | None
    intervention: Phrase | None
    comparator: Phrase | None


def read_parallel(context: Context, k: int, links: Mapping[int, Link]) -> Parallel | None:
    """Return what the `k`-th number is of by its place in a list of brackets, ``None`` if in none."""
    place = context.places[k]
    before = _bracket_before(context, k)
    if before is None or before not in links:
        return None
    earlier, link = context.places[before], links[before]
    close = _closing(context, earlier.end, place.anchor)
    if close is None:
        return None
    own = _name_before(context, place.sentence, close + 1, place.anchor)
    if own is None or context.between("verb", close + 1, own.first):
        return None
    gap = context.lower[close + 1 : own.first]
    if not _JOINTS.intersection(gap) or not set(gap) <= _JOINTS | _SMALL:
        return None
    if link.outcome is not None and link.outcome.last == earlier.anchor:
        outcome = _measured(context, link.outcome, own) or own
        return Parallel(outcome, link.intervention, link.comparator)
    if link.intervention is not None and link.intervention.last == earlier.anchor:
        return Parallel(link.outcome, own, link.comparator)
    return None


def _bracket_before(context: Context, k: int) -> int | None:
    """Return the number of the bracket before that answers the `k`-th: at the same place in it."""
    place = context.places[k]
    if place.depth == 0:
        return None
    own = [j for j in range(max(0, k - 6), k + 1) if _same_bracket(context, j, k)]
    first = own[0]
    if first == 0 or context.places[first - 1].depth == 0:
        return None
    if context.places[first - 1].sentence != place.sentence:
        return None
    others = [j for j in range(max(0, first - 6), first) if _same_bracket(context, j, first - 1)]
    at = own.index(k)
    return others[at] if at < len(others) else None


def _same_bracket(context: Context, j: int, k: int) -> bool:
    one, other = context.places[j], context.places[k]
    return one.sentence == other.sentence and one.anchor == other.anchor


def _closing(context: Context, start: int, end: int) -> int | None:
    """Return the token that closes the bracket in which a number ends, before a place."""
    for t in range(start, end):
        if context.depths[t] == 0:
            return t - 1
        if context.lower[t] in (")", "]") and (t + 1 >= end or context.depths[t + 1] == 0):
            return t
    return None


def _name_before(context: Context, sentence: int, start: int, end: int) -> Phrase | None:
    """Return the longest phrase that ends at a place and begins after another."""
    found = [
        p
        for p in context.by_sentence.get(sentence, ())
        if p.last == end and start <= p.first and p.last - p.first <= _LONGEST
    ]
    return max(found, key=lambda p: (p.last - p.first, max(p.scores)), default=None)


def _measured(context: Context, outcome: Phrase, own: Phrase) -> Phrase | None:
    """Return "mortality" where "mortality in men" was chosen: the next bracket may be of women."""
    words = context.lower[outcome.first : outcome.last]
    at = next((n for n, word in enumerate(words) if n and word in _WITHIN), None)
    if at is None:
        return None
    if own.score("outcome") > max(own.score(kind) for kind in _WHOM):
        return None  # "frequency in team sports (…), board games (…)": they say what, not in whom
    here = context.by_sentence.get(outcome.sentence, ())
    found = [p for p in here if p.first == outcome.first and p.last == outcome.first + at]
    return max(found, key=lambda p: max(p.scores), default=None)
