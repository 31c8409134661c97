"""What the groups of a study are called for short: "group 1", "arm B", "the intervention group".

A reader of a table wants to see what a group was given. "Group B" is written out as what the text
says it stands for; "the intervention group" as the document's main intervention.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS, QUANTITY_WORDS, TIME_WORDS

if TYPE_CHECKING:
    from kg.assembly.phrase import Phrase

_CODE = r"(?:groups?|arms?|cohort|regimen)\s+(?:[A-H]\b|[IVX]{1,4}\b|\d{1,2}\b)"
_ONE_CODE = re.compile(_CODE, re.IGNORECASE)
#: What a text in small letters has wherever one of the patterns of codes fits; they take ten times as long.
_MAY_BE_CODE = re.compile(r"(?:group|arm|cohort|regimen)s?\s+(?:[a-h]|[ivx]{1,4}|\d{1,2})\b")
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
#: A name by the part in the comparison ("the control group") or by a short form ("CON group").
_PART = (
    r"(?:(?:[Cc]ontrol|[Ii]ntervention|[Ee]xperimental|[Tt]reatment|[Cc]omparison|[Cc]omparator)\s+"
    r"(?:groups?|arms?|clusters?|areas?|schools?|practices|patients|participants|subjects|children|infants|women|men)"
    r"|[Ss]tudy group|[Cc]ontrols|(?:[A-Z][A-Za-z0-9+-]*[A-Z0-9][A-Za-z0-9+-]*)\s+(?:group|arm))"
)
_PART_BRACKETED = re.compile(
    rf"[(\[]\s*(?:n\s*=\s*\d+\s*[,;]\s*)?(?:the\s+)?({_PART})\b[^()\[\]]{{0,40}}[)\]]"
)
_PART_RECEIVED = re.compile(
    rf"\b(?=[A-Zceits])({_PART})(?:\s*[(\[][^()\[\]]{{0,60}}[)\]])?,?\s+(?:(?:who|which|that|only|also)\s+)*"
    r"(?:received|receiving|(?:was|were)\s+(?:given|offered|treated with|assigned to|provided with)|underwent|continued|"
    r"took|consumed|ingested|participated in)\s+(?:(?:only|an?|the)\s+)*"
    r"(?!more\b|fewer\b|less\b|significantly\b|higher\b|lower\b|similar)"
)
#: One of them is in a text wherever that fits, which takes ten times as long.
_RECEIVING = (
    "receiv", "given", "offered", "treated with", "assigned to", "provided with", "underwent", "continued", "took",
    "consumed", "ingested", "participated in",
)  # fmt: skip
_BRACKET = re.compile(r"\s*\([^()]*\)$")
_GROUP = frozenset({"group", "groups", "arm", "arms"})
_FRAME = frozenset("the a an group groups arm arms patients participants subjects in of".split())
_PEOPLE = frozenset(
    "patients participants subjects children infants women men clusters areas schools practices".split()
)
#: Words that say of a group neither what it was given nor who is in it.
_NOTHING_GIVEN = (
    GROUP_WORDS | GENERIC_WORDS | (CONTROL_WORDS - {"placebo", "sham", "vehicle", "saline"})
)
_SEEN = 0.3  # tagger score from which a phrase names something else than what a group was given
_LONGEST = 9  # words of a definition
_WHO = 2  # words for people before "in the intervention group"


def write_out_aliases(
    text: str,
    phrases: list[Phrase],
    main: str | None,
    told: Mapping[str, str] = MappingProxyType({}),
) -> list[Phrase]:
    """Return the phrases, those that are a group's short name labelled with what it stands for.

    Parameters
    ----------
    main
        The document's main intervention, ``None`` if it names none.
    told
        What groups are given by lists of them, by their names in small letters and by their parts.
    """
    meanings, parts = find_codes(text, phrases), find_parts(text, phrases)
    for name, label in told.items():
        if _ONE_CODE.fullmatch(name):
            meanings.setdefault(name, label)
        else:
            parts.setdefault(_part_of(name) or name, label)
    if not (meanings or parts or main):
        return phrases
    out = []
    for phrase in phrases:
        meaning = _meaning(phrase, meanings, parts, main)
        if meaning is None or meaning.lower() in phrase.label.lower():
            out.append(phrase)
        else:
            out.append(replace(phrase, label=f"{meaning} ({phrase.raw})"))
    return out


def _meaning(
    phrase: Phrase, codes: Mapping[str, str], parts: Mapping[str, str], main: str | None
) -> str | None:
    """Return what a group's short name stands for, ``None`` for any other phrase."""
    raw = phrase.raw.lower()
    short = raw if phrase.label == phrase.raw else phrase.label.lower()
    if not (codes or parts or _may_be_generic(raw) or _may_be_generic(short)):
        return None
    if short.endswith(")"):
        short = _BRACKET.sub("", short)  # "group 1" of "group 1 (G1)"
    words = raw.split()
    meaning = codes.get(" ".join(words)) or codes.get(short) or parts.get(_part_of(short))
    if meaning is not None or not main or main.lower() in raw:
        return meaning
    return main if _is_generic(words) or _is_generic(short.split()) else None


def find_codes(text: str, phrases: Sequence[Phrase]) -> dict[str, str]:
    """Return what "group 1", "arm B" and the like stand for, by their lower-case names.

    Two notations define a code: "oral iron (group A)" and "group A received oral iron". The first
    definition in the text counts.
    """
    if not _MAY_BE_CODE.search(text.lower()):
        return {}
    starts, ends = _edges(phrases)
    found: list[tuple[int, str, str]] = []
    for match in _BRACKETED.finditer(text):
        phrase = _ending(ends, match.start())
        if phrase is not None:
            found.append((match.start(), match[1], phrase.label))
    for match in _RECEIVED.finditer(text):
        phrase = _starting(starts, match.end())
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


def find_parts(text: str, phrases: Sequence[Phrase]) -> dict[str, str]:
    """Return what the groups that go by their part or by a short form were given, by :func:`_part_of` their names.

    "Saline (CON group, n = 30)" and "the control group received standard care" define them; the first
    definition in the text counts.
    """
    bracketed = list(_PART_BRACKETED.finditer(text))
    may_tell = any(word in text for word in _RECEIVING)
    received = list(_PART_RECEIVED.finditer(text)) if may_tell else []
    if not bracketed and not received:
        return {}
    starts, ends = _edges(phrases)
    found = [(m.start(), m[1], _ending(ends, m.start())) for m in bracketed]
    found += [(m.start(), m[1], _starting(starts, m.end())) for m in received]
    parts: dict[str, str] = {}
    for _, name, phrase in sorted(found, key=lambda item: item[0]):
        if phrase is not None and _is_given(phrase):
            parts.setdefault(_part_of(name.lower()), phrase.label)
    return parts


def _is_given(phrase: Phrase) -> bool:
    """Tell whether a phrase may name what a group was given: not people, a time, a condition or a finding."""
    words = phrase.raw.lower().split()
    given = max(phrase.score("intervention"), phrase.score("comparator"))
    other = max(phrase.score(kind) for kind in ("outcome", "condition", "population"))
    return (
        not set(words) <= _NOTHING_GIVEN
        and words[-1] not in TIME_WORDS | QUANTITY_WORDS
        and other < max(_SEEN, given)
    )


def _part_of(name: str) -> str:
    """Return the word by which a group goes: "control" of "the control group" and of "controls"; "" for none."""
    words = name.lower().split()
    words = [w.removesuffix("s") for w in words if w not in _PEOPLE and w not in _FRAME] or words
    return words[0] if len(words) == 1 and words[0] not in _PEOPLE else ""


def _edges(phrases: Sequence[Phrase]) -> tuple[dict[int, Phrase], dict[int, Phrase]]:
    """Return the longest phrase that starts and that ends at a character, codes left out."""
    starts: dict[int, Phrase] = {}
    ends: dict[int, Phrase] = {}
    for p in phrases:
        if p.last - p.first > _LONGEST or _ONE_CODE.fullmatch(p.raw):
            continue
        if p.end_char not in ends or p.start_char < ends[p.end_char].start_char:
            ends[p.end_char] = p
        if p.start_char not in starts or p.end_char > starts[p.start_char].end_char:
            starts[p.start_char] = p
    return starts, ends


def _ending(ends: dict[int, Phrase], at: int) -> Phrase | None:
    """Return the phrase that ends right before a bracket."""
    return next((ends[n] for n in range(at, at - 3, -1) if n in ends), None)


def _starting(starts: dict[int, Phrase], at: int) -> Phrase | None:
    """Return the phrase that starts right behind "received"."""
    return next((starts[n] for n in range(at, at + 10) if n in starts), None)


def find_listed_codes(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the places where several codes stand under one noun, each with the single names.

    "groups 1 to 4" is ``["group 1", "group 2", "group 3", "group 4"]``; "arms A and B" likewise.
    """
    found: list[tuple[int, int, list[str]]] = []
    if not _MAY_BE_CODE.search(text.lower()):
        return found
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


def _may_be_generic(name: str) -> bool:
    """Tell whether a name holds a word that those have of which :func:`_is_generic` is true."""
    return "group" in name or "arm" in name or "intervention" in name


def _is_generic(words: Sequence[str]) -> bool:
    """Tell whether a phrase is "the intervention group", "nurses in the intervention arm" or "the intervention" and no more."""
    within = next((n for n in range(len(words) - 2, 0, -1) if words[n] in ("in", "of")), None)
    if within is not None and within <= _WHO:
        words = words[within + 1 :]
    content = [w for w in words if w not in _FRAME]
    names_a_group = bool(_GROUP & set(words)) or content in (["intervention"], ["interventions"])
    return bool(content) and names_a_group and all(w in GENERIC_WORDS for w in content)
