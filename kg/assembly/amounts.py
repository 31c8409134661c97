"""Groups that a text tells by their amounts alone: "lower with 4,000 IU (RR 0.43) but not with 2,000 IU (RR 0.78)".

Where a list of groups has some that differ by an amount, the amount is their name wherever it stands as one. A value is of
the group right behind it ("22.0% of those on 4,000 IU"), else of the last one before it; an estimate compares that group
with the one behind "than" or "compared with", or with the only control.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.assembly.allocation import called_by, place_of
from kg.assembly.context import Context
from kg.assembly.features import compares
from kg.assembly.outline import own_end
from kg.assembly.phrase import Phrase
from kg.assembly.words import CONTROL_WORDS

#: What stands between a value and the group that it is of.
_TO_GROUP = re.compile(
    r"[^.;:,()\d]{0,40}?\b(?:with|on|in|for|given|taking|receiving|after|of|among)\s"
    r"(?:the\s|a\s|(?:those|women|men|patients|participants|children|infants|people|subjects|adults)\s(?:(?:who\s)?(?:on|given|taking|receiving|received)\s)?)*",
    re.IGNORECASE,
)
#: What makes the group behind it the one that is compared with.
_AGAINST = re.compile(
    r"\b(?:than|versus|vs\.?|compared\s(?:with|to)|relative\sto|against|from|over)\s"
    r"(?:(?:the|a|those|with|in|on|for|given|taking|receiving)\s)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """The groups that a value is told of by their amounts; ``None`` where that is not said."""

    own: Phrase
    other: Phrase | None


class _Name(NamedTuple):
    """What a listed group is called: the pattern of its amount, or its own name."""

    pattern: re.Pattern[str]
    phrase: Phrase
    by_amount: bool
    is_control: bool


class _Mention(NamedTuple):
    """A place where a group is named, by its amount or else."""

    start: int
    end: int
    name: _Name

    @property
    def phrase(self) -> Phrase:
        return self.name.phrase

    @property
    def by_amount(self) -> bool:
        return self.name.by_amount


def find_amounts(context: Context) -> Mapping[int, Told]:
    """Return the groups of values in sentences that name groups by their amounts, by statistic."""
    names = _names(context)
    found: dict[int, Told] = {}
    for n in sorted({place.sentence for place in context.places}) if names else ():
        mentions = _mentions(context, n, names)
        if any(m.by_amount for m in mentions):
            found |= _of_sentence(context, n, mentions)
    return found


def _names(context: Context) -> list[_Name]:
    """Return what the groups of those lists are called that have several amounts."""
    lists = [groups for groups in context.groups if len(groups.amounts) > 1]
    known = {place_of(p): p for p in context.phrases} if lists else {}
    found = []
    for groups in lists:
        amount_of = {place: amount for amount, place in groups.amounts.items()}
        for place in groups.places:
            if (phrase := known.get(place)) is None:
                continue
            amount = amount_of.get(place)
            pattern = rf"\b{re.escape(phrase.raw)}\b" if amount is None else called_by(amount)
            control = not CONTROL_WORDS.isdisjoint(phrase.raw.lower().split())
            found.append(
                _Name(re.compile(pattern, re.IGNORECASE), phrase, amount is not None, control)
            )
    return found


def _mentions(context: Context, sentence: int, names: Sequence[_Name]) -> list[_Mention]:
    """Return the places of a sentence where a listed group is named, in text order."""
    text, area = context.reading.view.text, context.annotation.sentences[sentence]
    named: dict[tuple[int, int], _Mention] = {}
    for name in names:
        for match in name.pattern.finditer(text, area.start_char, area.end_char):
            named.setdefault(match.span(), _Mention(*match.span(), name))
    return sorted(named.values(), key=lambda m: m.start)


def _of_sentence(context: Context, sentence: int, mentions: list[_Mention]) -> dict[int, Told]:
    text, area = context.reading.view.text, context.annotation.sentences[sentence]
    against = [m for m in mentions if _AGAINST.search(text, area.start_char, m.start)]
    members = [
        k for k, s in enumerate(context.statistics)
        if s.value is not None and context.places[k].sentence == sentence
    ]  # fmt: skip
    found = {}
    for k in members:
        estimate = compares(context.statistics[k])
        own = _behind(context, k, members, mentions)
        if own is None or (estimate and own in against):
            before = [m for m in mentions if m.end <= context.statistics[k].start_char]
            if estimate:
                before = [m for m in before if m not in against and not m.name.is_control]
            own = before[-1] if before else None
        if own is None or not (own.by_amount or estimate):
            continue
        others = [m for m in against if m.phrase is not own.phrase] if estimate else []
        found[k] = Told(_placed(context, own), _placed(context, others[0]) if others else None)
    return found


def _behind(
    context: Context, k: int, members: list[int], mentions: list[_Mention]
) -> _Mention | None:
    """Return the group right behind a value, before the next value."""
    end = own_end(context, k)
    text = context.reading.view.text
    for m in mentions:
        if m.start >= end:
            between = any(end <= context.statistics[j].start_char < m.start for j in members)
            return m if not between and _TO_GROUP.fullmatch(text, end, m.start) else None
    return None


def _placed(context: Context, mention: _Mention) -> Phrase:
    """Return a group's phrase, at the place where it is named."""
    at = context.phrase_at(mention.start, mention.end, counted=True)
    return mention.phrase if at is None else replace(at, label=mention.phrase.label, raw=mention.phrase.raw)  # fmt: skip
