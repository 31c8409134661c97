"""The total of a study among the numbers of people that its text states, and its groups."""

from __future__ import annotations

import pytest

from kg.assembly.participants import choose_total, find_candidates
from kg.assembly.populations import find_populations
from kg.assembly.zones import Zones


def total(text):
    return choose_total(find_candidates(text, [(0, len(text))], Zones()))


def populations(text):
    return find_populations(text, find_candidates(text, [(0, len(text))], Zones()))


@pytest.mark.parametrize(
    ("text", "value", "derived"),
    [
        ("Fifty-three children 8-16 years of age with migraine were enrolled.", 53, False),
        (
            "Three hundred two RA patients were randomised to drug (n = 151) or placebo (n = 151).",
            302,
            False,
        ),
        ("Women were randomized to 5,000 IU daily (n = 89) or 400 IU daily (n = 90).", 179, True),
        ("Five studies with 286 IIM patients and 480 healthy controls were found.", 766, True),
        ("We included 20 studies of 68 680 patients. Of these 7044 patients died.", 68680, False),
        ("Of 410 patients screened, 397 patients were randomised to A or B.", 397, False),
        ("28 mountaineers were randomly assigned to two ascent profiles.", 28, False),
        ("In all, 120 participants (60 men and 60 women) took part in the trial.", 120, False),
        ("This pragmatic trial included 1,725 outpatients with asthma.", 1725, False),
    ],
)
def test_the_total_is_chosen(text, value, derived):
    found = total(text)
    assert found is not None
    assert (found.value, found.derived) == (value, derived)


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin D3 was given at 1,000 IU for 12 weeks in 45 outpatient centres.",
        "The EORTC 10001 randomized phase II trial was done from 2000 to 2009.",
        "Mean age was 68 years; 57% improved after 3 months.",
    ],
)
def test_numbers_of_other_things_are_no_total(text):
    assert total(text) is None


def test_a_rounded_number_gives_way_to_the_exact_one():
    text = (
        "It pooled trials of nearly 70,000 patients.\n\nA total of 68 680 patients were included."
    )
    found = choose_total(find_candidates(text, [(0, 43), (45, len(text))], Zones()))
    assert found is not None
    assert found.value == 68680


def test_groups_keep_their_words_and_numbers():
    text = "In all 151 children took part (68 standard and 83 stoss)."
    found = {p.n: p.arm_words for p in populations(text)}
    assert found == {151: None, 68: "standard", 83: "stoss"}


def test_the_words_before_a_bracket_name_its_group():
    text = "Women were randomized to 5,000 IU daily (HD) (n = 89) or 400 IU daily (LD) (n = 90)."
    for population in populations(text):
        assert population.arm_words is not None
        assert "IU daily" in population.arm_words
        assert population.arm_start is not None
        assert text[population.arm_start :].startswith(population.arm_words)


@pytest.mark.parametrize(
    ("text", "low", "high", "mean", "female"),
    [
        ("2,965 patients aged 18-75 years old were included.", 18, 75, None, None),
        ("53 children 8-16 years of age were enrolled.", 8, 16, None, None),
        ("40 women aged 60 years or older took part.", 60, None, None, 100),
        ("174 patients (mean age 48 years, 53% women) were studied.", None, None, 48, 53),
        ("120 men (age 28.9 ± 9.96 years) volunteered.", None, None, 28.9, 0),
    ],
)
def test_age_and_sex_are_read(text, low, high, mean, female):
    first = populations(text)[0]
    assert (first.age_low, first.age_high, first.age_mean) == (low, high, mean)
    assert first.female_percent == female


def test_condition_is_what_the_people_have():
    first = populations("We enrolled 182 patients with moderate to very severe COPD, all smokers.")[
        0
    ]
    assert first.condition == "moderate to very severe COPD"
    assert first.label == "patients"
