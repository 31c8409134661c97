"""Evaluate a gradient-boosted tree ensemble that `training/` has fitted, with numpy alone.

All nodes of all trees are tested at once. Each tree has at most 16 leaves, numbered from left to right, and a
set of 16 bits for those still possible: a node whose test fails strikes the leaves to its left, and the lowest
bit that remains is the leaf where the row ends (QuickScorer; Lucchese et al., SIGIR 2015).

A model file (``.npz``) holds ``feature``, ``threshold`` and ``mask`` of every node, shape ``(nodes, trees)``,
padded with nodes that strike nothing; ``leaves``, shape ``(trees, 16)``; the class of each tree
(``tree_class``), the ``baseline`` per class, and the ``features``' names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Matrix = NDArray[np.float32]
Struck = NDArray[np.uint16]

LEAVES = 16  # most leaves of a tree: one bit each
_STRIKES_NONE = (1 << LEAVES) - 1
_MOST_KEPT = 4096  # rows of half a kilobyte each
_LIMIT_BITS = 32  # of a limit as a float
_EXPONENT, _EXPONENT_OF_ONE = 23, 127  # of a 32-bit float: its lowest bit, and what it is for 1


@dataclass(frozen=True)
class Nodes:
    """The nodes of a forest that test some of its features, and the leaves that they strike.

    Rows often share features: all candidates of a number share the number's. What such nodes strike is
    worked out once and joined with the rest by ``|``. Nodes often share tests, a feature and a limit (half of
    all do): each test is done once.
    """

    tested: NDArray[np.intp]  # (tests,): rows of the columns given
    limits: Matrix  # (tests, 1); nothing is beyond the last
    tests: NDArray[np.intp]  # (nodes,): the test of each
    strikes: NDArray[np.uint16]  # (nodes, 1); the last node strikes nothing
    # the nodes are a first one of so many trees, then a second one of fewer …
    layers: tuple[int, ...]
    # (trees,): the first node of each tree, the trees with the most nodes first; the last node for none
    order: NDArray[np.intp]
    #: What rows strike, by the tests that they fail, as far as :meth:`recalled` was asked for them.
    kept: dict[bytes, bytes] = field(default_factory=dict, repr=False, compare=False)

    def struck(self, columns: Matrix) -> Struck:
        """Return the leaves that are no longer possible, a bit each, ``(rows, trees)``.

        `columns` are ``(features, rows)``, in the order of the names that :meth:`Forest.nodes` was given.
        """
        return self._struck(self._fails(columns))

    def recalled(self, columns: Matrix) -> Struck:
        """Return what :meth:`struck` does, read-only and in less time where rows fail the same tests again."""
        fails = self._fails(columns)
        bits = np.packbits(fails, axis=0)
        keys = np.ascontiguousarray(bits.T).view(f"S{len(bits)}").ravel().tolist()
        try:
            rows = b"".join([self.kept[key] for key in keys])
        except KeyError:
            if len(self.kept) > _MOST_KEPT:
                self.kept.clear()
            struck = self._struck(fails)
            self.kept.update(zip(keys, map(bytes, struck), strict=True))
            return struck
        return np.frombuffer(rows, np.uint16).reshape(len(keys), -1)

    def _fails(self, columns: Matrix) -> NDArray[np.bool_]:
        """Return which tests rows fail, ``(tests, rows)``."""
        fails: NDArray[np.bool_] = columns.take(self.tested, axis=0) > self.limits
        return fails

    def _struck(self, fails: NDArray[np.bool_]) -> Struck:
        struck = fails.astype(np.uint16).take(self.tests, axis=0)
        struck *= self.strikes
        at = self.layers[0]
        for trees in self.layers[1:]:
            struck[:trees] |= struck[at : at + trees]
            at += trees
        return np.ascontiguousarray(struck.take(self.order, axis=0).T)


@dataclass(frozen=True)
class Forest:
    """A fitted ensemble; the trees of a class stand side by side."""

    features: tuple[str, ...]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    mask: NDArray[np.uint16]
    leaves: NDArray[np.float32]
    tree_class: NDArray[np.int16]
    baseline: NDArray[np.float32]

    def nodes(self, names: Sequence[str]) -> Nodes:
        """Return the nodes that test features of these names; names unknown to the model are never tested."""
        places = {name: n for n, name in enumerate(names)}
        place = np.array([places.get(name, -1) for name in self.features], np.intp)[self.feature]
        kept = (place >= 0) & (self.mask != _STRIKES_NONE)
        trees = np.argsort(-kept.sum(axis=0), kind="stable")
        first = np.argsort(
            ~kept, axis=0, kind="stable"
        )  # a tree's nodes that are kept, then the others
        layer, tree = np.nonzero(np.take_along_axis(kept, first, axis=0)[:, trees])
        node = first[layer, trees[tree]], trees[tree]
        tested, limits = place[node], self.threshold[node]
        both = (tested.astype(np.int64) << _LIMIT_BITS) | limits.view(np.uint32)
        _, one, tests = np.unique(both, return_index=True, return_inverse=True)
        layers = np.bincount(layer, minlength=1)
        order = np.argsort(trees)
        return Nodes(
            np.append(tested[one], 0),
            np.append(limits[one], np.float32(np.inf))[:, None],
            np.append(tests, len(one)),
            np.append(~self.mask[node], np.uint16(0))[:, None],
            tuple(layers.tolist()),
            np.where(order < layers[0], order, len(tests)),
        )

    def totals(self, struck: Struck) -> Matrix:
        """Return the log-odds (of classes: unnormalised log probabilities), shape ``(rows, classes)``.

        Parameters
        ----------
        struck
            What all nodes of the forest strike, ``(rows, trees)``.
        """
        left = ~struck
        left &= -left  # the lowest bit alone, a power of two: its place is the exponent of a float
        place = left.astype(np.float32).view(np.int32)
        place >>= _EXPONENT
        place += self._first_leaves
        leaves = self._leaves.take(place, mode="wrap")  # in less time: no place is beyond
        if len(self.baseline) == 1:
            odds: Matrix = self.baseline + np.add.reduce(leaves, axis=1)
            return odds[:, None]
        raw = np.empty((len(leaves), len(self.baseline)), dtype=np.float32)
        for k, (start, own) in enumerate(zip(self.baseline, self._trees, strict=True)):
            raw[:, k] = start + leaves[:, own].sum(axis=1)
        return raw

    def margins(self, columns: Matrix) -> Matrix:
        """Return :meth:`totals` of ``(features, rows)``, in the order of :attr:`features`.

        Every cell is a number; missing features are not supported.
        """
        return self.totals(self._nodes.struck(columns))

    def probabilities(self, columns: Matrix) -> Matrix:
        """Return class probabilities, shape ``(rows, classes)``; two columns for a yes/no model.

        `columns` as in :meth:`margins`.
        """
        return probabilities(self.margins(columns))

    @cached_property
    def _nodes(self) -> Nodes:
        return self.nodes(self.features)

    @cached_property
    def _leaves(self) -> Matrix:
        """The leaves of all trees, one tree after another."""
        return self.leaves.ravel()

    @cached_property
    def _trees(self) -> list[slice]:
        """The trees of each class."""
        ends = np.cumsum(np.bincount(self.tree_class, minlength=len(self.baseline))).tolist()
        return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]

    @cached_property
    def _first_leaves(self) -> NDArray[np.int32]:
        """Where each tree's leaves begin, less what the exponent of 1 is written as."""
        return np.arange(len(self.leaves), dtype=np.int32) * LEAVES - _EXPONENT_OF_ONE


def matrix(
    rows: Sequence[Mapping[str, float]], names: tuple[str, ...], kind: DTypeLike = np.float32
) -> NDArray[Any]:
    """Return some features of `rows`, ``(names, rows)``.

    A feature that a row lacks is 0, one that is not among the names is left out.
    """
    places = _places(names)
    at = np.concatenate([places(()), *(places(tuple(row)) for row in rows)])
    of = np.repeat(np.arange(len(rows)), list(map(len, rows)))
    values = np.fromiter(chain.from_iterable([row.values() for row in rows]), kind, len(at))
    table = np.zeros((len(names) + 1, len(rows)), kind)  # what is left out goes to the last
    table[at, of] = values
    return table[:-1]


@cache
def _places(names: tuple[str, ...]) -> Callable[[tuple[str, ...]], NDArray[np.intp]]:
    """Return what tells where features stand among `names`; most rows have those of another row."""
    at = {name: k for k, name in enumerate(names)}

    @lru_cache(maxsize=4096)
    def places(features: tuple[str, ...]) -> NDArray[np.intp]:
        return np.array([at.get(name, len(names)) for name in features], np.intp)

    return places


def probabilities(totals: Matrix) -> Matrix:
    """Return class probabilities of :meth:`Forest.totals`; two columns for a yes/no model."""
    if totals.shape[1] == 1:
        positive = 1.0 / (1.0 + np.exp(-totals))
        return np.hstack([1.0 - positive, positive])
    exp = np.exp(totals - totals.max(axis=1, keepdims=True))
    scaled: Matrix = exp / exp.sum(axis=1, keepdims=True)
    return scaled


@cache
def load_forest(name: str) -> Forest:
    """Load ``kg/assembly/weights/<name>.npz``; it ships with the package."""
    data = files("kg.assembly").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        order = np.argsort(arrays["tree_class"], kind="stable")
        return Forest(
            features=tuple(str(arrays["features"]).split("\n")),
            feature=arrays["feature"][:, order],
            threshold=arrays["threshold"][:, order],
            mask=arrays["mask"][:, order],
            leaves=arrays["leaves"][order],
            tree_class=arrays["tree_class"][order],
            baseline=arrays["baseline"],
        )
