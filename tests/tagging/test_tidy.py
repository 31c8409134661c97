"""Mentions put in order."""

from __future__ import annotations

import pytest

from kg.components.tokenizer.component import find_tokens
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.tidy import tidy


@pytest.fixture(scope="module")
def tagger() -> PartOfSpeechTagger:
    """Return the packaged tagger."""
    return PartOfSpeechTagger()


@pytest.mark.parametrize(
    ("sentence", "marked", "wanted"),
    [
        ("Serum 25(OH)D levels fell.", ["OH", "D levels"], ["25(OH)D levels"]),
        ("It was given for 30 days.", ["for 30 days"], []),
        ("The 25(OH)D level rose.", ["The 25(OH)D level rose"], ["25(OH)D level"]),
        ("The risk ratio (RR) was given.", ["risk ratio", "RR"], []),
        ("Bleeding (nose) rose.", ["Bleeding (nose"], ["Bleeding"]),
        ("They took 500 mg metformin daily.", ["500 mg metformin"], ["metformin"]),
        ("HbA(1c) fell with low-dose IL-2.", ["HbA", "low", "IL"], ["HbA(1c)", "low-dose IL-2"]),
        ("They had 1,25(OH)2D3 and vitamin D.", ["2D3", "vitamin"], ["1,25(OH)2D3", "vitamin D"]),
        ("Serum 25OHD was 13 ng.", ["25OHD was 13 ng"], ["25OHD"]),
        ("25(OH)D3 rose with zinc.", ["25(OH)D3 rose with zinc"], ["25(OH)D3"]),
        ("Death and pain fell.", ["Death", "and pain"], ["Death", "pain"]),
    ],
)
def test_mentions_begin_and_end_where_names_do(
    sentence: str, marked: list[str], wanted: list[str], tagger: PartOfSpeechTagger
) -> None:
    spans = find_tokens(sentence)
    words = [sentence[a:b] for a, b in spans]
    glued = [k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))]
    runs = []
    for piece in marked:
        start = sentence.index(piece)
        inside = [k for k, (a, _) in enumerate(spans) if start <= a < start + len(piece)]
        runs.append((inside[0], inside[-1] + 1, "outcome"))
    found = [
        sentence[spans[a][0] : spans[b - 1][1]]
        for a, b, _ in tidy(runs, words, tagger.tag(words), glued)
    ]
    assert found == wanted
