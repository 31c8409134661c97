"""What stands behind a value and belongs to it: interval, p, spread, counts, heterogeneity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import (
    Bounds,
    is_money,
    kind_at,
    lower_at,
    read_bounds,
    read_fraction,
    read_half_interval,
    read_labelled_interval,
    read_p,
)
from kg.numbers.words import COUNTED_PEOPLE, EVENT_WORDS
from kg.records import RATIO_MEASURES

_GLUE: Final = frozenset({"COMMA", "SEMI", "COLON"})
_LINK_WORDS: Final = frozenset({
    "with", "a", "an", "and", "the", "its", "corresponding", "associated", "at", "having", "yielding",
    "giving", "difference", "differences",
})  # fmt: skip
_INTERVAL_MEASURES: Final = RATIO_MEASURES | {
    "MD", "WMD", "SMD", "RD", "ARR", "RRR", "beta", "AUC", "r", "rho", "kappa", "NNT", "R2",
}  # fmt: skip
_TEST_KEYS: Final = frozenset({"chi2", "F", "t", "z", "U", "W", "Q", "eta2"})
_STAT_FILLERS: Final = frozenset({"EQ", "COLON", "COMMA", "PM", "OPEN", "CMP"})
_MAX_WORDS: Final = 4


@dataclass(slots=True)
class Carried:
    """What earlier text declared: an interval's level, the spread behind ± or in brackets."""

    level: float | None = None
    level_sentence: int = -1
    labelled: bool = False
    spread: str | None = None  # "sd" or "se"
    bracket: str | None = None  # "iqr", "range" or "ci": what two numbers in brackets are
    beside: tuple[str, int] | None = None  # "se" printed beside a value, and in which sentence
    quartiles: bool = False  # the text prints medians as "median (IQR)" throughout


def read_tail(atoms: Sequence[Atom], e: Expression, at: int, carried: Carried) -> int:
    """Attach to `e` all that stands behind it from atom `at`; return the index behind the last.

    Brackets may open and close on the way; a bracket that was open before the value may close
    once if what follows is an interval or a p value.
    """
    end, depth, words = at, 0, 0
    own_bracket = 0
    while at < len(atoms):
        atom = atoms[at]
        kind = atom.kind
        if kind == "OPEN":
            depth += 1
            own_bracket += 1
            at += 1
            continue
        if kind == "CLOSE":
            depth -= 1
            at += 1
            if depth >= 0 and own_bracket:
                end = at if e.end <= at and end >= at - 1 else end
            if depth < -1 or (
                depth < 0
                and kind_at(atoms, at)
                not in {"OPEN", "COMMA", "SEMI", "CI", "P", "UNIT", "RATE", "FOLD"}
            ):
                break
            continue
        if kind in _GLUE:
            at += 1
            continue
        if (
            kind in {"WORD", "AND"}
            and words < _MAX_WORDS
            and atom.lower in _LINK_WORDS
            and _link(atoms, at)
        ):
            words += 1
            at += 1
            continue
        new = _attach_one(atoms, e, at, carried, depth, end)
        if new is None:
            break
        depth += _depth_change(atoms, at, new)
        at = end = new
        if e.p is not None and not e.p_in_own_bracket and atoms[e.p.start].start >= atom.start:
            e.p_in_own_bracket = depth > 0 and own_bracket > 0 and e.p.start >= e.start
    return end


def _depth_change(atoms: Sequence[Atom], start: int, end: int) -> int:
    return sum((a.kind == "OPEN") - (a.kind == "CLOSE") for a in atoms[start:end])


def _link(atoms: Sequence[Atom], at: int) -> bool:
    """Whether the words from `at` lead to an interval or a p value at once."""
    for step in range(_MAX_WORDS + 1):
        kind = kind_at(atoms, at + step)
        if kind in {"CI", "P"}:
            return True
        if kind not in {"WORD", "AND", "OPEN", "COMMA"} or (
            kind == "WORD" and atoms[at + step].lower not in _LINK_WORDS
        ):
            return False
    return False


def _attach_one(
    atoms: Sequence[Atom], e: Expression, at: int, carried: Carried, depth: int, end: int
) -> int | None:
    """Attach the part that begins at `at`; return the index behind it, or ``None``."""
    atom = atoms[at]
    kind = atom.kind
    if kind == "CI":
        return _attach_labelled(atoms, e, at, carried)
    if kind == "P":
        p = read_p(atoms, at)
        if p is None:
            return at + 1 if atom.key == "ns" else None
        if e.p is not None:
            return None
        e.p = p
        return p.end
    if kind == "STAT":
        return _attach_statistic(atoms, e, at, depth, carried)
    if kind == "PM" and depth > 0 and e.spread is None:
        return _attach_spread(atoms, e, at + 1)
    if kind == "NUM":
        return _attach_number(atoms, e, at, carried, depth, end)
    if e.unit_code is not None and is_money(atoms, at) and kind_at(atoms, at + 1) == "NUM":
        return _attach_number(atoms, e, at + 1, carried, depth, end)
    if (
        kind in {"UNIT", "RATE", "FOLD"}
        and e.unit is None
        and depth <= 0
        and kind_at(atoms, at - 1) == "CLOSE"
    ):
        e.unit = at
        return at + 1
    if kind == "PERCENT" and e.unit is None and kind_at(atoms, at - 1) == "CLOSE" and at - 1 <= end:
        e.unit = at
        return at + 1
    return None


def _attach_spread(atoms: Sequence[Atom], e: Expression, at: int) -> int | None:
    """Attach "2.4 hours" or "SD, 2.4" behind a "±" in brackets."""
    kind = atoms[at].key if kind_at(atoms, at) == "STAT" else None
    if kind in {"sd", "se"}:
        at += 1
        while kind_at(atoms, at) in {"COMMA", "EQ", "COLON", "OPEN", "CLOSE", "WORD"}:
            if atoms[at].kind == "WORD" and atoms[at].text not in {"SD", "SE", "SEM"}:
                return None
            at += 1
        e.spread_kind, e.spread_labelled = kind, True
    if kind_at(atoms, at) != "NUM":
        return None
    e.spread = at
    return at + 2 if kind_at(atoms, at + 1) in {"UNIT", "PERCENT"} else at + 1


def _attach_labelled(atoms: Sequence[Atom], e: Expression, at: int, carried: Carried) -> int | None:
    found = read_labelled_interval(atoms, at)
    if (
        found is None
        and (half := read_half_interval(atoms, at))
        and _may_begin_at(atoms, e, half[0])
    ):
        e.low_bound, e.labelled, e.level = half[0], True, atoms[at].level
        carried.level, carried.labelled, carried.level_sentence = e.level, True, e.sentence
        return half[1]
    if found is None:
        following = kind_at(atoms, at + 1)
        carried.level = atoms[at].level or carried.level
        carried.labelled = True
        if (
            following in {"COMMA", "COLON"}
            and kind_at(atoms, at + 2) == "NUM"
            and atoms[at + 2].signed
        ):
            return at + 3  # an interval torn off after its first bound
        return at + 1 if following in {"CLOSE", "COMMA", "COLON"} else None
    if e.bounds is not None or not _may_own(atoms, e, found.bounds):
        return None
    e.bounds, e.labelled, e.level = found.bounds, True, atoms[at].level
    carried.level, carried.labelled = e.level, True
    carried.level_sentence = e.sentence
    return found.bounds.end


def _may_begin_at(atoms: Sequence[Atom], e: Expression, low: int) -> bool:
    """Whether a bound can be the lower one of a value that has none yet."""
    if e.value is None or e.bounds is not None or e.low_bound is not None:
        return False
    return cast(float, atoms[low].value) <= cast(float, atoms[e.value].value)


def _may_own(atoms: Sequence[Atom], e: Expression, bounds: Bounds) -> bool:
    """Whether an interval can be that of `e`.

    A named measure keeps even an interval that does not hold it (the source may err). A value
    whose spread is printed, or the second of a pair, does not: the interval is that of a
    difference that is not printed.
    """
    if e.measure_atom is not None or e.value is None:
        return True
    value = cast(float, atoms[e.value].value)
    low, high = sorted(
        (cast(float, atoms[bounds.low].value), cast(float, atoms[bounds.high].value))
    )
    if low <= value <= high or low <= -value <= high:
        return True
    paired = any(kind_at(atoms, e.start - n) == "VS" for n in range(1, 4))
    return not (paired or e.spread is not None)


def _attach_statistic(
    atoms: Sequence[Atom], e: Expression, at: int, depth: int, carried: Carried
) -> int | None:
    key = atoms[at].key
    first = at + 1
    while kind_at(atoms, first) in _STAT_FILLERS and first < at + 4:
        first += 1
    if lower_at(atoms, first) in {"of", "was", "from", "between", "for"}:
        first += 1
    if key in {"iqr", "range"}:
        bounds = read_bounds(atoms, first, loose=True)
        if bounds is None:
            if key == "iqr" and kind_at(atoms, first) == "NUM":
                return _behind_quantity(atoms, first)
            return at + 1 if kind_at(atoms, at + 1) == "CLOSE" else None
        if key == "iqr" and e.iqr is None:
            e.iqr = bounds
        elif key == "range" and e.range is None:
            e.range = bounds
        else:
            return None
        carried.bracket = key
        return bounds.end
    if key in {"median", "mean", "gmean"}:
        return at + 1 if depth > 0 and kind_at(atoms, at + 1) in {"CLOSE", "PM", "COMMA"} else None
    if kind_at(atoms, first) != "NUM":
        return at + 1 if key in {"sd", "se"} and depth > 0 else None
    if key in {"sd", "se"} and e.spread is None:
        e.spread, e.spread_kind, e.spread_labelled = first, key, True
        carried.beside = key, e.sentence
        return _behind_quantity(atoms, first)
    if key == "n" and depth > 0:
        if _counts_events(atoms, first + 1):
            return None
        e.n = first
        return first + 1
    if key == "i2" and e.i2 is None:
        e.i2 = first
        return _behind_quantity(atoms, first)
    if key == "tau2" and e.tau2 is None:
        e.tau2 = first
        return first + 1
    if key in _TEST_KEYS and e.statistic is None:
        e.statistic = (at, first + 1)
        return first + 1
    if key == "df":
        e.df = first
        return first + 1
    return None


def _counts_events(atoms: Sequence[Atom], at: int) -> bool:
    """Whether "n = 36 events": not how many there were, but to how many it happened."""
    unit = kind_at(atoms, at) == "UNIT" and atoms[at].key == "{events}"
    return unit or (kind_at(atoms, at) in {"WORD", "NAME"} and lower_at(atoms, at) in EVENT_WORDS)


def _behind_quantity(atoms: Sequence[Atom], number: int) -> int:
    return (
        number + 2
        if kind_at(atoms, number + 1) in {"PERCENT", "UNIT", "RATE", "FOLD"}
        else number + 1
    )


def _attach_number(
    atoms: Sequence[Atom], e: Expression, at: int, carried: Carried, depth: int, end: int
) -> int | None:
    if depth <= 0 and not (kind_at(atoms, at - 1) in _GLUE and at - 1 == end):
        return None
    opened_here = kind_at(atoms, at - 1 - is_money(atoms, at - 1)) == "OPEN"
    percent_value = e.unit is not None and atoms[e.unit].kind == "PERCENT"
    if depth > 0 and e.total is None and (percent_value or e.counted):
        fraction = read_fraction(atoms, at)
        if fraction is not None and opened_here:
            e.events, e.total = fraction.events, fraction.total
            return fraction.end
    half = read_half_interval(atoms, at) if opened_here and carried.labelled else None
    if half and _may_begin_at(atoms, e, half[0]):
        e.low_bound, e.level = half[0], carried.level
        return half[1]
    bounds = read_bounds(atoms, at, loose=True)
    if bounds is not None and e.bounds is None and e.iqr is None and e.range is None:
        return _attach_bare_bounds(atoms, e, bounds, carried, opened_here)
    if not opened_here:
        return None
    if (
        percent_value
        and e.events is None
        and atoms[at].decimals == 0
        and kind_at(atoms, at + 2) in {"CLOSE", "COMMA"}
    ):
        counted = kind_at(atoms, at + 1) == "UNIT" and (atoms[at + 1].key or "").startswith("{")
        if counted or lower_at(atoms, at + 1) in COUNTED_PEOPLE | EVENT_WORDS:
            e.events = at
            return at + 2
    after = _behind_quantity(atoms, at)
    closes = kind_at(atoms, after) == "CLOSE" or kind_at(atoms, after) in {"COMMA", "SEMI"}
    if (
        (
            percent_value
            and closes
            and after == at + 1
            and atoms[at].decimals == 0
            and not atoms[at].year
        )
        and (atoms[cast(int, e.value)].decimals > 0 or e.stat is None)
        and e.events is None
    ):
        e.events = at
        return after
    same = after == at + 1 or (
        e.unit is not None
        and atoms[at + 1].key == atoms[e.unit].key
        and atoms[at + 1].kind == atoms[e.unit].kind
    )
    if (
        closes
        and e.spread is None
        and e.value is not None
        and same
        and not atoms[at].signed
        and not atoms[at].year
    ):
        decimal = atoms[e.value].decimals > 0 and atoms[at].decimals > 0 and e.measure_atom is None
        spread = carried.spread
        if carried.beside is not None and carried.beside[1] == e.sentence:
            spread = carried.beside[0]  # "-0.9 (SE 0.1) with A and -0.2 (0.1) with B"
        unit = _shared_unit(atoms, after + 1)
        shared = e.unit is None and e.measure_atom is None and unit is not None
        meant = e.stat in {"mean", "gmean"} or spread is not None or decimal or shared
        if meant and kind_at(atoms, after) == "CLOSE":
            if shared and unit is not None:
                e.unit, e.unit_code = unit, atoms[unit].key
            e.spread, e.spread_kind = at, spread or "sd"
            e.spread_labelled = spread is not None
            return after
    return None


def _shared_unit(atoms: Sequence[Atom], at: int) -> int | None:
    """Return the unit behind "441 (160)" in "441 (160) min", or in "441 (160) vs 380 (120) min" behind the other."""
    if kind_at(atoms, at) in {"VS", "AND"}:
        kinds = [kind_at(atoms, at + n) for n in range(1, 5)]
        at += 5 if kinds == ["NUM", "OPEN", "NUM", "CLOSE"] else 0
    return at if kind_at(atoms, at) == "UNIT" else None


def _attach_bare_bounds(
    atoms: Sequence[Atom], e: Expression, bounds: Bounds, carried: Carried, opened_here: bool
) -> int | None:
    """Take two numbers in brackets for what the measure or earlier labels make them."""
    if e.value is None:
        return None
    value = cast(float, atoms[e.value].value)
    low, high = sorted(
        (cast(float, atoms[bounds.low].value), cast(float, atoms[bounds.high].value))
    )
    margin = 1e-9 + abs(value) * 1e-6
    held = any(low - margin <= each <= high + margin for each in (value, e.sign * value))
    if not held or atoms[bounds.low].year:
        return None
    percent = e.unit is not None and atoms[e.unit].kind == "PERCENT"
    closes = kind_at(atoms, bounds.end) in {"CLOSE", "SEMI", "COMMA"}
    fold = e.unit is not None and atoms[e.unit].kind == "FOLD" and opened_here and closes
    known = e.measure in _INTERVAL_MEASURES or fold  # "2.4 times higher (1.5-3.9)"
    here = carried.labelled
    bracket = carried.bracket if not known and closes else None
    if bracket is None and carried.quartiles and opened_here and closes and not (known or here):
        bracket = "iqr"
    if bracket == "range":
        e.range = bounds
    elif bracket == "ci":
        e.bounds, e.level = bounds, carried.level
    elif bracket == "iqr" or (opened_here and not known and e.stat == "median"):
        e.iqr = bounds
    elif known or (here and (opened_here or bounds.separator != "AND")):
        if not opened_here and not closes and not known:
            return None
        e.bounds, e.level = bounds, carried.level if here else None
    elif opened_here and closes and bounds.separator != "AND" and (percent or low < 0):
        e.bounds = bounds
    elif opened_here and closes:
        e.range, e.bare_range = bounds, True
    else:
        return None
    return bounds.end
