"""Pooling agrees with what other programs compute of the same studies, and the page says so."""

from __future__ import annotations

import numpy as np
import pytest
from statistics_textbook import estimates, studies, tables

from kg.statistics.event_pooling import mantel_haenszel
from kg.statistics.pooling import (
    pool,
)


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
