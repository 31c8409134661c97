"""Results of single arms, paired: events and means of intervention and comparator."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.identity import fold
from kg.queries import select
from kg.statistics.conversions import sd_from_mean_interval, sd_from_se
from kg.statistics.medians import Summary, estimate_mean, estimate_sd, is_skewed
from kg.statistics.two_groups import Events, Means
from kg.store import Store
from kg.synthesis.contributions import Contribution
from kg.table import plain

_ARMS = """
PREFIX ce: <https://w3id.org/clinev/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?effect ?study_node ?study ?outcome ?intervention ?comparator ?arm ?arm_n ?role ?measure ?value ?unit
  ?sd ?se ?ci_low ?ci_high ?ci_level ?q1 ?q3 ?minimum ?maximum ?n ?events ?total ?phase ?timepoint ?subgroup WHERE {
  VALUES ?study_node { STUDIES }
  ?effect a ce:ArmMeasurement ; ce:ofStudy ?study_node ; ce:reportedAs ce:result ; ce:measure ?measure ;
    ce:outcome/skos:prefLabel ?outcome .
  ?study_node rdfs:label ?study .
  OPTIONAL { ?effect ce:intervention|ce:exposure ?i . ?i skos:prefLabel ?intervention }
  OPTIONAL { ?effect ce:comparator/skos:prefLabel ?comparator }
  OPTIONAL { ?effect ce:arm ?arm . OPTIONAL { ?arm ce:n ?arm_n } OPTIONAL { ?arm ce:armRole ?role } }
  OPTIONAL { ?effect ce:value ?value } OPTIONAL { ?effect ce:unit ?unit }
  OPTIONAL { ?effect ce:sd ?sd } OPTIONAL { ?effect ce:se ?se }
  OPTIONAL { ?effect ce:ciLower ?ci_low } OPTIONAL { ?effect ce:ciUpper ?ci_high }
  OPTIONAL { ?effect ce:ciLevel ?ci_level }
  OPTIONAL { ?effect ce:q1 ?q1 } OPTIONAL { ?effect ce:q3 ?q3 }
  OPTIONAL { ?effect ce:rangeMin ?minimum } OPTIONAL { ?effect ce:rangeMax ?maximum }
  OPTIONAL { ?effect ce:n ?n } OPTIONAL { ?effect ce:events ?events } OPTIONAL { ?effect ce:total ?total }
  OPTIONAL { ?effect ce:phase ?phase } OPTIONAL { ?effect ce:timepoint ?timepoint }
  OPTIONAL { ?effect ce:subgroup ?subgroup }
} ORDER BY ?effect ?intervention ?comparator ?arm"""


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What was counted or measured in one arm; fields as in :class:`kg.records.Effect`."""

    effect: str
    study_node: str
    study: str
    outcome: str
    intervention: str | None
    comparator: str | None
    arm: str | None
    arm_n: int | None
    role: str | None
    measure: str
    value: float | None
    unit: str | None
    sd: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    ci_level: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    n: int | None
    events: int | None
    total: int | None
    phase: str | None
    timepoint: str | None
    subgroup: str | None

    @property
    def people(self) -> int | None:
        """Number of people that the result is of."""
        return self.total or self.n or self.arm_n

    def about(self, intervention: str) -> bool:
        """Whether the arm is named by an intervention."""
        return names(self.intervention or "", intervention)


def names(label: str, wanted: str) -> bool:
    """Whether a label has a word that begins as `wanted` does, as :func:`kg.effects.find_effects` asks."""
    return re.search(rf"(?<!\w){re.escape(fold(wanted))}", fold(label)) is not None


def find_arm_results(store: Store, studies: Iterable[str]) -> list[ArmResult]:
    """Find all results of single arms of some studies, given as IRIs; sorted by effect."""
    nodes = " ".join(str(ox.NamedNode(node)) for node in sorted(studies))
    if not nodes:
        return []
    found: dict[str, ArmResult] = {}
    for row in select(store, _ARMS.replace("STUDIES", nodes)).dicts():
        values = {name: plain(row.get(name)) for name in ArmResult.__slots__}
        for name in ("role", "measure", "phase"):
            values[name] = str(values[name]).rpartition("#")[2] if values[name] else None
        if row["ci_level"] is not None:
            values["ci_level"] = plain(row["ci_level"] * 100)
        found.setdefault(str(row["effect"]), ArmResult(**values))
    return list(found.values())


def compare_arms(
    results: Sequence[ArmResult], intervention: str, allowed: Callable[[ArmResult], bool]
) -> Iterator[tuple[Contribution, ArmResult]]:
    """Yield a contribution for each pair of arms with the same outcome at the same time.

    An arm is the intervention's by its name and its role; a pair needs exactly one other arm, so that
    a trial of three arms says nothing here. Baseline values and subgroups are passed over.

    Parameters
    ----------
    results
        Of any number of studies.
    intervention
        As the question names it.
    allowed
        Which results may be taken.

    Yields
    ------
    tuple of (Contribution, ArmResult)
        With events or means, and the result of the intervention's arm.
    """
    groups: dict[tuple[str, str, str, str, str], list[ArmResult]] = {}
    for item in results:
        if item.phase == "baseline" or item.subgroup or not allowed(item):
            continue
        if re.match(r"(?i)(at )?baseline\b|before\b", item.timepoint or ""):
            continue
        kind = "events" if _events(item) is not None else "means"
        key = (
            item.study_node,
            fold(item.outcome),
            fold(item.timepoint or ""),
            kind,
            item.unit or "",
        )
        groups.setdefault(key, []).append(item)
    for key, members in groups.items():
        treated = [item for item in members if _is_treated(item, intervention)]
        others = [item for item in members if item not in treated]
        if len(treated) != 1 or len(others) != 1:
            continue
        first, second = treated[0], others[0]
        sources = (first.effect, second.effect)
        if key[3] == "events":
            a, b = _events(first), _events(second)
            assert a is not None
            assert b is not None
            table = Events(*a, *b)
            yield Contribution(first.study, events=table, sources=sources), first
        else:
            one, two = _mean(first), _mean(second)
            if one is None or two is None:
                continue
            notes = tuple(dict.fromkeys((*one[3], *two[3])))
            try:
                means = Means(*one[:3], *two[:3])
            except ValueError:
                continue
            yield (
                Contribution(
                    first.study, means=means, unit=first.unit or "", sources=sources, notes=notes
                ),
                first,
            )


def _is_treated(item: ArmResult, intervention: str) -> bool:
    if item.role in ("control", "unexposed"):
        return False
    return item.about(intervention)


def _events(item: ArmResult) -> tuple[float, float] | None:
    """Events and people of an arm; a percentage is turned into events where it can only be one number."""
    if item.measure not in ("percent", "count"):
        return None
    people = item.total or item.n or item.arm_n
    if people is None:
        return None
    if item.events is not None:
        return (item.events, people) if item.events <= people else None
    if item.measure == "percent" and item.value is not None and 0 <= item.value <= 100:
        events = _whole_events(item.value, people)
        return None if events is None else (events, people)
    if item.measure == "count" and item.value is not None and item.value <= people:
        return item.value, people
    return None


def _whole_events(percent: float, people: int) -> float | None:
    """Return the number of people that a percentage rounds, ``None`` where several do.

    >>> _whole_events(13.5, 148), _whole_events(28.0, 201)
    (20.0, None)
    """
    decimals = len(f"{percent:.10f}".rstrip("0").partition(".")[2])
    half = 0.5 * 10**-decimals
    low, high = (percent - half) * people / 100, (percent + half) * people / 100
    able = range(max(0, math.ceil(low)), min(people, math.floor(high)) + 1)
    return float(able[0]) if len(able) == 1 else None


def _mean(item: ArmResult) -> tuple[float, float, int, tuple[str, ...]] | None:
    """Mean, SD, people and what was worked out; ``None`` where no mean with a spread follows."""
    people = item.n or item.total or item.arm_n
    if people is None or people < 2 or item.value is None:
        return None
    if item.measure == "mean":
        if item.sd is not None:
            return item.value, item.sd, people, ()
        if item.se is not None:
            return (
                item.value,
                sd_from_se(item.se, people),
                people,
                ("SD from SE (Handbook 6.5.2.2)",),
            )
        if item.ci_low is not None and item.ci_high is not None and item.ci_low < item.ci_high:
            sd = sd_from_mean_interval(item.ci_low, item.ci_high, people, item.ci_level or 95.0)
            return item.value, sd, people, ("SD from the interval of a mean (Handbook 6.5.2.2)",)
    if item.measure == "median":
        try:
            summary = Summary(people, item.value, item.q1, item.q3, item.minimum, item.maximum)
        except ValueError:
            return None
        if is_skewed(summary):
            return None
        note = "mean and SD from a median (Luo 2018, Wan 2014)"
        return estimate_mean(summary), estimate_sd(summary), people, (note,)
    return None
