"""Graph → RDF triples: no blank nodes, no doubles, no clock; the same records give the same set.

A worker turns one record into triples by itself (:func:`record_triples`); the union of what workers
made, sorted and with one value chosen where documents differ, is the graph (:func:`triples`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pyoxigraph as ox

from kg.graph import record_graph
from kg.identity import Identities
from kg.records import Record
from kg.settling import settle_lines
from kg.spool import SortedTriples, parse_lines
from kg.terms import iri, literal, node_iri
from kg.turtle import write_triples
from kg.vocabulary import (
    CLASSES,
    CONCEPT_KINDS,
    DEFAULT_BASE,
    EDGES,
    PREFIXES,
    PROPERTIES,
    RDF_TYPE,
    SELECTOR_CLASSES,
    XSD,
    expand,
)

if TYPE_CHECKING:
    import rdflib

Triple = ox.Triple

#: Attributes that describe an evidence span's selector rather than the span.
_SELECTOR_ATTRIBUTES = ("start_char", "end_char", "quote", "prefix", "suffix", "truncated")


def graph_triples(graph: nx.MultiDiGraph, base_iri: str = DEFAULT_BASE) -> Iterator[Triple]:
    """Yield the triples of a graph in no order, each once."""
    rdf_type = iri(RDF_TYPE)
    for name, attributes in graph.nodes(data=True):
        subject = node_iri(name, base_iri)
        classes = [*CLASSES[attributes["kind"]]]
        classes += [CONCEPT_KINDS[kind] for kind in attributes.get("kinds", ())]
        for curie in classes:
            yield Triple(subject, rdf_type, iri(expand(curie)))
        described = {key: value for key, value in attributes.items() if key in PROPERTIES}
        if attributes["kind"] == "evidence":
            selector = node_iri("sel-" + name.removeprefix("span-"), base_iri)
            yield Triple(subject, iri(expand("oa:hasSelector")), selector)
            for curie in SELECTOR_CLASSES:
                yield Triple(selector, rdf_type, iri(expand(curie)))
            for key in _SELECTOR_ATTRIBUTES:
                if key in described:
                    yield from _attribute(selector, key, described.pop(key))
        for key, value in described.items():
            yield from _attribute(subject, key, value)
    for source, target, kind in graph.edges(keys=True):
        yield Triple(
            node_iri(source, base_iri), iri(expand(EDGES[kind])), node_iri(target, base_iri)
        )


def _attribute(subject: ox.NamedNode, name: str, value: Any) -> Iterator[Triple]:
    rule = PROPERTIES[name]
    predicate = iri(expand(rule.curie))
    if not isinstance(value, tuple):
        yield Triple(subject, predicate, literal(value, rule))
        return
    for term in {literal(item, rule) for item in value}:
        yield Triple(subject, predicate, term)


def record_triples(
    record: Record, identities: Identities | None = None, base_iri: str = DEFAULT_BASE
) -> Iterator[Triple]:
    """Yield the triples of one record: what a worker writes.

    Parameters
    ----------
    record
        One document.
    identities
        Which identifiers name one study, over the whole corpus; ``None`` if only this record counts.
    base_iri
        Start of the IRIs of data.
    """
    known = Identities.of([record]) if identities is None else identities
    return graph_triples(record_graph(record, known), base_iri)


def record_block(
    record: Record, identities: Identities | None = None, base_iri: str = DEFAULT_BASE
) -> bytes:
    """Return the triples of one record as sorted lines of N-Triples: see :func:`record_triples`."""
    lines = {f"{triple} .\n".encode() for triple in record_triples(record, identities, base_iri)}
    return b"".join(sorted(lines))


def triples(
    records: Iterable[Record],
    base_iri: str = DEFAULT_BASE,
    identities: Identities | None = None,
) -> Iterator[Triple]:
    """Yield the triples of all records, sorted as N-Triples, each once, whatever the records' order.

    Memory does not grow with the corpus if `records` can be iterated twice (a list, or an object
    that reads ``records.jsonl`` anew) or `identities` are given; an iterator is otherwise listed.

    Raises
    ------
    BuildError
        If `base_iri` is no absolute IRI.
    """
    node_iri("doc-x", base_iri)
    if identities is None:
        if iter(records) is records:
            records = list(records)
        identities = Identities.of(records)
    with SortedTriples() as spool:
        for record in records:
            spool.add(record_triples(record, identities, base_iri))
        for batch in settle_lines(spool.batches()):
            yield from parse_lines([b"%b %b %b ." % parts for parts in batch])


def write_turtle(
    records: Iterable[Record],
    path: Path,
    base_iri: str = DEFAULT_BASE,
    identities: Identities | None = None,
) -> int:
    """Write the graph of all records as Turtle; return the number of triples.

    The bytes depend neither on the records' order nor on the hash seed nor on the clock. Memory: see
    :func:`triples`.
    """
    return write_triples(triples(records, base_iri, identities), path, base_iri)


def settle(ordered: Iterable[Triple]) -> Iterator[Triple]:
    """Choose one value for each property that may have one; the input is sorted, so is the output."""
    triples = iter(ordered)
    batches = iter(lambda: [f"{triple} .".encode() for triple in islice(triples, 10_000)], [])
    for batch in settle_lines(batches):
        yield from parse_lines([b"%b %b %b ." % parts for parts in batch])


def to_rdflib(
    records: Iterable[Record], base_iri: str = DEFAULT_BASE, identities: Identities | None = None
) -> rdflib.Graph:
    """Return the graph of all records as an ``rdflib.Graph``, for those who work with rdflib.

    About 1.5 kB of memory a triple; for more than some hundred thousand use :mod:`kg.store`.
    """
    import rdflib

    graph = rdflib.Graph()
    for prefix, namespace in (PREFIXES | {"cer": base_iri}).items():
        graph.bind(prefix, namespace, replace=True)
    for triple in triples(records, base_iri, identities):
        graph.add(
            (_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object))
        )
    return graph


def _to_rdflib(term: Any) -> Any:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == f"{XSD}string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
