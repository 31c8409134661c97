"""Doses as texts print them, each read by its fields."""

from __future__ import annotations

import math
from typing import Any

import pytest

from kg.numbers.atoms import read_atoms
from kg.numbers.dose_context import dose_context
from kg.numbers.doses import find_doses
from kg.numbers.statistic import DoseReading

IU, UG = "[iU]", "ug"


def bounds(readings: list[DoseReading]) -> list[tuple[float | None, float | None, str]]:
    return [(r.low, r.high, r.unit) for r in readings]


@pytest.mark.parametrize(("text", "expected"), [
    ("400, 800, 1600 or 2400 IU daily", [(400, 400, IU), (800, 800, IU), (1600, 1600, IU), (2400, 2400, IU)]),
    ("randomized to 400 or 4,000 IU", [(400, 400, IU), (4000, 4000, IU)]),
    ("apixaban 2.5, 5, or 10 mg once daily", [(2.5, 2.5, "mg"), (5, 5, "mg"), (10, 10, "mg")]),
    ("600-800 IU/day", [(600, 800, IU)]),
    ("5–20 mg/d", [(5, 20, "mg")]),
    ("between 400 and 800 IU", [(400, 800, IU)]),
    ("450 mg to 600 mg of chloroquine", [(450, 600, "mg")]),
    ("4000 IU per day to 60,000 IU per week", [(4000, 4000, IU), (60000, 60000, IU)]),
    ("100 mcg (4000 IU) per day", [(100, 100, UG)]),
    ("25 ng/day (= 1000 UI/day) or 100 ng/day (4000 UI/day)", [(25, 25, "ng"), (100, 100, "ng")]),
    ("≥800 IU/day", [(800, None, IU)]),
    ("metformin (>or= 1500 mg/day)", [(1500, None, "mg")]),
    ("at least 800 IU of vitamin D daily", [(800, None, IU)]),
    ("800 IU/day minimum", [(800, None, IU)]),
    ("1 mg/kg/day (maximum 60 mg)", [(1, 1, "mg/kg"), (None, 60, "mg")]),
    ("60 mg/day maximum", [(None, 60, "mg")]),
    ("up to 4,000 IU/day", [(None, 4000, IU)]),
    ("doses <400 IU/day", [(None, 400, IU)]),
    ("a dose below 800 IU per day", [(None, 800, IU)]),
    ("median 800 IU/day, range 792-2,000 IU/day", [(792, 2000, IU)]),
    ("70,000 IU once + 35,000 IU/week", [(70000, 70000, IU), (35000, 35000, IU)]),
    ("1 million IU every other day", [(1e6, 1e6, IU)]),
    ("disease IIMs1 million IU every other daybefore:12", [(1e6, 1e6, IU)]),
    ("one million IU", [(1e6, 1e6, IU)]),
    ("half a million IU", [(5e5, 5e5, IU)]),
    ("6 lakh IU IM once", [(6e5, 6e5, IU)]),
    ("100\u2009000 IU weekly", [(1e5, 1e5, IU)]),
    ("100\u00a0000\u00a0IU weekly", [(1e5, 1e5, IU)]),
    ("100 000 IU weekly", [(1e5, 1e5, IU)]),
    ("ergocalciferol (400.000IU)", [(4e5, 4e5, IU)]),
    ("50 ?g 25OHD3/kg diet", [(50, 50, "ug/kg")]),
    ("2,500 IU D3/kg diet", [(2500, 2500, "[iU]/kg")]),
    ("600,000 U of vitamin D", [(6e5, 6e5, IU)]),
    ("20 micrograms of vitamin D, 20 µg, 20 μg, 20 mcg or 20 microg daily", [(20, 20, UG)] * 5),
    ("budesonide 200 mu g or formoterol 12 mug twice daily", [(200, 200, UG), (12, 12, UG)]),
    ("epirubicin 90 mg m-2 and cisplatin 75 mg/m(2)", [(90, 90, "mg/m2"), (75, 75, "mg/m2")]),
    ("ketamine 10 mg.kg−1 i.v.", [(10, 10, "mg/kg")]),
    ("remifentanil 0.15 μg/kg/min was infused", [(0.15, 0.15, "ug/kg/min")]),
    ("5000 IU · day(-1) vitamin D(3)", [(5000, 5000, IU)]),
    ("FF/VI (200/25 or 800/100 μg)", [(200, 200, UG), (25, 25, UG), (800, 800, UG), (100, 100, UG)]),
    ("timolol 0.5% twice daily", [(0.5, 0.5, "%")]),
    ("0.005% latanoprost eye drops", [(0.005, 0.005, "%")]),
    ("received 4*109 CFU daily", [(4e9, 4e9, "[CFU]")]),
    ("**(300,000 IU) once** every 7-10 days", [(3e5, 3e5, IU)]),
    ("vitamin D3 supplements (n=148;  **2000**  IU/day)", [(2000, 2000, IU)]),
])  # fmt: skip
def test_amounts_and_units_are_read(
    text: str, expected: list[tuple[float | None, float | None, str]]
) -> None:
    assert bounds(find_doses(text)) == expected


@pytest.mark.parametrize(("text", "fields"), [
    ("Vitamin D was given once every 7-10 days by intramuscular injection (300,000 IU), 4-6 times in total",
     {"interval_days_low": 7, "interval_days_high": 10, "doses_low": 4, "doses_high": 6,
      "route": "intramuscular", "frequency": "once every 7-10 days",
      "per_day_low": 30000, "per_day_high": 300000 / 7,
      "cumulative_low": 1.2e6, "cumulative_high": 1.8e6}),
    ("0.5 million IU per day for 5 days",
     {"frequency": "per day", "duration": "5 days", "duration_days_low": 5, "times_per_day_low": 1,
      "per_day_low": 5e5, "cumulative_low": 2.5e6, "cumulative_high": 2.5e6}),
    ("1 million IU every other day", {"interval_days_low": 2, "per_day_low": 5e5, "cumulative_low": None}),
    ("100 000 IU weekly for 4 weeks", {"interval_days_low": 7, "cumulative_low": 4e5, "cumulative_high": 4e5}),
    ("100,000 IU every 3 months for 1 year", {"cumulative_low": 4e5, "cumulative_high": 4e5}),
    ("60,000 IU per fortnight", {"interval_days_low": 14, "frequency": "per fortnight"}),
    ("100,000 IU 3-monthly", {"interval_days_low": 91.3125, "frequency": "3-monthly"}),
    ("≥800 IU/day", {"per_day_low": 800, "per_day_high": None}),
    ("up to 4,000 IU/day for 10 days", {"per_day_low": None, "per_day_high": 4000, "cumulative_low": None,
                                        "cumulative_high": 40000}),
    ("20 mg/kg/day × 3 d", {"unit": "mg/kg", "times_per_day_low": 1, "cumulative_low": 60, "duration": "3 d"}),
    ("ibuprofen 400 mg bid", {"times_per_day_low": 2, "per_day_low": 800, "frequency": "bid"}),
    ("prednisolone 5 mg twice daily (b.i.d.)", {"times_per_day_low": 2, "per_day_low": 10}),
    ("vildagliptin 50 mg twice/day", {"times_per_day_low": 2, "per_day_high": 100}),
    ("metformin 500 mg once or twice daily", {"times_per_day_low": 1, "times_per_day_high": 2,
                                              "per_day_low": 500, "per_day_high": 1000}),
    ("a single oral dose of 70,000 IU of vitamin D3",
     {"doses_low": 1, "per_day_low": None, "cumulative_low": 70000, "route": "oral"}),
    ("a weekly dose of 50,000 IU of cholecalciferol", {"interval_days_low": 7, "frequency": "weekly"}),
    ("400 mg oral calcium; 5 days/week", {"frequency": "5 days/week", "interval_days_low": None}),
    ("6 quarterly doses of oral ergocalciferol 100 000 IU",
     {"doses_low": 6, "cumulative_low": 6e5, "route": "oral"}),
    ("cisplatin 75 mg/m2 on days 1, 8 and 15 of a 28-day cycle", {"interval_days_low": 28 / 3}),
    ("zoledronic acid 4 mg every 6 months for 3 years", {"cumulative_low": 24}),
    ("a loading dose of 200,000 IU followed by 100,000 IU monthly", {"phase": "loading", "frequency": None}),
    ("remifentanil 0.15 μg/kg/min was infused for 2 days", {"per_day_low": None, "cumulative_low": None}),
    ("5000 IU daily until delivery", {"duration": "until delivery", "duration_days_low": None,
                                     "cumulative_low": None}),
])  # fmt: skip
def test_regimens_are_read_and_reckoned(text: str, fields: dict[str, Any]) -> None:
    reading = find_doses(text)[0]
    for name, value in fields.items():
        found = getattr(reading, name)
        if isinstance(value, (int, float)):
            assert found is not None, name
            assert math.isclose(found, value, rel_tol=1e-9), name
        else:
            assert found == value, name


@pytest.mark.parametrize(("text", "names"), [
    ("5 mg of prednisolone", ["prednisolone"]),
    ("vitamin D3 (1000 IU)", ["vitamin D3"]),
    ("patients received calcium 600 mg", ["calcium"]),
    ("cholecalciferol 100 000 IU", ["cholecalciferol"]),
    ("an oral calcium supplement (1,000 mg/day)", ["calcium"]),
    ("a single 70,000 IU dose of vitamin D3", ["vitamin D3"]),
    ("apixaban 2.5, 5, or 10 mg once daily", ["apixaban"] * 3),
    ("aspirin 100 mg/d plus 75 mg/d clopidogrel", ["aspirin", "clopidogrel"]),
    ("1000 IU vitamin D3/d", ["vitamin D3"]),
    ("60,000 IU fortnightly", [None]),
    ("naproxen 75 mg + omeprazole 10 mg daily", ["naproxen", "omeprazole"]),
    ("exemestane 25 mg (EXE)", ["exemestane"]),
    ("vitamin D3 (200 000 IU once, then 3000 IU/d)", ["vitamin D3", "vitamin D3"]),
    ("budesonide was tapered to 160 µg/d", ["budesonide"]),
    ("a total calcium intake of 1,000-1,200 mg/day", ["calcium"]),
    ("Doses <400 IU/day show nothing", [None]),
    ("40 patients13(13)NAIIMs1 million IU", [None]),
])  # fmt: skip
def test_what_is_given_is_named_at_the_dose(text: str, names: list[str | None]) -> None:
    found = [
        None if r.substance_start is None else text[r.substance_start : r.substance_end]
        for r in find_doses(text)
    ]
    assert found == names


def test_arms_of_one_list_share_group_and_frequency() -> None:
    readings = find_doses("placebo, or vitamin D3 400, 800 or 1600 IU daily for 12 months")
    assert {r.group for r in readings} == {readings[0].group}
    assert [r.position for r in readings] == [0, 1, 2]
    assert {(r.frequency, r.duration) for r in readings} == {("daily", "12 months")}


def test_what_is_said_once_holds_for_both_of_a_pair() -> None:
    text = "naproxen 500 mg and misoprostol 4 mg daily for 14 days"
    assert [(r.frequency, r.duration) for r in find_doses(text)] == [("daily", "14 days")] * 2


def test_the_next_sentence_may_speak_for_all() -> None:
    text = "They received fimasartan 120 mg or rosuvastatin 20 mg. Drugs were given once daily for 8 weeks."
    assert [(r.frequency, r.duration) for r in find_doses(text)] == [("once daily", "8 weeks")] * 2


def test_a_loading_dose_keeps_clear_of_what_follows_it() -> None:
    text = (
        "capsules of oral vitamin D3 (200 000 IU once, then 3000 IU/d for 20 weeks; n = 88) were "
        "added to inhaled budesonide (400 µg/d)"
    )
    first, second, third = find_doses(text)
    assert (first.frequency, first.duration, first.route) == ("once", None, "oral")
    assert (second.duration, second.route, second.phase) == ("20 weeks", "oral", "maintenance")
    assert (third.route, third.duration, third.unit) == ("inhaled", None, UG)


def test_offsets_are_slices_and_atoms_may_be_given() -> None:
    text = "Group 2 took 50,000 IU of vitamin D3 every 2 weeks by mouth."
    (reading,) = find_doses(text)
    assert text[reading.amount_start : reading.amount_end] == "50,000"
    assert text[reading.start_char : reading.end_char] == "50,000 IU of vitamin D3 every 2 weeks"
    assert reading.raw_unit == "IU"
    assert find_doses(text, read_atoms(text)) == [reading]


@pytest.mark.parametrize(("text", "context"), [
    ("The cost is $0.02 a day for 1000 IU", "price"),
    ("The guideline recommends 600 IU/day", "recommendation"),
    ("The upper safety limit of intake is 4000 IU/day", "recommendation"),
    ("Previous trials gave 400 IU/day", "background"),
    ("At baseline, vitamin D intake was 221 IU/d", "intake"),
    ("Patients received 2000 IU daily", None),
])  # fmt: skip
def test_the_words_around_tell_what_a_dose_is(text: str, context: str | None) -> None:
    (reading,) = find_doses(text)
    assert dose_context(text, reading) == context
