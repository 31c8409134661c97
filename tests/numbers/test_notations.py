"""Every notation that real pages use is read as it is meant."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from kg.numbers.estimates import find_statistics
from kg.numbers.statistic import Statistic

#: The text, and the fields of every reading; fields not named there must be empty.
NOTATIONS: list[tuple[str, list[dict[str, object]]]] = [
    (text, readings)
    for text, readings in json.loads(
        Path(__file__).with_name("notations.json").read_text(encoding="utf-8")
    )
]
_PLACES = frozenset({
    "start_char", "end_char", "value_start", "value_end", "measure_start", "measure_end",
    "p_start", "p_end", "printed_value", "printed_ci_low", "printed_ci_high", "printed_p", "group",
    "position", "repairs", "spread_labelled",
})  # fmt: skip


def said(statistic: Statistic) -> dict[str, object]:
    """Return what a reading says, places and printed digits left out."""
    fields = dataclasses.asdict(statistic)
    return {k: v for k, v in fields.items() if k not in _PLACES and v is not None}


@pytest.mark.parametrize(("text", "expected"), NOTATIONS, ids=[text[:50] for text, _ in NOTATIONS])
def test_a_notation_is_read(text: str, expected: list[dict[str, object]]) -> None:
    statistics, _ = find_statistics(text)
    assert [said(s) for s in statistics] == expected


@pytest.mark.parametrize(("text", "expected"), NOTATIONS, ids=[text[:50] for text, _ in NOTATIONS])
def test_a_notation_is_read_inside_a_sentence(text: str, expected: list[dict[str, object]]) -> None:
    """What stands around an expression changes neither its reading nor its places."""
    before = "No change was seen elsewhere. "
    statistics, _ = find_statistics(before + text)
    alone, _ = find_statistics(text)
    assert [said(s) for s in statistics] == expected
    for moved, still in zip(statistics, alone, strict=True):
        assert moved.start_char - len(before) == still.start_char
        assert moved.printed_value == still.printed_value


def test_enough_notations_are_tested() -> None:
    assert len(NOTATIONS) > 130


@pytest.mark.parametrize("text", [text for text, _ in NOTATIONS])
def test_offsets_are_slices(text: str) -> None:
    for s in find_statistics(text)[0]:
        assert 0 <= s.start_char < s.end_char <= len(text)
        if s.value is not None and s.value_start is not None:
            assert text[s.value_start : s.value_end] == s.printed_value
            assert s.start_char <= s.value_start
        if s.p_start is not None and s.p_end is not None:
            assert s.printed_p is not None
            assert s.printed_p.lstrip("<>≤≥") in text[s.p_start : s.p_end]
        if s.measure_start is not None:
            assert s.measure_end is not None
            assert text[s.measure_start : s.measure_end].strip()


def test_printed_digits_are_kept() -> None:
    (statistic,) = find_statistics("MD = −13.10 ng/mL; 95% CI: −16.51 to −9.68; p < 0·00001")[0]
    assert statistic.printed_value == "−13.10"
    assert (statistic.printed_ci_low, statistic.printed_ci_high) == ("−16.51", "−9.68")
    assert statistic.printed_p == "<0·00001"
    assert statistic.value == -13.1


def test_reversed_bounds_are_ordered_with_their_digits() -> None:
    (statistic,) = find_statistics("MD -1.9 mg/dl [95% CI (-1.2, -2.7 mg/dl)]")[0]
    assert (statistic.ci_low, statistic.ci_high) == (-2.7, -1.2)
    assert (statistic.printed_ci_low, statistic.printed_ci_high) == ("-2.7", "-1.2")
