"""What the linking models look at: features of a number, and of a phrase beside a number.

Every feature is a number; a feature that is absent is 0. The names are the model's columns, so a
feature that is renamed here needs the models refitted (``training/assembly.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kg.assembly.context import MENTION_KINDS, Context, Phrase, Place
from kg.assembly.labels import likeness, stems
from kg.assembly.words import (
    BETWEEN_CLASSES,
    CUE_CLASSES,
    DECREASE_CUES,
    INCREASE_CUES,
    WORD_CLASSES,
    unit_class,
)
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


_PREPOSITIONS = frozenset("on between to with by from as after during per over between".split())
_UNKNOWN = (0.0, 0.0, 0.0, 0.0)


def null_value(statistic: Statistic) -> float | None:
    """Return the value that means "no effect" on the statistic's scale; ``None`` for arm values."""
    group = MEASURE_GROUPS.get(statistic.measure or "", "")
    if group in ("ratio", "fold"):
        return 1.0
    if group in ("difference", "association"):
        return 0.0
    return None


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
    for name in CUE_CLASSES:
        f[f"sent_{name}"] = float(context.between(f"cue_{name}", first, last))
        f[f"before_{name}"] = float(
            context.between(f"cue_{name}", max(first, place.anchor - 8), place.anchor)
        )
        f[f"after_{name}"] = float(
            context.between(f"cue_{name}", place.end, min(last, place.end + 8))
        )
    scores = word_scores()
    before = [context.lower[t] for t in range(max(first, place.token - 3), place.token)]
    after = [context.lower[t] for t in range(place.end, min(last, place.end + 3))]
    for n, word in enumerate(reversed(before)):
        f[f"wb{n}"] = scores.get(word[:6], _UNKNOWN)[2]
    for n, word in enumerate(after):
        f[f"wa{n}"] = scores.get(word[:6], _UNKNOWN)[3]
    return f


def group_size(context: Context, k: int) -> int:
    """Return how many statistics share the list or pair of the `k`-th one, itself included."""
    group = context.statistics[k].group
    if group is None:
        return 1
    return sum(
        context.statistics[j].group == group
        for j in range(max(0, k - 12), min(len(context.statistics), k + 13))
    )


def phrase_features(
    context: Context, k: int, phrase: Phrase, previous: Mapping[str, str | None]
) -> Features:
    """Return the features of `phrase` as a name for what the `k`-th statistic is about.

    `previous` holds the labels chosen so far: ``outcome`` and ``intervention`` of the statistic
    before, ``mate`` (the intervention of the group's statistic before), ``own`` (the intervention
    already chosen for this one).
    """
    statistic, place = context.statistics[k], context.places[k]
    f: Features = {f"k_{kind}": s for kind, s in zip(MENTION_KINDS, phrase.scores, strict=True)}
    delta = place.sentence - phrase.sentence
    f["delta"] = float(delta)
    f["same"] = float(delta == 0)
    block = context.reading.blocks[context.annotation.sentences[phrase.sentence].block]
    own_block = context.reading.blocks[context.annotation.sentences[place.sentence].block]
    f["heading"] = float(block.kind == "heading")
    f["own_block"] = float(block is own_block)
    f["lead"] = float(
        own_block.lead is not None and context.reading.blocks[own_block.lead] is block
    )
    f["words"] = float(phrase.last - phrase.first)
    f["phrase_depth"] = float(phrase.depth)
    words = context.lower[phrase.first : phrase.last]
    for name, members in WORD_CLASSES.items():
        f[f"has_{name}"] = float(any(w in members for w in words))
        f[f"head_{name}"] = float(words[-1] in members)
    f["digits"] = float(any(c.isdigit() for w in words for c in w))
    f["capitals"] = float(phrase.raw.isupper())
    own = stems(phrase.label)
    f["in_title"] = len(own & context.title_stems) / len(own) if own else 0.0
    f["frequency"] = context.frequency(phrase.label)
    scores = word_scores()
    table = [scores.get(s, _UNKNOWN) for s in own]
    if table:
        f["lo_outcome"] = sum(t[0] for t in table) / len(table)
        f["lo_intervention"] = sum(t[1] for t in table) / len(table)
        f["lo_outcome_max"] = max(t[0] for t in table)
        f["lo_intervention_max"] = max(t[1] for t in table)
    for name in ("outcome", "intervention", "mate", "own", "mate_outcome"):
        label = previous.get(name)
        f[f"like_{name}"] = likeness(phrase.label, label) if label else -0.1
    f["list_size"] = float(phrase.list_size)
    size = group_size(context, k)
    if size > 1 and phrase.list_size == size:
        at_place = phrase.list_index == statistic.position
        f["aligned" if at_place else "misaligned"] = 1.0 if delta == 0 else 0.5
    if delta == 0:
        f |= _beside(context, place, phrase)
        in_sentence = context.stats_per_sentence[place.sentence]
        f["rank_aligned"] = float(
            phrase.list_size == in_sentence > 1 and phrase.list_index == place.rank
        )
    else:
        first, last = context.sentence_tokens[phrase.sentence]
        f["from_start"] = math.log1p(max(0, phrase.first - first))
        f["to_end"] = math.log1p(max(0, last - phrase.last))
    before = context.lower[phrase.first - 1] if phrase.first else ""
    after = context.lower[phrase.last] if phrase.last < len(context.lower) else ""
    f["after_of"] = float(before == "of")
    f["after_in"] = float(before in ("in", "among", "for"))
    f["after_than"] = float(before in ("than", "vs", "vs.", "versus", "to", "with", "against"))
    f["after_and"] = float(before in ("and", "or", ",", "/"))
    f["after_by"] = float(before in ("by", "after", "following", "receiving", "taking"))
    f["before_verb"] = float(after in BETWEEN_CLASSES["verb"])
    f["before_open"] = float(after in ("(", "["))
    f["before_of"] = float(after == "of")
    f["before_in"] = float(after in ("in", "among", "for"))
    f["before_versus"] = float(after in BETWEEN_CLASSES["versus"])
    if before in _PREPOSITIONS:
        f[f"after_{before}"] = 1.0
    f["starts_up"] = float(before in INCREASE_CUES or words[0] in INCREASE_CUES)
    f["starts_down"] = float(before in DECREASE_CUES or words[0] in DECREASE_CUES)
    end = min(context.sentence_tokens[phrase.sentence][1], phrase.last + 5)
    for name in ("up", "down", "same", "assoc"):
        f[f"then_{name}"] = float(context.between(f"cue_{name}", phrase.last, end) > 0)
    zone = context.comparison_zone(phrase)
    if zone:
        f[f"zone_{zone}"] = 1.0
    f["sentence_start"] = float(phrase.first - context.sentence_tokens[phrase.sentence][0] <= 2)
    return f


def _beside(context: Context, place: Place, phrase: Phrase) -> Features:
    """Return where a phrase of the same sentence stands to the number, and what is between."""
    f: Features = {}
    if phrase.last <= place.anchor:
        f["before"] = 1.0
        first, last = phrase.last, place.anchor
    elif phrase.last <= place.token:  # both inside the bracket, phrase first
        f["before"] = 1.0
        f["inside"] = 1.0
        first, last = phrase.last, place.token
    elif phrase.first >= place.end:
        f["after"] = 1.0
        first, last = place.end, phrase.first
    else:
        f["overlap"] = 1.0
        return f
    distance = last - first
    f["distance"] = math.log1p(max(0, distance))
    f["adjacent"] = float(distance <= 1)
    f["same_depth"] = float(phrase.depth == place.depth)
    for name in (*BETWEEN_CLASSES, "stat"):
        f[f"btw_{name}"] = float(min(4, context.between(name, first, last)))
    for name in ("up", "down", "same"):
        f[f"btw_{name}"] = float(context.between(f"cue_{name}", first, last) > 0)
    return f
