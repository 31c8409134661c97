"""Templates of a trial, slot by slot (C-TrO): arm, end point, value, difference between arms, p.

Gold's templates are cut into *facts*: a number of one end point in one arm, and a difference of one
end point between arms. A fact of gold and an effect of ours are the same when a number agrees; then
each slot of the two is compared, and every slot of a fact without a partner is a miss or an alarm.
Slots that we do not fill (objective, conclusion, country …) are not scored here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.evaluation.figures import Figure, Match
from kg.evaluation.labels import SAME_LABEL, likeness, same_number
from kg.evaluation.scorers.regimens import read_numbers
from kg.evaluation.scores import DocumentScore
from kg.evaluation.views import Claim, Place, claims, overlap
from kg.measures import GROUP_MEASURES

Json = dict[str, Any]
SLOTS = ("arm", "endpoint", "value", "difference", "p")
FIGURES: tuple[Figure, ...] = (
    *(Match(f"template_{slot}") for slot in SLOTS),
    Match("template_slots"),
)

_VALUES = (
    "hasBaselineValue", "hasResultMeasuredValue", "hasChangeValue", "hasRelativeChangeValue",
    "hasPercentageAffected", "hasNumberAffected",
)  # fmt: skip
_DIFFERENCES = ("hasDiffGroupAbsValue", "hasDiffGroupRelValue")
#: A p value as a template prints it, without its operator.
DECIMAL = re.compile(r"\.\d+|\d+\.\d+")
_WORDS = re.compile(r"([a-z])([A-Z])")
_SAME_ARM = 0.45


def in_words(name: str) -> str:
    """Return the name of a class in words: "DailyDose" is "Daily Dose"."""
    return _WORDS.sub(r"\1 \2", name)


@dataclass(slots=True)
class Fact:
    """What one number is about. Words hold every way to say the end point or the arm.

    ``numbers`` are those any of which names the fact, ``p`` its p value.
    """

    kind: str  # "value" or "difference"
    numbers: frozenset[float] = frozenset()
    p: float | None = None
    endpoint: tuple[str, ...] = ()
    arm: tuple[str, ...] = ()
    span: Place | None = None
    said: str = ""

    def slots(self) -> dict[str, bool]:
        """Return which slots are filled."""
        filled = {"endpoint": bool(self.endpoint)}
        if self.kind == "value":
            return {"value": bool(self.numbers), "arm": bool(self.arm), **filled}
        return {"difference": bool(self.numbers), "p": self.p is not None, **filled}


@dataclass(slots=True)
class _Templates:
    """A document's templates with ways to follow their references."""

    document: Json
    found: dict[str, Json] = field(init=False)

    def __post_init__(self) -> None:
        self.found = self.document["templates"]

    def refs(self, template: Json, slot: str) -> list[Json]:
        references = (f.get("ref") for f in template["slots"].get(slot, ()) if isinstance(f, dict))
        return [self.found[name] for name in references if name in self.found]

    def words(self, template: Json, slot: str) -> list[str]:
        """Return fillers as words and as the words of their class."""
        said = []
        for filler in template["slots"].get(slot, ()):
            said += [filler.get("value") or "", in_words(filler.get("class") or "")]
        return [words for words in said if words]

    def span(self, filler: Json) -> Place | None:
        if filler.get("entity") is None:
            return None
        entity = self.document["entities"][filler["entity"]]
        return entity["start"], entity["end"]

    def endpoint(self, outcome: Json) -> tuple[str, ...]:
        said = [
            words
            for endpoint in self.refs(outcome, "hasEndpoint")
            for words in self.words(endpoint, "hasEndoPointDescription")
        ]
        return tuple(said)


def score(found: DocumentScore, document: Json, record: Json | None) -> None:
    """Add the slots of one document to its score."""
    gold = list(_gold_facts(document))
    ours = list(_our_facts(record))
    neutral = _other_numbers(document)
    for kind in ("value", "difference"):
        _score_kind(
            found, [f for f in gold if f.kind == kind], [f for f in ours if f.kind == kind], neutral
        )


def _score_kind(
    found: DocumentScore, gold: list[Fact], ours: list[Fact], neutral: frozenset[float]
) -> None:
    pairs = sorted(
        (
            (-like, i, j)
            for i, fact in enumerate(gold)
            for j, mine in enumerate(ours)
            if (like := _likeness(fact, mine)) > 0
        )
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    for i, fact in enumerate(gold):
        mine = ours[partner[i]] if i in partner else None
        agreed = {} if mine is None else _agreements(fact, mine)
        filled = {} if mine is None else mine.slots()
        for slot, there in fact.slots().items():
            right = agreed.get(slot, False)
            for name in (f"template_{slot}", "template_slots"):
                claimed = filled.get(slot, False)
                found.add(
                    name, int(there), int(there and right), int(claimed), int(claimed and right)
                )
            if there and not right:
                have = "" if mine is None else mine.said
                found.miss(f"template {slot}", fact.said, have, fact.span)
    for j, mine in enumerate(ours):
        if j not in taken and not (mine.kind == "difference" and _is_neutral(mine, neutral)):
            for slot, there in mine.slots().items():
                found.add(f"template_{slot}", 0, 0, int(there), 0)
                found.add("template_slots", 0, 0, int(there), 0)
            found.miss(f"template {mine.kind}", "", mine.said, mine.span)


def _likeness(fact: Fact, mine: Fact) -> float:
    """Return how well two facts agree, 0 where no number does; the place decides between equals."""
    number = _same_numbers(fact, mine)
    p_value = fact.p is not None and mine.p is not None and same_number(fact.p, mine.p)
    if not number and not p_value:
        return 0.0
    near = fact.span is not None and mine.span is not None and overlap(fact.span, mine.span)
    if fact.kind == "value" and fact.span is not None and mine.span is not None and not near:
        return 0.0
    agreed = _agreements(fact, mine)
    return 2.0 * near + sum(agreed.values())


def _agreements(fact: Fact, mine: Fact) -> dict[str, bool]:
    return {
        ("value" if fact.kind == "value" else "difference"): _same_numbers(fact, mine),
        "p": fact.p is not None and mine.p is not None and same_number(fact.p, mine.p),
        "endpoint": _alike(fact.endpoint, mine.endpoint, SAME_LABEL),
        "arm": _alike(fact.arm, mine.arm, _SAME_ARM),
    }


def _same_numbers(fact: Fact, mine: Fact) -> bool:
    return any(same_number(a, b) for a in fact.numbers for b in mine.numbers)


def _alike(one: tuple[str, ...], other: tuple[str, ...], least: float) -> bool:
    return any(likeness(a, b) >= least for a in one for b in other)


def _is_neutral(mine: Fact, neutral: frozenset[float]) -> bool:
    """Whether all that an effect claims is annotated, only in no template of differences."""
    claimed = [*mine.numbers, *([mine.p] if mine.p is not None else [])]
    return all(any(same_number(a, b) for b in neutral) for a in claimed)


def _other_numbers(document: Json) -> frozenset[float]:
    """Return every p value and difference that is annotated, in a template or not."""
    return frozenset(
        abs(number)
        for entity in document["entities"]
        if entity["group"] in ("PValue", "DiffGroupValues", "RelativeChangeValue", "ChangeValue")
        for number in read_numbers(entity["text"])
    )


def _gold_facts(document: Json) -> Iterator[Fact]:
    templates = _Templates(document)
    for template in templates.found.values():
        if template["type"] == "Arm":
            arm = _arm_words(templates, template)
            for slot in ("hasOutcome", "hasAdverseEffect"):
                for outcome in templates.refs(template, slot):
                    yield from _value_facts(templates, outcome, arm)
        elif template["type"] == "DiffBetweenGroups":
            yield from _difference_facts(templates, template)


def _arm_words(templates: _Templates, arm: Json) -> tuple[str, ...]:
    """Return the names of an arm's drugs, one by one and together."""
    drugs = [
        words
        for intervention in templates.refs(arm, "hasIntervention")
        for medication in templates.refs(intervention, "hasMedication")
        for words in templates.words(medication, "hasDrug")
    ]
    return (*drugs, " ".join(drugs)) if len(drugs) > 1 else tuple(drugs)


def _value_facts(templates: _Templates, outcome: Json, arm: tuple[str, ...]) -> Iterator[Fact]:
    endpoint = templates.endpoint(outcome)
    for slot in _VALUES:
        for filler in outcome["slots"].get(slot, ()):
            if numbers := read_numbers(filler.get("value") or ""):
                said = f"{filler['value']}: {' / '.join(endpoint[:1])} in {' / '.join(arm[:1])}"
                span = templates.span(filler)
                yield Fact("value", numbers, None, endpoint, arm, span, said)


def _difference_facts(templates: _Templates, template: Json) -> Iterator[Fact]:
    endpoint = tuple(
        words
        for slot in ("hasOutcome1", "hasOutcome2")
        for outcome in templates.refs(template, slot)
        for words in templates.endpoint(outcome)
    )
    values = [f for slot in _DIFFERENCES for f in template["slots"].get(slot, ()) if f.get("value")]
    printed = [f for f in template["slots"].get("hasPvalueDiff", ()) if f.get("value")]
    numbers = frozenset(number for filler in values for number in read_numbers(filler["value"]))
    match = next((m for f in printed if (m := DECIMAL.search(f["value"]))), None)
    if not numbers and match is None:
        return
    said = ", ".join(filler["value"] for filler in (*values, *printed))
    span = templates.span((*values, *printed)[0])
    p_value = None if match is None else float(match[0])
    yield Fact(
        "difference", numbers, p_value, endpoint, (), span, f"{said}: {' / '.join(endpoint[:1])}"
    )


def _our_facts(record: Json | None) -> Iterator[Fact]:
    """Yield our effects as facts; one of an arm that also compares is both."""
    seen = set()
    for claim in claims(record):
        effect = claim.effect
        endpoint = (claim.outcome,) if claim.outcome else ()
        values = frozenset(
            abs(float(effect[name])) for name in ("value", "events") if effect.get(name) is not None
        )
        of_arm = effect["measure"] in GROUP_MEASURES or effect.get("arm") is not None
        if of_arm and values:
            arm = _our_arm(claim)
            said = f"{effect['value']}: {claim.outcome or '—'} in {' / '.join(arm[:1]) or '—'}"
            yield Fact("value", values, None, endpoint, arm, claim.number, said)
        p_value = effect.get("p_value")
        numbers = frozenset() if of_arm else values
        key = (claim.outcome, p_value, claim.sentence, numbers)
        if (numbers or p_value is not None) and key not in seen:
            seen.add(key)
            said = ", ".join(f"{number:g}" for number in sorted(numbers))
            said += "" if p_value is None else f" p {p_value:g}"
            said = f"{said.strip()}: {claim.outcome or '—'}"
            yield Fact("difference", numbers, p_value, endpoint, (), claim.number, said)


def _our_arm(claim: Claim) -> tuple[str, ...]:
    """Return what names the arm of an effect: its label, its interventions; else what was given."""
    study = claim.study
    arm = next((a for a in study.get("arms", ()) if a["id"] == claim.effect.get("arm")), None)
    if arm is None:
        return (claim.intervention,) if claim.intervention else ()
    names = {item["id"]: item["label"] for item in study.get("interventions", ())}
    return (arm["label"], *(names[one] for one in arm.get("interventions", ()) if one in names))
