"""Findings told of an outcome: which phrases a sentence says something of, and which way it points.

A claim needs no number: "A reduced pain, but sleep did not differ" claims a decrease of pain and no
difference of sleep. Two tree ensembles, fitted by ``training/told.py``, decide: does the sentence
tell a finding of this phrase, and if so, which way. Phrases that overlap are decided between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from kg.assembly.context import Context
from kg.assembly.features import log_odds
from kg.assembly.forest import Matrix, Nodes, load_forest, probabilities
from kg.assembly.labels import stems
from kg.assembly.phrase import Phrase
from kg.assembly.scores import LinkScores
from kg.assembly.told_features import FEATURES, claim_features
from kg.assembly.told_scenes import Scene, scenes
from kg.assembly.told_words import CLASS_OF
from kg.assembly.words import GROUP_WORDS, STATISTIC_WORDS, TIME_WORDS
from kg.records import Direction

WAYS: tuple[Direction, ...] = ("increase", "decrease", "no_difference", "unclear")
FLOOR = 0.4  # probability below which a phrase is held to be told nothing of
SECOND_FLOOR = 0.5  # the same, where there is a second opinion
SHORT = 25  # tokens of the longest sentence that may speak of the outcomes of the one before
CARRIED = 0.6  # certainty of what is said of them
TOLD = 1.0  # weight of a second opinion on the direction
#: Log odds that a finding is told of a phrase, where a second opinion says whether it names an
#: outcome: shares of its and the model's own log odds, and what is added.
OPINION, OWN, ADDED = 0.39, 0.43, 0.33
ASKED = 0.1  # probability below which the opinion is not asked
LEAST = 0.003  # of a probability: nothing is impossible
LONGEST = 14  # words of the longest phrase that names an outcome
#: Words of which alone no outcome's name consists.
_NO_NAME = STATISTIC_WORDS | TIME_WORDS | GROUP_WORDS | CLASS_OF.keys()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence tells of one outcome; the probabilities are the models'."""

    phrase: Phrase
    scene: Scene
    direction: Direction
    finding: float
    certainty: float  # of the direction


def _may_be_outcome(phrase: Phrase, words: list[str]) -> bool:
    """Tell whether a phrase is worth a look: more than statistics, times, groups and figures."""
    if len(words) > LONGEST or words[-1] in GROUP_WORDS or not stems(phrase.label):
        return False
    return any(w not in _NO_NAME and w[0].isalpha() for w in words)


def find_claims(
    context: Context, floor: float | None = None, scores: LinkScores | None = None
) -> list[Claim]:
    """Return the findings told in a document's sentences, in text order; claims never overlap.

    `floor` is the least probability of a finding. `scores` is a second opinion on what names an
    outcome and on the direction.
    """
    seen: list[tuple[Scene, Phrase]] = []
    all_scenes = scenes(context)
    for scene in all_scenes:
        seen += [(scene, phrase) for phrase in outcome_phrases(context, scene)]
    if not seen:
        return []
    features = claim_features(context, seen)
    odds = _chances("told_finding", features)[:, 1]
    if floor is None:
        floor = FLOOR if scores is None else SECOND_FLOOR
    if scores is not None:
        odds = np.array(
            [
                _with_outcome(float(p), phrase, scores)
                for p, (_, phrase) in zip(odds, seen, strict=True)
            ]
        )
    chances = odds.tolist()
    likely = [k for k, chance in enumerate(chances) if chance >= floor]
    kept: list[int] = []
    taken: dict[int, list[Phrase]] = {}
    for k in sorted(likely, key=lambda k: -round(chances[k], 6)):
        scene, phrase = seen[k]
        beside = taken.setdefault(scene.sentence, [])
        if not any(_overlap(phrase, other) for other in beside):
            beside.append(phrase)
            kept.append(k)
    if not kept:
        return []
    kept.sort(key=lambda k: (seen[k][0].sentence, seen[k][1].first))
    table = _chances("told_direction", features[:, kept])
    claims = []
    for k, row in zip(kept, table, strict=True):
        scene, phrase = seen[k]
        if scores is not None:
            row = _with_opinion(row, scores.told((phrase.start_char, phrase.end_char)))
        best = int(row.argmax())
        claims.append(Claim(phrase, scene, WAYS[best], chances[k], float(row[best])))
    return sorted([*claims, *_carried_over(all_scenes, claims)], key=lambda c: c.scene.sentence)


def _chances(model: str, features: Matrix) -> Matrix:
    """Return the probabilities of a model's classes, ``(phrases, classes)``."""
    return probabilities(load_forest(model).totals(_nodes(model).struck(features)))


@cache
def _nodes(model: str) -> Nodes:
    return load_forest(model).nodes(FEATURES)


def _with_outcome(chance: float, phrase: Phrase, scores: LinkScores) -> float:
    """Return the chance that a finding is told of a phrase, given the chance that it names an outcome."""
    outcome = scores.outcome((phrase.start_char, phrase.end_char)) if chance >= ASKED else None
    if outcome is None:
        return chance
    return 1 / (
        1 + exp(-(OWN * log_odds(chance, LEAST) + OPINION * log_odds(outcome, LEAST) + ADDED))
    )


def _with_opinion(
    chances: NDArray[np.float32], told: Mapping[Direction, float]
) -> NDArray[np.float32]:
    """Return the chances of the directions where a second opinion knows all but "unclear"."""
    if not told:
        return chances
    factors = np.array([told.get(way, 0.0) for way in WAYS]) ** TOLD
    known = chances * factors
    clear = 1.0 - chances[WAYS.index("unclear")]
    mixed: NDArray[np.float32] = known / max(known.sum(), 1e-9) * clear
    mixed[WAYS.index("unclear")] = 1.0 - clear
    return mixed


def _carried_over(all_scenes: Sequence[Scene], claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield what a sentence without an outcome says of the outcomes told of right before it.

    "Pain and stiffness improved in both groups. There was no difference between the groups."
    """
    told: dict[int, list[Claim]] = {}
    for claim in claims:
        told.setdefault(claim.scene.sentence, []).append(claim)
    for scene in all_scenes:
        differs = scene.places.keys() & {"differ", "not"} == {"differ", "not"}
        short = scene.last - scene.first <= SHORT and not scene.statistics
        if not differs or not short or scene.sentence in told or "baseline" in scene.places:
            continue
        if not scene.places.keys() & {"between", "group"}:
            continue
        for claim in told.get(scene.sentence - 1, []):
            if claim.direction in ("increase", "decrease"):
                yield Claim(claim.phrase, scene, "no_difference", claim.finding, CARRIED)


def outcome_phrases(context: Context, scene: Scene) -> list[Phrase]:
    """Return the phrases of a sentence that may name an outcome."""
    return [
        p for p in context.by_sentence.get(scene.sentence, ())
        if p.list_id >= -1 and _may_be_outcome(p, context.lower[p.first : p.last])
    ]  # fmt: skip


def _overlap(one: Phrase, other: Phrase) -> bool:
    return one.first < other.last and other.first < one.last
