"""Doses generated from the grammar's own tables are read back; any text is survived."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.numbers.dose_context import dose_context
from kg.numbers.dose_tables import TIME_DAYS
from kg.numbers.doses import find_doses
from kg.numbers.regimens import (
    OPEN,
    amount_per_day,
    find_duration,
    find_rhythm,
    fold,
    number_of_doses,
)
from tests.pace import grows_with_length

UNITS = {
    "IU": "[iU]", "UI": "[iU]", "international units": "[iU]", "mg": "mg", "µg": "ug", "μg": "ug",
    "mcg": "ug", "microg": "ug", "micrograms": "ug", "mg/kg": "mg/kg", "mg/m2": "mg/m2",
    "mg kg−1": "mg/kg", "IU/kg": "[iU]/kg", "ug/kg": "ug/kg",
}  # fmt: skip
RHYTHMS = {
    "daily": (1, None), "once daily": (1, None), "twice daily": (2, None), "twice a day": (2, None),
    "three times a day": (3, None), "3 times/day": (3, None), "bid": (2, None), "t.i.d.": (3, None),
    "weekly": (None, 7), "once weekly": (None, 7), "every week": (None, 7), "fortnightly": (None, 14),
    "every other day": (None, 2), "on alternate days": (None, 2), "every 2 weeks": (None, 14),
    "every 10 days": (None, 10), "q3w": (None, 21), "every 8 hours": (3, None),
}  # fmt: skip
SPAN_UNITS = {"days": 1, "weeks": 7, "wk": 7, "months": 30.4375, "years": 365.25}

amounts = st.integers(1, 999) | st.sampled_from([1000, 2500, 50000, 100000, 300000])
printed = st.sampled_from(["{:d}", "{:,d}"])


@given(amounts, printed, st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(RHYTHMS)),
       st.integers(1, 60), st.sampled_from(sorted(SPAN_UNITS)), st.sampled_from([" ", "\u00a0", "\u2009", "  ", "\n"]))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_a_regimen_is_read_back(
    amount: int, shape: str, unit: str, rhythm: str, length: int, span: str, space: str
) -> None:
    text = f"Patients received drugamab {shape.format(amount)}{space}{unit} {rhythm} for {length} {span}."
    (reading,) = find_doses(text)
    times, interval = RHYTHMS[rhythm]
    assert (reading.low, reading.high, reading.unit) == (amount, amount, UNITS[unit])
    assert (reading.times_per_day_low, reading.interval_days_low) == (times, interval)
    assert math.isclose(reading.duration_days_high or 0, length * SPAN_UNITS[span])
    assert reading.duration == f"{length} {span}"
    per_day = amount * times if times else amount / (interval or 1)
    assert math.isclose(reading.per_day_low or 0, per_day)


@given(
    st.lists(st.integers(1, 5000), min_size=2, max_size=6, unique=True),
    st.sampled_from([" or ", ", or ", " and ", ", and "]),
)
@settings(deadline=None, max_examples=60)
def test_arms_that_share_a_unit_are_all_read(arms: list[int], last: str) -> None:
    text = "given vitamin D3 " + ", ".join(map(str, arms[:-1])) + last + f"{arms[-1]} IU daily"
    readings = find_doses(text)
    assert [r.low for r in readings] == arms
    assert {r.frequency for r in readings} == {"daily"}


@given(st.integers(1, 500), st.integers(1, 500), st.sampled_from(["-", "–", " to ", " - "]))
@settings(deadline=None, max_examples=60)
def test_a_range_keeps_its_order(low: int, more: int, dash: str) -> None:
    (reading,) = find_doses(f"doses of {low}{dash}{low + more} mg/day of it")
    assert (reading.low, reading.high) == (low, low + more)


positive = st.fractions(min_value=Fraction(1, 100), max_value=1000)


@given(positive, positive, positive, positive)
def test_interval_arithmetic_holds_every_case_between_its_bounds(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    low, high = min(a, b), max(a, b)
    short, long = min(c, d), max(c, d)
    smallest, largest = amount_per_day((low, high), OPEN, (short, long))
    assert smallest == low / long
    assert largest == high / short
    fewest, most = number_of_doses(OPEN, (short, long), (long * 5, long * 5))
    assert fewest is not None
    assert most is not None
    assert 1 <= fewest <= most


@given(st.sampled_from(sorted(RHYTHMS)), st.integers(0, 20))
def test_rhythms_are_found_anywhere(rhythm: str, shift: int) -> None:
    text = fold("x " * shift + rhythm + ".")
    found = find_rhythm(text, 0, len(text))
    assert found is not None
    expected = RHYTHMS[rhythm]
    assert (found.times_per_day[0], found.interval_days[0]) == expected


@given(
    st.sampled_from(
        [w for p, _ in TIME_DAYS for w in p.replace("s?", "s").split("|") if len(w) > 2]
    )
)
def test_every_time_unit_makes_a_duration(unit: str) -> None:
    text = f"for 12 {unit} "
    found = find_duration(text, 0, len(text))
    assert found is not None
    assert found.bounds != OPEN


fragments = st.sampled_from([
    "400", "1,000", " IU", "mg", "/day", "/kg", " daily", "twice", "every ", "7-10 days", "(", ")", "≥", "up to ",
    " of ", "vitamin D", "%", "-", "–", ".", "\n", ",", " or ", " and ", "±", "?", "million", "once", "for 3 weeks",
    "µ", "g", "²", "İ", "\x00", "⁻¹", "ml", "/", "loading dose", "oral", "per 100 g",
])  # fmt: skip


@given(st.lists(fragments, max_size=60).map("".join) | st.text(max_size=80))
@settings(deadline=None, max_examples=120)
def test_no_text_is_too_strange(text: str) -> None:
    size = len(text)
    for reading in find_doses(text):
        assert 0 <= reading.start_char <= reading.amount_start < reading.amount_end <= size
        assert reading.amount_end <= reading.end_char <= size
        assert (reading.low, reading.high) != (None, None)
        if reading.low is not None and reading.high is not None:
            assert reading.low <= reading.high
        if reading.substance_start is not None and reading.substance_end is not None:
            assert 0 <= reading.substance_start < reading.substance_end <= size
        for low, high in (
            (reading.per_day_low, reading.per_day_high),
            (reading.cumulative_low, reading.cumulative_high),
        ):
            assert low is None or high is None or low <= high
        dose_context(text, reading)


def test_time_grows_with_length_alone() -> None:
    for piece in (
        "400 IU daily for 3 weeks, ",
        "400, ",
        "12 mg or ",
        "x" * 24 + " ",
        "( (/ 3 - ",
        "5 mg of a b c d ",
    ):
        assert grows_with_length(find_doses, piece * 100, piece * 800), piece
