"""Which places of a text name the same arm.

An arm is named by what it was given ("the anastrozole group"), by a code ("arm A"), by its part in
the comparison ("controls", "the intervention group") or by a dose ("the 4,000 IU group"). Places
that name one arm are gathered into an :class:`ArmName`; two names that one sentence sets side by
side stay apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from kg.assembly.allocation import place_of
from kg.assembly.arm_mentions import (
    CONTROLS,
    GENERIC,
    GROUP_HEADS,
    PEOPLE,
    FoundMention,
    find_mentions,
    words_of,
)
from kg.assembly.context import Context
from kg.assembly.labels import FUNCTION_WORDS
from kg.assembly.phrase import Phrase

#: Words between two names that make them two things.
_BETWEEN_TWO = frozenset("versus vs vs. v or than with and to ; whereas while compared".split())
_CODE_LENGTH = 8  # characters of a short form
#: What stands between a name and another in the bracket behind it.
_NAMED_IN_BRACKET = (["("], ["["], ["alone", "("], ["group", "("], ["arm", "("], ["only", "("])
#: An amount or a code, not the digit of "D3".
_NUMBER_IN_NAME = re.compile(r"(?<![A-Za-z])\d[\d.,·]*")


@dataclass(frozen=True, slots=True)
class ArmMention:
    """A place that names an arm; `name` is the index of its :class:`ArmName`."""

    phrase: Phrase
    name: int
    grouped: bool  # "… group", "… arm", also of a list that shares the word
    alone: bool  # "A alone"
    strength: float  # how sure it is that it names a group or what it was given, 0 to 1
    told: bool = False  # whether a list of groups names it


@dataclass(slots=True)
class ArmName:
    """One arm, or what may be one: its name and the places of it, in text order."""

    label: str
    keys: set[frozenset[str]] = field(default_factory=set)
    mentions: list[ArmMention] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much the text speaks of it as an arm."""
        return sum(m.strength * (1.5 if m.grouped else 1.0) for m in self.mentions)


def is_generic(name: ArmName) -> bool:
    """Tell whether a name says only which part an arm has: "the control group", "arm B"."""
    words = {w for m in name.mentions for w in words_of(m.phrase.label)} - GROUP_HEADS - PEOPLE
    codes = {w for w in words if len(w) <= 2}
    return words - codes - FUNCTION_WORDS <= (CONTROLS - {"placebo", "sham", "vehicle"}) | GENERIC


def find_arm_names(
    context: Context, pointed: Collection[Phrase] = ()
) -> tuple[list[ArmName], list[ArmMention]]:
    """Return the arms' names, and every mention of them in text order; `pointed` are surely some."""
    found = find_mentions(context, pointed)
    parents = _gather(found, context)
    names: list[ArmName] = []
    order: dict[int, int] = {}
    mentions: list[ArmMention] = []
    for n, item in enumerate(found):
        root = _root(parents, n)
        if root not in order:
            order[root] = len(names)
            names.append(ArmName(item.phrase.label))
        name = names[order[root]]
        mention = ArmMention(
            item.phrase, order[root], item.grouped, item.alone, item.strength, item.told
        )
        name.keys.update(item.keys)
        name.mentions.append(mention)
        mentions.append(mention)
    for name in names:
        name.label = _best_label(name.mentions)
    return names, mentions


def _best_label(mentions: Sequence[ArmMention]) -> str:
    """Return the label that says the most: what was given before a code or "the control group"."""
    votes: dict[str, float] = defaultdict(float)
    for m in mentions:
        words = set(words_of(m.phrase.label))
        telling = not words <= (GROUP_HEADS | CONTROLS | GENERIC | PEOPLE)
        votes[m.phrase.label] += m.strength + 2.0 * telling + 4.0 * (telling and m.told)
    return max(votes, key=lambda label: (votes[label], -len(label), label))


def _root(parents: list[int], n: int) -> int:
    while parents[n] != n:
        parents[n] = parents[parents[n]]
        n = parents[n]
    return n


def _gather(found: Sequence[FoundMention], context: Context) -> list[int]:
    """Return for each mention the mention it is gathered with: equal names first, then parts of names."""
    found = _doses_apart(found)
    parents = list(range(len(found)))
    apart: defaultdict[int, set[int]] = defaultdict(set)  # of roots
    for one, other in _side_by_side(found, context):
        apart[one].add(other)
        apart[other].add(one)

    def merge(one: int, other: int) -> None:
        a, b = sorted((_root(parents, one), _root(parents, other)))
        if a == b or b in apart[a]:
            return
        parents[b] = a
        apart[a] |= apart[b]
        for root in apart[b]:
            apart[root].add(a)

    by_key: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for n, f in enumerate(found):
        for key in f.keys:
            by_key[key].append(n)
    for members in by_key.values():
        for other in members[1:]:
            merge(members[0], other)
    for n, m in _defined_beside(found, context):
        merge(n, m)
    for small in sorted(by_key, key=lambda k: (-len(k), sorted(k))):
        larger = [k for k in by_key if small < k and len(k) <= len(small) + 2]
        roots = {_root(parents, by_key[k][0]) for k in larger}
        if len(roots) == 1:
            merge(by_key[small][0], by_key[larger[0]][0])
    for these, those in combinations(_told_lists(found, context), 2):
        left = {_root(parents, n) for n in these} ^ {_root(parents, n) for n in those}
        if len(these) == len(those) and len(left) == 2:
            merge(*left)  # "A or usual care" and later "A and controls"
    return parents


def _told_lists(found: Sequence[FoundMention], context: Context) -> list[list[int]]:
    """Return the mentions of each list of groups that the text tells."""
    own = {place_of(f.phrase): n for n, f in enumerate(found)}
    return [
        sorted(own[place] for place in groups.places if place in own) for groups in context.groups
    ]


def _doses_apart(found: Sequence[FoundMention]) -> list[FoundMention]:
    """Return the mentions, those of one name with several numbers ("FEC 75") with them in their keys."""
    numbers: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    printed = [_NUMBER_IN_NAME.search(f.phrase.raw) for f in found]
    for f, number in zip(found, printed, strict=True):
        if number:
            numbers[f.keys[0]].add(number[0])
    return [
        replace(f, keys=(f.keys[0] | {number[0]},)) if number and len(numbers[f.keys[0]]) > 1 else f
        for f, number in zip(found, printed, strict=True)
    ]


def _side_by_side(found: Sequence[FoundMention], context: Context) -> set[tuple[int, int]]:
    """Return the pairs of mentions that a sentence compares or lists: they name two things."""
    pairs: set[tuple[int, int]] = set()
    lower = context.lower
    for n, one in enumerate(found):
        for m in range(n + 1, min(len(found), n + 5)):
            other = found[m]
            if other.phrase.sentence != one.phrase.sentence:
                break
            if set(one.keys) & set(other.keys):
                continue
            if one.phrase.list_id == other.phrase.list_id < -1:
                pairs.add((n, m))
                continue
            gap = lower[one.phrase.last : other.phrase.first]
            if _opens(gap):
                continue
            if _BETWEEN_TWO.intersection(gap):
                pairs.add((n, m))
    for members in _told_lists(found, context):
        pairs |= set(combinations(members, 2))
    return pairs


def _is_short_form(raw: str) -> bool:
    """Tell whether a name is a code of capitals: "NX", "T-DM1"."""
    return len(raw) <= _CODE_LENGTH and " " not in raw and sum(c.isupper() for c in raw) >= 2


def _opens(gap: Sequence[str]) -> bool:
    """Tell whether a bracket opens between two mentions and does not close."""
    return gap.count("(") + gap.count("[") > gap.count(")") + gap.count("]")


def _defined_beside(found: Sequence[FoundMention], context: Context) -> Iterable[tuple[int, int]]:
    """Yield mentions of which one names the other in a bracket: "RT alone (group A, n = 20)", "docetaxel (TX)"."""
    lower = context.lower
    for n in range(len(found) - 1):
        one, other = found[n], found[n + 1]
        if one.phrase.sentence != other.phrase.sentence:
            continue
        gap = [w for w in lower[one.phrase.last : other.phrase.first] if w not in FUNCTION_WORDS]
        grouped = gap in _NAMED_IN_BRACKET and (other.grouped or one.grouped)
        closed = lower[other.phrase.last : other.phrase.last + 1] == [")"]
        if grouped or (gap == ["("] and closed and _is_short_form(other.phrase.raw)):
            yield n, n + 1
