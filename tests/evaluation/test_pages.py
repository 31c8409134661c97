"""Annotated pages: the same figures as the reference scorer, and what each of them means."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.evaluation import evaluate_pages
from kg.evaluation.labels import likeness, same_number, to_direction

TEXT = "Vitamin D cut falls (RR 0.84, 95% CI 0.74-0.96, p=0.01) in 800 women. It took 800 IU."


def make_gold() -> dict[str, Any]:
    effect = {
        "id": "e1", "intervention": "i1", "outcome": "o1", "measure": "RR", "value": 0.84,
        "ci_low": 0.74, "ci_high": 0.96, "p": "0.01", "direction": "decrease",
        "quote": TEXT[: TEXT.index(" It")],
    }  # fmt: skip
    dose = {"value": 800, "low": None, "high": None, "unit": "[iU]", "text": "800 IU"}
    study = {
        "id": "s1", "design": "cohort", "sample_size": 800, "doi": "10.1/X", "title": "Falls",
        "interventions": [{"id": "i1", "name": "vitamin D"}],
        "outcomes": [{"id": "o1", "name": "risk of falls"}],
        "populations": [{"n": 800}], "doses": [dose], "effects": [effect],
    }  # fmt: skip
    return {"doc": "page.txt", "studies": [study]}


def make_record() -> dict[str, Any]:
    start = TEXT.index("RR")
    end = TEXT.index(")")
    number = {"start_char": start, "end_char": end, "text": TEXT[start:end]}
    effect = {
        "intervention": "i", "comparator": None, "outcome": "o", "measure": "RR", "value": 0.84,
        "ci_low": 0.74, "ci_high": 0.96, "p_value": 0.01, "direction": "decrease",
        "evidence": [number],
    }  # fmt: skip
    study = {
        "design": "cohort", "n_participants": 800, "doi": "10.1/x",
        "interventions": [
            {"id": "i", "label": "Vitamin D3"},
            {"id": "c", "label": "placebo"},
        ],
        "outcomes": [{"id": "o", "label": "falls"}],
        "populations": [{"n": 800}], "arms": [],
        "doses": [{"low": 800, "high": 800, "unit": "[IU]", "evidence": [number]}],
        "effects": [effect],
    }  # fmt: skip
    return {"document": {"path": "some/page.txt", "text": TEXT, "doi": None}, "studies": [study]}


def figures(record: dict[str, Any] | None, gold: dict[str, Any] | None = None) -> dict[str, Any]:
    records = [] if record is None else [record]
    return evaluate_pages([gold or make_gold()], records).to_json()


def test_a_perfect_record_scores_one_everywhere() -> None:
    scores = figures(make_record())
    told = {
        "direction_with_p_recall",
        "told_without_number_recall",
        "arms_recall",
        "arms_precision",
    }
    assert {name for name, value in scores.items() if value is None} == told
    shares = [value for name, value in scores.items() if isinstance(value, float)]
    assert shares == [1.0] * 16
    assert (scores["docs"], scores["docs_missing"], scores["span_errors"]) == (1, 0, 0)
    assert scores["spans"] == 2


@pytest.mark.parametrize(
    ("change", "fallen"),
    [
        ({"value": 0.85}, {"numbers_recall", "numbers_precision_in_annotated_sentences"}),
        ({"ci_high": 0.97}, {"numbers_recall", "numbers_precision_in_annotated_sentences"}),
        ({"measure": "OR"}, {"measure_ok_of_hit"}),
        ({"p_value": None}, {"p_recall_of_hit"}),
        ({"direction": "increase"}, {"direction_ok_of_hit"}),
        ({"intervention": None}, {"intervention_ok_of_hit"}),
        ({"intervention": None, "comparator": "i"}, set()),
        ({"outcome": None}, {"outcome_ok_of_hit"}),
        ({"comparator": "c"}, {"comparator_ok_of_hit"}),
    ],
)
def test_each_fault_lowers_its_figure(change: dict[str, Any], fallen: set[str]) -> None:
    record = make_record()
    record["studies"][0]["effects"][0].update(change)
    page = evaluate_pages([make_gold()], [record])
    scores = page.to_json()
    if "numbers_recall" in fallen or not fallen:
        assert scores["full_recall"] == (1.0 if not fallen else 0.0)
    elif fallen == {"comparator_ok_of_hit"}:
        assert scores["full_recall"] == 1.0
        assert [miss.target for miss in page.documents[0].misses] == ["comparator of a number"]
    elif fallen != {"p_recall_of_hit"}:
        assert scores["full_recall"] == 0.0
        assert [miss.fault for miss in page.documents[0].misses] in (["wrong"], ["missed"])
        assert page.documents[0].misses[0].span == (0, TEXT.index(" It"))
    for name in fallen:
        assert scores[name] == 0.0, name


@pytest.mark.parametrize(("comparator", "right"), [(None, 0.0), ("i", 0.0), ("c", 1.0)])
def test_a_comparator_that_is_annotated_must_be_named(comparator: str | None, right: float) -> None:
    gold, record = make_gold(), make_record()
    gold["studies"][0]["interventions"].append({"id": "i2", "name": "the placebo"})
    gold["studies"][0]["effects"][0]["comparator"] = "i2"
    record["studies"][0]["effects"][0]["comparator"] = comparator
    assert evaluate_pages([gold], [record]).to_json()["comparator_ok_of_hit"] == right


def test_what_we_claim_beyond_gold_costs_precision() -> None:
    record = make_record()
    second = copy.deepcopy(record["studies"][0]["effects"][0]) | {"value": 95.0}
    outside = copy.deepcopy(second)
    outside["evidence"] = [{"start_char": 79, "end_char": 82, "text": TEXT[79:82]}]
    record["studies"][0]["effects"] += [second, outside]
    evaluation = evaluate_pages([make_gold()], [record])
    assert evaluation.to_json()["numbers_precision_in_annotated_sentences"] == 0.5
    assert [(m.target, m.fault, m.ours[:7]) for m in evaluation.documents[0].misses] == [
        ("number", "alarm", "RR 95.0")
    ]


def test_a_missing_document_misses_everything() -> None:
    scores = figures(None)
    assert (scores["docs_missing"], scores["numbers_recall"], scores["design_acc"]) == (1, 0.0, 0.0)


def test_a_span_that_is_not_its_slice_is_an_error() -> None:
    record = make_record()
    record["studies"][0]["doses"][0]["evidence"][0]["text"] = "elsewhere"
    assert figures(record)["span_errors"] == 2  # the same object stands in the effect
    record["document"]["text"] = None
    assert figures(record)["span_errors"] == 2


def test_labels_are_alike_by_their_content() -> None:
    assert likeness("BMD", "bone mineral density") == 1.0
    assert likeness("mortality", "all-cause mortality") == pytest.approx(0.9)
    assert likeness("pain", "fatigue") == 0.0
    assert likeness("the", "the") == 1.0, "a label of empty words alone keeps them"
    assert same_number(None, None)
    assert not same_number(None, 0.0)
    assert to_direction("no difference") == "no_difference"


# --- against the reference scorer ----------------------------------------------------------


def to_record(page: dict[str, Any], text: str, rng: random.Random) -> dict[str, Any]:
    """Make a record from gold, with every kind of fault in it at random."""

    def sometimes(value: Any, other: Any) -> Any:
        return other if rng.random() < 0.15 else value

    studies = []
    for study in page["studies"]:
        effects = []
        for gold in study.get("effects", []):
            start = max(text.find(gold["quote"]), 0)
            end = start + len(gold["quote"])
            p = (gold.get("p") or "").lstrip("<>=≤≥")
            effects.append({
                **{k: sometimes(gold.get(k), rng.choice([None, 1.5]))
                   for k in ("value", "ci_low", "ci_high")},
                "intervention": sometimes(gold.get("intervention"), "i1"),
                "comparator": sometimes(gold.get("comparator"), None),
                "outcome": sometimes(gold.get("outcome"), None),
                "measure": sometimes(gold["measure"].replace(" ", "_"), "MD"),
                "direction": sometimes(gold["direction"].replace(" ", "_"), "increase"),
                "p_value": float(p) if p.replace(".", "").isdigit() and "." in p else None,
                "evidence": [{"start_char": start, "end_char": sometimes(end, end + 3),
                              "text": gold["quote"]}],
            })  # fmt: skip
        effects = [e for e in effects if rng.random() < 0.85]
        effects += [copy.deepcopy(e) | {"value": 3.25} for e in effects[:2]]
        rng.shuffle(effects)
        studies.append({
            "design": sometimes(study.get("design"), "review"),
            "n_participants": sometimes(study.get("sample_size"), None),
            "doi": sometimes((study.get("doi") or "").upper(), None),
            "interventions": [{"id": i["id"], "label": i.get("text") or i["name"]}
                              for i in study.get("interventions", [])],
            "outcomes": [{"id": o["id"], "label": o.get("text") or o["name"]}
                         for o in study.get("outcomes", [])],
            "populations": [{"id": p["id"], "n": sometimes(p.get("n"), 7)}
                            for p in study.get("populations", [])],
            "arms": [{"n": 12}],
            "doses": [{"low": sometimes(d.get("low") or d.get("value"), 1),
                       "high": d.get("high") or d.get("value"), "unit": d.get("unit"),
                       "evidence": []} for d in study.get("doses", []) if rng.random() < 0.9],
            "effects": effects,
        })  # fmt: skip
    document = {"path": f"x/{page['doc']}", "text": text, "doi": None}
    return {"document": document, "studies": studies}


@pytest.mark.parametrize("corpus", ["seeds", "vitamindwiki"])
@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_reference_scorer(
    shared: Path, reference: ModuleType, corpus: str, seed: int
) -> None:
    rng = random.Random(seed)
    folder = shared / "corpora" / corpus
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    assert len(gold) in (4, 18)
    texts = {page["doc"]: (folder / page["doc"]).read_text("utf-8") for page in gold}
    records = [to_record(page, texts[page["doc"]], rng) for page in gold]
    records = records if seed else records[1:]
    theirs = reference.pages(
        copy.deepcopy(gold), {Path(r["document"]["path"]).name: r for r in records}
    )
    misses = theirs.pop("_misses")
    assert misses, "nothing was wrong: the comparison would show little"
    ours = evaluate_pages(gold, records).to_json()
    against, *_ = map(
        ours.pop, ("comparator_ok_of_hit", "arms_recall", "arms_precision")
    )  # which the reference does not ask
    assert corpus == "seeds" or 0.0 < against < 1.0
    assert list(ours) == list(theirs)
    assert ours == theirs


def test_arms_are_interventions_with_values_of_their_own_group() -> None:
    gold = make_gold()
    study = gold["studies"][0]
    study["interventions"] = [
        {"id": n, "name": name}
        for n, name in (("i1", "zinc gluconate"), ("i2", "placebo"), ("i3", "iron"))
    ]
    value = {
        "id": "e1",
        "outcome": "o1",
        "measure": "percentage",
        "direction": "unclear",
        "quote": "",
    }
    study["effects"] = [{**value, "id": n, "intervention": n, "value": 12} for n in ("i1", "i2")]
    record = make_record()
    record["studies"][0]["arms"] = [
        {"label": "zinc"},
        {"label": "zinc gluconate"},
        {"label": "placebo group"},
    ]
    found = figures(record, gold)
    assert found["arms_recall"] == 1.0
    assert found["arms_precision"] == pytest.approx(2 / 3, abs=1e-4)
    study["effects"].pop()  # one group alone is no comparison
    assert figures(record, gold)["arms_recall"] is None
