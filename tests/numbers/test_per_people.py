"""Numbers of people: how many more or fewer of so many, and how many have to be treated."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers

Told = tuple[str | None, float | None, float | None, float | None, str | None]


def _read(text: str) -> list[Told]:
    found = read_numbers(text).statistics
    return [(s.measure, s.value, s.ci_low, s.ci_high, s.unit) for s in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There was one fewer fracture per 1000 adults per year (95% CI 0 to 2).", (-1, -2, 0, "/1000")),
        ("Of every 1000 treated, 23 fewer fell (95% CI 12 to 34 fewer).", (-23, -34, -12, "/1000")),
        ("For every 1000 people treated, 23 fewer fell (95% CI 12 to 34).", (-23, -34, -12, "/1000.{people}")),
        ("Mortality was 18 more per 1000 (95% CI 3 fewer to 40 more).", (18, -3, 40, "/1000")),
        ("We saw 4 fewer deaths per 10,000 people (95% CI 9 fewer to 1 more).", (-4, -9, 1, "/10000.{people}")),
        ("Deaths: 5 fewer per 1000 (12 fewer to 3 more).", (-5, -12, 3, "/1000")),
        ("The difference was 23 fewer per 1000 (from 34 fewer to 12 fewer).", (-23, -34, -12, "/1000")),
        ("This means 25 more people out of 1000 would stop (95% CI 5 to 45).", (25, 5, 45, "/1000")),
    ],
)  # fmt: skip
def test_more_or_fewer_of_so_many_is_a_risk_difference(
    text: str, expected: tuple[float, float, float, str]
) -> None:
    assert _read(text) == [("RD", *expected)]


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("They had 2.3 fewer migraine days per month (95% CI 1.1 to 3.5).", "MD", -2.3),
        ("We saw 12 fewer attacks per 100 person-years (95% CI 5 to 20).", "MD", -12),
        ("The incidence was 8.2 per 1000 women.", "rate", 8.2),
    ],
)
def test_other_numbers_per_something_are_none(text: str, measure: str, value: float) -> None:
    ((found, number, *_),) = _read(text)
    assert (found, number) == (measure, value)


def test_words_give_bounds_their_sign() -> None:
    text = "Pressure was 2.1 mmHg lower (95% CI 5.3 mmHg lower to 1.1 mmHg higher)."
    assert _read(text) == [("MD", -2.1, -5.3, 1.1, "mm[Hg]")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The number needed to treat for one additional beneficial outcome was 36 (95% CI 20 to 200).", (36, 20, 200)),
        ("The number needed to treat for an additional harmful outcome (NNTH) 15, 95% CI 9 to 60.", (15, 9, 60)),
        ("The number needed to treat to prevent one stroke was 53 (95% CI 33 to 140).", (53, 33, 140)),
        ("The number needed to receive care to prevent 1 death was 21 (95% CI 12-79).", (21, 12, 79)),
        ("The number of patients who need to be treated to avoid one event is 44.", (44, None, None)),
        ("The number needed to harm was 25.", (25, None, None)),
    ],
)  # fmt: skip
def test_numbers_needed_are_read(
    text: str, expected: tuple[float, float | None, float | None]
) -> None:
    assert _read(text) == [("NNT", *expected, None)]
