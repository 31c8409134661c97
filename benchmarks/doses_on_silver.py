"""Recall and precision of :func:`kg.numbers.doses.find_doses` on annotated documents.

``python benchmarks/doses_on_silver.py SHARED [--misses] [--spurious]`` reads the annotations of
the folder ``SHARED/corpora``. A reading counts where low, high and unit agree within the document;
the silver annotation also holds things that are no drug doses (sessions, minutes, energy), which
are left out of recall.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.numbers.dose_context import dose_context
from kg.numbers.doses import find_doses
from kg.numbers.statistic import DoseReading

NO_DRUG = re.compile(
    r"^(?:\{.*|min|h|d|Gy|Hz|SED|dB\(A\)|V|kJ|J/cm2|L/min|kcal/min|sessions|ampoules|mg/m3)$"
)
SAME_UNIT = {"U/kg": "[iU]/kg", "[U]/kg": "[iU]/kg", "U": "[iU]", "units": "[iU]"}


def gold_doses(study_list: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for study in study_list:
        for dose in study.get("doses", []):
            low, value, high = dose.get("low"), dose.get("value"), dose.get("high")
            if low is None and value is None and high is None:
                continue
            if NO_DRUG.match(dose.get("unit") or "") or "energy" in (dose.get("note") or ""):
                continue
            yield {**dose, "low": low if low is not None else value, "high": high if high is not None else value,
                   "unit": SAME_UNIT.get(dose["unit"], dose["unit"])}  # fmt: skip


def same(a: float | None, b: float | None) -> bool:
    return (a is None and b is None) or (
        a is not None and b is not None and math.isclose(a, b, rel_tol=1e-6)
    )


def agrees(dose: dict[str, Any], reading: DoseReading) -> bool:
    """Whether a reading has the bounds of a dose, as the reference scorer compares them."""
    low, high = dose["low"], dose["high"]
    reached = reading.high if reading.high is not None else reading.low
    return (low is None or same(reading.low, low)) and (high is None or same(reached, high))


def documents(shared: Path, name: str) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    folder = shared / "corpora" / name
    files = sorted(folder.glob("annotations-*.jsonl")) or [folder / "gold.jsonl"]
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            document = json.loads(line)
            path = (
                folder / "docs" / document["doc"]
                if (folder / "docs").is_dir()
                else folder / document["doc"]
            )
            yield (
                document["doc"],
                path.read_bytes().decode("utf-8-sig", "replace"),
                document["studies"],
            )


def masked(text: str) -> str:
    """Blank what is no evidence, without moving a character: front matter, links, related pages."""
    blank = lambda m: re.sub(r"[^\n]", " ", m[0])  # noqa: E731
    text = re.sub(r"\A\s*(?:\{\n.*?\n\}|---\n.*?\n---)\n", blank, text, flags=re.S)
    text = re.sub(
        r"\]\([^)\s]*\)|https?://\S+|^#.*VitaminDWiki.*(?:\n(?!#).*)*|^.*See also.*(?:\n(?!#).*)*|^ *\* \[.*$",
        blank,
        text,
        flags=re.M,
    )
    return text


def words(value: str | None) -> str:
    return re.sub(r"[\s-]+", " ", value or "").strip().lower()


ROUTE_NAMES = {"iv": "intravenous", "i.v.": "intravenous", "i. v.": "intravenous", "im": "intramuscular",
               "i.m.": "intramuscular", "i. m.": "intramuscular", "ocular": "ophthalmic", "topical (eye)": "ophthalmic",
               "eye drops": "ophthalmic", "eye drop": "ophthalmic", "iv bolus": "intravenous", "i.v. bolus": "intravenous"}  # fmt: skip


def stated(dose: dict[str, Any], key: str, text: str, at: int) -> bool:
    """Whether the words of a field stand close to the dose, not only elsewhere in the document."""
    near = re.sub(r"\s+", " ", text[max(0, at - 120) : at + len(dose["text"]) + 120]).lower()
    return dose[key].lower()[:5] in near


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--set", default="seeds,vitamindwiki,silver")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--spurious", action="store_true")
    parser.add_argument("--fields", action="store_true")
    options = parser.parse_args()
    for name in options.set.split(","):
        count: Counter[str] = Counter()
        for doc, text, studies in documents(options.shared, name):
            readings = find_doses(masked(text))
            gold = list(gold_doses(studies))
            used: set[int] = set()
            for dose in gold:
                count["gold"] += 1
                at = text.find(dose["text"])
                fits = [k for k, r in enumerate(readings) if k not in used and agrees(dose, r)]
                count["somewhere"] += any(agrees(dose, r) for r in readings)
                fits.sort(key=lambda k: (readings[k].unit != dose["unit"], not at <= readings[k].amount_start < at + len(dose["text"]),
                                         abs(readings[k].amount_start - at)))  # fmt: skip
                if not fits:
                    if options.misses:
                        print(
                            "MISS",
                            doc[:40],
                            dose["low"],
                            dose["high"],
                            dose["unit"],
                            "|",
                            dose["text"][:110],
                        )
                    continue
                reading = readings[fits[0]]
                used.add(fits[0])
                count["hit"] += 1
                count["unit"] += reading.unit == dose["unit"]
                for key in ("frequency", "route", "duration"):
                    if dose.get(key) and stated(dose, key, text, at):
                        count[key + "_gold"] += 1
                        ours, theirs = words(getattr(reading, key)), words(dose[key])
                        theirs = ROUTE_NAMES.get(theirs, theirs) if key == "route" else theirs
                        good = bool(ours) and (
                            ours in theirs or theirs in ours or ours[:5] == theirs[:5]
                        )
                        count[key] += good
                        if not good and options.fields:
                            print(
                                "FIELD",
                                key,
                                doc[:30],
                                repr(ours),
                                "gold",
                                repr(theirs),
                                "|",
                                text[reading.start_char : reading.end_char][:90],
                            )
                if reading.unit != dose["unit"] and options.fields:
                    print("UNIT", doc[:30], reading.unit, dose["unit"], "|", dose["text"][:80])
            known = {(d["low"], d["high"], d["unit"]) for d in gold}
            seen: set[tuple[float | None, float | None, str]] = set()
            for k, reading in enumerate(readings):
                count["read"] += 1
                key3 = (reading.low, reading.high, reading.unit)
                again = key3 in seen or (k not in used and key3 in known)
                seen.add(key3)
                count["again"] += again and k not in used
                if k in used or again:
                    continue
                count["spurious"] += 1
                context = dose_context(text, reading)
                count["spurious_" + str(context)] += 1
                if options.spurious:
                    a, b = max(0, reading.start_char - 70), reading.end_char + 40
                    print(
                        "SPUR",
                        doc[:30],
                        context,
                        reading.low,
                        reading.high,
                        reading.unit,
                        "|",
                        repr(text[a:b]),
                    )
        hit = count["hit"]
        print(name, json.dumps({
            "gold": count["gold"], "recall": round(hit / count["gold"], 4),
            "recall_of_values": round(count["somewhere"] / count["gold"], 4), "read": count["read"],
            "precision_of_distinct": round(hit / (hit + count["spurious"]), 4),
            "precision_of_all": round(hit / count["read"], 4), "unit": round(count["unit"] / hit, 4),
            **{k: f"{count[k]}/{count[k + '_gold']}" for k in ("frequency", "route", "duration")},
            "spurious": {k[9:]: v for k, v in count.items() if k.startswith("spurious_")},
        }))  # fmt: skip


if __name__ == "__main__":
    main()
