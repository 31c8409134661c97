"""Cells and directions of result tables."""

from __future__ import annotations

import pytest

from kg.assembly.cell_values import parse_cell


@pytest.mark.parametrize(
    ("text", "form", "value", "more"),
    [
        ("64 (33, 75)", "pair", 64, {"iqr_low": 33, "iqr_high": 75}),
        ("0.91 (0.84–0.99)", "pair", 0.91, {"iqr_low": 0.84, "iqr_high": 0.99}),
        ("36 (57.1)", "bracket", 36, {"sd": 57.1}),
        ("10 (15.9%)", "percent", 15.9, {"events": 10}),
        ("7±0.12", "spread", 7, {"sd": 0.12}),
        ("5/20 (25%)", "fraction", 25, {"events": 5, "total": 20}),
        ("40%", "percent", 40, {"unit": "%"}),
        ("6.8", "plain", 6.8, {}),
    ],
)
def test_cells_are_read(text: str, form: str, value: float, more: dict[str, float]) -> None:
    found = parse_cell(text)
    assert found is not None
    assert (found.form, found.statistic.value) == (form, value)
    assert {k: getattr(found.statistic, k) for k in more} == more


@pytest.mark.parametrize("text", ["", "see text", "<0.001", "Group 2", "NA", "-", "p = 0.03"])
def test_other_cells_are_not(text: str) -> None:
    assert parse_cell(text) is None
