"""Which number belongs to which intervention, comparator and outcome, and what it measures.

Each number of a document is decided in text order: is it a result at all, which phrase names its
outcome, which its intervention (arm, exposure) and comparator, and what does it measure. Which way it
points is asked once the arms are known (:mod:`kg.assembly.pointing`). Each decision is a ranking over candidate phrases by a small tree ensemble that
``training/assembly.py`` fitted; what was decided for the number before is a feature of the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kg.assembly.adjusted import (
    as_listed,
    as_mean_changes,
    as_twin,
    by_amount,
    in_subgroup,
    without_people,
)
from kg.assembly.amounts import find_amounts
from kg.assembly.by_grammar import (
    counted,
    group_behind,
    respective,
    whole_name,
    whole_quantity,
    whole_score,
)
from kg.assembly.candidates import Candidates
from kg.assembly.categories import find_listed
from kg.assembly.constructions import Frame, read_frame, read_happening
from kg.assembly.context import Context
from kg.assembly.ellipsis import is_bare, read_ellipsis, told_last
from kg.assembly.enumerations import Enumerations
from kg.assembly.features import group_size, null_value
from kg.assembly.labels import names_people
from kg.assembly.levels import find_levels
from kg.assembly.measure_of import MEASURES, choose_measure, on_scale_of
from kg.assembly.outcome_grammar import meant
from kg.assembly.parallel import read_parallel
from kg.assembly.phrase import Phrase
from kg.assembly.phrase_features import Known, PhraseTable
from kg.assembly.ranking import Field, Ranker
from kg.assembly.same_names import same
from kg.assembly.sample import told_of_sample
from kg.assembly.scores import LinkScores
from kg.assembly.sides import Sides, read_sides
from kg.assembly.subgroups import Subgroup, find_subgroups
from kg.numbers.statistic import Statistic
from kg.records import Direction

RESULT_FLOOR = 0.2
NAMED_FLOOR = (
    0.05  # result probability below which even a named effect (a ratio, "reduced by 19%") is none
)
TURNED = (
    3.0  # how much likelier "outcome was associated with exposure" must be than the usual order
)
FRAME_SCORE = 0.9  # how sure a sentence frame is of what fills its slots


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
    ways: Mapping[Direction, float] = field(
        default_factory=dict, compare=False
    )  # all directions' chances
    told: Direction | None = None  # the direction that the frame of the sentence gives
    measure: str | None = None
    confidence: float = 1.0  # chance that all of it is right
    subgroup: Subgroup | None = None  # the people it is of, where they are a part of those studied


def known_before(table: PhraseTable, k: int, links: Mapping[int, Link]) -> Known:
    """Return what was already chosen that bears on the `k`-th statistic."""
    context = table.context
    earlier = links.get(k - 1)
    statistic = context.statistics[k]
    mate = next(
        (links[j] for j in range(k - 1, max(-1, k - 9), -1)
         if statistic.group is not None and context.statistics[j].group == statistic.group and j in links),
        None,
    )  # fmt: skip
    labels = {
        "outcome": _label(earlier.outcome if earlier else None),
        "intervention": _label(earlier.intervention if earlier else None),
        "mate": _label(mate.intervention if mate else None),
        "mate_outcome": _label(mate.outcome if mate else None),
    }
    if earlier is None or context.places[k - 1].sentence != context.places[k].sentence:
        return Known(labels)
    slots = (
        table.slot_of(k - 1, earlier.outcome),
        table.slot_of(k - 1, earlier.intervention),
    )
    return Known(labels, slots)


def knowing(known: Known, outcome: Phrase | None, arm: Phrase | None = None) -> Known:
    """Return what is known once outcome and arm are chosen as well."""
    labels = {**known.labels, "own_outcome": _label(outcome), "own": _label(arm)}
    return Known(labels, known.slots, outcome, arm)


def _label(phrase: Phrase | None) -> str | None:
    return None if phrase is None else phrase.label


def link_all(
    context: Context, scores: LinkScores | None = None, absent_floor: float = 0.2
) -> dict[int, Link]:  # fmt: skip
    """Decide every statistic of a document; returns the links of those held to be results.

    Parameters
    ----------
    scores
        A second opinion on links, added to the rankers' own.
    absent_floor
        Probability below which no intervention or comparator is named rather than a wrong one.
    """
    return link_numbers(Ranker(context, scores), absent_floor) if context.statistics else {}


def link_numbers(ranker: Ranker, absent_floor: float = 0.2) -> dict[int, Link]:
    """Do what :func:`link_all` does, by a ranker that is asked for more afterwards."""
    context = ranker.context
    links: dict[int, Link] = {}
    measures = ranker.measures(MEASURES)
    sides = read_sides(context)
    lists = Enumerations(context)
    subgroups = find_subgroups(context)
    categories = find_listed(context)
    levels = find_levels(context)
    amounts = find_amounts(context)
    results = {
        k: float(result)
        for k, result in enumerate(ranker.results())
        if result >= (NAMED_FLOOR if _is_named(context.statistics[k]) else RESULT_FLOOR)
    }
    for near, arms in ranker.fields(list(results)):
        k = near.number
        frame = read_frame(context, k)
        of = subgroups.get(k)
        link = as_twin(of, k, links)
        if link is None:
            frame, side, arms = without_people(context, of, frame, sides.get(k), arms)
            named = categories.get(k) if of is None else None
            if named is not None and named.is_category and side is not None:
                side = (
                    Sides(side.outcome, named.name)
                    if side.outcome is not None and not named.holds(side.outcome)
                    else None
                )
            link = decide(ranker, near, arms, frame, side, links, lists, absent_floor)
            link = as_listed(link, named, links)
            if k in levels and of is None and (named is None or named.is_category):
                link = replace(link, intervention=levels[k].own, comparator=levels[k].other)
            if k in amounts:
                link = by_amount(link, amounts[k])
        links[k] = replace(
            in_subgroup(context, link, of, links),
            result=results[k],
            told=frame.direction if frame and context.statistics[k].group is None else None,
            measure=on_scale_of(
                context, k, link.outcome, choose_measure(context.statistics[k], measures[k])
            ),
        )
    return as_mean_changes(context, links)


def _is_named(s: Statistic) -> bool:
    """Tell whether a number says by itself that it is an effect: its measure, interval or p value."""
    return s.value is not None and (
        s.ci_low is not None or s.p_value is not None or null_value(s) is not None
    )


def decide(
    ranker: Ranker, near: Field, arms: Field, frame: Frame | None, sides: Sides | None,
    links: Mapping[int, Link], lists: Enumerations, absent_floor: float,
) -> Link:  # fmt: skip
    """Name outcome, intervention and comparator of one statistic that is held to be a result."""
    context, k = ranker.context, near.number
    known = known_before(ranker.table, k, links)
    happened = told_of_sample(context, k) or counted(context, k) or read_happening(context, k)
    parallel = read_parallel(context, k, links) if frame is None else None
    if (
        frame is None
        and parallel is None
        and (unsaid := read_ellipsis(context, k, links)) is not None
    ):
        parallel, sides = unsaid, None
    listed = respective(context, k, links) or group_behind(context, k)
    outcome: Phrase | None = None
    intervention: Phrase | None = None
    comparator: Phrase | None = None
    outcome_score = score = comparator_score = 0.0
    if frame is not None:
        outcome, outcome_score = frame.outcome, FRAME_SCORE
    elif happened is not None:
        outcome, outcome_score = happened, FRAME_SCORE
    elif parallel is None or sides is not None:
        outcome, outcome_score = ranker.choose("outcome", near, known)
    if outcome is not None:
        outcome = whole_score(context, whole_quantity(context, outcome))
        outcome = meant(context, k, outcome, links)
    known = knowing(known, outcome)
    # an estimate compares or relates: something was given or differed, however faintly it is named
    floor = absent_floor if null_value(context.statistics[k]) is None else 0.0
    exposed = sides is not None and sides.exposure is not None
    if frame is None and parallel is None and listed is None and not exposed:
        intervention, score = ranker.choose("intervention", arms, known, floor)
        intervention = whole_name(context, intervention)
    if frame is not None:
        compared = [frame.intervention, frame.comparator]
        if (
            context.statistics[k].position == 1
            and group_size(context, k) == 2
            and None not in compared
        ):
            compared.reverse()  # "lower in A than in B (12 vs. 15)": the second value is B's
        intervention, score = compared[0], FRAME_SCORE
        comparator, comparator_score = compared[1], FRAME_SCORE
    if parallel is not None:
        outcome, outcome_score = parallel.outcome, FRAME_SCORE
        intervention, score = parallel.intervention, FRAME_SCORE
        comparator, comparator_score = parallel.comparator, FRAME_SCORE
    if listed is not None:
        intervention, score = listed, FRAME_SCORE
    if sides is not None:
        one, other = sides.outcome, sides.exposure
        if one is None:  # "the HR for A versus B was 0.79": of what the ranking says
            mine = _neither(context, near, (other, sides.reference))
            one, _ = ranker.choose("outcome", near.kept(mine, "outcome"), known)
        if one is not None and other is not None and not sides.sure:
            ways = (
                ranker.rank("outcome", near, known),
                ranker.rank("intervention", arms, known),
            )
            straight = within(context, near.candidates, ways[0], one) * within(
                context, arms.candidates, ways[1], other
            )
            turned = within(context, near.candidates, ways[0], other) * within(
                context, arms.candidates, ways[1], one
            )
            if turned > TURNED * straight:
                one, other = other, one
        outcome, outcome_score = one, FRAME_SCORE
        if other is not None:
            intervention, score = other, FRAME_SCORE
        if sides.reference is not None:
            comparator, comparator_score = sides.reference, FRAME_SCORE
    if outcome is not None and is_bare(outcome):
        outcome = told_last(context, k, links) or outcome
    if happened is None and outcome is not None and names_people(outcome.raw):
        group, (outcome, outcome_score) = outcome, _telling(ranker, near, known)
        if outcome is not None and intervention is not None and same(outcome, intervention):
            intervention = group  # "zinc rose in the iron group"
    ranked = (
        frame is None and happened is None and parallel is None and listed is None and sides is None
    )
    if ranked and outcome is not None and intervention is not None and same(outcome, intervention):
        # nothing is measured by itself: the likelier of the two keeps its part
        mine = np.array([not same(p, intervention) for p in arms.candidates.phrases(context)])
        other, other_score = ranker.choose(
            "outcome", near.kept(mine[: len(near)], "outcome"), known
        )
        given, given_score = ranker.choose(
            "intervention", arms.kept(mine, "intervention"), known, floor
        )
        if other is not None and other_score * score >= outcome_score * given_score:
            outcome, outcome_score = whole_quantity(context, other), other_score
        else:
            intervention, score = whole_name(context, given), given_score
    listed_outcome = lists.measured(k, outcome)
    if listed_outcome is not None:
        outcome = listed_outcome
        if not lists.begins_run(k):
            intervention, comparator = _as_mate(context, k, links) or (intervention, comparator)
    else:
        intervention = lists.member(k, intervention) or lists.next(k, links) or intervention
    correlates = context.statistics[k].measure in ("r", "rho")  # two quantities, compared with none
    if intervention is not None and comparator is None and not correlates:
        rest = ranker.table.others(arms.candidates.index, intervention.label)
        known = knowing(known, outcome, intervention)
        comparator, comparator_score = ranker.choose(
            "comparator", arms.kept(rest, "comparator"), known, absent_floor
        )
    comparator = whole_name(context, comparator)
    return Link(k, 1.0, outcome, outcome_score, intervention, score, comparator, comparator_score)


def _neither(context: Context, field: Field, others: Sequence[Phrase | None]) -> NDArray[np.bool_]:
    """Return which candidates name none of several things."""
    named = [p for p in others if p is not None]
    found = field.candidates.phrases(context)
    return np.array([not any(same(p, other) for other in named) for p in found], bool)


def _telling(ranker: Ranker, near: Field, known: Known) -> tuple[Phrase | None, float]:
    """Return the best outcome that names more than who was counted."""
    found = near.candidates.phrases(ranker.context)
    telling = np.array([not names_people(p.raw) for p in found], bool)
    return ranker.choose("outcome", near.kept(telling, "outcome"), known)


def _as_mate(
    context: Context, k: int, links: Mapping[int, Link]
) -> tuple[Phrase | None, Phrase | None] | None:
    """Return intervention and comparator of the value before in a list: values of a list of outcomes share them."""
    group = context.statistics[k].group
    if k - 1 not in links or context.statistics[k - 1].group != group:
        return None
    return links[k - 1].intervention, links[k - 1].comparator


def within(
    context: Context, candidates: Candidates, chances: NDArray[np.float64], phrase: Phrase
) -> float:
    """Return the best chance of the candidates that lie in a phrase."""
    found = [
        float(chance)
        for p, chance in zip(candidates.phrases(context), chances, strict=True)
        if phrase.start_char <= p.start_char and p.end_char <= phrase.end_char
    ]
    return max(found, default=0.0)
