"""Two ways to put a named graph into a store: the Graph Store HTTP Protocol, and SPARQL Update."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from kg.document_graphs import DocumentGraph
from kg.errors import StoreError
from kg.remote.connection import Connection

#: Statements and characters of one ``INSERT DATA``: parsers of updates hold a request in memory, and
#: Virtuoso's compiler refuses long ones.
BATCH_STATEMENTS, BATCH_CHARACTERS = 500, 200_000


class Target(Protocol):
    """A store that holds named graphs."""

    def replace(self, graph: DocumentGraph) -> None:
        """Put a graph in the place of what the store holds under its name."""

    def delete(self, iri: str) -> None:
        """Remove a graph; that there is none is fine."""

    def holds(self, iri: str) -> bool | None:
        """Whether the store holds a graph of that name; ``None`` where it does not say."""


class GraphStore:
    """SPARQL 1.1 Graph Store HTTP Protocol: PUT replaces, DELETE removes, each in one step."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, graph: DocumentGraph) -> None:
        try:
            self._connection.send(
                "PUT", {"graph": graph.iri}, graph.to_ntriples(),
                headers={"Content-Type": "text/turtle;charset=utf-8"},
            )  # fmt: skip
        except StoreError as error:
            if error.status in (404, 405, 501):
                raise StoreError(
                    error.store,
                    f"speaks no Graph Store HTTP Protocol here ({error.problem}); is it the store's"
                    " address for graphs (see docs/stores.md), or one for kg push --update?",
                    error.status,
                ) from error
            raise

    def delete(self, iri: str) -> None:
        self._connection.send("DELETE", {"graph": iri}, accepted=(404,))

    def holds(self, iri: str) -> bool | None:
        for method in ("HEAD", "GET"):  # Virtuoso knows no HEAD here
            try:
                answer = self._connection.send(method, {"graph": iri}, accepted=(404,))
            except StoreError as error:
                if error.status in (400, 405, 406, 500, 501):
                    continue
                raise
            return answer.status_code != 404
        return None


class UpdateStore:
    """SPARQL 1.1 Update over HTTP.

    A graph of more than `BATCH_STATEMENTS` takes several requests; cut between them, the store holds a
    part of it until it is sent again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, graph: DocumentGraph) -> None:
        name = f"<{graph.iri}>"
        before = f"DROP SILENT GRAPH {name} ;\n"
        for batch in batches([to_sparql(line) for line in graph.lines]):
            statements = " .\n".join(batch)
            self._update(f"{before}INSERT DATA {{ GRAPH {name} {{\n{statements} .\n}} }}")
            before = ""

    def delete(self, iri: str) -> None:
        self._update(f"DROP SILENT GRAPH <{iri}>")

    def holds(self, iri: str) -> bool | None:
        return None

    def _update(self, text: str) -> None:
        self._connection.send(
            "POST",
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update", "Accept": "*/*"},
        )


def batches(statements: Sequence[str]) -> Iterator[list[str]]:
    """Cut statements into batches of at most `BATCH_STATEMENTS` and about `BATCH_CHARACTERS`."""
    batch: list[str] = []
    size = 0
    for statement in statements:
        if batch and (len(batch) == BATCH_STATEMENTS or size + len(statement) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(statement)
        size += len(statement)
    if batch:
        yield batch


_BACKSLASH_U = re.compile(r"(?<!\\)((?:\\\\)++)([uU])")


def to_sparql(line: str) -> str:
    r"""Write a statement of N-Triples so that it means the same in SPARQL.

    SPARQL 1.1, section 19.2 resolves ``\uXXXX`` before it reads texts, and so a reader may see one in
    an escaped backslash with a "u" behind it; that letter is escaped as well.

    >>> to_sparql(r'<a:s> <a:p> "C:\\users"')
    '<a:s> <a:p> "C:\\\\\\u0075sers"'
    """
    return _BACKSLASH_U.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04X}", line)
