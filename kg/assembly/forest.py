"""Evaluate a gradient-boosted tree ensemble that `training/` has fitted, with numpy alone.

All nodes of all trees are tested at once. Each tree has at most 16 leaves, numbered from left to right, and a
set of 16 bits for those still possible: a node whose test fails strikes the leaves to its left, and the lowest
bit that remains is the leaf where the row ends (QuickScorer; Lucchese et al., SIGIR 2015).

A model file (``.npz``) holds ``feature``, ``threshold`` and ``mask`` of every node, shape ``(nodes, trees)``,
padded with nodes that strike nothing; ``leaves``, shape ``(trees, 16)``; the class of each tree
(``tree_class``), the ``baseline`` per class, and the ``features``' names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

LEAVES = 16  # most leaves of a tree: one bit each
_LOWEST = np.array([0, *((n & -n).bit_length() - 1 for n in range(1, 1 << LEAVES))], dtype=np.int32)


@dataclass(frozen=True)
class Forest:
    """A fitted ensemble; :meth:`probabilities` is its only use."""

    features: tuple[str, ...]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    mask: NDArray[np.uint16]
    leaves: NDArray[np.float32]
    tree_class: NDArray[np.int16]
    baseline: NDArray[np.float32]

    def margins(self, columns: Matrix) -> Matrix:
        """Return the log-odds (of classes: unnormalised log probabilities), shape ``(rows, classes)``.

        Parameters
        ----------
        columns
            ``(features, rows)``, in the order of :attr:`features`. Every cell is a number; missing
            features are not supported.
        """
        tests = columns.take(self._tested, axis=0) > self._limits  # (nodes * trees, rows)
        struck = np.multiply(tests.view(np.uint8), self._strikes).reshape(*self.feature.shape, -1)
        left = ~np.bitwise_or.reduce(struck, axis=0)
        leaves = self.leaves.ravel().take(_LOWEST.take(left) + self._offsets)
        by_row = np.ascontiguousarray(leaves.T)
        raw = np.empty((columns.shape[1], len(self.baseline)), dtype=np.float32)
        for k, start in enumerate(self.baseline):
            raw[:, k] = start + by_row[:, self.tree_class == k].sum(axis=1)
        return raw

    def probabilities(self, columns: Matrix) -> Matrix:
        """Return class probabilities, shape ``(rows, classes)``; two columns for a yes/no model.

        `columns` as in :meth:`margins`.
        """
        raw = self.margins(columns)
        if raw.shape[1] == 1:
            positive = 1.0 / (1.0 + np.exp(-raw))
            return np.hstack([1.0 - positive, positive])
        exp = np.exp(raw - raw.max(axis=1, keepdims=True))
        scaled: Matrix = exp / exp.sum(axis=1, keepdims=True)
        return scaled

    def matrix(
        self, rows: Sequence[Mapping[str, float]], shared: Mapping[str, float] | None = None
    ) -> Matrix:
        """Return `rows` as this model's columns, shape ``(features, rows)``.

        A feature that a row lacks is 0, one that the model does not know is left out; `shared` holds
        features that all rows have in common.
        """
        columns = self.columns
        table = np.zeros((len(columns), len(rows)), dtype=np.float32)
        for name, value in (shared or {}).items():
            if name in columns:
                table[columns[name]] = value
        for k, row in enumerate(rows):
            for name, value in row.items():
                place = columns.get(name)
                if value and place is not None:
                    table[place, k] = value
        return table

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column number of each feature."""
        return {name: k for k, name in enumerate(self.features)}

    @cached_property
    def _tested(self) -> NDArray[np.intp]:
        return self.feature.astype(np.intp).ravel()

    @cached_property
    def _limits(self) -> Matrix:
        return self.threshold.reshape(-1, 1)

    @cached_property
    def _strikes(self) -> NDArray[np.uint16]:
        return ~self.mask.reshape(-1, 1)

    @cached_property
    def _offsets(self) -> NDArray[np.int32]:
        return (np.arange(len(self.leaves), dtype=np.int32) * LEAVES)[:, None]


@cache
def load_forest(name: str) -> Forest:
    """Load ``kg/assembly/weights/<name>.npz``; it ships with the package."""
    data = files("kg.assembly").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return Forest(
            features=tuple(str(arrays["features"]).split("\n")),
            feature=arrays["feature"],
            threshold=arrays["threshold"],
            mask=arrays["mask"],
            leaves=arrays["leaves"],
            tree_class=arrays["tree_class"],
            baseline=arrays["baseline"],
        )
