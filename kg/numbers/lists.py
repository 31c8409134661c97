"""Values that belong together: pairs, lists, changes from one value to another."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import is_given
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.twins import join_twins

_MAX_GAP: Final = 16
_LIST_KINDS: Final = frozenset({
    "COMMA", "AND", "SEMI", "OR", "CLOSE", "OPEN", "EQ", "NAME", "WORD", "CMP", "NUM", "UNIT",
    "COLON", "STAT", "DASH", "TO", "VS", "RESP", "PIPE", "OTHER", "SLASH", "PERCENT", "MEASURE",
})  # fmt: skip
_PURE: Final = frozenset(
    {"COMMA", "AND", "SEMI", "OR", "VS", "TO", "CLOSE", "OPEN", "PIPE", "SLASH", "DASH"}
)
_COMPARED: Final = frozenset({"compared", "comparing", "against", "versus", "relative", "than"})
CONTRAST: Final = frozenset({"but", "while", "whereas", "although", "however", "though", "whilst"})
_STATED: Final = frozenset({"was", "were", "is", "are", "had", "averaged"})
_WHOLE: Final = frozenset({
    "patients", "women", "men", "participants", "subjects", "of", "were", "was", "also", "had",
    "children", "adults", "cases", "controls", "people", "who", "weeks", "months", "days", "years",
})  # fmt: skip
_PLACES: Final = frozenset({"in", "for", "with", "among", "on", "at", "during", "after", "under"})
#: Ways of standing together in which values share what is said once.
SHARING: Final = frozenset({"vs", "respectively", "from-to"})


def join_lists(atoms: Sequence[Atom], found: list[Expression]) -> None:
    """Give expressions of one pair or list the same ``group``, and spread a unit printed once."""
    values = [e for e in found if e.value is not None and not is_given(atoms, e)]
    group, twinned = join_twins(atoms, values, _joint)
    for first, second in itertools.pairwise(values):
        if id(first) in twinned or id(second) in twinned:
            continue
        pairing = _joint(atoms, first, second)
        if pairing is None or (
            pairing == "list" and first.p is not None and not first.p_in_own_bracket
        ):
            continue  # a p that closes what stood before it ends the list
        if pairing == "list" and first.position and _opens_another(atoms, first, second):
            continue  # "A (6.2 and 6.3), B (1.9 and 1.7)": the next bracket is a list of its own
        if first.group is None:
            first.group, first.position, first.pairing = group, 0, pairing
            group += 1
        elif first.pairing != pairing and {first.pairing, pairing} == {"vs", "list"}:
            if pairing == "list" and not _pure_gap(atoms, first, second):
                continue  # "81 vs 67, and 12": a new pair begins
            pairing = "vs" if "vs" in {first.pairing, pairing} else pairing
        elif first.pairing != pairing:
            continue
        second.group, second.position, second.pairing = first.group, first.position + 1, pairing
    for members in groups_of(values):
        _name_respective(atoms, members)
        _spread_unit(atoms, members)


def groups_of(found: Sequence[Expression]) -> list[list[Expression]]:
    """Return the members of each group, in order."""
    groups: dict[int, list[Expression]] = {}
    for e in found:
        if e.group is not None:
            groups.setdefault(e.group, []).append(e)
    return list(groups.values())


def _pure_gap(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    return all(a.kind in _PURE for a in atoms[first.end : second.start])


def _opens_another(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    """Whether the bracket of one value closes and the other stands in a bracket opened after it."""
    kinds = [a.kind for a in atoms[first.end : second.start] if a.kind in {"OPEN", "CLOSE"}]
    return kinds[:1] == ["CLOSE"] and kinds.count("OPEN") >= kinds.count("CLOSE")


def _joint(atoms: Sequence[Atom], first: Expression, second: Expression) -> str | None:
    """Return how two neighbouring values are joined, or ``None`` where they are not."""
    if first.sentence != second.sentence or not _alike(atoms, first, second):
        return None
    gap = atoms[first.end : second.start]
    if len(gap) > _MAX_GAP or any(a.kind not in _LIST_KINDS for a in gap):
        return None
    if any(a.kind == "MEASURE" and a.key != first.measure for a in gap):
        return None
    kinds = [a.kind for a in gap]
    words = [a.lower for a in gap if a.kind in {"WORD", "NAME"}]
    pure = all(k in _PURE for k in kinds)
    inside = _net_depth(gap) > 0
    if inside and not (
        gap
        and gap[0].kind == "OPEN"
        and len(gap) > 1
        and (gap[1].kind == "VS" or gap[1].lower in _COMPARED)
    ):
        return None  # the second stands in a bracket of its own: "a 23% increase (78% vs. 55%)"
    if "VS" in kinds or any(w in _COMPARED for w in words):
        return "vs" if "SEMI" not in kinds or pure else None
    if "TO" in kinds and "SEMI" not in kinds and len([w for w in words if w != "at"]) <= 5:
        before = {lower_at(atoms, first.start - n) for n in range(1, 4)}
        if "from" in before or "from" in words:
            return "from-to"
        if kinds == ["TO"]:
            return "from-to"
        return None
    if pure and gap:
        if kinds == ["SLASH"] or kinds == ["DASH"]:
            return None
        return "list"
    if "SEMI" in kinds or "COMMA" in kinds or "AND" in kinds or "OR" in kinds:
        if _states_anew(gap):
            return None
        if set(words) & CONTRAST:
            return "vs" if {"whereas", "while"} & set(words) and len(words) <= 5 else None
        return "list" if len(words) <= 8 else None
    return None


def _states_anew(gap: Sequence[Atom]) -> bool:
    """Whether "12 with A and 15 with B; weight was 71": another thing is told behind a semicolon."""
    at = next((n for n, atom in enumerate(gap) if atom.kind == "SEMI"), None)
    if at is None:
        return False
    words = [atom.lower for atom in gap[at + 1 :]]
    pointed = words[:1] and (words[0] in _PLACES or "it" in words or "they" in words)
    return not pointed and not _STATED.isdisjoint(words)


def _net_depth(gap: Sequence[Atom]) -> int:
    return sum((a.kind == "OPEN") - (a.kind == "CLOSE") for a in gap)


def _alike(atoms: Sequence[Atom], first: Expression, second: Expression) -> bool:
    if first.measure_atom is not None or second.measure_atom is not None:
        return first.measure == second.measure
    one = atoms[first.unit].kind if first.unit is not None else ""
    two = atoms[second.unit].kind if second.unit is not None else ""
    if one == two == "UNIT":
        return first.unit_code == second.unit_code
    if one and two:
        return one == two
    return first.counted == second.counted


def _name_respective(atoms: Sequence[Atom], members: list[Expression]) -> None:
    """Call a list "respectively" where that word stands shortly behind it."""
    if members[0].pairing != "list":
        return
    end = members[-1].end
    for step in range(14):
        kind = kind_at(atoms, end + step)
        if kind in {"STOP", "BREAK", ""}:
            return
        if kind == "RESP":
            for e in members:
                e.pairing = "respectively"
            return


def _spread_unit(atoms: Sequence[Atom], members: list[Expression]) -> None:
    """Give "24 vs 10%" its per cent sign and "81 vs. 67 nmol/L" its unit on both."""
    last = next((e for e in reversed(members) if e.unit is not None), None)
    if (
        last is None
        or last.unit is None
        or atoms[last.unit].kind not in {"PERCENT", "UNIT", "RATE", "FOLD"}
    ):
        return
    percent = atoms[last.unit].kind == "PERCENT"
    for e, after in zip(members, [*members[1:], members[-1]], strict=True):
        if e.unit is not None or e.measure_atom is not None or e.counted or e is last:
            continue
        gap = atoms[e.end : after.start]
        noun_follows = kind_at(atoms, e.end) in {"WORD", "NAME"} and e.pairing != "vs"
        value = atoms[cast(int, e.value)]
        what = lower_at(atoms, cast(int, e.value) + 1)
        if (
            e is members[-1]
            and noun_follows
            and what not in _PLACES
            and (percent or value.decimals)
        ):
            continue  # "(61%) were women, 71 of whom", "(-4.5 min), intake (-1.2 serves/week)"
        if percent and (value.value or 0) > 100 and not e.plus_minus:
            continue
        if percent and last.events is not None and value.decimals == 0:
            continue  # "51 patients (70.8%), 27 in one and 24 in the other": counts go on
        if value.word and atoms[last.unit].lower == "%":
            continue  # a count in words beside a percentage in figures: "1.4%) against eight"
        if all(a.kind in _PURE for a in gap) or (
            e.pairing in SHARING
            and not noun_follows
            and not any(a.lower in _WHOLE for a in gap[:2])
        ):
            e.unit, e.unit_code = last.unit, last.unit_code
