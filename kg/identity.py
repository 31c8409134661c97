"""Who is who: keys of nodes that depend on content alone, and studies known under several names.

Node names are the last part of their IRIs, ``<kind>-<hash>``, and keep to letters, digits, ``-``
and ``.``, so that each is a legal prefixed name.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.records import Concept, Document, Record, Study, content_id
from kg.retraction import note_retraction
from kg.vocabulary import XREF_PREFIXES

if TYPE_CHECKING:
    from kg.study_matching import Match

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9.]*):([A-Za-z0-9][A-Za-z0-9._-]*)")
_NODE_NAME = re.compile(r"concept-[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
#: Begins what a build knows of a record whose publication a list names as retracted.
LISTED = "retracted "
_ORDER = {"registry": 0, "doi": 1, "pmid": 2}


def node_name(kind: str, key: Any) -> str:
    """Return the name of a node: its kind and a hash of its key."""
    return content_id(kind, key)


@lru_cache(maxsize=64)
def document_tail(sha256: str) -> str:
    """Return 26 characters for a document: the first 128 bits of its SHA-256, in base32."""
    return base64.b32encode(bytes.fromhex(sha256)[:16]).decode().rstrip("=").lower()


def fold(label: str) -> str:
    """Return a label as it is compared: NFC, white space folded, case folded."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", label)).strip().casefold()


def slug(label: str, limit: int = 40) -> str:
    """Return ASCII letters, digits and hyphens for the eye; it need not be unique."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].rstrip("-") or "unnamed"


def label_node(kind: str, label: str) -> str:
    """Return the node of a concept that no terminology knows: ``concept-x-<slug>-<hash>``."""
    digest = content_id("concept", [kind, fold(label)]).removeprefix("concept-")[:10]
    return f"concept-x-{slug(label)}-{digest}"


def concept_node(identifier: str) -> str | None:
    """Return the node of a terminology's concept, ``None`` if `identifier` names none.

    >>> concept_node("MESH:D014807")
    'concept-mesh.D014807'
    """
    if curie := _CURIE.fullmatch(identifier):
        name = curie[2].strip("._-")
        return f"concept-{curie[1].lower()}.{name}" if name else None
    return identifier if _NODE_NAME.fullmatch(identifier) else None


def xref_iri(curie: str) -> str | None:
    """Return the IRI of a term of another vocabulary, ``None`` for what is no CURIE."""
    match = _CURIE.fullmatch(curie)
    if match is None:
        return None
    prefix, identifier = match[1].lower(), match[2]
    return XREF_PREFIXES.get(prefix, f"http://bioregistry.io/{prefix}:") + identifier


def clean_doi(doi: str) -> str:
    """Return a DOI without resolver and in lower case, "" for what is none.

    DOIs compare without regard to case.
    """
    bare = re.sub(r"(?i)^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi).strip().lower()
    return bare if re.match(r"10\.\d+", bare) else ""


def clean_pmid(pmid: str | None) -> str | None:
    """Return a PubMed identifier's digits, ``None`` for what is none."""
    match = re.fullmatch(r"\s*(?:PMID:?\s*)?([0-9]+)\s*", pmid or "")
    return match[1] if match else None


def doi_iri(doi: str) -> str:
    """Return the DOI as an IRI, with all that RFC 3987 does not allow percent-encoded.

    Old DOIs hold ``<``, ``>``, ``;`` and ``#`` (SICI).
    """
    return "https://doi.org/" + quote(clean_doi(doi), safe="/:;()@!$&'*+,=._~-", errors="replace")


def publication_node(study: Study) -> str | None:
    """Return the publication's IRI or node name, ``None`` where the study has nothing to tell it by."""
    if study.doi and clean_doi(study.doi):
        return doi_iri(study.doi)
    if pmid := clean_pmid(study.pmid):
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    if study.title:
        return node_name("pub", {"title": fold(study.title), "year": study.year})
    return None


def study_identifiers(study: Study) -> tuple[str, ...]:
    """List what identifies a study, the strongest first: registry number, DOI, PMID.

    A study with several registry numbers is known by none of them: it may pool the trials they name.
    """
    found = []
    if len(study.registry_ids) == 1:
        found.append("registry:" + re.sub(r"[\s]+", "", study.registry_ids[0]).upper())
    if study.doi and clean_doi(study.doi):
        found.append("doi:" + clean_doi(study.doi))
    if pmid := clean_pmid(study.pmid):
        found.append("pmid:" + pmid)
    return tuple(found)


class Identities:
    """Which reports tell of one study, and why: what one pass over all records finds out.

    A *report* is a study as one document tells of it. Each worker then computes the same nodes from
    its own records. Without it (``Identities()``) a study goes by the first of its own identifiers.

    Parameters
    ----------
    names
        Report → node of its study, for the reports that may not be alone.
    matches
        Pairs of reports that look alike, merged or not.
    """

    def __init__(
        self, names: Mapping[str, str] | None = None, matches: Iterable[Match] = ()
    ) -> None:
        self._names = dict(names or {})
        self._matches: dict[str, list[Match]] = {}
        for match in matches:
            for report in (match.first, match.second):
                self._matches.setdefault(report, []).append(match)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Identities:
        """Decide who is who among the studies of all records, in memory.

        About 2 kB a study; :meth:`from_lines` does it for corpora of any size.
        """
        from kg.study_profile import identity_lines

        return cls.from_lines(sorted({line for item in records for line in identity_lines(item)}))

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Identities:
        """Decide who is who from the lines of all records.

        Parameters
        ----------
        lines
            What :func:`kg.study_profile.identity_lines` yields for each record, sorted by code points
            (by the bytes of their UTF-8 is the same). Read once, as a stream; what is held are the
            reports that share a key with another.
        """
        from kg.study_groups import group_reports

        return cls(*group_reports(lines))

    def node(self, report: str) -> str | None:
        """Return the node of a report's study, ``None`` where the report stands alone."""
        return self._names.get(report)

    def matches(self, report: str) -> tuple[Match, ...]:
        """Return the pairs to which a report belongs."""
        return tuple(self._matches.get(report, ()))

    def about(self, record: Record) -> str:
        """Return all that concerns one record, as text: its triples change only when this does."""
        return self.about_reports(set(reports_of(record).values()))

    def about_reports(self, names_of_reports: Iterable[str]) -> str:
        """Return all that concerns the reports of one record, as :meth:`about` does."""
        reports = sorted(names_of_reports)
        mine = [match for report in reports for match in self.matches(report)]
        others = {match.first for match in mine} | {match.second for match in mine}
        names = {report: self._names.get(report) for report in sorted({*reports, *others})}
        told = [dataclasses.astuple(match) for match in mine]
        return (
            json.dumps([names, told], separators=(",", ":")) if mine or any(names.values()) else ""
        )

    @classmethod
    def from_about(cls, text: str) -> Identities:
        """Read what :meth:`about` wrote: enough to name the studies of that record."""
        from kg.study_matching import Match

        if not text:
            return cls()
        names, told = json.loads(text)
        matches = [Match(first, second, same, score, tuple(reasons))
                   for first, second, same, score, reasons in told]  # fmt: skip
        return cls({report: node for report, node in names.items() if node}, matches)

    def to_json(self) -> str:
        """Return the identities as text, for another process: see :meth:`from_json`."""
        matches = {match for found in self._matches.values() for match in found}
        ordered = sorted(dataclasses.astuple(match) for match in matches)
        return json.dumps([dict(sorted(self._names.items())), ordered], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Identities:
        """Read what :meth:`to_json` wrote."""
        from kg.study_matching import Match

        names, matches = json.loads(text)
        return cls(
            names,
            [
                Match(first, second, same, score, tuple(reasons))
                for first, second, same, score, reasons in matches
            ],
        )


def strength(identifier: str) -> tuple[int, str]:
    """Return a sort key: the strongest identifier first."""
    return _ORDER[identifier.partition(":")[0]], identifier


def reports_of(record: Record) -> dict[str, str]:
    """Name the reports of a record: study id → ``<document_tail>-<ordinal>``, in the order of the text.

    Studies of one identifier and label are one report: the study is told twice.
    """
    tail = document_tail(record.document.sha256)
    ordinals: dict[object, int] = {}
    found: dict[str, str] = {}
    for study in _in_order(record):
        identifiers = study_identifiers(study)
        key: object = (identifiers, fold(study.label), study.part_of) if identifiers else study.id
        found[study.id] = f"{tail}-{ordinals.setdefault(key, len(ordinals))}"
    return found


def _in_order(record: Record) -> list[Study]:
    """Return the studies in the order of their first words."""
    first = {
        study.id: min((span.start_char for span in study.evidence), default=0)
        for study in record.studies
    }
    return sorted(record.studies, key=lambda study: (first[study.id], record.studies.index(study)))


def study_nodes(record: Record, identities: Identities) -> dict[str, str]:
    """Name the studies of a record: study id → node.

    A study that others tell of too has the name that `identities` give it. A component study without
    identifiers is known by its synthesis, label and year, any other by its document and its place
    among the document's studies.
    """
    by_id = {study.id: study for study in record.studies}
    reports = reports_of(record)
    named: dict[str, str] = {}
    taken: dict[str, list[str]] = {}

    def name(study: Study, above: tuple[str, ...]) -> str:
        if study.id in named:
            return named[study.id]
        parent = by_id.get(study.part_of or "")
        foreign: set[str] = set()
        parent_node = None
        if parent is not None and parent.id not in (*above, study.id):
            parent_node = name(parent, (*above, study.id))
            foreign = set(study_identifiers(parent))
        known = identities.node(reports[study.id])
        if known is not None:
            named[study.id] = known
            return known
        own = [item for item in study_identifiers(study) if item not in foreign]
        if own:
            key: Any = own[0]
        elif parent_node is not None:
            key = [parent_node, fold(study.label), study.year]
        else:
            key = [record.document.sha256]
        # Two studies of one document are two, even if they share an identifier: two trials of
        # one paper. Only the same label under the same identifier is the same study told twice.
        labels = taken.setdefault(str(key), [])
        label = fold(study.label) if own else study.id
        if label not in labels:
            labels.append(label)
        ordinal = labels.index(label)
        if own:
            named[study.id] = node_name("study", [key, label] if ordinal else key)
        else:
            named[study.id] = node_name("study", [key, ordinal])
        return named[study.id]

    for study in _in_order(record):
        name(study, ())
    return named


def concepts_by_id(record: Record) -> dict[str, Concept]:
    """Return the record's concepts by their identifiers."""
    return {concept.id: concept for concept in record.concepts}


def document_node(document: Document) -> str:
    """Return the node of a document."""
    return f"doc-{document_tail(document.sha256)}"


def with_what_is_known(record: Record, about: str) -> tuple[Record, Identities]:
    """Return a record as it goes into the graph, and who its studies are.

    Parameters
    ----------
    record
        As it was read.
    about
        What a build knows of it from elsewhere: :meth:`Identities.about_reports`, after `LISTED` where a list
        names its publication; "" for nothing.
    """
    if about.startswith(LISTED):
        record = note_retraction(record)
    return record, Identities.from_about(about.removeprefix(LISTED))
