"""Fit the weights of :mod:`kg.assembly.linear`: softmax regression that stays near a prior.

Both uses are one model. A *choice* is an example with several alternatives, each a set of
features, of which one is right: the classes of a design, the candidates for a total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Alternatives as lists of feature names, the indexes of those that are right, and a weight.

    Several can be right: a text that states its total twice.
    """

    alternatives: Sequence[Sequence[str]]
    right: Set[int]
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
    columns, ends, owner, right = [], [0], [], []
    for k, choice in enumerate(choices):
        for place, alternative in enumerate(choice.alternatives):
            columns += [index[f] for f in alternative]
            ends.append(len(columns))
            owner.append(k)
            right.append(place in choice.right)
    rows = csr_matrix(
        (np.ones(len(columns)), np.array(columns), np.array(ends)), shape=(len(owner), len(names))
    )
    own, is_right = np.array(owner), np.array(right)
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    weights = np.array([c.weight for c in choices])

    def loss(w: Floats) -> tuple[float, Floats]:
        scores = rows @ w
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[own])
        chosen = np.where(is_right, grown, 0.0)
        total = np.add.reduceat(grown, starts)
        hit = np.add.reduceat(chosen, starts) + 1e-300
        value = 0.5 * strength * float(np.sum((w - centre) ** 2))
        value -= float(np.sum(weights * np.log(hit / total)))
        slope = weights[own] * (grown / total[own] - chosen / hit[own])
        return value, strength * (w - centre) + rows.T @ slope

    result = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return dict(zip(names, result.x.tolist(), strict=True))
