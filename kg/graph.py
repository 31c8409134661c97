"""Records → ``networkx.MultiDiGraph``: the graph that a person explores.

Every node has a ``kind`` (see :data:`kg.vocabulary.CLASSES`), every edge a ``type``, which is also
its key. An effect is a node of its own, since it relates more than two things; :func:`project`
folds effects into edges from intervention to outcome. Memory grows with the corpus here, and only here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx

from kg.graph_record import add_record
from kg.identity import Identities
from kg.records import Record
from kg.vocabulary import CONTRASTS, DIRECTIONS, MEASURES, REPORTED_AS

_SHORT = {
    term: name
    for table in (MEASURES, DIRECTIONS, CONTRASTS, REPORTED_AS)
    for name, term in table.items()
}


def build_graph(records: Iterable[Record], identities: Identities | None = None) -> nx.MultiDiGraph:
    """Build the graph of all records.

    Parameters
    ----------
    records
        In any order; the graph does not depend on it.
    identities
        Which identifiers name one study. ``None``: read from `records` first.

    Returns
    -------
    networkx.MultiDiGraph
        Node attributes are those of :data:`kg.vocabulary.PROPERTIES`, plus ``kind`` and, on
        concepts, ``kinds``. Those that may have several values are sorted tuples. Closed lists
        hold terms (``"ce:decrease"``). Numbers are ``int`` and ``float``.
    """
    records = list(records)
    found = Identities.of(records) if identities is None else identities
    graph = nx.MultiDiGraph()
    for record in records:
        add_record(graph, record, found)
    return graph


def record_graph(record: Record, identities: Identities) -> nx.MultiDiGraph:
    """Build the graph of one record."""
    graph = nx.MultiDiGraph()
    add_record(graph, record, identities)
    return graph


def project(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Fold effects into edges from intervention or exposure to outcome.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes: the concepts that effects join, with ``label`` and ``kinds``. One edge for each
        effect that has both ends, its key the effect's node name, its attributes the effect's
        (``measure`` and ``direction`` as in the record) and ``study``.
    """
    view = nx.MultiDiGraph()
    for effect, attributes in graph.nodes(data=True):
        if attributes["kind"] not in ("effect", "arm_measurement"):
            continue
        ends: dict[str, list[str]] = {}
        for _, target, kind in graph.out_edges(effect, keys=True):
            ends.setdefault(kind, []).append(target)
        subjects = ends.get("intervention", []) + ends.get("exposure", [])
        for subject in subjects:
            for outcome in ends.get("outcome", []):
                for node in (subject, outcome):
                    view.add_node(
                        node, label=label_of(graph, node), kinds=graph.nodes[node].get("kinds", ())
                    )
                view.add_edge(subject, outcome, key=effect, **_edge(graph, attributes, ends))
    return view


def label_of(graph: nx.MultiDiGraph, node: str) -> str:
    """Return the words for a node, its name where there are none."""
    attributes = graph.nodes[node]
    return str(attributes.get("pref_label") or attributes.get("label") or node)


def _edge(
    graph: nx.MultiDiGraph, attributes: dict[str, Any], ends: dict[str, list[str]]
) -> dict[str, Any]:
    edge = {
        name: _SHORT.get(value, value) if isinstance(value, str) else value
        for name, value in attributes.items()
        if name not in ("kind", "record_id", "has_unit", "quality_flag")
    }
    return edge | {"study": label_of(graph, ends["of_study"][0])}
