"""Records → files for other tools: RDF in five syntaxes, GraphML, CSV, KGX."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import pyoxigraph as ox

from kg.document_graphs import document_graphs, document_quads
from kg.errors import BuildError
from kg.export_kgx import write_kgx
from kg.graph import build_graph
from kg.identity import Identities, study_nodes
from kg.jsonld import write_jsonld
from kg.rdf import triples
from kg.records import Effect, Record, Study
from kg.retraction import is_retracted
from kg.table import guard
from kg.terms import clean_text
from kg.turtle import write_triples
from kg.vocabulary import DEFAULT_BASE

Format = Literal["turtle", "ntriples", "nquads", "trig", "jsonld", "graphml", "csv", "kgx"]
FORMATS: tuple[str, ...] = get_args(Format)

#: File name endings, as people expect them.
SUFFIXES: dict[str, str] = {
    "turtle": ".ttl", "ntriples": ".nt", "nquads": ".nq", "trig": ".trig", "jsonld": ".jsonld",
    "graphml": ".graphml", "csv": ".csv", "kgx": ".json",
}  # fmt: skip


def export(
    records: Iterable[Record],
    format: str,
    path: Path,
    base_iri: str = DEFAULT_BASE,
    *,
    registered: bool = False,
) -> int:
    """Write records to one file; return how many statements, nodes and edges, or rows it holds.

    Parameters
    ----------
    records
        All records. The RDF formats are streamed if they can be read twice (a list, or an object that
        reads the file anew); the others hold them in memory.
    format
        One of `FORMATS`. N-Quads and TriG hold one graph a document, named by the document's IRI, so that a
        store can replace one document's statements; together they state what the other formats state.
        GraphML holds the ``networkx`` graph, CSV one row an effect, KGX the claims as associations of
        the Biolink model. Retracted studies are flagged as in the graph (CSV: ``retracted``); KGX leaves
        out what they claim.
    path
        Where to write; what is there is replaced. A name that ends in ``.gz`` is compressed, with
        the same bytes for the same records.
    base_iri
        Start of the IRIs of data.
    registered
        KGX alone: only claims whose concepts both have an identifier that the Biolink model knows.

    Raises
    ------
    BuildError
        If the format is unknown, or `registered` is asked of another.
    """
    writers: dict[str, Callable[[Path], int]] = {
        "turtle": lambda to: write_triples(triples(records, base_iri), to, base_iri),
        "ntriples": lambda to: write_triples(
            triples(records, base_iri), to, base_iri, ox.RdfFormat.N_TRIPLES
        ),
        "nquads": lambda to: _write_nquads(records, to, base_iri),
        "trig": lambda to: write_triples(
            document_quads(document_graphs(records, base_iri)), to, base_iri, ox.RdfFormat.TRIG
        ),
        "jsonld": lambda to: write_jsonld(triples(records, base_iri), to, base_iri),
        "graphml": lambda to: _write_graphml(records, to),
        "csv": lambda to: _write_csv(records, to),
        "kgx": lambda to: write_kgx(records, to, base_iri, registered=registered),
    }
    if format not in writers:
        raise BuildError(f"no format is called {format!r}: there are {', '.join(FORMATS)}")
    if registered and format != "kgx":
        raise BuildError(f"--registered: {format} needs no registered identifiers; ask for kgx")
    if path.suffix != ".gz":
        return writers[format](path)
    plain = path.with_name(f".{path.name}.plain")
    try:
        number = writers[format](plain)
        _compress(plain, path)
    finally:
        plain.unlink(missing_ok=True)
    return number


def _compress(plain: Path, path: Path) -> None:
    """Compress a file without its name and time, which would make equal files differ."""
    with (
        plain.open("rb") as source,
        path.open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, 1 << 20)


def _write_nquads(records: Iterable[Record], path: Path, base_iri: str) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for graph in document_graphs(records, base_iri):
            file.writelines(f"{line} <{graph.iri}> .\n" for line in graph.lines)
            number += len(graph.lines)
    return number


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
    "adjusted", "i2", "model", "reported_as", "confidence", "retracted", "start_char", "end_char", "quote",
)  # fmt: skip


def _write_csv(records: Iterable[Record], path: Path) -> int:
    """Write one row an effect, sorted; texts cannot act as formulas in a spreadsheet."""
    records = list(records)
    identities = Identities.of(records)
    of_record = [(record, study_nodes(record, identities)) for record in records]
    retracted = {nodes[study.id] for record, nodes in of_record if is_retracted(record)
                 for study in record.studies if study.kind == "report"}  # fmt: skip
    rows = sorted(
        (_csv_row(record, study, effect, nodes[study.id] in retracted) for record, nodes in of_record
         for study in record.studies for effect in study.effects),
        key=lambda row: (row[0], row[-3], row[-2], [str(cell) for cell in row]),
    )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows([guard(cell) for cell in row] for row in rows)
    return len(rows)


def _csv_row(record: Record, study: Study, effect: Effect, retracted: bool) -> list[Any]:
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
        "start_char": place.start_char, "end_char": place.end_char, "retracted": retracted,
    }  # fmt: skip
    return [known[name] if name in known else getattr(effect, name) for name in _COLUMNS]
