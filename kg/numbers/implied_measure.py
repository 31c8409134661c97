"""The measure of a value that no name gives: change, level or share, from the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import is_time
from kg.numbers.chances import ratio_of_chances
from kg.numbers.change import change_after, change_before, change_in_bracket
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.words import (
    CONNECTION_BREAKERS,
    COUNTED_PEOPLE,
    PERCENT_SCALES,
    TIME_PREPOSITIONS,
    TIMES_APART,
    change_direction,
)


def classify(atoms: Sequence[Atom], e: Expression) -> None:
    """Set the measure and the sign of `e` from the words around it, where no name set it."""
    if e.value is None:
        return
    unit = atoms[e.unit].kind if e.unit is not None else ""
    direction = 0
    if e.measure is None and unit in {"PERCENT", "UNIT", "", "FOLD"} and not e.counted:
        direction = change_before(atoms, e) or change_after(atoms, e)
    number = atoms[e.value]
    if e.measure in {None, "fold_change"} and unit == "FOLD":
        e.measure = "fold_change"
        e.hinted = e.hinted or _fold_counts(atoms, e)
    elif e.measure is None and not unit and _is_factor(atoms, e):
        e.measure, e.hinted = "fold_change", True
    elif e.measure is None and unit == "PERCENT":
        _classify_percent(atoms, e, direction)
    elif e.measure is None and unit == "RATE":
        e.measure = "rate"
    elif (
        e.measure is None
        and direction
        and (unit == "UNIT" or e.has_evidence or number.decimals)
        and (
            e.has_evidence
            or not is_time(atoms, e)
            or _is_time_apart(atoms, e)
            or _is_by_seconds(atoms, e)
        )
    ):
        e.measure, e.hinted = "MD", True
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    if e.measure is None and _followed_by_difference(atoms, e):
        e.measure, e.hinted = "MD", True
    if (
        e.measure == "ARR"
        and unit != "PERCENT"
        and e.bounds is not None
        and (
            max(cast(float, atoms[e.bounds.low].value), cast(float, atoms[e.bounds.high].value))
            >= 1
        )
    ):
        e.measure, e.adjusted = "RR", True  # "ARR 1.3 (1.06-1.58)": an adjusted risk ratio
    if (
        e.measure == "MD"
        and e.measure_atom is not None
        and unit == "PERCENT"
        and not on_percent_scale(atoms, e, _SCALE_REACH)
        and not _is_of_means(atoms, e)
    ):
        e.measure = "RD"
    if e.measure is None and _compares_levels(atoms, e):
        e.measure, e.hinted = "MD", True
    if e.measure is None and number.signed and e.bounds is not None and not _says_change(atoms, e):
        e.measure = "MD"
    if _lies_below(atoms, e):
        e.sign = -1
        if e.measure in {None, "mean", "percent"}:
            e.measure, e.hinted = ("percent_change" if unit == "PERCENT" else "MD"), True
    if e.measure is None and (ratio := ratio_of_chances(atoms, e)):
        e.measure, e.measure_atom = ratio
    if e.measure is None and _counts_happenings(atoms, e):
        e.measure = "count"
    if e.measure is None and _is_per_time(atoms, e):
        e.measure, e.hinted = "rate", True
    named = _names_what_it_counts(atoms, e)
    skewed = e.iqr is not None or (e.bare_range and e.stat is None) or _is_survival(atoms, e)
    if e.measure is None and ((e.stat == "median" and not named) or skewed):
        e.measure = "median"
    elif e.measure is None and (
        e.plus_minus or e.spread is not None or (e.stat == "mean" and not named)
    ):
        e.measure = "mean"


def _is_time_apart(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "3 days shorter with A": how much sooner or longer."""
    return lower_at(atoms, cast(int, e.unit) + 1) in TIMES_APART


def _is_by_seconds(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "fell by 1.6 s": by how much; "by 6 months" is more often when."""
    return e.unit_code in {"s", "ms", "min"} and lower_at(atoms, e.start - 1) == "by"


def _lies_below(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "a reduction (33 points, 95% CI -47 to -20)": the interval alone has the sign."""
    if e.bounds is None or e.sign < 0 or atoms[cast(int, e.value)].signed:
        return False
    value, *bounds = (
        cast(float, atoms[n].value) for n in (cast(int, e.value), e.bounds.low, e.bounds.high)
    )
    return max(bounds) < 0 < value and min(bounds) <= -value <= max(bounds)


_SURVIVAL_REACH: Final = 20  # atoms between "survival" and its length

#: Units that are things that happen: a whole number of them is a count, unless a mean is told.
_HAPPENINGS: Final = frozenset({"{events}", "{episodes}", "{attacks}", "{falls}"})


def _counts_happenings(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "83 events": a count of what happened."""
    return (
        e.unit_code in _HAPPENINGS
        and e.pairing != "from-to"
        and atoms[cast(int, e.value)].decimals == 0
        and kind_at(atoms, cast(int, e.value) + 1) != "CLOSE"  # "4) episodes": an item of a list
        and not e.stat_near
        and not e.has_evidence
    )


def _is_survival(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "progression-free survival was 27.1 months": survival times are told by their median."""
    if e.unit_code not in {"mo", "a", "wk"} or e.stat is not None or e.spread is not None:
        return False
    for step in range(1, _SURVIVAL_REACH):
        if kind_at(atoms, e.start - step) in {"STOP", "BREAK", "MEASURE", ""}:
            return False
        if lower_at(atoms, e.start - step) in {"survival", "pfs", "dfs"}:
            return lower_at(atoms, e.start - step + 1) not in TIME_PREPOSITIONS | {"to"}
    return False


def _is_per_time(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "the incidence per patient-year was 0.15", "rates per 1000 were 8.2"."""
    if e.unit is not None or atoms[cast(int, e.value)].decimals == 0:
        return False
    if lower_at(atoms, e.start - 1) not in {"was", "were", "of", "and"}:
        return False
    for step in range(2, 16):
        kind = kind_at(atoms, e.start - step)
        if kind in {"STOP", "BREAK", "MEASURE", ""}:
            return False
        if kind == "RATE":
            return True
    return False


def _names_what_it_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a noun follows a bare whole number at once: "1406 participants"."""
    at = cast(int, e.value)
    bare = atoms[at].decimals == 0 and e.unit is None and not e.has_evidence
    return (
        bare
        and kind_at(atoms, at + 1) in {"WORD", "NAME"}
        and (
            lower_at(atoms, at + 1) not in CONNECTION_BREAKERS
            or lower_at(atoms, at + 1) in COUNTED_PEOPLE
        )
    )


_SCALE_REACH: Final = 48  # atoms from the name of such a quantity to a difference in it
#: Words that make a percentage one of people, whatever was named before.
_OF_PEOPLE: Final = COUNTED_PEOPLE | {"proportion", "percentage", "incidence", "responders"}


def on_percent_scale(atoms: Sequence[Atom], e: Expression, reach: int = 18) -> bool:
    """Whether what was measured is itself printed in per cent (HbA1c, ejection fraction)."""
    for step in range(1, reach):
        if kind_at(atoms, e.start - step) in {"STOP", "BREAK", ""}:
            return False
        word = lower_at(atoms, e.start - step)
        if reach == _SCALE_REACH and word in _OF_PEOPLE:
            return False
        if word.startswith(PERCENT_SCALES):
            return True
        if word == "fraction" and lower_at(atoms, e.start - step - 1) == "ejection":
            return True
    return False


def _is_of_means(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "mean difference, -1.0%", "difference in mean change was 2.6%"."""
    name = cast(int, e.measure_atom)
    between = atoms[name + 1 : e.start]
    return "mean" in atoms[name].lower or any(a.kind == "STAT" and a.key == "mean" for a in between)


def _says_change(atoms: Sequence[Atom], e: Expression) -> bool:
    return any(
        lower_at(atoms, e.start - n) in {"change", "changes", "changed"} for n in range(1, 5)
    )


def _compares_levels(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "higher HDL cholesterol (4.8 mg/dl [95% CI …])": a difference in brackets."""
    if e.unit is None or atoms[e.unit].kind != "UNIT" or e.bounds is None or not e.labelled:
        return False
    if kind_at(atoms, e.start - 1) != "OPEN" or e.pairing not in {None, "list"}:
        return False
    for step in range(2, 9):
        if kind_at(atoms, e.start - step) != "WORD":
            return False
        word = lower_at(atoms, e.start - step)
        if change_direction(word) or word in {"changes", "change"}:
            return True
    return False


def _classify_percent(atoms: Sequence[Atom], e: Expression, direction: int) -> None:
    number = atoms[cast(int, e.value)]
    points = atoms[cast(int, e.unit)].key == "pp"
    if e.events is not None or e.total is not None:
        e.measure = "percent"
    elif e.iqr is not None:
        e.measure = "median"
    elif _is_yearly(atoms, e):
        e.measure = "rate"
    elif points:
        e.measure = "MD" if on_percent_scale(atoms, e) else "RD"
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    elif direction and e.spread is not None and not on_percent_scale(atoms, e):
        e.measure = "percent_change"  # "reduced by 34 ± 6%"
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    elif e.plus_minus or e.spread is not None or on_percent_scale(atoms, e):
        e.measure = "mean" if e.stat != "median" else "median"
        if direction and not e.plus_minus:
            e.measure = "MD"
            e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
        elif number.signed:
            e.measure = "MD" if e.bounds is not None else "mean"
    elif direction or number.signed:
        e.measure = "percent_change"
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    elif e.stat is not None and e.stat_near:
        e.measure = "median" if e.stat == "median" else "mean"
    elif compared := change_in_bracket(atoms, e):
        e.measure, e.sign = "percent_change", compared
    else:
        e.measure = "percent"
    e.hinted = True


def _is_factor(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "increased by a factor of 2.4": a multiple."""
    return [lower_at(atoms, e.start - n) for n in (1, 2, 4)] == ["of", "factor", "by"]


def _is_yearly(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "2.5% per year": a rate."""
    at = cast(int, e.unit) + 1
    return lower_at(atoms, at) == "per" and lower_at(atoms, at + 1) in {"year", "annum", "month"}


def _fold_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether words say that a multiple compares: "3.2 X more likely", "2.5-fold higher"."""
    if e.has_evidence:
        return True
    unit = atoms[cast(int, e.unit)]
    if "fold" in unit.lower:
        return True
    after = [lower_at(atoms, e.end + n) for n in range(5)]
    if after[0] in {"daily", "weekly", "monthly", "a", "per", "each", "in"} or (
        after[0] == "the" and after[1] in {"day", "week"}
    ):
        return False
    if after[0] == "as" or any(change_direction(w) for w in after[:3]):
        return True
    if unit.word and unit.value is not None and after[0] in {"the", "that"}:
        return True
    before = lower_at(atoms, e.start - 1)
    return (
        before in {"by", "increased", "decreased", "reduced", "was", "were", "had", "more"}
        and "x" not in unit.lower
    )


def _followed_by_difference(atoms: Sequence[Atom], e: Expression) -> bool:
    at = (e.unit if e.unit is not None else cast(int, e.value)) + 1
    if e.unit is not None and atoms[e.unit].kind == "PERCENT":
        return False
    words = [lower_at(atoms, at + n) for n in range(2)]
    return words[0] in {"difference", "differences"} or (
        words[0] in {"point", "points", "mean"} and words[1] == "difference"
    )
