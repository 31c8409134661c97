"""What is known about a document, as records: the contract that other programs rely on.

Every record is frozen, refuses unknown fields and is compared by content. Offsets are code
points in ``document.text``, end excluded; ``text[start_char:end_char] == span.text`` always.
Identifiers are hashes of content, so shards from many workers merge without talking.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from kg.record_base import Evidence as Evidence
from kg.record_base import FrozenRecord as FrozenRecord
from kg.record_base import Span as Span
from kg.record_base import content_id as content_id

SCHEMA_VERSION = "1.0"

Design = Literal[
    "randomized controlled trial", "non-randomized trial", "cohort", "case-control",
    "cross-sectional", "case series", "case report", "meta-analysis", "systematic review",
    "review", "guideline", "protocol", "animal study", "other",
]  # fmt: skip
Measure = Literal[
    "MD", "WMD", "SMD", "RR", "OR", "HR", "IRR", "RD", "ARR", "RRR", "NNT", "ROM", "r", "rho",
    "R2", "beta", "AUC", "kappa", "percent_change", "fold_change", "mean", "median", "percent",
    "count", "rate", "test_statistic", "direction_only",
]  # fmt: skip
Direction = Literal["increase", "decrease", "no_difference", "unclear"]
POperator = Literal["<", "<=", "=", ">", ">="]
InterventionRole = Literal["intervention", "comparator", "exposure", "co-intervention"]
ArmRole = Literal["experimental", "control", "exposed", "unexposed", "other"]
MentionKind = Literal[
    "population", "condition", "intervention", "comparator", "outcome", "dose", "sample_size",
    "effect", "design", "chemical",
]  # fmt: skip

#: Measures of a ratio: positive, null value 1, symmetrical on the log scale.
RATIO_MEASURES = frozenset({"RR", "OR", "HR", "IRR", "ROM"})


class Section(FrozenRecord):
    """A named stretch of the document; ``kg.text.NO_EVIDENCE`` lists the names that yield no effects."""

    name: str
    start_char: int
    end_char: int


class Document(FrozenRecord):
    """A source text, unaltered, and what is known of its publication."""

    id: str
    path: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    format: str
    text: str
    title: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    registry_ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    journal: str | None = None
    year: int | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    sections: tuple[Section, ...] = ()
    source_map: tuple[dict[str, Any], ...] = ()


class Population(FrozenRecord):
    """Participants, or a part of them (PICO: P)."""

    id: str
    label: str
    condition: str | None = None
    n: int | None = None
    age_low: float | None = None
    age_high: float | None = None
    age_mean: float | None = None
    female_percent: float | None = None
    evidence: Evidence = ()


class Intervention(FrozenRecord):
    """What was given, compared or exposed to (PICO: I, C)."""

    id: str
    label: str
    role: InterventionRole
    concept: str | None = None
    evidence: Evidence = ()


class Regimen(FrozenRecord):
    """How an intervention is given: how often, by which route, for how long, how many times.

    A study's ``regimens`` are those whose amount the text leaves out ("timolol twice daily"); one with
    an amount is a :class:`Dose`. ``frequency`` and ``duration`` are words of the text; a bound that it
    leaves open is ``None``; ``doses_low`` and ``doses_high`` count the administrations of the course.
    """

    id: str
    intervention: str | None = None
    times_per_day_low: float | None = None
    times_per_day_high: float | None = None
    interval_days_low: float | None = None
    interval_days_high: float | None = None
    frequency: str | None = None
    route: str | None = None
    duration: str | None = None
    duration_days_low: float | None = None
    duration_days_high: float | None = None
    doses_low: float | None = None
    doses_high: float | None = None
    evidence: Evidence = ()


class Dose(Regimen):
    """A regimen with its amount; `low` and `high` are per administration.

    ``unit`` is a UCUM code (``[iU]``, ``mg``, ``ug/kg``). A bound that the text leaves open
    ("at least 800") is ``None``. Per-day and cumulative bounds follow by interval arithmetic.
    """

    low: float | None = None
    high: float | None = None
    unit: str
    raw_unit: str
    per_day_low: float | None = None
    per_day_high: float | None = None
    cumulative_low: float | None = None
    cumulative_high: float | None = None


class Arm(FrozenRecord):
    """A group of a study (CONSORT: arm)."""

    id: str
    label: str
    role: ArmRole
    population: str | None = None
    interventions: tuple[str, ...] = ()
    doses: tuple[str, ...] = ()
    regimens: tuple[str, ...] = ()
    n: int | None = None
    evidence: Evidence = ()


class Outcome(FrozenRecord):
    """What was measured (PICO: O)."""

    id: str
    label: str
    concept: str | None = None
    instrument: str | None = None
    timepoint: str | None = None
    evidence: Evidence = ()


class Printed(FrozenRecord):
    """The digits as they stand in the text, sign included: ``"-13.10"``."""

    value: str | None = None
    ci_low: str | None = None
    ci_high: str | None = None
    p: str | None = None


class Repair(FrozenRecord):
    """A damaged expression that the text itself allowed to be mended."""

    before: str
    after: str
    reason: str


class Check(FrozenRecord):
    """The outcome of a statistical check; `numbers` are those it used and computed, by name."""

    code: str
    severity: Literal["info", "warning", "error"]
    message: str
    numbers: dict[str, float] = Field(default={})


class Effect(FrozenRecord):
    """A result: one number (or direction) for one outcome under one intervention.

    ``direction`` is what happens to the outcome under the intervention against the comparator or
    the time before; for a ratio, to the event it counts. ``ci_level`` is in percent (95);
    an upper bound that could not be estimated ("8.6 to not reached") is ``None`` beside a lower one.
    ``evidence`` holds first the sentence, last the number expression.
    """

    id: str
    intervention: str | None = None
    comparator: str | None = None
    population: str | None = None
    outcome: str | None = None
    measure: Measure
    value: float | None = None
    unit: str | None = None
    ci_level: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_operator: POperator | None = None
    p_value: Annotated[float, Field(ge=0, le=1)] | None = None
    printed: Printed = Printed()
    contrast: Literal["between_groups", "before_after", "association", "single_arm"] | None = None
    per: str | None = None
    sd: float | None = None
    se: float | None = None
    iqr_low: float | None = None
    iqr_high: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    n: int | None = None
    events: int | None = None
    total: int | None = None
    statistic: str | None = None
    df: str | None = None
    i2: float | None = None
    tau2: float | None = None
    model: str | None = None
    arm: str | None = None
    timepoint: str | None = None
    subgroup: str | None = None
    adjusted: bool | None = None
    baseline: str | None = None
    direction: Direction = "unclear"
    significant: bool | None = None
    reported_as: Literal["result", "background", "hypothesis"] = "result"
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    repairs: tuple[Repair, ...] = ()
    checks: tuple[Check, ...] = ()
    evidence: Annotated[Evidence, Field(min_length=1)]


class ComputedDose(Dose):
    """A dose in a unit in which doses of its substance can be compared: worked out, not reported.

    ``derived_from`` holds the dose that the text states; ``method`` says the factor and its source.
    """

    computed: Literal[True] = True
    derived_from: Annotated[tuple[str, ...], Field(min_length=1)]
    method: str


class ComputedEffect(Effect):
    """An effect that follows from others: in another unit, or from the results of two arms.

    ``derived_from`` holds the effects that the text states; ``method`` says how, with the source.
    """

    computed: Literal[True] = True
    derived_from: Annotated[tuple[str, ...], Field(min_length=1)]
    method: str


class Recommendation(FrozenRecord):
    """Advice, not a result: a dose rule, a target level, what to do."""

    id: str
    intervention: str | None = None
    dose: str | None = None
    population: str | None = None
    condition: str | None = None
    target: str | None = None
    strength: str | None = None
    evidence: Annotated[Evidence, Field(min_length=1)]


class Study(FrozenRecord):
    """A study reported in a document, or a component of a synthesis reported there.

    ``doses`` and ``effects`` hold what the text states; what follows from it by computation stands
    apart, in ``computed_doses`` and ``computed_effects``. ``regimens`` have no amount: see :class:`Regimen`.
    """

    id: str
    label: str
    kind: Literal["report", "component"] = "report"
    part_of: str | None = None
    design: Design = "other"
    title: str | None = None
    doi: str | None = None
    pmid: str | None = None
    registry_ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    n_studies: int | None = None
    n_participants: int | None = None
    countries: tuple[str, ...] = ()
    setting: str | None = None
    follow_up: str | None = None
    search_date: str | None = None
    analysis: str | None = None
    populations: tuple[Population, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    doses: tuple[Dose, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    arms: tuple[Arm, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    effects: tuple[Effect, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    computed_doses: tuple[ComputedDose, ...] = ()
    computed_effects: tuple[ComputedEffect, ...] = ()
    evidence: Evidence = ()


class Mention(FrozenRecord):
    """A place where the text names something; every place, not only the first."""

    kind: MentionKind
    start_char: int
    end_char: int
    text: str
    concept: str | None = None
    score: float = 1.0


class Concept(FrozenRecord):
    """What mentions mean: an entry of a terminology, or a label of our own."""

    id: str
    label: str
    kind: str
    xrefs: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    score: float = 1.0
    candidates: tuple[dict[str, Any], ...] = ()


class Notice(FrozenRecord):
    """Something a reader of the graph should know, for example a number left out and why."""

    code: str
    severity: Literal["info", "warning", "error"]
    message: str
    evidence: Evidence = ()


class Record(FrozenRecord):
    """All that was read from one document: one line of ``records.jsonl``."""

    schema_version: str = SCHEMA_VERSION
    document: Document
    studies: tuple[Study, ...] = ()
    mentions: tuple[Mention, ...] = ()
    concepts: tuple[Concept, ...] = ()
    notices: tuple[Notice, ...] = ()

    @model_validator(mode="after")
    def _references_resolve(self) -> Record:
        """Refuse a span that is not its slice and an effect that points outside its study."""
        text = self.document.text
        for study in self.studies:
            known: dict[str, set[str]] = {
                name: {item.id for item in getattr(study, f"{name}s")}
                for name in ("intervention", "population", "outcome", "arm", "dose", "effect")
            }
            for effect in (*study.effects, *study.computed_effects):
                for field, kind in _EFFECT_REFERENCES:
                    target = getattr(effect, field)
                    if target is not None and target not in known[kind]:
                        raise ValueError(
                            f"effect {effect.id}: {field} {target} is not in its study"
                        )
            for kind, items in (("dose", study.computed_doses), ("effect", study.computed_effects)):
                for item in items:
                    if not known[kind].issuperset(item.derived_from):
                        raise ValueError(f"{item.id} is derived from what is not in its study")
        for span in spans_of(self):
            if text[span.start_char : span.end_char] != span.text:
                raise ValueError(
                    f"span {span.start_char}-{span.end_char} is not its slice of the text"
                )
        return self


_EFFECT_REFERENCES = (
    ("intervention", "intervention"), ("comparator", "intervention"), ("population", "population"),
    ("outcome", "outcome"), ("arm", "arm"), ("baseline", "effect"),
)  # fmt: skip


def spans_of(record: Record) -> list[Span | Mention]:
    """List every span of a record, mentions included."""
    found: list[Span | Mention] = [*record.mentions]
    for notice in record.notices:
        found.extend(notice.evidence)
    for study in record.studies:
        found.extend(study.evidence)
        for group in (study.populations, study.interventions, study.doses, study.regimens, study.arms,
                      study.outcomes, study.effects, study.recommendations,
                      study.computed_doses, study.computed_effects):  # fmt: skip
            for item in group:
                found.extend(item.evidence)
    return found
