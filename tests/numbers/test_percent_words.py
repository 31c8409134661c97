"""An interval's level may be written in words: "95 percent confidence interval"."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        (
            "hazard ratio, 0.46; 95 percent confidence interval, 0.23 to 0.90; P=0.02",
            0.46,
            0.23,
            0.90,
        ),
        ("relative risk, 0.80 (95 percent CI, 0.70 to 0.91)", 0.80, 0.70, 0.91),
        ("odds ratio 1.5 (95 per cent confidence interval 1.1 to 2.0)", 1.5, 1.1, 2.0),
        ("hazard ratio 2.1 (95-percent CI 1.3-3.4)", 2.1, 1.3, 3.4),
    ],
)
def test_the_level_is_no_percentage(text: str, value: float, low: float, high: float) -> None:
    (found,) = read_numbers(text).statistics
    assert (found.value, found.ci_low, found.ci_high) == (value, low, high)
    assert found.ci_level == 95
