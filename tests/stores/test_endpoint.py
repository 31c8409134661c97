"""A store on the network answers what the embedded one answers, however it cuts its answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from kg.document_graphs import document_graphs
from kg.errors import QueryError, StoreError
from kg.queries import load_all, run
from kg.rdf import triples
from kg.records import Record
from kg.remote.connection import Connection
from kg.remote.endpoint import Endpoint
from kg.remote.ledger import Ledger
from kg.remote.login import Login
from kg.remote.paging import form_of, inlined, take_apart
from kg.remote.push import push
from kg.remote.targets import GraphStore, UpdateStore
from kg.store import Store
from kg.table import Table, Value

from .conftest import Script, Server
from .test_push import labels_held, nasty_graph

QUESTIONS = load_all()


def login(server: Server) -> Login | None:
    return Login("auto", server.user, server.password or "") if server.user else None


def fill(server: Server, records: list[Record]) -> Server:
    with Connection(server.graphs, login(server)) as connection:
        report = push(document_graphs(records), GraphStore(connection), Ledger(None))
    assert len(report.sent) == len(records)
    return server


@pytest.fixture(scope="module")
def local(records: list[Record]) -> Store:
    return Store.of(triples(records))


@pytest.fixture(scope="module")
def full_virtuoso(virtuoso: Server, records: list[Record]) -> Server:
    return fill(virtuoso, records)


def rows(table: Table) -> Counter[tuple[Value, ...]]:
    """Count the rows; numbers compare by what they are, truth as 0 and 1, as Virtuoso writes it."""
    return Counter(
        tuple(float(cell) if isinstance(cell, int | Decimal) else cell for cell in row)
        for row in table.rows
    )


def ask(server: Server, sparql: str, page: int = 5000) -> Table:
    with Connection(server.query, attempts=1, timeout=120) as connection:
        return Endpoint(connection, page).ask(sparql)


def test_all_questions_are_answered_alike_by_oxigraph(
    oxigraph: Server, local: Store, records: list[Record]
) -> None:
    fill(oxigraph, records)
    answered = 0
    for name, question in QUESTIONS.items():
        here = run(local, name)
        assert ask(oxigraph, question.text) == here, name
        third = len(here) // 3 + 1  # three pages
        assert rows(ask(oxigraph, question.text, page=third)) == rows(here), name
        answered += bool(here.rows)
    assert answered >= 20


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_all_questions_are_answered_alike_by_virtuoso(
    name: str, full_virtuoso: Server, local: Store
) -> None:
    assert rows(ask(full_virtuoso, QUESTIONS[name].text)) == rows(run(local, name))


MANY = "SELECT ?a ?b { VALUES ?x { %s } VALUES ?y { %s } BIND(?x AS ?a) BIND(?y AS ?b) }"


def test_no_row_is_lost_where_virtuoso_cuts_silently(full_virtuoso: Server) -> None:
    numbers = " ".join(map(str, range(110)))
    query = MANY % (numbers, numbers)
    table = ask(full_virtuoso, query + " ORDER BY DESC(?b)")
    assert len(table) == len(set(table.rows)) == 110 * 110 > 10_000
    assert [row[1] for row in table.rows] == sorted((row[1] for row in table.rows), reverse=True)


@pytest.mark.parametrize("kind", [GraphStore, UpdateStore])
def test_every_text_arrives_in_virtuoso(
    full_virtuoso: Server, kind: type[GraphStore] | type[UpdateStore]
) -> None:
    graph = nasty_graph(600)
    address = full_virtuoso.graphs if kind is GraphStore else full_virtuoso.update
    with Connection(address, login(full_virtuoso)) as connection:
        kind(connection).replace(graph)
        assert len(labels_held(full_virtuoso, graph.iri)) == 600
        kind(connection).delete(graph.iri)
    assert labels_held(full_virtuoso, graph.iri) == []


def test_virtuoso_wants_a_login(full_virtuoso: Server, records: list[Record]) -> None:
    for wrong in (None, Login("digest", "dba", "wrong")):
        with (
            Connection(full_virtuoso.graphs, wrong, attempts=1) as connection,
            pytest.raises(StoreError, match=r"wants another login.*HTTP 401"),
        ):
            GraphStore(connection).replace(next(document_graphs(records)))


@pytest.mark.parametrize(
    ("tail", "count"), [("", 400), (" LIMIT 7", 7), (" LIMIT 50 OFFSET 390", 10), (" OFFSET 399", 1),
                        (" LIMIT 0", 0), (" OFFSET 5 LIMIT 300 # LIMIT 1", 300)],
)  # fmt: skip
@pytest.mark.parametrize("order", ["", " ORDER BY ?b", " ORDER BY DESC(?a) ?b"])
def test_limits_of_the_asker_hold(
    embedded: Endpoint, local: Store, tail: str, count: int, order: str
) -> None:
    query = MANY % (" ".join(map(str, range(20))), " ".join(map(str, range(20)))) + order + tail
    table = embedded.ask(query)
    assert len(table) == len(set(table.rows)) == count
    if order.endswith("?b") and "?a" in order:
        assert table == local.query(query)


@pytest.fixture
def embedded(local: Store) -> Iterator[Endpoint]:
    """Return an endpoint that asks the embedded store, in pages of seven rows."""

    class Embedded(Endpoint):
        def _ask_page(self, text: str) -> Table:
            return local.query(text)

    with Connection("http://127.0.0.1:9/") as connection:
        yield Embedded(connection, page=7)


def test_a_parameter_is_written_where_it_is_used() -> None:
    text = 'SELECT ?s {\n  ?s ?p ?o . FILTER(?x = "" || CONTAINS("?x", ?x)) # ?x\n  VALUES ?x { "a" }\n}'
    assert inlined(text, ["s"]) == (
        'SELECT ?s {\n  ?s ?p ?o . FILTER("a" = "" || CONTAINS("?x", "a")) # ?x\n\n}'
    )
    assert inlined(text, ["x"]) == text


def test_forms_are_told() -> None:
    assert form_of("# SELECT\nPREFIX select: <http://a/> ASK { ?s select:p 'SELECT' }") == "ask"
    parts = take_apart("SELECT ?a { { SELECT ?a { ?a ?b ?c } LIMIT 3 } } LIMIT 5")
    assert (parts.limit, parts.offset, parts.ordered) == (5, 0, False)


@pytest.mark.parametrize("query", ["DROP ALL", "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"])
def test_an_endpoint_is_only_read(scripted: Script, query: str) -> None:
    with Connection(scripted.url) as connection, pytest.raises(QueryError, match="not allowed"):
        Endpoint(connection).ask(query)
    assert scripted.asked == []


def test_what_is_no_endpoint_is_told(scripted: Script) -> None:
    scripted.otherwise = (200, {"Content-Type": "text/html"}, b"<html>")
    with Connection(scripted.url) as connection:
        for query in (
            "ASK { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
            "SELECT ?s { ?s ?p ?o }",
        ):
            with pytest.raises(StoreError, match=r"is it a query address\?"):
                Endpoint(connection).ask(query)
