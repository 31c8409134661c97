"""Which names a regimen without an amount goes with, in records."""

from __future__ import annotations

import re

import pytest
from make_reading import make_reading

from kg.assembly.annotation import Annotation, TaggedMention
from kg.assembly.arm_records import with_regimens
from kg.assembly.context import Context
from kg.assembly.doses import tell_doses_apart
from kg.assembly.regimens import attach_regimens
from kg.assembly.registry import Registry
from kg.assembly.sentence import Sentence
from kg.numbers import read_numbers
from kg.records import Arm, Dose, Regimen


def regimens(text: str, *names: str) -> dict[str, Regimen]:
    """Return the regimens of a text of one sentence by the label of their intervention."""
    mentions = tuple(
        TaggedMention("intervention", m.start(), m.end(), name)
        for name in names
        for m in re.finditer(re.escape(name), text)
    )
    reading = make_reading(text)
    sentence = Sentence(0, len(text), text, "body", 0)
    annotation = Annotation(
        (), (sentence,), tuple(sorted(mentions, key=lambda m: m.start_char)), (), ()
    )
    numbers = read_numbers(text)
    interventions = Registry("intervention", "study")
    told = tell_doses_apart(text, numbers.doses, ())
    doses = [
        Dose(id=f"d{k}", unit=d.unit, raw_unit=d.raw_unit, times_per_day_low=d.times_per_day_low,
             intervention=interventions.add(text[d.substance_start : d.substance_end]))
        for k, (d, _) in enumerate(told)
    ]  # fmt: skip
    found = attach_regimens(
        reading, Context(reading, annotation, []), annotation, "study", numbers.regimens, told, doses,
        interventions,
    )  # fmt: skip
    labels = {interventions.identifier(key): label for key, label in interventions.labels.items()}
    return {labels[r.intervention or ""]: r for r in found}


@pytest.mark.parametrize(("text", "names", "expected"), [
    ("They used timolol twice daily or latanoprost at bedtime.", ["timolol", "latanoprost"],
     {"timolol": 2, "latanoprost": 1}),
    ("They used either placebo or brinzolamide given twice daily.", ["placebo", "brinzolamide"],
     {"placebo": 2, "brinzolamide": 2}),
    ("Placebo, once-daily insulin glargine or twice-daily NPH was given.", ["Placebo", "insulin glargine", "NPH"],
     {"insulin glargine": 1, "NPH": 2}),
    ("They took glargine or NPH insulin twice daily without tablets.", ["glargine or NPH insulin twice daily"],
     {"glargine": 2, "NPH insulin": 2}),
    ("Zinc 20 mg was given twice daily and zinc twice daily helped.", ["zinc"], {}),  # the dose says it
    ("The drugs were given twice daily.", ["drugs"], {}),
    ("Pressure under timolol was measured twice daily.", ["timolol"], {}),
])  # fmt: skip
def test_names_are_given_what_the_words_between_say(
    text: str, names: list[str], expected: dict[str, float]
) -> None:
    found = regimens(text, *names)
    assert {label: r.times_per_day_low for label, r in found.items()} == expected
    for r in found.values():
        assert all(text[s.start_char : s.end_char] == s.text for s in r.evidence)
        assert r.frequency is not None
        assert r.frequency in r.evidence[0].text


def test_told_twice_it_is_one_regimen_with_both_places() -> None:
    text = "They used timolol twice daily; timolol twice daily for 8 weeks was safe."
    (found,) = regimens(text, "timolol").values()
    assert found.duration_days_low == 56
    assert [s.text for s in found.evidence] == [
        "timolol twice daily",
        "timolol twice daily",
        "8 weeks",
    ]


def test_an_arm_has_what_is_given_in_it_unless_nobody_can_tell() -> None:
    arms = {"A": Arm(id="A", label="A", role="experimental", interventions=("timolol", "zinc"))}
    once, twice = (Regimen(id=name, intervention="timolol") for name in ("once", "twice"))
    dose = Dose(id="dose", intervention="zinc", unit="mg", raw_unit="mg")
    assert with_regimens(arms, [dose], [once])["A"].regimens == ("once",)
    assert with_regimens(arms, [dose], [once])["A"].doses == ("dose",)
    assert with_regimens(arms, [dose], [once, twice])["A"].regimens == ()
