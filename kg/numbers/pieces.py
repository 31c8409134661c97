"""The small parts of a number expression, each read at one place of the atom list.

Every function takes the atoms and an index and returns what it read with the index behind it, or
``None`` where the part does not stand there. None of them looks further than a few atoms ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.units import CURRENCIES, CURRENCY_PREFIXES
from kg.records import POperator

_OPERATORS: Final[dict[str | None, POperator]] = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}
_LABEL_FILLERS: Final = frozenset({"COLON", "EQ", "COMMA", "SEMI", "OPEN", "PIPE"})
_LABEL_WORDS: Final = frozenset({
    "of", "was", "were", "is", "from", "between", "ranging", "ranged", "the", "with", "for", "being",
})  # fmt: skip
_QUANTITY_TAIL: Final = frozenset({"PERCENT", "UNIT", "FOLD", "RATE"})
#: What is printed for a bound that could not be estimated, alone or behind "not".
_NO_BOUND: Final = frozenset({"NE", "NR", "NA", "NC", "∞", "infinity", "Infinity"})
_NOT: Final = frozenset({
    "estimable", "evaluable", "reached", "available", "calculable", "reachable", "estimated",
    "calculated", "applicable", "assessable", "determined", "yet",
})  # fmt: skip


@dataclass(slots=True)
class Bounds:
    """Two numbers with a separator: indices of the NUM atoms, and the unit if one is printed."""

    low: int
    high: int
    start: int  # atom indices, end excluded
    end: int
    unit: int | None = None
    separator: str = "DASH"
    bracketed: bool = False


@dataclass(slots=True)
class LabelledInterval:
    """An interval with its label; ``closed`` when the label stood in brackets of its own."""

    label: int
    bounds: Bounds


@dataclass(slots=True)
class PValue:
    """A p value: operator, number, kind; atom indices, end excluded."""

    start: int
    end: int
    operator: POperator
    value: float
    number: int
    kind: str | None
    shared: bool = False  # "all P < .05", "P < .05 for both"
    others: tuple[int, ...] = ()  # NUM atoms of further p values: "P = 0.01, 0.04 and 0.006"


@dataclass(slots=True)
class Fraction:
    """``n/N`` or ``n of N``: indices of the two NUM atoms."""

    events: int
    total: int
    start: int
    end: int
    slash: bool


def kind_at(atoms: Sequence[Atom], i: int) -> str:
    """Return the kind of atom `i`, or an empty text outside the list."""
    return atoms[i].kind if 0 <= i < len(atoms) else ""


def lower_at(atoms: Sequence[Atom], i: int) -> str:
    """Return the lower-case text of atom `i`, or an empty text outside the list."""
    return atoms[i].lower if 0 <= i < len(atoms) else ""


def fills_bracket(atoms: Sequence[Atom], start: int, end: int) -> bool:
    """Whether atoms from `start` to `end` (excluded) are all that the bracket behind a word holds."""
    inside = kind_at(atoms, start - 1) == "OPEN" and kind_at(atoms, end) == "CLOSE"
    return inside and kind_at(atoms, start - 2) in {"WORD", "NAME"}


def read_bounds(atoms: Sequence[Atom], i: int, *, loose: bool = False) -> Bounds | None:
    """Read ``[(] a <separator> b [)]`` at atom `i`; `loose` allows comma, semicolon, slash, "and"."""
    start = i
    bracketed = kind_at(atoms, i) == "OPEN"
    if bracketed:
        i += 1
    if lower_at(atoms, i) in {"from", "between", "range"}:
        i += 1
    if kind_at(atoms, i) == "CMP" and atoms[i].key == "≥":
        i += 1
    i += is_money(atoms, i)
    if kind_at(atoms, i) != "NUM":
        return None
    low, unit = i, None
    i += 1
    if kind_at(atoms, i) in _QUANTITY_TAIL:
        unit = i
        i += 1
    separator = kind_at(atoms, i)
    if separator == "DASH":
        i += 1
        if kind_at(atoms, i) in {"COMMA", "DASH"}:
            i += 1
    elif separator == "TO":
        i += 1
    elif loose and separator in {"COMMA", "SEMI", "SLASH", "AND", "PIPE"}:
        i += 1
        if kind_at(atoms, i) in {"DASH", "AND", "TO"}:
            i += 1
    elif loose and separator == "COLON" and kind_at(atoms, low - 1) == "OPEN":
        i += 1  # "2050 mL (1313:2700)"
    elif loose and separator == "NUM" and atoms[i].signed and atoms[i].text[0] == "-":
        separator = "DASH"  # "-1.2 -0.4": a sign that is also the dash
    else:
        return None
    if kind_at(atoms, i) == "CMP":
        i += 1
    i += is_money(atoms, i)
    if kind_at(atoms, i) != "NUM":
        return None
    high = i
    i += 1
    if kind_at(atoms, i) in _QUANTITY_TAIL:
        if unit is not None and (atoms[unit].kind, atoms[unit].key) != (
            atoms[i].kind,
            atoms[i].key,
        ):
            return None  # "2.0 mg/kg to 0.056%": two quantities, no interval
        unit = i
        i += 1
    closed = kind_at(atoms, i) == "CLOSE"
    if bracketed and closed:
        i += 1
    return Bounds(low, high, start, i, unit, separator, bracketed and closed)


def is_money(atoms: Sequence[Atom], i: int) -> bool:
    """Whether the sign or code of a currency stands before a number."""
    return kind_at(atoms, i) in {"OTHER", "WORD"} and atoms[i].text in CURRENCIES


def money_before(atoms: Sequence[Atom], i: int) -> tuple[int, str] | None:
    """Return where the currency of a number begins ("AUS$" of "AUS$1.98"), and its code."""
    if not i or (code := CURRENCIES.get(atoms[i - 1].text)) is None:
        return None
    own = atoms[i - 2] if i > 1 else None
    if own is not None and own.text in CURRENCY_PREFIXES and (own.end == atoms[i - 1].start):
        return i - 2, CURRENCY_PREFIXES[own.text]
    return i - 1, code


def money_behind(atoms: Sequence[Atom], i: int) -> str | None:
    """Return the code of a currency whose sign stands right behind a number: "200€"."""
    sign = atoms[i + 1] if i + 1 < len(atoms) else None
    if sign is None or sign.kind != "OTHER" or kind_at(atoms, i + 2) == "NUM":
        return None
    return CURRENCIES.get(sign.text)


def read_labelled_interval(atoms: Sequence[Atom], i: int) -> LabelledInterval | None:
    """Read an interval with its label before it, at the label."""
    if kind_at(atoms, i) != "CI":
        return None
    at, steps, opened = i + 1, 0, 0
    if kind_at(atoms, i - 1) == "OPEN" and kind_at(atoms, at) == "CLOSE":
        at += 1  # "3.9 (95% CI) 1.7, 8.7"
    while steps < 5:
        kind = kind_at(atoms, at)
        if kind in _LABEL_FILLERS:
            opened += kind == "OPEN"
        elif kind == "CI":
            pass
        elif not (
            kind in {"WORD", "STAT"} and lower_at(atoms, at) in _LABEL_WORDS | {"ranging from"}
        ):
            break
        at, steps = at + 1, steps + 1
    bounds = read_bounds(atoms, at, loose=True)
    if bounds is None:
        return None
    if (opened and kind_at(atoms, bounds.end) == "CLOSE" and not bounds.bracketed) or (
        kind_at(atoms, bounds.end) == "CLOSE" and kind_at(atoms, i - 1) == "OPEN"
    ):
        bounds.end += 1
    return LabelledInterval(i, bounds)


def read_half_interval(atoms: Sequence[Atom], i: int) -> tuple[int, int] | None:
    """Read "8.6 to not estimable", "12.1-NE" at the number or the label before it: the bound's atom, the end.

    Of a survival curve that has not come down far enough the upper limit of the median is not known.
    """
    i += kind_at(atoms, i) == "CI"
    for _ in range(3):
        i += kind_at(atoms, i) in {"COLON", "EQ", "COMMA", "OPEN"}
    if kind_at(atoms, i) != "NUM":
        return None
    at = i + 1 + (kind_at(atoms, i + 1) in _QUANTITY_TAIL)
    if kind_at(atoms, at) in {"TO", "DASH", "COMMA", "SEMI"}:
        at += 1
    elif not atoms[i].hyphenated:
        return None
    if lower_at(atoms, at) == "not" and lower_at(atoms, at + 1) in _NOT:
        at += 2 + (lower_at(atoms, at + 1) == "yet")
    elif at < len(atoms) and atoms[at].text in _NO_BOUND:
        at += 1
    else:
        return None
    return (i, at) if kind_at(atoms, at) in {"CLOSE", "SEMI", "COMMA"} else None


def read_p(atoms: Sequence[Atom], i: int) -> PValue | None:
    """Read a p value at the letter p."""
    if kind_at(atoms, i) != "P" or atoms[i].key == "ns":
        return None
    at = i + 1
    operator: POperator = "="
    while kind_at(atoms, at) in {"EQ", "CMP", "COLON", "COMMA"} and at < i + 4:
        if atoms[at].kind == "CMP":
            operator = _OPERATORS[atoms[at].key]
        at += 1
    if kind_at(atoms, at) != "NUM":
        return None
    value = cast(float, atoms[at].value)
    if not 0 <= value <= 1:
        return None
    number = at
    at += 1
    if (
        kind_at(atoms, at) == "DASH"
        and kind_at(atoms, at + 1) == "NUM"
        and (atoms[at + 1].value or 9) <= 1
    ):
        at += 2  # "P < 0.0001-0.0107": the first is kept
    others, at = _more_p(atoms, at)
    shared = lower_at(atoms, i - 1) in {"all", "both", "each"} or "all" in atoms[i].lower.split()
    if lower_at(atoms, at) == "for" and lower_at(atoms, at + 1) in {"all", "both", "each"}:
        shared = True
    if (
        kind_at(atoms, at) == "COMMA"
        and lower_at(atoms, at + 1) in {"both", "all"}
        and lower_at(atoms, at + 2) not in {"of"}
    ):
        shared = True
    return PValue(i, at, operator, value, number, atoms[i].key, shared, others)


def _more_p(atoms: Sequence[Atom], at: int) -> tuple[tuple[int, ...], int]:
    """Read the rest of a list of p values; it ends in "respectively" or a bracket."""
    others: list[int] = []
    end = at
    while kind_at(atoms, end) in {"COMMA", "AND", "SEMI"}:
        step = end + 1
        while kind_at(atoms, step) in {"AND", "COMMA", "CMP", "EQ"}:
            step += 1
        value = atoms[step].value if kind_at(atoms, step) == "NUM" else None
        if value is None or not 0 <= value <= 1 or atoms[step].decimals < 2:
            break
        if kind_at(atoms, step + 1) in _QUANTITY_TAIL | {"PM", "DASH", "TO"}:
            break
        others.append(step)
        end = step + 1
    closes = kind_at(atoms, end) in {"CLOSE", "RESP"} or kind_at(atoms, end + 1) == "RESP"
    return (tuple(others), end) if others and closes else ((), at)


def read_fraction(atoms: Sequence[Atom], i: int) -> Fraction | None:
    """Read ``n/N``, ``n of N``, ``n out of N`` at the first number; whole numbers, n ≤ N."""
    if kind_at(atoms, i) != "NUM" or not _whole(atoms[i]):
        return None
    at, slash = i + 1, False
    words = 0
    while kind_at(atoms, at) == "WORD" and words < 2 and lower_at(atoms, at) not in {"of", "out"}:
        if lower_at(atoms, at) not in _PEOPLE:
            return None
        at, words = at + 1, words + 1
    if kind_at(atoms, at) == "SLASH" and not words:
        at, slash = at + 1, True
    elif lower_at(atoms, at) == "out" and lower_at(atoms, at + 1) == "of":
        at += 2
    elif lower_at(atoms, at) == "of":
        at += 1
    else:
        return None
    while lower_at(atoms, at) in {"the", "a", "total", "these", "all"}:
        at += 1
    if kind_at(atoms, at) != "NUM" or not _whole(atoms[at]):
        return None
    if (atoms[i].value or 0) > (atoms[at].value or 0) or kind_at(atoms, at + 1) in {
        "PERCENT",
        "SLASH",
    }:
        return None
    if slash and kind_at(atoms, at + 1) == "UNIT" and not atoms[at].year:
        return None
    return Fraction(i, at, i, at + 1, slash)


_PEOPLE: Final = frozenset({
    "patients", "participants", "subjects", "women", "men", "children", "infants", "individuals",
    "adults", "people", "eyes", "cases", "patient", "controls", "studies", "trials", "animals",
    "mice", "rats", "mothers", "responders", "boys", "girls",
})  # fmt: skip


def _whole(atom: Atom) -> bool:
    return atom.decimals == 0 and not atom.signed and atom.value is not None and atom.value < 1e9
