"""Which values a p value stands for: the one before it, all of a list, or the estimate in its brackets."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.lists import CONTRAST, SHARING, groups_of
from kg.numbers.pieces import PValue, kind_at, lower_at
from kg.numbers.words import change_direction
from kg.records import RATIO_MEASURES

#: What may stand between a p value that opens brackets and the estimate behind it, and how much.
_LEADING: Final = frozenset({"COMMA", "SEMI", "COLON", "AND"})
_LED: Final = 8


def share_p(atoms: Sequence[Atom], found: list[Expression]) -> list[Expression]:
    """Give p values to the values they stand for; return the expressions without those p alone."""
    gone: set[int] = set()
    for at, e in enumerate(found):
        if e.value is not None or e.p is None or e.statistic is not None:
            continue
        before = found[at - 1] if at else None
        following = found[at + 1] if at + 1 < len(found) else None
        if following is not None and following.p is None and _leads(atoms, e, following):
            following.p = e.p
            gone.add(at)
        if (
            before is not None
            and before.p is None
            and _plausible(atoms, before)
            and _stands_behind(atoms, before, e)
        ):
            before.p, before.end = e.p, e.end
            gone.add(at)
        elif (e.p.shared and _share_back(found, at)) or _sums_up(atoms, found, at):
            gone.add(at)
    for members in groups_of([e for e in found if e.value is not None]):
        _share_in_group(atoms, members)
    gone.update(
        at for at, e in enumerate(found)
        if at not in gone and e.value is None and e.p is not None and _announces(atoms, found, at)
    )  # fmt: skip
    _share_with_change(atoms, found)
    for at, e in enumerate(found):
        if e.value is not None and e.p is not None and e.p.shared:
            _share_back(found, at)
    kept: list[Expression] = []
    for at, e in enumerate(found):
        if at in gone:
            continue
        kept.append(e)
        if e.value is None and e.p is not None:
            kept += [
                Expression(n, n + 1, p=_nth(atoms, e.p, n), sentence=e.sentence) for n in e.p.others
            ]
    return kept


def _nth(atoms: Sequence[Atom], p: PValue, number: int) -> PValue:
    """Return the p value of a list that stands at atom `number`."""
    return PValue(number, number + 1, p.operator, cast(float, atoms[number].value), number, p.kind)


def _leads(atoms: Sequence[Atom], p: Expression, value: Expression) -> bool:
    """Whether a p value opens the brackets in which an estimate follows it: "(p = 0.02, HR 0.61)"."""
    if kind_at(atoms, p.start - 1) != "OPEN" or value.measure_atom is None or value.value is None:
        return False
    gap = [a.kind for a in atoms[p.end : value.value]]
    return len(gap) <= _LED and gap[0] in _LEADING and not {"OPEN", "CLOSE", "NUM"} & set(gap)


def _stands_behind(atoms: Sequence[Atom], value: Expression, p: Expression) -> bool:
    """Whether a p value with words before it still belongs to the value before those words."""
    if value.sentence != p.sentence:
        return False
    gap = atoms[value.end : p.start]
    if len(gap) > 24:
        return False
    closes = any(a.kind == "CLOSE" for a in gap)
    respective = any(a.kind == "RESP" for a in gap)
    words = 0
    for n, atom in enumerate(gap):
        if atom.kind == "SEMI" and closes and n < len(gap) - 2:
            return False
        if atom.kind in {"MEASURE", "STOP", "BREAK"}:
            return False
        if atom.lower in CONTRAST:
            behind = [a.lower for a in gap[n + 1 :]]
            return any(w.startswith("difference") for w in behind) and len(behind) <= 12
        if atom.kind in {"COMMA", "AND"}:
            rest = [
                a
                for a in gap[n + 1 :]
                if a.kind in {"WORD", "NAME"} and a.lower not in {"all", "both", "respectively"}
            ]
            if len(rest) > 2 and not (respective or _told_of_values(atoms, value, rest)):
                return False
        if atom.kind in {"WORD", "NAME"}:
            words += 1
    return words <= 18


def _told_of_values(atoms: Sequence[Atom], value: Expression, words: Sequence[Atom]) -> bool:
    """Whether words before a p value say that values differ: "12%, with a significant difference (p = 0.03)"."""
    said = [a.lower for a in words]
    differ = any(word.startswith("differ") for word in said) and "interaction" not in said
    number = cast(int, value.value)
    measured = value.unit is not None or atoms[number].decimals > 0
    compares = value.measure in RATIO_MEASURES  # the difference of two ratios is none of theirs
    return differ and measured and value.bounds is None and not value.counted and not compares


def _sums_up(atoms: Sequence[Atom], found: list[Expression], at: int) -> bool:
    """Give "The difference was significant (P = .03)" to the values of the sentence before."""
    e = found[at]
    start = e.start
    while start > 0 and e.start - start < 30 and atoms[start - 1].kind not in {"STOP", "BREAK"}:
        start -= 1
    opening = [a.lower for a in atoms[start : start + 4]]
    if not (opening and opening[0] in {"the", "this", "these", "differences", "difference"}):
        return False
    if not any(w.startswith("difference") for w in opening[:2]):
        return False
    before = found[at - 1] if at else None
    if (
        before is None
        or before.value is None
        or before.p is not None
        or before.sentence != e.sentence - 1
    ):
        return False
    before.p = e.p
    return True


def _plausible(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value can have a p value at all: not a lone whole number without a unit."""
    if e.value is None:
        return False
    marked = e.unit is not None or e.measure_atom is not None or e.group is not None or e.counted
    return marked or e.plus_minus or e.bounds is not None or atoms[e.value].decimals > 0


def _share_back(found: list[Expression], at: int) -> bool:
    """Give a p said to hold for all to every value before it in the sentence that has none."""
    shared, p = False, found[at].p
    for e in reversed(found[:at]):
        if e.sentence != found[at].sentence or (e.p is not None and e.p is not p):
            break
        if e.value is not None and e.p is None:
            e.p, shared = p, True
    return shared


def _announces(atoms: Sequence[Atom], found: list[Expression], at: int) -> bool:
    """Whether "greater (P < .001) … (89.7 vs. 56.7), (95.8 vs. 55.7)": a p before its pairs."""
    e = found[at]
    if kind_at(atoms, e.start - 1) != "OPEN":
        return False
    before = [lower_at(atoms, e.start - n) for n in range(2, 4)]
    if not any(
        change_direction(w) or w in {"different", "differed", "significantly"} for w in before
    ):
        return False
    takers: list[Expression] = []
    for other in found[at + 1 :]:
        if other.sentence != e.sentence or other.value is None or other.p is not None:
            break
        if (
            other.pairing not in {"vs", "from-to", "respectively"}
            and kind_at(atoms, other.start - 1) != "OPEN"
        ):
            break
        takers.append(other)
    for taker in takers:
        taker.p = e.p
    return bool(takers)


def _share_in_group(atoms: Sequence[Atom], members: list[Expression]) -> None:
    last = members[-1]
    if last.p is None or any(e.p is not None for e in members[:-1]):
        return
    if _share_list(atoms, members):
        return
    if (
        members[0].measure_atom is not None
        and members[0].bounds is not None
        and not _is_trend(last)
    ):
        return
    labelled = all(kind_at(atoms, e.start - 1) == "EQ" for e in members)
    changes = any(e.measure in {"percent_change", "fold_change"} for e in members)
    if (
        last.pairing in SHARING
        or labelled
        or last.p.shared
        or (last.pairing == "list" and not changes)
    ):
        for e in members[:-1]:
            e.p = last.p


def _share_list(atoms: Sequence[Atom], members: list[Expression]) -> bool:
    """Read "P = 0.793, 0.876, and 0.490" behind as many values: one p for each, in order."""
    shared = members[-1].p
    if shared is None:
        return False
    numbers = [shared.number, *shared.others]
    if len(numbers) < 2 or len(numbers) != len(members):
        return False
    for e, number in zip(members, numbers, strict=True):
        e.p = _nth(atoms, shared, number)
    members[-1].end = max(members[-1].end, shared.end)
    return True


def _is_trend(e: Expression) -> bool:
    return e.p is not None and e.p.kind == "trend"


def _share_with_change(atoms: Sequence[Atom], found: list[Expression]) -> None:
    """Give the p inside "23% increase … (78% vs. 55%; P = .21)" to the change before the bracket."""
    for change, first in itertools.pairwise(found):
        if change.value is None or change.p is not None or first.p is None or first.group is None:
            continue
        if change.sentence != first.sentence or first.position != 0:
            continue
        if (
            change.measure not in {"percent_change", "fold_change", "MD"}
            or change.bounds is not None
        ):
            continue
        opener = first.start - 1 if kind_at(atoms, first.start - 1) == "OPEN" else first.start - 2
        gap = atoms[change.end : opener]
        if kind_at(atoms, opener) == "OPEN" and not any(
            a.kind in {"SEMI", "CLOSE", "P"} for a in gap
        ):
            change.p = first.p
