"""Amounts that say one thing together: ranges over two units, an amount said twice, a centre with its range."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.regimens import Bounds

_RANGE_GAP: Final = re.compile(r"-? ?(?:-|to|up to) ?(?:a )?")
_SAME_GAP: Final = re.compile(
    r" ?(?:\(|\[|=|/|,? or | ?\(=)\s*(?:=|i\.e\.,?|equivalent to|equal to|or|about|~|approximately)? ?(?:= ?)?"
)
_CENTRE: Final = re.compile(
    r"(?:mean|median|average|averaging)(?: [a-z]+){0,3} ?(?:of|was|were|is|:|=)? ?$"
)
_RANGE_WORD: Final = re.compile(
    r"[,;]? ?[(\[]?(?:(?:range[ds]?|iqr|interquartile range|with a range)(?: (?:from|of))?[,:]? ?)?"
)
_FACTORS: Final = {
    frozenset({"ug", "[iU]"}), frozenset({"mg", "[iU]"}), frozenset({"ng", "[iU]"}),
    frozenset({"mg", "g"}), frozenset({"ug", "mg"}), frozenset({"mL", "mg"}),
    frozenset({"mL", "ug"}), frozenset({"mL", "[iU]"}), frozenset({"nmol", "ug"}),
    frozenset({"umol", "mg"}), frozenset({"mmol", "mg"}), frozenset({"mmol", "g"}),
}  # fmt: skip


def merge_amounts(text: str, amounts: list[Amount]) -> list[Amount]:
    """Join "400 mg to 800 mg", "100 ug (4000 IU)" and "median 800 IU, range 792-2000 IU"."""
    merged: list[Amount] = []
    for amount in amounts:
        previous = merged[-1] if merged else None
        joined = _joined(text, previous, amount) if previous else None
        if joined is None:
            merged.append(amount)
        else:
            merged[-1] = joined
    return merged


def _joined(text: str, first: Amount, second: Amount) -> Amount | None:
    """Return two amounts as one where the text says one thing with both, else ``None``."""
    gap = text[first.end_char : second.start_char]
    if len(gap) > 40 or second.position:
        return None
    bare = first.low is not None and first.low == first.high
    if (
        bare and first.unit == second.unit and second.low == second.high and second.low is not None
        and first.low is not None and first.low < second.low and _RANGE_GAP.fullmatch(gap)
        and _pace(first) == _pace(second)
    ):  # fmt: skip
        return replace(
            second, start_char=first.start_char, low=first.low, amount_start=first.amount_start,
            group=first.group, position=first.position,
        )  # fmt: skip
    if (
        bare and first.code == second.code and second.low != second.high
        and _RANGE_WORD.fullmatch(gap) and gap.strip(" ,;") != ""
        and _CENTRE.search(text[max(0, first.start_char - 30) : first.start_char])
    ):  # fmt: skip
        return replace(
            second, start_char=first.start_char, rhythm=first.rhythm or second.rhythm,
            group=first.group, position=first.position,
        )  # fmt: skip
    if first.code != second.code and _SAME_GAP.fullmatch(gap) and _is_same(gap, first, second):
        end = second.end_char
        while end < len(text) and text[end] in ")]" and "(" in gap + "[":
            end += 1
            break
        return replace(
            first, end_char=end, rhythm=first.rhythm or second.rhythm,
            level=first.level and second.level, also=(*first.also, second.unit),
        )  # fmt: skip
    return None


def _pace(amount: Amount) -> tuple[Bounds, Bounds] | None:
    return (amount.rhythm.times_per_day, amount.rhythm.interval_days) if amount.rhythm else None


def _is_same(gap: str, first: Amount, second: Amount) -> bool:
    """Whether two amounts in different units can be one and the same amount."""
    if frozenset({first.code, second.code}) not in _FACTORS:
        return first.unit != second.unit and gap.strip().startswith("(") and "=" in gap
    if first.strength == "weak" and second.code == "mL":
        return False
    if gap.strip() in {"or", ", or", "/"}:
        ratio = _ratio(first, second)
        return ratio is not None and 38 <= ratio <= 42
    return True


def _ratio(first: Amount, second: Amount) -> Fraction | None:
    """Return the larger over the smaller of two amounts' values."""
    a = first.low if first.low is not None else first.high
    b = second.low if second.low is not None else second.high
    return None if not a or not b else max(a, b) / min(a, b)
