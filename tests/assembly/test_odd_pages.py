"""Texts that had ended in an internal error: a group as the last word, nobody of nobody who responded."""

from __future__ import annotations

from kg.extract import make_extractor
from kg.readers import read_bytes


def test_a_group_named_by_the_last_words_of_a_text() -> None:
    text = (
        "# Fewer colds in nursing homes with high dose zinc\n\nResidents (n = 80) were randomized to a high dose (10 mg of zinc daily, n = 40) "
        "or a standard dose (2 mg daily, n = 40) for 12 months. Colds were rarer with the high dose (21 vs 35%, p = 0.02).\n\n"
        "* Colds: 40% fewer with the high dose"
    )
    record = make_extractor()(read_bytes(text.encode(), "page.md"))
    assert record.studies


def test_nobody_of_nobody_is_no_arm() -> None:
    text = (
        "# Zinc and cancer: a randomised trial\n\nPatients were randomised to zinc plus iron (ZI group) or iron (I group). "
        "The response rate was 8% for the ZI group (CR, N = 0; PR, N = 4; not evaluable, N = 1) and 7% for the I group (CR, N = 0; PR, N = 3).\n"
    )
    record = make_extractor()(read_bytes(text.encode(), "page.md"))
    assert [arm.n for arm in record.studies[0].arms] == [None, None]
