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
from kg.statistics.rounding import Range, decimals_of
from kg.statistics.scales import LOG_MEASURES, NULL_VALUES, z_from_p

#: Half widths beyond rounding from which an estimate is called off the centre.
_LOPSIDED = 0.15


#: Standard errors between the printed p and the nearest that the interval allows.
_CLEAR_GAP, _TELLING_GAP, _SMALL_GAP = 1.0, 0.3, 0.05
#: Half widths off the centre from which an interval was not built from a standard error alone.
_A_LITTLE = 0.05
_NAMES = {
    "RR": r"risk|\bRR|rate|ratio", "OR": r"odds|OR\b", "HR": r"hazard|HR\b", "IRR": r"rate|ratio|IRR",
    "ROM": r"ratio", "SMD": r"standardi[sz]ed|SMD|effect size|\bES\b|Hedges|Cohen",
    "RD": r"difference|\bA?RD\b|points|risk reduction", "ARR": r"reduction|difference|ARR",
    "beta": r"β|beta|coefficient|slope|\bB\b",
}  # fmt: skip
_DIFFERENCE_NAME = (
    r"difference|\bW?MD\b|Δ|chang|reduc|increas|decreas|declin|\bfell\b|rose|improv|lower|higher|"
    r"greater|less|more|points?\b|gain|loss|lost|shorter|longer"
)
_ONE_SIDED = re.compile(
    r"one[- ]?(?:sided|tailed)|1[- ]?(?:sided|tailed)|non-?inferior", re.IGNORECASE
)
_OTHER_P = re.compile(r"trend|interaction|heterogeneity|overall|noninf", re.IGNORECASE)
_INTERVAL = re.compile(r"CI|confidence|interval|[(\[]|\bto\b", re.IGNORECASE)
_RATIO_WORD = r"\b(?:ratio|odds|hazards?|relative risk|risk (?:of|for)|(?-i:OR|HR|RR))\b"
_GRADED = re.compile(
    r"\bQ[1-5]\b|quartile|quintile|tertile|trend|highest|\bT[123]\b", re.IGNORECASE
)
_CREDIBLE = re.compile(
    r"credible|\bCrI\b|bayes|bootstrap|percentile|median|Hodges|exact|profile", re.IGNORECASE
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
    yield from _swapped(passage)
    printed = read_printed(effect, labelled=_is_named(passage))
    if printed is None:
        return
    misplaced = _misplaced(passage, printed)
    if misplaced is not None:
        yield misplaced
    if printed.holds_value and effect.measure in CENTRED_MEASURES and effect.measure in NULL_VALUES:
        yield from _against_p(passage, printed, misplaced is not None)


def _is_named(passage: Passage) -> bool:
    """Tell whether the text before or in the number names the measure, and names no ratio for a difference."""
    measure = passage.effect.measure
    value = passage.effect.printed.value or ""
    words = f"{passage.before[-60:]} {passage.number.partition(value)[0]}"
    if not value or value not in passage.number:
        words = f"{passage.before[-60:]} {passage.number}"
    following = passage.number.partition(value)[2][:24]  # "6.4 points higher (95 % CI …"
    if measure not in LOG_MEASURES and re.match(
        r"[^(\[;,]*(?:points?|higher|lower|greater|less)\b", following
    ):
        return True
    own = _last(_NAMES.get(measure, _DIFFERENCE_NAME), words)
    if measure in LOG_MEASURES:
        return own >= 0
    return own > _last(_RATIO_WORD, words)


def _last(pattern: str, words: str) -> int:
    """Return where the last match begins, -1 where there is none."""
    return max((m.start() for m in re.finditer(pattern, words, re.IGNORECASE)), default=-1)


def _is_level(passage: Passage) -> bool:
    """Tell whether the estimate is really the level of the interval: "95 percent confidence …"."""
    effect = passage.effect
    return (
        effect.measure == "percent"
        and effect.value is not None
        and 80 <= effect.value < 100
        and re.match(r"\D*[\d.]+\s?(?:%|percent|per cent)\s*(?:CI|confidence)", passage.number)
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


def _swapped(passage: Passage) -> Iterator[Finding]:
    """Tell of bounds printed with the higher one first."""
    effect = passage.effect
    low, high = effect.ci_low, effect.ci_high
    if low is None or high is None or low == high:
        return
    one, two = effect.printed.ci_low or "", effect.printed.ci_high or ""
    if not (
        low > high
        or (
            one != two
            and _follows(passage.number, two, one)
            and not _follows(passage.number, one, two)
        )
    ):
        return
    first, second = max(low, high), min(low, high)
    falls = first < 0
    printed = read_printed(effect)
    if (
        not falls
        and printed is not None
        and effect.measure not in CENTRED_MEASURES
        and not _well_inside(printed)
    ):
        likely = _likely_bound(passage, printed)
        if likely is not None:
            yield Finding(
                "bound_lost_digit",
                f"The interval of {_shown(effect, 'value')} is printed from {first:g} to {second:g}; with {likely[1]} as a "
                "bound the estimate would be in the middle.",
                {**_numbers(effect), "likely_bound": likely[2]},
            )
            return
    yield Finding(
        "bounds_swapped",
        f"The interval is printed from {first:g} to {second:g}, the higher bound first"
        + (", ordered by the size of the fall." if falls else "."),
        {"first": first, "second": second},
        "info" if falls or effect.measure not in LOG_MEASURES else "warning",
    )


def _follows(text: str, first: str, second: str) -> bool:
    """Tell whether one number is printed right before another, with no other between."""
    pattern = (
        rf"(?<![\d.]){re.escape(first)}(?![\d.])[^\d=<>]{{1,14}}?{re.escape(second)}(?![\d.]\d)"
    )
    return re.search(pattern, text) is not None


def _well_inside(printed: Printed) -> bool:
    margin = 0.1 * (printed.high.centre - printed.low.centre)
    return printed.low.centre + margin < printed.value.centre < printed.high.centre - margin


def _misplaced(passage: Passage, printed: Printed) -> Finding | None:
    """Return what is wrong with the place of the estimate in its interval."""
    effect = passage.effect
    centred = effect.measure in CENTRED_MEASURES
    numbers = _numbers(effect)
    if (
        not _is_named(passage)
        and printed.measure not in LOG_MEASURES
        and centred
        and printed.holds_value
    ):
        return None
    shown = f"{_name(effect)} {_shown(effect, 'value')} (interval {_shown(effect, 'ci_low')} to {_shown(effect, 'ci_high')})"
    off = printed.off_centre if centred else 0.0

    if printed.holds_value and off <= _LOPSIDED:
        return None
    if centred and _flipped(printed):
        return Finding(
            "sign_against_interval",
            f"{shown}: with the other sign the estimate stands in the middle of its interval; a minus sign is lost, or "
            "the size of a fall stands beside a signed interval.",
            numbers,
        )
    likely = _likely_bound(passage, printed) if centred else None
    if likely is not None:
        name, digits, value = likely
        return Finding(
            "bound_lost_digit",
            f"{shown}: the estimate is not in the middle; with {digits} as the {name} bound it would be.",
            {**numbers, "likely_bound": value},
            "error" if not printed.holds_value else None,
        )
    if not printed.holds_value:
        return Finding(
            "estimate_outside_interval",
            f"{shown}: the estimate lies outside its interval.",
            numbers,
        )
    if _CREDIBLE.search(passage.sentence) or not _is_named(passage):
        return None
    scale = "on the logarithmic scale" if effect.measure in LOG_MEASURES else "of the interval"
    return Finding(
        "estimate_off_centre",
        f"{shown}: the estimate is {off:.0%} of the half width away from the middle {scale}, more than rounding explains.",
        {**numbers, "off_centre": round(off, 4)},
    )


def _flipped(printed: Printed) -> bool:
    if printed.measure in LOG_MEASURES:
        return False
    other = Printed(
        printed.measure, -printed.value, printed.low, printed.high, printed.level, printed.scales
    )
    return (
        other.holds_value and other.off_centre <= 0.02 and not printed.value.meets(-printed.value)
    )


def _likely_bound(passage: Passage, printed: Printed) -> tuple[str, str, float] | None:
    """Return the one bound that a single changed character would put right: its name, digits, value.

    Where either bound may be the wrong one, the one is taken whose mending also puts them in order.
    """
    effect = passage.effect
    if effect.ci_low is None or effect.ci_high is None:
        return None
    found: dict[tuple[str, str, float], bool] = {}
    for name, other_name in (("ci_low", "ci_high"), ("ci_high", "ci_low")):
        number = getattr(effect, name)
        places = decimals_of(number, getattr(effect.printed, name))
        other_bound = getattr(effect, other_name)
        is_first = _stands_first(passage, name, other_name)
        for digits in _one_character_away(f"{number:.{places}f}"):
            value = float(digits)
            bound = Range(value - 0.5 * 10.0**-places, value + 0.5 * 10.0**-places)
            fixed = (
                printed.low if other_bound == min(effect.ci_low, effect.ci_high) else printed.high
            )
            low, high = sorted((bound, fixed), key=lambda end: end.centre)
            if low.low >= printed.value.high or high.high <= printed.value.low:
                continue
            if printed.measure in LOG_MEASURES and low.low <= 0:
                continue
            candidate = Printed(
                printed.measure, printed.value, low, high, printed.level, printed.scales[:1]
            )
            if candidate.off_centre == 0.0:
                which = "lower" if value < fixed.centre else "upper"
                found[which, digits, value] = is_first == (value < fixed.centre)
    if len(found) > 1:
        found = {key: ordered for key, ordered in found.items() if ordered}
    return next(iter(found)) if len(found) == 1 else None


def _stands_first(passage: Passage, name: str, other: str) -> bool:
    """Tell whether one bound is printed before the other."""
    printed = passage.effect.printed
    one, two = getattr(printed, name) or "", getattr(printed, other) or ""
    if _follows(passage.number, one, two):
        return True
    return name == "ci_low" and not _follows(passage.number, two, one)


def _one_character_away(text: str) -> set[str]:
    """Return the numbers that differ by sign, a moved point, two exchanged digits or a lost first digit."""
    body = text.lstrip("-")
    sign = "-" if text.startswith("-") else ""
    found = {body if sign else f"-{body}"}
    digits = body.replace(".", "")
    point = body.find(".") if "." in body else len(body)
    for place in (point - 1, point + 1):
        if 0 < place < len(digits):
            found.add(f"{sign}{digits[:place]}.{digits[place:]}")
    for i in range(len(digits) - 1):
        exchanged = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        found.add(sign + (exchanged[:point] + "." + exchanged[point:]).rstrip("."))
    found.update(f"{sign}{digit}{body}" for digit in "123456789")
    return {item for item in found if item != text and float(item) != float(text)}


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
    numbers = {**_numbers(effect), "p": effect.p_value, "p_low": _round(allowed.low), "p_high": _round(allowed.high)}  # fmt: skip
    interval = f"{_name(effect)} {_shown(effect, 'value')} ({_shown(effect, 'ci_low')} to {_shown(effect, 'ci_high')})"
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


def _numbers(effect: Effect) -> dict[str, float]:
    found = {
        "value": effect.value,
        "ci_low": effect.ci_low,
        "ci_high": effect.ci_high,
        "ci_level": effect.ci_level,
    }
    return {name: number for name, number in found.items() if number is not None}


def _round(p: float) -> float:
    return float(f"{p:.3g}")


def _span(p: Range) -> str:
    low, high = _round(p.low), _round(p.high)
    if high < 1e-4:
        return "below 0.0001"
    if low < 1e-4:
        return f"of at most {high:.2g}"
    return f"of about {low:.2g}" if f"{low:.2g}" == f"{high:.2g}" else f"between {low:.2g} and {high:.2g}"  # fmt: skip


def _name(effect: Effect) -> str:
    return effect.measure.replace("_", " ")


def _shown(effect: Effect, name: str) -> str:
    """Return a number with as many digits as were printed."""
    number = getattr(effect, name)
    return f"{number:.{decimals_of(number, getattr(effect.printed, name))}f}"


def _p_text(effect: Effect) -> str:
    return (effect.printed.p or f"{effect.p_value:g}").lstrip("<>=≤≥ ")
