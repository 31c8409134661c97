"""Meta-analysis of estimates by inverse variances: common effect and random effects.

Sources: Cochrane Handbook, version 6, chapter 10; DerSimonian & Laird 1986; Paule & Mandel 1982;
Viechtbauer 2005 (REML); Hartung & Knapp, Stat Med 2001;20:3875; Higgins, Thompson & Spiegelhalter, J R
Stat Soc A 2009;172:137 (prediction interval).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from kg.statistics.conversions import p_from_t
from kg.statistics.estimate import Estimate
from kg.statistics.heterogeneity import (
    TAU_METHODS,
    Heterogeneity,
    TauMethod,
    cochran_q,
    describe,
    weighted_mean,
)
from kg.statistics.scales import USUAL_LEVEL, critical_t, critical_z, from_scale, p_from_z

T = TypeVar("T")
Model = Literal["common", "random"]
Method = Literal["IV", "MH", "Peto", "DL", "PM", "REML"]
#: Estimators of τ², each a random-effects model; the others are of one common effect.
RANDOM_METHODS: tuple[TauMethod, ...] = ("DL", "PM", "REML")


@dataclass(frozen=True, slots=True)
class Pooled:
    """What several estimates of one measure say together.

    ``point`` and ``error`` lie on the measure's scale; ``value``, ``low``, ``high`` and the prediction
    interval are as printed. ``weights`` are in percent, in the order of the studies. ``df`` is
    ``None`` where the interval is normal. ``prediction`` is ``None`` for a common effect and with
    fewer than three studies.
    """

    measure: str
    method: Method
    hartung_knapp: bool
    level: float
    k: int
    point: float
    error: float
    statistic: float
    df: int | None
    p: float
    value: float
    low: float
    high: float
    prediction: tuple[float, float] | None
    weights: tuple[float, ...]
    heterogeneity: Heterogeneity

    @property
    def model(self) -> Model:
        """Whether the studies share one effect or have each their own."""
        return "random" if self.method in RANDOM_METHODS else "common"


def pool(
    estimates: Sequence[Estimate],
    method: Method = "REML",
    *,
    hartung_knapp: bool = False,
    level: float = USUAL_LEVEL,
) -> Pooled:
    """Pool estimates of one measure by inverse variances.

    Parameters
    ----------
    estimates
        One at least, all of one measure.
    method
        ``"IV"``: one common effect; ``"DL"``, ``"PM"``, ``"REML"``: random effects with that τ².
    hartung_knapp
        Whether the interval of a random-effects mean is Hartung & Knapp's: Student's t with k - 1
        degrees of freedom and the variance from the spread of the estimates.
    level
        Of the intervals, in percent.

    Raises
    ------
    ValueError
        If there is nothing to pool, measures are mixed, an error is not above 0, or the method does
        not pool estimates alone.

    Examples
    --------
    >>> found = pool([Estimate("MD", 1.0, 1.0), Estimate("MD", 3.0, 1.0)], "IV")
    >>> found.value, round(found.error, 3), found.heterogeneity.q
    (2.0, 0.707, 2.0)
    """
    measure = check_poolable(estimates)
    points = [item.point for item in estimates]
    variances = [item.variance for item in estimates]
    if method not in ("IV", *RANDOM_METHODS):
        raise ValueError(f"{method} pools events of both arms, not estimates")
    k = len(points)
    random = method in RANDOM_METHODS
    if hartung_knapp and not random:
        raise ValueError("Hartung & Knapp's interval belongs to random effects")
    tau2 = TAU_METHODS[method](points, variances) if random and k > 1 else 0.0  # type: ignore[index]
    weights = [1 / (v + tau2) for v in variances]
    point = weighted_mean(points, weights)
    error = 1 / math.sqrt(math.fsum(weights))
    df: int | None = None
    if hartung_knapp and k > 1:
        df = k - 1
        error *= math.sqrt(cochran_q(points, variances, tau2) / df)
    heterogeneity = describe(points, variances, tau2, by_q=not random)
    return summarize(
        measure, method, point, error, weights, heterogeneity, level, df, hartung_knapp
    )


def check_poolable(estimates: Sequence[Estimate]) -> str:
    """Return the one measure of all estimates.

    Raises
    ------
    ValueError
        If there is no estimate, there are several measures, or a number is not finite.
    """
    if not estimates:
        raise ValueError("there is no estimate to pool")
    measures = sorted({item.measure for item in estimates})
    if len(measures) > 1:
        raise ValueError(f"{' and '.join(measures)} cannot be pooled together")
    for item in estimates:
        if not (math.isfinite(item.point) and math.isfinite(item.error) and item.error > 0):
            raise ValueError(f"{item.measure} {item.value:g} has no standard error above 0")
    return measures[0]


def summarize(
    measure: str,
    method: Method,
    point: float,
    error: float,
    weights: Sequence[float],
    heterogeneity: Heterogeneity,
    level: float,
    df: int | None = None,
    hartung_knapp: bool = False,
) -> Pooled:
    """Return the result of a model: its test, intervals and weights in percent."""
    k, tau2 = len(weights), heterogeneity.tau2
    critical = critical_z(level) if df is None else critical_t(df, level)
    # Hartung & Knapp's variance is 0 where all estimates are the same
    nothing = math.copysign(math.inf, point) if point else 0.0
    statistic = point / error if error > 0 else nothing
    p = p_from_z(statistic) if df is None else p_from_t(statistic, df)
    prediction = None
    if method in RANDOM_METHODS and k > 2:
        # Higgins et al. 2009 take t with k - 2 degrees of freedom; with Hartung & Knapp's interval
        # the mean's own k - 1, as the newer editions of the Handbook and its software do.
        spread = math.sqrt(tau2 + error**2)
        half = critical_t(k - 2 if df is None else df, level) * spread
        prediction = from_scale(measure, point - half), from_scale(measure, point + half)
    total = math.fsum(weights)
    return Pooled(
        measure, method, hartung_knapp, level, k, point, error, statistic, df, p,
        from_scale(measure, point), from_scale(measure, point - critical * error),
        from_scale(measure, point + critical * error), prediction,
        tuple(100 * weight / total for weight in weights), heterogeneity,
    )  # fmt: skip


def leave_one_out(studies: Sequence[T], fit: Callable[[Sequence[T]], Pooled]) -> list[Pooled]:
    """Pool all studies but one, for each in turn; empty for a single study.

    Parameters
    ----------
    studies
        In any form that `fit` takes.
    fit
        The model, applied to some of them.
    """
    if len(studies) < 2:
        return []
    return [fit([*studies[:index], *studies[index + 1 :]]) for index in range(len(studies))]


def cumulate(studies: Sequence[T], fit: Callable[[Sequence[T]], Pooled]) -> list[Pooled]:
    """Pool the first study, the first two, and so on (Lau et al., N Engl J Med 1992;327:248)."""
    return [fit(studies[:index]) for index in range(1, len(studies) + 1)]


@dataclass(frozen=True, slots=True)
class Subgroups:
    """A model for each of several groups of studies, and the test of whether they differ.

    ``q``, ``df`` and ``p`` compare the groups' means (Cochrane Handbook 10.11.3.1); ``p`` is
    ``None`` with fewer than two groups.
    """

    groups: tuple[tuple[str, Pooled], ...]
    q: float
    df: int
    p: float | None


def compare_subgroups(groups: Sequence[tuple[str, Pooled]]) -> Subgroups:
    """Compare the pooled means of groups of studies, each with its own τ²."""
    from kg.statistics.heterogeneity import p_from_chi2

    points = [pooled.point for _, pooled in groups]
    variances = [pooled.error**2 for _, pooled in groups]
    df = len(groups) - 1
    if df < 1 or min(variances) <= 0:
        return Subgroups(tuple(groups), 0.0, max(df, 0), None)
    q = cochran_q(points, variances)
    return Subgroups(tuple(groups), q, df, p_from_chi2(q, df))
