"""Whole numbers that count people or events: who did or suffered something, and what happened how often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import clause_words
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import (
    BEFALLING_VERBS,
    COUNTED_PEOPLE,
    DEEDS,
    EVENT_VERBS,
    EVENT_WORDS,
    HAPPENED_WORDS,
    NAMING_WORDS,
    RELATING_WORDS,
    SAMPLE_WORDS,
    STUDY_DEEDS,
)

#: "diarrhoea caused 15 patients to stop": what befell those who are counted behind it.
_BEFALLING: Final = frozenset({"caused", "led", "prompted", "forced", "troubled", "affected"})
_VERB_REACH: Final = 8  # words from those who are counted to the verb that says what befell them
_WHERE: Final = frozenset({"in", "of", "on", "from", "with", "allocated", "assigned", "given", "receiving", "treated"})  # fmt: skip
_GIVEN_TO: Final = frozenset({"allocated", "assigned"})
_BRACKET_REACH: Final = 12  # atoms in such a bracket


def counts_something(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a bare whole number counts events or people to whom something happened."""
    number = atoms[cast(int, e.value)]
    if (
        number.decimals
        or number.signed
        or e.unit is not None
        or e.measure is not None
        or e.bound is not None
        or number.glued
    ):
        return False
    after = cast(int, e.value) + 1
    if number.lower in {"no", "none"}:
        return as_count(e)
    for step in range(4):
        if kind_at(atoms, after + step) not in {"WORD", "NAME"}:
            break
        word = lower_at(atoms, after + step)
        if word in EVENT_WORDS and lower_at(atoms, e.start - 1) not in {
            "prevent",
            "avoid",
            "any",
            "every",
            "per",
        }:
            return as_count(e)
        if word in COUNTED_PEOPLE and (
            lower_at(atoms, e.start - 1) in _BEFALLING
            or _happened_in(atoms, e)
            or _happened_to(atoms, e, after + step + 1)
            or _acted(atoms, e, after + step + 1)
        ):
            return as_count(e)
        placed = word in {"were", "was"} and lower_at(atoms, after + step + 1) in {
            "in",
            "on",
            "from",
        }
        if word in EVENT_VERBS and not placed and lower_at(atoms, e.start - 1) != "of":
            near = clause_words(atoms, e.start, e.end, 8)
            return not near & SAMPLE_WORDS and as_count(e)
    return _did_something(atoms, e) and as_count(e)


def _did_something(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "of 400 women, 384 provided measurements": a verb right behind those who did it."""
    before = kind_at(atoms, e.start - 1)
    opens = before in {"COMMA", "AND", "SEMI", "STOP", "BREAK", ""} or lower_at(
        atoms, e.start - 1
    ) in {"whom", "which", "while", "but", "only", "these", "them"}
    return opens and _is_deed(atoms, e.end)


def _acted(atoms: Sequence[Atom], e: Expression, at: int) -> bool:
    """Whether "33 patients stopped treatment", "12 women fell": what people did, right behind them."""
    verb = lower_at(atoms, at)
    described = verb.endswith("ed") and lower_at(atoms, at + 1) in RELATING_WORDS  # "aged 18 to 65"
    done = _is_deed(atoms, at) and verb not in STUDY_DEEDS
    return done and not described and not _is_a_whole(atoms, e)


def _is_deed(atoms: Sequence[Atom], at: int) -> bool:
    verb = lower_at(atoms, at)
    past = verb.endswith("ed") or verb in DEEDS
    return past and kind_at(atoms, at) == "WORD" and verb not in SAMPLE_WORDS


def _happened_to(atoms: Sequence[Atom], e: Expression, at: int) -> bool:
    """Whether "18 patients with recurrence were seen": a verb some words behind the people."""
    if _is_a_whole(atoms, e):
        return False
    if behind := _behind_bracket(atoms, at):
        return _is_befalling(atoms, behind)
    placed = lower_at(atoms, at) in _WHERE
    for step in range(_VERB_REACH):
        if kind_at(atoms, at + step) == "NUM" and lower_at(atoms, at + step - 1) in NAMING_WORDS:
            continue  # "2 patients in group 1 were excluded"
        given = kind_at(atoms, at + step) == "TO" and lower_at(atoms, at) in _GIVEN_TO
        if kind_at(atoms, at + step) not in {"WORD", "NAME"} and not given:
            return placed and _happened_to_both(atoms, at + step)
        word = lower_at(atoms, at + step)
        if word in EVENT_VERBS | HAPPENED_WORDS:
            near = clause_words(atoms, e.start, at + step, 6)
            return not near & (SAMPLE_WORDS - {"total"})
        if placed and _is_befalling(atoms, at + step):
            return True
    return False


def _behind_bracket(atoms: Sequence[Atom], at: int) -> int:
    """Return the index behind a bracket that opens at an atom: "136 women (74 placebo, 62 tamoxifen) developed", or 0."""
    if kind_at(atoms, at) != "OPEN":
        return 0
    for step in range(1, _BRACKET_REACH):
        if kind_at(atoms, at + step) == "CLOSE":
            return at + step + 1
    return 0


def _happened_to_both(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "… in the treatment group and 1 in the control group withdrew" goes on from its "and"."""
    at += kind_at(atoms, at) == "COMMA"
    number = at + 1
    if kind_at(atoms, at) not in {"AND", "VS"} or kind_at(atoms, number) != "NUM":
        return False
    whole = atoms[number].decimals == 0 and kind_at(atoms, number + 1) in {"WORD", "TO"}
    for step in range(1, _VERB_REACH if whole else 0):
        if kind_at(atoms, number + step) not in {"WORD", "NAME", "TO"}:
            return False
        if _is_befalling(atoms, number + step):
            return True
    return False


def _is_befalling(atoms: Sequence[Atom], at: int) -> bool:
    """Whether a verb says what befell people or what they did of themselves: "failed", "withdrew"."""
    return lower_at(atoms, at) in BEFALLING_VERBS


def _is_a_whole(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "the mortality of 257 patients", "the 18 women": people already known."""
    before = lower_at(atoms, e.start - 1)
    total = lower_at(atoms, e.start - 2) in {"total", "sum"}
    return before in {"the", "these", "all"} or (before == "of" and not total)


def as_count(e: Expression) -> bool:
    e.counted, e.measure = True, "count"
    return True


def _happened_in(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "was reported in 76 patients": the number counts those to whom something happened."""
    before = [lower_at(atoms, e.start - n) for n in range(1, 6)]
    return before[0] in {"in", "by", "for"} and any(w in HAPPENED_WORDS for w in before[1:])


def befell_two(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "deaths occurred in 14 versus nine patients": so many of one group, so many of another."""
    near = clause_words(atoms, e.start, e.end, _VERB_REACH)
    return bool(near & (HAPPENED_WORDS | EVENT_WORDS)) and not near & SAMPLE_WORDS


def is_number_of(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "the number of patients with … were 22 in …": a count stated with a verb."""
    if lower_at(atoms, e.start - 1) not in {"was", "were", "and"}:
        return False
    for step in range(2, 24):
        kind = kind_at(atoms, e.start - step)
        if kind in {"STOP", "BREAK", ""}:
            return False
        if (
            lower_at(atoms, e.start - step) == "number"
            and lower_at(atoms, e.start - step + 1) == "of"
        ):
            return True
    return False
