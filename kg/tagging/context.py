"""What a tagger may know of a document beyond the sentence it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Kinds of section, by the words that their names or headings begin with.
_SECTION_KINDS = (
    ("title", ("title",)),
    ("background", ("background", "introduction", "context", "objective", "purpose", "aim", "importance",
                    "rationale", "hypothesis", "goal")),
    ("methods", ("method", "material", "design", "setting", "participant", "patient", "subject",
                 "intervention", "measure", "main outcome", "outcome", "research design", "exposure",
                 "data source", "study selection", "trial design")),
    ("results", ("result", "finding", "main result", "outcomes")),
    ("conclusions", ("conclusion", "interpretation", "discussion", "significance", "implication",
                     "core tip", "limitation", "relevance")),
)  # fmt: skip

#: What :func:`section_kind` may return.
SECTIONS = ("", *(kind for kind, _ in _SECTION_KINDS))

_HEADING = re.compile(
    r"\W*(?P<name>[A-Z][A-Za-z]+(?:(?:\s|/|,\s)[A-Za-z&]+){0,5}?)\s?(?::|\s-\s)"
    r"|\W*(?P<alone>[A-Z][A-Za-z]+)\.?\s*$"
)
_GLUED = re.compile(
    r"(?P<name>(?P<alone>Background|Objectives?|Purpose|Aims?|Methods?|Results?|Findings|Conclusions?))(?=[A-Z]|$|\s*\n)"
)


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """Words of the title and how often each word stands in the document, all in lower case."""

    title: frozenset[str]
    counts: Mapping[str, int]


def section_kind(name: str) -> str:
    """Return title, background, methods, results, conclusions or, where nothing fits, ``""``."""
    lower = name.lower().strip().replace("_", " ")
    for kind, beginnings in _SECTION_KINDS:
        if lower.startswith(beginnings):
            return kind
    return ""


def heading_kind(sentence: str) -> str:
    """Return the kind of section that a sentence opens by a heading of its own, or ``""``.

    Examples
    --------
    >>> heading_kind("METHODS: We enrolled 20 women."), heading_kind("ResultsA total of 5")
    ('methods', 'results')
    """
    match = _HEADING.match(sentence) or _GLUED.match(sentence)
    return section_kind(match["name"] or match["alone"]) if match else ""
