"""What printed digits stand for, and the arithmetic of ranges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statistics.rounding import Range, decimals_of, p_range, printed_range, unit_of

finite = st.floats(-1e6, 1e6)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    return Range(*sorted((draw(finite), draw(finite))))


@given(st.floats(-1e5, 1e5), st.integers(0, 6))
def test_a_rounded_number_stands_for_what_was_rounded(value: float, places: int) -> None:
    printed = f"{value:.{places}f}"
    assert value in printed_range(float(printed), printed)


@given(ranges(), ranges(), st.floats(0, 1), st.floats(0, 1))
def test_a_range_holds_every_result(one: Range, two: Range, a: float, b: float) -> None:
    x = one.low + a * (one.high - one.low)
    y = two.low + b * (two.high - two.low)
    slack = 1e-6
    for found, true in (
        (one + two, x + y),
        (one - two, x - y),
        (one * two, x * y),
        (abs(one), abs(x)),
    ):
        scale = max(1.0, abs(true), abs(found.low), abs(found.high))
        assert found.low - slack * scale <= true <= found.high + slack * scale
    if not two.low <= 0 <= two.high and abs(y) > 1e-3:
        found, true = one / two, x / y
        assert (
            found.low - slack * max(1, abs(true)) <= true <= found.high + slack * max(1, abs(true))
        )


@pytest.mark.parametrize(
    ("value", "printed", "places"),
    [
        (-13.1, "-13.10", 2), (0.25, "0·25", 2), (118442, "118.442", 0), (1204, "1,204", 0), (-0.004, "?0.004", 3),
        (1.94, "1-94", 2), (0.0, "0.00", 2), (0.0, "0", 0), (0.05, ".05", 2), (3.0, None, 0), (0.125, None, 3),
        (1e6, "one million", 0),
    ],
)  # fmt: skip
def test_printed_places(value: float, printed: str | None, places: int) -> None:
    assert decimals_of(value, printed) == places
    assert unit_of(value, printed) == pytest.approx(10.0**-places)


def test_division_by_a_range_with_zero_may_give_anything() -> None:
    assert Range(1, 2) / Range(-1, 1) == Range(-math.inf, math.inf)
    assert Range(1, 2) / Range(0, 2) == Range(0.5, math.inf)


def test_what_a_p_allows() -> None:
    assert p_range(0.05, "<") == Range(0, 0.05)
    assert p_range(0.05, ">") == Range(0.05, 1)
    assert p_range(0.05, "=", ".05") == Range(0.045, 0.055)
    assert p_range(0.0, "=", "0.000") == Range(0, 0.0005)
    assert p_range(1.0, "=", "1.00") == Range(0.995, 1.0)


def test_a_range_goes_up() -> None:
    with pytest.raises(ValueError, match="no range"):
        Range(2, 1)


def test_gap_and_meeting() -> None:
    assert Range(0, 1).gap(Range(3, 4)) == 2
    assert Range(0, 1).gap(Range(0.5, 4)) == 0
    assert Range(0, 1).meets(Range(1, 2))
    assert not Range(0, 1).meets(Range(1.1, 2))
    assert Range(0, 1).hull(Range(3, 4)) == Range(0, 4)
