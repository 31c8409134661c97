"""What a number measures, where the words and the learned opinion differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract import make_extractor
from kg.readers import read

METHODS = "Methods: Sixty adults with bone pain were randomly assigned to one fraction (n = 31) or ten (n = 29).\n\nResults: "
ZINC = "Methods: Sixty adults with obesity were randomly assigned to zinc (n = 31) or placebo (n = 29).\n\nResults: "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "The mean reduction in pain was 1.4 in adults under 50 years and 0.9 in older ones (p = 0.01).",
            [("mean", -1.4), ("mean", -0.9)],
        ),
        ("Mean pain was 1.1 in both groups.", [("mean", 1.1), ("mean", 1.1)]),
    ],
)
def test_a_value_that_words_make_negative_is_no_level(
    tmp_path: Path, text: str, wanted: list[tuple[str, float]]
) -> None:
    (tmp_path / "page.txt").write_text(METHODS + text, encoding="utf-8")
    record = make_extractor()(read(tmp_path / "page.txt"))
    assert [(e.measure, e.value) for s in record.studies for e in s.effects] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Body weight fell by 2.4 kg with zinc and rose by 0.8 kg with placebo.",
            [("mean", -2.4, None), ("mean", 0.8, None)],
        ),
        (
            "Body weight fell by 2.4 kg (SD 3.1) with zinc and rose by 0.8 kg (SD 2.9) with placebo.",
            [("mean", -2.4, 3.1), ("mean", 0.8, 2.9)],
        ),
    ],
)
def test_changes_in_two_groups_have_one_measure(
    tmp_path: Path, text: str, wanted: list[tuple[str, float, float | None]]
) -> None:
    (tmp_path / "page.txt").write_text(ZINC + text, encoding="utf-8")
    record = make_extractor()(read(tmp_path / "page.txt"))
    assert [(e.measure, e.value, e.sd) for s in record.studies for e in s.effects] == wanted


def test_fewer_of_a_thousand_are_a_difference_of_risks(tmp_path: Path) -> None:
    text = "Deaths were 18 more per 1000 with zinc (95% CI 3 fewer to 40 more)."
    (tmp_path / "page.txt").write_text(ZINC + text, encoding="utf-8")
    record = make_extractor()(read(tmp_path / "page.txt"))
    (effect,) = record.studies[0].effects
    assert (effect.measure, effect.value, effect.unit) == ("RD", 18, "/1000")
    assert (effect.ci_low, effect.ci_high) == (-3, 40)
