"""Checks of one result against another: repeated numbers, percentages against ratios and values."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kg.records import RATIO_MEASURES
from kg.statistics.intervals import SYNTHESES
from kg.statistics.passage import PEOPLE, Finding, Passage
from kg.statistics.rounding import Range, printed_range

#: A finding with the identifier of the effect it is about.
Found = tuple[str, Finding]

_ABOUT = re.compile(r"about|approximat|nearly|almost|roughly|around|~|over|more than|up to|at least|some|up by|≈|half", re.IGNORECASE)  # fmt: skip
_ADJUSTED = re.compile(
    r"adjust|multivari|logistic|regression|pooled|model|matched|weighted|aOR|aRR|imput",
    re.IGNORECASE,
)
#: Characters between two results of one passage: farther apart, the second may tell the first again.
_NEAR = 1200
#: Percentage points of a percentage from its ratio that careless rounding may make.
_CARELESS = 1.0


def check_pairs(passages: Sequence[Passage]) -> Iterator[Found]:
    """Yield what two results of one document say against each other."""
    in_order = sorted(
        passages, key=lambda p: (p.effect.evidence[-1].start_char, p.effect.evidence[-1].end_char)
    )
    yield from _repeated(in_order)
    for one, two in itertools.pairwise(in_order):
        yield from _percent_and_ratio(one, two)
    for first, second, ratio in zip(in_order, in_order[1:], in_order[2:], strict=False):
        yield from _values_and_ratio(first, second, ratio)
    for passage in in_order:
        yield from _percent_and_course(passage)
        yield from _two_shares(passage)


def _repeated(passages: Sequence[Passage]) -> Iterator[Found]:
    """Yield pairs of outcomes with the same estimate and the same two bounds (or p), near each other."""
    groups: dict[tuple[object, ...], list[Passage]] = defaultdict(list)
    for passage in passages:
        effect = passage.effect
        if effect.value is None or effect.outcome is None or effect.reported_as != "result":
            continue
        if passage.prints("value", "ci_low", "ci_high"):
            key: tuple[object, ...] = (
                effect.measure,
                effect.value,
                effect.ci_low,
                effect.ci_high,
                passage.study.id,
            )
            if len(str(abs(effect.value)).strip("0.")) >= 2:
                groups[key].append(passage)
    for same in groups.values():
        for one, two in itertools.pairwise(same):
            if _is_other_outcome(one, two):
                effect = two.effect
                yield (
                    effect.id,
                    Finding(
                        "repeated_numbers",
                        f"{effect.measure} {effect.value:g} ({effect.ci_low:g} to {effect.ci_high:g}) is also given for "
                        f"“{one.outcome}”, here for “{two.outcome}”: one may be a copy of the other.",
                        {"value": effect.value or 0.0, "ci_low": effect.ci_low or 0.0, "ci_high": effect.ci_high or 0.0},
                    ),
                )  # fmt: skip


def _is_other_outcome(one: Passage, two: Passage) -> bool:
    a, b = one.effect, two.effect
    distance = b.evidence[-1].start_char - a.evidence[-1].end_char
    if a.outcome == b.outcome or not 0 < distance < _NEAR:
        return False
    if a.timepoint != b.timepoint or a.population != b.population:
        return False
    if not _may_be_one(one.intervention, two.intervention):
        return False
    shared = _stems(one.outcome) & _stems(two.outcome)
    smaller = min(len(_stems(one.outcome)), len(_stems(two.outcome)))
    return smaller > 0 and len(shared) * 2 < smaller


def _may_be_one(one: str, two: str) -> bool:
    """Tell whether two names share most words: "IL-2 treatment" and "low-dose IL-2", not "vitamin D" and "vitamin E"."""
    a, b = (set(re.findall(r"\w+", label.casefold())) for label in (one, two))
    return a == b or len(a & b) * 2 > min(len(a), len(b))


def _stems(label: str) -> set[str]:
    return {word[:5].lower() for word in re.findall(r"[A-Za-z]{3,}", label)}


def _percent_and_ratio(one: Passage, two: Passage) -> Iterator[Found]:
    """Compare "by 16 % (RR 0.84 …": a percentage of change with the ratio right behind or before it."""
    for percent, ratio in ((one, two), (two, one)):
        a, b = percent.effect, ratio.effect
        if a.measure != "percent_change" or b.measure not in RATIO_MEASURES - {"ROM"}:
            continue
        if a.value is None or b.value is None or b.value <= 0 or a.evidence[0] != b.evidence[0]:
            continue
        if not (percent.prints("value") and ratio.prints("value")) or a.outcome != b.outcome:
            continue
        between = _between(one, two)
        if not re.fullmatch(r"[^.;\d]{0,70}[(\[,:]\s*[^.;\d]{0,40}", between) or percent.before.endswith("/") or _ABOUT.search(percent.before[-25:]):  # fmt: skip
            continue
        said = abs(printed_range(a.value, a.printed.value))
        factor = printed_range(b.value, b.printed.value)
        if factor.low <= 0:
            continue
        computed = [abs(factor - 1.0) * 100.0, abs(Range(1 / factor.high, 1 / factor.low) - 1.0) * 100.0]  # fmt: skip
        if min(said.gap(item) for item in computed) <= _CARELESS:
            continue
        yield (
            a.id,
            Finding(
                "percent_against_ratio",
                f"{abs(a.value):g} % is printed beside {b.measure} {b.value:g}, which is a change of {computed[0].centre:.0f} %.",
                {"percent": a.value, "ratio": b.value, "computed": round(100 * (b.value - 1), 2)},
            ),
        )  # fmt: skip


def _values_and_ratio(first: Passage, second: Passage, ratio: Passage) -> Iterator[Found]:
    """Compare "13.5 % against 31.9 % (OR 0.19 …": two shares with the crude ratio behind them."""
    a, b, c = first.effect, second.effect, ratio.effect
    if c.measure not in ("OR", "RR") or a.measure != "percent" or b.measure != "percent":
        return
    if not a.evidence[0] == b.evidence[0] == c.evidence[0] or ratio.study.design in SYNTHESES:
        return
    if a.value is None or b.value is None or c.value is None or c.value <= 0 or c.adjusted:
        return
    if not (0 < a.value < 100 and 0 < b.value < 100) or _ADJUSTED.search(ratio.sentence):
        return
    if not (first.prints("value") and second.prints("value") and ratio.prints("value")):
        return
    if not re.fullmatch(r"[^.;\d]{0,60}\b(?:vs\.?|versus|compared|and|against)\b[^.;\d]{0,60}", _between(first, second)):  # fmt: skip
        return
    if not re.fullmatch(r"[^.;\d]{0,70}[(\[,;]\s*[^.;\d]{0,40}", _between(second, ratio)):
        return
    x, y = (printed_range(e.value or 0.0, e.printed.value) * 0.01 for e in (a, b))
    if min(x.low, y.low) <= 0 or max(x.high, y.high) >= 1:
        return
    if c.measure == "OR":
        x, y = x / (-(x - 1.0)), y / (-(y - 1.0))
    printed = printed_range(c.value, c.printed.value)
    if printed.low <= 0:
        return
    distance = min(printed.map(math.log).gap(crude.map(math.log)) for crude in (x / y, y / x))
    if distance < math.log(1.5):
        return
    crude = (x / y).centre if abs(math.log(c.value) - math.log((x / y).centre)) < abs(math.log(c.value) - math.log((y / x).centre)) else (y / x).centre  # fmt: skip
    yield (
        c.id,
        Finding(
            "percent_against_ratio",
            f"{a.value:g} % and {b.value:g} % make {c.measure} {crude:.2f}, but {c.value:g} is printed.",
            {"percent_1": a.value, "percent_2": b.value, "ratio": c.value, "computed": round(crude, 4)},
        ),
    )  # fmt: skip


_SHARE = re.compile(
    rf"(?<![\d.,/])(?P<n>\d{{1,4}})\s+{PEOPLE}?\s*[\[(]\s*(?P<p>\d{{1,2}}(?:\.\d+)?)\s?%\s*[\])]\s+in\s+the\s+(?P<group>[\w -]{{3,40}}?)\s+(?:group|arm)\b"
)


def _two_shares(passage: Passage) -> Iterator[Found]:
    """Compare "5 patients [26.3 %] … 2 patients [40 %]" of one group: what they are shares of."""
    if passage.effect.value is None or passage.sentence.count("%") < 2:
        return
    shares = list(_SHARE.finditer(passage.sentence))
    for one, two in itertools.combinations(shares, 2):
        if one["group"] != two["group"] or passage.effect.value != float(two["p"]):
            continue
        events = int(one["n"]), int(two["n"])
        if not min(events) or max(events) < 4 or not float(one["p"]) or not float(two["p"]):
            continue
        totals = [
            Range(float(n), float(n)) / (printed_range(float(p), p) * 0.01)
            for n, p in ((events[0], one["p"]), (events[1], two["p"]))
        ]
        if any(total.low <= 0 or math.isinf(total.high) for total in totals):
            continue
        if totals[0].map(math.log).gap(totals[1].map(math.log)) < math.log(2):
            continue
        yield (
            passage.effect.id,
            Finding(
                "percent_against_count",
                f"{events[1]} as {two['p']} % is of about {totals[1].centre:.0f}, while {events[0]} as {one['p']} % of the same "
                f"group is of about {totals[0].centre:.0f}.",
                {"events_1": events[0], "percent_1": float(one["p"]), "events_2": events[1], "percent_2": float(two["p"])},
                "warning",
            ),
        )  # fmt: skip


_NUM = r"\d+(?:[.·]\d+)?"
_SPREAD = r"(?:\s?(?:±|\+/-)\s?\d+(?:[.·]\d+)?)?"
_COURSE = re.compile(
    rf"\bfrom\s+(?:a\s+\w+\s+of\s+)?(?P<a>{_NUM}){_SPREAD}\s?(?P<unit_a>%|[A-Za-zµ/]*)\s*(?:[\w ]{{0,30}}?)\bto\s+(?P<b>{_NUM}){_SPREAD}\s?(?P<unit_b>%|[A-Za-zµ/]*)"
)
_PERCENT_CLAIM = re.compile(
    rf"\b(?:increas|decreas|reduc|improv|declin|fell|rose|drop|ris)\w*\s+(?:significantly\s+)?(?:by\s+)?(?P<p>{_NUM})\s?%(?!\s?(?:CI|confidence|\())"
    rf"|(?<!\d)(?P<q>{_NUM})\s?%\s+(?:increase|decrease|reduction|improvement|decline|drop|rise)\b"
)
_PAIR = re.compile(
    rf"[(\[]\s*(?P<a>{_NUM})\s?(?P<unit_a>%?)\s*(?:vs\.?|versus|compared (?:with|to))\s*(?P<b>{_NUM})\s?(?P<unit_b>%?)"
)


def _percent_and_course(passage: Passage) -> Iterator[Found]:
    """Compare "improved 75 % … (from 373 to 500 m)", "a 23 % increase … (78 % vs 55 %)" with the values."""
    effect = passage.effect
    if (
        effect.measure not in ("percent_change", "percent")
        or effect.value is None
        or not passage.prints("value")
    ):
        return  # fmt: skip
    sentence = passage.sentence
    claims = list(_PERCENT_CLAIM.finditer(sentence))
    if len(claims) != 1 or _ABOUT.search(
        sentence[max(0, claims[0].start() - 20) : claims[0].end()]
    ):
        return  # fmt: skip
    claim = claims[0]
    digits = claim["p"] or claim["q"]
    if float(digits.replace("·", ".")) != abs(effect.value):
        return
    said = printed_range(abs(effect.value), digits)
    relative: list[Range] = []
    points: list[Range] = []
    for course in (*_COURSE.finditer(sentence), *_PAIR.finditer(sentence)):
        if abs(course.start() - claim.end()) > 120:
            continue
        a = printed_range(float(course["a"].replace("·", ".")), course["a"])
        b = printed_range(float(course["b"].replace("·", ".")), course["b"])
        if a.low <= 0 or b.low <= 0:
            continue
        relative += [abs(b - a) / a * 100.0, abs(b - a) / b * 100.0]
        if "%" in (course["unit_a"], course["unit_b"]):
            points.append(abs(b - a))
    near = max(_CARELESS, 0.05 * said.centre)
    if not relative or any(said.gap(item) <= near for item in relative):
        return
    nearest = min(relative, key=said.gap)
    in_points = any(said.gap(item) <= _CARELESS for item in points)
    yield (
        effect.id,
        Finding(
            "percent_against_values",
            f"{abs(effect.value):g} % is printed, but the values beside it change by {nearest.centre:.0f} %"
            + (": it is percentage points." if in_points else "."),
            {"percent": effect.value, "computed": round(nearest.centre, 2)},
            "info" if in_points else None,
        ),
    )


def _between(one: Passage, two: Passage) -> str:
    text = one.record.document.text
    start, end = one.effect.evidence[-1].end_char, two.effect.evidence[-1].start_char
    return " ".join(text[start:end].split()) if start < end < start + 300 else "0"
