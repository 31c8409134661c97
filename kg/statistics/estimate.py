"""An effect size ready to be pooled: where it lies on its measure's scale, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from kg.statistics.scales import USUAL_LEVEL, critical_z, from_scale, se_from_interval, to_scale


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate and its standard error, both on the scale where its measure is symmetrical.

    ``measure`` is one of :data:`kg.records.Measure`. ``point`` is the natural logarithm of a ratio,
    Fisher's z of a correlation, the value itself of a difference; ``error`` is the standard error
    of that, above 0. ``method`` says how the two were come by, with the source; "" as reported.
    """

    measure: str
    point: float
    error: float
    method: str = ""

    @property
    def value(self) -> float:
        """The estimate as a report prints it."""
        return from_scale(self.measure, self.point)

    @property
    def variance(self) -> float:
        """The sampling variance, on the scale."""
        return self.error**2

    def interval(self, level: float = USUAL_LEVEL) -> tuple[float, float]:
        """Return the interval's bounds as a report prints them; `level` in percent."""
        half = critical_z(level) * self.error
        return (
            from_scale(self.measure, self.point - half),
            from_scale(self.measure, self.point + half),
        )


def from_interval(
    measure: str, value: float, low: float, high: float, level: float | None = USUAL_LEVEL
) -> Estimate:
    """Return the estimate that a printed value and interval state.

    Source: Cochrane Handbook (version 6), sections 6.3.1 and 6.3.2.

    Raises
    ------
    ValueError
        If a number is off the measure's scale or the interval has no width.

    Examples
    --------
    >>> round(from_interval("RR", 0.81, 0.70, 0.94).error, 4)
    0.0752
    """
    error = se_from_interval(measure, low, high, level)
    if error <= 0:
        raise ValueError("an interval without width has no standard error")
    return Estimate(
        measure, to_scale(measure, value), error, "standard error from the confidence interval"
    )
