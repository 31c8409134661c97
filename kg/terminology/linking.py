"""Concepts of a record: its interventions, conditions, outcomes and mentions, grounded in place.

A phrase is grounded with the document's short forms written out as they are meant at its place. What
cannot be told is left without a concept; a short form that means two things is told in a notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kg.records import (
    Concept,
    Evidence,
    Intervention,
    Mention,
    Notice,
    Outcome,
    Population,
    Record,
    Span,
    Study,
)
from kg.terminology.entry import ConceptEntry
from kg.terminology.grounding import Grounder, Grounding
from kg.terminology.phrases import Slot, parts
from kg.terminology.senses import Senses

Item = TypeVar("Item", Intervention, Outcome)

_SLOTS: dict[str, Slot] = {
    "intervention": "intervention", "comparator": "intervention", "condition": "condition",
    "population": "condition", "outcome": "outcome",
}  # fmt: skip
#: Other candidates of a concept that a record keeps, and how likely they must be.
_MOST_CANDIDATES, _LEAST_SCORE = 4, 0.5
_MOST_ABOVE = 8  # broader concepts that a record lists of one concept


def link_record(record: Record, senses: Senses, grounder: Grounder) -> Record:
    """Return the record with concepts: of the record, its studies' parts, and its mentions.

    A population's ``condition`` becomes the identifier of its concept and keeps its words where none is
    found. An intervention that names several things together has no concept of its own; its parts are
    among the record's concepts.
    """
    return _Linker(record, senses, grounder).link()


@dataclass
class _Linker:
    """Grounds one record."""

    record: Record
    senses: Senses
    grounder: Grounder
    found: dict[str, Concept] = field(default_factory=dict)
    used: dict[str, ConceptEntry] = field(default_factory=dict)
    unclear: dict[str, Span] = field(default_factory=dict)

    def link(self) -> Record:
        studies = tuple(self._study(study) for study in self.record.studies)
        mentions = tuple(self._mention(mention) for mention in self.record.mentions)
        for entry in list(self.used.values()):
            self._add_broader(entry)
        return self.record.model_copy(
            update={
                "studies": studies,
                "mentions": mentions,
                "concepts": tuple(self.found[name] for name in sorted(self.found)),
                "notices": (*self.record.notices, *self._notices()),
            }
        )

    def _study(self, study: Study) -> Study:
        changes = {
            "interventions": tuple(self._item(i, "intervention") for i in study.interventions),
            "outcomes": tuple(self._item(item, "outcome") for item in study.outcomes),
            "populations": tuple(self._population(item) for item in study.populations),
        }
        return study.model_copy(update=changes)

    def _item(self, item: Item, slot: Slot) -> Item:
        at = _place(item.evidence)
        concept = self._concept(item.label, slot, at, item.evidence)
        if concept is None and slot == "intervention":
            for part in parts(item.label):
                self._concept(part, slot, at, item.evidence)
        return item if concept is None else item.model_copy(update={"concept": concept})

    def _population(self, item: Population) -> Population:
        if item.condition is None:
            return item
        concept = self._concept(item.condition, "condition", _place(item.evidence), item.evidence)
        return item if concept is None else item.model_copy(update={"condition": concept})

    def _mention(self, mention: Mention) -> Mention:
        slot = _SLOTS.get(mention.kind)
        if slot is None:
            return mention
        concept = self._concept(mention.text, slot, mention.start_char, mention)
        return mention if concept is None else mention.model_copy(update={"concept": concept})

    def _concept(
        self, phrase: str, slot: Slot, at_char: int, evidence: Evidence | Mention
    ) -> str | None:
        """Return the identifier of what a phrase means, its concept added to the record."""
        expansion = self.senses.expand(phrase, at_char)
        if expansion.unclear:
            for span in _spans(evidence)[:1]:
                for short in expansion.unclear:
                    self.unclear.setdefault(short, span)
            return None
        grounding = self.grounder.ground(expansion.text, slot, suggest=False)
        if grounding.concept is None and expansion.text != phrase:
            grounding = self.grounder.ground(phrase, slot, suggest=False)
        if grounding.concept is None:
            return None
        entry = grounding.concept
        known = self.found.get(entry.id)
        if known is None or known.score < _score(grounding):
            self.found[entry.id] = to_concept(entry, grounding)
        self.used[entry.id] = entry
        return entry.id

    def _add_broader(self, entry: ConceptEntry) -> None:
        """List the concepts above one, nearest first, so that the graph can name them."""
        waiting, added = list(entry.broader), 0
        while waiting and added < _MOST_ABOVE:
            above = self.grounder.get(waiting.pop(0))
            if above is None or above.id in self.found:
                continue
            self.found[above.id] = to_concept(above)
            waiting += above.broader
            added += 1

    def _notices(self) -> Iterable[Notice]:
        for short, span in sorted(self.unclear.items()):
            meanings = " or ".join(f'"{long}"' for long in self.senses.meanings(short))
            yield Notice(
                code="ambiguous-abbreviation",
                severity="warning",
                message=f"{short} means {meanings}; which one is meant here cannot be told,"
                " so it is linked to no concept",
                evidence=(span,),
            )


def _spans(evidence: Evidence | Mention) -> Evidence:
    """Return the places of a name; few mentions are asked for theirs."""
    if isinstance(evidence, Mention):
        m = evidence
        return (Span(start_char=m.start_char, end_char=m.end_char, text=m.text),)
    return evidence


def to_concept(entry: ConceptEntry, grounding: Grounding | None = None) -> Concept:
    """Return an entry as a record's concept, with the other candidates of its grounding."""
    candidates: list[dict[str, Any]] = []
    if grounding is not None:
        candidates = [
            {
                "id": item.entry.id,
                "label": item.entry.label,
                "score": round(item.score, 3),
                "match": item.match,
            }
            for item in grounding.candidates[:_MOST_CANDIDATES]
            if item.score >= _LEAST_SCORE
        ]
    return Concept(
        id=entry.id,
        label=entry.label,
        kind=entry.kind,
        xrefs=entry.xrefs,
        broader=entry.broader,
        score=1.0 if grounding is None else _score(grounding),
        candidates=tuple(candidates) if len(candidates) > 1 else (),
    )


def _score(grounding: Grounding) -> float:
    """Return a grounding's score as records hold it."""
    return round(grounding.score, 3)


def _place(evidence: Evidence) -> int:
    return evidence[0].start_char if evidence else 0
