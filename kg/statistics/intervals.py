"""Estimate, interval and p value as ranges of what their digits stand for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from kg.records import Effect, Study
from kg.statistics.rounding import Range, p_range, printed_range
from kg.statistics.scales import (
    FISHER_MEASURES,
    LINEAR_MEASURES,
    LOG_MEASURES,
    NULL_VALUES,
    USUAL_LEVEL,
    critical_t,
    critical_z,
    p_from_z,
)

Transformation = Callable[[float], float]
SYNTHESES = frozenset({"meta-analysis", "systematic review", "review"})
#: Measures whose intervals are built around the estimate, so that place and p can be computed.
CENTRED_MEASURES = LOG_MEASURES | LINEAR_MEASURES | {"percent_change", "r", "rho"}
#: Degrees of freedom below which no interval is held to be computed.
_LEAST_DF = 2.0
_MANY = 200.0  # where t and normal agree to any printed digit


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _log_of_change(value: float) -> float:
    return _log(1 + value / 100)


def _plain(value: float) -> float:
    return value


def _fisher(value: float) -> float:
    return math.atanh(value) if abs(value) < 1 else math.copysign(math.inf, value)


def scales_of(measure: str) -> tuple[tuple[Transformation, float], ...]:
    """Return the scales on which an interval of a measure may have been built, with the null value.

    The first is the usual one. The others are what is also done: a ratio's interval from its plain
    standard error, a percentage change from a ratio's.
    """
    if measure in LOG_MEASURES:
        return (_log, 0.0), (_plain, 1.0)
    if measure in FISHER_MEASURES:
        return (_fisher, 0.0), (_plain, 0.0)
    if measure == "percent_change":
        return (_plain, 0.0), (_log_of_change, 0.0)
    return ((_plain, NULL_VALUES.get(measure, 0.0)),)


@dataclass(frozen=True)
class Printed:
    """An estimate with its interval, as ranges; `low` and `high` are in numerical order."""

    measure: str
    value: Range
    low: Range
    high: Range
    level: float
    scales: tuple[tuple[Transformation, float], ...]

    @property
    def null(self) -> float:
        """The value of no effect."""
        return NULL_VALUES[self.measure]

    @property
    def excludes_null(self) -> bool:
        """Whether the interval, however it was rounded, leaves out no effect."""
        return self.low.low > self.null or self.high.high < self.null

    @property
    def includes_null(self) -> bool:
        """Whether the interval, however it was rounded, holds no effect."""
        return self.low.high < self.null < self.high.low

    @property
    def holds_value(self) -> bool:
        """Whether the estimate can lie between the bounds."""
        return self.value.high >= self.low.low and self.value.low <= self.high.high

    @cached_property
    def off_centre(self) -> float:
        """How far the estimate is from the middle, in half widths and beyond rounding; least of all scales."""
        return min(self._off_centre(scale) for scale, _ in self.scales)

    def _off_centre(self, scale: Transformation) -> float:
        value, low, high = (part.map(scale) for part in (self.value, self.low, self.high))
        half = (high.high - low.low) / 2
        if not math.isfinite(half):
            return 0.0 if math.isinf(low.low) and self.low.low <= 0 <= self.low.high else math.inf
        if half <= 0:
            return 0.0
        return ((low + high) * 0.5).gap(value) / half

    def p(self, least_df: float) -> Range:
        """Return every two-sided p value that estimate and interval allow.

        Rounding, the scales on which the estimate is about central, and all degrees of freedom from
        `least_df` on are allowed for.
        """
        fitting = [s for s in self.scales if self._off_centre(s[0]) < 0.15] or [self.scales[0]]
        found = [self._p(scale, null, least_df) for scale, null in fitting]
        result = found[0]
        for other in found[1:]:
            result = result.hull(other)
        return result

    def _p(self, scale: Transformation, null: float, least_df: float) -> Range:
        value, low, high = (part.map(scale) for part in (self.value, self.low, self.high))
        half = (high - low) * 0.5
        if half.low <= 0 or not all(map(math.isfinite, (half.high, value.low, value.high))):
            return Range(0.0, 1.0)
        distance = abs(value - null) / half  # in half widths
        z = distance * critical_z(self.level)
        result = Range(p_from_z(z.high), p_from_z(z.low))
        if least_df < _MANY:
            t = distance * critical_t(least_df, self.level)
            result = result.hull(Range(_p_from_t(t.high, least_df), _p_from_t(t.low, least_df)))
        return result


def _p_from_t(t: float, df: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(df, -t)) if math.isfinite(t) else 0.0


def read_printed(effect: Effect, *, labelled: bool = True) -> Printed | None:
    """Return an effect's estimate and interval as ranges, ``None`` where one of them is missing.

    Parameters
    ----------
    effect
        Any.
    labelled
        Whether the text names the measure. Where it does not, a positive difference may be a ratio.
    """
    if effect.value is None or effect.ci_low is None or effect.ci_high is None:
        return None
    value = printed_range(effect.value, effect.printed.value)
    ends = sorted(
        (
            printed_range(effect.ci_low, effect.printed.ci_low),
            printed_range(effect.ci_high, effect.printed.ci_high),
        ),
        key=lambda end: end.centre,
    )
    scales = scales_of(effect.measure)
    if not labelled and effect.measure in LINEAR_MEASURES and ends[0].low > 0 and value.low > 0:
        scales = (*scales, (_log, 0.0), (_plain, 1.0))
    level = USUAL_LEVEL if effect.ci_level is None else effect.ci_level
    if not 50 <= level < 100:
        return None
    return Printed(effect.measure, value, ends[0], ends[1], level, scales)


def printed_p(effect: Effect) -> Range | None:
    """Return what an effect's p value allows, ``None`` where it has none."""
    if effect.p_value is None:
        return None
    return p_range(effect.p_value, effect.p_operator, effect.printed.p)


def least_degrees_of_freedom(effect: Effect, study: Study) -> float:
    """Return the fewest degrees of freedom that an interval can have been computed with.

    A synthesis of k studies has k - 1 at the least (Hartung & Knapp), one less where an outcome may
    lack a study. A single study has about as many as participants; subsets and pairs are allowed
    for by a quarter. Cox, logistic and Poisson models are normal theory, so ratios of one study
    have many. Where no size is known, as few as 2.
    """
    if study.design in SYNTHESES or study.n_studies is not None:
        return max(_LEAST_DF, study.n_studies - 2) if study.n_studies else _LEAST_DF
    ratio = effect.measure in LOG_MEASURES - {"ROM", "fold_change"}
    n = effect.n or study.n_participants
    if n is None:
        return 30.0 if ratio else _LEAST_DF
    if ratio:
        return _MANY if n >= 60 else 20.0
    return min(_MANY, max(_LEAST_DF, n / 4))
