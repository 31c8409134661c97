"""How often something is given whose amount the text leaves out, and whether a rhythm goes with a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.numbers import read_numbers
from kg.numbers.doses import find_doses
from kg.numbers.given import find_regimens, goes_with
from kg.numbers.statistic import RegimenReading


def only(text: str) -> RegimenReading:
    (reading,) = find_regimens(text, find_doses(text))
    return reading


@pytest.mark.parametrize(("text", "words", "times", "interval", "doses"), [
    ("Timolol was given twice daily.", "twice daily", 2, None, None),
    ("Insulin glargine at bedtime lowered glucose.", "at bedtime", 1, None, None),
    ("They used latanoprost once daily in the evening.", "once daily in the evening", 1, None, None),
    ("They used drops in the morning and evening.", "in the morning and evening", 2, None, None),
    ("Brinzolamide t.i.d. was added.", "t.i.d.", 3, None, None),
    ("Docetaxel was given every 3 weeks.", "every 3 weeks", None, 21, None),
    ("Two subconjunctival injections of mitomycin were given.", "Two subconjunctival injections", None, None, 2),
    ("They got three monthly intravitreal injections of bevacizumab.", "three monthly intravitreal injections", None, 30.4375, 3),
    ("They got three-monthly medroxyprogesterone.", "three-monthly", None, 91.3125, None),
    ("A single intravitreal injection of ranibizumab followed.", "A single intravitreal injection", None, None, 1),
])  # fmt: skip
def test_rhythms_and_counts(
    text: str, words: str, times: float | None, interval: float | None, doses: float | None
) -> None:
    found = only(text)
    assert found.frequency == words == text[found.start_char : found.end_char]
    assert (found.times_per_day_low, found.interval_days_low, found.doses_low) == (times, interval, doses)  # fmt: skip


def test_route_and_length_stand_with_their_own_rhythm() -> None:
    text = "Oral metformin twice daily for 12 weeks or subcutaneous exenatide once weekly for 24 weeks."
    one, other = find_regimens(text)
    assert (one.route, one.duration_days_low) == ("oral", 84)
    assert (other.route, other.duration_days_low) == ("subcutaneous", 168)


@pytest.mark.parametrize("text", [
    "Zinc 20 mg twice daily was given.",  # the dose's own
    "Once treatment had begun, nobody fell.",
    "A single centre took part.",
    "It tested three doses of paclitaxel.",  # amounts or times: nobody can tell
    "Pressure fell at week 12.",
    "The arm was open for 12 weeks.",
])  # fmt: skip
def test_what_is_no_regimen(text: str) -> None:
    assert find_regimens(text, find_doses(text)) == []


@pytest.mark.parametrize(("text", "name", "goes"), [
    ("timolol twice daily", "timolol", True),
    ("timolol (n = 27) was dosed twice daily", "timolol", True),
    ("the timolol group used drops in both eyes twice daily", "timolol", True),
    ("TDFC or TPFC, each given twice daily", "TPFC", True),
    ("once-daily titrated insulin glargine", "insulin glargine", True),
    ("twice-daily injections of exenatide", "exenatide", True),
    ("timolol lowered pressure, measured twice daily", "timolol", False),
    ("after timolol patients were seen every 4 weeks", "timolol", False),
    ("a breakfast affected daily glucose profiles", "breakfast", False),
    ("the breakfast daily glucose profiles", "breakfast", False),
    ("paclitaxel weekly for 12 weeks", "paclitaxel", True),
    ("tadalafil (n = 139), on demand", "tadalafil", False),
    ("the mean daily insulin dose fell", "insulin", False),
    ("daily insulin requirements fell", "insulin", False),
    ("blood glucose was measured twice daily during insulin", "insulin", False),
    ("twice daily, and insulin was added", "insulin", False),
])  # fmt: skip
def test_the_words_between_name_and_rhythm_decide(text: str, name: str, goes: bool) -> None:
    at = text.index(name)
    assert goes_with(text, (at, at + len(name)), only(text)) is goes


def test_no_rhythm_lies_in_a_dose() -> None:
    text = "Zinc 20 mg twice daily, and iron once daily with 5 mg of folic acid weekly."
    read = read_numbers(text)
    assert [r.frequency for r in read.regimens] == ["once daily"]
    assert all(
        r.end_char <= d.start_char or d.end_char <= r.start_char
        for r in read.regimens
        for d in read.doses
    )


_pieces = st.sampled_from(
    ["timolol", "twice", "daily", "every", "3", "weeks", "b.i.d.", "two", "injections", "of", ", ",
     ". A", "(", ")", "once-daily", "5 mg", "for", "12", "in the morning", "and evening", "\n", "İ"]
)  # fmt: skip


@given(st.lists(_pieces, max_size=25).map(" ".join))
def test_words_are_the_texts_own_and_apart(text: str) -> None:
    found = find_regimens(text, find_doses(text))
    ends = [0, *(r.end_char for r in found)]
    for r, before in zip(found, ends, strict=False):
        assert before <= r.start_char < r.end_char <= len(text)
        assert r.frequency == text[r.start_char : r.end_char]
        if r.duration_start is not None:
            assert r.duration == text[r.duration_start : r.duration_end]
