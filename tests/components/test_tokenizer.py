"""Tokens: numbers, units and signs apart, the text unaltered."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kg.components.tokenizer.component import ClinicalTokenizer, find_tokens


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Return an English pipeline with nothing but the tokenizer."""
    language = spacy.blank("en")
    language.tokenizer = ClinicalTokenizer(language.vocab)
    return language


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("RR 0.84,95% CI", "RR|0.84|,|95|%|CI"),
        ("SMD=-1.146", "SMD|=|-|1.146"),
        ("P=.03", "P|=|.03"),
        ("0·46 vs. 1,240.5", "0·46|vs|.|1,240.5"),
        ("25(OH)D3 and HbA1c", "25|(|OH|)|D3|and|HbA1c"),
        ("12mg/day", "12|mg|/|day"),
        ("IL-2 in Crohn's", "IL|-|2|in|Crohn|'s"),
        ("ResultsA total of ConclusionLow-dose", "Results|A|total|of|Conclusion|Low|-|dose"),
        ("Results were", "Results|were"),
        ("±7.04after:3", "±|7.04|after|:|3"),
    ],
)
def test_tokens_are_cut_where_meaning_changes(text: str, tokens: str) -> None:
    assert [text[a:b] for a, b in find_tokens(text)] == tokens.split("|")


prose = st.lists(
    st.sampled_from(
        ["RR 0.84", ",95% CI", "\u2009", "\n", "  ", "25(OH)D", "p<.001", "–", "αβ", "ResultsA"]
    )
    | st.text(max_size=6)
).map("".join)


@settings(deadline=None)
@given(prose)
def test_the_text_stays_as_it_is(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    ours = [(t.idx, t.idx + len(t)) for t in doc if not t.text.isspace()]
    assert ours == find_tokens(text)
