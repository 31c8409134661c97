"""What the linking models look at in a phrase: by itself, and beside a number.

All candidates of a number are described at once. What does not depend on the number is worked out once a
document (:class:`PhraseTable`). The names are the models' columns, so a feature that is renamed here needs
the models refitted (``training/assembly.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.assembly.beside import BESIDE, TO_PLACE, Beside, Indexes, Matrix, PhrasePlaces
from kg.assembly.candidates import Candidates
from kg.assembly.combined import is_combined
from kg.assembly.context import Context
from kg.assembly.features import word_scores
from kg.assembly.labels import stems
from kg.assembly.phrase import MENTION_KINDS, Phrase
from kg.assembly.words import (
    CLASS_BIT,
    WORD_CLASSES,
    WORDS_AFTER,
    WORDS_BEFORE,
)

Marks = NDArray[np.bool_]

_UNKNOWN = (0.0, 0.0, 0.0, 0.0)
_SAME = 0.9  # likeness of two labels from which they say the same
_WAYS = ("up", "down", "same")
_ZONES = {"subject": 0, "first": 1, "second": 2}
LIKENESSES = ("outcome", "intervention", "mate", "own", "mate_outcome", "own_outcome")

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
#: Features of a candidate beside what was already chosen, in the order of the rows of :func:`chosen_block`.
CHOSEN: tuple[str, ...] = (
    *(f"like_{name}" for name in LIKENESSES), "slot_outcome", "slot_intervention",
    *(f"{own}_{how}" for own in ("outcome", "arm") for how in TO_PLACE),
)  # fmt: skip
#: How far the whole document supports a candidate.
SUPPORTED = ("global", "support")
#: All features of a candidate, in the order of the rows of :func:`candidate_block`.
FEATURES: tuple[str, ...] = (*ALONE, *BESIDE, *CHOSEN, *SUPPORTED)


#: The word classes that are looked up in and round a phrase, a row each.
_CLASSES, _DIGITS, _BEFORE, _AFTER, _STARTS = (
    np.array([CLASS_BIT[name] for name in names], np.int64)[:, None]
    for names in (WORD_CLASSES, ("digits",), WORDS_BEFORE, WORDS_AFTER, ("cue_up", "cue_down"))
)


class PhraseTable:
    """The features of a document's phrases; made once a document.

    Attributes
    ----------
    alone
        ``(len(ALONE), phrases)``
    places, beside
        Where the phrases stand, and what stands between them and the numbers.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        phrases = context.phrases
        self.places = PhrasePlaces(context)
        self.scores = np.array([p.scores for p in phrases]).reshape(-1, len(MENTION_KINDS))
        names: dict[str, int] = {}
        self.label = np.array([names.setdefault(p.label, len(names)) for p in phrases], np.intp)
        self._labels = _Labels(list(names))
        self._likeness: dict[str, NDArray[np.float64]] = {}
        self.alone = self._alone(phrases)
        than = ALONE.index("then_versus"), ALONE.index("after_than")
        self.beside = Beside(context, self.places, self.alone[list(than)] > 0)
        # the roles of a number, and numbers in turn, ask for the same ones
        self.to_place = lru_cache(maxsize=8)(self.beside.to_place)

    def _alone(self, phrases: list[Phrase]) -> Matrix:
        context, places = self.context, self.places
        first, last = places.first, places.last
        bits = np.zeros(len(context.word_bits) + 2, np.int64)  # none before the first token …
        bits[1:-1] = context.word_bits  # … or after the last: the n-th is the one before it here
        held = np.bitwise_or.reduceat(bits, np.stack([first, last], axis=1).ravel() + 1)[::2]
        before, begins, heads, after = bits[first], bits[first + 1], bits[last], bits[last + 1]
        end = np.minimum(places.sentence_last, last + 5)
        ways = np.array([context.running[f"cue_{way}"] for way in (*_WAYS, "assoc")])
        headings = np.array([b.kind == "heading" for b in context.reading.blocks], bool)
        zones = np.array([_ZONES.get(zone, -1) for zone in context.zones])
        words = np.stack([held & _CLASSES, heads & _CLASSES], axis=1).reshape(2 * len(_CLASSES), -1)
        rows: Matrix = np.concatenate(
            [
                self.scores.T,
                headings[places.block][None],
                (last - first)[None],
                places.depth[None],
                words != 0,
                (held & _DIGITS) != 0,
                np.array([[p.raw.isupper() for p in phrases]], bool),
                self._words_of(),
                places.list_size[None],
                (before & _BEFORE) != 0,
                (after & _AFTER) != 0,
                ((before | begins) & _STARTS) != 0,
                (end > last) & (ways[:, end] > ways[:, last]),
                zones == np.arange(len(_ZONES))[:, None],
                (first - places.sentence_first <= 2)[None],
                self._document_roles(),
                _nested(phrases),
            ],
            dtype=np.float32, casting="unsafe",
        )  # fmt: skip
        return rows

    def _words_of(self) -> NDArray[np.float64]:
        """Return in_title, frequency and the words' log odds of the phrases, in the order of :data:`ALONE`."""
        labels, frequency = self._labels, self.context.log_frequency
        title, table = self.context.title_stems, word_scores()
        odds = np.array([table.get(stem, _UNKNOWN)[:2] for stem in labels.stems]).reshape(-1, 2)
        own = np.stack(
            [
                np.array([stem in title for stem in labels.stems], float),
                np.array([frequency[stem] for stem in labels.stems]),
                *odds.T,
            ],
            axis=1,
        )
        sizes = np.maximum(labels.sizes, 1.0)[:, None]
        means = labels.holds @ own / sizes
        most = np.zeros((len(labels.sizes), 2))
        named = labels.sizes > 0
        begins = np.cumsum(labels.sizes) - labels.sizes  # of each label's stems among those of all
        most[named] = np.maximum.reduceat(odds[labels.all], begins[named])
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

    def others(self, index: Indexes, label: str) -> Marks:
        """Mark the phrases that do not say the same as a label: "A plus B" is something else than A."""
        found: Marks = self.likeness_to(label)[index] < _SAME
        found |= self._combined[index] != is_combined(label)
        return found

    @cached_property
    def _combined(self) -> Marks:
        return np.array([is_combined(p.label) for p in self.context.phrases], bool)

    def slot_of(self, k: int, phrase: Phrase | None) -> int:
        """Return the slot (:attr:`Beside.slots`) of one of the document's phrases, -1 for none."""
        if phrase is None:
            return -1
        phrases = self.context.phrases
        for n in self.context.indexes_by_sentence.get(phrase.sentence, ()):
            if phrases[n].first == phrase.first and phrases[n] == phrase:
                return int(self.beside.slots[k, n])
        return -1


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


def candidate_block(table: PhraseTable, k: int, candidates: Candidates, known: Known) -> Matrix:
    """Return the features of the `k`-th number's candidates, ``(len(FEATURES), candidates)``."""
    index = candidates.index
    beside = table.beside.features(k, index)
    chosen = chosen_block(table, k, index, known)
    supported = candidates.is_global, candidates.support
    return np.concatenate([table.alone[:, index], beside, chosen, supported])


def chosen_block(table: PhraseTable, k: int, index: Indexes, known: Known) -> Matrix:
    """Return how phrases stand to what was already chosen, ``(len(CHOSEN), len(index))``."""
    block = np.zeros((len(CHOSEN), len(table.label)), np.float32)  # of all phrases: less to look up
    for at, name in enumerate(LIKENESSES):
        label = known.labels.get(name)
        block[at] = table.likeness_to(label) if label else -0.1
    at = len(LIKENESSES)
    for slot in known.slots:
        if slot >= 0:
            block[at] = table.beside.slots[k] == slot
        at += 1
    for own in (known.outcome, known.arm):
        if own is not None:
            block[at : at + len(TO_PLACE)] = table.to_place(own.sentence, own.first, own.last)
        at += len(TO_PLACE)
    return block.take(index, axis=1)


class _Labels:
    """The different labels of a document's phrases by their stems.

    Attributes
    ----------
    holds
        ``(labels, stems)``: 1 where a label has a stem.
    sizes
        How many stems each label has.
    all
        The stems of all labels, one label after another.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.stems: dict[str, int] = {}
        own = [stems(label) for label in labels]
        numbers = [self.stems.setdefault(stem, len(self.stems)) for found in own for stem in found]
        self.all = np.array(numbers, np.intp)
        self.sizes = np.array([len(found) for found in own], np.intp)
        self.holds = np.zeros((len(labels), len(self.stems)))
        self.holds[np.repeat(np.arange(len(labels)), self.sizes), self.all] = 1.0

    def likeness_to(self, label: str) -> NDArray[np.float64]:
        """Return :func:`kg.assembly.labels.likeness` of each label and another."""
        other = stems(label)
        known = [self.stems[stem] for stem in other if stem in self.stems]
        shared = self.holds[:, known].sum(axis=1)
        least = np.maximum(np.minimum(self.sizes, len(other)), 1.0)
        either = np.maximum(self.sizes + len(other) - shared, 1.0)
        alike: NDArray[np.float64] = np.maximum(shared / either, 0.9 * shared / least)
        return alike


def _nested(phrases: Sequence[Phrase]) -> Marks:
    """Tell which phrases end and which begin a longer one; they are sorted by first and last token."""
    furthest = {p.first: p.last for p in phrases}
    earliest = {p.last: p.first for p in reversed(phrases)}
    left = [earliest[p.last] < p.first for p in phrases]
    return np.array([left, [furthest[p.first] > p.last for p in phrases]], bool)
