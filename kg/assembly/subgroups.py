"""Which of two opposite kinds of people a number is of: "stronger in men (HR 0.78) than in women (HR 0.93)".

A sentence that gives a number for each of two such kinds compares no arms: both numbers are of one exposure
or intervention and of one outcome, each in a part of the people. Of one kind alone this says nothing:
"higher in men (OR 1.5)" has sex as its exposure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from kg.assembly.context import Context
from kg.assembly.features import null_value
from kg.assembly.labels import stems
from kg.assembly.outline import own_end, value_place
from kg.assembly.phrase import Phrase
from kg.assembly.sample import told_of_sample

_PEOPLE = (
    r"(?:patients|participants|subjects|individuals|people|persons|adults|those|women|men|children)"
)
_SMALL = r"(?!(?:in|among|for|of|with|the|and|or|than|but|not|both|all|only|these|those|were|was|more|most|many|some|between|versus)\b)"
_WHICH = rf"(?:{_SMALL}[^\W\d_][\w-]{{1,20}}\s+)?"
_YEARS = r"(?:\s*(?:years?|yrs?|y)\b(?:\s+(?:of\s+age|old)\b)?)"
_END = r"(?=\s*[,;:.()\[\]]|\s+(?:and|but|than|versus|vs|compared|was|were|had)\b|\s*$)"
_USERS = rf"(?:smokers|drinkers|diabetics|(?:users|carriers)(?:\s+of\s+[^\W\d][^,;:.()\[\]]{{1,40}}?{_END})?)"


def _aged(bound: str, word: str) -> str:
    """Return the pattern of people on one side of an age."""
    return (
        rf"{word}\s+{_PEOPLE}\b|{_PEOPLE}\s+(?:who\s+were\s+)?(?:aged?\s+)?{bound}\s*(?:age\s+)?\d{{1,3}}{_YEARS}|"
        rf"{_PEOPLE}\s+aged?\s+{bound}\s*\d{{1,3}}\b|{_PEOPLE}\s+aged\s+\d{{1,3}}{_YEARS}?\s+(?:or|and)\s+{word}\b"
    )


class _Kind(NamedTuple):
    """Two opposite kinds of people: what a sentence in small letters holds of them, and how they are told.

    A mean or share of those who smoke beside that of those who do not is a comparison of the two; where
    `measured`, it may be one of subgroups as well.
    """

    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    measured: bool

    @classmethod
    def of(cls, cues: str, one: str, other: str, *, measured: bool = False) -> _Kind:
        pattern = rf"\b(?:(?P<one>{one})|(?P<other>{other}))(?!\w)"
        return cls(tuple(cues.split()), re.compile(pattern, re.IGNORECASE), measured)


_KINDS = (
    _Kind.of(
        "menopausal", r"pre-?menopausal(?:\s+women)?", r"post-?menopausal(?:\s+women)?", measured=True
    ),
    _Kind.of(
        "women girls female",
        rf"{_WHICH}(?:women|girls|females?(?:\s+{_PEOPLE})?)",
        rf"{_WHICH}(?:men|boys|males?(?:\s+{_PEOPLE})?)",
        measured=True,
    ),
    _Kind.of(
        "young year aged",
        _aged(r"(?:<|≤|under|below|up\s+to|(?:younger|less)\s+than)", r"(?:younger|under|less)"),
        _aged(r"(?:>|≥|over|above|at\s+least|(?:older|more)\s+than)", r"(?:older|elderly|over|above|more)"),
        measured=True,
    ),
    _Kind.of(
        "non never", rf"(?:non-?|never[\s-]){_USERS}", rf"(?:(?:current|ever|former|past|continuous)[\s-])?{_USERS}"
    ),
    _Kind.of(
        "without",
        rf"{_PEOPLE}\s+without(?:\s+[^\W\d][^,;:.()\[\]]{{1,50}}?)?{_END}",
        rf"{_PEOPLE}\s+with\s+[^\W\d][^,;:.()\[\]]{{1,50}}?{_END}",
    ),
)  # fmt: skip
#: Words that join a group of people to its number, and to the one before it.
_LEAD = re.compile(
    r"(?:\b(?:in|among|for|of|with)\s+(?:the\s+)?|[(\[;,:]\s*(?:and\s+)?|\b(?:and|than|versus|vs\.?|but\s+not)\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_IN_WHOM = re.compile(r"\s+(?:in|among|for)\s+(?:the\s+)?$", re.IGNORECASE)
_TO_NUMBER = re.compile(
    r"\s*[,:]?\s*[(\[]?\s*(?:n\s*=\s*[\d,]{1,8}\s*[,;)]\s*[(\[]?\s*)?"
    r"(?:(?:was|were|is|are|by|an?|the|adjusted|crude|pooled|multivariable|mean|median|of|increase|decrease|reduction|change)\b\s*){0,4}",
    re.IGNORECASE,
)
_FROM_NUMBER = re.compile(r"[\s)\]%]*\s(?:in|among|for|of)\s+(?:the\s+)?", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?:[\s()\[\],;:%]|\b(?:and|but|not|than|or|while|whereas|vs\.?|versus|compared|with|to|in|among|for|of|the|that|only|also|was|were|had|higher|lower|greater|less|more|stronger|weaker|significantly)\b)*",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\s*[(\[]\s*")
_NEAR = 60  # characters between a group of people and its number


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The people that a number is of, and the number before it that is of the same thing, if there is one."""

    label: str
    people: tuple[tuple[int, int, str], ...]  # where the sentence names them and their opposites
    compares: bool  # an effect in each kind of people: these are no groups that are compared
    alone: bool  # no other number is told of the same people beside it
    twin: int | None = None
    whole: bool = False  # whether that number is of all the people

    def is_named(self, phrase: Phrase | None) -> bool:
        """Tell whether a phrase names these people or their opposites."""
        return phrase is not None and any(
            start <= phrase.start_char < end or stems(phrase.label) == stems(name)
            for start, end, name in self.people
        )

    def without(self, context: Context, phrase: Phrase | None) -> Phrase | None:
        """Return "mortality" for "mortality in men"."""
        if phrase is None:
            return None
        for start, end, _ in self.people:
            if phrase.start_char < start <= phrase.end_char and phrase.end_char <= end:
                lead = _IN_WHOM.search(context.reading.view.text, phrase.start_char, start)
                bare = lead and context.phrase_at(phrase.start_char, lead.start())
                return bare or phrase
        return phrase


class _Told(NamedTuple):
    """The people that stand beside a number."""

    side: str
    start_char: int
    end_char: int
    label: str


def find_subgroups(context: Context) -> dict[int, Subgroup]:
    """Return the subgroup of each number that is told of one of two opposite kinds of people."""
    found: dict[int, Subgroup] = {}
    numbers = range(len(context.statistics))
    for sentence, group in groupby(numbers, key=lambda k: context.places[k].sentence):
        members = list(group)
        if len(members) > 1:
            low = context.annotation.sentences[sentence].text.lower()
            for kind in _KINDS:
                if any([cue in low for cue in kind.cues]):
                    found |= _of_kind(context, sentence, members, kind)
    return found


def _of_kind(
    context: Context, sentence: int, members: Sequence[int], kind: _Kind
) -> dict[int, Subgroup]:
    place = context.annotation.sentences[sentence]
    people = list(kind.pattern.finditer(place.text))
    if len({m.lastgroup for m in people}) < 2:
        return {}
    spans = tuple((place.start_char + m.start(), place.start_char + m.end()) for m in people)
    named = tuple(
        (*span, " ".join(m.group().split())) for span, m in zip(spans, people, strict=True)
    )
    sides = [m.lastgroup or "" for m in people]
    told: dict[int, _Told] = {}
    behind = {k: n for k in members if (n := _behind(context, k, spans)) is not None}
    for k in members:
        n = behind.get(k, _ahead(context, k, spans))
        if n is not None and (k in behind or n not in behind.values()):
            told[k] = _Told(sides[n], *spans[n], named[n][2])
            if _is_pair(context, k):  # "8.1 vs 4.5 months in men"
                told.setdefault(k - 1, told[k])
        elif k - 1 in told and _in_one_bracket(context, k):
            told[k] = told[k - 1]
    kept = {
        k: of for k, of in told.items()
        if any(_alike(context, k, j) and of.side != other.side for j, other in told.items())
    }  # fmt: skip
    compares = any(_compares(context, k) for k in kept)
    if not (kind.measured or compares) or _are_shares(context, kept):
        return {}
    found: dict[int, Subgroup] = {}
    for k, of in sorted(kept.items()):
        alone = sum(other.start_char == of.start_char for other in told.values()) == 1
        twin = _twin(context, k, kept) if alone and k - 1 in members else None
        whole = twin is not None and twin not in kept
        found[k] = Subgroup(of.label, named, compares, alone, twin, whole)
    return found


def _are_shares(context: Context, numbers: Collection[int]) -> bool:
    """Tell whether numbers say how many of each kind there are, not what is found in them."""
    values = [context.statistics[k] for k in numbers]
    total = sum(s.value or 0.0 for s in values)
    whole = len(values) == 2 and all(s.unit == "%" for s in values) and abs(total - 100) < 0.5
    return whole or any(told_of_sample(context, k) for k in numbers)


def _twin(context: Context, k: int, told: Mapping[int, _Told]) -> int | None:
    """Return the number before where nothing but the people parts the two, or where it is of all of them."""
    text, before = context.reading.view.text, k - 1
    if not _alike(context, before, k):
        return None
    start, end = min(told[k].start_char, context.statistics[k].start_char), own_end(context, before)
    if before in told:
        start, end = max(start, end), max(end, min(told[before].end_char, start))
        return before if _PLAIN.fullmatch(text, end, max(start, end)) else None
    return before if _WITHIN.fullmatch(text, context.statistics[before].end_char, start) else None


def _is_pair(context: Context, k: int) -> bool:
    """Tell whether a number is set against that before it."""
    one, other = context.statistics[k - 1], context.statistics[k]
    return k > 0 and other.pairing == "vs" and other.group is not None and one.group == other.group


def _in_one_bracket(context: Context, k: int) -> bool:
    """Tell whether a number stands in one bracket with that before it, and no name parts them."""
    one, other = context.places[k - 1], context.places[k]
    if other.depth == 0 or one.depth == 0 or one.anchor != other.anchor:
        return False
    text = context.reading.view.text
    gap = text[context.statistics[k - 1].end_char : context.statistics[k].start_char]
    return ";" not in gap and len(gap) < _NEAR


def _behind(context: Context, k: int, spans: Sequence[tuple[int, int]]) -> int | None:
    """Return which of the people named in a sentence stand right behind a number: "12% in men"."""
    text = context.reading.view.text
    for end in dict.fromkeys((own_end(context, k), context.statistics[k].end_char)):
        for n, (start, _) in enumerate(spans):
            if end < start <= end + _NEAR and _FROM_NUMBER.fullmatch(text, end, start):
                return n
    return None


def _ahead(context: Context, k: int, spans: Sequence[tuple[int, int]]) -> int | None:
    """Return which of the people named in a sentence stand right before a number: "in men (12%)"."""
    text, s = context.reading.view.text, context.statistics[k]
    first = min(s.start_char, value_place(s))
    for n, (start, end) in enumerate(spans):
        if first - _NEAR <= end <= first and _TO_NUMBER.fullmatch(text, end, first):
            return n if _LEAD.search(text, max(0, start - 12), start) else None
    return None


def _alike(context: Context, one: int, other: int) -> bool:
    a, b = context.statistics[one], context.statistics[other]
    return a.measure == b.measure and a.unit == b.unit and (a.value is None) == (b.value is None)


def _compares(context: Context, k: int) -> bool:
    """Tell whether a number is an effect rather than a value of a group."""
    s = context.statistics[k]
    return (
        null_value(s) is not None
        or s.value is None
        or s.measure in ("r", "rho", "beta")
        or s.p_kind == "interaction"
    )
