"""Findings told in words, through the real pipeline: outcomes, directions, arms, and what is none."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from kg.assembly import told_effects
from kg.assembly.effects import EffectReading, find_effects
from kg.assembly.forest import load_forest
from kg.assembly.labels import likeness
from kg.assembly.told_claims import Claim, find_claims
from kg.assembly.told_effects import by_chance, is_hint, tell
from kg.assembly.told_features import FEATURES
from kg.assembly.told_words import CLASSES
from tests.assembly.test_constructions import context_of
from tests.assembly.test_ranking import Opinion


def told(text: str) -> list[EffectReading]:
    context = context_of(text)
    return tell(context, find_effects(context))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Zinc supplements significantly reduced fatigue compared with placebo.",
            {"fatigue": "decrease"},
        ),
        (
            "There was no significant difference in body weight, grip strength or sleep quality between the zinc group and"
            " the control group.",
            {"body weight": "no_difference", "grip strength": "no_difference", "sleep quality": "no_difference"},
        ),
        (
            "Mortality was higher in the saline group than in the albumin group.",
            {"mortality": "increase"},
        ),
        (
            "Serum ferritin did not differ between the two groups.",
            {"serum ferritin": "no_difference"},
        ),
        (
            "Knee pain decreased after yoga, whereas walking speed increased.",
            {"knee pain": "decrease", "walking speed": "increase"},
        ),
        (
            "High coffee intake was associated with an increased risk of hip fracture.",
            {"hip fracture": "increase"},
        ),
        (
            "Quality of life improved significantly in the exercise group (P = 0.01).",
            {"quality of life": "increase"},
        ),
    ],
)  # fmt: skip
def test_findings_without_numbers_are_told(text: str, expected: dict[str, str]) -> None:
    effects = told(text)
    for name, direction in expected.items():
        found = [e for e in effects if e.outcome_label and likeness(e.outcome_label, name) >= 0.6]
        assert found, (name, [e.outcome_label for e in effects])
        assert found[0].direction == direction, name


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Sleep quality tended to improve more with yoga than with walking.", "sleep quality"),
        ("There was a trend toward lower mortality in the albumin group.", "mortality"),
        ("A trend was observed for lower mortality in the albumin group.", "mortality"),
    ],
)
def test_a_trend_is_no_difference_shown(text: str, outcome: str) -> None:
    found = [e for e in told(text) if e.outcome_label and likeness(e.outcome_label, outcome) >= 0.6]
    assert found
    assert {e.direction for e in found} == {"no_difference"}


def test_no_difference_is_claimed_only_where_a_word_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def undecided(*args: Any, **kwargs: Any) -> list[Claim]:
        return [replace(claim, direction="no_difference") for claim in find_claims(*args, **kwargs)]

    monkeypatch.setattr(told_effects, "find_claims", undecided)
    assert told("Pain decreased in the yoga group.") == []
    assert told("Pain was similar in the yoga group and the walking group.")


@pytest.mark.parametrize(
    "text",
    [
        "The aim of this study was to determine whether zinc supplements reduce fatigue in adults.",
        "Pain was measured on a visual analogue scale at four and eight weeks.",
        "Participants were randomly assigned to yoga or to usual care.",
        "The trial was powered to detect a 20% reduction in falls with yoga.",
        "Further trials are needed to determine whether statins affect memory.",
    ],
)
def test_aims_and_methods_tell_nothing(text: str) -> None:
    assert told(text) == []


def test_a_sentence_without_outcome_speaks_of_those_before() -> None:
    effects = told(
        "Knee pain and joint stiffness decreased in both groups. There was no significant difference between the groups."
    )
    later = [e for e in effects if e.sentence[0] > 0]
    assert {e.direction for e in later} == {"no_difference"}
    assert any(e.outcome_label and likeness(e.outcome_label, "knee pain") >= 0.6 for e in later)


def test_arms_are_those_of_the_sentence() -> None:
    effect = next(
        e
        for e in told("Mortality was lower in the albumin group than in the saline group.")
        if e.outcome_label and likeness(e.outcome_label, "mortality") >= 0.6
    )
    assert effect.intervention is not None
    assert "albumin" in effect.intervention.label.lower()
    assert effect.comparator is not None
    assert "saline" in effect.comparator.label.lower()
    assert effect.contrast == "between_groups"


def test_a_number_that_says_it_leaves_nothing_to_tell() -> None:
    effects = told(
        "Zinc reduced the risk of pneumonia compared with placebo (RR 0.70, 95% CI 0.55 to 0.89)."
    )
    assert [e.measure for e in effects if e.statistic.value is not None] == ["RR"]
    assert not [
        e for e in effects
        if e.statistic.value is None and e.outcome_label and likeness(e.outcome_label, "pneumonia") >= 0.5
    ]  # fmt: skip
    assert not any(is_hint(e) for e in find_effects(context_of("The trial ended in May.")))


def test_claims_never_overlap_and_stand_in_text_order() -> None:
    context = context_of(
        "Fasting glucose, insulin and body weight fell with metformin but not with placebo. Sleep did not change."
    )
    claims = find_claims(context)
    places = [(c.scene.sentence, c.phrase.first, c.phrase.last) for c in claims]
    assert places == sorted(places)
    assert all(a[0] < b[0] or a[2] <= b[1] for a, b in itertools.pairwise(places))


def test_a_word_has_one_class() -> None:
    words = [word for members in CLASSES.values() for word in members]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("model", ["told_finding", "told_direction"])
def test_all_that_the_models_look_at_is_described(model: str) -> None:
    assert set(load_forest(model).features) <= set(FEATURES)
    assert len(set(FEATURES)) == len(FEATURES)


def test_a_group_without_direction_does_not_differ_where_ns_follows() -> None:
    text = "Recovery was seen in 26% with zinc and 31% with copper (P = NS)."
    context = context_of(text)
    value = next(s for s in context.statistics if s.value == 31.0)
    undecided = EffectReading(value, "percent", "unclear", (0, len(text)), 0)
    assert by_chance(context, undecided).direction == "no_difference"
    assert by_chance(context, replace(undecided, direction="increase")).direction == "increase"
    early = replace(undecided, statistic=context.statistics[0], sentence=(0, text.index("31%")))
    assert by_chance(context, early).direction == "unclear"


class Outcomes(Opinion):
    """A second opinion that knows one thing only: how likely a phrase names an outcome."""

    def __init__(self, chance: float) -> None:
        super().__init__((0, 0))
        self.chance = chance

    def outcome(self, phrase: tuple[int, int]) -> float | None:
        return self.chance


def test_what_a_second_opinion_holds_to_be_no_outcome_is_not_told_of() -> None:
    context = context_of("Zinc supplements significantly reduced fatigue compared with placebo.")
    assert any(c.phrase.raw == "fatigue" for c in find_claims(context, scores=Outcomes(0.99)))
    assert find_claims(context, scores=Outcomes(0.0)) == []
