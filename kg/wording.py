"""An effect in words that a reader understands without a glossary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.measures import GROUP_MEASURES

if TYPE_CHECKING:
    from kg.effects import EffectRow

#: What a ratio compares.
_COMPARED = {"RR": "risk", "OR": "odds", "HR": "hazard", "IRR": "rate"}
_SAYS_ITSELF = re.compile(
    r"\b(?:risks?|odds|hazards?|rates?|incidence|prevalence|mortality)\b", re.IGNORECASE
)
#: A population told in a clause ("1,725 were included in ...") reads badly after "in".
_CLAUSE = re.compile(r"\b(?:is|are|was|were|had|has|have|included)\b", re.IGNORECASE)
_PEOPLE = frozenset({"participants", "patients", "people", "subjects", "individuals", "persons"})
_VERBS = {"increase": "increased", "decrease": "decreased"}


def in_words(row: EffectRow) -> str:
    """Say an effect in one English sentence, its numbers in parentheses.

    A size is put into the sentence only where number and stated direction agree; otherwise the
    parentheses alone hold it.

    Examples
    --------
    "vitamin D decreased fall risk by 19 % compared with placebo in older adults
    (RR 0.81, 95 % CI 0.7 to 0.94, p = 0.006)"
    """
    if row.measure in GROUP_MEASURES:
        sentence = _group_value(row)
    elif row.direction == "unclear":
        sentence = f"{row.intervention} and {row.outcome}: direction not stated"
    elif row.exposure or row.contrast == "association":
        sentence = _association(row)
    else:
        sentence = _change(row)
    if row.comparator and row.measure not in GROUP_MEASURES:
        sentence += f" compared with {row.comparator}"
    if row.population and not _CLAUSE.search(row.population) and not _is_bare(row):
        sentence += f" in {row.population}"
    for detail in (row.subgroup, row.timepoint):
        if detail:
            sentence += f", {detail}"
    numbers = _numbers(row)
    sentence += f" ({numbers})" if numbers else ""
    if row.reported_as == "hypothesis":
        sentence += " — a hypothesis, not a result"
    elif row.reported_as == "background":
        sentence += " — told of earlier work"
    return sentence


def _is_bare(row: EffectRow) -> bool:
    """Tell whether the population's name only says "people", or repeats the intervention's."""
    name = (row.population or "").lower()
    return name in _PEOPLE or name in row.intervention.lower() or row.intervention.lower() in name


def _change(row: EffectRow) -> str:
    if row.direction == "no_difference":
        return f"{row.intervention} made no clear difference to {row.outcome}"
    amount = _amount(row)
    target = _target(row) if amount else row.outcome
    return f"{row.intervention} {_VERBS[row.direction]} {target}{' ' + amount if amount else ''}"


def _association(row: EffectRow) -> str:
    if row.direction == "no_difference":
        return f"{row.intervention} was not clearly associated with {row.outcome}"
    higher = "higher" if row.direction == "increase" else "lower"
    if row.measure in ("r", "rho"):
        way = "positively" if row.direction == "increase" else "inversely"
        return f"{row.intervention} correlated {way} with {row.outcome}"
    amount = (_amount(row) or "").removeprefix("by ")
    if not amount:
        return f"{row.intervention} was associated with {higher} {row.outcome}"
    if amount.endswith("-fold"):
        return f"{row.intervention} was associated with {amount} {_target(row, article='')}"
    return f"{row.intervention} was associated with {amount} {higher} {_target(row, article='')}"


def _group_value(row: EffectRow) -> str:
    if row.value is None:
        return f"{row.outcome} under {row.intervention}"
    spread = "" if row.sd is None else f" ± {_number(row.sd)}"
    unit = "%" if row.measure == "percent" and not row.unit else row.unit
    value = f"{_number(row.value)}{spread}{' ' + unit if unit else ''}"
    kind = "" if row.measure == "percent" else f" ({row.measure})"
    sentence = f"{row.outcome} was {value}{kind} under {row.intervention}"
    than = {"increase": "higher than", "decrease": "lower than", "no_difference": "much as"}
    if row.comparator and row.direction in than:
        sentence += f", {than[row.direction]} under {row.comparator}"
    return sentence


def _target(row: EffectRow, article: str = "the ") -> str:
    compared = _COMPARED.get(row.measure)
    if compared is None or _SAYS_ITSELF.search(row.outcome):
        return row.outcome
    return f"{article}{compared} of {row.outcome}"


def _amount(row: EffectRow) -> str | None:
    """Return "by 19 %", "3.24-fold", "by 13.1 ng/mL"; ``None`` if the numbers do not say so."""
    value = row.value
    if value is None:
        return None
    rises = row.direction == "increase"
    if row.measure in _COMPARED or row.measure in ("ROM", "fold_change"):
        if value <= 0 or value == 1 or (value > 1) != rises:
            return None
        return (
            f"{_number(value)}-fold"
            if value >= 2
            else f"by {_number(round(abs(value - 1) * 100, 1))} %"
        )
    if value == 0 or (value > 0) != rises:
        return None
    size = _number(abs(value))
    match row.measure:
        case "percent_change":
            return f"by {size} %"
        case "SMD":
            return f"by {size} standard deviations"
        case "RD" | "ARR":
            if row.unit and row.unit.startswith("/"):
                return f"by {size} per {row.unit[1:].partition('.')[0]}"
            return f"by {size} percentage points" if row.unit == "%" else None
        case "MD" | "WMD":
            return f"by {size} {row.unit}" if row.unit else f"by {size}"
        case _:
            return None


def _numbers(row: EffectRow) -> str:
    parts = []
    if row.value is not None and row.measure not in GROUP_MEASURES:
        unit = f" {row.unit}" if row.unit and row.measure != "percent_change" else ""
        name = row.measure.replace("_", " ")
        sign = " %" if row.measure == "percent_change" else unit
        parts.append(f"{name} {_number(row.value)}{sign}{' ' + row.per if row.per else ''}")
    if row.ci_low is not None:
        level = f"{_number(row.ci_level)} % " if row.ci_level is not None else ""
        high = "not estimated" if row.ci_high is None else _number(row.ci_high)
        parts.append(f"{level}CI {_number(row.ci_low)} to {high}")
    if row.p_value is not None:
        parts.append(f"p {row.p_operator or '='} {_number(row.p_value)}")
    if row.significant is False and row.p_value is None and row.ci_low is None:
        parts.append("not significant")
    return ", ".join(parts)


def _number(value: float) -> str:
    """Write a number as people do: no exponent, no needless zeros."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0", "0") or value == 0 else f"{value:g}"
