"""What a printed number stands for: every value that rounds to its digits.

"0.81" was printed for something between 0.805 and 0.815, "0.8" for something between 0.75 and 0.85. A
check that computes with these ranges instead of the numbers never calls an honest rounding an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

#: Relative width that absorbs the arithmetic of floats, far below any printed digit.
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval of real numbers, with the arithmetic of intervals.

    Operands are taken as independent of each other, so a result holds every value that is possible,
    and may hold some that are not: a check on it errs towards silence.

    Examples
    --------
    >>> Range(1, 2) - Range(0.5, 1)
    Range(low=0, high=1.5)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no range from {self.low} to {self.high}")

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __add__(self, other: Range | float) -> Range:
        other = _range(other)
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range | float) -> Range:
        return self + -_range(other)

    def __mul__(self, other: Range | float) -> Range:
        other = _range(other)
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(corners), max(corners))

    def __truediv__(self, other: Range | float) -> Range:
        """Divide by a range that does not hold zero; one that does may give anything."""
        other = _range(other)
        if other.low <= 0 <= other.high:
            if self.low >= 0 and other.low == 0 and other.high > 0:  # only the upper end is open
                return Range(self.low / other.high, math.inf)
            return Range(-math.inf, math.inf)
        return self * Range(1 / other.high, 1 / other.low)

    def __abs__(self) -> Range:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Range(0.0, max(-self.low, self.high))

    def __contains__(self, value: float) -> bool:
        return self.low - self._slack <= value <= self.high + self._slack

    @property
    def centre(self) -> float:
        """The number in the middle."""
        return (self.low + self.high) / 2

    @property
    def _slack(self) -> float:
        finite = [abs(end) for end in (self.low, self.high) if math.isfinite(end)]
        return _EPSILON * max(finite, default=0.0)

    def meets(self, other: Range) -> bool:
        """Tell whether one number can be in both."""
        slack = max(self._slack, other._slack)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def gap(self, other: Range) -> float:
        """Return the distance between the nearest ends of two ranges, 0 where they meet."""
        return max(0.0, other.low - self.high, self.low - other.high)

    def map(self, function: Callable[[float], float]) -> Range:
        """Return the image under a monotone function."""
        ends = function(self.low), function(self.high)
        return Range(min(ends), max(ends))

    def hull(self, other: Range) -> Range:
        """Return the smallest range that holds both."""
        return Range(min(self.low, other.low), max(self.high, other.high))


def _range(value: Range | float) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def parse_number(printed: str) -> float:
    """Return a printed number, whatever its minus sign and decimal point.

    >>> parse_number("−0·5")
    -0.5
    """
    return float(re.sub("[−–]", "-", printed).replace("·", "."))


def decimals_of(value: float, printed: str | None = None) -> int:
    """Return how many digits after the decimal point a number was printed with.

    Parameters
    ----------
    value
        What the number means.
    printed
        Its digits as they stand, in any notation: ``"0·70"``, ``"-13.10"``, ``"1,204"``. The digits
        decide as long as they are those of the value; otherwise the value's shortest form does.

    Examples
    --------
    >>> decimals_of(-13.1, "-13.10"), decimals_of(0.7, "0·70"), decimals_of(118442, "118.442")
    (2, 2, 0)
    >>> decimals_of(0.25), decimals_of(3.0)
    (2, 0)
    """
    digits = "".join(character for character in printed or "" if character.isdecimal())
    if digits and len(digits) <= 15:
        number = int(digits)
        for places in range(len(digits) + 1):
            if math.isclose(number / 10**places, abs(value), rel_tol=1e-12, abs_tol=1e-15):
                if number == 0:  # "0.00": the digits after the point are all that tells
                    return max(0, len(digits) - 1)
                return places
    return _shortest_decimals(value)


def _shortest_decimals(value: float) -> int:
    text = f"{abs(value):.12f}".rstrip("0")
    return len(text.partition(".")[2])


def unit_of(value: float, printed: str | None = None) -> float:
    """Return the size of one step in the last printed digit: 0.01 for ``"0.81"``."""
    return 10.0 ** -decimals_of(value, printed)


def printed_range(value: float, printed: str | None = None) -> Range:
    """Return what a printed number stands for: half a last digit to either side.

    Examples
    --------
    >>> printed_range(0.25, "0.25")
    Range(low=0.245, high=0.255)
    """
    places = decimals_of(value, printed)
    half = 0.5 * 10.0**-places
    return Range(round(value - half, places + 2), round(value + half, places + 2))


def p_range(value: float, operator: str | None = "=", printed: str | None = None) -> Range:
    """Return what a printed p value allows.

    Parameters
    ----------
    value
        From 0 to 1.
    operator
        ``"<"`` and ``"<="`` allow everything below, ``">"`` and ``">="`` everything above.
    printed
        The digits as they stand, with or without the operator.

    Examples
    --------
    >>> p_range(0.03, "=", "0.03"), p_range(0.001, "<")
    (Range(low=0.025, high=0.035), Range(low=0.0, high=0.001))
    """
    match operator or "=":
        case "<" | "<=":
            return Range(0.0, value)
        case ">" | ">=":
            return Range(value, 1.0)
        case _:
            found = printed_range(value, printed)
            return Range(max(0.0, found.low), min(1.0, found.high))
