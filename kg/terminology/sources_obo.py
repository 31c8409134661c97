"""OBO files and obographs (JSON) → concept entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from kg.terminology.curie import clean_curie, iri_to_curie, kind_of
from kg.terminology.entry import ConceptEntry, TerminologyError, make_entry

#: Relations that make their object a broader concept. ChEBI says by a role that a compound is a
#: drug, a vitamin or a nutrient.
_BROADER_RELATIONS = frozenset(
    {"has_role", "RO:0000087", "http://purl.obolibrary.org/obo/RO_0000087"}
)
_BROAD = frozenset({"BROAD", "hasBroadSynonym"})


def read_obo(stream: BinaryIO, file: str, *, home: str, source: str) -> Iterator[ConceptEntry]:
    """Read the terms of an OBO file (format 1.2 or 1.4), obsolete ones left out.

    Parameters
    ----------
    stream, file
        The content, and the file's name for messages.
    home
        Not used: OBO identifiers have their prefix.
    source
        Vocabulary and release, for people; the header's ``data-version`` is added to it.

    Raises
    ------
    TerminologyError
        If a line cannot be read, or there is no term.
    """
    import fastobo

    number = 0
    try:
        frames = fastobo.iter(stream, ordered=True, threads=1)
        release = _release(frames.header())
        titled = f"{source} {release}" if release and release not in source else source
        for frame in frames:
            if not isinstance(frame, fastobo.term.TermFrame):
                continue
            entry = _from_frame(frame, titled)
            if entry is not None:
                number += 1
                yield entry
    except SyntaxError as error:
        line = "" if error.lineno is None else f", line {error.lineno}"
        raise TerminologyError(
            f"{file}{line}: no valid OBO: {error.msg}: {(error.text or '').strip()!r}"
        ) from error
    if number == 0:
        raise TerminologyError(f"{file}: holds no [Term] that is not obsolete; is it an OBO file?")


def _release(header: Any) -> str:
    for clause in header:
        if clause.raw_tag() == "data-version":
            found = re.search(r"\d{4}-\d{2}-\d{2}|\d[\w.]*", clause.raw_value())
            return found[0] if found else ""
    return ""


def _from_frame(frame: Any, source: str) -> ConceptEntry | None:
    label = ""
    names: list[str] = []
    xrefs: list[str] = []
    broader: list[str] = []
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "is_obsolete" and clause.obsolete:
            return None
        if tag == "name":
            label = clause.name
        elif tag == "synonym" and clause.synonym.scope not in _BROAD:
            names.append(clause.synonym.desc)
        elif tag == "xref":
            xrefs.append(str(clause.xref.id))
        elif tag == "is_a" or (tag == "relationship" and str(clause.typedef) in _BROADER_RELATIONS):
            broader.append(str(clause.term))
    curie = _curie(str(frame.id))
    if curie is None or not label:
        return None
    return make_entry(
        curie, label, kind_of(curie), names=names, source=source,
        xrefs=filter(None, map(_curie, xrefs)), broader=filter(None, map(_curie, broader)),
    )  # fmt: skip


def _curie(text: str) -> str | None:
    return iri_to_curie(text) if "://" in text else clean_curie(text.replace("\\:", ":"))


def read_obographs(
    stream: BinaryIO, file: str, *, home: str, source: str
) -> Iterator[ConceptEntry]:
    """Read the classes of an obographs file, as a stream.

    Parameters are those of :func:`read_obo`; `home` is the prefix of nodes whose IRI belongs to no
    known vocabulary. The nodes of a graph are held until its edges are read.

    Raises
    ------
    TerminologyError
        If the file is no JSON, or holds no graph with a class.
    """
    import ijson

    number = 0
    nodes: list[tuple[str, dict[str, Any]]] = []
    broader: dict[str, list[str]] = {}
    try:
        for prefix, value in _items(stream, ("graphs.item.nodes.item", "graphs.item.edges.item")):
            if prefix == "graphs.item.nodes.item":
                nodes.append((str(value.get("id", "")), value))
            elif value.get("pred") in ("is_a", *_BROADER_RELATIONS):
                broader.setdefault(str(value.get("sub")), []).append(str(value.get("obj")))
    except ijson.JSONError as error:
        raise TerminologyError(f"{file}: no valid JSON: {str(error).splitlines()[0]}") from error
    for iri, node in nodes:
        entry = _from_node(iri, node, broader.get(iri, []), home, source)
        if entry is not None:
            number += 1
            yield entry
    if number == 0:
        raise TerminologyError(
            f"{file}: holds no class; obographs JSON has graphs with nodes and edges"
        )


def _items(stream: BinaryIO, wanted: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the objects at several places of a JSON file in one pass."""
    import ijson
    from ijson.common import ObjectBuilder

    builder: Any = None
    at = ""
    depth = 0
    for prefix, event, value in ijson.parse(stream, use_float=True):
        if builder is None and prefix in wanted and event == "start_map":
            builder, at, depth = ObjectBuilder(), prefix, 0
        if builder is None:
            continue
        builder.event(event, value)
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if depth == 0:
            yield at, builder.value
            builder = None


def _from_node(
    iri: str, node: dict[str, Any], broader: list[str], home: str, source: str
) -> ConceptEntry | None:
    meta = node.get("meta") or {}
    label = str(node.get("lbl") or "").strip()
    curie = iri_to_curie(iri, home=home) if "://" in iri else clean_curie(iri)
    if curie is None or not label or meta.get("deprecated"):
        return None
    if node.get("type", "CLASS") != "CLASS":
        return None
    synonyms = meta.get("synonyms") or []
    xrefs = [str(xref.get("val", "")) for xref in meta.get("xrefs") or []]
    return make_entry(
        curie, label, kind_of(curie), source=source,
        names=[str(s.get("val", "")) for s in synonyms if s.get("pred") not in _BROAD],
        xrefs=filter(None, map(_curie, xrefs)),
        broader=[c for text in broader if (c := iri_to_curie(text, home=home) or clean_curie(text))],
    )  # fmt: skip
