"""The sentences that can tell a finding: where their words for it stand, their clauses, their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.assembly.context import Context
from kg.assembly.told_words import CARRIERS, CLASS_OF, CLAUSE_ENDS
from kg.assembly.zones import Zone, find_labels

WHOLE = 6  # sentences from which a text is a report, whose first sentences name it and its aim
MIDDLE = 0.6  # where the sentences of a shorter text are held to stand
_LABELLED: dict[str, Zone] = {
    "title": "title", "abstract": "background", "background": "background", "introduction": "background",
    "objective": "background", "methods": "methods", "results": "results", "conclusion": "conclusion",
    "conclusions": "conclusion", "discussion": "conclusion",
}  # fmt: skip
_CARRYING = frozenset(CARRIERS)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence: where the words of each class stand, its clauses, its numbers, its zone."""

    sentence: int
    first: int  # token indexes, end excluded
    last: int
    places: dict[str, list[int]]
    clause_ends: list[int]
    outcomes: list[int]  # first tokens of phrases tagged as outcomes
    statistics: list[int]  # indexes of the document's statistics that have a value or a p value
    zone: Zone | None
    where: float


def _is_degree(lower: Sequence[str], classes: Sequence[str | None], t: int) -> bool:
    """Tell whether a word says how much something changed, not which way: "fell more"."""
    return t > 0 and lower[t] == "more" and classes[t - 1] in ("fall", "rise")


def zones_of_sentences(context: Context) -> list[Zone | None]:
    """Return the zone of each sentence: the block's section, or the label last printed in the block."""
    marks: dict[int, list[tuple[int, Zone]]] = {}
    zones: list[Zone | None] = []
    text = context.reading.view.text
    for sentence in context.annotation.sentences:
        if sentence.block not in marks:
            block = context.reading.blocks[sentence.block]
            found = find_labels(text, block.start_char, block.end_char)
            marks[sentence.block] = [(place, zone) for place, _, zone in found]
        before = [zone for place, zone in marks[sentence.block] if place <= sentence.start_char + 2]
        zones.append(before[-1] if before else _LABELLED.get(sentence.section))
    return zones


def scenes(context: Context) -> list[Scene]:
    """Return one scene for each sentence that holds a word which can carry a finding."""
    by_sentence: dict[int, list[int]] = {}
    for k, (statistic, place) in enumerate(zip(context.statistics, context.places, strict=True)):
        if statistic.value is not None or statistic.p_value is not None:
            by_sentence.setdefault(place.sentence, []).append(k)
    zones = zones_of_sentences(context)
    classes = list(map(CLASS_OF.get, context.lower))
    found = []
    total = max(1, len(context.sentence_tokens))
    for n, (first, last) in enumerate(context.sentence_tokens):
        if _CARRYING.isdisjoint(classes[first:last]):
            continue
        if context.reading.blocks[context.annotation.sentences[n].block].kind == "table":
            continue
        places: dict[str, list[int]] = {}
        for t, name in enumerate(classes[first:last], first):
            if name is not None and not _is_degree(context.lower, classes, t):
                places.setdefault(name, []).append(t)
        ends = [t for t, w in enumerate(context.lower[first:last], first) if w in CLAUSE_ENDS]
        tagged = [p.first for p in context.by_sentence.get(n, ()) if p.score("outcome") >= 0.5]
        found.append(
            Scene(
                n,
                first,
                last,
                places,
                ends,
                tagged,
                by_sentence.get(n, []),
                zones[n],
                n / total if total >= WHOLE else MIDDLE,
            )
        )
    return found
