"""Which number belongs to which intervention, comparator and outcome, and what it says.

Each number of a document is decided in text order: is it a result at all, which phrase names its
outcome, which its intervention (arm, exposure) and comparator, what does it measure, and which way
does it point. Each decision is a ranking over candidate phrases by a small tree ensemble that
``training/assembly.py`` fitted; what was decided for the number before is a feature of the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.assembly.by_grammar import (
    RESULT_NOUNS,
    by_measure,
    clause,
    counted,
    respective,
    since_before,
    told_beside,
    whole_quantity,
)
from kg.assembly.constructions import read_frame, read_happening
from kg.assembly.context import Context, Phrase
from kg.assembly.features import Features, group_size, null_value, number_features, phrase_features
from kg.assembly.forest import load_forest
from kg.assembly.labels import likeness, stems
from kg.assembly.words import CONTROL_WORDS
from kg.numbers.statistic import Statistic
from kg.records import Direction

DIRECTIONS: tuple[Direction, ...] = ("increase", "decrease", "no_difference", "unclear")
MEASURES = (
    "mean",
    "median",
    "percent",
    "count",
    "percent_change",
    "rate",
    "MD",
    "RD",
    "fold_change",
    "direction_only",
)
NAMED_FLOOR = (
    0.1  # result probability below which even a named effect (a ratio, "reduced by 19%") is none
)
FRAME_SCORE = 0.9  # how sure a sentence frame is of what fills its slots
WINDOW = 3  # sentences before a number that may name what it is about
GLOBALS = 16  # phrases of the whole document that may name an intervention


@dataclass(frozen=True, slots=True)
class Link:
    """What one number is about; probabilities are the models'."""

    statistic: int
    result: float
    outcome: Phrase | None = None
    outcome_score: float = 0.0
    intervention: Phrase | None = None
    intervention_score: float = 0.0
    comparator: Phrase | None = None
    comparator_score: float = 0.0
    direction: Direction = "unclear"
    direction_score: float = 0.0
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase in the running, and whether it stands for the document rather than the place."""

    phrase: Phrase
    support: float = 0.0  # how well the whole document supports it as an intervention
    is_global: bool = False


def outcome_candidates(context: Context, k: int) -> list[Candidate]:
    """Return the phrases that may name the outcome of the `k`-th statistic."""
    return [Candidate(p) for p in _near(context, k)]


def intervention_candidates(
    context: Context, k: int, named: Sequence[Candidate]
) -> list[Candidate]:
    """Return the phrases that may name its intervention: those near it, then the document's own."""
    near = [Candidate(p) for p in _near(context, k)]
    here = {c.phrase.start_char for c in near}
    return near + [c for c in named if c.phrase.start_char not in here]


def _near(context: Context, k: int) -> list[Phrase]:
    place = context.places[k]
    sentences = context.annotation.sentences
    block = context.reading.blocks[sentences[place.sentence].block]
    wanted = {place.sentence}
    for back in range(1, WINDOW + 1):
        if place.sentence - back >= 0:
            wanted.add(place.sentence - back)
    if block.lead is not None:
        lead = context.reading.blocks[block.lead]
        wanted.update(
            n for n in range(max(0, place.sentence - 30), place.sentence)
            if lead.start_char <= sentences[n].start_char < lead.end_char
        )  # fmt: skip
    return [p for n in sorted(wanted) for p in context.by_sentence.get(n, ())]


def document_interventions(context: Context) -> list[Candidate]:
    """Return the phrases that the document as a whole treats as interventions or groups, best first."""
    weights: defaultdict[frozenset[str], float] = defaultdict(float)
    best: dict[frozenset[str], Phrase] = {}
    for phrase in context.phrases:
        score = max(phrase.score("intervention"), phrase.score("comparator"), 0.6 * phrase.score("population"),
                    0.6 * phrase.score("condition"))  # fmt: skip
        if score < 0.3:
            continue
        key = stems(phrase.label)
        weights[key] += score * (1.5 if key <= context.title_stems else 1.0)
        if key not in best or phrase.score("intervention") > best[key].score("intervention"):
            best[key] = phrase
    ranked = sorted(weights.items(), key=lambda item: (-item[1], best[item[0]].start_char))[
        :GLOBALS
    ]
    top = ranked[0][1] if ranked else 1.0
    return [Candidate(best[key], weight / top, True) for key, weight in ranked]


def candidate_features(
    context: Context, k: int, candidate: Candidate, previous: Mapping[str, str | None]
) -> Features:
    """Return a candidate's features; those of the statistic itself go beside them."""
    f = phrase_features(context, k, candidate.phrase, previous)
    f["global"] = float(candidate.is_global)
    f["support"] = candidate.support
    return f


def direction_features(
    context: Context, k: int, shared: Features, link: Link, links: Mapping[int, Link]
) -> Features:
    """Return the features that tell which way a result points."""
    f = dict(shared)
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
    f["has_comparator"] = float(link.comparator is not None)
    mates = [
        j for j in range(max(0, k - 8), min(len(context.statistics), k + 9))
        if j != k and context.statistics[j].group is not None
        and context.statistics[j].group == statistic.group and context.statistics[j].value is not None
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
        f[f"last_{earlier.direction}"] = 1.0
    if k + 1 < len(context.statistics) and statistic.value is not None:
        after = context.statistics[k + 1]
        if after.value is not None and context.places[k + 1].sentence == place.sentence:
            f["next_sign"] = _sign(statistic.value - after.value)
            f["next_same_unit"] = float(after.unit == statistic.unit)
        if after.p_value is not None and context.places[k + 1].sentence == place.sentence:
            f["next_p"] = 1.0 if after.p_value < 0.05 else -1.0
    return f


def _negated_significance(
    context: Context, first: int, last: int, anchor: int
) -> tuple[float, float]:
    """Return whether "no (statistically) significant …" stands before and after the number."""
    found = [0.0, 0.0]
    table = context.counts["cue_not"]
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
        for t in range(anchor - 1, max(first, anchor - 40) - 1, -1):
            if table[t + 1] > table[t]:
                f[f"near_before_{name}"] = float(anchor - t)
                negations = context.between("cue_not", max(first, t - 4), t)
                f[f"negated_{name}"] = float(negations > 0)
                break
        f[f"near_after_{name}"] = 40.0
        for t in range(anchor, min(last, anchor + 40)):
            if table[t + 1] > table[t]:
                f[f"near_after_{name}"] = float(t - anchor + 1)
                break
    return f


def _sign(x: float) -> float:
    return float(x > 0) - float(x < 0)


def previous_labels(
    context: Context, k: int, links: Mapping[int, Link], own: Phrase | None = None
) -> dict[str, str | None]:
    """Return the labels already chosen that bear on the `k`-th statistic."""
    earlier = links.get(k - 1)
    statistic = context.statistics[k]
    mate = next(
        (links[j] for j in range(k - 1, max(-1, k - 9), -1)
         if statistic.group is not None and context.statistics[j].group == statistic.group and j in links),
        None,
    )  # fmt: skip
    return {
        "outcome": _label(earlier.outcome if earlier else None),
        "intervention": _label(earlier.intervention if earlier else None),
        "mate": _label(mate.intervention if mate else None),
        "mate_outcome": _label(mate.outcome if mate else None),
        "own": _label(own),
    }


def _label(phrase: Phrase | None) -> str | None:
    return None if phrase is None else phrase.label


def choose(
    model: str, context: Context, k: int, candidates: Sequence[Candidate], shared: Features,
    previous: Mapping[str, str | None], floor: float = 0.0,
) -> tuple[Phrase | None, float]:  # fmt: skip
    """Return the best candidate by a model and its probability; ``None`` below `floor`."""
    if not candidates:
        return None, 0.0
    forest = load_forest(model)
    rows = [candidate_features(context, k, c, previous) for c in candidates]
    scores = forest.probabilities(forest.matrix(rows, shared))[:, 1]
    best = max(range(len(candidates)), key=lambda n: (round(float(scores[n]), 6), -n))
    score = float(scores[best])
    return (candidates[best].phrase, score) if score >= floor else (None, score)


def link_all(
    context: Context, result_floor: float = 0.4, absent_floor: float = 0.2
) -> dict[int, Link]:
    """Decide every statistic of a document; returns the links of those held to be results.

    Parameters
    ----------
    result_floor
        Probability below which a number is held to be no result (an age, a threshold).
    absent_floor
        Probability below which no intervention or comparator is named rather than a wrong one.
    """
    links: dict[int, Link] = {}
    if not context.statistics:
        return links
    shared = [number_features(context, k) for k in range(len(context.statistics))]
    gate = load_forest("result")
    results = gate.probabilities(gate.matrix(shared))[:, 1]
    named = document_interventions(context)
    for k, shared_k in enumerate(shared):
        if results[k] < (NAMED_FLOOR if _is_named(context.statistics[k]) else result_floor):
            continue
        links[k] = decide(context, k, shared_k, float(results[k]), links, named, absent_floor)
    return links


def _is_named(s: Statistic) -> bool:
    """Tell whether a number says by itself that it is an effect: its measure, interval or p value."""
    return s.value is not None and (
        s.ci_low is not None or s.p_value is not None or null_value(s) is not None
    )


def decide(
    context: Context, k: int, shared: Features, result: float, links: Mapping[int, Link],
    named: Sequence[Candidate], absent_floor: float,
) -> Link:  # fmt: skip
    """Link one statistic that is held to be a result."""
    previous = previous_labels(context, k, links)
    frame = read_frame(context, k)
    outcome, outcome_score = choose(
        "outcome", context, k, outcome_candidates(context, k), shared, previous
    )
    happened = counted(context, k) or read_happening(context, k)
    if frame is not None:
        outcome, outcome_score = frame.outcome, FRAME_SCORE
    elif happened is not None:
        outcome, outcome_score = happened, FRAME_SCORE
    if outcome is not None:
        outcome = whole_quantity(context, outcome)
    arms = intervention_candidates(context, k, named)
    previous = previous | {"own_outcome": outcome.label if outcome else None}
    intervention, score = choose("intervention", context, k, arms, shared, previous, absent_floor)
    comparator: Phrase | None = None
    comparator_score = 0.0
    if frame is not None:
        sides = [frame.intervention, frame.comparator]
        if (
            context.statistics[k].position == 1
            and group_size(context, k) == 2
            and None not in sides
        ):
            sides.reverse()  # "lower in A than in B (12 vs. 15)": the second value is B's
        intervention, score = sides[0], FRAME_SCORE
        comparator, comparator_score = sides[1], FRAME_SCORE
    listed = respective(context, k, links)
    if listed is not None:
        intervention, score = listed, FRAME_SCORE
    previous = previous_labels(context, k, links, intervention)
    if intervention is not None and comparator is None:
        rest = [c for c in arms if likeness(c.phrase.label, intervention.label) < 0.9]
        comparator, comparator_score = choose(
            "comparator", context, k, rest, shared, previous, absent_floor
        )
    link = Link(
        k, result, outcome, outcome_score, intervention, score, comparator, comparator_score
    )
    forest = load_forest("measure")
    statistic = context.statistics[k]
    measure: str | None = statistic.measure
    if measure is None or (measure in MEASURES and statistic.measure_start is None):
        odds = forest.probabilities(forest.matrix([shared]))[0]
        measure = MEASURES[int(odds.argmax())] if statistic.value is not None else "direction_only"
    forest = load_forest("direction")
    odds = forest.probabilities(
        forest.matrix([direction_features(context, k, shared, link, links)])
    )[0]
    way = int(odds.argmax())
    told = told_beside(context, k)
    if frame is not None and context.statistics[k].group is None:
        told = frame.direction
    told = told or since_before(context, k, links) or by_measure(context, k, measure)
    if told is not None and told != DIRECTIONS[way]:  # words win over numbers
        return replace(link, measure=measure, direction=told, direction_score=0.7)
    return replace(
        link, measure=measure, direction=DIRECTIONS[way], direction_score=float(odds[way])
    )


__all__ = [
    "Candidate", "Link", "candidate_features", "choose", "decide", "direction_features",
    "document_interventions", "group_size", "intervention_candidates", "link_all", "outcome_candidates",
    "previous_labels",
]  # fmt: skip
