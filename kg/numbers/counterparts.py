"""Bare numbers of one group that stand as those of another do: "8.9 on A and 17.8 on B".

A number without unit, measure or noun says nothing by itself. Joined to a result, and said of whom in the
same words ("93 deaths in one group and 106 in the other"), it is the same quantity in the other
group; and two whole numbers that are told so count what a sentence of events or their ratio is about.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import (
    clause_words,
    is_age,
    is_cutoff,
    is_given,
    is_increment,
    is_threshold,
    is_time,
)
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import COUNTED_PEOPLE, EVENT_WORDS, FILLERS, HAPPENED_WORDS, SAMPLE_WORDS
from kg.records import RATIO_MEASURES

#: Words that say in whom or when a number was found, and those of them that say the same.
_WITHIN: Final = frozenset({"in", "on", "with", "for", "among", "under", "of"})
_PLACES: Final = (_WITHIN - {"of"}) | {"after", "at", "receiving", "given", "taking"}
_JOINTS: Final = frozenset({"AND", "VS", "COMMA", "SEMI"})
_JOINING: Final = frozenset({"against", "while", "whereas", "than", "but"})
_COMPARED: Final = frozenset({"compared", "comparing", "relative"})
_NOUNS: Final = 4  # words between a count and the preposition behind it
_NAME: Final = 12  # atoms of a group's name and of what joins it to the next number
_RATIO: Final = 14  # atoms from the second of two counts to their ratio
_CLAUSE: Final = 16  # atoms before a count that say what happened


def with_counterparts(
    atoms: Sequence[Atom], found: Sequence[Expression], results: Sequence[Expression]
) -> list[Expression]:
    """Return results with the bare numbers of other groups that stand as they do, in text order.

    `found` is all that was read, `results` those of it that say themselves that they are results.
    """
    kept = {id(e) for e in results}
    all_values = [e for e in found if e.value is not None and not is_given(atoms, e)]
    values = [e for e in all_values if id(e) in kept or not is_time(atoms, e)]
    for first, second in itertools.pairwise(values):
        if kept.isdisjoint((id(first), id(second))) and _are_counts(atoms, first, second):
            for e in (first, second):
                e.measure, e.counted = "count", True
            kept.update((id(first), id(second)))
    for known, e in itertools.chain(_neighbours(values), _neighbours(all_values)):
        if id(known) in kept and id(e) not in kept and _alike(atoms, known, e):
            e.measure, e.stat, e.counted, e.sign = (
                known.measure,
                known.stat,
                known.counted,
                known.sign,
            )
            if e.unit is None and known.unit is not None:
                e.unit, e.unit_code = known.unit, known.unit_code
            kept.add(id(e))
    return [e for e in found if id(e) in kept]


def _neighbours(values: Sequence[Expression]) -> Iterable[tuple[Expression, Expression]]:
    return itertools.chain(itertools.pairwise(values), itertools.pairwise(reversed(values)))


def _alike(atoms: Sequence[Atom], known: Expression, e: Expression) -> bool:
    """Whether a number stands as a result beside it does, and is printed alike."""
    first, second = sorted((known, e), key=lambda x: x.start)
    if e.unit is not None and known.unit is not None:
        listed = e.group == known.group is not None and _are_placed(atoms, first, second)
        return e.unit_code == known.unit_code and (listed or _are_parallel(atoms, first, second))
    number, other = (atoms[cast(int, x.value)] for x in (e, known))
    whole = number.decimals == 0
    if e is second and e.unit is None and known.unit is not None and not whole:
        same = number.decimals == other.decimals  # "4.2 points with A and 1.0 with B"
        return same and _are_parallel(atoms, first, second)
    money = e.unit is known.unit is None and e.unit_code == known.unit_code is not None
    if money:
        return _are_parallel(atoms, first, second)
    if e.unit is not known.unit or whole != (other.decimals == 0) or whole != known.counted:
        return False
    if not whole and e.group == known.group is not None and _follows(atoms, first, second):
        return _is_bare(atoms, e)
    if whole and _are_of_sample(atoms, first, second):
        return False
    return _are_parallel(atoms, first, second) or (
        whole and (_say_by_whom(atoms, first, second) or _share_people(atoms, first, second))
    )


def _are_placed(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "0.21 µm in the control group, 0.68 µm after abrasion": behind both a word says in whom."""
    bare = _is_bare(atoms, first) and _is_bare(atoms, second)
    return bare and all(lower_at(atoms, e.end) in _PLACES for e in (first, second))


def _say_by_whom(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "by 9 patients on A and by 2 on B": the same word before both, and in whom behind them."""
    bare = _is_bare(atoms, first) and _is_bare(atoms, second)
    at = second.start - 1
    while lower_at(atoms, at) in FILLERS:
        at -= 1
    joined = kind_at(atoms, at - 1) == "AND" or lower_at(atoms, at - 1) == "but"
    word = lower_at(atoms, at)
    again = word in {"by", "in"} and word in {lower_at(atoms, first.start - n) for n in (1, 2)}
    behind = _place(atoms, second.end, 2, _PLACES | {"while", "who", "of", "exposed", "treated"})
    return bare and joined and again and behind is not None


def _share_people(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "4 tocilizumab-treated and 2 methotrexate-treated patients": one word for those of both."""
    gap = atoms[first.end : second.start]
    names = [a for a in gap[:-1] if a.kind in {"WORD", "NAME", "DASH"}]
    joined = len(gap) > 1 and gap[-1].kind == "AND" and len(names) == len(gap) - 1 <= _NOUNS
    people = any(lower_at(atoms, second.end + n) in COUNTED_PEOPLE for n in range(1, _NOUNS + 1))
    return joined and people and _is_bare(atoms, first) and _is_bare(atoms, second)


def _are_counts(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "82 on A and 104 on B; HR 0.78", "events, 12 in A and 9 in B" count what befell two groups."""
    if any(e.unit is not None or atoms[cast(int, e.value)].decimals for e in (first, second)):
        return False
    if not _are_parallel(atoms, first, second):
        return False
    if _are_of_sample(atoms, first, second):
        return False
    before = set(_words_before(atoms, first.start))
    ratio = any(
        a.kind == "MEASURE" and a.key in RATIO_MEASURES
        for a in _clause_behind(atoms, second.end)
    )  # fmt: skip
    return ratio or bool(before & (EVENT_WORDS | HAPPENED_WORDS))


def _are_of_sample(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether two counts are of those who were enrolled, assigned or treated."""
    words = clause_words(atoms, first.start, second.end, _CLAUSE)
    told = (
        words & EVENT_WORDS and words & HAPPENED_WORDS
    )  # "a total of 23 deaths occurred (9 on A and 14 on B)"
    return bool(words & (SAMPLE_WORDS - {"total"} if told else SAMPLE_WORDS))


def _words_before(atoms: Sequence[Atom], at: int) -> Iterator[str]:
    for step in range(1, _CLAUSE + 1):
        if kind_at(atoms, at - step) in {"STOP", "BREAK", ""}:
            return
        yield lower_at(atoms, at - step)


def _clause_behind(atoms: Sequence[Atom], at: int) -> Iterator[Atom]:
    for atom in atoms[at : at + _RATIO]:
        if atom.kind in {"STOP", "BREAK"}:
            return
        yield atom


def _are_parallel(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether two bare numbers are joined, and behind both the same words say in whom."""
    if first.sentence != second.sentence or not (
        _is_bare(atoms, first) and _is_bare(atoms, second)
    ):
        return False
    whole = first.unit is None and atoms[cast(int, first.value)].decimals == 0
    one = _place(atoms, first.end, _NOUNS if whole else 0, _PLACES)
    if one is None or one >= second.start:
        return False
    word = lower_at(atoms, one)
    again = whole and lower_at(atoms, second.end) == lower_at(atoms, first.end)
    others = _WITHIN - (set() if again else {"of"}) if word in _WITHIN else set()
    two = _place(atoms, second.end, int(again), {word, *others})
    return two is not None and _joins(atoms[one + 1 : second.start])


def _follows(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "1.6, 0.8 and 0.6": nothing but a comma or "and" stands between."""
    return all(a.kind in {"COMMA", "AND"} for a in atoms[first.end : second.start])


def _is_bare(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether nothing is printed beside a number that says what it is."""
    number = atoms[cast(int, e.value)]
    return (
        e.measure_atom is None and e.bound is None and e.bounds is None and e.spread is None
        and e.iqr is None and e.total is None and not number.signed and not number.year and not number.glued
        and not any(says(atoms, e) for says in (is_age, is_cutoff, is_increment, is_threshold))
    )  # fmt: skip


def _place(atoms: Sequence[Atom], at: int, words: int, wanted: Collection[str]) -> int | None:
    """Return the preposition behind a number and at most some words."""
    for step in range(words + 1):
        if lower_at(atoms, at + step) in wanted:
            return at + step
        if kind_at(atoms, at + step) not in {"WORD", "NAME"}:
            return None
    return None


def _joins(gap: Sequence[Atom]) -> bool:
    """Whether a name, and what joins it to the next number, are all that stands between."""
    gap = list(_outside_brackets(gap))
    if not 2 <= len(gap) <= _NAME:
        return False
    end = len(gap)
    while end and (gap[end - 1].lower in FILLERS or gap[end - 1].lower in {"in", "with", "to"}):
        end -= 1
    last = gap[end - 1] if end else None
    if last is None or not (last.kind in _JOINTS or last.lower in _JOINING | _COMPARED):
        return False
    name = gap[: end - 1]
    while name and (name[-1].kind in {"COMMA", "SEMI"} or name[-1].lower == "as"):
        name = name[:-1]
    return bool(name) and all(a.kind in {"WORD", "NAME", "DASH", "NUM", "UNIT"} for a in name)


def _outside_brackets(atoms: Sequence[Atom]) -> Iterator[Atom]:
    depth = 0
    for atom in atoms:
        if atom.kind == "OPEN":
            depth += 1
        elif atom.kind == "CLOSE":
            depth -= 1
        elif depth == 0:
            yield atom
