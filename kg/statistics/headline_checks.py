"""The size that a page's title gives against the results in its text."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence

from kg.measures import GROUP_MEASURES
from kg.records import RATIO_MEASURES, Record, Span
from kg.statistics.passage import Finding, Passage, plain

_PERCENT = re.compile(r"(?<![\d.,])(?P<size>\d{1,3}(?:\.\d+)?)\s?(?:percent|per cent|pcnt|%)(?!\s?(?:CI|of\b))", re.IGNORECASE)  # fmt: skip
_TIMES = re.compile(r"(?<![\d.,])(?P<size>\d{1,3}(?:\.\d+)?)\s?(?:[xX]\b|-?\s?fold\b|times\b)")
_FRONT_TITLE = re.compile(r"^\s*\"?title\"?\s*[:=]\s*\"(?P<title>[^\"\n]+)\"", re.MULTILINE)
_MORE = re.compile(r"\b(?:more|higher|increas\w*|greater|longer|rise|worse|extra|up)\b", re.IGNORECASE)  # fmt: skip
_LESS = re.compile(r"\b(?:less|fewer|lower|reduc\w*|decreas\w*|cut\w*|shorter|drop\w*|declin\w*)\b", re.IGNORECASE)  # fmt: skip
#: Titles round: within a quarter of the factor, or three percentage points.
_NEAR_FACTOR, _NEAR_POINTS = 0.25, 3.0


def check_headline(record: Record, passages: Sequence[Passage]) -> Iterator[Finding]:
    """Yield a finding where the title's size is near none of the text's.

    Ratios, percentages of change and the ratios of any two values of one sentence count, either way
    round. A text without a single ratio or percentage of change is left alone.
    """
    wanted = _size(_headline(record))
    if wanted is None:
        return
    shown, factors = wanted
    known = list(_factors(passages))
    if not any(p.effect.measure in RATIO_MEASURES | {"percent_change", "fold_change"} for p in passages):  # fmt: skip
        return
    if any(
        abs(math.log(a) - math.log(b)) <= _NEAR_FACTOR or abs(a - b) * 100 <= _NEAR_POINTS
        for a in factors
        for b in known
    ):
        return
    yield Finding(
        "headline_against_body",
        f"The title says “{shown}”, and no result in the text is near that.",
        {"headline": factors[0]},
        evidence=_place(record, shown),
    )


def _headline(record: Record) -> str:
    """Return the title of the page: that of its front matter, else of the document."""
    text = record.document.text
    found = _FRONT_TITLE.search(text, 0, 2000) if text.startswith(("---", "{", "+++")) else None
    return plain((found["title"] if found else record.document.title) or "")


def _size(title: str) -> tuple[str, list[float]] | None:
    """Return the size in a title as printed, and the factors that it may mean."""
    percent, times = _PERCENT.search(title), _TIMES.search(title)
    found = percent or times
    if found is None or (percent is not None and times is not None):
        return None
    around = title[max(0, found.start() - 45) : found.end() + 30]
    more, less = _MORE.search(around), _LESS.search(around)
    size = float(found["size"])
    if size <= 0 or (more is None and less is None) or (more is not None and less is not None):
        return None
    if percent is None:
        return (found[0], [size, 1 / size]) if size > 1 else None
    if more is not None:
        return found[0], [1 + size / 100]
    return (found[0], [1 - size / 100]) if size < 100 else None


def _factors(passages: Sequence[Passage]) -> Iterator[float]:
    """Yield every factor that the results state or imply, and its reciprocal."""
    for passage in passages:
        effect = passage.effect
        if effect.value is None:
            continue
        found: list[float] = []
        if effect.measure in RATIO_MEASURES or effect.measure == "fold_change":
            found.append(effect.value)
        elif effect.measure == "percent_change":
            found += [1 + effect.value / 100, 1 - effect.value / 100]
        elif effect.measure in ("RD", "ARR", "RRR", "percent"):
            points = effect.value if abs(effect.value) > 1 else effect.value * 100
            found += [1 + points / 100, 1 - points / 100]
        else:
            found.append(abs(effect.value))  # a ratio whose name the text leaves out
        for factor in found:
            if factor > 0:
                yield factor
                yield 1 / factor
    for one, two in itertools.combinations(passages, 2):
        a, b = one.effect, two.effect
        if a.measure != b.measure or a.measure not in GROUP_MEASURES or not a.value or not b.value:
            continue
        if a.evidence[0] == b.evidence[0] or a.outcome == b.outcome:
            if a.value / b.value > 0:
                yield a.value / b.value
                yield b.value / a.value
            if a.measure == "percent":
                yield max(0.01, 1 - abs(a.value - b.value) / 100)
                yield 1 + abs(a.value - b.value) / 100


def _place(record: Record, shown: str) -> tuple[Span, ...]:
    at = record.document.text.find(shown)
    return () if at < 0 else (Span(start_char=at, end_char=at + len(shown), text=shown),)
