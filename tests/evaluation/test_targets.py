"""The table of targets: every row names a figure that is there, and says where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_records import effect, record

from benchmarks.accuracy import full_table, judge, page_table, reliability_table, target_table
from benchmarks.diagram import draw_reliability
from benchmarks.targets import TARGETS, Target
from kg.evaluation import SETS, Evaluation, evaluate_pages
from kg.evaluation.reliability import Bin

TEXT = "Vitamin D cut falls (RR 0.84)."


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: f"{t.set}-{t.figure}")
def test_a_target_names_a_figure_of_its_set(target: Target) -> None:
    empty = Evaluation(target.set, (), SETS[target.set].figures)
    assert empty.value(target.figure) in (None, 0.0)
    assert 0.4 < target.floor <= target.goal < 1.0


def test_every_set_with_a_target_has_a_row() -> None:
    assert {target.set for target in TARGETS} == {
        "ebm_nlp", "pico_corpus", "clerx", "rct_art", "ctro", "evidence_inference",
        "evidence_inference_exhaustive", "posts", "silver", "bc5cdr", "llm_meta_analysis",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "nothing to count"), (0.9, "goal"), (0.8, "goal"), (0.7, "floor"), (0.42, "-0.18")],
)
def test_where_a_figure_stands(value: float | None, said: str) -> None:
    assert judge(Target("x", "clerx", "relations", "–", 0.6, 0.8), value) == said


def pages() -> Evaluation:
    told = {"id": "e", "measure": "RR", "value": 0.84, "direction": "decrease", "p": None,
            "intervention": "i", "outcome": "o", "quote": TEXT}  # fmt: skip
    study = {
        "id": "s", "title": "Falls", "design": "cohort", "effects": [told],
        "interventions": [{"id": "i", "name": "vitamin D"}], "outcomes": [{"id": "o", "name": "falls"}],
    }  # fmt: skip
    gold: list[dict[str, Any]] = [
        {"doc": "a.txt", "studies": [study]},
        {"doc": "b.txt", "studies": [study]},
    ]
    right = effect(TEXT, "0.84", value=0.84, measure="RR", intervention="i", outcome="o",
                   direction="decrease", confidence=0.8)  # fmt: skip
    wrong = {**right, "direction": "increase", "confidence": 0.4}
    names = {
        "interventions": [{"id": "i", "label": "vitamin D"}],
        "outcomes": [{"id": "o", "label": "falls"}],
    }
    told_by_us = [
        record(TEXT, name, effects=[one], **names) for name, one in (("a", right), ("b", wrong))
    ]
    return evaluate_pages(gold, told_by_us, "silver")


def test_the_tables_show_what_was_measured() -> None:
    found = {"silver": pages()}
    row = next(line for line in target_table(found).splitlines() if "fully linked" in line)
    assert row == (
        "| effects fully linked | silver | – | 0.80 | 0.92 | 0.500 | 0.00–1.00 | -0.30 |"
    )
    table = page_table(found, short=True)
    assert "| numbers found and fully linked | 0.500 |" in table
    assert "| annotated documents | 2 |" in table
    assert "DOI" not in table
    assert full_table(found).count("\n") == 1, "pages have a table of their own"


def test_confidence_is_told_by_what_was_right() -> None:
    assert pages().reliability() == [Bin(1, 0.4, 0.0), Bin(1, 0.8, 1.0)]
    assert reliability_table(pages()).endswith("Mean distance: 0.300.")
    svg = draw_reliability(pages().reliability())
    assert svg.count("<circle") == 2
    assert 'cx="304.0" cy="48.0"' in svg
