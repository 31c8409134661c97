"""The arms of a study as records: who they are, how many, what they were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kg.assembly.allocation import place_of
from kg.assembly.arm_sizes import arm_size, size_of_each
from kg.assembly.arms import ArmReading
from kg.assembly.context import Context
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, stems, without_aspect
from kg.assembly.registry import Registry
from kg.assembly.study_reading import StudyReading
from kg.assembly.told_pair import told_groups
from kg.assembly.words import CONTROL_WORDS
from kg.measures import GROUP_MEASURES
from kg.records import Arm, ArmRole, Dose, Population, Regimen, content_id
from kg.text import Reading

SAME_ARM = 0.5  # likeness from which two names are of one arm
TRIALS = frozenset({"randomized controlled trial", "non-randomized trial", "animal study"})
OBSERVATIONAL = frozenset({"cohort", "case-control", "cross-sectional"})


def arm_of(
    reading: Reading, study_key: str, e: EffectReading, ids: dict[str, str | None], interventions: Registry,
    study: StudyReading, populations: tuple[Population, ...], population: str | None,
) -> Arm | None:  # fmt: skip
    """Return the arm whose value an effect is: the one its sentence names, in a table the one of its column."""
    if e.arm is not None:
        named = reading.span(e.arm.phrase.start_char, e.arm.phrase.end_char)
        given = interventions.add(without_aspect(e.arm.label), named)
        n, own = _counted(study, populations, e.arm)
        if n is None and e.heads:  # a table's arm: the text counts it elsewhere
            n, own = _counted_by_name(study, populations, e.arm)
        return Arm(
            id=content_id("arm", [study_key, given]), label=e.arm.label, role=_arm_role(study, e.arm.control),
            population=own or population, interventions=(given,), n=n,
            evidence=tuple(dict.fromkeys((named, *(reading.span(*p) for p in e.arm.places))))[:5],
        )  # fmt: skip
    if (
        e.in_text
        or e.measure not in GROUP_MEASURES
        or e.intervention is None
        or not ids["intervention"]
    ):
        return None
    n, own = None, population
    for p, record in zip(study.populations, populations, strict=True):
        if p.arm_words and likeness(p.arm_words, e.intervention.label) >= SAME_ARM:
            n, own = p.n, record.id
            break
    control = bool(stems(e.intervention.label) & CONTROL_WORDS)
    return Arm(
        id=content_id("arm", [study_key, ids["intervention"]]), label=e.intervention.label,
        role=_arm_role(study, control), population=own, interventions=(ids["intervention"],), n=n,
        evidence=(reading.span(e.intervention.start_char, e.intervention.end_char),),
    )  # fmt: skip


def arms_without_values(
    reading: Reading, study_key: str, context: Context, study: StudyReading, interventions: Registry,
    population: str | None, arms: Mapping[str, Arm],
) -> list[Arm]:  # fmt: skip
    """Return the arms of a trial that its text's list of groups tells and of which no value is printed.

    None where the list alone names one of them, and where it and the arms that have values go by names
    that cannot be told to be the same.
    """
    members, listed = told_groups(context)
    if study.design not in TRIALS or listed is None or len(members) < 2:
        return []
    labels = [arm.label for arm in arms.values()]
    missing = [p for p in members if not any(_alike(p.label, label) for label in labels)]
    others = [label for label in labels if not any(_alike(p.label, label) for p in members)]
    unsure = any(place_of(p) not in listed.sure for p in missing)
    if unsure or others or (labels and len(missing) == len(members)):
        return []
    places = {(p.start_char, p.end_char) for p in members}
    found = []
    for p in missing:
        own = (p.start_char, p.end_char)
        named = reading.span(*own)
        given = interventions.add(without_aspect(p.label), named)
        control = not CONTROL_WORDS.isdisjoint(p.raw.lower().split())
        found.append(
            Arm(
                id=content_id("arm", [study_key, given]), label=p.label,
                role="control" if control else "experimental", population=population,
                interventions=(given,), n=arm_size(reading.view.text, [own], places - {own}), evidence=(named,),
            )
        )  # fmt: skip
    return found


def with_equal_sizes(arms: dict[str, Arm], text: str, study: StudyReading) -> dict[str, Arm]:
    """Return the arms of a trial with the size that its text tells once for all of them: "two groups of 40"."""
    told = study.design in TRIALS and len(arms) > 1 and all(arm.n is None for arm in arms.values())
    size = size_of_each(text, len(arms)) if told else None
    if size is None or (study.n_participants or size) < size:
        return arms
    return {key: arm.model_copy(update={"n": size}) for key, arm in arms.items()}


def _alike(one: str, other: str) -> bool:
    return likeness(one, other) >= SAME_ARM


def is_compared_with(e: EffectReading) -> bool:
    """Tell whether the arm of a value is what its intervention is compared with."""
    if e.arm is None or e.comparator is None:
        return False
    return likeness(e.arm.label, e.comparator.label) >= SAME_ARM


def with_what_was_given(arms: dict[str, Arm], given: Counter[tuple[str, str]]) -> dict[str, Arm]:
    """Return arms with the interventions of their values beside the one that names them.

    "DTFC" is given dorzolamide and timolol. An intervention that names an arm itself is of no other,
    and one that the values of several arms go with is of that with most of them.
    """
    named = {one for arm in arms.values() for one in arm.interventions}
    found = dict(arms)
    for own in dict.fromkeys(own for own, _ in given if own not in named):
        votes = sorted(((n, arm) for (one, arm), n in given.items() if one == own), reverse=True)
        if len(votes) == 1 or votes[0][0] > votes[1][0]:
            arm = found[votes[0][1]]
            found[arm.id] = arm.model_copy(update={"interventions": (*arm.interventions, own)})
    return found


def with_regimens(
    arms: dict[str, Arm], doses: Sequence[Dose], regimens: Sequence[Regimen]
) -> dict[str, Arm]:
    """Return arms with the doses and regimens of what they are given.

    Of several doses of one intervention none is said of its arms: they may differ by it.
    """
    only = [
        {own: ids[0] for own, ids in _by_intervention(items).items() if len(ids) == 1}
        for items in (doses, regimens)
    ]
    return {
        key: arm.model_copy(update={
            name: tuple(given[one] for one in arm.interventions if one in given)
            for name, given in zip(("doses", "regimens"), only, strict=True)
        })
        for key, arm in arms.items()
    }  # fmt: skip


def _by_intervention(items: Sequence[Regimen]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        if item.intervention:
            found.setdefault(item.intervention, []).append(item.id)
    return found


def _arm_role(study: StudyReading, control: bool) -> ArmRole:
    if study.design in OBSERVATIONAL:
        return "unexposed" if control else "exposed"
    return "control" if control else "experimental"


def _counted(
    study: StudyReading, populations: tuple[Population, ...], arm: ArmReading
) -> tuple[int | None, str | None]:
    """Return the number of people in an arm, and the population that the text counts at its name."""
    for p, record in zip(study.populations, populations, strict=True):
        if p.n is None or p.arm_start is None or p.arm_end is None:
            continue
        same = arm.n is None or arm.n == p.n
        if same and any(start < p.arm_end and p.arm_start < end for start, end in arm.places):
            return p.n, record.id
    return arm.n, next((r.id for r in populations if arm.n is not None and r.n == arm.n), None)


def _counted_by_name(
    study: StudyReading, populations: tuple[Population, ...], arm: ArmReading
) -> tuple[int | None, str | None]:
    """Return the number of people of the only population that goes by an arm's name."""
    found = {
        p.n: record.id
        for p, record in zip(study.populations, populations, strict=True)
        if p.n is not None and p.arm_words and likeness(p.arm_words, arm.label) >= SAME_ARM
    }
    return next(iter(found.items())) if len(found) == 1 else (None, None)
