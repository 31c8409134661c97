"""No pattern of the package takes exponential time; what strings are tried stands in ``regexes.py``."""

from __future__ import annotations

import re

from tests.faults.regexes import AT_THE_DOOR, Found, attacks, collect, cost, make_text, within

PUMPS = 40  # an exponential pattern takes 2^40 steps, a cubic one some ten thousand
SECONDS = 0.5
SMALL = 300  # characters of a window that is tried in full


def explodes(found: Found) -> str | None:
    """Return an attack that a pattern does not withstand."""
    for prefix, pump, stop in attacks(found.pattern):
        text = prefix + pump * PUMPS + stop
        if len(text) < 4000 and cost(found, text, SECONDS) >= SECONDS:
            return f"{found.where} {prefix!r} {pump!r}: {found.pattern.pattern[:200]}"
    return None


def test_no_pattern_at_the_door_explodes() -> None:
    patterns = collect()
    assert len(patterns) > 800, "the walk over the package finds them"
    attacked = [found for found in patterns if found.where.startswith(AT_THE_DOOR)]
    assert len(attacked) > 150
    assert [slow for found in attacked if (slow := explodes(found)) is not None] == []


def test_no_pattern_is_slow_within_its_window() -> None:
    windowed = [found for found in collect() if (within(found) or SMALL + 1) <= SMALL]
    assert len(windowed) > 25, "the walk finds them"
    slow = [
        f"{found.where} {attack}"
        for found in windowed
        for attack in attacks(found.pattern)
        if cost(found, make_text(found, *attack, SMALL), SECONDS) >= SECONDS
    ]
    assert slow == []


def test_the_attack_finds_an_exponential_pattern() -> None:
    for pattern in (r"(?:a+)+b", r"(?:a|a)*b", r"(?:\w+\s?)+$", r"x(?:\d+,?)*;"):
        assert explodes(Found("here", re.compile(pattern))) is not None, pattern
    for pattern in (r"a+b", r"(?:a+,)+b", r"(?:a++)+b"):
        assert explodes(Found("here", re.compile(pattern))) is None, pattern
