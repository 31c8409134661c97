"""Checks of counts and spreads: n/N against percent, GRIM, SD against SE, skewness."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

from kg.records import Effect, Study
from kg.statistics.intervals import SYNTHESES, printed_p
from kg.statistics.passage import PEOPLE, Finding, Passage, groups_told
from kg.statistics.rounding import Range, decimals_of, printed_range, unit_of
from kg.statistics.scales import critical_t, z_from_p

_SURVIVAL = re.compile(
    r"surviv|kaplan|actuarial|cumulative|estimated|weighted|adjusted|imputed|-free|per 1|"
    r"pooled|rate per|person",
    re.IGNORECASE,
)
#: Outcomes that are counted one by one.
_COUNTED = re.compile(
    r"\b(?:number|count|no\.) of\s+(?:\w+\s+){0,3}(?:days|attacks|episodes|events|visits|falls|seizures|drinks|cigarettes|teeth|"
    r"children|exacerbations|relapses|admissions|lesions|embryos|oocytes|hospitali[sz]ations|headaches|migraines|injections|"
    r"words|errors|items|joints|nodes|infections|vomiting|doses|sessions)",
    re.IGNORECASE,
)
#: Outcomes whose counts vary from person to person at least about as much as chance would make them.
_EVENTS = re.compile(
    r"\b(?:attacks?|episodes?|seizures?|exacerbations?|relapses?|headaches?|migraines?|falls|drinks|cigarettes|visits)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"chang|differ|reduc|increas|decreas|declin|score|index|ratio|log|%|gain|loss|z-?score|delta|Δ", re.IGNORECASE)  # fmt: skip
#: What can be negative.
_SIGNED = re.compile(
    r"chang|differ|improve|gain|loss|z-?score|delta|Δ|\blog|excess|balance", re.IGNORECASE
)
_NEGATIVE = re.compile(r"[-−–+]\s?\d+(?:[.·]\d+)?\s?(?:±|\+/[-−])")
#: Half widths of rounding are allowed on either side, since texts round down as well.
_WHOLE_STEP = 1.0


def check_counts(passage: Passage) -> Iterator[Finding]:
    """Yield whole numbers of one effect that do not fit together."""
    effect = passage.effect
    yield from _percent(passage)
    yield from _implied_total(passage)
    yield from _grim(passage)
    if effect.measure == "mean" and effect.sd is not None and effect.value is not None:
        yield from _too_small_sd(passage, effect.value, effect.sd)
        yield from _skewed(passage, effect.value, effect.sd)


def _percent(passage: Passage) -> Iterator[Finding]:
    effect = passage.effect
    if effect.measure != "percent" or effect.value is None or not passage.prints("value"):
        return
    if effect.events is None or not effect.total or effect.events > effect.total:
        return
    fraction = re.search(
        rf"(?<![\d.,]){effect.events}\s?(?:/|of|out of)\s?(?:the\s)?{effect.total}(?![\d.])",
        passage.number.replace(",", ""),
    )
    if fraction is None or _SURVIVAL.search(passage.sentence):
        return
    step = unit_of(effect.value, effect.printed.value)
    share = 100 * effect.events / effect.total
    if abs(share - effect.value) < step * _WHOLE_STEP - 1e-9 or not 0 <= effect.value <= 100:
        return
    places = decimals_of(effect.value, effect.printed.value)
    yield Finding(
        "percent_against_count",
        f"{effect.events} of {effect.total} is {share:.{max(1, places)}f} %, but {effect.value:.{places}f} % is printed.",
        {
            "events": effect.events,
            "total": effect.total,
            "percent": effect.value,
            "computed": round(share, 4),
        },
        None if abs(share - effect.value) >= 2 * step else "warning",
    )


def _implied_total(passage: Passage) -> Iterator[Finding]:
    """Tell of "17 patients (55 %)" in a study of 29: no share of 29 people is that."""
    effect, n = passage.effect, passage.study.n_participants
    if effect.measure != "percent" or not effect.events or effect.total is not None or not n:
        return
    if not effect.value or not 0 < effect.value <= 100 or not passage.prints("value"):
        return
    if (
        passage.study.design in SYNTHESES
        or _SURVIVAL.search(passage.sentence)
        or groups_told(passage.study) > 1
    ):
        return  # fmt: skip
    whole = rf"(?<![\d.,]){effect.events}\s+{PEOPLE}\s+[(\[]\s*{re.escape(effect.printed.value or '')}\s?%\s*[)\],;]"
    if re.search(whole, passage.sentence) is None or effect.events > n:
        return
    step = unit_of(effect.value, effect.printed.value)
    least = effect.events / ((effect.value + step) / 100)
    if least <= n or n > 1000:
        return
    yield Finding(
        "percent_against_count",
        f"{effect.events} are {effect.value:g} % of {effect.events / effect.value * 100:.0f}, and the study has {n}.",
        {"events": effect.events, "percent": effect.value, "n": n},
        "info",
    )


def means_of_counts(n: int, places: int) -> float:
    """Return the share of all numbers with so many digits after the point that n counts can have as mean.

    1 or more: GRIM tells nothing.
    """
    return n / 10.0**places


def is_possible_mean(value: float, n: int, printed: str | None = None, items: int = 1) -> bool:
    """Tell whether a printed mean can be that of n whole numbers (GRIM).

    Parameters
    ----------
    value
        The mean.
    n
        How many whole numbers it is the mean of.
    printed
        Its digits as they stand; trailing zeros count.
    items
        How many whole numbers each participant's value is the mean of: 1 for a count.

    Examples
    --------
    >>> is_possible_mean(5.19, 28, "5.19"), is_possible_mean(5.18, 28, "5.18")
    (False, True)
    """
    place = printed_range(value, printed)
    grain = n * items
    return math.ceil(place.low * grain - 1e-9) <= math.floor(place.high * grain + 1e-9)


def _grim(passage: Passage) -> Iterator[Finding]:
    effect = passage.effect
    if effect.measure != "mean" or effect.value is None or not passage.prints("value"):
        return
    if (
        effect.n is None
        or effect.n < 2
        or not _COUNTED.search(f"{passage.outcome} {passage.before[-60:]}")
    ):
        return  # fmt: skip
    places = decimals_of(effect.value, effect.printed.value)
    if means_of_counts(effect.n, places) >= 1 or _CHANGE.search(passage.outcome):
        return
    if re.search(r"adjusted|least|LS|median|per\b", passage.before[-60:], re.IGNORECASE):
        return
    if is_possible_mean(effect.value, effect.n, effect.printed.value):
        return
    nearest = round(effect.value * effect.n)
    yield Finding(
        "grim",
        f"{effect.n} whole numbers cannot have the mean {effect.value:.{places}f}; {nearest}/{effect.n} is "
        f"{nearest / effect.n:.{places + 1}f}.",
        {"mean": effect.value, "n": effect.n, "nearest": round(nearest / effect.n, places + 2)},
    )


def _too_small_sd(passage: Passage, mean: float, sd: float) -> Iterator[Finding]:
    """Tell of an SD of counted events far below what chance alone makes of such counts."""
    if not _EVENTS.search(passage.outcome) or _CHANGE.search(passage.outcome) or mean < 1:
        return
    if re.search(r"\bper\b|incidence|\brates?\b", passage.sentence, re.IGNORECASE):
        return
    people, whole = passage.effect.n, passage.study.n_participants
    if (people is not None and people < 10) or (
        people is None and whole is not None and whole < 40
    ):
        return  # two people may well have as many attacks
    if sd <= 0 or sd >= 0.25 * math.sqrt(mean):
        return
    if re.search(
        r"\b(?:SE|SEM|s\.e\.m?|standard errors?)\b", passage.number + passage.before[-60:]
    ):
        return
    yield Finding(
        "sd_or_se",
        f"{mean:g} ± {sd:g}: counts with this mean vary by about {math.sqrt(mean):.2g} by chance alone, so ± {sd:g} is more "
        "likely a standard error than a standard deviation.",
        {"mean": mean, "sd": sd, "poisson_sd": round(math.sqrt(mean), 3)},
    )


def _skewed(passage: Passage, mean: float, sd: float) -> Iterator[Finding]:
    if sd <= 2 * mean or mean <= 0 or not passage.prints("value"):
        return
    if _SIGNED.search(passage.outcome) or _SIGNED.search(passage.sentence):
        return
    if _NEGATIVE.search(passage.sentence):
        return
    yield Finding(
        "skewed",
        f"The SD {sd:g} is {sd / mean:.1f} times the mean {mean:g}: a quantity that cannot be negative is far from normally "
        "distributed then.",
        {"mean": mean, "sd": sd},
    )


def check_spread(study: Study, passages: list[Passage]) -> Iterator[tuple[str, Finding]]:
    """Yield pairs of means whose SDs do not fit the p value between them, but fit as standard errors."""
    for one, two in itertools.pairwise(passages):
        a, b = one.effect, two.effect
        if not _is_pair(one, two):
            continue
        n_a, n_b = _size(study, a), _size(study, b)
        p = printed_p(b) if two.prints("p") else None
        if n_a is None or n_b is None or p is None or min(n_a, n_b) < 10 or p.low <= 0:
            continue
        if a.value is None or b.value is None or not a.sd or not b.sd:
            continue
        distance = abs(
            printed_range(a.value, a.printed.value) - printed_range(b.value, b.printed.value)
        )
        as_sd = distance / math.sqrt(a.sd**2 / n_a + b.sd**2 / n_b)
        as_se = distance / math.sqrt(a.sd**2 + b.sd**2)
        z = Range(z_from_p(p.high), z_from_p(p.low))
        slack = critical_t(n_a + n_b - 2) / 1.96
        if as_sd.low > 3 * z.high * slack and as_se.low <= z.high * 1.1 and as_se.high >= z.low * 0.9:  # fmt: skip
            yield (
                a.id,
                Finding(
                    "sd_or_se",
                    f"{a.value:g} ± {a.sd:g} (n = {n_a}) and {b.value:g} ± {b.sd:g} (n = {n_b}) with p {b.p_operator or '='} "
                    f"{b.p_value:g}: as standard deviations they give z = {as_sd.centre:.1f}, as standard errors {as_se.centre:.1f}.",
                    {"mean_1": a.value, "sd_1": a.sd, "n_1": n_a, "mean_2": b.value, "sd_2": b.sd, "n_2": n_b,
                     "p": b.p_value or 0.0},
                ),
            )  # fmt: skip


def _is_pair(one: Passage, two: Passage) -> bool:
    a, b = one.effect, two.effect
    return (
        a.measure == b.measure == "mean"
        and a.sd is not None and b.sd is not None and a.sd > 0 and b.sd > 0
        and a.value is not None and b.value is not None
        and a.outcome == b.outcome and a.outcome is not None
        and a.arm is not None and b.arm is not None and a.arm != b.arm
        and a.evidence[0] == b.evidence[0] and b.p_operator in ("=", None) and b.p_value is not None
        and re.fullmatch(r"[\s\w/%.,()=]{0,40}\b(?:vs\.?|versus|compared (?:with|to)|and)\b[\s\w]{0,40}",
                         one.record.document.text[a.evidence[-1].end_char : b.evidence[-1].start_char]) is not None
    )  # fmt: skip


def _size(study: Study, effect: Effect) -> int | None:
    if effect.n is not None:
        return effect.n
    return next((arm.n for arm in study.arms if arm.id == effect.arm), None)
