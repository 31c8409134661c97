"""Linear-chain models: labels of all sentences of a batch at once, from scores as arrays.

A model is trained by CRFsuite and read from its file (version 100 of its format: a header, features
of 20 bytes, and two constant databases of names). Here a sentence comes as the sums of its
features' weights (:mod:`kg.tagging.scoring`), so that no feature is written out as text twice; all
sentences advance word by word together. Probabilities are those of Lafferty et al. 2001.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

_HEADER = struct.Struct("<4sI4sIIIIIIIII")
_FEATURE = np.dtype([("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_NAMES = struct.Struct("<4sIIIII")
_FEATURES_AT, _TABLES_SIZE = 12, 256 * 8
_ROUNDING = 1e-9  # more than sums of scores are wrong by
_RESCALE_EVERY = 4  # words; products of so few factors never leave the range of a float


class LinearChain:
    """One model: ``labels``, ``attributes`` (its features, with their numbers) and ``weights``.

    ``weights`` has a row a feature and a column a label.

    Parameters
    ----------
    model
        The bytes of a file written by CRFsuite.

    Raises
    ------
    ValueError
        If the bytes are no such file.
    """

    def __init__(self, model: bytes) -> None:
        if len(model) < _HEADER.size or model[:4] != b"lCRF" or model[8:12] != b"FOMC":
            raise ValueError("not a CRFsuite model of a linear chain")
        header = _HEADER.unpack_from(model)
        at_features, at_labels, at_attributes = header[7:10]
        count = struct.unpack_from("<I", model, at_features + 8)[0]
        features = np.frombuffer(model, _FEATURE, count, at_features + _FEATURES_AT)
        self.labels: tuple[str, ...] = tuple(_read_names(model, at_labels))
        attributes = _read_names(model, at_attributes)
        self.attributes: dict[str, int] = dict(zip(attributes, range(len(attributes)), strict=True))
        width = len(self.labels)
        self.weights = np.zeros((len(attributes), width))
        self._transitions = np.zeros((width, width))
        for kind, table in ((0, self.weights), (1, self._transitions)):
            chosen = features[features["kind"] == kind]
            table[chosen["source"], chosen["target"]] = chosen["weight"]
        into, out = self._transitions, self._transitions.T
        self._most = (
            sum(  # what the words beside can do at most for one label (column) against another
                np.maximum((way[:, None, :] - way[:, :, None]).max(0), 0) for way in (into, out)
            )
        )

    def best(self, scores: Floats, lengths: Sequence[int]) -> Integers:
        """Return the number of each word's label on the likeliest path (:func:`likeliest`)."""
        return likeliest(scores, self._transitions, lengths)

    def best_in_parts(self, scores: Floats, lengths: Sequence[int]) -> Integers:
        """Return what :meth:`best` does, sooner where most labels need no look at the words beside.

        A label that leads by more than these could make up for is on the likeliest path, whatever
        stands before and behind: there the sentence falls into parts.
        """
        first = scores.argmax(axis=1)
        every = np.arange(len(first))
        behind = scores + self._most[first]
        behind[every, first] = -np.inf
        sure = scores[every, first] > behind.max(axis=1) + _ROUNDING
        begins = np.zeros(len(first) + 1, np.bool_)
        begins[np.cumsum([0, *lengths])] = True
        told = scores.copy()
        after = np.flatnonzero(sure & ~begins[1:]) + 1
        told[after] += self._transitions[first[after - 1]]
        before = np.flatnonzero(sure & ~begins[:-1]) - 1
        told[before] += self._transitions.T[first[before + 1]]
        begins[:-1] |= sure
        begins[1:] |= sure
        return likeliest(told, self._transitions, np.diff(np.flatnonzero(begins)).tolist())

    @property
    def factors(self) -> Floats:
        """What the way from a label to the next multiplies a probability by; at most 1."""
        found: Floats = np.exp(self._transitions - self._transitions.max())
        return found


class LinearChains:
    """Several models that read the same sentences: all their probabilities from one pass over the words.

    The pass goes forward through the sentences as they stand and, beside it, as they stand backward.
    What each does with the labels of each model stands in blocks of one matrix.

    Parameters
    ----------
    models
        The models, in the order in which their scores are given.
    """

    def __init__(self, *models: LinearChain) -> None:
        ends = list(accumulate(len(model.labels) for model in models))
        self._columns = [
            slice(end - len(m.labels), end) for m, end in zip(models, ends, strict=True)
        ]
        self._width = width = ends[-1]
        self._factors = np.zeros((2 * width, 2 * width))
        self._blocks = np.zeros((2 * width, 2 * width))
        for model, own in zip(models, self._columns, strict=True):
            turned = slice(width + own.start, width + own.stop)
            self._factors[own, own], self._factors[turned, turned] = model.factors, model.factors.T
            self._blocks[own, own] = self._blocks[turned, turned] = 1

    def probabilities(self, scores: Sequence[Floats], lengths: Sequence[int]) -> list[Floats]:
        """Return for each model and word the probability of each label (forward-backward).

        Parameters
        ----------
        scores
            Of each model, as for :meth:`LinearChain.best`.
        lengths
            The sentences' numbers of words; none is 0.

        Returns
        -------
        list of ndarray
            As `scores`; each row sums to 1.
        """
        order, steps = _in_step(tuple(lengths))
        sizes = np.asarray(lengths, np.intp)
        ends = np.cumsum(sizes)
        mirror = np.repeat(2 * ends - sizes - 1, sizes) - np.arange(len(order))
        width = self._width
        own = np.concatenate([np.exp(s - s.max(axis=1, keepdims=True)) for s in scores], axis=1)
        state = np.concatenate([own[order], own[mirror[order]]], axis=1)
        led = np.ones_like(state)  # to each word: what leads there, itself left out
        before = state[steps[0]]
        for k, step in enumerate(steps[1:], 1):
            to, here = led[step], state[step]
            np.matmul(before[: len(to)], self._factors, to)
            if k % _RESCALE_EVERY == 0:
                to /= to @ self._blocks
            here *= to
            before = here
        found = np.empty((len(order), width))
        found[order] = state[:, :width]
        behind = np.empty_like(found)
        behind[mirror[order]] = led[:, width:]
        found *= behind
        found /= found @ self._blocks[:width, :width]
        return [found[:, own] for own in self._columns]


def likeliest(scores: Floats, transitions: Floats, lengths: Sequence[int]) -> Integers:
    """Return the number of each word's label on the likeliest path of its sentence (Viterbi).

    Parameters
    ----------
    scores
        One row a word, one column a label, sentence after sentence.
    transitions
        What going from a label (row) to a label (column) adds.
    lengths
        The sentences' numbers of words; none is 0.
    """
    order, steps = _in_step(tuple(lengths))
    reached = scores[order]
    width = scores.shape[1]
    moves = transitions[:, None, :]
    room = np.empty((width, steps[0].stop, width))  # from a label, in a sentence, to a label
    parts = [reached[step] for step in steps]
    for before, here in pairwise(parts):
        size = len(here)
        ways = room[:, :size]
        np.add(before[:size].T[:, :, None], moves, ways)
        here += np.maximum.reduce(ways, 0)
    chosen = np.empty(len(order), np.intp)
    into = np.ascontiguousarray(transitions.T)
    following = chosen[:0]
    for step, here in zip(reversed(steps), reversed(parts), strict=True):
        ahead = here[: len(following)]
        ahead += into.take(following, 0)
        following = here.argmax(1, chosen[step])
    labels = np.empty_like(chosen)
    labels[order] = chosen
    return labels


@lru_cache(maxsize=2)  # two chains in turn read the same sentences
def _in_step(lengths: tuple[int, ...]) -> tuple[Integers, list[slice]]:
    """Return how words are put so that all first words stand together, then all second ones.

    Returns
    -------
    order
        For each new place the word's old one. Longer sentences stand first in every step.
    steps
        The places of each step: as many as there are sentences that have so many words.
    """
    sizes = np.asarray(lengths, np.intp)
    ranked = np.argsort(-sizes, kind="stable")
    starts = (np.cumsum(sizes) - sizes)[ranked]
    active = np.searchsorted(-sizes[ranked], -np.arange(1, int(sizes.max(initial=0)) + 1), "right")
    begins = np.cumsum(active) - active
    step = np.repeat(np.arange(len(active)), active)
    order = starts[np.arange(len(step)) - begins[step]] + step
    return order, list(map(slice, begins.tolist(), np.cumsum(active).tolist()))


def _read_names(model: bytes, at: int) -> list[str]:
    """Return the names of one of the file's constant databases, each at the place of its number."""
    *_, count, backward = _NAMES.unpack_from(model, at)
    names = [""] * count
    if not count:
        return names
    places = np.frombuffer(model, "<u4", count, at + backward)
    first = at + _NAMES.size + _TABLES_SIZE
    records = (
        np.sort(places) + at - first
    )  # each: its number, its length with a zero byte, its name
    last = int(records[-1])
    length = struct.unpack_from("<I", model, first + last + 4)[0]
    body = np.frombuffer(model, np.uint8, last + 8 + length, first)
    keep = np.ones(len(body), bool)
    keep[(records[:, None] + np.arange(8)).ravel()] = False
    found = body[keep].tobytes()[:-1].decode("utf-8").split("\0")
    for number, name in zip(np.argsort(places, kind="stable").tolist(), found, strict=True):
        names[number] = name
    return names
