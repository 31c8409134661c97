"""What is read of an effect before it gets an identifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg.assembly.arms import ArmReading, ArmTable, read_arms
from kg.assembly.blood_pressure import with_pressures
from kg.assembly.by_grammar import restated
from kg.assembly.context import Context
from kg.assembly.contrasts import with_arms, with_directions, without_uncompared
from kg.assembly.features import is_significant
from kg.assembly.link import Link, link_numbers
from kg.assembly.marked_names import named_as_marked
from kg.assembly.phrase import Phrase
from kg.assembly.pointing import point
from kg.assembly.ranking import Ranker
from kg.assembly.scores import LinkScores
from kg.assembly.shared_p import with_shared_p
from kg.assembly.shared_values import shared
from kg.assembly.timepoints import find_timepoints
from kg.numbers.statistic import Statistic
from kg.records import Direction, Measure

_BACKGROUND = frozenset({"background", "title", "objective", "introduction"})


@dataclass(frozen=True, slots=True)
class EffectReading:
    """A linked result; `sentence` and the phrases are in view offsets.

    ``study`` is the index of the study it belongs to where the reader of a table knows it, else
    ``None``: the study whose blocks hold ``block``. ``arm`` is the arm whose value it is; results
    of running text (``in_text``) have one only if the text names it.
    """

    statistic: Statistic
    measure: Measure
    direction: Direction
    sentence: tuple[int, int]
    block: int
    outcome_label: str | None = None
    outcome_place: tuple[int, int] = (0, 0)
    intervention: Phrase | None = None
    comparator: Phrase | None = None
    contrast: Literal["between_groups", "before_after", "association", "single_arm"] | None = None
    timepoint: str | None = None
    subgroup: str | None = None
    significant: bool | None = None
    reported_as: Literal["result", "background", "hypothesis"] = "result"
    confidence: float = 1.0
    study: int | None = None
    arm: ArmReading | None = None
    in_text: bool = False
    heads: tuple[tuple[int, int], ...] = ()  # of a table's column, in view offsets


def find_effects(context: Context, scores: LinkScores | None = None) -> list[EffectReading]:
    """Return the results of a document's running text, in text order.

    `scores` is a second opinion on what each number is of.
    """
    readings: list[EffectReading] = []
    links, arms, times = read_links(context, scores)
    statistics = with_shared_p(context, links, arms, times)
    for k, link in sorted(links.items()):
        if link.measure == "count" and restated(context, k):
            continue
        for own, arm in shared(context, k, link, arms):
            readings.extend(_readings(context, k, statistics[k], own, arm, times.get(k)))
    return readings


def read_links(
    context: Context, scores: LinkScores | None = None
) -> tuple[dict[int, Link], ArmTable, dict[int, str]]:
    """Return what each result of a document is about and which way it points, the arms, and the results' times."""
    if not context.statistics:
        return {}, ArmTable(), {}
    ranker = Ranker(context, scores)
    links = link_numbers(ranker)
    if scores is not None:
        links = named_as_marked(context, links)
    links = with_pressures(context, links)
    arms = read_arms(context, links, scores)
    links = with_arms(context, links, arms)
    times = find_timepoints(context, links, arms)
    links = point(ranker, links, arms, times)
    links = with_directions(context, links, arms)
    return without_uncompared(context, links, arms), arms, times


def _readings(
    context: Context,
    k: int,
    statistic: Statistic,
    link: Link,
    arm: ArmReading | None,
    timepoint: str | None,
) -> Iterator[EffectReading]:
    sentence = context.annotation.sentences[context.places[k].sentence]
    intervention = link.intervention
    if intervention is None and arm is not None:
        intervention = arm.phrase
    measure: Measure = link.measure or "direction_only"  # type: ignore[assignment]
    if statistic.value is None and measure not in (
        "OR",
        "RR",
        "HR",
        "MD",
        "SMD",
        "RD",
        "r",
        "beta",
    ):
        measure = "direction_only"
    base = EffectReading(
        statistic=statistic,
        measure=measure,
        direction=link.direction,
        sentence=(sentence.start_char, sentence.end_char),
        block=sentence.block,
        intervention=intervention,
        comparator=link.comparator,
        contrast=_contrast(context, k, measure, link),
        timepoint=timepoint,
        subgroup=None if link.subgroup is None else link.subgroup.label,
        significant=is_significant(statistic),
        reported_as="background" if sentence.section in _BACKGROUND else "result",
        confidence=link.confidence,
        arm=arm,
        in_text=True,
    )
    for phrase in _outcomes(context, statistic, link.outcome):
        yield (
            replace(
                base, outcome_label=phrase.label, outcome_place=(phrase.start_char, phrase.end_char)
            )
            if phrase
            else base
        )


def _outcomes(
    context: Context, statistic: Statistic, outcome: Phrase | None
) -> Sequence[Phrase | None]:
    """Return the outcomes a result is told of: a result without a value may list several."""
    if outcome is None or statistic.value is not None or outcome.list_size == 1:
        return (outcome,)
    members: dict[int, Phrase] = {outcome.list_index: outcome}
    for phrase in context.by_sentence.get(outcome.sentence, ()):
        if phrase.list_id == outcome.list_id and phrase.score("outcome") >= 0.3:
            kept = members.get(phrase.list_index)
            if kept is None or (
                kept is not outcome and phrase.score("outcome") > kept.score("outcome")
            ):
                members[phrase.list_index] = phrase
    return [members[n] for n in sorted(members)]


def _contrast(
    context: Context, k: int, measure: str, link: Link
) -> Literal["between_groups", "before_after", "association", "single_arm"]:
    place = context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    if measure in ("r", "rho", "R2", "beta") or (
        link.comparator is None and context.between("cue_assoc", first, last) > 0
    ):
        return "association"
    words = set(context.lower[first:last])
    if words & {"before", "baseline", "pretreatment", "pre-treatment"} and (
        words & {"after", "posttreatment", "during", "change", "changed"} or link.comparator is None
    ):
        return "before_after"
    if measure in ("mean", "median", "percent", "count", "rate") and link.comparator is None:
        return "single_arm"
    return "between_groups"
