"""Studies, doses and effects of annotated pages against the records of a build.

A gold effect is *found* when an effect of ours has its value and, where gold has one, its interval;
it is *fully linked* when measure, outcome, intervention and direction agree as well. Each effect of
ours answers at most one of gold's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.evaluation.figures import Count, Figure, Share
from kg.evaluation.labels import SAME_LABEL, likeness, same_number, to_direction, to_family
from kg.evaluation.scorers.arms import score_arms
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Claim, Place, claims, place, studies, within

Json = dict[str, Any]
_P = re.compile(r"0?\.\d+|\d+(?:\.\d+)?")

#: In the order in which they are reported.
FIGURES: tuple[Figure, ...] = (
    Count("effects_gold", "number_gold"),
    *(
        Share(name, hit, of)
        for name, hit, of in (
            ("numbers_recall", "number_hit", "number_gold"),
            ("numbers_precision_in_annotated_sentences", "claim_hit", "claim"),
            ("measure_ok_of_hit", "measure_hit", "number_hit"),
            ("p_recall_of_hit", "p_hit", "p_gold"),
            ("outcome_ok_of_hit", "outcome_hit", "number_hit"),
            ("intervention_ok_of_hit", "intervention_hit", "intervention_gold"),
            ("comparator_ok_of_hit", "comparator_hit", "number_hit"),
            ("direction_ok_of_hit", "direction_hit", "number_hit"),
            ("full_recall", "full_hit", "number_gold"),
            ("direction_with_p_recall", "only_p_hit", "only_p_gold"),
            ("told_without_number_recall", "told_hit", "told_gold"),
            ("dose_recall", "dose_hit", "dose_gold"),
            ("dose_precision", "dose_hit", "dose_claim"),
            ("dose_unit_ok", "dose_unit_hit", "dose_hit"),
            ("design_acc", "design_hit", "design_gold"),
            ("sample_size_acc", "n_hit", "n_gold"),
            ("doi_acc", "doi_hit", "doi_gold"),
            ("population_n_recall", "population_n_hit", "population_n_gold"),
            ("arms_recall", "arm_hit", "arm_gold"),
            ("arms_precision", "arm_hit", "arm_claim"),
        )
    ),
    Count("span_errors", "span_bad"),
    Count("spans", "span"),
)


def score(page: Json, record: Json | None) -> DocumentScore:
    """Score the record of one annotated page (``doc``, ``studies``)."""
    text = None if record is None else record["document"].get("text")
    found = DocumentScore(page["doc"], text)
    if record is None:
        found.miss("document", "annotated", "no record", quote=page["doc"])
    else:
        found.counts["span"], found.counts["span_bad"] = check_spans(record)
    ours = list(claims(record))
    answered: dict[int, str] = {}
    for study in page["studies"]:
        _score_effects(study, ours, answered, found)
    _score_doses(page, record, found)
    _score_claims(page, ours, answered, found)
    score_arms(page, record, found)
    for study in page["studies"]:
        _score_study(study, record, found)
    return found


def _has_number(claim: Claim, gold: Json) -> bool:
    effect = claim.effect
    return same_number(effect.get("value"), gold["value"]) and (
        gold.get("ci_low") is None
        or (
            same_number(effect.get("ci_low"), gold["ci_low"])
            and same_number(effect.get("ci_high"), gold.get("ci_high"))
        )
    )


def _score_effects(
    study: Json, ours: list[Claim], answered: dict[int, str], found: DocumentScore
) -> None:
    interventions = {i["id"]: i["name"] for i in study.get("interventions", ())}
    outcomes = {o["id"]: o["name"] for o in study.get("outcomes", ())}
    for gold in study.get("effects", ()):
        outcome = outcomes.get(gold.get("outcome"), "")
        intervention = interventions.get(gold.get("intervention"), "")
        comparator = interventions.get(gold.get("comparator"), "")
        if gold.get("value") is None:
            _score_direction(gold, outcome, ours, found)
        else:
            _score_number(gold, outcome, intervention, comparator, ours, answered, found)


def _score_direction(gold: Json, outcome: str, ours: list[Claim], found: DocumentScore) -> None:
    """Score a result told by its direction, with or without a p value."""
    name = "only_p" if gold.get("p") else "told"
    direction = to_direction(gold["direction"])
    hit = any(
        claim.effect.get("direction") == direction
        and likeness(claim.outcome, outcome) >= SAME_LABEL
        for claim in ours
    )
    found.counts[f"{name}_gold"] += 1
    found.counts[f"{name}_hit"] += hit
    if not hit:
        target = "result told with p alone" if gold.get("p") else "result told in words"
        said = f"{direction} of {outcome or 'an outcome'}"
        if gold.get("p"):
            said += f", p {gold['p']}"
        _miss(found, target, gold["quote"], said)


def _score_number(
    gold: Json,
    outcome: str,
    intervention: str,
    comparator: str,
    ours: list[Claim],
    answered: dict[int, str],
    found: DocumentScore,
) -> None:
    counts = found.counts
    counts["number_gold"] += 1
    family = to_family(gold["measure"])
    candidates = [
        (
            2 * (to_family(claim.effect["measure"]) == family)
            + likeness(claim.outcome, outcome)
            + likeness(claim.intervention, intervention),
            -index,
        )
        for index, claim in enumerate(ours)
        if index not in answered and _has_number(claim, gold)
    ]
    if not candidates:
        _miss(found, "number", gold["quote"], say_number(gold))
        return
    index = -max(candidates)[1]
    answered[index] = gold["id"]
    claim = ours[index]
    counts["number_hit"] += 1
    if printed := _P.search((gold.get("p") or "").replace(" ", "")):
        p_value = claim.effect.get("p_value")
        right = p_value is not None and same_number(p_value, printed[0])
        counts["p_hit"] += right
        if not right:
            said = "" if p_value is None else f"p {p_value:g}"
            _miss(found, "p value of a number", gold["quote"], say_number(gold), said)
    counts["p_gold"] += bool((gold.get("p") or "").replace(" ", ""))
    agreed = {
        "measure": to_family(claim.effect["measure"]) == family,
        "outcome": likeness(claim.outcome, outcome) >= SAME_LABEL,
        "direction": claim.effect.get("direction") == to_direction(gold["direction"]),
    }
    if gold.get("intervention"):
        counts["intervention_gold"] += 1
        like = likeness(claim.intervention, intervention)
        # naming it as the comparator is nearly right, if it is named well
        like = max(like, likeness(claim.comparator, intervention) - 0.3)
        agreed["intervention"] = like >= SAME_LABEL
    for name, right in agreed.items():
        counts[f"{name}_hit"] += right
    # no part of being fully linked, as in the reference; rightly none is right
    against = (
        likeness(claim.comparator, comparator) >= SAME_LABEL if comparator else not claim.comparator
    )
    counts["comparator_hit"] += against
    counts["full_hit"] += all(agreed.values())
    found.judged.append((claim.effect.get("confidence", 1.0), all(agreed.values())))
    labels = {
        "measure": (gold["measure"], claim.effect["measure"]),
        "outcome": (outcome, claim.outcome),
        "intervention": (intervention, claim.intervention),
        "comparator": (comparator, claim.comparator),
        "direction": (to_direction(gold["direction"]), claim.effect.get("direction") or ""),
    }
    for name, right in {**agreed, "comparator": against}.items():
        if not right:
            wanted, have = labels[name]
            where = claim.number if claim.effect.get("evidence") else None
            said = f"{wanted}: {say_number(gold)}"
            _miss(found, f"{name} of a number", gold["quote"], said, have, where)


def _score_doses(page: Json, record: Json | None, found: DocumentScore) -> None:
    ours = [dose for study in studies(record) for dose in study.get("doses", ())]
    used: set[int] = set()
    for gold in (dose for study in page["studies"] for dose in study.get("doses", ())):
        low, high = (
            gold.get("value") if gold.get(side) is None else gold[side] for side in ("low", "high")
        )
        found.counts["dose_gold"] += 1
        for index, dose in enumerate(ours):
            its_high = dose.get("low") if dose.get("high") is None else dose["high"]
            if (
                index not in used
                and (low is None or same_number(dose.get("low"), low))
                and (high is None or same_number(its_high, high))
            ):
                used.add(index)
                same_unit = (dose.get("unit") or "").lower() == (gold.get("unit") or "").lower()
                found.counts["dose_hit"] += 1
                found.counts["dose_unit_hit"] += same_unit
                if not same_unit:
                    _miss(
                        found, "unit of a dose", gold["text"], gold.get("unit") or "", dose["unit"]
                    )
                break
        else:
            _miss(found, "dose", gold["text"], f"{_say_range(low, high)} {gold.get('unit') or ''}")
    found.counts["dose_claim"] += len(ours)
    for index, dose in enumerate(ours):
        if index not in used and dose.get("evidence"):
            said = f"{_say_range(dose.get('low'), dose.get('high'))} {dose.get('unit')}"
            found.miss("dose", "", said, place(dose["evidence"][-1]))


def _score_claims(
    page: Json, ours: list[Claim], answered: Mapping[int, str], found: DocumentScore
) -> None:
    """Count the numbers of ours that lie within sentences which gold quotes."""
    quotes = (effect["quote"] for study in page["studies"] for effect in study.get("effects", ()))
    annotated = [span for span in (_find(quote, found.text) for quote in quotes) if span]
    for index, claim in enumerate(ours):
        effect = claim.effect
        if effect.get("value") is None or not effect.get("evidence"):
            continue
        if any(within(claim.number, span) for span in annotated):
            found.counts["claim"] += 1
            found.counts["claim_hit"] += index in answered
            if index not in answered:
                found.judged.append((effect.get("confidence", 1.0), False))
                found.miss("number", "", say_number(effect), claim.number)


def _score_study(gold: Json, record: Json | None, found: DocumentScore) -> None:
    ours = studies(record)
    dois = [str(study.get("doi") or "").lower() for study in ours]
    if record is not None:
        dois.append(str(record["document"].get("doi") or "").lower())
    designs = [str(study.get("design") or "").replace("_", " ") for study in ours]
    sizes = [study.get("n_participants") for study in ours]
    facts: tuple[tuple[str, str, Any, list[Any]], ...] = (
        ("design", "study design", gold.get("design"), designs),
        ("n", "number of participants", gold.get("sample_size"), sizes),
        ("doi", "DOI", (gold.get("doi") or "").lower(), dois),
    )
    for name, target, wanted, have in facts:
        if not wanted:
            continue
        found.counts[f"{name}_gold"] += 1
        found.counts[f"{name}_hit"] += wanted in have
        if wanted not in have:
            _miss(found, target, gold.get("title") or "", str(wanted), _list(have))
    groups = [
        group.get("n")
        for study in ours
        for group in (*study.get("populations", ()), *study.get("arms", ()))
    ]
    for population in gold.get("populations", ()):
        if population.get("n"):
            found.counts["population_n_gold"] += 1
            found.counts["population_n_hit"] += population["n"] in groups
            if population["n"] not in groups:
                said = f"{population.get('name') or 'population'}: {population['n']}"
                _miss(found, "size of a group", population.get("text") or "", said, _list(groups))


def check_spans(record: Json) -> tuple[int, int]:
    """Return how many spans a record holds, and how many are not their slice of the text."""
    text = record["document"].get("text")
    count = bad = 0
    waiting: list[Any] = [record]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if {"start_char", "end_char", "text"} <= item.keys():
                count += 1
                bad += text is None or text[item["start_char"] : item["end_char"]] != item["text"]
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return count, bad


def say_number(effect: Json) -> str:
    """Return measure, value and interval of an effect, gold's or ours, in one line.

    >>> say_number({"measure": "RR", "value": 0.84, "ci_low": 0.74, "ci_high": 0.96, "p": "0.01"})
    'RR 0.84 [0.74, 0.96], p 0.01'
    """
    said = f"{effect.get('measure')} {effect.get('value')}"
    if effect.get("ci_low") is not None:
        said += f" [{effect['ci_low']}, {effect.get('ci_high')}]"
    if effect.get("p"):
        said += f", p {effect['p']}"
    return said


def _say_range(low: float | None, high: float | None) -> str:
    if low == high or high is None:
        return f"{low:g}" if low is not None else "?"
    return f"{'…' if low is None else f'{low:g}'}-{high:g}"


def _list(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values if value)


def _miss(
    found: DocumentScore,
    target: str,
    quote: str,
    gold: str,
    ours: str = "",
    ours_span: Place | None = None,
) -> None:
    """Note a miss at gold's quote; `ours_span` is where the number stands that we compared."""
    span = _find(quote, found.text)
    found.miss(target, gold, ours, span, quote, ours_span if span else None)


def _find(quote: str, text: str | None) -> Place | None:
    start = -1 if text is None or not quote else text.find(quote)
    return None if start < 0 else (start, start + len(quote))
