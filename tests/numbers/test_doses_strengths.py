"""Strengths per volume, mass and area are doses where a drug or a lamp gives them; levels are none."""

from __future__ import annotations

import pytest

from kg.numbers.doses import find_doses


@pytest.mark.parametrize(("text", "doses"), [
    ("Calcipotriol 50 \u03bcg/g and betamethasone 0.5 mg/g were applied.", [(50.0, "ug/g"), (0.5, "mg/g")]),
    ("Caudal sufentanil plus adrenaline 5 \u03bcg/ml was given.", [(5.0, "ug/mL")]),
    ("Propofol was infused at target concentrations of 2, 3 and 4 ng/mL.", [(2.0, "ng/mL"), (3.0, "ng/mL"), (4.0, "ng/mL")]),
    ("Media containing 1.5 mg/L kinetin + 0.2 mg/L auxin were used.", [(1.5, "mg/L"), (0.2, "mg/L")]),
    ("Patients received 2 ml of 0.15 mg/ml ramosetron.", [(2.0, "mL")]),
    ("Patients received 1 ml/kg of 0.25% bupivacaine.", [(1.0, "mL/kg")]),
    ("The maximum dose of UVB was 9 J/cm2.", [(9.0, "J/cm2")]),
    ("A diode laser (62 J/cm (2), 980 nm) was used.", [(62.0, "J/cm2")]),
    ("Laser treatment required an average fluence of 40 J/cm2.", []),
    ("Total cholesterol was below 5.0 mmol/L in treated patients.", []),
    ("Plasma remifentanil 4 ng/mL was found.", []),
    ("Group B received 5% NaF varnish.", [(5.0, "%")]),
    ("Liquids containing 1.6% and 2.4% nicotine were given.", [(1.6, "%"), (2.4, "%")]),
    ("They were given HES 130/0.4 or 0.9% saline solution.", [(0.9, "%")]),
    ("Group A received 64 oz of cordial.", [(64.0, "[oz_av]")]),
])  # fmt: skip
def test_strengths_are_told_from_levels(text: str, doses: list[tuple[float, str]]) -> None:
    assert [(d.high, d.unit) for d in find_doses(text)] == doses


@pytest.mark.parametrize(("text", "names"), [
    ("They consumed 200 mg of dextrose (D) or caffeine (C).", ["dextrose", "caffeine"]),
    ("They were given 40 mg of either adalimumab or etanercept weekly.", ["adalimumab", "etanercept"]),
    ("They received 5 mg of melatonin or placebo.", ["melatonin"]),
])  # fmt: skip
def test_one_amount_of_two_things_is_two_doses(text: str, names: list[str]) -> None:
    doses = find_doses(text)
    assert [text[d.substance_start : d.substance_end] for d in doses] == names
    assert len({d.low for d in doses}) == 1
