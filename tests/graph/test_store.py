"""The store on disk: read-only, shared, limited in time and rows."""

from __future__ import annotations

import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import store as module
from kg.errors import BuildError, QueryError
from kg.store import Store, write_store


def test_two_hold_a_store_at_once(store: Store, turtle: Path) -> None:
    again = Store.open(turtle.parent / "store")
    assert len(again) == len(store) == len(Store.load(turtle)) > 1000
    # Oxigraph keeps numbers by value: "800.0" comes back as "800", xsd:nonNegativeInteger as integer.
    resources = {t for t in again if isinstance(t.object, ox.NamedNode)}
    written = {quad.triple for quad in ox.parse(path=str(turtle))}
    assert resources == {t for t in written if isinstance(t.object, ox.NamedNode)}


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="run `kg build` first"):
        Store.open(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(BuildError, match=r"no store here|cannot be opened"):
        Store.open(tmp_path)


def test_a_store_needs_an_empty_folder_and_turtle(tmp_path: Path, turtle: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    with pytest.raises(BuildError, match="empty folder"):
        write_store(turtle, tmp_path / "mine")
    (tmp_path / "bad.ttl").write_text("this is no turtle")
    with pytest.raises(BuildError, match="cannot be loaded"):
        write_store(tmp_path / "bad.ttl", tmp_path / "new")


def test_a_query_that_takes_too_long_is_given_up() -> None:
    number = ox.NamedNode("http://a/n")
    triples = (
        ox.Triple(ox.NamedNode(f"http://a/{i}"), number, ox.Literal(str(i))) for i in range(2000)
    )
    slow = Store.of(triples)
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"more than 0.2 s"):
        slow.query(
            "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d FILTER(?b < ?d) }", time_limit=0.2
        )
    assert time.monotonic() - started < 2


def test_an_answer_without_end_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROW_LIMIT", 10)
    with pytest.raises(QueryError, match="more than 10 rows"):
        store.query("SELECT * { ?s ?p ?o }")


def test_a_malformed_query_says_where(store: Store) -> None:
    with pytest.raises(QueryError, match="1:"):
        store.query("SELECT * { ?s ?p }")


def test_values_come_as_python_has_them(store: Store) -> None:
    row = store.query(
        'SELECT (1 AS ?i) (1.50 AS ?d) (true AS ?b) ("x"@en AS ?t) (<http://a> AS ?u) ("q"^^<http://www.w3.org/2001/XMLSchema#decimal> AS ?w) {}'
    ).rows[0]
    assert [type(value).__name__ for value in row] == [
        "int",
        "Decimal",
        "bool",
        "str",
        "str",
        "str",
    ]
    assert row[-1] == "q"
