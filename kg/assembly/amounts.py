"""Groups that a text tells by their amounts alone: "lower with 4,000 IU (RR 0.43) but not with 2,000 IU (RR 0.78)".

Where a list of groups has some that differ by an amount, the amount is their name wherever it stands as one. A value is of
the group right behind it ("22.0% of those on 4,000 IU"), else of the last one before it; an estimate compares that group
with the one behind "than" or "compared with", or with the only control.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.assembly.allocation.groups import place_of
from kg.assembly.context import Context
from kg.assembly.features import null_value
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


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place where a group is named, by its amount or else."""

    start: int
    end: int
    phrase: Phrase
    by_amount: bool
    is_control: bool


def find_amounts(context: Context) -> Mapping[int, Told]:
    """Return the groups of values in sentences that name groups by their amounts, by statistic."""
    sentences = {context.places[k].sentence for k in range(len(context.statistics))}
    found: dict[int, Told] = {}
    for n in sorted(sentences) if any(len(g.amounts) > 1 for g in context.groups) else ():
        mentions = list(_mentions(context, n))
        if any(m.by_amount for m in mentions):
            found |= _of_sentence(context, n, mentions)
    return found


def _mentions(context: Context, sentence: int) -> Iterator[_Mention]:
    """Yield the places of a sentence where a listed group is named, in text order."""
    text, area = context.reading.view.text, context.annotation.sentences[sentence]
    known = {place_of(p): p for p in context.phrases}
    named: dict[tuple[int, int], _Mention] = {}
    for groups in context.groups:
        if len(groups.amounts) < 2:
            continue
        by_amount = {place: amount for amount, place in groups.amounts.items()}
        for place in groups.places:
            phrase = known.get(place)
            if phrase is None:
                continue
            name = by_amount.get(place, phrase.raw)
            control = not CONTROL_WORDS.isdisjoint(phrase.raw.lower().split())
            words = r"\s?".join(map(re.escape, name.split()))
            pattern = rf"(?<![\w.,]){words}(?![\w/])"
            for match in re.finditer(pattern, text[area.start_char : area.end_char], re.IGNORECASE):
                start, end = (area.start_char + at for at in match.span())
                named.setdefault((start, end), _Mention(start, end, phrase, place in by_amount, control))  # fmt: skip
    yield from sorted(named.values(), key=lambda m: m.start)


def _of_sentence(context: Context, sentence: int, mentions: list[_Mention]) -> dict[int, Told]:
    text, area = context.reading.view.text, context.annotation.sentences[sentence]
    against = [m for m in mentions if _AGAINST.search(text, area.start_char, m.start)]
    members = [
        k for k, s in enumerate(context.statistics)
        if s.value is not None and context.places[k].sentence == sentence
    ]  # fmt: skip
    found = {}
    for k in members:
        compares = _compares(context, k)
        own = _behind(context, k, members, mentions)
        if own is None or (compares and own in against):
            before = [m for m in mentions if m.end <= context.statistics[k].start_char]
            if compares:
                before = [m for m in before if m not in against and not m.is_control]
            own = before[-1] if before else None
        if own is None or not (own.by_amount or compares):
            continue
        others = [m for m in against if m.phrase is not own.phrase] if compares else []
        found[k] = Told(_placed(context, own), _placed(context, others[0]) if others else None)
    return found


def _compares(context: Context, k: int) -> bool:
    s = context.statistics[k]
    return null_value(s) is not None or s.ci_low is not None


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
