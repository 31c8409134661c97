"""Which way each result points: asked once the arms are known, for a value's direction is its arm's.

A tree ensemble (``training/directions.py``) looks at the words round the number, at its links, and at what
the number is set against; where the grammar of the sentence says which way, that goes before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.assembly.arms import ArmTable
from kg.assembly.by_grammar import by_measure, since_before, told_beside
from kg.assembly.confidence import confidence
from kg.assembly.context import Context
from kg.assembly.direction import bears_on, direction_features
from kg.assembly.link import Link
from kg.assembly.opposite import Opposites
from kg.assembly.ranking import Ranker
from kg.measures import GROUP_MEASURES
from kg.records import Direction

DIRECTIONS: tuple[Direction, ...] = ("increase", "decrease", "no_difference", "unclear")
_NONE: tuple[Direction | None, ...] = (None,)
TOLD_SCORE = 0.7  # how sure words are of a direction that numbers would not give


def point(
    ranker: Ranker, links: Mapping[int, Link], arms: ArmTable, times: Mapping[int, str]
) -> dict[int, Link]:
    """Return the links of a document's results with the way that each points, and their confidence.

    `times` tells when the results were measured, as far as the text says (:mod:`kg.assembly.timepoints`).
    """
    if not links:
        return {}
    context = ranker.context
    opposites = Opposites(context, links, arms)
    out: dict[int, Link] = {}
    rows = {
        k: direction_features(context, k, link, links) | opposites.features(k)
        for k, link in links.items()
    }
    before = {k: DIRECTIONS if bears_on(k, link, links) else _NONE for k, link in links.items()}
    asked = zip(sorted(links.items()), ranker.directions(rows, before, DIRECTIONS), strict=True)
    for (k, link), chances in asked:
        earlier = out[k - 1].direction if bears_on(k, link, links) else None
        ways = dict(zip(DIRECTIONS, chances[earlier], strict=True))
        way = max(ways, key=ways.__getitem__)
        told = said(context, k, link, out)
        if (
            told is None
            and times.get(k, "").lower() == "baseline"
            and _is_untested_value(context, k, link)
        ):
            told = "unclear"  # so 589 of 678 such values of annotated readings
        if told is not None and told != way:  # words win over numbers
            way, ways = told, {told: TOLD_SCORE}
        pointed = replace(link, direction=way, direction_score=ways[way], ways=ways)
        out[k] = replace(pointed, confidence=confidence(context, pointed))
    return out


def said(context: Context, k: int, link: Link, before: Mapping[int, Link]) -> Direction | None:
    """Return the direction that the grammar of a number's sentence gives; `before` are earlier results."""
    beside = told_beside(context, k)
    if beside == "no_difference":
        return beside
    measured = by_measure(context, k, link.measure)
    return measured or link.told or beside or since_before(context, k, before)


def _is_untested_value(context: Context, k: int, link: Link) -> bool:
    """Tell whether a number is the value of one group and no test of it or of its list is printed."""
    group = context.statistics[k].group
    beside = [context.statistics[k]]
    if group is not None:
        beside += [s for s in context.statistics if s.group == group]
    return link.measure in GROUP_MEASURES and all(s.p_value is None for s in beside)
