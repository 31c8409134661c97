"""Which part of a report a character lies in: title, background, methods, results, conclusion.

Readers name sections where headings do; abstracts name them inline ("METHODS: …"), and text taken
from a page may have lost every space round the label ("…(IIMs).MethodsSystematic searches").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from kg.text import Reading

Zone = Literal["title", "background", "methods", "results", "conclusion"]

_LABELS: dict[str, Zone] = {
    "abstract": "background", "background": "background", "introduction": "background",
    "objective": "background", "objectives": "background", "aim": "background",
    "aims": "background", "purpose": "background", "importance": "background",
    "context": "background", "rationale": "background", "hypothesis": "background",
    "question": "background", "goal": "background", "goals": "background",
    "methods": "methods", "method": "methods", "design": "methods", "setting": "methods",
    "patients": "methods", "participants": "methods", "subjects": "methods",
    "materials": "methods", "material": "methods", "interventions": "methods",
    "intervention": "methods", "measurements": "methods", "procedures": "methods",
    "search methods": "methods", "selection criteria": "methods", "data sources": "methods",
    "data collection": "methods", "data collection and analysis": "methods",
    "study selection": "methods", "data extraction": "methods", "study design": "methods",
    "main outcome measures": "methods", "main outcomes": "methods", "methodology": "methods",
    "statistical analysis": "methods", "eligibility criteria": "methods", "trial design": "methods",
    "patients and methods": "methods", "subjects and methods": "methods",
    "materials and methods": "methods", "material and methods": "methods",
    "methods and results": "methods", "methods and findings": "methods",
    "research design and methods": "methods", "design and methods": "methods",
    "design, setting, and participants": "methods", "design, setting, and patients": "methods",
    "methods/design": "methods", "population": "methods", "data synthesis": "results",
    "results": "results", "result": "results", "findings": "results", "main results": "results",
    "outcomes": "results", "conclusion": "conclusion", "conclusions": "conclusion",
    "discussion": "conclusion", "interpretation": "conclusion", "limitation": "conclusion",
    "limitations": "conclusion", "authors' conclusions": "conclusion",
    "authors’ conclusions": "conclusion", "conclusions and relevance": "conclusion",
    "implications": "conclusion", "significance": "conclusion", "summary": "conclusion",
}  # fmt: skip
_SECTIONS: dict[str, Zone] = {
    "title": "title", "abstract": "background", "background": "background",
    "introduction": "background", "objective": "background", "objectives": "background",
    "methods": "methods", "results": "results", "conclusion": "conclusion",
    "conclusions": "conclusion", "discussion": "conclusion",
}  # fmt: skip

_ANY = "|".join(
    sorted((re.escape(k).replace(r"\ ", r"\s+") for k in _LABELS), key=len, reverse=True)
)
#: A label begins with a capital, behind the end of what stands before it.
_CAPITAL = re.compile(rf"[{''.join(sorted({label[0].upper() for label in _LABELS}))}]")
_ENDS_BEFORE_SPACE = frozenset(".!?)]:;")
_ENDS = _ENDS_BEFORE_SPACE | {"\n"}
_MARKS = frozenset(" \t*_•-")
_LABEL = re.compile(
    rf"(?P<label>(?i:{_ANY}))(?:\s*[:.—–”\"]\s|\s-+\s|\s*:|\s{{2,}}(?=[A-Z])|[ \t]*(?=\n|$)|(?=[A-Z][a-z]))"
)


def find_labels(text: str, start: int, end: int) -> list[tuple[int, str, Zone]]:
    """Return place, label (lower case) and zone of the section labels in ``text[start:end]``."""
    return [(start + place, label, _LABELS[label]) for place, label in _labels_of(text[start:end])]


def behind_label(text: str) -> int:
    """Return where a text goes on behind the section label that it begins with, 0 if with none.

    >>> behind_label("RESULTS: Mortality fell.")
    9
    """
    match = _LABEL.match(text) if _CAPITAL.match(text) else None
    return 0 if match is None else match.end()


@lru_cache(maxsize=64)  # a block is asked for its labels again when its study is read
def _labels_of(stretch: str) -> tuple[tuple[int, str], ...]:
    """Return places and names of the section labels in a stretch."""
    found = []
    at = 0
    for capital in _CAPITAL.finditer(stretch):
        if capital.start() < at:
            continue
        if not _is_ended(stretch, at, capital.start()):
            continue
        match = _LABEL.match(stretch, capital.start())
        if match is None:
            continue
        at = match.end()
        found.append((match.start(), " ".join(match["label"].lower().split())))
    return tuple(found)


def _is_ended(text: str, low: int, place: int) -> bool:
    """Whether what stands before a place has come to its end; marks of lists and emphasis between."""
    while True:
        if not place or text[place - 1] in _ENDS:
            return True
        if text[place - 1].isspace() and place > 1 and text[place - 2] in _ENDS_BEFORE_SPACE:
            return True
        if place <= low or text[place - 1] not in _MARKS:
            return False
        place -= 1


@dataclass
class Zones:
    """The zones of one study's stretch of a document, by view offset."""

    starts: list[int] = field(default_factory=list)
    names: list[Zone] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def at(self, offset: int) -> Zone:
        """Return the zone at a view offset; ``background`` before any label."""
        place = bisect_right(self.starts, offset) - 1
        return self.names[place] if place >= 0 else "background"


def find_zones(reading: Reading, blocks: list[int], title: tuple[int, int] | None) -> Zones:
    """Divide the blocks of a study into zones."""
    zones = Zones()
    text = reading.view.text
    marks: list[tuple[int, Zone]] = []
    for index in blocks:
        block = reading.blocks[index]
        named = _SECTIONS.get(block.section)
        marks.append((block.start_char, named)) if named else None
        for place, label, zone in find_labels(text, block.start_char, block.end_char):
            marks.append((place, zone))
            zones.labels.append(label)
    if title is not None:
        marks = [m for m in marks if not title[0] <= m[0] < title[1]]
        marks.append((title[0], "title"))
        after = max((m for m in marks if m[0] <= title[0] and m[1] != "title"), default=None)
        marks.append((title[1], after[1] if after else "background"))
    for place, zone in sorted(marks, key=lambda m: m[0]):
        zones.starts.append(place)
        zones.names.append(zone)
    return zones
