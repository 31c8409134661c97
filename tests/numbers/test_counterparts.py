"""A bare number of one group is the quantity that stands beside it for another."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers

Told = list[tuple[str | None, float]]


def _read(text: str) -> Told:
    return [(s.measure, s.value) for s in read_numbers(text).statistics if s.value is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mean hyperaemia was graded at 0.4 in treated eyes and 0.1 in the other eyes.", [0.4, 0.1]),
        ("The average pain was reduced to 2.6, 1.8 and 0.7 in the laser group.", [2.6, 1.8, 0.7]),
        ("Success was 0.81 at 1 year and 0.64 at 2 years.", [0.81, 0.64]),
        ("Survival was 14 months for cisplatin and 11 months for carboplatin.", [14, 11]),
        ("There were 61 deaths occurring in the zinc group and 74 in the placebo group.", [61, 74]),
        ("Relapse occurred in 31 patients in the zinc group and 27 patients of the control group.", [31, 27]),
        ("Four patients in the zinc group and nine patients in the placebo group developed cataract.", [4, 9]),
        ("An event occurred in 71 patients receiving zinc (n = 412) and 88 receiving placebo (n = 405).", [71, 88]),
        ("Of these cancers some were invasive (33 on zinc and 51 on placebo; HR = 0.66, 95% CI = 0.43 to 0.99).", [33, 51, 0.66]),
    ],
)  # fmt: skip
def test_the_number_of_the_other_group_is_read_too(text: str, told: list[float]) -> None:
    assert [value for _, value in _read(text)] == told


@pytest.mark.parametrize(
    "text",
    [
        "We enrolled 50 patients in the zinc group and 52 in the placebo group.",
        "In total, 50 were treated with zinc and 52 with placebo.",
        "Of 47 patients eligible for response, 25 were on zinc and 22 on placebo.",
    ],
)
def test_those_who_took_part_are_no_events(text: str) -> None:
    assert _read(text) == []


def test_two_groups_set_against_one_another_are_no_ratio() -> None:
    found = _read(
        "Death (HR 0.98; P = 0.38) and relapse (19.9 versus 30.0 months; HR 0.66; P = 0.21)."
    )
    assert [value for measure, value in found if measure == "HR"] == [0.98, 0.66]


def test_a_group_called_b_is_no_regression_coefficient() -> None:
    found = _read(
        "Pressure fell (Group A: 10.9 +/- 3.0 mmHg vs. Group B: 12.3 +/- 4.7 mmHg; p = 0.87)."
    )
    assert found == [("mean", 10.9), ("mean", 12.3)]


def test_a_share_set_against_another_is_no_dose() -> None:
    found = read_numbers(
        "Fractures were rare in both arms (3.3% combination vs 4.2% exemestane only)."
    )
    assert [s.value for s in found.statistics] == [3.3, 4.2]
    assert not found.doses
