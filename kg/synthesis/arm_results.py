"""Results of single arms, paired: events and means of intervention and comparator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.identity import fold
from kg.queries import select
from kg.statistics.arm_pairs import ArmResult, pair_arms
from kg.store import Store
from kg.synthesis.contributions import Contribution
from kg.table import plain
from kg.vocabulary import MEASURES

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


_MEASURES = {term.removeprefix("ce:"): name for name, term in MEASURES.items()}


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
            term = str(values[name]).rpartition("#")[2] if values[name] else None
            values[name] = _MEASURES.get(term, term) if name == "measure" and term else term
        if row["ci_level"] is not None:
            values["ci_level"] = plain(row["ci_level"] * 100)
        found.setdefault(str(row["effect"]), ArmResult(**values))
    return list(found.values())


def compare_arms(
    results: Sequence[ArmResult], intervention: str, allowed: Callable[[ArmResult], bool]
) -> Iterator[tuple[Contribution, ArmResult]]:
    """Yield a contribution for each pair of arms, the intervention's first: see :func:`pair_arms`.

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

    def is_treated(item: ArmResult) -> bool:
        return not item.is_control and is_about(item, intervention)

    for pair in pair_arms(filter(allowed, results), is_treated):
        unit = pair.first.unit or "" if pair.means is not None else ""
        yield (
            Contribution(
                pair.first.study, events=pair.events, means=pair.means, unit=unit,
                sources=(pair.first.effect, pair.second.effect), notes=pair.notes,
            ),
            pair.first,
        )  # fmt: skip


def is_about(item: ArmResult, intervention: str) -> bool:
    """Whether an arm is named by an intervention."""
    return names(item.intervention or "", intervention)
