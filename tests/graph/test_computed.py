"""What is computed stands beside what is stated, leads back to it, and disturbs no question."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.effects import find_effects
from kg.queries import select
from kg.rdf import write_turtle
from kg.records import Record
from kg.shapes import validate
from kg.statistics.derived import derive
from kg.store import Store, write_store
from kg.vocabulary import TERMS

from .small import adler, small

PREFIXES = (
    f"PREFIX ce: <{TERMS}> PREFIX prov: <http://www.w3.org/ns/prov#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("computed") / "graph.ttl"
    write_turtle([derive(record) for record in small()], path)
    return path


@pytest.fixture(scope="module")
def computed_store(derived: Path) -> Store:
    write_store(derived, derived.parent / "store")
    return Store.open(derived.parent / "store")


def test_a_dose_is_told_again_in_micrograms(computed_store: Store) -> None:
    query = (
        PREFIXES
        + """SELECT ?low ?high ?unit ?day ?said ?stated ?method WHERE {
        ?dose a ce:ComputedDose ; ce:computed true ; ce:doseMin ?low ; ce:doseMax ?high ; ce:unit ?unit ;
          ce:perDayMax ?day ; ce:method ?method ; prov:wasDerivedFrom ?from ; ce:ofIntervention ?what .
        ?from a ce:DoseRegimen ; ce:doseMin ?stated ; ce:unit ?said . ?what skos:prefLabel ?name
        FILTER(STR(?name) = "vitamin D" && ?stated = 800 && ?high = 25) }"""
    )
    (row,) = {tuple(map(str, row)) for row in select(computed_store, query).rows}
    assert [float(x) for x in (row[0], row[1], row[3])] == [20.0, 25.0, 25.0]
    assert (row[2], row[4]) == ("ug", "[iU]")
    assert "Institute of Medicine" in row[6]


def test_two_arms_are_compared(computed_store: Store) -> None:
    query = (
        PREFIXES
        + """SELECT ?measure ?value ?low ?high ?unit (COUNT(?from) AS ?sources) WHERE {
        ?effect a ce:ComputedEffect ; ce:computed true ; ce:measure ?measure ; ce:value ?value ;
          ce:ciLower ?low ; ce:ciUpper ?high ; prov:wasDerivedFrom ?from ; ce:measure ce:MD .
        OPTIONAL { ?effect ce:unit ?unit } ?from a ce:ArmMeasurement }
        GROUP BY ?measure ?value ?low ?high ?unit"""
    )
    rows = select(computed_store, query).rows
    assert ("29", "26.6931", "31.3069", "nmol/L", 2) in [
        (str(float(r[1])).removesuffix(".0"), str(r[2]), str(r[3]), str(r[4]), r[5]) for r in rows
    ]


def test_questions_for_effects_find_what_is_stated_alone(
    computed_store: Store, store: Store
) -> None:
    before = find_effects(store, "vitamin D")
    assert before == find_effects(computed_store, "vitamin D")
    count = PREFIXES + "SELECT (COUNT(?e) AS ?n) WHERE { ?e a ce:Effect }"
    assert select(computed_store, count).rows == select(store, count).rows
    count = PREFIXES + "SELECT (COUNT(?d) AS ?n) WHERE { ?d a ce:DoseRegimen }"
    assert select(computed_store, count).rows == select(store, count).rows


def test_nothing_that_was_stated_is_changed(derived: Path, turtle: Path) -> None:
    stated = {str(quad.triple) for quad in ox.parse(path=str(turtle))}
    assert stated < {str(quad.triple) for quad in ox.parse(path=str(derived))}


def test_the_graph_with_computed_nodes_conforms(derived: Path) -> None:
    report = validate(derived)
    assert report.conforms
    assert report.results == ()


def test_a_computed_node_must_lead_to_its_source(derived: Path, tmp_path: Path) -> None:
    broken = tmp_path / "graph.ttl"
    text = derived.read_text(encoding="utf-8")
    assert "prov:wasDerivedFrom" in text
    broken.write_text(text.replace("prov:wasDerivedFrom", "prov:wasInfluencedBy"), encoding="utf-8")
    assert not validate(broken).conforms


def test_records_with_what_was_computed_come_back_whole() -> None:
    record = derive(adler())
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert derive(record) == record
    study = record.studies[0]
    assert study.computed_doses
    assert study.computed_effects
    stated = adler().studies[0]
    assert (study.doses, study.effects) == (stated.doses, stated.effects)


def test_what_is_derived_from_elsewhere_is_refused() -> None:
    record = derive(adler())
    data = record.model_dump(mode="json")
    data["studies"][0]["computed_doses"][0]["derived_from"] = ["dose-of-another-study"]
    with pytest.raises(ValueError, match="derived from what is not in its study"):
        Record.model_validate(data)
