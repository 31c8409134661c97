"""Studies, doses and effects of annotated pages against the records of a build.

A gold effect is *found* when an effect of ours has its value and, where gold has one, its interval;
it is *fully linked* when measure, outcome, intervention and direction agree as well. Each effect of
ours answers at most one of gold's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

from kg.evaluation.labels import SAME_LABEL, likeness, same_number, to_direction, to_family

Json = dict[str, Any]
MissKind = Literal["number", "link", "dose", "claim", "direction", "design", "n", "doi", "document"]
_P = re.compile(r"0?\.\d+|\d+(?:\.\d+)?")

#: Name of each figure, what is counted, out of what; in the order in which they are reported.
FIGURES = (
    ("numbers_recall", "number_hit", "number_gold"),
    ("numbers_precision_in_annotated_sentences", "claim_hit", "claim"),
    ("measure_ok_of_hit", "measure_hit", "number_hit"),
    ("p_recall_of_hit", "p_hit", "p_gold"),
    ("outcome_ok_of_hit", "outcome_hit", "number_hit"),
    ("intervention_ok_of_hit", "intervention_hit", "intervention_gold"),
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
)


@dataclass(frozen=True, slots=True)
class Miss:
    """A place where gold and we disagree, with what each says and where.

    ``span`` is in the document's text, ``None`` where the quote is not found there.
    """

    kind: MissKind
    gold_id: str
    gold: str
    ours: str
    quote: str
    span: tuple[int, int] | None = None


@dataclass(slots=True)
class PageScore:
    """The counts of one document, its misses, and the quotes that were answered in full."""

    document: str
    text: str | None
    counts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    right: list[tuple[int, int]] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        return _figures(self.counts)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All pages of one gold file."""

    pages: tuple[PageScore, ...]

    @property
    def counts(self) -> Counter[str]:
        return sum((page.counts for page in self.pages), Counter())

    def to_json(self) -> Json:
        """Return the figures, shares rounded to four places, ``None`` where there was nothing."""
        counts = self.counts
        return {
            "docs": len(self.pages),
            "docs_missing": counts["document_missing"],
            "effects_gold": counts["number_gold"],
            **_figures(counts),
            "span_errors": counts["span_bad"],
            "spans": counts["span"],
        }


def _figures(counts: Mapping[str, int]) -> dict[str, float | None]:
    return {
        name: round(counts[part] / counts[whole], 4) if counts[whole] else None
        for name, part, whole in FIGURES
    }


def evaluate_pages(gold: Iterable[Json], records: Iterable[Json]) -> Evaluation:
    """Score records against annotated pages.

    Parameters
    ----------
    gold
        Annotations, one object a document (``doc``, ``studies``).
    records
        Lines of ``records.jsonl`` as parsed; matched to gold by file name.
    """
    pages = {page["doc"]: page for page in gold}
    found: dict[str, Json] = {}
    for record in records:
        name = PurePosixPath(record["document"]["path"]).name
        if name in pages:
            found[name] = record
    return Evaluation(tuple(_score(page, found.get(name)) for name, page in pages.items()))


def _score(page: Json, record: Json | None) -> PageScore:
    text = None if record is None else record["document"].get("text")
    score = PageScore(page["doc"], text)
    if record is None:
        score.counts["document_missing"] += 1
        score.misses.append(Miss("document", page["doc"], "annotated", "no record", ""))
    else:
        score.counts["span"], score.counts["span_bad"] = check_spans(record)
    ours = [] if record is None else list(_claims(record))
    answered: dict[int, str] = {}
    for study in page["studies"]:
        _score_effects(study, ours, answered, score)
    _score_doses(page, record, score)
    _score_claims(page, ours, answered, score)
    for study in page["studies"]:
        _score_study(study, record, score)
    return score


@dataclass(frozen=True, slots=True)
class _Claim:
    """An effect of ours with the labels of what it refers to."""

    effect: Json
    intervention: str
    comparator: str
    outcome: str

    def has_number(self, gold: Json) -> bool:
        effect = self.effect
        return same_number(effect.get("value"), gold["value"]) and (
            gold.get("ci_low") is None
            or (
                same_number(effect.get("ci_low"), gold["ci_low"])
                and same_number(effect.get("ci_high"), gold["ci_high"])
            )
        )


def _claims(record: Json) -> Iterator[_Claim]:
    for study in record.get("studies", ()):
        interventions = {i["id"]: i["label"] for i in study.get("interventions", ())}
        outcomes = {o["id"]: o["label"] for o in study.get("outcomes", ())}
        for effect in study.get("effects", ()):
            yield _Claim(
                effect,
                interventions.get(effect.get("intervention"), ""),
                interventions.get(effect.get("comparator"), ""),
                outcomes.get(effect.get("outcome"), ""),
            )


def _score_effects(
    study: Json, ours: list[_Claim], answered: dict[int, str], score: PageScore
) -> None:
    interventions = {i["id"]: i["name"] for i in study.get("interventions", ())}
    outcomes = {o["id"]: o["name"] for o in study.get("outcomes", ())}
    for gold in study.get("effects", ()):
        outcome = outcomes.get(gold.get("outcome"), "")
        intervention = interventions.get(gold.get("intervention"), "")
        if gold.get("value") is None:
            _score_direction(gold, outcome, ours, score)
        else:
            _score_number(gold, outcome, intervention, ours, answered, score)


def _score_direction(gold: Json, outcome: str, ours: list[_Claim], score: PageScore) -> None:
    """Score a result told by its direction, with or without a p value."""
    name = "only_p" if gold.get("p") else "told"
    direction = to_direction(gold["direction"])
    hit = any(
        claim.effect.get("direction") == direction
        and likeness(claim.outcome, outcome) >= SAME_LABEL
        for claim in ours
    )
    score.counts[f"{name}_gold"] += 1
    score.counts[f"{name}_hit"] += hit
    if not hit and gold.get("p"):
        said = f"{direction} of {outcome or 'an outcome'}, p {gold['p']}"
        score.misses.append(_miss("direction", gold, said, "no such direction", score))


def _score_number(
    gold: Json,
    outcome: str,
    intervention: str,
    ours: list[_Claim],
    answered: dict[int, str],
    score: PageScore,
) -> None:
    counts = score.counts
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
        if index not in answered and claim.has_number(gold)
    ]
    if not candidates:
        score.misses.append(_miss("number", gold, say_number(gold), "not found", score))
        return
    index = -max(candidates)[1]
    answered[index] = gold["id"]
    claim = ours[index]
    counts["number_hit"] += 1
    if printed := _P.search((gold.get("p") or "").replace(" ", "")):
        p_value = claim.effect.get("p_value")
        counts["p_hit"] += p_value is not None and same_number(p_value, printed[0])
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
    if all(agreed.values()):
        counts["full_hit"] += 1
        if (span := _find(gold["quote"], score.text)) is not None:
            score.right.append(span)
        return
    said = {
        "measure": (gold["measure"], claim.effect["measure"]),
        "outcome": (outcome, claim.outcome),
        "intervention": (intervention, claim.intervention),
        "direction": (to_direction(gold["direction"]), claim.effect.get("direction")),
    }
    wrong = [name for name, right in agreed.items() if not right]
    score.misses.append(
        _miss(
            "link",
            gold,
            f"{say_number(gold)}: " + "; ".join(f"{n} “{said[n][0]}”" for n in wrong),
            "; ".join(f"{n} “{said[n][1] or '—'}”" for n in wrong),
            score,
        )
    )


def _score_doses(page: Json, record: Json | None, score: PageScore) -> None:
    studies = [] if record is None else record.get("studies", ())
    ours = [dose for study in studies for dose in study.get("doses", ())]
    used: set[int] = set()
    for gold in (dose for study in page["studies"] for dose in study.get("doses", ())):
        low, high = (
            gold.get("value") if gold.get(side) is None else gold[side] for side in ("low", "high")
        )
        score.counts["dose_gold"] += 1
        for index, dose in enumerate(ours):
            its_high = dose.get("low") if dose.get("high") is None else dose["high"]
            if (
                index not in used
                and (low is None or same_number(dose.get("low"), low))
                and (high is None or same_number(its_high, high))
            ):
                used.add(index)
                score.counts["dose_hit"] += 1
                same_unit = (dose.get("unit") or "").lower() == (gold.get("unit") or "").lower()
                score.counts["dose_unit_hit"] += same_unit
                break
        else:
            said = f"{_say_range(low, high)} {gold.get('unit') or ''}"
            quote = {"id": "dose", "quote": gold["text"]}
            score.misses.append(_miss("dose", quote, said, "not found", score))
    score.counts["dose_claim"] += len(ours)
    for index, dose in enumerate(ours):
        if index not in used and dose.get("evidence"):
            evidence = dose["evidence"][-1]
            said = f"{_say_range(dose.get('low'), dose.get('high'))} {dose.get('unit')}"
            span = (evidence["start_char"], evidence["end_char"])
            score.misses.append(Miss("claim", "dose", "—", said, evidence["text"], span))


def _score_claims(
    page: Json, ours: list[_Claim], answered: Mapping[int, str], score: PageScore
) -> None:
    """Count the numbers of ours that lie within sentences which gold quotes."""
    text = score.text or ""
    quotes = (effect["quote"] for study in page["studies"] for effect in study.get("effects", ()))
    annotated = [span for span in (_find(quote, text) for quote in quotes) if span]
    for index, claim in enumerate(ours):
        effect = claim.effect
        if effect.get("value") is None or not effect.get("evidence"):
            continue
        evidence = effect["evidence"][-1]
        span = (evidence["start_char"], evidence["end_char"])
        if any(start <= span[0] and span[1] <= end for start, end in annotated):
            score.counts["claim"] += 1
            score.counts["claim_hit"] += index in answered
            if index not in answered:
                said = say_number(effect)
                score.misses.append(Miss("claim", "", "—", said, evidence["text"], span))


def _score_study(gold: Json, record: Json | None, score: PageScore) -> None:
    studies = [] if record is None else list(record.get("studies", ()))
    dois = [str(study.get("doi") or "").lower() for study in studies]
    if record is not None:
        dois.append(str(record["document"].get("doi") or "").lower())
    designs = [str(study.get("design") or "").replace("_", " ") for study in studies]
    sizes = [study.get("n_participants") for study in studies]
    facts: tuple[tuple[MissKind, Any, list[Any]], ...] = (
        ("design", gold.get("design"), designs),
        ("n", gold.get("sample_size"), sizes),
        ("doi", (gold.get("doi") or "").lower(), dois),
    )
    for name, wanted, have in facts:
        if not wanted:
            continue
        score.counts[f"{name}_gold"] += 1
        score.counts[f"{name}_hit"] += wanted in have
        if wanted not in have:
            said = ", ".join(str(value) for value in have if value) or "nothing"
            score.misses.append(Miss(name, gold["id"], str(wanted), said, gold.get("title") or ""))
    groups = [
        group.get("n")
        for study in studies
        for group in (*study.get("populations", ()), *study.get("arms", ()))
    ]
    for population in gold.get("populations", ()):
        if population.get("n"):
            score.counts["population_n_gold"] += 1
            score.counts["population_n_hit"] += population["n"] in groups


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


def _miss(kind: MissKind, gold: Json, said: str, ours: str, score: PageScore) -> Miss:
    quote = gold["quote"]
    return Miss(kind, gold["id"], said, ours, quote, _find(quote, score.text))


def _find(quote: str, text: str | None) -> tuple[int, int] | None:
    start = -1 if text is None else text.find(quote)
    return None if start < 0 else (start, start + len(quote))
