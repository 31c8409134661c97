"""What a number is, from the words around it: change, level, count, or nothing to report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.change import change_after, change_before, change_in_bracket
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.units import TIME_UNITS
from kg.numbers.words import (
    CONNECTION_BREAKERS,
    COUNTED_PEOPLE,
    EVENT_VERBS,
    EVENT_WORDS,
    HAPPENED_WORDS,
    PERCENT_SCALES,
    SAMPLE_WORDS,
    SIGNIFICANCE_WORDS,
    SOLUTIONS,
    STATING_WORDS,
    THRESHOLD_WORDS,
    VALUE_WORDS,
    change_direction,
)

_REACH_AFTER: Final = 5
_REACH_BEFORE: Final = 14
#: UCUM codes of what is swallowed or injected: an amount in them alone is a dose, not a result.
_MEDICINE_CODES: Final = frozenset({
    "[iU]", "ug", "mg", "g", "k[iU]", "M[iU]", "mg/kg", "ug/kg", "[iU]/kg", "[iU]/d", "ug/d", "mg/d",
    "g/d", "mg/kg/d", "ug/kg/d", "[iU]/kg/d", "mg/m2", "Gy", "cGy", "mg/h", "ug/h", "mg/kg/h", "U",
    "[iU]/wk", "mg/wk", "ug/wk", "[iU]/mo", "mg/min", "ug/min", "ug/kg/min", "mCi", "MBq", "Hz",
    "kHz", "g/kg", "g/kg/d", "mg/mL", "ug/m2", "U/kg", "U/d", "mL/kg", "g/m2", "{SED}", "{MED}", "uL",
    "mL/d", "mmol", "nm", "kDa", "Cel", "mV", "meq", "[MET]",
})  # fmt: skip
#: Codes of what is measured as often as it is set: a value only where a sentence states it.
_PHYSICAL_CODES: Final = frozenset({
    "mL", "L", "ng", "pg", "W", "J", "mA", "kg", "[lb_av]", "cm", "mm", "m", "km", "um", "kcal", "kcal/d",
    "[oz_av]", "{score}", "{points}", "kPa", "dB", "[in_i]", "[ft_i]", "[mi_i]", "{visits}",
    "{steps}", "{servings}", "{drinks}", "{cigarettes}", "N", "{log10}", "[diop]", "{dose}", "m2", "cm2",
})  # fmt: skip


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
    elif e.measure is None and unit == "PERCENT":
        _classify_percent(atoms, e, direction)
    elif e.measure is None and unit == "RATE":
        e.measure = "rate"
    elif (
        e.measure is None
        and direction
        and (unit == "UNIT" or e.has_evidence or number.decimals)
        and (e.has_evidence or not _is_time(atoms, e))
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
        and not on_percent_scale(atoms, e)
    ):
        e.measure = "RD"
    if e.measure is None and _compares_levels(atoms, e):
        e.measure, e.hinted = "MD", True
    if e.measure is None and number.signed and e.bounds is not None and not _says_change(atoms, e):
        e.measure = "MD"
    named = _names_what_it_counts(atoms, e)
    if e.measure is None and ((e.stat == "median" and not named) or e.iqr is not None):
        e.measure = "median"
    elif e.measure is None and (
        e.plus_minus or e.spread is not None or (e.stat == "mean" and not named)
    ):
        e.measure = "mean"


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


def on_percent_scale(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether what was measured is itself printed in per cent (HbA1c, ejection fraction)."""
    for step in range(1, 18):
        if kind_at(atoms, e.start - step) in {"STOP", "BREAK", ""}:
            return False
        word = lower_at(atoms, e.start - step)
        if word.startswith(PERCENT_SCALES):
            return True
        if word == "fraction" and lower_at(atoms, e.start - step - 1) == "ejection":
            return True
    return False


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
    elif points:
        e.measure = "RD"
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


def _is_time(atoms: Sequence[Atom], e: Expression) -> bool:
    return e.unit is not None and atoms[e.unit].kind == "UNIT" and atoms[e.unit].key in TIME_UNITS


def is_age(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value is somebody's age."""
    if e.measure in {"RR", "OR", "HR", "MD", "SMD", "beta"}:
        return False
    before = {lower_at(atoms, e.start - n) for n in range(1, 7)}
    if any(kind_at(atoms, e.start - n) in {"STOP", "BREAK", "NUM"} for n in range(1, 3)):
        before = {lower_at(atoms, e.start - 1)}
    time = _is_time(atoms, e) and atoms[e.unit or 0].key in {"a", "mo"}
    behind = {lower_at(atoms, e.end + n) for n in range(0, 3)}
    if time and (
        before & {"age", "aged", "ages", "old", "median-age"} or "age" in behind or "old" in behind
    ):
        return True
    return (
        bool(before & {"age", "aged"})
        and e.unit is None
        and not e.counted
        and lower_at(atoms, e.start - 1) in {"age", "was", "of", "aged", "mean", "(", "="}
    )


def is_threshold(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a comparator before the value makes it a limit of a level, an age or a dose."""
    if e.bound is None:
        return False
    if e.bounds is not None or e.plus_minus or e.measure_atom is not None:
        return False
    unit = atoms[e.unit].kind if e.unit is not None else ""
    if unit == "PERCENT" and kind_at(atoms, e.start - 1) == "CMP" and not atoms[e.start - 1].word:
        before = kind_at(atoms, e.start - 2)
        return before in {"NAME", "OPEN"} and lower_at(atoms, e.end) != "of"
    return unit not in {"PERCENT", "FOLD"}


def _is_cutoff(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether words before call the value a cut-off."""
    if e.bounds is not None or e.plus_minus:
        return False
    before = [lower_at(atoms, e.start - n) for n in range(1, 6)]
    return any(
        w.startswith(("cutoff", "cut-off", "threshold", "boundary", "limit", "target"))
        for w in before
    ) and before[0] in {"of", "point", "at", "and", "was", "boundary", "is"}


def _is_increment(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the value is the step of an exposure: "per 10 ng/mL", "each rise of 10 ng/mL"."""
    if e.bounds is not None or e.plus_minus or e.measure_atom is not None or e.p is not None:
        return False
    before = [lower_at(atoms, e.start - n) for n in range(1, 5)]
    if before[0] in {"per", "every", "each"}:
        return True
    return (
        before[0] in {"of", "-", "unit"}
        and before[1]
        in {
            "rise",
            "increase",
            "decrease",
            "increment",
            "decrement",
            "change",
            "fall",
            "drop",
            "step",
        }
        and bool({"each", "every", "per"} & set(before[2:]))
    )


def is_significance_level(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a p value alone states what counts as significant."""
    if e.p is None or e.value is not None:
        return False
    near = _clause_words(atoms, e.start, e.end, 12)
    if e.p.value not in {0.05, 0.01, 0.1, 0.001, 0.005, 0.025, 0.2, 0.0001, 0.15, 0.25}:
        return False
    return bool(
        near & THRESHOLD_WORDS and near & (SIGNIFICANCE_WORDS | {"p", "level", "values", "value"})
    ) and not near & {"group", "groups", "between"}


def _clause_words(atoms: Sequence[Atom], start: int, end: int, reach: int) -> set[str]:
    words: set[str] = set()
    for step in range(1, reach + 1):
        if kind_at(atoms, start - step) in {"STOP", "BREAK", ""}:
            break
        words.add(atoms[start - step].lower)
    for step in range(reach):
        if kind_at(atoms, end + step) in {"STOP", "BREAK", ""}:
            break
        words.add(atoms[end + step].lower)
    words.update(a.lower for a in atoms[start:end])
    return words


def is_reportable(atoms: Sequence[Atom], e: Expression, *, bare: bool = False) -> bool:
    """Whether the expression can be a result at all."""
    if e.value is None:
        return not is_significance_level(atoms, e)
    number = atoms[e.value]
    unit = atoms[e.unit].kind if e.unit is not None else ""
    if e.value is not None and _numbers_needed(atoms, e):
        e.measure, e.counted = "NNT", False
        return True
    if _is_cutoff(atoms, e) or is_threshold(atoms, e) or (is_age(atoms, e) and e.group is None):
        return False
    if _is_increment(atoms, e):
        return False
    if unit == "PERCENT" and e.measure_atom is None:
        return not _is_level_of_interval(atoms, e) and not _is_concentration(atoms, e)
    if e.measure == "fold_change":
        return e.hinted
    if e.measure == "rate":
        return True
    if e.measure is not None and e.measure_atom is not None:
        return e.has_evidence or number.decimals > 0 or e.group is not None or _linked(atoms, e)
    only_range = e.range is not None and e.bounds is None and e.p is None and e.spread is None
    if unit == "UNIT" and only_range and (atoms[e.unit or 0].key or "") in _MEDICINE_CODES:
        return False
    if e.has_evidence or e.hinted or bare:
        return True
    if unit == "UNIT":
        return _unit_value_counts(atoms, e)
    if e.counted or _counts_something(atoms, e):
        return True
    return _bare_value_counts(atoms, e)


def _is_level_of_interval(atoms: Sequence[Atom], e: Expression) -> bool:
    number = atoms[cast(int, e.value)]
    after = {lower_at(atoms, e.end + n) for n in range(3)}
    if (
        number.value in {90.0, 95.0, 99.0, 80.0}
        and after & {"confidence", "power", "credible", "level", "ci"}
        and not e.has_evidence
    ):
        return True
    return bool(
        lower_at(atoms, e.end)
        in {
            "power",
            "confidence",
            "ethanol",
            "saline",
            "ci",
            "cis",
            "significance",
            "level",
            "alpha",
        }
    )


def _linked(atoms: Sequence[Atom], e: Expression) -> bool:
    at = e.start - 1
    return kind_at(atoms, at) in {"EQ", "COLON", "MEASURE", "OPEN", "COMMA"} or lower_at(
        atoms, at
    ) in VALUE_WORDS | {"nine", "about"}


def _unit_value_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    code = atoms[cast(int, e.unit)].key or ""
    grouped = e.group is not None and e.pairing in {"vs", "respectively", "from-to"}
    stated = lower_at(atoms, e.start - 1) in STATING_WORDS or kind_at(atoms, e.start - 1) in {
        "EQ",
        "STAT",
    }
    if code in TIME_UNITS:
        return e.stat is not None or grouped or stated
    if code in _MEDICINE_CODES:
        return stated and grouped
    if code in _PHYSICAL_CODES:
        return e.stat is not None or grouped or stated
    return True


def _is_concentration(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether the percentage is the strength of a solution: "7.5% NaCl", "0.2% lidocaine"."""
    if e.has_evidence:
        return False
    near = [lower_at(atoms, e.end + n) for n in range(2)]
    if near[0] in CONNECTION_BREAKERS:
        return False
    return any(w in SOLUTIONS or w.endswith("caine") for w in near)


def _numbers_needed(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "150 people treated over five years to prevent one death": a number needed to treat."""
    if e.unit is not None or (e.measure is not None and e.measure != "count"):
        return False
    words = [lower_at(atoms, e.end + n) for n in range(12)]
    return any(
        words[n : n + 2] in (["to", "prevent"], ["to", "avoid"]) and words[n + 2] in {"one", "1"}
        for n in range(len(words) - 2)
    ) and (words[0] in COUNTED_PEOPLE or "treated" in words)


def _counts_something(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a bare whole number counts events or people to whom something happened."""
    number = atoms[cast(int, e.value)]
    if (
        number.decimals
        or number.signed
        or e.unit is not None
        or e.measure is not None
        or e.bound is not None
    ):
        return False
    after = cast(int, e.value) + 1
    if number.lower in {"no", "none"}:
        return _count(e)
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
            return _count(e)
        if word in COUNTED_PEOPLE and _happened_in(atoms, e):
            return _count(e)
        if word in EVENT_VERBS:
            near = _clause_words(atoms, e.start, e.end, 8)
            return not near & SAMPLE_WORDS and _count(e)
    return False


def _count(e: Expression) -> bool:
    e.counted, e.measure = True, "count"
    return True


def _happened_in(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "was reported in 76 patients": the number counts those to whom something happened."""
    before = [lower_at(atoms, e.start - n) for n in range(1, 6)]
    return before[0] in {"in", "by"} and any(w in HAPPENED_WORDS for w in before[1:])


def _bare_value_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    number = atoms[cast(int, e.value)]
    before = lower_at(atoms, e.start - 1)
    sampled = before in {"among", "comparing", "the", "enrolled", "included", "randomized", "of"}
    if e.group is not None and e.pairing in {"vs", "respectively", "from-to"}:
        if number.decimals == 0 and (
            sampled or lower_at(atoms, cast(int, e.value) + 1) in COUNTED_PEOPLE
        ):
            if sampled and e.pairing == "vs":
                return False
            return _counts_something(atoms, e) or (
                e.measure is None and e.has_evidence and _count(e)
            )
        return True
    if e.group is not None and kind_at(atoms, e.start - 1) == "EQ":
        return True
    if number.decimals == 0 and e.unit is None and _number_of(atoms, e):
        return _count(e)
    if number.word or number.glued:
        return False
    if e.stat is not None and before in VALUE_WORDS | {"score", "scores"}:
        return (
            kind_at(atoms, e.end) not in {"WORD", "NAME"}
            or lower_at(atoms, e.end) in CONNECTION_BREAKERS
        )
    return number.decimals > 0 and before in VALUE_WORDS


def _number_of(atoms: Sequence[Atom], e: Expression) -> bool:
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
