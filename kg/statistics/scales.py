"""The scale on which each measure is symmetrical, and the normal theory on it.

An estimate, its interval and its p value are tied together on one scale: the logarithm for ratios,
the measure itself for differences. All functions that say *on the scale* take and return numbers
of that scale; :func:`to_scale` and :func:`from_scale` go between it and what a report prints.

Sources: Altman & Bland, "How to obtain the confidence interval from a P value", BMJ 2011;343:d2090,
and "How to obtain the P value from a confidence interval", BMJ 2011;343:d2304; Cochrane Handbook,
sections 6.3.1 and 6.3.2.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

from kg.records import RATIO_MEASURES

#: Value of "no effect" on each measure's printed scale; measures without one are left out.
NULL_VALUES: dict[str, float] = {
    "RR": 1, "OR": 1, "HR": 1, "IRR": 1, "ROM": 1, "fold_change": 1, "MD": 0, "WMD": 0, "SMD": 0,
    "RD": 0, "ARR": 0, "RRR": 0, "r": 0, "rho": 0, "beta": 0, "percent_change": 0,
}  # fmt: skip
#: Ratios: their standard errors are those of the natural logarithm.
LOG_MEASURES = RATIO_MEASURES | {"fold_change"}
#: Correlations: symmetrical after Fisher's transformation, the inverse hyperbolic tangent.
FISHER_MEASURES = frozenset({"r", "rho"})
#: Differences whose intervals are built on the measure itself.
LINEAR_MEASURES = frozenset({"MD", "WMD", "SMD", "RD", "ARR", "beta"})
#: The level that an interval has when its text gives none, in percent.
USUAL_LEVEL = 95.0

_NORMAL = NormalDist()


def to_scale(measure: str, value: float) -> float:
    """Return a printed value on the scale where its measure is symmetrical.

    Parameters
    ----------
    measure
        As in :data:`kg.records.Measure`.
    value
        As printed: a ratio is 0.81, not its logarithm.

    Raises
    ------
    ValueError
        If the measure cannot take the value: a ratio that is not positive, a correlation outside
        ±1, or ±1 itself.

    Examples
    --------
    >>> to_scale("RR", 1.0), to_scale("MD", -2.5)
    (0.0, -2.5)
    """
    if measure in LOG_MEASURES:
        if value <= 0:
            raise ValueError(f"{measure} {value:g}: a ratio is positive")
        return math.log(value)
    if measure in FISHER_MEASURES:
        if abs(value) >= 1:
            raise ValueError(f"{measure} {value:g}: a correlation lies between -1 and 1")
        return math.atanh(value)
    return value


def from_scale(measure: str, value: float) -> float:
    """Return a value of the symmetrical scale as a report prints it: undoes :func:`to_scale`."""
    if measure in LOG_MEASURES:
        return math.exp(value)
    if measure in FISHER_MEASURES:
        return math.tanh(value)
    return value


@cache
def critical_z(level: float = USUAL_LEVEL) -> float:
    """Return the normal quantile that an interval's half width counts in standard errors.

    Parameters
    ----------
    level
        In percent, above 0 and below 100.

    Examples
    --------
    >>> round(critical_z(), 4), round(critical_z(90), 4)
    (1.96, 1.6449)
    """
    if not 0 < level < 100:
        raise ValueError(f"a level lies between 0 and 100 percent, not at {level:g}")
    return _NORMAL.inv_cdf(0.5 + level / 200)


def p_from_z(z: float) -> float:
    """Return the two-sided p value of a standard normal statistic.

    Examples
    --------
    >>> round(p_from_z(1.96), 4)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def z_from_p(p: float) -> float:
    """Return the size of the standard normal statistic with a two-sided p value; 0 < p <= 1.

    Examples
    --------
    >>> round(z_from_p(0.05), 2)
    1.96
    """
    if not 0 < p <= 1:
        raise ValueError(f"a p value to invert lies above 0 and not above 1, not at {p:g}")
    return max(0.0, -_NORMAL.inv_cdf(p / 2))


@cache
def critical_t(df: float, level: float = USUAL_LEVEL) -> float:
    """Return the quantile of Student's t that an interval's half width counts in standard errors.

    Parameters
    ----------
    df
        Degrees of freedom, above 0.
    level
        In percent, above 0 and below 100.

    Examples
    --------
    >>> round(critical_t(10), 3)
    2.228
    """
    from scipy.special import stdtrit  # the only heavy import here, and rarely needed

    if df <= 0 or not 0 < level < 100:
        raise ValueError(f"no t quantile for {df:g} degrees of freedom at {level:g} percent")
    return float(stdtrit(df, 0.5 + level / 200))


def se_from_interval(
    measure: str, low: float, high: float, level: float | None = USUAL_LEVEL
) -> float:
    """Return the standard error, on the scale, that a printed interval implies.

    Parameters
    ----------
    measure
        As in :data:`kg.records.Measure`; decides the scale.
    low, high
        Bounds as printed, in any order.
    level
        In percent; ``None`` counts as 95.

    Raises
    ------
    ValueError
        If a bound is not on the measure's scale: see :func:`to_scale`.

    Examples
    --------
    >>> round(se_from_interval("SMD", -1.591, -0.700), 3)  # the interval of a printed SMD
    0.227
    """
    width = abs(to_scale(measure, high) - to_scale(measure, low))
    return width / (2 * critical_z(USUAL_LEVEL if level is None else level))


def z_from_interval(
    measure: str, value: float, low: float, high: float, level: float | None = USUAL_LEVEL
) -> float:
    """Return how many standard errors an estimate lies from no effect, with its sign.

    Raises
    ------
    ValueError
        If the measure has no null value, the interval no width, or a number is off the scale.
    """
    if measure not in NULL_VALUES:
        raise ValueError(f"{measure} has no value of no effect")
    error = se_from_interval(measure, low, high, level)
    if error == 0:
        raise ValueError("an interval without width has no standard error")
    return (to_scale(measure, value) - to_scale(measure, NULL_VALUES[measure])) / error
