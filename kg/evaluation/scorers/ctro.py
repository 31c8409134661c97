"""Trials as linked templates (C-TrO): drugs, doses and regimens, p values, numbers of patients.

Two ways to look at a dose. The first five figures are those of the reference scorer: a dose of ours
that stands in no Medication template counts against us there, though the text may print it. The
*elements* (drug, dose, unit, frequency, route, duration) are judged by value within a document:
recall is of what the templates hold; one of ours is right if anything annotated says it, whether or
not a template uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.evaluation.figures import Figure, Match, Share
from kg.evaluation.labels import likeness, same_number
from kg.evaluation.scorers import regimens, templates
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Place, claims, labels, overlap, place, studies

Json = dict[str, Any]
ELEMENTS = ("drug", "dose", "unit", "frequency", "route", "duration")
_SAME_DRUG = 0.45
_SCALES = 0.02  # difference of two durations or frequencies that is one of rounding

FIGURES: tuple[Figure, ...] = (
    Share("dose_recall", "dose_hit", "dose_gold"),
    Share("dose_precision", "dose_hit", "dose_ours"),
    Share("dose_drug_ok", "dose_drug_hit", "dose_drug_gold"),
    Share("p_value_recall", "p_hit", "p_gold"),
    Share("n_participants_acc", "n_hit", "n_gold"),
    *(Match(element) for element in ELEMENTS),
    Match("arm_participants"),
    *templates.FIGURES,
)


def score(document: Json, record: Json | None) -> DocumentScore:
    """Score one document."""
    found = DocumentScore(document["id"], document["text"])
    _score_doses(found, document, record)
    _score_p_values(found, document, record)
    _score_patients(found, document, record)
    _score_elements(found, document, record)
    templates.score(found, document, record)
    return found


def fillers(document: Json, template_type: str, slot: str) -> Iterator[Json]:
    """Yield the fillers of one slot, those that are spans or words."""
    for template in document["templates"].values():
        if template["type"] == template_type:
            for filler in template["slots"].get(slot, ()):
                if isinstance(filler, dict) and filler.get("value"):
                    yield filler


def span_of(document: Json, filler: Json) -> Place | None:
    """Return where a filler stands, ``None`` for one that no span supports."""
    index = filler.get("entity")
    if index is None:
        return None
    entity = document["entities"][index]
    return entity["start"], entity["end"]


def name_drug(words: str, its_class: str | None) -> tuple[str, str]:
    """Return the ways to name a drug: its words, and its class as words.

    >>> name_drug("LAF237", "InsulinGlargine")
    ('LAF237', 'Insulin Glargine')
    """
    return words, templates.in_words(its_class or "")


def _score_doses(found: DocumentScore, document: Json, record: Json | None) -> None:
    """Count doses of Medication templates as the reference scorer does: each of ours once."""
    ours = [
        (dose, labels(study, "interventions"))
        for study in studies(record)
        for dose in study.get("doses", ())
    ]
    used: set[int] = set()
    for template in document["templates"].values():
        slots = template["slots"]
        if template["type"] != "Medication" or "hasDoseValue" not in slots:
            continue
        drug = " ".join(f["value"] for f in slots.get("hasDrug", ()) if f.get("value"))
        drug = templates.in_words(drug)
        for filler in slots["hasDoseValue"]:
            number = re.search(r"\d+(?:\.\d+)?", (filler.get("value") or "").replace(",", ""))
            if not number:
                continue
            found.counts["dose_gold"] += 1
            index = next(
                (
                    i
                    for i, (dose, _) in enumerate(ours)
                    if i not in used
                    and (
                        same_number(dose.get("low"), number[0])
                        or same_number(dose.get("high") or None, number[0])
                    )
                ),
                None,
            )
            if index is None:
                continue
            used.add(index)
            found.counts["dose_hit"] += 1
            if drug:
                dose, names = ours[index]
                named = names.get(dose.get("intervention"), "")
                right = likeness(named, drug) >= _SAME_DRUG
                found.counts["dose_drug_gold"] += 1
                found.counts["dose_drug_hit"] += right
                if not right:
                    found.miss(
                        "drug of a dose", f"{number[0]}: {drug}", named, span_of(document, filler)
                    )
    found.counts["dose_ours"] += len(ours)


def _score_p_values(found: DocumentScore, document: Json, record: Json | None) -> None:
    ours = [
        claim.effect["p_value"]
        for claim in claims(record)
        if claim.effect.get("p_value") is not None
    ]
    for filler in fillers(document, "DiffBetweenGroups", "hasPvalueDiff"):
        if number := templates.DECIMAL.search(filler["value"]):
            hit = any(same_number(value, number[0]) for value in ours)
            found.counts["p_gold"] += 1
            found.counts["p_hit"] += hit
            if not hit:
                found.miss("p value", filler["value"], "", span_of(document, filler))


def _score_patients(found: DocumentScore, document: Json, record: Json | None) -> None:
    sizes = [study.get("n_participants") for study in studies(record)]
    said = ", ".join(str(size) for size in sizes if size is not None)
    total = set()
    for filler in fillers(document, "ClinicalTrial", "hasNumberPatientsCT"):
        if number := re.search(r"\d+", filler["value"].replace(",", "")):
            total.add(int(number[0]))
            hit = int(number[0]) in sizes
            found.counts["n_gold"] += 1
            found.counts["n_hit"] += hit
            if not hit:
                found.miss("total participants", number[0], said, span_of(document, filler))
    wanted = {
        int(number): filler
        for filler in fillers(document, "Arm", "hasNumberPatientsArm")
        for number in regimens.read_numbers(filler["value"])
    }
    marked = {
        number
        for entity in document["entities"]
        if entity["group"] == "NumberPatients"
        for number in regimens.read_numbers(entity["text"])
    }
    arms = {
        arm["n"]: arm for study in studies(record) for arm in study.get("arms", ()) if arm.get("n")
    }
    groups = {
        group["n"] for study in studies(record) for group in study.get("populations", ()) if group.get("n")
    }  # fmt: skip
    claimed = arms.keys() - total
    hits = wanted.keys() & (arms.keys() | groups)
    found.add("arm_participants", len(wanted), len(hits), len(claimed), len(claimed & marked))
    for size in sorted(wanted.keys() - hits):
        found.miss("arm participants", str(size), "", span_of(document, wanted[size]))
    for size in sorted(claimed - marked):
        evidence = arms[size].get("evidence")
        where = place(evidence[0]) if evidence else None
        found.miss("arm participants", "", f"{arms[size]['label']}: {size}", where)


Known = Mapping[Any, tuple[str, Place | None]]


def _score_elements(found: DocumentScore, document: Json, record: Json | None) -> None:
    """Count the elements of regimens by value, each value once a document."""
    wanted, marked, ours = (
        _gold_elements(document),
        _marked_elements(document),
        _our_elements(record),
    )
    for element in ELEMENTS:
        same = _same_drug if element == "drug" else _same_value
        hit = [any(same(value, mine) for mine in ours[element]) for value in wanted[element]]
        known = [*wanted[element], *marked[element]]
        right = [any(same(value, mine) for value in known) for mine in ours[element]]
        judged = right if element != "route" or known else []  # routes are marked in few texts
        found.add(element, len(hit), sum(hit), len(judged), sum(judged))
        for value, is_hit in zip(wanted[element], hit, strict=True):
            if not is_hit:
                said, where = wanted[element][value]
                have = ", ".join(words for words, _ in ours[element].values())
                found.miss(element, said, have, where)
        for value, is_right in zip(ours[element], judged, strict=False):
            if not is_right:
                found.miss(element, "", *ours[element][value])


def _same_drug(names: tuple[str, ...], ours: tuple[str, ...]) -> bool:
    return any(likeness(name, mine) >= _SAME_DRUG for name in names for mine in ours)


def _same_value(one: Any, other: Any) -> bool:
    """Whether two values share a number (sets of numbers), or are one."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= _SCALES * max(one, other)
    if isinstance(one, frozenset):
        return any(abs(a - b) <= _SCALES * max(abs(a), abs(b)) for a in one for b in other)
    if isinstance(one, tuple):
        return one[1] == other[1] and _same_value(one[0], other[0])
    return bool(one == other)


def _gold_elements(document: Json) -> dict[str, dict[Any, tuple[str, Place | None]]]:
    """Return the elements of the templates: normal form → words and place."""
    found: dict[str, dict[Any, tuple[str, Place | None]]] = {name: {} for name in ELEMENTS}

    def note(element: str, value: Any, filler: Json) -> None:
        if value:
            found[element].setdefault(value, (filler["value"], span_of(document, filler)))

    for filler in fillers(document, "Medication", "hasDrug"):
        note("drug", name_drug(filler["value"], filler.get("class")), filler)
    for filler in fillers(document, "Medication", "hasDoseValue"):
        note("dose", regimens.read_numbers(filler["value"]), filler)
    for template in document["templates"].values():
        slots = template["slots"]
        if template["type"] == "Medication":
            for filler in slots.get("hasDoseValue", ()):
                for unit in slots.get("hasDoseUnit", ()):
                    if filler.get("value") and unit.get("value"):
                        numbers = regimens.read_numbers(filler["value"])
                        note("unit", (numbers, regimens.to_unit(unit["value"])), filler)
    for filler in fillers(document, "Intervention", "hasFrequency"):
        note("frequency", regimens.to_times_per_day(filler["value"]), filler)
    for filler in fillers(document, "Medication", "hasDeliveryMethod"):
        note("route", regimens.to_route(filler["value"]), filler)
    for owner, slot in (("Intervention", "hasDuration"), ("ClinicalTrial", "hasCTduration")):
        for filler in fillers(document, owner, slot):
            note("duration", regimens.to_days(filler["value"]), filler)
    return found


def _marked_elements(document: Json) -> dict[str, set[Any]]:
    """Return everything annotated that supports an element, whether a template uses it or not."""
    found: dict[str, set[Any]] = {name: set() for name in ELEMENTS}
    units = [e for e in document["entities"] if e["group"] == "BioAndMedicalUnit"]
    for entity in document["entities"]:
        group, text = entity["group"], entity["text"]
        if group == "Drug":
            found["drug"].add(name_drug(text, entity["label"]))
        elif group in ("DoseValue", "DoseDescription"):
            numbers = regimens.read_numbers(text)
            found["dose"].add(numbers)
            behind = (entity["start"], entity["end"] + 12)
            found["unit"] |= {
                (numbers, regimens.to_unit(unit["text"]))
                for unit in units
                if overlap(behind, (unit["start"], unit["end"]))
            }
        elif group in ("Frequency", "Interval", "RelativeTime"):
            found["frequency"].add(regimens.to_times_per_day(text))
        elif group == "DeliveryMethod":
            found["route"].add(regimens.to_route(text))
        elif group in ("Duration", "TimePoint"):
            found["duration"].add(regimens.to_days(text))
    return {name: {value for value in values if value} for name, values in found.items()}


def _our_elements(record: Json | None) -> dict[str, dict[Any, tuple[str, Place | None]]]:
    """Return the elements of our doses and arms: normal form → words and place."""
    found: dict[str, dict[Any, tuple[str, Place | None]]] = {name: {} for name in ELEMENTS}
    for study in studies(record):
        names = {item["id"]: item for item in study.get("interventions", ())}
        schedules = [*study.get("doses", ()), *study.get("regimens", ())]
        given = {one.get("intervention") for one in schedules}
        given |= {one for arm in study.get("arms", ()) for one in arm.get("interventions", ())}
        for identity in sorted(given & names.keys()):
            label, evidence = names[identity]["label"], names[identity].get("evidence")
            where = place(evidence[0]) if evidence else None
            found["drug"].setdefault((label,), (label, where))
        for dose in study.get("doses", ()):
            _note_amount(dose, found)
        for one in schedules:
            _note_schedule(one, found)
        if study.get("follow_up") and (days := regimens.to_days(study["follow_up"])):
            found["duration"].setdefault(days, (study["follow_up"], None))
    return found


def _note_amount(dose: Json, found: dict[str, dict[Any, tuple[str, Place | None]]]) -> None:
    where = place(dose["evidence"][-1]) if dose.get("evidence") else None
    bounds = frozenset(float(dose[end]) for end in ("low", "high") if dose.get(end) is not None)
    said = f"{'-'.join(f'{bound:g}' for bound in sorted(bounds))} {dose['raw_unit']}"
    if bounds:
        found["dose"].setdefault(bounds, (said, where))
        found["unit"].setdefault((bounds, regimens.to_unit(dose["raw_unit"])), (said, where))


def _note_schedule(given: Json, found: dict[str, dict[Any, tuple[str, Place | None]]]) -> None:
    """Note frequency, route and duration of a dose, or of a regimen without an amount."""
    where = place(given["evidence"][-1]) if given.get("evidence") else None
    if given.get("times_per_day_low"):
        times = float(given["times_per_day_low"])
    elif given.get("interval_days_low"):
        times = 1 / float(given["interval_days_low"])
    else:
        times = regimens.to_times_per_day(given.get("frequency") or "") or 0.0
    if times:
        found["frequency"].setdefault(times, (given.get("frequency") or f"{times:g} a day", where))
    if route := regimens.to_route(given.get("route") or ""):
        found["route"].setdefault(route, (given["route"], where))
    if days := regimens.to_days(given.get("duration") or ""):
        found["duration"].setdefault(days, (given["duration"], where))
