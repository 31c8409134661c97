"""Sentence frames, group codes and results told in words, through the real pipeline."""

from __future__ import annotations

import pytest

from kg.assembly.aliases import find_codes, find_listed_codes, find_parts
from kg.assembly.by_grammar import group_behind
from kg.assembly.constructions import read_frame, read_named_value
from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.labels import likeness
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading


def context_of(text: str) -> Context:
    """Return the context of a text of one section."""
    reading = make_reading(text, "results")
    return make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))


@pytest.mark.parametrize(
    ("text", "outcome", "intervention", "comparator", "direction"),
    [
        (
            "Serum ferritin was significantly lower in vegetarians than in omnivores (MD -12.4 ng/mL; 95% CI -15.1 to -9.7).",
            "serum ferritin", "vegetarians", "omnivores", "decrease",
        ),
        (
            "Smokers had higher resting heart rates (MD 4.2 bpm; 95% CI 2.0 to 6.4) in both seasons.",
            "resting heart rates", "smokers", None, "increase",
        ),
        (
            "No significant differences were found between metformin and glipizide on body weight (MD 0.2 kg; 95% CI -0.4 to 0.8).",
            "body weight", "metformin", "glipizide", "no_difference",
        ),
        (
            "Obesity was an independent risk factor for knee replacement (OR 2.1, 95% CI 1.5 to 2.9).",
            "knee replacement", "obesity", None, "increase",
        ),
        (
            "Breastfeeding was a significant protective factor for asthma (OR 0.7, 95% CI 0.5 to 0.9).",
            "asthma", "breastfeeding", None, "decrease",
        ),
        (
            "Anaemia was an independent predictor of readmission (HR 1.4, 95% CI 1.1 to 1.8).",
            "readmission", "anaemia", None, "increase",
        ),
        (
            "We found no association between coffee intake and bladder cancer (RR 1.02, 95% CI 0.91 to 1.14).",
            "bladder cancer", "coffee intake", None, "no_difference",
        ),
        (
            "Statin use was associated with a reduced risk of stroke (HR 0.78, 95% CI 0.70-0.87).",
            "stroke", "statin use", None, "decrease",
        ),
    ],
)  # fmt: skip
def test_frames_fill_their_slots(
    text: str, outcome: str, intervention: str, comparator: str | None, direction: str
) -> None:
    context = context_of(text)
    frame = read_frame(
        context, next(k for k, s in enumerate(context.statistics) if s.value is not None)
    )
    assert frame is not None
    for slot, name in (
        (frame.outcome, outcome), (frame.intervention, intervention), (frame.comparator, comparator)
    ):  # fmt: skip
        assert (slot is None) is (name is None)
        if slot is not None and name is not None:
            assert likeness(slot.label, name) >= 0.9
    assert frame.direction == direction


@pytest.mark.parametrize(
    "text",
    [
        "Ferritin was measured in 40 adults (mean 82 ng/mL).",
        "Scores were higher on three scales (function: 84.0, pain: 79.2).",
    ],
)
def test_other_sentences_fit_no_frame(text: str) -> None:
    context = context_of(text)
    assert [read_frame(context, k) for k in range(len(context.statistics))] == [None] * len(
        context.statistics
    )


@pytest.mark.parametrize(
    "pair", ["9.4% versus 15.1%", "(9.4% vs 15.1%)", "9.4% and 15.1%, respectively"]
)
def test_the_second_of_a_pair_has_the_frame_of_the_first(pair: str) -> None:
    context = context_of(f"Smokers had a lower prevalence of asthma than nonsmokers {pair}.")
    one, other = (read_frame(context, k) for k in range(2))
    assert one is not None
    assert one.intervention is not None
    assert one.intervention.raw == "Smokers"
    assert one == other


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Ferritin was 19.0 µg/L in the colon cancer group and 28.1 µg/L in healthy controls.",
            ["colon cancer group", None],
        ),
        ("Death occurred in 9.4% and 11.2% in the steroid and saline arm.", [None, None]),
        ("Death occurred in 12% in the intervention group.", [None]),  # what it was given is told elsewhere
    ],
)  # fmt: skip
def test_the_group_behind_a_value_is_its_own(text: str, names: list[str | None]) -> None:
    context = context_of(text)
    found = [group_behind(context, k) for k in range(len(context.statistics))]
    assert [p and p.raw for p in found] == names


def test_a_value_may_carry_its_group() -> None:
    context = context_of("Litter size differed (CTL = 10.2; TRT = 12.7; P = 0.04).")
    named = [
        read_named_value(context, k)
        for k, s in enumerate(context.statistics)
        if s.value is not None
    ]
    assert [p.raw for p in named if p] == ["CTL", "TRT"]


def test_listed_groups_are_told_apart() -> None:
    text = "Attacks in groups 1 to 3 were fewer; arms A and B were pooled."
    assert [codes for _, _, codes in find_listed_codes(text)] == [
        ["group 1", "group 2", "group 3"],
        ["arm A", "arm B"],
    ]


def test_group_codes_stand_for_what_was_given() -> None:
    context = context_of(
        "Group 1 received oral iron. Intravenous iron (group 2) was given weekly. Outcomes were 4% and 5%."
    )
    codes = find_codes(context.reading.view.text, context.phrases)
    assert likeness(codes["group 1"], "oral iron") >= 0.9
    assert likeness(codes["group 2"], "intravenous iron") >= 0.9


def test_groups_by_part_or_short_form_stand_for_what_was_given() -> None:
    context = context_of(
        "Adults were given dexmedetomidine (DEX group, n = 30) or saline (CON group, n = 30). "
        "The control group received standard care. The intervention group received more opioids."
    )
    assert find_parts(context.reading.view.text, context.phrases) == {
        "dex": "dexmedetomidine", "con": "saline", "control": "standard care",
    }  # fmt: skip
    labels = {p.raw: p.label for p in context.phrases}
    assert labels["CON group"] == "saline (CON group)"
    assert labels["control group"] == "standard care (control group)"


def test_results_told_in_words_have_no_number() -> None:
    context = context_of("Compliance was similar in the two groups.")
    assert [(s.value, s.p_value) for s in context.statistics] == [(None, None)]
