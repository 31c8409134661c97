"""Amounts in other units: by UCUM within a kind, by a sourced factor between kinds, else not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statistics import amounts
from kg.statistics.amounts import AmountError, comparable_dose, comparable_level, convert
from kg.statistics.substances import SUBSTANCES, find_substance


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "substance", "expected", "tolerance"),
    [  # factors as printed by the sources that the table names
        (800, "[iU]", "ug", "vitamin D3", 20, 1e-9),
        (20, "ug", "[iU]", "ergocalciferol", 800, 1e-9),
        (1, "M[iU]", "mg", "cholecalciferol", 25, 1e-9),
        (1, "ng/mL", "nmol/L", "25(OH)D", 2.496, 5e-4),
        (1, "ng/mL", "nmol/L", "serum 25-hydroxyvitamin D level", 2.496, 5e-4),
        (1000, "[iU]", "ug", "retinol", 300, 1e-9),
        (1, "[iU]", "mg", "d-alpha-tocopherol", 0.67, 1e-9),
        (1, "[iU]", "mg", "dl-alpha-tocopherol", 0.9, 1e-9),
        (1, "m[iU]/L", "pmol/L", "insulin", 6.0, 0.005),
        (1, "mg/dL", "mmol/L", "calcium", 0.25, 0.003),
        (1, "mg/dL", "mmol/L", "glucose", 0.0555, 0.001),
        (1, "mg/dL", "mmol/L", "LDL cholesterol", 0.0259, 0.002),
        (1, "mg/dL", "mmol/L", "triglycerides", 0.0113, 0.002),
        (1, "mg/dL", "umol/L", "creatinine", 88.4, 1e-4),
        (1, "mg/dL", "umol/L", "uric acid", 59.48, 1e-4),
        (1, "mg/dL", "umol/L", "bilirubin", 17.104, 1e-3),
        (1, "mg/dL", "mmol/L", "phosphorus", 0.323, 0.001),
        (1, "mg/dL", "mmol/L", "magnesium", 0.4114, 1e-3),
        (1, "ug/dL", "umol/L", "iron", 0.179, 1e-3),
        (1, "ug/dL", "umol/L", "zinc", 0.153, 1e-3),
        (1, "pg/mL", "pmol/L", "vitamin B12", 0.7378, 1e-4),
        (1, "ng/mL", "nmol/L", "folate", 2.266, 1e-3),
        (1, "mg/dL", "umol/L", "vitamin C", 56.78, 1e-4),
        (1, "mg/L", "umol/L", "homocysteine", 7.397, 1e-4),
        (1, "ug/dL", "nmol/L", "cortisol", 27.59, 1e-3),
        (1, "ng/dL", "nmol/L", "testosterone", 0.0347, 1e-3),
        (1, "pg/mL", "pmol/L", "estradiol", 3.671, 1e-3),
    ],
)
def test_published_factors(value, unit, wanted, substance, expected, tolerance):
    found = convert(value, unit, wanted, substance)
    assert found.value == pytest.approx(expected, rel=tolerance)
    assert found.unit == wanted
    assert find_substance(substance).source in found.method


def test_every_row_has_a_source_and_names_of_its_own():
    names = [name for row in SUBSTANCES for name in row.names]
    assert len(names) == len(set(names))
    for row in SUBSTANCES:
        assert row.source
        assert row.molar_mass or row.microgram_per_iu
        assert all(name == name.casefold() for name in row.names)
        assert find_substance(row.names[0]) is row


@pytest.mark.parametrize(
    ("unit", "wanted", "factor"),
    [("g", "mg", 1000), ("ug/d", "mg/d", 0.001), ("mg/dL", "g/L", 0.01), ("mmol/L", "umol/L", 1000),
     ("[iU]/wk", "[iU]/d", 1 / 7), ("k[iU]", "[iU]", 1000), ("mm[Hg]", "kPa", 0.133322)],
)  # fmt: skip
def test_within_a_kind_ucum_says_it_all(unit, wanted, factor):
    found = convert(3.0, unit, wanted)
    assert found.value == pytest.approx(3 * factor, rel=1e-5)
    assert found.method == ""


@pytest.mark.parametrize(
    ("unit", "wanted", "substance", "message"),
    [
        ("[iU]", "ug", "vitamin E", "'vitamin E' is not in the table"),
        ("[iU]", "ug", "vitamin A", "not in the table"),
        ("[iU]", "ug", "", "nobody says of what"),
        ("[iU]", "mg", "calcium", "no international unit is defined here for calcium"),
        ("ng/mL", "nmol/L", "interleukin-6", "not in the table"),
        ("ng/mL", "nmol/L", "vitamin D", "no one molar mass"),
        ("mg/kg", "mg", "metformin", "per body weight"),
        ("ug/m2", "ug", "metformin", "per body weight or surface"),
        ("mg", "mL", "calcium", "measure different things"),
        ("mg", "mg/d", "calcium", "measure different things"),
        ("mcg", "mg", "", "'mcg' is no UCUM unit"),
        ("drops", "mL", "", "is no UCUM unit"),
        ("mg/[iU]", "mg", "vitamin D", "per international unit"),
    ],
)
def test_what_has_no_factor_is_refused_with_the_reason(unit, wanted, substance, message):
    with pytest.raises(AmountError, match=message):
        convert(1.0, unit, wanted, substance)


@given(
    st.floats(1e-3, 1e6), st.sampled_from([row for row in SUBSTANCES if row.microgram_per_iu]),
    st.sampled_from(["mg", "ug", "g"]),
)  # fmt: skip
def test_international_units_there_and_back(value, row, unit):
    there = convert(value, "[iU]", unit, row.name)
    assert convert(there.value, unit, "[iU]", row.name).value == pytest.approx(value)


@given(
    st.floats(1e-3, 1e6), st.sampled_from([row for row in SUBSTANCES if row.molar_mass]),
    st.sampled_from([("ng/mL", "nmol/L"), ("mg/dL", "mmol/L"), ("ug", "umol")]),
)  # fmt: skip
def test_moles_there_and_back(value, row, units):
    there = convert(value, units[0], units[1], row.name)
    assert convert(there.value, units[1], units[0], row.name).value == pytest.approx(value)


UNITS = (
    "ng/mL", "nmol/L", "mg", "ug/d", "[iU]", "k[iU]", "g/wk", "mg/dL", "[iU]/d", "umol/L", "mg/kg", "mol",
    "pg/mL", "ug/mo", "mg/a", "m[iU]/L", "mmol/l", "mg/kg/d", "g/h", "fmol/mL",
    "%", "mL/min", "cGy", "Gy/min", "s", "g/{capsule}", "{capsule}/d", "kg/m2", "mJ/mm2", "J/cm2", "cm", "m3",
    "meq/L", "[CFU]", "[CFU]/d", "[drp]", "[ppm]", "[oz_av]",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_common_units_are_read_as_ucum_reads_them(unit, monkeypatch):
    quick = amounts._parse_simple(unit)
    assert quick is not None
    monkeypatch.setattr(amounts, "_parse_simple", lambda unit: None)
    amounts._parse.cache_clear()
    slow = amounts._parse(unit)
    amounts._parse.cache_clear()
    assert quick.factor == pytest.approx(slow.factor, rel=1e-12)
    assert (quick.dimensions, quick.international) == (slow.dimensions, slow.international)


@pytest.mark.parametrize("unit", ["mcg", "mm[Hg]", "{}", "m4", "[iU]/[iU]", "mg.d-1"])
def test_other_units_are_left_to_ucum(unit):
    assert amounts._parse_simple(unit) is None


def test_doses_and_levels_have_a_unit_of_comparison():
    assert comparable_dose(1.5, "g", "metformin").value == 1500
    assert comparable_dose(800, "[iU]", "vitamin D supplementation").value == 20
    assert comparable_level(75, "ng/mL", "25(OH)D").unit == "nmol/L"
    for call in (
        lambda: comparable_dose(5, "mg", "metformin"),
        lambda: comparable_dose(5, "mg/kg", "metformin"),
        lambda: comparable_dose(10, "[iU]", "insulin"),
        lambda: comparable_level(5, "ng/mL", "interferon"),
    ):
        with pytest.raises(AmountError):
            call()


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Serum 25(OH)D levels", "25-hydroxyvitamin D"),
        ("25-hydroxyvitamin D (25(OH)D)", "25-hydroxyvitamin D"),
        ("vitamin D level", "25-hydroxyvitamin D"),
        ("vitamin D3", "vitamin D3"),
        ("oral vitamin D supplementation", "vitamin D"),
        ("high-dose vitamin D", "vitamin D"),
        ("vitamin D3 group", "vitamin D3"),
        ("high dose (HD) of vitamin D", "vitamin D"),
        ("fasting plasma glucose", "glucose"),
        ("vitamin D deficiency", None),
        ("vitamin E", None),
        ("insulin resistance", None),
        ("", None),
    ],
)
def test_substances_are_found_by_name(label, name):
    found = find_substance(label)
    assert (found.name if found else None) == name
