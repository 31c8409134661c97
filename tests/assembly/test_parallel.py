"""Names in a list, each with a bracket of its own, play the same part."""

from __future__ import annotations

import pytest

from kg.assembly.effects import find_effects
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.labels import likeness
from kg.assembly.link import Link, link_all
from kg.assembly.same_names import same
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading


def links_of(text: str) -> list[Link]:
    """Return the links of a text of one section, in text order."""
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    return [link for _, link in sorted(link_all(context).items())]


@pytest.mark.parametrize(
    ("text", "outcomes", "intervention"),
    [
        (
            "Night work was associated with a higher risk of stroke (HR 1.31; 95% CI 1.10-1.56), angina (HR 1.22; 95% CI 1.01-1.47), "
            "heart failure (HR 1.18; 95% CI 1.02-1.36), and cardiac arrest (HR 1.40; 95% CI 1.05-1.87).",
            ["stroke", "angina", "heart failure", "cardiac arrest"], "night work",
        ),
        (
            "Metformin use was associated with lower mortality in men (HR 0.80; 95% CI 0.70-0.91) and women (HR 0.85; 95% CI 0.75-0.96).",
            ["mortality", "mortality"], "metformin use",
        ),
    ],
)  # fmt: skip
def test_each_bracket_belongs_to_the_name_before_it(
    text: str, outcomes: list[str], intervention: str
) -> None:
    links = links_of(text)
    assert len(links) == len(outcomes)
    for link, outcome in zip(links, outcomes, strict=True):
        assert link.outcome is not None
        assert link.intervention is not None
        assert likeness(link.outcome.label, outcome) >= 0.5
        assert likeness(link.intervention.label, intervention) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Zinc was associated with a hazard ratio of 0.80 (95% CI 0.70 to 0.91).",
        "Smoking was associated with an odds ratio of 1.8 (95% CI 1.2 to 2.7) and obesity with an odds ratio of 1.4 (95% CI 1.1 to 1.9).",
        "Each zinc tablet contained 10 mg. The zinc concentration increased by 15% (P = 0.01).",
    ],
)
def test_nothing_is_measured_by_itself(text: str) -> None:
    links = links_of(text)
    assert any(link.outcome is not None or link.intervention is not None for link in links)
    for link in links:
        if link.outcome is not None and link.intervention is not None:
            assert not same(link.outcome, link.intervention)


def test_a_count_that_its_bracket_says_again_is_no_second_result() -> None:
    text = (
        "There were two deaths (2/148, 1.4%) with zinc and eight deaths (8/99, 8.1%) with placebo."
    )
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    assert [effect.measure for effect in find_effects(context)] == ["percent", "percent"]
