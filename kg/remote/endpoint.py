"""Ask a store on the network what the embedded one is asked, and get the same table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.remote.connection import Connection
from kg.remote.paging import form_of, inlined, take_apart
from kg.sparql import declare_prefixes, vet
from kg.store import ROW_LIMIT, to_table
from kg.table import Table, Value

#: Rows of a page, below the 10,000 at which Virtuoso cuts without a word.
PAGE = 5_000
_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples, text/turtle;q=0.9"
#: Virtuoso, where LIMIT and OFFSET reach beyond what it will sort.
_SORT_LIMIT = re.compile(r"SR353|Sorted TOP")


class Endpoint:
    """A SPARQL 1.1 endpoint.

    Parameters
    ----------
    connection
        Its address.
    page
        Rows asked for at once.
    default_graphs
        Names of the graphs that together are asked; empty: what the store takes for its default graph.
        Oxigraph is told to take all its graphs for it, as most other stores do by themselves.
    tell
        Told what a person should know.
    """

    def __init__(
        self,
        connection: Connection,
        page: int = PAGE,
        default_graphs: tuple[str, ...] = (),
        tell: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._connection = connection
        self._page = page
        self._graphs = default_graphs
        self._tell = tell

    def ask(self, sparql: str) -> Table:
        """Answer a query that may only read, like :func:`kg.queries.ask`.

        A SELECT is asked for in pages until a page is empty, whatever the store's own limit.

        Raises
        ------
        QueryError
            If it is malformed or not allowed, or the answer has more than a million rows.
        StoreError
            If the store cannot be reached or refuses.
        """
        sparql = declare_prefixes(sparql)
        vet(sparql)
        form = form_of(sparql)
        if form == "select":
            return self._select(sparql)
        if form == "ask":
            return to_table(_parse_results(self._connection.url, self._send(sparql, _RESULTS)[0]))
        content, kind = self._send(sparql, _TRIPLES)
        return _triples(self._connection.url, content, kind)

    def _select(self, sparql: str) -> Table:
        rows: list[tuple[Value, ...]] = []
        columns: tuple[str, ...] = ()
        for table in self._pages(sparql):
            columns = table.columns
            rows.extend(table.rows)
            if len(rows) > ROW_LIMIT:
                raise QueryError(f"the answer has more than {ROW_LIMIT} rows; add a LIMIT")
        return Table(columns, tuple(rows))

    def _pages(self, sparql: str) -> Iterator[Table]:
        columns, ties = self._columns(sparql)
        query = take_apart(inlined(sparql, columns))
        nested = False
        got = 0
        while True:
            rows = self._page if query.limit is None else min(self._page, query.limit - got)
            if rows <= 0 and got:
                return
            text = query.page(columns, ties, max(rows, 0), got, nested)
            try:
                table = self._ask_page(text)
            except StoreError as error:
                if nested or not _SORT_LIMIT.search(error.problem):
                    raise
                nested = True
                continue
            yield table
            got += len(table)
            if not table.rows:
                return

    def _columns(self, sparql: str) -> tuple[list[str], list[str]]:
        """Return the columns of a query, and those by which it is not ordered."""
        from rdflib.plugins.sparql.parser import parseQuery
        from rdflib.term import Variable

        select = parseQuery(sparql)[1]
        if select.projection:
            names = (item["evar"] if "evar" in item else item["var"] for item in select.projection)
            columns = [str(name) for name in names]
        else:
            columns = list(self._ask_page(take_apart(sparql).page((), (), 1, 0)).columns)
        keys = select.orderby.condition if select.orderby else ()
        ordered = {_unwrapped(key.expr) for key in keys}
        return columns, [name for name in columns if Variable(name) not in ordered]

    def _ask_page(self, text: str) -> Table:
        content, _ = self._send(text, _RESULTS)
        return to_table(_parse_results(self._connection.url, content))

    def _send(self, sparql: str, accept: str) -> tuple[bytes, str]:
        form: dict[str, str | list[str]] = {"query": sparql}
        if self._graphs:
            form["default-graph-uri"] = list(self._graphs)
        else:
            form["union-default-graph"] = "true"  # Oxigraph; unknown to others, who ignore it
        response = self._connection.send("POST", form=form, headers={"Accept": accept})
        if (most := response.headers.get("x-sparql-maxrows")) and accept == _TRIPLES:
            self._tell(f"{self._connection.url}: cuts answers at {most} rows")
        return response.content, response.headers.get("content-type", "")


def _unwrapped(expression: Any) -> Any:
    """Return what rdflib's grammar holds in layers of expressions with one part each."""
    while isinstance(expression, dict) and set(expression) == {"expr"}:
        expression = expression["expr"]
    return expression if isinstance(expression, str) else None


def _parse_results(url: str, content: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    try:
        return ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise StoreError(url, f"answers with no SPARQL results: {error}; is it a query address?") from error  # fmt: skip


def _triples(url: str, content: bytes, kind: str) -> Table:
    name = kind.partition(";")[0].strip()
    format = ox.RdfFormat.from_media_type(name) or ox.RdfFormat.N_TRIPLES
    try:
        found = [
            tuple(getattr(term, "value", str(term)) for term in quad.triple)
            for quad in ox.parse(content, format=format)
        ]
    except (SyntaxError, ValueError) as error:
        raise StoreError(url, f"answers with no triples: {error}; is it a query address?") from error  # fmt: skip
    return Table(("subject", "predicate", "object"), tuple(found))
