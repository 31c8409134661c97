"""MeSH in XML, as NLM publishes it → concept entries: descriptors and supplementary records.

Element names as in NLM's "MeSH XML data elements". All terms of a record name it, as in PubMed:
those of its narrower concepts too. Terms with their words permuted ("Arthritis, Juvenile") are left
out, since the index sets word order aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kg.safe_xml import Element, XMLSyntaxError, iterate_xml
from kg.terminology.entry import ConceptEntry, Kind, TerminologyError, make_entry

#: Roots of the two files.
MESH_ROOTS = ("DescriptorRecordSet", "SupplementalRecordSet")

#: Where a branch of the tree begins → what stands in it, the most specific branch first.
_BRANCHES: tuple[tuple[str, Kind], ...] = (
    ("C23.888", "symptom"), ("C", "disease"), ("F03", "disease"), ("D", "chemical"),
    ("J02", "chemical"), ("G07.203.300", "chemical"), ("E02", "action"), ("E03", "action"),
    ("E04", "action"), ("E06", "action"), ("F04.754", "action"), ("I03", "action"),
    ("G11.427.410", "action"), ("G07.203.650", "action"), ("N02.421", "action"), ("M01", "population"),
    ("E01", "measurement"), ("E05.318.308", "measurement"), ("F01", "measurement"),
    ("F02", "measurement"), ("G", "measurement"), ("N05.715.360", "measurement"),
    ("N06.850.505.400", "measurement"),
)  # fmt: skip
#: ``SCRClass``: 1 chemicals, 2 protocols, 3 diseases, 4 organisms, 5 population groups, 6 anatomy.
_SUPPLEMENTS: dict[str, Kind] = {
    "1": "chemical", "2": "action", "3": "disease", "5": "population",
}  # fmt: skip
_CAS = re.compile(r"\d{2,7}-\d\d-\d")
_UNII = re.compile(r"[0-9A-Z]{10}")


@dataclass(frozen=True, slots=True)
class _Heading:
    """A descriptor whose broader headings are not known before all are read."""

    entry: ConceptEntry
    places: tuple[str, ...]


def read_mesh(stream: BinaryIO, file: str, *, home: str, source: str) -> Iterator[ConceptEntry]:
    """Read ``descYYYY.xml`` or ``suppYYYY.xml``.

    The headings' broader concepts are those above them in the tree; a supplementary record's are the
    headings to which it is mapped.

    Raises
    ------
    TerminologyError
        If the XML is damaged, declares entities, or holds no record.
    """
    headings: list[_Heading] = []
    by_place: dict[str, str] = {}
    number = 0
    try:
        for item in iterate_xml(stream, ("DescriptorRecord", "SupplementalRecord")):
            if item.tag == "DescriptorRecord":
                places = tuple(e.text or "" for e in item.iterfind("TreeNumberList/TreeNumber"))
                heading = _descriptor(item, places, source)
                headings.append(heading)
                by_place.update(dict.fromkeys(places, heading.entry.id))
            else:
                number += 1
                yield _supplement(item, source)
    except XMLSyntaxError as error:
        line, column = error.position
        raise TerminologyError(
            f"{file}, line {line}, column {column}: no well-formed XML: {error.msg}"
        ) from error
    except ValueError as error:
        raise TerminologyError(f"{file}: no MeSH that can be read: {error}") from error
    for heading in headings:
        above = (by_place.get(place.rpartition(".")[0]) for place in heading.places)
        entry = heading.entry
        yield make_entry(
            entry.id, entry.label, entry.kind, names=entry.names, abbreviations=entry.abbreviations,
            xrefs=entry.xrefs, broader=filter(None, above), source=source,
        )  # fmt: skip
    if number + len(headings) == 0:
        raise TerminologyError(f"{file}: holds no MeSH record")


def _descriptor(record: Element, places: tuple[str, ...], source: str) -> _Heading:
    names, xrefs = _concepts(record)
    identifier = record.findtext("DescriptorUI", "")
    label = record.findtext("DescriptorName/String", "")
    entry = make_entry(
        f"MESH:{identifier}", label, _kind(places), names=names, xrefs=xrefs, source=source
    )
    return _Heading(entry, places)


def _supplement(record: Element, source: str) -> ConceptEntry:
    names, xrefs = _concepts(record)
    mapped = record.iterfind(
        "HeadingMappedToList/HeadingMappedTo/DescriptorReferredTo/DescriptorUI"
    )
    return make_entry(
        f"MESH:{record.findtext('SupplementalRecordUI', '')}",
        record.findtext("SupplementalRecordName/String", ""),
        _SUPPLEMENTS.get(record.get("SCRClass", ""), "other"), names=names, xrefs=xrefs,
        broader=["MESH:" + (item.text or "").lstrip("*") for item in mapped], source=source,
    )  # fmt: skip


def _concepts(record: Element) -> tuple[list[str], list[str]]:
    """Return the names of a record's concepts, the preferred one's first, and their registry numbers."""
    found = sorted(
        record.iterfind("ConceptList/Concept"),
        key=lambda concept: concept.get("PreferredConceptYN") != "Y",
    )
    names: list[str] = []
    xrefs: list[str] = []
    for concept in found:
        for term in concept.iterfind("TermList/Term"):
            if term.get("IsPermutedTermYN") != "Y":
                names.append(term.findtext("String", ""))
        if concept.get("PreferredConceptYN") != "Y":
            continue
        numbers = [concept.findtext("RegistryNumber", "")]
        numbers += [e.text or "" for e in concept.iterfind("RegistryNumberList/RegistryNumber")]
        numbers += [
            e.text or ""
            for e in concept.iterfind("RelatedRegistryNumberList/RelatedRegistryNumber")
        ]
        for number in (text.split()[0] for text in numbers if text.split()):
            if _CAS.fullmatch(number):
                xrefs.append(f"CAS:{number}")
            elif _UNII.fullmatch(number) and re.search(r"\d", number):
                xrefs.append(f"UNII:{number}")
    return names, xrefs


def _kind(places: tuple[str, ...]) -> Kind:
    """Return what a heading is by its first branch that tells."""
    for start, kind in _BRANCHES:
        if any(place == start or place.startswith(_below(start)) for place in places):
            return kind
    return "other"


def _below(start: str) -> str:
    """Return how tree numbers within a branch begin: "C" is a whole category, "C23.888" a heading."""
    return start if len(start) == 1 else f"{start}."
