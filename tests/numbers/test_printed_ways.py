"""Numbers as few texts print them: blanks in thousands, slashes for points, open intervals, money, codes."""

from __future__ import annotations

import pytest

from kg.numbers import Statistic, read_numbers


def _read(text: str) -> list[Statistic]:
    return [s for s in read_numbers(text).statistics if s.value is not None]


def _values(text: str) -> list[float | None]:
    return [s.value for s in _read(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Costs were higher (€23 418 vs €9 207; difference €14 211 (95% CI 11 904 to 16 518)).", [23418, 9207, 14211]),
        ("Optical density was 14 620 lower after zinc (P = 0.02).", [-14620]),
        ("The heart rate was higher in one arm (week 24 112 ± 20; P = 0.05).", [112]),
        ("Mean titres were 8.21 [5 mL] versus 6.40 [10 mL], p = 0.04.", [8.21, 6.40]),
        ("The titre was higher in KX2204-B2.5 (7.31) than in KX2204-B5.0 (6.02).", [7.31, 6.02]),
        ("Labour lasted longer (480 min. with zinc v 402 min. with placebo; P = 0.01).", [480, 402]),
        ("The count rose by a factor of 3.1 on zinc (P = 0.02).", [3.1]),
        ("More were attended with zinc (median=9 sessions) than with placebo (median =3.5 sessions).", [9, 3.5]),
        ("Deaths occurred in 17 versus eight patients.", [17, 8]),
    ],
)  # fmt: skip
def test_values(text: str, told: list[float]) -> None:
    assert _values(text) == told


def test_thousands_set_apart_by_a_blank_have_their_interval() -> None:
    found = _read("The adjusted difference was €14 211 (95% CI 11 904 to 16 518).")
    assert [(s.value, s.ci_low, s.ci_high, s.unit) for s in found] == [
        (14211, 11904, 16518, "{EUR}")
    ]
    assert found[0].printed_value == "14 211"


def test_two_numbers_with_a_blank_between_are_two_behind_what_is_numbered() -> None:
    assert 24115 not in _values("Output was higher (week 24 115 ± 25; 95% CI 105-125; P = 0.05).")
    assert _values("Vol. 97 no. 1 217-223 reports a fall of 2.4 kg.") == [-2.4]


def test_a_slash_is_the_decimal_point_where_the_text_shows_it() -> None:
    found = _read("Weight was 3102/45 ± 398 with zinc and 3250/07 ± 411 g with placebo (P=0/03).")
    assert [(s.value, s.sd) for s in found] == [(3102.45, 398), (3250.07, 411)]
    assert found[0].repairs[0].reason == "a slash stands for the decimal point"
    assert found[1].p_value == 0.03


def test_a_blood_pressure_keeps_its_slash() -> None:
    found = _read("Blood pressure was 142/88 ± 12/8 mmHg on zinc.")
    assert [(s.value, s.sd, s.unit) for s in found] == [(142, 12, "mm[Hg]"), (88, 8, "mm[Hg]")]


def test_a_plus_is_a_spread_where_the_text_has_several() -> None:
    found = _read("Scores were 41.2+18.3 at day 2 and 63.0+20.1 at day 5 in the zinc group.")
    assert [(s.value, s.sd) for s in found] == [(41.2, 18.3), (63.0, 20.1)]


@pytest.mark.parametrize(
    "bound", ["not estimable", "not reached", "NE", "NR", "not yet reached", "infinity"]
)
def test_an_upper_bound_that_nobody_knows_is_none(bound: str) -> None:
    found = _read(f"Median survival was 15.2 months (95% CI 9.4 to {bound}) with zinc.")
    assert [(s.value, s.ci_low, s.ci_high, s.ci_level) for s in found] == [(15.2, 9.4, None, 95)]
    assert found[0].printed_ci_low == "9.4"


def test_the_bound_of_a_median_that_was_not_reached_is_no_value() -> None:
    text = "Median survival was not reached (95% CI 15.1 months to not reached) with zinc."
    assert _values(text) == []


def test_a_label_in_a_bracket_of_its_own_belongs_to_the_interval_behind_it() -> None:
    found = _read("Clearance was likelier (odds ratio 3.4 (95% CI) 1.6, 7.2; P = 0.001).")
    assert [(s.measure, s.value, s.ci_low, s.ci_high) for s in found] == [("OR", 3.4, 1.6, 7.2)]


def test_two_numbers_behind_a_median_are_what_its_heading_calls_them() -> None:
    text = "Median (95% confidence interval) times were 88 hours (80-109 hours) on zinc."
    assert [(s.value, s.ci_low, s.ci_high, s.iqr_low) for s in _read(text)] == [(88, 80, 109, None)]


def test_the_name_of_a_bacterium_ends_no_sentence() -> None:
    text = (
        "Carriage went with rhinoviruses (odds ratio 1.7, 95% CI 1.2-2.4), with S. aureus in A. baumannii, H. influenzae, "
        "E. coli and P. mirabilis carriers, and with adenoviruses (2.9, 1.1-7.4)."
    )
    assert (2.9, 1.1, 7.4) in [(s.value, s.ci_low, s.ci_high) for s in _read(text)]


@pytest.mark.parametrize("money", ["USD 45", "45 USD", "EUR45.50", "KRW 369000", "GBP 12.40"])
def test_money_has_its_code_for_a_unit(money: str) -> None:
    found = _read(f"The mean cost per visit was {money} with zinc.")
    assert [s.unit for s in found] == [f"{{{money.strip('0123456789. ')}}}"]


def test_amounts_that_name_groups_hide_no_value_from_the_next() -> None:
    found = _read("Pain fell by 6.3 points with 15 mg, 3.8 points with 30 mg and 1.1 with placebo.")
    assert [(s.value, s.unit) for s in found] == [
        (-6.3, "{points}"), (-3.8, "{points}"), (-1.1, "{points}"),
    ]  # fmt: skip


@pytest.mark.parametrize("points", ["percentage points", "p.p.", "%-points"])
def test_percentage_points_are_a_difference_of_risks(points: str) -> None:
    assert [s.measure for s in _read(f"Adherence rose by 25 {points} on zinc (P = 0.03).")] == [
        "RD"
    ]


def test_percentage_points_of_what_is_a_percentage_itself_are_a_difference_of_means() -> None:
    found = _read("HbA1c was 0.9 (95% CI 0.4 to 1.4) percentage points lower on zinc.")
    assert [s.measure for s in found] == ["MD"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Range of motion was 11° more on zinc (p = 0.001).", [("MD", 11, "deg")]),
        ("Flexion improved by 12 degrees (95% CI 4 to 20).", [("MD", 12, "deg")]),
        ("The mean Cobb angle was 20.5 ± 3.9° with the brace.", [("mean", 20.5, "deg")]),
        ("Patients on zinc lived a mean of 0.701 QALYs.", [("mean", 0.701, "{QALY}")]),
        ("Temperature averaged 37.2 °C with zinc.", [("mean", 37.2, "Cel")]),
    ],
)
def test_degrees_and_life_years_are_units(text: str, told: list[tuple[str, float, str]]) -> None:
    assert [(s.measure, s.value, s.unit) for s in _read(text)] == told


def test_a_bare_angle_is_a_setting() -> None:
    assert _values("Screws were placed at 30° in one group and 45° in the other.") == []
