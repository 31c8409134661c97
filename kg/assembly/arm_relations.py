"""Whether two values are of one arm: what stands between them, and how their lists are built."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kg.assembly.arm_scene import BREAKS, ArmScene, Features
from kg.assembly.words import VERSUS


@dataclass(frozen=True, slots=True)
class Relation:
    """An earlier value (its index among the statistics) and what tells whether the arm is the same."""

    value: int
    features: Features


def relations(scene: ArmScene, at: int) -> list[Relation]:
    """Return the earlier values that bear on the value at a place: its pair's, the one before, the list's before."""
    if at == 0:
        return []
    c, k = scene.context, scene.values[at]
    statistic = c.statistics[k]
    mates = scene.mates(k)
    position = mates.index(k)
    previous = mates[position - 1] if position > 0 else scene.values[at - 1]
    kind = "mate" if position > 0 else "prev"
    f = _relation(scene, previous, k, kind)
    if position > 0:
        f[f"mate_{statistic.pairing}"] = f[f"mate_size_{min(4, len(mates))}"] = 1.0
    found = [Relation(previous, f)]
    aligned = _same_place(scene, at)
    if aligned is not None:
        found.append(Relation(aligned, _relation(scene, aligned, k, "row")))
    if position == 0 and at > 1 and len(mates) == 1:
        found.append(
            Relation(scene.values[at - 2], _relation(scene, scene.values[at - 2], k, "two"))
        )
    return found


def _relation(scene: ArmScene, one: int, other: int, kind: str) -> Features:
    c = scene.context
    a, b = c.statistics[one], c.statistics[other]
    before, place = c.places[one], c.places[other]
    here = before.sentence == place.sentence
    gap = c.lower[before.end : place.token] if here else []
    arms = _arms_between(scene, one, other)
    f = {
        kind: 1.0,
        "here": float(here),
        "back": float(min(3, place.sentence - before.sentence)),
        "distance": math.log1p(max(0, place.token - before.end)) * here,
        f"arms_{arms}": 1.0,
        "bracketed": float(place.depth > before.depth),
        "shallower": float(place.depth < before.depth),
        "unit": float(a.unit == b.unit),
        "measure": float(a.measure == b.measure),
        "pairing": float(a.pairing == b.pairing),
        "versus": float(any(w in VERSUS for w in gap)),
        "and": float("and" in gap),
        "comma": float("," in gap),
        "semi": float(";" in gap or ":" in gap),
        "contrast": float(bool(BREAKS.intersection(gap))),
        "p": float(a.p_value is not None),
        "both_lone": float(a.group is None and b.group is None),
        "position": float(min(2, scene.mates(one).index(one))),
    }
    return {f"{kind}_{name}" if name != kind else name: value for name, value in f.items() if value}


def _same_place(scene: ArmScene, at: int) -> int | None:
    """Return the value at the same place of the list before, of as many values."""
    mates = scene.mates(scene.values[at])
    position = mates.index(scene.values[at])
    for earlier in range(at - position - 1, max(-1, at - 14), -1):
        k = scene.values[earlier]
        others = scene.mates(k)
        alike = len(others) == len(mates) > 1 and others is not mates
        if alike and others[position] < scene.values[at]:
            return others[position]
    return None


def _arms_between(scene: ArmScene, one: int, other: int) -> int:
    """Return how many mentions of arms stand between two values, at most 3."""
    c = scene.context
    start, end = c.places[one].end, c.places[other].token
    first, last = c.places[one].sentence, c.places[other].sentence
    return min(3, sum(
        start <= m.phrase.first < end
        for n in range(first, last + 1) for m in scene.by_sentence.get(n, ())
    ))  # fmt: skip
