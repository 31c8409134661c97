"""What tells which arm a value belongs to, and which of the arms is the control.

A value has *candidates*: the places that name an arm in its sentence and the sentences before, and
what the values before it suggest ("the other arm than its pair's first value"). The features of a
candidate say how it stands to the value; those of an arm's name, what part it has in the comparison.
Every feature is a number, an absent one is 0; names are the model's columns (``training/arms.py``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.assembly.arm_names import CONTROLS, GENERIC, ArmMention, ArmName
from kg.assembly.context import Context
from kg.assembly.features import MEASURE_GROUPS, word_scores
from kg.assembly.labels import FUNCTION_WORDS, likeness, stems
from kg.assembly.link import Link
from kg.assembly.words import VERSUS

Features = dict[str, float]
Kind = Literal["mention", "first", "second", "none"]
WINDOW = 3  # sentences before a value whose arms may be its own

#: Words whose place right before or after a value joins it to the name beyond them.
_BREAKS = frozenset("; whereas while but although compared".split())
_JOINTS = frozenset(
    "in for with among of on to by from than versus vs vs. v and or ( ) [ ] : = , ; was were had has".split()
)
_PLAIN = FUNCTION_WORDS | frozenset(
    "patients women men participants subjects those people children individuals group arm groups arms % ( ) [ ]"
    " receiving treated assigned randomized randomised who received given allocated taking".split()
)
#: Words that say that a name is the standard of comparison, or what is tested against it.
ROLE_WORDS = frozenset(
    "placebo control controls comparator comparison sham vehicle untreated observation usual standard conventional routine"
    " alone no without only delayed wait waiting waitlist reference regular traditional plain active attention education"
    " intervention treatment study experimental test investigational new novel plus combination combined added addition"
    " high low intensive early late".split()
)


STANDARD = CONTROLS | frozenset(
    "controls usual standard conventional routine wait waiting waitlist no without".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may tell a value's arm: a mention, or no more than its place in a pair."""

    kind: Kind
    features: Features
    name: int = -1


@dataclass(frozen=True, slots=True)
class Relation:
    """An earlier value (its index among the statistics) and what tells whether the arm is the same."""

    value: int
    features: Features


@dataclass
class ArmScene:
    """A document's arms and numbers, with what every candidate needs to know; built once."""

    context: Context
    names: list[ArmName]
    mentions: list[ArmMention]
    values: Sequence[int]  # indexes of the statistics to be placed, in text order
    links: Mapping[int, Link]
    by_sentence: dict[int, list[ArmMention]] = field(init=False)
    _orders: dict[int, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        found: defaultdict[int, list[ArmMention]] = defaultdict(list)
        for m in self.mentions:
            found[m.phrase.sentence].append(m)
        self.by_sentence = dict(found)
        top = max((n.weight for n in self.names), default=1.0)
        self.shares = [n.weight / top for n in self.names]
        order = sorted(range(len(self.names)), key=lambda n: -self.names[n].weight)
        self.ranks = {n: rank for rank, n in enumerate(order)}
        self.groups: defaultdict[int, list[int]] = defaultdict(list)
        for k in self.values:
            group = self.context.statistics[k].group
            if group is not None:
                self.groups[group].append(k)

    def order_of(self, sentence: int) -> tuple[int, int]:
        """Return how many values of a sentence stand right behind a name, and how many right before one."""
        if sentence not in self._orders:
            c, before, after = self.context, 0, 0
            own = self.by_sentence.get(sentence, [])
            for k in self.values:
                place = c.places[k]
                if place.sentence != sentence:
                    continue
                ends = [m.phrase.last for m in own if m.phrase.last <= place.token]
                starts = [m.phrase.first for m in own if m.phrase.first >= place.end]
                before += bool(ends) and _foreign(c, max(ends), place.token, 0) == 0
                after += bool(starts) and _foreign(c, place.end, min(starts), place.depth) <= 1
            self._orders[sentence] = (before, after)
        return self._orders[sentence]

    def mates(self, k: int) -> list[int]:
        """Return the values of the list or pair that holds a value, itself included, in text order."""
        group = self.context.statistics[k].group
        return [k] if group is None else self.groups[group]


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
    return [Candidate(c.kind, c.features | shared, c.name) for c in found]


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
        "v_all": float(bool({"all", "overall", "total", "both"} & set(words))),
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
    link = scene.links[k]
    for x in found:
        x.features.update(_as_linked(scene, x.name, link))
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
        foreign = _foreign(c, low, high, p.depth)
        f[f"b_foreign_{foreign}"] = 1.0
    elif p.first >= place.end:
        f["after"] = 1.0
        low, high = place.end, p.first
        nearer = [x for x in own if place.end <= x.phrase.first and x.phrase.last <= p.first]
        gap = c.lower[low:high]
        joint, edge = (gap[0] if gap else ""), (gap[-1] if gap else "")
        foreign = _foreign(c, low, high, place.depth)
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
    f[f"{side}_clause"] = float(not _BREAKS.intersection(c.lower[low:high]))
    start = c.sentence_tokens[place.sentence][0]
    f["leads"] = float(p.first - start <= 3)
    f["leads_clause"] = float(
        bool(_BREAKS.intersection(c.lower[max(start, p.first - 4) : p.first]))
    )
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


def _foreign(c: Context, low: int, high: int, depth: int) -> int:
    """Count the words between a name and a value that do more than join them, at most 4.

    Brackets between the two, with what they hold, and numbers of people do not count.
    """
    count = 0
    floor = min([depth, *c.depths[low:high]], default=depth)
    for t in range(low, high):
        word = c.lower[t]
        inside = c.depths[t] > max(floor, 0) and word not in ("(", "[", ")", "]")
        if (
            word in _PLAIN
            or word in (":", "=", ",")
            or word[:1].isdigit()
            or (inside and c.depths[t] > depth)
        ):
            continue
        count += 1
    return min(4, count)


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
        "contrast": float(bool(_BREAKS.intersection(gap))),
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
        if len(others) == len(mates) > 1 and others is not mates:
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


def role_features(scene: ArmScene, name: int) -> Features:
    """Return what tells whether an arm is the control: its words, and where it stands in comparisons."""
    c = scene.context
    arm = scene.names[name]
    n = len(arm.mentions)
    f: Features = {"bias": 1.0, "share": scene.shares[name]}
    words: defaultdict[str, int] = defaultdict(int)
    placed: Mapping[str, float] = defaultdict(float)
    for m in arm.mentions:
        p = m.phrase
        around = c.lower[max(0, p.first - 1) : p.last + 1]
        for w in set(around) & ROLE_WORDS:
            words[w] += 1
        for key, score in zip(
            ("iv", "cv"), (p.score("intervention"), p.score("comparator")), strict=True
        ):
            placed[key] += score  # type: ignore[index]
        zone = c.comparison_zone(p)
        if zone:
            placed[zone] += 1.0  # type: ignore[index]
        before = [
            w for w in c.lower[max(0, p.first - 3) : p.first] if w not in ("the", "with", "to", "a")
        ]
        if before and before[-1] in VERSUS:
            placed["behind"] += 1.0  # type: ignore[index]
        if p.last < len(c.lower) and any(w in VERSUS for w in c.lower[p.last : p.last + 2]):
            placed["ahead"] += 1.0  # type: ignore[index]
    for kind, members in (("standard", STANDARD), ("tested", GENERIC)):
        hits = [w for w in words if w in members]
        f[f"any_{kind}"] = float(bool(hits))
        f[f"share_{kind}"] = min(1.0, sum(words[w] for w in hits) / n)
    for w, count in words.items():
        f[f"w_{w}"] = count / n
        f["ever_" + w] = 1.0
    for key, value in placed.items():
        f[f"p_{key}"] = value / n
    title = [m for m in scene.mentions if m.phrase.sentence == 0]
    in_title = list(dict.fromkeys(m.name for m in title))
    f["title"] = float(name in in_title)
    if name in in_title:
        f["title_first"] = float(in_title[0] == name)
        f["title_later"] = float(in_title[0] != name)
    order = [x for x in dict.fromkeys(m.name for m in scene.mentions) if scene.ranks[x] < 3]
    if name in order:
        f[f"order_{order.index(name)}"] = 1.0
    f["rank_0"] = float(scene.ranks[name] == 0)
    f["rank_1"] = float(scene.ranks[name] == 1)
    keys = arm.keys
    others = [
        k for x, o in enumerate(scene.names) if x != name and scene.ranks[x] < 5 for k in o.keys
    ]
    f["part_of_other"] = float(any(k < o for k in keys for o in others))
    f["holds_other"] = float(any(o < k for k in keys for o in others))
    f["negated"] = float(any("no" in k for k in keys))
    f["alone"] = float(any("alone" in k for k in keys))
    codes = [next(iter(k)) for k in keys if len(k) == 1 and next(iter(k)).startswith("#")]
    for code in codes:
        f[f"code_{code[1:]}"] = 1.0
    return f
