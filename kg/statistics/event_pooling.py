"""Meta-analysis of events of two arms without going through each study's own estimate.

Mantel & Haenszel (J Natl Cancer Inst 1959;22:719) with the variances of Greenland & Robins
(Biometrics 1985;41:55), Robins, Breslow & Greenland (Biometrics 1986;42:311) and Sato, Greenland &
Robins (Biometrics 1989;45:1323); Peto's one-step odds ratio (Yusuf et al., Prog Cardiovasc Dis
1985;27:335). Cochrane Handbook 10.4.1 and 10.4.2. Both take one effect to be common to all studies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from kg.statistics.heterogeneity import describe
from kg.statistics.pooling import Pooled, summarize
from kg.statistics.scales import USUAL_LEVEL
from kg.statistics.two_groups import EventMeasure, Events, compare_events, peto_terms


def mantel_haenszel(
    tables: Sequence[Events], measure: EventMeasure, level: float = USUAL_LEVEL
) -> Pooled:
    """Pool risk ratios, odds ratios or risk differences by Mantel & Haenszel.

    Cells are not corrected; a study in which nobody or everybody had the event weighs nothing in a
    ratio. Q is taken about the Mantel-Haenszel mean with inverse variances, studies that tell
    nothing left out.

    Raises
    ------
    ValueError
        If there is no study, or none of them had an event in one of the arms.
    """
    if not tables:
        raise ValueError("there is no study to pool")
    point, variance = _ESTIMATES[measure](tables)
    weights = [_weight(table, measure) for table in tables]
    told = [table for table in tables if measure == "RD" or not table.tells_nothing]
    own = [compare_events(table, measure) for table in told]
    points, variances = [item.point for item in own], [item.variance for item in own]
    q = math.fsum((y - point) ** 2 / v for y, v in zip(points, variances, strict=True))
    heterogeneity = describe(points, variances, 0.0, by_q=True, q=q)
    return summarize(measure, "MH", point, math.sqrt(variance), weights, heterogeneity, level)


def pool_peto(tables: Sequence[Events], level: float = USUAL_LEVEL) -> Pooled:
    """Pool odds ratios by Peto's one-step method: for rare events and arms of equal size.

    Raises
    ------
    ValueError
        If no study had an event.
    """
    told = [peto_terms(table) for table in tables if not table.tells_nothing]
    total = math.fsum(variance for _, variance in told)
    if total <= 0:
        raise ValueError("no study had an event in one arm and none in another: no ratio follows")
    point = math.fsum(difference for difference, _ in told) / total
    q = math.fsum(d**2 / v for d, v in told) - math.fsum(d for d, _ in told) ** 2 / total
    heterogeneity = describe(
        [d / v for d, v in told], [1 / v for _, v in told], 0.0, by_q=True, q=max(0.0, q)
    )
    weights = [0.0 if table.tells_nothing else peto_terms(table)[1] for table in tables]
    return summarize("OR", "Peto", point, 1 / math.sqrt(total), weights, heterogeneity, level)


def _weight(table: Events, measure: EventMeasure) -> float:
    _, b, c, _ = table.cells
    n1, n2 = table.total1, table.total2
    if measure == "RD":
        return n1 * n2 / (n1 + n2)
    if table.tells_nothing:
        return 0.0
    return (b if measure == "OR" else n1) * c / (n1 + n2)


def _risk_ratio(tables: Sequence[Events]) -> tuple[float, float]:
    """Greenland & Robins 1985."""
    upper = lower = spread = 0.0
    for table in tables:
        a, _, c, _ = table.cells
        n1, n2 = table.total1, table.total2
        n = n1 + n2
        upper += a * n2 / n
        lower += c * n1 / n
        spread += ((a + c) * n1 * n2 - a * c * n) / n**2
    _need(upper, lower)
    return math.log(upper / lower), spread / (upper * lower)


def _odds_ratio(tables: Sequence[Events]) -> tuple[float, float]:
    """Robins, Breslow & Greenland 1986."""
    r = s = pr = ps_qr = qs = 0.0
    for table in tables:
        a, b, c, d = table.cells
        n = table.total1 + table.total2
        agree, differ = (a + d) / n, (b + c) / n
        up, down = a * d / n, b * c / n
        r, s = r + up, s + down
        pr += agree * up
        ps_qr += agree * down + differ * up
        qs += differ * down
    _need(r, s)
    return math.log(r / s), (pr / r**2 + ps_qr / (r * s) + qs / s**2) / 2


def _risk_difference(tables: Sequence[Events]) -> tuple[float, float]:
    """Sato, Greenland & Robins 1989."""
    weights = [_weight(table, "RD") for table in tables]
    differences = [table.events1 / table.total1 - table.events2 / table.total2 for table in tables]
    total = math.fsum(weights)
    point = math.fsum(w * d for w, d in zip(weights, differences, strict=True)) / total
    p = q = 0.0
    for table in tables:
        a, _, c, _ = table.cells
        n1, n2 = table.total1, table.total2
        n = n1 + n2
        p += (n1**2 * c - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / n**2
        q += (a * (n2 - c) + c * (n1 - a)) / (2 * n)
    variance = (point * p + q) / total**2
    if variance <= 0:
        raise ValueError("no study had an event: no standard error follows")
    return point, variance


def _need(*sums: float) -> None:
    if min(sums) <= 0:
        raise ValueError("no study had an event in one of the arms: no ratio follows")


_ESTIMATES = {"RR": _risk_ratio, "OR": _odds_ratio, "RD": _risk_difference}
