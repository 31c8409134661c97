"""What a text says of a dose elsewhere: at its repeats, where its name stands again, of the whole trial.

A title names the dose, the methods say how often and how long. :func:`complete` puts what is told
in several places into one reading; nothing that stands at the dose itself is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from kg.numbers.dose_tables import PIECES, SENTENCE_END
from kg.numbers.regimens import (
    OPEN,
    Rhythm,
    Stretch,
    amount_per_day,
    find_duration,
    find_rhythm,
    fold,
    sentence_ends,
    spaced,
    to_floats,
)
from kg.numbers.statistic import DoseReading

_NEAR: Final = 28  # characters from a name to its rhythm
_LONG: Final = r"[- ](?:days?|weeks?|wks?|months?|mo|years?|yrs?)"
_CALLED_TRIAL: Final = (
    r"[- ,]{1,2}(?:(?!run-in|washout|wash-out|follow|extension|lead-in|after|before|old|and|or|to|at|of|the|had|were|was|with|in)[a-z][a-z-]*[ ,]{1,2}){0,6}?"
    r"(?:trial|study|treatment|intervention|therapy|course|program(?:me)?|supplementation|crossover|comparison|rct)(?![a-z])"
)
_TRIAL: Final = re.compile(spaced(
    r"(?<![a-z0-9.,-])(?P<length>(?:\d{1,3}|one|two|three|four|five|six|eight|nine|ten|twelve|sixteen|eighteen|twenty-four)"
    rf"{_LONG}){_CALLED_TRIAL}"
))  # fmt: skip
#: The same but for the number, which costs more to look for.
_TRIAL_BEHIND: Final = re.compile(spaced(_LONG + _CALLED_TRIAL))
_TREATED: Final = re.compile(
    r"(?<![a-z])(?:randomi[sz]\w+|receiv\w+|treated|treatment|given|took|taking|administ\w+|supplement\w+|assigned|allocated|"
    r"intervention|therapy|consum\w+|ingest\w+|dosed|applied|instilled|fed|performed|underwent|train\w+)(?![a-z])"
)
_BESIDES: Final = re.compile(
    r"(?<![a-z])(?:run-in|washout|wash-out|follow(?:ed|-| )up|followed|previous|prior|stable|at least|extension|history|lead-in|after|"
    r"before|screening|diagnos\w+|duration of diabetes|observ\w+|monitored|older|aged?)(?![a-z])"
)
_OF_TREATMENT: Final = re.compile(
    r" of (?:treatment|therapy|supplementation|intervention)(?![a-z])"
)
_WATCHED: Final = re.compile(
    r"[ -](?:of |an? |the )?(?:follow|washout|wash-out|run-in|extension|observ|monitor|screening|old|of age|ago|earlier|prior|before)"
)
#: What came first: "4 weeks of timolol treatment prior to randomization".
_RUN_IN: Final = re.compile(
    r"[^.;,]{0,40}(?<![a-z])(?:prior to|before) (?:randomi[sz]|enrol|entry|inclusion|baseline|the (?:study|trial|start))"
)
_GIVEN: Final = re.compile(
    r"(?:,? ?\([^)]{0,40}\))?,?(?: \(?(?:\d drops?|one drop|in (?:both|each|one) eyes?|was|were|is|alone|group|arm|therapy|monotherapy|treatment|given|administered|dosed|instilled|applied|taken|to be|orally))*,? ?\(?"
)
_AHEAD: Final = re.compile(
    r"(?: (?:oral|subcutaneous|topical|morning|evening|single|adjunctive|[a-z0-9/]+ (?:or|and|\+)))? "
)
_ALL_GIVEN: Final = re.compile(spaced(
    r"[.:] (?:the |both |all |each )?(?:study |ophthalmic |test )?(?:drugs?|medications?|treatments?|drops?|solutions?|capsules?|tablets?|supplements?|eye ?drops?) "
    r"(?:was|were|is|are) (?:to be )?(?:instilled|administered|given|applied|taken|dosed)(?![a-z])"
))  # fmt: skip
_ALIAS: Final = re.compile(r"[^(.;]{0,40}\((?P<alias>[A-Z][A-Za-z0-9/+-]{1,11})\)")
_SWALLOWED: Final = re.compile(
    r"(?<!vaginal )(?<![a-z])(?:capsules?|tablets?|pills?|softgels?|caplets?|gummies|chewable|swallow\w*|ingest\w*|drank|drinks?|beverages?|juice|syrup|sachets?)(?![a-z])"
)
_EYES: Final = re.compile(
    r"(?<![a-z])(?:intraocular|glaucoma\w*|ocular|eye ?drops?|conjunctiv\w+|ophthalm\w+|keratoconjunctiv\w+|cornea\w*)(?![a-z])"
)


Place = tuple[int, int]


def complete(
    text: str, told: Sequence[tuple[DoseReading, Sequence[DoseReading]]]
) -> list[tuple[DoseReading, tuple[Place, ...]]]:
    """Return the first tellings with what their repeats and the rest of the text say of them.

    With each reading stand the places, besides the repeats, that it was completed from.

    Parameters
    ----------
    text
        The text that all readings were read from.
    told
        Each dose's first telling and its repeats (:mod:`kg.numbers.dose_repeats`).
    """
    if not told:
        return []
    folded = fold(text)
    length = _find_length(text, folded)
    eyes = len(_EYES.findall(folded)) > 1
    general = _said_of_all(folded)
    return [
        _complete(text, folded, first, repeats, length, general, eyes) for first, repeats in told
    ]


def _complete(
    text: str, folded: str, first: DoseReading, repeats: Sequence[DoseReading],
    length: Stretch | None, general: Rhythm | None, eyes: bool,
) -> tuple[DoseReading, tuple[Place, ...]]:  # fmt: skip
    reading = first
    places: list[Place] = []
    for again in repeats:
        reading = _take(reading, again)
    if not _paced(reading) and reading.unit not in PIECES:
        rhythm = _rhythm_by_name(text, folded, reading) or general
        if rhythm is not None:
            reading = _with_rhythm(text, reading, rhythm)
            places.append((rhythm.start_char, rhythm.end_char))
    once = reading.doses_high == 1
    if reading.duration is None and length is not None and not once and reading.phase is None:
        low, high = length.bounds
        places.append((length.start_char, length.end_char))
        reading = replace(
            reading, duration=text[length.start_char : length.end_char],
            duration_days_low=None if low is None else float(low),
            duration_days_high=None if high is None else float(high),
        )  # fmt: skip
    if reading.route is None:
        reading = replace(reading, route=_route_by_form(text, folded, reading, eyes))
    return reading, tuple(places)


def _paced(reading: DoseReading) -> bool:
    return (
        reading.frequency is not None
        or reading.times_per_day_low is not None
        or reading.interval_days_low is not None
        or reading.doses_low is not None
    )


def _take(reading: DoseReading, again: DoseReading) -> DoseReading:
    """Fill what a telling leaves open with what another one says."""
    if not _paced(reading) and _paced(again):
        reading = replace(
            reading, frequency=again.frequency,
            times_per_day_low=again.times_per_day_low, times_per_day_high=again.times_per_day_high,
            interval_days_low=again.interval_days_low, interval_days_high=again.interval_days_high,
            doses_low=again.doses_low, doses_high=again.doses_high,
            per_day_low=again.per_day_low, per_day_high=again.per_day_high,
            cumulative_low=again.cumulative_low, cumulative_high=again.cumulative_high,
        )  # fmt: skip
    elif reading.frequency is None and again.frequency is not None:
        reading = replace(reading, frequency=again.frequency)
    if reading.duration is None and again.duration is not None:
        reading = replace(
            reading, duration=again.duration, duration_days_low=again.duration_days_low,
            duration_days_high=again.duration_days_high,
        )  # fmt: skip
    if reading.route is None and again.route is not None:
        reading = replace(reading, route=again.route)
    if reading.substance_start is None and again.substance_start is not None:
        reading = replace(
            reading, substance_start=again.substance_start, substance_end=again.substance_end
        )
    return reading


def _rhythm_by_name(text: str, folded: str, reading: DoseReading) -> Rhythm | None:
    """Return the rhythm that stands right behind a dose's name elsewhere: "LTFC once daily"."""
    names = []
    alias = _ALIAS.match(text, reading.amount_end)
    if alias:
        names.append(alias["alias"].lower())
    if reading.substance_start is not None and reading.substance_end is not None:
        names.append(folded[reading.substance_start : reading.substance_end])
    for name in names:
        if len(name) < 3:
            continue
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", folded):
            rhythm = find_rhythm(folded, match.end(), match.end() + 2 * _NEAR)
            if (
                rhythm is not None and rhythm.start_char - match.end() <= _NEAR and not rhythm.once
                and _GIVEN.fullmatch(folded, match.end(), rhythm.start_char)
            ):  # fmt: skip
                return rhythm
            ahead = find_rhythm(folded, max(0, match.start() - _NEAR), match.start())
            if (
                ahead is not None and not ahead.once
                and _AHEAD.fullmatch(folded, ahead.end_char, match.start())
            ):  # fmt: skip
                return ahead
    return None


def _said_of_all(folded: str) -> Rhythm | None:
    """Return the rhythm that a sentence states of all that is given: "Drops were instilled once a day"."""
    for match in _ALL_GIVEN.finditer(folded):
        rhythm = find_rhythm(folded, match.end(), match.end() + 2 * _NEAR)
        if (
            rhythm is not None
            and not rhythm.once
            and ". " not in folded[match.end() : rhythm.start_char]
        ):
            return rhythm
    return None


def _with_rhythm(text: str, reading: DoseReading, rhythm: Rhythm) -> DoseReading:
    low, high = (None if b is None else Fraction(str(b)) for b in (reading.low, reading.high))
    per_day = OPEN
    if reading.unit != "%":
        per_day = amount_per_day((low, high), rhythm.times_per_day, rhythm.interval_days)
    times, interval = to_floats(rhythm.times_per_day), to_floats(rhythm.interval_days)
    each = to_floats(per_day)
    return replace(
        reading, frequency=text[rhythm.start_char : rhythm.end_char],
        times_per_day_low=times[0], times_per_day_high=times[1],
        interval_days_low=interval[0], interval_days_high=interval[1],
        per_day_low=each[0], per_day_high=each[1],
    )  # fmt: skip


def find_trial_length(text: str) -> Stretch | None:
    """Return the one length of treatment that a text states of its trial, ``None`` if it states two.

    Examples
    --------
    >>> found = find_trial_length("A 12-week, randomised, double-blind trial of latanoprost.")
    >>> found.start_char, found.end_char, float(found.bounds[0])
    (2, 9, 84.0)
    """
    return _find_length(text, fold(text))


def _find_length(text: str, folded: str) -> Stretch | None:
    """Return how long a trial is called; where it is not, how long people were treated."""
    called = []
    for match in _TRIAL.finditer(folded) if _TRIAL_BEHIND.search(folded) else ():
        stretch = find_duration(f"for {match['length'].replace('-', ' ')}", 0, 99)
        if stretch is not None:
            called.append(Stretch(match.start("length"), match.end("length"), stretch.bounds))
    return _only(called) or _only(_lengths_of_treatment(text, folded))


def _only(found: Sequence[Stretch]) -> Stretch | None:
    lengths = {s.bounds for s in found if (s.bounds[1] or 0) >= 2}
    return next(s for s in found if s.bounds in lengths) if len(lengths) == 1 else None


def _lengths_of_treatment(text: str, folded: str) -> list[Stretch]:
    """Return the first length of each sentence that tells of treatment."""
    found = []
    start = 0
    for end in [*sentence_ends(text), len(text)]:
        stretch = find_duration(folded, start, end) if _TREATED.search(folded, start, end) else None
        if stretch is not None and stretch.bounds != OPEN:
            before = folded[max(start, stretch.start_char - 40) : stretch.start_char]
            of_treatment = _OF_TREATMENT.match(folded, stretch.end_char, end)
            watched = _WATCHED.match(folded, stretch.end_char, end) or _RUN_IN.match(
                folded, stretch.end_char, end
            )
            if of_treatment or not (watched or _BESIDES.search(before)):
                found.append(stretch)
        start = end
    return found


def _route_by_form(text: str, folded: str, reading: DoseReading, eyes: bool) -> str | None:
    """Return the route that the form of what is given tells: capsules are swallowed, drops of an eye trial are not."""
    if reading.unit in {"%", "[drp]"}:
        return "ophthalmic" if eyes else None
    start = max(0, reading.start_char - 160)
    for match in SENTENCE_END.finditer(text, start, reading.start_char):
        start = match.end()
    end = SENTENCE_END.search(text, reading.end_char, reading.end_char + 160)
    stop = end.end() if end else reading.end_char + 160
    return "oral" if _SWALLOWED.search(folded, start, stop) else None
