"""Conversions agree with worked examples that were published, and undo one another."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statistics_textbook import estimates, studies

from kg.statistics import conversions as c
from kg.statistics.changes import change_correlation, change_sd
from kg.statistics.estimate import Estimate, from_interval
from kg.statistics.medians import Summary, estimate_mean, estimate_sd, is_skewed
from kg.statistics.two_groups import (
    Events,
    Means,
    compare_events,
    compare_means,
    number_needed,
    peto,
)

positive = st.floats(0.01, 100)
sizes = st.integers(2, 500)
risks = st.floats(0.01, 0.99)


def rounded(values, digits):
    return [round(value, digits) for value in values]


# --- worked examples -----------------------------------------------------------------------------


def test_handbook_6_5_2_3_p_value_to_standard_deviation():
    # a difference of 3.8 (25 and 22 people) with p = 0.008: t = 2.78, SE 1.37, SD 4.69
    assert round(c.t_from_p(0.008, 45), 2) == 2.78
    assert round(c.se_of_difference_from_p(3.8, 0.008, 45), 2) == 1.37
    assert c.sd_from_se_of_difference(1.37, 25, 22) == pytest.approx(4.69, abs=0.006)


def test_handbook_6_5_2_2_small_samples_take_t():
    # 25 people: the width is divided by 2 × 2.0639 = 4.128
    assert c.sd_from_mean_interval(0, 4.128, 25) == pytest.approx(5, abs=1e-3)


def test_handbook_6_5_2_8_change_scores():
    # table 6.5.c: experimental 6.4, 7.1, 4.5; comparator 7.0, 6.9, 4.2
    assert round(change_correlation(6.4, 7.1, 4.5), 2) == 0.78
    assert round(change_correlation(7.0, 6.9, 4.2), 2) == 0.82
    assert round(change_sd(6.4, 7.1, 0.80), 1) == 4.3


def test_handbook_15_4_4_absolute_effects():
    # RR 0.92 at 300 in 1000: 24 fewer; OR 0.73 at 300 in 1000: 62 fewer
    assert round(1000 * c.rr_to_rd(0.92, 0.3)) == -24
    assert round(1000 * (0.3 * c.or_to_rr(0.73, 0.3) - 0.3)) == -62
    assert round(c.rd_to_nnt(-0.12), 2) == 8.33


def test_altman_and_bland_2011():
    # BMJ 2011;343:d2304: RR 0.81 (0.70 to 0.94) → SE 0.075, z 2.81, p 0.005
    found = from_interval("RR", 0.81, 0.70, 0.94)
    assert round(found.error, 3) == 0.075
    assert round(abs(found.point) / found.error, 1) == 2.8
    assert round(c.p_from_se("RR", 0.81, found.error), 3) == 0.005
    # BMJ 2011;343:d2090: a difference of 0.03 with p 0.20 → SE 0.0234... interval -0.016 to 0.076
    error = c.se_from_p("RD", 0.03, 0.20)
    assert rounded(c.interval_from_se("RD", 0.03, error), 3) == [-0.016, 0.076]


def test_borenstein_2009_events():
    # chapter 5: 5 of 100 against 10 of 100
    table = Events(5, 100, 10, 100)
    want = {"RR": (-0.6931, 0.2800), "OR": (-0.7472, 0.3216), "RD": (-0.0500, 0.001375)}
    for measure, (point, variance) in want.items():
        found = compare_events(table, measure)
        assert found.point == pytest.approx(point, abs=5e-5)
        assert found.variance == pytest.approx(variance, abs=5e-5)


def test_borenstein_2009_means():
    # chapter 4: 103 (5.5), 100 (4.5), 50 each: d 0.5970, g 0.5924, pooled variance of D 1.0100
    groups = Means(103, 5.5, 50, 100, 4.5, 50)
    assert compare_means(groups, "MD").variance == pytest.approx(1.01, abs=1e-4)
    assert round(groups.pooled_sd, 4) == 5.0249
    assert round(c.g_to_d(compare_means(groups, "SMD").point, 50, 50), 4) == 0.5970
    assert round(compare_means(groups, "SMD").point, 4) == 0.5924


def test_borenstein_2009_log_odds_to_d():
    # chapter 7: log OR 0.9069, variance 0.0676 → d 0.5000, variance 0.0205
    found = c.log_or_to_smd(Estimate("OR", 0.9069, math.sqrt(0.0676)))
    assert (round(found.point, 4), round(found.variance, 4)) == (0.5000, 0.0205)


def test_chinn_2000_factor():
    assert round(c.LOGISTIC, 2) == 1.81


def test_bcg_log_risk_ratios_are_metafors():
    found = estimates("bcg", "RR")
    want = (
        (-0.8893, 0.3256), (-1.5854, 0.1946), (-1.3481, 0.4154), (-1.4416, 0.0200), (-0.2175, 0.0512),
        (-0.7861, 0.0069), (-1.6209, 0.2230), (0.0120, 0.0040), (-0.4694, 0.0564), (-1.3713, 0.0730),
        (-0.3394, 0.0124), (0.4459, 0.5325), (-0.0173, 0.0714),
    )  # fmt: skip
    assert tuple((round(e.point, 4), round(e.variance, 4)) for e in found) == want


def test_standardized_differences_and_ratios_of_means_are_metafors():
    rows = studies("stroke-stay", "SMD")[:4]
    assert rounded([r.estimate.point for r in rows], 4) == [-0.3552, -0.3479, -2.3176, -1.8880]
    assert rounded([r.estimate.variance for r in rows], 4) == [0.0131, 0.0645, 0.0458, 0.1606]
    ratios = [compare_means(r.means, "ROM") for r in rows]
    assert rounded([r.point for r in ratios], 4) == [-0.3102, -0.0715, -0.6202, -0.7303]
    assert rounded([r.variance for r in ratios], 4) == [0.0094, 0.0028, 0.0018, 0.0119]


def test_smd_to_log_odds_is_metafors():
    # metafor, escalc(measure="D2ORL"), dat.gibson2002, trials 1 to 4
    groups = (
        Means(2.20, 12.73, 50, 5.20, 12.50, 54), Means(17.60, 24.20, 140, 34.10, 38.80, 136),
        Means(0.38, 0.56, 23, 0.23, 0.29, 19), Means(2.09, 5.93, 97, 2.66, 4.95, 94),
    )  # fmt: skip
    # metafor converts d, not g, with the variance of d
    found = []
    for item in groups:
        d = c.g_to_d(compare_means(item, "SMD").point, item.n1, item.n2)
        variance = 1 / item.n1 + 1 / item.n2 + d**2 / (2 * (item.n1 + item.n2))
        found.append(c.smd_to_log_or(Estimate("SMD", d, math.sqrt(variance))))
    assert rounded([item.point for item in found], 4) == [-0.4315, -0.9285, 0.5932, -0.1890]
    assert rounded([item.variance for item in found], 4) == [0.1276, 0.0493, 0.3204, 0.0690]


@pytest.mark.parametrize(
    ("spread", "mean", "sd", "statistic"),
    [  # metafor, conv.fivenum: n 20, minimum 2, quartiles 4 and 10, median 6, maximum 14
        ({"minimum": 2, "maximum": 14}, 6.594468, 3.211576, False),
        ({"q1": 4, "q3": 10}, 6.719500, 4.787076, False),
        ({"q1": 4, "q3": 10, "minimum": 2, "maximum": 14}, 6.938841, 3.679435, False),
    ],
)
def test_medians_become_means_as_in_metafor(spread, mean, sd, statistic):
    summary = Summary(20, 6, **spread)
    assert rounded([estimate_mean(summary), estimate_sd(summary)], 6) == [mean, sd]
    assert is_skewed(summary) is statistic


def test_altman_1998_number_needed_to_treat():
    found = number_needed(Events(10, 100, 5, 100))  # more events: harm, through infinity
    assert found.value == pytest.approx(-20)
    assert found.through_infinity
    assert found.low > 0 > found.high
    clear = number_needed(Events(70, 1000, 100, 1000))
    assert 0 < clear.low < clear.value < clear.high
    assert not clear.through_infinity


# --- empty cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["RR", "OR"])
def test_an_empty_cell_gets_a_half_and_says_so(measure):
    found = compare_events(Events(0, 20, 5, 20), measure)
    corrected = compare_events(Events(0.5, 21, 5.5, 21), measure)
    assert (found.point, found.error) == pytest.approx((corrected.point, corrected.error))
    assert "0.5 in every cell" in found.method
    assert "0.5" not in compare_events(Events(1, 20, 5, 20), measure).method


def test_a_risk_difference_needs_no_correction_unless_nothing_happened():
    found = compare_events(Events(0, 20, 5, 20), "RD")
    assert found.point == -0.25
    assert "0.5" not in found.method
    assert compare_events(Events(0, 20, 0, 20), "RD").error > 0


@pytest.mark.parametrize("table", [Events(0, 20, 0, 25), Events(20, 20, 25, 25)])
def test_no_ratio_follows_from_nothing(table):
    for measure in ("RR", "OR"):
        with pytest.raises(ValueError, match="no ratio follows"):
            compare_events(table, measure)
    with pytest.raises(ValueError, match="no ratio follows"):
        peto(table)


# --- round trips ---------------------------------------------------------------------------------


@given(positive, sizes)
def test_sd_and_se(sd, n):
    assert c.sd_from_se(c.se_from_sd(sd, n), n) == pytest.approx(sd)


@given(st.floats(-50, 50), positive, sizes, st.sampled_from([90.0, 95.0, 99.0]))
def test_sd_and_interval_of_a_mean(mean, sd, n, level):
    low, high = c.mean_interval(mean, sd, n, level)
    assert c.sd_from_mean_interval(low, high, n, level) == pytest.approx(sd, rel=1e-6)


@given(
    st.sampled_from(["RR", "OR", "HR", "MD", "SMD", "RD"]), st.floats(0.05, 20), st.floats(0.01, 2),
    st.sampled_from([90.0, 95.0, 99.0]),
)  # fmt: skip
def test_interval_and_standard_error(measure, value, error, level):
    low, high = c.interval_from_se(measure, value, error, level)
    found = from_interval(measure, value, low, high, level)
    assert found.error == pytest.approx(error)
    assert found.value == pytest.approx(value)
    assert found.interval(level) == pytest.approx((low, high))


@given(st.sampled_from(["RR", "MD"]), st.floats(1.1, 20), st.floats(1e-6, 0.9))
def test_p_and_standard_error(measure, value, p):
    assert c.p_from_se(measure, value, c.se_from_p(measure, value, p)) == pytest.approx(p, rel=1e-6)


@given(st.floats(1e-6, 0.99), st.integers(1, 300))
def test_p_and_t(p, df):
    assert c.p_from_t(c.t_from_p(p, df), df) == pytest.approx(p, rel=1e-6)


@given(st.floats(0.05, 20), risks)
def test_odds_ratio_and_risk_ratio(odds_ratio, baseline):
    risk_ratio = c.or_to_rr(odds_ratio, baseline)
    assert c.rr_to_or(risk_ratio, baseline) == pytest.approx(odds_ratio, rel=1e-6)
    assert abs(math.log(risk_ratio)) <= abs(math.log(odds_ratio)) + 1e-12  # OR lies further from 1


@given(st.integers(1, 99), st.integers(1, 99))
def test_odds_ratio_to_risk_ratio_is_that_of_the_table(a, k):
    table = Events(a, 100, k, 100)
    odds_ratio, risk_ratio = (compare_events(table, m).value for m in ("OR", "RR"))
    assert c.or_to_rr(odds_ratio, k / 100) == pytest.approx(risk_ratio)
    difference = compare_events(table, "RD").point
    assert c.rr_to_rd(risk_ratio, k / 100) == pytest.approx(difference, abs=1e-12)


@given(st.floats(-5, 5), st.floats(0.01, 2))
def test_smd_and_odds_ratio(point, error):
    found = c.log_or_to_smd(c.smd_to_log_or(Estimate("SMD", point, error)))
    assert (found.point, found.error) == pytest.approx((point, error))


@given(st.floats(-5, 5), sizes, sizes)
def test_d_and_g(d, n1, n2):
    assume(n1 + n2 > 4)
    g = c.d_to_g(d, n1, n2)
    assert c.g_to_d(g, n1, n2) == pytest.approx(d)
    assert abs(g) <= abs(d)
    df = n1 + n2 - 2
    if df >= 10:
        assert c.small_sample_correction(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=1e-3)


@given(positive, positive, st.floats(-1, 1))
def test_change_and_correlation(before, after, correlation):
    spread = change_sd(before, after, correlation)
    assume(spread > 1e-4)
    assert change_correlation(before, after, spread) == pytest.approx(correlation, abs=1e-6)


@given(st.lists(st.lists(st.floats(-100, 100), min_size=2, max_size=9), min_size=1, max_size=4))
def test_combined_groups_are_one_sample(samples):
    import statistics

    groups = [(len(s), statistics.fmean(s), statistics.stdev(s)) for s in samples]
    whole = [value for sample in samples for value in sample]
    n, mean, sd = c.combine_groups(*groups)
    assert n == len(whole)
    assert mean == pytest.approx(statistics.fmean(whole), abs=1e-6)
    assert sd == pytest.approx(statistics.stdev(whole), abs=1e-6)


@given(st.floats(-50, 50), st.floats(0.1, 20), st.integers(10, 400))
def test_symmetrical_summaries_have_their_median_as_mean(median, spread, n):
    summary = Summary(n, median, median - spread, median + spread)
    assert estimate_mean(summary) == pytest.approx(median, abs=1e-9)
    assert estimate_sd(summary) > 0
    assert not is_skewed(summary)


# --- wrong input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: c.se_from_sd(-1, 10), "sd must be above 0"),
        (lambda: c.sd_from_mean_interval(4, 3, 10), "width must be above 0"),
        (lambda: c.or_to_rr(0.5, 1.2), "baseline risk"),
        (lambda: c.or_to_rr(-0.5, 0.2), "odds ratio must be above 0"),
        (lambda: c.rr_to_or(4, 0.5), "is a risk of 2"),
        (lambda: c.se_from_p("RR", 1.0, 0.5), "distance must be above 0"),
        (lambda: c.t_from_p(0, 10), "no t statistic"),
        (lambda: c.smd_to_log_or(Estimate("MD", 1, 1)), "converts SMD, not MD"),
        (lambda: c.small_sample_correction(1), "more than 1 degree"),
        (lambda: c.combine_groups(), "no group"),
        (lambda: Events(5, 4, 1, 4), "5 of 4 people"),
        (lambda: Means(1, 0, 5, 2, 0, 5), "standard deviations"),
        (lambda: Means(1, 1, 1, 2, 1, 5), "fewer than 2 people"),
        (lambda: compare_means(Means(-1, 1, 5, 2, 1, 5), "ROM"), "means above 0"),
        (lambda: Summary(20, 5), "alone tells no spread"),
        (lambda: Summary(20, 5, q1=6, q3=7), "out of order"),
        (lambda: Summary(20, 5, q1=4), "in pairs"),
        (lambda: change_correlation(1, 1, 5), "no correlation fits"),
        (lambda: change_sd(1, 1, 2), "between -1 and 1"),
        (lambda: from_interval("RR", 1.0, 1.0, 1.0), "no standard error"),
        (lambda: from_interval("RR", 1.0, -1.0, 2.0), "a ratio is positive"),
    ],
)
def test_wrong_numbers_are_refused_with_a_reason(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_skewed_data_are_recognised():
    assert is_skewed(Summary(100, 2, q1=1.5, q3=10))
    assert is_skewed(Summary(100, 2, minimum=1, maximum=40))
    assert is_skewed(Summary(100, 2, q1=1.5, q3=10, minimum=1, maximum=40))
