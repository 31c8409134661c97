"""An amount may be a regimen or an outcome; a time may be a finding or how long people were watched."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "doses", "values"),
    [
        ("The median vitamin D intake was 9.4 μg/d (IQR 6.5-12.3) with bread and 2.2 μg/d (IQR 1.5-3.0) without.", [], [9.4, 2.2]),
        ("Mean dietary intake of calcium was 845 mg/day.", [], []),
        ("Insulin dose fell by 12 IU/day with metformin.", [], [-12.0]),
        ("Insulin requirement (-19.63 IU/d [95% CI, -24.91 to -14.36 IU/d]; P < .001) fell.", [], [-19.63]),
        ("Women took 800 IU/day of vitamin D.", [800.0], []),
        ("A daily intake of 800 IU vitamin D is recommended.", [800.0], []),
        ("The dose was 800 IU/day (range of ages 40-60 y).", [800.0], None),
        ("Intake was recorded; then 400 IU/day was given.", [400.0], []),
    ],
)  # fmt: skip
def test_what_was_measured_is_no_dose(
    text: str, doses: list[float], values: list[float] | None
) -> None:
    found = read_numbers(text)
    assert [d.low for d in found.doses if d.low in (800.0, 400.0) or not doses] == doses
    if values is not None:
        assert [s.value for s in found.statistics] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Over a median of 5.0 years 91 participants had a primary event.", [("count", 91.0)]),
        ("During a median of 5 years, 91 patients died.", [("count", 91.0)]),
        ("The median survival was 5.0 years.", [("median", 5.0)]),
        ("Patients were followed for a mean of 3.2 years.", []),
        ("On days 43 and 91 patients were seen.", []),
    ],
)
def test_time_watched_is_no_finding(text: str, values: list[tuple[str, float]]) -> None:
    assert [(s.measure, s.value) for s in read_numbers(text).statistics] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Fat was lower after walking than after rest (24%, P = 0.076).", [("percent_change", -24.0)]),
        ("Flow was higher after walking compared with rest (46.9%, P = 0.021).", [("percent_change", 46.9)]),
        ("More recovered with zinc than without (45% vs 30%, P = 0.02).", [("percent", 45.0), ("percent", 30.0)]),
        ("Deaths were seen in few of the women (24%, P = 0.02).", [("percent", 24.0)]),
    ],
)  # fmt: skip
def test_a_bracket_behind_a_comparison_says_by_how_much(
    text: str, values: list[tuple[str, float]]
) -> None:
    assert [(s.measure, s.value) for s in read_numbers(text).statistics] == values
