"""Whether a number is a result, from the words around it: a count, a value, or nothing to report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atoms import Atom
from kg.numbers.boundaries import (
    is_age,
    is_cutoff,
    is_increment,
    is_significance_level,
    is_threshold,
)
from kg.numbers.comparatives import lies_off
from kg.numbers.counting import as_count, befell_two, counts_something, is_number_of
from kg.numbers.expression import Expression
from kg.numbers.implied_measure import classify, on_percent_scale
from kg.numbers.pieces import fills_bracket, kind_at, lower_at
from kg.numbers.units import MEDICINE_CODES, TIME_UNITS
from kg.numbers.words import (
    BEING,
    CONNECTION_BREAKERS,
    COUNTED_PEOPLE,
    SOLUTIONS,
    STATING_WORDS,
    VALUE_WORDS,
)

__all__ = [
    "classify",
    "is_age",
    "is_reportable",
    "is_significance_level",
    "is_threshold",
    "on_percent_scale",
]

_COMPARED_REACH: Final = 24  # atoms from a comparison to the bracket behind a group
_GROUPS: Final = frozenset({"group", "groups", "arm", "controls", "patients", "participants", "women", "men", "cohort"})  # fmt: skip
_COMPARING: Final = frozenset({
    "higher", "lower", "highest", "lowest", "greater", "greatest", "smaller", "smallest", "larger", "largest", "longer",
    "shorter", "less", "more", "least", "most", "similar", "differ", "differed", "different", "increased", "decreased",
    "reduced", "fell", "rose", "better", "worse",
})  # fmt: skip
_MOVE_REACH: Final = 8  # atoms from a verb of change to the second of two values

#: Codes of what is measured as often as it is set: a value only where a sentence states it.
_PHYSICAL_CODES: Final = frozenset({
    "mL", "L", "ng", "pg", "W", "J", "mA", "kg", "[lb_av]", "cm", "mm", "m", "km", "um", "kcal", "kcal/d",
    "[oz_av]", "{score}", "{points}", "kPa", "dB", "[in_i]", "[ft_i]", "[mi_i]", "{visits}",
    "{steps}", "{servings}", "{drinks}", "{cigarettes}", "N", "{log10}", "[diop]", "{dose}", "m2", "cm2", "deg",
})  # fmt: skip


def is_reportable(atoms: Sequence[Atom], e: Expression, *, bare: bool = False) -> bool:
    """Whether the expression can be a result at all."""
    if e.value is None:
        return not is_significance_level(atoms, e)
    number = atoms[e.value]
    unit = atoms[e.unit].kind if e.unit is not None else ""
    if e.value is not None and _numbers_needed(atoms, e):
        e.measure, e.counted = "NNT", False
        return True
    if is_cutoff(atoms, e) or is_threshold(atoms, e) or (is_age(atoms, e) and e.group is None):
        return False
    if is_increment(atoms, e):
        return False
    if unit == "PERCENT" and e.measure_atom is None:
        return not _is_level_of_interval(atoms, e) and not _is_concentration(atoms, e)
    if e.measure == "fold_change":
        return e.hinted
    if e.measure == "rate":
        return True
    if _is_end_of_scale(atoms, e):
        return False
    if e.measure is not None and e.measure_atom is not None:
        told = e.has_evidence or number.decimals > 0 or e.group is not None or _linked(atoms, e)
        return told or (unit == "UNIT" and lies_off(atoms, e))
    only_range = e.range is not None and e.bounds is None and e.p is None and e.spread is None
    if unit == "UNIT" and only_range and (atoms[e.unit or 0].key or "") in MEDICINE_CODES:
        return False
    if e.has_evidence or e.hinted or bare:
        return True
    if unit == "UNIT":
        return _unit_value_counts(atoms, e)
    if e.counted or counts_something(atoms, e):
        return True
    return _bare_value_counts(atoms, e)


_SCALES: Final = frozenset({
    "rated", "scored", "graded", "ranging", "ranges", "range", "scale", "scores", "scoring", "possible", "vas",
})  # fmt: skip


def _is_end_of_scale(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "rated from 0 to 10": what a scale goes from or to."""
    if e.pairing != "from-to" or e.unit is not None or e.has_evidence:
        return False
    at = e.start - (3 if lower_at(atoms, e.start - 1) == "to" else 1)
    return lower_at(atoms, at) == "from" and lower_at(atoms, at - 1) in _SCALES


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
    if atoms[cast(int, e.value)].signed and kind_at(atoms, e.start - 1) == "OPEN":
        return True  # "circumference (-5.1 cm)": what has a sign is a difference
    grouped = e.group is not None and e.pairing in {"vs", "respectively", "from-to"}
    stated = lower_at(atoms, e.start - 1) in STATING_WORDS or kind_at(atoms, e.start - 1) in {
        "EQ",
        "STAT",
    }
    if e.group is not None and (
        kind_at(atoms, e.start - 1) == "COLON" or (e.pairing == "from-to" and _moved(atoms, e))
    ):
        stated = True
    if e.group is not None and code not in TIME_UNITS and _is_pair_in_bracket(atoms, e):
        stated = grouped = True
    if code in TIME_UNITS:
        return e.stat is not None or grouped or stated or (e.measure == "MD" and e.hinted)
    if code in MEDICINE_CODES:
        return stated and (grouped or e.stat is not None)
    if code in _PHYSICAL_CODES:
        return e.stat is not None or grouped or stated or _is_of_group(atoms, e)
    return True


def _is_of_group(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "highest in the veneer group (1737.1 N)": the value fills the bracket of a group, behind a comparison."""
    if not fills_bracket(atoms, e.start, e.end) or lower_at(atoms, e.start - 2) not in _GROUPS:
        return False
    for step in range(3, _COMPARED_REACH):
        if kind_at(atoms, e.start - step) in {"STOP", "BREAK", ""}:
            return False
        if lower_at(atoms, e.start - step) in _COMPARING:
            return True
    return False


_MOVED: Final = frozenset({"fell", "rose", "declined", "dropped", "decreased", "increased"})


def _moved(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "fell from 148 g/m2", "to 130": what moved by itself; a dose "was increased from 20 mg"."""
    for step in range(1, _MOVE_REACH):
        word = lower_at(atoms, e.start - step)
        if kind_at(atoms, e.start - step) in {"STOP", "BREAK", ""}:
            return False
        if word in _MOVED:
            return lower_at(atoms, e.start - step - 1) not in BEING
    return False


def _is_pair_in_bracket(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "in the daily and the weekly arm (3080 g and 3050 g)", "(3.08 vs 0.58 units)": two values fill a bracket."""
    opens, closes = kind_at(atoms, e.start - 1) == "OPEN", kind_at(atoms, e.end) == "CLOSE"
    around = {kind_at(atoms, e.start - 1), kind_at(atoms, e.end)}
    joined = "AND" in around or ("VS" in around and atoms[cast(int, e.unit)].text == "units")
    return joined and (opens or closes)


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
            if e.pairing == "vs" and befell_two(atoms, e):
                return as_count(e)
            return counts_something(atoms, e) or (
                e.measure is None and e.has_evidence and as_count(e)
            )
        return True
    if e.group is not None and kind_at(atoms, e.start - 1) == "EQ":
        return True
    promised = before == "of" and lower_at(atoms, e.start - 2) not in _COSTS
    if e.unit_code is not None and before in STATING_WORDS | _COSTING and not promised:
        return True  # "costs were €45": money has its sign for a unit
    if number.decimals and (
        fills_bracket(atoms, e.start, e.end)
        or _is_named_average(atoms, e)
        or _is_labelled(atoms, e)
    ):
        return True
    if e.stat is not None and [kind_at(atoms, e.start - n) for n in (1, 2)] == ["EQ", "STAT"]:
        return True  # "(median = 6 sessions)"
    if number.decimals == 0 and e.unit is None and is_number_of(atoms, e):
        return as_count(e)
    if number.word or number.glued:
        return False
    if e.stat is not None and before in VALUE_WORDS | {"score", "scores"}:
        return (
            kind_at(atoms, e.end) not in {"WORD", "NAME"}
            or lower_at(atoms, e.end) in CONNECTION_BREAKERS
        )
    return number.decimals > 0 and before in VALUE_WORDS


#: Words before an amount of money that somebody found, beside those that state any value.
_COSTING: Final = frozenset({"be", "cost", "costs", "saved", "saves", "spent"})
#: Nouns before "of" and an amount that was found; "a gift of $20" was not.
_COSTS: Final = frozenset({
    "cost", "costs", "saving", "savings", "expenditure", "expenditures", "increase", "reduction", "decrease", "mean",
    "average", "median", "total", "difference", "charges", "spending", "benefit", "loss", "ratio", "ratios", "icer",
})  # fmt: skip


def _is_labelled(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "(SB2, 0.38; INF, 0.37)": a name and a comma before it, alone between bracket and semicolon."""
    if kind_at(atoms, e.start - 1) != "COMMA" or kind_at(atoms, e.end) not in {"SEMI", "CLOSE"}:
        return False
    at = e.start - 2
    while kind_at(atoms, at) in {"WORD", "NAME"} and at > e.start - 6:
        at -= 1
    return at < e.start - 2 and kind_at(atoms, at) in {"OPEN", "SEMI", "COLON"}


def _is_named_average(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "ranged from 1.0 to 4.0 (mean: 2.1)": a mean or median by its name, right before the value."""
    joined = kind_at(atoms, e.start - 1) in {"COLON", "EQ"}
    return e.stat is not None and kind_at(atoms, e.start - 1 - joined) == "STAT"
