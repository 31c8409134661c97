"""Layouts of tables that journals print: sizes beside means, coefficients, subgroups, steps of an exposure."""

from __future__ import annotations

import pytest

from kg.assembly.table_labels import unit_of, without_unit
from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Effect, Study


def _study(page: str, name: str = "page.md") -> Study:
    (study,) = make_extractor("fast")(read_bytes(page.encode(), name)).studies
    return study


def _names(study: Study) -> dict[str | None, str]:
    return {thing.id: thing.label for thing in (*study.interventions, *study.outcomes)}


def _compared(study: Study, effect: Effect) -> tuple[str | None, str | None, str | None]:
    names = _names(study)
    return (
        names.get(effect.outcome), names.get(effect.intervention), names.get(effect.comparator),
    )  # fmt: skip


def test_a_column_n_beside_a_mean_tells_in_how_many_it_was_measured() -> None:
    page = """<html><body><h1>Tai chi for knee pain: a randomized trial</h1>
<p>We randomized 130 adults to tai chi (n=65) or usual care (n=65).</p>
<table><caption>Table 2. Outcomes at 12 weeks</caption>
<thead><tr><th rowspan="2">Outcome</th><th colspan="2">Tai chi</th><th colspan="2">Usual care</th><th rowspan="2">P</th></tr>
<tr><th>n</th><th>Mean (SD)</th><th>n</th><th>Mean (SD)</th></tr></thead>
<tbody><tr><td>Pain intensity (0-10)</td><td>61</td><td>2.7 (1.3)</td><td>59</td><td>4.1 (1.8)</td><td>0.002</td></tr>
</tbody></table></body></html>"""
    found = [(e.value, e.sd, e.n, e.measure) for e in _study(page, "page.html").effects]
    assert found == [(2.7, 1.3, 61, "mean"), (4.1, 1.8, 59, "mean")]


def test_coefficients_of_a_regression_are_of_what_its_caption_names() -> None:
    page = """# Determinants of bone density: cross-sectional study

We examined 712 women aged 50 to 79. Multiple linear regression for hip bone mineral density:

| Variable | β | SE | 95% CI | p |
|---|---|---|---|---|
| Age (years) | -0.005 | 0.001 | -0.007 to -0.003 | <0.001 |
| Ferritin (ug/L) | 0.0002 | 0.0003 | -0.0004 to 0.0008 | 0.51 |
"""
    study = _study(page)
    assert [
        (e.measure, e.value, e.se, e.ci_low, e.ci_high, e.p_value, e.direction)
        for e in study.effects
    ] == [
        ("beta", -0.005, 0.001, -0.007, -0.003, 0.001, "decrease"),
        ("beta", 0.0002, 0.0003, -0.0004, 0.0008, 0.51, "no_difference"),
    ]
    assert [_compared(study, e) for e in study.effects] == [
        ("hip bone mineral density", "Age", None),
        ("hip bone mineral density", "Ferritin", None),
    ]


def test_rows_may_be_subgroups_and_a_p_of_interaction_is_of_none_of_them() -> None:
    page = """# Apixaban versus aspirin: subgroups of a randomized trial

5,420 patients with atrial fibrillation were randomized to apixaban or aspirin. The primary outcome was stroke.

| Subgroup | Apixaban, n/N | Aspirin, n/N | Hazard ratio (95% CI) | P for interaction |
|---|---|---|---|---|
| Age <75 years | 24/1820 | 52/1790 | 0.45 (0.28–0.73) | 0.62 |
| Women | 22/1130 | 49/1120 | 0.44 (0.27–0.73) | |
"""
    study = _study(page)
    assert [
        (e.measure, e.subgroup, e.events, e.n, e.p_value)
        for e in study.effects
        if e.measure == "percent"
    ] == [
        ("percent", "Age <75 years", 24, 1820, None),
        ("percent", "Age <75 years", 52, 1790, None),
        ("percent", "Women", 22, 1130, None),
        ("percent", "Women", 49, 1120, None),
    ]
    ratios = [e for e in study.effects if e.measure == "HR"]
    assert [(e.value, e.ci_low, e.ci_high, e.p_value, e.subgroup) for e in ratios] == [
        (0.45, 0.28, 0.73, None, "Age <75 years"),
        (0.44, 0.27, 0.73, None, "Women"),
    ]
    assert {_compared(study, e) for e in ratios} == {("stroke", "Apixaban", "Aspirin")}


def test_of_two_arms_without_a_control_the_second_is_compared_with() -> None:
    page = """# Tai chi or stretching for knee pain: a randomized trial

We randomized 130 adults to tai chi (n=65) or stretching (n=65).

| Outcome | Tai chi | Stretching | P |
|---|---|---|---|
| Pain intensity | 2.7 ± 1.3 | 4.1 ± 1.8 | 0.002 |
"""
    study = _study(page)
    first, second = study.effects
    assert _compared(study, first) == ("Pain intensity", "Tai chi", "Stretching")
    assert first.direction == "decrease"
    assert _compared(study, second) == ("Pain intensity", "Stretching", None)


def test_counts_of_men_and_women_are_no_events_of_a_total() -> None:
    page = """# Two anaesthetics: a randomized trial

We randomized 41 patients to sevoflurane (n=20) or isoflurane (n=21).

| | Sevoflurane | Isoflurane |
|---|---|---|
| Gender (Male/Female) | 10/10 | 6/15 |
| Nausea | 4/20 | 3/21 |
"""
    found = [(e.measure, e.value, e.events, e.n) for e in _study(page).effects]
    assert found == [("percent", 20.0, 4, 20), ("percent", 14.285714, 3, 21)]


def test_steps_of_an_exposure_are_compared_with_the_one_that_is_one() -> None:
    page = """# Tea and hypertension: cohort of nurses

We followed 39,205 nurses for 16 years.

| Cups of tea per day | Cases | Person-years | Relative risk | 95% CI |
|---|---|---|---|---|
| 0 | 402 | 91,870 | 1.00 | |
| ≥4 | 176 | 70,330 | 0.74 | 0.61–0.89 |
"""
    study = _study(page)
    (effect,) = study.effects
    assert (effect.measure, effect.value, effect.ci_low, effect.ci_high) == ("RR", 0.74, 0.61, 0.89)
    assert _compared(study, effect) == (
        "hypertension", "Cups of tea per day: ≥4", "Cups of tea per day: 0",
    )  # fmt: skip
    assert study.n_participants == 39205


def test_studies_that_a_review_lists_have_their_estimates_and_intervals() -> None:
    page = """# Vitamin D supplements and falls: a review of trials

We reviewed 9 randomized trials of vitamin D for falls.

| Trial | Dose | Participants | Relative risk of falling (95% CI) |
|---|---|---|---|
| Berg 2004 | 800 IU | 131 | 0.66 (0.29–1.49) |
| Silva 2006 | 1000 IU | 590 | 0.84 (0.61–1.15) |
"""
    studies = make_extractor("fast")(read_bytes(page.encode(), "page.md")).studies
    found = [
        (s.n_participants, e.measure, e.value, e.ci_low, e.ci_high)
        for s in studies
        for e in s.effects
    ]
    assert found == [(131, "RR", 0.66, 0.29, 1.49), (590, "RR", 0.84, 0.61, 1.15)]


def test_a_page_whose_statistics_stand_in_its_table_tells_of_a_study() -> None:
    page = """# Exercise in adults with asthma: before-after study

Thirty adults with asthma took part in an exercise programme for 12 weeks.

| Measure | Before | After | p |
|---|---|---|---|
| FEV1, L | 2.38 ± 0.52 | 2.61 ± 0.49 | 0.01 |
"""
    study = _study(page)
    assert study.n_participants == 30
    assert [(e.value, e.sd, e.unit, e.timepoint, e.p_value) for e in study.effects] == [
        (2.38, 0.52, "L", "Before", 0.01),
        (2.61, 0.49, "L", "After", 0.01),
    ]


def test_the_name_of_a_dosed_arm_is_not_cut_at_its_decimal_point() -> None:
    page = """# Side effects of fingolimod in a randomized trial

In this trial 1,260 patients were randomized to fingolimod 0.5 mg, fingolimod 1.25 mg or placebo.

| Adverse event, n (%) | Fingolimod 0.5 mg (n=420) | Fingolimod 1.25 mg (n=422) | Placebo (n=418) |
|---|---|---|---|
| Headache | 105 (25.0) | 112 (26.5) | 96 (23.0) |
"""
    study = _study(page)
    people = {p.id: p.label for p in study.populations}
    assert [people[e.population or ""] for e in study.effects] == [
        "Fingolimod 0.5 mg", "Fingolimod 1.25 mg", "Placebo",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "name", "unit"),
    [
        ("FEV1, L", "FEV1", "L"),
        ("BMI, kg/m2", "BMI", "kg/m2"),
        ("Duration of diarrhoea (days)", "Duration of diarrhoea", "days"),
        ("Pain (0-10)", "Pain (0-10)", None),
        ("Falls, hip fractures", "Falls, hip fractures", None),
        ("(days)", "(days)", "days"),
    ],
)
def test_a_label_is_told_from_the_unit_it_ends_in(label: str, name: str, unit: str | None) -> None:
    assert (without_unit(label), unit_of(label)) == (name, unit)
