"""Two values with a slash between are of two pressures: "132/84 mmHg" is a systolic and a diastolic one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kg.assembly.context import Context
from kg.assembly.link import Link
from kg.assembly.phrase import Phrase

_PARTS = ("systolic", "diastolic")
_BOTH = re.compile(r"\bsystolic\s*(?:/|and|&)\s*diastolic\b", re.IGNORECASE)
_PRESSURE = re.compile(r"\bblood\s+pressures?\b|\bBP\b", re.IGNORECASE)
_SLASH = re.compile(r"\s*(?:±\s*[\d.]+\s*)?/\s*")


def with_pressures(context: Context, links: Mapping[int, Link]) -> dict[int, Link]:
    """Return links in which each value of a blood pressure has its own."""
    found = dict(links)
    for k, link in links.items():
        other = links.get(k + 1)
        if other is None or link.outcome is None or not _is_twin(context, k):
            continue
        pair = [_part(link.outcome, part) for part in _PARTS]
        if None not in pair:
            found[k] = replace(link, outcome=pair[0])
            found[k + 1] = replace(other, outcome=pair[1], measure=link.measure)
    return found


def _is_twin(context: Context, k: int) -> bool:
    """Tell whether a slash alone stands between a value and the next, which is the smaller."""
    one, other = context.statistics[k : k + 2]
    if None in (one.value_end, other.value_start, one.value, other.value):
        return False
    between = context.reading.view.text[one.value_end : other.value_start]
    falls = abs(one.value or 0.0) > abs(other.value or 0.0)
    return falls and _SLASH.fullmatch(between) is not None


def _part(outcome: Phrase, part: str) -> Phrase | None:
    """Return one of the two pressures that an outcome names, ``None`` where it names none or one alone."""
    label = outcome.label
    if _BOTH.search(label):
        return replace(outcome, label=_BOTH.sub(part, label))
    if _PRESSURE.search(label) is None or any(name in label.lower() for name in _PARTS):
        return None
    first = label[:1].lower() + label[1:] if label[1:2].islower() else label
    return replace(outcome, label=f"{part} {first}")
