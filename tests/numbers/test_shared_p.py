"""Which values a p value stands for."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


def _values_with_p(text: str) -> list[tuple[float | None, float | None]]:
    return [(s.value, s.p_value) for s in read_numbers(text).statistics]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Grip rose (p = 0.03, ES = 1.4), gait improved (p = 0.002 and ES = 2.1).",
            [(1.4, 0.03), (2.1, 0.002)],
        ),
        ("Relapse was rarer (P = 0.04; HR 0.72) and so was pain.", [(0.72, 0.04)]),
        (
            "Falls fell (P = .01, OR = 0.61, 95% CI 0.41 to 0.92).",
            [(0.61, 0.01)],
        ),
    ],
)
def test_p_that_opens_brackets_is_the_estimates(
    text: str, found: list[tuple[float, float]]
) -> None:
    assert _values_with_p(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Cure was 81.5% on zinc and 62.0% on placebo, with a significant difference (p = 0.03).",
            [(81.5, 0.03), (62.0, 0.03)],
        ),
        (
            "Time was 4.1 ± 1.2 and 5.6 ± 1.9 h, respectively, for gel and cream (P = 0.01).",
            [(4.1, 0.01), (5.6, 0.01)],
        ),
    ],
)
def test_p_behind_words_that_tell_of_the_values(
    text: str, found: list[tuple[float, float]]
) -> None:
    assert _values_with_p(text) == found


def test_p_of_an_interaction_is_no_value_s() -> None:
    text = (
        "The score fell by 1.3 points, with differences growing over time (interaction p = .012)."
    )
    assert _values_with_p(text) == [(-1.3, None), (None, 0.012)]


def test_p_of_the_difference_of_two_ratios_is_neither_s() -> None:
    text = "Low doses helped most (OR = 0.5) and high ones less (OR = 0.8), a difference that was clear (p = 0.01)."
    assert _values_with_p(text) == [(0.5, None), (0.8, None), (None, 0.01)]
