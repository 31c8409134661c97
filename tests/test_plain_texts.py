"""The made-up plain reports: whole, annotated to the character, and read no worse than they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plain import PARTS, measure, read_texts

TEXTS = {part: list(read_texts(part)) for part in PARTS}


def test_the_halves_share_no_text() -> None:
    read, kept = ({text for _, text, _ in TEXTS[part]} for part in PARTS)
    assert (len(read), len(kept)) == (140, 140)
    assert not read & kept


@pytest.mark.parametrize(("part", "count"), [("read", 1535), ("kept", 1682)])
def test_every_number_is_quoted_from_its_text(part: str, count: int) -> None:
    quotes = [
        (effect["quote"], text)
        for _, text, gold in TEXTS[part]
        for effect in gold["studies"][0]["effects"]
    ]
    assert len(quotes) == count
    assert all(quote and quote in text for quote, text in quotes)


def test_the_kept_half_is_read_no_worse(tmp_path: Path) -> None:
    found = measure("kept", tmp_path)
    assert found["numbers_recall"] >= 0.92
    assert found["numbers_precision_in_annotated_sentences"] >= 0.95
    assert found["direction_ok_of_hit"] >= 0.82
    assert found["full_recall"] >= 0.46
