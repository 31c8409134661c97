"""The two values of a blood pressure are of two outcomes, and change together."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes

_PAGE = (
    "Background: We compared zinc with placebo. Methods: In this trial, 200 adults were randomly assigned to zinc (n=100) or "
    "placebo (n=100). Results: {said}"
)
Read = list[tuple[str, float | None, str]]


def _read(said: str) -> Read:
    (study,) = make_extractor("fast")(read_bytes(_PAGE.format(said=said).encode(), "a.txt")).studies
    measured = {o.id: o.label for o in study.outcomes}
    return [
        (e.measure, e.value, measured[e.outcome or ""])
        for e in study.effects
        if e.value is not None
    ]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "Blood pressure was 131/83 mmHg with zinc versus 142/91 mmHg with placebo.",
            [("mean", 131, "systolic blood pressure"), ("mean", 83, "diastolic blood pressure"),
             ("mean", 142, "systolic blood pressure"), ("mean", 91, "diastolic blood pressure")],
        ),
        (
            "Systolic/diastolic blood pressure fell by 8.4/4.3 mm Hg with zinc and by 1.2/0.5 mm Hg with placebo.",
            [("mean", -8.4, "systolic blood pressure"), ("mean", -4.3, "diastolic blood pressure"),
             ("mean", -1.2, "systolic blood pressure"), ("mean", -0.5, "diastolic blood pressure")],
        ),
        (  # one pressure alone is not told apart
            "Systolic blood pressure was 131 mmHg with zinc versus 142 mmHg with placebo.",
            [("mean", 131, "Systolic blood pressure"), ("mean", 142, "Systolic blood pressure")],
        ),
    ],
)  # fmt: skip
def test_each_value_has_its_own_pressure(said: str, read: Read) -> None:
    assert _read(said) == read
