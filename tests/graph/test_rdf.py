"""The graph's triples: the same for the same input, whoever writes them and in whatever order."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BuildError
from kg.graph import build_graph
from kg.identity import Identities, doi_iri
from kg.rdf import (
    graph_triples,
    record_triples,
    to_rdflib,
    triples,
    write_turtle,
)
from kg.records import Record, Span
from kg.resources import find_resources
from kg.spool import SortedTriples
from kg.store import Store
from kg.terms import clean_text, decimal_text
from kg.vocabulary import PREFIXES, PROPERTIES, TERMS, XSD, expand

from . import small as data
from .small import small

REPOSITORY = Path(__file__).resolve().parents[2]


def test_bytes_do_not_depend_on_order(tmp_path: Path, turtle: Path) -> None:
    records = small()
    for seed in range(5):
        random.Random(seed).shuffle(records)
        write_turtle(records, tmp_path / "shuffled.ttl")
        assert (tmp_path / "shuffled.ttl").read_bytes() == turtle.read_bytes()


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_bytes_do_not_depend_on_the_hash_seed(seed: str, tmp_path: Path, turtle: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kg.rdf import write_turtle;"
        "from tests.graph.small import small; write_turtle(small(), Path(sys.argv[1]))"
    )
    path = tmp_path / "graph.ttl"
    environment = os.environ | {"PYTHONHASHSEED": seed}
    subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=REPOSITORY, env=environment, check=True
    )
    assert path.read_bytes() == turtle.read_bytes()


def test_the_networkx_graph_and_the_stream_hold_the_same(records: list[Record]) -> None:
    assert sorted(map(str, graph_triples(build_graph(records)))) == list(map(str, triples(records)))


def test_an_iterator_is_enough(records: list[Record]) -> None:
    assert list(triples(iter(records))) == list(triples(records))


def test_runs_on_disk_change_nothing(records: list[Record]) -> None:
    made = [triple for record in records for triple in record_triples(record)]
    with SortedTriples(held_bytes=9_000) as spilling, SortedTriples() as holding:
        spilling.add(made)
        holding.add(made)
        assert list(spilling) == list(holding)


def test_three_parsers_count_the_same(turtle: Path) -> None:
    by_oxigraph = len({quad.triple for quad in ox.parse(path=str(turtle))})
    assert by_oxigraph > 1000
    assert len(rdflib.Graph().parse(turtle, format="turtle")) == by_oxigraph


def test_rapper_counts_the_same(turtle: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not installed (Debian package raptor2-utils)")
    told = subprocess.run(
        [rapper, "-c", "-i", "turtle", str(turtle)], capture_output=True, text=True, check=True
    ).stderr
    assert f"returned {len(list(ox.parse(path=str(turtle))))} triples" in told
    assert "Warning" not in told


def test_rdflib_gets_the_same_graph(turtle: Path, graph: rdflib.Graph) -> None:
    assert set(rdflib.Graph().parse(turtle, format="turtle")) == set(graph)


def test_no_blank_nodes_no_doubles_no_clock(turtle: Path) -> None:
    datatypes = set()
    for quad in ox.parse(path=str(turtle)):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, (ox.NamedNode, ox.Literal))
        if isinstance(quad.object, ox.Literal):
            datatypes.add(quad.object.datatype.value.removeprefix(XSD))
    assert datatypes == {
        "string", "decimal", "integer", "nonNegativeInteger", "boolean", "gYear",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", PREFIXES["qudt"] + "UCUMcs",
    }  # fmt: skip


def test_every_term_is_declared_and_explained(turtle: Path) -> None:
    ontology = rdflib.Graph().parse(find_resources("schemas") / "ontology.ttl")
    graph = rdflib.Graph().parse(turtle)
    used = {str(term) for triple in graph for term in triple if str(term).startswith(TERMS)}
    used |= {expand(rule.curie) for rule in PROPERTIES.values() if rule.curie.startswith("ce:")}
    assert len(used) > 100
    for term in sorted(used):
        for explained_by in (rdflib.RDFS.label, rdflib.RDFS.comment):
            assert ontology.value(rdflib.URIRef(term), explained_by) is not None, term


def test_single_values_stay_single(turtle: Path) -> None:
    single = {expand(rule.curie) for rule in PROPERTIES.values() if rule.choice is not None}
    seen: set[tuple[object, object]] = set()
    for quad in ox.parse(path=str(turtle)):
        if quad.predicate.value in single:
            assert (quad.subject, quad.predicate) not in seen
            seen.add((quad.subject, quad.predicate))


def test_quotations_are_slices_of_their_documents(store: Store, records: list[Record]) -> None:
    texts = {record.document.path: record.document.text for record in records}
    answer = store.query(
        """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?path ?start ?end ?exact ?prefix ?suffix WHERE {
          ?span oa:hasSource/dcterms:identifier ?path ; oa:hasSelector ?s .
          ?s oa:start ?start ; oa:end ?end ; oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix }"""
    )
    assert len(answer) > 25
    for row in answer.dicts():
        text, start, end = texts[str(row["path"])], row["start"], row["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert text[start:end] == row["exact"]
        assert text[max(0, start - 24) : start] == row["prefix"]
        assert text[end : end + 24] == row["suffix"]


def test_every_effect_of_a_record_is_in_the_graph_once(store: Store, records: list[Record]) -> None:
    """19 effects stand in the records; the one that two pages tell of is one node with two places."""
    told = sum(len(study.effects) for record in records for study in record.studies)
    answer = store.query(
        """PREFIX ce: <https://w3id.org/clinev/ns#>
        SELECT ?effect (COUNT(DISTINCT ?span) AS ?places) WHERE { ?effect a ce:Effect ; ce:evidence ?span }
        GROUP BY ?effect"""
    )
    places = [row["places"] for row in answer.dicts()]
    assert told == 19
    assert sorted(places) == [1] * 17 + [2]


def test_direct_edges_stand_beside_effects(graph: rdflib.Graph) -> None:
    ce = rdflib.Namespace(TERMS)
    labels = {
        (str(graph.value(s, rdflib.SKOS.prefLabel)), str(graph.value(o, rdflib.SKOS.prefLabel)))
        for s, o in graph.subject_objects(ce.increases)
    }
    assert labels == {
        ("vitamin D", "serum 25(OH)D"),
        ("calcium + vitamin D", "vascular calcification"),
        ("vitamin D alone", "urine calcium"),
        ("high-dose vitamin D", "fall risk"),
        ("vitamin D deficiency", "multiple sclerosis"),
    }
    for claim in graph.subjects(rdflib.RDF.type, ce.Claim):
        parts = [
            graph.value(claim, p)
            for p in (rdflib.RDF.subject, rdflib.RDF.predicate, rdflib.RDF.object)
        ]
        assert tuple(parts) in graph
    placebo = graph.value(None, rdflib.SKOS.prefLabel, rdflib.Literal("placebo", lang="en"))
    assert not set(graph.predicates(placebo)) & {ce.increases, ce.decreases, ce.noDifferenceIn}


def test_another_base_moves_the_data_alone(records: list[Record], tmp_path: Path) -> None:
    subjects = {t.subject.value for t in triples(records, "https://example.org/kg/")}
    assert sum(s.startswith("https://example.org/kg/") for s in subjects) > 100
    assert not any(s.startswith("https://w3id.org/") for s in subjects)
    with pytest.raises(BuildError, match="not an IRI"):
        write_turtle(records, tmp_path / "x.ttl", base_iri="no base/ ")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    )
)
def test_decimals_are_canonical(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert "e" not in text.lower()
    assert text.count(".") == 1
    assert not text.startswith("-0.0") or text.strip("-0.") != ""
    assert text.endswith(".0") or not text.endswith("0")
    assert decimal_text(Decimal(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_keep_their_value(value: float) -> None:
    assert float(decimal_text(value)) == value


# Plain text seldom holds what old DOIs hold.
hostile = st.lists(
    st.sampled_from(list('<>;#%?"{}|\\^` \x00\x1fé😀[]()&')) | st.text(max_size=3)
).map("".join)


@given(hostile)
def test_any_doi_makes_an_iri(tail: str) -> None:
    iri = doi_iri("10.1000/" + tail)
    assert ox.NamedNode(iri).value == iri
    assert not set(iri) & set('<>"{}|\\^` #?')


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_becomes_a_literal_that_is_read_back(text: str) -> None:
    cleaned = clean_text(text)
    triple = ox.Triple(ox.NamedNode("http://a/"), ox.NamedNode("http://b/"), ox.Literal(cleaned))
    written = ox.serialize([triple], format=ox.RdfFormat.TURTLE)
    assert [quad.triple for quad in ox.parse(written, format=ox.RdfFormat.TURTLE)] == [triple]
    if not set(text) & set(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])):
        assert cleaned == text.encode("utf-8", "replace").decode("utf-8")


def test_long_quotations_are_cut_and_marked() -> None:
    text = "ä" * 5000 + " RR 0.81"
    record = data.adler()
    study = record.studies[0].model_copy(
        update={"evidence": (Span(start_char=0, end_char=len(text), text=text),)}
    )
    bare = {
        name: ()
        for name in ("populations", "interventions", "doses", "arms", "outcomes", "effects")
    }
    document = data.document("long.txt", text)
    made = Record(document=document, studies=(study.model_copy(update=bare),))
    exact = [t for t in record_triples(made) if t.predicate.value.endswith("exact")]
    assert [t.object.value for t in exact] == ["ä" * 2048]
    assert any(t.predicate.value == TERMS + "truncated" for t in record_triples(made))


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(7)), st.integers(1, 7))
def test_assembly_ignores_order_and_grouping(order: list[int], cut: int) -> None:
    records = small()
    shuffled = [records[index] for index in order]
    identities = Identities.of(records)
    halves = [*shuffled[:cut], *shuffled[cut:]]
    assert list(triples(halves, identities=identities)) == list(triples(records))


def test_hostile_records_still_parse() -> None:
    text = 'The "dose\\" was \x01 <script> \ud800 &amp; \r\n50% *of* |it|.'
    record = data.guide()
    span = Span(start_char=0, end_char=len(text), text=text)
    study = record.studies[0]
    bare = {name: () for name in ("doses", "effects", "recommendations", "populations")}
    study = study.model_copy(
        update=bare | {
            "label": text, "doi": '10.1/<a>"{b}|^`\\', "title": text, "evidence": (span,),
            "interventions": (data.Intervention(id="i", label=text, role="exposure", concept="a b:c"),),
        }
    )  # fmt: skip
    # The hash of a text with a lone surrogate cannot be taken over UTF-8: any will do.
    document = data.document("x.txt", "x").model_copy(update={"text": text})
    made = Record.model_construct(
        schema_version="1.0",
        document=document,
        studies=(study,),
        mentions=(),
        concepts=(),
        notices=(),
    )
    graph = to_rdflib([made])
    again = rdflib.Graph().parse(data=graph.serialize(format="nt"), format="nt")
    assert len(again) == len(graph) > 20
