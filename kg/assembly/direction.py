"""What tells which way a result points: the features of the direction model."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.assembly.by_grammar import RESULT_NOUNS, clause
from kg.assembly.context import Context
from kg.assembly.features import Features
from kg.assembly.labels import likeness
from kg.assembly.words import CONTROL_WORDS
from kg.records import Direction

if TYPE_CHECKING:
    from kg.assembly.link import Link


def direction_features(
    context: Context, k: int, link: Link, links: Mapping[int, Link]
) -> Features:  # fmt: skip
    """Return what the words round a number and its links say of its direction; `links` are the results.

    Which way the result before points is not among them (:func:`after`).
    """
    f: Features = {}
    statistic, place = context.statistics[k], context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    clause_start, clause_end = clause(context, k)
    for name in ("up", "down", "same", "not", "sig", "change", "assoc", "versus"):
        f[f"clause_{name}"] = float(context.between(f"cue_{name}", clause_start, clause_end))
    f["no_sig_before"], f["no_sig_after"] = _negated_significance(
        context, clause_start, clause_end, place.anchor
    )
    nearest = _nearest_cue(context, place.anchor, first, last)
    f |= nearest
    if link.outcome is not None and link.outcome.sentence == place.sentence:
        low, high = sorted((link.outcome.last, place.anchor))
        for name in ("up", "down", "same", "not"):
            f[f"outcome_{name}"] = float(context.between(f"cue_{name}", low, high))
            f[f"pre_{name}"] = float(
                context.between(
                    f"cue_{name}", max(first, link.outcome.first - 4), link.outcome.last
                )
            )
    if link.intervention is not None:
        words = set(context.lower[link.intervention.first : link.intervention.last])
        f["arm_control"] = float(bool(words & CONTROL_WORDS))
        f["arm_here"] = float(link.intervention.sentence == place.sentence)
        f["arm_index"] = float(link.intervention.list_index)
        f["arm_before"] = float(link.intervention.last <= place.anchor)
        f["arm_start"] = float(link.intervention.first - first <= 4 and f["arm_here"] > 0)
        f["arm_than"] = float(
            f["arm_here"] > 0
            and context.between(
                "cue_versus", max(first, link.intervention.first - 4), link.intervention.first
            )
            > 0
        )
    f |= _course(context, k)
    f["has_comparator"] = float(link.comparator is not None)
    mates = [] if statistic.group is None else [
        j for j in range(max(0, k - 8), min(len(context.statistics), k + 9))
        if j != k and context.statistics[j].group == statistic.group
        and context.statistics[j].value is not None
    ]  # fmt: skip
    if statistic.value is not None and mates:
        others = [v for j in mates if (v := context.statistics[j].value) is not None]
        f["mate_sign"] = _sign(statistic.value - sum(others) / len(others))
        f["mate_ratio"] = statistic.value / (sum(others) / len(others) or 1.0)
        ps = [p for j in mates if (p := context.statistics[j].p_value) is not None]
        f["mate_p"] = float(min(ps) < 0.05) - float(min(ps) >= 0.05) if ps else 0.0
    earlier = links.get(k - 1)
    if earlier is not None and earlier.outcome is not None and link.outcome is not None:
        same_outcome = likeness(earlier.outcome.label, link.outcome.label) >= 0.5
        f["last_same_outcome"] = float(same_outcome)
        before = context.statistics[k - 1].value
        if same_outcome and before is not None and statistic.value is not None:
            f["last_sign"] = _sign(statistic.value - before)
            f["last_same_sentence"] = float(context.places[k - 1].sentence == place.sentence)
            f["last_same_arm"] = float(
                earlier.intervention is not None and link.intervention is not None
                and likeness(earlier.intervention.label, link.intervention.label) >= 0.5
            )  # fmt: skip
            f["last_same_group"] = float(
                context.statistics[k - 1].group == statistic.group is not None
            )
    if k + 1 < len(context.statistics) and statistic.value is not None:
        after = context.statistics[k + 1]
        if after.value is not None and context.places[k + 1].sentence == place.sentence:
            f["next_sign"] = _sign(statistic.value - after.value)
            f["next_same_unit"] = float(after.unit == statistic.unit)
        if after.p_value is not None and context.places[k + 1].sentence == place.sentence:
            f["next_p"] = 1.0 if after.p_value < 0.05 else -1.0
    return f


def after(direction: Direction | None) -> Features:
    """Return what it says of a direction that the result before points that way."""
    return {} if direction is None else {f"last_{direction}": 1.0}


def bears_on(k: int, link: Link, links: Mapping[int, Link]) -> bool:
    """Tell whether the direction of the result right before the `k`-th number bears on its own."""
    earlier = links.get(k - 1)
    return earlier is not None and earlier.outcome is not None and link.outcome is not None


def _negated_significance(
    context: Context, first: int, last: int, anchor: int
) -> tuple[float, float]:
    """Return whether "no (statistically) significant …" stands before and after the number."""
    found = [0.0, 0.0]
    table = context.counts["cue_not"]
    if table[last] == table[first]:
        return 0.0, 0.0
    for t in range(first, last):
        if table[t + 1] > table[t] and RESULT_NOUNS.intersection(
            context.lower[t + 1 : min(last, t + 5)]
        ):
            found[int(t >= anchor)] = 1.0
    return found[0], found[1]


def _nearest_cue(context: Context, anchor: int, first: int, last: int) -> Features:
    """Return the distance to the nearest cue of each class, before and after the number."""
    f: Features = {}
    for name in ("up", "down", "same"):
        table = context.counts[f"cue_{name}"]
        f[f"near_before_{name}"] = 40.0
        t = bisect_left(table, table[anchor]) - 1
        if t >= max(first, anchor - 40):
            f[f"near_before_{name}"] = float(anchor - t)
            negations = context.between("cue_not", max(first, t - 4), t)
            f[f"negated_{name}"] = float(negations > 0)
        t = bisect_right(table, table[anchor]) - 1
        f[f"near_after_{name}"] = 40.0
        if t < min(last, anchor + 40):
            f[f"near_after_{name}"] = float(t - anchor + 1)
    return f


def _sign(x: float) -> float:
    return float(x > 0) - float(x < 0)


def _course(context: Context, k: int) -> Features:
    """Return whether a number begins or ends a course ("from 9.9 to 9.5"), and the next p value's verdict."""
    place = context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    before = context.lower[max(first, place.token - 4) : place.token]
    f: Features = {
        "from_here": float("from" in before),
        "to_here": float(before[-1:] == ["to"] and "compared" not in before),
    }
    after = context.lower[place.end : min(last, place.end + 12)]
    f["to_follows"] = float(f["from_here"] > 0 and "to" in after)
    f["not_significant"] = float(bool({"ns", "n.s.", "n.s"}.intersection(after)))
    for j in range(k, len(context.statistics)):
        if context.places[j].sentence != place.sentence:
            break
        p = context.statistics[j].p_value
        if p is not None:
            small = p < 0.05 and context.statistics[j].p_operator not in (">", ">=")
            f["p_ahead"] = 1.0 if small else -1.0
            f["p_ahead_gap"] = float(j - k)
            break
    return f
