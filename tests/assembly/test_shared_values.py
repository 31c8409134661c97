"""Values that both groups have are results of each."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read_bytes
from kg.records import Study

TRIAL = "METHODS: We randomized 80 adults to yoga (n = 40) or stretching (n = 40).\nRESULTS: "


def _study(text: str) -> Study:
    (study,) = make_extractor()(read_bytes(text.encode(), "a.txt")).studies
    return study


def _values(study: Study) -> list[tuple[str, float | None, str | None, str | None, str]]:
    names = {i.id: i.label for i in study.interventions}
    return [
        (
            e.measure, e.value, names.get(e.intervention or ""), names.get(e.comparator or ""), e.direction,
        )
        for e in study.effects
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "measure", "value"),
    [
        ("Seven patients in each arm withdrew.", "count", 7.0),
        ("No serious adverse events occurred in either group.", "count", 0.0),
        ("Adherence was 85% in both groups.", "percent", 85.0),
    ],
)
def test_a_value_of_both_groups_is_a_result_of_each(
    sentence: str, measure: str, value: float
) -> None:
    assert _values(_study(TRIAL + sentence)) == [
        (measure, value, "yoga", "stretching", "no_difference"),
        (measure, value, "stretching", "yoga", "no_difference"),
    ]


def test_a_change_in_both_groups_is_one_of_each() -> None:
    found = _values(_study(TRIAL + "The mean reduction in pain was 1.1 points in both groups."))
    assert [value[:4] for value in found] == [
        ("MD", -1.1, "yoga", "stretching"),
        ("MD", -1.1, "stretching", "yoga"),
    ]


def test_a_value_of_any_of_three_groups_is_a_result_of_each() -> None:
    found = _values(
        _study(
            "METHODS: We randomized 90 adults to yoga (n = 30), stretching (n = 30) or usual care (n = 30).\n"
            "RESULTS: No serious adverse events occurred in any group."
        )
    )
    assert [value[:4] for value in found] == [
        ("count", 0.0, "yoga", None),
        ("count", 0.0, "stretching", None),
        ("count", 0.0, "usual care", None),
    ]


def test_a_count_in_both_groups_together_is_one_result() -> None:
    found = _values(_study(TRIAL + "Finally, 46 patients completed the programme in both groups."))
    assert [(measure, value) for measure, value, *_ in found] == [("count", 46.0)]


def test_an_arm_has_the_size_nearest_to_its_name_and_no_people_in_its_name() -> None:
    study = _study(
        "METHODS: We randomized 80 adults to yoga (n = 42), stretching (n = 20) or usual care (n = 18).\n"
        "RESULTS: Adherence was 85% with yoga. No serious adverse events occurred in any group."
    )
    assert [(a.label, a.n) for a in study.arms] == [
        ("yoga", 42), ("stretching", 20), ("usual care", 18),
    ]  # fmt: skip
