"""What the linking models look at in a phrase: by itself, and beside a number.

All candidates of a number are described at once. What does not depend on the number is worked out once a
document (:class:`PhraseTable`). The names are the models' columns, so a feature that is renamed here needs
the models refitted (``training/assembly.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.assembly.candidates import Candidates
from kg.assembly.context import MENTION_KINDS, Context, Phrase
from kg.assembly.features import group_size, word_scores
from kg.assembly.labels import stems
from kg.assembly.words import (
    BETWEEN_CLASSES,
    CLASS_BIT,
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
#: Features of a candidate beside a number and beside what was already chosen, in the order of the rows of
#: :func:`relation_block`.
RELATIONS: tuple[str, ...] = (
    *BESIDE, *(f"like_{name}" for name in LIKENESSES), "slot_outcome", "slot_intervention",
    *(f"{own}_{how}" for own in ("outcome", "arm") for how in _TO_OWN), "global", "support",
)  # fmt: skip
#: All features of a candidate, in the order of the rows of :func:`candidate_block`.
FEATURES: tuple[str, ...] = (*ALONE, *RELATIONS)


#: The word classes that are looked up in and round a phrase, and the columns of each use.
_MARKED: tuple[str, ...] = tuple(
    dict.fromkeys((*WORD_CLASSES, "digits", *WORDS_BEFORE, *WORDS_AFTER, "cue_up", "cue_down"))
)
_MARKED_BITS = np.array([CLASS_BIT[name] for name in _MARKED], np.int64)
_CLASSES, _DIGITS, _BEFORE, _AFTER, _STARTS = (
    [_MARKED.index(name) for name in names]
    for names in (WORD_CLASSES, ("digits",), WORDS_BEFORE, WORDS_AFTER, ("cue_up", "cue_down"))
)


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
        self.scores = np.array([p.scores for p in phrases]).reshape(-1, len(MENTION_KINDS))
        names: dict[str, int] = {}
        self.label = np.array([names.setdefault(p.label, len(names)) for p in phrases], np.intp)
        self._labels = _Labels(list(names))
        self._likeness: dict[str, NDArray[np.float64]] = {}
        self.block = np.array([s.block for s in context.annotation.sentences], np.intp)
        self.counts = np.array([context.counts[name] for name in _BETWEEN], np.int32)
        bounds = np.array(context.sentence_tokens, np.intp).reshape(-1, 2)
        self.sentence_first = bounds[self.sentence, 0]
        self.sentence_last = bounds[self.sentence, 1]
        self.versus = np.array(context.counts["versus"], np.int32)
        self._stat = self.counts[_BETWEEN.index("stat")]
        self._kept_slots: dict[int, Indexes] = {}
        self.alone = self._alone(phrases)
        than = ALONE.index("then_versus"), ALONE.index("after_than")
        self._than = self.alone[list(than)] > 0
        self.from_start = np.log1p(np.maximum(0, self.first - self.sentence_first))
        self.to_end = np.log1p(np.maximum(0, self.sentence_last - self.last))

    def _alone(self, phrases: list[Phrase]) -> Matrix:
        context, first, last = self.context, self.first, self.last
        edge = np.zeros((1, len(_MARKED)), bool)  # before the first token and after the last
        marks = (context.word_bits[:, None] & _MARKED_BITS) != 0
        within = self._within(marks)
        beyond = np.concatenate(
            [edge, marks, edge, edge]
        )  # the token before the n-th is the n-th here
        heads, before, after = marks[last - 1], beyond[first], beyond[last + 1]
        starts = before[:, _STARTS] | beyond[first + 1][:, _STARTS]
        end = np.minimum(self.sentence_last, last + 5)
        ways = np.array([context.counts[f"cue_{way}"] for way in (*_WAYS, "assoc")], np.int32)
        headings = np.array([b.kind == "heading" for b in context.reading.blocks], bool)
        zones = [context.comparison_zone(p) for p in phrases]
        words = np.stack([within[:, _CLASSES], heads[:, _CLASSES]], axis=2)
        rows: Matrix = np.concatenate(
            [
                self.scores.T,
                headings[self.block[self.sentence]][None],
                (last - first)[None],
                self.depth[None],
                words.reshape(len(phrases), -1).T,
                within[:, _DIGITS].T,
                np.array([[p.raw.isupper() for p in phrases]], bool),
                self._words_of(),
                self.list_size[None],
                before[:, _BEFORE].T,
                after[:, _AFTER].T,
                starts.T,
                (end > last) & (ways[:, end] > ways[:, last]),
                np.array([[zone == name for zone in zones] for name in _ZONES], bool),
                (first - self.sentence_first <= 2)[None],
                self._document_roles(),
                _nested(phrases),
            ]
        ).astype(np.float32)  # fmt: skip
        return rows

    def _within(self, marks: Marks) -> Marks:
        """Tell which phrases hold a token of each class, ``(phrases, classes)``."""
        running = np.zeros((len(marks) + 1, marks.shape[1]), np.int32)
        np.cumsum(marks, axis=0, dtype=np.int32, out=running[1:])
        within: Marks = running[self.last] > running[self.first]
        return within

    def _words_of(self) -> NDArray[np.float64]:
        """Return in_title, frequency and the words' log odds of the phrases, in the order of :data:`ALONE`."""
        labels, frequency = self._labels, self.context.stem_frequency
        title, table = self.context.title_stems, word_scores()
        odds = np.array([table.get(stem, _UNKNOWN)[:2] for stem in labels.stems]).reshape(-1, 2)
        own = np.stack(
            [
                np.array([stem in title for stem in labels.stems], float),
                np.array([math.log1p(frequency[stem]) for stem in labels.stems]),
                *odds.T,
            ],
            axis=1,
        )
        sizes = np.maximum(labels.sizes, 1.0)[:, None]
        means = labels.holds @ own / sizes
        most = np.where(labels.holds[:, :, None] > 0, odds[None], -np.inf).max(
            axis=1, initial=-np.inf
        )
        most[labels.sizes == 0] = 0.0
        values: NDArray[np.float64] = np.concatenate([means, most], axis=1)[self.label].T
        return values

    def _document_roles(self) -> NDArray[np.float64]:
        """Return how much the document treats each name as an outcome and as an intervention, 0 to 1."""
        names: dict[frozenset[str], int] = {}
        keys = np.array(
            [names.setdefault(stems(p.label), len(names)) for p in self.context.phrases], np.intp
        )
        rows = []
        for kinds in (["outcome"], ["intervention", "comparator"]):
            score = self.scores[:, [MENTION_KINDS.index(kind) for kind in kinds]].max(axis=1)
            weights = np.bincount(keys, score, len(names))
            rows.append(weights[keys] / (weights.max(initial=0.0) or 1.0))
        return np.stack(rows)

    def likeness_to(self, label: str) -> NDArray[np.float64]:
        """Return how alike each phrase's label is to another (:func:`kg.assembly.labels.likeness`)."""
        if label not in self._likeness:
            self._likeness[label] = self._labels.likeness_to(label)[self.label]
        return self._likeness[label]

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
        found: Indexes = self._slots(k)[index]
        return found

    def _slots(self, k: int) -> Indexes:
        """Return the slots of all phrases; the roles of a number ask for them in turn."""
        if k not in self._kept_slots:
            place, first, last = self.context.places[k], self.first, self.last
            between = self._stat[np.maximum(place.anchor, last)] - self._stat[last]
            before = np.where(place.anchor - last <= 1, 2, np.where(between == 0, 3, 4))
            slot = np.where(last <= place.anchor, before, np.where(first >= place.end, 1, 5))
            self._kept_slots[k] = np.where(self.sentence == place.sentence, slot, 0)
        return self._kept_slots[k]

    def slot_of(self, k: int, phrase: Phrase | None) -> int:
        """Return the slot (:meth:`slots`) of one of the document's phrases, -1 for none."""
        n = None if phrase is None else self._places.get(phrase)
        return -1 if n is None else int(self._slots(k)[n])

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
    relations = relation_block(table, k, candidates, beside, known)
    return np.concatenate([table.alone[:, candidates.index], relations])


def relation_block(
    table: PhraseTable, k: int, candidates: Candidates, beside: Matrix, known: Known
) -> Matrix:
    """Return what depends on the number and on what was chosen, ``(len(RELATIONS), candidates)``.

    `beside` is what :meth:`PhraseTable.beside` says of these candidates and the number.
    """
    index = candidates.index
    block = np.empty((len(RELATIONS), len(index)), np.float32)
    at = len(BESIDE)
    block[:at] = beside
    for name in LIKENESSES:
        label = known.labels.get(name)
        block[at] = table.likeness_to(label)[index] if label else -0.1
        at += 1
    slots = table.slots(k, index)
    for slot in known.slots:
        block[at] = slots == slot
        at += 1
    for own in (known.outcome, known.arm):
        block[at : at + len(_TO_OWN)] = table.to_own(index, own)
        at += len(_TO_OWN)
    block[at], block[at + 1] = candidates.is_global, candidates.support
    return block


class _Labels:
    """The different labels of a document's phrases by their stems.

    Attributes
    ----------
    holds
        ``(labels, stems)``: 1 where a label has a stem.
    sizes
        How many stems each label has.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.stems: dict[str, int] = {}
        own = [stems(label) for label in labels]
        for found in own:
            for stem in found:
                self.stems.setdefault(stem, len(self.stems))
        self.holds = np.zeros((len(labels), len(self.stems)))
        for n, found in enumerate(own):
            self.holds[n, [self.stems[stem] for stem in found]] = 1.0
        self.sizes = self.holds.sum(axis=1)

    def likeness_to(self, label: str) -> NDArray[np.float64]:
        """Return :func:`kg.assembly.labels.likeness` of each label and another."""
        other = stems(label)
        known = [self.stems[stem] for stem in other if stem in self.stems]
        shared = self.holds[:, known].sum(axis=1)
        least = np.maximum(np.minimum(self.sizes, len(other)), 1.0)
        either = np.maximum(self.sizes + len(other) - shared, 1.0)
        alike: NDArray[np.float64] = np.maximum(shared / either, 0.9 * shared / least)
        return alike


def _nested(phrases: list[Phrase]) -> Marks:
    """Tell which phrases end and which begin a longer one."""
    furthest: dict[int, int] = {}
    earliest: dict[int, int] = {}
    for p in phrases:
        furthest[p.first] = max(p.last, furthest.get(p.first, 0))
        earliest[p.last] = min(p.first, earliest.get(p.last, p.first))
    left = [earliest[p.last] < p.first for p in phrases]
    return np.array([left, [furthest[p.first] > p.last for p in phrases]], bool)
