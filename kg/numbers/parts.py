"""The parts of a count that is told: "five dropped out (control: 4, intervention: 1)", "18 events (stroke, n = 12; death, n = 6)".

A bare whole number says nothing by itself. Two or more of them that follow a count in its sentence, each
with words of its own, and add up to it, are that count again, group by group or kind by kind. Three or more that each fill the bracket behind a word are counts where their sentence is about harms or
reasons: "nausea (10), vomiting (n = 3) and rash (1)".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.naming import time_point
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import EVENT_WORDS, SAMPLE_WORDS

_REACH: Final = 45  # atoms from a count to its last part
_MOST: Final = 6  # parts
_LEAST: Final = 3  # "two were used, one with and one without": too few to prove anything
_QUANTITY: Final = frozenset({"PERCENT", "UNIT", "RATE", "FOLD", "PM", "DASH"})
_WORDS: Final = frozenset({"WORD", "NAME"})
#: Who was studied is told in parts as well: by sex, and by what they were given.
_OF_SAMPLE: Final = SAMPLE_WORDS | {"received", "enrolment", "enrollment"}
_OF_HARMS: Final = EVENT_WORDS | {
    "symptoms", "effects", "reasons", "reason", "causes", "because", "due", "toxicity", "toxicities", "included", "withdrew",
    "discontinued", "excluded", "diagnoses", "diagnosed", "lost",
}  # fmt: skip
_OF_GROUPS: Final = SAMPLE_WORDS - {"included", "included:"} | {
    "groups",
    "arms",
    "versus",
    "received",
    "population",
    "analysis",
    "studied",
    "noneligibility",
}
_SEXES: Final = frozenset({
    "men", "women", "male", "males", "female", "females", "boys", "girls", "m", "f", "man", "woman",
})  # fmt: skip


def with_parts(
    atoms: Sequence[Atom], found: Sequence[Expression], results: Sequence[Expression]
) -> list[Expression]:
    """Return results with the parts of the counts among them, in text order.

    `found` is all that was read, `results` those of it that say themselves that they are results.
    """
    read = {e.value: e for e in found if e.value is not None}
    taken = set(_attached(found)) | {e.value for e in results}
    parts: dict[int, Expression] = {}
    for whole in results:
        at = whole.events if whole.events is not None else whole.value
        if at is None or not (whole.counted or whole.events is not None):
            continue
        for n, part in enumerate(_parts_of(atoms, at, taken | parts.keys())):
            e = read.get(part) or Expression(part, part + 1, value=part, sentence=whole.sentence)
            e.measure, e.counted, e.unit, e.unit_code = "count", True, None, None
            if e.group is None:
                e.position, e.pairing = n, "list"
            parts[part] = e
    for sentence, listed in _bracketed(atoms, taken | parts.keys()):
        for n, part in enumerate(listed):
            e = read.get(part) or Expression(part, part + 1, value=part, sentence=sentence)
            e.measure, e.counted = "count", True
            parts[part] = e
            if e.group is None:
                e.position, e.pairing = n, "list"
    if not parts:
        return list(results)
    _join(parts, found)
    return sorted([*results, *parts.values()], key=lambda e: e.start)


def _bracketed(atoms: Sequence[Atom], taken: set[int | None]) -> Iterator[tuple[int, list[int]]]:
    """Yield the lists of counts that fill brackets behind what they count, each with its sentence."""
    start = sentence = 0
    for end, atom in enumerate(atoms):
        if atom.kind not in {"STOP", "BREAK"} and end + 1 < len(atoms):
            continue
        listed = [
            at for at in range(start + 2, end) if at not in taken and _fills_bracket(atoms, at)
        ]
        if len(listed) >= _LEAST:
            words = {a.lower for a in atoms[start:end]}
            if not words.isdisjoint(_OF_HARMS) and words.isdisjoint(_OF_GROUPS):
                yield sentence, listed
        start, sentence = end + 1, sentence + 1


def _fills_bracket(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "(10)" or "(n = 10)" stands right behind a word that is no group of people."""
    if atoms[at].kind != "NUM" or not _is_bare(atoms, at) or kind_at(atoms, at + 1) != "CLOSE":
        return False
    before = at - 1
    if kind_at(atoms, before) == "EQ" and atoms[before - 1].text == "n":
        before -= 2
    if (
        kind_at(atoms, before) != "OPEN"
        or atoms[before].text != "("
        or kind_at(atoms, before - 1) != "WORD"
    ):
        return False
    return kind_at(atoms, at + 2) in {"COMMA", "AND", "SEMI", "STOP", "CLOSE", "OR", ""}


def _join(parts: dict[int, Expression], found: Sequence[Expression]) -> None:
    """Give the parts of one count a group of their own."""
    group = max((e.group for e in found if e.group is not None), default=-1)
    for at in sorted(parts):
        e = parts[at]
        if e.group is None:
            group += e.position == 0
            e.group = group


def _attached(found: Sequence[Expression]) -> Iterator[int]:
    """Yield the numbers that belong to another."""
    for e in found:
        yield from (
            n for n in (e.n, e.events, e.total, e.spread, e.i2, e.tau2, e.df) if n is not None
        )
        for bounds in (e.bounds, e.iqr, e.range):
            if bounds is not None:
                yield from (bounds.low, bounds.high)
        if e.p is not None:
            yield e.p.number


def _parts_of(atoms: Sequence[Atom], whole: int, taken: set[int | None]) -> list[int]:
    """Return the whole numbers behind a count that add up to it, or nothing."""
    total, rest = cast(float, atoms[whole].value), 0.0
    if total < _LEAST or atoms[whole].decimals:
        return []
    parts: list[int] = []
    last = whole
    for at in range(whole + 1, min(whole + _REACH, len(atoms))):
        atom = atoms[at]
        if atom.kind in {"STOP", "BREAK"} or atom.lower in _OF_SAMPLE:
            return []
        if not _is_bare(atoms, at):
            continue
        if at in taken or not any(a.kind in _WORDS for a in atoms[last + 1 : at]):
            return []
        parts.append(at)
        rest, last = rest + cast(float, atom.value), at
        if rest >= total:
            break
        if len(parts) == _MOST:
            return []
    told = len(parts) > 1 and rest == total and not _is_of_sample(atoms, whole)
    sexes = any(lower_at(atoms, n + step) in _SEXES for n in parts for step in (1, 2))
    return parts if told and not sexes else []


def _is_bare(atoms: Sequence[Atom], at: int) -> bool:
    """Whether a whole number stands with nothing printed beside it that says what it is."""
    atom = atoms[at]
    return (
        atom.kind == "NUM" and atom.decimals == 0 and not (atom.signed or atom.year or atom.hyphenated or atom.glued)
        and kind_at(atoms, at + 1) not in _QUANTITY and kind_at(atoms, at - 1) not in {"CMP", "P", "PM", "DASH"}
        and not time_point(atoms, at)
    )  # fmt: skip


def _is_of_sample(atoms: Sequence[Atom], whole: int) -> bool:
    """Whether the words before a count are about who was studied."""
    before = whole
    while before and atoms[before - 1].kind not in {"STOP", "BREAK"} and whole - before < _REACH:
        before -= 1
        if atoms[before].lower in _OF_SAMPLE:
            return True
    return False
