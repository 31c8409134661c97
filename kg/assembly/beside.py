"""How phrases stand to numbers, as columns for the linking models: any number of pairs at once.

The names are the models' columns, so a feature that is renamed here needs the models refitted
(``training/assembly.py``).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.assembly.context import Context
from kg.assembly.words import BETWEEN_CLASSES, PIVOTS

Indexes = NDArray[np.intp]
Matrix = NDArray[np.float32]

_WAYS = ("up", "down", "same")
_BETWEEN = (*BETWEEN_CLASSES, "stat", *(f"cue_{way}" for way in _WAYS))
_NOWHERE = 1 << 40  # behind every token

#: Features of a phrase beside a number.
BESIDE: tuple[str, ...] = (
    "delta", "same", "own_block", "lead", "aligned", "misaligned", "rank_aligned", "before", "inside", "after",
    "overlap", "distance", "adjacent", "same_depth", *(f"btw_{name.removeprefix('cue_')}" for name in _BETWEEN),
    "from_start", "to_end", "pair_match", "pair_clash",
    *(f"pivot_{kind}_{side}" for kind in PIVOTS for side in ("before", "next", "after", "number")),
)  # fmt: skip
#: How a phrase stands to a stretch of words.
TO_PLACE: tuple[str, ...] = ("before", "after", "overlap", "gap", "versus")


class PhrasePlaces:
    """Where the phrases of a document stand; each attribute holds one value a phrase."""

    def __init__(self, context: Context) -> None:
        phrases = context.phrases
        self.first = np.array([p.first for p in phrases], np.intp)
        self.last = np.array([p.last for p in phrases], np.intp)
        self.sentence = np.array([p.sentence for p in phrases], np.intp)
        self.depth = np.array([p.depth for p in phrases], np.intp)
        self.list_size = np.array([p.list_size for p in phrases], np.intp)
        self.list_index = np.array([p.list_index for p in phrases], np.intp)
        blocks = np.array([s.block for s in context.annotation.sentences], np.intp)
        bounds = np.array(context.sentence_tokens, np.intp).reshape(-1, 2)
        self.block = blocks[self.sentence]
        self.sentence_first = bounds[self.sentence, 0]
        self.sentence_last = bounds[self.sentence, 1]
        self.from_start = np.log1p(np.maximum(0, self.first - self.sentence_first))
        self.to_end = np.log1p(np.maximum(0, self.sentence_last - self.last))


class NumberPlaces:
    """Where the numbers of a document stand; each attribute holds one value a number.

    ``lead`` is the block that leads the number's own, -1 for none; a number's pivot is ``(from, to,
    side)``, the side 1 where the number stands behind it, -1 before it, 0 where there is none.
    """

    def __init__(self, context: Context) -> None:
        places, statistics = context.places, context.statistics
        self.token = np.array([p.token for p in places], np.intp)
        self.end = np.array([p.end for p in places], np.intp)
        self.anchor = np.array([p.anchor for p in places], np.intp)
        self.depth = np.array([p.depth for p in places], np.intp)
        self.sentence = np.array([p.sentence for p in places], np.intp)
        self.rank = np.array([p.rank for p in places], np.intp)
        self.in_sentence = np.array([context.stats_per_sentence[p.sentence] for p in places])
        self.size = np.array(context.group_sizes, np.intp)
        self.position = np.array([s.position for s in statistics], np.intp)
        blocks = [context.annotation.sentences[p.sentence].block for p in places]
        leads = [context.reading.blocks[block].lead for block in blocks]
        self.block = np.array(blocks, np.intp)
        self.lead = np.array([-1 if lead is None else lead for lead in leads], np.intp)
        self.pivots = {kind: self._pivots(context, kind) for kind in PIVOTS}

    def _pivots(self, context: Context, kind: str) -> Indexes:
        found = np.empty((3, len(context.places)), np.intp)
        for k, place in enumerate(context.places):
            pivot = context.pivot(place, kind)
            if pivot is None:
                found[:, k] = -1, _NOWHERE, 0
            else:
                found[:, k] = *pivot, 1 if place.anchor >= pivot[1] else -1
        return found


class Beside:
    """What stands between the phrases of a document and its numbers.

    Parameters
    ----------
    context, phrases
        The document, and where its phrases stand.
    compared
        Which phrases stand before "than" and which after it, ``(2, phrases)``.
    """

    def __init__(
        self, context: Context, phrases: PhrasePlaces, compared: NDArray[np.bool_]
    ) -> None:
        self._context, self._phrases, self._numbers = context, phrases, NumberPlaces(context)
        self._compared = compared
        self._counts = np.array([context.running[name] for name in _BETWEEN], np.int32)
        self._stat = self._counts[_BETWEEN.index("stat")]
        self._versus = context.counts["versus"]
        self._by_sentence = context.indexes_by_sentence
        longest = max([last - first for first, last in context.sentence_tokens], default=0)
        self._logs = np.log1p(np.arange(longest + 1)).tolist()

    def features(self, number: int | Indexes, phrase: Indexes) -> Matrix:
        """Return the features of pairs, ``(len(BESIDE), pairs)``; one number may stand for all of them."""
        p, n = self._phrases, self._numbers
        first, last, sentence = p.first[phrase], p.last[phrase], p.sentence[phrase]
        list_size, list_index = p.list_size[phrase], p.list_index[phrase]
        token, end, anchor = n.token[number], n.end[number], n.anchor[number]
        size, position, in_sentence = n.size[number], n.position[number], n.in_sentence[number]
        delta = n.sentence[number] - sentence
        same = delta == 0
        block = p.block[phrase]
        listed = (list_size == size) & (size > 1)
        at_place = list_index == position
        weight = np.where(same, 1.0, 0.5)
        out = np.zeros((len(BESIDE), len(phrase)), np.float32)
        out[0] = delta
        out[1] = same
        out[2] = block == n.block[number]
        out[3] = block == n.lead[number]
        out[4] = np.where(listed & at_place, weight, 0.0)
        out[5] = np.where(listed & ~at_place, weight, 0.0)
        ranked = (list_size == in_sentence) & (in_sentence > 1)
        out[6] = same & ranked & (list_index == n.rank[number])
        before = same & (last <= anchor)
        inside = same & ~before & (last <= token)
        after = same & ~before & ~inside & (first >= end)
        out[7] = before | inside
        out[8] = inside
        out[9] = after
        out[10] = same & ~before & ~inside & ~after
        beside = before | inside | after
        start = np.where(after, end, last)
        stop = np.where(after, first, np.where(inside, token, anchor))
        distance = stop - start
        out[11] = np.where(beside, np.log1p(np.maximum(0, distance)), 0.0)
        out[12] = beside & (distance <= 1)
        out[13] = beside & (p.depth[phrase] == n.depth[number])
        between = self._counts[:, np.maximum(start, stop)] - self._counts[:, start]
        between *= beside & (distance > 0)
        ways = len(_WAYS)
        at = 14 + len(_BETWEEN)
        out[14 : at - ways] = np.minimum(4, between[:-ways])
        out[at - ways : at] = between[-ways:] > 0
        out[at] = np.where(same, 0.0, p.from_start[phrase])
        out[at + 1] = np.where(same, 0.0, p.to_end[phrase])
        sides = self._compared[:, phrase]
        paired = same & (size == 2)
        one, other = paired & (position == 0), paired & (position == 1)
        out[at + 2] = (one & sides[0]) | (other & sides[1])
        out[at + 3] = (one & sides[1]) | (other & sides[0])
        at += 4
        for pivots in n.pivots.values():
            opens, closes, side = pivots[:, number]
            out[at] = same & (last <= opens)
            out[at + 2] = behind = same & (first >= closes)
            out[at + 1] = behind & (first <= closes + 2)
            out[at + 3] = side
            at += 4
        return out

    @cached_property
    def slots(self) -> Indexes:
        """How all phrases stand to each number, coarsely, ``(numbers, phrases)``: numbers of a list are read alike.

        0 elsewhere, 1 after it, 2 right before it, 3 before it with no number between, 4 before it and
        another number, 5 within.
        """
        n, first, last = self._numbers, self._phrases.first, self._phrases.last
        anchor, end = n.anchor[:, None], n.end[:, None]
        between = self._stat[np.maximum(anchor, last)] - self._stat[last]
        before = np.where(anchor - last <= 1, 2, np.where(between == 0, 3, 4))
        slot = np.where(last <= anchor, before, np.where(first >= end, 1, 5))
        found: Indexes = np.where(self._phrases.sentence == n.sentence[:, None], slot, 0)
        return found

    def to_place(self, sentence: int, first: int, last: int) -> Matrix:
        """Return how all phrases stand to the tokens ``[first, last)``, ``(len(TO_PLACE), phrases)``."""
        out = np.zeros((len(TO_PLACE), len(self._context.phrases)), np.float32)
        index, rows = self._by_sentence.get(sentence, ()), []
        for p in [self._context.phrases[n] for n in index]:
            before, behind = p.last <= first, p.first >= last
            gap = p.first - last if behind else max(0, first - p.last)
            versus = behind and gap <= 8 and self._versus[p.first] > self._versus[last]
            rows.append((before, behind, not (before or behind), self._logs[gap], versus))
        if rows:
            out[:, index] = np.array(rows).T
        return out
