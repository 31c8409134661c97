"""What "versus" parts are two mentions, and the second is what the first is compared with."""

from __future__ import annotations

from kg.records import Record

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
