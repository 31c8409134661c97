"""Small-study effects: the regression test of a funnel plot, and its contours.

Source: Egger, Davey Smith, Schneider & Minder, BMJ 1997;315:629; Cochrane Handbook, version 6, 13.3.5,
which asks for ten studies at least before such a test is made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.statistics.conversions import p_from_t
from kg.statistics.estimate import Estimate
from kg.statistics.scales import critical_t

#: Studies below which the Handbook (13.3.5.4) advises against a test of asymmetry.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Egger's regression: ``intercept`` is how far small studies lean, in standard errors.

    ``limit`` is the effect of an infinitely large study on the measure's scale, with its 95 %
    interval. ``t`` has ``df`` = k - 2 degrees of freedom. ``enough`` says whether there were the ten
    studies without which the test has little power.
    """

    intercept: float
    error: float
    t: float
    df: int
    p: float
    limit: float
    limit_low: float
    limit_high: float
    enough: bool


def egger(estimates: Sequence[Estimate], predictor: Sequence[float] | None = None) -> Asymmetry:
    """Regress estimates on their standard errors, weighted by precision, with free dispersion.

    The slope of this regression is the intercept of Egger's regression of the standard normal
    deviate on precision.

    Parameters
    ----------
    estimates
        Three at least, of one measure.
    predictor
        What to regress on instead: a number a study, e.g. 1/√n (Peters, Macaskill).

    Raises
    ------
    ValueError
        With fewer than three studies, or where all have the same predictor.
    """
    k = len(estimates)
    if k < 3:
        raise ValueError(f"a regression test needs three studies at least, not {k}")
    x = [item.error for item in estimates] if predictor is None else list(predictor)
    y = [item.point for item in estimates]
    w = [1 / item.variance for item in estimates]
    total = math.fsum(w)
    x_mean = math.fsum(a * b for a, b in zip(w, x, strict=True)) / total
    y_mean = math.fsum(a * b for a, b in zip(w, y, strict=True)) / total
    square = math.fsum(a * (b - x_mean) ** 2 for a, b in zip(w, x, strict=True))
    if square <= 1e-12 * total * max(abs(b) for b in x) ** 2:
        raise ValueError("all studies are equally precise: there is no asymmetry to test")
    product = math.fsum(a * (b - x_mean) * (c - y_mean) for a, b, c in zip(w, x, y, strict=True))
    slope = product / square
    limit = y_mean - slope * x_mean
    residual = math.fsum(a * (c - limit - slope * b) ** 2 for a, b, c in zip(w, x, y, strict=True))
    df = k - 2
    dispersion = residual / df
    error = math.sqrt(dispersion / square)
    limit_error = math.sqrt(dispersion * (1 / total + x_mean**2 / square))
    half = critical_t(df) * limit_error
    nothing = math.copysign(math.inf, slope) if slope else 0.0
    t = slope / error if error > 0 else nothing
    return Asymmetry(
        slope, error, t, df, p_from_t(t, df), limit, limit - half, limit + half, k >= ENOUGH
    )
