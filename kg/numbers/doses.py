"""Doses: an amount of something given, how often, how, for how long.

:func:`find_doses` reads a text by offsets: amounts (:mod:`kg.numbers.dose_amounts`), whether they
are given (:mod:`kg.numbers.dose_cues`), and the rhythm, route and length that stand with them
(:mod:`kg.numbers.regimens`). A blood level, an enzyme activity, a body weight is no dose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from kg.numbers.atoms import Atom, read_atoms
from kg.numbers.dose_amounts import Amount, find_amounts, open_bounds
from kg.numbers.dose_cues import find_substance, is_content, is_dose, is_price
from kg.numbers.dose_tables import ROUTES, VAGUE_ROUTES
from kg.numbers.regimens import (
    OPEN,
    Bounds,
    Rhythm,
    Stretch,
    amount_per_day,
    find_course,
    find_duration,
    find_rhythm,
    fold,
    multiply,
    number_of_doses,
)
from kg.numbers.statistic import DoseReading

DoseContext = Literal["price", "level", "content", "recommendation", "background", "intake"]

_AHEAD: Final = 140
_BEHIND: Final = 90
_FAR: Final = 250  # how far off a length of treatment may stand
_SENTENCE_END: Final = re.compile(
    r"(?<!\bvs)(?<!\bapprox)(?<!\bno)(?<!\bca)(?<!\bfig)(?<!\be\.g)(?<!\bi\.e)(?<![ (]i\. v)(?<![ (]i\.v)(?<![ (]i\.m)"
    r"[.!?](?=\d{0,3}(?:,\d{1,2})*\s+[A-Z(\[*#\u2022-])|\n[ \t]*(?=\n)|\n(?=[ \t]*(?:[*\u2022#|]|- |\d{1,2}[.)] ))|\|"
)
_ROUTE: Final = re.compile(
    "|".join(f"(?P<r{k}>(?<![a-z0-9.])(?:{pattern})(?![a-z]))" for k, (pattern, _) in enumerate(ROUTES))
)
_NOT_A_ROUTE: Final = re.compile(r"(?:stage|grade|class|type|phase|level|group) ?$")
_COORDINATED: Final = re.compile(r"^[ )\]]*[/,;+&]|(?:^|[ ,;)])(?:and|or|plus|vs\.?|versus|with|then|followed by|compared with|compared to)(?: |$)|^[ ]?[/,;+&]|[/+&,] ?$|^$| \+ ")
_LOADING: Final = re.compile(r"(?<![a-z])(?:loading|stoss|initial bolus|bolus|induction)(?![a-z])")
_MAINTENANCE: Final = re.compile(r"(?<![a-z])(?:maintenance|maintain\w*|thereafter|followed by|then)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _Regimen:
    """What stands with one amount."""

    rhythm: Rhythm | None = None
    rate: Rhythm | None = None  # the "/day" of the unit
    ahead: bool = False  # the rhythm stands in front of the amount
    route: tuple[str, int, int] | None = None
    duration: Stretch | None = None
    course: Stretch | None = None
    phase: str | None = None


def find_doses(text: str, atoms: Sequence[Atom] | None = None) -> list[DoseReading]:
    """Return the doses of a text, left to right; an amount that is not given is left out.

    Parameters
    ----------
    text
        Any text; offsets of the readings are into it.
    atoms
        The text's atoms, where they are read already (:func:`kg.numbers.atoms.read_atoms`).

    Returns
    -------
    list of DoseReading
        Units are UCUM codes. ``frequency`` and ``duration`` are words of the text, ``route`` the
        name of the route in :data:`kg.numbers.dose_tables.ROUTES`. A rhythm that is part of the
        unit ("IU/day") has no words and stands in ``times_per_day`` or ``interval_days`` alone.

    Examples
    --------
    >>> dose, = find_doses("Vitamin D (300,000 IU) once every 7-10 days, 4-6 times in total")
    >>> dose.interval_days_low, dose.interval_days_high, dose.doses_low, dose.cumulative_high
    (7.0, 10.0, 4.0, 1800000.0)
    """
    folded = fold(text)
    amounts = find_amounts(text, folded, read_atoms(text) if atoms is None else atoms)
    if not amounts:
        return []
    ends = [m.end() for m in _SENTENCE_END.finditer(text)]
    at = 0
    regimens: list[_Regimen] = []
    sentences: list[tuple[int, int]] = []
    for k, amount in enumerate(amounts):
        while at < len(ends) and ends[at] <= amount.start_char:
            at += 1
        sentence = (ends[at - 1] if at else 0, ends[at] if at < len(ends) else len(text))
        sentences.append(sentence)
        regimen = _regimen(folded, amounts, k, sentence)
        regimens.append(_without_taken(regimen, regimens[-1], amounts[k - 1]) if regimens else regimen)
    regimens = _share(folded, amounts, regimens, sentences)
    regimens = _said_next(folded, amounts, regimens, sentences, ends)
    readings = [
        _reading(text, folded, amount, regimen, sentence)
        for amount, regimen, sentence in zip(amounts, regimens, sentences, strict=True)
        if is_dose(
            folded, amount, *sentence,
            rhythmic=regimen.rhythm is not None or regimen.rate is not None,
            routed=regimen.route is not None,
        )
    ]  # fmt: skip
    return _name_lists(readings)


def _name_lists(readings: list[DoseReading]) -> list[DoseReading]:
    """Let the doses of a list share the name that stands at one of them."""
    names: dict[int | None, DoseReading] = {}
    for reading in readings:
        if reading.substance_start is not None:
            names.setdefault(reading.group, reading)
    return [
        reading if reading.substance_start is not None or reading.group not in names
        else replace(
            reading, substance_start=names[reading.group].substance_start,
            substance_end=names[reading.group].substance_end,
        )
        for reading in readings
    ]  # fmt: skip


def _without_taken(regimen: _Regimen, previous: _Regimen, last: Amount) -> _Regimen:
    """Drop what stands in front of an amount and belongs to the one before it, `last`."""
    rhythm, duration = regimen.rhythm, regimen.duration
    near = rhythm is not None and rhythm.start_char - last.end_char <= 30
    if regimen.ahead and near and rhythm == previous.rhythm and not previous.ahead:
        regimen = replace(regimen, rhythm=None, ahead=False)
    if duration and duration == previous.duration and duration.start_char >= last.end_char:
        regimen = replace(regimen, duration=None)
    return regimen


def _next_start(amounts: Sequence[Amount], k: int) -> int:
    """Return where the next amount of another list begins, a large number if none does."""
    for later in amounts[k + 1 :]:
        if later.group != amounts[k].group:
            return later.start_char
    return 1 << 60


def _previous_end(amounts: Sequence[Amount], k: int) -> int:
    for earlier in reversed(amounts[:k]):
        if earlier.group != amounts[k].group:
            return earlier.end_char
    return 0


def _list_end(amounts: Sequence[Amount], k: int) -> int:
    """Return the end of the list that amount `k` stands in: its unit is there."""
    end = amounts[k].end_char
    for later in amounts[k + 1 :]:
        if later.group != amounts[k].group:
            break
        end = later.end_char
    return end


def _regimen(text: str, amounts: Sequence[Amount], k: int, sentence: tuple[int, int]) -> _Regimen:
    amount = amounts[k]
    end = _list_end(amounts, k)
    ahead_end = min(sentence[1], end + _AHEAD, _next_start(amounts, k))
    behind_start = max(sentence[0], amount.start_char - _BEHIND, _previous_end(amounts, k))
    first_of_list = next(a.start_char for a in amounts[max(0, k - amount.position) :] if a.group == amount.group)
    behind_end = min(amount.start_char, first_of_list)
    before = _rhythm_before(text, behind_start, behind_end)
    after = find_rhythm(text, end, ahead_end)
    if after and _NEXT_ONE.search(text[end : after.start_char]):
        after = None  # "0.5% and twice daily …": the rhythm of what comes next
    rhythm, ahead = after, False
    if before and (after is None or after.start_char - end > 30):
        rhythm, ahead = before, True
    rate = amount.rhythm
    if rate and rate.start_char and rhythm is None and text[rate.start_char - 4 : rate.start_char] == "per ":
        rhythm = replace(rate, start_char=rate.start_char - 4)
    if rate and rhythm and not ahead and rhythm.once:
        rhythm = None
    far = min(sentence[1], end + _FAR, _next_start(amounts, k))
    duration = find_duration(text, end, far) or _duration_before(text, *sentence, amount.start_char)
    course = find_course(text, end, ahead_end)
    if course is None:
        course = _course_before(text, behind_start, behind_end)
    route_end = min(ahead_end, _next_of_own(text, end, ahead_end))
    route = (
        _route(text, end, route_end, first=True)
        or _route(text, behind_start, behind_end, first=False)
        or _only_route(text, *sentence)
    )
    return _Regimen(rhythm, rate, ahead, route, duration, course, _phase(text, behind_start, behind_end, end, ahead_end))


_RHYTHM_GAP: Final = re.compile(
    r"[ ,(:*]*(?:[a-z0-9()/+-]+[ ,]{1,3}){0,5}[a-z0-9()/+-]*[ ,(:*]*(?:dos(?:e|es|age) )?(?:of |at )?[ (*]*"
)
_NEXT_ONE: Final = re.compile(r"(?:^|[ ,;)])(?:and|or|plus|versus|vs\.?|with|followed by|then|by) (?:an? |the )?$")


_OTHER_DRUG: Final = re.compile(
    r"(?<![a-z])(?:added to|plus|together with|combined with|in combination with|versus|vs|and|or|followed by|then) "
)


def _next_of_own(text: str, start: int, end: int) -> int:
    """Return where what follows a dose turns to something else that is given."""
    match = _OTHER_DRUG.search(text, start, end)
    return match.start() if match and match.start() > start + 1 else end


def _rhythm_before(text: str, start: int, end: int) -> Rhythm | None:
    """Return the last rhythm in front of an amount, if little stands between ("weekly dose of")."""
    found = None
    at = start
    while rhythm := find_rhythm(text, at, end):
        found = rhythm
        at = max(rhythm.end_char, at + 1)
    if found is None:
        return None
    gap = text[found.end_char : end]
    return found if _RHYTHM_GAP.fullmatch(gap) and len(gap) <= 60 else None


def _course_before(text: str, start: int, end: int) -> Stretch | None:
    course = find_course(text, start, end)
    if course is None:
        return None
    return course if re.fullmatch(r"(?: oral| intramuscular| high| large)? ?(?:doses )?(?:of )?(?:[a-z0-9-]+ ){0,4}\(?(?:[a-z0-9]+ )?", text[course.end_char : end]) else None


def _route(text: str, start: int, end: int, *, first: bool) -> tuple[str, int, int] | None:
    """Return the first (or last) route in a stretch: its name and place."""
    found = None
    for match in _ROUTE.finditer(text, start, end):
        if _NOT_A_ROUTE.search(text, max(0, match.start() - 8), match.start()):
            continue
        name = ROUTES[int((match.lastgroup or "r0")[1:])][1]
        if found and name in VAGUE_ROUTES:
            continue
        found = (name, match.start(), match.end())
        if first and name not in VAGUE_ROUTES:
            break
    return found


def _only_route(text: str, start: int, end: int) -> tuple[str, int, int] | None:
    """Return the route of a sentence that names one alone."""
    names = {}
    for match in _ROUTE.finditer(text, start, min(end, start + 2000)):
        if not _NOT_A_ROUTE.search(text, max(0, match.start() - 8), match.start()):
            name = ROUTES[int((match.lastgroup or "r0")[1:])][1]
            names.setdefault(name, (name, match.start(), match.end()))
    return next(iter(names.values())) if len(names) == 1 else None


def _duration_before(text: str, start: int, end: int, at: int) -> Stretch | None:
    """Return the one length of treatment that a sentence states in front of a dose."""
    first = find_duration(text, max(start, at - _FAR), at)
    if first is None or first.bounds == OPEN or find_duration(text, first.end_char, end):
        return None
    return first


def _phase(text: str, start: int, end: int, after: int, ahead_end: int) -> str | None:
    near = text[max(start, end - 50) : end]
    ahead = text[after : min(ahead_end, after + 25)]
    if _LOADING.search(near) or _LOADING.search(ahead):
        last_loading = max((m.start() for m in _LOADING.finditer(near)), default=-1)
        last_maintenance = max((m.start() for m in _MAINTENANCE.finditer(near)), default=-1)
        if last_maintenance <= last_loading or last_maintenance < 0:
            return "loading"
    if _MAINTENANCE.search(near) or re.match(r" ?maintenance", ahead):
        return "maintenance"
    return None


_SEQUENCE: Final = re.compile(r"(?<![a-z])(?:then|thereafter|followed by|subsequently|after which|before)(?![a-z])")


def _share(
    text: str,
    amounts: Sequence[Amount],
    regimens: list[_Regimen],
    sentences: Sequence[tuple[int, int]],
) -> list[_Regimen]:
    """Let coordinated amounts share what is said once: "75 mg of A and 4 mg of B daily"."""
    shared = list(regimens)
    for k in range(len(amounts) - 2, -1, -1):
        if sentences[k] != sentences[k + 1] or not _coordinated(text, amounts[k], amounts[k + 1]):
            continue
        mine, other = shared[k], shared[k + 1]
        if _SEQUENCE.search(text, amounts[k].end_char, amounts[k + 1].start_char):
            shared[k] = replace(mine, route=mine.route or other.route)
            continue
        if mine.rhythm is None and mine.rate is None and not other.ahead and not (other.rhythm and other.rhythm.once):
            mine = replace(mine, rhythm=other.rhythm, rate=other.rate)
            if mine.course is None:
                mine = replace(mine, course=other.course)
        shared[k] = replace(
            mine, duration=mine.duration or other.duration, route=mine.route or other.route
        )
    for k in range(1, len(amounts)):
        if sentences[k] != sentences[k - 1] or not _coordinated(text, amounts[k - 1], amounts[k]):
            continue
        mine, other = shared[k], shared[k - 1]
        if mine.rhythm is None and mine.rate is None and other.ahead:
            mine = replace(mine, rhythm=other.rhythm, ahead=True)
        shared[k] = replace(mine, route=mine.route or other.route)
    return shared


_GIVEN_SO: Final = re.compile(
    r"[ *]*(?:the |these |both |all |each |study )*(?:drugs?|medications?|treatments?|formulations?|both|all|each|"
    r"tablets?|capsules?|doses?|supplements?|therapy|they|it|placebo|solutions?)(?: [a-z]+){0,3}? "
    r"(?:was|were|is|are) (?:then |also )?(?:administered|given|taken|applied|instilled|received|dosed|continued)(?![a-z])"
)


def _said_next(
    text: str,
    amounts: Sequence[Amount],
    regimens: list[_Regimen],
    sentences: Sequence[tuple[int, int]],
    ends: Sequence[int],
) -> list[_Regimen]:
    """Give doses what the next sentence says of all: "Drugs were given once daily for 8 weeks."."""
    told = list(regimens)
    for k, amount in enumerate(amounts):
        mine, start = told[k], sentences[k][1]
        if mine.rhythm or mine.rate or amount.level or not _GIVEN_SO.match(text, start):
            continue
        stop = min(ends[bisect_right(ends, start)] if bisect_right(ends, start) < len(ends) else len(text), start + _FAR)
        if k + 1 < len(amounts) and any(start <= a.start_char < stop for a in amounts[k + 1 : k + 8]):
            continue
        told[k] = replace(
            mine, rhythm=find_rhythm(text, start, stop),
            duration=mine.duration or find_duration(text, start, stop),
            route=mine.route or _route(text, start, stop, first=True),
        )  # fmt: skip
    return told


def _coordinated(text: str, first: Amount, second: Amount) -> bool:
    if first.group == second.group:
        return True
    gap = text[first.end_char : second.start_char]
    return len(gap) <= 80 and bool(_COORDINATED.search(gap))


def _floats(bounds: Bounds) -> tuple[float | None, float | None]:
    low, high = bounds
    return (None if low is None else float(low), None if high is None else float(high))


def _reading(text: str, folded: str, amount: Amount, regimen: _Regimen, sentence: tuple[int, int]) -> DoseReading:
    """Write an amount and what stands with it as a reading."""
    basis = regimen.rate or regimen.rhythm
    times, interval = (basis.times_per_day, basis.interval_days) if basis else (OPEN, OPEN)
    rhythm = regimen.rhythm
    once = rhythm is not None and rhythm.once and regimen.rate is None
    quantity = open_bounds(amount)
    per_day = cumulative = OPEN
    doses = regimen.course.bounds if regimen.course else OPEN
    duration = regimen.duration
    lasting = duration or regimen.course
    if once and doses == OPEN:
        doses = (Fraction(1), Fraction(1))
    rated = "/h" in amount.divisor or "/min" in amount.divisor or amount.code == "%" or amount.diet
    if not rated:
        per_day = amount_per_day(quantity, times, interval)
        if doses == OPEN and duration:
            doses_given = number_of_doses(times, interval, duration.bounds)
            cumulative = multiply(quantity, doses_given)
        elif doses != OPEN:
            cumulative = multiply(quantity, doses)
    ends = [amount.end_char]
    if rhythm and not regimen.ahead and amount.end_char <= rhythm.start_char:
        ends.append(rhythm.end_char)
    ends += [x.end_char for x in (duration, regimen.course) if x and x.start_char >= amount.end_char]
    end = max((e for e in ends if e <= sentence[1]), default=amount.end_char)
    substance = find_substance(folded, amount, *sentence)
    times_f, interval_f, day_f, all_f = map(_floats, (times, interval, per_day, cumulative))
    days_f, doses_f = _floats(duration.bounds if duration else OPEN), _floats(doses)
    low, high = _floats(quantity)
    return DoseReading(
        start_char=amount.start_char, end_char=end, low=low, high=high, unit=amount.unit,
        raw_unit=text[amount.unit_start : amount.unit_end].strip(),
        amount_start=amount.amount_start, amount_end=amount.amount_end,
        times_per_day_low=times_f[0], times_per_day_high=times_f[1],
        interval_days_low=interval_f[0], interval_days_high=interval_f[1],
        frequency=_words(text, rhythm), route=regimen.route[0] if regimen.route else ("diet" if amount.diet else None),
        duration=_words(text, lasting),
        duration_days_low=days_f[0], duration_days_high=days_f[1],
        doses_low=doses_f[0], doses_high=doses_f[1],
        per_day_low=day_f[0], per_day_high=day_f[1],
        cumulative_low=all_f[0], cumulative_high=all_f[1], phase=regimen.phase,
        substance_start=substance[0] if substance else None,
        substance_end=substance[1] if substance else None,
        group=amount.group, position=amount.position,
    )  # fmt: skip


def _words(text: str, found: Rhythm | Stretch | None) -> str | None:
    return None if found is None else text[found.start_char : found.end_char]


_ADVICE: Final = re.compile(
    r"(?<![a-z])(?:recommend\w*|should|rda|adequate intake|upper (?:safe|safety|limit|intake|level)|guideline\w*|tolerable|safe)(?![a-z])"
)
_BACKGROUND: Final = re.compile(
    r"(?<![a-z])(?:previous(?:ly)?|earlier (?:stud|trial)\w*|other stud\w*|has been shown|have been shown|inclusion|exclu\w+|eligib\w+|stable (?:dose|on)|background|refractory to|inadequate\w*)(?![a-z])"
)
_INTAKE: Final = re.compile(r"(?<![a-z])(?:intakes?|consum\w+|dietary)(?![a-z])")
_LEVEL: Final = re.compile(r"(?<![a-z])(?:serum|plasma|blood|circulating|level|levels|concentration|concentrations)(?: [a-z0-9()-]+){0,3} ?(?:of|was|were|=|:)? ?$")


def dose_context(text: str, reading: DoseReading) -> DoseContext | None:
    """Return what the words around a dose say it is, ``None`` where they say nothing.

    ``price`` and ``content`` (of a food or a product) are no doses that anyone was given;
    ``recommendation`` and ``background`` are none of the study's own; ``intake`` is what people
    took by themselves.
    """
    start = max(0, reading.start_char - 160)
    folded = fold(text[start : reading.end_char + 120])
    at, end = reading.start_char - start, reading.end_char - start
    unit_end = reading.amount_end - start
    before = folded[:at]
    for match in _SENTENCE_END.finditer(text, start, reading.start_char):
        before = folded[match.end() - start : at]
    after_end = _SENTENCE_END.search(text, reading.end_char, reading.end_char + 120)
    after = folded[end : (after_end.start() - start) if after_end else end + 80]
    if is_price(folded, at, end):
        return "price"
    if is_content(folded, at, unit_end + len(reading.raw_unit) + 1):
        return "content"
    if _LEVEL.search(before):
        return "level"
    if _ADVICE.search(before) or _ADVICE.search(after):
        return "recommendation"
    if _BACKGROUND.search(before) or _BACKGROUND.search(after[:40]):
        return "background"
    if _INTAKE.search(before):
        return "intake"
    return None
