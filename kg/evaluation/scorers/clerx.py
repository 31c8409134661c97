"""Ratios of observational studies, and what each relates to what (CLERx).

A ratio of ours answers gold's when it is the same measure with the same value at the same place. A
*whole relation* is a ratio with explanatory variable and outcome; gold's relations stand against
ours as sets, so a variable that is missing or wrong costs on both sides; where gold links several
variables to a ratio (what, in whom), one of each kind is enough.

The set marks neither intervals nor p values; those of its development part were read off for this
project (``annotations/clerx_intervals.csv``: document, place of the ratio, what is printed).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.evaluation.figures import Figure, Jaccard, Match, Share
from kg.evaluation.labels import SAME_LABEL, likeness, same_number
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Claim, claims, place, within

Json = dict[str, Any]
_RATIOS = frozenset({"HR", "OR", "RR"})
#: What a relation's tail is called in the set → what we call it.
_PARTS = {"explanatory_var": "explanatory", "outcome_var": "outcome", "baseline": "baseline"}

FIGURES: tuple[Figure, ...] = (
    Match("ratios"),
    Match("ratios_with_interval_and_p"),
    *(Share(f"{part}_linked", f"{part}_hit", f"{part}_gold") for part in _PARTS.values()),
    Jaccard("relations"),
    Match("relations_whole"),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """The interval and p value printed with a ratio, ``None`` for what is not."""

    ci_low: float | None
    ci_high: float | None
    p_operator: str | None
    p_value: float | None

    def agrees(self, effect: Json) -> bool:
        """Whether an effect has all that is printed and nothing more."""
        numbers = ("ci_low", "ci_high", "p_value")
        return effect.get("p_operator") == self.p_operator and all(
            same_number(effect.get(name), getattr(self, name)) for name in numbers
        )


@cache
def read_intervals() -> dict[tuple[str, int], Printed]:
    """Return what is printed with each ratio of the development part, by document and place."""
    file = Path(__file__).parent.parent / "annotations" / "clerx_intervals.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            (row["id"], int(row["start"])): Printed(
                _number(row["ci_low"]),
                _number(row["ci_high"]),
                row["p_operator"] or None,
                _number(row["p_value"]),
            )
            for row in csv.DictReader(lines)
        }


def _number(text: str) -> float | None:
    return float(text) if text else None


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score one document."""
    found = DocumentScore(document["id"], document["text"])
    ours = [claim for claim in claims(record) if claim.effect["measure"] in _RATIOS]
    used: dict[int, int] = {}  # ours → gold's ratio
    ratios = [i for i, e in enumerate(document["entities"]) if e["label"].endswith("_ratio")]
    relations = whole = printed = complete = 0
    for index in ratios:
        entity = document["entities"][index]
        span = (entity["start"], entity["end"])
        answer = _find(entity, ours, used)
        beside = read_intervals().get((document["id"], entity["start"]))
        printed += beside is not None
        tails = _tails(document, index)
        relations += {"explanatory", "outcome"} <= tails.keys()
        if answer is None:
            found.miss("ratios", f"{entity['label'][:2].upper()} {entity['text']}", "", span)
            continue
        used[answer] = index
        if beside is not None:
            complete += beside.agrees(ours[answer].effect)
            if not beside.agrees(ours[answer].effect):
                found.miss("interval or p of ratio", str(beside), _say(ours[answer]), span)
        right = _score_links(found, tails, ours[answer], span)
        whole += {"explanatory", "outcome"} <= right
    found.add("ratios", len(ratios), len(used), len(ours), len(used))
    judged = len(ours) if printed or not ratios else 0
    found.add("ratios_with_interval_and_p", printed, complete, judged, complete)
    claimed = sum(bool(claim.intervention and claim.outcome) for claim in ours)
    found.add("relations_whole", relations, whole, claimed, whole)
    for end, count in (("gold", relations), ("ours", claimed), ("hit", whole)):
        found.counts[f"relations/{end}"] += count
    for index, claim in enumerate(ours):
        if index not in used:
            found.miss("ratios", "", _say(claim), claim.number)
    return found


def _say(claim: Claim) -> str:
    effect = claim.effect
    said = f"{effect['measure']} {effect.get('value')}"
    if effect.get("ci_low") is not None:
        said += f" [{effect['ci_low']}, {effect.get('ci_high')}]"
    if effect.get("p_value") is not None:
        said += f", p {effect.get('p_operator')} {effect['p_value']}"
    return said


def _find(entity: Json, ours: list[Claim], used: dict[int, int]) -> int | None:
    """Return the first unused ratio of ours that has the measure, value and place of an entity."""
    span = (entity["start"], entity["end"])
    value = re.sub(r"[^\d.]", "", entity["text"].replace("·", ".")) or 0
    for index, claim in enumerate(ours):
        effect = claim.effect
        if (
            index not in used
            and effect["measure"] == entity["label"][:2].upper()
            and any(within(span, place(evidence)) for evidence in effect["evidence"])
            and effect.get("value") is not None
            and same_number(effect["value"], value)
        ):
            return index
    return None


def _tails(document: Json, head: int) -> dict[str, list[str]]:
    """Return the words of what a ratio is linked to, by part."""
    tails: dict[str, list[str]] = {}
    for relation in document["relations"]:
        if relation["head"] == head:
            tail = document["entities"][relation["tail"]]
            tails.setdefault(_PARTS[tail["label"]], []).append(tail["text"])
    return tails


def _score_links(
    found: DocumentScore, tails: dict[str, list[str]], claim: Claim, span: tuple[int, int]
) -> set[str]:
    """Count the parts that are linked right, and return those of which one is."""
    said = {
        "explanatory": claim.intervention,
        "outcome": claim.outcome,
        "baseline": claim.comparator,
    }
    right = set()
    for part, wanted in tails.items():
        for text in wanted:
            hit = likeness(said[part], text) >= SAME_LABEL
            found.counts[f"{part}_gold"] += 1
            found.counts[f"{part}_hit"] += hit
            if hit:
                right.add(part)
            else:
                found.miss(f"{part} of ratio", text, said[part], span)
    return right
