"""Our own ranking of a number's candidates and a second opinion on them, weighed together.

The sum of two parts that ``training/fusion.py`` fits on documents that neither of the two has seen: weights,
fitted so that a number's best candidate wins, and a tree ensemble for what weights cannot say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from kg.assembly.forest import Forest, Matrix, load_forest
from kg.assembly.opinions import COLUMNS
from kg.assembly.phrase_features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

FusedRole = Literal["outcome", "intervention"]
FUSED: tuple[FusedRole, ...] = ("outcome", "intervention")
#: What the fusion counts beside the plain sum of both; all of it links fewer numbers of texts it was not fitted on.
SHARE = 0.6
#: The features of a candidate that are looked at once more.
_TAKEN: tuple[str, ...] = tuple(
    name for name in FEATURES if name in {
        "k_outcome", "k_intervention", "k_comparator", "k_condition", "k_population", "heading", "words",
        "phrase_depth", "has_group", "head_group", "has_time", "head_quantity", "head_statistic", "in_title",
        "document_outcome", "document_intervention", "longer_left", "longer_right", "same", "aligned",
        "misaligned", "rank_aligned", "before", "inside", "after", "overlap", "adjacent", "btw_verb", "btw_stat",
        "pair_match", "pair_clash", "like_outcome", "like_intervention", "like_mate", "like_own",
        "like_mate_outcome", "like_own_outcome", "slot_outcome", "slot_intervention", "outcome_overlap",
        "arm_overlap", "global", "support",
    }
)  # fmt: skip
_AT = [FEATURES.index(name) for name in _TAKEN]
#: What is looked at by itself: our own log odds, the second opinion, features of the candidate.
WEIGHED: tuple[str, ...] = ("own_odds", *COLUMNS, *_TAKEN)
_COMPARED = (
    "own_odds", "says_outcome", "says_intervention", "says_here", "is_outcome", "is_intervention",
    "all_say_outcome", "all_say_intervention",
)  # fmt: skip
_COMPARED_AT = [WEIGHED.index(name) for name in _COMPARED]
#: All columns: also how far some are below those of the number's best candidate.
FUSION: tuple[str, ...] = (*WEIGHED, *(f"under_best_{name}" for name in _COMPARED))


def fusion_columns(own_odds: Matrix, opinions: Matrix, block: Matrix) -> Matrix:
    """Return the columns of a number's candidates, ``(len(FUSION), candidates)``.

    Parameters
    ----------
    own_odds
        Log odds of our own ranking, ``(candidates,)``.
    opinions
        :meth:`kg.assembly.opinions.Opinions.columns` of the candidates.
    block
        :func:`kg.assembly.phrase_features.candidate_block` of them.
    """
    weighed = np.concatenate([own_odds[None], opinions, block[_AT]]).astype(np.float32)
    compared = weighed[_COMPARED_AT]
    found: Matrix = np.concatenate([weighed, compared - compared.max(axis=1, keepdims=True)])
    return found


@dataclass(frozen=True)
class Fusion:
    """The fitted parts of one role, and what makes their sum log odds."""

    forest: Forest
    weights: NDArray[np.float64]  # (len(WEIGHED),)
    scale: float
    offset: float

    def odds(self, columns: Matrix) -> NDArray[np.float64]:
        """Return the log odds of the candidates that they fill the role."""
        linear = self.weights @ columns[: len(WEIGHED)]
        trees = self.forest.margins(columns)[:, 0].astype(np.float64)
        found: NDArray[np.float64] = (
            self.scale * (trees + linear - linear.max(initial=-np.inf)) + self.offset
        )
        return found


@cache
def load_fusion(role: FusedRole) -> Fusion:
    """Load ``weights/<role>_fused.npz`` and its part of ``weights/fusion.json``; they ship with the package."""
    text = files("kg.assembly").joinpath("weights", "fusion.json").read_text(encoding="utf-8")
    found = json.loads(text)[role]
    forest = load_forest(f"{role}_fused")
    if tuple(forest.features) != FUSION:
        raise ValueError(f"{role}_fused.npz was fitted on other columns; run training.fusion")
    return Fusion(forest, _vector(found["weights"], WEIGHED), found["scale"], found["offset"])


def _vector(weights: dict[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([weights[name] for name in names])
