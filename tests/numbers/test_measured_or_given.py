"""An amount may be a regimen or an outcome; a time may be a finding or how long people were watched."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "doses", "values"),
    [
        ("The median vitamin D intake was 9.4 μg/d (IQR 6.5-12.3) with bread and 2.2 μg/d (IQR 1.5-3.0) without.", [], [9.4, 2.2]),
        ("Mean dietary intake of calcium was 845 mg/day.", [], [845.0]),
        ("Insulin dose fell by 12 IU/day with metformin.", [], [-12.0]),
        ("Insulin requirement (-19.63 IU/d [95% CI, -24.91 to -14.36 IU/d]; P < .001) fell.", [], [-19.63]),
        ("Women took 800 IU/day of vitamin D.", [800.0], []),
        ("A daily intake of 800 IU vitamin D is recommended.", [800.0], []),
        ("The dose was 800 IU/day (range of ages 40-60 y).", [800.0], None),
        ("Mean daily insulin doses were 0.40 U/kg with A and 0.39 U/kg with B.", [], None),
        ("Total daily insulin dosages were higher with A (0.57 vs. 0.51 U/kg; p = 0.017).", [], None),
        ("Blood loss was lower in the A group (64.7 ml) than in the B group (189.1 ml).", [], None),
        ("A quarter of the total dose of propofol (2 mg/kg) was given.", [2.0], None),
        ("Insulin was given at a mean dose of 400 IU/day.", [400.0], None),
        ("At 3 months, 11.5% of bimatoprost and 16.5% of travoprost patients had redness.", [], None),
        ("They used insulin lispro mix (75% lispro protamine suspension, 25% lispro).", [], None),
        ("The maintenance dose was lower with A than with B (2 mg/kg/h vs. 5 mg/kg/h, P < 0.001).", [], None),
        ("The form overestimated calcium by 221 mg/d (P < .001).", [], None),
        ("Patients were stratified by steroid dosage (<10 or ≥10 mg/day).", [], None),
        ("Patients were stratified by age and randomly assigned to A 400 mg daily.", [400.0], None),
        ("Intake was recorded; then 400 IU/day was given.", [400.0], []),
    ],
)  # fmt: skip
def test_what_was_measured_is_no_dose(
    text: str, doses: list[float], values: list[float] | None
) -> None:
    found = read_numbers(text)
    assert [d.low for d in found.doses if d.low in (800.0, 400.0, 2.0) or not doses] == doses
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
