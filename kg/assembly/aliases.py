"""What the groups of a study are called for short: "group 1", "arm B", "the intervention group".

A reader of a table wants to see what a group was given. "Group B" is written out as what the text
says it stands for; "the intervention group" as the document's main intervention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.assembly.words import GENERIC_WORDS

if TYPE_CHECKING:
    from kg.assembly.context import Phrase

_CODE = r"(?:groups?|arms?|cohort|regimen)\s+(?:[A-H]\b|[IVX]{1,4}\b|\d{1,2}\b)"
_ONE_CODE = re.compile(_CODE, re.IGNORECASE)
_BRACKETED = re.compile(rf"[(\[]\s*({_CODE})[^()\[\]]{{0,40}}[)\]]", re.IGNORECASE)
_DEFINED = re.compile(
    rf"\b({_CODE})\s*(?:[(\[:=]|,|was|were|had|received|took|got|consumed|underwent|given|treated|assigned|"
    r"is|are|[-–])(?:\s*(?:n\s*=\s*\d+|\d+ \w+)\s*[,;)\]]*)?(?:\s*(?:received|given|treated|with|the|a|an|to|was|were))*\s*",
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    rf"\b({_CODE})(?:(?!{_CODE})[^.;]){{0,160}}?\b(?:received|receiving|was given|were given|treated with|took|consumed|"
    r"assigned to|allocated to|administered)\s+(?:only |the |a |an )*",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(group|arm|cohort|regimen)s\s+((?:[A-H]\b|[IVX]{1,4}\b|\d{1,2}\b)(?:\s*(?:,|and|or|&|to|-|–|through|vs\.?|versus)\s*"
    r"(?:and\s+)?(?:[A-H]\b|[IVX]{1,4}\b|\d{1,2}\b))+)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*\([^()]*\)$")
_GROUP = frozenset({"group", "groups", "arm", "arms"})
_FRAME = frozenset("the a an group groups arm arms patients participants subjects in of".split())
_LONGEST = 9  # words of a definition


def write_out_aliases(text: str, phrases: list[Phrase], main: str | None) -> list[Phrase]:
    """Return the phrases, those that are a group's short name labelled with what it stands for.

    `main` is the document's main intervention, ``None`` if it names none.
    """
    meanings = find_codes(text, phrases)
    out = []
    for phrase in phrases:
        words = phrase.raw.lower().split()
        meaning = meanings.get(" ".join(words))
        if (
            meaning is None
            and main
            and (_is_generic(words) or _is_generic(_BRACKET.sub("", phrase.label).lower().split()))
            and main.lower() not in phrase.raw.lower()
        ):
            meaning = main
        if meaning is None or meaning.lower() in phrase.label.lower():
            out.append(phrase)
        else:
            out.append(replace(phrase, label=f"{meaning} ({phrase.raw})"))
    return out


def find_codes(text: str, phrases: Sequence[Phrase]) -> dict[str, str]:
    """Return what "group 1", "arm B" and the like stand for, by their lower-case names.

    Two notations define a code: "oral iron (group A)" and "group A received oral iron". The first
    definition in the text counts.
    """
    ends: dict[int, Phrase] = {}
    starts: dict[int, Phrase] = {}
    for p in phrases:
        if p.last - p.first > _LONGEST or _ONE_CODE.fullmatch(p.raw):
            continue
        if p.end_char not in ends or p.start_char < ends[p.end_char].start_char:
            ends[p.end_char] = p
        if p.start_char not in starts or p.end_char > starts[p.start_char].end_char:
            starts[p.start_char] = p
    found: list[tuple[int, str, str]] = []
    for match in _BRACKETED.finditer(text):
        phrase = next(
            (ends[at] for at in range(match.start(), match.start() - 3, -1) if at in ends), None
        )
        if phrase is not None:
            found.append((match.start(), match[1], phrase.label))
    for match in _RECEIVED.finditer(text):
        phrase = next(
            (starts[at] for at in range(match.end(), match.end() + 10) if at in starts), None
        )
        if phrase is not None:
            found.append((match.start() - 1, match[1], phrase.label))
    for match in _DEFINED.finditer(text):
        phrase = next(
            (starts[at] for at in range(match.end(), match.end() + 14) if at in starts), None
        )
        if phrase is not None:
            found.append((match.start(), match[1], phrase.label))
    codes: dict[str, str] = {}
    for _, code, label in sorted(found):
        codes.setdefault(" ".join(code.lower().split()), label)
    return codes


def find_listed_codes(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the places where several codes stand under one noun, each with the single names.

    "groups 1 to 4" is ``["group 1", "group 2", "group 3", "group 4"]``; "arms A and B" likewise.
    """
    found = []
    for match in _LISTED.finditer(text):
        codes = re.findall(r"\b(?:\d{1,2}|[IVX]{1,4}|[A-H])\b", match[2])
        if (
            len(codes) == 2
            and re.search(r"\bto\b|through|-|–", match[2])
            and all(c.isdigit() for c in codes)
        ):
            codes = [
                str(n) for n in range(int(codes[0]), min(int(codes[1]), int(codes[0]) + 11) + 1)
            ]
        if len(codes) > 1:
            found.append((match.start(), match.end(), [f"{match[1].lower()} {c}" for c in codes]))
    return found


def _is_generic(words: Sequence[str]) -> bool:
    """Tell whether a phrase is "the intervention group" or "the intervention" and no more."""
    content = [w for w in words if w not in _FRAME]
    names_a_group = bool(_GROUP & set(words)) or content in (["intervention"], ["interventions"])
    return bool(content) and names_a_group and all(w in GENERIC_WORDS for w in content)
