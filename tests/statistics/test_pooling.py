"""Pooling agrees with figures that others have published, to the digits they printed.

BCG, magnesium, aspirin and the other sets: the output pages of R's metafor 4.7 and metadat 1.1 (their
documentation prints every example's result), its regression tests against Stata's metan, R's meta
8.5 for the aspirin trials, and the papers and books named beside each figure.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statistics_textbook import FOLDER, estimates, studies, tables

from kg.statistics.bias import egger
from kg.statistics.estimate import Estimate
from kg.statistics.event_pooling import mantel_haenszel, pool_peto
from kg.statistics.heterogeneity import cochran_q, paule_mandel, reml, tau2_interval
from kg.statistics.pooling import (
    RANDOM_METHODS,
    compare_subgroups,
    cumulate,
    leave_one_out,
    pool,
)
from kg.statistics.two_groups import Events, compare_events
from kg.synthesis.study_table import read_studies


def figures(pooled, *names):
    holders = (pooled, pooled.heterogeneity)
    return [
        next(getattr(holder, name) for holder in holders if hasattr(holder, name)) for name in names
    ]


def printed(values, digits):
    return [round(value, digits) for value in values]


def agree(rows, want, names):
    """Compare to four digits; I² by REML, which metafor stops at a change of 1e-5 in τ², to 0.001."""
    assert len(rows) == len(want)
    for row, expected in zip(rows, want, strict=True):
        assert tuple(printed(figures(row, *names), 4)) == expected[:-1]
        assert row.heterogeneity.i2 == pytest.approx(expected[-1], abs=1e-3)


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


@pytest.mark.parametrize(
    ("chosen", "log_or", "error", "statistic", "odds_ratio", "low", "high", "q", "i2"),
    [  # metadat, dat.egger2001: Teo 1991, Yusuf 1993, all without ISIS-4, all
        (range(7), -0.80, 0.24, -3.39, 0.45, 0.28, 0.71, 7.61, 21.13),
        ((0, 1, 2, 3, 4, 5, 6, 13), -0.44, 0.12, -3.52, 0.65, 0.51, 0.82, 10.89, 35.71),
        (range(15), -0.60, 0.11, -5.53, 0.55, 0.44, 0.68, 21.99, 36.34),
        (range(16), 0.01, 0.03, 0.20, 1.01, 0.95, 1.07, 55.80, 73.12),
    ],
)
def test_magnesium_by_peto_agrees_with_metafor(
    chosen, log_or, error, statistic, odds_ratio, low, high, q, i2
):
    rows = studies("magnesium")
    found = pool_peto(tables([rows[index] for index in chosen]))
    names = ("point", "error", "statistic", "value", "low", "high", "q", "i2")
    assert printed(figures(found, *names), 2) == [
        log_or, error, statistic, odds_ratio, low, high, q, i2,
    ]  # fmt: skip


def test_eggers_test_of_the_magnesium_trials_agrees_with_metafor():
    fifteen = estimates("magnesium", "OR")[:15]  # regtest(res, model="lm") without ISIS-4
    found = egger(fifteen)
    assert printed([found.t, found.p, found.limit, found.limit_low, found.limit_high], 4) == [
        -3.1783, 0.0073, -0.1512, -0.5130, 0.2106,
    ]  # fmt: skip
    assert found.df == 13
    assert found.enough
    people = [row.participants for row in studies("magnesium")[:15]]
    by_size = egger(fifteen, people)  # predictor="ni"
    assert printed([by_size.t, by_size.p], 4) == [2.8955, 0.0125]
    everything = studies("magnesium", "OR")  # predictor="sqrtninv", all sixteen
    roots = [row.participants**-0.5 for row in everything]
    assert round(egger([row.estimate for row in everything], roots).t, 4) == -5.6083


@pytest.mark.parametrize(
    ("method", "low", "value", "high", "statistic"),
    [  # R's meta 8.5: metabin(..., data = Fleiss1993bin, sm = "OR"), method MH, Inverse and DL
        ("MH", 0.8405, 0.8969, 0.9570, -3.29),
        ("IV", 0.8405, 0.8969, 0.9571, -3.28),
        ("DL", 0.7743, 0.8763, 0.9917, -2.09),
    ],
)
def test_aspirin_after_infarction_agrees_with_meta(method, low, value, high, statistic):
    rows = studies("aspirin-infarction", "OR")
    found = (
        mantel_haenszel(tables(rows), "OR")
        if method == "MH"
        else pool(estimates("aspirin-infarction", "OR"), method)
    )
    assert printed([found.low, found.value, found.high], 4) == [low, value, high]
    assert round(found.statistic, 2) == statistic
    assert (round(found.heterogeneity.q, 2), round(found.heterogeneity.p, 4)) == (9.95, 0.1269)
    by_q = mantel_haenszel(tables(rows), "OR").heterogeneity
    assert round(by_q.i2, 1) == 39.7
    if method == "DL":
        assert round(found.heterogeneity.tau2, 4) == 0.0096
        assert printed(found.weights, 2) == [8.21, 7.85, 13.23, 5.36, 8.89, 20.70, 35.77]


@pytest.mark.parametrize(
    ("method", "tau", "point", "error"),
    [  # DerSimonian & Kacker, Contemp Clin Trials 2007;28:105, tables 3 and 4 (CLASP)
        ("PM", 0.3681, -0.3811, 0.2060),
        ("DL", 0.2323, -0.3240, 0.1540),
        ("REML", 0.1843, -0.2980, 0.1343),
    ],
)
def test_aspirin_in_pregnancy_agrees_with_dersimonian_and_kacker(method, tau, point, error):
    found = pool(estimates("aspirin-pregnancy", "OR"), method)
    assert printed([math.sqrt(found.heterogeneity.tau2), found.point, found.error], 4) == [
        tau, point, error,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "tau2", "i2", "h2"),
    [("DL", 0.277, 80.44, 5.11), ("REML", 0.223, 76.84, 4.32)],
)
def test_open_education_agrees_with_viechtbauer_2005(method, tau2, i2, h2):
    # Hedges & Olkin's example; J Educ Behav Stat 2005;30:261, page 271
    found = pool(estimates("open-education", "SMD"), method)
    assert round(found.heterogeneity.tau2, 3) == tau2
    assert printed([found.heterogeneity.i2, found.heterogeneity.h2], 2) == [i2, h2]


@pytest.mark.parametrize(
    ("method", "value", "low", "high"),
    [("IV", -3.49, -5.03, -1.96), ("DL", -14.10, -24.45, -3.75), ("REML", -15.12, -32.67, 2.43)],
)
def test_stroke_units_agree_with_normand_1999(method, value, low, high):
    # Stat Med 1999;18:321, tables VIII and IX: one standard deviation for both arms
    from kg.statistics.two_groups import compare_means

    own = [compare_means(row.means, "MD", pooled=True) for row in studies("stroke-stay")]
    assert printed([item.variance for item in own], 2) == [
        40.59, 2.05, 15.28, 150.22, 20.19, 1.22, 95.38, 8.03, 20.69,
    ]  # fmt: skip
    found = pool(own, method)
    assert printed([found.value, found.low, found.high], 2) == [value, low, high]
    want = {"DL": 218.72, "REML": 685.20, "IV": 0}
    assert round(found.heterogeneity.tau2, 2) == want[method]


def test_lidocaine_agrees_with_normand_1999():
    own = [item.point * 100 for item in estimates("lidocaine", "RD")]
    assert printed(own, 4) == [2.8026, 0.0, 1.9711, 1.7961, 3.5334, 4.4031]  # table III
    for method in ("IV", "DL", "REML"):
        found = pool(estimates("lidocaine", "RD"), method)
        assert round(100 * found.value, 2) == 2.94  # table VII
        assert printed([100 * found.low, 100 * found.high], 1) == [0.4, 5.5]


def test_beta_blockers_agree_with_yusuf_1985():
    # Prog Cardiovasc Dis 1985;27:335, page 107; three trials have nothing to tell
    found = pool_peto(tables(read_studies(FOLDER / "beta-blockers.csv")[0]))
    assert printed([found.value, found.low, found.high], 2) == [0.93, 0.74, 1.18]
    assert found.weights.count(0.0) == 3


def test_borenstein_and_hedges_textbook_example():
    # Borenstein, Hedges, Higgins & Rothstein, Introduction to Meta-Analysis (2009), chapters 14 and 16;
    # they take the variance of d, corrected, and the approximate correction
    own = []
    for row in studies("borenstein", "SMD"):
        n1, n2 = row.means.n1, row.means.n2
        d = (row.means.mean1 - row.means.mean2) / row.means.pooled_sd
        j = 1 - 3 / (4 * (n1 + n2 - 2) - 1)
        assert row.estimate.point == pytest.approx(j * d, abs=1e-5)
        own.append(Estimate("SMD", j * d, j * math.sqrt(1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2)))))
    assert printed([item.point for item in own], 4) == [
        0.0945, 0.2774, 0.3665, 0.6644, 0.4618, 0.1852,
    ]  # fmt: skip
    assert printed([item.variance for item in own], 4) == [
        0.0329, 0.0307, 0.0499, 0.0105, 0.0427, 0.0234,
    ]  # fmt: skip
    fixed, random = pool(own, "IV"), pool(own, "DL")
    assert printed([fixed.value, fixed.error, random.error], 2) == [0.41, 0.06, 0.11]
    assert printed([random.value, random.heterogeneity.tau2, fixed.heterogeneity.q], 4) == [
        0.3582, 0.0373, 12.0033,
    ]  # fmt: skip
    assert round(fixed.heterogeneity.i2, 2) == 58.34


@pytest.mark.parametrize("name", ["bcg", "magnesium", "aspirin-infarction"])
def test_pymare_agrees(name):
    pymare = pytest.importorskip("pymare")
    from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator

    own = estimates(name, "OR")
    y = np.array([item.point for item in own])[:, None]
    v = np.array([item.variance for item in own])[:, None]
    dataset = pymare.Dataset(y, v)
    for method, estimator in (
        ("DL", DerSimonianLaird()),
        ("REML", VarianceBasedLikelihoodEstimator(method="REML")),
    ):
        summary = estimator.fit_dataset(dataset).summary()
        found = pool(own, method)
        tight = 1e-9 if method == "DL" else 2e-3  # PyMARE stops its search early
        assert found.heterogeneity.tau2 == pytest.approx(
            float(np.ravel(summary.tau2)[0]), rel=tight, abs=1e-4 if method == "REML" else 1e-12
        )
        assert found.point == pytest.approx(
            float(np.ravel(summary.fe_params)[0]), rel=tight, abs=1e-4
        )


@pytest.mark.parametrize("name", ["bcg", "magnesium", "aspirin-infarction"])
def test_statsmodels_agrees(name):
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    own = estimates(name, "OR")
    y = np.array([item.point for item in own])
    v = np.array([item.variance for item in own])
    for method, theirs in (("DL", "dl"), ("PM", "pm")):
        result = meta.combine_effects(y, v, method_re=theirs, use_t=False)
        found = pool(own, method)
        assert found.heterogeneity.tau2 == pytest.approx(result.tau2, rel=1e-4, abs=1e-6)
        assert found.point == pytest.approx(result.mean_effect_re, rel=1e-4)
        assert found.error == pytest.approx(result.sd_eff_w_re, rel=1e-4)
        knapp = pool(own, method, hartung_knapp=True)
        assert knapp.error == pytest.approx(result.sd_eff_w_re_hksj, rel=1e-4)
    common = pool(own, "IV")
    assert common.point == pytest.approx(result.mean_effect_fe)
    assert common.heterogeneity.q == pytest.approx(result.q)


@pytest.mark.parametrize("name", ["bcg", "magnesium"])
def test_eggers_test_is_a_weighted_regression(name):
    api = pytest.importorskip("statsmodels.api")
    own = estimates(name, "OR")
    errors = np.array([item.error for item in own])
    design = np.column_stack([np.ones(len(own)), errors])
    theirs = api.WLS([item.point for item in own], design, weights=errors**-2).fit()
    found = egger(own)
    assert [found.limit, found.intercept] == pytest.approx(list(theirs.params))
    assert found.p == pytest.approx(theirs.pvalues[1])


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_mantel_haenszel_agrees_with_statsmodels(measure):
    stats = pytest.importorskip("statsmodels.stats.contingency_tables")
    rows = tables(studies("aspirin-infarction"))
    cells = [np.array(row.cells).reshape(2, 2) for row in rows]
    theirs = stats.StratifiedTable(cells)
    found = mantel_haenszel(rows, measure)
    if measure == "OR":
        assert found.point == pytest.approx(theirs.logodds_pooled)
        assert found.error == pytest.approx(theirs.logodds_pooled_se)
    else:
        assert found.value == pytest.approx(theirs.riskratio_pooled)


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


# --- properties, edges, wrong input --------------------------------------------------------------

sound = st.builds(
    Estimate,
    st.just("MD"),
    st.floats(-50, 50).map(lambda x: round(x, 3)),
    st.floats(0.01, 10).map(lambda x: round(x, 3)),
)


@given(st.lists(sound, min_size=1, max_size=12), st.sampled_from(["IV", *RANDOM_METHODS]))
def test_a_pooled_estimate_lies_among_its_studies(own, method):
    found = pool(own, method)
    assert min(e.point for e in own) - 1e-9 <= found.point <= max(e.point for e in own) + 1e-9
    assert sum(found.weights) == pytest.approx(100)
    assert found.low <= found.value <= found.high
    assert found.heterogeneity.tau2 >= 0
    assert 0 <= found.heterogeneity.i2 <= 100


@given(st.lists(sound, min_size=2, max_size=12))
def test_paule_mandel_makes_q_its_expectation(own):
    points, variances = [e.point for e in own], [e.variance for e in own]
    tau2 = paule_mandel(points, variances)
    if tau2 > 0:
        assert cochran_q(points, variances, tau2) == pytest.approx(len(own) - 1, rel=1e-6)
    else:
        assert cochran_q(points, variances) <= len(own) - 1


@given(st.lists(sound, min_size=2, max_size=12))
def test_reml_is_the_top_of_the_likelihood(own):
    from kg.statistics.heterogeneity import _restricted_likelihood as likelihood

    points, variances = [e.point for e in own], [e.variance for e in own]
    tau2 = reml(points, variances)
    best = likelihood(points, variances, tau2)
    for other in (tau2 * 0.9, tau2 * 1.1, tau2 + 1e-3):
        assert likelihood(points, variances, other) <= best + 1e-7 * (1 + abs(best))


@given(st.lists(sound, min_size=1, max_size=8), st.randoms())
def test_order_does_not_matter(own, random):
    shuffled = random.sample(own, len(own))
    assert pool(shuffled, "REML").point == pytest.approx(pool(own, "REML").point, abs=1e-6)


def test_one_study_is_itself():
    found = pool([Estimate("RR", -0.5, 0.2)], "REML", hartung_knapp=True)
    assert (found.point, found.error, found.prediction, found.heterogeneity.df) == (
        -0.5,
        0.2,
        None,
        0,
    )
    assert found.weights == (100.0,)
    assert leave_one_out([1], lambda some: found) == []


def test_equal_estimates_have_no_heterogeneity():
    own = [Estimate("MD", 2.0, 0.5)] * 4
    for method in RANDOM_METHODS:
        assert pool(own, method).heterogeneity.tau2 == 0
    knapp = pool(own, "REML", hartung_knapp=True)
    assert (knapp.error, knapp.p) == (0.0, 0.0)


def test_two_studies_have_no_prediction_interval():
    assert pool([Estimate("MD", 1.0, 1.0), Estimate("MD", 3.0, 1.0)], "DL").prediction is None


@pytest.mark.parametrize(
    ("own", "options", "message"),
    [
        ([], {}, "no estimate"),
        ([Estimate("RR", 0.1, 0.1), Estimate("OR", 0.1, 0.1)], {}, "OR and RR cannot be pooled"),
        ([Estimate("MD", 0.1, 0.0)], {}, "no standard error"),
        ([Estimate("MD", math.nan, 1.0)], {}, "no standard error"),
        ([Estimate("MD", 0.1, 1.0)], {"method": "MH"}, "MH pools events"),
        ([Estimate("MD", 0.1, 1.0)], {"method": "IV", "hartung_knapp": True}, "random effects"),
    ],
)
def test_what_cannot_be_pooled_is_refused(own, options, message):
    with pytest.raises(ValueError, match=message):
        pool(own, **options)


def test_events_that_tell_nothing_are_refused_or_weigh_nothing():
    nothing = Events(0, 10, 0, 12)
    with pytest.raises(ValueError, match="no ratio follows"):
        pool_peto([nothing])
    with pytest.raises(ValueError, match="no ratio follows"):
        mantel_haenszel([nothing], "RR")
    told = [Events(5, 50, 10, 50), nothing]
    assert mantel_haenszel(told, "OR").weights == (100.0, 0.0)
    assert pool_peto(told).weights == pytest.approx((100.0, 0.0))
    with pytest.raises(ValueError, match="no study to pool"):
        mantel_haenszel([], "RR")


def test_eggers_test_needs_studies_that_differ():
    with pytest.raises(ValueError, match="three studies"):
        egger([Estimate("MD", 1, 1)] * 2)
    with pytest.raises(ValueError, match="equally precise"):
        egger([Estimate("MD", 1, 1), Estimate("MD", 2, 1), Estimate("MD", 3, 1)])
    three = [Estimate("MD", 1, 1), Estimate("MD", 2, 2), Estimate("MD", 4, 3)]
    assert not egger(three).enough


@given(st.integers(1, 40), st.integers(1, 40))
def test_one_balanced_study_is_itself_by_every_method(a, c):
    table = Events(a, 1000, c, 1000)
    own = compare_events(table, "OR")
    found = mantel_haenszel([table], "OR")
    assert (found.point, found.error) == pytest.approx((own.point, own.error))
    peto = pool_peto([table]).point
    assert (peto > 0) == (own.point > 0)
    assert abs(peto) <= abs(own.point) + 1e-9  # the one step stops short of the maximum


def test_reml_climbs_over_hills_and_finds_the_highest():
    from kg.statistics.two_groups import compare_means

    own = [compare_means(row.means, "MD", pooled=True) for row in studies("stroke-stay")]
    assert len(leave_one_out(own, lambda some: pool(some, "REML"))) == 9  # one of them has two tops


def test_every_published_figure_agrees():
    from benchmarks.agreement import ROWS, compute

    differing = [
        (row.name, *figure) for row in ROWS for figure in compute(row) if figure[1] != figure[2]
    ]
    assert differing == []
    assert sum(len(row.published) for row in ROWS) > 100


def test_the_page_shows_the_table_of_agreement():
    from benchmarks.agreement import PAGE, table

    assert table()[0] in PAGE.read_text(encoding="utf-8")
