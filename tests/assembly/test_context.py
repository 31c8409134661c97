"""The stretches of a text that may name something."""

from __future__ import annotations

from dataclasses import replace

from kg.assembly.annotation import TaggedMention
from kg.assembly.evidence import make_context, read_evidence
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading

TEXT = "Per 10 nmol/l higher vitamin D the odds fell; 40,000 IU/week of cholecalciferol and saline/glucose infusions did not differ."


def test_a_name_does_not_begin_with_the_end_of_a_unit() -> None:
    reading = make_reading(TEXT, "results")
    found = []
    for cut in ("l higher vitamin D", "week of cholecalciferol", "glucose infusions"):
        start = TEXT.index(cut)
        found.append(TaggedMention("intervention", start, start + len(cut), cut))
    annotation = replace(annotate(make_nlp(), reading), mentions=tuple(found), chunks=())
    context = make_context(reading, annotation, read_evidence(reading))
    assert [p.raw for p in context.phrases] == ["vitamin D", "cholecalciferol", "glucose infusions"]
