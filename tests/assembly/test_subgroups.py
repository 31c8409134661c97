"""Numbers of opposite kinds of people are of subgroups, not of arms; through the real pipeline."""

from __future__ import annotations

import pytest

from kg.assembly.effects import EffectReading, find_effects
from kg.assembly.subgroups import find_subgroups
from tests.assembly.test_constructions import context_of

TRIAL = "Ninety adolescents were randomly assigned to metformin (n = 45) or placebo (n = 45). "
COHORT = "Each additional cup of coffee was associated with a lower risk of liver cancer (HR 0.85; 95% CI 0.79-0.91). "


def _subgroups(text: str) -> list[str | None]:
    context = context_of(text)
    found = find_subgroups(context)
    return [found[k].label if k in found else None for k in range(len(context.statistics))]


def _effects(text: str) -> dict[float | None, EffectReading]:
    return {e.statistic.value: e for e in find_effects(context_of(text))}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "The association was stronger in men (HR 0.78; 95% CI, 0.70-0.88) than in women (HR 0.93; 95% CI, 0.82-1.05).",
            ["men", "women"],
        ),
        ("Relapse was seen in 16% of men and 13% of women (p = 0.80).", ["men", "women"]),
        (
            "Use of clinics rose (women: OR 1.53, p = 0.004; men: OR 1.65, p = 0.001).",
            ["women", "men"],
        ),
        ("The prevalence of gout was 4.1% (male, 6.3%; female, 1.9%).", [None, "male", "female"]),
        (
            "The HR was 0.61 (0.47-0.79) in participants aged 65 years or older and 0.90 (0.70-1.10) in those younger than 65 years.",
            ["participants aged 65 years or older", "those younger than 65 years"],
        ),
        (
            "The risk was lower in smokers (RR 0.7, 95% CI 0.5-0.9) but not in non-smokers (RR 1.1, 0.9-1.3).",
            ["smokers", "non-smokers"],
        ),
        (
            "The OR was 1.9 (1.2-2.2) in those with diabetes and 1.1 (0.9-1.3) in those without.",
            ["those with diabetes", "those without"],
        ),
        (
            "Median survival was 8.1 versus 4.5 months for women and 4.9 versus 3.8 months for men.",
            ["women", "women", "men", "men"],
        ),
        ("Bone loss slowed in girls (P = 0.007) but not in boys (P = 0.43).", ["girls", "boys"]),
    ],
)
def test_numbers_of_opposite_people_are_of_subgroups(text: str, named: list[str | None]) -> None:
    assert _subgroups(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "Gout was commoner in men (OR 1.5; 95% CI 1.2-1.9) and in smokers (OR 1.3; 95% CI 1.1-1.6).",
        "Of the cases 61.9% were in males and 38.1% in females, all of them adults.",
        "We enrolled 60 nurses (women, 80%; men, 20%).",
        "Blood pressure was higher in smokers (142 mmHg) than in non-smokers (131 mmHg).",
        "Women were more likely than men to attend (OR 1.4; 95% CI 1.1-1.8).",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not any(_subgroups(text))


def test_effects_in_subgroups_are_of_one_exposure() -> None:
    found = _effects(
        COHORT
        + "The association was stronger in men (HR 0.78; 95% CI, 0.70-0.88) than in women (HR 0.93; 95% CI, 0.82-1.05)."
    )
    men, women = found[0.78], found[0.93]
    assert (men.subgroup, women.subgroup) == ("men", "women")
    assert men.intervention is not None
    assert men.intervention == women.intervention
    assert "coffee" in men.intervention.label
    assert men.outcome_label == women.outcome_label


def test_parts_of_the_people_are_no_arms() -> None:
    found = _effects(
        TRIAL
        + "Weight loss was greater in girls (-3.0 kg) than in boys (-1.6 kg; P for interaction = 0.03)."
    )
    for value, people in ((-3.0, "girls"), (-1.6, "boys")):
        effect = found[value]
        assert effect.arm is None
        assert effect.subgroup == people
        assert effect.intervention is None or effect.intervention.label == "metformin"


def test_rates_of_each_sex_are_of_the_outcome_before_the_bracket() -> None:
    found = _effects("The prevalence of osteoporosis was 10.1% (male, 6.3%; female, 15.3%).")
    assert [e.subgroup for e in found.values()] == [None, "male", "female"]
    assert {e.outcome_label for e in found.values()} == {found[10.1].outcome_label}


def test_an_outcome_is_named_without_the_people_in_whom_it_is_counted() -> None:
    found = _effects(
        "Screening was associated with a lower risk of thyroid cancer in men (HR 0.61; 95% CI 0.49-0.95) but not in women"
        " (HR 0.91; 95% CI 0.66-1.26)."
    )
    assert [e.subgroup for e in found.values()] == ["men", "women"]
    assert not any("men" in (e.outcome_label or "").split() for e in found.values())
