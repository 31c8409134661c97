"""Every format holds the graph, read back by another program where there is one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BuildError
from kg.export import FORMATS, SUFFIXES, export, guard
from kg.jsonld import build_context
from kg.records import Record
from kg.resources import find_resources

from .small import small


@pytest.fixture(scope="module")
def exported(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("export")
    paths = {name: folder / f"graph{SUFFIXES[name]}" for name in FORMATS}
    for name, path in paths.items():
        assert export(records, name, path) > 0
    return paths


@pytest.mark.parametrize(
    ("name", "syntax"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld")]
)
def test_rdf_formats_hold_the_same_triples(
    name: str, syntax: str, exported: dict[str, Path], graph: rdflib.Graph
) -> None:
    assert set(rdflib.Graph().parse(exported[name], format=syntax)) == set(graph)


@pytest.mark.parametrize("name", ["nquads", "trig"])
def test_datasets_hold_a_graph_for_each_document(name: str, exported: dict[str, Path]) -> None:
    quads = list(ox.parse(path=str(exported[name])))
    graphs = {quad.graph_name.value for quad in quads}
    assert len(graphs) == 7
    assert all(name.startswith("https://w3id.org/clinev/id/doc-") for name in graphs)
    documents = {quad.subject.value for quad in quads if quad.predicate.value.endswith("#sha256")}
    assert documents == graphs


def test_jsonld_carries_its_context(exported: dict[str, Path]) -> None:
    data = json.loads(exported["jsonld"].read_text("utf-8"))
    assert data["@context"] == build_context()
    shipped = json.loads((find_resources("schemas") / "context.jsonld").read_text("utf-8"))
    assert shipped["@context"] == build_context()  # kg.jsonld.write_context writes it anew
    assert "http" not in json.dumps(
        [value for value in data["@context"] if value.startswith("@import")]
    )


def test_graphml_is_read_by_networkx(exported: dict[str, Path]) -> None:
    graph = nx.read_graphml(exported["graphml"], force_multigraph=True)
    kinds = nx.get_node_attributes(graph, "kind")
    assert sum(kind in ("effect", "arm_measurement") for kind in kinds.values()) == 18
    values = set(nx.get_node_attributes(graph, "value").values())
    assert {0.81, -0.6} <= values


def test_csv_has_a_row_for_each_effect(exported: dict[str, Path]) -> None:
    with exported["csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 19
    row = next(row for row in rows if row["study"] == "Egli 2018")
    assert (row["value"], row["part_of"], row["measure"]) == ("-1.2", "Clark 2022", "MD")


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_do_not_depend_on_order(name: str, exported: dict[str, Path], tmp_path: Path) -> None:
    export(list(reversed(small())), name, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == exported[name].read_bytes()


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no format is called 'xlsx': there are turtle"):
        export([], "xlsx", tmp_path / "x")


def test_formulas_are_disarmed() -> None:
    assert guard('=HYPERLINK("http://a")') == '\'=HYPERLINK("http://a")'
    assert guard("  @SUM(A1)") == "'  @SUM(A1)"
    assert guard("=") == "="
    assert guard(-1.2) == -1.2
    assert guard(True) == "true"
    assert guard(None) == ""


@given(st.sampled_from("=+-@\t\r|%"), st.text(min_size=1))
def test_no_guarded_text_begins_a_formula(first: str, rest: str) -> None:
    assert guard(first + rest)[0] == "'"
