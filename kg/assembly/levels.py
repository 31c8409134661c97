"""Values of people by a level of what they were exposed to: "14.2% of those below 15 ng/mL and 8.1% at 30 or above".

Where no group that was given something is named beside them, what such values compare is the levels: the exposure of
each is its own level, and it is compared with the other's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from kg.assembly.context import Context
from kg.assembly.features import null_value
from kg.assembly.outline import own_end
from kg.assembly.phrase import Phrase

_UNIT = (
    r"(?:(?:[npmkuµμ]?(?:g|mol)|IU|mEq)(?:/(?:[dmµμ]?[lL]|d|day|wk|week|m[³23]|kg))?|cups?|glass(?:es)?|drinks?|servings?|portions?|cigarettes)"
    r"(?![\w/])"
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_BOUND = (
    r"(?:(?:at or )?(?:above|below|over|under|exceeding)|(?:less|lower|fewer|more|greater|higher) than|at least|[<>≤≥]=?)"
    r"(?: or equal to)?\s?"
)
#: "below 15 ng/mL", "20-29.9 ng/mL", "38 ng/mL or more".
LEVEL = (
    rf"(?:{_BOUND}{_NUMBER}\s?{_UNIT}|{_NUMBER}(?:\s?{_UNIT})?\s?(?:[-–]|to)\s?{_NUMBER}\s?{_UNIT}|"
    rf"{_NUMBER}\s?{_UNIT} (?:or|and) (?:more|above|higher|greater|over|less|below|lower|fewer))"
)
#: What may stand between a value and its level: of whom, and of what it is a level.
_TO_LEVEL = re.compile(
    rf"[^.;:\d]{{0,12}}?(?:\s(?:per|%)[^,;:()]{{0,30}}?)?\s(?:of|in|for|among|with|at|on)\s(?:(?:25[\s-]?\(?OH\)?-?|[^\d.,;:()]){{0,70}}?[\s(])?(?P<level>{LEVEL})",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"(?<![\w(])(?P<name>(?:(?:serum|plasma|maternal|dietary|total)\s)?(?:25[\s-]?\(OH\)-?D\d?|[\w-]*[A-Za-z][\w()-]*))\s$"
)
#: Words before a level that are no name of what it is one of.
_NO_NAME = frozenset(
    "of in at with among for those people patients participants subjects women men children adults infants recruits students "
    "levels level concentrations concentration intake intakes was were who had having than or and to a the deficient sufficient "
    "insufficient on from status mothers persons individuals controls cases".split()
)


class Level(NamedTuple):
    """The level that a value is of, and that of the value it stands beside."""

    own: Phrase
    other: Phrase | None


def find_levels(context: Context) -> Mapping[int, Level]:
    """Return the levels that values are of, by statistic; none in sentences that name a group of a list."""
    groups = {raw.lower() for told in context.groups for _, _, raw in told.places}
    found: dict[int, Level] = {}
    values = [
        k for k, s in enumerate(context.statistics)
        if s.value is not None and null_value(s) is None and s.ci_low is None
    ]  # fmt: skip
    for n, group in groupby(values, key=lambda k: context.places[k].sentence):
        members = list(group)
        sentence = context.annotation.sentences[n].text.lower()
        if len(members) < 2 or any(name in sentence for name in groups):
            continue
        own = {k: phrase for k in members if (phrase := _level_of(context, k, members))}
        for k, phrase in own.items():
            others = [p for j, p in own.items() if j != k and p.label != phrase.label]
            if others:
                found[k] = Level(phrase, others[0])
    return found


def _level_of(context: Context, k: int, members: list[int]) -> Phrase | None:
    """Return the level behind a value, before the next value."""
    text, end = context.reading.view.text, own_end(context, k)
    sentence = context.annotation.sentences[context.places[k].sentence]
    later = [context.statistics[j].start_char for j in members if j > k]
    match = _TO_LEVEL.match(text, end, min([sentence.end_char, *later]))
    if match is None:
        return None
    start, stop = match.span("level")
    what = _OF_WHAT.search(text, end, start)
    if what is not None and what["name"].lower() not in _NO_NAME:
        start = what.start("name")
    phrase = context.phrase_at(start, stop, counted=True)
    name = " ".join(text[start:stop].split())
    return None if phrase is None else replace(phrase, label=name, raw=name)
