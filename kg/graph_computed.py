"""What was computed from a study's numbers → nodes of their own, each derived from what the text states."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from typing import Any

from kg.graph_concepts import Graph, link, put
from kg.identity import node_name
from kg.records import ComputedDose, ComputedEffect, Study
from kg.vocabulary import CONTRASTS, DIRECTIONS, MEASURES, QUDT_UNITS, REPORTED_AS

_DOSE_FIELDS = {
    "dose_low": "low", "dose_high": "high", "unit": "unit", "per_day_low": "per_day_low",
    "per_day_high": "per_day_high", "cumulative_low": "cumulative_low", "cumulative_high": "cumulative_high",
}  # fmt: skip
_EFFECT_FIELDS = {
    "value": "value", "unit": "unit", "ci_lower": "ci_low", "ci_upper": "ci_high", "p_operator": "p_operator",
    "p_value": "p_value", "sd": "sd", "se": "se", "q1": "iqr_low", "q3": "iqr_high", "range_low": "range_low",
    "range_high": "range_high", "timepoint": "timepoint", "subgroup": "subgroup", "significant": "significant",
}  # fmt: skip


def add_computed(
    graph: Graph,
    study: Study,
    node: str,
    agent: str,
    *,
    interventions: Mapping[str, str],
    exposures: Container[str],
    outcomes: Mapping[str, str],
    populations: Mapping[str, str],
    doses: Mapping[str, str],
    effects: Mapping[str, str],
) -> None:
    """Add the computed doses and effects of a study.

    Parameters
    ----------
    graph
        To add to.
    study, node
        The record and its node.
    agent
        The program's node: who computed.
    interventions, outcomes, populations, doses, effects
        Record id → node, of what the study states.
    exposures
        Record ids of interventions that were not given but found.
    """
    for dose in study.computed_doses:
        _add_dose(graph, dose, node, agent, interventions, doses)
    for effect in study.computed_effects:
        computed = _add_effect(graph, effect, node, agent, effects)
        subject = interventions.get(effect.intervention or "")
        kind = "exposure" if effect.intervention in exposures else "intervention"
        link(graph, computed, kind, subject)
        link(graph, computed, "comparator", interventions.get(effect.comparator or ""))
        link(graph, computed, "population", populations.get(effect.population or ""))
        link(graph, computed, "outcome", outcomes.get(effect.outcome or ""))


def _add_dose(
    graph: Graph,
    dose: ComputedDose,
    study: str,
    agent: str,
    interventions: Mapping[str, str],
    doses: Mapping[str, str],
) -> None:
    sources = sorted(doses[item] for item in dose.derived_from if item in doses)
    daily = dose.per_day_low is not None or dose.per_day_high is not None
    values: dict[str, Any] = {name: getattr(dose, field) for name, field in _DOSE_FIELDS.items()}
    node = put(
        graph, node_name("dose", [sources, dose.unit]), "computed_dose", computed=True, method=dose.method,
        record_id=(dose.id,), per_day_unit=f"{dose.unit}/d" if daily else None,
        has_unit=(QUDT_UNITS[dose.unit],) if dose.unit in QUDT_UNITS else (), **values,
    )  # fmt: skip
    link(graph, node, "of_study", study)
    link(graph, node, "of_intervention", interventions.get(dose.intervention or ""))
    _tell_source(graph, node, sources, agent)


def _add_effect(
    graph: Graph, effect: ComputedEffect, study: str, agent: str, effects: Mapping[str, str]
) -> str:
    sources = sorted(effects[item] for item in effect.derived_from if item in effects)
    level = None if effect.ci_level is None else float(Decimal(repr(effect.ci_level)) / 100)
    values: dict[str, Any] = {
        name: getattr(effect, field) for name, field in _EFFECT_FIELDS.items()
    }
    node = put(
        graph, node_name("effect", [sources, effect.measure, effect.unit]), "computed_effect", computed=True,
        method=effect.method, record_id=(effect.id,), measure=MEASURES[effect.measure], ci_level=level,
        direction=DIRECTIONS[effect.direction], reported_as=REPORTED_AS[effect.reported_as],
        contrast=CONTRASTS[effect.contrast] if effect.contrast else None,
        has_unit=(QUDT_UNITS[effect.unit],) if effect.unit in QUDT_UNITS else (), **values,
    )  # fmt: skip
    link(graph, node, "of_study", study)
    _tell_source(graph, node, sources, agent)
    return node


def _tell_source(graph: Graph, node: str, sources: list[str], agent: str) -> None:
    for source in sources:
        link(graph, node, "derived_from", source)
    link(graph, node, "attributed_to", agent)
