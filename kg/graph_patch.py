"""Few changed triples → the files of the graph, from those of the build before.

What no change touches is copied as it lies, not read: places are found by halving, since the files
are sorted by subject. The store is copied by links (its table files are never written again) and
gets the difference.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import IO

import pyoxigraph as ox

from kg.errors import BuildError
from kg.graph_files import InconsistentError
from kg.output import GRAPH, STORE, TRIPLES
from kg.runs import count_of, counted
from kg.settling import Parts, settle_lines
from kg.spool import parse_lines
from kg.store import remove_diary
from kg.turtle import TurtleText

_READ_BYTES = 1 << 12
_COPIED_BYTES = 1 << 22
#: Bytes about one subject from which on it is cheaper to write everything anew.
_HUGE = 64_000_000


def patch_graph(changes: list[bytes], before: Path, after: Path, base_iri: str) -> None:
    """Write ``triples.nt``, ``graph.ttl`` and ``store/`` of a folder from those of another.

    Parameters
    ----------
    changes
        Sorted lines, each with the number of documents that state its triple more (less: negative).
    before, after
        The folder of the build before, which stays as it is, and the new one.

    Raises
    ------
    InconsistentError
        If a triple would be stated by less than no document, or a file is not as it should be.
    BuildError
        If the store cannot be written.
    """
    text = TurtleText(base_iri)
    if not (before / GRAPH).stat().st_size:
        raise InconsistentError  # no declarations there to begin with
    removed: list[Parts] = []
    added: list[Parts] = []
    with (
        SortedFile(before / TRIPLES, _subject_of_line) as lines,
        SortedFile(before / GRAPH, text.subject, text.header) as blocks,
        Copy(lines, after / TRIPLES) as new_lines,
        Copy(blocks, after / GRAPH) as new_blocks,
    ):
        for subject, group in groupby(changes, key=_subject_of_line):
            start, end = lines.find(subject, new_lines.at)
            if end - start > _HUGE:
                raise InconsistentError
            old = lines.read(start, end).split(b"\n")[:-1]
            new = counted([*old, *group])
            if any(count_of(line) < 0 for line in new):
                raise InconsistentError
            new_lines.replace(start, end, b"".join(line + b"\n" for line in new))
            stood, stands = _settled(old), _settled(new)
            if stood != stands:
                start, end = blocks.find(subject, new_blocks.at)
                if bool(stood) != (end > start):
                    raise InconsistentError
                new_blocks.replace(start, end, text.write(stands) + text.end())
                removed += sorted(set(stood) - set(stands))
                added += sorted(set(stands) - set(stood))
    if (after / GRAPH).stat().st_size == len(text.header):
        (after / GRAPH).write_bytes(b"")  # as an empty graph is written
    _patch_store(before / STORE, after / STORE, removed, added)


def _settled(lines: list[bytes]) -> list[Parts]:
    return [parts for batch in settle_lines([lines]) for parts in batch]


def _subject_of_line(line: bytes) -> bytes:
    return line[: line.index(b" ")]


class SortedFile:
    """A file of entries sorted by a key: each begins a line, further lines of it begin with a tab.

    Parameters
    ----------
    path
        The file.
    key
        Returns the key of an entry from the beginning of its first line.
    header
        What precedes the first entry.

    Raises
    ------
    InconsistentError
        If the file begins otherwise.
    """

    def __init__(self, path: Path, key: Callable[[bytes], bytes], header: bytes = b"") -> None:
        self._stream = path.open("rb")
        self._key = key
        self.size = os.fstat(self._stream.fileno()).st_size
        self.begin = len(header) if self.size else 0
        if self.size and self.read(0, len(header)) != header:
            self._stream.close()
            raise InconsistentError

    def __enter__(self) -> SortedFile:
        return self

    def __exit__(self, *told: object) -> None:
        self._stream.close()

    def read(self, start: int, end: int) -> bytes:
        """Return a part of the file."""
        return os.pread(self._stream.fileno(), end - start, start)

    def find(self, wanted: bytes, at: int) -> tuple[int, int]:
        """Return where the entries of a key begin and end; both the same where there are none.

        Parameters
        ----------
        wanted
            The key.
        at
            Beginning of an entry from which on to look.
        """
        start = self._first(max(at, self.begin), lambda key: key < wanted)
        return start, self._first(start, lambda key: key <= wanted)

    def _first(self, low: int, is_before: Callable[[bytes], bool]) -> int:
        """Return where the first entry begins from a place on whose key is not before."""
        high = self.size
        while low < high:
            middle = (low + high) // 2
            start = self._next(middle)
            if start < self.size and is_before(self._key_at(start)):
                low = start + 1
            else:
                high = middle
        return self._next(low)

    def _next(self, at: int) -> int:
        """Return where the first entry begins that does not begin before a place."""
        if at <= self.begin:
            return self.begin
        at -= 1
        while read := self.read(at, at + _READ_BYTES):
            found = read.find(b"\n")
            while 0 <= found < len(read) - 1 and read[found + 1] == ord("\t"):
                found = read.find(b"\n", found + 1)
            if found >= 0:
                begins = at + found + 1
                if found < len(read) - 1 or begins == self.size:
                    return begins
                at = begins - 1  # its next character has yet to be read
            else:
                at += len(read)
        return self.size

    def _key_at(self, at: int) -> bytes:
        length = _READ_BYTES
        while True:
            read = self.read(at, at + length)
            if b" " in read:
                return self._key(read)
            if at + length >= self.size:
                raise InconsistentError
            length *= 2


class Copy:
    """A new file that takes the place of a sorted one, with some of its entries replaced."""

    def __init__(self, source: SortedFile, target: Path) -> None:
        self._source = source
        self._target: IO[bytes] = target.open("wb")
        #: Up to where the source has been copied.
        self.at = 0

    def __enter__(self) -> Copy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._copy(self._source.size)
        finally:
            self._target.close()

    def replace(self, start: int, end: int, content: bytes) -> None:
        """Write all up to a place as it is, then other content for what stands there."""
        self._copy(start)
        self._target.write(content)
        self.at = end

    def _copy(self, end: int) -> None:
        while self.at < end:
            read = self._source.read(self.at, min(end, self.at + _COPIED_BYTES))
            if not read:
                raise InconsistentError
            self._target.write(read)
            self.at += len(read)


def _patch_store(before: Path, after: Path, removed: list[Parts], added: list[Parts]) -> None:
    """Copy a store and change some triples of the copy."""
    after.mkdir()
    try:
        for file in before.iterdir():
            if file.suffix == ".sst":
                _link(file, after / file.name)
            elif file.name != "LOCK" and not file.name.startswith("LOG"):
                shutil.copyfile(file, after / file.name)
        store = ox.Store(str(after))
        for triple in _triples(removed):
            store.remove(ox.Quad(triple.subject, triple.predicate, triple.object))
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in _triples(added))
        store.flush()
    except (OSError, ValueError) as error:
        raise BuildError(f"{after}: the store cannot be changed: {error}") from error
    del store
    remove_diary(after)


def _triples(parts: list[Parts]) -> list[ox.Triple]:
    return list(parse_lines([b"%b %b %b ." % triple for triple in parts]))


def _link(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except OSError:  # a file system without links
        shutil.copyfile(file, other)
