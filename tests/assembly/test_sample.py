"""What a number tells of the people studied, through the real pipeline."""

from __future__ import annotations

import pytest

from kg.assembly.sample import told_of_sample
from tests.assembly.test_constructions import context_of


def _told(text: str) -> list[str | None]:
    """Return what each number with a value tells of the people studied."""
    context = context_of(text)
    named = [
        told_of_sample(context, k) for k, s in enumerate(context.statistics) if s.value is not None
    ]
    return [phrase and phrase.label for phrase in named]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The infants had a mean gestational age of 31.2 ± 1.4 weeks.", ["gestational age"]),
        ("Of the nurses 61% were women.", ["female sex"]),
        ("We enrolled 48 pilots (72.5% male; mean age 39.4 ± 5.1 years).", ["male sex"]),
        ("The cohort had 36 (78.3%) women and 10 (21.7%) men.", ["female sex", "male sex"]),
        ("All had asthma (females, 54.5%).", ["female sex"]),
        ("Three patients withdrew after the first dose.", ["withdrawal"]),
        ("In all, 14 (9.3%) dropped out.", ["dropout"]),
        ("Five participants were lost to follow-up.", ["loss to follow-up"]),
        ("Eleven patients died during the first year.", ["death"]),
        ("The programme was long, and 83.5% completed it.", ["completion"]),
        (
            "Two participants in the zinc arm and none in the placebo arm withdrew because of nausea.",
            ["withdrawal"] * 2,
        ),
        ("Of these, 15 (4.2%) receiving placebo died during the study.", ["death"]),
        (
            "Twelve women in group A and 13 in group B were lost to follow-up.",
            ["loss to follow-up"] * 2,
        ),
    ],
)
def test_numbers_of_the_sample_are_named(text: str, named: list[str]) -> None:
    assert _told(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "They were alike in age and mean duration of illness (5.2 ± 1.1 years).",
        "In the survey 71.5% girls found it useful.",
        "Asthma was commoner in boys than in girls (12.5% versus 8.1%).",
        "Serum iron rose to 17.2 ± 2.5 µmol/L.",
        "Nausea was reported by 14.5% of the men.",
        "Nine patients (4.2%) died of heart failure.",
        "The prevalence of gout was 4.1% (male, 6.3%; female, 1.9%).",
        "In all, 14 women in the zinc group had nausea and then withdrew.",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not any(_told(text))
