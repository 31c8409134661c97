"""Pooling agrees with figures that others have published, to the digits they printed.

Magnesium, aspirin and the other sets: the output pages of R's metafor 4.7 and metadat 1.1 (their
documentation prints every example's result), R's meta 8.5 for the aspirin trials, and the papers and
books named beside each figure.
"""

from __future__ import annotations

import math

import pytest
from statistics_textbook import FOLDER, estimates, figures, printed, studies, tables

from kg.statistics.estimate import Estimate
from kg.statistics.event_pooling import mantel_haenszel, pool_peto
from kg.statistics.pooling import (
    leave_one_out,
    pool,
)
from kg.statistics.two_groups import compare_means
from kg.synthesis.study_table import read_studies


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


def test_reml_climbs_over_hills_and_finds_the_highest():
    own = [compare_means(row.means, "MD", pooled=True) for row in studies("stroke-stay")]
    assert len(leave_one_out(own, lambda some: pool(some, "REML"))) == 9  # one of them has two tops
