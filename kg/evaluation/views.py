"""What the scorers look at in a record: effects with the labels of what they refer to, mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """An effect of ours with its study and the labels of what it refers to, "" for none."""

    effect: Json
    study: Json
    intervention: str
    comparator: str
    outcome: str

    @property
    def sentence(self) -> Place:
        """Where the sentence stands that tells it."""
        return place(self.effect["evidence"][0])

    @property
    def number(self) -> Place:
        """Where its number stands."""
        return place(self.effect["evidence"][-1])

    @property
    def places(self) -> list[Place]:
        """Everywhere its number stands; the sentence where it has none."""
        evidence = self.effect.get("evidence", [])
        return [place(span) for span in evidence[1:] or evidence]


def claims(record: Json | None) -> Iterator[Claim]:
    """Yield the effects of a record, study by study."""
    for study in studies(record):
        interventions = labels(study, "interventions")
        outcomes = labels(study, "outcomes")
        for effect in study.get("effects", ()):
            yield Claim(
                effect,
                study,
                interventions.get(effect.get("intervention"), ""),
                interventions.get(effect.get("comparator"), ""),
                outcomes.get(effect.get("outcome"), ""),
            )


def studies(record: Json | None) -> list[Json]:
    """Return the studies of a record, none of no record."""
    return [] if record is None else list(record.get("studies", ()))


def labels(study: Json, items: str) -> dict[str | None, str]:
    """Return identifier → label of a study's interventions, outcomes or populations."""
    return {item["id"]: item["label"] for item in study.get(items, ())}


def mentions(record: Json | None, kinds: Collection[str]) -> list[Place]:
    """Return where a record mentions something of these kinds."""
    found = [] if record is None else record.get("mentions", ())
    return [place(mention) for mention in found if mention["kind"] in kinds]


def entities(document: Json, wanted: Collection[str]) -> list[Place]:
    """Return where an annotated document marks something with one of these labels."""
    return [(e["start"], e["end"]) for e in document["entities"] if e["label"] in wanted]


def place(span: Json) -> Place:
    """Return a span's offsets."""
    return span["start_char"], span["end_char"]


def within(inner: Place, outer: Place) -> bool:
    """Whether the first lies in the second."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlap(one: Place, other: Place) -> bool:
    """Whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]
