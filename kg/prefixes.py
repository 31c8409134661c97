"""Between IRIs and CURIEs, for people: ``cer:effect-…`` for the IRI of an effect, and back."""

from __future__ import annotations

from functools import cache

import curies

from kg.vocabulary import DEFAULT_BASE, PREFIXES, XREF_PREFIXES


@cache
def converter(base_iri: str = DEFAULT_BASE) -> curies.Converter:
    """Return the converter of all prefixes that the graph uses; the longest prefix wins."""
    records: dict[str, str] = {}
    taken: set[str] = set()
    for prefix, start in {"cer": base_iri, **PREFIXES, **XREF_PREFIXES}.items():
        if start not in taken:
            taken.add(start)
            records[prefix] = start
    return curies.Converter.from_prefix_map(records)


def shorten(iri: str, base_iri: str = DEFAULT_BASE) -> str:
    """Return the CURIE of an IRI, the IRI itself where no prefix fits.

    >>> shorten("http://id.nlm.nih.gov/mesh/D014807")
    'mesh:D014807'
    >>> shorten("https://example.org/x")
    'https://example.org/x'
    """
    return converter(base_iri).compress(iri) or iri


def lengthen(curie: str, base_iri: str = DEFAULT_BASE) -> str:
    """Return the IRI of a CURIE; what is none, or has an unknown prefix, comes back as it is.

    >>> lengthen("ce:decreases")
    'https://w3id.org/clinev/ns#decreases'
    """
    return converter(base_iri).expand(curie) or curie
