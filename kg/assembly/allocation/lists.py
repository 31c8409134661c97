"""The members of a list of groups: what parts them, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.assembly.allocation.amounts import completed, in_bracket
from kg.assembly.allocation.member import Stretch, Told, read_member
from kg.assembly.allocation.words import ALLOTTED, CODE, COUNT, PEOPLE

_OR = re.compile(
    r"\s*[,;]?\s+(?:or|versus|vs\.?|and/or)\s+(?:else\s+)?(?:(?:to|into)\s+)?|"
    rf"\s*[,;]?\s+(?:and|while|whereas)\s+(?:the\s+)?(?:(?:other|remaining)\s+)?(?:{COUNT}\s+)?(?:(?:other\s+)?{PEOPLE}\s+)?"
    rf"(?:were\s+)?{ALLOTTED}?to\s+(?:receive\s+)?(?!(?:assess|evaluate|determine|compare)\b)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*[,;]?\s+(?:and|&)\s+(?:(?:to|into)\s+)?", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,;]\s+")
#: "(1)", "b)", "group A:" before each member.
_MARK = re.compile(
    rf"(?:^|[\s,;:(])(?:and\s+|or\s+)?(?:\(?(?:[1-9]|[a-h]|i{{1,3}}|iv|v)\)\s*|(?={CODE}\s*[:(=,–-]))",
    re.IGNORECASE,
)
_END = re.compile(r"\.\s|:\s|;\s(?!(?:and|or|\(?\d\)|\(?[ivab]+\)|groups?\b|arms?\b))")
_SIZE = re.compile(rf"\(\s*(?:n\s*=\s*)?[\d,]{{1,9}}(?:\s+{PEOPLE})?\s*(?:\)|,)", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:group|arm)\b", re.IGNORECASE)
_ENDS_IN_GROUPS = re.compile(r"[^\w-]{0,9}(?:\w[\w-]{0,30}\s+){1,4}(?:groups|arms)\b")
_STARTS_WITH_CODE = re.compile(CODE, re.IGNORECASE)
_NEAR = 160  # characters of a member that may say how many are in it
_CLOSE = 80  # characters of a member that may call it a group


def read_list(text: str, start: int, depths: Sequence[int], count: int | None) -> list[Told]:
    """Return the groups of a list that begins at a character, none where there is no list of them.

    Parameters
    ----------
    depths
        In how many brackets each character stands; one more than there are characters.
    count
        How many groups are announced, ``None`` where none are.
    """
    found: list[Told] = []
    for place in _split(text, start, depths, count):
        told = read_member(text, *place)
        if told is None:
            break
        found += in_bracket(text, told, place[1]) or [told]
    found = completed(text, found)
    labels = {(text[slice(*t.given)].lower(), t.amount) for t in found}
    return found if len(found) > 1 and len(labels) == len(found) else []


def bracket_depths(text: str) -> list[int]:
    """Return in how many brackets each character stands, the brackets themselves counted in, and 0 for the end."""
    found, depth = [], 0
    for character in text:
        depth += character in "(["
        found.append(depth)
        depth -= character in ")]" and depth > 0
    return [*found, 0]


def _split(text: str, start: int, depths: Sequence[int], count: int | None) -> list[Stretch]:
    """Return the members; the last may run on to the end of the sentence."""
    level = depths[start] - (text[start : start + 1] in ("(", "["))

    def at(pattern: re.Pattern[str], low: int, high: int) -> list[Stretch]:
        return [m.span() for m in pattern.finditer(text, low, high) if depths[m.start()] == level]

    def commas(until: int, joints: Sequence[Stretch]) -> list[Stretch]:
        found = at(_COMMA, start, until)
        return [c for c in found if all(c[1] <= a or c[0] >= b for a, b in joints)]

    stop = _close(text, start, depths, level)
    marks = at(_MARK, max(0, start - 1), stop)
    if len(marks) > 1 and marks[0][0] <= start + 1:
        return _between(start, stop, marks)[1:]
    stop = min([stop, *(a for a, _ in at(_END, start, stop))])
    ors = at(_OR, start, stop)
    if ors:
        listed = commas(ors[-1][0], ors)
        ands = {a for a, _ in at(_AND, start, ors[-1][0])} - {a for a, _ in ors}
        if listed and ands and listed[-1][0] < max(ands):
            listed = []  # "A, B and C or none": three things together
        return _between(start, stop, sorted([*ors, *listed]))
    ands_found = at(_AND, start, stop)
    if ands_found:
        joint = ands_found[0]
        parts = _between(start, stop, sorted([*commas(joint[0], ands_found), joint]))
        if count == len(parts) or _are_groups(text, parts):
            return parts
    listed = at(_COMMA, start, stop)
    parts = _between(start, stop, listed)
    return parts if listed and _are_groups(text, parts) else []


def _close(text: str, start: int, depths: Sequence[int], level: int) -> int:
    """Return where the bracket closes that a list stands in, or the end of the text."""
    for k in range(start, len(text)):
        if depths[k] < level or (level and depths[k] == level and text[k] in ")]"):
            return k
    return len(text)


def _between(start: int, stop: int, marks: Sequence[Stretch]) -> list[Stretch]:
    """Return what stands between marks, from `start` to `stop`; nothing of no length."""
    edges = [start, *(edge for mark in marks for edge in mark), stop]
    places = zip(edges[::2], edges[1::2], strict=True)
    return [(a, b) for n, (a, b) in enumerate(places) if b > a or n == 0]


def _are_groups(text: str, places: Sequence[Stretch]) -> bool:
    """Tell whether what "and" joins are groups: each counted or called one, or "the A and B groups"."""
    said = [
        _SIZE.search(text, a, min(b, a + _NEAR))
        or _STARTS_WITH_CODE.match(text, a, b)
        or _GROUP.search(text, a, min(b, a + _CLOSE))
        for a, b in places
    ]
    return all(said) or _ENDS_IN_GROUPS.match(text, *places[-1]) is not None
