"""A text that ends without a stop is read to its end."""

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
