"""Tables whose columns are estimates: exposures with a reference, outcomes, studies, two arms and their difference."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Effect, Study

Row = tuple[float | None, float | None, float | None, float | None, str, str, str | None, str]


def _study(page: str) -> Study:
    (study,) = make_extractor("fast")(read_bytes(page.encode(), "page.md")).studies
    return study


def _rows(page: str, measure: str) -> list[Row]:
    study = _study(page)
    given = {i.id: i.label for i in study.interventions}
    measured = {o.id: o.label for o in study.outcomes}

    def row(e: Effect) -> Row:
        about = (
            measured[e.outcome or ""],
            given[e.intervention or ""],
            given.get(e.comparator or ""),
        )
        return e.value, e.ci_low, e.ci_high, e.p_value, *about, e.direction

    return [row(e) for e in study.effects if e.measure == measure]


def test_rows_are_exposures_where_one_is_the_reference() -> None:
    page = """# Statins and dementia: cohort study

We followed 9,120 adults for eight years. Hazard ratios for dementia:

| Group | Cases | HR (95% CI) | p |
|---|---|---|---|
| No statin | 180 | 1.00 (reference) | |
| Low dose | 71 | 0.93 (0.79–1.09) | 0.35 |
| High dose | 36 | 0.70 (0.55–0.88) | 0.002 |
"""
    assert _rows(page, "HR") == [
        (0.93, 0.79, 1.09, 0.35, "dementia", "Low dose", "No statin", "no_difference"),
        (0.70, 0.55, 0.88, 0.002, "dementia", "High dose", "No statin", "decrease"),
    ]


def test_a_level_has_the_name_of_what_it_is_a_level_of() -> None:
    page = """# Predictors of falls: a cohort study

We followed 1,310 adults aged 70 or older for two years.

Table 2. Odds ratios for falls

| Factor | Crude OR (95% CI) | Adjusted OR (95% CI) | p |
|---|---|---|---|
| Ferritin, ug/L | | | |
| ≥75 | 1 | Ref. | |
| <50 | 1.90 (1.33–2.71) | 1.68 (1.15–2.45) | 0.007 |
"""
    crude, adjusted = _rows(page, "OR")
    assert crude[:4] == (1.90, 1.33, 2.71, None)
    assert adjusted[:4] == (1.68, 1.15, 2.45, 0.007)
    assert adjusted[5:7] == ("Ferritin, ug/L: <50", "Ferritin, ug/L: ≥75")
    assert [e.adjusted for e in _study(page).effects if e.measure == "OR"] == [None, True]


def test_rows_are_outcomes_of_what_the_document_compares() -> None:
    page = """# Zinc and infections: systematic review

This meta-analysis of 14 randomized trials compared zinc with placebo.

| Outcome | Trials | Risk ratio | 95% CI | P |
|---|---|---|---|---|
| Pneumonia | 6 | 0.83 | 0.75 to 0.92 | <0.001 |
| Death | 4 | 0.96 | 0.79 to 1.17 | 0.70 |
"""
    assert _rows(page, "RR") == [
        (0.83, 0.75, 0.92, 0.001, "Pneumonia", "zinc", "placebo", "decrease"),
        (0.96, 0.79, 1.17, 0.70, "Death", "zinc", "placebo", "no_difference"),
    ]


def test_of_a_table_of_studies_the_total_alone_is_a_result() -> None:
    page = """# Vitamin D and mortality: meta-analysis

We searched PubMed and pooled two trials with 1,300 participants that compared vitamin D with placebo. Mortality was the outcome.

| Study | Vitamin D | Control | RR (95% CI) |
|---|---|---|---|
| Lund 2011 | 12/200 | 20/198 | 0.59 (0.30–1.18) |
| Rossi 2014 | 31/452 | 33/450 | 0.94 (0.58–1.50) |
| Total | 43/652 | 53/648 | 0.81 (0.55–1.18) |
"""
    assert [row[:3] for row in _rows(page, "RR")] == [(0.81, 0.55, 1.18)]
    assert {e.events for e in _study(page).effects if e.measure == "percent"} == {43, 53}


def test_a_column_of_differences_compares_the_two_arms_of_its_row() -> None:
    page = """# Zinc for acute diarrhoea: a randomized trial

We randomized 102 children to zinc (n=50) or placebo (n=52).

| Outcome | Zinc | Placebo | Difference (95% CI) | P |
|---|---|---|---|---|
| Duration of diarrhoea (days) | 4.2 (1.2) | 5.0 (1.4) | -0.8 (-1.3 to -0.3) | 0.002 |
| Hospital admission | 3/50 (6%) | 9/52 (17%) | RR 0.35 (0.10 to 1.21) | 0.10 |
"""
    assert _rows(page, "MD") == [
        (-0.8, -1.3, -0.3, 0.002, "Duration of diarrhoea", "Zinc", "Placebo", "decrease")
    ]
    assert _rows(page, "RR") == [
        (0.35, 0.10, 1.21, 0.10, "Hospital admission", "Zinc", "Placebo", "no_difference")
    ]


def test_rows_that_are_times_are_of_what_the_page_is_about() -> None:
    page = """# HbA1c in a trial of metformin

90 adults with diabetes were randomized to metformin or placebo. HbA1c was measured three times.

| Time | Metformin | Placebo |
|---|---|---|
| Baseline | 8.1 (0.9) | 8.2 (0.8) |
| 6 months | 7.0 (0.7) | 8.1 (0.9) |
"""
    study = _study(page)
    measured = {o.id: o.label for o in study.outcomes}
    found = [(e.value, measured[e.outcome or ""], e.timepoint) for e in study.effects]
    assert found == [
        (8.1, "HbA1c", "Baseline"), (8.2, "HbA1c", "Baseline"), (7.0, "HbA1c", "6 months"), (8.1, "HbA1c", "6 months"),
    ]  # fmt: skip


@pytest.mark.parametrize("row", ["CPD vs SP", "CPD versus SP"])
def test_a_row_may_set_two_arms_against_each_other(row: str) -> None:
    page = f"""# Three drugs for malaria: a randomized trial

We randomized 600 children to AL, CPD or SP.

Table 3. Differences in cure rate

| Comparison | Risk difference (95% CI) | P |
|---|---|---|
| {row} | 13.1% (4.5%, 21.6%) | 0.003 |
"""
    ((value, low, high, p, _, one, other, way),) = _rows(page, "RD")
    assert (value, low, high, p, one, other, way) == (
        13.1,
        4.5,
        21.6,
        0.003,
        "CPD",
        "SP",
        "increase",
    )
