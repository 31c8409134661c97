"""A sorted set of triples that need not fit into memory: sorted runs on disk, merged on reading."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.runs import HELD_BYTES, Runs, without_count

_BATCH = 10_000


class SortedTriples:
    """Collects triples; iterating yields each once, in the order of N-Triples lines.

    Parameters
    ----------
    held_bytes
        Lines held in memory; more go to a temporary folder that lives as long as the context.
    """

    def __init__(self, held_bytes: int = HELD_BYTES) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="clinev-")
        self._runs = Runs(Path(self._folder.name), held_bytes)

    def __enter__(self) -> SortedTriples:
        return self

    def __exit__(self, *told: object) -> None:
        self._folder.cleanup()

    def add(self, triples: Iterable[ox.Triple]) -> None:
        """Add triples in any order."""
        triples = iter(triples)
        while batch := list(islice(triples, _BATCH)):
            self._runs.add("".join(f"{triple} .\n" for triple in batch).encode())

    def batches(self) -> Iterator[list[bytes]]:
        """Yield each triple once as a line with its point, sorted, in batches."""
        for batch in self._runs.batches():
            yield [without_count(line) for line in batch]

    def __iter__(self) -> Iterator[ox.Triple]:
        for batch in self.batches():
            yield from parse_lines(batch)


def parse_lines(lines: list[bytes]) -> Iterator[ox.Triple]:
    """Yield the triples of lines of N-Triples."""
    for quad in ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple
