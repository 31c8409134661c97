"""Who got what, as texts tell it: lists behind a verb of allocation, brackets, sentences of what each group got."""

from __future__ import annotations

import pytest

from kg.assembly.allocation.told import find_told
from kg.assembly.sentence import Sentence
from kg.extract import make_extractor
from kg.records import Study
from tests.assembly.make_reading import make_reading


def told(*texts: str) -> list[list[str]]:
    """Return what the groups of each list were given; an amount follows what it is of."""
    text = "\n".join(texts)
    places = [text.index(t) for t in texts]
    sentences = [Sentence(at, at + len(t), t, "", 0) for at, t in zip(places, texts, strict=True)]

    def name(place: tuple[int, int], head: tuple[int, int] | None, amount: str | None) -> str:
        return f"{text[slice(*head)].strip()} {amount}" if head and amount else text[slice(*place)]

    return [[name(t.given, t.head, t.amount) for t in groups] for groups in find_told(sentences)]


@pytest.mark.parametrize(
    ("sentence", "groups"),
    [
        (
            "Ninety adults were allocated to early feeding to reach 25 kcal/kg or to conventional care.",
            ["early feeding", "conventional care"],
        ),
        (
            "Forty-one patients were randomised to ketorolac and 39 patients to usual treatment.",
            ["ketorolac", "usual treatment"],
        ),
        (
            "Women were randomly assigned to receive either zinc (n = 20), iron (n = 22) or no supplement (n = 19) for 8 weeks.",
            ["zinc", "iron", "no supplement"],
        ),
        (
            "Adults were randomised to ketamine intravenously over 10 min or placebo three times daily.",
            ["ketamine", "placebo"],
        ),
        (
            "Rats were separated into 3 groups of 7 rats each: naloxone (N), lipid emulsion (L), and control (C).",
            ["naloxone", "lipid emulsion", "control"],
        ),
        (
            "Eyes were randomized 2:1 to once-daily tafluprost or vehicle.",
            ["tafluprost", "vehicle"],
        ),
        (
            "Participants were divided into two groups: (1) usual lessons and (2) video lessons with homework.",
            ["usual lessons", "video lessons with homework"],
        ),
        (
            "Teeth were randomly divided into three groups: Group A: laser, Group B: fluoride varnish, Group C: saline.",
            ["laser", "fluoride varnish", "saline"],
        ),
        (
            "Patients were randomized to a control arm (iron only) or treatment arm (iron and lactoferrin).",
            ["iron only", "iron and lactoferrin"],
        ),
        (
            "Children were assigned to coaching, counselling and a diary or no help (controls).",
            ["coaching, counselling and a diary", "no help"],
        ),
        (
            "Knees were treated with ice alone (group 1) or ice with compression (group 2).",
            ["ice alone", "ice with compression"],
        ),
    ],
)  # fmt: skip
def test_lists_tell_the_groups(sentence: str, groups: list[str]) -> None:
    assert told(sentence) == [groups]


@pytest.mark.parametrize(
    ("sentence", "groups"),
    [
        (
            "Adults were randomised to inhaled salmeterol 25 or 50 μg twice daily or placebo.",
            ["inhaled salmeterol 25 μg", "inhaled salmeterol 50 μg", "placebo"],
        ),
        (
            "They were randomised into three groups to receive 20, 40, or 80 mg rivaroxaban for 12 hours.",
            ["rivaroxaban 20 mg", "rivaroxaban 40 mg", "rivaroxaban 80 mg"],
        ),
        (
            "Patients were randomized to receive intravenous abelacimab (90 mg or 1,500 mg) or placebo.",
            ["abelacimab 90 mg", "abelacimab 1,500 mg", "placebo"],
        ),
        (
            "People were randomly assigned to three daily groups: 100 mL water, 30 mL beet juice, and 120 mL beet juice.",
            ["water", "beet juice 30 mL", "beet juice 120 mL"],
        ),
        (
            "Infants were randomised to zinc at a dose of 4 mg (n = 44), 8 mg (n = 44) or 16 mg (n = 44) per day.",
            ["zinc 4 mg", "zinc 8 mg", "zinc 16 mg"],
        ),
        # what of, the list does not say
        (
            "Adults were randomised to 5 mg daily (n=91), 10 mg daily (n=92) or placebo (n=90) for a year.",
            ["5 mg daily", "10 mg daily", "placebo"],
        ),
        (
            "Women were randomized at 12 to 16 weeks to 4 (n=117), 20 (n=120) or 40 mg (n=117) daily until delivery.",
            ["4", "20", "40 mg"],
        ),
    ],
)  # fmt: skip
def test_groups_that_differ_by_an_amount_are_named_with_it(
    sentence: str, groups: list[str]
) -> None:
    assert told(sentence) == [groups]


def test_groups_are_told_by_what_each_received() -> None:
    found = told(
        "They were divided into two groups.",
        "One group received ketamine (0.5 mg/kg) and the other group received saline.",
    )
    assert found == [["ketamine", "saline"]]


def test_a_title_tells_what_is_compared_where_no_list_does() -> None:
    assert told("Honey versus silver dressings for burns in children") == [
        ["Honey", "silver dressings"]
    ]
    assert told("We compared the effects of brisk walking and cycling on sleep.") == [
        ["brisk walking", "cycling"]
    ]
    listed = "Adults were randomised to honey or silver dressings."
    assert told("Honey versus silver for burns", listed) == [["honey", "silver dressings"]]


@pytest.mark.parametrize(
    "sentence",
    [
        "A randomised controlled trial of yoga or stretching in older adults was planned.",
        "Of the randomised patients, 40 or more had diabetes or hypertension.",
        "The rate was similar in the 2 groups: 8 eyes (15%) in the laser group and 9 eyes (17%) in the control group.",
        "Patients were randomised by a computer or by sealed envelopes.",
        "Improvement was seen in voiding (group L, -0.5 vs. group M, -1.7) and in sleep (group L, -1.0 vs. group M, -1.8).",
        "The control group received more opioids than the block group received (12 vs 8 mg, p = 0.02).",
    ],
)
def test_what_allots_nothing_tells_no_groups(sentence: str) -> None:
    assert told(sentence) == []


def test_an_endless_sentence_is_read_at_its_beginning_alone() -> None:
    listed = "Adults were randomised to honey or silver dressings."
    rest = " during a wet winter" * 200
    assert told(listed[:-1] + rest) == [["honey", "silver dressings"]]
    assert told(rest + listed) == []


# In a document -----------------------------------------------------------------------------------

TRIAL = (
    "# Early mobilisation after hip repair: a randomised controlled trial\n\n"
    "High-risk patients were allocated to early mobilisation to reach 200 steps a day or to conventional care. "
    "Sixty-two patients were randomised to early mobilisation and 60 patients to control treatment.\n\n"
)


def study_of(text: str) -> Study:
    (study,) = make_extractor("fast")(make_reading(text)).studies
    return study


def test_the_second_value_of_a_pair_is_of_the_arm_that_only_the_list_names() -> None:
    study = study_of(
        TRIAL
        + "The mobilised group had shorter stays (11.2 ± 4.1 days versus 14.5 ± 6.0 days; p = 0.001)."
    )
    names = {i.id: i.label for i in study.interventions}
    arms = {a.id: a for a in study.arms}
    means = [e for e in study.effects if e.measure == "mean" and e.value in (11.2, 14.5)]
    assert len(means) == 2
    assert [names[e.intervention or ""] for e in means][1] == "conventional care"
    assert [arms[e.arm or ""].role for e in means] == ["experimental", "control"]


def test_arms_without_a_value_are_arms_of_the_trial() -> None:
    study = study_of(
        "# Zinc for the common cold: a randomised controlled trial\n\n"
        "Adults were randomly assigned to receive zinc acetate (n = 60) or placebo (n = 58).\n\n"
        "Zinc shortened colds (mean difference -2.1 days, 95% CI -3.0 to -1.2)."
    )
    assert {(a.label, a.role, a.n) for a in study.arms} == {
        ("zinc acetate", "experimental", 60),
        ("placebo", "control", 58),
    }


def test_doses_that_a_list_tells_are_arms_of_their_own() -> None:
    study = study_of(
        "# Two doses of velmaparib in asthma: a randomised trial\n\n"
        "Patients were randomised to inhaled velmaparib 4.5 or 9 μg twice daily or placebo for 12 weeks.\n\n"
        "Exacerbations occurred in 12% of those on 4.5 μg, 7% of those on 9 μg and 19% of those on placebo."
    )
    arms = {a.id: a.label for a in study.arms}
    found = {e.value: arms.get(e.arm or "") for e in study.effects if e.measure == "percent"}
    assert found == {
        12.0: "inhaled velmaparib 4.5 μg",
        7.0: "inhaled velmaparib 9 μg",
        19.0: "placebo",
    }


def test_amounts_alone_are_of_what_the_page_names() -> None:
    study = study_of(
        "# Two doses of metformin in prediabetes: a randomised trial\n\nWe asked whether metformin prevents diabetes.\n\n"
        "Two hundred adults were randomised to 4 mg daily (n=70), 9 mg daily (n=70) or placebo (n=60) for 12 weeks.\n\n"
        "Diabetes occurred in 12% of those on 4 mg, 7% of those on 9 mg and 19% of those on placebo."
    )
    arms = {a.id: a.label for a in study.arms}
    found = {e.value: arms.get(e.arm or "") for e in study.effects if e.measure == "percent"}
    assert found == {12.0: "metformin 4 mg", 7.0: "metformin 9 mg", 19.0: "placebo"}


def test_an_amount_stands_before_the_rhythm() -> None:
    study = study_of(
        "# Vitamin K in pregnancy: a randomised trial\n\n"
        "Women were assigned to two groups: Group 1 (n = 26), 100 μg of vitamin K daily; Group 2 (n = 27), 200 μg of vitamin K daily."
    )
    assert {a.label for a in study.arms} == {"vitamin K 100 μg daily", "vitamin K 200 μg daily"}
