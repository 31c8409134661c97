"""In an excerpt, outcomes are named as they are marked there: what is said once has one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.assembly.context import Context
from kg.assembly.excerpts import is_excerpt
from kg.assembly.link import Link
from kg.assembly.phrase import Phrase


def named_as_marked(context: Context, links: Mapping[int, Link]) -> dict[int, Link]:
    """Return the links; in an excerpt an outcome that a mark overlaps is the marked phrase.

    Two values of one outcome then have it by the same words. Other documents stay as they are.
    """
    if not is_excerpt(context.reading):
        return dict(links)
    marked = {
        (m.start_char, m.end_char) for m in context.annotation.mentions if m.kind == "outcome"
    }
    names = [p for p in context.phrases if (p.start_char, p.end_char) in marked]
    return {k: replace(link, outcome=_marked(link.outcome, names)) for k, link in links.items()}


def _marked(outcome: Phrase | None, names: list[Phrase]) -> Phrase | None:
    """Return the marked name that shares most with an outcome, the outcome itself where none does."""
    if outcome is None:
        return None
    place = (outcome.start_char, outcome.end_char)
    if any((p.start_char, p.end_char) == place for p in names):
        return outcome

    def shared(p: Phrase) -> int:
        return min(p.end_char, place[1]) - max(p.start_char, place[0])

    best = max(names, key=shared, default=outcome)
    return best if shared(best) > 0 else outcome
