"""Published worked examples: what statcheck, GRIM, and Altman and Bland compute."""

from __future__ import annotations

import pytest
from scipy import stats

from kg.statistics.count_checks import is_possible_mean, means_of_counts
from kg.statistics.scales import p_from_z, se_from_interval, z_from_interval
from kg.statistics.tests_of_significance import find_heterogeneity, find_tests


@pytest.mark.parametrize(
    ("text", "kind", "df", "expected"),
    [
        ("t(28) = 2.20, p = .036", "t", (28,), 2 * stats.t(28).sf(2.20)),
        ("t = 6.017, d.f. = 38, P < 0.0001", "t", (38,), 2 * stats.t(38).sf(6.017)),
        ("t(258.40) = 3.09, P < 0.01", "t", (258.4,), 2 * stats.t(258.4).sf(3.09)),
        ("F(1, 145) = 5.43, p = .02", "F", (1, 145), stats.f(1, 145).sf(5.43)),
        ("F [3, 28] = 4.1; P = .02", "F", (3, 28), stats.f(3, 28).sf(4.1)),
        ("F1,47 = 4.438; p = 0.041", "F", (1, 47), stats.f(1, 47).sf(4.438)),
        ("χ²(1, N = 90) = 3.84, p = .05", "chi2", (1,), stats.chi2(1).sf(3.84)),
        ("chi-square = 10.26, df = 4, p = 0.036", "chi2", (4,), stats.chi2(4).sf(10.26)),
        ("z = 2.10, p = .036", "z", (), 2 * stats.norm.sf(2.10)),
        ("r(48) = .35, p = .013", "r", (48,), 2 * stats.t(48).sf(0.35 * (48 / (1 - 0.35**2)) ** 0.5)),
        ("Q(9) = 21.3, p = .011", "Q", (9,), stats.chi2(9).sf(21.3)),
    ],
)  # fmt: skip
def test_p_values_are_those_of_scipy(
    text: str, kind: str, df: tuple[float, ...], expected: float
) -> None:
    (test,) = find_tests(text)
    assert (test.kind, test.df) == (kind, df)
    computed = test.recompute()
    assert computed is not None
    assert expected in computed


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("t(28) = 2.20, p = .036", True),  # R: 2 * pt(-2.2, 28) = 0.0362
        ("t(28) = 2.20, p = .02", False),
        ("F(1, 145) = 5.43, p < .05", True),
        ("F(1, 145) = 2.43, p < .05", False),
        ("χ2 = 10.26, P < 0.05", True),  # without df any p above that of one degree is possible
        ("χ2 = 2.00, P = 0.05", False),  # at the least 0.157
    ],
)
def test_statcheck_decisions(text: str, fits: bool) -> None:
    (test,) = find_tests(text)
    computed = test.recompute()
    assert computed is not None
    assert computed.meets(test.p) is fits


@pytest.mark.parametrize(
    "text",
    ["t = 2.2 was seen", "at = 0.5, p = .6", "RR = 0.8 (p = .03)", "F = 3.2", "PDF(3) = 2, p = 1"],
)
def test_what_is_no_test(text: str) -> None:
    assert list(find_tests(text)) == []


@pytest.mark.parametrize(
    ("mean", "n", "possible"),
    [
        ("5.19", 28, False), ("5.18", 28, True),  # Brown & Heathers 2017, their first example
        ("5.27", 43, False), ("5.93", 49, False),  # scrutiny's and The Economist's examples
        ("3.48", 20, False), ("3.45", 20, True), ("3.50", 20, True), ("0.00", 7, True),
    ],
)  # fmt: skip
def test_grim(mean: str, n: int, possible: bool) -> None:
    assert is_possible_mean(float(mean), n, mean) is possible


def test_grim_tells_nothing_of_many() -> None:
    assert means_of_counts(100, 2) == 1
    assert all(is_possible_mean(k / 100, 100, f"{k / 100:.2f}") for k in range(200))


def test_altman_and_bland_difference() -> None:
    # BMJ 2011;343:d2090: 17 percentage points with p = 0.032 give a 95 % interval of 1.4 to 32.6
    assert p_from_z(z_from_interval("RD", 17.0, 1.4, 32.6)) == pytest.approx(0.032, abs=0.001)
    assert se_from_interval("RD", 1.4, 32.6) == pytest.approx(7.94, abs=0.03)


def test_altman_and_bland_relative_risk() -> None:
    # the same note: a relative risk of 0.30 with p = 0.034 has an interval of about 0.10 to 0.90
    assert p_from_z(z_from_interval("RR", 0.30, 0.10, 0.90)) == pytest.approx(0.034, abs=0.004)


def test_heterogeneity() -> None:
    # Higgins & Thompson: Q 12.3 on 5 df is 59 %; Q below its df is 0 %
    (found,) = find_heterogeneity("Chi² = 12.30, df = 5 (P = 0.03); I² = 59%")
    assert found.recompute().meets(found.i2)
    (none,) = find_heterogeneity("Q = 3.1, df = 5, I2 = 0%")
    assert none.recompute().high == 0
