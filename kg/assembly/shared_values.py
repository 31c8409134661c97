"""Values that all groups have: "the mean reduction was 1.1 in both groups", "no bleeding in either group"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.assembly.arms import ArmReading, ArmTable
from kg.assembly.context import Context
from kg.assembly.labels import likeness
from kg.assembly.link import Link
from kg.assembly.phrase import Phrase
from kg.assembly.told_pair import told_groups
from kg.measures import GROUP_MEASURES

_OF_EACH = re.compile(
    r"[^.;,()]{0,80}?\b(?:in|for|with|of)\s+(?P<each>both|each|either|all|any)\s+(?:of\s+the\s+)?(?:(?:two|three|four|study|treatment|intervention)\s+)?"
    r"(?:groups?|arms?)\b",
    re.IGNORECASE,
)
_SHARED = GROUP_MEASURES | {"MD", "percent_change"}
_SAME = 0.9  # likeness of an arm's name from which it is the group's


def shared(
    context: Context, k: int, link: Link, arms: ArmTable
) -> Iterator[tuple[Link, ArmReading | None]]:
    """Yield a number's link and arm, once for each group where it is the value of all of them."""
    told = _of_each(context, k, link)
    groups = _groups(context, arms, two=told in ("both", "either")) if told else []
    linked = [p for p in (link.intervention, link.comparator) if p is not None]
    if len(groups) == len(linked) == 2 and likeness(linked[0].label, linked[1].label) < _SAME:
        groups = linked
    if len(groups) < 2:
        yield link, arms.arm_of(k)
        return
    for own in groups:
        arm = next((a for a in arms.arms if likeness(a.label, own.label) >= _SAME), None)
        other = next((g for g in groups if g is not own), None) if len(groups) == 2 else None
        yield replace(link, intervention=own, comparator=other, direction="no_difference"), arm


def _of_each(context: Context, k: int, link: Link) -> str | None:
    """Return the word that gives a number to several groups: "both", "each"."""
    statistic = context.statistics[k]
    if statistic.value is None or statistic.group is not None or link.measure not in _SHARED:
        return None
    if statistic.ci_low is not None or statistic.p_value is not None:
        return None
    sentence = context.annotation.sentences[context.places[k].sentence]
    text = context.reading.view.text
    found = _OF_EACH.match(text, statistic.end_char, sentence.end_char)
    after = context.statistics[k + 1] if k + 1 < len(context.statistics) else None
    if found is None or (after is not None and after.start_char < found.end()):
        return None
    word = found["each"].lower()
    together = link.measure == "count" and statistic.value > 0 and word in ("both", "all")
    return None if together else word  # "46 patients completed it in both groups": together


def _groups(context: Context, arms: ArmTable, *, two: bool) -> list[Phrase]:
    """Return the groups of a document: of its list of them, else its arms; `two`: just two."""
    told, _ = told_groups(context)
    if len(told) == 2 or (not two and len(told) >= max(2, len(arms.arms))):
        return told
    if len(arms.arms) == 2:
        return [a.phrase for a in sorted(arms.arms, key=lambda a: a.control)]
    return []
