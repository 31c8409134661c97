"""What the linking models look at in a number by itself and in the words round it.

Every feature is a number; a feature that is absent is 0. The names are the model's columns, so a
feature that is renamed here needs the models refitted (``training/assembly.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kg.assembly.context import Context
from kg.assembly.words import CUE_CLASSES, unit_class
from kg.numbers.statistic import Statistic
from kg.records import RATIO_MEASURES

Features = dict[str, float]

MEASURE_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(RATIO_MEASURES, "ratio"),
    **dict.fromkeys(("MD", "WMD", "SMD", "RD", "ARR", "RRR", "NNT", "percent_change"), "difference"),
    **dict.fromkeys(("r", "rho", "R2", "beta"), "association"),
    "AUC": "auc", "kappa": "auc", "mean": "mean", "median": "median", "percent": "percent",
    "count": "count", "rate": "rate", "fold_change": "fold", "test_statistic": "test",
}  # fmt: skip


@cache
def word_scores() -> dict[str, tuple[float, float, float, float]]:
    """Return each stem's log odds of naming outcomes, naming interventions, standing before and after results.

    Learned by ``training/assembly.py``.
    """
    table: dict[str, tuple[float, float, float, float]] = {}
    path = files("kg.assembly").joinpath("weights", "words.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *scores = line.split("\t")
        a, b, c, d = (float(s) for s in scores)
        table[word] = (a, b, c, d)
    return table


_UNKNOWN = (0.0, 0.0, 0.0, 0.0)
#: The cues that are counted in a number's sentence, before and after the number, and the features that say so.
_CUES = tuple(
    (f"cue_{name}", f"sent_{name}", f"before_{name}", f"after_{name}") for name in CUE_CLASSES
)


def null_value(statistic: Statistic) -> float | None:
    """Return the value that means "no effect" on the statistic's scale; ``None`` for arm values."""
    group = MEASURE_GROUPS.get(statistic.measure or "", "")
    if group in ("ratio", "fold"):
        return 1.0
    if group in ("difference", "association"):
        return 0.0
    return None


def compares(statistic: Statistic) -> bool:
    """Tell whether a number is an estimate: a ratio, a difference, an association, or one with an interval."""
    return null_value(statistic) is not None or statistic.ci_low is not None


def number_features(context: Context, k: int) -> Features:
    """Return the features of the `k`-th statistic by itself and of the words round it."""
    statistic, place = context.statistics[k], context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    section = context.annotation.sentences[place.sentence].section
    f: Features = {
        f"m_{MEASURE_GROUPS.get(statistic.measure or '', 'none')}": 1.0,
        f"u_{unit_class(statistic.unit)}": 1.0,
        f"section_{section}": 1.0,
        f"pairing_{statistic.pairing}": 1.0,
        "has_value": float(statistic.value is not None),
        "has_ci": float(statistic.ci_low is not None),
        "has_p": float(statistic.p_value is not None),
        "has_sd": float(statistic.sd is not None or statistic.se is not None),
        "has_iqr": float(statistic.iqr_low is not None or statistic.range_low is not None),
        "has_events": float(statistic.events is not None),
        "has_bound": float(statistic.comparator_bound is not None),
        "has_n": float(statistic.n is not None),
        "named": float(statistic.measure_start is not None),
        "depth": float(place.depth),
        "rank": float(place.rank),
        "in_sentence": float(context.stats_per_sentence[place.sentence]),
        "position": float(statistic.position),
        "group_size": float(group_size(context, k)),
        "where": place.sentence / max(1, len(context.annotation.sentences)),
        "sentence_length": float(last - first),
        "token_in_sentence": float(place.token - first),
    }
    if statistic.value is not None:
        f["log_value"] = math.copysign(math.log1p(abs(statistic.value)), statistic.value)
        f["negative"] = float(statistic.value < 0)
        f["decimals"] = float(len((statistic.printed_value or "").partition(".")[2]))
        f["signed_plus"] = float((statistic.printed_value or "").startswith("+"))
        null = null_value(statistic)
        if null is not None:
            f["against_null"] = (
                math.copysign(1.0, statistic.value - null) if statistic.value != null else 0.0
            )
    if statistic.ci_low is not None and statistic.ci_high is not None:
        null = null_value(statistic)
        if null is not None:
            f["ci_side"] = float(statistic.ci_low > null) - float(statistic.ci_high < null)
            f["ci_crosses"] = float(statistic.ci_low <= null <= statistic.ci_high)
    if statistic.p_value is not None:
        small = statistic.p_value < 0.05 or (
            statistic.p_value == 0.05 and statistic.p_operator in ("<", "<=")
        )
        f["p_small"] = float(small and statistic.p_operator not in (">", ">="))
        f["p_large"] = float(not f["p_small"])
    start, stop = max(first, place.anchor - 8), max(place.end, min(last, place.end + 8))
    for cue, in_sentence, in_front, behind in _CUES:
        table = context.counts[cue]
        f[in_sentence] = float(table[last] - table[first])
        f[in_front] = float(table[place.anchor] - table[start])
        f[behind] = float(table[stop] - table[place.end])
    scores = word_scores()
    before = context.lower[max(first, place.token - 3) : place.token]
    after = context.lower[place.end : min(last, place.end + 3)]
    for n, word in enumerate(reversed(before)):
        f[f"wb{n}"] = scores.get(word[:6], _UNKNOWN)[2]
    for n, word in enumerate(after):
        f[f"wa{n}"] = scores.get(word[:6], _UNKNOWN)[3]
    return f


def group_size(context: Context, k: int) -> int:
    """Return how many statistics share the list or pair of the `k`-th one, itself included."""
    return context.group_sizes[k]


def log_odds(chance: float, least: float) -> float:
    """Return the log odds of a chance that is held to be neither below `least` nor above 1 - `least`."""
    cut = min(1 - least, max(least, chance))
    return math.log(cut / (1 - cut))


def is_significant(s: Statistic) -> bool | None:
    """Return what p says against 0.05; without p, what the interval says of the null value."""
    if s.p_value is not None:
        if s.p_operator in (">", ">="):
            return False if s.p_value >= 0.05 else None
        return s.p_value < 0.05 or (s.p_value == 0.05 and s.p_operator == "<")
    null = null_value(s)
    if null is not None and s.ci_low is not None and s.ci_high is not None:
        return not s.ci_low <= null <= s.ci_high
    return None
