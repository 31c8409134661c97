"""Triples → bytes, in the order they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.terms import iri
from kg.vocabulary import DEFAULT_BASE, PREFIXES


def turtle_prefixes(base_iri: str = DEFAULT_BASE) -> dict[str, str]:
    """Return the prefix map of the Turtle and TriG output.

    Raises
    ------
    BuildError
        If `base_iri` is no absolute IRI.
    """
    return PREFIXES | {"cer": iri(base_iri).value}


def write_triples(
    ordered: Iterable[ox.Triple] | Iterable[ox.Quad],
    path: Path,
    base_iri: str = DEFAULT_BASE,
    format: ox.RdfFormat = ox.RdfFormat.TURTLE,
) -> int:
    """Write triples, or quads for formats with graphs, as a stream; return their number."""
    number = 0

    def counted() -> Iterator[Any]:
        nonlocal number
        for item in ordered:
            number += 1
            yield item

    with_prefixes = format in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
    prefixes = turtle_prefixes(base_iri) if with_prefixes else None
    with path.open("wb") as file:
        ox.serialize(counted(), output=file, format=format, prefixes=prefixes)
    return number
