"""Values that are printed in twos: "137/97 mmHg", "-9.7±6.5/-12.9±11.8"."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.units import TIME_UNITS

#: How two neighbouring values are joined; ``None`` where they are not.
Joint = Callable[[Sequence[Atom], Expression, Expression], str | None]


def join_twins(
    atoms: Sequence[Atom], values: Sequence[Expression], joint: Joint
) -> tuple[int, set[int]]:
    """Join "137/97 vs 130/90 mmHg" crosswise: the first values of the pairs, and the second ones.

    `joint` tells how two values are joined. Returns the next free group, and the ids (of
    :func:`id`) of the expressions that were joined.
    """
    twins = [pair for pair in itertools.pairwise(values) if _is_twin(atoms, *pair)]
    group, twinned = 0, {id(e) for pair in twins if _has_unit(atoms, pair[1]) for e in pair}
    for before, after in itertools.pairwise(twins):
        pairing = joint(atoms, before[1], after[0])
        if pairing is None or before[0].pairing not in {None, pairing}:
            continue
        twinned.update(id(e) for e in (*before, *after))
        if before[0].group is None:
            for n, e in enumerate(before):
                e.group, e.position, e.pairing = group + n, 0, pairing
            group += 2
        for earlier, e in zip(before, after, strict=True):
            e.group, e.position, e.pairing = earlier.group, earlier.position + 1, earlier.pairing
    for one, other in twins:
        if id(one) in twinned and one.unit is None:
            one.unit, one.unit_code = other.unit, other.unit_code
    return group, twinned


def with_spreads_of_twins(atoms: Sequence[Atom], found: Sequence[Expression]) -> list[Expression]:
    """Return expressions with "142/88 ± 12/8 mmHg" told apart: 142 ± 12 and 88 ± 8."""
    dropped: set[int] = set()
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        if third.value is None or not (second.plus_minus and first.spread is third.spread is None):
            continue
        if not (_slash_between(atoms, first, second) and _slash_between(atoms, second, third)):
            continue
        first.spread, second.spread = second.spread, third.value
        first.plus_minus, first.spread_kind = True, second.spread_kind
        first.spread_labelled = second.spread_labelled
        first.unit = second.unit = third.unit
        first.unit_code = second.unit_code = third.unit_code
        first.p, second.end = second.p or third.p, third.end
        second.p = first.p
        dropped.add(id(third))
    return [e for e in found if id(e) not in dropped]


def share_with_twins(atoms: Sequence[Atom], found: Sequence[Expression]) -> None:
    """Make "fell by 8.2/4.1 mmHg" two falls: what a word says of the first value holds for the second."""
    for first, second in itertools.pairwise(e for e in found if e.value is not None):
        told = first.measure == "MD" and first.measure_atom is None and second.measure is None
        if told and _is_twin(atoms, first, second):
            second.measure, second.sign, second.hinted = first.measure, first.sign, True


def _slash_between(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    return [a.kind for a in atoms[first.end : second.start]] == ["SLASH"]


def _is_twin(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether "137/97": two values of one measurement, the first the greater, or both with a spread."""
    if not _slash_between(atoms, first, second):
        return False
    if first.spread is not None and second.spread is not None:
        return True
    one, other = (atoms[cast(int, e.value)] for e in (first, second))
    falls = abs(one.value or 0) > abs(other.value or 0)
    return first.end == cast(int, first.value) + 1 and (falls or (one.signed and other.signed))


def _has_unit(atoms: Sequence[Atom], e: Expression) -> bool:
    return (
        e.unit is not None and atoms[e.unit].kind == "UNIT" and atoms[e.unit].key not in TIME_UNITS
    )
