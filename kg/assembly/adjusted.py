"""Links put right by what a list, a subgroup, an amount or the value beside it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kg.assembly.amounts import Told
from kg.assembly.categories import Listed
from kg.assembly.constructions import Frame
from kg.assembly.context import Context
from kg.assembly.measure_of import is_change
from kg.assembly.ranking import Field
from kg.assembly.same_names import each_named
from kg.assembly.sides import Sides
from kg.assembly.subgroups import Subgroup

if TYPE_CHECKING:
    from kg.assembly.link import Link


def as_twin(of: Subgroup | None, k: int, links: Mapping[int, Link]) -> Link | None:
    """Return the link of a number that is of the same thing as that before it, in other people."""
    twin = None if of is None or of.twin is None else links.get(of.twin)
    if of is None or twin is None or (twin.subgroup is None and not of.whole):
        return None
    return replace(twin, statistic=k)


def as_listed(link: Link, named: Listed | None, links: Mapping[int, Link]) -> Link:
    """Return the link of an estimate of a list: what is named at it plays the part that the first one's does."""
    if named is None:
        return link
    first = links.get(named.first, link)
    if named.is_category:
        against = first.comparator if named.first in links else link.comparator
        against = None if named.holds(against) else against
        outcome = link.outcome if first is link else first.outcome
        return replace(link, outcome=outcome, intervention=named.name, comparator=against)
    if named.is_kind_of(first.intervention) and not named.holds(first.outcome):
        return replace(first, statistic=link.statistic, intervention=named.name)
    if first is link:
        return link
    if named.holds(first.outcome) and not named.is_people:
        return replace(first, statistic=link.statistic, outcome=named.own(link.outcome))
    if named.holds(first.intervention):
        own = named.own(link.intervention)
        return replace(first, statistic=link.statistic, intervention=own)
    return link


def without_people(
    context: Context, of: Subgroup | None, frame: Frame | None, sides: Sides | None, arms: Field
) -> tuple[Frame | None, Sides | None, Field]:
    """Return what is in the running for an effect in a subgroup, without the names of its people as groups."""
    if of is None or not of.compares:
        return frame, sides, arms
    if frame is not None and of.is_named(frame.intervention):
        frame = None
    if sides is not None and of.is_named(sides.exposure):
        sides = replace(sides, exposure=None)
    others = np.array([not of.is_named(p) for p in arms.candidates.phrases(context)], bool)
    return frame, sides, arms.kept(others, "intervention", "comparator")


def in_subgroup(
    context: Context, link: Link, of: Subgroup | None, links: Mapping[int, Link]
) -> Link:
    """Return a link with its subgroup; one whose groups are those people compares them."""
    twin = None if of is None or of.twin is None or of.whole else links.get(of.twin)
    if of is None or of.is_named(link.intervention) or (twin and twin.subgroup is None):
        return replace(link, subgroup=None)
    outcome, intervention = (of.without(context, p) for p in (link.outcome, link.intervention))
    return replace(link, subgroup=of, outcome=outcome, intervention=intervention)


def by_amount(link: Link, told: Told) -> Link:
    """Return a link with the groups that its sentence tells by their amounts."""
    against = told.other or link.comparator
    if against is not None and against.label == told.own.label:
        against = None
    return replace(link, intervention=told.own, comparator=against)


def as_mean_changes(context: Context, links: Mapping[int, Link]) -> dict[int, Link]:
    """Return links in which "fell by 2.4 kg in one group and rose by 0.8 kg in the other" has one measure.

    A rise in a group is a mean of its changes as a fall is; the sign that words give is no difference of groups.
    """
    found = dict(links)
    for k, link in links.items():
        if link.measure != "MD" or not is_change(context.statistics[k]):
            continue
        for j in (k - 2, k - 1, k + 1, k + 2):  # with the other value of a pressure between
            mate = links.get(j)
            if (
                mate is not None
                and mate.measure in {"mean", "MD"}
                and is_change(context.statistics[j])
                and context.statistics[j].unit == context.statistics[k].unit
                and context.places[j].sentence == context.places[k].sentence
                and each_named((link, mate))
            ):
                found[k] = replace(link, measure="mean")
    return found
