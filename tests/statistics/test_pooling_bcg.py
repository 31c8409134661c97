"""Thirteen trials of BCG against tuberculosis, pooled as metafor 4.7 prints it.

Figures are those of its output pages, of its regression tests against Stata's metan, and of the paper
named beside one.
"""

from __future__ import annotations

import math

import pytest
from statistics_textbook import agree, estimates, figures, printed, studies, tables

from kg.statistics.event_pooling import mantel_haenszel, pool_peto
from kg.statistics.heterogeneity import tau2_interval
from kg.statistics.pooling import (
    compare_subgroups,
    cumulate,
    leave_one_out,
    pool,
)


@pytest.mark.parametrize(
    ("measure", "method", "point", "low", "high", "statistic", "q"),
    [  # metafor, tests of rma.uni, rma.mh and rma.peto against Stata's metan with dat.bcg
        ("RR", "IV", -0.4303, -0.5097, -0.3509, -10.6247, 152.2330),
        ("OR", "IV", -0.4361, -0.5190, -0.3533, -10.3190, 163.1649),
        ("RR", "DL", -0.7141, -1.0644, -0.3638, -3.9952, 152.2330),
        ("OR", "DL", -0.7474, -1.1242, -0.3706, -3.8873, 163.1649),
        ("RD", "IV", -0.0009, -0.0014, -0.0005, -4.0448, 276.4737),
        ("RD", "DL", -0.0071, -0.0101, -0.0040, -4.5128, 276.4737),
        ("RR", "MH", -0.4537, -0.5308, -0.3766, -11.5338, 152.5676),
        ("OR", "MH", -0.4734, -0.5538, -0.3930, -11.5444, 163.9426),
        ("RD", "MH", -0.0033, -0.0039, -0.0027, -11.4708, 386.7759),
        ("OR", "Peto", -0.4744, -0.5541, -0.3948, -11.6689, 167.7302),
    ],
)
def test_bcg_agrees_with_metafor_and_stata(measure, method, point, low, high, statistic, q):
    rows = studies("bcg", measure)
    if method == "MH":
        found = mantel_haenszel(tables(rows), measure)
    elif method == "Peto":
        found = pool_peto(tables(rows))
    else:
        found = pool(estimates("bcg", measure), method)
    bounds = [math.log(x) if measure != "RD" else x for x in (found.low, found.high)]
    assert printed([found.point, *bounds, found.statistic], 4) == [point, low, high, statistic]
    assert round(found.heterogeneity.q, 4) == q


def test_bcg_by_reml_agrees_with_metafor():
    found = pool(estimates("bcg", "RR"), "REML")
    assert printed(figures(found, "value", "statistic", "low", "high", "q", "tau2", "i2", "h2"), 4) == [
        0.4894, -3.9744, 0.3441, 0.6962, 152.2330, 0.3132, 92.2214, 12.8558,
    ]  # fmt: skip
    assert found.heterogeneity.tau2 == pytest.approx(0.313243325980895, abs=1e-6)


def test_bcg_by_hartung_and_knapp_agrees_with_metafor():
    found = pool(estimates("bcg", "RR"), "REML", hartung_knapp=True)
    assert printed([found.point, found.error, found.statistic, found.p], 4) == [
        -0.7145, 0.1808, -3.9522, 0.0019,
    ]  # fmt: skip
    assert printed([math.log(found.low), math.log(found.high)], 4) == [-1.1084, -0.3206]
    assert found.df == 12
    assert found.prediction is not None
    assert printed([found.value, found.low, found.high, *found.prediction], 2) == [
        0.49, 0.33, 0.73, 0.14, 1.76,
    ]  # fmt: skip


def test_the_prediction_interval_is_that_of_higgins_thompson_and_spiegelhalter():
    found = pool(estimates("bcg", "RR"), "DL")
    scipy_stats = pytest.importorskip("scipy.stats")
    half = scipy_stats.t.ppf(0.975, 11) * math.sqrt(found.heterogeneity.tau2 + found.error**2)
    assert found.prediction == pytest.approx(
        (math.exp(found.point - half), math.exp(found.point + half))
    )


def test_bcg_odds_ratios_agree_with_van_houwelingen_2002():
    # Stat Med 2002;21:589, page 596 (fixed effects; the upper bound .703 there, .702 by metafor)
    found = pool(estimates("bcg", "OR"), "IV")
    assert printed([found.value, found.low, found.high], 3) == [0.647, 0.595, 0.702]


def test_leaving_out_each_bcg_trial_agrees_with_metafor():
    rows = leave_one_out(estimates("bcg", "RR"), lambda some: pool(some, "REML"))
    want = [  # leave1out(res, transf=exp): estimate, zval, ci.lb, ci.ub, Q, tau2, I2
        (0.4931, -3.7223, 0.3398, 0.7155, 151.5826, 0.3362, 93.2259),
        (0.5199, -3.6195, 0.3649, 0.7409, 145.3176, 0.2926, 92.2540),
        (0.5038, -3.6916, 0.3501, 0.7250, 150.1970, 0.3207, 92.9354),
        (0.5334, -3.5580, 0.3774, 0.7541, 96.5626, 0.2628, 90.4125),
        (0.4657, -3.9845, 0.3198, 0.6782, 151.3200, 0.3278, 92.7634),
        (0.4912, -3.5499, 0.3318, 0.7273, 128.1867, 0.3596, 90.9118),
        (0.5193, -3.6307, 0.3646, 0.7397, 145.8296, 0.2930, 92.2777),
        (0.4517, -4.4184, 0.3175, 0.6426, 67.9858, 0.2732, 87.0314),
        (0.4765, -3.7686, 0.3241, 0.7007, 152.2051, 0.3495, 93.2133),
        (0.5205, -3.5439, 0.3627, 0.7469, 139.8271, 0.2987, 92.2322),
        (0.4687, -3.8708, 0.3193, 0.6879, 151.4655, 0.3405, 91.8110),
        (0.4678, -4.1727, 0.3274, 0.6684, 150.7868, 0.3082, 92.6782),
        (0.4595, -4.1908, 0.3194, 0.6611, 149.7884, 0.3037, 92.3444),
    ]
    agree(rows, want, ("value", "statistic", "low", "high", "q", "tau2"))


def test_bcg_by_year_agrees_with_metafor():
    rows = sorted(studies("bcg", "RR"), key=lambda row: row.year)
    found = cumulate([row.estimate for row in rows], lambda some: pool(some, "REML"))
    # metafor takes equal years in the order of the table: trials 5 and 7 (1973) as they stand there
    want = [  # cumul(res, transf=exp, order=year): estimate, ci.lb, ci.ub, Q, tau2, I2
        (0.4109, 0.1343, 1.2574, 0.0, 0.0, 0.0),
        (0.2658, 0.1341, 0.5268, 0.9315, 0.0, 0.0),
        (0.3783, 0.2338, 0.6120, 3.1879, 0.0872, 40.7090),
        (0.3675, 0.2377, 0.5681, 3.8614, 0.0763, 33.9750),
        (0.3324, 0.2248, 0.4916, 7.6415, 0.0858, 48.4120),
        (0.3778, 0.2615, 0.5457, 10.1854, 0.1046, 60.0008),
        (0.4061, 0.2794, 0.5901, 13.2116, 0.1205, 59.9982),
        (0.4545, 0.3089, 0.6686, 19.5749, 0.1780, 72.3904),
        (0.4208, 0.2864, 0.6182, 22.8208, 0.2023, 73.5065),
        (0.4560, 0.3204, 0.6491, 34.1203, 0.2005, 81.4029),
        (0.4925, 0.3472, 0.6987, 39.6122, 0.2281, 83.0110),
        (0.4517, 0.3175, 0.6426, 67.9858, 0.2732, 87.0314),
        (0.4894, 0.3441, 0.6962, 152.2330, 0.3132, 92.2214),
    ]
    agree(found, want, ("value", "low", "high", "q", "tau2"))


def test_the_interval_of_tau2_agrees_with_van_houwelingen_2002():
    own = estimates("bcg", "OR")  # page 597; metafor's Q profile: 0.130 to 1.181
    low, high = tau2_interval([item.point for item in own], [item.variance for item in own])
    assert printed([low, high], 3) == [0.130, 1.181]


def test_subgroups_are_compared():
    rows = studies("bcg", "RR")
    names = sorted({row.groups["allocation"] for row in rows})
    groups = [
        (name, pool([r.estimate for r in rows if r.groups["allocation"] == name], "REML"))
        for name in names
    ]
    found = compare_subgroups(groups)
    assert found.df == 2
    weights = [g.error**-2 for _, g in groups]
    mean = sum(w * g.point for w, (_, g) in zip(weights, groups, strict=True)) / sum(weights)
    q = sum(w * (g.point - mean) ** 2 for w, (_, g) in zip(weights, groups, strict=True))
    assert found.q == pytest.approx(q)
    assert 0 < found.p < 1
    assert compare_subgroups(groups[:1]).p is None
