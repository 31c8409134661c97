"""SKOS and OWL → concept entries, in Turtle, N-Triples, JSON-LD and RDF/XML.

Read as a stream. RDF/XML goes through expat, which limits what entities may expand to; the other
notations have none. Of an OWL class its names, cross-references and named superclasses are kept,
of a SKOS concept its labels, exact matches and what is broader; restrictions and other axioms are
passed over (so ChEBI's roles are found in its OBO file, not in its OWL file).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree

from kg.terminology.curie import clean_curie, iri_to_curie, kind_of
from kg.terminology.entry import ConceptEntry, TerminologyError, make_entry

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_TYPES = {f"{_SKOS}Concept", f"{_OWL}Class", f"{_RDFS}Class"}
#: Predicate → what it says of a concept. Broad synonyms name another thing and are left out.
_PREDICATES: dict[str, str] = {
    f"{_SKOS}prefLabel": "label", f"{_RDFS}label": "title", f"{_SKOS}altLabel": "name",
    f"{_SKOS}hiddenLabel": "name", f"{_SKOS}notation": "notation", f"{_OBO_IN_OWL}id": "notation",
    f"{_OBO_IN_OWL}hasExactSynonym": "name", f"{_OBO_IN_OWL}hasRelatedSynonym": "name",
    f"{_OBO_IN_OWL}hasNarrowSynonym": "name", "http://purl.obolibrary.org/obo/IAO_0000118": "name",
    "http://www.ebi.ac.uk/efo/alternative_term": "name", f"{_OBO_IN_OWL}hasDbXref": "xref",
    f"{_SKOS}exactMatch": "xref", f"{_SKOS}broader": "broader", f"{_SKOS}broaderGeneric": "broader",
    f"{_RDFS}subClassOf": "broader", f"{_SKOS}narrower": "narrower", f"{_OWL}deprecated": "deprecated",
    f"{_RDF}type": "type",
}  # fmt: skip


@dataclass
class _Concept:
    """What has been read of one subject."""

    labels: dict[str, str] = field(default_factory=dict)  # by language
    titles: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    notations: list[str] = field(default_factory=list)
    xrefs: list[str] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)
    is_concept: bool = False
    deprecated: bool = False


#: subject, predicate, object (an IRI or a text), language of a text ("" for none), whether an IRI
_Statement = tuple[str, str, str, str, bool]


def read_rdf(
    stream: BinaryIO, file: str, notation: str, *, home: str, source: str
) -> Iterator[ConceptEntry]:
    """Read SKOS concepts and OWL classes.

    Parameters
    ----------
    stream
        The file's content.
    file
        Its name, for messages.
    notation
        ``turtle``, ``ntriples``, ``jsonld`` or ``xml``.
    home
        Prefix of concepts whose IRI belongs to no vocabulary that is known or declared.
    source
        Vocabulary and release, for people.

    Raises
    ------
    TerminologyError
        If the file cannot be parsed, or holds no concept.
    """
    prefixes: dict[str, str] = {}
    statements = (
        _xml_statements(stream, file, prefixes)
        if notation == "xml"
        else _triples(stream, file, notation, prefixes)
    )
    concepts: dict[str, _Concept] = {}
    for subject, predicate, value, language, is_iri in statements:
        said = _PREDICATES.get(predicate)
        if said is None:
            continue
        if said == "narrower":
            concepts.setdefault(value, _Concept()).broader.append(subject)
        else:
            _note(concepts.setdefault(subject, _Concept()), said, value, language, is_iri)

    def curie_of(text: str) -> str | None:
        if "://" in text:
            return iri_to_curie(text, prefixes, home)
        return clean_curie(text)

    number = 0
    for iri, concept in concepts.items():
        label = _english(concept.labels) or _english(concept.titles)
        if concept.deprecated or not concept.is_concept or label is None:
            continue
        own = next((c for text in concept.notations if (c := clean_curie(text))), None)
        curie = iri_to_curie(iri, prefixes) or own or iri_to_curie(iri, home=home)
        if curie is None:
            continue
        number += 1
        yield make_entry(
            curie, label, kind_of(curie), names=concept.names, source=source,
            xrefs=[found for text in concept.xrefs if (found := curie_of(text))],
            broader=[found for text in concept.broader if (found := curie_of(text))],
        )  # fmt: skip
    if number == 0:
        raise TerminologyError(
            f"{file}: holds no SKOS concept and no OWL class with a label; is it a vocabulary?"
        )


def _note(concept: _Concept, said: str, value: str, language: str, is_iri: bool) -> None:
    if said == "type":
        concept.is_concept = concept.is_concept or value in _TYPES
    elif said == "deprecated":
        concept.deprecated = value in ("true", "1")
    elif said in ("label", "title"):
        labels = concept.labels if said == "label" else concept.titles
        labels.setdefault(language, value)
    elif said == "name":
        if language == "" or language.startswith("en"):
            concept.names.append(value)
    elif said == "notation":
        concept.notations.append(value)
    elif said == "xref":
        concept.xrefs.append(value)
    elif is_iri:  # broader
        concept.broader.append(value)


def _english(labels: dict[str, str]) -> str | None:
    """Return the English label, else one without a language, else the first language's."""
    order = sorted(labels, key=lambda tag: (not tag.startswith("en"), tag))
    return labels[order[0]] if order else None


def _triples(
    stream: BinaryIO, file: str, notation: str, prefixes: dict[str, str]
) -> Iterator[_Statement]:
    import pyoxigraph as ox

    formats = {
        "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
    }  # fmt: skip
    parser = ox.parse(stream, format=formats[notation], base_iri="https://w3id.org/clinev/file/")
    try:
        for quad in parser:
            triple = quad.triple
            if not isinstance(triple.subject, ox.NamedNode):
                continue
            value = triple.object
            if isinstance(value, ox.NamedNode):
                yield triple.subject.value, triple.predicate.value, value.value, "", True
            elif isinstance(value, ox.Literal):
                language = (value.language or "").lower()
                yield triple.subject.value, triple.predicate.value, value.value, language, False
        prefixes.update(getattr(parser, "prefixes", {}))
    except SyntaxError as error:
        place = "" if error.lineno is None else f", line {error.lineno}"
        problem = str(error.msg or error)
        raise TerminologyError(f"{file}{place}: no valid {notation}: {problem}") from error


def _xml_statements(stream: BinaryIO, file: str, prefixes: dict[str, str]) -> Iterator[_Statement]:
    """Yield what nodes with ``rdf:about`` say of themselves, nested ones included.

    Ontologies declare entities for their name spaces, so that these are expanded: expat, from 2.4.1
    on, stops where they grow a hundredfold. None is fetched.
    """
    about, resource, datatype = f"{{{_RDF}}}about", f"{{{_RDF}}}resource", f"{{{_RDF}}}Description"
    depth = 0
    root: ElementTree.Element | None = None
    try:
        events = ElementTree.iterparse(stream, events=("start", "end", "start-ns"))
        for event, item in events:
            if event == "start-ns":
                prefix, start = item
                prefixes.setdefault(prefix, start)
            elif event == "start":
                root = item if root is None else root
                depth += 1
            else:
                depth -= 1
                subject = item.get(about)
                if subject:
                    if item.tag != datatype:
                        yield subject, f"{_RDF}type", _name(item.tag), "", True
                    yield from _properties(item, subject, about, resource)
                if depth == 1 and root is not None:
                    root.clear()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise TerminologyError(
            f"{file}, line {line}, column {column}: no well-formed XML: {error}"
        ) from error


def _properties(
    node: ElementTree.Element, subject: str, about: str, resource: str
) -> Iterator[_Statement]:
    for child in node:
        predicate = _name(child.tag)
        target = child.get(resource)
        if target is None and len(child):
            target = child[0].get(about)
            if target is None:
                continue  # a restriction, or something else without a name
        if target is not None:
            yield subject, predicate, target, "", True
        elif child.text and child.text.strip():
            yield subject, predicate, child.text.strip(), child.get(_XML_LANG, "").lower(), False


def _name(tag: str) -> str:
    """Return the IRI of an element: ``{http://a#}b`` is ``http://a#b``."""
    return tag[1:].replace("}", "", 1) if tag.startswith("{") else tag
