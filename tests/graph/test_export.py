"""Every format holds the graph, read back by another program where there is one."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pandas
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BuildError
from kg.export import FORMATS, SUFFIXES, export, guard
from kg.jsonld import build_context
from kg.records import Concept, Record, Study
from kg.resources import find_resources

from .small import small


@pytest.fixture(scope="module")
def exported(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("export")
    paths = {name: folder / f"graph{SUFFIXES[name]}" for name in FORMATS}
    for name, path in paths.items():
        assert export(records, name, path) > 0
    return paths


FALLS = Concept(id="MESH:D000058", label="accidental falls", kind="outcome")


@pytest.fixture
def grounded(records: list[Record], tmp_path: Path) -> Path:
    """The KGX of records whose falls a terminology knows, of registered concepts alone."""

    def ground(study: Study) -> Study:
        outcomes = (
            item.model_copy(update={"concept": FALLS.id}) if "fall" in item.label else item
            for item in study.outcomes
        )
        return study.model_copy(update={"outcomes": tuple(outcomes)})

    known = [
        record.model_copy(
            update={
                "studies": tuple(map(ground, record.studies)),
                "concepts": (*record.concepts, FALLS),
            }
        )
        for record in records
    ]
    assert export(known, "kgx", tmp_path / "registered.json", registered=True) > 0
    return tmp_path / "registered.json"


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


def test_datasets_state_what_the_graph_states_once(
    exported: dict[str, Path], graph: rdflib.Graph
) -> None:
    """A store that reads all graphs as one must neither miss a statement nor count one twice."""
    lines = exported["nquads"].read_text("utf-8").splitlines()
    assert len(lines) == len(set(graph))
    triples = {line.rsplit(" ", 2)[0] for line in lines}
    assert len(triples) == len(lines)
    for name in ("nquads", "trig"):
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(exported[name], format=name)
        assert {triple[:3] for triple in dataset.quads()} == set(graph)


def test_a_compressed_file_has_the_same_bytes_every_time(
    exported: dict[str, Path], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        assert export(small(), "nquads", tmp_path / f"{name}.nq.gz") > 0
    one, two = (tmp_path / f"{name}.nq.gz" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert gzip.decompress(one.read_bytes()) == exported["nquads"].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.nq.gz", "two.nq.gz"]


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


def test_graphml_has_the_types_that_every_reader_knows(exported: dict[str, Path]) -> None:
    """GraphML Primer 1.0, section 4: boolean, int, long, float, double, string; Cytoscape fails at others."""
    root = ElementTree.parse(exported["graphml"]).getroot()
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("id"): key for key in root.iter(f"{space}key")}
    known = {"boolean", "int", "long", "float", "double", "string"}
    assert {key.get("attr.type") for key in keys.values()} <= known
    named = [(key.get("for"), key.get("attr.name")) for key in keys.values()]
    assert len(named) == len(set(named)), "one attribute, one type"
    for data in root.iter(f"{space}data"):
        kind = keys[data.get("key", "")].get("attr.type")
        if kind in ("int", "long", "float", "double"):
            assert float(data.text or "") is not None
        elif kind == "boolean":
            assert (data.text or "").lower() in ("true", "false")


def test_csv_is_read_by_pandas(exported: dict[str, Path]) -> None:
    table = pandas.read_csv(exported["csv"])
    assert len(table) == 19
    for name in (
        "value",
        "ci_low",
        "ci_high",
        "p_value",
        "n",
        "start_char",
        "end_char",
        "confidence",
    ):
        assert pandas.api.types.is_numeric_dtype(table[name]), name
    assert table.loc[table["study"] == "Egli 2018", "value"].to_list() == [-1.2]
    assert table["document"].notna().all()


def test_kgx_holds_an_association_for_each_comparison(exported: dict[str, Path]) -> None:
    data = json.loads(exported["kgx"].read_text("utf-8"))
    nodes = {node["id"]: node for node in data["nodes"]}
    assert len(nodes) == len(data["nodes"]) > 5
    curie = re.compile(r"[A-Za-z]+:[^ :]+")
    assert all(curie.fullmatch(name) for name in nodes)
    assert all(node["category"][-1] == "biolink:NamedThing" for node in nodes.values())
    assert len({edge["id"] for edge in data["edges"]}) == len(data["edges"]) > 5
    for edge in data["edges"]:
        assert {edge["subject"], edge["object"]} <= nodes.keys()
        assert edge["predicate"].startswith("biolink:")
        assert (edge["knowledge_level"], edge["agent_type"]) == (
            "not_provided",
            "text_mining_agent",
        )
        assert all(text for text in edge["supporting_text"])
    falls = next(edge for edge in data["edges"] if edge.get("effect_size") == 0.81)
    assert (falls["predicate"], falls["object_direction_qualifier"]) == (
        "biolink:affects",
        "decreased",
    )
    assert (falls["subject"], falls["effect_type"]) == ("MESH:D014807", "relative_risk")
    assert falls["publications"] == ["PMID:11111111"]


def test_kgx_can_do_without_unregistered_identifiers(grounded: Path) -> None:
    data = json.loads(grounded.read_text("utf-8"))
    ends = {end for edge in data["edges"] for end in (edge["subject"], edge["object"])}
    assert ends == {node["id"] for node in data["nodes"]} == {"MESH:D014807", FALLS.id}
    with pytest.raises(BuildError, match="ask for kgx"):
        export(small(), "csv", grounded, registered=True)


def test_kgx_finds_nothing_but_a_prefix_that_is_not_registered(
    exported: dict[str, Path], grounded: Path, tmp_path: Path
) -> None:
    python = os.environ.get("CLINEV_KGX") or (find_spec("kgx") and sys.executable)
    if not python:
        pytest.skip(
            "kgx is not installed: CLINEV_KGX names a Python that has it (tests/validate_kgx.py)"
        )
    script = Path(__file__).resolve().parent.parent / "validate_kgx.py"

    def told(path: Path) -> tuple[int, dict[str, Any]]:
        command = [python, "-I", str(script), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        return done.returncode, json.loads(done.stdout)

    code, report = told(exported["kgx"])
    assert (code, report["unexpected"]) == (0, [])
    assert report["prefix_not_registered"] > 0
    code, report = told(grounded)
    assert (code, report["unexpected"], report["prefix_not_registered"]) == (0, [], 0)
    data = json.loads(exported["kgx"].read_text("utf-8"))
    data["edges"][0]["predicate"] = "biolink:cures"
    del data["nodes"][0]["category"]
    (tmp_path / "wrong.json").write_text(json.dumps(data), "utf-8")
    code, report = told(tmp_path / "wrong.json")
    assert code == 1
    assert {line.split(":")[0] for line in report["unexpected"]} >= {"ERROR INVALID_EDGE_PREDICATE"}


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
    cell = first + rest
    assert guard(cell)[0] == "'" or re.fullmatch(r"[+-][0-9.eE+-]+", cell)


@pytest.mark.parametrize("number", ["-1.2", "+3", "-4e-05", "0.5"])
def test_a_number_as_text_is_no_formula(number: str) -> None:
    assert guard(number) == number
    assert guard(number + "+cmd|' /C calc'!A0") == (
        number + "+cmd|' /C calc'!A0" if number[0] == "0" else f"'{number}+cmd|' /C calc'!A0"
    )
