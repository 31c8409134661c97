"""Egger's test: published figures, and what it is."""

from __future__ import annotations

import numpy as np
import pytest
from statistics_textbook import estimates, printed, studies

from kg.statistics.bias import egger
from kg.statistics.estimate import Estimate


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


def test_eggers_test_needs_studies_that_differ():
    with pytest.raises(ValueError, match="three studies"):
        egger([Estimate("MD", 1, 1)] * 2)
    with pytest.raises(ValueError, match="equally precise"):
        egger([Estimate("MD", 1, 1), Estimate("MD", 2, 1), Estimate("MD", 3, 1)])
    three = [Estimate("MD", 1, 1), Estimate("MD", 2, 2), Estimate("MD", 4, 3)]
    assert not egger(three).enough
