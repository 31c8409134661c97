"""Which way an outcome went, asked by intervention, comparator and outcome (Evidence Inference).

Only questions that the abstract answers are asked. Of our effects the one is taken whose labels are
nearest to the question, its outcome near enough; where its comparator is the question's
intervention, the direction turns.
"""

from __future__ import annotations

from typing import Any

from kg.evaluation.figures import Figure, Macro, Match, Share
from kg.evaluation.labels import likeness
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Claim, Place, claims

Json = dict[str, Any]
DIRECTIONS = ("increase", "decrease", "no_difference")
_NEAR = 0.45  # likeness from which an effect is about the question's outcome
_TURNED = {"increase": "decrease", "decrease": "increase", "no_difference": "no_difference"}

_EACH = tuple(Match(direction) for direction in DIRECTIONS)
FIGURES: tuple[Figure, ...] = (
    Share("covered", "covered", "prompts"),
    Share("accuracy", "right", "prompts"),
    *_EACH,
    Macro("macro_f1", _EACH),
)


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score one document."""
    found = DocumentScore(document["id"], document["text"])
    ours = list(claims(record))
    for prompt in document["prompts"]:
        if not prompt["in_abstract"] or prompt.get("conflict"):
            continue
        gold = to_direction(prompt["label"])
        claim = find_answer(prompt, ours)
        said = _read_direction(prompt, claim)
        found.counts["prompts"] += 1
        found.counts["covered"] += said is not None
        found.counts["right"] += said == gold
        for direction in DIRECTIONS:
            both = int(gold == direction == said)
            found.add(direction, int(gold == direction), both, int(said == direction), both)
        if said != gold:
            question = f"{prompt['intervention']} / {prompt['comparator']}: {prompt['outcome']}"
            answer = _say(claim, said)
            quote = " … ".join(str(evidence["quote"]) for evidence in prompt["evidence"])
            found.miss(
                f"said {said}, gold {gold}" if said else f"{gold} not found",
                f"{gold}: {question}",
                answer,
                _find_evidence(prompt, document["text"]),
                quote,
            )
    return found


def score_turned(document: Json, record: Json | None) -> DocumentScore:
    """Score a document whose questions name intervention and comparator the other way round.

    So do those of the exhaustive set: of 79 articles with a control or placebo in one of the two
    fields, 78 have it as the intervention each time, while the answers tell what the other did.
    """
    return score(turned(document), record)


def turned(document: Json) -> Json:
    """Return a document whose questions have intervention and comparator exchanged."""
    prompts = [
        {**prompt, "intervention": prompt["comparator"], "comparator": prompt["intervention"]}
        for prompt in document["prompts"]
    ]
    return {**document, "prompts": prompts}


def to_direction(label: str) -> str:
    """Return the direction of an answer: "significantly increased" is an increase."""
    said = label.lower()
    return (
        "increase"
        if "increased" in said
        else "decrease"
        if "decreased" in said
        else "no_difference"
    )


def find_answer(prompt: Json, ours: list[Claim]) -> Claim | None:
    """Return the effect that is nearest to a question; the first of equals."""
    best, most = None, 0.0
    for claim in ours:
        about = likeness(claim.outcome, prompt["outcome"])
        straight = likeness(claim.intervention, prompt["intervention"])
        straight += 0.5 * likeness(claim.comparator, prompt["comparator"])
        turned = likeness(claim.comparator, prompt["intervention"]) - 0.1
        near = 2 * about + max(straight, turned)
        if about >= _NEAR and near > most:
            best, most = claim, near
    return best


def _read_direction(prompt: Json, claim: Claim | None) -> str | None:
    if claim is None or claim.effect.get("direction") not in DIRECTIONS:
        return None
    direction: str = claim.effect["direction"]
    as_comparator = likeness(claim.comparator, prompt["intervention"])
    if as_comparator > likeness(claim.intervention, prompt["intervention"]) + 0.2:
        return _TURNED[direction]
    return direction


def _say(claim: Claim | None, said: str | None) -> str:
    if claim is None:
        return ""
    about = f"{claim.intervention or '?'} / {claim.comparator or '?'}: {claim.outcome or '?'}"
    return f"{said or claim.effect.get('direction')}: {about}"


def _find_evidence(prompt: Json, text: str) -> Place | None:
    for evidence in prompt["evidence"]:
        if evidence.get("start") is not None:
            return evidence["start"], evidence["end"]
        start = text.find(evidence["quote"])
        if start >= 0:
            return start, start + len(evidence["quote"])
    return None
