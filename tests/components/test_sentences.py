"""Sentence ends: those of biomedical prose, web pages and damaged abstracts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.components.sentences.component import find_sentences


def sentences(text: str) -> list[str]:
    """Return the sentences of a text as strings."""
    return [text[a:b] for a, b in find_sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Risk fell (p = 0.05).|Besides, pain fell.",  # glued, as some abstracts are
        "Five studies were found(Table 1).|The score fell.",
        "It was low [P<0.001].|Besides, cells rose.",
        "Doses of vitamin D.| The trial ended.",
        "We gave 2 vs. 3 mg, i.e. less, to Smith et al. In 2010 it rose.",
        "As J. K. Rowling said. |No. 5 was lost.",
        "See Fig. 2 and No. 82001740 for approx. 5 g.",
        "It helps regeneration. 2| The vitamin acts. 1, 3",
        "It lowers risk.12,13| In women it does not.",
        "Was it safe?| Yes.",
        "Values rose (v. 2. The rest fell) by 0.5.| Then 12 patients left.",
        "There were 12.| 24 patients left.",
        "(STATA v.12.0)|ResultsA total of 5 studies.|ConclusionLow-dose was good.",
        "In the U.S. trial it rose by 0.84.",
        "It was 8% vs 11. 7% (35/300), P<0. 05.|\n24 women left.",
        "Groups were equal.|\n\nNext paragraph",
        "He said “it works.”| Then he left.",
        "The difference was not significant (95% C.I. 0.8 to 1.2).| Women improved.",
    ],
)
def test_sentences_end_where_they_should(marked: str) -> None:
    wanted = [piece.strip() for piece in marked.split("|")]
    assert sentences(marked.replace("|", "")) == wanted


prose = st.lists(
    st.sampled_from(
        [
            "Risk fell",
            " (p = 0.05)",
            ".",
            " ",
            ". ",
            "The",
            "\n\n",
            "et al.",
            " 1",
            "Results",
            "A",
            "vitamin D",
        ]
    )
    | st.text(max_size=5)
).map("".join)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Results Birth before 34 weeks fell.", ["Results", "Birth before 34 weeks fell."]),
        ("RESULTS Mortality fell.", ["RESULTS", "Mortality fell."]),
        ("Results were good.", ["Results were good."]),
        ("METHODS AND RESULTS. It fell.", ["METHODS AND RESULTS.", "It fell."]),
        ("RESULTS: It fell.", ["RESULTS: It fell."]),
    ],
)
def test_a_label_run_into_a_sentence_is_none_of_its_words(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@settings(deadline=None)
@given(prose)
def test_sentences_hold_all_that_is_no_white_space(text: str) -> None:
    found = find_sentences(text)
    assert all(a < b for a, b in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(found))
    inside = "".join(text[a:b] for a, b in found)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in found)


@settings(deadline=None)
@given(prose)
def test_a_paragraph_break_always_ends_a_sentence(text: str) -> None:
    assert all("\n\n" not in text[a:b] for a, b in find_sentences(text))


@settings(deadline=None)
@given(
    st.from_regex(
        r"[A-Z][a-z]{2,6} (was|of) [0-9]{1,3}\.[0-9]{1,3}( \([0-9]\.[0-9]{2}-[0-9]\.[0-9]{2}\))?\.",
        fullmatch=True,
    )
)
def test_decimals_are_never_cut(sentence: str) -> None:
    assert sentences(sentence + " " + sentence) == [sentence, sentence]


def test_real_pages_have_no_runaway_sentences(shared: Path) -> None:
    pages = sorted((shared / "corpora" / "seeds").glob("*.txt"))
    assert len(pages) == 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        prose = [s for s in sentences(text) if not s.startswith(("{", '"'))]
        assert sum(len(s) > 700 for s in prose) <= 1  # the flattened table of the fourth page
