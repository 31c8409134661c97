"""A store holds what the build holds, after any history of pushes, cuts and changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.document_graphs import DocumentGraph, document_graphs
from kg.errors import BuildError, StoreError
from kg.rdf import triples
from kg.records import Record
from kg.remote.connection import Connection
from kg.remote.endpoint import Endpoint
from kg.remote.ledger import Ledger, ledger_path
from kg.remote.push import PushReport, push
from kg.remote.targets import GraphStore, Target, UpdateStore, batches, to_sparql

from .conftest import Script, Server

BASE = "https://w3id.org/clinev/id/"


def line(*terms: object) -> str:
    """Write a statement so that 1.0 is 1: a store may keep the number instead of its digits."""
    return "\t".join(re.sub(r"^(-?\d+\.\d*?)0+$", r"\1", str(term)).rstrip(".") for term in terms)


def held(server: Server) -> set[str]:
    """Return all statements of a store, asked of it as one graph."""
    with Connection(server.query, attempts=1) as connection:
        table = Endpoint(connection).ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    return {line(*row) for row in table.rows}


def stated(records: list[Record]) -> set[str]:
    return {line(t.subject.value, t.predicate.value, t.object.value) for t in triples(records)}


def send(
    records: list[Record],
    url: str,
    ledger: Path,
    kind: Callable[[Connection], Target] = GraphStore,
    **options: bool,
) -> PushReport:
    with Connection(url, sleep=lambda seconds: None) as connection, Ledger(ledger) as known:
        return push(document_graphs(records), kind(connection), known, store=url, **options)


def test_graphs_state_the_whole_graph_once(records: list[Record]) -> None:
    graphs = list(document_graphs(records))
    lines = [line for graph in graphs for line in graph.lines]
    assert sorted(lines) == sorted(str(triple) for triple in triples(records))
    assert [graph.iri for graph in graphs] == sorted(graph.iri for graph in graphs)
    assert {graph.path for graph in graphs} == {record.document.path for record in records}
    again = list(document_graphs(reversed(records)))
    assert [graph.digest for graph in again] == [graph.digest for graph in graphs]


def test_the_small_graph_would_tell_a_wrong_split(records: list[Record]) -> None:
    """Its documents share statements and disagree, or the test above could not fail."""
    alone = [str(t) for record in records for t in triples([record])]
    assert len(alone) > len(set(alone))
    assert set(alone) != {str(t) for t in triples(records)}


@pytest.mark.parametrize(("kind", "address"), [(GraphStore, "graphs"), (UpdateStore, "update")])
def test_a_store_follows_the_build(
    oxigraph: Server, records: list[Record], tmp_path: Path,
    kind: Callable[[Connection], Target], address: str,
) -> None:  # fmt: skip
    url, ledger = getattr(oxigraph, address), tmp_path / "ledger.jsonl"
    first = send(records, url, ledger, kind)
    assert (len(first.sent), first.unchanged, first.deleted, first.failed) == (7, 0, [], [])
    assert held(oxigraph) == stated(records)

    again = send(records, url, ledger, kind)
    assert (again.sent, again.unchanged) == ([], 7)

    fewer = records[1:]
    third = send(fewer, url, ledger, kind)
    assert len(third.deleted) == 1
    assert held(oxigraph) == stated(fewer)

    other = records[:2] + records[3:]
    assert send(other, url, ledger, kind, dry_run=True).sent
    assert held(oxigraph) == stated(fewer)
    send(other, url, ledger, kind)
    assert held(oxigraph) == stated(other)


def test_an_unchanged_build_is_not_even_looked_at(
    scripted: Script, records: list[Record], tmp_path: Path
) -> None:
    scripted.otherwise = (200, {}, b"")

    def push_build(build: str | None, of: list[Record], **options: bool) -> tuple[PushReport, int]:
        made = []
        graphs = (made.append(graph) or graph for graph in document_graphs(of))  # type: ignore[func-returns-value]
        with (
            Connection(scripted.url, sleep=lambda seconds: None) as connection,
            Ledger(tmp_path / "ledger") as known,
        ):
            report = push(graphs, GraphStore(connection), known, build=build, **options)
        return report, len(made)

    assert push_build("a", records, dry_run=True)[1] == 7
    assert push_build("a", records)[1] == 7
    report, made = push_build("a", records)
    assert (report.documents, report.unchanged, report.sent, made) == (7, 7, [], 0)
    assert push_build("b", records, dry_run=True)[1] == 7, "another build is looked at"
    report, made = push_build("a", records, everything=True)
    assert (len(report.sent), made) == (7, 7), "unless all is to be sent"
    assert len(push_build("b", records[1:])[0].deleted) == 1
    assert push_build("a", records)[1] == 7, "a store that held it holds another by now"
    scripted.answers = [(415, {}, b"not this one")]
    assert push_build("c", records, everything=True)[0].failed
    assert push_build("c", records)[1] == 7, "a build that was refused in part is not held"
    scripted.answers = [(404, {}, b"")]
    report, made = push_build("c", records)
    assert (len(report.sent), made) == (7, 7), "nor is one in a store that was emptied"


def test_graphs_of_others_are_left_alone(
    oxigraph: Server, records: list[Record], tmp_path: Path
) -> None:
    foreign = DocumentGraph("https://example.org/g", ("<http://a/s> <http://a/p> <http://a/o>",))
    with Connection(oxigraph.graphs) as connection:
        GraphStore(connection).replace(foreign)
        send(records[:3], oxigraph.graphs, tmp_path / "one")
        send(records[3:], oxigraph.graphs, tmp_path / "other")
        send(records[:1], oxigraph.graphs, tmp_path / "one")
        assert GraphStore(connection).holds(foreign.iri) is True
        assert GraphStore(connection).holds("https://example.org/none") is False
    held_by_g = 0
    with Connection(oxigraph.query) as connection:
        table = Endpoint(connection).ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        held_by_g = len(table)
    assert held_by_g == 1 + 4 + 1


def test_a_push_that_was_cut_goes_on(
    scripted: Script, records: list[Record], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    refused = (403, {}, b"no more today")
    scripted.answers = [(201, {}, b"")] * 3 + [refused]
    with pytest.raises(StoreError, match=r"does not allow it.*HTTP 403.*no more today"):
        send(records, scripted.url, ledger)
    assert len(scripted.asked) == 4
    report = send(records, scripted.url, ledger)
    assert (len(report.sent), report.unchanged) == (4, 3)


def test_a_ledger_survives_a_kill_within_a_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with Ledger(path) as ledger:
        ledger.confirm("http://a/1", "abc")
        ledger.begin("http://a/2")
    with path.open("a") as file:
        file.write('["http://a/3", "de')
    with Ledger(path) as ledger:
        assert ledger.digest("http://a/1") == "abc"
        assert ledger.digest("http://a/2") is None
        assert ledger.graphs() == ["http://a/1", "http://a/2"]
        ledger.forget("http://a/1")
        ledger.confirm("http://a/4", "f")
    with Ledger(path) as ledger:
        assert ledger.graphs() == ["http://a/2", "http://a/4"]


def test_a_long_ledger_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_text("".join(json.dumps(["http://a/1", str(n)]) + "\n" for n in range(3000)))
    with Ledger(path) as ledger:
        ledger.confirm("http://a/2", "x")
        with pytest.raises(BuildError, match="another kg push"):
            Ledger(path)
    assert path.read_text() == '["http://a/1", "2999"]\n["http://a/2", "x"]\n'


def test_ledgers_are_told_apart_by_store_and_output(tmp_path: Path) -> None:
    one = ledger_path(tmp_path / "out", "http://localhost:7878/store")
    assert one != ledger_path(tmp_path / "out", "http://localhost:7879/store")
    assert one.parent == tmp_path / ".out.pushed"
    assert one.name.startswith("localhost-7878-")


def test_what_fails_for_a_moment_is_tried_again(
    scripted: Script, records: list[Record], tmp_path: Path
) -> None:
    scripted.answers = [
        (503, {"Retry-After": "7"}, b"busy"), (0, {}, b""), (502, {}, b""), (201, {}, b""),
    ]  # fmt: skip
    waits: list[float] = []
    told: list[str] = []
    with Connection(scripted.url, tell=told.append, sleep=waits.append) as connection:
        GraphStore(connection).replace(next(document_graphs(records)))
    assert [asked[0] for asked in scripted.asked] == ["PUT"] * 4
    assert len({asked[3] for asked in scripted.asked}) == 1
    assert waits[0] == 7
    assert all(0 < wait <= 30 for wait in waits[1:])
    assert "busy" in told[0]
    assert "the connection broke" in told[1]


def test_what_fails_for_good_is_told(scripted: Script, tmp_path: Path) -> None:
    scripted.otherwise = (503, {}, b"down for \x1b[31mrepairs")
    with (
        Connection(scripted.url, attempts=3, sleep=lambda s: None) as connection,
        pytest.raises(StoreError, match=r"HTTP 503.*down for .\[31mrepairs \(3 attempts\)") as told,
    ):
        connection.send("GET")
    assert "\x1b" not in str(told.value)
    with (
        Connection("http://127.0.0.1:9/store", attempts=2, sleep=lambda s: None) as connection,
        pytest.raises(StoreError, match=r"cannot be reached.*is the store running\?"),
    ):
        connection.send("GET")


def test_a_redirection_is_told_not_followed(scripted: Script) -> None:
    scripted.otherwise = (301, {"Location": "http://example.org/"}, b"")
    with (
        Connection(scripted.url) as connection,
        pytest.raises(StoreError, match=r"sends us on to http://example\.org/"),
    ):
        connection.send("PUT", content=b"")
    assert len(scripted.asked) == 1


def test_one_refused_document_does_not_stop_the_others(
    scripted: Script, records: list[Record], tmp_path: Path
) -> None:
    scripted.answers = [(201, {}, b""), (400, {}, b"line 3: bad"), (413, {}, b"")]
    scripted.otherwise = (201, {}, b"")
    report = send(records, scripted.url, tmp_path / "ledger")
    assert len(report.sent) == 5
    assert [f["problem"][:7] for f in report.failed] == ["refuses", "finds i"]
    assert "line 3: bad" in report.failed[0]["problem"]
    assert {f["path"] for f in report.failed} <= {record.document.path for record in records}
    assert len(send(records, scripted.url, tmp_path / "ledger").sent) == 2


def test_a_store_that_refuses_all_is_given_up(
    scripted: Script, records: list[Record], tmp_path: Path
) -> None:
    scripted.otherwise = (400, {}, b"what?")
    with pytest.raises(StoreError, match=r"what\?"):
        send(records, scripted.url, tmp_path / "ledger")
    assert len(scripted.asked) < 7


def test_an_address_without_graphs_is_told(
    oxigraph: Server, records: list[Record], tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=r"no Graph Store HTTP Protocol.*--update"):
        send(records, oxigraph.update, tmp_path / "ledger")


@pytest.mark.parametrize("head", [200, 501])
def test_an_emptied_store_is_filled_again(
    scripted: Script, records: list[Record], tmp_path: Path, head: int
) -> None:
    send(records, scripted.url, tmp_path / "ledger")
    scripted.asked.clear()
    missing = [(404, {}, b"")]
    scripted.answers = missing if head == 200 else [(501, {}, b""), *missing]
    report = send(records, scripted.url, tmp_path / "ledger")
    assert len(report.sent) == 7
    assert scripted.asked[0][0] == "HEAD"
    assert len(send(records, scripted.url, tmp_path / "ledger", everything=True).sent) == 7


NASTY = (
    "quote \" and ' and \\", "C:\\users\\U0001F600\\u0041", "} } ; DROP ALL ; #", "tab\tline\nreturn\r",
    "\u202eright to left \U0001f600 é 你", "<script>&amp;", "'''\"\"\"", "\\\\u0022 } GRAPH <x>", "\\\\\\u0022",
)  # fmt: skip


def nasty_graph(size: int = 1200) -> DocumentGraph:
    """Return a graph of several batches with texts that end a text too early, if they can."""
    found = {
        ox.Triple(
            ox.NamedNode(f"{BASE}x-{n:04}"),
            ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
            ox.Literal(f"{NASTY[n % len(NASTY)]}{n}", language="en" if n % 2 else None),
        )
        for n in range(size)
    }
    return DocumentGraph(f"{BASE}doc-nasty", tuple(sorted(map(str, found))))


def labels_held(server: Server, iri: str) -> list[str]:
    with Connection(server.query) as connection:
        asked = Endpoint(connection, page=500, default_graphs=(iri,))
        return [str(row[0]) for row in asked.ask("SELECT ?o { ?s ?p ?o }").rows]


@pytest.mark.parametrize(("kind", "address"), [(GraphStore, "graphs"), (UpdateStore, "update")])
def test_every_text_arrives_as_it_is(
    oxigraph: Server, kind: Callable[[Connection], Target], address: str
) -> None:
    graph = nasty_graph()
    assert len(list(batches(graph.lines))) == 3
    with Connection(getattr(oxigraph, address)) as connection:
        kind(connection).replace(graph)
        kind(connection).replace(graph)
        expected = sorted(f"{NASTY[n % len(NASTY)]}{n}" for n in range(1200))
        assert sorted(labels_held(oxigraph, graph.iri)) == expected
        kind(connection).delete(graph.iri)
        kind(connection).delete(graph.iri)
    assert labels_held(oxigraph, graph.iri) == []


def test_no_escaped_backslash_makes_a_code_point() -> None:
    assert to_sparql(r'<a:s> <a:p> "\\u0041"') == r'<a:s> <a:p> "\\\u0075' + r'0041"'
    assert to_sparql(r'<a:s> <a:p> "\u0041 \\n"') == r'<a:s> <a:p> "\u0041 \\n"'
