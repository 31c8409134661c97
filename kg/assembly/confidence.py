"""How likely it is that all of a result's links are right.

A logistic model over the rankers' own odds, fitted on annotated documents that no ranker has seen
(``training/confidence.py``, which also prints how well the chances hold).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.assembly.context import Context
from kg.assembly.features import log_odds

if TYPE_CHECKING:
    from kg.assembly.link import Link

_EDGE = 0.005  # odds are cut here: a ranker is never surer


def confidence_features(context: Context, link: Link) -> dict[str, float]:
    """Return what the chance is worked out from."""
    statistic, place = context.statistics[link.statistic], context.places[link.statistic]
    return {
        "result": log_odds(link.result, _EDGE),
        "outcome": log_odds(link.outcome_score, _EDGE),
        "intervention": log_odds(link.intervention_score, _EDGE),
        "direction": log_odds(link.direction_score, _EDGE),
        "no_outcome": float(link.outcome is None),
        "no_intervention": float(link.intervention is None),
        "has_comparator": float(link.comparator is not None),
        "named": float(statistic.measure_start is not None),
        "has_interval": float(statistic.ci_low is not None),
        "numbers_beside": math.log(max(1, context.stats_per_sentence[place.sentence])),
    }


def confidence(context: Context, link: Link) -> float:
    """Return the chance that measure, outcome, intervention and direction are all right, 0 to 1."""
    weights = _weights()
    found = confidence_features(context, link)
    odds = weights["constant"] + sum(weights[name] * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-odds))


@cache
def _weights() -> Mapping[str, float]:
    text = files("kg.assembly").joinpath("weights", "confidence.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights
