"""Amounts that can be compared: one amount in another unit, by UCUM and a sourced table of substances.

Within a kind of unit (mass, volume, time, mass per volume ...) UCUM says the factor. Between kinds, mass
and amount of substance, mass and international units, the substance decides
(:mod:`kg.statistics.substances`). Whatever else, an amount per kilogram of body weight among it, is
left as it is or refused with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.errors import KgError
from kg.statistics.substances import Substance, find_substance

#: International unit in UCUM: ``[iU]`` and the older ``[IU]``; also plain U as enzymes have it is not one.
_INTERNATIONAL = re.compile(r"(k|M|m|u)?\[[iI]U\]")
_PREFIXES = {None: 1.0, "k": 1e3, "M": 1e6, "m": 1e-3, "u": 1e-6}
#: Body weight in the denominator of a dose: ``mg/kg``, ``ug.kg-1``.
_PER_WEIGHT = re.compile(r"/(?:\w+\.)?kg\b|\bkg-1\b|/m2\b|\bm-2\b")


class AmountError(KgError):
    """An amount cannot be told in another unit; the text says why."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in a UCUM unit, and how it was come by with the source; "" for UCUM alone."""

    value: float
    unit: str
    method: str = ""


@cache
def _registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A unit as factor × its dimensions, with international units and moles taken out."""

    factor: float
    dimensions: tuple[tuple[str, float], ...]
    international: int

    @property
    def per(self) -> tuple[tuple[str, float], ...]:
        """The dimensions without mass and substance: what the amount is in or per."""
        return tuple((n, e) for n, e in self.dimensions if n not in ("[mass]", "[substance]"))

    def power(self, name: str) -> float:
        return dict(self.dimensions).get(name, 0.0)


@cache
def _parse(unit: str) -> _Parsed:
    """Read a UCUM unit.

    Raises
    ------
    AmountError
        If the text is no UCUM unit, or international units stand in it more than once.
    """
    found = _INTERNATIONAL.findall(unit)
    if len(found) > 1:
        raise AmountError(f"{unit}: has international units more than once")
    simple = _parse_simple(unit)
    if simple is not None:
        return simple
    factor = _PREFIXES[found[0] or None] if found else 1.0
    if found and re.search(r"/" + _INTERNATIONAL.pattern, unit):
        raise AmountError(f"{unit}: is per international unit")
    rest = _INTERNATIONAL.sub("1", unit)
    try:
        quantity = _registry().from_ucum(rest).to_base_units()
    except Exception as error:  # lark's and pint's errors have no common base
        raise AmountError(f"{unit!r} is no UCUM unit") from error
    dimensions = tuple(sorted((str(n), float(e)) for n, e in quantity.dimensionality.items() if e))
    return _Parsed(factor * float(quantity.magnitude), dimensions, len(found))


#: Atoms of most doses and levels: factor to kg, m, s and mol with the dimensions, as UCUM defines them
#: (UCUM 1.9, tables 1 to 4). They spare the hundreds of others the seconds that reading UCUM takes.
_ATOMS: dict[str, tuple[float, tuple[tuple[str, int], ...]]] = {
    "g": (1e-3, (("[mass]", 1),)), "mol": (1.0, (("[substance]", 1),)),
    "L": (1e-3, (("[length]", 3),)), "l": (1e-3, (("[length]", 3),)),
    "Gy": (1.0, (("[length]", 2), ("[time]", -2))), "eq": (1.0, (("[substance]", 1),)),
    "J": (1.0, (("[length]", 2), ("[mass]", 1), ("[time]", -2))), "m": (1.0, (("[length]", 1),)),
    "m2": (1.0, (("[length]", 2),)), "m3": (1.0, (("[length]", 3),)),
    "s": (1.0, (("[time]", 1),)), "min": (60.0, (("[time]", 1),)), "h": (3600.0, (("[time]", 1),)),
    "d": (86400.0, (("[time]", 1),)), "wk": (604800.0, (("[time]", 1),)),
    "mo": (2629800.0, (("[time]", 1),)), "a": (31557600.0, (("[time]", 1),)), "%": (1e-2, ()),
    "[ppm]": (1e-6, ()), "[CFU]": (1.0, ()), "[drp]": (5e-8, (("[length]", 3),)),
    "[oz_av]": (0.028349523125, (("[mass]", 1),)),
}  # fmt: skip
_METRIC = {
    "": 1.0,
    "k": 1e3,
    "d": 1e-1,
    "c": 1e-2,
    "m": 1e-3,
    "u": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
}
_ATOM = re.compile(
    r"(?P<international>(?:[kMmu])?\[[iI]U\])|(?P<plain>min|s|h|d|wk|mo|a|%|\[(?:ppm|CFU|drp|oz_av)\])|"
    r"(?P<prefix>[kdcmunpf]?)(?P<name>g|mol|L|l|Gy|eq|J|m(?P<power>[23])?)|(?P<counted>\{[!-z|~]+\})"
)


def _parse_simple(unit: str) -> _Parsed | None:
    """Read a quotient of common atoms; ``None`` for what needs the whole of UCUM."""
    factor, international = 1.0, 0
    powers: dict[str, float] = {}
    for index, part in enumerate(unit.split("/")):
        match = _ATOM.fullmatch(part)
        if match is None:
            return None
        sign = -1 if index else 1
        if match["international"]:
            if index:
                return None
            prefix = _INTERNATIONAL.fullmatch(part)
            assert prefix is not None
            factor *= _PREFIXES[prefix[1]]
            international = 1
            continue
        if match["counted"]:
            continue  # "{session}" is a count: UCUM reads what stands in braces as 1
        size, own = _ATOMS[match["plain"] or match["name"]]
        factor *= (_METRIC[match["prefix"] or ""] ** int(match["power"] or 1) * size) ** sign
        for dimension, power in own:
            powers[dimension] = powers.get(dimension, 0.0) + sign * power
    dimensions = tuple(sorted((name, power) for name, power in powers.items() if power))
    return _Parsed(factor, dimensions, international)


def convert(value: float, unit: str, wanted: str, substance: str = "") -> Amount:
    """Tell an amount in another unit.

    Parameters
    ----------
    value
        In `unit`.
    unit, wanted
        UCUM codes, case-sensitive; ``[iU]`` is the international unit.
    substance
        What the amount is of, in words; needed between mass, moles and international units.

    Raises
    ------
    AmountError
        If the units are of different kinds and the table has no factor for the substance.

    Examples
    --------
    >>> convert(800, "[iU]", "ug", "vitamin D3").value
    20.0
    >>> round(convert(30, "ng/mL", "nmol/L", "25(OH)D").value, 1)
    74.9
    >>> convert(1.5, "g/d", "mg/d").value
    1500.0
    """
    if unit == wanted:
        return Amount(value, wanted)
    one, other = _parse(unit), _parse(wanted)
    if one.dimensions == other.dimensions and one.international == other.international:
        return Amount(_tidy(value * one.factor / other.factor), wanted)
    if bool(_PER_WEIGHT.search(unit)) != bool(_PER_WEIGHT.search(wanted)):
        raise AmountError(
            f"{unit} is per body weight or surface: it needs the weight to become {wanted}"
        )
    if one.per != other.per:
        raise AmountError(f"{unit} and {wanted} measure different things")
    row = find_substance(substance)
    if row is None:
        known = (
            f"{substance!r} is not in the table of substances"
            if substance
            else "nobody says of what"
        )
        raise AmountError(f"{unit} is not {wanted} without a factor, and {known}")
    grams_from, how_from = _grams(one, unit, row)
    grams_to, how_to = _grams(other, wanted, row)
    method = "; ".join(filter(None, (how_from, how_to)))
    return Amount(
        _tidy(value * grams_from / grams_to), wanted, f"{row.name}: {method} ({row.source})"
    )


def _grams(parsed: _Parsed, unit: str, row: Substance) -> tuple[float, str]:
    """Return what one of a unit weighs, in pint's base unit of mass, and the factor used."""
    if parsed.power("[mass]") == 1 and not parsed.international:
        return parsed.factor, ""
    if parsed.power("[substance]") == 1 and not parsed.international and not parsed.power("[mass]"):
        if row.molar_mass is None:
            raise AmountError(f"{row.name} has no one molar mass: {unit} stays as it is")
        return parsed.factor * row.molar_mass * _gram(), f"{row.molar_mass:g} g/mol"
    if parsed.international and not parsed.power("[mass]") and not parsed.power("[substance]"):
        if row.microgram_per_iu is None:
            raise AmountError(f"no international unit is defined here for {row.name}: {unit} stays")
        weight = parsed.factor * row.microgram_per_iu * 1e-6 * _gram()
        return weight, f"1 [iU] = {row.microgram_per_iu:g} ug"
    raise AmountError(f"{unit} is neither mass, amount of substance nor international units")


@cache
def _gram() -> float:
    return _parse("g").factor


def _tidy(value: float) -> float:
    """Round to 12 significant digits: unit factors are exact, their products in binary are not."""
    return float(f"{value:.12g}")


def comparable_dose(value: float, unit: str, substance: str) -> Amount:
    """Return a dose in the unit in which doses of its substance are compared.

    Mass of substances of the table in their usual unit (µg for vitamins D, A and B12, else mg); of other
    substances in mg. A dose per kilogram of body weight, or of what is no mass, is left alone.

    Raises
    ------
    AmountError
        If there is no such unit, or it is the dose's already.

    Examples
    --------
    >>> comparable_dose(800, "[iU]", "vitamin D").value
    20.0
    """
    if _PER_WEIGHT.search(unit):
        raise AmountError(f"{unit} is per body weight or surface: left as it is")
    row = find_substance(substance)
    wanted = "mg" if row is None else row.dose
    return _changed(value, unit, wanted, substance)


def comparable_level(value: float, unit: str, analyte: str) -> Amount:
    """Return a concentration in the SI unit in which levels of its analyte are compared.

    Raises
    ------
    AmountError
        If the analyte is not in the table, or the unit is that one already.

    Examples
    --------
    >>> round(comparable_level(20, "ng/mL", "25-hydroxyvitamin D").value, 2)
    49.92
    """
    row = find_substance(analyte)
    if row is None:
        raise AmountError(f"{analyte!r} is not in the table of substances")
    return _changed(value, unit, row.level, analyte)


def _changed(value: float, unit: str, wanted: str, substance: str) -> Amount:
    if unit == wanted:
        raise AmountError(f"{unit} is the unit of comparison already")
    return convert(value, unit, wanted, substance)
