"""How many more or fewer of so many people: "23 fewer per 1000 (95% CI 12 to 34 fewer)"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from kg.numbers.atom import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at

_REACH: Final = 12  # atoms between "fewer" and "per 1000"
#: What a value is called that lies below or above what it is compared with.
_SIGNS: Final = {
    "fewer": -1, "less": -1, "lower": -1, "more": 1, "additional": 1, "extra": 1, "higher": 1, "greater": 1,
}  # fmt: skip
_COUNTING: Final = frozenset({"fewer", "less", "more", "additional", "extra"})
_SIZES: Final = frozenset({100, 1000, 10_000, 100_000, 1_000_000})
_TIMES: Final = ("year", "yr", "month", "week", "day", "py")
_QUANTITY: Final = frozenset({"PERCENT", "UNIT", "RATE"})


def with_told_signs(atoms: Sequence[Atom]) -> Sequence[Atom]:
    """Return atoms in which bounds that words give a sign have it: "3 fewer to 40 more" is -3 to 40.

    One word behind two bounds ("12 to 34 fewer") counts only behind the label of an interval.
    """
    told: dict[int, Atom] = {}
    dropped: set[int] = set()
    for at, atom in enumerate(atoms):
        if atom.kind not in {"TO", "DASH"} or kind_at(atoms, at + 1) != "NUM":
            continue
        behind = at + 2 + (kind_at(atoms, at + 2) in _QUANTITY)
        before = at - 1
        high = low = _SIGNS.get(lower_at(atoms, behind))
        if high is None:
            continue
        if lower_at(atoms, before) in _SIGNS:
            low, before = _SIGNS[lower_at(atoms, before)], before - 1
        first = before - (kind_at(atoms, before) in _QUANTITY)
        if kind_at(atoms, first) != "NUM" or (before == at - 1 and not _is_labelled(atoms, first)):
            continue
        told[first], told[at + 1] = _signed(atoms[first], low), _signed(atoms[at + 1], high)
        dropped |= {behind} | ({at - 1} if before < at - 1 else set())
        if lower_at(atoms, first - 1) == "from" and kind_at(atoms, first - 2) == "OPEN":
            dropped.add(first - 1)
    if not told:
        return atoms
    return [told.get(n, atom) for n, atom in enumerate(atoms) if n not in dropped]


def _is_labelled(atoms: Sequence[Atom], number: int) -> bool:
    """Whether the label of an interval stands right before a number."""
    at = number - 1
    while number - at < 4 and (
        kind_at(atoms, at) in {"OPEN", "COLON", "EQ", "COMMA"}
        or lower_at(atoms, at) in {"from", "of"}
    ):
        at -= 1
    return kind_at(atoms, at) == "CI"


def _signed(atom: Atom, sign: int | None) -> Atom:
    return atom if sign != -1 else replace(atom, value=-abs(cast(float, atom.value)))


def take_size(atoms: Sequence[Atom], e: Expression) -> int:
    """Make a number of more or fewer people a risk difference; return where what is told of it goes on, or 0.

    "2 fewer days" and "3 fewer per 100 person-years" are no such numbers.
    """
    word = lower_at(atoms, cast(int, e.value) + 1)
    if word not in _COUNTING or e.unit is not None or e.measure not in {None, "MD", "RD"}:
        return 0
    found = _size_behind(atoms, e.end + 1) or _size_before(atoms, e.start - 1)
    if found is None or any(time in found[0] for time in _TIMES):
        return 0
    e.unit_code, behind = found
    e.measure, e.sign, e.hinted = "RD", _SIGNS[word], True
    return max(behind, e.end)


def _size_behind(atoms: Sequence[Atom], at: int) -> tuple[str, int] | None:
    """Return the code of "… hip fractures per 1000", and where it ends if no bracket stands before it."""
    depth = brackets = 0
    for step in range(2 * _REACH):
        kind = kind_at(atoms, at + step)
        depth += (kind == "OPEN") - (kind == "CLOSE")
        brackets += kind == "OPEN"
        if depth < 0 or (step == 0 and lower_at(atoms, at) == "than"):
            return None
        if depth or kind == "CLOSE":
            continue
        code = _size(atoms, at + step)
        if code or kind not in {"WORD", "NAME", "AND", "OR"}:
            return (code, 0 if brackets else at + step + 1) if code else None
    return None


def _size_before(atoms: Sequence[Atom], at: int) -> tuple[str, int] | None:
    """Return the code of "for every 1000 people treated, 23": of whom a clause is told."""
    for step in range(_REACH):
        if code := _size(atoms, at - step):
            return code, 0
        if kind_at(atoms, at - step) not in {"WORD", "NAME", "COMMA", "AND"}:
            return None
    return None


def _size(atoms: Sequence[Atom], at: int) -> str | None:
    """Return the code of "per 1000 women", "in 1000", "out of every 100"."""
    if kind_at(atoms, at) == "RATE":
        return atoms[at].key
    linked = at - 1 - (lower_at(atoms, at - 1) in {"every", "each"})
    size = atoms[at].value if kind_at(atoms, at) == "NUM" else None
    if size not in _SIZES or lower_at(atoms, linked) not in {"in", "of", "among", "per"}:
        return None
    return f"/{int(size)}"
