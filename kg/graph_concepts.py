"""Concept nodes: what interventions, outcomes and conditions mean, in one node per meaning."""

from __future__ import annotations

from typing import Any, TypeAlias

import networkx as nx

from kg.combinations import Part, base_label, components, split_label
from kg.identity import concept_node, concepts_by_id, fold, label_node, node_name, xref_iri
from kg.merge import merge_attributes
from kg.outcomes import broader_of, lookup_outcome, outcome_key
from kg.records import Concept, Intervention, Outcome, Record, Study

Graph: TypeAlias = nx.MultiDiGraph
#: A label longer than this is a sentence; it stays readable as a label.
_LABEL_LIMIT = 300


def put(graph: Graph, name: str, kind: str, **attributes: Any) -> str:
    """Add a node or add to what is known of it; return its name."""
    if name not in graph:
        graph.add_node(name)
    merge_attributes(graph.nodes[name], {"kind": kind, **attributes})
    return name


def link(graph: Graph, source: str, kind: str, target: str | None) -> None:
    """Add an edge of one kind unless it is there; ``None`` as target adds nothing."""
    if target is not None and not graph.has_edge(source, target, key=kind):
        graph.add_edge(source, target, key=kind, type=kind)


class Concepts:
    """Adds the concept nodes of one record to a graph."""

    def __init__(self, graph: Graph, record: Record) -> None:
        self._graph = graph
        self._known = concepts_by_id(record)
        self._described: set[str] = set()
        #: Folded base label → identifier: what to take for a part that only a longer label names.
        self._grounded = {fold(item.label): item.id for item in record.concepts}
        for mention in record.mentions:
            if mention.concept in self._known and mention.kind in ("intervention", "comparator"):
                self._grounded.setdefault(fold(mention.text), mention.concept)
        for study in record.studies:
            for item in study.interventions:
                if (
                    item.concept
                    and self._resolves(item.concept)
                    and len(components(item.label)) == 1
                ):
                    self._grounded.setdefault(fold(base_label(item.label)), item.concept)

    def intervention(self, item: Intervention) -> str:
        """Add an intervention or exposure with its components; return its node."""
        kind = "exposure" if item.role == "exposure" else "intervention"
        given = kind == "intervention"
        bases = components(item.label, given)
        if len(bases) > 1:
            return self._combination(item.label, split_label(item.label, given), bases, kind)
        node = self._concept("intervention", item.label, item.concept, kind)
        if item.concept and self._resolves(item.concept):
            link(self._graph, node, "component", node)
        else:
            same = fold(bases[0]) == fold(item.label)
            link(self._graph, node, "component", node if same else self._part(bases[0], kind))
        return node

    def outcome(self, item: Outcome) -> str:
        """Add what was measured; return its node."""
        return self._concept("outcome", item.label, item.concept, "outcome")

    def outcome_group(self, item: Outcome) -> str:
        """Add the group of an outcome: all names of what is measured, in what, how; return its node."""
        concept = self._known.get(item.concept or "")
        known = (concept.id, concept.label) if concept and ":" in concept.id else None
        key = outcome_key(item.label, item.instrument, concept=known, lookup=lookup_outcome)
        put(
            self._graph, key.node, "outcome_group", pref_label=_short(key.title), specimen=key.specimen or None,
            aspect=key.aspect or None, instrument=key.instrument or None,
        )  # fmt: skip
        if (measured := concept_node(key.measured)) is not None and not key.measured.startswith(
            "w:"
        ):
            put(
                self._graph, measured, "concept", kinds=("outcome",), pref_label=_short(key.label),
                notation=(key.measured,), exact_match=_iris((key.measured,)),
            )  # fmt: skip
            link(self._graph, key.node, "measured", measured)
            self._above(key.measured)
        return key.node

    def _above(self, curie: str) -> None:
        """Add all that the lexicon has above a concept."""
        if curie in self._described:
            return
        for narrower, broader, label in broader_of(curie):
            source, target = concept_node(narrower), concept_node(broader)
            if source is None or target is None or source == target:
                continue
            put(
                self._graph, target, "concept", pref_label=_short(label), notation=(broader,),
                exact_match=_iris((broader,)),
            )  # fmt: skip
            link(self._graph, source, "broader", target)

    def condition(self, text: str) -> str:
        """Add a population's condition, given as a concept's identifier or in words."""
        return self._concept("condition", text, text, "condition")

    def route(self, text: str) -> str:
        """Add a route of administration; return its node."""
        return self._concept("route", text, None, "route")

    def known(self, identifier: str) -> str | None:
        """Add a concept of the record by its identifier; ``None`` if the record does not list it."""
        concept = self._known.get(identifier)
        if concept is None:
            return None
        kind = {
            "chemical": "intervention", "comparator": "intervention", "action": "intervention",
            "disease": "condition", "symptom": "condition", "population": "condition",
            "measurement": "outcome", "instrument": "outcome",
        }  # fmt: skip
        return self._concept(
            concept.kind, concept.label, identifier, kind.get(concept.kind, concept.kind)
        )

    def _resolves(self, identifier: str) -> bool:
        return identifier in self._known or (
            ":" in identifier and concept_node(identifier) is not None
        )

    def _part(self, label: str, kind: str) -> str:
        """Add a component and return its node; a component consists of itself."""
        node = self._concept("intervention", label, self._grounded.get(fold(label)), kind)
        link(self._graph, node, "component", node)
        return node

    def _combination(
        self, label: str, parts: tuple[Part, ...], bases: tuple[str, ...], kind: str
    ) -> str:
        """Add a combination; its doses and arms' names tell it from another of the same components."""
        members = sorted({self._part(base, kind) for base in bases})
        named = sorted({fold(part.label) for part in parts})
        plain = named == sorted({fold(base) for base in bases})
        node = node_name("combo", members if plain else [members, named])
        title = " + ".join(
            sorted({part.label for part in parts}, key=lambda text: (fold(text), text))
        )
        put(self._graph, node, "combination", pref_label=_short(title), kinds=(kind,))
        if fold(label) != fold(title):
            put(self._graph, node, "combination", alt_label=(_short(label),))
        for member in members:
            link(self._graph, node, "component", member)
        return node

    def _concept(self, key_kind: str, label: str, identifier: str | None, kind: str) -> str:
        concept = self._known.get(identifier) if identifier else None
        node = concept_node(identifier) if identifier and self._resolves(identifier) else None
        if node is None:
            name = concept.label if concept else label
            node = label_node(key_kind, name)
        else:
            name = concept.label if concept else label
        kinds = (
            (kind,) if kind in ("intervention", "exposure", "condition", "outcome", "route") else ()
        )
        bare = not node.startswith("concept-x-") and name == identifier  # only the CURIE is known
        put(self._graph, node, "concept", kinds=kinds, pref_label=None if bare else _short(name))
        if fold(label) != fold(name) and label != identifier:
            put(self._graph, node, "concept", alt_label=(_short(label),))
        if identifier and ":" in identifier and not node.startswith("concept-x-"):
            put(
                self._graph,
                node,
                "concept",
                notation=(identifier,),
                exact_match=_iris((identifier,)),
            )
        if concept is not None:
            self._describe(node, concept)
        return node

    def _describe(self, node: str, concept: Concept) -> None:
        """Add other names of a concept and all that the record lists above it."""
        if concept.id in self._described:
            return
        self._described.add(concept.id)
        put(self._graph, node, "concept", exact_match=_iris(concept.xrefs))
        for broader in concept.broader:
            target = concept_node(broader)
            if target is None or target == node:
                continue
            put(self._graph, target, "concept")
            if ":" in broader:
                put(
                    self._graph,
                    target,
                    "concept",
                    notation=(broader,),
                    exact_match=_iris((broader,)),
                )
            link(self._graph, node, "broader", target)
            if (above := self._known.get(broader)) is not None:
                put(self._graph, target, "concept", pref_label=_short(above.label))
                self._describe(target, above)


def _short(label: str) -> str:
    folded = " ".join(label.split())
    return folded if len(folded) <= _LABEL_LIMIT else folded[: _LABEL_LIMIT - 1] + "…"


def _iris(curies: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(iri for curie in curies if (iri := xref_iri(curie)) is not None)


def intervention_nodes(study: Study, concepts: Concepts) -> dict[str, str]:
    """Add a study's interventions; return intervention id → node."""
    return {item.id: concepts.intervention(item) for item in study.interventions}
