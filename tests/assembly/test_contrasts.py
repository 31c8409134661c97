"""Values that are set against one another are of two arms and point opposite ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.assembly.arms import read_arms
from kg.assembly.context import Context
from kg.assembly.contrasts import with_arms, with_directions
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.labels import likeness
from kg.assembly.link import Link, link_numbers
from kg.assembly.pointing import point
from kg.assembly.ranking import Ranker
from kg.extract import make_extractor
from kg.pipeline import annotate, make_nlp
from kg.readers import read_bytes
from tests.assembly.make_reading import make_reading

METHODS = "Methods: Sixty adults were randomly assigned to receive metformin (n = 31) or placebo (n = 29). "
PAIR = (
    METHODS
    + "Results: Nausea occurred in 23% of the metformin group versus 12% of the placebo group."
)


def read(text: str) -> tuple[Context, dict[int, Link], dict[int, Link]]:
    """Return a text's context and links, as ranked and pointed and as its contrasts have them."""
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    ranker = Ranker(context)
    links = link_numbers(ranker)
    arms = read_arms(context, links)
    links = point(ranker, links, arms, {})
    return context, links, with_directions(context, with_arms(context, links, arms), arms)


def of_values(context: Context, links: dict[int, Link], *printed: str) -> list[Link]:
    """Return the links of values by how they are printed."""
    found = {context.statistics[k].printed_value: link for k, link in links.items()}
    return [found[value] for value in printed]


def test_two_values_of_one_contrast_are_of_two_arms() -> None:
    context, _, links = read(PAIR)
    one, other = of_values(context, links, "23", "12")
    assert one.intervention is not None
    assert other.intervention is not None
    assert likeness(one.intervention.label, "metformin") >= 0.5
    assert likeness(other.intervention.label, "placebo") >= 0.5


def test_two_values_of_one_contrast_point_opposite_ways_or_the_same_nowhere() -> None:
    context, _, links = read(PAIR)
    ways = tuple(link.direction for link in of_values(context, links, "23", "12"))
    assert ways in {
        ("increase", "decrease"), ("no_difference", "no_difference"), ("unclear", "unclear"),
    }  # fmt: skip


def test_values_of_several_outcomes_are_no_contrast() -> None:
    context, links, _ = read(PAIR)
    arms = read_arms(context, links)
    one, other = sorted(links)
    alike = replace(links[other], intervention=links[one].intervention)
    told = {one: links[one], other: replace(alike, outcome=links[one].outcome)}
    assert with_arms(context, told, arms)[other].intervention != links[one].intervention
    nausea = links[one].outcome
    assert nausea is not None
    apart = told | {other: replace(alike, outcome=replace(nausea, label="headache"))}
    assert with_arms(context, apart, arms) == apart


def test_values_of_one_group_over_time_are_left_as_they_are() -> None:
    context, before, after = read(
        METHODS + "Results: With placebo, HbA1c was 7.9% before and 7.7% after 12 weeks."
    )
    assert len(before) >= 2
    assert of_values(context, after, "7.9", "7.7") == of_values(context, before, "7.9", "7.7")


@pytest.mark.parametrize(
    ("text", "outcome", "exposure"),
    [
        ("The AUC of serum ferritin for predicting hospital mortality was 0.83 (95% CI 0.78-0.88).",
         "hospital mortality", "serum ferritin"),
    ],
)  # fmt: skip
def test_a_curve_s_area_is_of_what_predicts(text: str, outcome: str, exposure: str) -> None:
    context, links, _ = read(text)
    (link,) = of_values(context, links, "0.83")
    assert link.outcome is not None
    assert link.intervention is not None
    assert likeness(link.outcome.label, outcome) >= 0.5
    assert likeness(link.intervention.label, exposure) >= 0.5


@pytest.mark.parametrize(
    ("result", "ratio", "whose"),
    [
        ("Nausea occurred in 23% of the metformin group and in 5% of the placebo group (RR 4.67, 95% CI 1.4 to 15.4).", "4.67", "metformin"),
        ("Nausea occurred in 23% of the metformin group and in 5% of the placebo group (RR 0.21, 95% CI 0.1 to 0.7).", "0.21", "placebo"),
        ("Headache occurred in 23% of the metformin group and in 5% of the placebo group. Nausea was rarer in the placebo group vs the metformin group (RR 0.21, 95% CI 0.1 to 0.7).", "0.21", "placebo"),
        ("Median survival was 9 months with metformin and 6 months with placebo (HR 0.70, 95% CI 0.5 to 0.9).", "0.70", "metformin"),
    ],
)  # fmt: skip
def test_a_ratio_is_of_the_tested_arm_unless_values_or_words_say_otherwise(
    result: str, ratio: str, whose: str
) -> None:
    reading = make_reading(METHODS + "Results: " + result, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    links = link_numbers(Ranker(context))
    arms = read_arms(context, links)
    control = next(arm for arm in arms.arms if arm.control)
    k = next(k for k in links if context.statistics[k].printed_value == ratio)
    wrong = replace(links[k], intervention=control.phrase, comparator=None)
    linked = with_arms(context, links | {k: wrong}, arms)[k]
    assert linked.intervention is not None
    assert whose in linked.intervention.label


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "Enemas in labour: a randomised trial. We randomised 372 women to enema or no enema. Infection occurred in 22% with enema v 14% without enema (P = 0.3).",
            ["enema", "no enema"],
        ),
        (
            "Formoterol in COPD: a randomised trial. Patients were randomised to formoterol 4.5 μg, formoterol 9 μg or placebo. Cough fell in 50.2% on formoterol 4.5 μg, 59.2% on 9 μg and 41.3% on placebo.",
            ["formoterol 4.5 μg", "formoterol 9 μg", "placebo"],
        ),
        (
            "Vitamin D3 at two doses: a randomised trial. We randomly allocated 273 people to placebo (n=91), 1,000 IU of vitamin D3 (n=91) or 4,000 IU of vitamin D3 (n=91). Serum calcium was 79.4 with 1,000 IU, 121.6 with 4,000 IU and 49.0 with placebo.",
            ["vitamin d3 1,000 iu", "vitamin d3 4,000 iu", "placebo"],
        ),
    ],
)
def test_names_that_differ_by_an_amount_or_a_no_are_of_two_arms(
    text: str, given: list[str]
) -> None:
    (study,) = make_extractor()(read_bytes(text.encode(), "a.txt")).studies
    names = {i.id: i.label for i in study.interventions}
    told = sorted(
        (e for e in study.effects if e.value is not None), key=lambda e: e.evidence[-1].start_char
    )
    assert [names.get(e.intervention or "", "").lower() for e in told] == given
