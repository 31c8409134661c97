"""Sorted N-Triples that need not fit into memory: runs on disk, merged into one file.

    blocks of lines → runs → merged batches

A line is a triple with its final point. Where several documents state it, their number stands behind
it (``<s> <p> <o> . # 3``), which N-Triples takes for a comment: so a document's lines can be taken
away again. Lines sort by their bytes, which is the order of code points; all lines of a subject stand
together. Method: external merge sort (Knuth, The Art of Computer Programming, vol. 3, section 5.4),
where a merge step sorts the parts of all runs up to a common bound in one go.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

#: Bytes of lines held in memory before a run is written.
HELD_BYTES = 8_000_000
#: Runs merged at once; more are merged in several passes.
FAN_IN = 32
#: Bytes read from each run at a time.
READ_BYTES = 1 << 17
_POINT = ord(".")
#: Greater than the count of any line, smaller than any other triple.
_AFTER_COUNT = b" #\xff"


class Runs:
    """Takes lines in any order and yields them sorted, each triple once, with its number.

    Parameters
    ----------
    folder
        Where the runs lie: an existing folder of the caller's, who removes it.
    held_bytes
        See :data:`HELD_BYTES`.
    """

    def __init__(self, folder: Path, held_bytes: int = HELD_BYTES) -> None:
        self._folder, self._limit = folder, held_bytes
        self._held: list[bytes] = []
        #: Bytes of all lines that were added.
        self.size = 0
        self._size = 0
        self._runs: list[Path] = []
        self._made = 0

    def add(self, block: bytes) -> None:
        """Add lines that end in a line feed: those of one document, for example."""
        self._held += block.split(b"\n")[:-1]
        self._size += len(block)
        self.size += len(block)
        if self._size >= self._limit:
            self._spill()

    def take_away(self, block: bytes) -> None:
        """Add lines that a document no longer states."""
        self.add(b"".join(line + b" # -1\n" for line in block.split(b"\n")[:-1]))

    def batches(self) -> Iterator[list[bytes]]:
        """Yield all lines in order, in batches; a triple's lines are never in two."""
        if not self._runs:
            yield counted(self._held)
            return
        if self._held:
            self._spill()
        while len(self._runs) > FAN_IN:
            first, self._runs = self._runs[:FAN_IN], self._runs[FAN_IN:]
            self._runs.append(self._write(merge(first)))
            for path in first:
                path.unlink()
        yield from merge(self._runs)

    def is_small(self) -> bool:
        """Whether all lines are in memory."""
        return not self._runs

    def write(self, path: Path) -> None:
        """Write all lines to a file, in order."""
        with path.open("wb") as stream:
            write_lines(self.batches(), stream)

    def _spill(self) -> None:
        self._runs.append(self._write([counted(self._held)]))
        self._held, self._size = [], 0

    def _write(self, batches: Iterable[list[bytes]]) -> Path:
        path = self._folder / f"run-{self._made}.nt"
        self._made += 1
        with path.open("wb") as stream:
            write_lines(batches, stream)
        return path


def write_lines(batches: Iterable[list[bytes]], stream: IO[bytes]) -> None:
    """Write batches of lines."""
    for batch in batches:
        if batch:
            stream.write(b"\n".join(batch))
            stream.write(b"\n")


def merge(runs: Sequence[Path], read_bytes: int = READ_BYTES) -> Iterator[list[bytes]]:
    """Yield the lines of sorted files in order, in batches, the numbers of equal triples added up."""
    readers = [_Reader(path, read_bytes) for path in runs]
    try:
        while readers:
            for reader in readers:
                reader.fill()
            unread = [reader.lines[-1] for reader in readers if not reader.ended]
            batch: list[bytes] = []
            bound = without_count(min(unread)) + _AFTER_COUNT if unread else None
            for reader in readers:
                batch += reader.take(bound)
            readers = [reader for reader in readers if reader.lines or not reader.ended]
            if len(runs) > 1:
                batch = counted(batch)
            yield batch
    finally:
        for reader in readers:
            reader.close()


class _Reader:
    """The lines of one run, some at a time."""

    def __init__(self, path: Path, read_bytes: int) -> None:
        self._stream = path.open("rb")
        self._read_bytes = read_bytes
        self._rest = b""
        self.lines: list[bytes] = []
        self.ended = False

    def fill(self) -> None:
        """Have a line in memory unless there is none any more."""
        while not self.lines and not self.ended:
            read = self._stream.read(self._read_bytes)
            if not read:
                self.ended = True
                self.close()
                return
            self.lines = (self._rest + read).split(b"\n")
            self._rest = self.lines.pop()

    def take(self, bound: bytes | None) -> list[bytes]:
        """Remove and return the lines up to a bound, all that are in memory for ``None``."""
        if bound is None or (self.lines and self.lines[-1] <= bound):
            taken, self.lines = self.lines, []
            return taken
        number = bisect_right(self.lines, bound)
        taken = self.lines[:number]
        del self.lines[:number]
        return taken

    def close(self) -> None:
        self._stream.close()


def without_count(line: bytes) -> bytes:
    """Return a line up to its final point.

    >>> without_count(b"<s> <p> <o> . # 3")
    b'<s> <p> <o> .'
    """
    return line if line[-1] == _POINT else line[: line.rindex(b" #")]


def count_of(line: bytes) -> int:
    """Return how many documents state the triple of a line."""
    return 1 if line[-1] == _POINT else int(line[line.rindex(b"#") + 1 :])


def with_count(triple: bytes, number: int) -> bytes:
    """Return the line of a triple that so many documents state."""
    return triple if number == 1 else b"%b # %d" % (triple, number)


def counted(lines: list[bytes]) -> list[bytes]:
    """Sort lines and add up the numbers of equal triples; what nobody states is left out."""
    ordered = sorted(lines)
    plain = Counter(ordered)
    if len(plain) == len(ordered) and not any(line[-1] != _POINT for line in ordered):
        return ordered
    numbers: Counter[bytes] = Counter()
    for line, times in plain.items():
        if line[-1] == _POINT:
            numbers[line] += times
        else:
            numbers[without_count(line)] += count_of(line) * times
    return [with_count(triple, number) for triple, number in numbers.items() if number]
