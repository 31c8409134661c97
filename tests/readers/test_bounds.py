"""What no prose holds is shown within bounds, and still stands where it stands in the source."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.components.sentences.component import LONGEST, find_sentences
from kg.readers import read_bytes
from kg.readers.bounds import LONGEST_GAP, LONGEST_WORD, bound_text

PIECES = st.one_of(
    st.integers(1, 3 * LONGEST_GAP).map(lambda n: " " * n),
    st.integers(1, 3 * LONGEST_WORD).map(lambda n: "x" * n),
    st.sampled_from(["word", ". A", "\n\n", "\n- ", "| a | b |\n|---|---|\n| 1 | "]),
)
_ENDLESS = re.compile(rf"\s{{{LONGEST_GAP + 1}}}|\S{{{LONGEST_WORD + 1}}}")


@example("x" * 40 + "\n- \n\nxx x")
@given(st.lists(PIECES, min_size=3, max_size=30).map("".join).filter(str.strip))
def test_a_view_holds_no_endless_word_or_gap_and_keeps_its_places(text: str) -> None:
    reading = read_bytes(text.encode(), "a.txt")
    assert not _ENDLESS.search(reading.view.text)
    for block in reading.blocks:
        shown = reading.view.text[block.start_char : block.end_char]
        assert shown == shown.strip() != ""
        quoted = reading.span(block.start_char, block.end_char).text
        if block.kind != "table":
            # a view leaves out the marks of lists
            assert "".join(shown.split()).replace("-", "") == "".join(quoted.split()).replace(
                "-", ""
            )
        for row in block.table.rows if block.table else ():
            for cell in row:
                assert block.start_char <= cell.start_char <= cell.end_char <= block.end_char


@pytest.mark.parametrize(
    "data", [b'{"title": "A", "abstract": "%s"}', b"TY  - JOUR\nAB  - %s\nER  - \n"]
)
def test_assembled_texts_are_bounded_too(data: bytes) -> None:
    reading = read_bytes(data % (b"RR 0.84 " + b"a" * 1000 + b"\xc2\xa0" * 1000 + b"b"), "a")
    assert "RR 0.84 " in reading.view.text
    assert not _ENDLESS.search(reading.view.text)


def test_bounds_leave_prose_alone() -> None:
    text = "Vitamin D  lowered it.\n\n\n" + "长" * LONGEST_WORD + " " * LONGEST_GAP + "end"
    assert bound_text(text) is text
    assert bound_text(text + "x" * LONGEST_WORD) != text + "x" * LONGEST_WORD


def test_no_sentence_is_endless() -> None:
    text = "one and " * 2000 + "x" * (2 * LONGEST)
    found = find_sentences(text)
    assert max(end - start for start, end in found) <= LONGEST
    assert "".join(text[a:b] for a, b in found).replace(" ", "") == text.replace(" ", "")
