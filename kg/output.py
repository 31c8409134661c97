"""The output folder: whose it is, how it is replaced in one step, what an earlier run left.

Beside ``OUT`` lies, while a build runs, ``.OUT.building/``: a *journal* with the outcome of every
document done so far, and ``new/``, the folder that will take the place of ``OUT``. Killed at any
moment, a build leaves ``OUT`` as it was and a journal from which the next run goes on.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import BuildError
from kg.journal import Journal, read_journal
from kg.ledger import OUTPUT, Stored
from kg.manifest import read_entries, read_head

if TYPE_CHECKING:
    from kg.records import Record

RECORDS = "records.jsonl"
FAILURES = "failures.jsonl"
GRAPH = "graph.ttl"
TRIPLES = "triples.nt"
IDENTITIES = "identities.txt"
#: Files that together hold the graph, beside the store.
GRAPH_FILES = (GRAPH, TRIPLES, IDENTITIES)
STORE = "store"
_COPIED_AT_ONCE = 1 << 20
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_LOCK_TRIES = 1000


class Workspace:
    """The folder ``.OUT.building`` of one build, locked against a second one.

    Parameters
    ----------
    out
        The output folder; it need not exist.

    Raises
    ------
    BuildError
        If `out` is no folder of ours, or another build is writing to it.
    """

    def __init__(self, out: Path) -> None:
        self.out = Path(os.path.realpath(out))
        self.folder = self.out.parent / f".{self.out.name}.building"
        self.new = self.folder / "new"
        self.journal = self.folder / "journal.jsonl"
        self.shards = self.folder / "shards"
        check_ours(self.out, out)
        self._lock = self._take_lock(out)
        self._recover()
        #: What the manifest of the run before says, without its documents.
        self.head = read_head(self.out)
        self._intact: dict[str, bool] = {}
        #: The files that hold records: the output's, the journal, the shards of other machines.
        self.files = [self.out / RECORDS, self.journal, *sorted(self.shards.glob("[!.]*.jsonl"))]

    def _take_lock(self, shown: Path) -> IO[str]:
        """Lock the folder, made if need be.

        A build that ends removes its folder. So what was locked may be gone by then, and another build
        hold a new one: the lock counts only if its file still stands where it was opened.
        """
        for _ in range(_LOCK_TRIES):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                lock = (self.folder / "lock").open("a")
            except FileNotFoundError:
                continue
            except OSError as error:
                raise BuildError(f"{shown}: cannot be written: {error.strerror}") from error
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(lock.fileno()), os.stat(self.folder / "lock")):
                    return lock
            except FileNotFoundError:
                pass
            except OSError as error:
                lock.close()
                raise BuildError(
                    f"{shown}: another kg build is writing to it; wait for it"
                ) from error
            lock.close()
        raise BuildError(f"{shown}: other builds write to it again and again; wait for them")

    def _recover(self) -> None:
        """Finish or undo what a killed build left half done."""
        old = self.folder / "old"
        if not self.out.exists() and is_output(old):
            old.rename(self.out)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(self.new, ignore_errors=True)

    def stored(self, graph_version: str) -> Iterator[Stored]:
        """Yield the records of earlier runs: of the output, then of the journals.

        Parameters
        ----------
        graph_version
            What a journal's triples must have been made with to hold still.
        """
        yield from self._read_output()
        for number, file in enumerate(self.files[1:], 1):
            yield from read_journal(file, number, graph_version)

    def add_shard(self, shard: Path) -> int:
        """Take up a journal that another machine wrote; return its number among the files."""
        if shard not in self.files:
            self.files.append(shard)
        return self.files.index(shard)

    def is_intact(self, name: str) -> bool:
        """Whether a file of the output is as the run before left it."""
        if name not in self._intact:
            told = self.head.get("files", {}).get(name)
            self._intact[name] = told is not None and hash_file(self.out / name) == told
        return self._intact[name]

    def _read_output(self) -> Iterator[Stored]:
        """Yield the records of a finished build that are as it left them."""
        records = self.out / RECORDS
        entries = (e for e in read_entries(self.out) if e.get("status") == "ok")
        if not records.is_file():
            return
        at = 0
        if self.is_intact(RECORDS):
            for entry in entries:
                yield Stored(OUTPUT, at, entry["length"], None, None, None, entry)
                at += entry["length"] + 1
            return
        with records.open("rb") as stream:
            for entry, line in zip(entries, stream, strict=False):
                length = len(line.rstrip(b"\n"))
                if hashlib.sha256(line[:length]).hexdigest() == entry.get("record_sha256"):
                    yield Stored(OUTPUT, at, length, None, None, None, {**entry, "length": length})
                at += len(line)

    @contextlib.contextmanager
    def open_journal(self) -> Iterator[Journal]:
        """Open the journal for adding."""
        with self.journal.open("ab") as stream:
            yield Journal(stream)

    def publish(self) -> None:
        """Put ``new/`` in the place of the output, in one step where the system allows it."""
        for file in self.new.iterdir():
            if file.is_file():
                _flush(file)
        if self.out.exists():
            old = self.folder / "old"
            if _exchange(self.new, self.out):
                self.new.rename(old)
            else:
                self.out.rename(old)
                self.new.rename(self.out)
        else:
            self.new.rename(self.out)

    def close(self, *, keep_journal: bool) -> None:
        """Release the folder; without a journal worth keeping, remove it."""
        journals = self.files[1:]
        if keep_journal and any(file.is_file() and file.stat().st_size for file in journals):
            shutil.rmtree(self.new, ignore_errors=True)
        else:
            self._remove()
        self._lock.close()

    def _remove(self) -> None:
        """Remove the folder, the lock last: the next build may begin as soon as that is gone."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name != "lock":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            (self.folder / "lock").unlink()
            self.folder.rmdir()


def check_ours(out: Path, shown: Path) -> None:
    """Refuse to replace what no build of ours wrote."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BuildError(f"{shown}: is a file; name a folder with -o")
    if any(out.iterdir()) and not is_output(out):
        raise BuildError(
            f"{shown}: is not empty and not an output of kg build; name another folder with -o"
        )


def is_output(folder: Path) -> bool:
    """Whether a folder is a complete output of ``kg build``."""
    return read_head(folder).get("tool") == "clinev" and (folder / RECORDS).is_file()


class Records:
    """The records of an output folder or of a ``records.jsonl``, read anew at each iteration.

    Parameters
    ----------
    source
        The folder or the file.

    Raises
    ------
    BuildError
        While iterating, if there are none, or a line is no record of this version.
    """

    def __init__(self, source: Path) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Record]:
        from pydantic import ValidationError

        from kg.records import Record

        for number, line in enumerate(read_lines(self.source), 1):
            try:
                yield Record.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                raise BuildError(
                    f"{self.source}, line {number}: {place or 'record'}: {first['msg']};"
                    " it was changed, or written by another version: run kg build again"
                ) from error


class RecordsOfGraph(Records):
    """The records of an output folder as its graph states them.

    Those whose publication the build's list of retractions names bear the notice.
    """

    def __iter__(self) -> Iterator[Record]:
        from kg.identity import LISTED
        from kg.retraction import note_retraction

        entries = read_entries(self.source)
        listed = {e["path"] for e in entries if str(e.get("identity", "")).startswith(LISTED)}
        for record in super().__iter__():
            yield note_retraction(record) if record.document.path in listed else record


def read_lines(source: Path) -> Iterator[bytes]:
    """Yield the lines of ``records.jsonl``, given the file or the output folder."""
    file = source / RECORDS if source.is_dir() else source
    try:
        with file.open("rb") as stream:
            yield from (line for line in stream if line.strip())
    except OSError as error:
        raise BuildError(
            f"{source}: no records there ({(error.strerror or '').lower()}): run kg build first"
        ) from error


class Reader:
    """Reads stored records and their triples; keeps the files open."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._streams: dict[int, IO[bytes]] = {}

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        for stream in self._streams.values():
            stream.close()

    def line(self, stored: Stored) -> bytes:
        """Return a record as its line of ``records.jsonl``, without the line feed."""
        return self._read(stored.origin, stored.at, stored.length)

    def block(self, stored: Stored) -> bytes:
        """Return a record's triples as lines of N-Triples; it must have some stored."""
        assert stored.block_origin is not None
        assert stored.block_at is not None
        assert stored.block_length is not None
        return self._read(stored.block_origin, stored.block_at, stored.block_length)

    def copy(self, origin: int, at: int, length: int, target: IO[bytes]) -> None:
        """Write a part of a file to another, whatever its size."""
        end = at + length
        while at < end:
            read = self._read(origin, at, min(_COPIED_AT_ONCE, end - at))
            if not read:  # the last line of a journal that a kill cut short has no line feed
                target.write(b"\n")
                return
            target.write(read)
            at += len(read)

    def _read(self, origin: int, at: int, length: int) -> bytes:
        if origin not in self._streams:
            self._streams[origin] = self._files[origin].open("rb")
        stream = self._streams[origin]
        stream.seek(at)
        return stream.read(length)


def write_records(kept: Iterable[Stored], files: Sequence[Path], target: Path) -> None:
    """Write records in the order given; those that lie behind each other are copied as one."""
    with target.open("wb") as out, Reader(files) as reader:
        first: Stored | None = None
        length = 0
        for stored in kept:
            if first and stored.origin == first.origin and stored.at == first.at + length:
                length += stored.length + 1
                continue
            if first:
                reader.copy(first.origin, first.at, length, out)
            first, length = stored, stored.length + 1
        if first:
            reader.copy(first.origin, first.at, length, out)


def hash_file(file: Path) -> str | None:
    """Return the SHA-256 of a file, ``None`` if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux ``renameat2``); ``False`` where that is not possible."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    if done == 0:
        return True
    if ctypes.get_errno() in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    code = ctypes.get_errno()
    remedy = ""
    if code in (errno.EBUSY, errno.EXDEV):
        remedy = "; it is a mount of its own: name a folder within it"
    raise BuildError(f"{other}: cannot be replaced: {os.strerror(code).lower()}{remedy}")


def _flush(file: Path) -> None:
    """Have a file on disk before it takes another's place."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
