"""Whether two phrases name one thing, and several links several things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.assembly.labels import identity, stems
from kg.assembly.phrase import Phrase
from kg.assembly.words import GROUP_WORDS

if TYPE_CHECKING:
    from kg.assembly.link import Link


def same(one: Phrase, other: Phrase) -> bool:
    """Tell whether two phrases name one thing, words for its group left out."""
    return _core(one) == _core(other)


def each_named(links: Sequence[Link]) -> bool:
    """Tell whether each of several values has an intervention of its own."""
    known = [link.intervention for link in links if link.intervention is not None]
    return len(known) == len(links) and not any(
        same(a, b) for n, a in enumerate(known) for b in known[:n]
    )


def of_several_outcomes(links: Sequence[Link]) -> bool:
    """Tell whether values measure several things: "30% hip and 14% nonvertebral fracture reduction"."""
    known = [identity(link.outcome.label) for link in links if link.outcome is not None]
    return any(one - other and other - one for one, other in pairwise(known))


def _core(phrase: Phrase) -> frozenset[str]:
    words = [word for word in phrase.label.split() if word.lower() not in GROUP_WORDS]
    return frozenset(stems(" ".join(words) or phrase.label))
