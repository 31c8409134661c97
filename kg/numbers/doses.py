"""Doses: an amount of something given, how often, how, for how long.

:func:`find_doses` reads a text by offsets: amounts (:mod:`kg.numbers.dose_amounts`), whether they
are given (:mod:`kg.numbers.dose_cues`), and the rhythm, route and length that stand with them
(:mod:`kg.numbers.dose_regimens`). A blood level, an enzyme activity, a body weight is no dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from kg.numbers.atoms import Atom, read_atoms
from kg.numbers.dose_amounts import Amount, find_amounts, open_bounds
from kg.numbers.dose_cues import is_dose
from kg.numbers.dose_merge import merge_amounts
from kg.numbers.dose_regimens import (
    Place,
    Regimen,
    is_sequence,
    places,
    read_regimen,
    said_next,
    share,
    without_taken,
)
from kg.numbers.dose_sessions import find_sessions
from kg.numbers.dose_substance import find_alternative, find_substance
from kg.numbers.regimens import (
    OPEN,
    Rhythm,
    Stretch,
    amount_per_day,
    fold,
    multiply,
    number_of_doses,
    sentence_ends,
    to_floats,
)
from kg.numbers.statistic import DoseReading


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
    amounts = merge_amounts(
        folded, find_amounts(text, folded, read_atoms(text) if atoms is None else atoms)
    )
    amounts = _with_sessions(amounts, find_sessions(folded, text, amounts))
    if not amounts:
        return []
    ends = sentence_ends(text)
    found = places(amounts, ends, len(text))
    likely = [
        is_dose(folded, a, p.sentence_start, p.sentence_end, rhythmic=True, routed=True)
        for a, p in zip(amounts, found, strict=True)
    ]
    if not any(likely):
        return []
    wanted = _wanted(folded, amounts, found, likely)
    regimens: list[Regimen] = []
    routes: dict[int, str | None] = {}
    for k, (amount, place) in enumerate(zip(amounts, found, strict=True)):
        regimen = read_regimen(folded, amount, place, routes) if wanted[k] else Regimen()
        if k:
            regimen = without_taken(regimen, regimens[-1], amounts[k - 1], amount)
        regimens.append(regimen)
    regimens = share(folded, amounts, regimens, found)
    regimens = said_next(folded, amounts, regimens, found, ends)
    readings = [
        reading
        for amount, regimen, place, may_be in zip(amounts, regimens, found, likely, strict=True)
        if may_be
        and is_dose(
            folded, amount, place.sentence_start, place.sentence_end,
            rhythmic=regimen.rhythm is not None or regimen.rate is not None,
            routed=regimen.route is not None,
        )
        for reading in _readings(text, folded, amount, regimen, place)
    ]  # fmt: skip
    return _name_steps(folded, _name_lists(_without_totals(folded, readings)))


def _wanted(
    folded: str, amounts: Sequence[Amount], found: Sequence[Place], likely: Sequence[bool]
) -> list[bool]:
    """Return of which amounts a regimen is asked: of those in the sentence of a likely dose, or leading to it."""
    asked = {place.sentence_start for place, may_be in zip(found, likely, strict=True) if may_be}
    wanted = [place.sentence_start in asked for place in found]
    for k in range(len(amounts) - 2, -1, -1):
        wanted[k] = wanted[k] or (wanted[k + 1] and is_sequence(folded, amounts[k], amounts[k + 1]))
    return wanted


def _with_sessions(amounts: list[Amount], sessions: list[Amount]) -> list[Amount]:
    """Return both in text order, sessions with group numbers of their own."""
    if not sessions:
        return amounts
    free = 1 + max((a.group for a in amounts), default=0)
    numbered = [replace(s, group=free + k) for k, s in enumerate(sessions)]
    return sorted([*amounts, *numbered], key=lambda a: (a.start_char, a.end_char))


def _without_totals(folded: str, readings: list[DoseReading]) -> list[DoseReading]:
    """Return the doses without the day's total told in a bracket: "100 mg twice daily (200 mg daily)"."""
    kept: list[DoseReading] = []
    for reading in readings:
        last = kept[-1] if kept else None
        total = (
            last is not None and last.unit == reading.unit and last.per_day_low is not None
            and last.per_day_low == reading.low != last.low and reading.times_per_day_low == 1
            and folded[last.end_char : reading.start_char].strip() == "("
        )  # fmt: skip
        if not total:
            kept.append(reading)
    return kept


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


def _name_steps(folded: str, readings: list[DoseReading]) -> list[DoseReading]:
    """Let the next step of a regimen keep the name of the step before it."""
    named: list[DoseReading] = []
    for reading in readings:
        last = named[-1] if named else None
        if (
            last is not None and reading.substance_start is None
            and last.unit == reading.unit and is_sequence(folded, last, reading)
        ):  # fmt: skip
            reading = replace(
                reading, substance_start=last.substance_start, substance_end=last.substance_end
            )
        named.append(reading)
    return named


def _readings(
    text: str, folded: str, amount: Amount, regimen: Regimen, place: Place
) -> list[DoseReading]:
    """Return the reading of an amount, twice where two things are given in it: "5 mg of A or B"."""
    reading = _reading(text, folded, amount, regimen, place)
    other = find_alternative(folded, amount, place.sentence_end)
    if other is None or amount.position or reading.substance_start is None:
        return [reading]
    return [reading, replace(reading, substance_start=other[0], substance_end=other[1])]


def _reading(text: str, folded: str, amount: Amount, regimen: Regimen, place: Place) -> DoseReading:
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
    rated = (
        "/h" in amount.divisor or "/min" in amount.divisor or amount.code == "%" or amount.diet or amount.per != ""
    )  # fmt: skip
    if not rated:
        per_day = amount_per_day(quantity, times, interval)
        if doses == OPEN and duration:
            doses_given = number_of_doses(times, interval, duration.bounds)
            cumulative = multiply(quantity, doses_given)
        elif doses != OPEN:
            cumulative = quantity if regimen.divided else multiply(quantity, doses)
    ends = [amount.end_char]
    if rhythm and not regimen.ahead and amount.end_char <= rhythm.start_char:
        ends.append(rhythm.end_char)
    ends += [
        x.end_char for x in (duration, regimen.course) if x and x.start_char >= amount.end_char
    ]
    end = max((e for e in ends if e <= place.sentence_end), default=amount.end_char)
    substance = find_substance(folded, amount, place.sentence_start, place.sentence_end)
    times_f, interval_f, day_f, all_f = map(to_floats, (times, interval, per_day, cumulative))
    days_f, doses_f = to_floats(duration.bounds if duration else OPEN), to_floats(doses)
    low, high = to_floats(quantity)
    return DoseReading(
        start_char=amount.start_char, end_char=end, low=low, high=high, unit=amount.unit,
        raw_unit=text[amount.unit_start : amount.unit_end].strip(),
        amount_start=amount.amount_start, amount_end=amount.amount_end,
        times_per_day_low=times_f[0], times_per_day_high=times_f[1],
        interval_days_low=interval_f[0], interval_days_high=interval_f[1],
        frequency=_words(text, rhythm or (None if regimen.rate else regimen.occasion)), route=regimen.route if regimen.route else ("diet" if amount.diet else None),
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
