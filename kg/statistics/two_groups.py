"""From what was counted or measured in two arms to an effect size with its standard error.

The first group is the intervention's, the second the comparator's. Sections are those of the
Cochrane Handbook, version 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from kg.statistics.conversions import rd_to_nnt, small_sample_correction
from kg.statistics.estimate import Estimate
from kg.statistics.scales import USUAL_LEVEL, critical_z

EventMeasure = Literal["RR", "OR", "RD"]
MeanMeasure = Literal["MD", "SMD", "ROM"]
#: Added to every cell of a table with an empty cell (10.4.4.2); other tables are left as they are.
CONTINUITY = 0.5


@dataclass(frozen=True, slots=True)
class Events:
    """How many of how many had the event in each of two groups."""

    events1: float
    total1: float
    events2: float
    total2: float

    def __post_init__(self) -> None:
        for events, total in ((self.events1, self.total1), (self.events2, self.total2)):
            if not 0 <= events <= total or total <= 0:
                raise ValueError(f"{events:g} of {total:g} people cannot have had the event")

    @property
    def cells(self) -> tuple[float, float, float, float]:
        """a, b, c, d: with and without the event in the first group, then in the second."""
        return (
            self.events1, self.total1 - self.events1, self.events2, self.total2 - self.events2,
        )  # fmt: skip

    @property
    def tells_nothing(self) -> bool:
        """Whether nobody or everybody had the event: no ratio can be estimated (10.4.4.1)."""
        a, b, c, d = self.cells
        return (a == 0 and c == 0) or (b == 0 and d == 0)

    def corrected(self) -> Events:
        """Return the table with 0.5 in every cell more, if one of its cells is empty."""
        if min(self.cells) > 0:
            return self
        half, whole = CONTINUITY, 2 * CONTINUITY
        return Events(
            self.events1 + half, self.total1 + whole, self.events2 + half, self.total2 + whole
        )


@dataclass(frozen=True, slots=True)
class Means:
    """Mean, standard deviation and number of people in each of two groups."""

    mean1: float
    sd1: float
    n1: int
    mean2: float
    sd2: float
    n2: int

    def __post_init__(self) -> None:
        if self.sd1 < 0 or self.sd2 < 0 or self.sd1 + self.sd2 == 0:
            raise ValueError("standard deviations must not be negative, nor both 0")
        if self.n1 < 2 or self.n2 < 2:
            raise ValueError("a group of fewer than 2 people has no standard deviation")

    @property
    def pooled_sd(self) -> float:
        """The standard deviation that the groups share."""
        df = self.n1 + self.n2 - 2
        return math.sqrt(((self.n1 - 1) * self.sd1**2 + (self.n2 - 1) * self.sd2**2) / df)


def compare_events(table: Events, measure: EventMeasure) -> Estimate:
    """Return risk ratio, odds ratio or risk difference of two groups (10.4.1, 6.4.1).

    A ratio of a table with an empty cell gets 0.5 in every cell (10.4.4.2), and its method says so;
    a risk difference is left as it is unless its variance would be 0.

    Raises
    ------
    ValueError
        If a ratio is wanted of a table in which nobody or everybody had the event.

    Examples
    --------
    >>> rr = compare_events(Events(5, 100, 10, 100), "RR")
    >>> round(rr.point, 4), round(rr.variance, 4)
    (-0.6931, 0.28)
    """
    source = f"{measure} from events of both arms (Cochrane Handbook 10.4.1)"
    if measure == "RD":
        a, b, c, d = table.cells
        variance = a * b / table.total1**3 + c * d / table.total2**3
        if variance == 0:
            table = table.corrected()
            a, b, c, d = table.cells
            variance = a * b / table.total1**3 + c * d / table.total2**3
            source += ", variance with 0.5 in every cell for an empty one (10.4.4.2)"
        return Estimate("RD", _risk_difference(table), math.sqrt(variance), source)
    if table.tells_nothing:
        raise ValueError("nobody or everybody had the event in both arms: no ratio follows")
    whole = table.corrected()
    if whole is not table:
        source += ", 0.5 in every cell for an empty one (10.4.4.2)"
    a, b, c, d = whole.cells
    if measure == "OR":
        return Estimate(
            "OR", math.log(a * d / (b * c)), math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), source
        )
    point = math.log(a / whole.total1) - math.log(c / whole.total2)
    return Estimate(
        "RR", point, math.sqrt(1 / a - 1 / whole.total1 + 1 / c - 1 / whole.total2), source
    )


def _risk_difference(table: Events) -> float:
    return table.events1 / table.total1 - table.events2 / table.total2


@dataclass(frozen=True, slots=True)
class NumberNeeded:
    """A number needed to treat with its interval.

    Positive for one to benefit, negative for one to be harmed. Where the risk difference may be
    none, the interval goes through infinity, and ``low`` and ``high`` lie on its two sides: from
    `low` (benefit) up to infinity, and from infinity down to `high` (harm). ``through_infinity``
    says so (Altman, BMJ 1998;317:1309).
    """

    value: float
    low: float
    high: float
    through_infinity: bool


def number_needed(table: Events, level: float = USUAL_LEVEL) -> NumberNeeded:
    """Return the number needed to treat for an undesired event, from the risk difference.

    Altman, BMJ 1998;317:1309; Cochrane Handbook 15.4.4.1.

    Examples
    --------
    >>> found = number_needed(Events(70, 1000, 100, 1000))
    >>> round(found.value, 1), round(found.low, 1), round(found.high, 1)
    (33.3, 18.4, 178.9)
    """
    difference = compare_events(table, "RD")
    half = critical_z(level) * difference.error
    ends = (rd_to_nnt(difference.point - half), rd_to_nnt(difference.point + half))
    through = difference.point - half < 0 < difference.point + half
    low, high = ends if through else sorted(ends)
    return NumberNeeded(rd_to_nnt(difference.point), low, high, through)


def peto(table: Events) -> Estimate:
    """Return Peto's one-step odds ratio of two groups: no correction for empty cells (10.4.2).

    Yusuf et al., Prog Cardiovasc Dis 1985;27:335.

    Raises
    ------
    ValueError
        If nobody or everybody had the event.
    """
    if table.tells_nothing:
        raise ValueError("nobody or everybody had the event in both arms: no ratio follows")
    difference, variance = peto_terms(table)
    return Estimate(
        "OR", difference / variance, 1 / math.sqrt(variance),
        "Peto odds ratio from events of both arms (Cochrane Handbook 10.4.2)",
    )  # fmt: skip


def peto_terms(table: Events) -> tuple[float, float]:
    """Return observed minus expected events of the first group, and their hypergeometric variance."""
    total = table.total1 + table.total2
    events = table.events1 + table.events2
    expected = table.total1 * events / total
    variance = table.total1 * table.total2 * events * (total - events) / (total**2 * (total - 1))
    return table.events1 - expected, variance


def compare_means(groups: Means, measure: MeanMeasure, pooled: bool = False) -> Estimate:
    """Return mean difference, standardized mean difference (Hedges' g) or ratio of means (6.5.1, 10.5).

    Parameters
    ----------
    groups
        What was measured, in one unit.
    measure
        ``"MD"``; ``"SMD"``: Hedges' g with his exact correction and the variance
        1/n1 + 1/n2 + g²/(2(n1 + n2)) (Hedges 1982); ``"ROM"``: Hedges et al., Ecology 1999;80:1150.
    pooled
        Whether the variance of a mean difference takes one standard deviation for both groups.

    Raises
    ------
    ValueError
        If a ratio of means is wanted of means that are not both positive.

    Examples
    --------
    >>> g = compare_means(Means(103, 5.5, 50, 100, 4.5, 50), "SMD")
    >>> round(g.point, 4)
    0.5924
    """
    n1, n2 = groups.n1, groups.n2
    difference = groups.mean1 - groups.mean2
    if measure == "MD":
        if pooled:
            variance = groups.pooled_sd**2 * (1 / n1 + 1 / n2)
        else:
            variance = groups.sd1**2 / n1 + groups.sd2**2 / n2
        source = "MD from means and SDs of both arms (Cochrane Handbook 6.5.1.1)"
        return Estimate("MD", difference, math.sqrt(variance), source)
    if measure == "SMD":
        g = small_sample_correction(n1 + n2 - 2) * difference / groups.pooled_sd
        variance = 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))
        source = "Hedges' g from means and SDs of both arms (Cochrane Handbook 6.5.1.2)"
        return Estimate("SMD", g, math.sqrt(variance), source)
    if groups.mean1 <= 0 or groups.mean2 <= 0:
        raise ValueError("a ratio of means needs means above 0")
    variance = groups.sd1**2 / (n1 * groups.mean1**2) + groups.sd2**2 / (n2 * groups.mean2**2)
    source = "ROM from means and SDs of both arms (Hedges et al. 1999)"
    return Estimate("ROM", math.log(groups.mean1 / groups.mean2), math.sqrt(variance), source)
