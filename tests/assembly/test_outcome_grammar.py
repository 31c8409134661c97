"""What is measured, where a word that describes or points to it stands nearer to the number."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Effect, Study

TRIAL = "Zinc for pain: a randomised trial.\n\nWe randomised 120 adults with pain to zinc (n = 60) or placebo (n = 60) for 8 weeks.\n\n"


def _study(results: str) -> Study:
    (study,) = make_extractor()(read_bytes((TRIAL + results).encode(), "a.txt")).studies
    return study


def _effects(study: Study) -> list[Effect]:
    told = [e for e in study.effects if e.value is not None]
    return sorted(told, key=lambda e: e.evidence[-1].start_char)


def _outcomes(study: Study) -> list[tuple[float | None, str]]:
    names = {o.id: o.label.lower() for o in study.outcomes}
    return [(e.value, names.get(e.outcome or "", "")) for e in _effects(study)]


@pytest.mark.parametrize(
    ("results", "told"),
    [
        (
            "Disability, assessed with the Roland-Morris questionnaire, was 7.1 points with zinc and 9.4 points with placebo.",
            [(7.1, "disability"), (9.4, "disability")],
        ),
        (
            "Bradycardia needing atropine developed in 5 patients (12.5%) given zinc and in 1 (2.5%) given placebo.",
            [(12.5, "bradycardia"), (2.5, "bradycardia")],
        ),
        (
            "Diarrhoea occurred in 11% on zinc and 9% on placebo. The corresponding figures for headache were 6% and 4%.",
            [(11, "diarrhoea"), (9, "diarrhoea"), (6, "headache"), (4, "headache")],
        ),
        (
            "Skin irritation was the commonest adverse event (2.0% with zinc and 3.3% with placebo).",
            [(2.0, "skin irritation"), (3.3, "skin irritation")],
        ),
    ],
)
def test_the_subject_is_what_is_measured(results: str, told: list[tuple[float, str]]) -> None:
    assert _outcomes(_study(results)) == told


@pytest.mark.parametrize(
    ("results", "measures"),
    [
        ("HbA1c fell from 8.7% to 7.9% with zinc and from 8.6% to 8.3% with placebo.", ["mean"] * 4),
        ("From a baseline of 8.3% with zinc and 8.2% with placebo, HbA1c declined to 7.4% and 7.5%, respectively.", ["mean"] * 4),
        ("HbA1c below 7% was reached by 22% of patients with zinc and 9% with placebo.", ["percent", "percent"]),
    ],
)  # fmt: skip
def test_a_level_measured_in_per_cent_is_no_share(results: str, measures: list[str]) -> None:
    assert [e.measure for e in _effects(_study(results))] == measures


@pytest.mark.parametrize(
    ("results", "ways"),
    [
        ("Falls occurred in 16.0% on placebo and 11.7% on zinc (odds ratio 0.72, 95% CI 0.57 to 0.91).", ["increase", "decrease", "decrease"]),
        ("Falls occurred in 16.0% on placebo and 15.7% on zinc (odds ratio 0.98, 95% CI 0.57 to 1.41; p = 0.9).", ["no_difference"] * 3),
    ],
)  # fmt: skip
def test_two_values_go_the_way_of_the_estimate_that_compares_them(
    results: str, ways: list[str]
) -> None:
    assert [e.direction for e in _effects(_study(results))] == ways
