"""What a text tells of a dose in several places stands in one reading."""

from __future__ import annotations

import pytest

from kg.numbers.dose_repeats import first_tellings
from kg.numbers.dose_told import complete
from kg.numbers.doses import find_doses
from kg.numbers.statistic import DoseReading


def whole(text: str) -> list[DoseReading]:
    found = find_doses(text)
    first = first_tellings(text, found)
    told = [
        (d, [found[m] for m, n in enumerate(first) if n == k and m != k])
        for k, d in enumerate(found)
        if first[k] == k
    ]
    return [reading for reading, _ in complete(text, told)]


@pytest.mark.parametrize(("text", "frequency", "duration", "route"), [
    ("Zinc 20 mg for colds.\n\nChildren took 20 mg of zinc daily for 8 weeks.", "daily", "8 weeks", None),
    ("Zinc 20 mg for colds. A 12-week double-blind trial. Zinc was given twice daily.", "twice daily", "12-week", None),
    ("They took 20 mg of zinc in a 12-week trial and a 4-week course of iron.", None, "4-week", None),
    ("They took 20 mg of zinc. It was a 12-week trial after a 4-week treatment with iron.", None, None, None),
    ("They took 20 mg of zinc and were followed for 12 weeks.", None, None, None),
    ("A single 20 mg dose of zinc was given in a 12-week trial.", "A single", None, None),
    ("Zinc 20 mg for colds: a single-blind trial in a single centre.", None, None, None),
    ("Latanoprost 0.005% lowered intraocular pressure in glaucoma.", None, None, "ophthalmic"),
    ("They took zinc (20 mg capsules).", None, None, "oral"),
    ("Latanoprost 0.005%/timolol 0.5% (LTFC) was compared. Patients used LTFC once daily.", None, None, None),
])  # fmt: skip
def test_what_is_told_elsewhere(
    text: str, frequency: str | None, duration: str | None, route: str | None
) -> None:
    reading = whole(text)[0]
    assert (reading.frequency, reading.duration, reading.route) == (frequency, duration, route)


def test_an_abbreviation_behind_the_dose_names_it() -> None:
    text = "Latanoprost 0.005%/timolol 0.5% (LTFC) was compared. Patients used LTFC once daily."
    last = whole(text)[-1]
    assert (last.frequency, last.times_per_day_low) == ("once daily", 1.0)


def test_places_are_named() -> None:
    text = "Zinc 20 mg helped. It was a 12-week double-blind trial."
    ((reading, places),) = complete(text, [(find_doses(text)[0], ())])
    assert [text[a:b] for a, b in places] == ["12-week"]
    assert (reading.duration_days_low, reading.duration_days_high) == (84.0, 84.0)


def test_nothing_to_complete() -> None:
    assert complete("A 12-week trial of zinc.", []) == []
