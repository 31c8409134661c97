"""What features weigh, kept by what they depend on: each word, pair or tag is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.tagging.linear_chain import Floats, Integers, LinearChain
from kg.tagging.words import normal_word

#: What a key gives to words at some places round it.
Template = Sequence[Sequence[str]]

#: A table with more rows than this is begun anew (:attr:`ScoreTable.is_full`); at 24 numbers and 5 places a row some 31 MB.
_LARGEST = 1 << 15

#: More than there are normal forms of words.
_MANY = 1 << 31


class Code:
    """Several things as one number: each is a number of its domain.

    Parameters
    ----------
    domains
        What the numbers stand for; only the first may grow.

    Examples
    --------
    >>> code = Code(("a", "b", "c"), ("x", "y"))
    >>> code.number(np.array([0, 2]), np.array([0, 1])), code.values(5)
    (array([0, 5]), ('c', 'y'))
    """

    def __init__(self, *domains: Sequence[Any]) -> None:
        self._domains = domains

    def number(self, first: Integers, *parts: NDArray[Any]) -> Integers:
        """Return the numbers that stand for numbers of the domains, an array of each."""
        number = first
        for part, domain in zip(parts, self._domains[1:], strict=True):
            number = number * len(domain) + part
        return number

    def template(self, template: Callable[..., Template]) -> Callable[[int], Template]:
        """Return a template that takes a number for what it stands for."""
        return lambda number: template(*self.values(number))

    def values(self, number: int) -> tuple[Any, ...]:
        """Return what a number stands for."""
        found: list[Any] = []
        for domain in self._domains[:0:-1]:
            number, k = divmod(number, len(domain))
            found.append(domain[k])
        return (self._domains[0][number], *reversed(found))


class WordNumbers(dict[str, int]):
    """Words as numbers, and what is told of each by numbers: that of its normal form first.

    Parameters
    ----------
    tell
        From a word to one more number.
    """

    def __init__(self, *tell: Callable[[str], int]) -> None:
        super().__init__()
        self._tell = tell
        self._told: Integers = np.zeros((1 + len(tell), 256), np.intp)
        self._normal: dict[str, int] = {}
        self.words: list[str] = []
        self.normal: list[str] = []  # by their numbers

    def __missing__(self, word: str) -> int:
        normal = normal_word(word)
        form = self._normal.setdefault(normal, len(self._normal))
        if form == len(self.normal):
            self.normal.append(normal)
        number = self[word] = len(self.words)
        self.words.append(word)
        if number == self._told.shape[1]:
            self._told = np.concatenate([self._told, np.zeros_like(self._told)], axis=1)
        self._told[:, number] = form, *(tell(word) for tell in self._tell)
        return number

    def of(self, words: Sequence[str]) -> Integers:
        """Return the numbers of words."""
        return np.fromiter(map(self.__getitem__, words), np.intp, len(words))

    def told(self, numbers: Integers) -> Integers:
        """Return what is told of words, a row for each kind."""
        found: Integers = self._told.take(numbers, axis=1)
        return found

    def pairs(self, normal: Integers) -> Integers:
        """Return each two neighbours of some normal forms as one number."""
        found: Integers = normal[:-1] * _MANY + normal[1:]
        return found

    def pair(self, number: int) -> tuple[str, str]:
        """Return the normal forms of a pair."""
        return self.normal[number // _MANY], self.normal[number % _MANY]

    def clear(self) -> None:
        """Begin anew."""
        super().clear()
        self._normal.clear()
        self.words.clear()
        self.normal.clear()


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

    @property
    def rows(self) -> Mapping[str, int]:
        """The row of each feature that a model knows."""
        return self._known

    def values(self, *kinds: str) -> frozenset[str]:
        """Return what stands behind some beginnings of the features that a model knows."""
        return frozenset(
            name[len(kind) :] for kind in kinds for name in self._known if name.startswith(kind)
        )

    def totals(self, rows: Sequence[int], starts: Sequence[int]) -> Floats:
        """Return the sums of the weights of groups of rows, each from one start to the next."""
        totals: Floats = np.add.reduceat(self._weights[rows], starts, axis=0)
        return totals


class ScoreTable:
    """The weights of one template's features: a row of :attr:`rows` for each key, a number.

    Row 0 is nought: that of every key whose features no model knows.

    Parameters
    ----------
    weights
        What features weigh.
    template
        From a key to the features that it gives to words at some places round it.
    places
        Their number.
    """

    def __init__(self, weights: Weights, template: Callable[[int], Template], places: int) -> None:
        self._weights = weights
        self._template = template
        self.rows: Floats = np.zeros((256, places, weights.width))
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.rows = np.zeros((256, *self.rows.shape[1:]))
        self._used = 1
        self._keys: Integers = np.array([-1])  # those met, sorted
        self._found: Integers = np.zeros(1, np.intp)  # their rows

    @property
    def is_full(self) -> bool:
        """Whether the table is as large as it may become."""
        return self._used > _LARGEST or len(self._keys) > 8 * _LARGEST

    def find(self, keys: Integers) -> Integers:
        """Return the rows of some keys."""
        at = np.searchsorted(self._keys, keys, "right") - 1
        met = self._keys[at] == keys
        if not met.all():
            new = np.unique(keys[~met])
            places = np.searchsorted(self._keys, new)
            self._keys = np.insert(self._keys, places, new)
            self._found = np.insert(self._found, places, self._learnt(new.tolist()))
            at = np.searchsorted(self._keys, keys)
        rows: Integers = self._found[at]
        return rows

    def _learnt(self, keys: Sequence[int]) -> list[int]:
        """Return the rows of keys met for the first time, their weights summed."""
        found: list[int] = []
        features: list[int] = []  # group after group
        starts: list[int] = []
        targets: list[int] = []  # for each group: its row and place as one number
        _, places, width = self.rows.shape
        rows = self._weights.rows
        for key in keys:
            row = 0
            for place, names in enumerate(self._template(key)):
                known = [rows[name] for name in names if name in rows]
                if known:
                    row = row or self._used
                    starts.append(len(features))
                    targets.append(row * places + place)
                    features += known
            self._used += row > 0
            found.append(row)
        while self._used > len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        if starts:
            self.rows.reshape(-1, width)[targets] = self._weights.totals(features, starts)
        return found

    def of(self, keys: Integers) -> Floats:
        """Return what each word's own key gives it, of a template for one place."""
        rows = self.find(keys)
        found: Floats = self.rows[:, 0].take(rows, axis=0)
        return found

    def total(self, keys: Integers, at: Integers, reach: Sequence[int]) -> Floats:
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
        rows = self.find(keys) * self.rows.shape[1]
        flat = self.rows.reshape(-1, self.rows.shape[2])
        total: Floats = flat.take(rows[at - reach[0]], axis=0)
        for place, distance in enumerate(reach[1:], 1):
            total += flat.take(rows[at - distance] + place, axis=0)
        return total


def pair_table(
    weights: Weights, numbers: WordNumbers, template: Callable[[str, str], Template]
) -> ScoreTable:
    """Return the table of a template of two neighbours (:meth:`WordNumbers.pairs`), one feature a place.

    Most neighbours are none that a model knows; only the others are put into the template.
    """
    kinds = [name.removesuffix("|") for (name,) in template("", "")]
    known = weights.values(*kinds)

    def known_template(key: int) -> Template:
        first, second = numbers.pair(key)
        return template(first, second) if f"{first}|{second}" in known else ()

    return ScoreTable(weights, known_template, len(kinds))


class CodeTable(ScoreTable):
    """A :class:`ScoreTable` whose keys come from a small range: each has its place."""

    def clear(self) -> None:
        """Begin anew."""
        super().clear()
        self._index: Integers = np.zeros(0, np.intp)  # key → row, -1 where it was not met

    def find(self, keys: Integers) -> Integers:
        """Return the rows of some keys."""
        lacking = int(keys.max(initial=-1)) + 1 - len(self._index)
        if lacking > 0:
            more = max(lacking, len(self._index))
            self._index = np.concatenate([self._index, np.full(more, -1)])
        rows: Integers = self._index[keys]
        if rows.min(initial=0) < 0:
            new = np.unique(keys[rows < 0])
            self._index[new] = self._learnt(new.tolist())
            rows = self._index[keys]
        return rows
