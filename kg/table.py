"""An answer: columns and rows of plain Python values, whichever engine gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.vocabulary import XSD

#: str (texts and IRIs), int, Decimal, float, bool; ``None`` where the answer leaves a column open.
Value = str | int | Decimal | float | bool | None

_INTEGERS = frozenset(
    XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of the query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def dicts(self) -> list[dict[str, Value]]:
        """Return the rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def literal_value(text: str, datatype: str | None) -> Value:
    """Return a literal as the Python value it stands for; its text where it is ill-typed.

    >>> literal_value("0.050", "http://www.w3.org/2001/XMLSchema#decimal")
    Decimal('0.050')
    """
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype == f"{XSD}decimal":
            return Decimal(text)
        if datatype in (f"{XSD}double", f"{XSD}float"):
            return float(text)
    except (ValueError, InvalidOperation):
        return text
    if datatype == f"{XSD}boolean" and text in ("true", "1", "false", "0"):
        return text in ("true", "1")
    return text


def plain(value: Value) -> Any:
    """Return a value that JSON can hold: decimals without needless zeros, as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


#: Beginnings that make a spreadsheet take a text for a formula. Source: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


def guard(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a text that begins like one gets a "'".

    Numbers stay numbers, negative ones too, in digits or as text, and a lone "=" (of p = 0.03)
    computes nothing.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell != "=" and cell.lstrip(" ").startswith(_FORMULA):
        return cell if _NUMBER.fullmatch(cell) else "'" + cell
    return cell
