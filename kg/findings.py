"""Records → findings laid flat: what two builds are compared by.

A finding is an effect, a dose, a regimen or a recommendation with the names of all it refers to in place of their
identifiers, since those are hashes that change with what they name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.describe import headline, items_of, labels_of
from kg.identity import fold, study_identifiers
from kg.records import Dose, Effect, Recommendation, Record, Regimen, Study

#: Kinds of finding, in the order in which they are told.
KINDS = ("effect", "dose", "regimen", "recommendation")
#: Fields that say what a finding is about; the others say what was found.
ABOUT: dict[str, tuple[str, ...]] = {
    "effect": (
        "intervention", "comparator", "population", "outcome", "arm", "measure", "timepoint",
        "subgroup", "per", "contrast",
    ),
    "dose": ("intervention", "unit", "frequency", "route", "duration"),
    "regimen": ("intervention", "frequency", "route", "duration"),
    "recommendation": ("intervention", "population", "condition", "target", "strength"),
}  # fmt: skip
#: Numbers that tell one finding from another.
NUMBERS: dict[str, tuple[str, ...]] = {
    "effect": (
        "value", "ci_low", "ci_high", "p_operator", "p_value", "n", "events", "total", "sd", "se",
        "iqr_low", "iqr_high", "range_low", "range_high",
    ),
    "dose": ("low", "high", "per_day_low", "per_day_high", "doses_low", "doses_high"),
    "regimen": ("times_per_day_low", "interval_days_low", "doses_low", "doses_high"),
    "recommendation": ("dose",),
}  # fmt: skip
_REFERENCES = ("intervention", "comparator", "population", "outcome", "arm", "dose")
#: Left out: hashes, places, and what follows from the other fields.
_UNTOLD = frozenset({"id", "evidence", "printed", "baseline", "confidence"})
_RECORDS = {"effect": Effect, "dose": Dose, "regimen": Regimen, "recommendation": Recommendation}


@dataclass(frozen=True)
class Finding:
    """A finding of one build.

    ``study`` tells the study across builds, ``document`` is the path, ``fields`` holds plain values,
    ``None`` left out, with ``sentence``, the evidence.
    """

    kind: str
    id: str
    document: str
    study: str
    study_label: str
    says: str
    fields: dict[str, Any]

    @property
    def content(self) -> tuple[Any, ...]:
        """All that is compared, fit for a dictionary's key."""
        return (self.kind, self.study_label, *sorted((k, repr(v)) for k, v in self.fields.items()))


def findings_of(record: Record) -> Iterator[Finding]:
    """Yield the findings of a record, in its order."""
    studies = study_keys(record)
    for item in items_of(record):
        if item.kind not in _RECORDS:
            continue
        yield Finding(
            item.kind, item.id, record.document.path, studies[item.study.id], item.study.label,
            headline(item), _fields(item.record, labels_of(item.study)),
        )  # fmt: skip


def study_keys(record: Record) -> dict[str, str]:
    """Tell a record's studies across builds: study id → registry number, DOI or PMID, else path and label."""
    keys: dict[str, str] = {}
    by_id = {study.id: study for study in record.studies}

    def key(study: Study, above: tuple[str, ...] = ()) -> str:
        own = list(study_identifiers(study))
        parent = by_id.get(study.part_of or "")
        if parent is not None and parent.id not in (*above, study.id):
            own = [item for item in own if item not in study_identifiers(parent)]
            if not own:
                return f"{key(parent, (*above, study.id))} / {fold(study.label)}"
        return own[0] if own else f"{record.document.path} / {fold(study.label)}"

    for study in record.studies:
        keys[study.id] = key(study)
    return keys


def _fields(item: Any, labels: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in type(item).model_fields:
        value = getattr(item, name)
        if name in _UNTOLD or value is None or value == ():
            continue
        if name in _REFERENCES:
            value = labels.get(value, value)
        elif name == "repairs":
            value = [f"{repair.before} → {repair.after}" for repair in value]
        elif name == "checks":
            value = sorted(check.code for check in value)
        fields[name] = value
    if item.evidence:
        fields["sentence"] = " ".join(item.evidence[0].text.split())
    return fields
