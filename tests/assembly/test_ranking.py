"""Tree ensembles, candidates and a second opinion on links."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from kg.assembly.candidates import (
    document_interventions,
    intervention_candidates,
    outcome_candidates,
)
from kg.assembly.forest import Forest
from kg.assembly.link import link_all
from kg.assembly.phrase_features import ALONE, BESIDE, FEATURES, PhraseTable, candidate_block
from kg.assembly.ranking import Place, Role, number_place
from kg.records import Direction
from tests.assembly.test_constructions import context_of

TEXT = (
    "Smokers and nonsmokers were followed for two years. Grip strength was 31.5 kg in the zinc group and 28.2 kg in"
    " the placebo group (P = 0.03)."
)


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
    columns = forest.matrix([{}, row])
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
    block = candidate_block(
        table, arms, table.beside(k, arms.index), {"outcome": "grip strength", "own": None}
    )
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


class Opinion:
    """A second opinion that is sure of one phrase and of one direction."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.asked: set[Place] = set()

    def link(self, role: Role, number: Place, candidate: Place) -> float | None:
        self.asked.add(number)
        return 20.0 if role == "intervention" and candidate == self.place else None

    def direction(self, number: Place) -> Mapping[Direction, float]:
        return {"increase": -20.0, "decrease": -20.0, "no_difference": 0.0, "unclear": -20.0}

    def measure(self, number: Place) -> Mapping[str, float]:
        return {"median": 0.0, "mean": -20.0}


def test_second_opinion_counts() -> None:
    context = context_of(TEXT)
    at = TEXT.index("Smokers"), TEXT.index(" and nonsmokers")
    opinion = Opinion(at)
    links = link_all(context, opinion)
    assert links
    assert any(p.start_char == at[0] and p.end_char == at[1] for p in context.phrases)
    assert opinion.asked == {number_place(context.statistics[k]) for k in links}
    alone = link_all(context)
    for k, link in links.items():
        assert link.intervention is not None
        assert link.intervention.start_char == at[0]
        assert link.direction == "no_difference"
        if context.statistics[k].value is not None:
            assert link.measure == "median"
            assert alone[k].intervention != link.intervention
