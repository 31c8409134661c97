"""SHACL: whether a graph keeps to the model. Lexical forms first, then shapes.

``pyshacl`` needs about a second for a thousand triples, so large graphs are checked by sample:
records document by document, a Turtle file at some of its nodes, chosen by hash.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from kg.errors import ValidationFailed
from kg.identity import Identities
from kg.rdf import Triple, record_triples, settle
from kg.records import Record
from kg.resources import find_resources
from kg.spool import SortedTriples
from kg.terms import name_of
from kg.vocabulary import RDF_TYPE, TERMS, XSD

if TYPE_CHECKING:
    import rdflib

#: Triples up to which every node of a Turtle file is checked.
WHOLE_LIMIT = 20_000
#: Nodes and documents that are checked of larger ones.
SAMPLE = 200

_LEXICAL = {
    f"{XSD}decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    f"{XSD}integer": re.compile(r"[+-]?\d+"),
    f"{XSD}nonNegativeInteger": re.compile(r"\+?\d+|-0+"),
    f"{XSD}boolean": re.compile(r"true|false|1|0"),
    f"{XSD}gYear": re.compile(r"-?\d{4,}"),
}
Item = TypeVar("Item")
_SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One finding: ``severity`` is ``violation``, ``warning`` or ``info``."""

    severity: str
    node: str
    path: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found; warnings do not keep a graph from conforming.

    ``checked`` counts the documents or nodes that were looked at, ``of`` how many there are.
    """

    conforms: bool
    results: tuple[Violation, ...]
    checked: int
    of: int


def validate(source: Path | Iterable[Record], sample: int | None = SAMPLE) -> Report:
    """Check a Turtle file or records against the shapes of ``schemas/shapes``.

    Parameters
    ----------
    source
        A Turtle file, or records, each checked by itself.
    sample
        How many documents, or nodes of a file of more than `WHOLE_LIMIT` triples, are checked;
        the same on every run. ``None``: all.

    Raises
    ------
    ValidationFailed
        If the file is no Turtle.
    """
    return (
        _validate_file(source, sample)
        if isinstance(source, Path)
        else _validate_records(source, sample)
    )


def shapes_graph() -> rdflib.Graph:
    """Return all shapes as one graph."""
    import rdflib

    graph = rdflib.Graph()
    for path in sorted((find_resources("schemas") / "shapes").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


def lexical_violations(triples: Iterable[Triple]) -> list[Violation]:
    """Find literals that are not of their datatype: SHACL processors stumble over them."""
    found = []
    for triple in triples:
        term = triple.object
        if isinstance(term, ox.Literal):
            form = _LEXICAL.get(term.datatype.value)
            if form is not None and not form.fullmatch(term.value):
                name = term.datatype.value.removeprefix(XSD)
                message = f"not an xsd:{name}"
                found.append(
                    Violation(
                        "violation", str(triple.subject), str(triple.predicate), term.value, message
                    )
                )
    return found


def _validate_records(records: Iterable[Record], sample: int | None) -> Report:
    records = sorted(records, key=lambda record: record.document.path)
    identities = Identities.of(records)
    chosen = _chosen(records, [record.document.sha256 for record in records], sample)
    shapes = shapes_graph()
    found: set[Violation] = set()
    for record in chosen:
        with SortedTriples() as spool:
            spool.add(record_triples(record, identities))
            found.update(_check(list(settle(spool)), shapes, None))
    return _report(found, len(chosen), len(records))


def _validate_file(path: Path, sample: int | None) -> Report:
    try:
        number, subjects = _survey(path)
    except (SyntaxError, OSError, ValueError) as error:
        raise ValidationFailed(f"{path}: cannot be read as Turtle: {error}") from error
    focus = None
    if sample is not None and number > WHOLE_LIMIT and len(subjects) > sample:
        focus = _chosen(subjects, subjects, sample)
    triples = list(_triples(path)) if focus is None else _around(path, set(focus))
    found = _check(triples, shapes_graph(), focus)
    return _report(found, len(focus or subjects), len(subjects))


def _triples(path: Path) -> Iterator[Triple]:
    return (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


def _survey(path: Path) -> tuple[int, list[str]]:
    """Count the triples and list the nodes of our classes."""
    number, found = 0, set()
    for triple in _triples(path):
        number += 1
        if triple.predicate.value == RDF_TYPE and name_of(triple.object).startswith(TERMS):
            found.add(name_of(triple.subject))
    return number, sorted(found)


def _around(path: Path, focus: set[str]) -> list[Triple]:
    """Return what the shapes may ask of some nodes: all of them, of what they name, and who names them."""
    near = set(focus)
    for _ in range(2):  # a span's selector is two steps away
        named = {
            triple.object.value for triple in _triples(path)
            if name_of(triple.subject) in near and isinstance(triple.object, ox.NamedNode)
        }  # fmt: skip
        near |= named
    return [
        triple for triple in _triples(path)
        if name_of(triple.subject) in near
        or (isinstance(triple.object, ox.NamedNode) and triple.object.value in focus)
    ]  # fmt: skip


def _chosen(items: Sequence[Item], keys: Sequence[str], sample: int | None) -> list[Item]:
    """Choose `sample` items by the hash of their keys, in their order."""
    if sample is None or len(items) <= sample:
        return list(items)
    ranked = sorted(range(len(items)), key=lambda i: (hashlib.sha256(keys[i].encode()).digest(), i))
    return [items[index] for index in sorted(ranked[:sample])]


def _check(
    triples: Sequence[Triple], shapes: rdflib.Graph, focus: Sequence[str] | None
) -> list[Violation]:
    lexical = lexical_violations(triples)
    if lexical:
        return lexical
    import pyshacl
    import rdflib

    data = rdflib.Graph()
    data.parse(io.BytesIO(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""), format="nt")
    _, results, _ = pyshacl.validate(
        data, shacl_graph=shapes, advanced=False, inference="none", inplace=True,
        focus_nodes=None if focus is None else list(focus),
    )  # fmt: skip
    return _violations(results)


def _violations(results: rdflib.Graph) -> list[Violation]:
    import rdflib

    sh = rdflib.Namespace(_SHACL)
    found = []
    for result in results.subjects(rdflib.RDF.type, sh.ValidationResult):
        severity = str(results.value(result, sh.resultSeverity)).removeprefix(_SHACL).lower()
        parts = [
            results.value(result, key)
            for key in (sh.focusNode, sh.resultPath, sh.value, sh.resultMessage)
        ]
        node, path, value, message = ("" if part is None else str(part) for part in parts)
        found.append(Violation(severity, node, path, value, message))
    return found


def _report(found: Iterable[Violation], checked: int, of: int) -> Report:
    results = tuple(sorted(set(found)))
    return Report(not any(item.severity == "violation" for item in results), results, checked, of)
