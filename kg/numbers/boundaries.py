"""Numbers that report nothing: ages, thresholds, steps of exposure, levels of significance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.units import MEDICINE_CODES, TIME_UNITS
from kg.numbers.words import (
    COUNTED_PEOPLE,
    SIGNIFICANCE_WORDS,
    THRESHOLD_WORDS,
    change_direction,
)

_GIVEN_BEHIND: Final = frozenset({"with", "on", "under", "receiving", "given", "taking"})
_BEFORE_AGE: Final = frozenset({"age", "was", "of", "aged", "mean", "(", "="})


def is_time(atoms: Sequence[Atom], e: Expression) -> bool:
    return e.unit is not None and atoms[e.unit].kind == "UNIT" and atoms[e.unit].key in TIME_UNITS


def is_age(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value is somebody's age."""
    if e.measure in {"RR", "OR", "HR", "MD", "SMD", "beta"}:
        return False
    time = is_time(atoms, e) and atoms[e.unit or 0].key in {"a", "mo"}
    bare = e.unit is None and not e.counted
    if not time and not (bare and lower_at(atoms, e.start - 1) in _BEFORE_AGE):
        return False
    before = {lower_at(atoms, e.start - n) for n in range(1, 7)}
    if any(kind_at(atoms, e.start - n) in {"STOP", "BREAK", "NUM"} for n in range(1, 3)):
        before = {lower_at(atoms, e.start - 1)}
    behind = {lower_at(atoms, e.end + n) for n in range(0, 3)}
    if time and (
        before & {"age", "aged", "ages", "old", "median-age"} or "age" in behind or "old" in behind
    ):
        return True
    return bare and not before.isdisjoint({"age", "aged"})


def is_threshold(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a comparator before the value makes it a limit of a level, an age or a dose."""
    if e.bound is None:
        return False
    if e.bounds is not None or e.plus_minus or e.measure_atom is not None:
        return False
    unit = atoms[e.unit].kind if e.unit is not None else ""
    if unit == "PERCENT" and kind_at(atoms, e.start - 1) == "CMP" and not atoms[e.start - 1].word:
        before = kind_at(atoms, e.start - 2)
        return before in {"NAME", "OPEN"} and lower_at(atoms, e.end) != "of"
    return unit not in {"PERCENT", "FOLD"}


def is_cutoff(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether words before call the value a cut-off."""
    if e.bounds is not None or e.plus_minus:
        return False
    before = [lower_at(atoms, e.start - n) for n in range(1, 6)]
    return any(
        w.startswith(("cutoff", "cut-off", "threshold", "boundary", "limit", "target"))
        for w in before
    ) and before[0] in {"of", "point", "at", "and", "was", "boundary", "is"}


def is_increment(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value is the step of an exposure: "per 10 ng/mL", "each rise of 10 ng/mL"."""
    if e.bounds is not None or e.plus_minus or e.measure_atom is not None or e.p is not None:
        return False
    before = [lower_at(atoms, e.start - n) for n in range(1, 5)]
    if before[0] in {"per", "every", "each"}:
        return True
    return (
        before[0] in {"of", "-", "unit"}
        and before[1]
        in {
            "rise",
            "increase",
            "decrease",
            "increment",
            "decrement",
            "change",
            "fall",
            "drop",
            "step",
        }
        and bool({"each", "every", "per"} & set(before[2:]))
    )


def names_group(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "4.84 [3 mL] versus 7.44 [10 mL]": a quantity alone in brackets behind a number without a unit."""
    if e.value is None or e.unit is None or atoms[e.unit].kind != "UNIT":
        return False
    alone = kind_at(atoms, e.value - 1) == "OPEN" and kind_at(atoms, e.unit + 1) == "CLOSE"
    return alone and kind_at(atoms, e.value - 2) == "NUM" and not atoms[e.value].signed


def is_given(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "4.2 points with 26 mg": an amount that names a group, not what was found in it."""
    amount = e.unit is not None and atoms[e.unit].key in MEDICINE_CODES and not e.has_evidence
    compared = e.unit is not None and change_direction(lower_at(atoms, e.unit + 1)) != 0
    return amount and not compared and lower_at(atoms, e.start - 1) in _GIVEN_BEHIND


def is_denominator(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value is those of whom a clause goes on to tell: "Of the 119 patients who relapsed, 51 died"."""
    if e.value is None or e.has_evidence or e.events is not None or e.total is not None:
        return False
    if not any(lower_at(atoms, e.value + step) in COUNTED_PEOPLE for step in range(1, 4)):
        return False
    at = e.value - 1
    while lower_at(atoms, at) in {"the", "these", "those", "our", "all"}:
        at -= 1
    opens = kind_at(atoms, at - 1) in {"STOP", "BREAK", "COMMA", "SEMI", ""}
    return lower_at(atoms, at) in {"of", "among"} and (opens or lower_at(atoms, at - 1) == "out")


def is_significance_level(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a p value alone states what counts as significant."""
    if e.p is None or e.value is not None:
        return False
    near = clause_words(atoms, e.start, e.end, 12)
    if e.p.value not in {0.05, 0.01, 0.1, 0.001, 0.005, 0.025, 0.2, 0.0001, 0.15, 0.25}:
        return False
    return bool(
        near & THRESHOLD_WORDS and near & (SIGNIFICANCE_WORDS | {"p", "level", "values", "value"})
    ) and not near & {"group", "groups", "between"}


def clause_words(atoms: Sequence[Atom], start: int, end: int, reach: int) -> set[str]:
    words: set[str] = set()
    for step in range(1, reach + 1):
        if kind_at(atoms, start - step) in {"STOP", "BREAK", ""}:
            break
        words.add(atoms[start - step].lower)
    for step in range(reach):
        if kind_at(atoms, end + step) in {"STOP", "BREAK", ""}:
            break
        words.add(atoms[end + step].lower)
    words.update(a.lower for a in atoms[start:end])
    return words
