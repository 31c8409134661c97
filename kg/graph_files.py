"""Documents' triples → the files of the graph: ``triples.nt``, ``graph.ttl`` and ``store/``.

    blocks of documents → sorted lines → triples.nt → settled → graph.ttl, store/

``triples.nt`` holds what all documents state, each triple with the number of documents that do; the
other two hold what stands of it. Nothing here grows with the corpus but the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from kg.runs import count_of, write_lines
from kg.settling import settle_lines
from kg.store import StoreWriter
from kg.turtle import TurtleText

_POINT = ord(".")


class InconsistentError(Exception):
    """Triples are to be taken away that are not there: the files must be written anew."""


def write_graph(
    batches: Iterable[list[bytes]], triples: Path, turtle: Path, store: Path, base_iri: str
) -> None:
    """Write all three from sorted lines (see :mod:`kg.runs`).

    Raises
    ------
    BuildError
        If the store cannot be written.
    InconsistentError
        If a triple is stated by less than no document.
    """
    text = TurtleText(base_iri)
    with (
        triples.open("wb") as triples_file,
        turtle.open("wb") as turtle_file,
        StoreWriter(store) as writer,
    ):
        for settled in settle_lines(_kept(batches, triples_file)):
            if not turtle_file.tell():
                turtle_file.write(text.header)
            turtle_file.write(text.write(settled))
            writer.add(settled)
        turtle_file.write(text.end())


def _kept(batches: Iterable[list[bytes]], file: IO[bytes]) -> Iterator[list[bytes]]:
    """Write lines to a file as they pass."""
    for batch in batches:
        if any(line[-1] != _POINT and count_of(line) < 0 for line in batch):
            raise InconsistentError
        write_lines([batch], file)
        yield batch
