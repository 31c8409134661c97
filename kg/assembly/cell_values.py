"""A table cell read as one number with what stands beside it, whatever its table is about."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from kg.numbers.atoms import Atom, read_atoms
from kg.numbers.statistic import Statistic

#: Kinds of atoms as letters, so that a cell's form is a word that a pattern can match.
_LETTERS = {
    "NUM": "n",
    "PM": "±",
    "OPEN": "(",
    "CLOSE": ")",
    "COMMA": ",",
    "DASH": "-",
    "SEMI": ";",
    "TO": "t",
    "PERCENT": "%",
    "SLASH": "/",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A cell read as a number with what stands beside it."""

    statistic: Statistic
    form: Literal["plain", "spread", "pair", "bracket", "percent", "fraction"]
    second: str | None = None  # the digits of the second number, as printed


def parse_cell(text: str) -> Value | None:
    """Read a table cell that holds one number and its spread; ``None`` if it is anything else.

    Examples
    --------
    >>> parse_cell("64 (33, 75)").statistic.iqr_high
    75.0
    >>> parse_cell("see text") is None
    True
    """
    atoms = [a for a in read_atoms(text) if a.kind not in ("OTHER", "STOP")]
    if not atoms or atoms[0].kind != "NUM" or atoms[0].value is None or atoms[0].word:
        return None
    first = atoms[0]
    unit = next((a.key for a in atoms[1:2] if a.kind == "UNIT"), None)
    rest = [a for a in atoms[1:] if a.kind not in ("UNIT", "WORD", "STAT", "CI", "CMP")]
    kinds = "".join(_LETTERS.get(a.kind, "?") for a in rest)
    base = Statistic(
        0, len(text), value=first.value, value_start=first.start, value_end=first.end,
        printed_value=text[first.start : first.end], unit=unit,
    )  # fmt: skip
    numbers = [a for a in rest if a.kind == "NUM"]
    if kinds in ("", "%"):
        return Value(replace(base, unit="%") if kinds else base, "percent" if kinds else "plain")
    if kinds in ("±n", "%±n%", "%±n", "±n%"):
        return Value(replace(base, sd=numbers[0].value), "spread")
    if re.fullmatch(r"%?\(n[,-;t]n%?\)", kinds) or re.fullmatch(r"\(n%?[,-;t]n%?\)", kinds):
        low, high = sorted((_value(numbers[0]), _value(numbers[1])))
        return Value(replace(base, iqr_low=low, iqr_high=high), "pair")
    if kinds in ("(n)", "(±n)"):
        return Value(replace(base, sd=numbers[0].value), "bracket", numbers[0].text)
    if kinds == "(n%)":
        return Value(_percent(base, numbers[0], first, text), "percent")
    if kinds == "%(n)" and float(_value(numbers[0])).is_integer():
        return Value(replace(base, unit="%", events=int(_value(numbers[0]))), "percent")
    if kinds == "/n(n%)" or kinds == "/n(n)":
        return Value(
            replace(_percent(base, numbers[1], first, text), total=int(_value(numbers[0]))),
            "fraction",
        )
    return None


def _value(atom: Atom) -> float:
    return math.nan if atom.value is None else atom.value


def _percent(base: Statistic, percent: Atom, count: Atom, text: str) -> Statistic:
    return replace(
        base, value=percent.value, value_start=percent.start, value_end=percent.end, unit="%",
        printed_value=text[percent.start : percent.end], events=int(_value(count)),
    )  # fmt: skip
