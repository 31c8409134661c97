"""From a median with range or quartiles to mean and standard deviation.

Sources: Luo, Wan, Liu & Tong, Stat Methods Med Res 2018;27:1785 (means); Wan, Wang, Liu & Tong,
BMC Med Res Methodol 2014;14:135 (standard deviations); Shi et al., Res Synth Methods 2020;11:641
(standard deviation from range and quartiles together). Cochrane Handbook 6.5.2.5 and 10.5.3. All take
the data for normal: skewed data are refused by :func:`is_skewed` (Shi et al., Stat Methods Med Res
2023;32:1338), not silently converted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Summary:
    """A median of `n` values with quartiles, range, or both."""

    n: int
    median: float
    q1: float | None = None
    q3: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self) -> None:
        if self.n < 2:
            raise ValueError(f"a spread needs 2 values at least, not {self.n}")
        if (self.q1 is None) != (self.q3 is None) or (self.minimum is None) != (
            self.maximum is None
        ):
            raise ValueError("quartiles and range come in pairs")
        known = [
            value
            for value in (self.minimum, self.q1, self.median, self.q3, self.maximum)
            if value is not None
        ]
        if len(known) == 1:
            raise ValueError("a median alone tells no spread: quartiles or range are needed")
        if known != sorted(known):
            raise ValueError(f"minimum, quartiles, median and maximum are out of order: {known}")


def estimate_mean(summary: Summary) -> float:
    """Return the mean that a median with its spread implies (Luo et al. 2018, equations 7, 11 and 15).

    Examples
    --------
    >>> round(estimate_mean(Summary(20, 6, minimum=2, maximum=14)), 4)
    6.5945
    """
    n, median = summary.n, summary.median
    middle = _middle(summary.q1, summary.q3)
    centre = _middle(summary.minimum, summary.maximum)
    if middle is None:
        assert centre is not None
        weight = 4 / (4 + math.pow(n, 0.75))
        return weight * centre + (1 - weight) * median
    if centre is None:
        weight = 0.7 + 0.39 / n
        return weight * middle + (1 - weight) * median
    outer, inner = 2.2 / (2.2 + math.pow(n, 0.75)), 0.7 - 0.72 / math.pow(n, 0.55)
    return outer * centre + inner * middle + (1 - outer - inner) * median


def estimate_sd(summary: Summary) -> float:
    """Return the standard deviation that the spread implies.

    Range: Wan et al. 2014, equation 9; quartiles: equation 16; both: Shi et al. 2020, equation 10.

    Examples
    --------
    >>> round(estimate_sd(Summary(20, 6, q1=4, q3=10)), 4)
    4.7871
    """
    n = summary.n
    by_range = by_quartiles = None
    if summary.minimum is not None and summary.maximum is not None:
        quantile = _NORMAL.inv_cdf((n - 0.375) / (n + 0.25))
        by_range = (summary.maximum - summary.minimum) / (2 * quantile)
    if summary.q1 is not None and summary.q3 is not None:
        quantile = _NORMAL.inv_cdf((0.75 * n - 0.125) / (n + 0.25))
        by_quartiles = (summary.q3 - summary.q1) / (2 * quantile)
    if by_range is None:
        assert by_quartiles is not None
        return by_quartiles
    if by_quartiles is None:
        return by_range
    weight = 1 / (1 + 0.07 * math.pow(n, 0.6))
    return weight * by_range + (1 - weight) * by_quartiles


def is_skewed(summary: Summary) -> bool:
    """Whether the summary shows, at the 5 % level, that the data are not normal (Shi et al. 2023).

    Mean and standard deviation should then not be estimated from it (Cochrane Handbook 6.5.2.5).
    """
    n, median = summary.n, summary.median
    by_range = by_quartiles = None
    if summary.minimum is not None and summary.maximum is not None:
        lean = summary.minimum + summary.maximum - 2 * median
        by_range = _share(lean, summary.maximum - summary.minimum)
    if summary.q1 is not None and summary.q3 is not None:
        lean = summary.q1 + summary.q3 - 2 * median
        by_quartiles = _share(lean, summary.q3 - summary.q1)
    if by_range is not None and by_quartiles is None:
        return by_range >= 1 / math.log(n + 9) + 2.5 / (n + 1)
    if by_quartiles is not None and by_range is None:
        return by_quartiles >= 2.65 / math.sqrt(n) - 6 / n**2
    assert by_range is not None
    assert by_quartiles is not None
    statistic = max(2.65 * math.log(0.6 * n) / math.sqrt(n) * by_range, by_quartiles)
    return statistic >= 3 / math.sqrt(n) - 40 / n**3


def _share(lean: float, spread: float) -> float:
    return abs(lean) / spread if spread > 0 else 0.0


def _middle(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else (low + high) / 2
