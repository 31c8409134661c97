"""Values that stand right behind their names, one by one."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes

TRIAL = "METHODS: We randomized 72 women to liraglutide (n = 36) or placebo (n = 36).\nRESULTS: "


def _outcomes(sentence: str) -> list[tuple[float, str, str | None]]:
    (study,) = make_extractor()(read_bytes((TRIAL + sentence).encode(), "a.txt")).studies
    names = {o.id: o.label for o in study.outcomes}
    return [
        (e.value, e.measure, names.get(e.outcome or ""))
        for e in sorted(study.effects, key=lambda e: e.evidence[-1].start_char)
        if e.value is not None
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Liraglutide reduced cholesterol by 25% and triglycerides by 6% compared with placebo.",
            [
                (-25.0, "percent_change", "cholesterol"),
                (-6.0, "percent_change", "triglycerides"),
            ],
        ),
        (
            "Liraglutide reduced cholesterol with 25% and triglycerides with 6% compared with placebo.",
            [
                (-25.0, "percent_change", "cholesterol"),
                (-6.0, "percent_change", "triglycerides"),
            ],
        ),
        (
            "The women (height 1.61 ± 0.05 m; body mass 81.0 ± 10.5 kg) were followed for 26 weeks.",
            [(1.61, "mean", "height"), (81.0, "mean", "body mass")],
        ),
    ],
)
def test_each_value_is_of_the_name_before_it(
    sentence: str, expected: list[tuple[float, str, str]]
) -> None:
    assert _outcomes(sentence) == expected


def test_codes_of_times_are_no_names_of_outcomes() -> None:
    found = _outcomes(
        "Pain did not differ between the groups (T1: β = 0.02, 95% CI -0.08 to 0.12; T2: β = 0.08, 95% CI -0.02 to 0.17)."
    )
    assert [(value, measure) for value, measure, _ in found] == [(0.02, "beta"), (0.08, "beta")]
    assert {outcome for *_, outcome in found} == {"Pain"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "More women had complications: 54% with liraglutide compared with 38% in the placebo group.",
            [(54.0, "percent"), (38.0, "percent")],
        ),
        (
            "Liraglutide reduced pain by 31% in women with 25% or more of total body fat.",
            [(-31.0, "percent_change")],
        ),
        (
            "Wounds healed in 81% and pain was reduced with 25% lidocaine.",
            [(81.0, "percent")],
        ),
    ],
)
def test_a_share_behind_with_is_no_change_unless_it_says_by_how_much(
    sentence: str, expected: list[tuple[float, str]]
) -> None:
    assert [(value, measure) for value, measure, _ in _outcomes(sentence)] == expected


def test_a_name_that_holds_a_word_of_change_tells_no_finding() -> None:
    text = TRIAL + (
        "Weight-loss, risk score and quality of life were the outcomes. "
        "Liraglutide reduced pain (p = 0.04)."
    )
    (study,) = make_extractor()(read_bytes(text.encode(), "a.txt")).studies
    names = {o.id: o.label for o in study.outcomes}
    assert [names[e.outcome or ""] for e in study.effects] == ["pain"]
