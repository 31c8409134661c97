"""Doses of a build against the templates and entities of CT-Corpus (C-TrO), field by field.

``python benchmarks/doses_on_ctro.py SET.jsonl[.gz] RECORDS.jsonl [--misses]``. Records are matched
to documents by file name. Two views:

* *templates*: each Medication with a dose value wants one Dose with that value; of those found,
  unit, drug, frequency, duration and route are compared where the template states them. Precision
  counts Doses that no template asks for; templates name the doses neither of fixed combinations
  (their drug slot holds "latanoprost 0.005%/timolol 0.5%") nor of background therapy.
* *entities*: every DoseValue entity wants a Dose with this value and this place among its evidence;
  precision counts the places of Doses in which no DoseValue entity lies.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

from kg.assembly.labels import likeness
from kg.numbers.charmap import map_characters
from kg.numbers.regimens import find_duration, find_rhythm, fold
from kg.numbers.units import BASE_UNITS, to_ucum

UNITS = {"U": "[iU]", "units": "[iU]", "Percentage": "%", "percent": "%", "drop": "[drp]", "drops": "[drp]"}  # fmt: skip


def load(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    else:
        text = path.read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def number(text: str) -> float | None:
    match = re.search(r"\d+(?:[.\u00b7]\d+)?", text.replace(",", "").replace(". ", "."))
    return float(match[0].replace("\u00b7", ".")) if match else None


def values(slots: dict[str, Any], name: str) -> list[str]:
    return [f["value"] for f in slots.get(name, []) if isinstance(f, dict) and f.get("value")]


def has_value(dose: dict[str, Any], value: float) -> bool:
    return any(
        dose.get(k) is not None and math.isclose(dose[k], value, rel_tol=1e-6)
        for k in ("low", "high")
    )


def same_unit(ours: str, printed: str) -> bool:
    printed = map_characters(printed)
    code = UNITS.get(printed) or to_ucum(
        printed
        if printed in BASE_UNITS
        else printed.lower()
        if printed.lower() in BASE_UNITS
        else printed
    )
    base = {u: re.sub(r"^U(?=/|$)", "[iU]", re.sub(r"/(?:d|day)$", "", u)) for u in (ours, code)}
    return base[ours] == base[code]


def same_frequency(dose: dict[str, Any], printed: str) -> bool:
    """Whether a dose has a rhythm as often as the words say, or the same words."""
    words = " ".join((dose.get("frequency") or "").lower().split())
    wanted = " ".join(printed.lower().split())
    if words and (words in wanted or wanted in words):
        return True
    if re.fullmatch(r"(?:per |/ ?|a |each )?(?:day|d)", wanted):
        wanted = "daily"
    rhythm = find_rhythm(f"{fold(wanted)} ", 0, len(wanted) + 1)
    if rhythm is None:
        return False
    for key, bound in (("times_per_day_low", rhythm.times_per_day[0]), ("interval_days_low", rhythm.interval_days[0])):  # fmt: skip
        if bound is not None and dose.get(key) is not None:
            return math.isclose(dose[key], float(bound), rel_tol=1e-3)
    return False


def same_duration(dose: dict[str, Any], printed: str) -> bool:
    text = "for " + fold(printed).replace("-", " ") + " "
    length = find_duration(text, 0, len(text))
    low = dose.get("duration_days_low") or dose.get("duration_days_high")
    if length is None or length.bounds[1] is None or low is None:
        return (dose.get("duration") or "\0").lower() in printed.lower()
    return math.isclose(low, float(length.bounds[0] or length.bounds[1]), rel_tol=0.02)


def medications(document: dict[str, Any]) -> list[dict[str, Any]]:
    """List the medications with a dose value, each with the slots of the interventions that use it."""
    templates = document["templates"]
    found = []
    for name, template in templates.items():
        if template["type"] != "Medication":
            continue
        users = [
            t["slots"]
            for t in templates.values()
            if t["type"] == "Intervention"
            and any(f.get("ref") == name for f in t["slots"].get("hasMedication", []))
        ]
        for printed in values(template["slots"], "hasDoseValue"):
            value = number(printed)
            if value is None:
                continue
            found.append({
                "value": value,
                "drug": [re.sub(r"([a-z])([A-Z])", r"\1 \2", v) for v in values(template["slots"], "hasDrug")],
                "unit": values(template["slots"], "hasDoseUnit"),
                "route": values(template["slots"], "hasDeliveryMethod"),
                "frequency": [v for u in users for v in values(u, "hasFrequency")],
                "duration": [v for u in users for v in values(u, "hasDuration")],
            })  # fmt: skip
    return found


def agrees(field: str, dose: dict[str, Any], printed: str, labels: dict[str, str]) -> bool:
    if field == "drug":
        return likeness(labels.get(dose.get("intervention") or "", ""), printed) >= 0.45
    if field == "unit":
        return same_unit(dose["unit"], printed)
    if field == "frequency":
        return same_frequency(dose, printed)
    if field == "duration":
        return same_duration(dose, printed)
    ours = (dose.get("route") or "").lower()[:4]
    by_drop = ours == "opht" and re.search(r"eye|drop|topical|instil", printed.lower()) is not None
    return bool(ours) and (ours in printed.lower() or by_drop)


def stated(field: str, dose: dict[str, Any]) -> bool:
    if field == "frequency":
        keys = ("frequency", "times_per_day_low", "interval_days_low")
        return any(dose.get(k) is not None for k in keys)
    key = {"drug": "intervention"}.get(field, field)
    return dose.get(key) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("records", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    records = {Path(r["document"]["path"]).stem: r for r in load(options.records)}
    count: Counter[str] = Counter()
    for document in load(options.set):
        record = records.get(document["id"], {"studies": []})
        doses = [d for s in record["studies"] for d in s["doses"]]
        labels = {i["id"]: i["label"] for s in record["studies"] for i in s["interventions"]}
        used: set[int] = set()
        for wanted in medications(document):
            count["wanted"] += 1
            fits = [
                k for k, d in enumerate(doses) if k not in used and has_value(d, wanted["value"])
            ]
            fits.sort(key=lambda k: not any(agrees("drug", doses[k], v, labels) for v in wanted["drug"]))  # fmt: skip
            if not fits:
                if options.misses:
                    print("MISS", document["id"], wanted)
                continue
            used.add(fits[0])
            dose = doses[fits[0]]
            count["found"] += 1
            for field in ("drug", "unit", "frequency", "duration", "route"):
                if not wanted[field]:
                    continue
                good = any(agrees(field, dose, v, labels) for v in wanted[field])
                count[f"{field}_wanted"] += 1
                count[f"{field}_stated"] += stated(field, dose)
                count[f"{field}_good"] += good
                if options.misses and not good:
                    own = {k: dose.get(k) for k in ("frequency", "duration", "route", "unit")}
                    print("FIELD", field, document["id"], wanted["value"], wanted[field], own)
        count["doses"] += len(doses)
        entities = [e for e in document["entities"] if e["group"] == "DoseValue"]
        places = [
            (e["start_char"], e["end_char"], d) for d in doses for e in d["evidence"]
            if number(e["text"]) is not None
        ]  # fmt: skip
        for entity in entities:
            value = number(entity["text"])
            count["entities"] += 1
            count["entities_found"] += any(
                a <= entity["start"] and entity["end"] <= b + 1 and value is not None and has_value(d, value)
                for a, b, d in places
            )  # fmt: skip
        dosed = [(a, b) for a, b, d in places if any(has_value(d, v) for v in _numbers(document["text"][a:b]))]  # fmt: skip
        count["places"] += len(dosed)
        count["places_right"] += sum(any(a <= e["start"] < b for e in entities) for a, b in dosed)

    def share(part: str, whole: str) -> float | None:
        return round(count[part] / count[whole], 4) if count[whole] else None

    print(json.dumps({
        "templates": {"recall": share("found", "wanted"), "precision": share("found", "doses"), "wanted": count["wanted"]},
        **{f: {"recall": share(f"{f}_good", f"{f}_wanted"), "precision": share(f"{f}_good", f"{f}_stated"), "wanted": count[f"{f}_wanted"]}
           for f in ("drug", "unit", "frequency", "duration", "route")},
        "entities": {"recall": share("entities_found", "entities"), "precision": share("places_right", "places"), "wanted": count["entities"]},
    }, indent=1))  # fmt: skip


def _numbers(text: str) -> list[float]:
    return [v for p in re.findall(r"\d+(?:[.,\u00b7 ]+\d+)*", text) if (v := number(p)) is not None]


if __name__ == "__main__":
    main()
