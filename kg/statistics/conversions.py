"""Between the ways in which one result is told: SE, SD, interval and p; OR and RR; SMD and OR; d and g.

Sections are those of the Cochrane Handbook for Systematic Reviews of Interventions, version 6
(Higgins et al., eds). Levels are in percent, probabilities lie between 0 and 1, and a standard
error of a ratio is that of its natural logarithm.
"""

from __future__ import annotations

import math

from kg.statistics.estimate import Estimate
from kg.statistics.scales import (
    USUAL_LEVEL,
    critical_t,
    critical_z,
    from_scale,
    p_from_z,
    to_scale,
    z_from_p,
)

#: Ratio of the standard deviations of the logistic and the normal distribution: π/√3.
LOGISTIC = math.pi / math.sqrt(3)


# --- one group: SD, SE, interval of a mean (6.5.2.2) -------------------------------------------


def se_from_sd(sd: float, n: int) -> float:
    """Return the standard error of a mean (6.5.2.2).

    >>> se_from_sd(10.0, 25)
    2.0
    """
    _positive(sd=sd, n=n)
    return sd / math.sqrt(n)


def sd_from_se(se: float, n: int) -> float:
    """Return the standard deviation from the standard error of a mean (6.5.2.2).

    >>> sd_from_se(2.0, 25)
    10.0
    """
    _positive(se=se, n=n)
    return se * math.sqrt(n)


def sd_from_mean_interval(low: float, high: float, n: int, level: float = USUAL_LEVEL) -> float:
    """Return the standard deviation from the confidence interval of a mean (6.5.2.2).

    The interval is taken to be built on Student's t with n - 1 degrees of freedom, which differs
    little from the normal distribution above 60 people and is right below.

    >>> round(sd_from_mean_interval(30.0, 34.2, 25), 2)
    5.09
    """
    _positive(width=high - low, n=n - 1)
    return sd_from_se((high - low) / (2 * critical_t(n - 1, level)), n)


def mean_interval(
    mean: float, sd: float, n: int, level: float = USUAL_LEVEL
) -> tuple[float, float]:
    """Return the confidence interval of a mean, by Student's t: undoes :func:`sd_from_mean_interval`."""
    half = critical_t(n - 1, level) * se_from_sd(sd, n)
    return mean - half, mean + half


def combine_groups(*groups: tuple[int, float, float]) -> tuple[int, float, float]:
    """Return n, mean and SD of several groups taken as one (6.5.2.10).

    Parameters
    ----------
    groups
        (n, mean, SD) of each, one at least.

    Examples
    --------
    >>> combine_groups((10, 4.0, 1.0), (10, 4.0, 1.0))[:2]
    (20, 4.0)
    """
    if not groups:
        raise ValueError("there is no group to combine")
    n, mean, sd = groups[0]
    _positive(n=n)
    for m, other, spread in groups[1:]:
        _positive(n=m)
        total = n + m
        squares = (n - 1) * sd**2 + (m - 1) * spread**2 + n * m / total * (mean - other) ** 2
        n, mean, sd = total, (n * mean + m * other) / total, math.sqrt(squares / (total - 1))
    return n, mean, sd


# --- two groups: a difference in means and its p value (6.5.2.3) --------------------------------


def t_from_p(p: float, df: float) -> float:
    """Return the size of Student's t with a two-sided p value (6.5.2.3).

    >>> round(t_from_p(0.008, 45), 2)
    2.78
    """
    from scipy.special import stdtrit

    if not 0 < p <= 1 or df <= 0:
        raise ValueError(f"no t statistic for p = {p:g} with {df:g} degrees of freedom")
    return max(0.0, -float(stdtrit(df, p / 2)))


def p_from_t(t: float, df: float) -> float:
    """Return the two-sided p value of Student's t.

    >>> round(p_from_t(2.78, 45), 3)
    0.008
    """
    from scipy.special import stdtr

    if df <= 0:
        raise ValueError(f"no t distribution has {df:g} degrees of freedom")
    return 2 * float(stdtr(df, -abs(t)))


def se_of_difference_from_p(difference: float, p: float, df: float) -> float:
    """Return the standard error of a difference in means from its p value (6.5.2.3).

    >>> round(se_of_difference_from_p(3.8, 0.008, 45), 2)
    1.37
    """
    t = t_from_p(p, df)
    _positive(difference=abs(difference), t=t)
    return abs(difference) / t


def sd_from_se_of_difference(se: float, n1: int, n2: int) -> float:
    """Return the SD that two groups share from the SE of their difference in means (6.5.2.3).

    >>> round(sd_from_se_of_difference(3.8 / t_from_p(0.008, 45), 25, 22), 2)
    4.68
    """
    _positive(se=se, n1=n1, n2=n2)
    return se / math.sqrt(1 / n1 + 1 / n2)


# --- any measure: standard error, interval, p (6.3, 6.3.2) --------------------------------------


def interval_from_se(
    measure: str, value: float, se: float, level: float = USUAL_LEVEL
) -> tuple[float, float]:
    """Return the printed interval of a printed value with a standard error on the scale (6.3.1).

    >>> [round(bound, 2) for bound in interval_from_se("RR", 0.81, 0.0752)]
    [0.7, 0.94]
    """
    _positive(se=se)
    point, half = to_scale(measure, value), critical_z(level) * se
    return from_scale(measure, point - half), from_scale(measure, point + half)


def se_from_p(measure: str, value: float, p: float) -> float:
    """Return the standard error, on the scale, that a value and its p value imply (6.3.2).

    Altman & Bland, BMJ 2011;343:d2090. The null value is no effect: 1 for ratios, 0 otherwise.

    >>> round(se_from_p("RR", 0.81, 0.006), 3)
    0.077
    """
    point, z = abs(to_scale(measure, value)), z_from_p(p)
    _positive(distance=point, z=z)
    return point / z


def p_from_se(measure: str, value: float, se: float) -> float:
    """Return the two-sided p value of a value against no effect.

    Altman & Bland, BMJ 2011;343:d2304.

    >>> round(p_from_se("RR", 0.81, 0.0752), 3)
    0.005
    """
    _positive(se=se)
    return p_from_z(to_scale(measure, value) / se)


# --- odds ratio, risk ratio, absolute effects (15.4.4; Zhang & Yu 1998) -------------------------


def or_to_rr(odds_ratio: float, baseline_risk: float) -> float:
    """Return the risk ratio that an odds ratio means at a risk without the intervention (15.4.4.4).

    Zhang & Yu, JAMA 1998;280:1690. The relation is one to one at a fixed baseline risk, so bounds
    of an interval are converted by the same function; the baseline is taken as known.

    >>> round(or_to_rr(0.73, 0.3), 3)
    0.794
    """
    _positive(odds_ratio=odds_ratio)
    _risk(baseline_risk)
    return odds_ratio / (1 - baseline_risk + baseline_risk * odds_ratio)


def rr_to_or(risk_ratio: float, baseline_risk: float) -> float:
    """Return the odds ratio that a risk ratio means at a baseline risk: undoes :func:`or_to_rr`.

    Raises
    ------
    ValueError
        If the risk with the intervention would be 1 or more.
    """
    _positive(risk_ratio=risk_ratio)
    _risk(baseline_risk)
    treated = risk_ratio * baseline_risk
    if treated >= 1:
        raise ValueError(
            f"a risk ratio of {risk_ratio:g} at a baseline risk of {baseline_risk:g} is a risk of {treated:g}"
        )
    return treated * (1 - baseline_risk) / ((1 - treated) * baseline_risk)


def rr_to_rd(risk_ratio: float, baseline_risk: float) -> float:
    """Return the risk difference that a risk ratio means at a baseline risk (15.4.4.2).

    >>> round(1000 * rr_to_rd(0.92, 0.3))
    -24
    """
    _positive(risk_ratio=risk_ratio)
    _risk(baseline_risk)
    return baseline_risk * (risk_ratio - 1)


def rd_to_nnt(risk_difference: float) -> float:
    """Return the number needed to treat: below 0 where the intervention lowers no risk (15.4.4.1).

    A negative risk difference is a benefit, and its number needed to treat for one to benefit is
    positive; a positive one gives the number needed to treat for one to be harmed, as a negative
    number (Altman, BMJ 1998;317:1309). No difference has none: ``inf``.

    >>> round(rd_to_nnt(-0.12), 2)
    8.33
    """
    return math.inf if risk_difference == 0 else -1 / risk_difference


# --- standardized differences -------------------------------------------------------------------


def smd_to_log_or(estimate: Estimate) -> Estimate:
    """Return the odds ratio that a standardized mean difference stands for (10.6).

    Chinn, Stat Med 2000;19:3127: the logarithm is π/√3 = 1.814 times the difference, and so is its
    standard error. Right where the outcome is logistic with equal variances.
    """
    _measure(estimate, "SMD")
    return Estimate(
        "OR", estimate.point * LOGISTIC, estimate.error * LOGISTIC,
        "OR from SMD × π/√3 (Chinn 2000; Cochrane Handbook 10.6)",
    )  # fmt: skip


def log_or_to_smd(estimate: Estimate) -> Estimate:
    """Return the standardized mean difference that an odds ratio stands for (10.6)."""
    _measure(estimate, "OR")
    return Estimate(
        "SMD", estimate.point / LOGISTIC, estimate.error / LOGISTIC,
        "SMD from log OR × √3/π (Chinn 2000; Cochrane Handbook 10.6)",
    )  # fmt: skip


def small_sample_correction(df: float) -> float:
    """Return Hedges' exact correction J(df), by which d is too far from zero.

    Hedges, J Educ Stat 1981;6:107. The usual approximation is 1 - 3/(4 df - 1).

    >>> round(small_sample_correction(98), 4)
    0.9923
    """
    if df <= 1:
        raise ValueError(f"Hedges' correction needs more than 1 degree of freedom, not {df:g}")
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def d_to_g(d: float, n1: int, n2: int) -> float:
    """Return Hedges' g, the unbiased one, from Cohen's d of two groups.

    >>> round(d_to_g(0.5970, 50, 50), 4)
    0.5924
    """
    _positive(n1=n1, n2=n2)
    return small_sample_correction(n1 + n2 - 2) * d


def g_to_d(g: float, n1: int, n2: int) -> float:
    """Return Cohen's d from Hedges' g of two groups: undoes :func:`d_to_g`."""
    _positive(n1=n1, n2=n2)
    return g / small_sample_correction(n1 + n2 - 2)


def _positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name.replace('_', ' ')} must be above 0, not {number:g}")


def _risk(risk: float) -> None:
    if not 0 < risk < 1:
        raise ValueError(f"a baseline risk lies between 0 and 1, not at {risk:g}")


def _measure(estimate: Estimate, wanted: str) -> None:
    if estimate.measure != wanted:
        raise ValueError(f"this converts {wanted}, not {estimate.measure}")
