"""One effect as it can be pooled: its estimate, in the measure and unit that were asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.effects import EffectRow
from kg.identity import fold
from kg.statistics.amounts import convert
from kg.statistics.conversions import or_to_rr, se_from_p
from kg.statistics.estimate import Estimate, from_interval
from kg.statistics.scales import to_scale
from kg.synthesis.contributions import Contribution
from kg.synthesis.question import Question

#: Measures that can be pooled, and the one they are pooled as.
POOLABLE = {
    "RR": "RR", "OR": "OR", "HR": "HR", "IRR": "IRR", "RD": "RD", "MD": "MD", "WMD": "MD", "SMD": "SMD",
    "ROM": "ROM", "r": "r", "rho": "rho",
}  # fmt: skip


class Kind(NamedTuple):
    """What must agree between estimates that are pooled."""

    measure: str
    unit: str
    per: str

    def __str__(self) -> str:
        """In words: "MD without a unit", "HR per 10 nmol/L"."""
        unit = self.unit or ("without a unit" if self.measure == "MD" else "")
        return " ".join(filter(None, (self.measure, unit, self.per)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an effect of the graph would contribute."""

    row: EffectRow
    contribution: Contribution
    kind: Kind

    def rank(self, question: Question) -> tuple[object, ...]:
        """Order the estimates of a study: whole before part, the outcome asked for, as the text runs."""
        row = self.row
        return (
            row.parent is not None, row.subgroup is not None, fold(row.outcome) != fold(question.outcome),
            row.value is None, row.document, row.start_char, row.effect,
        )  # fmt: skip


def read_candidate(row: EffectRow, question: Question, dose: str | None) -> Candidate:
    """Return what an effect contributes to the answer of a question.

    Raises
    ------
    ValueError, AmountError
        If it cannot be pooled; the message says why.
    """
    if row.measure == "direction_only":
        raise ValueError("told in words, without a number")
    measure = POOLABLE.get(row.measure)
    if measure is None:
        raise ValueError(f"{row.measure.replace('_', ' ')} is not pooled")
    own, note = read_estimate(row, measure)
    estimate, unit, notes = _as_asked(row, own, measure, question)
    contribution = Contribution(
        row.study, estimate, unit=unit, year=row.year, n=row.n,
        groups=groups_of(row, dose), sources=(row.effect,),
        notes=tuple(filter(None, (note, *notes))),
        reported=_reported(row) if estimate is own else None,
    )  # fmt: skip
    return Candidate(row, contribution, Kind(estimate.measure, unit, step(row.per or "")))


def read_estimate(row: EffectRow, measure: str) -> tuple[Estimate, str]:
    """Return the estimate of a reported effect, and a note where its error was worked out from p.

    Raises
    ------
    ValueError
        If no standard error follows from what is reported.
    """
    if row.value is None:
        raise ValueError("no estimate is told")
    if row.ci_low is not None and row.ci_high is not None:
        if not row.ci_low <= row.value <= row.ci_high:
            raise ValueError("the estimate lies outside its interval")
        return from_interval(measure, row.value, row.ci_low, row.ci_high, row.ci_level), ""
    if row.p_value is not None and row.p_operator in ("=", None):
        error = se_from_p(measure, row.value, row.p_value)
        note = "standard error from p (Cochrane Handbook 6.3.2)"
        return Estimate(measure, to_scale(measure, row.value), error, note), note
    if row.p_value is not None:
        raise ValueError(f"no interval, and p only as {row.p_operator} {row.p_value:g}")
    raise ValueError("neither interval nor p value")


def _as_asked(
    row: EffectRow, estimate: Estimate, measure: str, question: Question
) -> tuple[Estimate, str, tuple[str, ...]]:
    """Return the estimate in the measure and unit that were asked for, where that is sound."""
    unit = "" if measure not in ("MD", "RD") else row.unit or ""
    notes: list[str] = []
    if measure == "RD" and (size := _size(unit)):
        estimate = Estimate("RD", estimate.point / size, estimate.error / size, estimate.method)
        unit = ""
    if measure == "MD" and question.unit and unit and unit != question.unit:
        change = convert(1.0, unit, question.unit, row.outcome)
        estimate = Estimate("MD", estimate.point * change.value, estimate.error * change.value)
        notes.append(f"from {unit}{': ' + change.method if change.method else ''}")
        unit = question.unit
    wanted = question.measure
    if wanted == "RR" and measure == "OR" and question.baseline_risk is not None:
        risk = question.baseline_risk
        low, high = estimate.interval()
        value = or_to_rr(estimate.value, risk)
        estimate = from_interval("RR", value, or_to_rr(low, risk), or_to_rr(high, risk))
        notes.append(f"RR from OR at a baseline risk of {risk:g} (Zhang & Yu 1998)")
    elif question.convert and {measure, wanted} == {"SMD", "OR"}:
        found = Contribution(row.study, estimate).measured_as(str(wanted))
        assert found.estimate is not None
        estimate, unit = found.estimate, ""
        notes.append(estimate.method)
    return estimate, unit, tuple(notes)


def _size(unit: str) -> int | None:
    """Return of how many a difference of risks is told: 100 of "%", 1000 of "/1000.{people}"."""
    per = re.match(r"/(10{2,6})(?![0-9])", unit)
    return int(per[1]) if per else 100 if unit == "%" else None


def in_unit(item: Contribution, unit: str, wanted: str, substance: str) -> Contribution:
    """Return a mean difference in another unit.

    Raises
    ------
    AmountError
        If no sourced factor leads from one to the other.
    """
    change = convert(1.0, unit, wanted, substance)
    old = item.estimate
    assert old is not None
    estimate = Estimate(old.measure, old.point * change.value, old.error * change.value, old.method)
    return replace(
        item, estimate=estimate, means=None, n=item.participants, unit=wanted, reported=None,
        notes=(*item.notes, f"from {unit}{': ' + change.method if change.method else ''}"),
    )  # fmt: skip


_EACH = re.compile(r"(?i)^(?:per|each|every|an?)\s+")
_RISE = re.compile(
    r"(?i)(?:(?<![\s-])[\s-]+)?\b(?:rise|increase|increment|higher)\b(?:\s+(?:of|by|in))?"
)
_FALL = re.compile(
    r"(?i)(?:(?<![\s-])[\s-]+)?\b(?:decrease|decrement|drop|fall|reduction|lower)\b(?:\s+(?:of|by|in))?"
)
_VERSUS = re.compile(r"(?i)\s*\b(?:vs\b\.?|versus\b)\s*")


def step(per: str) -> str:
    """Return by what an exposure differs, in words that are the same for the same step.

    >>> step("each rise of 10 ng/ml") == step("Per 10-ng/mL increment") == "per 10 ng/mL"
    True
    >>> step("per SD decrease"), step("Q4 vs. Q1")
    ('per SD lower', 'Q4 versus Q1')
    """
    each = _EACH.match(per)
    if each is None:
        return _VERSUS.sub(" versus ", per)
    text = per[each.end() :]
    size = _FALL.sub(" ", _RISE.sub(" ", text))
    size = re.sub(r"/([md]?)l\b", r"/\1L", re.sub(r"(?<=\d)-", " ", size))
    return " ".join(["per", *size.split(), *(["lower"] if _FALL.search(text) else [])])


def groups_of(row: EffectRow, dose: str | None) -> dict[str, str]:
    """Return the values by which studies may be grouped; what is not known is left out."""
    found = {
        "design": row.design, "comparator": row.comparator or "", "outcome": row.outcome,
        "intervention": row.intervention, "population": row.population or "", "dose": dose or "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _reported(row: EffectRow) -> tuple[float, float, float, float] | None:
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return None
    return row.value, row.ci_low, row.ci_high, 95.0 if row.ci_level is None else row.ci_level
