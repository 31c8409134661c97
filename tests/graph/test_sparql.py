"""Queries that leave the store or change it are refused, however they are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import sparql
from kg.errors import QueryError
from kg.sparql import declare_prefixes, vet

REFUSED = [
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://a> { GRAPH ?g { ?s ?p ?o } }",
    "ASK FROM <http://a> { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://a> WHERE { ?s ?p ?o }",
    "DESCRIBE <http://a> FROM <http://a>",
    "SELECT * { SERVICE <http://a> { ?s ?p ?o } }",
    "SELECT * { service silent ?where { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <http://a> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <http://a> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://a> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o FILTER(?o = 1 || NOT EXISTS { SERVICE <http://a> { ?s ?p ?o } }) }",
    "SELECT * { { ?s ?p ?o } UNION { SELECT * { SERVICE <http://a> { ?s ?p ?o } } } }",
    "SELECT (EXISTS { SERVICE <http://a> { ?s ?p ?o } } AS ?x) { ?s ?p ?o }",
    "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (EXISTS { SERVICE <http://a> { ?s ?p ?o } })",
    "SELECT * { ?s ?p ?o BIND(EXISTS { SERVICE <http://a> { ?s ?p ?o } } AS ?x) }",
    "SELECT * { GRAPH ?g { SERVICE <http://a> { ?s ?p ?o } } }",
]
UPDATES = [
    "LOAD <http://a>",
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP GRAPH <a:g>",
    "COPY DEFAULT TO <a:g>",
]
ALLOWED = [
    "SELECT * { ?s ?p 'a service from the load of insert' }",
    'SELECT * { ?s ?p """from\n"here" service""" }',
    "# from the service\nSELECT ?from { ?from ?load ?service }",
    "PREFIX from: <http://a/from#> SELECT * { ?s from:service ?o }",
    "SELECT * { ?s <http://a/#service> ?o FILTER(?o <5 && ?o > 3) }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING (COUNT(*) > 1)",
    "DESCRIBE <http://a>",
]


@pytest.mark.parametrize("query", REFUSED)
def test_refused_by_words_and_by_parsing(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QueryError, match="is not allowed"):
        vet(query)
    monkeypatch.setattr(sparql, "_vet_words", lambda text: None)
    with pytest.raises(QueryError, match=r"(SERVICE|FROM) is not allowed"):
        vet(query)


@pytest.mark.parametrize("query", UPDATES)
def test_updates_are_refused(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QueryError, match="not allowed"):
        vet(query)
    monkeypatch.setattr(sparql, "_vet_words", lambda text: None)
    with pytest.raises(QueryError, match="updates are not allowed"):
        vet(query)


def test_escapes_do_not_hide_a_keyword() -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        vet("SELECT * { \\u0053ERVICE <http://a> { ?s ?p ?o } }")


@pytest.mark.parametrize("query", ALLOWED)
def test_reading_is_allowed(query: str) -> None:
    vet(query)


def test_bombs_are_refused() -> None:
    with pytest.raises(QueryError, match="nests"):
        vet("SELECT * { ?s ?p " + "(" * 200 + "1" + ")" * 200 + " }")
    with pytest.raises(QueryError, match="longer than"):
        vet("SELECT * { ?s ?p ?o } #" + "x" * 200_000)


@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(text: str) -> None:
    """Nothing but a QueryError comes out, whatever is typed."""
    try:
        vet(text)
    except QueryError:
        return
    assert "{" in text or "<" in text


def test_known_prefixes_need_no_declaration() -> None:
    ours = "PREFIX ce: <https://w3id.org/clinev/ns#> "
    query = "SELECT * {\n?s ce:design ?d; rdfs:label 'oa:exact' # prov:used\n}"
    known = declare_prefixes(query)
    assert known.startswith(f"{ours}PREFIX rdfs: <")
    assert "oa:" not in known.removesuffix(query)
    assert "prov:" not in known.removesuffix(query)
    assert known.count("\n") == query.count("\n")
    vet(known)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX ce: <urn:other> SELECT * { ?s ce:design ?d }",
        "prefix ce:<urn:other>SELECT * { ?s ce:design ?d }",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s unknown:p ?o }",
        "SELECT * { ?s <ce:p> '''ce:p''' }",
    ],
)
def test_what_is_declared_or_unknown_stays(query: str) -> None:
    assert declare_prefixes(query) == query


@given(st.text(alphabet="SELECT {}?spo:ce'\"<>#\n\\"))
def test_declaring_changes_nothing_else(query: str) -> None:
    assert declare_prefixes(query).endswith(query)
