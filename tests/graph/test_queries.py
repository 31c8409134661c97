"""Every named question gives its written answer, from rdflib and from Oxigraph alike."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib

from kg.errors import QueryError
from kg.queries import ask, bind, load, load_all, parse_query, run
from kg.rdf import triples
from kg.records import Record
from kg.retraction import note_retraction
from kg.store import Store
from kg.table import Table

ANSWERS = Path(__file__).resolve().parent.parent / "queries"
NAMES = sorted(load_all())
#: The one guideline of the small graph has been taken back.
ASKED = {"recommendations": {"retracted": "true"}}


def cells(table: Table, columns: list[str]) -> list[list[str]]:
    """Write a table as its CSV is written."""
    places = [table.columns.index(column) for column in columns]
    return [[cell(row[place]) for place in places] for row in table.rows]


def cell(value: object) -> str:
    """Write a value: decimals without needless zeros, nothing for what is open."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def test_there_are_enough_questions() -> None:
    assert len(NAMES) >= 15
    assert {path.stem for path in ANSWERS.glob("*.csv")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_answer(name: str, store: Store, graph: rdflib.Graph) -> None:
    """The written answers leave out IRIs, which are hashes; the engines must agree on them too."""
    asked = ASKED.get(name)
    by_oxigraph, by_rdflib = run(store, name, asked), run(graph, name, asked)
    assert by_oxigraph == by_rdflib
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *expected = list(csv.reader(file))
    columns = [column.name for column in load(name).columns if column.type != "iri"]
    assert header == columns
    assert cells(by_oxigraph, columns) == expected


@pytest.mark.parametrize("name", NAMES)
def test_header_tells_the_columns_and_their_types(name: str, store: Store) -> None:
    query = load(name)
    answer = run(store, query)
    assert query.question.endswith("?") or query.question.endswith("numbers?")
    assert answer.columns == tuple(column.name for column in query.columns)
    types = {"text": str, "iri": str, "integer": int, "decimal": Decimal, "boolean": bool}
    for row in answer.rows:
        for value, column in zip(row, query.columns, strict=True):
            assert value is None or type(value) is types[column.type], (column, value)
            assert column.type != "iri" or str(value).startswith("https://")


@pytest.mark.parametrize("name", NAMES)
def test_an_outlandish_value_finds_nothing(name: str, store: Store, graph: rdflib.Graph) -> None:
    """Values are bound: quotes and braces in them match themselves and nothing else."""
    for parameter in load(name).parameters:
        if parameter.type == "text":
            hostile = {parameter.name: '") || true || CONTAINS("a\\" } \n# \U0001f600'}
            assert len(run(store, name, hostile)) == 0
            if name == "evidence":  # once is enough, rdflib is slow
                assert len(run(graph, name, hostile)) == 0


def test_parameters_narrow_the_answer(store: Store, graph: rdflib.Graph) -> None:
    wanted = {"intervention": "VITAMIN d", "outcome": "fall"}
    answer = run(store, "effects", wanted)
    assert answer == run(graph, "effects", wanted)
    assert {row["study"] for row in answer.dicts()} == {"Adler 2020", "Gruber 2023"}
    assert len(run(store, "largest-studies", {"limit": "2"})) == 2
    assert len(run(store, "by-broader-concept", {"concept": "knee pain"})) == 0


WITH_RESULTS = [n for n in NAMES if any(p.name == "retracted" for p in load(n).parameters)]


def test_questions_for_results_ask_whether_they_were_taken_back() -> None:
    about_what_there_is = {
        "combinations", "designs", "disagreements", "documents", "doses", "duplicates", "largest-studies",
        "outcome-groups", "populations", "regimens", "retractions",
    }  # fmt: skip
    assert set(NAMES) == about_what_there_is | set(WITH_RESULTS)


@pytest.fixture(scope="module")
def taken_back(records: list[Record]) -> list[tuple[set[str], Store]]:
    """Return the small graph with each report taken back in turn, and what its studies are called."""
    return [
        (
            {study.label for study in record.studies if study.kind == "report"},
            Store.of(triples([*(r for r in records if r != record), note_retraction(record)])),
        )
        for record in records
    ]


@pytest.mark.parametrize("name", WITH_RESULTS)
def test_results_that_were_taken_back_are_left_out(
    name: str, store: Store, taken_back: list[tuple[set[str], Store]]
) -> None:
    everything = run(store, name, {"retracted": True})
    assert everything.rows
    fewer = 0
    for labels, graph in taken_back:
        assert run(graph, name, {"retracted": True}) == everything
        stands = run(graph, name)
        fewer += stands != everything
        if "study" in stands.columns:
            expected = [row for row in everything.dicts() if row["study"] not in labels]
            assert all(row in expected for row in stands.dicts())
    assert fewer


def test_wrong_names_get_suggestions(store: Store) -> None:
    with pytest.raises(QueryError, match="contradictions"):
        load("contradiction")
    with pytest.raises(QueryError, match="there are arm-results"):
        load("zzzzzz")
    with pytest.raises(QueryError, match="did you mean intervention"):
        run(store, "effects", {"interventoin": "x"})
    with pytest.raises(QueryError, match="it has none"):
        run(store, "designs", {"limit": 3})


@pytest.mark.parametrize("value", ["-1", "1; DROP", "2 OFFSET 1", "", "1.5"])
def test_a_limit_is_a_whole_number(store: Store, value: str) -> None:
    with pytest.raises(QueryError, match="not a whole number"):
        run(store, "largest-studies", {"limit": value})


TYPED = """# Which?
# parameter i: integer = 1
# parameter d: decimal = 1.0
# parameter b: boolean = true
# parameter u: iri = <https://example.org/>
SELECT * WHERE {
  VALUES ?i { 1 }
  VALUES ?d { 1.0 }
  VALUES ?b { true }
  VALUES ?u { <https://example.org/> }
}
"""


def test_every_type_of_parameter_is_checked() -> None:
    query = parse_query("typed", TYPED)
    text = bind(query, {"i": "42", "d": "1e-5", "b": False, "u": "https://example.org/a"})
    store = Store.of([])
    assert store.query(text).dicts() == [
        {"i": 42, "d": Decimal("0.00001"), "b": False, "u": "https://example.org/a"}
    ]
    for wrong in ({"i": "4.2"}, {"d": "NaN"}, {"b": "maybe"}, {"u": "a b"}, {"u": "x> } #"}):
        with pytest.raises(QueryError, match="is not of type"):
            bind(query, wrong)


def test_a_query_file_must_hold_its_parameters() -> None:
    with pytest.raises(QueryError, match="has no line of its own"):
        parse_query("broken", "# Which?\n# parameter x: text\nSELECT * WHERE { ?s ?p ?o }\n")


def test_own_queries_are_answered_and_vetted(store: Store) -> None:
    prefix = "PREFIX ce: <https://w3id.org/clinev/ns#> "
    assert ask(store, prefix + "ASK { ?e a ce:Effect }").rows == ((True,),)
    assert ask(store, "ASK { ?e a ce:Effect }").rows == ((True,),)
    rows = ask(store, prefix + "CONSTRUCT { ?a ce:decreases ?b } WHERE { ?a ce:decreases ?b }")
    assert rows.columns == ("subject", "predicate", "object")
    assert len(rows) > 0
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        ask(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryError, match="cannot be read"):
        ask(store, "SELEKT nothing")
