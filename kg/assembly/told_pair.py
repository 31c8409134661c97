"""The groups that a document tells by a list of them, and what is tested among them."""

from __future__ import annotations

from kg.assembly.allocation import Groups, place_of
from kg.assembly.context import Context
from kg.assembly.phrase import Phrase
from kg.assembly.tested import main_intervention
from kg.assembly.words import CONTROL_WORDS

_SURE = 0.3  # score as an intervention of what is taken for the tested one


def told_groups(context: Context) -> tuple[list[Phrase], Groups | None]:
    """Return the groups of the longest list of them that a document tells, the first of several, and that list."""
    longest = max(context.groups, key=lambda groups: len(groups.places), default=None)
    if longest is None:
        return [], None
    return [p for p in context.phrases if place_of(p) in longest.places], longest


def told_pair(context: Context) -> tuple[Phrase | None, Phrase | None]:
    """Return what is tested and what it is compared with; of more than two groups the first alone.

    Where no list of groups stands, the intervention that the tagger saw most is what is tested.
    """
    found, _ = told_groups(context)
    found.sort(key=lambda p: (not CONTROL_WORDS.isdisjoint(p.raw.lower().split()), p.first))
    if not found:
        main = main_intervention(context.phrases, _SURE)
        return next((p for p in context.phrases if p.label == main), None), None
    return found[0], found[1] if len(found) == 2 else None
