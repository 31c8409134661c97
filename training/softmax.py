"""Fit the weights of :mod:`kg.assembly.linear`: softmax regression that stays near a prior.

Both uses are one model. A *choice* is an example with several alternatives, each a set of
features, of which one is right: the classes of a design, the candidates for a total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize


@dataclass(frozen=True)
class Choice:
    """Alternatives as lists of feature names, the index of the right one, and a weight."""

    alternatives: Sequence[Sequence[str]]
    right: int
    weight: float = 1.0


def fit(choices: Sequence[Choice], prior: Mapping[str, float], strength: float) -> dict[str, float]:
    """Return the weights that maximise the penalised likelihood of the right alternatives.

    Parameters
    ----------
    choices
        The examples.
    prior
        Declared weights; features without one are drawn to 0.
    strength
        Precision of the Gaussian round the prior; larger stays nearer.
    """
    names = sorted({f for c in choices for a in c.alternatives for f in a} | set(prior))
    index = {name: i for i, name in enumerate(names)}
    centre = np.array([prior.get(name, 0.0) for name in names])
    rows = [[np.array([index[f] for f in a], dtype=int) for a in c.alternatives] for c in choices]

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        value = 0.5 * strength * float(np.sum((w - centre) ** 2))
        gradient = strength * (w - centre)
        for choice, alternatives in zip(choices, rows, strict=True):
            scores = np.array([w[a].sum() for a in alternatives])
            scores -= scores.max()
            p = np.exp(scores)
            p /= p.sum()
            value -= choice.weight * float(np.log(p[choice.right] + 1e-300))
            for place, features in enumerate(alternatives):
                np.add.at(gradient, features, choice.weight * (p[place] - (place == choice.right)))
        return value, gradient

    result = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return dict(zip(names, result.x.tolist(), strict=True))
