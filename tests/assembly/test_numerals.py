"""Whole numbers in figures and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assembly.numerals import WORDS, find_counts, parse_words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A total of 2,965 patients", [2965]),
        ("20 studies of 68 680 patients", [20, 68680]),
        ("108\u2009711 samples", [108711]),
        ("Three hundred two patients", [302]),
        ("One thousand seven hundred and fourteen studies", [1714]),
        ("Eight-thousand four-hundred twenty-two women", [8422]),
        ("Two-hundred and nineteen residents", [219]),
        ("5.2 of them, 12% and 25-OH", []),
        ("aged 18-75 and n=40, 4.06 million", [18]),
        ("44–5,692 community-dwellers", [44]),
    ],
)
def test_counts_are_read(text, values):
    assert [c.value for c in find_counts(text)] == values


@given(st.integers(min_value=0, max_value=10**7), st.sampled_from([",", "\u2009", "\u00a0", " "]))
def test_separators_of_thousands_do_not_change_a_count(value, separator):
    text = f"We saw {value:,} of them".replace(",", separator)
    assert [c.value for c in find_counts(text)] == [value]


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(sorted(WORDS)))
def test_two_numbers_in_words_are_not_added_up(first, second):
    tens_and_ones = WORDS[first] >= 20 and WORDS[second] < 10
    assert (parse_words(f"{first} {second}") is not None) == tens_and_ones


@pytest.mark.parametrize("text", ["9" * 5000, "one hundred and " * 2000, "1,234" + ",567" * 3000])
def test_no_text_is_too_long_to_be_looked_at(text):
    assert all(c.value < 10**13 for c in find_counts(text))


@given(st.text())
def test_offsets_hold_the_number(text):
    for count in find_counts(text):
        assert 0 <= count.start_char < count.end_char <= len(text)


def test_a_number_glued_to_a_heading_is_read():
    text = "Results250 patients were included; HPV16 and Studies12 are names."
    assert [c.value for c in find_counts(text)] == [250]
