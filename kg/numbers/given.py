"""How often something is given whose amount the text leaves out: "timolol twice daily", "two injections of X".

The grammar of doses begins at an amount. Here a rhythm, or a number of injections, is read by itself
(:func:`find_regimens`); whether it goes with a name that stands near it is asked of the words between
the two (:func:`goes_with`): "timolol, given twice daily" and "once-daily insulin glargine", but not
"timolol lowered pressure, measured twice daily".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from kg.numbers.dose_regimens import route_of
from kg.numbers.dose_tables import NUMBER_WORDS
from kg.numbers.regimens import (
    OPEN,
    Rhythm,
    Stretch,
    find_duration,
    find_rhythm,
    fold,
    sentence_ends,
    spaced,
    span_of,
    to_floats,
)
from kg.numbers.statistic import DoseReading, RegimenReading

_ROUTE_REACH: Final = 60  # characters from a rhythm to its route
_GAP: Final = 110  # characters from a name to its rhythm
_MOST_WORDS: Final = 9  # between the two

#: A sentence without any of these words and short forms holds no rhythm; most hold none.
_WORDS_OF_RHYTHM: Final = (
    "dail", "weekly", "monthly", "yearly", "annually", "quarterly", "fortnight", "nightly", "hourly", "twice", "thrice",
    "times", "every", "each", "bedtime", "at night", "morning", "evening", "per day", "per week", "per month", "a day",
    "a week", "a month", "injection", "infusion", "instillation", "doses", "one dose",
)  # fmt: skip
_SHORT_FORMS: Final = re.compile(  # the letter before the look at what stands in front of it
    r"(?:/ ?(?:d|day|wk|week)|b(?<![a-z]b)(?:\.? ?i\.? ?d|ds?)|t(?<![a-z]t)(?:\.? ?i\.? ?d|ds)|o(?<![a-z]o)(?:\.? ?d|n demand)|"
    r"q(?<![a-z]q)(?:\.? ?i\.? ?d|\.? ?d|\.?h\.?s|\.?[ap]\.?m| ?\d)|p(?<![a-z]p)rn|a(?<![a-z]a)s needed|c(?<![a-z]c)ontinuous)(?![a-z])"
)
_NUMBER: Final = rf"(?:\d{{1,2}}|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})(?![a-z])"
#: "two subconjunctival injections": how many times. "Two doses of paclitaxel" may be two amounts of it.
_SPAN: Final = rf"{_NUMBER}(?:(?: ?- ?|-? to | or ){_NUMBER})?"
_ADJECTIVE: Final = r"(?:[a-z-]*(?:al|ous|ar|ic|ly|ive|ed)|further|more)"
_COUNTED: Final = re.compile(spaced(
    rf"(?<![a-z0-9.,/-])(?!an? )(?:(?P<n>{_SPAN}) (?:{_ADJECTIVE} ){{0,2}}?(?:injections?|infusions?|instillations?|administrations?)"
    rf"|(?:(?<=receive[ ])|(?<=received[ ])|(?<=receiving[ ])|(?<=given[ ]))(?P<m>{_SPAN}) (?:{_ADJECTIVE} ){{0,2}}?doses)"
    r"(?![a-z])(?! ?(?:/|per|a day|each|every|daily|weekly))"
))  # fmt: skip
#: Words of a rhythm that say too little away from a dose.
_BARE: Final = re.compile(
    r"(?:an? )?single(?: ascending)?|once|bolus|intermittent(?:ly)?|continuous|annual|(?:per|a|/) ?(?:day|week|month|year|d)"
)


def find_regimens(text: str, doses: Sequence[DoseReading] = ()) -> list[RegimenReading]:
    """Return the rhythms and numbers of injections that stand at no dose, left to right.

    Parameters
    ----------
    text
        Any text; offsets of the readings are into it.
    doses
        The doses read from it: what lies within one is its own.

    Examples
    --------
    >>> [r.frequency for r in find_regimens("Timolol was given twice daily for 12 weeks.")]
    ['twice daily']
    """
    folded = fold(text)
    taken = sorted((d.start_char, d.end_char) for d in doses)
    found: list[RegimenReading] = []
    start = 0
    for end in [*sentence_ends(text), len(text)] if _may_repeat(folded, 0, len(folded)) else ():
        if _may_repeat(folded, start, end):
            told = list(_told(folded, start, end, taken))
            found.extend(_readings(text, folded, start, end, told))
        start = end
    return found


def _may_repeat(folded: str, start: int, end: int) -> bool:
    """Whether a stretch holds anything that tells how often."""
    if any(map(folded[start:end].__contains__, _WORDS_OF_RHYTHM)):
        return True
    return _SHORT_FORMS.search(folded, start, end) is not None


@dataclass(frozen=True, slots=True)
class _Told:
    """How often, how many times, or both: "three monthly injections"."""

    start_char: int
    end_char: int
    rhythm: Rhythm | None = None
    count: Stretch | None = None


def _told(folded: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterator[_Told]:
    """Yield what a sentence tells of rhythms and counts outside the stretches that are `taken`."""
    counted = [
        Stretch(m.start(), m.end(), span_of(m["n"] or m["m"]))
        for m in _COUNTED.finditer(folded, start, end)
    ]
    told = [_Told(c.start_char, c.end_char, count=c) for c in counted]
    at = start
    while (rhythm := find_rhythm(folded, at, end)) is not None:
        rhythm = _whole(folded, rhythm, end)
        at = max(rhythm.end_char, at + 1)
        if _BARE.fullmatch(folded, rhythm.start_char, rhythm.end_char):
            continue
        inside = next((t for t in told if t.start_char < rhythm.end_char and rhythm.start_char < t.end_char), None)  # fmt: skip
        if inside is None:
            told.append(_Told(rhythm.start_char, rhythm.end_char, rhythm))
        elif inside.rhythm is None:
            told[told.index(inside)] = replace(
                inside, start_char=min(inside.start_char, rhythm.start_char),
                end_char=max(inside.end_char, rhythm.end_char), rhythm=rhythm,
            )  # fmt: skip
    for item in sorted(told, key=lambda t: t.start_char):
        if not any(a < item.end_char and item.start_char < b for a, b in taken):
            yield item


def _whole(folded: str, rhythm: Rhythm, end: int) -> Rhythm:
    """Return a rhythm with the time of day behind it: "once daily in the evening"."""
    near = find_rhythm(folded, rhythm.end_char, min(end, rhythm.end_char + 24))
    if near is None or folded[rhythm.end_char : near.start_char].strip(" ,"):
        return rhythm
    return replace(rhythm, end_char=near.end_char)


def _readings(
    text: str, folded: str, start: int, end: int, told: Sequence[_Told]
) -> Iterator[RegimenReading]:
    """Yield what a sentence tells with the route and the length that stand with each."""
    for k, item in enumerate(told):
        before = told[k - 1].end_char if k else start
        after = told[k + 1].start_char if k + 1 < len(told) else end
        length = find_duration(folded, item.end_char, after)
        route = route_of(
            folded, max(before, item.start_char - _ROUTE_REACH), min(after, item.end_char + _ROUTE_REACH)
        )  # fmt: skip
        times = interval = doses = OPEN
        if item.rhythm:
            times, interval = item.rhythm.times_per_day, item.rhythm.interval_days
            doses = (Fraction(1), Fraction(1)) if item.rhythm.once else OPEN
        if item.count:
            doses = item.count.bounds
        pace, every, course = map(to_floats, (times, interval, doses))
        days = to_floats(length.bounds if length else OPEN)
        yield RegimenReading(
            item.start_char, item.end_char, frequency=text[item.start_char : item.end_char],
            times_per_day_low=pace[0], times_per_day_high=pace[1],
            interval_days_low=every[0], interval_days_high=every[1],
            route=route, duration=text[length.start_char : length.end_char] if length else None,
            duration_start=length.start_char if length else None,
            duration_end=length.end_char if length else None,
            duration_days_low=days[0], duration_days_high=days[1],
            doses_low=course[0], doses_high=course[1],
        )  # fmt: skip


_GIVEN_TEXT: Final = """
given administered dosed instilled applied taken used injected infused received was were is are be being been to at as in on by via
orally intravenously subcutaneously intramuscularly topically iv sc im po oral route monotherapy therapy treatment treatments alone
group groups arm arms drop drops eye eyes eyedrops ophthalmic solution suspension gel ointment cream tablet tablets capsule capsules pill
pills injection injections infusion infusions dose doses dosing dosage schedule regimen fixed combination combinations each both all only
either the a an one affected study same supplement supplements supplementation administration application applications preparation
preparations formulation formulations product products medication medications drug drugs spray inhaler patch then also
fixed-combination fixed-dose preservative-free medicated hydrochloride maleate tartrate sodium n use one two 1 2
"""
_GIVEN: Final = frozenset(_GIVEN_TEXT.split())
_OF_TEXT: Final = """
dosing dose doses injection injections infusion infusions administration administrations application applications treatment treatments use
therapy supplementation supplement supplements regimen regimens instillation instillations of with the a an oral intravenous
subcutaneous intramuscular topical intravitreal subconjunctival intranasal inhaled sublingual morning evening bedtime nighttime fixed
fixed-dose fixed-combination combination unfixed concomitant titrated open-label low-dose high-dose high low adjunctive basal prandial premixed
biphasic long-acting rapid-acting preservative-free generic branded either drops eye additional adjuvant maintenance
"""
_OF: Final = frozenset(_OF_TEXT.split())
_BRACKET: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_WORD: Final = re.compile(r"[^ ,:;\u2014*-][^ ,:;*]*")
_PUNCTUATION: Final = re.compile(r"[,:;(]")
#: The words go on to something else: "snack on daily blood glucose".
_DANGLING: Final = re.compile(r"(?<![a-z])(?:an?|the|on|by|in|at|to|as|via) $")
#: "Daily" before a noun is said of the noun: "affected daily glucose profiles".
_ATTRIBUTIVE: Final = re.compile(
    r"(?:daily|weekly|monthly|yearly) (?!(?:for|in|on|or|and|with|to|at|by|from|as|plus|versus|vs|than|was|were|is|are|over|during|until|"
    r"through|throughout|followed|oral|orally|subcutaneous\w*|intramuscular\w*|then|after|before|while|each|starting|beginning|alone|added)(?![a-z]))[a-z]"
)
#: A mean daily dose was measured, a number of injections counted.
_MEASURED_BEFORE: Final = re.compile(
    r"(?<![a-z])(?:total|mean|average|averaged|median|number of|maximum|maximal|recommended|usual|fewer|more|per|than)(?: [a-z]+)? ?$"
)
_MEASURED_AFTER: Final = re.compile(
    r" ?(?:[a-z]+ )?(?:doses?|dosages?|requirements?|intakes?|consumption|needs?|usage|exposure|levels?|titrations?|adjustments?|costs?)(?![a-z])"
)


def goes_with(text: str, name: tuple[int, int], reading: RegimenReading) -> bool:
    """Whether the words between a name and a rhythm say that what is named is given so.

    Parameters
    ----------
    text
        The text in which both stand.
    name
        Where the name of something stands, end excluded.
    reading
        A rhythm in the same sentence.
    """
    if reading.start_char >= name[1]:
        gap = fold(text[name[1] : reading.start_char])
        if len(gap) > _GAP or not _says_only(gap, _GIVEN) or _DANGLING.search(gap):
            return False
        if _ATTRIBUTIVE.match(fold(text[reading.start_char : reading.end_char + 40])):
            return False
        return _is_numbered(reading) or not _PUNCTUATION.search(gap)
    if reading.end_char > name[0]:
        return False
    if name[0] - reading.end_char > _GAP:
        return False
    gap = fold(text[reading.end_char : name[0]])
    if not _says_only(gap, _OF) or _PUNCTUATION.search(_BRACKET.sub("", gap)):
        return False
    return not (
        _MEASURED_BEFORE.search(fold(text[max(0, reading.start_char - 30) : reading.start_char]))
        or _MEASURED_AFTER.match(fold(text[name[1] : name[1] + 40]))
    )


def _is_numbered(reading: RegimenReading) -> bool:
    """Whether a rhythm has a number: "PRN" behind a comma may be another arm."""
    numbers = (reading.times_per_day_low, reading.interval_days_low, reading.doses_low)
    return numbers != (None, None, None)


def _says_only(gap: str, words: frozenset[str]) -> bool:
    """Whether a stretch holds nothing but these words, and brackets."""
    found = [word.strip(".()[]") for word in _WORD.findall(_BRACKET.sub(" ", gap))]
    return len(found) <= _MOST_WORDS and all(not word or word in words for word in found)


def says_how(name: str) -> bool:
    """Whether a stretch says how something is given and not what: "oral treatment", "evening dosing"."""
    return _says_only(fold(name), _GIVEN | _OF)
