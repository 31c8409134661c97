"""What a value is set against, and which way a result points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.assembly.arms import read_arms
from kg.assembly.context import Context
from kg.assembly.effects import read_links
from kg.assembly.link import link_all
from kg.assembly.opposite import Opposites
from tests.assembly.test_constructions import context_of

ARMS = "Methods: Sixty adults were randomly assigned to metformin (n = 31) or placebo (n = 29). Results: "


def opposites(text: str) -> tuple[Context, Opposites]:
    context = context_of(text)
    links = link_all(context)
    return context, Opposites(context, links, read_arms(context, links))


def printed(context: Context, value: str) -> int:
    """Return the index of the statistic that is printed so."""
    return next(k for k, s in enumerate(context.statistics) if s.printed_value == value)


@pytest.mark.parametrize(
    "text",
    [
        "Nausea occurred in 23% of the metformin group and 12% of the placebo group (P = 0.03).",
        "Nausea occurred in 23% of the metformin group. In the placebo group nausea occurred in 12%.",
    ],
)
def test_a_value_is_set_against_the_other_arms(text: str) -> None:
    context, found = opposites(ARMS + text)
    one, other = printed(context, "23"), printed(context, "12")
    assert (found.other(one), found.other(other)) == (other, one)
    assert found.features(one)["o_sign"] == 1
    assert found.features(other)["o_sign"] == -1


def test_values_of_two_outcomes_are_not_set_against_each_other() -> None:
    context, found = opposites(
        ARMS
        + "Nausea occurred in 23% of the metformin group. In the placebo group nausea occurred in 12%."
    )
    one, other = printed(context, "23"), printed(context, "12")
    nausea = found.links[other].outcome
    assert nausea is not None
    apart = replace(found.links[other], outcome=replace(nausea, label="headache"))
    assert Opposites(context, {**found.links, other: apart}, found.arms).other(one) is None


def test_the_test_of_two_values_is_that_of_their_sentence() -> None:
    text = "Nausea occurred in 23% of the metformin group and 12% of the placebo group (OR 1.4, 95% CI 0.8 to 2.4)."
    context, found = opposites(ARMS + text)
    f = found.features(printed(context, "23"))
    assert f["v_ahead"] == -1  # the interval holds 1
    assert f["v_ahead_way"] == 1
    assert "v_behind" not in f


@pytest.mark.parametrize(
    ("estimate", "direction"),
    [
        ("adjusted HR 0.57, 95% CI 0.33 to 0.99, P = .05", "decrease"),
        ("HR 1.6, 95% CI 1.1 to 2.3", "increase"),
        ("HR 0.8, 95% CI 0.5 to 1.3", "no_difference"),
    ],
)
def test_a_ratio_points_where_its_interval_lies(estimate: str, direction: str) -> None:
    context = context_of(
        f"{ARMS}Time to relapse was longer with metformin than with placebo ({estimate})."
    )
    links, *_ = read_links(context)
    (link,) = (x for k, x in links.items() if context.statistics[k].ci_low is not None)
    assert link.direction == direction


def test_an_untested_value_at_baseline_points_nowhere() -> None:
    context = context_of(
        f"{ARMS}Baseline HbA1c was 8.1% in the metformin group and 7.9% with placebo."
    )
    links, _, times = read_links(context)
    values = [k for k in links if context.statistics[k].value in (8.1, 7.9)]
    assert [times[k] for k in values] == ["Baseline", "Baseline"]
    assert {links[k].direction for k in values} == {"unclear"}


def test_a_text_without_numbers_has_no_results() -> None:
    links, arms, times = read_links(context_of("Metformin was compared with placebo in adults."))
    assert (links, arms.arms, times) == ({}, (), {})
