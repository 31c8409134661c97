"""What the linking models look at in a phrase: by itself, and beside a number.

All candidates of a number are described at once. What does not depend on the number is worked out once a
document (:class:`PhraseTable`). The names are the models' columns, so a feature that is renamed here needs
the models refitted (``training/assembly.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.assembly.candidates import Candidates
from kg.assembly.context import MENTION_KINDS, Context, Phrase
from kg.assembly.features import group_size, word_scores
from kg.assembly.labels import likeness, stems
from kg.assembly.words import (
    BETWEEN_CLASSES,
    PIVOTS,
    WORD_CLASSES,
    WORDS_AFTER,
    WORDS_BEFORE,
)

Matrix = NDArray[np.float32]
Indexes = NDArray[np.intp]
Marks = NDArray[np.bool_]

_UNKNOWN = (0.0, 0.0, 0.0, 0.0)
_WAYS = ("up", "down", "same")
_ZONES = ("subject", "first", "second")
_BETWEEN = (*BETWEEN_CLASSES, "stat", *(f"cue_{way}" for way in _WAYS))
LIKENESSES = ("outcome", "intervention", "mate", "own", "mate_outcome", "own_outcome")
#: How a phrase stands to what was already chosen for the same number.
_TO_OWN = ("before", "after", "overlap", "gap", "versus")

#: Features of a phrase alone.
ALONE: tuple[str, ...] = (
    *(f"k_{kind}" for kind in MENTION_KINDS),
    "heading", "words", "phrase_depth",
    *(f"{part}_{name}" for name in WORD_CLASSES for part in ("has", "head")),
    "digits", "capitals", "in_title", "frequency",
    "lo_outcome", "lo_intervention", "lo_outcome_max", "lo_intervention_max",
    "list_size", *WORDS_BEFORE, *WORDS_AFTER, "starts_up", "starts_down",
    *(f"then_{way}" for way in (*_WAYS, "assoc")), *(f"zone_{zone}" for zone in _ZONES), "sentence_start",
    "document_outcome", "document_intervention", "longer_left", "longer_right",
)  # fmt: skip
#: Features of a phrase beside a number.
BESIDE: tuple[str, ...] = (
    "delta", "same", "own_block", "lead", "aligned", "misaligned", "rank_aligned", "before", "inside", "after",
    "overlap", "distance", "adjacent", "same_depth", *(f"btw_{name.removeprefix('cue_')}" for name in _BETWEEN),
    "from_start", "to_end", "pair_match", "pair_clash",
    *(f"pivot_{kind}_{side}" for kind in PIVOTS for side in ("before", "next", "after", "number")),
)  # fmt: skip
#: All features of a candidate, in the order of the rows of :func:`candidate_block`.
FEATURES: tuple[str, ...] = (
    *ALONE, *BESIDE, *(f"like_{name}" for name in LIKENESSES), "slot_outcome", "slot_intervention",
    *(f"{own}_{how}" for own in ("outcome", "arm") for how in _TO_OWN), "global", "support",
)  # fmt: skip


class PhraseTable:
    """The features of a document's phrases; made once a document.

    Attributes
    ----------
    alone
        ``(len(ALONE), phrases)``
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        phrases = context.phrases
        self.first = np.array([p.first for p in phrases], np.intp)
        self.last = np.array([p.last for p in phrases], np.intp)
        self.sentence = np.array([p.sentence for p in phrases], np.intp)
        self.depth = np.array([p.depth for p in phrases], np.intp)
        self.list_size = np.array([p.list_size for p in phrases], np.intp)
        self.list_index = np.array([p.list_index for p in phrases], np.intp)
        self.block = np.array([s.block for s in context.annotation.sentences], np.intp)
        self.counts = np.array([context.counts[name] for name in _BETWEEN], np.int32)
        bounds = np.array(context.sentence_tokens, np.intp).reshape(-1, 2)
        self.sentence_first = bounds[self.sentence, 0]
        self.sentence_last = bounds[self.sentence, 1]
        self.versus = np.array(context.counts["versus"], np.int32)
        self.alone = self._alone(phrases)
        than = ALONE.index("then_versus"), ALONE.index("after_than")
        self._than = self.alone[list(than)] > 0
        self.from_start = np.log1p(np.maximum(0, self.first - self.sentence_first))
        self.to_end = np.log1p(np.maximum(0, self.sentence_last - self.last))

    def _alone(self, phrases: list[Phrase]) -> Matrix:
        context, first, last = self.context, self.first, self.last
        block_kinds = np.array([b.kind == "heading" for b in context.reading.blocks], bool)
        rows: dict[str, NDArray[np.generic]] = {
            f"k_{kind}": np.array([p.scores[n] for p in phrases])
            for n, kind in enumerate(MENTION_KINDS)
        }
        rows["heading"] = block_kinds[self.block[self.sentence]]
        rows["words"] = last - first
        rows["phrase_depth"] = self.depth
        for name in WORD_CLASSES:
            marks = context.marks(name)
            rows[f"has_{name}"] = _any_within(marks, first, last)
            rows[f"head_{name}"] = marks[last - 1]
        rows["digits"] = _any_within(context.marks("digits"), first, last)
        rows["capitals"] = np.array([p.raw.isupper() for p in phrases])
        rows |= self._words_of(phrases)
        rows["list_size"] = self.list_size
        for name in WORDS_BEFORE:
            rows[name] = _beyond(context.marks(name))[first]
        for name in WORDS_AFTER:
            rows[name] = _beyond(context.marks(name))[last + 1]
        for way in ("up", "down"):
            marks = _beyond(context.marks(f"cue_{way}"))
            rows[f"starts_{way}"] = marks[first] | marks[first + 1]
        end = np.minimum(self.sentence_last, last + 5)
        for way in (*_WAYS, "assoc"):
            table = np.array(context.counts[f"cue_{way}"], np.int32)
            rows[f"then_{way}"] = (end > last) & (table[end] > table[last])
        zones = [context.comparison_zone(p) for p in phrases]
        for zone in _ZONES:
            rows[f"zone_{zone}"] = np.array([z == zone for z in zones])
        rows |= _document_roles(phrases) | _nested(phrases)
        rows["sentence_start"] = first - self.sentence_first <= 2
        return np.stack([rows[name].astype(np.float32) for name in ALONE])

    def _words_of(self, phrases: list[Phrase]) -> dict[str, NDArray[np.generic]]:
        names = ("in_title", "frequency", "lo_outcome", "lo_intervention", "lo_outcome_max", "lo_intervention_max")  # fmt: skip
        scores = word_scores()
        title = self.context.title_stems
        known: dict[str, tuple[float, ...]] = {}
        for label in {p.label for p in phrases}:
            own = stems(label)
            if not own:
                known[label] = (0.0,) * len(names)
                continue
            table = [scores.get(s, _UNKNOWN) for s in own]
            known[label] = (
                len(own & title) / len(own),
                self.context.frequency(label),
                sum(t[0] for t in table) / len(table),
                sum(t[1] for t in table) / len(table),
                max(t[0] for t in table),
                max(t[1] for t in table),
            )
        values = np.array([known[p.label] for p in phrases]).reshape(-1, len(names))
        return {name: values[:, n] for n, name in enumerate(names)}

    def beside(self, k: int, index: Indexes) -> Matrix:
        """Return the features of some phrases beside the `k`-th number, ``(len(BESIDE), len(index))``."""
        context = self.context
        statistic, place = context.statistics[k], context.places[k]
        first, last = self.first[index], self.last[index]
        sentence = self.sentence[index]
        list_size, list_index = self.list_size[index], self.list_index[index]
        delta = place.sentence - sentence
        same = delta == 0
        block = self.block[sentence]
        own_block = self.block[place.sentence]
        lead = context.reading.blocks[own_block].lead
        size = group_size(context, k)
        listed = (list_size == size) & (size > 1)
        at_place = list_index == statistic.position
        weight = np.where(same, 1.0, 0.5)
        in_sentence = context.stats_per_sentence[place.sentence]
        out = np.zeros((len(BESIDE), len(index)), np.float32)
        out[0] = delta
        out[1] = same
        out[2] = block == own_block
        out[3] = block == (-1 if lead is None else lead)
        out[4] = np.where(listed & at_place, weight, 0.0)
        out[5] = np.where(listed & ~at_place, weight, 0.0)
        out[6] = same & (list_size == in_sentence) & (in_sentence > 1) & (list_index == place.rank)
        before = same & (last <= place.anchor)
        inside = same & ~before & (last <= place.token)
        after = same & ~before & ~inside & (first >= place.end)
        out[7] = before | inside
        out[8] = inside
        out[9] = after
        out[10] = same & ~before & ~inside & ~after
        beside = before | inside | after
        start = np.where(after, place.end, last)
        end = np.where(after, first, np.where(inside, place.token, place.anchor))
        distance = end - start
        out[11] = np.where(beside, np.log1p(np.maximum(0, distance)), 0.0)
        out[12] = beside & (distance <= 1)
        out[13] = beside & (self.depth[index] == place.depth)
        between = np.where(
            beside & (distance > 0),
            self.counts[:, np.maximum(start, end)] - self.counts[:, start],
            0,
        )
        ways = len(_WAYS)
        out[14 : 14 + len(_BETWEEN) - ways] = np.minimum(4, between[:-ways])
        at = 14 + len(_BETWEEN)
        out[at - ways : at] = between[-ways:] > 0
        out[at] = np.where(same, 0.0, self.from_start[index])
        out[at + 1] = np.where(same, 0.0, self.to_end[index])
        if size == 2 and statistic.position in (0, 1):
            sides = self._than[:, index]
            out[at + 2] = same & sides[statistic.position]
            out[at + 3] = same & sides[1 - statistic.position]
        at += 4
        for kind in PIVOTS:
            pivot = context.pivot(place, kind)
            if pivot is not None:
                out[at] = same & (last <= pivot[0])
                out[at + 1] = same & (first >= pivot[1]) & (first <= pivot[1] + 2)
                out[at + 2] = same & (first >= pivot[1])
                out[at + 3] = 1.0 if place.anchor >= pivot[1] else -1.0
            at += 4
        return out

    def slots(self, k: int, index: Indexes) -> Indexes:
        """Return how phrases stand to the `k`-th number, coarsely: numbers of a list are read alike.

        0 elsewhere, 1 after it, 2 right before it, 3 before it with no number between, 4 before it and
        another number, 5 within.
        """
        place = self.context.places[k]
        first, last = self.first[index], self.last[index]
        stat = self.counts[_BETWEEN.index("stat")]
        between = stat[np.maximum(place.anchor, last)] - stat[last]
        before = np.where(place.anchor - last <= 1, 2, np.where(between == 0, 3, 4))
        slot = np.where(last <= place.anchor, before, np.where(first >= place.end, 1, 5))
        found: Indexes = np.where(self.sentence[index] == place.sentence, slot, 0)
        return found

    def slot_of(self, k: int, phrase: Phrase | None) -> int:
        """Return the slot (:meth:`slots`) of one of the document's phrases, -1 for none."""
        n = None if phrase is None else self._places.get(phrase)
        return -1 if n is None else int(self.slots(k, np.array([n], np.intp))[0])

    @cached_property
    def _places(self) -> dict[Phrase, int]:
        return {phrase: n for n, phrase in enumerate(self.context.phrases)}

    def to_own(self, index: Indexes, own: Phrase | None) -> Matrix:
        """Return how phrases stand to one already chosen, ``(len(_TO_OWN), len(index))``."""
        out = np.zeros((len(_TO_OWN), len(index)), np.float32)
        if own is None:
            return out
        first, last = self.first[index], self.last[index]
        same = self.sentence[index] == own.sentence
        out[0] = same & (last <= own.first)
        out[1] = same & (first >= own.last)
        out[2] = same & (first < own.last) & (own.first < last)
        gap = np.maximum(first - own.last, own.first - last)
        out[3] = np.where(same, np.log1p(np.maximum(0, gap)), 0.0)
        versus = self.versus[np.maximum(first, own.last)] > self.versus[own.last]
        out[4] = same & (first >= own.last) & versus & (gap <= 8)
        return out


@dataclass(frozen=True, slots=True)
class Known:
    """What is already decided when a phrase is chosen for the `k`-th number.

    ``labels``: ``outcome`` and ``intervention`` of the number before, ``mate`` and ``mate_outcome`` of the
    one before in its list, ``own`` and ``own_outcome`` of this one. ``slots``: where outcome and intervention
    of the number before stood to it, -1 where it is in another sentence or has none.
    """

    labels: Mapping[str, str | None]
    slots: tuple[int, int] = (-1, -1)
    outcome: Phrase | None = None
    arm: Phrase | None = None


def candidate_block(
    table: PhraseTable, k: int, candidates: Candidates, beside: Matrix, known: Known
) -> Matrix:
    """Return the features of the `k`-th number's candidates, ``(len(FEATURES), candidates)``.

    `beside` is what :meth:`PhraseTable.beside` says of these candidates and the number.
    """
    index = candidates.index
    labels = [p.label for p in candidates.phrases(table.context)]
    like = np.full((len(LIKENESSES), len(labels)), -0.1, np.float32)
    for n, name in enumerate(LIKENESSES):
        label = known.labels.get(name)
        if label:
            like[n] = [likeness(other, label) for other in labels]
    slots = table.slots(k, index)
    same_slots = np.stack([(slots == slot).astype(np.float32) for slot in known.slots])
    return np.concatenate(
        [
            table.alone[:, index], beside, like, same_slots, table.to_own(index, known.outcome),
            table.to_own(index, known.arm), candidates.is_global[None], candidates.support[None],
        ]
    )  # fmt: skip


def _document_roles(phrases: list[Phrase]) -> dict[str, NDArray[np.generic]]:
    """Return how much the document treats each name as an outcome and as an intervention, 0 to 1."""
    keys = [stems(p.label) for p in phrases]
    rows: dict[str, NDArray[np.generic]] = {}
    for role, kinds in (
        ("outcome", ("outcome",)),
        ("intervention", ("intervention", "comparator")),
    ):
        weights: defaultdict[frozenset[str], float] = defaultdict(float)
        for key, phrase in zip(keys, phrases, strict=True):
            weights[key] += max(phrase.score(kind) for kind in kinds)
        top = max(weights.values(), default=0.0) or 1.0
        rows[f"document_{role}"] = np.array([weights[key] / top for key in keys])
    return rows


def _nested(phrases: list[Phrase]) -> dict[str, NDArray[np.generic]]:
    """Tell which phrases end or begin a longer one."""
    furthest: dict[int, int] = {}
    earliest: dict[int, int] = {}
    for p in phrases:
        furthest[p.first] = max(p.last, furthest.get(p.first, 0))
        earliest[p.last] = min(p.first, earliest.get(p.last, p.first))
    return {
        "longer_left": np.array([earliest[p.last] < p.first for p in phrases], bool),
        "longer_right": np.array([furthest[p.first] > p.last for p in phrases], bool),
    }


def _beyond(marks: Marks) -> Marks:
    """Return marks with one before and one after the text: the token before the n-th is the n-th here."""
    return np.concatenate([[False], marks, [False]])


def _any_within(marks: Marks, first: Indexes, last: Indexes) -> Marks:
    running = np.concatenate([[0], np.cumsum(marks)])
    within: Marks = running[last] > running[first]
    return within
