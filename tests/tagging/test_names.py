"""Names with signs and numbers stay whole, in phrases too."""

from __future__ import annotations

import pytest

from kg.components.tokenizer.component import find_tokens
from kg.tagging.names import find_names
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.phrases import find_phrases

NAMES = [
    "25(OH)D", "25(OH)D3", "25 (OH) D", "25[OH]D", "25-OH-vitamin D", "25-OH D", "25OHD3", "1,25(OH)2D",
    "1,25-(OH)2-D", "1α,25(OH)2D3", "25-hydroxyvitamin D", "1,25-dihydroxyvitamin D3", "25(OH)D(3)", "25(OHD)",
    "vitamin D", "vitamin D3", "vitamin D(3)", "vitamin B-12", "vitamins C", "vitamin-D",
    "HbA(1c)", "HbA 1c", "omega-3", "omega 3", "IL-2", "TNF-α", "interleukin (IL)-6",
    "CD4+", "CD4+CD25+", "Ca2+", "S. aureus", "H. influenzae",
]  # fmt: skip


def tokens(text: str) -> tuple[list[tuple[int, int]], list[str], list[bool]]:
    spans = find_tokens(text)
    glued = [k > 0 and spans[k][0] == spans[k - 1][1] for k in range(len(spans))]
    return spans, [text[a:b] for a, b in spans], glued


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_unit(name: str) -> None:
    text = f"The mean {name}, it fell."
    spans, words, glued = tokens(text)
    found = [text[spans[a][0] : spans[b - 1][1]] for a, b in find_names(words, glued)]
    assert found == [name]
    tagger = PartOfSpeechTagger()
    ranges = find_phrases(words, tagger.tag(words), glued)
    phrases = [text[spans[a][0] : spans[b - 1][1]] for a, b in ranges]
    assert [p for p in phrases if name in p]
    assert not {"OH", "D", "vitamin", "HbA", "IL", "1c"}.intersection(phrases)


@pytest.mark.parametrize(
    "text",
    [
        "Two vitamins were given.",
        "The vitamin did nothing.",
        "In 25 (OH no) days.",
        "Grade A 10 mg.",
        "p = 0.25 (D).",
    ],
)
def test_no_name_is_seen_where_none_is(text: str) -> None:
    _, words, glued = tokens(text)
    assert find_names(words, glued) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ConclusionLow-dose zinc helped.", ["Conclusion", "Low-dose zinc"]),
        ("Adults took vitamin D3 4000 IU.", ["Adults", "vitamin D3"]),
    ],
)
def test_phrases_hold_neither_headings_nor_amounts(text: str, wanted: list[str]) -> None:
    spans, words, glued = tokens(text)
    ranges = find_phrases(words, PartOfSpeechTagger().tag(words), glued)
    assert [text[spans[a][0] : spans[b - 1][1]] for a, b in ranges] == wanted
