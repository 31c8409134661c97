"""What follows from a record's numbers, as records of their own beside those that the text states.

Doses and levels in units that can be compared (:mod:`kg.statistics.amounts`), and the effect sizes that the
results of two arms imply (:mod:`kg.statistics.two_groups`). Nothing that was read is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.records import (
    ComputedDose,
    ComputedEffect,
    Direction,
    Dose,
    Effect,
    Record,
    Study,
    content_id,
)  # fmt: skip
from kg.statistics.amounts import Amount, AmountError, comparable_dose, comparable_level
from kg.statistics.arm_pairs import ArmResult, Pair, pair_arms
from kg.statistics.estimate import Estimate
from kg.statistics.scales import NULL_VALUES, p_from_z
from kg.statistics.two_groups import compare_events, compare_means, number_needed

#: Fields of a dose and of an effect that are amounts in its unit.
_DOSE_AMOUNTS = ("low", "high", "per_day_low", "per_day_high", "cumulative_low", "cumulative_high")
_EFFECT_AMOUNTS = (
    "value", "ci_low", "ci_high", "sd", "se", "iqr_low", "iqr_high", "range_low", "range_high",
)  # fmt: skip
_LEVELS = frozenset({"MD", "WMD", "mean", "median"})
_GROUPS = frozenset({"mean", "median", "percent", "count"})
_DIGITS = 6  # significant ones that a computed number keeps
_LEVEL = 95.0
_LEAST_P = 0.0001  # smaller ones are told as below it


def derive(record: Record) -> Record:
    """Return the record with what can be computed from it, in ``computed_doses`` and ``computed_effects``.

    The same record gives the same; what was computed before is computed anew.
    """
    studies = tuple(
        study.model_copy(
            update={
                "computed_doses": tuple(derive_doses(study)),
                "computed_effects": (*derive_levels(study), *derive_comparisons(study)),
            }
        )
        for study in record.studies
    )
    return record.model_copy(update={"studies": studies})


def derive_doses(study: Study) -> Iterator[ComputedDose]:
    """Yield each dose of a known substance in the unit of comparison, where it is told in another."""
    labels = {item.id: item.label for item in study.interventions}
    for dose in study.doses:
        label = labels.get(dose.intervention or "")
        if label is None or not any(getattr(dose, name) for name in _DOSE_AMOUNTS):
            continue
        try:
            one = comparable_dose(1.0, dose.unit, label)
        except AmountError:
            continue
        yield _computed_dose(dose, one)


def _computed_dose(dose: Dose, one: Amount) -> ComputedDose:
    changed = {
        name: _rounded(value * one.value)
        for name in _DOSE_AMOUNTS
        if (value := getattr(dose, name)) is not None
    }
    fields = {name: getattr(dose, name) for name in Dose.model_fields}
    fields |= changed | {"unit": one.unit, "id": content_id("dose", [dose.id, one.unit])}
    return ComputedDose(
        **fields, derived_from=(dose.id,), method=one.method or _ucum(dose.unit, one)
    )


def derive_levels(study: Study) -> Iterator[ComputedEffect]:
    """Yield each mean, median and difference of a known analyte in its SI unit."""
    labels = {item.id: item.label for item in study.outcomes}
    for effect in study.effects:
        label = labels.get(effect.outcome or "")
        if label is None or effect.unit is None or effect.measure not in _LEVELS:
            continue
        if effect.per or effect.value is None:
            continue
        try:
            one = comparable_level(1.0, effect.unit, label)
        except AmountError:
            continue
        changed = {
            name: _rounded(value * one.value)
            for name in _EFFECT_AMOUNTS
            if (value := getattr(effect, name)) is not None
        }
        yield _computed_effect(
            effect, (effect.id,), one.method or _ucum(effect.unit, one), **changed, unit=one.unit,
            printed=type(effect.printed)(),
        )  # fmt: skip


def derive_comparisons(study: Study) -> Iterator[ComputedEffect]:
    """Yield RR, OR, RD and NNT from events, MD and SMD from means, of two arms that can be paired.

    Where the text reports a measure of the same outcome itself, that one is not computed again.
    """
    effects = {effect.id: effect for effect in study.effects}
    reported = {
        (effect.outcome, "MD" if effect.measure == "WMD" else effect.measure)
        for effect in study.effects
    }
    for pair in pair_arms(_arm_results(study), _is_experimental):
        first, second = effects[pair.first.effect], effects[pair.second.effect]
        for estimate in _estimates(pair):
            if (first.outcome, estimate.measure) not in reported:
                yield _comparison(first, second, pair, estimate)
        if pair.events is not None and (first.outcome, "NNT") not in reported:
            needed = number_needed(pair.events)
            if not needed.through_infinity:
                yield _computed_effect(
                    first, (first.id, second.id),
                    "NNT from the risk difference (Altman 1998; Cochrane Handbook 15.4.4.1)",
                    **_plain_comparison(second) | {
                        "measure": "NNT", "value": _rounded(needed.value), "ci_level": _LEVEL,
                        "ci_low": _rounded(needed.low), "ci_high": _rounded(needed.high),
                        "direction": _direction(needed.value, 0.0, up=False),
                    },
                )  # fmt: skip


def _is_experimental(item: ArmResult) -> bool:
    return item.role in ("experimental", "exposed")


def _estimates(pair: Pair) -> list[Estimate]:
    if pair.events is not None:
        measures = ("RD",) if pair.events.tells_nothing else ("RR", "OR", "RD")
        return [compare_events(pair.events, measure) for measure in measures]  # type: ignore[arg-type]
    assert pair.means is not None
    return [compare_means(pair.means, "MD"), compare_means(pair.means, "SMD")]


def _comparison(first: Effect, second: Effect, pair: Pair, estimate: Estimate) -> ComputedEffect:
    low, high = estimate.interval(_LEVEL)
    null = NULL_VALUES[estimate.measure]
    p = p_from_z(estimate.point / estimate.error)
    return _computed_effect(
        first, (first.id, second.id), "; ".join((*pair.notes, estimate.method)),
        **_plain_comparison(second) | {
            "measure": estimate.measure, "value": _rounded(estimate.value), "ci_level": _LEVEL,
            "unit": first.unit if estimate.measure == "MD" else None, "ci_low": _rounded(low),
            "ci_high": _rounded(high), "p_operator": "=" if p >= _LEAST_P else "<",
            "p_value": _rounded(max(p, _LEAST_P)),
            "direction": "no_difference" if low <= null <= high else _direction(estimate.value, null),
            "significant": not low <= null <= high,
        },
    )  # fmt: skip


def _plain_comparison(second: Effect) -> dict[str, object]:
    """Return the fields of a group's own value that a comparison does not have, emptied."""
    empty = (
        "sd", "se", "iqr_low", "iqr_high", "range_low", "range_high", "n", "events", "total",
        "statistic", "df", "baseline", "arm", "p_operator", "p_value", "significant", "unit",
    )  # fmt: skip
    found: dict[str, object] = dict.fromkeys(empty)
    found |= {
        "contrast": "between_groups",
        "printed": type(second.printed)(),
        "repairs": (),
        "checks": (),
    }
    return found


def _computed_effect(
    effect: Effect, derived_from: tuple[str, ...], method: str, **changed: object
) -> ComputedEffect:
    fields = {name: getattr(effect, name) for name in Effect.model_fields}
    fields |= {"checks": (), **changed}
    fields["id"] = content_id("effect", [list(derived_from), fields["measure"], fields["unit"]])
    return ComputedEffect(**fields, derived_from=derived_from, method=method)


def _arm_results(study: Study) -> Iterator[ArmResult]:
    labels = {item.id: item.label for item in study.interventions}
    arms = {arm.id: arm for arm in study.arms}
    baselines = {effect.baseline for effect in study.effects if effect.baseline}
    for effect in study.effects:
        arm = arms.get(effect.arm or "")
        if effect.measure not in _GROUPS or effect.outcome is None or arm is None:
            continue
        if effect.reported_as != "result":
            continue
        yield ArmResult(
            effect.id, study.id, study.label, effect.outcome, labels.get(effect.intervention or ""),
            labels.get(effect.comparator or ""), arm.id, arm.n, arm.role, effect.measure, effect.value,
            effect.unit, effect.sd, effect.se, effect.ci_low, effect.ci_high, effect.ci_level,
            effect.iqr_low, effect.iqr_high, effect.range_low, effect.range_high, effect.n, effect.events,
            effect.total, "baseline" if effect.id in baselines else None, effect.timepoint, effect.subgroup,
        )  # fmt: skip


def _direction(value: float, null: float, up: bool = True) -> Direction:
    if value == null:
        return "no_difference"
    return "increase" if (value > null) == up else "decrease"


def _ucum(unit: str, one: Amount) -> str:
    return f"1 {unit} = {one.value:g} {one.unit} (UCUM)"


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
