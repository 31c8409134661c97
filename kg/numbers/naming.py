"""Numbers that name, order or date something: "day 28", "Table 1", "after 8 weeks", "per 20 nmol/L".

Every function returns the index behind what it recognised, or 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.numbers.atom import Atom
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.units import CURRENCIES, TIME_UNITS
from kg.numbers.words import (
    BEING,
    CHANGE_NOUN_STEMS,
    CONNECTION_BREAKERS,
    FILLERS,
    NAMING_WORDS,
    SOFT_NAMING_WORDS,
    STARTS,
    STRUCTURAL_WORDS,
    TIME_FOLLOWERS,
    TIME_PREPOSITIONS,
)
from kg.records import RATIO_MEASURES

_ANNOUNCED: Final = 8  # atoms between "mean" and the value of a score
_GROUPS: Final = frozenset({"groups", "arms", "cohorts", "subgroups"})
_QUANTITY: Final = frozenset({"PERCENT", "UNIT", "RATE", "FOLD"})
_RATIO_REACH: Final = 18  # atoms from "associated with" to the ratio of a step
_PLANS: Final = frozenset({
    "detect", "detecting", "powered", "power", "defined", "definition", "based", "assuming", "assumed", "sample",
    "considered", "hypothesized", "hypothesised", "expected", "meaningful", "important", "required",
})  # fmt: skip
_SCALES: Final = frozenset({"scale", "scales", "vas", "score", "likert", "visual", "global", "analog", "analogue"})  # fmt: skip
_PLAN_REACH: Final = 24
_NOUN_REACH: Final = 4  # words from a hyphenated unit to a noun of change, that included


def no_quantity(atoms: Sequence[Atom], at: int) -> int:
    """Return the index behind a number that only names something, or 0."""
    atom = atoms[at]
    after = kind_at(atoms, at + 1)
    if after == "PM":
        return 0
    if atom.hyphenated and after not in {"FOLD", "PERCENT"} and not _says_by_how_much(atoms, at):
        return at + (2 if after == "UNIT" else 1)
    if (
        atom.year
        and after not in {"PERCENT", "UNIT", "RATE"}
        and kind_at(atoms, at - 1) not in {"EQ", "MEASURE"}
    ):
        return at + 1
    before = lower_at(atoms, at - 1)
    if kind_at(atoms, at - 1) == "STOP" and atoms[at - 1].end == atom.start:
        return at + 1  # a citation: "deficiency.1"
    if timed := time_point(atoms, at):
        return timed
    orders = lower_at(atoms, at + 1) in STRUCTURAL_WORDS and before not in NAMING_WORDS
    if orders and lower_at(atoms, at + 1) in _GROUPS and kind_at(atoms, at + 3) in {"P", "CI"}:
        return at + 1  # "different between the two groups (P = 0.03)"
    pointed = atom.word and before in {"the", "these", "both", "all", "other"}
    if (orders or pointed) and atom.decimals == 0 and kind_at(atoms, at + 2) != "OPEN":
        return at + 1
    if _follows_name(atoms, at):
        return at + 1
    counted = kind_at(atoms, at - 1) == "UNIT" and kind_at(atoms, at - 2) == "NUM"  # "5 years 91"
    named = before in NAMING_WORDS and kind_at(atoms, at - 1) in {"WORD", "STAT", "UNIT"}
    named = named and not counted
    if atom.decimals == 0 and (before == "d" or (named and not atom.signed)):
        if after in {"PERCENT", "FOLD", "RATE"} or (
            after == "UNIT" and atoms[at + 1].key not in TIME_UNITS
        ):
            return 0
        if before in SOFT_NAMING_WORDS and after in {"SLASH", "OPEN", "VS"}:
            return 0
        if before in SOFT_NAMING_WORDS and _announced(atoms, at):
            return 0
        return _behind_names(atoms, at)
    return 0


def _announced(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "mean pain score 82": a mean or median was announced in the few words before."""
    return any(
        kind_at(atoms, at - step) == "STAT"
        and all(a.kind in {"WORD", "NAME"} for a in atoms[at - step + 1 : at])
        for step in range(2, _ANNOUNCED)
    )


def step_of_exposure(atoms: Sequence[Atom], at: int) -> int:
    """Return the index behind "per 20 nmol/L", "for a 20 nmol/L increase", or 0."""
    before = lower_at(atoms, at - 1)
    end = at + (2 if kind_at(atoms, at + 1) in {"UNIT", "PERCENT"} else 1)
    stepwise = before in {"per", "every", "each"}
    if (
        before in {"a", "one"}
        and kind_at(atoms, at + 1) == "UNIT"
        and lower_at(atoms, at - 2) in {"for", "with", "per"}
    ):
        stepwise = lower_at(atoms, end) in {
            "increase",
            "decrease",
            "increment",
            "decrement",
            "rise",
            "change",
            "higher",
            "lower",
            "reduction",
        } and not _went_with(atoms, at - 2)
    return end if stepwise else 0


def _went_with(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "was associated with a 3.1 mmHg reduction", "compared with a 2 kg increase": a change that was found.

    Behind a ratio's own words it is a step: "was associated with a 20 nmol/L increase (HR 0.9)".
    """
    verb = lower_at(atoms, at - 1)
    if lower_at(atoms, at) != "with" or verb not in {"associated", "compared"}:
        return False
    if verb == "associated" and not any(lower_at(atoms, at - n) in BEING for n in range(2, 5)):
        return False
    for step in range(1, _RATIO_REACH):
        kind = kind_at(atoms, at + step)
        if kind in {"STOP", "BREAK", ""}:
            break
        if kind == "MEASURE" and atoms[at + step].key in RATIO_MEASURES:
            return False
    return True


def _says_by_how_much(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "a 3.5-kg weight loss", "a 5.1-point increase": a noun of change behind a hyphen and a unit."""
    unit = at + 1
    if kind_at(atoms, unit) != "UNIT" or atoms[unit].key in TIME_UNITS:
        return False
    for step in range(1, _NOUN_REACH):
        word = lower_at(atoms, unit + step)
        if kind_at(atoms, unit + step) != "WORD" or word in CONNECTION_BREAKERS:
            return False
        if word.startswith(CHANGE_NOUN_STEMS) and not word.endswith(("ed", "ing")):
            return lower_at(atoms, unit + step + 1) not in _SCALES and not _is_planned(atoms, at)
        if word in _SCALES:
            return False  # "a 6-point global scale", "the 100-mm VAS decrease"
    return False


def _is_planned(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "powered to detect a 0.5-kg weight loss", "success, defined as a 20-mm improvement" is told."""
    for step in range(1, _PLAN_REACH):
        if kind_at(atoms, at - step) in {"STOP", "BREAK", ""}:
            return False
        if lower_at(atoms, at - step) in _PLANS:
            return True
    return False


def _follows_name(atoms: Sequence[Atom], at: int) -> bool:
    """Whether the number belongs to a name: "HPV16 or 18", "ACR20/50", "ISO 15189"."""
    atom = atoms[at]
    before = atoms[at - 1] if at else None
    if atom.decimals or atom.signed or before is None or before.text in CURRENCIES:
        return False
    acronym = before.kind == "WORD" and before.text.isupper() and 2 <= len(before.text) <= 6
    if acronym and kind_at(atoms, at + 1) == "OPEN" and kind_at(atoms, at + 4) == "VS":
        return True  # "better with FEC 100 than with FEC 75 (49.2% v 40%)"
    if kind_at(atoms, at + 1) in _QUANTITY | {"PM", "OPEN", "VS"}:
        return False
    joins = before.kind == "SLASH" or (before.kind == "OR" and kind_at(atoms, at - 2) == "NAME")
    if (
        joins
        and at > 1
        and atoms[at - 2].kind in {"NAME", "NUM"}
        and atoms[at - 2].text[-1:].isdigit()
    ):
        return atoms[at - 2].kind == "NAME" or kind_at(atoms, at - 3) in {"SLASH", "NAME"}
    return acronym and kind_at(atoms, at + 1) in {"WORD", "CLOSE", "STOP", "NAME"}


def time_point(atoms: Sequence[Atom], at: int) -> int:
    """Return the index behind "after 8 weeks", "at 6 and 12 months", "8 weeks later", or 0."""
    step = at
    while kind_at(atoms, step) == "NUM" and step < at + 16:
        unit = step + 1
        if kind_at(atoms, unit) == "UNIT":
            break
        if kind_at(atoms, unit) in {"COMMA", "AND", "OR", "TO", "DASH"}:
            step = unit + 1
            if kind_at(atoms, step) in {"AND", "OR"}:
                step += 1
            continue
        return 0
    unit = step + 1
    if not (kind_at(atoms, unit) == "UNIT" and atoms[unit].key in TIME_UNITS):
        return 0
    bracket = kind_at(atoms, unit + 2) if kind_at(atoms, unit + 1) == "OPEN" else ""
    if kind_at(atoms, unit + 1) in {"PM", "CI"} or bracket in {"NUM", "CI"}:
        return 0
    words = [lower_at(atoms, at - n) for n in range(1, 4)]
    while words and words[0] in FILLERS | {
        "first",
        "last",
        "next",
        "past",
        "initial",
        "final",
        "subsequent",
    }:
        words.pop(0)
    near = words[0] if words else ""
    if near in {"and", "or", ",", "not", "but"} and _time_point_before(atoms, at):
        return unit + 1
    follow_up = near == "of" and any(
        lower_at(atoms, at - n).startswith("follow") for n in range(2, 5)
    )
    if near == "of" and _is_watched(atoms, at):
        return unit + 1
    if near == "to" and len(words) > 1 and words[1] in STARTS:
        return unit + 1
    behind = lower_at(atoms, unit + 1)
    labels = kind_at(atoms, unit + 1) == "COLON"
    if behind == "earlier" and lower_at(atoms, unit + 2) in _COMPARED:
        return 0  # "was reached 79 min earlier with A"
    if near in TIME_PREPOSITIONS or follow_up or labels or behind in TIME_FOLLOWERS:
        return unit + 1
    return 0


_COMPARED: Final = frozenset({"with", "than", "in", "on", "under", "among", "for"})


def _is_watched(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "over a median of" stands before: how long people were watched is no finding."""
    step = at - 2
    if kind_at(atoms, step) != "STAT":
        return False
    if lower_at(atoms, step - 1) in {"a", "an", "the"}:
        step -= 1
    return lower_at(atoms, step - 1) in {"over", "during", "for", "within", "throughout", "after"}


def _time_point_before(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "at 3" or "after 6" shortly before began a list of time points."""
    for step in range(at - 2, max(at - 26, 0), -1):
        atom = atoms[step]
        if atom.kind in {"STOP", "BREAK"}:
            return False
        if atom.lower in {"at", "after"} and kind_at(atoms, step + 1) == "NUM":
            return atoms[step + 1].decimals == 0
    return False


def _behind_names(atoms: Sequence[Atom], at: int) -> int:
    """Return the index behind a list of names: "days -43, -13, 46, and 89"."""
    end = at + 1
    while True:
        step = end
        while (
            kind_at(atoms, step) in {"COMMA", "AND", "TO", "DASH", "OR", "SLASH", "VS"}
            and step < end + 2
        ):
            step += 1
        number = atoms[step] if step < len(atoms) else None
        if step == end or number is None or number.kind != "NUM" or number.decimals or number.word:
            return end
        if (
            kind_at(atoms, step + 1) in _QUANTITY | {"PM", "OPEN", "SLASH", "WORD"}
            and kind_at(atoms, end) == "COMMA"
            and (end == at + 1 or kind_at(atoms, step - 1) == "COMMA")
        ):
            return end
        if kind_at(atoms, step + 1) in {"PERCENT", "PM", "RATE", "FOLD"}:
            return end
        end = step + 1
