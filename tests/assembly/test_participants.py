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
        (
            "Villages got a supplement (LNS; 492 children), a blend (CSB; 487 children) or nothing (control; 491 children).",
            1470,
            True,
        ),
        (
            "Patients were assigned at random to zinc (n=154) or usual care (n=156). Costs were €11 420 and €13 065.",
            310,
            True,
        ),
        ("Fifty day-case patients were enrolled in this trial.", 50, False),
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


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("We randomly assigned 84 adults with warts to zinc sulfate 10 mg/kg daily or placebo for 8 weeks.", "warts"),
        ("We randomised a total of 61 patients with a poor response to methotrexate to baricitinib or placebo.",
         "a poor response to methotrexate"),
        ("84 adults with mild to moderate asthma were seen.", "mild to moderate asthma"),
        ("We studied 40 women with endometriosis referred to two clinics.", "endometriosis"),
        ("We studied 40 patients with cirrhosis according to biopsy.", "cirrhosis"),
    ],
)  # fmt: skip
def test_a_condition_ends_before_what_was_done(text, condition):
    assert populations(text)[0].condition == condition


def test_condition_is_what_the_people_have():
    first = populations("We enrolled 182 patients with moderate to very severe COPD, all smokers.")[
        0
    ]
    assert first.condition == "moderate to very severe COPD"
    assert first.label == "patients"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Of 208 eligible women, 134 were enrolled and randomised to A or B.", 134),
        ("Fifty-seven people were screened. Thirty (52%) entered randomisation.", 30),
        (
            "It was planned to enrol 816 patients. Thus, 407 patients were randomised to A or B.",
            407,
        ),
        ("Of 885 patients, 442 were assigned to the high dose and 443 to the usual dose.", 885),
        ("Women were divided into two groups (30 patients in each group).", 60),
        ("From May 2004 till October 2007, 340 patients with breast cancer were enrolled.", 340),
        ("In a 2015 study people with migraine took magnesium; 81 people were enrolled.", 81),
        ("Trained breast cancer survivors (BCS) differ. A total of 322 BCS were randomised.", 322),
        ("A total of 75/95 (79%) women approached agreed to randomisation.", 75),
        ("The trial randomised 3046 high-risk 1- to 11-month-old infants.", 3046),
        ("Hundred and forty-three patients received the drug.", 143),
        ("Patients got the drug (n = 26). The control group (n = 30) got none.", 56),
    ],
)
def test_those_who_took_part_are_counted(text, value):
    found = total(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "Adults with type 2 diabetes were randomised to the drug or to placebo.",
        "We pooled three randomised, double blind, placebo controlled trials.",
        "SWOG 0307 randomised women with early cancer.",
    ],
)
def test_names_and_trials_are_no_people(text):
    assert [c.value for c in find_candidates(text, [(0, len(text))], Zones())] == []


@pytest.mark.parametrize(
    "text",
    [
        "In all, 40 patients with a mean age of 50.6 years were enrolled.",
        "We enrolled 40 eligible patients.",
        "In total, 1,725 were included in the trial.",
    ],
)
def test_what_is_no_condition_is_left_out(text):
    assert populations(text)[0].condition is None


def test_parts_by_sex_tell_the_sex():
    found = {
        p.n: (p.condition, p.female_percent)
        for p in populations("60 patients (52 female, 8 male) took part.")
    }
    assert found[52] == (None, 100.0)
    assert found[8] == (None, 0.0)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        (
            "A total of 294 patients were included: 149 were in the latanoprost group and 145 were in timolol group.",
            {149: "latanoprost group", 145: "timolol group"},
        ),
        (
            "In all, 148 patients were randomised, 83 to vildagliptin and 65 to sitagliptin.",
            {83: "vildagliptin", 65: "sitagliptin"},
        ),
        (
            "Then 2144 (1063 ovarian ablation, 1081 no ovarian ablation) patients were randomly assigned.",
            {1063: "ovarian ablation", 1081: "no ovarian ablation"},
        ),
        (
            "We analysed 325 patients (latanoprost, 163; brimonidine, 162).",
            {163: "latanoprost", 162: "brimonidine"},
        ),
    ],
)
def test_the_groups_that_make_a_whole_are_named(text, groups):
    found = {p.n: p.arm_words for p in populations(text)}
    assert groups.items() <= found.items()


def test_numbers_before_one_noun_count_its_people():
    text = "In total, 271 and 278 patients received CT-P6 and trastuzumab, respectively."
    assert {271, 278} <= {p.n for p in populations(text)}
    found = total(text)
    assert found is not None
    assert found.value == 549


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Of a planned 2400 women, 880 were enrolled, 405 in the intervention group.", 880),
        ("Accrual was terminated at 338 of 2,150 planned patients for loss of funding.", 338),
        ("21 male and 17 female patients were recruited.", 38),
        ("325 of 334 randomised patients were included in the analysis.", 334),
        ("80 ASA physical status 1 and 2 women scheduled for surgery took part.", 80),
    ],
)
def test_who_took_part_is_told_from_who_was_planned_or_analysed(text, value):
    found = total(text)
    assert found is not None
    assert found.value == value
