"""How much true effects differ between studies: τ² by several estimators, Q, I² and H².

Points and variances are sequences of one length k, in the order of the studies, on the scale of the
measure; variances are above 0. Nothing here is weighted but by precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Numbers = Sequence[float]
TauMethod = Literal["DL", "PM", "REML"]

_TOLERANCE = 1e-12
_ITERATIONS = 500


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q with its degrees of freedom and p, τ², and I² in percent and H² that follow from it.

    I² and H² are those of the fitted model, τ²/(τ² + s²) with the typical variance s² of Higgins &
    Thompson (Stat Med 2002;21:1539), as the estimate of τ² is not DerSimonian & Laird's alone; with
    it, or without any, they are the usual (Q - df)/Q.
    """

    q: float
    df: int
    p: float
    tau2: float
    i2: float
    h2: float


def weighted_mean(points: Numbers, weights: Numbers) -> float:
    """Return the weighted mean."""
    return math.fsum(w * y for w, y in zip(weights, points, strict=True)) / math.fsum(weights)


def cochran_q(points: Numbers, variances: Numbers, tau2: float = 0.0) -> float:
    """Return Cochran's Q: the weighted squares about the weighted mean, weights 1/(v + τ²)."""
    weights = [1 / (v + tau2) for v in variances]
    mean = weighted_mean(points, weights)
    return math.fsum(w * (y - mean) ** 2 for w, y in zip(weights, points, strict=True))


def typical_variance(variances: Numbers) -> float:
    """Return the typical within-study variance (Higgins & Thompson 2002, equation 9)."""
    weights = [1 / v for v in variances]
    total, squares = math.fsum(weights), math.fsum(w * w for w in weights)
    return (len(weights) - 1) * total / (total**2 - squares)


def dersimonian_laird(points: Numbers, variances: Numbers) -> float:
    """Return τ² by the method of moments (DerSimonian & Laird, Control Clin Trials 1986;7:177)."""
    weights = [1 / v for v in variances]
    total, squares = math.fsum(weights), math.fsum(w * w for w in weights)
    excess = cochran_q(points, variances) - (len(weights) - 1)
    return max(0.0, excess / (total - squares / total))


def paule_mandel(points: Numbers, variances: Numbers) -> float:
    """Return the τ² at which Q equals its degrees of freedom (Paule & Mandel, J Res Natl Bur Stand 1982;87:377).

    Q falls as τ² grows, so there is one such τ², or none, and then it is 0.
    """
    df = len(points) - 1
    if cochran_q(points, variances) <= df:
        return 0.0
    low, high = 0.0, max(dersimonian_laird(points, variances), max(variances))
    while cochran_q(points, variances, high) > df:
        high *= 2
    return _bisect(lambda tau2: cochran_q(points, variances, tau2) - df, low, high)


def reml(points: Numbers, variances: Numbers) -> float:
    """Return τ² by restricted maximum likelihood (Viechtbauer, J Educ Behav Stat 2005;30:261).

    Fisher scoring from 0, DerSimonian & Laird's value, Paule & Mandel's and the variance of the
    estimates, as the likelihood may have several tops; the highest is the answer, 0 where it is as high.
    """
    mean = math.fsum(points) / len(points)
    spread = math.fsum((y - mean) ** 2 for y in points) / max(1, len(points) - 1)
    best, highest = 0.0, _restricted_likelihood(points, variances, 0.0)
    starts = (0.0, dersimonian_laird(points, variances), paule_mandel(points, variances), spread)
    for start in dict.fromkeys(starts):
        tau2, likelihood = _climb(points, variances, start)
        if likelihood > highest + _TOLERANCE * (1 + abs(highest)):
            best, highest = tau2, likelihood
    return best


def _climb(points: Numbers, variances: Numbers, tau2: float) -> tuple[float, float]:
    """Follow the likelihood upwards, each step halved until it does not fall; return where it ends."""
    likelihood = _restricted_likelihood(points, variances, tau2)
    for _ in range(_ITERATIONS):
        step = _scoring_step(points, variances, tau2)
        while True:
            further = max(0.0, tau2 + step)
            reached = _restricted_likelihood(points, variances, further)
            if reached >= likelihood or abs(step) <= _TOLERANCE * (1 + tau2):
                break
            step /= 2
        settled = abs(further - tau2) <= _TOLERANCE * (1 + tau2)
        if reached >= likelihood:
            tau2, likelihood = further, reached
        if settled:
            break
    return tau2, likelihood


def _scoring_step(points: Numbers, variances: Numbers, tau2: float) -> float:
    """Return the score of the restricted likelihood over its expected information."""
    weights = [1 / (v + tau2) for v in variances]
    total = math.fsum(weights)
    squares = math.fsum(w**2 for w in weights)
    cubes = math.fsum(w**3 for w in weights)
    mean = weighted_mean(points, weights)
    spread = math.fsum(w**2 * (y - mean) ** 2 for w, y in zip(weights, points, strict=True))
    score = spread - total + squares / total
    return score / (squares - 2 * cubes / total + (squares / total) ** 2)


def _restricted_likelihood(points: Numbers, variances: Numbers, tau2: float) -> float:
    total = math.fsum(1 / (v + tau2) for v in variances)
    logs = math.fsum(math.log(v + tau2) for v in variances)
    return -(logs + math.log(total) + cochran_q(points, variances, tau2)) / 2


TAU_METHODS: dict[TauMethod, Callable[[Numbers, Numbers], float]] = {
    "DL": dersimonian_laird,
    "PM": paule_mandel,
    "REML": reml,
}


def describe(
    points: Numbers, variances: Numbers, tau2: float, by_q: bool, q: float | None = None
) -> Heterogeneity:
    """Return Q, its p value, I² and H².

    Parameters
    ----------
    points, variances
        On the scale.
    tau2
        Of the model that was fitted.
    by_q
        Whether I² and H² follow from Q rather than from `tau2`.
    q
        Where it is not the one of inverse variances: Mantel & Haenszel's, Peto's.
    """
    df = len(points) - 1
    q = cochran_q(points, variances) if q is None else q
    if df < 1:
        return Heterogeneity(0.0, 0, 1.0, 0.0, 0.0, 1.0)
    if by_q:
        h2 = q / df
        i2 = max(0.0, 100 * (1 - 1 / h2)) if h2 > 0 else 0.0
    else:
        typical = typical_variance(variances)
        h2 = (tau2 + typical) / typical
        i2 = 100 * tau2 / (tau2 + typical)
    return Heterogeneity(q, df, p_from_chi2(q, df), tau2, i2, h2)


def p_from_chi2(statistic: float, df: float) -> float:
    """Return the p value of a χ² statistic.

    >>> round(p_from_chi2(9.95, 6), 4)
    0.1268
    """
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic))


def tau2_interval(points: Numbers, variances: Numbers, level: float = 95.0) -> tuple[float, float]:
    """Return the confidence interval of τ² by the Q profile (Viechtbauer, Stat Med 2007;26:37).

    The upper bound is ``inf`` only if it lies above 1e6 times the largest variance or square.
    """
    from scipy.special import chdtri

    df, tail = len(points) - 1, (1 - level / 100) / 2
    if df < 1:
        raise ValueError("τ² needs two studies at least")
    bounds = []
    for probability in (tail, 1 - tail):  # of exceeding
        target = float(chdtri(df, probability))
        if cochran_q(points, variances) <= target:
            bounds.append(0.0)
            continue
        most = 1e6 * max(*variances, *((y - points[0]) ** 2 for y in points))
        high = max(variances)
        while cochran_q(points, variances, high) > target and high < most:
            high *= 2
        if cochran_q(points, variances, high) > target:
            bounds.append(math.inf)
            continue

        def beyond(tau2: float, target: float = target) -> float:
            return cochran_q(points, variances, tau2) - target

        bounds.append(_bisect(beyond, 0.0, high))
    return bounds[0], bounds[1]


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the root of a falling function between two bounds."""
    for _ in range(_ITERATIONS):
        middle = (low + high) / 2
        if high - low <= _TOLERANCE * (1 + high) or middle in (low, high):
            break
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
