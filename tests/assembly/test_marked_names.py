"""The outcomes of an excerpt go by the words that are marked in it."""

from __future__ import annotations

from dataclasses import replace

from kg.assembly.annotation import TaggedMention
from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.link import Link
from kg.assembly.marked_names import named_as_marked
from kg.pipeline import annotate, make_nlp
from tests.assembly.make_reading import make_reading

SENTENCE = (
    "Complete healing of the ulcer was seen in 62% of the zinc group and 47% of the placebo group."
)
MARKED = "Complete healing of the ulcer"


def context_of(text: str) -> Context:
    reading = make_reading(text, "results")
    start = text.index(MARKED)
    mark = TaggedMention("outcome", start, start + len(MARKED), MARKED)
    annotation = replace(annotate(make_nlp(), reading), mentions=(mark,))
    return make_context(reading, annotation, read_evidence(reading))


def outcomes(context: Context) -> list[str]:
    """Return what the values' outcomes are called when each is linked to the shortest phrase at hand."""
    short = min(
        (p for p in context.phrases if "ulcer" in p.raw), key=lambda p: p.end_char - p.start_char
    )
    links = {k: Link(k, 1.0, outcome=short) for k in range(2)}
    return [link.outcome.raw for link in named_as_marked(context, links).values() if link.outcome]


def test_an_overlapping_mark_names_the_outcome() -> None:
    assert outcomes(context_of(SENTENCE)) == [MARKED, MARKED]


def test_longer_texts_keep_their_names() -> None:
    text = SENTENCE + " " + "The trial lasted 12 weeks. " * 40
    assert MARKED not in outcomes(context_of(text))
