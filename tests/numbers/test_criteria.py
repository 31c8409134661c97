"""Percentages that define an outcome or plan a study are no results; those beside them are."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


def values(text: str) -> list[float]:
    return [s.value for s in read_numbers(text).statistics if s.value is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Median time to 5% weight loss was 12 weeks.", [12]),
        ("The odds of achieving a 10% weight loss were higher (OR 3.1, 95% CI 1.4-6.9).", [3.1]),
        ("A ≥50% reduction in attacks was seen in 40% of the patients.", [40]),
        ("In all, 48.4% had at least a 30% improvement in pain.", [48.4]),
        ("Of those on zinc, 12 of 40 (30%) achieved a 20% weight loss.", [30]),
        ("The 50% reduction in the index was achieved in the 46.2% on zinc.", [46.2]),
        ("Twelve women on zinc achieved a 20% weight loss.", [12]),
        ("Forty percent had reductions of ≥30% from baseline.", [40]),
        ("Weight fell in 61% of women, who lost 5% or more of their weight.", [61]),
        ("Response was defined as 15% reduction in hormone level; it occurred in 70%.", [70]),
        ("A reduction in monthly attacks of at least 50% occurred in 38% of them.", [38]),
        ("The 50% responder rate was 56% with zinc.", [56]),
        ("The risk of a 40% decline in function was lower (HR 0.53; 95% CI 0.42 to 0.67).", [0.53]),
        ("The trial had 90% power to detect a 25% relative risk reduction.", []),
        ("Weight loss of ≥5% was achieved by 36%.", [36]),
        ("A 15% fall in FEV1 defined a positive test.", []),
        ("It had 80 women to detect a 20% relative reduction in relapse.", []),
        ("Outcomes included the 50% improvement criteria of the college.", []),
        ("An HbA1c level of ≤7% was reached by 33% of adults.", [33]),
        ("Of adults with an ejection fraction below 40%, 12% died.", [12]),
    ],
)
def test_what_defines_an_outcome_is_no_result(text: str, expected: list[float]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zinc led to a 50% reduction in attacks (P < 0.01).", [-50]),
        ("The control group had a 14.5% increase over baseline.", [14.5]),
        ("Zinc lowered cholesterol by up to 52.5% after one dose.", [-52.5]),
        ("The women on zinc achieved a 20% reduction in pain.", [-20]),
        ("There were 32.4% responders on zinc.", [32.4]),
        ("HbA1c was 7.1% on zinc.", [7.1]),
        ("Infections fell (40% reduction, 95% CI 20% to 60%).", [-40]),
        ("Adherence was >99% in all groups.", [99]),
    ],
)
def test_what_was_found_is_a_result(text: str, expected: list[float]) -> None:
    assert values(text) == expected


def test_a_p_value_behind_a_criterion_is_that_of_the_share() -> None:
    text = "While 69% of controls showed at least a 20% reduction in the score (p<0.001), few did."
    (share,) = read_numbers(text).statistics
    assert (share.value, share.p_value) == (69, 0.001)
