"""Chemicals and conditions are marked wherever they are named, short forms with their long ones."""

from __future__ import annotations

import itertools

from kg.records import Record

TEXT = """Lithium-induced tremor in a patient taking propranolol.

A 54-year-old woman developed a coarse tremor while taking lithium carbonate. Propranolol was given and the
tremor ceased; when propranolol was stopped it came back. Serum lithium and creatinine were normal. She also had
systemic lupus erythematosus (SLE). SLE was treated, and her bone mineral density (BMD) was measured; BMD did not change.
"""


def test_every_place_is_marked(record: Record) -> None:
    marked = [m for m in record.mentions if m.kind == "chemical"]
    names = [m.text.lower() for m in marked]
    assert names.count("propranolol") == TEXT.lower().count("propranolol")
    assert any(name.startswith("lithium") for name in names)
    assert "creatinine" in names
    assert "tremor" not in names
    assert "woman" not in names
    assert all(record.document.text[m.start_char : m.end_char] == m.text for m in marked)
    places = sorted((m.start_char, m.end_char) for m in marked)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))


def test_short_forms_agree_with_what_they_stand_for(record: Record) -> None:
    conditions = [m.text for m in record.mentions if m.kind == "condition"]
    assert conditions.count("SLE") == TEXT.count("SLE")
    assert "systemic lupus erythematosus" in conditions
    assert conditions.count("tremor") == TEXT.count("tremor")
    assert "BMD" not in conditions
