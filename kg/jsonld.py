"""JSON-LD with its context inside: nothing is fetched to read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.terms import name_of
from kg.vocabulary import DEFAULT_BASE, EDGES, PREFIXES, PROPERTIES, RDF_TYPE, XSD, expand

_TYPES = {
    "decimal": "xsd:decimal", "integer": "xsd:integer", "offset": "xsd:nonNegativeInteger",
    "boolean": "xsd:boolean", "year": "xsd:gYear", "unit": "qudt:UCUMcs",
}  # fmt: skip


def build_context(base_iri: str = DEFAULT_BASE) -> dict[str, Any]:
    """Return the JSON-LD context: short names for properties, their types, prefixes.

    ``schemas/context.jsonld`` is this with the default base. Decimals are strings of digits, so that
    no reader makes doubles of them.
    """
    context: dict[str, Any] = {
        "@version": 1.1,
        **PREFIXES,
        "cer": base_iri,
        "id": "@id",
        "type": "@type",
    }
    for curie in sorted({*EDGES.values(), "oa:hasSelector"}):
        context[short_name(curie)] = {"@id": curie, "@type": "@id"}
    for rule in PROPERTIES.values():
        name, kind = short_name(rule.curie), rule.datatype
        if kind in ("term", "iri"):
            context[name] = {"@id": rule.curie, "@type": "@id"}
        elif kind == "label":
            context[name] = {"@id": rule.curie, "@language": "en"}
        elif kind in _TYPES and kind != "unit":
            context[name] = {"@id": rule.curie, "@type": _TYPES[kind]}
        else:
            context[name] = {"@id": rule.curie}
    return dict(sorted(context.items()))


def short_name(curie: str) -> str:
    """Return the name of a property in JSON: its local name, with its prefix unless it is ours.

    >>> short_name("ce:ciLower"), short_name("rdfs:label")
    ('ciLower', 'rdfs_label')
    """
    prefix, _, name = curie.partition(":")
    return name if prefix == "ce" else f"{prefix}_{name}"


def write_context(path: Path) -> None:
    """Write ``schemas/context.jsonld``."""
    text = json.dumps({"@context": build_context()}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_jsonld(ordered: Iterable[ox.Triple], path: Path, base_iri: str = DEFAULT_BASE) -> int:
    """Write sorted triples, one node a line; return the number of triples."""
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"@context": ' + json.dumps(build_context(base_iri), ensure_ascii=False))
        file.write(',\n "@graph": [')
        for index, (node, count) in enumerate(_nodes(ordered, base_iri)):
            file.write(("," if index else "") + "\n  " + json.dumps(node, ensure_ascii=False))
            number += count
        file.write("\n ]}\n")
    return number


def _nodes(ordered: Iterable[ox.Triple], base_iri: str) -> Iterator[tuple[dict[str, Any], int]]:
    names = {expand(curie): short_name(curie) for curie in (*EDGES.values(), "oa:hasSelector")}
    kinds = {expand(rule.curie): rule.datatype for rule in PROPERTIES.values()}
    names |= {expand(rule.curie): short_name(rule.curie) for rule in PROPERTIES.values()}
    for subject, group in groupby(ordered, key=lambda triple: name_of(triple.subject)):
        node: dict[str, Any] = {"id": _compact(subject, base_iri)}
        count = 0
        for triple in group:
            count += 1
            predicate = triple.predicate.value
            key = "type" if predicate == RDF_TYPE else names.get(predicate, predicate)
            value = _value(triple.object, kinds.get(predicate), base_iri)
            known = node.get(key)
            if known is None:
                node[key] = value
            elif isinstance(known, list):
                known.append(value)
            else:
                node[key] = [known, value]
        yield node, count


def _value(term: Any, kind: str | None, base_iri: str) -> Any:
    if isinstance(term, ox.NamedNode):
        return _compact(term.value, base_iri)
    if kind == "unit" and term.datatype.value != f"{XSD}string":
        return {"@value": term.value, "@type": "qudt:UCUMcs"}
    return term.value


def _compact(iri: str, base_iri: str) -> str:
    """Shorten an IRI of ours; a full IRI is always right too."""
    for prefix, namespace in (("cer", base_iri), ("ce", PREFIXES["ce"])):
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and not rest.startswith("//"):
            return f"{prefix}:{rest}"
    return iri
