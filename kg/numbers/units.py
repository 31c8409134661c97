"""Units as texts print them, and their UCUM codes (https://ucum.org/ucum).

A unit is one or more base units joined by ``/``, ``per`` or an exponent -1 (``nmol L(-1)``).
:data:`UNIT_PATTERN` finds one in text mapped by :func:`kg.numbers.charmap.map_characters`;
:func:`to_ucum` writes its code.
"""

from __future__ import annotations

import re
from typing import Final

#: Printed base unit → UCUM code. Case counts, as in UCUM.
BASE_UNITS: Final[dict[str, str]] = {
    # mass
    "kg": "kg", "kilograms": "kg", "kilogram": "kg", "kgs": "kg", "Kg": "kg",
    "kg body weight": "kg", "kg bodyweight": "kg", "kg BW": "kg", "kg of body weight": "kg",
    "g": "g", "gm": "g", "gms": "g", "gram": "g", "grams": "g",
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "mgs": "mg", "Mg": "mg",
    "μg": "ug", "ug": "ug", "mcg": "ug", "mcgs": "ug", "microg": "ug", "microgram": "ug",
    "micrograms": "ug", "mug": "ug", "mu g": "ug", "mkg": "ug",
    "ng": "ng", "nanogram": "ng", "nanograms": "ng", "pg": "pg", "picograms": "pg", "fg": "fg",
    "lb": "[lb_av]", "lbs": "[lb_av]", "pounds": "[lb_av]", "oz": "[oz_av]",
    # volume
    "L": "L", "l": "L", "liter": "L", "litre": "L", "liters": "L", "litres": "L",
    "dL": "dL", "dl": "dL", "DL": "dL", "deciliter": "dL", "mL": "mL", "ml": "mL", "ML": "mL",
    "milliliter": "mL", "millilitre": "mL", "milliliters": "mL", "μL": "uL", "μl": "uL",
    "uL": "uL", "ul": "uL", "cc": "mL", "fL": "fL", "fl": "fL", "pL": "pL",
    # amount
    "mol": "mol", "mmol": "mmol", "mmols": "mmol", "μmol": "umol", "umol": "umol",
    "micromol": "umol", "nmol": "nmol", "nmols": "nmol", "nanomoles": "nmol", "pmol": "pmol",
    "fmol": "fmol", "nanomol": "nmol",
    "mM": "mmol/L", "μM": "umol/L", "uM": "umol/L", "nM": "nmol/L", "pM": "pmol/L",
    "mEq": "meq", "meq": "meq", "mEquiv": "meq", "Eq": "eq", "mOsm": "mosm", "mosm": "mosm",
    # arbitrary units
    "IU": "[iU]", "I.U.": "[iU]", "UI": "[iU]", "IUs": "[iU]", "iu": "[iU]", "Iu": "[iU]",
    "I.U": "[iU]", "international units": "[iU]", "International Units": "[iU]",
    "international unit": "[iU]", "International units": "[iU]",
    "kIU": "k[iU]", "KIU": "k[iU]", "mIU": "m[iU]", "μIU": "u[iU]", "uIU": "u[iU]",
    "MIU": "M[iU]", "U": "U", "units": "U", "unit": "U", "mU": "mU", "μU": "uU", "kU": "kU",
    "CFU": "[CFU]", "cfu": "[CFU]", "AU": "[arb'U]", "HU": "[hnsf'U]", "DU": "{DU}",
    # time
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "msec": "ms",
    "msecs": "ms", "millisecond": "ms", "milliseconds": "ms",
    "min": "min", "mins": "min", "minute": "min", "minutes": "min",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "d": "d", "day": "d", "days": "d", "night": "d", "nights": "d",
    "week": "wk", "weeks": "wk", "wk": "wk", "wks": "wk", "month": "mo", "months": "mo",
    "mo": "mo", "mos": "mo", "mth": "mo", "mths": "mo",
    "year": "a", "years": "a", "yr": "a", "yrs": "a", "y": "a", "decade": "10.a",
    # length, area
    "m": "m", "cm": "cm", "mm": "mm", "km": "km", "μm": "um", "nm": "nm", "meters": "m",
    "metres": "m", "m2": "m2", "m²": "m2", "m^2": "m2", "m(2)": "m2", "m (2)": "m2", "cm2": "cm2",
    "cm²": "cm2", "cm(2)": "cm2", "cm^2": "cm2", "mm2": "mm2", "mm²": "mm2", "mm3": "mm3",
    "mm³": "mm3", "cm3": "cm3", "cm³": "cm3", "cm(3)": "cm3", "cm (2)": "cm2", "cm (3)": "cm3", "mm (2)": "mm2", "mm (3)": "mm3", "m3": "m3", "m³": "m3",
    "centimeters": "cm", "centimetres": "cm", "centimeter": "cm", "centimetre": "cm", "millimeters": "mm",
    "millimetres": "mm", "millimeter": "mm", "millimetre": "mm", "kilometers": "km", "kilometres": "km",
    "inches": "[in_i]", "feet": "[ft_i]", "miles": "[mi_i]", "microns": "um",
    # pressure, energy, physics
    "mmHg": "mm[Hg]", "mm Hg": "mm[Hg]", "mm-Hg": "mm[Hg]", "cmH2O": "cm[H2O]", "kPa": "kPa", "MPa": "MPa",
    "cm H2O": "cm[H2O]", "kcal": "kcal", "kilocalories": "kcal", "kJ": "kJ", "MJ": "MJ", "J": "J", "W": "W",
    "Hz": "Hz", "kHz": "kHz", "dB": "dB", "db": "dB", "Gy": "Gy", "cGy": "cGy", "mGy": "mGy", "mSv": "mSv",
    "MBq": "MBq", "mCi": "mCi", "°C": "Cel", "ºC": "Cel", "mV": "mV", "mA": "mA", "kDa": "kDa",
    "°": "deg", "º": "deg", "deg": "deg", "degrees": "deg",
    "N": "N", "Nm": "N.m", "diopters": "[diop]", "D": "[diop]",
    # counted things that stand where a unit stands
    "bpm": "{beats}/min", "beats": "{beats}", "breaths": "{breaths}", "cells": "{cells}",
    "copies": "{copies}", "events": "{events}", "episodes": "{episodes}",
    "points": "{points}", "point": "{points}", "score": "{score}", "steps": "{steps}",
    "letters": "{letters}", "attacks": "{attacks}", "falls": "{falls}", "visits": "{visits}",
    "drinks": "{drinks}", "cigarettes": "{cigarettes}", "servings": "{servings}",
    "MET": "[MET]", "METs": "[MET]", "log10": "{log10}", "log": "{log}", "SED": "{SED}",
    "MED": "{MED}", "ppm": "[ppm]", "ppb": "[ppb]", "creatinine": "{creatinine}", "Cr": "{Cr}",
    "protein": "{protein}", "tissue": "{tissue}", "body weight": "{body weight}",
    "bodyweight": "{body weight}", "BW": "{body weight}", "diet": "{diet}", "dose": "{dose}",
    "MME": "{MME}", "QALYs": "{QALY}", "QALY": "{QALY}", "euros": "{EUR}", "euro": "{EUR}", "US dollars": "{USD}", "USD": "{USD}", "EUR": "{EUR}", "GBP": "{GBP}",
    "JPY": "{JPY}", "CNY": "{CNY}", "RMB": "{RMB}", "KRW": "{KRW}", "SEK": "{SEK}", "NOK": "{NOK}", "DKK": "{DKK}", "hpf": "[HPF]", "HPF": "[HPF]",
}  # fmt: skip

#: Base units that are also words or letters: units only right after a number.
AFTER_NUMBER_ONLY: Final = frozenset({
    "g", "m", "s", "h", "d", "y", "l", "L", "U", "N", "D", "J", "W", "mo", "min", "day", "days",
    "night", "nights", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "hr",
    "minute", "minutes", "second", "seconds", "sec", "unit", "units", "beats", "breaths", "cells",
    "copies", "events", "episodes", "points", "point", "score", "steps", "letters", "attacks",
    "falls", "visits", "drinks", "cigarettes", "servings", "log", "creatinine", "Cr", "protein",
    "tissue", "body weight", "bodyweight", "BW", "diet", "dose", "MET", "METs", "MED", "AU", "HU",
    "DU", "decade", "feet", "inches", "miles", "pounds", "Mg", "ML", "DL", "mug", "ms", "cc",
    "meters", "metres", "UI", "Eq", "hpf", "HPF", "SED", "fl", "mA", "USD", "EUR", "GBP", "JPY", "CNY", "RMB", "KRW", "SEK", "NOK",
    "DKK",
})  # fmt: skip

#: Signs and codes (ISO 4217, where they mean nothing else in medicine) before an amount of money, and how its unit is written: UCUM has none, so as an annotation.
CURRENCIES: Final = {
    "$": "{USD}", "€": "{EUR}", "£": "{GBP}",
    **{code: f"{{{code}}}" for code in ("USD", "EUR", "GBP", "JPY", "CNY", "RMB", "KRW", "SEK", "NOK", "DKK")},
}  # fmt: skip
#: What stands before a sign that several currencies share, or beside one that needs nothing.
CURRENCY_PREFIXES: Final = {
    "US": "{USD}", "AUS": "{AUD}", "AU": "{AUD}", "A": "{AUD}", "CAN": "{CAD}", "CA": "{CAD}", "C": "{CAD}",
    "CDN": "{CAD}", "NZ": "{NZD}", "HK": "{HKD}", "S": "{SGD}", "NT": "{TWD}", "R": "{BRL}", "GB": "{GBP}",
}  # fmt: skip

#: Units that never carry a dose or a level but a stretch of time.
TIME_UNITS: Final = frozenset({"s", "ms", "min", "h", "d", "wk", "mo", "a", "10.a"})

#: UCUM codes of what is swallowed or injected: an amount in them alone is a dose, not a result.
MEDICINE_CODES: Final = frozenset({
    "[iU]", "ug", "mg", "g", "k[iU]", "M[iU]", "mg/kg", "ug/kg", "[iU]/kg", "[iU]/d", "ug/d", "mg/d",
    "g/d", "mg/kg/d", "ug/kg/d", "[iU]/kg/d", "mg/m2", "Gy", "cGy", "mg/h", "ug/h", "mg/kg/h", "U",
    "[iU]/wk", "mg/wk", "ug/wk", "[iU]/mo", "mg/min", "ug/min", "ug/kg/min", "mCi", "MBq", "Hz",
    "kHz", "g/kg", "g/kg/d", "mg/mL", "ug/m2", "U/kg", "U/d", "mL/kg", "g/m2", "{SED}", "{MED}", "uL",
    "mL/d", "mmol", "nm", "kDa", "Cel", "mV", "meq", "[MET]",
})  # fmt: skip

_SPELLED: Final = "|".join(re.escape(u) for u in sorted(BASE_UNITS, key=len, reverse=True))
_EDGE: Final = r"(?![^\W_])"  # no letter or digit follows
# "mL(-1)", "kg-1", "L⁻¹"; also day-1
_INVERSE: Final = r"(?: ?\(-[12]\)|-[12](?![\d.])|⁻[¹²]|\^-[12]|-¹)"
_BASE: Final = rf"(?:{_SPELLED})"
_FACTOR: Final = r"(?:1000|100|10|1\.73 ?|\d{1,2} ?)"
UNIT_PATTERN: Final = (
    rf"{_BASE}(?:{_INVERSE}|{_EDGE})"
    rf"(?:(?: ?[/·*] ?| per |\.(?=[a-zA-Zμ(]{{1,5}}[-(⁻]))(?:{_FACTOR} ?)?(?:\({_BASE}\)|{_BASE}(?:{_INVERSE}|{_EDGE}))"
    rf"| ?{_BASE}{_INVERSE}){{0,4}}"
)
_SPLIT: Final = re.compile(
    rf"(?P<op> ?[/·*.] ?| ?per )?(?P<factor>{_FACTOR} ?)?\(?(?P<unit>{_BASE})(?P<inverse>{_INVERSE})?\)?"
)


def to_ucum(printed: str) -> str:
    """Return the UCUM code of a printed unit, or the text itself where it is none we know.

    Examples
    --------
    >>> to_ucum("nmol/L"), to_ucum("mcg per day"), to_ucum("IU"), to_ucum("mg kg-1")
    ('nmol/L', 'ug/d', '[iU]', 'mg/kg')
    """
    printed = printed.strip()
    if printed in BASE_UNITS:
        return BASE_UNITS[printed]
    code, at = "", 0
    while at < len(printed):
        match = _SPLIT.match(printed, at)
        if match is None or match.end() == at:
            rest = printed[at:].strip()
            return code if code and not rest else printed
        unit = BASE_UNITS[match["unit"]]
        factor = (match["factor"] or "").strip()
        inverse = match["inverse"] or ""
        if inverse.strip(" ()^-⁻") in {"2", "²"} and not unit.endswith("2"):
            unit += "2"
        divides = bool(match["op"]) and match["op"].strip() in {"/", "per"}
        if "/" in unit and code:
            unit = f"({unit})"
        joint = "" if not code else "."
        if divides or inverse:
            joint = "/"
        code += joint + (f"({factor}.{unit})" if factor else unit)
        at = match.end()
        while at < len(printed) and printed[at] == " ":
            at += 1
    return code
