"""Tree ensembles, candidates and a second opinion on links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.assembly import ranking
from kg.assembly.candidates import (
    document_interventions,
    intervention_candidates,
    outcome_candidates,
)
from kg.assembly.effects import read_links
from kg.assembly.forest import Forest, matrix
from kg.assembly.labels import likeness
from kg.assembly.link import MEASURES, link_all
from kg.assembly.phrase_features import (
    ALONE,
    BESIDE,
    FEATURES,
    Known,
    PhraseTable,
    candidate_block,
)
from kg.assembly.scores import Place, Role, number_place
from kg.records import Direction
from tests.assembly.test_constructions import context_of

TEXT = (
    "Smokers and nonsmokers were followed for two years. Grip strength was 31.5 kg in the zinc group and 28.2 kg in"
    " the placebo group (P = 0.03)."
)


#: No words beside the value tell what it is of; where they do ("31.5 kg in the zinc group") no opinion is heard.
UNTOLD = "Smokers and nonsmokers took zinc lozenges for two years. Grip strength rose by 3.1 kg (P = 0.03)."


def small_forest() -> Forest:
    """Return two trees: x > 1 adds 2, else y > 0 adds 1 and all else 0.5; and a constant -0.25."""
    feature = np.zeros((15, 2), np.int16)
    feature[1, 0] = 1
    threshold = np.full((15, 2), np.inf, np.float32)
    threshold[:2, 0] = 1.0, 0.0
    mask = np.full((15, 2), 0xFFFF, np.uint16)
    mask[0, 0] = 0xFFFF & ~0b011
    mask[1, 0] = 0xFFFF & ~0b001
    leaves = np.zeros((2, 16), np.float32)
    leaves[0, :3] = 0.5, 1.0, 2.0
    leaves[1, 0] = -0.25
    none = np.zeros(1, np.float32)
    return Forest(("x", "y"), feature, threshold, mask, leaves, np.zeros(2, np.int16), none)


@pytest.mark.parametrize(
    ("row", "margin"),
    [({}, 0.25), ({"y": 3.0}, 0.75), ({"x": 1.0, "y": 1.0}, 0.75), ({"x": 1.5}, 1.75), ({"z": 9.0}, 0.25)],
)  # fmt: skip
def test_forest_ends_in_the_right_leaf(row: Mapping[str, float], margin: float) -> None:
    forest = small_forest()
    columns = matrix([{}, row], forest.features)
    assert forest.margins(columns)[:, 0] == pytest.approx([0.25, margin])
    chance = forest.probabilities(columns)[1]
    assert chance == pytest.approx([1 - chance[1], 1 / (1 + np.exp(-margin))])


def test_features_say_where_a_phrase_stands() -> None:
    context = context_of(TEXT)
    k = next(k for k, s in enumerate(context.statistics) if s.value == 28.2)
    near = outcome_candidates(context, k)
    arms = intervention_candidates(context, near, document_interventions(context))
    assert list(arms.index[: len(near)]) == list(near.index)
    assert len(set(arms.index.tolist())) == len(arms)
    table = PhraseTable(context)
    known = Known({"outcome": "grip strength", "own": None}, outcome=None)
    block = candidate_block(table, k, arms, known)
    assert block.shape == (len(FEATURES), len(arms))
    assert table.alone.shape == (len(ALONE), len(context.phrases))
    told = {
        p.raw.lower(): dict(zip(FEATURES, block[:, n].tolist(), strict=True))
        for n, p in enumerate(arms.phrases(context))
    }
    assert {*BESIDE, "like_own", "global"} <= set(told["placebo group"])
    assert told["placebo group"]["overlap"] == 1
    assert told["zinc group"]["before"] == 1
    assert told["grip strength"]["before"] == 1
    assert told["grip strength"]["btw_stat"] == 1
    assert told["grip strength"]["like_outcome"] == 1
    assert told["zinc group"]["like_outcome"] == 0
    assert told["smokers"]["delta"] == 1
    assert told["smokers"]["distance"] == 0


def test_features_say_how_a_phrase_stands_to_what_was_chosen() -> None:
    context = context_of(TEXT)
    k = next(k for k, s in enumerate(context.statistics) if s.value == 28.2)
    near = outcome_candidates(context, k)
    chosen = {p.raw.lower(): p for p in context.phrases}
    known = Known({}, slots=(4, 1), outcome=chosen["grip strength"], arm=chosen["zinc group"])
    table = PhraseTable(context)
    block = candidate_block(table, k, near, known)
    told = {
        p.raw.lower(): dict(zip(FEATURES, block[:, n].tolist(), strict=True))
        for n, p in enumerate(near.phrases(context))
    }
    assert told["grip strength"]["outcome_overlap"] == 1
    assert told["zinc group"]["outcome_after"] == 1
    assert told["placebo group"]["arm_after"] == 1
    assert told["grip strength"]["arm_before"] == 1
    assert told["grip strength"]["slot_outcome"] == 1
    assert told["smokers"]["slot_outcome"] == 0


@pytest.mark.parametrize(
    ("text", "exposure", "outcome"),
    [
        ("Night work was associated with a higher risk of falls (OR 1.8, 95% CI 1.1 to 2.9).", "night work", "falls"),
        ("Poor eyesight (OR 2.4, p = 0.02) was an independent predictor of falls.", "poor eyesight", "falls"),
    ],
)  # fmt: skip
def test_an_estimate_has_an_exposure(text: str, exposure: str, outcome: str) -> None:
    context = context_of(text)
    links, *_ = read_links(context)
    (link,) = (found for k, found in links.items() if context.statistics[k].value)
    assert link.intervention is not None
    assert link.outcome is not None
    assert likeness(link.intervention.label, exposure) >= 0.5
    assert likeness(link.outcome.label, outcome) >= 0.5
    assert 0 < link.confidence < 1


def test_a_group_is_what_was_given_rather_than_the_outcome() -> None:
    context = context_of("Serum copper increased in the daily zinc group (+3.7%).")
    (link,) = link_all(context).values()
    assert (link.outcome and link.outcome.raw) == "Serum copper"
    assert (link.intervention and link.intervention.raw) == "daily zinc group"


def test_a_short_form_is_taken_for_what_the_document_defines_it_as() -> None:
    context = context_of("Heart rate (HR) was recorded. HR was similar (P = 0.64) with the drug.")
    near = outcome_candidates(context, 0).phrases(context)
    assert "HR" in {phrase.raw for phrase in near}
    context = context_of(
        "Deaths were similar (hazard ratio (HR) 0.97). HR was adjusted (P = 0.64)."
    )
    near = outcome_candidates(context, 1).phrases(context)
    assert "HR" not in {phrase.raw for phrase in near}


def test_subscripts_belong_to_the_word() -> None:
    context = context_of("HbA(1c) fell by 0.8% (P = 0.01) with the B(12) tablets.")
    assert {"HbA1c", "B12 tablets"} <= {p.raw for p in context.phrases}


class Opinion:
    """A second opinion that is sure of one phrase and of one direction."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.asked: set[Place] = set()

    def links(self, role: Role, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        self.asked.add(number)
        if role != "intervention":
            return np.full(len(candidates), np.nan)
        return np.array([float(candidate == self.place) for candidate in candidates])

    def tested(self, number: Place) -> float | None:
        return None

    def direction(self, number: Place) -> Mapping[Direction, float]:
        return {"increase": -20.0, "decrease": -20.0, "no_difference": 0.0, "unclear": -20.0}

    def measure(self, number: Place) -> Mapping[str, float]:
        return {}

    def result(self, number: Place) -> float | None:
        return None

    def outcome(self, phrase: Place) -> float | None:
        return None

    def told(self, outcome: Place) -> Mapping[Direction, float]:
        return {}


class Denial(Opinion):
    """A second opinion that holds no number to be a result."""

    def result(self, number: Place) -> float | None:
        return 0.0


def test_what_a_second_opinion_denies_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "RESULT_WEIGHTS", (0.5, 2.0))
    context = context_of(TEXT)
    assert link_all(context)
    assert link_all(context, Denial((0, 1))) == {}


class Change(Opinion):
    """A second opinion that holds every value for a change of a mean."""

    def measure(self, number: Place) -> Mapping[str, float]:
        return {name: 0.0 if name == "MD" else -40.0 for name in MEASURES}


def test_a_second_opinion_measures_only_what_no_words_name() -> None:
    text = "Grip strength was 9.1 kg with early feeding (P = 0.03). The median hospital stay was 7.2 days (P = 0.02)."
    context = context_of(text)
    alone, told = link_all(context), link_all(context, Change((0, 1)))
    values = {k: s.value for k, s in enumerate(context.statistics)}
    measures = {values[k]: (alone[k].measure, link.measure) for k, link in told.items()}
    assert measures == {9.1: ("mean", "MD"), 7.2: ("median", "median")}


def test_second_opinion_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = dict.fromkeys(("outcome", "intervention", "comparator"), 5.0)
    monkeypatch.setattr(ranking, "LINK_WEIGHTS", weights)
    monkeypatch.setattr(ranking, "DIRECTION_WEIGHT", 1.0)
    context = context_of(UNTOLD)
    at = UNTOLD.index("Smokers"), UNTOLD.index(" and nonsmokers")
    opinion = Opinion(at)
    links = link_all(context, opinion)
    assert links
    assert any(p.start_char == at[0] and p.end_char == at[1] for p in context.phrases)
    assert opinion.asked == {number_place(context.statistics[k]) for k in links}
    alone = link_all(context)
    for k, link in links.items():
        assert link.intervention is not None
        assert link.intervention.start_char == at[0]
        assert alone[k].intervention != link.intervention
    pointed, *_ = read_links(context, opinion)
    assert {pointed[k].direction for k in links} == {"no_difference"}


def test_a_text_without_phrases_links_nothing() -> None:
    context = context_of("P < 0.05.")
    assert context.statistics
    assert not context.phrases
    links, arms, _ = read_links(context)
    assert all(link.outcome is None and link.intervention is None for link in links.values())
    assert not arms.arms
