"""Records in words: what ``show`` and ``explain`` print of an effect, a dose, a regimen, a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.records import Effect, FrozenRecord, Record, Span, Study

#: Fields told elsewhere than in the list of fields, or of use to programs only.
_UNTOLD = frozenset({
    "id", "evidence", "printed", "populations", "interventions", "doses", "regimens", "arms", "outcomes",
    "effects", "recommendations", "confidence",
})  # fmt: skip
_REFERENCES = frozenset({
    "intervention", "comparator", "population", "outcome", "arm", "baseline", "dose", "part_of",
})  # fmt: skip
PARTS = (
    ("population", "populations"), ("intervention", "interventions"), ("dose", "doses"),
    ("regimen", "regimens"), ("arm", "arms"), ("outcome", "outcomes"), ("effect", "effects"),
    ("recommendation", "recommendations"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a record with the study it belongs to."""

    kind: str
    record: FrozenRecord
    study: Study

    @property
    def id(self) -> str:
        return str(self.record.id)  # type: ignore[attr-defined]

    @property
    def evidence(self) -> tuple[Span, ...]:
        return tuple(self.record.evidence)  # type: ignore[attr-defined]


def items_of(record: Record) -> Iterator[Item]:
    """Yield every study of a record and every part of each."""
    for study in record.studies:
        yield Item("study", study, study)
        for kind, group in PARTS:
            for part in getattr(study, group):
                yield Item(kind, part, study)


def labels_of(study: Study) -> dict[str, str]:
    """Return what to call each part of a study, by id."""
    labels: dict[str, str] = {study.id: study.label}
    for kind, group in PARTS:
        for part in getattr(study, group):
            if kind == "effect":
                labels[part.id] = say_estimate(part)
            elif kind == "dose":
                labels[part.id] = part.evidence[-1].text if part.evidence else part.raw_unit
            elif kind in ("regimen", "recommendation"):
                labels[part.id] = part.evidence[0].text
            else:
                labels[part.id] = part.label
    return labels


def headline(item: Item) -> str:
    """Say in one line what an item is."""
    if isinstance(item.record, Effect):
        return say_effect(item.record, item.study)
    return " ".join(labels_of(item.study)[item.id].split())


def say_effect(effect: Effect, study: Study) -> str:
    """Say an effect in words: ``vitamin D vs placebo → falls: RR 0.84 (95% CI 0.74 to 0.96)``."""
    labels = labels_of_arms(study)
    given = labels.get(effect.intervention or "", "?")
    if effect.comparator:
        given += f" vs {labels.get(effect.comparator, '?')}"
    outcome = labels.get(effect.outcome or "", "?")
    if effect.timepoint:
        outcome += f" ({effect.timepoint})"
    return f"{given} → {outcome}: {say_estimate(effect)}"


def labels_of_arms(study: Study) -> dict[str, str]:
    """Return the labels of interventions and outcomes by id."""
    labels = {intervention.id: intervention.label for intervention in study.interventions}
    labels.update((outcome.id, outcome.label) for outcome in study.outcomes)
    return labels


def say_estimate(effect: Effect) -> str:
    """Say measure, value, interval and p as printed: ``MD -13.10 ng/mL (95% CI -16.51 to -9.68)``."""
    printed = effect.printed
    said = effect.measure.replace("_", " ")
    if effect.value is not None:
        said += f" {printed.value or say_number(effect.value)}"
        if effect.unit:
            said += effect.unit if effect.unit == "%" else f" {effect.unit}"
    if effect.sd is not None:
        said += f" (SD {say_number(effect.sd)})"
    if effect.events is not None and effect.total is not None:
        said += f" ({effect.events}/{effect.total})"
    if effect.ci_low is not None:
        level = f"{effect.ci_level:g}% CI " if effect.ci_level is not None else "CI "
        low = printed.ci_low or say_number(effect.ci_low)
        high = printed.ci_high or (
            "not estimated" if effect.ci_high is None else say_number(effect.ci_high)
        )
        said += f" ({level}{low} to {high})"
    if effect.p_value is not None:
        said += f", p {effect.p_operator or '='} {say_number(effect.p_value)}"
    word = effect.direction.replace("_", " ")
    return said if effect.direction == "unclear" else f"{said}, {word}"


def say_number(number: float) -> str:
    """Write a number without a needless fraction: ``800``, ``0.00001``.

    >>> say_number(800.0), say_number(0.00001)
    ('800', '0.00001')
    """
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.10f}".rstrip("0")
    return text if abs(number) >= 1e-10 else f"{number:g}"


def fields_of(item: Item) -> list[tuple[str, str]]:
    """Return the fields that are set, with references resolved to labels."""
    labels = labels_of(item.study)
    told: list[tuple[str, str]] = []
    for name in type(item.record).model_fields:
        value = getattr(item.record, name)
        if name in _UNTOLD or value is None or value == ():
            continue
        told.append((name.replace("_", " "), _say(name, value, labels)))
    return told


def _say(name: str, value: Any, labels: dict[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return say_number(value) if isinstance(value, float) else str(value)
    if isinstance(value, tuple):
        return "; ".join(_say(name, part, labels) for part in value)
    if isinstance(value, FrozenRecord):
        parts = value.model_dump().values()
        return ", ".join(str(p) for p in parts if p is not None and not isinstance(p, dict))
    text = str(value)
    if name in _REFERENCES or name in ("interventions", "doses"):
        return labels.get(text, text)
    return text


def place_of(text: str, start_char: int) -> tuple[int, int]:
    """Return line and column of a character, both from 1, as editors count them."""
    line = text.count("\n", 0, start_char) + 1
    return line, start_char - (text.rfind("\n", 0, start_char) + 1) + 1
