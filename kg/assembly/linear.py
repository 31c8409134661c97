"""A linear model whose weights are declared in code and may be refined by training.

The features of an example are names; a class's score is the sum of the weights of its features.
Training (``training/``) starts from the declared weights and stays near them where data say
nothing, so that a class without examples keeps what its author declared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

Weights = Mapping[str, float]


@cache
def load_weights(name: str) -> dict[str, dict[str, float]]:
    """Return the packaged weights ``kg/assembly/weights/<name>.json``: class → feature → weight."""
    text = (files("kg.assembly") / "weights" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded


def score(features: Iterable[str], weights: Weights) -> float:
    """Return the sum of the weights of `features`; an unknown feature weighs nothing."""
    return sum(weights.get(name, 0.0) for name in features)
