"""What a number is, from the words around it: change, level, count, or nothing to report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import kind_at, lower_at
from kg.numbers.units import TIME_UNITS
from kg.numbers.words import (
    CHANGE_NOUN_STEMS,
    CONNECTION_BREAKERS,
    EVENT_VERBS,
    EVENT_WORDS,
    FILLERS,
    SAMPLE_WORDS,
    SIGNIFICANCE_WORDS,
    THRESHOLD_WORDS,
    VALUE_WORDS,
    change_direction,
)

_REACH_AFTER: Final = 5
_REACH_BEFORE: Final = 14
#: UCUM codes of what is swallowed or injected: an amount in them alone is a dose, not a result.
_DOSE_CODES: Final = frozenset({
    "[iU]", "ug", "mg", "g", "k[iU]", "M[iU]", "mg/kg", "ug/kg", "[iU]/kg", "[iU]/d", "ug/d", "mg/d",
    "g/d", "mg/kg/d", "ug/kg/d", "[iU]/kg/d", "mL", "L", "mL/d", "mg/m2", "Gy", "cGy", "mg/h", "ug/h",
    "mg/kg/h", "U", "[iU]/wk", "mg/wk", "ug/wk", "[iU]/mo", "mg/min", "ug/min", "ug/kg/min", "ng", "uL",
    "mCi", "MBq", "Hz", "kHz", "W", "J", "mA", "kg", "[lb_av]", "cm", "mm", "m", "km", "nm", "um", "kDa",
    "Cel", "kcal", "kcal/d", "g/kg", "g/kg/d", "[oz_av]", "mg/mL", "mV", "[MET]", "ug/m2", "U/kg", "U/d",
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
    elif e.measure is None and direction and (unit == "UNIT" or e.has_evidence or number.decimals):
        if not _is_time(atoms, e) or e.has_evidence:
            e.measure, e.hinted = "MD", True
            e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    if e.measure is None and _followed_by_difference(atoms, e):
        e.measure, e.hinted = "MD", True
    if e.measure is None and (e.stat == "median" or e.iqr is not None):
        e.measure = "median"
    elif e.measure is None and (e.plus_minus or e.spread is not None or e.stat == "mean"):
        e.measure = "mean"
    elif e.measure is None and number.signed and e.bounds is not None:
        e.measure = "MD"


def _classify_percent(atoms: Sequence[Atom], e: Expression, direction: int) -> None:
    number = atoms[cast(int, e.value)]
    points = atoms[cast(int, e.unit)].key == "pp"
    if e.events is not None or e.total is not None:
        e.measure = "percent"
    elif points:
        e.measure = "RD"
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    elif direction or number.signed:
        e.measure = "percent_change"
        e.sign = -1 if direction < 0 and cast(float, number.value) > 0 else 1
    elif e.plus_minus and e.stat == "mean":
        e.measure = "mean"
    else:
        e.measure = "percent"
    e.hinted = True


def change_before(atoms: Sequence[Atom], e: Expression) -> int:
    """Return the direction of "reduced by …", "a reduction of …" before the value, or 0."""
    at = e.start - 1
    if kind_at(atoms, at) == "CMP" and atoms[at].word:
        at -= 1
    while kind_at(atoms, at) in {"WORD", "STAT", "NUM"} and lower_at(atoms, at) in FILLERS:
        at -= 1
    link = lower_at(atoms, at)
    if kind_at(atoms, at) == "OPEN":
        return 0
    direct = change_direction(link)
    if (
        direct
        and kind_at(atoms, at) == "WORD"
        and link not in {"more", "less", "higher", "lower", "greater", "fewer"}
    ):
        return direct
    if link not in {"by", "of"}:
        return 0
    for step in range(1, _REACH_BEFORE):
        atom = atoms[at - step] if at - step >= 0 else None
        if atom is None or atom.kind in {"STOP", "BREAK", "SEMI", "PERCENT", "P"}:
            return 0
        if atom.kind == "NUM" and link == "of":
            return 0
        if atom.kind == "FOLD" and atom.word:
            continue
        word = atom.lower
        direction = change_direction(word)
        if direction and atom.kind == "WORD":
            if link == "of" and not word.startswith(CHANGE_NOUN_STEMS):
                continue
            return direction
        if link == "of" and word in {"change", "difference", "changes"}:
            return 0
    return 0


def change_after(atoms: Sequence[Atom], e: Expression) -> int:
    """Return the direction of "… lower", "… reduction", "… more likely" behind the value, or 0."""
    at = (e.unit if e.unit is not None else cast(int, e.value)) + 1
    for step in range(_REACH_AFTER):
        atom = atoms[at + step] if at + step < len(atoms) else None
        if atom is None or atom.kind not in {"WORD", "NAME"}:
            return 0
        word = atom.lower
        direction = change_direction(word)
        following = lower_at(atoms, at + step + 1)
        if (
            direction
            and word in {"more", "less", "fewer", "higher", "lower", "greater"}
            and step == 0
            and following == "than"
        ):
            return (
                0
                if word in {"more", "less"} and kind_at(atoms, at + step + 2) == "NUM"
                else direction
            )
        if direction and word.endswith("ed") and word not in {"elevated"}:
            nominal = following.startswith(
                (
                    "risk",
                    "odds",
                    "rate",
                    "hazard",
                    "incidence",
                    "mortality",
                    "likelihood",
                    "chance",
                    "probab",
                )
            )
            return direction if nominal else 0
        if direction and word.endswith("ing") and word not in {"lowering"}:
            return 0
        if (
            direction
            and word.startswith(("loss", "gain", "fall", "drop", "cut", "slow"))
            and step > 1
        ):
            return 0
        if direction:
            return direction
        if word in CONNECTION_BREAKERS:
            return 0
    return 0


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
    if e.has_evidence and (e.p is None or e.bounds is not None or e.plus_minus):
        return e.bounds is None and not e.plus_minus and e.measure is None
    unit = atoms[e.unit].kind if e.unit is not None else ""
    return unit not in {"PERCENT", "FOLD"}


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
    if is_threshold(atoms, e) or (is_age(atoms, e) and e.group is None):
        return False
    if e.measure in {"percent", "percent_change", "RD"} and unit == "PERCENT":
        return not _is_level_of_interval(atoms, e)
    if e.measure == "fold_change":
        return e.hinted
    if e.measure == "rate":
        return True
    if e.measure is not None and e.measure_atom is not None:
        return e.has_evidence or number.decimals > 0 or e.group is not None or _linked(atoms, e)
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
    return bool(lower_at(atoms, e.end) in {"power", "confidence", "ethanol", "saline", "ci", "cis"})


def _linked(atoms: Sequence[Atom], e: Expression) -> bool:
    at = e.start - 1
    return kind_at(atoms, at) in {"EQ", "COLON", "MEASURE", "OPEN", "COMMA"} or lower_at(
        atoms, at
    ) in VALUE_WORDS | {"nine", "about"}


def _unit_value_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    code = atoms[cast(int, e.unit)].key or ""
    grouped = e.group is not None and e.pairing in {"vs", "respectively", "from-to"}
    if code in TIME_UNITS:
        return e.stat is not None or (grouped and e.pairing != "list")
    if code in _DOSE_CODES:
        return e.stat is not None or (grouped and e.pairing in {"from-to", "respectively"})
    return True


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
    for step in range(3):
        if kind_at(atoms, e.end + step) not in {"WORD"}:
            break
        word = lower_at(atoms, e.end + step)
        if word in EVENT_WORDS:
            e.counted, e.measure = True, "count"
            return True
        if word in EVENT_VERBS:
            near = _clause_words(atoms, e.start, e.end, 8)
            if not near & SAMPLE_WORDS:
                e.counted, e.measure = True, "count"
                return True
            return False
    return False


def _bare_value_counts(atoms: Sequence[Atom], e: Expression) -> bool:
    number = atoms[cast(int, e.value)]
    if e.group is not None and e.pairing in {"vs", "respectively", "from-to"}:
        return True
    before = lower_at(atoms, e.start - 1)
    if e.group is not None and kind_at(atoms, e.start - 1) == "EQ":
        return True
    if number.word or number.glued:
        return False
    if e.stat is not None and before in VALUE_WORDS | {"score", "scores"}:
        return (
            kind_at(atoms, e.end) not in {"WORD", "NAME"}
            or lower_at(atoms, e.end) in CONNECTION_BREAKERS
        )
    return number.decimals > 0 and before in VALUE_WORDS
