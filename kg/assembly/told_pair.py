"""The two groups that a document tells by a list of them, where neither numbers nor the sentence name them."""

from __future__ import annotations

from kg.assembly.context import Context
from kg.assembly.phrase import Phrase
from kg.assembly.tested import main_intervention
from kg.assembly.words import CONTROL_WORDS

_SURE = 0.3  # score as an intervention of what is taken for the tested one


def told_pair(context: Context) -> tuple[Phrase | None, Phrase | None]:
    """Return what is tested and what it is compared with; of more than two groups the first alone.

    Where no list of groups stands, the intervention that the tagger saw most is what is tested.
    """
    places = context.groups[0].places if context.groups else ()
    found = [p for p in context.phrases if (p.first, p.last, p.raw) in places]
    found.sort(key=lambda p: (not CONTROL_WORDS.isdisjoint(p.raw.lower().split()), p.first))
    if not found:
        main = main_intervention(context.phrases, _SURE)
        return next((p for p in context.phrases if p.label == main), None), None
    return found[0], found[1] if len(found) == 2 else None
