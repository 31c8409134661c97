"""Number expressions → :class:`~kg.numbers.statistic.Statistic`, the grammar's public result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.agreement import agree
from kg.numbers.atoms import Atom, read_atoms
from kg.numbers.boundaries import clause_words, is_denominator, names_group
from kg.numbers.charmap import map_characters
from kg.numbers.comparatives import tell_differences
from kg.numbers.context import classify, is_age, is_reportable, is_threshold
from kg.numbers.counterparts import with_counterparts
from kg.numbers.criteria import is_criterion
from kg.numbers.expression import Expression
from kg.numbers.grammar import Reader
from kg.numbers.lists import join_lists
from kg.numbers.parts import with_parts
from kg.numbers.per_people import with_told_signs
from kg.numbers.pieces import Bounds, PValue, kind_at, lower_at
from kg.numbers.repair import note_decimal_point, note_lost_characters
from kg.numbers.shared_p import share_p
from kg.numbers.statistic import NumberNotice, Statistic
from kg.numbers.twins import share_with_twins, with_spreads_of_twins
from kg.numbers.units import MEDICINE_CODES, TIME_UNITS
from kg.numbers.words import SAMPLE_WORDS
from kg.records import RATIO_MEASURES, Repair

_CLAUSE: Final = 14  # atoms to either side of a number in which people are said to be a sample
_NEAR_NAME: Final = 6  # atoms between a measure's name and its value that still make one expression


def find_statistics(
    text: str, atoms: Sequence[Atom] | None = None, *, bare: bool = False
) -> tuple[list[Statistic], list[NumberNotice]]:
    """Read every number expression of a text that could be a reported result.

    Parameters
    ----------
    text
        The text as it came.
    atoms
        The text's atoms, where the caller has them already (:func:`kg.numbers.atoms.read_atoms`).
    bare
        Whether a number with nothing beside it counts, as in the cell of a table of results.

    Returns
    -------
    tuple
        Statistics left to right (never overlapping in their values), and a notice for each
        number that was left out although it is a result.
    """
    atoms = with_told_signs(read_atoms(text) if atoms is None else atoms)
    reader = Reader(atoms, bare=bare)
    found = with_spreads_of_twins(atoms, reader.run())
    kept = [e for e in found if not is_threshold(atoms, e) and (bare or not is_criterion(atoms, e))]
    kept = [e for e in kept if not (e.value is not None and is_age(atoms, e) and not bare)]
    kept = kept if bare else _without_group_names(atoms, kept)
    kept = (
        kept
        if bare
        else [e for n, e in enumerate(kept) if not n or not _is_beside(atoms, kept[n - 1], e)]
    )
    join_lists(atoms, kept)
    for e in kept:
        classify(atoms, e)
    tell_differences(atoms, kept)
    share_with_twins(atoms, kept)
    agree(atoms, kept)
    kept = share_p(atoms, kept)
    for e in kept:
        _leave_p_alone(atoms, e)
    results = _reportable(atoms, kept, bare)
    results = with_parts(atoms, kept, with_counterparts(atoms, kept, results))
    statistics = [_statistic(text, atoms, e) for e in results if not is_denominator(atoms, e)]
    return statistics, reader.notices


def _without_group_names(atoms: Sequence[Atom], found: list[Expression]) -> list[Expression]:
    """Leave out quantities that name a group; a p behind one is of the value before it."""
    kept: list[Expression] = []
    for e in found:
        if not names_group(atoms, e):
            kept.append(e)
        elif e.p is not None and kept and kept[-1].p is None:
            kept[-1].p, kept[-1].p_in_own_bracket = e.p, False
    return kept


def _is_beside(atoms: Sequence[Atom], first: Expression, e: Expression) -> bool:
    """Whether "33,400 [4200]": a bare number fills the bracket of the one before it, and nothing says what it is."""
    if e.value is None or first.value is None or e.unit is not None or e.has_evidence:
        return False
    if atoms[e.value].signed or (first.unit is not None and atoms[first.unit].kind == "PERCENT"):
        return False  # "apremilast 20 (-5.9) and 30 mg (-4.4)", "with 10% (13.2) and 20% (12.1)"
    if e.value != first.end + 1 or kind_at(atoms, first.end) != "OPEN":
        return False
    return kind_at(atoms, e.value + 1) == "CLOSE" and e.measure_atom is None and not e.counted


def _reportable(atoms: Sequence[Atom], found: Sequence[Expression], bare: bool) -> list[Expression]:
    """Return what can be a result, and what goes on with a list that begins with one.

    "Were 0.83, 0.81, 0.44 and 0.96", "was 1.51 mm, 2.17 mm and 1.05 mm": what is said of the first holds for all.
    """
    kept: list[Expression] = []
    stated: set[int] = set()
    counted: set[int] = set()
    measured: set[tuple[int, str]] = set()
    for e in found:
        listed = _is_bare_decimal(atoms, e) or _is_measured(atoms, e)
        alike = (e.group, e.unit_code) in measured and _goes_on(atoms, e)
        if is_reportable(atoms, e, bare=bare) or (listed and e.group in stated) or alike:
            kept.append(e)
            if e.group is None:
                continue
            if listed:
                stated.add(e.group)
            if e.counted:
                counted.add(e.group)
            if e.unit_code is not None:
                measured.add((e.group, e.unit_code))
        elif e.group in counted and _is_counted_elsewhere(atoms, e):
            e.counted, e.measure = True, "count"
            kept.append(e)
    return kept


def _goes_on(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "0.40 U/kg with A and 0.39 U/kg with B", "a mean of 12.9 months and 12.5 months" goes on with a value."""
    own = e.value is not None and e.unit == e.value + 1
    return own and (e.stat is not None or atoms[cast(int, e.value)].decimals > 0)


def _is_bare_decimal(atoms: Sequence[Atom], e: Expression) -> bool:
    return e.value is not None and e.unit is None and atoms[e.value].decimals > 0


def _is_counted_elsewhere(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether "… and 1 in the control group": a bare whole number with the place of those it counts."""
    if e.value is None or e.unit is not None or e.measure is not None or atoms[e.value].decimals:
        return False
    if not clause_words(atoms, e.start, e.end, _CLAUSE).isdisjoint(SAMPLE_WORDS):
        return False
    if lower_at(atoms, e.value + 2) in {"them", "these", "those", "whom", "which"}:
        return False
    return lower_at(atoms, e.value + 1) in {
        "in",
        "on",
        "of",
        "to",
        "with",
        "from",
        "receiving",
        "given",
    }


def _is_measured(atoms: Sequence[Atom], e: Expression) -> bool:
    """Whether a value has decimals and its own unit of what is measured; what is set is whole, or timed, or given."""
    own = e.value is not None and e.unit == e.value + 1 and atoms[e.value].decimals > 0
    return (
        own
        and kind_at(atoms, e.unit or 0) == "UNIT"
        and e.unit_code is not None
        and e.unit_code not in TIME_UNITS | MEDICINE_CODES
    )


def _leave_p_alone(atoms: Sequence[Atom], e: Expression) -> None:
    """Keep only the p of "reader 1, p = 0.636": a lone whole number is no value."""
    if e.value is None or e.p is None or e.measure is not None or e.group is not None:
        return
    number = atoms[e.value]
    others = e.unit is not None or e.bounds is not None or e.spread is not None or e.iqr is not None
    if (
        not others
        and number.decimals == 0
        and not number.signed
        and not e.counted
        and e.p.start >= e.end - 8
    ):
        e.value, e.start, e.end = None, e.p.start, max(e.end, e.p.end)


def _statistic(text: str, atoms: Sequence[Atom], e: Expression) -> Statistic:
    first, last = e.start, max(e.end - 1, e.start)
    if (
        e.measure_atom is not None
        and e.measure_atom < first
        and first - e.measure_atom <= _NEAR_NAME
    ):
        first = e.measure_atom
    while last > e.start and atoms[last].kind in {
        "COMMA",
        "SEMI",
        "OPEN",
        "COLON",
        "STOP",
        "BREAK",
    }:
        last -= 1
    fields: dict[str, object] = {"repairs": tuple(_repairs(text, atoms, e))}
    if e.value is not None:
        number = atoms[e.value]
        fields.update(
            value=_signed(number, e), value_start=number.start, value_end=number.end,
            printed_value=text[number.start : number.end],
        )  # fmt: skip
    if e.measure_atom is not None:
        name = atoms[e.measure_atom]
        fields.update(measure_start=name.start, measure_end=name.end)
    if e.bounds is not None:
        fields.update(_interval(text, atoms, e, e.bounds))
    elif e.low_bound is not None:
        bound = atoms[e.low_bound]
        fields.update(
            ci_level=e.level, ci_low=bound.value, printed_ci_low=text[bound.start : bound.end]
        )
    if e.p is not None:
        fields.update(_p_fields(text, atoms, e.p))
    if e.spread is not None:
        fields["se" if e.spread_kind == "se" else "sd"] = atoms[e.spread].value
        fields["spread_labelled"] = e.spread_labelled
    for name_of, bounds in (("iqr", e.iqr), ("range", e.range)):
        if bounds is not None:
            low, high = _ordered(atoms, bounds)
            fields[f"{name_of}_low"], fields[f"{name_of}_high"] = low, high
    for name_of, index in (("n", e.n), ("events", e.events), ("total", e.total)):
        if index is not None:
            fields[name_of] = round(cast(float, atoms[index].value))
    for name_of, index in (("i2", e.i2), ("tau2", e.tau2)):
        if index is not None:
            fields[name_of] = atoms[index].value
    if e.statistic is not None:
        start, end = atoms[e.statistic[0]].start, atoms[e.statistic[1] - 1].end
        fields["statistic"] = text[start:end]
        fields["df"] = _degrees(text, atoms, e)
    unit = e.unit_code
    if e.unit is not None and atoms[e.unit].kind == "PERCENT":
        unit = "%"
    return Statistic(
        start_char=min(atoms[first].start, atoms[e.start].start), end_char=max(atoms[last].end, atoms[e.start].end),
        measure=e.measure, unit=unit, adjusted=e.adjusted, group=e.group, position=e.position,
        pairing=e.pairing, comparator_bound=e.bound,
        per=text[atoms[e.per[0]].start : atoms[e.per[1] - 1].end] if e.per else None,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def _signed(number: Atom, e: Expression) -> float:
    if number.kind == "FOLD":
        return cast(float, number.value)
    value = cast(float, number.value) if e.corrected is None else e.corrected
    return -abs(value) if e.sign < 0 else value


def _ordered(atoms: Sequence[Atom], bounds: Bounds) -> tuple[float, float]:
    low, high = sorted(
        (cast(float, atoms[bounds.low].value), cast(float, atoms[bounds.high].value))
    )
    return low, high


def _interval(text: str, atoms: Sequence[Atom], e: Expression, bounds: Bounds) -> dict[str, object]:
    low, high = _ordered(atoms, bounds)
    if e.measure in RATIO_MEASURES:  # a ratio is positive: the dash before it only separates
        low, high = sorted((abs(low), abs(high)))
    value = cast(float, atoms[e.value].value) if e.value is not None else 0.0
    if e.sign < 0 and 0 <= low <= value <= high:  # "decreased by 1.85 kg (0.66-3.03)"
        low, high = 0.0 - high, 0.0 - low  # and no -0.0
    one, two = atoms[bounds.low], atoms[bounds.high]
    printed = (text[one.start : one.end], text[two.start : two.end])
    if cast(float, one.value) > cast(float, two.value) and e.measure not in RATIO_MEASURES:
        printed = (printed[1], printed[0])
    return {
        "ci_level": e.level, "ci_low": low, "ci_high": high,
        "printed_ci_low": printed[0], "printed_ci_high": printed[1],
    }  # fmt: skip


def _p_fields(text: str, atoms: Sequence[Atom], p: PValue) -> dict[str, object]:
    number = atoms[p.number]
    printed = text[number.start : number.end]
    return {
        "p_operator": p.operator, "p_value": p.value, "p_start": atoms[p.start].start,
        "p_end": atoms[p.end - 1].end if p.end - 1 >= p.number else number.end, "p_kind": p.kind,
        "printed_p": printed if p.operator == "=" else {"<=": "≤", ">=": "≥"}.get(p.operator, p.operator) + printed,
    }  # fmt: skip


def _degrees(text: str, atoms: Sequence[Atom], e: Expression) -> str | None:
    if e.df is not None:
        return text[atoms[e.df].start : atoms[e.df].end]
    if e.statistic is None:
        return None
    name = atoms[e.statistic[0]].text
    opened, closed = max(name.find("("), name.find("[")), max(name.rfind(")"), name.rfind("]"))
    return (
        name[opened + 1 : closed].strip()
        if 0 <= opened < closed and name[opened + 1].isdigit()
        else None
    )


def _repairs(text: str, atoms: Sequence[Atom], e: Expression) -> list[Repair]:
    repairs = list(e.repairs)
    parts = [(e.value, "estimate")]
    if e.bounds is not None:
        parts += [(e.bounds.low, "interval"), (e.bounds.high, "interval")]
    for index, what in parts:
        if index is None:
            continue
        printed = text[atoms[index].start : atoms[index].end]
        if (
            note := note_lost_characters(printed, atoms[index].text.replace("\u2009", ""), what)
        ) or (note := note_decimal_point(map_characters(printed), cast(float, atoms[index].value))):
            repairs.append(note)
    return repairs
