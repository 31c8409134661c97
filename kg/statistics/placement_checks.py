"""Where an estimate stands in its interval, and which digit or sign may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.records import Effect
from kg.statistics.intervals import CENTRED_MEASURES, Printed, read_printed
from kg.statistics.passage import Finding, Passage
from kg.statistics.rounding import Range, decimals_of
from kg.statistics.scales import LOG_MEASURES

#: Half widths beyond rounding from which an estimate is called off the centre.
_LOPSIDED = 0.15
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
_RATIO_WORD = r"\b(?:ratio|odds|hazards?|relative risk|risk (?:of|for)|(?-i:OR|HR|RR))\b"
_CREDIBLE = re.compile(
    r"credible|\bCrI\b|bayes|bootstrap|percentile|median|Hodges|exact|profile", re.IGNORECASE
)


def check_order(passage: Passage) -> Iterator[Finding]:
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
                f"The interval of {shown(effect, 'value')} is printed from {first:g} to {second:g}; with {likely[1]} as a "
                "bound the estimate would be in the middle.",
                {**numbers_of(effect), "likely_bound": likely[2]},
                "warning",
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


def find_misplaced(passage: Passage, printed: Printed) -> Finding | None:
    """Return what is wrong with the place of the estimate in its interval."""
    effect = passage.effect
    centred = effect.measure in CENTRED_MEASURES
    numbers = numbers_of(effect)
    if (
        not is_named(passage)
        and printed.measure not in LOG_MEASURES
        and centred
        and printed.holds_value
    ):
        return None
    said = f"{name_of(effect)} {shown(effect, 'value')} (interval {shown(effect, 'ci_low')} to {shown(effect, 'ci_high')})"
    off = printed.off_centre if centred else 0.0

    if printed.holds_value and off <= _LOPSIDED:
        return None
    if centred and _flipped(printed):
        return Finding(
            "sign_against_interval",
            f"{said}: with the other sign the estimate stands in the middle of its interval; a minus sign is lost, or "
            "the size of a fall stands beside a signed interval.",
            numbers,
        )
    likely = _likely_bound(passage, printed) if centred else None
    if likely is not None:
        name, digits, value = likely
        return Finding(
            "bound_lost_digit",
            f"{said}: the estimate is not in the middle; with {digits} as the {name} bound it would be.",
            {**numbers, "likely_bound": value},
            None if not printed.holds_value else "warning",
        )
    if not printed.holds_value:
        return Finding(
            "estimate_outside_interval",
            f"{said}: the estimate lies outside its interval.",
            numbers,
        )
    if _CREDIBLE.search(passage.sentence) or not is_named(passage):
        return None
    scale = "on the logarithmic scale" if effect.measure in LOG_MEASURES else "of the interval"
    return Finding(
        "estimate_off_centre",
        f"{said}: the estimate is {off:.0%} of the half width away from the middle {scale}, more than rounding explains.",
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


def is_named(passage: Passage) -> bool:
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


def numbers_of(effect: Effect) -> dict[str, float]:
    found = {
        "value": effect.value,
        "ci_low": effect.ci_low,
        "ci_high": effect.ci_high,
        "ci_level": effect.ci_level,
    }
    return {name: number for name, number in found.items() if number is not None}


def name_of(effect: Effect) -> str:
    return effect.measure.replace("_", " ")


def shown(effect: Effect, name: str) -> str:
    """Return a number with as many digits as were printed."""
    number = getattr(effect, name)
    return f"{number:.{decimals_of(number, getattr(effect.printed, name))}f}"
