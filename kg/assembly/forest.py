"""Evaluate a gradient-boosted tree ensemble that `training/` has fitted, with numpy alone.

A model file (``.npz``) holds, for every tree, its nodes in arrays padded to the largest tree:
``feature``, ``threshold``, ``left``, ``right``, ``value`` of shape ``(trees, nodes)``, the class
of each tree (``tree_class``), the ``baseline`` per class, and the ``features``' names. A leaf's
children are itself, so walking ``depth`` steps from the root always ends in a leaf.
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


@dataclass(frozen=True)
class Forest:
    """A fitted ensemble; :meth:`probabilities` is its only use."""

    features: tuple[str, ...]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    tree_class: NDArray[np.int16]
    baseline: NDArray[np.float32]
    depth: int

    def probabilities(self, rows: Matrix) -> Matrix:
        """Return class probabilities, shape ``(rows, classes)``; two columns for a yes/no model.

        Missing features are not supported: every cell of `rows` (``(rows, features)``) is a number.
        """
        trees = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(trees)), dtype=np.int32)
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[index, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        leaves = self.value[trees, node]
        raw = np.empty((len(rows), len(self.baseline)), dtype=np.float32)
        for k, start in enumerate(self.baseline):
            raw[:, k] = start + leaves[:, self.tree_class == k].sum(axis=1)
        if raw.shape[1] == 1:
            positive = 1.0 / (1.0 + np.exp(-raw))
            return np.hstack([1.0 - positive, positive])
        exp = np.exp(raw - raw.max(axis=1, keepdims=True))
        scaled: Matrix = exp / exp.sum(axis=1, keepdims=True)
        return scaled

    def matrix(
        self, rows: Sequence[Mapping[str, float]], shared: Mapping[str, float] | None = None
    ) -> Matrix:
        """Return `rows` as a matrix with this model's columns.

        A feature that a row lacks is 0, one that the model does not know is left out; `shared`
        holds features that all rows have in common.
        """
        columns = self.columns
        start = np.zeros(len(columns), dtype=np.float32)
        for name, value in (shared or {}).items():
            if name in columns:
                start[columns[name]] = value
        table = np.tile(start, (len(rows), 1))
        for k, row in enumerate(rows):
            for name, value in row.items():
                if value and name in columns:
                    table[k, columns[name]] = value
        return table

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column number of each feature."""
        return {name: k for k, name in enumerate(self.features)}


@cache
def load_forest(name: str) -> Forest:
    """Load ``kg/assembly/weights/<name>.npz``; it ships with the package."""
    data = files("kg.assembly").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return Forest(
            features=tuple(str(arrays["features"]).split("\n")),
            feature=arrays["feature"],
            threshold=arrays["threshold"],
            left=arrays["left"],
            right=arrays["right"],
            value=arrays["value"],
            tree_class=arrays["tree_class"],
            baseline=arrays["baseline"],
            depth=int(arrays["depth"]),
        )
