"""What the models of told findings look at: a phrase, and the words of its sentence that carry a finding.

Every feature is a number; an absent one is 0. The names are the models' columns: a feature that is
renamed here needs the models refitted (``training/told.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from kg.assembly.context import MENTION_KINDS, Context, Phrase
from kg.assembly.features import MEASURE_GROUPS, Features, null_value, word_scores
from kg.assembly.labels import stems
from kg.assembly.told_words import BAD, CARRIERS, CLASS_OF, CLASSES, CLAUSE_ENDS, GOOD
from kg.assembly.words import QUANTITY_WORDS, STATISTIC_WORDS, TIME_WORDS
from kg.assembly.zones import Zone, find_labels
from kg.numbers.statistic import Statistic

FAR = 25  # tokens beyond which a word does not bear on a phrase
WHOLE = 6  # sentences from which a text is a report, whose first sentences name it and its aim
MIDDLE = 0.6  # where the sentences of a shorter text are held to stand
_UNKNOWN = (0.0, 0.0, 0.0, 0.0)
_LABELLED: dict[str, Zone] = {
    "title": "title", "abstract": "background", "background": "background", "introduction": "background",
    "objective": "background", "methods": "methods", "results": "results", "conclusion": "conclusion",
    "conclusions": "conclusion", "discussion": "conclusion",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence: where the words of each class stand, its clauses, its numbers, its zone."""

    sentence: int
    first: int  # token indexes, end excluded
    last: int
    places: dict[str, list[int]]
    clause_ends: list[int]
    outcomes: list[int]  # first tokens of phrases tagged as outcomes
    statistics: list[int]  # indexes of the document's statistics that have a value or a p value
    zone: Zone | None
    where: float


def zones_of_sentences(context: Context) -> list[Zone | None]:
    """Return the zone of each sentence: the block's section, or the label last printed in the block."""
    marks: dict[int, list[tuple[int, Zone]]] = {}
    zones: list[Zone | None] = []
    text = context.reading.view.text
    for sentence in context.annotation.sentences:
        if sentence.block not in marks:
            block = context.reading.blocks[sentence.block]
            found = find_labels(text, block.start_char, block.end_char)
            marks[sentence.block] = [(place, zone) for place, _, zone in found]
        before = [zone for place, zone in marks[sentence.block] if place <= sentence.start_char + 2]
        zones.append(before[-1] if before else _LABELLED.get(sentence.section))
    return zones


def scenes(context: Context) -> list[Scene]:
    """Return one scene for each sentence that holds a word which can carry a finding."""
    by_sentence: dict[int, list[int]] = {}
    for k, (statistic, place) in enumerate(zip(context.statistics, context.places, strict=True)):
        if statistic.value is not None or statistic.p_value is not None:
            by_sentence.setdefault(place.sentence, []).append(k)
    zones = zones_of_sentences(context)
    found = []
    total = max(1, len(context.sentence_tokens))
    for n, (first, last) in enumerate(context.sentence_tokens):
        if context.reading.blocks[context.annotation.sentences[n].block].kind == "table":
            continue
        places: dict[str, list[int]] = {}
        for t in range(first, last):
            name = CLASS_OF.get(context.lower[t])
            if name is not None:
                places.setdefault(name, []).append(t)
        if places.keys().isdisjoint(CARRIERS):
            continue
        places = {name: places[name] for name in CLASSES if name in places}
        ends = [t for t in range(first, last) if context.lower[t] in CLAUSE_ENDS]
        tagged = [p.first for p in context.by_sentence.get(n, ()) if p.score("outcome") >= 0.5]
        found.append(
            Scene(
                n,
                first,
                last,
                places,
                ends,
                tagged,
                by_sentence.get(n, []),
                zones[n],
                n / total if total >= WHOLE else MIDDLE,
            )
        )
    return found


def scene_features(context: Context, scene: Scene) -> Features:
    """Return what all phrases of a sentence have in common."""
    f: Features = {f"zone_{scene.zone}": 1.0, "where": scene.where}
    block = context.reading.blocks[context.annotation.sentences[scene.sentence].block]
    f[f"block_{block.kind}"] = 1.0
    f["tokens"] = float(scene.last - scene.first)
    f["numbers"] = float(len(scene.statistics))
    for name, found in scene.places.items():
        f[f"all_{name}"] = float(len(found))
    text = context.lower[scene.last - 1] if scene.last > scene.first else ""
    f["question"] = float(text == "?")
    significant = [s for k in scene.statistics if (s := _small(context.statistics[k])) is not None]
    f["p_small"] = float(sum(significant))
    f["p_large"] = float(len(significant) - sum(significant))
    return f


def claim_features(context: Context, scene: Scene, phrase: Phrase) -> Features:
    """Return the features of a phrase as that of which its sentence tells a finding."""
    f: Features = {f"k_{kind}": s for kind, s in zip(MENTION_KINDS, phrase.scores, strict=True)}
    start, end = _clause(scene, phrase)
    before_kind = after_kind = ""
    before_gap = after_gap = FAR
    for name, found in scene.places.items():
        low, high = bisect_left(found, phrase.first), bisect_left(found, phrase.last)
        gap = min(FAR, phrase.first - found[low - 1]) if low else FAR
        f[f"before_{name}"] = float(FAR - gap)
        next_gap = min(FAR, found[high] - phrase.last + 1) if high < len(found) else FAR
        f[f"after_{name}"] = float(FAR - next_gap)
        f[f"in_{name}"] = float(high - low)
        f[f"clause_{name}"] = float(bisect_left(found, end) - bisect_left(found, start))
        if name in CARRIERS:
            if gap < before_gap:
                before_kind, before_gap = name, gap
            if next_gap < after_gap:
                after_kind, after_gap = name, next_gap
    for side, kind, at in (
        ("prev", before_kind, phrase.first - before_gap),
        ("next", after_kind, phrase.last - 1 + after_gap),
    ):
        if kind:
            f[f"{side}_{kind}"] = 1.0
            f[f"{side}_negated"] = float(_negated(scene, at))
            low, high = sorted((at, phrase.first))
            f[f"{side}_outcomes"] = float(
                bisect_left(scene.outcomes, high) - bisect_right(scene.outcomes, low)
            )
            f[f"{side}_commas"] = float(context.between("comma", low, high))
            f[f"{side}_conj"] = float(context.between("conj", low, high))
    f |= _numbers(context, scene, phrase)
    f |= _words(context, scene, phrase)
    return f


def _clause(scene: Scene, phrase: Phrase) -> tuple[int, int]:
    k = bisect_left(scene.clause_ends, phrase.first)
    start = scene.clause_ends[k - 1] if k else scene.first
    end = scene.clause_ends[k] if k < len(scene.clause_ends) else scene.last
    return start, max(end, phrase.last)


def _negated(scene: Scene, at: int) -> bool:
    """Tell whether a negation stands within four tokens before a place."""
    found = scene.places.get("not", [])
    k = bisect_left(found, at)
    return k > 0 and at - found[k - 1] <= 4


def _small(statistic: Statistic) -> bool | None:
    """Tell whether a p value is below 0.05, ``None`` without one."""
    p = statistic.p_value
    if p is None:
        return None
    if statistic.p_operator in (">", ">="):
        return False
    return p < 0.05 or (p == 0.05 and statistic.p_operator in ("<", "<="))


def _numbers(context: Context, scene: Scene, phrase: Phrase) -> Features:
    """Return what the numbers after the phrase say: p, sign, interval, first against second value."""
    f: Features = {}
    after = [k for k in scene.statistics if context.places[k].token >= phrase.last]
    f["numbers_after"] = float(len(after))
    for k in after:
        small = _small(context.statistics[k])
        if small is not None:
            f["next_p_small"], f["next_p_large"] = float(small), float(not small)
            f["next_p_gap"] = float(min(60, context.places[k].token - phrase.last))
            break
    ns = next((t for t in scene.places.get("same", []) if t >= phrase.last and context.lower[t] in ("ns", "n.s")), None)  # fmt: skip
    f["next_ns"] = float(ns is not None)
    if not after:
        return f
    k = after[0]
    statistic = context.statistics[k]
    f["number_gap"] = float(min(60, context.places[k].token - phrase.last))
    f["phrase_between"] = float(
        bisect_left(scene.outcomes, context.places[k].token)
        - bisect_left(scene.outcomes, phrase.last)
    )
    group = MEASURE_GROUPS.get(statistic.measure or "", "none")
    f[f"number_{group}"] = 1.0
    null = null_value(statistic)
    if null is not None and statistic.value is not None:
        f["against_null"] = float(statistic.value > null) - float(statistic.value < null)
        if statistic.ci_low is not None and statistic.ci_high is not None:
            f["crosses"] = float(statistic.ci_low <= null <= statistic.ci_high)
            f["excludes"] = float(not f["crosses"])
    if statistic.value is not None and null is None:
        other = next(
            (context.statistics[j] for j in after[1:4]
             if context.statistics[j].group == statistic.group is not None and context.statistics[j].value is not None),
            None,
        )  # fmt: skip
        if other is not None and other.value is not None:
            f["first_minus_second"] = float(statistic.value > other.value) - float(
                statistic.value < other.value
            )
            f["paired"] = 1.0
    return f


#: Words whose place right before or after a phrase is told.
_BEFORE = frozenset("of in on for with to by the and , between than a ^".split())
_AFTER = frozenset("of in on for with to by and , . was were did ( $".split())


def _words(context: Context, scene: Scene, phrase: Phrase) -> Features:
    """Return the features of the phrase's own words and its neighbours."""
    f: Features = {"words": float(phrase.last - phrase.first), "depth": float(phrase.depth)}
    words = context.lower[phrase.first : phrase.last]
    own = stems(phrase.label)
    f["bad"] = float(bool(own & BAD))
    f["good"] = float(bool(own & GOOD))
    f["quantity"] = float(not QUANTITY_WORDS.isdisjoint(words))
    f["head_quantity"] = float(words[-1] in QUANTITY_WORDS)
    f["time"] = float(not TIME_WORDS.isdisjoint(words))
    f["statistic"] = float(not STATISTIC_WORDS.isdisjoint(words))
    f["head_statistic"] = float(words[-1] in STATISTIC_WORDS)
    f["carries"] = float(CLASS_OF.get(words[0], "") in CARRIERS)
    f["head_carries"] = float(CLASS_OF.get(words[-1], "") in CARRIERS)
    f["head_group"] = float(CLASS_OF.get(words[-1], "") == "group")
    f["digits"] = float(any(map(str.isdigit, "".join(words))))
    scores = word_scores()
    table = [scores.get(s, _UNKNOWN) for s in own]
    if table:
        f["lo_outcome"] = sum(t[0] for t in table) / len(table)
        f["lo_intervention"] = sum(t[1] for t in table) / len(table)
    f["in_title"] = len(own & context.title_stems) / len(own) if own else 0.0
    f["frequency"] = context.frequency(phrase.label)
    f["list_size"], f["list_index"] = float(phrase.list_size), float(phrase.list_index)
    f["from_start"] = float(min(FAR, phrase.first - scene.first))
    f["to_end"] = float(min(FAR, scene.last - phrase.last))
    before = context.lower[phrase.first - 1] if phrase.first > scene.first else "^"
    after = context.lower[phrase.last] if phrase.last < scene.last else "$"
    if before in _BEFORE:
        f[f"w-{before}"] = 1.0
    if after in _AFTER:
        f[f"w+{after}"] = 1.0
    zone = context.comparison_zone(phrase)
    if zone:
        f[f"side_{zone}"] = 1.0
    tagged = [
        p for p in context.by_sentence.get(scene.sentence, ())
        if p.first <= phrase.first and phrase.last <= p.last and p is not phrase
    ]  # fmt: skip
    f["inside"] = float(len(tagged))
    f["inside_score"] = max((p.score("outcome") for p in tagged), default=0.0)
    return f
