"""A sorted set of triples that need not fit into memory: sorted runs on disk, merged on reading."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

#: Triples held in memory before a run is written, about 0.6 kB each.
RUN_LENGTH = 500_000
_BATCH = 10_000


class SortedTriples:
    """Collects triples; iterating yields each once, in the order of N-Triples lines.

    Parameters
    ----------
    run_length
        Triples held in memory; more go to a temporary folder that lives as long as the context.
    """

    def __init__(self, run_length: int = RUN_LENGTH) -> None:
        self._limit = run_length
        self._held: set[str] = set()
        self._runs: list[Path] = []
        self._files = ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> SortedTriples:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.close()

    def add(self, triples: Iterable[ox.Triple]) -> None:
        """Add triples in any order."""
        for triple in triples:
            self._held.add(str(triple))
            if len(self._held) >= self._limit:
                self._spill()

    def add_lines(self, lines: Iterable[str]) -> None:
        """Add lines as :meth:`lines` yields them, for example from another process."""
        for line in lines:
            self._held.add(line)
            if len(self._held) >= self._limit:
                self._spill()

    def lines(self) -> Iterator[str]:
        """Yield each triple once as ``<s> <p> o`` without the final point, sorted."""
        runs = [_read_run(path) for path in self._runs]
        last = None
        for line in heapq.merge(*runs, sorted(self._held)):
            if line != last:
                yield line
                last = line

    def __iter__(self) -> Iterator[ox.Triple]:
        lines = self.lines()
        while batch := list(islice(lines, _BATCH)):
            text = "".join(f"{line} .\n" for line in batch).encode()
            for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES):
                yield quad.triple

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = Path(
                self._files.enter_context(tempfile.TemporaryDirectory(prefix="clinev-"))
            )
        path = self._folder / f"{len(self._runs)}.nt"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in sorted(self._held))
        self._runs.append(path)
        self._held.clear()


def _read_run(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.removesuffix("\n")
