"""What the models of told findings look at: a phrase, and the words of its sentence that carry a finding.

All phrases of a document are described at once. Every feature is a number; an absent one is 0. The names are
the models' columns: a feature that is renamed here needs the models refitted (``training/told.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from kg.assembly.context import Context
from kg.assembly.features import MEASURE_GROUPS, Features, null_value, word_scores
from kg.assembly.forest import Matrix, matrix
from kg.assembly.labels import stems
from kg.assembly.phrase import MENTION_KINDS, Phrase
from kg.assembly.told_scenes import Scene
from kg.assembly.told_words import BAD, CARRIERS, CLASS_OF, CLASSES, GOOD
from kg.assembly.words import CLASS_BIT
from kg.assembly.zones import Zone
from kg.numbers.statistic import Statistic
from kg.text import BlockKind

FAR = 25  # tokens beyond which a word does not bear on a phrase
_UNKNOWN = (0.0, 0.0, 0.0, 0.0)
#: The number of each word class, and the numbers of those that can carry a finding.
_NUMBER_OF = {name: n for n, name in enumerate(CLASSES)}
_CARRIERS = np.array([_NUMBER_OF[name] for name in CARRIERS])
#: Words whose place right before or after a phrase is told.
_BEFORE, _AFTER = (
    {word: n for n, word in enumerate(words.split())}
    for words in (
        "of in on for with to by the and , between than a ^",
        "of in on for with to by and , . was were did ( $",
    )
)
_SIDES = {"subject": 0, "first": 1, "second": 2}
_NEGATES = 4  # tokens before a word in which a negation is of it
_OUTCOME = MENTION_KINDS.index("outcome")
#: What the words of a phrase hold, and its last word.
_HELD = {"quantity": "quantity", "time": "time", "statistic": "stat"}
_HELD_BITS = np.array([CLASS_BIT[name] for name in (*_HELD.values(), "digits")])[:, None]

#: What all phrases of a sentence have in common (:func:`_scene_features`).
_SCENE: tuple[str, ...] = (
    *(f"zone_{zone}" for zone in (*get_args(Zone), None)), *(f"block_{kind}" for kind in get_args(BlockKind)),
    "where", "tokens", "numbers", *(f"all_{name}" for name in CLASSES), "question", "p_small", "p_large",
)  # fmt: skip
#: What the numbers behind a phrase say (:func:`_numbers`).
_NUMBERS: tuple[str, ...] = (
    "numbers_after", "next_p_small", "next_p_large", "next_p_gap", "next_ns", "number_gap", "phrase_between",
    *(f"number_{group}" for group in sorted({*MEASURE_GROUPS.values(), "none"})),
    "against_null", "crosses", "excludes", "first_minus_second", "paired",
)  # fmt: skip
#: What a phrase is by itself and in its sentence (:func:`_own`).
_OWN: tuple[str, ...] = (
    *(f"k_{kind}" for kind in MENTION_KINDS), "words", "depth", "list_size", "list_index", "from_start", "to_end",
    "inside", "inside_score", "bad", "good", "in_title", "frequency", "lo_outcome", "lo_intervention",
)  # fmt: skip
#: What its words are, and what stands beside it (:func:`_words`).
_WORDS: tuple[str, ...] = (
    *_HELD, "digits", *(f"head_{name}" for name in _HELD), "carries", "head_carries", "head_group",
    *(f"w-{word}" for word in _BEFORE), *(f"w+{word}" for word in _AFTER), *(f"side_{side}" for side in _SIDES),
)  # fmt: skip
#: Where the words of each class stand to it, and the nearest that carry a finding (:func:`_classes`).
_CLASSES: tuple[str, ...] = (
    *(f"{where}_{name}" for where in ("before", "after", "in", "clause") for name in CLASSES),
    *(
        f"{side}_{name}" for side in ("prev", "next")
        for name in (*CARRIERS, "negated", "outcomes", "commas", "conj")
    ),
)  # fmt: skip
#: All features, in the order of the rows of :func:`claim_features`.
FEATURES: tuple[str, ...] = (*_SCENE, *_NUMBERS, *_OWN, *_WORDS, *_CLASSES)


def _scene_features(context: Context, scene: Scene) -> Features:
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


def claim_features(context: Context, seen: Sequence[tuple[Scene, Phrase]]) -> Matrix:
    """Return the features of phrases as that of which their sentence tells a finding, ``(len(FEATURES), phrases)``.

    There must be one phrase at least.
    """
    scenes_of = {scene.sentence: scene for scene, _ in seen}
    shared = {n: _scene_features(context, scene) for n, scene in scenes_of.items()}
    ends = {(scene.sentence, phrase.last): scene for scene, phrase in seen}
    numbers = {at: _numbers(context, scene, at[1]) for at, scene in ends.items()}
    rows: list[NDArray[Any]] = [
        _repeated(shared, [scene.sentence for scene, _ in seen], _SCENE),
        _repeated(numbers, [(scene.sentence, phrase.last) for scene, phrase in seen], _NUMBERS),
        _own(context, seen),
        *_words(context, seen),
        *_classes(context, seen, list(scenes_of.values())),
    ]
    features: Matrix = np.concatenate(rows, dtype=np.float32, casting="unsafe")
    return features


def _repeated(
    features: Mapping[Any, Features], keys: Sequence[Any], names: tuple[str, ...]
) -> Matrix:
    """Return the features of each key as a column."""
    at = {key: n for n, key in enumerate(features)}
    table: Matrix = matrix(list(features.values()), names)[:, [at[key] for key in keys]]
    return table


def _classes(
    context: Context, seen: Sequence[tuple[Scene, Phrase]], scenes: Sequence[Scene]
) -> Iterator[NDArray[Any]]:
    """Yield the rows of :data:`_CLASSES`."""
    tokens = len(context.lower)
    # all classes in one row, one after another: where their words stand, and how many before each place
    words = sorted(
        _NUMBER_OF[name] * tokens + t
        for scene in scenes for name, found in scene.places.items() for t in found
    )  # fmt: skip
    marks = np.zeros(len(CLASSES) * tokens + 1, np.intp)
    marks[np.array(words) + 1] = 1
    before = np.cumsum(marks)
    places = np.append(words, 0) % tokens
    own = np.arange(len(CLASSES))[:, None] * tokens

    edges = [(s.first, s.last, p.first, p.last, *_clause(s, p)) for s, p in seen]
    low, high, first, last, start, end = np.array(edges, np.intp).T
    at_low, at_high, at_first, at_last, at_start, at_end = (
        before[own + edge.clip(low, high)] for edge in (low, high, first, last, start, end)
    )
    gaps = np.where(at_first > at_low, first - places[at_first - 1], FAR)
    next_gaps = np.where(at_last < at_high, places[at_last] - last + 1, FAR)
    yield np.maximum(FAR - gaps, 0)
    yield np.maximum(FAR - next_gaps, 0)
    yield at_last - at_first
    yield at_end - at_start
    nots = before[tokens * _NUMBER_OF["not"] :]
    outcomes = np.array([t + 1 for scene in scenes for t in scene.outcomes], np.intp)
    outcomes = np.cumsum(np.bincount(outcomes, minlength=tokens + 2))
    commas, conj = (context.running[name] for name in ("comma", "conj"))
    for side, way in ((gaps[_CARRIERS], -1), (next_gaps[_CARRIERS], 1)):
        nearest, gap = side.argmin(axis=0), side.min(axis=0)
        near = gap < FAR
        at = np.where(near, first - gap if way < 0 else last - 1 + gap, first)
        start, stop = np.minimum(at, first), np.maximum(at, first)
        yield (nearest == np.arange(len(CARRIERS))[:, None]) & near
        between = (
            nots[at] > nots[np.maximum(low, at - _NEGATES)],
            outcomes[stop] - outcomes[np.minimum(start + 1, stop)],
            commas[stop] - commas[start],
            conj[stop] - conj[start],
        )
        yield np.array(between) * near


def _clause(scene: Scene, phrase: Phrase) -> tuple[int, int]:
    """Return the tokens of the clause that holds a phrase."""
    k = bisect_left(scene.clause_ends, phrase.first)
    start = scene.clause_ends[k - 1] if k else scene.first
    end = scene.clause_ends[k] if k < len(scene.clause_ends) else scene.last
    return start, max(end, phrase.last)


def _small(statistic: Statistic) -> bool | None:
    """Tell whether a p value is below 0.05, ``None`` without one."""
    p = statistic.p_value
    if p is None:
        return None
    if statistic.p_operator in (">", ">="):
        return False
    return p < 0.05 or (p == 0.05 and statistic.p_operator in ("<", "<="))


def _numbers(context: Context, scene: Scene, last: int) -> Features:
    """Return what the numbers from a token on say: p, sign, interval, first against second value."""
    f: Features = {}
    after = [k for k in scene.statistics if context.places[k].token >= last]
    f["numbers_after"] = float(len(after))
    for k in after:
        small = _small(context.statistics[k])
        if small is not None:
            f["next_p_small"], f["next_p_large"] = float(small), float(not small)
            f["next_p_gap"] = float(min(60, context.places[k].token - last))
            break
    ns = next((t for t in scene.places.get("same", []) if t >= last and context.lower[t] in ("ns", "n.s")), None)  # fmt: skip
    f["next_ns"] = float(ns is not None)
    if not after:
        return f
    k = after[0]
    statistic = context.statistics[k]
    f["number_gap"] = float(min(60, context.places[k].token - last))
    f["phrase_between"] = float(
        bisect_left(scene.outcomes, context.places[k].token) - bisect_left(scene.outcomes, last)
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


def _own(context: Context, seen: Sequence[tuple[Scene, Phrase]]) -> NDArray[np.float64]:
    """Return the rows of :data:`_OWN`."""
    labels: dict[str, tuple[float, ...]] = {}
    rows = []
    for scene, p in seen:
        if p.label not in labels:
            labels[p.label] = _of_label(context, p.label)
        inside, score = 0, 0.0
        for other in context.by_sentence[scene.sentence]:
            if other.first > p.first:
                break  # they are in text order
            if p.last <= other.last and other is not p:
                inside, score = inside + 1, max(score, other.scores[_OUTCOME])
        rows.append(
            (
                *p.scores, p.last - p.first, p.depth, p.list_size, p.list_index,
                min(FAR, p.first - scene.first), min(FAR, scene.last - p.last), inside, score, *labels[p.label],
            )
        )  # fmt: skip
    return np.fromiter(chain.from_iterable(rows), float).reshape(len(seen), -1).T


def _of_label(context: Context, label: str) -> tuple[float, ...]:
    """Return what the stems of a label say."""
    own = stems(label)
    if not own:
        return (0.0,) * 6
    scores = word_scores()
    odds = [scores.get(stem, _UNKNOWN) for stem in own]
    return (
        not own.isdisjoint(BAD),
        not own.isdisjoint(GOOD),
        len(own & context.title_stems) / len(own),
        context.frequency(label),
        sum([of[0] for of in odds]) / len(own),
        sum([of[1] for of in odds]) / len(own),
    )


def _words(context: Context, seen: Sequence[tuple[Scene, Phrase]]) -> Iterator[NDArray[np.bool_]]:
    """Yield the rows of :data:`_WORDS`."""
    bits, lower = context.word_bits, context.lower
    places = np.array([(p.first, p.last) for _, p in seen], np.intp)
    held = np.bitwise_or.reduceat(np.append(bits, 0), places.ravel())[::2]
    yield (held & _HELD_BITS) != 0
    yield (bits[places[:, 1] - 1] & _HELD_BITS[:-1]) != 0
    heads = [CLASS_OF.get(lower[p.last - 1]) for _, p in seen]
    yield np.array(
        [
            [CLASS_OF.get(lower[p.first]) in CARRIERS for _, p in seen],
            [head in CARRIERS for head in heads],
            [head == "group" for head in heads],
        ]
    )
    before = [lower[p.first - 1] if p.first > scene.first else "^" for scene, p in seen]
    after = [lower[p.last] if p.last < scene.last else "$" for scene, p in seen]
    zones = [context.comparison_zone(p) for _, p in seen]
    for names, found in ((_BEFORE, before), (_AFTER, after), (_SIDES, zones)):
        numbers = np.array([names.get(name, -1) for name in found])
        yield numbers == np.arange(len(names))[:, None]
