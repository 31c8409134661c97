"""One named graph a document: what a store replaces when the document changes.

The graphs together state exactly what ``graph.ttl`` states, each statement once: one that several
documents make stands in the graph of the first of them, by the order of their IRIs, and where they
disagree the value of ``graph.ttl`` stands. For stores that read all their graphs as one (Oxigraph,
Virtuoso) find a statement of two graphs twice, and would give rows twice and count wrongly.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.identity import Identities, document_node, with_what_is_known
from kg.rdf import record_triples
from kg.records import Record
from kg.runs import Runs, without_count
from kg.settling import settle_lines
from kg.terms import node_iri
from kg.vocabulary import DEFAULT_BASE, expand

_PATH = f" <{expand('dcterms:identifier')}> "


@dataclass(frozen=True)
class DocumentGraph:
    """What one document states.

    ``iri`` names graph and document; ``lines`` are N-Triples without the final point, sorted.
    """

    iri: str
    lines: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the statements: the same for the same graph, whoever wrote it."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    @cached_property
    def path(self) -> str:
        """The document's path as it was built, its IRI where it states none."""
        start = f"<{self.iri}>{_PATH}"
        found = next((line for line in self.lines if line.startswith(start)), None)
        if found is None:
            return self.iri
        triple = next(iter(ox.parse(f"{found} .".encode(), format=ox.RdfFormat.N_TRIPLES))).triple
        return str(triple.object.value)

    def to_ntriples(self) -> bytes:
        """Return the graph as N-Triples, which is Turtle too."""
        return "".join(f"{line} .\n" for line in self.lines).encode()


def document_graphs(
    records: Iterable[Record],
    base_iri: str = DEFAULT_BASE,
    known: Callable[[Record], tuple[Record, Identities]] | None = None,
) -> Iterator[DocumentGraph]:
    """Yield the graph of each document, in the order of their IRIs, whatever the records' order.

    Two files with the same bytes are one document. Memory holds one document, or the statements about
    one subject, whichever are more.

    Parameters
    ----------
    records
        All records of a build: which value stands depends on all of them.
    base_iri
        Start of the IRIs of data.
    known
        Returns a record as it goes into the graph, and what is known of its studies from other records; ``None``:
        found out first, for which an iterator is listed.
    """
    if known is None:
        if iter(records) is records:
            records = list(records)
        of_all = Identities.of(records)
        known = lambda record: (record, of_all)  # noqa: E731
    with tempfile.TemporaryDirectory(prefix="clinev-") as folder:
        stated, placed = (Runs(_folder(folder, name)) for name in ("stated", "placed"))
        for record in records:
            graph = str(node_iri(document_node(record.document), base_iri))
            block = "".join(
                f"{triple} {graph} .\n" for triple in record_triples(*known(record), base_iri)
            )
            stated.add(block.encode())
        for batch in _settled(_lines(stated)):
            placed.add(b"".join(b"%b %b .\n" % (graph, triple) for triple, graph in batch))
        split = (line[:-2].split(b" ", 1) for line in _lines(placed))
        for name, group in groupby(split, key=lambda parts: parts[0]):
            yield DocumentGraph(name[1:-1].decode(), tuple(parts[1].decode() for parts in group))


def known_from(entries: Iterable[dict[str, Any]]) -> Callable[[Record], tuple[Record, Identities]]:
    """Return what a build found out of each record, from its manifest's entries."""
    told = {str(entry["path"]): str(entry["identity"]) for entry in entries if "identity" in entry}
    return lambda record: with_what_is_known(record, told.get(record.document.path, ""))


def document_quads(graphs: Iterable[DocumentGraph]) -> Iterator[ox.Quad]:
    """Yield the statements of graphs as quads, in their order."""
    for graph in graphs:
        name = ox.NamedNode(graph.iri)
        for quad in ox.parse(graph.to_ntriples(), format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def _folder(parent: str, name: str) -> Path:
    folder = Path(parent) / name
    folder.mkdir()
    return folder


def _lines(runs: Runs) -> Iterator[bytes]:
    for batch in runs.batches():
        yield from map(without_count, batch)


def _settled(stated: Iterable[bytes]) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield the statements that stand about each subject, with the graph of each.

    The input are sorted N-Quads; a statement is a triple without its final point.
    """
    for _, group in groupby(stated, key=lambda line: line.partition(b" ")[0]):
        graphs: dict[bytes, bytes] = {}
        for entry in group:
            triple, _, graph = entry[:-2].rpartition(b" ")
            graphs.setdefault(triple, graph)
        predicates = [triple.split(b" ", 2)[1] for triple in graphs]
        if len(set(predicates)) == len(predicates):
            yield list(graphs.items())
            continue
        first = next(iter(graphs.values()))
        kept: list[tuple[bytes, bytes]] = []
        for batch in settle_lines([sorted(triple + b" ." for triple in graphs)]):
            # a flag that it adds stands where the first statement about the subject stands
            kept += ((line, graphs.get(line, first)) for line in map(b" ".join, batch))
        yield kept
