"""Checks of one effect by its own numbers: estimate, interval, p value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from kg.records import RATIO_MEASURES, Effect
from kg.statistics.catalogue import Severity
from kg.statistics.intervals import (
    CENTRED_MEASURES,
    SYNTHESES,
    Printed,
    least_degrees_of_freedom,
    printed_p,
    read_printed,
)
from kg.statistics.passage import Finding, Passage
from kg.statistics.placement_checks import (
    check_order,
    find_misplaced,
    is_named,
    name_of,
    numbers_of,
    shown,
)
from kg.statistics.rounding import Range
from kg.statistics.scales import NULL_VALUES, z_from_p

#: Standard errors between the printed p and the nearest that the interval allows.
_CLEAR_GAP, _TELLING_GAP, _SMALL_GAP = 1.0, 0.3, 0.05
#: Half widths off the centre from which an interval was not built from a standard error alone.
_A_LITTLE = 0.05
_ONE_SIDED = re.compile(
    r"one[- ]?(?:sided|tailed)|1[- ]?(?:sided|tailed)|non-?inferior", re.IGNORECASE
)
_OTHER_P = re.compile(r"trend|interaction|heterogeneity|overall|noninf", re.IGNORECASE)
_INTERVAL = re.compile(r"CI|confidence|interval|[(\[]|\bto\b", re.IGNORECASE)
_GRADED = re.compile(
    r"\bQ[1-5]\b|quartile|quintile|tertile|trend|highest|\bT[123]\b", re.IGNORECASE
)
_BAD_P = re.compile(
    r"\b[Pp](?:[- ]?values?)?\s*(?:=|>|≥|:)\s*(?P<p>-\s?0?[.·]\d+|[1-9]\d*(?:[.·,]\d+)?)(?=\s*(?:[,;)\]]|$))"
)


def check_estimate(passage: Passage) -> Iterator[Finding]:
    """Yield what is wrong with one effect's own numbers."""
    effect = passage.effect
    for repair in effect.repairs:
        yield Finding("repaired", f"“{repair.before}” was read as {repair.after}: {repair.reason}.")
    yield from _impossible_ratio(passage)
    yield from _impossible_p(passage)
    if not passage.prints("value", "ci_low", "ci_high") or _is_level(passage):
        return
    if effect.measure == "NNT" or not _INTERVAL.search(passage.number):
        return  # an NNT's interval runs through infinity, and three bare numbers may be a list
    yield from check_order(passage)
    printed = read_printed(effect, labelled=is_named(passage))
    if printed is None:
        return
    misplaced = find_misplaced(passage, printed)
    if misplaced is not None:
        yield misplaced
    if printed.holds_value and effect.measure in CENTRED_MEASURES and effect.measure in NULL_VALUES:
        yield from _against_p(passage, printed, misplaced is not None)


def _is_level(passage: Passage) -> bool:
    """Tell whether the estimate is really the level of the interval: "95 percent confidence …"."""
    effect = passage.effect
    return (
        effect.measure == "percent"
        and effect.value is not None
        and 80 <= effect.value < 100
        and re.match(r"\D*\d[\d.]*\s?(?:%|percent|per cent)\s*(?:CI|confidence)", passage.number)
        is not None
    )


def _impossible_ratio(passage: Passage) -> Iterator[Finding]:
    effect = passage.effect
    if effect.measure not in RATIO_MEASURES:
        return
    for name in ("value", "ci_low", "ci_high"):
        number = getattr(effect, name)
        if number is not None and number < 0 and passage.prints(name):
            what = {"value": "", "ci_low": "lower bound ", "ci_high": "upper bound "}[name]
            yield Finding(
                "ratio_not_positive",
                f"{effect.measure} has the {what or 'value '}{number:g}, and no ratio is negative.",
                {name: number},
            )
            return
    if effect.printed.value == "0" and effect.ci_low != 0 and passage.prints("value"):
        yield Finding(
            "ratio_not_positive", f"{effect.measure} is printed as {effect.printed.value}, and no ratio is zero.",
            {"value": 0.0}, "info",
        )  # fmt: skip


def _impossible_p(passage: Passage) -> Iterator[Finding]:
    effect = passage.effect
    if effect.p_value == 0 and re.search(r"0?[.·,]0+$", effect.printed.p or ""):
        yield Finding(
            "p_zero",
            f"p is printed as {effect.printed.p or '0'}; no p value is exactly zero.",
            {"p": 0.0},
        )
    found = _BAD_P.search(passage.number) if effect.p_value is None else None
    if found is not None:
        number = float(re.sub(r"\s", "", found["p"]).replace("·", ".").replace(",", "."))
        if (number > 1 or number < 0) and not passage.after.lstrip()[:1].isalnum():
            yield Finding(
                "p_impossible",
                f"p is printed as {found['p']}, and a p value lies between 0 and 1.",
                {"p": number},
            )


def _against_p(passage: Passage, printed: Printed, misplaced: bool) -> Iterator[Finding]:
    effect = passage.effect
    p = printed_p(effect)
    if p is None or effect.p_value is None or not passage.prints("p"):
        return
    if _OTHER_P.search(passage.number) or re.search(
        r"credible|\bCrI\b|bayes", passage.sentence, re.IGNORECASE
    ):
        return  # fmt: skip
    one_sided = _ONE_SIDED.search(passage.sentence) is not None
    if one_sided:
        p = p.hull(p * 2)
    if _GRADED.search(passage.before + passage.number) or _is_one_of_two(passage):
        return  # one p for several groups
    allowed = printed.p(least_degrees_of_freedom(effect, passage.study))
    if allowed.meets(p):
        return
    usual = printed.p(math.inf) if passage.study.design in SYNTHESES else allowed
    gap = _z_range(usual).gap(_z_range(p))
    alpha = 1 - printed.level / 100
    shown_p = f"p {effect.p_operator or '='} {_p_text(effect)}"
    numbers = {**numbers_of(effect), "p": effect.p_value, "p_low": _round(allowed.low), "p_high": _round(allowed.high)}  # fmt: skip
    interval = f"{name_of(effect)} {shown(effect, 'value')} ({shown(effect, 'ci_low')} to {shown(effect, 'ci_high')})"
    gives = f"gives p {_span(allowed)}"
    crosses = printed.includes_null and p.high < alpha
    excludes = printed.excludes_null and p.low > alpha
    if (crosses or excludes) and gap >= _SMALL_GAP and not one_sided:
        says = "includes" if crosses else "excludes"
        yield Finding(
            "p_decision",
            f"{interval} {says} no effect, but {shown_p}; the interval {gives}.",
            numbers,
            None if gap >= _TELLING_GAP else "warning",
        )
    elif gap >= _SMALL_GAP:
        touches = printed.null in (effect.ci_low, effect.ci_high)  # of ranks on a coarse scale
        lopsided = misplaced or touches or printed.off_centre > _A_LITTLE
        grade: Severity = "warning" if gap >= (_CLEAR_GAP if lopsided else _TELLING_GAP) else "info"
        doubt = "" if grade == "warning" else "; another test may stand behind it"
        yield Finding(
            "p_against_interval", f"{interval} {gives}, but {shown_p} is printed{doubt}.", numbers, grade,
        )  # fmt: skip


def _is_one_of_two(passage: Passage) -> bool:
    """Tell whether an estimate stands beside another that it is compared with: the p is of both."""
    return (
        re.search(r"(?:\bvs\.?|versus|compared (?:with|to)|against)\s*[^\s(]{0,12}\s*[(\[]?\s*$", passage.before) is not None
        or re.match(r"[^.;]{0,12}?\b(?:vs\b|versus|compared)", passage.after) is not None
        or re.search(r"\d\S*\)?\s(?:vs\b|versus)", passage.number) is not None
    )  # fmt: skip


def _z_range(p: Range) -> Range:
    smallest = 1e-12
    return Range(z_from_p(min(1.0, max(smallest, p.high))), z_from_p(max(smallest, p.low)) if p.low > smallest else 40.0)  # fmt: skip


def _round(p: float) -> float:
    return float(f"{p:.3g}")


def _span(p: Range) -> str:
    low, high = _round(p.low), _round(p.high)
    if high < 1e-4:
        return "below 0.0001"
    if low < 1e-4:
        return f"of at most {high:.2g}"
    return f"of about {low:.2g}" if f"{low:.2g}" == f"{high:.2g}" else f"between {low:.2g} and {high:.2g}"  # fmt: skip


def _p_text(effect: Effect) -> str:
    return (effect.printed.p or f"{effect.p_value:g}").lstrip("<>=≤≥ ")
