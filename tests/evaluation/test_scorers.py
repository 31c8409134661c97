"""What each set's scorer calls right, wrong, missed and too much."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_records import effect, entity, record, span

from kg.evaluation import SETS, Evaluation
from kg.evaluation.scorers import regimens

Json = dict[str, Any]


def evaluate(name: str, document: Json, found: Json | None) -> Evaluation:
    return SETS[name].evaluate({document["id"]: document}, [] if found is None else [found])


def faults(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [(miss.target, miss.fault) for score in evaluation.documents for miss in score.misses]


def mention(text: str, kind: str, words: str) -> Json:
    return {"kind": kind, **span(text, words)}


# --- marked words ----------------------------------------------------------------------------

MARKED = "Vitamin D lowered the risk of falls in older women."


def marked(**spans: str) -> Json:
    kinds = {"P": "PARTICIPANTS", "I": "INTERVENTIONS", "O": "OUTCOMES"}
    found = [entity(MARKED, kinds[kind], words) for kind, words in spans.items()]
    return {"id": "d", "text": MARKED, "entities": found}


def test_a_border_costs_the_exact_score_alone() -> None:
    document = marked(I="Vitamin D", O="risk of falls")
    mentions = [mention(MARKED, "intervention", "Vitamin D"), mention(MARKED, "outcome", "falls")]
    found = evaluate("ebm_nlp", document, record(MARKED, mentions=mentions))
    assert found.value("interventions_exact") == 1.0
    assert (found.value("outcomes_exact"), found.value("outcomes_relaxed")) == (0.0, 1.0)
    assert (found.value("outcomes_token.p"), found.value("outcomes_token.r")) == (1.0, 0.3333)
    assert found.value("micro_exact") == 0.5
    assert faults(found) == [("outcomes", "wrong")]
    (miss,) = found.documents[0].misses
    assert (miss.gold, miss.ours) == ("risk of falls", "falls")


def test_words_that_nobody_marked_are_an_alarm() -> None:
    mentions = [mention(MARKED, "population", "older women")]
    found = evaluate("ebm_nlp", marked(I="Vitamin D"), record(MARKED, mentions=mentions))
    assert found.value("participants_exact.p") == 0.0
    assert found.value("participants_exact.r") is None
    assert sorted(faults(found)) == [("interventions", "missed"), ("participants", "alarm")]


def test_outcomes_before_the_results_are_not_judged() -> None:
    text = "We measured falls. RESULTS: Fractures fell. Pain did not."
    document = {"id": "d", "text": text, "entities": [entity(text, "Outcome", "Fractures")]}
    mentions = [mention(text, "outcome", "falls"), mention(text, "outcome", "Fractures")]
    assert (
        evaluate("evidence_outcomes", document, record(text, mentions=mentions)).value(
            "outcomes_exact"
        )
        == 1.0
    )
    mentions.append(mention(text, "outcome", "Pain"))
    found = evaluate("evidence_outcomes", document, record(text, mentions=mentions))
    assert found.value("outcomes_exact.p") == 0.5


# --- arms and their numbers ------------------------------------------------------------------

ARMS = "Response was 40% with letrozole and 30% with placebo; weight fell by -1.3 kg. Age was 61."


def pico_document() -> Json:
    entities = [
        entity(ARMS, "intervention", "letrozole"), entity(ARMS, "control", "placebo"),
        entity(ARMS, "iv-bin-percent", "40%"), entity(ARMS, "cv-bin-percent", "30%"),
        entity(ARMS, "iv-cont-mean", "-1.3"),
    ]  # fmt: skip
    return {"id": "d", "text": ARMS, "entities": entities}


def pico_record(**changes: Json) -> Json:
    told = {
        "40": effect(ARMS, "40%", value=40.0, arm="a"),
        "30": effect(ARMS, "30%", value=30.0, arm="b"),
        "1.3": effect(ARMS, "-1.3 kg", value=-1.3, arm="a", measure="mean"),
    }
    for key, change in changes.items():
        told[key] |= change
    arms = [
        {"id": "a", "label": "letrozole", "role": "experimental"},
        {"id": "b", "label": "placebo", "role": "other"},
    ]
    return record(ARMS, arms=arms, effects=list(told.values()))


def test_numbers_in_their_arms() -> None:
    found = evaluate("pico_corpus", pico_document(), pico_record())
    assert found.value("arm_values.r") == 0.6667, "the reference forgives no sign"
    for name in ("arm_values.p", "arm_values_unsigned", "arm_values_unsigned_right_arm"):
        assert found.value(name) == 1.0, name


def test_a_number_in_the_wrong_arm() -> None:
    found = evaluate("pico_corpus", pico_document(), pico_record(**{"40": {"arm": "b"}}))
    assert found.value("arm_values_unsigned") == 1.0
    assert found.value("arm_values_unsigned_right_arm.p") == 0.6667
    assert found.value("arm_values_unsigned_right_arm.r") == 0.6667
    assert ("arm of a value", "wrong") in faults(found)


def test_a_number_too_many_counts_only_beside_a_marked_one() -> None:
    extra = pico_record()
    extra["studies"][0]["effects"] += [
        effect(ARMS, "61", "Age was 61.", value=61.0, measure="mean")
    ]
    assert evaluate("pico_corpus", pico_document(), extra).value("arm_values.p") == 1.0
    extra["studies"][0]["effects"] += [effect(ARMS, "61", value=61.0, measure="mean", arm="a")]
    found = evaluate("pico_corpus", pico_document(), extra)
    assert found.value("arm_values.p") == 0.75
    assert ("arm value", "alarm") in faults(found)


def test_sizes_of_arms_and_of_the_trial() -> None:
    text = "Of 120 women 61 took letrozole and 59 placebo."
    labels = {
        "total-participants": "120",
        "intervention-participants": "61",
        "control-participants": "59",
    }
    document = {
        "id": "d",
        "text": text,
        "entities": [entity(text, k, v) for k, v in labels.items()],
    }
    arms = [{"id": "a", "label": "letrozole", "role": "other", "n": 61},
            {"id": "b", "label": "all", "role": "other", "n": 120}]  # fmt: skip
    found = evaluate("pico_corpus", document, record(text, arms=arms, n_participants=120))
    assert found.value("total_participants") == 1.0
    assert (found.value("arm_participants.p"), found.value("arm_participants.r")) == (1.0, 0.5)


# --- ratios ----------------------------------------------------------------------------------

RATIO = "High CCN1 predicted death (HR 2.15) and smoking did so too (HR 1.50)."


def clerx_document() -> Json:
    entities = [
        entity(RATIO, "hr_ratio", "2.15"), entity(RATIO, "explanatory_var", "High CCN1"),
        entity(RATIO, "outcome_var", "death"), entity(RATIO, "hr_ratio", "1.50"),
        entity(RATIO, "explanatory_var", "smoking"),
    ]  # fmt: skip
    relations = [
        {"head": head, "tail": tail, "label": "hr_ratio->x"}
        for head, tail in ((0, 1), (0, 2), (3, 4), (3, 2))
    ]
    return {"id": "d", "text": RATIO, "entities": entities, "relations": relations}


def clerx_record(second: str = "death") -> Json:
    interventions = [{"id": "i", "label": "CCN1"}, {"id": "j", "label": "smoking"}]
    outcomes = [{"id": "o", "label": "death"}, {"id": "p", "label": "pain"}]
    effects = [
        effect(RATIO, "2.15", value=2.15, measure="HR", intervention="i", outcome="o"),
        effect(RATIO, "1.50", value=1.5, measure="HR", intervention="j",
               outcome="o" if second == "death" else "p"),
    ]  # fmt: skip
    return record(RATIO, interventions=interventions, outcomes=outcomes, effects=effects)


def test_a_relation_is_whole_or_wrong() -> None:
    found = evaluate("clerx", clerx_document(), clerx_record())
    assert (found.value("ratios"), found.value("relations"), found.value("outcome_linked")) == (
        1.0,
        1.0,
        1.0,
    )
    found = evaluate("clerx", clerx_document(), clerx_record("pain"))
    assert found.value("ratios") == 1.0
    assert found.value("outcome_linked") == 0.5
    assert found.value("relations") == 0.3333, "one right of two told and two marked"
    assert faults(found) == [("outcome of ratio", "wrong")]


def test_a_ratio_under_another_measure_is_missed_and_too_much() -> None:
    ours = clerx_record()
    ours["studies"][0]["effects"][0]["measure"] = "OR"
    assert sorted(faults(evaluate("clerx", clerx_document(), ours))) == [
        ("ratios", "alarm"), ("ratios", "missed"),
    ]  # fmt: skip


# --- directions ------------------------------------------------------------------------------

TOLD = "Pain fell with heat compared with cold."


def prompt_document(label: str = "significantly decreased") -> Json:
    prompt = {
        "intervention": "heat", "comparator": "cold", "outcome": "pain", "label": label,
        "in_abstract": True, "evidence": [{"quote": TOLD}],
    }  # fmt: skip
    return {
        "id": "d",
        "text": TOLD,
        "entities": [],
        "prompts": [prompt, {**prompt, "in_abstract": False}],
    }


@pytest.mark.parametrize(
    ("ours", "right", "covered"),
    [
        ({"intervention": "i", "comparator": "j", "direction": "decrease"}, 1.0, 1.0),
        ({"intervention": "j", "comparator": "i", "direction": "increase"}, 1.0, 1.0),  # turned
        ({"intervention": "i", "comparator": "j", "direction": "no_difference"}, 0.0, 1.0),
        ({"intervention": "i", "direction": "unclear"}, 0.0, 0.0),
    ],
)
def test_a_question_is_answered_by_the_nearest_effect(
    ours: Json, right: float, covered: float
) -> None:
    study = {
        "interventions": [{"id": "i", "label": "heat"}, {"id": "j", "label": "cold"}],
        "outcomes": [{"id": "o", "label": "pain"}, {"id": "p", "label": "sleep"}],
        "effects": [
            effect(TOLD, "Pain", outcome="o", **ours),
            effect(TOLD, "Pain", outcome="p", direction="increase", intervention="i"),
        ],
    }
    found = evaluate("evidence_inference", prompt_document(), record(TOLD, **study))
    assert (found.value("accuracy"), found.value("covered")) == (right, covered)
    assert found.counts["prompts"] == 1, "questions that the abstract does not answer are not asked"
    assert bool(faults(found)) == (right == 0.0)


def test_the_exhaustive_set_asks_the_other_way_round() -> None:
    """Its questions name the control as the intervention; the answer is that of the other."""
    study = {
        "interventions": [{"id": "i", "label": "heat"}, {"id": "j", "label": "cold"}],
        "outcomes": [{"id": "o", "label": "pain"}],
        "effects": [
            effect(
                TOLD, "Pain", outcome="o", intervention="i", comparator="j", direction="decrease"
            )
        ],
    }
    document = prompt_document()
    for prompt in document["prompts"]:
        prompt |= {"intervention": "cold", "comparator": "heat"}
    ours = record(TOLD, **study)
    assert evaluate("evidence_inference_exhaustive", document, ours).value("accuracy") == 1.0
    assert evaluate("evidence_inference", document, ours).value("accuracy") == 0.0


# --- result tables ---------------------------------------------------------------------------

TABLE = "Pain was 12.5 (2.1) with heat and 14.0 (2.0) with cold."


def table_document() -> Json:
    entities = [
        entity(TABLE, "OC", "Pain"), entity(TABLE, "MEAS", "12.5 (2.1)"), entity(TABLE, "INTV", "heat"),
        entity(TABLE, "MEAS", "14.0 (2.0)"), entity(TABLE, "INTV", "cold"),
    ]  # fmt: skip
    relations = [
        {"head": head, "tail": tail, "label": label}
        for head, tail, label in (
            (0, 1, "OC_RES"), (0, 3, "OC_RES"), (2, 1, "A1_RES"), (4, 3, "A2_RES"),
        )
    ]  # fmt: skip
    return {"id": "d", "text": TABLE, "entities": entities, "relations": relations}


def table_record(first: str = "a", outcome: str = "Pain") -> Json:
    interventions = [
        {"id": "i", "label": "heat", "evidence": [span(TABLE, "heat")]},
        {"id": "j", "label": "cold", "evidence": [span(TABLE, "cold")]},
    ]
    arms = [{"id": arm, "label": arm, "interventions": [i], "role": "other", "evidence": []}
            for arm, i in (("a", "i"), ("b", "j"))]  # fmt: skip
    outcomes = [{"id": "o", "label": outcome, "evidence": [span(TABLE, outcome)]}]
    effects = [
        effect(TABLE, "12.5 (2.1)", value=12.5, measure="mean", arm=first, outcome="o"),
        effect(TABLE, "14.0", value=14.0, measure="mean", arm="b", outcome="o"),
        effect(TABLE, "2.0", value=2.0, measure="MD", outcome="o"),  # compares: no row of a table
    ]
    return record(TABLE, interventions=interventions, arms=arms, outcomes=outcomes, effects=effects)


def test_a_row_needs_outcome_values_and_arms() -> None:
    found = evaluate("rct_art", table_document(), table_record())
    for name in ("joint_strict", "joint_relaxed", "rows_strict", "rows_relaxed"):
        assert found.value(name) == 1.0, name


def test_a_border_costs_a_strict_row_and_an_arm_costs_both() -> None:
    found = evaluate("rct_art", table_document(), table_record(outcome="Pain was"))
    assert (found.value("rows_strict"), found.value("rows_relaxed")) == (0.0, 1.0)
    assert (found.value("joint_strict"), found.value("joint_relaxed")) == (0.5, 1.0)
    found = evaluate("rct_art", table_document(), table_record(first="b"))
    assert (found.value("rows_strict"), found.value("rows_relaxed")) == (0.0, 0.0)


# --- templates -------------------------------------------------------------------------------

TRIAL = "40 patients took timolol 0.5% twice daily for 12 weeks or latanoprost 0.005%. IOP fell by 6.2 with timolol (p=0.03)."


def trial_document() -> Json:
    entities = [
        entity(TRIAL, "Timolol", "timolol", group="Drug"), entity(TRIAL, "DoseValue", "0.5", group="DoseValue"),
        entity(TRIAL, "Percentage", "%", group="BioAndMedicalUnit"),
        entity(TRIAL, "Frequency", "twice daily", group="Frequency"),
        entity(TRIAL, "Duration", "12 weeks", group="Duration"),
        entity(TRIAL, "Latanoprost", "latanoprost", group="Drug"),
        entity(TRIAL, "DoseValue", "0.005", group="DoseValue"),
        entity(TRIAL, "Percentage", "%", 1, group="BioAndMedicalUnit"),
        entity(TRIAL, "IOP", "IOP", group="EndPointDescription"),
        entity(TRIAL, "Reduction", "6.2", group="ChangeValue"), entity(TRIAL, "PvalueDiff", "p=0.03", group="PValue"),
        entity(TRIAL, "NumberPatientsCT", "40", group="NumberPatients"),
    ]  # fmt: skip

    def fill(*indexes: int) -> list[Json]:
        return [
            {"value": entities[i]["text"], "entity": i, "class": entities[i]["label"]}
            for i in indexes
        ]

    slots: dict[str, tuple[str, Json]] = {
        "t": ("ClinicalTrial", {"hasNumberPatientsCT": fill(11), "hasCTduration": fill(4)}),
        "a": ("Arm", {"hasIntervention": [{"ref": "i"}], "hasOutcome": [{"ref": "o"}]}),
        "i": ("Intervention", {"hasMedication": [{"ref": "m"}], "hasFrequency": fill(3)}),
        "m": ("Medication", {"hasDrug": fill(0), "hasDoseValue": fill(1), "hasDoseUnit": fill(2)}),
        "e": ("Endpoint", {"hasEndoPointDescription": fill(8)}),
        "o": ("Outcome", {"hasEndpoint": [{"ref": "e"}], "hasChangeValue": fill(9)}),
        "d": ("DiffBetweenGroups", {"hasOutcome1": [{"ref": "o"}], "hasPvalueDiff": fill(10)}),
    }
    templates = {
        key: {"type": kind, "name": key, "slots": filled} for key, (kind, filled) in slots.items()
    }
    return {"id": "d", "text": TRIAL, "entities": entities, "templates": templates}


def trial_record(**first_dose: Any) -> Json:
    blank = {
        "frequency": None,
        "times_per_day_low": None,
        "interval_days_low": None,
        "route": None,
        "duration": None,
    }
    doses = [
        {**blank, "low": 0.5, "high": 0.5, "raw_unit": "%", "unit": "%", "intervention": "i",
         "times_per_day_low": 2.0, "duration": "12 weeks", "evidence": [span(TRIAL, "0.5%")], **first_dose},
        {**blank, "low": 0.005, "high": 0.005, "raw_unit": "%", "unit": "%", "intervention": "j",
         "evidence": [span(TRIAL, "0.005%")]},
    ]  # fmt: skip
    told = effect(TRIAL, "6.2", value=6.2, measure="mean", arm="a", outcome="o", p_value=0.03)
    return record(
        TRIAL, doses=doses, effects=[told], n_participants=40,
        interventions=[{"id": "i", "label": "timolol"}, {"id": "j", "label": "latanoprost"}],
        outcomes=[{"id": "o", "label": "IOP"}],
        arms=[{"id": "a", "label": "timolol", "role": "other", "interventions": ["i"], "n": None}],
    )  # fmt: skip


def test_elements_of_a_regimen() -> None:
    found = evaluate("ctro", trial_document(), trial_record())
    for element in ("drug", "dose", "unit", "frequency", "duration"):
        assert found.value(element) == 1.0, element
    assert found.value("route") is None
    assert found.value("dose_precision") == 0.5, "the reference knows the templates alone"


def test_a_regimen_tells_how_often_and_is_no_dose() -> None:
    ours = trial_record(times_per_day_low=None)
    assert evaluate("ctro", trial_document(), ours).value("frequency") == 0.0
    ours["studies"][0]["regimens"] = [
        {"intervention": "i", "times_per_day_low": 2.0, "evidence": [span(TRIAL, "0.5%")]}
    ]
    found = evaluate("ctro", trial_document(), ours)
    assert found.value("frequency") == found.value("dose") == 1.0
    assert found.value("dose_precision") == 0.5


@pytest.mark.parametrize(
    ("change", "fallen"),
    [
        ({"low": 5.0, "high": 5.0}, ("dose", "unit")),
        ({"raw_unit": "mg"}, ("unit",)),
        ({"times_per_day_low": 1.0}, ("frequency",)),
        ({"duration": "6 weeks"}, ("duration",)),
    ],
)
def test_each_element_falls_by_itself(change: Json, fallen: tuple[str, ...]) -> None:
    found = evaluate("ctro", trial_document(), trial_record(**change))
    elements = ("drug", "dose", "unit", "frequency", "duration")
    low = tuple(e for e in elements if (found.value(f"{e}.r"), found.value(f"{e}.p")) != (1.0, 1.0))
    assert low == fallen


def test_slots_of_templates() -> None:
    found = evaluate("ctro", trial_document(), trial_record())
    for slot in ("arm", "endpoint", "value", "p", "slots"):
        assert found.value(f"template_{slot}") == 1.0, slot
    ours = trial_record()
    ours["studies"][0]["effects"][0]["outcome"] = None
    found = evaluate("ctro", trial_document(), ours)
    assert (found.value("template_endpoint"), found.value("template_value")) == (0.0, 1.0)
    ours["studies"][0]["effects"][0]["value"] = 9.9
    assert evaluate("ctro", trial_document(), ours).value("template_value") == 0.0


@pytest.mark.parametrize(
    ("text", "times"),
    [("b.i.d.", 2.0), ("t.i.d", 3.0), ("every 12 hours", 2.0), ("once-weekly", 1 / 7), ("qam", 1.0),
     ("every other day", 0.5), ("at bedtime", 1.0), ("rarely", None)],
)  # fmt: skip
def test_frequencies_by_value(text: str, times: float | None) -> None:
    assert regimens.to_times_per_day(text) == times


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("six-month", {182}),
        ("≥52 weeks", {364}),
        ("1 year", {365}),
        ("two hours", {0}),
        ("long", set()),
    ],
)
def test_durations_by_value(text: str, days: set[int]) -> None:
    assert regimens.to_days(text) == days
