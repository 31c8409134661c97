"""Who is who: keys of nodes that depend on content alone, and studies known under several names.

Node names are the last part of their IRIs, ``<kind>-<hash>``, and keep to letters, digits, ``-``
and ``.``, so that each is a legal prefixed name.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from kg.records import Concept, Document, Record, Study, content_id
from kg.vocabulary import XREF_PREFIXES

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9.]*):([A-Za-z0-9][A-Za-z0-9._-]*)")
_NODE_NAME = re.compile(r"concept-[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_ORDER = {"registry": 0, "doi": 1, "pmid": 2}


def node_name(kind: str, key: Any) -> str:
    """Return the name of a node: its kind and a hash of its key."""
    return content_id(kind, key)


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
    """Which identifiers name one study: a DOI here, the same DOI with its PMID there.

    Built by one pass over all records before the graph is written; each worker then computes the
    same IRIs. Without it a study goes by the first of its own identifiers.
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    @classmethod
    def of(cls, records: Iterable[Record]) -> Identities:
        """Read the identifiers of all studies."""
        found = cls()
        for record in records:
            for study in record.studies:
                found.join(study_identifiers(study))
        return found

    def join(self, identifiers: Iterable[str]) -> None:
        """Note that all `identifiers` name one study."""
        roots = sorted({self.canonical(item) for item in identifiers}, key=_strength)
        for root in roots[1:]:
            self._parent[root] = roots[0]

    def canonical(self, identifier: str) -> str:
        """Return the strongest identifier of the same study."""
        while (parent := self._parent.get(identifier)) is not None:
            identifier = parent
        return identifier


def _strength(identifier: str) -> tuple[int, str]:
    return _ORDER[identifier.partition(":")[0]], identifier


def study_nodes(record: Record, identities: Identities) -> dict[str, str]:
    """Name the studies of a record: study id → node.

    A component study without identifiers is known by its synthesis, label and year, any other by
    its document and its place among the document's studies.
    """
    by_id = {study.id: study for study in record.studies}
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
            foreign = {identities.canonical(item) for item in study_identifiers(parent)}
        own = [identities.canonical(item) for item in study_identifiers(study)]
        own = [item for item in own if item not in foreign]
        if own:
            key: Any = min(own, key=_strength)
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
        named[study.id] = node_name("study", key if own and not ordinal else [key, ordinal])
        return named[study.id]

    first = {
        study.id: min((span.start_char for span in study.evidence), default=0)
        for study in record.studies
    }
    for study in sorted(
        record.studies, key=lambda study: (first[study.id], record.studies.index(study))
    ):
        name(study, ())
    return named


def concepts_by_id(record: Record) -> dict[str, Concept]:
    """Return the record's concepts by their identifiers."""
    return {concept.id: concept for concept in record.concepts}


def document_node(document: Document) -> str:
    """Return the node of a document."""
    return f"doc-{document_tail(document.sha256)}"
