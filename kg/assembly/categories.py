"""Estimates that a list gives for one thing each: "0.82 (0.66-1.02) for 1 cup/day and 0.49 (0.33-0.72) for 4 or more cups/day".

What stands behind the estimates of such a list plays the same part in each, and what the sentence names once
holds for all of them. A quantile or an amount is a category of the exposure; so it is before a colon too,
"20-29 nmol/L: RR 1.6". Of other names the first shows whether they are outcomes or exposures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from kg.assembly.context import Context
from kg.assembly.features import null_value
from kg.assembly.labels import stems
from kg.assembly.outline import own_end
from kg.assembly.phrase import Phrase

_BEHIND = re.compile(
    r"\s*(?:(?:for|in|among|with)\s+|at\s+(?=[<>≤≥]?\d[\d.–-]{0,12}\s?(?:[nmpµμ]?(?:g|mol)|IU)\b)|(?=(?:below|above|under|over)\s\d))(?P<name>[^;:()\[\]=]{2,90}?)(?=\s*(?:[,;:()\[\]]|\.(?!\d)|$|\b(?:and|or)\s+(?:(?:an?|the)\s+)?(?:[A-Za-z]{2,8}\s*[=:]?\s*)?\d+[.·]|"
    r"\b(?:as\s+)?(?:compared|relative|respectively|versus|vs)\b))",
    re.IGNORECASE,
)  # fmt: skip
_AHEAD = re.compile(
    r"(?:[(\[;,]|\band\b)\s*(?:and\s+|for\s+)?(?P<name>[^;,:()\[\]]{2,50})\s*:\s*$", re.IGNORECASE
)
_JOINT = re.compile(r"[\s,;)\]]*(?:\b(?:and|or)\b)?\s*(?:(?:an?|the)\s+)?", re.IGNORECASE)
#: A category of an exposure: a quantile, or an amount of something.
_CATEGORY = re.compile(
    r"\b(?:quartile|quintile|tertile|decile|quantile|fourth|fifth|third|category|[QT][1-5])s?$"
    r"|\d[^,;]{0,25}?(?:/|\b(?:per|times|cups?|glass(?:es)?|drinks?|servings?|portions?|cigarettes|pack-years|hours|h|[mknµμ]?g|[nmpµμ]mol|IU)\b)",
    re.IGNORECASE,
)  # fmt: skip
#: Amounts that are none: a step of an exposure, a limit of what people have.
_NO_CATEGORY = re.compile(
    r"\b(?:every|each|increase|increment|decrease|decrement|rise|(?:patients|participants|subjects|individuals|people|those|women|men)\s+with)\b",
    re.IGNORECASE,
)
#: Names of groups of people, which are no outcomes.
_PEOPLE = re.compile(
    r"\b(?:(?:sub)?groups?|arms?|cohorts?|patients|participants|subjects|individuals|people|those|women|men|children|adults)\b",
    re.IGNORECASE,
)
_BOUNDS = "<>≤≥"
_REACH = 120  # characters behind or before a number that may name what it is for


class _Named(NamedTuple):
    start_char: int
    end_char: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list names at one of its estimates.

    Attributes
    ----------
    name
        The name.
    names
        Where all names of the list stand; view offsets.
    first
        The statistic that the list begins with.
    is_category, is_people
        Whether the names are categories of an exposure, or groups of people.
    """

    name: Phrase
    names: tuple[tuple[int, int], ...]
    first: int
    is_category: bool
    is_people: bool

    def holds(self, phrase: Phrase | None) -> bool:
        """Tell whether a phrase is a name of the list, or a part of one."""
        return phrase is not None and any(
            start <= phrase.start_char and phrase.end_char <= end for start, end in self.names
        )

    def own(self, phrase: Phrase | None) -> Phrase:
        """Return the name, or a phrase that is the part of it that tells what it is."""
        inside = (
            phrase is not None
            and self.name.start_char <= phrase.start_char
            and phrase.end_char <= self.name.end_char
        )
        return phrase if inside and phrase is not None else self.name

    def is_kind_of(self, phrase: Phrase | None) -> bool:
        """Tell whether the name is of a kind of what a phrase names: "vigorous activity" of "physical activity"."""
        if phrase is None or self.holds(phrase):
            return False
        own = stems(self.name.label)
        return bool(own & stems(phrase.label)) and not own <= stems(phrase.label)


def find_listed(context: Context) -> dict[int, Listed]:
    """Return what lists name at their estimates, by statistic."""
    found: dict[int, Listed] = {}
    estimates = [
        k
        for k, s in enumerate(context.statistics)
        if s.value is not None and null_value(s) is not None
    ]
    for _, group in groupby(estimates, key=lambda k: context.places[k].sentence):
        members = list(group)
        if len(members) < 2:
            continue
        named = {k: name for k in members if (name := _named(context, k)) is not None}
        run: list[int] = []
        for k in sorted(named):
            if run and not _follows(context, run[-1], k, named):
                found |= _read(context, run, named)
                run = []
            run.append(k)
        found |= _read(context, run, named)
    return found


def _named(context: Context, k: int) -> _Named | None:
    """Return the name right behind an estimate, or else a category before its colon."""
    text, end = context.reading.view.text, own_end(context, k)
    sentence = context.annotation.sentences[context.places[k].sentence]
    behind = _BEHIND.match(text, end, min(sentence.end_char, end + _REACH))
    if behind is not None:
        return _Named(*behind.span("name"), ahead=False)
    start = context.statistics[k].start_char
    ahead = _AHEAD.search(text, max(sentence.start_char, start - _REACH), start)
    if ahead is None or not _CATEGORY.search(ahead["name"]):
        return None
    return _Named(*ahead.span("name"), ahead=True)


def _follows(context: Context, one: int, other: int, named: Mapping[int, _Named]) -> bool:
    """Tell whether an estimate and its name follow another's in a list."""
    a, b = named[one], named[other]
    if a.ahead != b.ahead or context.statistics[one].measure != context.statistics[other].measure:
        return False
    text, start = context.reading.view.text, context.statistics[other].start_char
    if a.ahead:
        return (
            _JOINT.fullmatch(text, own_end(context, one), max(own_end(context, one), b.start_char))
            is not None
        )
    return a.end_char <= start and _JOINT.fullmatch(text, a.end_char, start) is not None


def _read(context: Context, run: Sequence[int], named: Mapping[int, _Named]) -> dict[int, Listed]:
    """Return what a list names at its estimates, nothing where it is of one alone."""
    if len(run) < 2:
        return {}
    text = context.reading.view.text
    places = tuple((named[k].start_char, named[k].end_char) for k in run)
    phrases = [_phrase(context, *place) for place in places]
    words = [text[start:end] for start, end in places]
    is_category = all(_CATEGORY.search(name) and not _NO_CATEGORY.search(name) for name in words)
    is_people = any(_PEOPLE.search(name) for name in words)
    return {
        k: Listed(phrase, places, run[0], is_category, is_people)
        for k, phrase in zip(run, phrases, strict=True)
        if phrase is not None
    }


def _phrase(context: Context, start: int, end: int) -> Phrase | None:
    """Return a name as a phrase, with the sign that an amount begins with: "≥60 g/day"."""
    phrase, text = context.phrase_at(start, end, counted=True), context.reading.view.text[start:end]
    if phrase is None or text[0] not in _BOUNDS:
        return phrase
    name = " ".join(text.split())
    return replace(phrase, label=name, raw=name)
