"""What one value's measure says of the next: members of a list, changes that go on, changes in brackets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.comparatives import lies_off
from kg.numbers.expression import Expression
from kg.numbers.implied_measure import on_percent_scale
from kg.numbers.lists import groups_of
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import (
    CHANGE_NOUN_STEMS,
    COUNTED_PEOPLE,
    EVENT_WORDS,
    change_direction,
)
from kg.records import RATIO_MEASURES

_JOINTS: Final = frozenset({"COMMA", "AND", "OR", "VS", "SLASH"})
_PLACES: Final = frozenset({"in", "with", "for", "among", "on", "at", "during", "after", "under"})
_NEXT: Final = 4  # atoms between two counts and the ratio of their risks
_RECALLED: Final = 5  # sentences for which the name of a ratio holds
_REACH: Final = 12  # atoms from a verb of change to the bracket behind its object
_VERBS: Final = frozenset({"was", "were", "is", "are", "had", "has", "have"})
_OBJECT_ENDS: Final = _VERBS | frozenset({
    "than", "that", "which", "who", "while",
    "whereas", "but", "when", "from", "to", "of", "in", "with", "versus", "vs", "compared", "by",
})  # fmt: skip


def agree(atoms: Sequence[Atom], found: Sequence[Expression]) -> None:
    """Let values that the text joins be the same measure, with the same sign."""
    values = [e for e in found if e.value is not None]
    for members in groups_of(values):
        if any(e.measure == "percent_change" for e in members):
            _agree_changes(atoms, members)
        else:
            _agree_level([e for e in members if not lies_off(atoms, e)])
    listed = {members[0].group: members for members in groups_of(values)}
    last: Expression | None = None
    changed: Expression | None = None
    for e in values:
        if last is not None and last.sentence != e.sentence:
            last, changed = None, None
        if e.measure == "percent" and e.events is None:
            _continue_change(atoms, last, changed, e)
            if e.group is not None and _is_change(e):
                _agree_changes(atoms, listed[e.group])
        last, changed = e, e if e.measure == "percent_change" else changed
    _continue_ratios(atoms, values)
    behind = {id(e): after for e, after in itertools.pairwise(values)}
    for members in groups_of(values):
        _agree_count(atoms, members, behind.get(id(members[-1])))


def _is_change(e: Expression) -> bool:
    return e.measure == "percent_change"


def _agree_changes(atoms: Sequence[Atom], members: Sequence[Expression]) -> None:
    for before, e in itertools.pairwise(members):
        _agree_change(atoms, before, e)
    for after, e in zip(members[::-1], members[-2::-1], strict=False):
        _agree_change(atoms, after, e)


def _agree_level(members: Sequence[Expression]) -> None:
    measures = {e.measure for e in members}
    for wanted in ("MD", "median", "mean"):
        if wanted == "median" and any(e.plus_minus for e in members):
            continue
        if wanted in measures and measures <= {wanted, "mean", None}:
            leader = next(e for e in members if e.measure == wanted)
            for e in members:
                if e.measure != wanted:
                    e.measure, e.sign, e.hinted = (
                        leader.measure,
                        leader.sign,
                        e.hinted or leader.hinted,
                    )
            return


def _agree_count(
    atoms: Sequence[Atom], members: Sequence[Expression], behind: Expression | None
) -> None:
    """Let "83 events in one arm and 126 in the other", "85 vs 165 cases" count alike.

    So do the whole numbers of two arms right before their ratio (`behind`): "(85 vs 165, HR 0.51)".
    """
    last = members[-1]
    named = {lower_at(atoms, cast(int, last.value) + n) for n in (1, 2)} & EVENT_WORDS
    compared = behind is not None and behind.measure in RATIO_MEASURES and last.pairing == "vs"
    counts = (
        any(e.measure == "count" for e in members)
        or (last.unit is None and bool(named))
        or (compared and behind is not None and behind.start - last.end <= _NEXT)
    )
    if not counts or any(e.measure not in {None, "count"} for e in members):
        return
    for e in members:
        number = atoms[cast(int, e.value)]
        people = lower_at(atoms, cast(int, e.value) + 1) in COUNTED_PEOPLE
        if number.decimals or number.signed or e.has_evidence or e.bound or people:
            continue
        if e.unit is None or e.measure == "count":
            e.measure, e.counted = "count", True


def _continue_ratios(atoms: Sequence[Atom], values: Sequence[Expression]) -> None:
    """Give "(0.39, 0.27-0.58)" the measure of the ratio before it, where it lies as a ratio does.

    The estimate of a ratio is the middle of its interval on the logarithmic scale alone.
    """
    ratio: Expression | None = None
    for e in values:
        if e.measure in RATIO_MEASURES and e.measure_atom is not None:
            ratio = e
        elif ratio is not None and e.measure is None and e.sentence - ratio.sentence <= _RECALLED:
            opens = kind_at(atoms, e.start - 1) in {"OPEN", "COMMA", "SEMI", "AND"}
            if opens and e.stat is None and e.unit is None and _lies_as_ratio(atoms, e):
                e.measure, e.measure_atom = ratio.measure, ratio.measure_atom
                e.group, e.position, e.pairing = None, 0, None


def _lies_as_ratio(atoms: Sequence[Atom], e: Expression) -> bool:
    if e.bounds is None:
        return False
    number, low, high = (atoms[cast(int, n)] for n in (e.value, e.bounds.low, e.bounds.high))
    value, one, other = (cast(float, a.value) for a in (number, low, high))
    if min(value, one, other) <= 0 or not number.decimals:
        return False
    rounding = 10.0**-number.decimals
    middle = (one + other) / 2
    return abs(math.sqrt(one * other) - value) <= rounding < abs(middle - value)


def _agree_change(atoms: Sequence[Atom], known: Expression, e: Expression) -> None:
    """Make a percentage a change too where it goes on with a list of changes."""
    if known.measure != "percent_change" or not _may_change(atoms, known, e):
        return
    first, second = sorted((known, e), key=lambda x: x.start)
    gap = atoms[first.end : second.start]
    respective = e.pairing == "respectively" and not any(a.lower in _VERBS for a in gap)
    joined = respective or all(a.kind in _JOINTS for a in gap)
    if joined or _places_follow(atoms, first, second):
        e.measure, e.sign = known.measure, known.sign


def _may_change(atoms: Sequence[Atom], known: Expression, e: Expression) -> bool:
    """Whether `e` is read as a share, or as a level with the spread that `known` has too."""
    if e.events is not None or e.unit is None or atoms[e.unit].kind != "PERCENT":
        return False
    spread = e.spread is not None and known.spread is not None
    return e.measure == "percent" or (
        e.measure == "mean" and spread and not on_percent_scale(atoms, e)
    )


def _places_follow(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "by 54% in one and 40% in the other", "5% at rest and 10% during exercise" goes on."""
    if any(change_direction(a.lower) for a in atoms[first.end : second.start]):
        return False
    if lower_at(atoms, second.start - 1) == "of":
        return False  # "reduced by 66%, with incidences of 3.6% in …": levels
    return all(
        {lower_at(atoms, cast(int, e.unit) + n) for n in (1, 2)} & _PLACES for e in (first, second)
    )


def _continue_change(
    atoms: Sequence[Atom], before: Expression | None, changed: Expression | None, e: Expression
) -> None:
    """Make a percentage a change where it takes up the last change (`changed`) told before it.

    "decreased by 47%, respectively, at 3 mg, and by 15%"; "declining 26% in A; 30% in B"; "decreased
    A (29%) and B (26%)"; "fell by 1.6 points (29%)".
    """
    at = e.start - 1
    again = lower_at(atoms, at) == "by" and _takes_up(atoms, at, changed)
    resumed = kind_at(atoms, at - (kind_at(atoms, at) == "AND")) == "SEMI"
    if changed is not None and (again or (before is changed and resumed)):
        e.measure, e.sign = changed.measure, changed.sign
        return
    if kind_at(atoms, at) != "OPEN" or _compares_within(atoms, e):
        return
    if sign := _change_before_bracket(atoms, before, e):
        e.measure, e.sign = "percent_change", sign
    elif changed is not None and changed is before and before.group == e.group is not None:
        between = atoms[before.end : e.start]
        told = any(change_direction(a.lower) or a.lower in _VERBS for a in between)
        if kind_at(atoms, before.start - 1) == "OPEN" and not told:
            e.measure, e.sign = before.measure, before.sign


def _takes_up(atoms: Sequence[Atom], by: int, changed: Expression | None) -> bool:
    """Whether "reduced A by 56%, and B by 54%" goes on at the second "by": one more thing changed."""
    for at in range(by - 1, max(-1, by - _REACH), -1):
        atom = atoms[at]
        if atom.kind in {"AND", "COMMA", "SEMI"} and changed is not None:
            joined = {a.kind for a in atoms[at : at + 2]} | {kind_at(atoms, at - 1)}
            return bool(joined & {"COMMA", "SEMI"}) or at == by - 1
        named = atom.kind in {"WORD", "NAME", "STAT", "DASH", "UNIT"} or atom.hyphenated
        if not named or atom.lower in _VERBS or change_direction(atom.lower):
            return False
    return False


def _compares_within(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the bracket holds more than one value: "(78% vs 55%)"; a p value is none."""
    own_p = e.p.number if e.p is not None else -1
    for at in range(e.end, e.end + 8):
        if at == own_p or at >= len(atoms):
            continue
        atom = atoms[at]
        if atom.kind in {"CLOSE", "STOP", "BREAK"}:
            return False
        if atom.kind in {"NUM", "VS"}:
            return True
    return True


def _change_before_bracket(atoms: Sequence[Atom], before: Expression | None, e: Expression) -> int:
    """Return the direction that is told right before the bracket of `e`, or 0."""
    at = e.start - 2
    if before is not None and before.measure == "MD" and before.end >= at and before.hinted:
        return -1 if before.sign < 0 or cast(float, atoms[cast(int, before.value)].value) < 0 else 1
    word = lower_at(atoms, at)
    if word.startswith(CHANGE_NOUN_STEMS):
        return change_direction(word)
    for _ in range(_REACH):
        if kind_at(atoms, at) not in {"WORD", "NAME", "STAT", "AND", "COMMA"}:
            return 0
        word = lower_at(atoms, at)
        if word in _OBJECT_ENDS:
            return 0
        if word.endswith("ed") and word != "elevated" and (direction := change_direction(word)):
            return 0 if lower_at(atoms, at - 1) in _OBJECT_ENDS else direction
        at -= 1
    return 0
