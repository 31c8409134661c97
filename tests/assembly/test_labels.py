"""Names: their likeness and their tidy form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assembly.labels import (
    identity,
    likeness,
    names_people,
    singular,
    stems,
    tidy,
    without_change,
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("risk of hip fracture", "hip fractures", True),
        ("the placebo group", "placebo", True),
        ("vitamin D with calcium", "calcium", True),
        ("hip fracture", "all-cause mortality", False),
        ("creatine kinase levels", "serum vitamin D levels", False),
    ],
)
def test_likeness_is_of_content_words(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= 0.5) is alike


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("the significantly lower serum ferritin", "serum ferritin"),
        ("  risk of falls, ", "risk of falls"),
        ("patients with", "patients"),
        ("overall quality of life", "quality of life"),
        ("median overall survival", "overall survival"),
        ("vitamin D (25(OH)D", "vitamin D"),
        ("pain score of ≥", "pain score"),
        ("lower level of 25(OHD)", "level of 25(OHD)"),
        ("TPO-Ab(+),", "TPO-Ab(+)"),
        ("vitamin D (25(OH)D)", "vitamin D"),
        ("survival(12)", "survival"),
        ("patients(n=30)", "patients"),
    ],
)
def test_tidy_names_have_no_frame(label: str, bare: str) -> None:
    assert tidy(label) == bare


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("small difference in the overall dose of ciclesonide", "dose of ciclesonide"),
        ("Mean change in body weight", "body weight"),
        ("weight reduction in obese women", "weight reduction in obese women"),
        ("difference in", "difference in"),
        ("WOMAC pain decreased", "WOMAC pain"),
        ("Fat mass went down", "Fat mass"),
        ("fell", "fell"),
    ],
)
def test_an_outcome_is_named_without_what_became_of_it(label: str, bare: str) -> None:
    assert without_change(label) == bare


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert not stems(one) or likeness(one, one) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hip fractures", "Hip fracture", True),
        ("food allergies", "food allergy", True),
        ("the vitamin D group", "vitamin D", True),
        ("prednisone", "prednisolone", False),
        ("hydrocortisone", "hydrochlorothiazide", False),
        ("hypercalcemia", "hypercalciuria", False),
        ("osteopenia", "osteoporosis", False),
    ],
)
def test_names_that_only_begin_alike_are_two(one: str, other: str, same: bool) -> None:
    assert (identity(one) == identity(other)) is same


@pytest.mark.parametrize(
    ("label", "one"),
    [
        ("sudden deaths", "sudden death"),
        ("number of deaths", "number of deaths"),
        ("adverse events", "adverse events"),
        ("Overall response rates", "Overall response rate"),
        ("times to progression", "time to progression"),
        ("number of times", "number of times"),
    ],
)
def test_events_and_quantities_are_named_in_the_singular(label: str, one: str) -> None:
    assert singular(label) == one


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("participants in the zinc arm", True),
        ("patients of Group A", True),
        ("number of patients", True),
        ("daily zinc group", True),
        ("groups", True),
        ("number of patients with pain", False),
        ("patient survival", False),
        ("deaths in the zinc arm", False),
        ("age group", False),
        ("cases of bradycardia", False),
    ],
)
def test_names_of_people_name_no_outcome(name: str, people: bool) -> None:
    assert names_people(name) is people
