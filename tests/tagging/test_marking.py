"""What "versus" parts are two mentions, and the second is what the first is compared with."""

from __future__ import annotations

import numpy as np
import pytest

from kg.assembly.annotation import Token
from kg.records import Record
from kg.tagging.marking import evened

TEXT = """Letrozole versus tamoxifen in postmenopausal women with advanced breast cancer: a randomised trial.

Women were randomly assigned to letrozole 2.5 mg daily or tamoxifen 20 mg daily. Median time to progression was
longer with letrozole than with tamoxifen.
"""


def test_what_is_compared_is_marked_apart(record: Record) -> None:
    marked = [m for m in record.mentions if m.kind in ("intervention", "comparator")]
    assert {"Letrozole", "tamoxifen"} <= {m.text for m in marked}
    assert all("versus" not in m.text for m in marked)


def test_the_second_is_the_comparator(record: Record) -> None:
    kinds = {(m.text.lower(), m.kind) for m in record.mentions if m.start_char < TEXT.index(" in ")}
    assert ("letrozole", "intervention") in kinds
    assert ("tamoxifen", "comparator") in kinds


def test_a_name_is_as_likely_wherever_it_stands() -> None:
    tagged = [("Zinc", "NOUN"), ("of", "ADP"), ("zinc", "NOUN"), ("of", "ADP"), ("ZINC", "NOUN")]
    tokens = [Token(n, n + 1, text, tag) for n, (text, tag) in enumerate(tagged)]
    chances = np.array([0.9, 0.8, 0.1, 0.2, 0.8], np.float32)
    assert evened(chances, 0.5, tokens) == pytest.approx([0.75, 0.8, 0.35, 0.2, 0.7])
    assert evened(chances, 0.0, tokens) == pytest.approx(chances)
