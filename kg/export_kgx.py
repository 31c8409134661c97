"""Records → KGX: concepts as nodes, effects as associations of the Biolink model (4.4).

One JSON file with ``nodes`` and ``edges``, as ``kgx`` reads it. An edge is one effect: what the report
says an intervention or exposure does to an outcome, with its numbers, its sentence and its publication.
It says how the statement came about (``text_mining_agent``) and claims no more: nothing is said to
treat anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx

from kg.graph import build_graph, label_of
from kg.identity import Identities
from kg.records import Record
from kg.retraction import CODE
from kg.vocabulary import DEFAULT_BASE, FLAGS

#: The knowledge source; nobody has registered this identifier yet: it is a placeholder.
SOURCE = "infores:clinev"
#: Prefix of concepts that no terminology knows, and of edges.
LOCAL_PREFIX = "clinev"
_ROOT = "biolink:NamedThing"
#: Prefix of a terminology, as the Biolink model writes it → category of its terms, where that is sure.
_CATEGORIES: dict[str, str | None] = {
    "CHEBI": "biolink:ChemicalEntity", "DRUGBANK": "biolink:ChemicalEntity", "DOID": "biolink:Disease",
    "MONDO": "biolink:Disease", "HP": "biolink:PhenotypicFeature", "MESH": None, "UMLS": None,
    "NCIT": None, "EFO": None, "SNOMEDCT": None, "RXCUI": "biolink:ChemicalEntity", "LOINC": None,
}  # fmt: skip
_PREFIXES = {"rxnorm": "RXCUI", "sctid": "SNOMEDCT", "snomed": "SNOMEDCT"}
_KIND_CATEGORIES = {
    "condition": "biolink:DiseaseOrPhenotypicFeature", "intervention": "biolink:Treatment",
}  # fmt: skip
#: Direction → predicate, its qualifiers; after an intervention, and for an exposure.
_AFTER_INTERVENTION: dict[str, dict[str, Any]] = {
    "ce:increase": {
        "predicate": "biolink:affects", "qualified_predicate": "biolink:causes",
        "object_direction_qualifier": "increased",
    },
    "ce:decrease": {
        "predicate": "biolink:affects", "qualified_predicate": "biolink:causes",
        "object_direction_qualifier": "decreased",
    },
    "ce:noDifference": {"predicate": "biolink:affects", "negated": True},
}  # fmt: skip
_OF_EXPOSURE: dict[str, dict[str, Any]] = {
    "ce:increase": {"predicate": "biolink:positively_correlated_with"},
    "ce:decrease": {"predicate": "biolink:negatively_correlated_with"},
    "ce:noDifference": {"predicate": "biolink:correlated_with", "negated": True},
}
_UNCLEAR: dict[str, Any] = {"predicate": "biolink:related_to"}
#: Measure → value of the model's list of effect types.
_EFFECT_TYPES = {
    "ce:OR": "odds_ratio", "ce:RR": "relative_risk", "ce:HR": "hazard_ratio",
    "ce:SMD": "standardized_mean_difference",
}  # fmt: skip
#: Node attribute → property of an edge; those beyond the model keep our names.
_NUMBERS = {
    "p_value": "p_value", "p_operator": "p_value_operator", "ci_lower": "ci_lower",
    "ci_upper": "ci_upper", "ci_level": "ci_level", "unit": "unit", "timepoint": "timepoint",
    "subgroup": "subgroup", "n": "n",
}  # fmt: skip


def write_kgx(
    records: Iterable[Record], path: Path, base_iri: str = DEFAULT_BASE, *, registered: bool = False
) -> int:
    """Write a KGX file; return how many nodes and edges it holds.

    Left out are values of single groups and what is told of earlier work, which are no associations, and
    what retracted studies claim.

    Parameters
    ----------
    registered
        Leave out associations of a concept that no terminology knows as well: ``kgx validate`` takes only
        prefixes that the Biolink model names, and theirs is our own.
    """
    records = list(records)
    graph = build_graph(records, Identities.of(records))
    edges = sorted(
        (edge for edge in _edges(graph) if not (registered and _is_local(edge))),
        key=lambda edge: str(edge["id"]),
    )
    ends = {end for edge in edges for end in (edge["subject"], edge["object"])}
    names = {node_id(name, graph): name for name, data in graph.nodes(data=True)
             if data["kind"] in ("concept", "combination")}  # fmt: skip
    nodes = [_node(graph, names[end], end, base_iri) for end in sorted(ends)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"nodes": [\n' + _lines(nodes) + '\n], "edges": [\n' + _lines(edges) + "\n]}\n")
    return len(nodes) + len(edges)


def node_id(name: str, graph: nx.MultiDiGraph) -> str:
    """Return the CURIE of a concept: a terminology's, in the Biolink model's spelling, else our own.

    Several nodes may carry one notation only if they are one concept.
    """
    for notation in graph.nodes[name].get("notation", ()):
        prefix, _, identifier = str(notation).partition(":")
        known = _PREFIXES.get(prefix.lower(), prefix.upper())
        if known in _CATEGORIES and identifier:
            return f"{known}:{identifier}"
    return f"{LOCAL_PREFIX}:{name}"


def _is_local(edge: dict[str, Any]) -> bool:
    return any(edge[end].startswith(f"{LOCAL_PREFIX}:") for end in ("subject", "object"))


def _node(graph: nx.MultiDiGraph, name: str, identifier: str, base_iri: str) -> dict[str, Any]:
    data = graph.nodes[name]
    node: dict[str, Any] = {
        "id": identifier,
        "category": _categories(identifier, data.get("kinds", ())),
        "name": label_of(graph, name),
        "iri": base_iri + name,
    }
    if data.get("alt_label"):
        node["synonym"] = list(data["alt_label"])
    others = [curie for curie in data.get("notation", ()) if curie != identifier]
    if others:
        node["xref"] = others
    return node


def _categories(identifier: str, kinds: Iterable[str]) -> list[str]:
    of_terminology = _CATEGORIES.get(identifier.partition(":")[0])
    if of_terminology is not None:
        return [of_terminology, _ROOT]
    return [*(_KIND_CATEGORIES[kind] for kind in kinds if kind in _KIND_CATEGORIES), _ROOT]


def _edges(graph: nx.MultiDiGraph) -> Iterator[dict[str, Any]]:
    for effect, data in graph.nodes(data=True):
        if data["kind"] != "effect" or data.get("reported_as") != "ce:result":
            continue
        ends: dict[str, list[str]] = {}
        for _, target, kind in graph.out_edges(effect, keys=True):
            ends.setdefault(kind, []).append(target)
        if any(_is_retracted(graph, study) for study in ends.get("of_study", ())):
            continue
        for subject in sorted(ends.get("intervention", []) + ends.get("exposure", [])):
            for outcome in sorted(ends.get("outcome", [])):
                yield _edge(graph, effect, subject, outcome, ends)


def _is_retracted(graph: nx.MultiDiGraph, study: str) -> bool:
    return FLAGS[CODE] in graph.nodes[study].get("quality_flag", ())


def _edge(
    graph: nx.MultiDiGraph, effect: str, subject: str, outcome: str, ends: dict[str, list[str]]
) -> dict[str, Any]:
    data = graph.nodes[effect]
    causal = "intervention" in ends and data.get("contrast") != "ce:association"
    told = (_AFTER_INTERVENTION if causal else _OF_EXPOSURE).get(data["direction"], _UNCLEAR)
    edge: dict[str, Any] = {
        "id": f"{LOCAL_PREFIX}:{effect}",
        "subject": node_id(subject, graph),
        "object": node_id(outcome, graph),
        "category": ["biolink:Association"],
        **told,
        "knowledge_level": "not_provided",
        "agent_type": "text_mining_agent",
        "primary_knowledge_source": SOURCE,
    }
    if data.get("value") is not None:
        edge["effect_size"] = data["value"]
        edge["measure"] = data["measure"].removeprefix("ce:")
        if data["measure"] in _EFFECT_TYPES:
            edge["effect_type"] = _EFFECT_TYPES[data["measure"]]
    edge |= {name: data[key] for key, name in _NUMBERS.items() if data.get(key) is not None}
    for name in ("comparator", "population"):
        if ends.get(name):
            edge[name] = "; ".join(sorted(label_of(graph, node) for node in ends[name]))
    quotes = sorted(graph.nodes[span]["quote"] for span in ends.get("evidence", ()))
    if quotes:
        edge["supporting_text"] = quotes
    publications = sorted(_publications(graph, ends.get("of_study", ())))
    if publications:
        edge["publications"] = publications
    return edge


def _publications(graph: nx.MultiDiGraph, studies: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for study in studies:
        for _, target, kind in graph.out_edges(study, keys=True):
            if kind == "publication":
                data = graph.nodes[target]
                if data.get("pmid"):
                    found.add(f"PMID:{data['pmid']}")
                elif data.get("doi"):
                    found.add(f"doi:{data['doi']}")
    return found


def _lines(items: Iterable[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
