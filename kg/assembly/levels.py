"""Values of people by a level of what they were exposed to: "14.2% of those below 15 ng/mL and 8.1% at 30 or above".

Where no group that was given something is named beside them, what such values compare is the levels: the exposure of
each is its own level, and it is compared with the other's. So it is with estimates: "those above 75 nmol/L had a lower risk than those below
50 nmol/L (HR 0.48)", "compared with 30 ng/mL or more, the odds ratio was 1.22 at 20-29.9 ng/mL".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from kg.assembly.context import Context
from kg.assembly.features import compares
from kg.assembly.labels import names_people
from kg.assembly.outline import own_end
from kg.assembly.phrase import Phrase

_UNIT = (
    r"(?:(?:[npmkuµμ]?(?:g|mol)|IU|mEq)(?:/(?:[dmµμ]?[lL]|d|day|wk|week|m[³23]|kg))?|cups?|glass(?:es)?|drinks?|servings?|portions?|cigarettes)"
    r"(?![\w/])"
)
_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
_BOUND = (
    r"(?:(?:at or )?(?:above|below|over|under|exceeding)|(?:less|lower|fewer|more|greater|higher) than|at least|[<>≤≥]=?)"
    r"(?: or equal to)?\s?"
)
#: "below 15 ng/mL", "20-29.9 ng/mL", "38 ng/mL or more".
_LEVEL = (
    rf"(?:{_BOUND}{_NUMBER}\s?{_UNIT}|(?<!\d){_NUMBER}(?:\s?{_UNIT})?\s?(?:[-–]|to)\s?{_NUMBER}\s?{_UNIT}|"
    rf"(?<!\d){_NUMBER}\s?{_UNIT} (?:or|and) (?:more|above|higher|greater|over|less|below|lower|fewer))"
)
#: Of whom, and of what it is a level.
_NAME = r"\d{0,3}[-(]{0,2}[A-Za-z][^\s.,;:]{0,40}(?:\.\d)?"  # a word, "IL-6", "25(OH)D", "PM2.5"
_WHOSE = rf"(?:{_NAME}\s){{0,10}}?\(?"
_TO_LEVEL = re.compile(
    rf"[^.;:\d]{{0,12}}?(?:\s(?:per|%)[^,;:()]{{0,30}}?)?(?:\s(?:of|in|for|among|with|at|on)\s{_WHOSE}|\s(?={_BOUND}))(?P<level>{_LEVEL})",
    re.IGNORECASE,
)
#: What an estimate compares with.
_AGAINST = re.compile(
    rf"\b(?:compared (?:with|to)|relative to|versus|vs\.?|than|against|with)\s{_WHOSE}(?P<level>{_LEVEL})(?P<reference>\s(?:as (?:the )?reference|\(reference\)))?",
    re.IGNORECASE,
)
_LEVELS = re.compile(_LEVEL, re.IGNORECASE)
_THEY_HAD = re.compile(
    r"\b(?:had|have|has|was|were|are|reached|achieved|attained|fell|rose|remained|showed)\b",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"(?<![\w(])(?P<name>(?:(?:serum|plasma|maternal|dietary|total)\s)?"
    rf"{_NAME})"
    r"(?:\s(?:levels?|concentrations?|intakes?|status))?(?:\sof)?\s$"
)
#: Words before a level that are no name of what it is one of.
_NO_NAME = frozenset(
    "of in at with among for those deficient sufficient insufficient levels level concentrations concentration intake intakes status "
    "was were who had having remaining on from and or to a the than versus vs vs. against relative compared reference".split()
)


class Level(NamedTuple):
    """The level that a value is of, and that of the value it stands beside."""

    own: Phrase
    other: Phrase


def find_levels(context: Context) -> Mapping[int, Level]:
    """Return the levels that values are of, by statistic; none in sentences that name a group of a list."""
    groups = {raw.lower() for told in context.groups for _, _, raw in told.places}
    found: dict[int, Level] = {}
    values = [k for k, s in enumerate(context.statistics) if s.value is not None]
    for n, group in groupby(values, key=lambda k: context.places[k].sentence):
        sentence = context.annotation.sentences[n].text
        if _LEVELS.search(sentence) is None or any(name in sentence.lower() for name in groups):
            continue
        members = list(group)
        estimates = [k for k in members if compares(context.statistics[k])]
        found |= _compared(context, n, estimates) if estimates else {}
        found |= _side_by_side(context, [k for k in members if k not in estimates])
    return found


def _side_by_side(context: Context, members: Sequence[int]) -> dict[int, Level]:
    """Return the levels of values of people at one level and at another."""
    own = {k: phrase for k in members if (phrase := _level_of(context, k, members))}
    return {
        k: Level(phrase, others[0])
        for k, phrase in own.items()
        if (others := [p for j, p in own.items() if j != k and p.label != phrase.label])
    }


def _compared(context: Context, n: int, estimates: Sequence[int]) -> dict[int, Level]:
    """Return the levels that a sentence's estimates compare, where it says with which."""
    sentence = context.annotation.sentences[n]
    text = context.reading.view.text
    against = next(
        (m for m in _AGAINST.finditer(text, sentence.start_char, sentence.end_char)
         if m["reference"] or not m.group().lower().startswith("with")), None,
    )  # fmt: skip
    reference = against and _phrase(context, against.start(), *against.span("level"))
    if against is None or reference is None:
        return {}
    places = [m.span() for m in _LEVELS.finditer(text, sentence.start_char, sentence.end_char)]
    others = [place for place in places if place != against.span("level")]
    found = {}
    for k in estimates:
        own = _level_of(context, k, estimates)
        if own is not None and own.label == reference.label:
            own = None  # "a 44% lower risk than those with less than 75 nmol/L"
        if own is None and len(others) == 1 and others[0][1] <= context.statistics[k].start_char:
            own = _phrase(context, sentence.start_char, *others[0])
        if own is not None:
            found[k] = Level(own, reference)
    return found


def _level_of(context: Context, k: int, members: Sequence[int]) -> Phrase | None:
    """Return the level behind a value, before the next value."""
    text, end = context.reading.view.text, own_end(context, k)
    sentence = context.annotation.sentences[context.places[k].sentence]
    later = [context.statistics[j].start_char for j in members if j > k]
    match = _TO_LEVEL.match(text, end, min([sentence.end_char, *later]))
    if match is None or _THEY_HAD.search(text, end, match.start("level")):
        return None  # "84% of them had less than 25 nmol/L": what is found, not what it is found in
    return _phrase(context, end, *match.span("level"))


def _phrase(context: Context, begin: int, start: int, end: int) -> Phrase | None:
    """Return a level as a phrase, with the name of what it is one of where that stands before it."""
    text = context.reading.view.text
    what = _OF_WHAT.search(text, begin, start)
    if what is not None and what["name"].lower() not in _NO_NAME and not names_people(what["name"]):
        start = what.start("name")
    phrase = context.phrase_at(start, end, counted=True)
    name = " ".join(text[start:end].split())
    return None if phrase is None else replace(phrase, label=name, raw=name)
