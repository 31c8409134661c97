"""The scales of measures, against scipy and published examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from kg.records import RATIO_MEASURES
from kg.statistics.scales import (
    FISHER_MEASURES,
    LOG_MEASURES,
    NULL_VALUES,
    critical_t,
    critical_z,
    from_scale,
    p_from_z,
    se_from_interval,
    to_scale,
    z_from_interval,
    z_from_p,
)


@given(st.floats(1, 99.99))
def test_critical_values_are_those_of_scipy(level: float) -> None:
    assert critical_z(level) == pytest.approx(norm.ppf(0.5 + level / 200), rel=1e-9)


@given(st.floats(0.5, 1e5), st.floats(50, 99.9))
def test_critical_values_of_t_are_those_of_scipy(df: float, level: float) -> None:
    assert critical_t(df, level) == pytest.approx(t.ppf(0.5 + level / 200, df), rel=1e-6)
    assert critical_t(df, level) >= critical_z(level)


@given(st.floats(-30, 30))
def test_p_is_that_of_scipy(z: float) -> None:
    assert p_from_z(z) == pytest.approx(2 * norm.sf(abs(z)), rel=1e-9)


@given(st.floats(1e-12, 1))
def test_z_undoes_p(p: float) -> None:
    assert p_from_z(z_from_p(p)) == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize("measure", sorted(LOG_MEASURES))
def test_a_ratio_is_measured_by_its_logarithm(measure: str) -> None:
    assert to_scale(measure, 2) == -to_scale(measure, 0.5)
    assert from_scale(measure, to_scale(measure, 0.81)) == pytest.approx(0.81)
    assert NULL_VALUES[measure] == 1
    with pytest.raises(ValueError, match="positive"):
        to_scale(measure, 0)


@pytest.mark.parametrize("measure", sorted(FISHER_MEASURES))
def test_a_correlation_is_measured_by_fishers_z(measure: str) -> None:
    assert to_scale(measure, 0.5) == pytest.approx(0.5 * math.log(3))
    with pytest.raises(ValueError, match="between"):
        to_scale(measure, 1.0)


def test_every_ratio_has_a_log_scale() -> None:
    assert RATIO_MEASURES < LOG_MEASURES


def test_altman_and_bland_ratio() -> None:
    # BMJ 2011;343:d2304, example: RR 0.81, 95 % CI 0.70 to 0.94 gives SE 0.075, z -2.80, p 0.005
    assert se_from_interval("RR", 0.70, 0.94) == pytest.approx(0.075, abs=5e-4)
    z = z_from_interval("RR", 0.81, 0.70, 0.94)
    assert z == pytest.approx(-2.80, abs=0.01)
    assert p_from_z(z) == pytest.approx(0.005, abs=5e-4)


def test_an_interval_without_width_has_no_z() -> None:
    with pytest.raises(ValueError, match="width"):
        z_from_interval("MD", 1, 1, 1)
    with pytest.raises(ValueError, match="no effect"):
        z_from_interval("mean", 1, 0, 2)
