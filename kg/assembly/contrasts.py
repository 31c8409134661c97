"""Values that a text sets against one another are of different arms: "12.5% vs 12.7%"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.assembly.arms import ArmReading, ArmTable
from kg.assembly.context import Context, Phrase
from kg.assembly.labels import likeness
from kg.assembly.link import Link, same

_ALIKE = 0.5  # likeness from which a name of the ranking is that of an arm


def with_arms(context: Context, links: Mapping[int, Link], arms: ArmTable) -> dict[int, Link]:
    """Return the links, those of a list's values with one name for all taken from the arms of the values.

    The ranking decides one value at a time and may give two of one contrast the same name; the
    table of arms places them together.
    """
    lists: defaultdict[int, list[int]] = defaultdict(list)
    for k in sorted(links):
        statistic = context.statistics[k]
        if statistic.group is not None and statistic.pairing != "from-to":
            lists[statistic.group].append(k)
    out = dict(links)
    for members in lists.values():
        own = [arm for k in members if (arm := arms.arm_of(k)) is not None]
        if len(members) < 2 or len({id(arm) for arm in own}) < len(members):
            continue
        if _told_apart([links[k].intervention for k in members]):
            continue
        for n, k in enumerate(members):
            out[k] = _of_arm(links[k], own[n], own[1 - n] if len(own) == 2 else None)
    return out


def _told_apart(names: Sequence[Phrase | None]) -> bool:
    """Whether each of several values has a name of its own."""
    known = [name for name in names if name is not None]
    return len(known) == len(names) and not any(
        same(a, b) for n, a in enumerate(known) for b in known[:n]
    )


def _of_arm(link: Link, arm: ArmReading, other: ArmReading | None) -> Link:
    """Return a link whose intervention is an arm; one that names it already stays."""
    named = link.intervention
    if named is None or likeness(named.label, arm.label) < _ALIKE:
        named = replace(arm.phrase, label=arm.label)
    if other is None:
        return replace(link, intervention=named)
    against = link.comparator
    if against is None or likeness(against.label, arm.label) >= _ALIKE:
        against = replace(other.phrase, label=other.label)
    return replace(link, intervention=named, comparator=against)
