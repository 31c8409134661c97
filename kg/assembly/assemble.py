"""From what was read of a document to its records: identifiers, references, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from kg.assembly.annotation import Annotation, MentionLabel
from kg.assembly.arm_records import (
    OBSERVATIONAL,
    arm_of,
    arms_without_values,
    is_compared_with,
    with_equal_sizes,
    with_regimens,
    with_what_was_given,
)
from kg.assembly.context import Context
from kg.assembly.denominators import find_denominators
from kg.assembly.doses import attach_doses, tell_doses_apart
from kg.assembly.effects import EffectReading
from kg.assembly.exposure_steps import read_step, without_step
from kg.assembly.group_names import GroupNames
from kg.assembly.labels import likeness, singular, stems, without_aspect, without_change
from kg.assembly.phrase import Phrase
from kg.assembly.recommendations import RecommendationReading
from kg.assembly.regimens import attach_regimens
from kg.assembly.registry import Registry
from kg.assembly.study_reading import PopulationReading, StudyReading
from kg.assembly.words import CONTROL_WORDS
from kg.numbers.statistic import DoseReading, NumbersRead, RegimenReading
from kg.records import (
    Arm,
    Dose,
    Effect,
    Intervention,
    InterventionRole,
    Mention,
    Notice,
    Outcome,
    Population,
    Printed,
    Recommendation,
    Record,
    Span,
    Study,
    content_id,
)  # fmt: skip
from kg.text import Reading

Identified = TypeVar("Identified", Effect, Recommendation)


def study_id(reading: Reading, study: StudyReading, ordinal: int, parent: str | None) -> str:
    """Return a study's identifier: registry number, DOI, PMID, else its place (model, section 3)."""
    if parent is not None:
        return content_id("study", [parent, study.label, study.year])
    if study.doi:
        return content_id("study", ["doi", study.doi.lower()])
    if study.pmid:
        return content_id("study", ["pmid", study.pmid])
    if study.registry_ids:
        return content_id("study", ["registry", study.registry_ids[0]])
    return content_id("study", [reading.document.sha256, ordinal])


def assemble(
    reading: Reading, annotation: Annotation, contexts: Mapping[int, Context], numbers: NumbersRead,
    studies: Sequence[StudyReading], effects: Sequence[EffectReading],
    recommendations: Sequence[RecommendationReading] = (),
) -> Record:  # fmt: skip
    """Build the record of a document.

    An effect, dose or recommendation belongs to the report whose blocks hold it; what lies in no
    study's blocks is left out, because it is nobody's result. `contexts` are those of the reports, by index.
    """
    owner = {
        block: k
        for k, study in enumerate(studies)
        if study.kind == "report"
        for block in study.blocks
    }
    ids: list[str] = []
    for k, study in enumerate(studies):
        ids.append(study_id(reading, study, k, None if study.parent is None else ids[study.parent]))
    built = []
    for k, study in enumerate(studies):
        own = [e for e in effects if (e.study if e.study is not None else owner.get(e.block)) == k]
        if study.design == "protocol":
            own = []  # what a protocol counts and measures is planned, not found
        if study.kind == "component":
            doses = [d for d in numbers.doses if _within(d, study)]
        else:
            doses = [
                d for d in numbers.doses
                if owner.get(_block_at(annotation, d.amount_start)) == k
                and not any(_within(d, part) for part in studies)
            ]  # fmt: skip
        regimens = [] if study.kind == "component" else [
            r for r in numbers.regimens if owner.get(_block_at(annotation, r.start_char)) == k
        ]  # fmt: skip
        advice = [r for r in recommendations if owner.get(_block_at(annotation, r.start_char)) == k]
        parent = None if study.parent is None else ids[study.parent]
        context = contexts[k if study.parent is None else study.parent]
        built.append(
            _study(
                reading, annotation, context, study, ids[k], parent, own, doses, regimens, advice
            )
        )
    return Record(
        document=reading.document,
        studies=tuple(built),
        mentions=_mentions(reading, annotation, numbers, effects),
        notices=tuple(
            Notice(code=n.code, severity="warning", message=n.message, evidence=(reading.span(n.start_char, n.end_char),))
            for n in numbers.notices
        ),
    )  # fmt: skip


def _within(dose: DoseReading, component: StudyReading) -> bool:
    """Tell whether a dose stands in the row of a component study."""
    return component.dose is not None and component.dose[0] <= dose.amount_start < component.dose[1]


def _block_at(annotation: Annotation, at_char: int) -> int:
    """Return the index of the block that holds a character, -1 if no sentence does."""
    sentence = annotation.sentence_at(at_char)
    return -1 if sentence is None else annotation.sentences[sentence].block


def _places(
    reading: Reading, annotation: Annotation, kind: MentionLabel, place: tuple[int, int]
) -> Iterator[Span]:
    """Yield the place of a name, and the mention round it that gives it in full."""
    yield reading.span(*place)
    for m in annotation.mentions:
        if m.kind == kind and m.start_char <= place[0] and place[1] <= m.end_char:
            yield reading.span(m.start_char, m.end_char)


def _study(
    reading: Reading, annotation: Annotation, context: Context, study: StudyReading, identifier: str, parent: str | None,
    effects: Sequence[EffectReading], doses: Sequence[DoseReading], regimens: Sequence[RegimenReading],
    advice: Sequence[RecommendationReading],
) -> Study:  # fmt: skip
    interventions = Registry("intervention", identifier, GroupNames(context).given, barest=True)
    outcomes = Registry("outcome", identifier)
    populations = tuple(_population(reading, identifier, p) for p in study.populations)
    main = _main_population(study, populations)
    records: list[Effect] = []
    of_arms: list[tuple[Effect, Arm | None]] = []
    arms: dict[str, Arm] = {}
    given: Counter[tuple[str, str]] = Counter()  # intervention and arm → values that go with both
    as_comparator: dict[str, int] = {}
    for e in effects:
        ids: dict[str, str | None] = {}
        for role in ("intervention", "comparator"):
            phrase: Phrase | None = getattr(e, role)
            if phrase is None:
                ids[role] = None
                continue
            name = without_aspect(without_step(phrase.label))
            ids[role] = interventions.add(name, reading.span(phrase.start_char, phrase.end_char))
        if ids["comparator"] == ids["intervention"]:
            ids["comparator"] = None
        ids["outcome"] = (
            outcomes.add(
                singular(without_change(e.outcome_label)),
                *_places(reading, annotation, "outcome", e.outcome_place),
            )
            if e.outcome_label
            else None
        )
        population = _population_of(e, study, populations) or main
        arm = arm_of(reading, identifier, e, ids, interventions, study, populations, population)
        if arm is not None:
            arms.setdefault(arm.id, arm)
        for key, sign in ((ids["comparator"], 1), (ids["intervention"], -1)):
            if key:
                as_comparator[key] = as_comparator.get(key, 0) + sign
        records.append(_effect(reading, identifier, e, ids, population, arm.id if arm else None))
        of_arms.append((records[-1], arm))
        own = ids["intervention"]
        if arm is not None and own and not is_compared_with(e):
            given[own, arm.id] += 1
    if study.parent is None:
        for arm in arms_without_values(
            reading, identifier, context, study, interventions, main, arms
        ):
            arms.setdefault(arm.id, arm)
    told = tell_doses_apart(reading.view.text, doses, [(r.start_char, r.end_char) for r in advice])
    dose_records = attach_doses(reading, context, identifier, told, interventions, effects)
    regimen_records = attach_regimens(
        reading, context, annotation, identifier, regimens, told, dose_records, interventions
    )
    exposure = study.design in OBSERVATIONAL or (
        study.design == "meta-analysis" and not dose_records
    )
    recommendations = tuple(
        _recommendation(reading, identifier, r, dose_records, [d for d, _ in told]) for r in advice
    )
    intervention_records = tuple(
        Intervention(
            id=interventions.identifier(key), label=label,
            role=_role(label, as_comparator.get(interventions.identifier(key), 0), exposure),
            evidence=interventions.evidence[key],
        )
        for key, label in interventions.labels.items()
    )  # fmt: skip
    arms = with_equal_sizes(arms, reading.view.text, study)
    arms = with_regimens(with_what_was_given(arms, given), dose_records, regimen_records)
    wholes = find_denominators(identifier, of_arms, populations, study.n_participants)
    evidence = tuple(
        reading.span(*place) for place in (study.title_span or study.label_span, study.design_evidence, study.n_evidence,
                                  study.n_studies_evidence) if place is not None
    )  # fmt: skip
    return Study(
        id=identifier, label=study.label or study.title or "study", kind=study.kind, part_of=parent,
        design=study.design, title=study.title, doi=study.doi, pmid=study.pmid,
        registry_ids=study.registry_ids, authors=study.authors, year=study.year, journal=study.journal,
        n_studies=study.n_studies, n_participants=study.n_participants, countries=study.countries,
        setting=study.setting, follow_up=study.follow_up, search_date=study.search_date,
        analysis=study.analysis, populations=(*populations, *wholes), interventions=intervention_records,
        doses=tuple(dose_records), regimens=tuple(regimen_records), arms=tuple(arms.values()),
        outcomes=tuple(
            Outcome(id=outcomes.identifier(key), label=label, evidence=outcomes.evidence[key])
            for key, label in outcomes.labels.items()
        ),
        effects=_unique(records), recommendations=_unique(recommendations), evidence=evidence,
    )  # fmt: skip


def _unique(items: Iterable[Identified]) -> tuple[Identified, ...]:
    return tuple({item.id: item for item in items}.values())


def _role(label: str, comparator_votes: int, exposure: bool) -> InterventionRole:
    if comparator_votes > 0 or (comparator_votes == 0 and stems(label) & CONTROL_WORDS):
        return "comparator"
    return "exposure" if exposure else "intervention"


def _population(reading: Reading, study: str, p: PopulationReading) -> Population:
    return Population(
        id=content_id("pop", [study, p.label.casefold(), p.n]), label=p.label, condition=p.condition, n=p.n,
        age_low=p.age_low, age_high=p.age_high, age_mean=p.age_mean, female_percent=p.female_percent,
        evidence=(reading.span(p.start_char, p.end_char),),
    )  # fmt: skip


def _main_population(study: StudyReading, populations: tuple[Population, ...]) -> str | None:
    for reading, record in zip(study.populations, populations, strict=True):
        if reading.n is not None and reading.n == study.n_participants:
            return record.id
    whole = [r for p, r in zip(study.populations, populations, strict=True) if p.arm_words is None]
    return (whole or list(populations))[0].id if populations else None


def _population_of(
    effect: EffectReading, study: StudyReading, populations: tuple[Population, ...]
) -> str | None:
    """Return the population that the effect's own group or sentence names."""
    if effect.intervention is None:
        return None
    for reading, record in zip(study.populations, populations, strict=True):
        words = reading.arm_words or ""
        if words and likeness(words, effect.intervention.label) >= 0.5:
            return record.id
        if effect.sentence[0] <= reading.start_char < effect.sentence[1]:
            return record.id
    return None


def _effect(
    reading: Reading, study: str, e: EffectReading, ids: dict[str, str | None], population: str | None,
    arm: str | None,
) -> Effect:  # fmt: skip
    s = e.statistic
    if s.comparator_bound is not None and s.ci_low is None:
        s = replace(s, value=None)  # ">80%" bounds a value and states none
    sentence = reading.span(*e.sentence)
    number = reading.span(s.start_char, s.end_char)
    key = [study, ids, population, e.measure, s.value, s.ci_low, s.ci_high, s.p_operator, s.p_value, e.timepoint,
           e.direction, number.start_char, reading.document.sha256]  # fmt: skip
    return Effect(
        id=content_id("effect", key), intervention=ids["intervention"], comparator=ids["comparator"],
        population=population, outcome=ids["outcome"], measure=e.measure, value=s.value, unit=s.unit,
        ci_level=s.ci_level, ci_low=s.ci_low, ci_high=s.ci_high, p_operator=s.p_operator, p_value=s.p_value,
        printed=Printed(value=s.printed_value, ci_low=s.printed_ci_low, ci_high=s.printed_ci_high, p=s.printed_p),
        contrast=e.contrast, per=read_step(reading.view.text, e), sd=s.sd, se=s.se, iqr_low=s.iqr_low, iqr_high=s.iqr_high,
        range_low=s.range_low, range_high=s.range_high, n=s.n, events=s.events, total=s.total,
        statistic=s.statistic, df=s.df, i2=s.i2, tau2=s.tau2, arm=arm, timepoint=e.timepoint,
        subgroup=e.subgroup, adjusted=s.adjusted, direction=e.direction, significant=e.significant, reported_as=e.reported_as,
        confidence=round(e.confidence, 4), repairs=s.repairs,
        evidence=(sentence, *(reading.span(*head) for head in e.heads), *((number,) if number != sentence else ())),
    )  # fmt: skip


def _recommendation(
    reading: Reading,
    study: str,
    advice: RecommendationReading,
    records: Sequence[Dose],
    doses: Sequence[DoseReading],
) -> Recommendation:
    span = reading.span(advice.start_char, advice.end_char)
    dose = next(
        (r for d, r in zip(doses, records, strict=False)
         if advice.start_char <= d.amount_start < advice.end_char), None,
    )  # fmt: skip
    return Recommendation(
        id=content_id("recommendation", [study, span.text, span.start_char]),
        intervention=dose.intervention if dose else None, dose=dose.id if dose else None,
        condition=_words(reading, advice.condition), target=_words(reading, advice.target), strength=advice.strength,
        evidence=(span,),
    )  # fmt: skip


def _words(reading: Reading, place: tuple[int, int] | None) -> str | None:
    return None if place is None else reading.span(*place).text


def _mentions(
    reading: Reading, annotation: Annotation, numbers: NumbersRead, effects: Sequence[EffectReading]
) -> tuple[Mention, ...]:
    found: set[tuple[int, int, str, float]] = set()
    for m in annotation.mentions:
        found.add((*reading.place(m.start_char, m.end_char), m.kind, round(m.score, 4)))
    for d in numbers.doses:
        found.add((*reading.place(d.start_char, d.end_char), "dose", 1.0))
    for e in effects:
        place = reading.place(e.statistic.start_char, e.statistic.end_char)
        found.add((*place, "effect", round(e.confidence, 4)))
    text = reading.document.text
    return tuple(
        Mention(kind=kind, start_char=a, end_char=b, text=text[a:b], score=score)  # type: ignore[arg-type]
        for a, b, kind, score in sorted(found)
        if b > a
    )
