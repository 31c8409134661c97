"""What tells which of the named arms a value belongs to.

A value has *candidates*: the places that name an arm in its sentence and the sentences before. The
features of a candidate say how it stands to the value. Every feature is a number, an absent one is
0; names are the model's columns (``training/arms.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kg.assembly.arm_mentions import CONTROLS, GENERIC
from kg.assembly.arm_names import ArmMention
from kg.assembly.arm_scene import BREAKS, ArmScene, Features, foreign_words
from kg.assembly.features import MEASURE_GROUPS, word_scores
from kg.assembly.labels import likeness, stems
from kg.assembly.link import Link
from kg.assembly.words import VERSUS

Kind = Literal["mention", "first", "second", "none"]
WINDOW = 3  # sentences before a value whose arms may be its own

#: Words whose place right before or after a value joins it to the name beyond them.
_JOINTS = frozenset(
    "in for with among of on to by from than versus vs vs. v and or ( ) [ ] : = , ; was were had has".split()
)
_ALL = frozenset({"all", "overall", "total", "both"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may tell a value's arm: a mention, or no more than its place in a pair."""

    kind: Kind
    features: Features
    name: int = -1


def candidates(scene: ArmScene, at: int) -> list[Candidate]:
    """Return the candidates of the value at a place of ``scene.values``."""
    k = scene.values[at]
    shared = _value_features(scene, k)
    found = _mention_candidates(scene, k)
    position = scene.mates(k).index(k)
    last = len(scene.mates(k)) - 1
    prior: Kind = "first" if position == 0 or position != last else "second"
    found.append(Candidate(prior, {f"prior_{prior}": 1.0}))
    found.append(Candidate("none", {"none": 1.0}))
    for c in found:
        c.features.update(shared)
    return found


def _value_features(scene: ArmScene, k: int) -> Features:
    """Return what all candidates of a value share."""
    c = scene.context
    s, place = c.statistics[k], c.places[k]
    mates = scene.mates(k)
    here = scene.by_sentence.get(place.sentence, [])
    distinct = len({m.name for m in here})
    first, last = c.sentence_tokens[place.sentence]
    words = c.lower[first:last]
    return {
        f"v_{MEASURE_GROUPS.get(s.measure or '', 'none')}": 1.0,
        f"v_pair_{s.pairing}": 1.0,
        f"v_size_{min(4, len(mates))}": 1.0,
        "v_position": float(mates.index(k)),
        "v_arms_here": float(min(4, distinct)),
        "v_no_arm_here": float(distinct == 0),
        "v_two_here": float(distinct == 2),
        "v_respectively": float("respectively" in words),
        "v_ci": float(s.ci_low is not None),
        "v_bracket": float(place.depth > 0),
        "v_all": float(not _ALL.isdisjoint(words)),
        "v_difference": float("difference" in c.lower[max(first, place.token - 4) : place.token]),
        "v_signed": float((s.value or 0) < 0),
    }


def _mention_candidates(scene: ArmScene, k: int) -> list[Candidate]:
    c = scene.context
    place = c.places[k]
    found: list[Candidate] = []
    own = [m for m in scene.by_sentence.get(place.sentence, []) if m.phrase.list_id >= -1]
    for m in scene.by_sentence.get(place.sentence, []):
        found.append(Candidate("mention", _in_sentence(scene, k, m, own), m.name))
    nearest = True
    for back in range(1, WINDOW + 1):
        earlier = scene.by_sentence.get(place.sentence - back, [])
        for m in earlier:
            found.append(
                Candidate("mention", _before_sentence(scene, k, m, earlier, back, nearest), m.name)
            )
        nearest = nearest and not earlier
    seen = {x.name for x in found}
    for n, rank in scene.ranks.items():
        if rank < 4 and n not in seen:
            f = _name_features(scene, scene.names[n].mentions[0]) | {"far": 1.0, f"far_{rank}": 1.0}
            found.append(Candidate("mention", f, n))
    linked = {name: _as_linked(scene, name, scene.links[k]) for name in {x.name for x in found}}
    for x in found:
        x.features.update(linked[x.name])
    return found


def _as_linked(scene: ArmScene, name: int, link: Link) -> Features:
    """Return whether the ranking of all phrases chose this name for the value."""
    arm = scene.names[name]
    f: Features = {}
    for role, phrase in (("intervention", link.intervention), ("comparator", link.comparator)):
        if phrase is None:
            continue
        overlaps = any(
            m.phrase.first < phrase.last and phrase.first < m.phrase.last for m in arm.mentions
        )
        f[f"linked_{role}"] = max(float(overlaps), likeness(arm.label, phrase.label))
        f[f"linked_{role}_sure"] = f[f"linked_{role}"] * link.intervention_score
    return f


def _name_features(scene: ArmScene, m: ArmMention) -> Features:
    """Return what a mention says of its name, whatever the value; the caller adds to it."""
    if id(m) not in scene.named:
        scene.named[id(m)] = _of_name(scene, m)
    return scene.named[id(m)].copy()


def _of_name(scene: ArmScene, m: ArmMention) -> Features:
    words = set(scene.context.lower[m.phrase.first : m.phrase.last])
    outcome, intervention = _lexical(m)
    return {
        "n_outcome_words": outcome,
        "n_intervention_words": intervention,
        "n_outcome": m.phrase.score("outcome"),
        "n_population": m.phrase.score("population"),
        "n_grouped": float(m.grouped),
        "n_alone": float(m.alone),
        "n_strength": m.strength,
        "n_share": scene.shares[m.name],
        "n_rank": float(min(5, scene.ranks[m.name])),
        "n_often": float(len(scene.names[m.name].mentions) > 1),
        "n_control": float(bool(words & CONTROLS)),
        "n_generic": float(bool(words & GENERIC)),
    }


def _lexical(m: ArmMention) -> tuple[float, float]:
    """Return how much the words of a mention are those of outcomes, and of interventions (log odds)."""
    table = word_scores()
    found = [table[x] for x in stems(m.phrase.raw) if x in table]
    if not found:
        return 0.0, 0.0
    return sum(t[0] for t in found) / len(found), sum(t[1] for t in found) / len(found)


def _in_sentence(scene: ArmScene, k: int, m: ArmMention, own: Sequence[ArmMention]) -> Features:
    """Return how a mention of the value's own sentence stands to it."""
    c = scene.context
    place, p = c.places[k], m.phrase
    f = _name_features(scene, m)
    f["here"] = 1.0
    mates = scene.mates(k)
    if p.last <= place.token:
        f["before"] = 1.0
        low, high = p.last, place.token
        outer = max(p.last, place.anchor)
        nearer = [x for x in own if p.last <= x.phrase.first and x.phrase.last <= place.token]
        if p.first >= place.anchor:
            f["inside"] = 1.0
        gap = c.lower[low : min(outer, high)]
        joint, edge = (gap[-1] if gap else ""), (gap[0] if gap else "")
        foreign = foreign_words(c, low, high, p.depth)
        f[f"b_foreign_{foreign}"] = 1.0
    elif p.first >= place.end:
        f["after"] = 1.0
        low, high = place.end, p.first
        nearer = [x for x in own if place.end <= x.phrase.first and x.phrase.last <= p.first]
        gap = c.lower[low:high]
        joint, edge = (gap[0] if gap else ""), (gap[-1] if gap else "")
        foreign = foreign_words(c, low, high, place.depth)
        f[f"a_foreign_{foreign}"] = 1.0
    else:
        f["within"] = 1.0
        return f
    side = "b" if "before" in f else "a"
    f |= _sentence_order(scene, k, side, foreign <= 1)
    f[f"{side}_distance"] = math.log1p(high - low)
    f[f"{side}_nearer"] = float(min(3, len({x.name for x in nearer if x.name != m.name})))
    f[f"{side}_nearest"] = float(not nearer)
    f[f"{side}_stats"] = float(min(4, c.between("stat", low, high)))
    for name in ("comma", "semi", "conj", "versus", "verb", "open", "close"):
        f[f"{side}_{name}"] = float(min(3, c.between(name, low, high)))
    if joint in _JOINTS:
        f[f"{side}_joint_{joint}"] = 1.0
    if edge in _JOINTS:
        f[f"{side}_edge_{edge}"] = 1.0
    f[f"{side}_clause"] = float(not BREAKS.intersection(c.lower[low:high]))
    start = c.sentence_tokens[place.sentence][0]
    f["leads"] = float(p.first - start <= 3)
    f["leads_clause"] = float(bool(BREAKS.intersection(c.lower[max(start, p.first - 4) : p.first])))
    f["only_here"] = float(len({x.name for x in own}) == 1)
    f["same_depth"] = float(p.depth == place.depth)
    f["deep"] = float(p.depth > place.depth)
    before_it = c.lower[p.first - 1] if p.first else ""
    f["after_versus"] = float(
        before_it in VERSUS or c.lower[max(0, p.first - 2) : p.first - 1] == ["than"]
    )
    f["then_versus"] = float(bool(c.lower[p.last : p.last + 2]) and c.lower[p.last] in VERSUS)
    zone = c.comparison_zone(p)
    if zone:
        f[f"zone_{zone}"] = 1.0
        f[f"zone_{zone}_{min(2, mates.index(k))}"] = 1.0
    f |= _order(scene, mates, k, m, own)
    return f


def _sentence_order(scene: ArmScene, k: int, side: str, close: bool) -> Features:
    """Return whether the sentence's values stand before or behind the names of their arms."""
    before, after = scene.order_of(scene.context.places[k].sentence)
    total = max(1, before + after)
    share = (before if side == "b" else after) / total
    return {
        f"{side}_usual": share,
        f"{side}_usual_close": share * close,
        "order_told": float(before + after > 0),
    }


def _order(
    scene: ArmScene, mates: Sequence[int], k: int, m: ArmMention, own: Sequence[ArmMention]
) -> Features:
    """Return how the order of the arms named around a list agrees with the order of its values."""
    if len(mates) < 2:
        return {}
    c = scene.context
    start, end = c.places[mates[0]].token, c.places[mates[-1]].end
    f: Features = {}
    position = mates.index(k)
    for side, run in (
        ("pre", [x for x in own if x.phrase.last <= start]),
        ("post", [x for x in own if x.phrase.first >= end]),
    ):
        run = list({x.name: x for x in (run if side == "post" else reversed(run))}.values())
        if side == "pre":
            run.reverse()
            run = run[-len(mates) :]
        else:
            run = run[: len(mates)]
        names = [x.name for x in run]
        if m.name in names and len(names) == len(mates):
            f[f"{side}_aligned" if names.index(m.name) == position else f"{side}_crossed"] = 1.0
        if m.name in names and len(names) == 1:
            f[f"{side}_only_{min(position, 2)}"] = 1.0
    inner = [x for x in own if start < x.phrase.first < end]
    f["inner_arms"] = float(min(3, len(inner)))
    return f


def _before_sentence(
    scene: ArmScene, k: int, m: ArmMention, earlier: Sequence[ArmMention], back: int, nearest: bool
) -> Features:
    """Return how a mention of an earlier sentence stands to the value."""
    f = _name_features(scene, m)
    f[f"back_{back}"] = 1.0
    f["back_nearest"] = float(nearest)
    order = list(dict.fromkeys(x.name for x in earlier))
    mates = scene.mates(k)
    position = mates.index(k)
    if len(mates) > 1 and len(order) == len(mates):
        f["back_aligned" if order.index(m.name) == position else "back_crossed"] = 1.0
    f["back_first"] = float(order[0] == m.name)
    f["back_last"] = float(order[-1] == m.name)
    f["back_only"] = float(len(order) == 1)
    zone = scene.context.comparison_zone(m.phrase)
    if zone:
        f[f"back_zone_{zone}"] = 1.0
    return f
