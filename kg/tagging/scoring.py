"""What features weigh, kept by what they depend on: each word, pair or tag is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from itertools import chain, count
from typing import TypeVar

import numpy as np

from kg.tagging.linear_chain import Floats, Integers, LinearChain

Key = TypeVar("Key", bound=Hashable)

#: A table with more rows than this is begun anew; at 24 numbers and 5 places a row some 16 MB.
_LARGEST = 1 << 14


class Weights:
    """The weights of several models side by side.

    Parameters
    ----------
    models
        The models, whose labels are the columns.
    """

    def __init__(self, *models: LinearChain) -> None:
        known = dict(zip(dict.fromkeys(chain(*(m.attributes for m in models))), count()))
        self.width = sum(len(model.labels) for model in models)
        self._known = known
        self._weights: Floats = np.zeros((len(known), self.width))
        column = 0
        for model in models:
            rows = np.fromiter(map(known.__getitem__, model.attributes), np.intp)
            end = column + len(model.labels)
            self._weights[rows, column:end] = model.weights
            column = end

    def part(self, start: int, end: int) -> Weights:
        """Return what the features weigh in some columns alone, without a copy."""
        found = copy(self)
        found._weights = self._weights[:, start:end]
        found.width = end - start
        return found

    def find(self, features: Sequence[str]) -> list[int]:
        """Return the rows of those features that a model knows."""
        known = self._known
        return [known[name] for name in features if name in known]

    def total(self, features: Sequence[str]) -> Floats:
        """Return the sum of the weights of some features; those that no model knows weigh 0."""
        total: Floats = self._weights[self.find(features)].sum(axis=0)
        return total

    def totals(self, rows: Sequence[int], starts: Sequence[int]) -> Floats:
        """Return the sums of the weights of groups of rows, each from one start to the next."""
        totals: Floats = np.add.reduceat(self._weights[rows], starts, axis=0)
        return totals


class ScoreTable(dict[Key, int]):
    """The weights of one template's features: key → row of :attr:`rows`.

    Row 0 is nought: that of every key whose features no model knows. Rows of older batches may go
    when a new batch begins (:meth:`begin`), those of one batch stay.

    Parameters
    ----------
    weights
        What features weigh.
    template
        From a key to the features that it gives to words at some places round it.
    places
        Their number.
    """

    def __init__(
        self, weights: Weights, template: Callable[[Key], Sequence[Sequence[str]]], places: int
    ) -> None:
        super().__init__()
        self._weights = weights
        self._template = template
        self.rows: Floats = np.zeros((256, places, weights.width))
        self._used = 1
        self._new: list[int] = []  # features of keys met since the last sum, group after group
        self._starts: list[int] = []
        self._targets: list[int] = []  # for each group: its row and place as one number

    def __missing__(self, key: Key) -> int:
        at = 0
        for place, features in enumerate(self._template(key)):
            found = self._weights.find(features)
            if found:
                if not at:
                    at = self._used
                    self._used += 1
                self._starts.append(len(self._new))
                self._targets.append(at * self.rows.shape[1] + place)
                self._new += found
        self[key] = at
        return at

    def _learn(self) -> None:
        """Sum the weights of the keys met for the first time."""
        shape = self.rows.shape
        while self._used > len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        flat = self.rows.reshape(-1, shape[2])
        flat[self._targets] = self._weights.totals(self._new, self._starts)
        self._new, self._starts, self._targets = [], [], []

    def begin(self) -> None:
        """Make room before a new batch where the table has become large."""
        if self._used > _LARGEST or len(self) > 8 * _LARGEST:
            self.clear()
            self.rows = np.zeros((256, *self.rows.shape[1:]))
            self._used = 1

    def total(self, keys: Sequence[Key], at: Integers, reach: Sequence[int] = (0,)) -> Floats:
        """Return for each word what the keys round it give it.

        Parameters
        ----------
        keys
            One for each word of a text, padding included.
        at
            The words' places among the keys.
        reach
            For each of the template's places how far it lies from the key's own: 1 for the word
            behind. There are as many keys before and behind each word as it needs.
        """
        rows = np.fromiter(map(self.__getitem__, keys), np.intp, len(keys))
        if self._new:
            self._learn()
        weights = self.rows
        total: Floats = weights[rows[at - reach[0]], 0]
        for place, distance in enumerate(reach[1:], 1):
            total += weights[rows[at - distance], place]
        return total
