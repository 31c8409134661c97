"""The declared tables of the number grammar: how measures, intervals and statistics are written.

Each pattern is matched against text mapped by :func:`kg.numbers.charmap.map_characters`, at one
place at a time. White space is bounded in every pattern (``_S``), so that matching stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.records import Measure

_S: Final = r"[ \n]{0,8}"
_G: Final = r"[ \n]{1,8}"


@dataclass(frozen=True, slots=True)
class MeasureName:
    """A way of naming a measure.

    ``strict`` names are so short that they count only where a value can follow: before ``=``,
    ``:``, a bracket or a number. ``percent`` marks measures whose values are printed with ``%``.
    """

    measure: Measure
    pattern: str
    strict: bool = False
    ignore_case: bool = True


_ADJ: Final = (
    r"(?:(?:multivariable|multivariate|fully|age|sex)?[- ]?(?:un)?adjusted|crude|pooled|summary|relative|"
    r"cumulative|overall|incidence|prevalence|standardi[sz]ed|weighted|weighed)"
)

#: Measures by name, the longest and most particular first.
MEASURE_NAMES: Final[tuple[MeasureName, ...]] = (
    # standardised differences before plain ones
    MeasureName("SMD", rf"standardi[sz]ed{_G}(?:weighted{_G})?mean{_G}differences?"),
    MeasureName("SMD", rf"standard{_G}mean{_G}differences?"),
    MeasureName("SMD", rf"(?:summary{_G})?effect{_G}sizes?(?:{_G}of{_G}the{_G}difference)?"),
    MeasureName("SMD", rf"(?:Cohen(?:'?s)?|Hedges?(?:'?s?)?){_G}['\"]?[dg]['\"]?(?![a-z])"),
    MeasureName("WMD", rf"weight?ed{_G}mean{_G}differences?"),
    MeasureName("RD", rf"(?:absolute{_G})?risk{_G}differences?"),
    MeasureName("RD", rf"risk{_G}reductions?(?=[ \n]{{0,8}}[\(\[]RD[\)\]])"),
    MeasureName("ARR", rf"absolute{_G}risk{_G}reductions?"),
    MeasureName("RRR", rf"relative{_G}risk{_G}reductions?"),
    MeasureName("NNT", r"numbers?[- ]needed[- ]to[- ](?:(?:be[- ])?(?:treat|screen|vaccinat|immuni[sz])(?:e?d?)|harm|prevent|avoid|benefit|cause|receive)(?![a-z])"),
    MeasureName("NNT", rf"numbers?{_G}of{_G}(?:\w{{1,20}}{_G}){{1,2}}(?:who{_G}|that{_G})?(?:would{_G})?need(?:ed|ing)?{_G}to{_G}(?:be{_G})?(?:treat|screen|vaccinat)(?:ed?)?(?![a-z])"),
    MeasureName("NNT", r"NN[TH][BH]?s?(?![A-Za-z])", ignore_case=False),
    MeasureName(
        "MD",
        rf"(?:adjusted{_G}|least[- ]squares?{_G}|LS{_G}|estimated{_G}|absolute{_G}|between[- ]groups?{_G}|pooled{_G}|treatment{_G}|net{_G}){{0,4}}"
        rf"mean{_G}(?:treatment{_G}|between[- ]groups?{_G}|group{_G}|change{_G}|adjusted{_G}){{0,4}}differences?",
    ),
    MeasureName("MD", rf"(?:between[- ]groups?|treatment|group|adjusted|absolute|net|inter-?group|LS|pooled|estimated|mean){_G}(?:mean{_G})?differences?"),
    MeasureName("MD", r"differences?(?=(?:[ \n]{1,3}of[ \n]{1,3}|[ \n]{1,3}(?:was|were|is)[ \n]{1,3}|[ \n]{0,3}[,:=;(][ \n]{0,3}|[ \n]{1,3})(?:only |about |approximately |an additional )?[-+$€£]{0,2}[ ]?\.?\d)"),
    MeasureName("MD", rf"differences?{_G}(?:in|of|between){_G}(?:the{_G})?means?"),
    MeasureName("OR", r"(?:(?:log[- ])?odds?)[- \n]{1,3}ratios?(?:'s)?"),
    MeasureName("HR", r"hazards?[- \n]{1,3}ratios?"),
    MeasureName("HR", r"sub-?hazard ratios?"),
    MeasureName("IRR", r"(?:incidence[- ]|event[- ]|incident[- ])?rate[- \n]{1,3}ratios?"),
    MeasureName("IRR", rf"relative{_G}rates?"),
    MeasureName("ROM", rf"ratio{_G}of{_G}(?:geometric{_G})?means"),
    MeasureName("ROM", rf"(?:geometric{_G})?mean{_G}ratios?"),
    MeasureName("RR", rf"(?:relative|prevalence){_G}(?:risks?|ratios?)(?:{_G}ratios?)?"),
    MeasureName("RR", r"risk[- \n]{1,3}ratios?"),
    MeasureName("AUC", rf"area{_G}under{_G}the{_G}(?:receiver[- ]operating[- ]characteristics?{_G}|ROC{_G})*(?:\(?ROC\)?{_G})?curve"),
    MeasureName("AUC", r"曲线下面积"),
    MeasureName("AUC", r"[Cc][- ](?:statistics?|index)", ignore_case=False),
    MeasureName("r", rf"(?:Pearson(?:'s)?|Spearman(?:'s)?(?:{_G}rank)?|partial){_G}correlations?(?:{_G}coefficients?)?"),
    MeasureName("r", rf"correlation{_G}coefficients?"),
    MeasureName("kappa", rf"(?:Cohen'?s?{_G})?(?:weighted{_G})?kappa(?:{_G}(?:coefficient|statistic|value))?s?"),
    MeasureName("beta", rf"(?:regression{_G}|beta{_G}|β[- ]?|unstandardi[sz]ed{_G}|standardi[sz]ed{_G})?coefficients?(?![a-z ]{{1,4}}of{_G}variation)"),
    # abbreviations; case counts
    MeasureName("OR", r"(?:a|A|u|c|m|adj\.? ?|p)?ORs?(?:[\(\[]?(?:adj|a)\.?[\)\]]?)?(?![A-Za-z])", ignore_case=False),
    MeasureName("OR", r"0R(?=s?[ :=,])", ignore_case=False),
    MeasureName("HR", r"(?:a|A|s|S|u|c|cs|sd|m|p|adj\.? ?|MV)?HRs?(?:[\(\[]?(?:adj|a)\.?[\)\]]?)?(?=Q\d|T\d|per(?![a-z])|[^A-Za-z]|$)", ignore_case=False),
    MeasureName("HR", r"HR[A-Z](?=[ ]?=)", ignore_case=False),
    MeasureName("IRR", r"(?:a|A)?IRRs?(?:[\(\[]?adj\.?[\)\]]?)?(?![A-Za-z])", ignore_case=False),
    MeasureName("RRR", r"RRRs?(?![A-Za-z])", ignore_case=False),
    MeasureName("ARR", r"ARRs?(?![A-Za-z])", ignore_case=False),
    MeasureName("RR", r"(?:a|m|c|p|adj\.? ?)?RRs?(?:[\(\[]?(?:adj|a)\.?[\)\]]?)?(?=Q\d|T\d|per(?![a-z])|[^A-Za-z]|$)", ignore_case=False),
    MeasureName("RR", r"(?:a|A)?PRs?(?![A-Za-z])", strict=True, ignore_case=False),
    MeasureName("SMD", r"(?:S|sd|st)MDs?(?![A-Za-z])", ignore_case=False),
    MeasureName("WMD", r"WMDs?(?![A-Za-z])", ignore_case=False),
    MeasureName("MD", r"(?:a|A|LS|LSM?|N|P)?MDs?(?![A-Za-z])", strict=True, ignore_case=False),
    MeasureName("SMD", r"(?:ES|ESs|SES)(?![A-Za-z])", strict=True, ignore_case=False),
    MeasureName("RD", r"(?:A?RDs?)(?![A-Za-z])", strict=True, ignore_case=False),
    MeasureName("AUC", r"(?:AUC|AUROC|AUC-ROC|ROC-AUC)s?(?![ ]?\((?:0|inf|∞|t|last))(?=[ \n]{0,3}(?:[=:,(\[]|of |was |is |for |0?\.\d)|[ \n]{1,3}\d)", ignore_case=False),
    MeasureName("ROM", r"(?:GMR|RoM|ROM)s?(?=[ \n]{0,3}[=:,(\[])", ignore_case=False),
    MeasureName("R2", r"(?:(?:adjusted|adj\.?)[ ])?[Rr](?:2|²|\^2|\(2\)|-squared?)(?=[ \n]{0,3}[=:<>])", ignore_case=False),
    MeasureName("rho", r"(?:rho|ρ|r[_ ]?s|Spearman'?s? (?:rho|ρ|r))(?=[ \n]{0,3}[=:(])", ignore_case=False),
    MeasureName("r", r"[rR](?:[ ]?\([ ]?(?:p|s|(?:df[ ]?=[ ]?)?\d{1,5})[ ]?\))?(?=[ \n]{0,3}[=:][ \n]{0,3}[-+.\d])", ignore_case=False),
    MeasureName("beta", r"(?:(?:adjusted|standardi[sz]ed|unstandardi[sz]ed|std\.?|stand\.) )?(?:S?β|ß|[Bb]eta|(?<!roup )(?<!rm )[Bb](?!,))(?:[- ]?(?:coefficient|coeff?\.?|values?|estimates?|weights?))?s?(?=[ \n]{0,3}[=:;,][ \n]{0,3}[-+.\d])", ignore_case=False),
    MeasureName("beta", r"slopes?(?=[ \n]{1,3}(?:was|were|for|of|in)[ \n]|[ \n]{0,3}[(=:,±])", strict=True),
    MeasureName("beta", r"(?:β|ß)(?=[ \n]{0,3}[-+.\d])", ignore_case=False),
    MeasureName("MD", r"[Δ∆](?=[ \n]{0,3}=[ \n]{0,3}[-+.\d])", ignore_case=False),
    MeasureName("kappa", r"κ(?=[ \n]{0,3}[=:(])", ignore_case=False),
    MeasureName("SMD", r"[dg](?=[ \n]{0,3}=[ \n]{0,3}-?[.\d])", ignore_case=False),
)  # fmt: skip

#: An abbreviation in brackets that only repeats the name before it: "hazard ratio [HR]".
REPEATED_NAME: Final = (
    r"(?:[ \n]{0,8}[\(\[](?:adjusted |adj\.? |crude )?(?:[a-z]{0,3}(?:OR|HR|RR|IRR|RD|MD|SMD|WMD|NN[TH][BH]?|AUC|ARR|RRR|PR|ES|AUROC|ROM|LSMD)s?|r|d|β)"
    r"(?:adj|a)?[\)\]])"
)

#: Kinds of intervals: the label, without the level that may stand before or after it.
INTERVAL_LABEL: Final = (
    r"(?:(?i:(?:confidence|credible|credibility|uncertainty|confident)[- \n]{1,8}(?:intervals?|limits?|ranges?|bounds?))"
    r"|C\.?[ ]?I\.?s?(?![A-Za-z0-9])|CrIs?(?![A-Za-z])|Cl(?![A-Za-z])|CL(?![A-Za-z])|CIs?(?=[a-z]?\d)|CL(?=\d)|IC(?![A-Za-z])|C/(?=[: ])|UI(?=[ :,]{1,2}\d)|BCI(?![A-Za-z])|HDI(?![A-Za-z]))"
)
LEVEL: Final = r"(?:99\.9|97\.5|98\.\d|99\.\d|9\d|8\d|6\d|50)"

#: Statistics with names of their own: key → pattern. Keys are what the grammar goes by.
STATISTIC_NAMES: Final[tuple[tuple[str, str, bool], ...]] = (
    # key, pattern, ignore case
    ("i2", r"(?:I(?:2|²|\^2|\(2\))|I[- ]squared?|I 2|inconsistency index)(?=[ \n]{0,3}(?:statistic)?[ \n]{0,3}[=:<>(,]|[ \n]{0,3}(?:was|of|value|for|\d))", False),
    ("tau2", r"(?:τ(?:2|²|\^2)|[Tt]au(?:2|²|\^2|[- ]squared?))(?=[ \n]{0,3}[=:<>])", False),
    ("chi2", r"(?:χ(?:2|²|\^2|\(2\))?|[Xx](?:2|²)|[Cc]hi(?:2|²|\^2|[- ]squared?))(?:[ ]?[\(\[](?:df[ =]{0,3})?\d{1,4}(?:,[ ]?[Nn][ ]?=[ ]?\d{1,6})?[\)\]])?(?=[ \n]{0,3}[=:<>])", False),
    ("F", r"F(?:[ \n]?\d{1,3},[ ]?\d{1,5}(?=[ ]?=)|[ ]?[\(\[][ ]?\d{1,4}(?:\.\d{1,3})?[ ]?[,;/][ ]?\d{1,5}(?:\.\d{1,3})?[ ]?[\)\]])?(?=[ \n]{0,3}[=:][ \n]{0,3}\d)", False),
    ("t", r"t(?:[ ]?[\(\[][ ]?(?:df ?= ?)?\d{1,5}(?:\.\d{1,3})?[ ]?[\)\]])?(?=[ \n]{0,3}[=:][ \n]{0,3}[-+.\d])", False),
    ("z", r"[Zz](?=[ \n]{0,3}=[ \n]{0,3}[-+.\d])", False),
    ("U", r"U(?=[ \n]{0,3}=[ \n]{0,3}\d)", False),
    ("W", r"W(?=[ \n]{0,3}=[ \n]{0,3}\d)", False),
    ("Q", r"(?:Cochran'?s?[ ])?Q(?=[ \n]{0,3}=[ \n]{0,3}\d)", False),
    ("df", r"d\.?f\.?(?=[ \n]{0,3}[=:]?[ \n]{0,3}\d)", True),
    ("n", r"(?:[nN](?:'s)?|[Ii]n(?= =))(?=[ \n]{0,3}[=:≈][ \n]{0,3}\d)", False),
    ("eta2", r"(?:partial )?(?:η|eta)(?:p)?(?:2|²|\^2|[- ]squared?)(?=[ \n]{0,3}[=:])", False),
    ("iqr", r"(?:inter[- ]?quart(?:ile|al)(?:[- \n]{1,3}ranges?)?|IQRs?|quartiles?|25th[- ](?:to |and |-)?75th(?: percentiles?)?|percentiles? 25[- ]75|Q1[-, ]{1,2}Q3)(?:[ ]?[\(\[]IQR[\)\]])?(?![A-Za-z])", True),
    ("sd", r"(?:standard[ \n]{1,3}deviations?|s\.d\.(?![A-Za-z])|SDs?(?![A-Za-z])|stdev|std\.? dev\.?|S\.D\.)(?:[ ]?[\(\[]SD[\)\]])?", False),
    ("se", r"(?:standard[ \n]{1,3}errors?(?:[ \n]{1,3}of[ \n]{1,3}(?:the[ \n]{1,3})?(?:means?|measurement|estimate))?|SEMs?(?![A-Za-z])|s\.e\.(?:m\.)?|S\.E\.(?:M\.)?|SE(?![A-Za-z]))(?:[ ]?[\(\[]SEM?[\)\]])?", False),
    ("range", r"(?:min(?:imum)?[-/ ]{1,3}max(?:imum)?|ranging from|ranged from|ranged between|ranging between|ranges?|ranged|ranging)(?![A-Za-z])", True),
    ("gmean", r"geometric[ \n]{1,3}means?", True),
    ("median", r"medians?(?![A-Za-z])", True),
    ("mean", r"(?:(?:adjusted|least[- ]squares?|LS|estimated marginal)[ \n]{1,3}){0,4}(?:means?|averages?|averaged|averaging)(?![A-Za-z])", True),
)  # fmt: skip

#: Kinds of p values: the text after "p" or "p for" → what :class:`~kg.numbers.statistic.Statistic` says.
P_KINDS: Final[dict[str, str]] = {
    "linear trend": "trend", "trend": "trend", "interaction": "interaction", "int": "interaction",
    "heterogeneity": "heterogeneity", "het": "heterogeneity", "heterog": "heterogeneity",
    "noninferiority": "noninferiority", "non-inferiority": "noninferiority",
    "superiority": "superiority", "equivalence": "equivalence", "nonlinearity": "nonlinearity",
    "non-linearity": "nonlinearity", "linearity": "linearity", "homogeneity": "heterogeneity",
    "group-by-time": "interaction",
}  # fmt: skip

#: Number words. "one" counts only where something else says that a number is meant.
UNITS_WORDS: Final[dict[str, int]] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS_WORDS: Final[dict[str, int]] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALE_WORDS: Final[dict[str, int]] = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
}  # fmt: skip

#: Words between two numbers that make them one range, a pair or a list.
VERSUS_WORDS: Final = frozenset({"vs", "versus", "v", "against"})


def _compile(names: tuple[MeasureName, ...]) -> tuple[tuple[MeasureName, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(name.pattern, re.IGNORECASE if name.ignore_case else 0)) for name in names
    )


COMPILED_MEASURES: Final = _compile(MEASURE_NAMES)
COMPILED_STATISTICS: Final = tuple(
    (key, re.compile(pattern, re.IGNORECASE if fold else 0))
    for key, pattern, fold in STATISTIC_NAMES
)
