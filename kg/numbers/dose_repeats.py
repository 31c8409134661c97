"""Which doses of a text are one dose told again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from kg.numbers.dose_tables import SENTENCE_END
from kg.numbers.statistic import DoseReading

_SENTENCE: Final = 600  # characters looked back for the start of a sentence
_LINE_END: Final = re.compile(r"[\n|\t]")
_GIVEN: Final = re.compile(
    r"(?i:\b(?:received?|(?:was|were) (?:given|fed|treated|administered|assigned|allocated)|took|consumed|ingested|drank)\b)"
)
#: Words in front of the verb that set one group apart from the others: "CS patients (n = 107)".
_GROUP: Final = re.compile(
    r"\b(?i:groups?|arms?|controls?|others?|(?:second|third|remaining) half)\b|\bpatients \((?:n\b|\d)"
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_FILLER: Final = frozenset({"a", "the", "of", "oral", "supplement", "supplementation", "vitamin"})


def first_tellings(text: str, doses: Sequence[DoseReading]) -> list[int]:
    """Return, for each dose, the index of the first dose that says the same; its own if it is new.

    Doses say the same when amount and unit are equal and nothing said of both differs: rhythm,
    route, name of what is given. Doses of one sentence stay apart, since the text tells them apart
    ("800 IU for A and 800 IU for B"), and so do those of two sentences that each tell what another
    group was given. Give no doses of advice: each piece of advice has its own.

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
    if first.group == second.group or not _is_parted(text, first.end_char, second.start_char):
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
    if a and b and not a & b:
        return False
    groups = _receivers(text, first.start_char), _receivers(text, second.start_char)
    return None in groups or groups[0] == groups[1]


def _is_parted(text: str, start: int, end: int) -> bool:
    """Whether a sentence, a line or a cell ends in a stretch of text."""
    return bool(
        SENTENCE_END.search(text, max(0, start - 1), end + 2) or _LINE_END.search(text, start, end)
    )


def _receivers(text: str, at: int) -> str | None:
    """Return the words in front of "received" in a sentence that tells what a group was given."""
    start = max(0, at - _SENTENCE)
    for match in SENTENCE_END.finditer(text, start, at):
        start = match.end()
    verb = _GIVEN.search(text, start, at)
    if verb is None or not _GROUP.search(text, start, verb.start()):
        return None
    return " ".join(text[start : verb.start()].lower().split())


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
