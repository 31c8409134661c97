"""Records → files for other tools: RDF in five syntaxes, GraphML, CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

import pyoxigraph as ox

from kg.errors import BuildError
from kg.graph import build_graph
from kg.identity import Identities, document_node
from kg.jsonld import write_jsonld
from kg.rdf import record_triples, settle, triples
from kg.records import Effect, Record, Study
from kg.spool import SortedTriples
from kg.table import guard
from kg.terms import clean_text, node_iri
from kg.turtle import write_triples
from kg.vocabulary import DEFAULT_BASE

Format = Literal["turtle", "ntriples", "nquads", "trig", "jsonld", "graphml", "csv"]
FORMATS: tuple[str, ...] = get_args(Format)

#: File name endings, as people expect them.
SUFFIXES: dict[str, str] = {
    "turtle": ".ttl", "ntriples": ".nt", "nquads": ".nq", "trig": ".trig", "jsonld": ".jsonld",
    "graphml": ".graphml", "csv": ".csv",
}  # fmt: skip


def export(records: Iterable[Record], format: str, path: Path, base_iri: str = DEFAULT_BASE) -> int:
    """Write records to one file; return how many statements, nodes and edges, or rows it holds.

    Parameters
    ----------
    records
        All records. Turtle, N-Triples and JSON-LD are streamed if they can be read twice (a list, or
        an object that reads the file anew); the other formats hold them in memory.
    format
        One of `FORMATS`. N-Quads and TriG hold one graph a document, named by the document's IRI, so that a
        store can replace one document's statements; where documents disagree both statements stand.
        GraphML holds the ``networkx`` graph, CSV one row an effect.
    path
        Where to write; what is there is replaced.
    base_iri
        Start of the IRIs of data.

    Raises
    ------
    BuildError
        If the format is unknown.
    """
    writers: dict[str, Callable[[], int]] = {
        "turtle": lambda: write_triples(triples(records, base_iri), path, base_iri),
        "ntriples": lambda: write_triples(
            triples(records, base_iri), path, base_iri, ox.RdfFormat.N_TRIPLES
        ),
        "nquads": lambda: write_triples(
            _quads(records, base_iri), path, base_iri, ox.RdfFormat.N_QUADS
        ),
        "trig": lambda: write_triples(_quads(records, base_iri), path, base_iri, ox.RdfFormat.TRIG),
        "jsonld": lambda: write_jsonld(triples(records, base_iri), path, base_iri),
        "graphml": lambda: _write_graphml(records, path),
        "csv": lambda: _write_csv(records, path),
    }
    if format not in writers:
        raise BuildError(f"no format is called {format!r}: there are {', '.join(FORMATS)}")
    return writers[format]()


def _quads(records: Iterable[Record], base_iri: str) -> Iterator[ox.Quad]:
    """Yield each document's statements in a graph of its own, documents in the order of their IRIs."""
    kept = sorted(
        records, key=lambda record: (document_node(record.document), record.document.path)
    )
    identities = Identities.of(kept)
    by_document: dict[str, list[Record]] = {}
    for record in kept:
        by_document.setdefault(document_node(record.document), []).append(record)
    for document, same in by_document.items():
        graph = node_iri(document, base_iri)
        with SortedTriples() as spool:
            spool.add(
                chain.from_iterable(record_triples(item, identities, base_iri) for item in same)
            )
            for triple in settle(spool):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _write_graphml(records: Iterable[Record], path: Path) -> int:
    import networkx as nx

    graph = build_graph(records)
    flat = nx.MultiDiGraph()
    for node in sorted(graph):
        flat.add_node(
            node, **{key: _flat(value) for key, value in sorted(graph.nodes[node].items())}
        )
    for source, target, key in sorted(graph.edges(keys=True)):
        flat.add_edge(source, target, key=key, type=key)
    nx.write_graphml(flat, path, infer_numeric_types=True)
    return int(flat.number_of_nodes() + flat.number_of_edges())


def _flat(value: Any) -> str | int | float | bool:
    """Return what GraphML can hold; several values are joined by " | "."""
    if isinstance(value, tuple):
        return " | ".join(_xml_text(str(item)) for item in value)
    return _xml_text(value) if isinstance(value, str) else value


def _xml_text(text: str) -> str:
    return clean_text(text).replace("\r", " ")


_COLUMNS = (
    "document", "study", "study_kind", "part_of", "design", "year", "doi", "pmid", "n_participants",
    "intervention", "comparator", "population", "outcome", "arm", "measure", "value", "unit",
    "ci_level", "ci_low", "ci_high", "p_operator", "p_value", "sd", "se", "iqr_low", "iqr_high", "n",
    "events", "total", "direction", "significant", "contrast", "per", "timepoint", "subgroup",
    "adjusted", "i2", "model", "reported_as", "confidence", "start_char", "end_char", "quote",
)  # fmt: skip


def _write_csv(records: Iterable[Record], path: Path) -> int:
    """Write one row an effect, sorted; texts cannot act as formulas in a spreadsheet."""
    rows = sorted(
        (_csv_row(record, study, effect) for record in records for study in record.studies
         for effect in study.effects),
        key=lambda row: (row[0], row[-3], row[-2], [str(cell) for cell in row]),
    )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows([guard(cell) for cell in row] for row in rows)
    return len(rows)


def _csv_row(record: Record, study: Study, effect: Effect) -> list[Any]:
    groups: dict[str, tuple[Any, ...]] = {
        "intervention": study.interventions, "comparator": study.interventions,
        "population": study.populations, "outcome": study.outcomes, "arm": study.arms,
    }  # fmt: skip
    labels = {
        name: next((item.label for item in items if item.id == getattr(effect, name)), None)
        for name, items in groups.items()
    }
    parent = next((item.label for item in record.studies if item.id == study.part_of), None)
    place = effect.evidence[0]
    known: dict[str, Any] = labels | {
        "document": record.document.path, "study": study.label, "study_kind": study.kind,
        "part_of": parent, "design": study.design, "year": study.year, "doi": study.doi,
        "pmid": study.pmid, "n_participants": study.n_participants, "quote": place.text,
        "start_char": place.start_char, "end_char": place.end_char,
    }  # fmt: skip
    return [known[name] if name in known else getattr(effect, name) for name in _COLUMNS]
