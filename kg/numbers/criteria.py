"""Percentages that define an outcome or plan a study: "time to 5% weight loss", "to detect a 20% reduction"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.numbers.atom import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import CHANGE_NOUN_STEMS, CONNECTION_BREAKERS, COUNTED_PEOPLE, PERCENT_SCALES

_NOUNS: Final = (*CHANGE_NOUN_STEMS, "relief")
_RESPONDER: Final = "responder"  # "50% responder rate"; "32% responders" is a result
_NOUN_REACH: Final = 3  # words between a percentage and its noun: "5% total body weight loss"
_CHANGED_REACH: Final = 10  # words between a noun and its limit: "a reduction in seizures of ≥"
_SCALE_REACH: Final = 5  # atoms from the name of a quantity to its limit: "HbA1c (A1C) levels ≥"
_PLAN_REACH: Final = 5  # words from "to detect" to the percentage
_SUBJECT_REACH: Final = 12  # atoms from a verb back to those who reached something
_VERB_REACH: Final = 12  # atoms from the noun of change to "was achieved in 40%"
_BOUNDED: Final = frozenset({
    "at least", "more than", "greater than", "less than", "fewer than", "no less than", "over", "above",
    "below", "exceeding", "not less than", "a minimum of", "greater than or equal to", "more than or equal to",
    "higher than",
})  # fmt: skip
#: Words before what a study was planned for, or what it calls an event.
_PLANS: Final = frozenset({
    "detect", "detecting", "assuming", "assumed", "assume", "assumes", "hypothesized", "hypothesised", "anticipated",
    "anticipating", "powered", "expecting", "defined", "define", "defines", "prespecified", "minimum",
})  # fmt: skip
#: Beginnings of verbs of those who came so far, and other verbs that may say so.
_REACHED: Final = ("achiev", "attain", "reach", "experienc", "obtain")
_HAD: Final = frozenset({"had", "showed", "maintained", "gained", "lost", "reported", "with", "demonstrated"})  # fmt: skip
_SEEN: Final = frozenset({
    "achieved", "attained", "reached", "seen", "observed", "experienced", "obtained", "found", "reported", "noted",
})  # fmt: skip
_CHANCES: Final = frozenset({"odds", "risk", "likelihood", "probability", "chance", "chances", "hazard"})  # fmt: skip
_ARTICLES: Final = frozenset({"a", "an", "the"})


def is_criterion(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a percentage says what counts as an outcome, or what a study was planned for."""
    if e.unit is None or atoms[e.unit].kind != "PERCENT" or e.value is None:
        return False
    told = e.bounds is not None or e.plus_minus or e.spread is not None or e.p_in_own_bracket
    if told or e.measure_atom is not None or e.events is not None or e.total is not None:
        return False
    before = e.start - 1
    while lower_at(atoms, before) in _ARTICLES:
        before -= 1
    bound = _bound(atoms, before)
    if bound and _is_level(atoms, before):
        return True
    if e.bound is not None and kind_at(atoms, e.start - 1) != "CMP":
        return True  # "5% or more of their weight"
    noun = _noun_of_change(atoms, e.unit + 1)
    if not noun:
        return bound and _noun_before(atoms, before)
    return (
        bound
        or lower_at(atoms, noun) == _RESPONDER
        or lower_at(atoms, noun + 1).startswith("criteri")
        or _is_planned(atoms, before, noun)
        or _is_reached(atoms, before)
        or _is_seen_in_some(atoms, noun)
    )


def _bound(atoms: Sequence[Atom], at: int) -> bool:
    """Whether a limit stands at an atom; "up to 30%" tells the most that was found."""
    if kind_at(atoms, at) != "CMP":
        return False
    return not atoms[at].word or atoms[at].lower in _BOUNDED


def _is_level(atoms: Sequence[Atom], at: int) -> bool:
    """Whether the limit at an atom is one of a quantity printed in per cent: "HbA1c ≥ 7%", "LVEF < 40%"."""
    if lower_at(atoms, at - 1) in {"by", "to", "was", "were", "remained"}:
        return False
    for step in range(1, _SCALE_REACH + 1):
        if kind_at(atoms, at - step) not in {"WORD", "NAME", "OPEN", "CLOSE", "OTHER"}:
            return False
        word = lower_at(atoms, at - step)
        if word.startswith(PERCENT_SCALES) or word == "fraction":
            return True
    return False


def _noun_of_change(atoms: Sequence[Atom], at: int) -> int:
    """Return where the noun of change stands in "30% relative weight loss", else 0."""
    for step in range(_NOUN_REACH + 1):
        word = lower_at(atoms, at + step)
        if kind_at(atoms, at + step) == "MEASURE" and "reduction" in word:
            return at + step
        if kind_at(atoms, at + step) not in {"WORD", "NAME"} or word in CONNECTION_BREAKERS:
            return 0
        named = word.startswith(_NOUNS) and not word.endswith(("ed", "difference"))
        if named or word == _RESPONDER:
            return at + step
    return 0


def _noun_before(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "a reduction in pain of ≥": the noun of change stands before the limit at an atom."""
    if lower_at(atoms, at - 1) != "of":
        return False
    for step in range(2, _CHANGED_REACH):
        if kind_at(atoms, at - step) not in {"WORD", "NAME"}:
            return False
        if lower_at(atoms, at - step).startswith(_NOUNS):
            return True
    return False


def _is_planned(atoms: Sequence[Atom], at: int, noun: int) -> bool:
    """Whether "to detect a 20% reduction", "a 15% fall in FEV1 defined a positive test"."""
    for step in range(_PLAN_REACH):
        if kind_at(atoms, at - step) not in {"WORD", "NAME", "CMP"}:
            break
        if lower_at(atoms, at - step) in _PLANS:
            return True
    for step in range(1, _VERB_REACH):
        if kind_at(atoms, noun + step) not in {"WORD", "NAME"}:
            return False
        if lower_at(atoms, noun + step) in {"defined", "defines"}:
            return True
    return False


def _is_reached(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "time to 5% weight loss", "the risk of a 40% decline", "19.6% of the participants achieved 6% weight loss"."""
    verb = lower_at(atoms, at)
    reached = verb.startswith(_REACHED)
    chance = verb == "of" and lower_at(atoms, at - 1) in _CHANCES
    timed = verb == "to" and lower_at(atoms, at - 1) == "time"
    if chance or timed or (reached and verb.endswith("ing")):
        return True
    return (reached or verb in _HAD) and _is_of_some(atoms, at, reached)


def _is_of_some(atoms: Sequence[Atom], verb: int, counted: bool) -> bool:
    """Whether the subject of a verb is a share of people, or so many of them where `counted` allows it."""
    shared = False
    for step in range(1, _SUBJECT_REACH + 1):
        at = verb - step
        kind = kind_at(atoms, at)
        if kind in {"STOP", "BREAK", "SEMI", "COMMA", "P", "CI", ""}:
            return False
        if kind == "PERCENT":
            return shared or step == 1 or (step == 2 and kind_at(atoms, verb - 1) == "CLOSE")
        if kind == "NUM" and counted and lower_at(atoms, at + 1) in COUNTED_PEOPLE:
            return lower_at(atoms, at - 1) not in {"the", "these", "all"}
        shared = shared or lower_at(atoms, at) in COUNTED_PEOPLE | {"of", "group", "arm"}
    return False


def _is_seen_in_some(atoms: Sequence[Atom], noun: int) -> bool:
    """Whether "a 50% reduction in attacks was achieved in 46% of the patients"."""
    for step in range(1, _VERB_REACH):
        kind = kind_at(atoms, noun + step)
        if kind not in {"WORD", "NAME", "OPEN", "CLOSE"}:
            return False
        if lower_at(atoms, noun + step) in _SEEN:
            number = noun + step + 2
            number += lower_at(atoms, number) in {"the", "only", "about"}
            return lower_at(atoms, noun + step + 1) in {"in", "by"} and (
                kind_at(atoms, number) == "NUM" and kind_at(atoms, number + 1) == "PERCENT"
            )
    return False
