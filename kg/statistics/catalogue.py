"""What is checked: each check's code, how grave it is, what it means and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]
#: From the lightest to the gravest.
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

_ALTMAN_P = "Altman & Bland 2011, BMJ 343:d2304 (P from a confidence interval)"
_ALTMAN_CI = "Altman & Bland 2011, BMJ 343:d2090 (confidence interval from P)"
_HANDBOOK_RATIO = "Cochrane Handbook 6.4, section 6.3.2 (ratios are symmetrical on the log scale)"
_HANDBOOK_SE = "Cochrane Handbook 6.4, sections 6.5.2.2 and 6.5.2.3 (SD, SE, t and P)"
_HANDBOOK_I2 = "Higgins & Thompson 2002, Stat Med 21:1539; Cochrane Handbook 6.4, section 10.10.2"
_STATCHECK = "statcheck: Nuijten et al. 2016, Behav Res Methods 48:1205"
_GRIM = "GRIM: Brown & Heathers 2017, Soc Psychol Personal Sci 8:363"
_SKEW = "Altman & Bland 1996, BMJ 313:1200 (skewness from summary figures)"
_CONSORT = "CONSORT 2010, items 13a and 16 (numbers in each group)"
_CONSORT_ESTIMATE = "CONSORT 2010, items 17a and 17b (estimate, precision, relative and absolute)"
_SPIN = "Boutron et al. 2010, JAMA 303:2058 (conclusions against results)"


@dataclass(frozen=True, slots=True)
class CheckKind:
    """One check.

    ``severity`` is what it usually has: *error* where the numbers cannot all be right, *warning*
    where they hardly can or words and numbers disagree, *info* for what a reader should know and
    honest work can lead to. A finding may be lighter than usual, never graver.
    """

    code: str
    severity: Severity
    title: str
    explanation: str
    source: str


_KINDS = (
    # the estimate and its interval
    CheckKind(
        "estimate_outside_interval", "error", "Estimate outside its own interval",
        "An interval is built around its estimate. One that does not hold it has a wrong digit in one of the three.",
        _HANDBOOK_RATIO,
    ),
    CheckKind(
        "sign_against_interval", "warning", "Estimate and interval differ in sign",
        "With the other sign the estimate would stand in the middle of its interval: a minus is lost, or the size of a "
        "fall is printed beside a signed interval.",
        _HANDBOOK_RATIO,
    ),
    CheckKind(
        "estimate_off_centre", "warning", "Estimate not in the middle of its interval",
        "Beyond what rounding allows, on the logarithmic scale for a ratio and also on the plain one. Bootstrapped and "
        "exact intervals may be lopsided a little, so only more than a seventh of the half width counts.",
        _HANDBOOK_RATIO,
    ),
    CheckKind(
        "bound_lost_digit", "error", "A bound with a lost, added or exchanged digit",
        "The estimate is not in the middle, and one changed digit, point or sign in one bound would put it there. A warning "
        "where the estimate still lies inside.",
        _HANDBOOK_RATIO,
    ),
    CheckKind(
        "bounds_swapped", "warning", "Bounds in descending order",
        "The higher bound is printed first: a sign of a wrong digit in a ratio, else an info, since falls are often ordered by "
        "their size.",
        _CONSORT_ESTIMATE,
    ),
    CheckKind(
        "ratio_not_positive", "error", "Ratio of zero or less",
        "A ratio of risks, odds, hazards, rates or means is positive, and so are the bounds of its interval.",
        _HANDBOOK_RATIO,
    ),
    # p values
    CheckKind(
        "p_impossible", "error", "p value above 1 or below 0", "A p value is a probability.", _STATCHECK,
    ),
    CheckKind(
        "p_zero", "info", "p value printed as zero",
        "No p value is exactly zero; it should be printed as smaller than the last digit allows (p < 0.001).", _STATCHECK,
    ),
    CheckKind(
        "p_decision", "error", "p and interval decide differently",
        "A 95 % interval that excludes no effect goes with p below 0.05 and the reverse; here one says significant, the "
        "other not.",
        _ALTMAN_P,
    ),
    CheckKind(
        "p_against_interval", "warning", "p does not follow from the interval",
        "Both rest on one standard error. The interval gives the range of p that rounding and few degrees of freedom "
        "allow; the printed p lies outside. A small distance, which another test may explain, is an info.",
        f"{_ALTMAN_P}; {_ALTMAN_CI}",
    ),
    CheckKind(
        "p_against_test", "error", "p does not follow from the test statistic",
        "t, F, chi-squared, z or r with its degrees of freedom gives p. It is an error where the decision at 0.05 "
        "changes, else a warning; one-sided p is allowed for where the text says so.",
        _STATCHECK,
    ),
    # words
    CheckKind(
        "significance_word", "warning", "“Significant” against the numbers",
        "The sentence calls the result significant, or not significant, and interval and p say the opposite.", _SPIN,
    ),
    CheckKind(
        "claim_without_significance", "info", "Difference stated although p is large",
        "The sentence states a rise, a fall or a difference without reserve, and its own p is 0.05 or more.", _SPIN,
    ),
    CheckKind(
        "direction_word", "warning", "Direction word against the sign",
        "The sentence says increased and estimate and interval are below no effect, or the reverse.", _SPIN,
    ),
    CheckKind(
        "order_of_values", "warning", "Comparison against the order of its values",
        "“A was lower than B (25 vs 32)” with the greater value first: either the word is wrong or the values stand in the "
        "other order than the groups.",
        _CONSORT_ESTIMATE,
    ),
    # one number against another
    CheckKind(
        "percent_against_ratio", "warning", "Percentage against ratio",
        "A fall of 19 % is a ratio of 0.81. The percentage and the ratio printed beside it differ.", _CONSORT_ESTIMATE,
    ),
    CheckKind(
        "percent_against_values", "warning", "Percentage change against the two values",
        "The change of the two values printed beside it is another percentage, neither relative nor in points.",
        _CONSORT_ESTIMATE,
    ),
    CheckKind(
        "headline_against_body", "warning", "Headline against the text",
        "The title gives a size (“reduced 40 percent”, “3X more likely”) that no result in the text comes near.", _SPIN,
    ),
    CheckKind(
        "repeated_numbers", "warning", "Same estimate and interval for two outcomes",
        "Two outcomes with the same estimate and both bounds the same to the last digit: one may be a copy of the other.",
        _CONSORT_ESTIMATE,
    ),
    # counts
    CheckKind(
        "percent_against_count", "error", "Percentage against its count",
        "The number of people divided by the total does not round, up or down, to the printed percentage; or a count and its "
        "percentage are of more people than the study has (an info).",
        _GRIM,
    ),
    CheckKind(
        "grim", "warning", "Mean that no whole numbers can have",
        "A mean of counts is a whole number divided by the size of the group; none rounds to the printed one.", _GRIM,
    ),
    CheckKind(
        "sd_or_se", "warning", "SD and SE may be confused",
        "What follows ± is too small for a standard deviation: as a standard error it fits the p value or the counts.",
        _HANDBOOK_SE,
    ),
    CheckKind(
        "skewed", "info", "SD larger than the mean allows",
        "A quantity that cannot be negative and has an SD more than twice its mean is far from normally distributed.",
        _SKEW,
    ),
    CheckKind(
        "groups_against_total", "warning", "Groups do not add up to the total",
        "The sizes of the groups named in a sentence do not add up to the number that was divided among them; or the two "
        "denominators of a result do not add up to the study's size (an info where they are fewer: people get lost).",
        _CONSORT,
    ),
    CheckKind(
        "rows_against_total", "warning", "Table rows do not add up to the total",
        "The studies listed do not add up to the number of participants that the synthesis gives.",
        "PRISMA 2020, items 17 and 20",
    ),
    # synthesis
    CheckKind(
        "i2_against_q", "warning", "I² does not follow from Q",
        "I² is (Q - df) / Q, and 0 where that is negative.", _HANDBOOK_I2,
    ),
    # extraction
    CheckKind(
        "repaired", "info", "A damaged number was repaired",
        "The printed expression was damaged and the text allows one reading, which is the one recorded.",
        "the text itself; the repair states its reason",
    ),
)  # fmt: skip

#: Code → check, in the order of ``kg check --list``.
CATALOGUE: dict[str, CheckKind] = {kind.code: kind for kind in _KINDS}
