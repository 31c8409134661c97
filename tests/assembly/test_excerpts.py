"""A sentence copied out of a report is read as a result; a line of another kind is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.assembly.excerpts import is_excerpt
from kg.assembly.studies import find_studies
from kg.readers import read
from kg.text import Reading


def reading_of(folder: Path, text: str) -> Reading:
    path = folder / "text.txt"
    path.write_text(text, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    "text",
    [
        "Pain relief was seen in 54% of those on naproxen and 31% of those on placebo.",
        "Mean pressure fell from 25.0 +/- 1.9 to 17.6 +/- 2.2 mmHg in the laser arm",
        "Five-year survival was 44% and 34%, respectively.",
        "Four of seven in the lithium group and two of seven in the sham group answered.",
        "There were nine deaths in the early arm and four deaths in the late arm.",
        "Cure was reached in 62% with surgery and in 47% with drops.",
        "Raised levels were found in 19.8% (55/278).",
        "The trial drug lowered events (3.2 percent vs. 8.3 percent; hazard ratio, 0.39; 95 percent confidence interval, 0.18 to 0.84).",
    ],
)
def test_a_result_without_a_title_is_a_study(tmp_path: Path, text: str) -> None:
    reading = reading_of(tmp_path, text)
    assert is_excerpt(reading)
    (study,) = find_studies(reading)
    assert study.title is None


@pytest.mark.parametrize(
    "text",
    [
        "Save 20% on vitamin D this week!",
        "Vitamin D and the risk of falls in older adults",
        "Read all 12 chapters at www.example.org where 5% of patients were treated.",
        "We thank the patients and their families.",
    ],
)
def test_other_lines_are_none(tmp_path: Path, text: str) -> None:
    reading = reading_of(tmp_path, text)
    assert not is_excerpt(reading)
    assert find_studies(reading) == []


def test_an_abstract_in_one_paragraph_is_none(tmp_path: Path) -> None:
    text = (
        "Zinc for the common cold. Colds are frequent and few remedies were ever tested. We gave zinc or placebo"
        " to 60 adults. Colds lasted 4.1 vs. 6.2 days (p = 0.02). Zinc shortened colds."
    )
    assert not is_excerpt(reading_of(tmp_path, text))
    assert is_excerpt(reading_of(tmp_path, "Colds lasted 4.1 vs. 6.2 days with zinc vs. placebo (p = 0.02)."))  # fmt: skip
