"""Values "respectively" are of the names at their places of a list."""

from __future__ import annotations

import pytest

from kg.assembly.effects import find_effects
from kg.assembly.enumerations import Enumerations
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.group_names import GroupNames
from kg.assembly.link import Link
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading


@pytest.mark.parametrize(
    ("text", "chosen", "names"),
    [
        (
            "Pulse rate, stroke volume, and cardiac output fell by 12%, 9%, and 21%, respectively.",
            "pulse rate", ["pulse rate", "stroke volume", "cardiac output"],
        ),
        (
            "Side effects such as headache, dizziness, dry mouth (xerostomia) and constipation were seen in 16%, 11%, 7%, and 4% "
            "of patients in the oxybutynin group, respectively.",
            "dizziness", ["headache", "dizziness", "dry mouth", "constipation"],
        ),
        (  # what was chosen is no member of the list of groups
            "Mean age of patients in group A and B was 44.1 years and 45.8 years, respectively.",
            "age", [None, None],
        ),
        (  # a run of values for each group
            "Pain and anxiety were 12.3 and 71.2 with zinc and 15.1 and 74.6 with placebo.", "pain",
            ["pain", "anxiety", "pain", "anxiety"],
        ),
        (  # what is listed behind the first run is told of with its own values
            "Adverse events were fatigue (arm A vs B, 43% and 51%, respectively) and rash (arm A vs B, 19% and 38%, respectively).",
            "fatigue", [None, None, None, None],
        ),
        (  # a list of another length
            "Fatigue, nausea and rash were seen with 12% and 9% of doses, respectively.", "nausea", [None, None],
        ),
    ],
)  # fmt: skip
def test_values_respectively_are_of_the_names_in_their_order(
    text: str, chosen: str, names: list[str | None]
) -> None:
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    phrase = next(p for p in context.phrases if p.raw.lower() == chosen)
    lists = Enumerations(context)
    found = [lists.member(k, phrase) for k in range(len(context.statistics))]
    assert [None if p is None else p.raw.lower() for p in found] == names


def test_the_next_value_has_the_next_group_of_a_list() -> None:
    text = "Deficiency was seen in 16% and 76% of patients receiving placebo and atenolol, respectively."
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    placebo = next(p for p in context.phrases if p.raw == "placebo")
    lists = Enumerations(context)
    following = lists.next(1, {0: Link(0, 1.0, intervention=placebo)})
    assert following is not None
    assert following.raw == "atenolol"
    assert lists.next(0, {}) is None
    assert lists.next(1, {0: Link(0, 1.0)}) is None


def test_names_of_a_list_are_those_of_the_effects() -> None:
    text = "Pulse rate, stroke volume, and cardiac output fell by 12%, 9%, and 21%, respectively."
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    found = {e.statistic.value: (e.outcome_label or "").lower() for e in find_effects(context)}
    assert found == {-12.0: "pulse rate", -9.0: "stroke volume", -21.0: "cardiac output"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("zinc group", "zinc"),
        ("placebo group", "placebo"),
        ("high-volume group", "high-volume group"),  # the text has no "high-volume" by itself
        ("control group", "control group"),
        ("zinc", "zinc"),
        ("zinc-treated adults", "zinc"),
        ("heat-treated milk", "heat-treated milk"),  # no people
    ],
)
def test_a_group_is_named_by_what_it_was_given(name: str, given: str) -> None:
    text = (
        "Adults received zinc or placebo. The zinc group had fewer colds than the placebo group and the control group. "
        "The high-volume group trained more than the low-volume group."
    )  # fmt: skip
    reading = make_reading(text, "results")
    context = make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))
    assert GroupNames(context).given(name) == given
