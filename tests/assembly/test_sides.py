"""What a sentence about ratios relates: by the two sides of its turning word, through the real pipeline."""

from __future__ import annotations

import pytest

from kg.assembly.labels import likeness
from kg.assembly.outline import Outline
from kg.assembly.sides import read_sides
from tests.assembly.test_constructions import context_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In multivariable analysis, smoking (OR 3.1; 95% CI 1.2-8.0), older age (OR 1.4; 95% CI 1.1-1.8) and diabetes (OR 2.2; 95% CI"
            " 1.3-3.7) were independent predictors of amputation.",
            [("amputation", "smoking"), ("amputation", "older age"), ("amputation", "diabetes")],
        ),
        (
            "Risk factors for readmission were anaemia (HR 1.3; 95% CI 1.1-1.5) and living alone (HR 1.6; 95% CI 1.2-2.1).",
            [("readmission", "anaemia"), ("readmission", "living alone")],
        ),
        (
            "The following were associated with in-hospital death: female sex (OR 2.0; 95% CI 1.2-3.4) and low platelets (OR 1.7; 95% CI"
            " 1.1-2.6).",
            [("in-hospital death", "female sex"), ("in-hospital death", "low platelets")],
        ),
        (
            "Rates of stroke (RR 0.91; 95% CI 0.58-1.41) and bleeding (RR 1.75; 95% CI 1.10-2.80) did not differ between aspirin and"
            " clopidogrel.",
            [("stroke", "aspirin"), ("bleeding", "aspirin")],
        ),
        (
            "The hazard ratio for hip fracture was 1.96 (95% CI 1.20 to 3.20) for patients with psoriasis and 3.10 (95% CI 1.45 to 6.65) for"
            " patients with arthritis.",
            [("hip fracture", "psoriasis"), ("hip fracture", "arthritis")],
        ),
        (
            "After adjustment for age, sex and income, obesity was associated with a higher risk of gout (OR 1.9; 95% CI 1.2-3.0), independent"
            " of alcohol intake.",
            [("gout", "obesity")],
        ),
        (
            "Statin use was associated with lower mortality in men (HR 0.80; 95% CI 0.70-0.91) and women (HR 0.85; 95% CI 0.75-0.96).",
            [("mortality", "statin use"), ("mortality", "statin use")],
        ),
        (
            "Compared with placebo, aspirin (RR 0.78; 95% CI 0.68-0.90) and clopidogrel (RR 0.82; 95% CI 0.72-0.94) reduced strokes.",
            [("strokes", "aspirin"), ("strokes", "clopidogrel")],
        ),
        (
            "Correlations were found between body weight and metabolic rate (r = 0.54; p = 0.02), between waist and blood pressure (r ="
            " 0.57; p = 0.01), and age and pulse rate (r = 0.41; p = 0.04).",
            [("metabolic rate", "body weight"), ("blood pressure", "waist"), ("pulse rate", "age")],
        ),
        (
            "The likelihood of relapse was significantly related to smoking (OR 2.1; 95% CI 1.4-3.1).",
            [("relapse", "smoking")],
        ),
        (
            "Adolescents with asthma were more likely to miss school than their peers (OR 2.4; 95% CI 1.6-3.6).",
            [("miss school", "adolescents with asthma")],
        ),
        (
            "Genotype showed no association with mortality (CC vs. TT: OR 0.75 (0.43-1.31); CT vs. TT: OR 1.73 (0.55-5.44)).",
            [("mortality", "CC"), ("mortality", "CT")],
        ),
    ],
)  # fmt: skip
def test_each_ratio_relates_what_its_sentence_says(
    text: str, expected: list[tuple[str, str]]
) -> None:
    sides = read_sides(context_of(text))
    assert len(sides) == len(expected)
    for (_, found), (outcome, exposure) in zip(sorted(sides.items()), expected, strict=True):
        assert found.exposure is not None
        assert likeness(found.outcome.label, outcome) >= 0.5
        assert likeness(found.exposure.label, exposure) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "The odds ratio was 1.4 (95% CI 1.1 to 1.8).",
        "Mean weight was 71 kg in the zinc group and 69 kg in the placebo group (P = 0.2).",
        "We registered the protocol (version 1.2) and searched three databases.",
    ],
)
def test_nothing_is_related_where_nothing_is_told(text: str) -> None:
    assert read_sides(context_of(text)) == {}


def test_what_only_points_to_an_exposure_names_none() -> None:
    text = (
        "Clamping was associated with early death (HR 1.38; 95% CI 1.07-1.78); it did not affect late survival"
        " (HR 1.13; 95% CI 0.90-1.28)."
    )
    first, second = (found for _, found in sorted(read_sides(context_of(text)).items()))
    assert first.exposure is not None
    assert likeness(first.exposure.label, "clamping") >= 0.5
    assert second.exposure is None
    assert likeness(second.outcome.label, "late survival") >= 0.5


def test_an_outline_keeps_the_places_of_words() -> None:
    text = (
        "Zinc (10 mg daily) reduced colds (RR 0.8; 95% CI 0.7 to 0.9; P < 0.01) and cost 3% more."
    )
    context = context_of(text)
    outline = Outline(context, 0)
    assert len(outline.text) == len(text)
    kept = [(a, b) for a, b in zip(outline.text, text, strict=True) if a not in "# "]
    assert all(a == b for a, b in kept)
    assert "RR" not in outline.text
    assert "reduced colds" in outline.text
