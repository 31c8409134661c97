"""Texts that are out to be obeyed: by SPARQL, a browser, a triple store, a spreadsheet, a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
import typing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pydantic import BaseModel

from kg.cli.console import Format, write_json, write_table
from kg.effects import find_effects
from kg.errors import QueryError
from kg.evaluation.scores import DocumentScore, Evaluation, Miss
from kg.explain import find_items
from kg.export import FORMATS, export
from kg.printable import printable
from kg.queries import ask, bind, load_all, run
from kg.rdf import record_triples
from kg.records import Record
from kg.show.html import render_document
from kg.show.terminal import render_document as render_for_terminal
from kg.store import Store
from kg.table import guard
from tests.graph.small import small

PAYLOADS = (
    '"} } DELETE WHERE { ?s ?p ?o } #',
    '" ) . ?s ?p ?o . } UNION { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } #',
    "'} LIMIT 100000 #",
    '\\"} INSERT DATA { <a:a> <a:b> <a:c> } #',
    'x\\u0022} SERVICE <http://127.0.0.1:9/> {} #',
    '\n} LOAD <file:///etc/passwd> #',
    "\r\n# VALUES ?outcome { \"\" }",
    '"""@en) ?s ?p ?o',
    "<http://a> } CLEAR ALL #",
    "http://a/> <b:b> <c:c> } #",
    "\\1 \\g<0> \\",
    "\x00\x07\x1b[2J\u202e\ud800",
    ".*)(?{1}",
    "1 } UNION { ?s ?p ?o",
    "$intervention ?intervention {}",
)  # fmt: skip
#: Where a value stands in a query: on a line of its own, as one term.
_BOUND = re.compile(r"\s*(?:LIMIT \d+|VALUES \?\w+ \{ (?P<term>.*) \})\s*")


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the small graph in memory."""
    return Store.of(triple for record in small() for triple in record_triples(record))


def test_no_value_changes_a_query() -> None:
    bound = refused = 0
    for query in load_all().values():
        for parameter in query.parameters:
            for payload in PAYLOADS:
                try:
                    text = bind(query, {parameter.name: payload})
                except QueryError:
                    refused += 1
                    continue
                bound += 1
                before, after = query.text.split("\n"), text.split("\n")
                pairs = zip(before, after, strict=True)
                changed = [i for i, (old, new) in enumerate(pairs) if old != new]
                assert len(changed) == 1, f"{query.name} {parameter.name}: {payload!r}"
                match = _BOUND.fullmatch(after[changed[0]])
                assert match is not None
                # exactly one term: nothing before it, nothing behind
                triple = f"<a:a> <a:a> {match['term']} ."
                [quad] = ox.parse(
                    triple.encode("utf-8", "surrogatepass"), format=ox.RdfFormat.N_TRIPLES
                )
                assert quad.object.value == payload.encode("utf-8", "replace").decode()
    assert bound > 300
    assert refused > 30


def test_every_value_is_put_to_the_store(store: Store) -> None:
    asked = 0
    size = len(store)
    for query in load_all().values():
        names = [parameter.name for parameter in query.parameters if parameter.type == "text"]
        if not names:
            continue
        whole = len(run(store, query, dict.fromkeys(names, "")))
        for payload in PAYLOADS:
            if "\ud800" in payload:
                with pytest.raises(QueryError, match="is not of type text"):
                    bind(query, {names[0]: payload})
                continue
            rows = run(store, query, dict.fromkeys(names, payload), time_limit=20)
            assert len(rows) < max(1, whole), "no label holds any of this"
            asked += 1
    assert asked >= 15 * len(PAYLOADS)
    assert len(store) == size


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_of_a_person_are_only_words(store: Store, payload: str) -> None:
    with pytest.raises(QueryError, match="no intervention is called"):
        find_effects(store, payload, payload)
    assert list(find_items(small(), payload)) == []
    with pytest.raises(QueryError):
        ask(store, f"SELECT * {{ ?s ?p ?o }} {payload}\nINSERT DATA {{ <a:a> <a:a> <a:a> }}")


SCRIPT = "\"'></script></style><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}&#x3c;<!--\u2028"


def hostile(value: Any, kept: Any = None) -> Any:
    """Return a record with the payload in every field of text that is no choice of a fixed set."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return value.model_copy(
            update={name: hostile(getattr(value, name), fields[name].annotation) for name in fields}
        )
    if isinstance(value, tuple):
        inner = next(iter(typing.get_args(kept)), None) if kept is not None else None
        return tuple(hostile(item, inner) for item in value)
    if isinstance(value, str) and "Literal" not in str(kept):
        return value + SCRIPT
    return value


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes, and what its scripts say."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.scripts: list[str] = []
        self.comments = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script" and self.cdata_elem == "script":
            self.scripts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments += 1


def test_no_field_of_a_record_adds_to_its_page() -> None:
    fields = 0
    for record in small():
        bad = hostile(record)
        # spans still stand where they stood
        bad = bad.model_copy(
            update={
                "document": bad.document.model_copy(update={"text": record.document.text + SCRIPT})
            }
        )
        plain, page = Structure(render_document(record)), Structure(render_document(bad))
        fields += str(bad.model_dump()).count("alert(1)")
        assert page.comments == plain.comments
        assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements}
        assert _count(page, "script") == _count(plain, "script") == 2
        assert not any(
            name.startswith("on") or name in ("src", "href")
            for _, names in page.elements
            for name in names
        )
        assert page.scripts[-1] == plain.scripts[-1]
        cards = json.loads("".join(page.scripts[:-1]))
        assert any("alert(1)" in card["title"] for card in cards.values()), (
            "the payload is there, as text"
        )
    assert fields > 500


def _count(page: Structure, tag: str) -> int:
    return sum(name == tag for name, _ in page.elements)


def test_no_miss_adds_to_the_page_of_errors() -> None:
    from kg.evaluation.report import render_errors

    def page(word: str) -> Structure:
        misses = [
            Miss(word, fault, word, word, span, word)
            for fault in ("missed", "alarm", "wrong")
            for span in ((0, 3), None)
        ]
        score = DocumentScore(word, f"abc {word}", misses=misses)
        return Structure(render_errors(Evaluation(word, (score,), ())))

    plain, bad = page("word"), page(SCRIPT)
    assert len(plain.elements) > 20
    assert sorted(bad.elements) == sorted(plain.elements)
    assert bad.scripts == plain.scripts


DOIS = (
    "10.1000/a> <b:b> <c:c> .\n<d:d",
    "10.1000/<script>alert(1)</script>",
    '10.1000/"onload="alert(1)',
    "10.1000/a b\t\r\nc",
    "10.1000/\\u003e{}|^`",
    "10.1000/\x00\x1b[2J\u202e\ud800\uffff",
    "10.1000/" + "a" * 5000,
    "javascript:alert(1)//10.1000/x",
    "10.1000/../../../etc?x#y%00%zz",
)  # fmt: skip


@pytest.mark.parametrize("doi", DOIS)
def test_a_hostile_doi_is_one_iri_or_none(doi: str) -> None:
    [record, *_] = small()
    study = record.studies[0].model_copy(update={"doi": doi})
    bad = record.model_copy(
        update={
            "studies": (study, *record.studies[1:]),
            "document": record.document.model_copy(update={"doi": doi, "url": doi}),
        }
    )
    triples = list(record_triples(bad))
    data = "".join(f"{triple} .\n" for triple in triples).encode()
    read = [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)]
    assert {*map(str, read)} == {*map(str, triples)}
    iris = {t.value for triple in read for t in triple if isinstance(t, ox.NamedNode)}
    assert iris
    for iri in iris:
        assert re.match(r"(?:https?|urn):", iri), iri
        assert not re.search(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f]", iri)


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_records_are_exported_whole(tmp_path: Path, format: str) -> None:
    worst = "=cmd|' /C calc'!A0<&\x00\x1b\u202e\r\n\"',;]]>"
    records = []
    for record in small():
        text = record.document.text + worst
        studies = tuple(
            s.model_copy(update={"label": worst, "title": worst}) for s in record.studies
        )
        document = record.document.model_copy(
            update={"text": text, "title": worst, "path": f"={record.document.path}"}
        )
        records.append(record.model_copy(update={"document": document, "studies": studies}))
    path = tmp_path / "out"
    assert export(records, format, path) > 0
    if format == "graphml":
        import networkx as nx

        assert len(nx.read_graphml(path)) > 10
    elif format == "csv":
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        for row in rows:
            assert not any(_is_formula(cell) for cell in row), row
        assert any(cell.startswith("'=cmd") for row in rows for cell in row)
    elif format == "jsonld":
        json.loads(path.read_bytes())
    elif format in ("turtle", "ntriples", "nquads", "trig"):
        form = {"turtle": "TURTLE", "ntriples": "N_TRIPLES", "nquads": "N_QUADS", "trig": "TRIG"}[
            format
        ]
        assert sum(1 for _ in ox.parse(path=str(path), format=getattr(ox.RdfFormat, form))) > 100


def _is_formula(cell: str) -> bool:
    if cell == "=":
        return False
    try:
        float(cell)
    except ValueError:
        return cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))
    return False


FORMULAS = ("=1+1", "+1+1", "-2+3|cmd", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "|x", "%0A")


@pytest.mark.parametrize("form", [Format.csv, Format.tsv])
def test_an_answer_holds_no_formula(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("a", "b"), [(formula, -1.5) for formula in FORMULAS], form)
    delimiter = "\t" if form is Format.tsv else ","
    said = capsys.readouterr().out
    rows = list(csv.reader(io.StringIO(said, newline=""), delimiter=delimiter))
    assert [row[0] for row in rows[1:]] == [
        "'" + formula.replace("\r", "\n") for formula in FORMULAS
    ]
    assert {row[1] for row in rows[1:]} == {"-1.5"}, "numbers stay numbers"
    assert guard("<") == "<"


ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\r\u202eevil\u2066\u200f\x85"
_BARE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def test_no_text_commands_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    assert not _BARE.search(printable(ESCAPES))
    assert len(printable(ESCAPES)) == len(ESCAPES)
    write_json({ESCAPES: ESCAPES})
    said = capsys.readouterr().out
    assert json.loads(said) == {ESCAPES: ESCAPES}
    assert not _BARE.search(said)
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=False, width=200)
    for record in small():
        console.print(render_for_terminal(_with_escapes(record)))
    assert "evil" in stream.getvalue()
    assert not _BARE.search(stream.getvalue())


def _with_escapes(record: Record) -> Record:
    studies = tuple(s.model_copy(update={"label": ESCAPES, "doi": ESCAPES}) for s in record.studies)
    document = record.document.model_copy(
        update={"path": ESCAPES, "text": record.document.text + ESCAPES}
    )
    return record.model_copy(update={"document": document, "studies": studies})


def test_messages_show_the_escapes_of_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.build import BuildReport
    from kg.cli import main
    from kg.cli.building import _report
    from kg.sources import Failure

    failure = Failure(f"a{ESCAPES}.md", None, f"bad {ESCAPES}")
    _report(
        BuildReport(
            tmp_path,
            1,
            1,
            0,
            0,
            0,
            (f"about{ESCAPES}",),
            (failure,),
            dict.fromkeys(("studies", "effects", "doses"), 0),
            0.0,
        ),
        tmp_path,
    )
    monkeypatch.setattr("sys.argv", ["kg", "show", f"gone{ESCAPES}", "-o", str(tmp_path)])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().err
    assert said.count("evil") == 4
    assert not _BARE.search(said)
