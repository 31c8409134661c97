"""Which doses of a text are one dose told again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from kg.numbers.statistic import DoseReading

_WORD = re.compile(r"[a-z0-9]+")
_FILLER = frozenset({"a", "the", "of", "oral", "supplement", "supplementation", "vitamin"})


def first_tellings(text: str, doses: Sequence[DoseReading]) -> list[int]:
    """Return, for each dose, the index of the first dose that says the same; its own if it is new.

    Doses say the same when amount and unit are equal and nothing said of both differs: rhythm,
    route, name of what is given. Doses of one list or two lists in one sentence stay apart, since
    the text tells them apart ("800 IU for A and 800 IU for B"). Give no doses of advice: each piece
    of advice has its own.

    Parameters
    ----------
    text
        The text that the doses were read from.
    doses
        Readings in text order, of one study.
    """
    first: list[int] = []
    kept: dict[tuple[float | None, float | None, str], list[int]] = {}
    for k, dose in enumerate(doses):
        key = (dose.low, dose.high, dose.unit)
        same = next((j for j in kept.get(key, ()) if _agree(text, doses[j], dose)), None)
        if same is None:
            kept.setdefault(key, []).append(k)
        first.append(k if same is None else same)
    return first


def _agree(text: str, first: DoseReading, second: DoseReading) -> bool:
    """Whether nothing that is said of both doses differs."""
    gap = text[first.end_char : second.start_char]
    if first.group == second.group or not re.search(r"[.!?\n|\t:)]", gap):
        return False
    pairs = (
        (first.times_per_day_low, second.times_per_day_low),
        (first.interval_days_low, second.interval_days_low),
    )
    if any(a is not None and b is not None and not math.isclose(a, b) for a, b in pairs):
        return False
    if _paced(first) and _paced(second) and not _same_pace(first, second):
        return False
    if first.route and second.route and first.route != second.route:
        return False
    a, b = _name(text, first), _name(text, second)
    return not a or not b or bool(a & b)


def _paced(dose: DoseReading) -> bool:
    return dose.times_per_day_low is not None or dose.interval_days_low is not None


def _same_pace(first: DoseReading, second: DoseReading) -> bool:
    return (first.times_per_day_low is None) == (second.times_per_day_low is None)


def _name(text: str, dose: DoseReading) -> frozenset[str]:
    """Return the words of what is given, letter-digit tails cut ("D3" is "d")."""
    if dose.substance_start is None or dose.substance_end is None:
        return frozenset()
    words = _WORD.findall(text[dose.substance_start : dose.substance_end].lower())
    cut = (w.rstrip("0123456789") or w for w in words if w not in _FILLER)
    return frozenset("d" if w.endswith("calciferol") else w for w in cut)
