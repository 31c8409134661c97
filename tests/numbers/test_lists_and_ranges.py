"""Values that share a list, a bracket or a range, changes behind a hyphen, money, and counts of two groups."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers

Told = list[tuple[str | None, float, str | None]]


def _read(text: str) -> Told:
    found = read_numbers(text).statistics
    return [(s.measure, s.value, s.unit) for s in found if s.value is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Zinc was associated with a 3.1 mmHg reduction in pressure.", [("MD", -3.1, "mm[Hg]")]),
        ("Zinc: 0.3 mg/dL fall, compared with a 3.1 mg/dL increase.", [("MD", -0.3, "mg/dL"), ("MD", 3.1, "mg/dL")]),
        ("Those on zinc reported a 5.1-point increase in vigour.", [("MD", 5.1, "{points}")]),
        ("After a mean 3.5-kg weight loss, weight was stable.", [("MD", -3.5, "kg")]),
        ("Intake was only 79 kcal greater with zinc.", [("MD", 79, "kcal")]),
        # what was planned, defined or a step of exposure is none
        ("Risk of death was associated with a 20 nmol/L increase in zinc (HR 0.91).", [("HR", 0.91, None)]),
        ("The study was powered to detect a 0.5-kg weight loss.", []),
        ("Success was defined as a 20-mm improvement in pain.", []),
        ("Pain was rated on a 6-point global scale.", []),
    ],
)  # fmt: skip
def test_changes_behind_a_unit_are_read(text: str, told: Told) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The gap was 1.51 mm, 2.17 mm and 1.05 mm.", [(None, 1.51, "mm"), (None, 2.17, "mm"), (None, 1.05, "mm")]),
        ("Time to rescue was longer (21 (11) vs. 9 (4) minutes).", [("mean", 21, "min"), ("mean", 9, "min")]),
        ("Volume was 2050 mL (1313:2700) vs. 4088 mL (3400:4525), p<0.001.", [("median", 2050, "mL"), ("median", 4088, "mL")]),
        ("The flux rose from 33,400 [4200] to 108,000 [13,600].", [(None, 33400, None), (None, 108000, None)]),
        ("Scores improved more (3.08 vs 0.58 units).", [(None, 3.08, "U"), (None, 0.58, "U")]),
        ("The change was alike (zinc, 0.38; placebo, 0.37).", [(None, 0.38, None), (None, 0.37, None)]),
        ("Strength was highest in the zinc group (1737.1 N) and lowest in the iron group (522.9 N).", [(None, 1737.1, "N"), (None, 522.9, "N")]),
        ("The mass index fell from 148.0 to 130.0 g/m2 (P < 0.01).", [(None, 148, "g/m2"), (None, 130, "g/m2")]),
        ("Glucose was greater with zinc (0.64 mmol/l; P = 0.043) than without.", [(None, 0.64, "mmol/L")]),
        # an amount that somebody was given, a number beside a group
        ("The dose was 5 mg, 10 mg or 20 mg.", []),
    ],
)  # fmt: skip
def test_values_of_lists_and_brackets_are_read(text: str, told: Told) -> None:
    assert _read(text) == told


def test_a_level_in_brackets_is_no_dose() -> None:
    found = read_numbers("Glucose was greater with zinc (0.64 mmol/l; P = 0.043) than without.")
    assert not found.doses


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The incidence was 2.0-5.1% with zinc.", [("percent", 2.0, "%"), ("percent", 5.1, "%")]),
        ("In all, 27-35% of the samples met the limit.", [("percent", 27, "%"), ("percent", 35, "%")]),
        ("Falls in pressure ranged from 7.7 to 10.1 mm Hg.", [(None, 7.7, "mm[Hg]"), (None, 10.1, "mm[Hg]")]),
        ("The odds ratios ranged from 0.45 to 0.67.", [("OR", 0.45, None), ("OR", 0.67, None)]),
        ("Zinc cut the risk by 35% to 90%.", [("percent_change", -35, "%"), ("percent_change", -90, "%")]),
        # intervals, limits, efforts, ages, what a mean is told with
        ("The ratio fell within the limits (80-125%).", []),
        ("They cycled at 65% to 75% of heart rate reserve.", []),
        ("People aged 18-65 years took part.", []),
        ("Ages ranged from 20.5 to 44.1 years.", []),
        ("Weights ranged from 51.3 to 78.0 kg, with a mean of 64.2 kg.", [("mean", 64.2, "kg")]),
        ("Zinc was taken by 3% of the women (6% to 30%).", [("percent", 3, "%")]),
    ],
)  # fmt: skip
def test_both_ends_of_a_range_that_was_found_are_values(text: str, told: Told) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The mean cost was GB£10.35 a patient.", [("mean", 10.35, "{GBP}")]),
        ("Sedation cost AUS$1.98 an hour.", [(None, 1.98, "{AUD}")]),
        ("Travel cost CAN$40 and assessment was 14.9€.", [(None, 40, "{CAD}"), (None, 14.9, "{EUR}")]),
        ("Mean (SE) costs were estimated to be £2458 (£216).", [("mean", 2458, "{GBP}")]),
        ("They were sent a promise of US$20 for a survey.", []),
    ],
)  # fmt: skip
def test_money_is_of_its_country(text: str, told: Told) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Six subjects in the zinc group and 1 in the control group withdrew.", [6, 1]),
        ("In total, three patients in the zinc group and none in the other groups discontinued treatment.", [3, 0]),
        ("34 women allocated to zinc and 31 to placebo died.", [34]),
        ("136 women (74 placebo, 62 zinc) developed cancer.", [136, 74, 62]),
        ("Two patients in group 1 were excluded because of a fever.", [2]),
        ("Over a mean of 13 years, 283 developed dementia.", [283]),
        ("Adverse events included indigestion (10), pain (1) and palpitation (n = 2).", [10, 1, 2]),
        # who was studied
        ("Fifty-one patients with moderate to severe plaque psoriasis received zinc.", []),
        ("Patients received placebo (n = 20), zinc (n = 21) or iron (n = 22); adverse events were rare.", []),
        ("Earlier events were reviewed [14], counted [15] and weighed [16].", []),
    ],
)  # fmt: skip
def test_people_to_whom_something_happened_are_counted(text: str, counts: list[float]) -> None:
    assert [value for measure, value, _ in _read(text) if measure == "count"] == counts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "The RR was 0.80 (0.73, 0.88) at 50 nmol/L, 0.66 (0.56, 0.78) at 75 nmol/L and 0.51 (0.36, 0.72) at 100 nmol/L.",
            [0.8, 0.66, 0.51],
        ),
        ("The HR of falls was 0.95 (0.88-1.03) for one cup, 0.87 (0.80-0.94) for two cups.", [0.95, 0.87]),
        (
            "The HR of falls in the highest quintile of zinc (median 396 mg/d) compared with the lowest quintile "
            "(median 207 mg/d) of the women was 0.73 (95% CI: 0.60, 0.89).",
            [0.73],
        ),
    ],
)  # fmt: skip
def test_ratios_are_told_past_the_levels_they_are_of(text: str, told: list[float]) -> None:
    assert [value for measure, value, _ in _read(text) if measure in {"RR", "HR"}] == told


def test_a_difference_of_a_share_of_blood_is_no_difference_of_risk() -> None:
    text = "HbA1c fell more in the group on zinc plus diet than in that on diet alone (between-group difference: -0.5% (95% CI -0.8; -0.2))."
    assert _read(text) == [("MD", -0.5, "%")]


@pytest.mark.parametrize(
    ("text", "value", "interval"),
    [
        ("FVC was 94 ml lower in the highest tertile of PM2.5 (95% CI -151 to -37; p = 0.001).", -94.0, (-151.0, -37.0)),
        ("Weight was 118 g higher with 4,000 IU than with 400 IU (95% CI 22 to 214).", 118.0, (22.0, 214.0)),
        ("Weight was 118 g higher with 4,000 IU (95% CI 22 to 214) than with 400 IU.", 118.0, (22.0, 214.0)),
        # a named measure keeps its own: the source may err
        ("Weight rose by 12 g (OR 2.5, 95% CI 8 to 16).", 2.5, (8.0, 16.0)),
    ],
)  # fmt: skip
def test_an_interval_is_of_the_value_that_it_holds(
    text: str, value: float, interval: tuple[float, float]
) -> None:
    owners = [s for s in read_numbers(text).statistics if s.ci_low is not None]
    assert [(s.value, (s.ci_low, s.ci_high)) for s in owners] == [(value, interval)]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Stand time fell by 1.6 s with zinc and by 0.4 s with placebo.", [-1.6, -0.4]),
        ("Fat mass went down 0.7 kg with zinc and 0.6 kg with placebo.", [-0.7, -0.6]),
        ("Fat mass went up by 0.7 kg with zinc.", [0.7]),
        ("Weight fell by a mean of 2.3 kg in the zinc group and 0.4 kg in controls.", [-2.3, -0.4]),
        ("Women on zinc lost an average of 2.3 kg and those on placebo gained 0.4 kg.", [-2.3, 0.4]),
        # when, not by how much
        ("Pain fell by 6 months with zinc.", []),
        ("Of the women 12 were lost to follow-up and 3 gained access to care.", []),
    ],
)  # fmt: skip
def test_changes_are_told_in_plain_words(text: str, changes: list[float]) -> None:
    assert [value for measure, value, _ in _read(text) if measure == "MD"] == changes
