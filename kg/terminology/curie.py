"""Identifiers of terminologies in one spelling: IRIs and CURIEs as publishers write them → CURIE."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.terminology.entry import Kind

#: Where the terms of a vocabulary have their IRIs → its prefix; the longest start wins.
IRI_STARTS: dict[str, str] = {
    "http://id.nlm.nih.gov/mesh/": "MESH",
    "http://www.ebi.ac.uk/efo/EFO_": "EFO",
    "http://www.orpha.net/ORDO/Orphanet_": "ORPHANET",
    "http://snomed.info/id/": "SNOMEDCT",
    "http://linkedlifedata.com/resource/umls/id/": "UMLS",
    "https://uts.nlm.nih.gov/uts/umls/concept/": "UMLS",
    "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#": "NCIT",
    "https://omim.org/entry/": "OMIM",
    "http://purl.bioontology.org/ontology/ICD10CM/": "ICD10CM",
    "http://purl.bioontology.org/ontology/MESH/": "MESH",
    "http://www.wikidata.org/entity/": "WIKIDATA",
}
#: Prefixes as publishers write them (lower case) → the vocabulary's own spelling.
PREFIX_SPELLINGS: dict[str, str] = {
    "msh": "MESH", "mesh": "MESH", "meshd": "MESH", "umls": "UMLS", "umls_cui": "UMLS", "nci": "NCIT",
    "ncit": "NCIT", "ordo": "ORPHANET", "orphanet": "ORPHANET", "orpha": "ORPHANET", "mim": "OMIM",
    "omim": "OMIM", "cas": "CAS", "casrn": "CAS", "sctid": "SNOMEDCT", "snomedct": "SNOMEDCT",
    "snomedct_us": "SNOMEDCT", "snomed": "SNOMEDCT", "icd10cm": "ICD10CM", "icd9cm": "ICD9CM",
    "icd10": "ICD10", "icd9": "ICD9", "icd11": "ICD11", "gard": "GARD", "drugbank": "DRUGBANK",
    "unii": "UNII", "efo": "EFO", "doid": "DOID", "mondo": "MONDO", "hp": "HP", "hpo": "HP",
    "symp": "SYMP", "chebi": "CHEBI", "cmo": "CMO", "maxo": "MAXO", "vt": "VT", "meddra": "MEDDRA",
    "wikidata": "WIKIDATA", "clinev": "CLINEV",
}  # fmt: skip
#: What the terms of a vocabulary are, where all of them are of one kind.
KINDS_BY_PREFIX: dict[str, Kind] = {
    "DOID": "disease", "MONDO": "disease", "ORPHANET": "disease", "OMIM": "disease",
    "GARD": "disease", "ICD10CM": "disease", "ICD10": "disease", "ICD9CM": "disease",
    "HP": "symptom", "SYMP": "symptom", "MP": "symptom", "CMO": "measurement", "VT": "measurement",
    "LOINC": "measurement", "MAXO": "action", "CHEBI": "chemical", "DRUGBANK": "chemical",
    "RXNORM": "chemical", "CAS": "chemical", "UNII": "chemical", "FOODON": "chemical",
}  # fmt: skip

_OBO_IRI = re.compile(r"https?://purl\.obolibrary\.org/obo/([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9]+)")
_RESOLVER = re.compile(
    r"https?://(?:bioregistry\.io|(?:www\.)?identifiers\.org)/([A-Za-z][A-Za-z0-9._-]*)[:/]"
    r"(?:[A-Za-z]+:)?([A-Za-z0-9][A-Za-z0-9._-]*)"
)
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*):([A-Za-z0-9][A-Za-z0-9_./-]*)")
_YEAR_PATH = re.compile(r"^(?:19|20)\d\d/")
_LAST = re.compile(r"(?<=[/#:])([A-Za-z0-9][A-Za-z0-9_.-]*)/?$")


def clean_curie(text: str) -> str | None:
    """Return a CURIE with its prefix in the vocabulary's own spelling, ``None`` for what is none.

    Examples
    --------
    >>> clean_curie("MSH:D001172"), clean_curie("SNOMEDCT_US_2023_09_01:69896004"), clean_curie("x")
    ('MESH:D001172', 'SNOMEDCT:69896004', None)
    """
    match = _CURIE.fullmatch(text.strip())
    if match is None or match[1].lower() in ("http", "https", "url", "urn"):
        return None
    prefix = re.sub(r"(?i)^(snomedct_us)_.*", r"\1", match[1])
    return f"{PREFIX_SPELLINGS.get(prefix.lower(), prefix)}:{match[2]}"


def iri_to_curie(iri: str, prefixes: Mapping[str, str] | None = None, home: str = "") -> str | None:
    """Return the CURIE of a term's IRI.

    Parameters
    ----------
    iri
        As a file writes it.
    prefixes
        Prefix → start of IRIs, as the file declares them: asked where no known vocabulary fits.
    home
        Prefix of what remains, for vocabularies of a user's own; "" for none.

    Examples
    --------
    >>> iri_to_curie("http://purl.obolibrary.org/obo/DOID_7148")
    'DOID:7148'
    >>> iri_to_curie("http://id.nlm.nih.gov/mesh/2024/D014807")
    'MESH:D014807'
    >>> iri_to_curie("https://example.org/foods#milk", {"food": "https://example.org/foods#"})
    'food:milk'
    """
    if match := _OBO_IRI.fullmatch(iri):
        return clean_curie(f"{match[1]}:{match[2]}")
    if match := _RESOLVER.fullmatch(iri):
        return clean_curie(f"{match[1]}:{match[2]}")
    for start, prefix in IRI_STARTS.items():
        if iri.startswith(start):
            return clean_curie(f"{prefix}:{_YEAR_PATH.sub('', iri[len(start) :])}")
    best = max(
        (item for item in (prefixes or {}).items() if item[0] and iri.startswith(item[1])),
        key=lambda item: (len(item[1]), item[0]),
        default=None,
    )
    if best is not None and (found := clean_curie(f"{best[0]}:{iri[len(best[1]) :]}")):
        return found
    last = _LAST.search(iri)
    return clean_curie(f"{home}:{last[1]}") if home and last else None


def kind_of(curie: str) -> Kind:
    """Return what a vocabulary's terms are, ``"other"`` where the prefix does not tell."""
    return KINDS_BY_PREFIX.get(curie.partition(":")[0], "other")
