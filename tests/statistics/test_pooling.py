"""Pooling: what holds for any studies, edges, wrong input."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statistics.estimate import Estimate
from kg.statistics.event_pooling import mantel_haenszel, pool_peto
from kg.statistics.heterogeneity import cochran_q, paule_mandel, reml
from kg.statistics.pooling import (
    RANDOM_METHODS,
    leave_one_out,
    pool,
)
from kg.statistics.two_groups import Events, compare_events

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


@given(st.integers(1, 40), st.integers(1, 40))
def test_one_balanced_study_is_itself_by_every_method(a, c):
    table = Events(a, 1000, c, 1000)
    own = compare_events(table, "OR")
    found = mantel_haenszel([table], "OR")
    assert (found.point, found.error) == pytest.approx((own.point, own.error))
    peto = pool_peto([table]).point
    assert (peto > 0) == (own.point > 0)
    assert abs(peto) <= abs(own.point) + 1e-9  # the one step stops short of the maximum
