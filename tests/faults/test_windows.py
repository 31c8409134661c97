"""Patterns are shown no longer texts, and in no other way, than the check of all patterns takes them to be."""

from __future__ import annotations

import re

import pytest

from tests.faults.regexes import MATCHED, collect, within
from tests.faults.windows import Shown, Spy, documents, extract_all, watching

SEEN = 0.5  # share of the patterns with a claim that hostile documents reach


def test_no_pattern_is_shown_more_than_is_claimed() -> None:
    with watching() as shown:
        extract_all(documents())
    claimed = seen = 0
    wrong = []
    for found in collect():
        what = shown.get((found.pattern.pattern, found.pattern.flags))
        most = within(found)
        claimed += most is not None
        seen += most is not None and what is not None
        if most is not None and what is not None and what.longest > most:
            wrong.append(f"{found.where}: shown {what.longest} characters, not {most}")
        if found.where in MATCHED and what is not None and what.methods - {"match", "fullmatch"}:
            wrong.append(f"{found.where}: asked by {what.methods}")
    assert wrong == []
    assert claimed > 100
    assert seen > SEEN * claimed


def test_the_watch_goes_away() -> None:
    from kg.readers import labels

    with watching():
        assert isinstance(labels._WHOLE, Spy)
    assert isinstance(labels._WHOLE, re.Pattern)


@pytest.mark.parametrize(
    ("method", "arguments", "longest"),
    [
        ("search", ("abcabc",), 6),
        ("match", ("abcabc", 2), 4),
        ("finditer", ("abcabc", 2, 5), 3),
        ("finditer", ("abcabc", 2, 99), 4),
        ("sub", ("x", "abcabc"), 6),
        ("split", ("abcabc", 1), 6),
    ],
)
def test_a_watched_pattern_notes_what_it_sees(
    method: str, arguments: tuple[object, ...], longest: int
) -> None:
    shown: dict[tuple[str, int], Shown] = {}
    pattern = re.compile("a(b)c")
    found, meant = (getattr(p, method)(*arguments) for p in (Spy(pattern, shown), pattern))
    if method == "finditer":
        found, meant = ([m.span() for m in f] for f in (found, meant))
    assert str(found) == str(meant)
    assert shown["a(b)c", pattern.flags] == Shown(longest, {method})
