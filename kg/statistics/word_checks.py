"""Checks of words against numbers: "significant", "increased", "A was lower than B (25 vs 32)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.measures import GROUP_MEASURES
from kg.numbers.statistic import ALPHA
from kg.statistics.intervals import Printed, printed_p, read_printed
from kg.statistics.passage import Finding, Passage
from kg.statistics.rounding import parse_number
from kg.statistics.scales import LOG_MEASURES, NULL_VALUES

#: Measures that describe one group.

#: Where a claim made before it ends.
_BREAK = re.compile(
    r";|:\s(?=[A-Z])|\.\s|\b(?:but|however|although|though|while|whereas|except|only|yet|despite|apart|other than)\b",
    re.IGNORECASE,
)
_NOT = r"(?:\bno\b|\bnot\b|\bnor\b|n't\b|\bneither\b|\bwithout\b|\bnon\b|\black\b|\bfail(?:s|ed|ure)? to\b|\bnever\b)"
_NOT_SIGNIFICANT = re.compile(
    rf"{_NOT}(?![^.;()]{{0,30}}clinical)(?:(?!\band\b|,)[^.;()]){{0,40}}?\bsignifican\w+|\b(?:in|non-?)significan\w+|\bnon-?\s?statistically significan\w+"
    rf"|{_NOT}[^.;()]{{0,25}}?\b(?:association|associated|difference|differ|differed|correlat\w+)\b",
    re.IGNORECASE,
)
_SIGNIFICANT = re.compile(
    r"(?<!clinically )(?<!marginally )(?<!borderline )(?<!nearly )(?<!almost )(?<!not )(?<!of )\bsignifican(?:t|tly)\b"
    r"(?!\s+(?:level|predictor|threshold|at|trend|others?|if|when|for|interaction))",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:increas|decreas|reduc|high|low|great|less|more|improv|differ|associat|correlat|longer|shorter|better|worse|"
    r"elevat|fewer|declin|chang|effect|predict|inhibit|delay|relat)",
    re.IGNORECASE,
)
_NUMBER_BETWEEN = re.compile(r"\d\s?%|[=<>]\s?-?[.\d]|\d\.\d")
_NEGATION = re.compile(_NOT, re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[(\[][^()\[\]]*$")
_CHANGED = re.compile(
    r"\b(?:increas|decreas|reduc|higher|lower|greater|more|less|signific|improv|caused|but)",
    re.IGNORECASE,
)
_ANOTHER_P = re.compile(r"\b[Pp]\W{0,4}(?:values?\W{0,3})?[<>=≤≥]\s?[.\d]")
_STATED = re.compile(
    r"\b(?:higher|lower|greater|increased|decreased|reduced|improved|shorter|longer|fewer|better|worse)\b",
    re.IGNORECASE,
)
#: Not ratios and coefficients: "lower fatigue (beta = 0.13)" may name the predictor.
_STATED_MEASURES = GROUP_MEASURES | {"direction_only", "percent_change", "MD"}
_HEDGED = re.compile(
    r"signific|\bNS\b|trend|tend|numerical|similar|comparable|\bno\b|\bnot\b|n't|neither|nor\b|without|slight|"
    r"but |although|however|differ",
    re.IGNORECASE,
)
_VALUES = re.compile(r"[(\[][^()]*$")
_NOT_P = re.compile(r"trend|interaction|heterogeneity|noninferior|non-inferior", re.IGNORECASE)
_MULTIPLE = re.compile(r"bonferroni|multiple (?:testing|comparison)|adjusted p|99(?:\.\d+)?\s?% ?C", re.IGNORECASE)  # fmt: skip

_UP = r"increased|higher|elevated|greater|raised|rose"
_DOWN = r"decreased|lower|reduced|declined|fell|less|diminished"
#: "was significantly increased [SMD = …": the word right before the number.
_PREDICATE = re.compile(
    rf"\b(?:was|were|is|are|been)\s+(?:\w+ly\s+){{0,2}}(?:(?P<up>{_UP})|(?P<down>{_DOWN}))"
    r"(?P<tail>(?:\s+[\w-]+){0,7})\s*[\[(,:]?\s*$",
    re.IGNORECASE,
)
#: "an increased risk of fracture (RR …"
_RISK = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s+(?:the\s+)?(?:relative\s+)?(?:risks?|odds|incidence|rates?|likelihood|mortality)\b"
    r"(?P<tail>(?:\s+[\w-]+){0,8})\s*[\[(,:]?\s*$",
    re.IGNORECASE,
)
#: What turns the meaning of a direction word, or makes the number count something else.
_TURNS = re.compile(
    r"surviv|free\b|improv|worse|better|loss|similar|\bno\b|\bnot\b|n't|fail|without|neither|nor\b|than|respond|response|"
    r"likel|time to|quit|reduction|decline|increase\b|declin|recover|PFS|OS\b|DFS|non-?signif|compared|versus|\bvs\b|"
    r"control|placebo",
    re.IGNORECASE,
)

_VALUE = r"[-−–]?\d+(?:[.·]\d+)?"
_SPREAD = r"(?:\s*(?:±|\+/-|\+/−)\s*\d+(?:[.·]\d+)?)?"
_ORDER = re.compile(
    r"\b(?:(?P<less>lower|shorter|smaller|fewer)|(?P<more>higher|greater|longer|larger))\b"
    r"(?P<middle>[^().;:\d]{0,90}?)\b(?:than|compared (?:with|to)|versus|vs\.?)\s(?P<rest>[^().;:\d]{0,80})"
    rf"[(\[]\s*(?P<a>{_VALUE}){_SPREAD}\s?(?P<unit_a>%|[A-Za-zµ°/²³0-9·]{{0,14}}(?:/[A-Za-z²³0-9]+)?)\s*"
    rf"(?:vs\.?|versus|v\.?|compared (?:with|to))\s*(?P<b>{_VALUE}){_SPREAD}(?!\d)\s?(?P<unit_b>%|[A-Za-zµ°/²³0-9·]{{0,14}})",
    re.IGNORECASE,
)
#: The two numbers that end such a passage, which few sentences hold.
_AGAINST = re.compile(
    rf"(?:[vV](?:[sS]\.?|[eE][rR][sS][uU][sS]|\.?)|[cC](?i:ompared (?:with|to)))\s*{_VALUE}"
)
_ORDER_TURNS = re.compile(
    r"\b(?:no|not|neither|nor|without|risk|odds|reduction|decrease|decline|loss|improvement|change|lower|higher|shorter|"
    r"longer|greater|fewer|less|more|smaller|larger|but|and|while|whereas|similar)\b",
    re.IGNORECASE,
)


def check_words(passage: Passage) -> Iterator[Finding]:
    """Yield the words of a sentence that its numbers contradict."""
    effect = passage.effect
    printed = None
    if (
        effect.measure in NULL_VALUES
        and effect.reported_as == "result"
        and passage.prints("value", "ci_low", "ci_high")
    ):
        printed = read_printed(effect)
    unfit = list(_significance(passage, printed))
    yield from unfit or _unproven(passage)
    if printed is not None:
        yield from _direction(passage, printed)
    yield from _order(passage)


def _significance(passage: Passage, printed: Printed | None) -> Iterator[Finding]:
    effect = passage.effect
    p = printed_p(effect) if passage.prints("p") else None
    if p is None and printed is None:
        return
    if _NOT_P.search(passage.before[-60:] + passage.number) or _MULTIPLE.search(passage.sentence):
        return
    claim = _claim(passage.before)
    if claim is None:
        return
    word, significant = claim
    if printed is not None and abs(printed.level - 95) > 0.01:
        return
    if significant:
        by_interval = printed is None or printed.includes_null
        by_p = p is None or p.low >= ALPHA
    else:
        by_interval = printed is None or printed.excludes_null
        by_p = p is None or p.high < ALPHA or (effect.p_operator == "<" and p.high <= ALPHA)
    if not (by_interval and by_p):
        return
    parts = []
    numbers: dict[str, float] = {}
    if printed is not None and effect.ci_low is not None and effect.ci_high is not None:
        verb = "includes" if significant else "excludes"
        parts.append(
            f"the interval {effect.ci_low:g} to {effect.ci_high:g} {verb} no effect ({printed.null:g})"
        )
        numbers |= {"ci_low": effect.ci_low, "ci_high": effect.ci_high}
    if p is not None and effect.p_value is not None:
        parts.append(f"p {effect.p_operator or '='} {effect.p_value:g}")
        numbers["p"] = effect.p_value
    yield Finding(
        "significance_word", f"The sentence says “{word}”, but {' and '.join(parts)}.", numbers
    )


def _claim(before: str) -> tuple[str, bool] | None:
    """Return what the words before a number claim, and whether they claim significance.

    A denial holds for a whole list, a claim for the first number after it.
    """
    lower = before.lower()
    if not any(word in lower for word in ("significan", "associat", "differ", "correlat")):
        return None
    listed = _clause(_BRACKETS.sub("", before))
    denial = max(_NOT_SIGNIFICANT.finditer(listed), key=re.Match.end, default=None)
    if denial is not None:
        if _CHANGED.search(listed[denial.end() :]) or _ANOTHER_P.search(before):
            return None
        return denial[0].strip(), False
    clause = _clause(before)
    word = max(_SIGNIFICANT.finditer(clause), key=re.Match.end, default=None)
    if word is None:
        return None
    rest = clause[word.end() :]
    if _NUMBER_BETWEEN.search(rest) or not _CLAIM.match(rest.lstrip()) or _NEGATION.search(clause):
        return None
    return " ".join([word[0], *rest.split()[:1]]).rstrip(" ,(["), True


def _clause(before: str) -> str:
    """Return the last clause of the words before a number."""
    start = max((found.end() for found in _BREAK.finditer(before)), default=0)
    return before[start:][-240:]


def _unproven(passage: Passage) -> Iterator[Finding]:
    """Tell of "was higher (p = 0.14)": a difference stated, and not called non-significant."""
    effect = passage.effect
    p = printed_p(effect)
    if p is None or p.low < ALPHA or effect.p_operator not in ("=", ">", ">=", None):
        return
    if effect.direction not in ("increase", "decrease") or effect.reported_as != "result":
        return
    if effect.measure not in _STATED_MEASURES:
        return
    if _NOT_P.search(passage.before[-60:] + passage.number) or not passage.prints("p"):
        return
    clause = _clause(passage.before)
    word = max(_STATED.finditer(clause), key=re.Match.end, default=None)
    if word is None or _HEDGED.search(clause + passage.after[:40]):
        return
    if _NUMBER_BETWEEN.search(_VALUES.sub("", clause[word.end() :])):
        return
    yield Finding(
        "claim_without_significance",
        f"The sentence says “{word[0]}” without reserve, and p {effect.p_operator or '='} {effect.p_value:g}.",
        {"p": effect.p_value or 0.0},
    )


def _direction(passage: Passage, printed: Printed) -> Iterator[Finding]:
    effect = passage.effect
    if not printed.excludes_null or effect.value is None:
        return
    above = printed.low.low > printed.null
    ratio = effect.measure in LOG_MEASURES
    start = max((found.end() for found in _BREAK.finditer(passage.before)), default=0)
    clause = passage.before[start:]
    found = _PREDICATE.search(clause) or (_RISK.search(clause) if ratio else None)
    if found is None or _TURNS.search(clause) or _TURNS.search(passage.outcome):
        return
    if effect.measure == "HR" and not re.search(r"risk|death|mortality|hazard", clause, re.IGNORECASE):  # fmt: skip
        return
    says_up = found["up"] is not None
    if says_up == above or (not says_up and not ratio):
        return  # the size of a fall is often printed without its sign
    word = found["up"] or found["down"]
    side = "above" if above else "below"
    yield Finding(
        "direction_word",
        f"The sentence says “{word}”, but {effect.measure} {effect.value:g} ({effect.ci_low:g} to {effect.ci_high:g}) lies "
        f"{side} {printed.null:g}.",
        {"value": effect.value, "ci_low": effect.ci_low or 0.0, "ci_high": effect.ci_high or 0.0},
    )


def _order(passage: Passage) -> Iterator[Finding]:
    if passage.effect.value is None or not _AGAINST.search(passage.sentence):
        return
    found = _ORDER.search(passage.sentence)
    if found is None:
        return
    first, second = parse_number(found["a"]), parse_number(found["b"])
    if abs(first) != abs(passage.effect.value) or min(first, second) <= 0:
        return
    if (found["less"] is not None) == (first < second) or first == second:
        return
    if found["unit_a"] and found["unit_b"] and found["unit_a"].lower() != found["unit_b"].lower():
        return
    before = passage.sentence[max(0, found.start() - 60) : found.start()]
    if _ORDER_TURNS.search(found["middle"] + found["rest"]) or re.search(
        _NOT + r"[^,;]*$", before, re.IGNORECASE
    ):
        return  # fmt: skip
    word = found["less"] or found["more"]
    yield Finding(
        "order_of_values",
        f"“{word} … than” stands before {found['a']} versus {found['b']}: the word is wrong, or the values stand in the other "
        "order than the groups.",
        {"first": first, "second": second},
    )
