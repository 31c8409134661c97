"""Where the reference scorer scores a set, every figure of ours is its figure."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from evaluation_records import scramble

from kg.build import BuildOptions, build
from kg.evaluation import SETS, Evaluation
from kg.output import read_lines

Json = dict[str, Any]
SCORED = ("ebm_nlp", "pico_corpus", "clerx", "evidence_inference", "ctro")


def read(shared: Path, name: str, limit: int) -> dict[str, Json]:
    documents = SETS[name].read(shared / "data", "dev")
    assert len(documents) > 15
    return dict(list(documents.items())[:limit])


def by_reference(
    reference: ModuleType, name: str, documents: dict[str, Json], records: list[Json]
) -> Json:
    """Return the reference scorer's figures under our names."""
    found = {Path(r["document"]["path"]).name.removesuffix(".txt"): r for r in records}
    scores = getattr(reference, name)(list(documents.values()), found)
    renamed = {
        "ebm_nlp": lambda: {
            **{f"{label.lower()}_token": scores[label] for label in ("PARTICIPANTS", "INTERVENTIONS", "OUTCOMES")},
            "macro_token": scores["macro_f1"],
        },
        "pico_corpus": lambda: {
            **{f"{k}_{how}": scores[k][how] for k in ("intervention", "control", "outcome") for how in ("exact", "relaxed")},
            "arm_values.r": scores["arm_value_recall"],
            "arm_values_right_arm.r": scores["arm_value_right_arm"],
            "total_participants": scores["total_participants_acc"],
        },
        "clerx": lambda: {
            "ratios": scores["ratios"],
            **{f"{part}_linked": share(scores["links"], part) for part in ("explanatory", "outcome", "baseline")},
        },
        "evidence_inference": lambda: {
            "covered": scores["covered"],
            "macro_f1": scores["macro_f1"],
            **{f"{label}.f1": value for label, value in scores["per_label"].items()},
        },
        "ctro": lambda: {
            "dose_recall": scores["dose_recall"],
            "dose_precision": scores["dose_precision"],
            "dose_drug_ok": scores["dose_drug_ok"],
            "p_value_recall": scores["p_value_recall"],
            "n_participants_acc": scores["n_participants_acc"],
        },
    }  # fmt: skip
    return renamed[name]()


def share(links: Json, part: str) -> float | None:
    total = links.get(f"{part}_gold", 0)
    return round(links.get(f"{part}_hit", 0) / total, 4) if total else None


def assert_same(ours: Evaluation, theirs: Json) -> int:
    """Compare every figure; return how many are neither nothing nor everything."""
    between = 0
    for name, wanted in theirs.items():
        values = {"": wanted}
        if isinstance(wanted, dict):
            values = {f".{part}": wanted[part] for part in ("p", "r", "f1")}
        for part, value in values.items():
            mine = ours.value(f"{name}{part}")
            assert (mine or 0) == (value or 0), f"{name}{part}: {mine}, the reference says {value}"
            between += 0 < (value or 0) < 1
    return between


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize("seed", range(2))
def test_figures_of_records_that_are_partly_right(
    shared: Path, reference: ModuleType, name: str, seed: int
) -> None:
    rng = random.Random(seed)
    documents = read(shared, name, 40)
    records = [scramble(document, rng) for document in documents.values()]
    records = records[1:] if seed else records  # a document without a record is scored too
    ours = SETS[name].evaluate(documents, records)
    theirs = by_reference(reference, name, documents, records)
    assert assert_same(ours, theirs) >= 3
    assert ours.to_json()["docs_missing"] == seed


def test_figures_of_a_build(shared: Path, reference: ModuleType, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    chosen = {name: read(shared, name, 2) for name in SCORED}
    for name, documents in chosen.items():
        SETS[name].write(shared / "data", documents, texts)
    report = build([texts], tmp_path / "out", BuildOptions(jobs=1))
    assert (report.documents, report.failures) == (10, ())
    records = [json.loads(line) for line in read_lines(report.out)]
    found = 0
    for name, documents in chosen.items():
        ours = SETS[name].evaluate(documents, records)
        found += assert_same(ours, by_reference(reference, name, documents, records))
        assert ours.to_json()["docs_missing"] == 0
        assert {score.text for score in ours.documents} == {d["text"] for d in documents.values()}
    assert found > 10
