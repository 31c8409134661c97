"""Doses of the real pages: every annotated one is read, with unit, frequency and route."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.numbers.doses import find_doses
from kg.numbers.statistic import DoseReading

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375}


def annotated(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        text = (folder / page["doc"]).read_bytes().decode("utf-8-sig")
        for study in page["studies"]:
            for dose in study.get("doses", []):
                yield text, dose


def is_read(dose: dict[str, Any], reading: DoseReading) -> bool:
    low = dose["low"] if dose["low"] is not None else dose["value"]
    high = dose["high"] if dose["high"] is not None else dose["value"]
    if (reading.low, reading.high, reading.unit) != (low, high, dose["unit"]):
        return False
    if dose["per"] in DAYS:
        paces = reading.times_per_day_low, 1 / (reading.interval_days_low or math.inf)
        return any(p and math.isclose(p, 1 / DAYS[dose["per"]]) for p in paces)
    return dose["per"] != "once" or reading.doses_low == 1


@pytest.mark.parametrize(("corpus", "count"), [("seeds", 19), ("vitamindwiki", 22)])
def test_every_annotated_dose_is_read(shared: Path, corpus: str, count: int) -> None:
    doses = list(annotated(shared / "corpora" / corpus))
    assert len(doses) == count
    lost = []
    for text, dose in doses:
        at = text.index(dose["text"])
        here = [
            r for r in find_doses(text)
            if at <= r.amount_start < at + len(dose["text"]) and is_read(dose, r)
        ]  # fmt: skip
        if not here:
            lost.append((dose["text"], dose["per"]))
    assert lost == [] if corpus == "seeds" else len(lost) <= 1, lost


def test_frequency_and_route_of_the_seeds_are_as_annotated(shared: Path) -> None:
    for text, dose in annotated(shared / "corpora" / "seeds"):
        at = text.index(dose["text"])
        here = [r for r in find_doses(text) if at <= r.amount_start < at + len(dose["text"])]
        if dose["frequency"]:
            assert dose["frequency"] in [r.frequency for r in here]
        if dose["duration"]:
            assert dose["duration"] in [r.duration for r in here]
        if dose["route"] in {"oral", "intramuscular"}:
            assert dose["route"] in [r.route for r in here]


def test_nothing_else_is_read_from_the_seeds_evidence(shared: Path) -> None:
    for name in ("000_e874fd3988a7ebd3.txt",):  # a page without any dose
        assert find_doses((shared / "corpora" / "seeds" / name).read_text("utf-8")) == []
