"""The scorer of numbers for meta-analyses: what is asked, what is answered, what is exact."""

from __future__ import annotations

from typing import Any

from kg.evaluation.scorers.meta_analysis import FIGURES, implied_events, score

Json = dict[str, Any]


def effect(arm: str, outcome: str, start: int, **numbers: object) -> Json:
    span = {"start_char": start, "end_char": start + 9, "text": "x" * 9}
    number = {"start_char": start + 5, "end_char": start + 9, "text": "xxxx"}
    return {
        "arm": arm,
        "intervention": arm,
        "outcome": outcome,
        "evidence": [span, span, number],
        **numbers,
    }


RECORD: Json = {
    "document": {"path": "a.txt"},
    "studies": [
        {
            "n_participants": 50,
            "interventions": [{"id": "v", "label": "vitamin D"}, {"id": "p", "label": "placebo"}],
            "arms": [{"id": "v", "label": "vitamin D", "n": 24}, {"id": "p", "label": "placebo", "n": 26}],
            "outcomes": [{"id": "f", "label": "falls"}, {"id": "w", "label": "body weight"}],
            "effects": [
                effect("v", "f", 0, measure="percent", value=12.5, events=3, total=24),
                effect("p", "f", 0, measure="percent", value=19.2, events=5, total=26),
                effect("v", "w", 20, measure="mean", value=70.0, sd=4.0, n=24, timepoint="baseline"),
                effect("p", "w", 20, measure="mean", value=71.0, sd=5.0, n=26, timepoint="baseline"),
                effect("v", "w", 40, measure="mean", value=68.0, sd=4.5, n=24, timepoint="12 weeks"),
                effect("p", "w", 40, measure="mean", value=72.0, sd=5.5, n=26, timepoint="12 weeks"),
            ],
        }
    ],
}  # fmt: skip


def ask(outcome: str, kind: str, **gold: object) -> Json:
    fields = ("events", "group_size", "mean", "standard_deviation")
    sides = {f"{side}_{field}": "" for side in ("intervention", "comparator") for field in fields}
    return {"intervention": "vitamin D", "comparator": "placebo", "outcome": outcome,
            "outcome_type": kind, **sides, **gold}  # fmt: skip


def scored(*icos: Json) -> dict[str, float | None]:
    found = score({"id": "a", "text": "x" * 90, "icos": icos}, RECORD)
    return {figure.name: figure.values(found.counts)["share"] for figure in FIGURES}  # type: ignore[misc]


def test_every_number_has_to_be_right() -> None:
    events = {"intervention_events": 3, "intervention_group_size": 24, "comparator_group_size": 26}
    right = scored(ask("number of falls", "binary", **events, comparator_events=5))
    assert (right["binary_exact"], right["binary_complete"], right["binary_numbers"]) == (1, 1, 1)
    wrong = scored(ask("number of falls", "binary", **events, comparator_events=6))
    assert (wrong["binary_exact"], wrong["binary_numbers"]) == (0, 0.75)


def test_the_last_time_answers_unless_another_is_asked_for() -> None:
    sizes = {"intervention_group_size": 24, "comparator_group_size": 26}
    means = {"intervention_mean": 68, "comparator_mean": 72}
    spreads = {"intervention_standard_deviation": 4.5, "comparator_standard_deviation": 5.5}
    assert (
        scored(ask("body weight", "continuous", **sizes, **means, **spreads))["continuous_exact"]
        == 1
    )


def test_what_is_not_told_is_answered_by_nothing() -> None:
    empty = scored(
        ask("quality of life", "continuous", intervention_group_size=24, comparator_group_size=26)
    )
    assert empty["continuous_exact"] == 1
    assert empty["continuous_complete"] is None


def test_a_percentage_implies_a_count_only_where_one_fits() -> None:
    assert implied_events(12.5, 24) == 3
    assert implied_events(12, 1000) is None
