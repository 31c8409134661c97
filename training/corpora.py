"""The annotated sets as passages: a text and spans under the labels of our own taggers.

Each adapter converts one set (see ``docs/tagging.md``) to what a mention is for a reader of tables:
the name of what was given or measured, without article, dose or the word "group".
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.matching import Words

LabelledSpan = tuple[int, int, str]

#: Sets that mark a name at one place of a document only; there it is marked wherever it stands.
MARKED_ONCE = frozenset({"pico_corpus", "clerx"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with labelled spans; `style` names the set, for sets differ in what they mark.

    ``keep`` are the stretches whose absence of labels means something: only sentences that begin
    in one of them are learned from.
    """

    document: str
    style: str
    text: str
    spans: tuple[LabelledSpan, ...]
    title_end: int = 0
    keep: tuple[tuple[int, int], ...] = field(default=())


def read_set(folder: Path, name: str, part: str) -> Iterator[dict[str, Any]]:
    """Yield the documents of one part (``train``, ``dev``) of a set."""
    path = folder / name / f"{part}.jsonl"
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)
        return
    with gzip.open(path.with_suffix(".jsonl.gz"), "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def passages(folder: Path, name: str, part: str, as_marked: bool = False) -> Iterator[Passage]:
    """Yield a set's documents as passages with our labels.

    Spans are cut down to what names something, unless they are wanted `as_marked`.
    """
    labels, condition = LABELS[name]
    for number, document in enumerate(read_set(folder, name, part)):
        text = document["text"]
        spans: list[LabelledSpan] = []
        for entity in document["entities"]:
            label = labels.get(entity.get("group", entity["label"])) or labels.get(entity["label"])
            if label is None:
                continue
            place = entity["start"], entity["end"]
            trimmed = place if as_marked else trim(text, *place, label)
            if trimmed is not None:
                spans.append((*trimmed, label))
        if name in MARKED_ONCE:
            spans = _everywhere(text, spans)
        keep = tuple(condition(document)) if condition else ()
        identity = str(document.get("id", number))
        yield Passage(identity, name, text, tuple(spans), title_end(text), keep)


def _everywhere(text: str, spans: list[LabelledSpan]) -> list[LabelledSpan]:
    """Add the further places of what the spans name."""
    words = Words.of(text)
    ranked = [(0, span) for span in spans]
    for start, end, label in spans:
        if label != "population":
            places = words.occurrences(text[start:end])
            ranked.extend((1, (*place, label)) for place in places)
    return without_overlaps(ranked)


def without_overlaps(found: list[tuple[int, LabelledSpan]]) -> list[LabelledSpan]:
    """Keep the better and then the longer of two spans that overlap."""
    kept: list[LabelledSpan] = []
    for _, (a, b, label) in sorted(set(found), key=lambda f: (f[0], f[1][0] - f[1][1], f[1])):
        if all(b <= c or d <= a for c, d, _ in kept):
            kept.append((a, b, label))
    return sorted(kept)


def title_end(text: str) -> int:
    """Return where the first sentence of an abstract, its title, ends."""
    match = re.search(r"[.?!](?=\s)|\n", text[:400])
    return match.end() if match else 0


_ARTICLE = re.compile(r"(?:the|a|an|our|their|its|his|her|this|these|those|both|all)\s+", re.I)
_DOSE = re.compile(
    r"[<>≥≤~]?\s*\d[\d.,·]*(?:\s*(?:-|–|to)\s*\d[\d.,]*)?\s*"
    r"(?:mg|g|kg|μg|µg|mcg|ug|ng|IU|U|ml|mL|mmol|%|Gy|million)(?:\s?/\s?[\w²]+)*\s*(?:of\s+|per\s+\w+\s+)?",
)
_TAIL = re.compile(
    r"(?:\s+(?:who|which|that|were|was|and|or|with|of|in|for|to|the)|,?\s*\(?\d[\d.,·]*\s*"
    r"(?:mg|g|kg|μg|µg|mcg|IU|mL|ml|%)(?:\s?/\s?\w+)*(?:\s(?:daily|weekly|monthly|once daily|per day|twice daily))?\)?)$"
)
_GROUP_BEHIND = re.compile(
    r"[\s-]+(?:treatment\s+|study\s+)?(?:groups?|arms?|cohorts?|recipients|patients|-treated)$",
    re.I,
)
_GROUP_BEFORE = re.compile(
    r"(?:(?:patients?|women|men|children|subjects|participants|those|group|arm)\s+)?"
    r"(?:who\s+)?(?:received|receiving|assigned to|randomi[sz]ed to|allocated to|treated with|given|on|taking)\s+|"
    r"(?:in\s+)?(?:group|arm)\s+(?=[A-Z]\w\w)",
    re.I,
)


def trim(text: str, start: int, end: int, label: str) -> tuple[int, int] | None:
    """Return the part of a span that names something, or ``None`` if none of it does."""
    changed = True
    while changed and start < end:
        before = (start, end)
        while start < end and text[start] in " \n\t,;:.-–'\"/[":
            start += 1
        while start < end and text[end - 1] in " \n\t,;:.-–'\"/]":
            end -= 1
        piece = text[start:end]
        if piece.startswith("(") and piece.endswith(")"):
            start, end = start + 1, end - 1
        elif piece.endswith(")") and "(" not in piece:
            end -= 1
        elif piece.startswith("(") and ")" not in piece:
            start += 1
        if (tail := _TAIL.search(text[:end], start)) and tail.start() > start:
            end = tail.start()
        patterns = [_ARTICLE] + (
            [_DOSE, _GROUP_BEFORE] if label in ("intervention", "comparator") else []
        )
        for pattern in patterns:
            match = pattern.match(text, start, end)
            if match and match.end() < end:
                start = match.end()
        if label in ("intervention", "comparator"):
            match = _GROUP_BEHIND.search(text[start:end])
            if match:
                end = start + match.start()
        changed = (start, end) != before
    piece = text[start:end]
    return (start, end) if any(c.isalpha() for c in piece) and len(piece) > 1 else None


def _results_and_conclusions(document: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which EvidenceOutcomes marks outcomes: where the first one stands on."""
    starts = [entity["start"] for entity in document["entities"]]
    text = document["text"]
    match = re.search(r"\b(?:RESULTS?|FINDINGS|MAIN RESULTS|Results)\b\s*:?", text)
    if match:
        yield match.start(), len(text)
    elif starts:
        yield max(0, text.rfind(". ", 0, min(starts))), len(text)


#: For each set its labels as ours, and which stretches of a document are exhaustively marked.
LABELS: dict[
    str,
    tuple[dict[str, str], Callable[[dict[str, Any]], Iterator[tuple[int, int]]] | None],
] = {
    "pico_corpus": (
        {"intervention": "intervention", "control": "comparator", "outcome": "outcome",
         "outcome-Measure": "outcome", "eligibility": "population"},
        None,
    ),
    "rct_art": ({"INTV": "intervention", "OC": "outcome"}, None),
    "evidence_map": (
        {"Participant": "population", "Intervention": "intervention", "Outcome": "outcome"}, None,
    ),
    "pico_sections": (
        {"P": "population", "I": "intervention", "C": "comparator", "O": "outcome"}, None,
    ),
    "ebm_nlp": (
        {"PARTICIPANTS": "population", "INTERVENTIONS": "intervention", "OUTCOMES": "outcome"}, None,
    ),
    "evidence_outcomes": ({"Outcome": "outcome"}, _results_and_conclusions),
    "ctro": (
        {"Drug": "intervention", "EndPointDescription": "outcome", "Precondition": "population"}, None,
    ),
    "clerx": ({"explanatory_var": "intervention", "outcome_var": "outcome", "baseline": "comparator"}, None),
    "bc5cdr": ({"Chemical": "Chemical", "Disease": "Disease"}, None),
}  # fmt: skip
