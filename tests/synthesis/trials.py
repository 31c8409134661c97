"""Trials to pool: each a record of one sentence, with one effect or the results of two arms."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from kg.rdf import write_turtle
from kg.records import Arm, Document, Dose, Effect, Intervention, Outcome, Record, Span, Study
from kg.store import Store, write_store

#: What a trial may say of its effect, where it is not what `effect_of` takes by itself.
Fields = dict[str, Any]


def trial(
    label: str,
    *effects: Fields,
    intervention: str = "vitamin D",
    comparator: str = "placebo",
    outcome: str = "fracture",
    design: str = "randomized controlled trial",
    year: int | None = 2010,
    n: int | None = 100,
    dose: tuple[float, str] | None = None,
    arms: tuple[int, int] = (50, 50),
    **study: Any,
) -> Record:
    """Make the record of a trial; a field ``role`` of an effect ties it to that arm."""
    text = f"{label} studied {intervention} and {outcome}. " + " ".join(str(e) for e in effects)
    digest = hashlib.sha256(text.encode()).hexdigest()
    whole = Span(start_char=0, end_char=len(text), text=text)
    made = []
    for index, fields in enumerate(effects):
        values = {
            "intervention": "i1", "comparator": "i2", "outcome": "o1", "contrast": "between_groups",
            "direction": "decrease", "confidence": 0.9, **fields,
        }  # fmt: skip
        role = values.pop("role", None)
        if role is not None:
            values["arm"] = {"experimental": "a1", "control": "a2"}[role]
            if role == "control":
                values |= {"intervention": "i2", "comparator": "i1"}
        made.append(Effect(id=f"e{index}", evidence=(whole,), **values))
    doses = ()
    if dose is not None:
        doses = (
            Dose(id="d1", intervention="i1", low=dose[0], high=dose[0], unit=dose[1], raw_unit=dose[1],
                 per_day_low=dose[0], per_day_high=dose[0], evidence=(whole,)),
        )  # fmt: skip
    made_study = Study(
        id="s1", label=label, title=label, design=design, year=year, n_participants=n,
        interventions=(
            Intervention(id="i1", label=intervention, role="intervention"),
            Intervention(id="i2", label=comparator, role="comparator"),
        ),
        doses=doses,
        arms=(
            Arm(id="a1", label=intervention, role="experimental", interventions=("i1",), n=arms[0]),
            Arm(id="a2", label=comparator, role="control", interventions=("i2",), n=arms[1]),
        ),
        outcomes=(Outcome(id="o1", label=outcome),), effects=tuple(made), evidence=(whole,), **study,
    )  # fmt: skip
    document = Document(
        id=f"doc-{digest[:12]}", path=f"{label}.txt", sha256=digest, format="text", text=text
    )
    return Record(document=document, studies=(made_study,))


def ratio(value: float, low: float, high: float, measure: str = "RR", **fields: Any) -> Fields:
    """Return an effect with its interval."""
    return {
        "measure": measure,
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "ci_level": 95.0,
        **fields,
    }


def difference(value: float, low: float, high: float, unit: str, **fields: Any) -> Fields:
    """Return a mean difference with its interval."""
    return ratio(value, low, high, "MD", unit=unit, **fields)


def events(role: str, count: int, total: int, **fields: Any) -> Fields:
    """Return the events of an arm."""
    return {
        "measure": "count",
        "value": count,
        "events": count,
        "total": total,
        "role": role,
        **fields,
    }


def mean(role: str, value: float, sd: float | None, unit: str, **fields: Any) -> Fields:
    """Return the mean of an arm."""
    return {"measure": "mean", "value": value, "sd": sd, "unit": unit, "role": role, **fields}


def store_of(folder: Path, *records: Record) -> Store:
    """Put records into a store on disk, as ``kg build`` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_turtle(records, folder / "graph.ttl")
    write_store(folder / "graph.ttl", folder / "store")
    return Store.open(folder / "store")
