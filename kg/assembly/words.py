"""Closed word classes that tell how the phrases of a sentence stand to its numbers.

Data only: what each class is for stands beside it. All entries are lower case.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.lexicon import word_set

#: Joins two things that are compared or listed side by side.
CONNECTORS = word_set(
    ", ; and or & / + vs vs. versus v than with to compared compared- against nor but the in of for a group groups"
)
VERSUS = word_set("vs vs. versus v against than compared relative opposed")
CONJUNCTIONS = word_set("and or nor but while whereas although & plus")
PREPOSITIONS = word_set(
    "of in for on with to by at from among between after before during within over under"
)
COPULAS = word_set(
    "was were is are be been had has have showed shows demonstrated exhibited received achieved reached"
)

#: Heads that make a phrase a group of people or animals.
GROUP_WORDS = word_set(
    "group groups arm arms cohort cohorts patient patients participant participants subject subjects women men"
    " woman man children infants adults controls control cases case individuals persons people boys girls mothers"
    " recipients users nonusers non-users mice rats gilts pigs animals volunteers students smokers placebo quartile"
    " quintile tertile quartiles quintiles tertiles those ones elderly adolescents neonates newborns residents"
    " survivors workers nurses physicians eyes"
)
#: Names of a group that say only that it is the treated one.
GENERIC_WORDS = word_set(
    "intervention interventions treatment treatments treated study experimental active test supplemented"
    " supplementation exposed therapy drug drugs"
)
CONTROL_WORDS = word_set(
    "placebo control controls comparator usual standard sham conventional untreated no without non-intervention"
    " nontreated healthy normal unexposed reference waiting waitlist alone vehicle saline baseline lowest"
)
TIME_WORDS = word_set(
    "month months week weeks year years day days hour hours baseline follow-up followup visit end time period"
    " minutes min weekly daily postoperatively discharge admission january february march april may june july"
    " august september october november december winter summer"
)
#: Heads of phrases that name a measured quantity.
QUANTITY_WORDS = word_set(
    "level levels concentration concentrations score scores rate rates risk incidence prevalence mortality survival"
    " pressure weight density mass index ratio duration number frequency proportion percentage odds hazard length"
    " volume count counts loss gain function strength pain quality response size height intake dose output time"
    " use occurrence recurrence relapse failure success event events death deaths fracture fractures infection"
    " infections symptom symptoms attacks episodes adherence compliance satisfaction performance activity"
    " sensitivity specificity cost costs temperature velocity clearance excretion"
)
#: Words of statistics itself, never what was measured.
STATISTIC_WORDS = word_set(
    "ci confidence interval intervals p value values ratio odds hazard difference differences mean median sd se"
    " standard deviation error iqr interquartile range analysis regression model respectively significant"
    " significance test tests hr or rr md smd wmd total trend effect effects estimate estimates association"
    " associations correlation correlations increase decrease reduction result results comparison comparisons"
    " study studies trial trials meta-analysis review average coefficient beta"
)
INCREASE_CUES = word_set(
    "increase increased increases increasing higher greater more elevated raised rise rose risen longer larger"
    " stronger gain gained gains improve improved improves improvement improving better augmented enhanced enhances enhance"
    " heavier taller faster aggravated aggravates worsened worsening worse exacerbated doubled tripled upregulated positively excess"
    " likelier superior grew grown promoted promotes prolonged most highest up exceeded exceeds"
)
DECREASE_CUES = word_set(
    "decrease decreased decreases decreasing lower less fewer reduce reduced reduces reduction reductions reducing"
    " declined decline declines fell fallen falling drop dropped shorter smaller weaker lost loss attenuated"
    " alleviated alleviates suppressed inhibited prevented prevents protective lowered lowers lowering diminished"
    " inversely negatively inverse improved-away inferior lowest least slower down decreased protected relieved mitigated ameliorated"
)
NEUTRAL_CUES = word_set(
    "similar similarly comparable equal equally unchanged same nonsignificant non-significant insignificant equivalent"
    " neither nor unaffected noninferior non-inferior"
)
NEGATIONS = word_set(
    "no not neither nor without cannot never none non failed lack nonsignificantly"
)
SIGNIFICANCE = word_set("significant significantly significance significative")
CHANGE_WORDS = word_set(
    "change changed changes from baseline before after pre post pretreatment posttreatment initial final"
)
BACKGROUND_CUES = word_set(
    "previous previously prior earlier reported known estimated hypothesized hypothesised aim aimed objective purpose"
)
ASSOCIATION_CUES = word_set(
    "associated association associations correlated correlation correlations related predictor predicted predicts linked"
)
POPULATION_FRAME = word_set(
    "included enrolled randomized randomised recruited eligible allocated assigned participated invited screened aged age mean-age"
)
PER_WORDS = word_set("per each every")

#: Words on which a sentence about an association turns, by kind, with the words that must follow soon:
#: what stands before and after them has different roles.
PIVOTS: dict[str, tuple[frozenset[str], frozenset[str], int]] = {
    "assoc": (
        word_set("associated association associations correlated correlation linked related relationship"),
        word_set("with to"),
        4,
    ),
    "factor": (
        word_set("factor factors predictor predictors predictive prognostic determinant determinants predicted predicts"),
        word_set("for of the"),
        2,
    ),
    "risk": (
        word_set("risk risks odds likelihood hazard hazards probability incidence rate rates chance likely prevalence"),
        word_set("of for to"),
        1,
    ),
}  # fmt: skip
WORD_CLASSES: dict[str, frozenset[str]] = {
    "group": GROUP_WORDS,
    "control": CONTROL_WORDS,
    "time": TIME_WORDS,
    "quantity": QUANTITY_WORDS,
    "stat": STATISTIC_WORDS,
}
CUE_CLASSES: dict[str, frozenset[str]] = {
    "up": INCREASE_CUES,
    "down": DECREASE_CUES,
    "same": NEUTRAL_CUES,
    "not": NEGATIONS,
    "sig": SIGNIFICANCE,
    "change": CHANGE_WORDS,
    "background": BACKGROUND_CUES,
    "assoc": ASSOCIATION_CUES,
    "frame": POPULATION_FRAME,
    "versus": VERSUS,
    "per": PER_WORDS,
}
#: Classes counted between a phrase and a number.
BETWEEN_CLASSES: dict[str, frozenset[str]] = {
    "comma": frozenset({","}),
    "semi": frozenset({";", ":"}),
    "conj": CONJUNCTIONS,
    "versus": VERSUS,
    "prep": PREPOSITIONS,
    "verb": COPULAS,
    "open": frozenset({"(", "["}),
    "close": frozenset({")", "]"}),
}

#: Words right before a phrase, by the feature of the phrase that says so.
WORDS_BEFORE: dict[str, frozenset[str]] = {
    "after_of": word_set("of"),
    "after_in": word_set("in among for"),
    "after_than": word_set("than vs vs. versus to with against"),
    "after_and": word_set("and or , /"),
    "after_by": word_set("by after following receiving taking"),
    **{
        f"after_{word}": frozenset({word})
        for word in "on between to with from as after during over".split()
    },
    "behind_per": word_set("per"),
}
#: Words right after a phrase.
WORDS_AFTER: dict[str, frozenset[str]] = {
    "before_verb": COPULAS,
    "before_open": word_set("( ["),
    "before_of": word_set("of"),
    "before_in": word_set("in among for"),
    "then_versus": VERSUS,
}
_ALL_CLASSES: dict[str, frozenset[str]] = {
    **WORD_CLASSES,
    **BETWEEN_CLASSES,
    **{f"cue_{name}": members for name, members in CUE_CLASSES.items()},
    **WORDS_BEFORE,
    **WORDS_AFTER,
}
#: The bit of each word class in :func:`class_bits`, and of words with a digit.
CLASS_BIT = {name: 1 << n for n, name in enumerate((*_ALL_CLASSES, "digits"))}


@lru_cache(maxsize=65536)
def class_bits(word: str) -> int:
    """Return the classes of a lower-case word as a set of bits (`CLASS_BIT`)."""
    bits = CLASS_BIT["digits"] if any(c.isdigit() for c in word) else 0
    for name, members in _ALL_CLASSES.items():
        if word in members:
            bits |= CLASS_BIT[name]
    return bits


UNIT_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("percent", re.compile(r"^%")),
    ("concentration", re.compile(r"/(?:d|m|u|µ)?l\b|mol|meq", re.IGNORECASE)),
    ("pressure", re.compile(r"mm\s?\[?hg", re.IGNORECASE)),
    (
        "time",
        re.compile(r"^(?:a|mo|wk|d|h|min|s|years?|months?|weeks?|days?|hours?)\b", re.IGNORECASE),
    ),
    ("mass", re.compile(r"^(?:k|m|u)?g\b", re.IGNORECASE)),
    ("length", re.compile(r"^(?:c|m|k|u)?m\b", re.IGNORECASE)),
    ("iu", re.compile(r"\[?iu", re.IGNORECASE)),
)


def unit_class(unit: str | None) -> str:
    """Return the class of a unit, ``"none"`` without one, ``"other"`` for an unknown one."""
    if not unit:
        return "none"
    for name, pattern in UNIT_CLASSES:
        if pattern.search(unit):
            return name
    return "other"
