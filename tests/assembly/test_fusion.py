"""Our own ranking and a second opinion that points to words are weighed together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.fusion import FUSED, FUSION, FusedRole, load_fusion
from kg.assembly.opinions import COLUMNS, Opinions
from kg.assembly.scores import Place, number_place
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading

TEXT = (
    "Zinc reduced the incidence of colds by 18% (P = 0.01). Fever fell by 9% (P = 0.03) with zinc."
)


class Pointing:
    """Says of every number that one place names its outcome."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def pointed(self, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        found = np.zeros((3, 5, len(candidates)))
        for n, (start, end) in enumerate(candidates):
            if start <= self.place[0] and self.place[1] <= end:
                found[0, [0, 3], n] = 0.9, 1.0
        return found

    def nothing(self, role: str, number: Place) -> float:
        return 0.05

    def kinds(self, candidates: Sequence[Place]) -> NDArray[np.float32]:
        return np.zeros((6, len(candidates)), np.float32)


@pytest.fixture(scope="module")
def context() -> Context:
    reading = make_reading(TEXT, "results")
    return make_context(reading, annotate(make_nlp(), reading), read_evidence(reading))


def test_opinions_are_of_names_and_of_the_document(context: Context) -> None:
    start = TEXT.index("Fever")
    opinions = Opinions(
        context, Pointing((start, start + 5)), [number_place(s) for s in context.statistics]
    )
    index = np.arange(len(context.phrases))
    columns = opinions.columns("outcome", 0, index)
    fever = next(n for n, p in enumerate(context.phrases) if p.raw == "Fever")
    zinc = next(n for n, p in enumerate(context.phrases) if p.raw.lower() == "zinc")
    row = dict(zip(COLUMNS, columns[:, fever], strict=True))
    assert row["says_outcome"] == pytest.approx(np.log(0.9), abs=1e-5)
    assert row["all_say_outcome"] == pytest.approx(0.9)
    assert row["says_more"] > 0 > columns[COLUMNS.index("says_more"), zinc]
    assert row["says_nothing"] == pytest.approx(np.log(0.05), abs=1e-5)


@pytest.mark.parametrize("role", FUSED)
def test_what_both_hold_for_likely_is_likelier(role: FusedRole) -> None:
    columns = np.zeros((len(FUSION), 2), np.float32)
    for name, (one, other) in {
        "own_odds": (2.0, -4.0), "says_here": (-0.1, -5.0), f"says_{role}": (-0.1, -5.0), "same": (1.0, 1.0),
        "under_best_own_odds": (0.0, -6.0), "under_best_says_here": (0.0, -4.9),
    }.items():  # fmt: skip
        columns[FUSION.index(name)] = one, other
    likely, unlikely = load_fusion(role).odds(columns)
    assert likely > unlikely + 1.0
