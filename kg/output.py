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
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.errors import BuildError

if TYPE_CHECKING:
    from kg.records import Record

MANIFEST = "manifest.json"
RECORDS = "records.jsonl"
FAILURES = "failures.jsonl"
GRAPH = "graph.ttl"
STORE = "store"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """A record that is already known: where its line lies, and what the manifest says of it."""

    file: Path
    offset: int
    length: int
    entry: dict[str, Any]

    def read_line(self) -> bytes:
        with self.file.open("rb") as stream:
            stream.seek(self.offset)
            return stream.read(self.length)


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
        check_ours(self.out, out)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock: IO[str] = (self.folder / "lock").open("a")
        except OSError as error:
            raise BuildError(f"{out}: cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise BuildError(f"{out}: another kg build is writing to it; wait for it") from error
        self._recover()

    def _recover(self) -> None:
        """Finish or undo what a killed build left half done."""
        old = self.folder / "old"
        if not self.out.exists() and is_output(old):
            old.rename(self.out)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(self.new, ignore_errors=True)

    def stored(self) -> dict[str, Stored]:
        """Return the records of earlier runs by their key, the journal's last."""
        found = {stored.entry["key"]: stored for stored in _read_output(self.out)}
        found.update(self.journalled())
        return found

    def journalled(self) -> dict[str, Stored]:
        """Return the records that the journal holds, by key."""
        return {stored.entry["key"]: stored for stored in _read_journal(self.journal)}

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
        worth = keep_journal and self.journal.is_file() and self.journal.stat().st_size > 0
        shutil.rmtree(self.new if worth else self.folder, ignore_errors=True)
        self._lock.close()


class Journal:
    """Outcomes of documents in the order in which they were done: a header line, a record line."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        if stream.tell():  # the last run may have been killed within a line
            stream.write(b"\n")

    def add(self, entry: dict[str, Any], line: bytes) -> None:
        """Write one record with its manifest entry; it survives a kill from here on."""
        header = json.dumps({**entry, "length": len(line)}).encode()
        self._stream.write(header + b"\n" + line + b"\n")
        self._stream.flush()


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
    return read_manifest(folder).get("tool") == "clinev" and (folder / RECORDS).is_file()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an output, ``{}`` where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
                    f"{self.source}, line {number}: {place or 'record'}: {first['msg']}"
                ) from error


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


def _read_output(out: Path) -> Iterator[Stored]:
    """Yield the records of a finished build; none if its files are not as it left them."""
    entries = [e for e in read_manifest(out).get("documents", []) if e.get("status") == "ok"]
    records = out / RECORDS
    if not entries or not records.is_file():
        return
    offset = 0
    with records.open("rb") as stream:
        for entry, line in zip(entries, stream, strict=False):
            length = len(line.rstrip(b"\n"))
            if hashlib.sha256(line[:length]).hexdigest() == entry.get("record_sha256"):
                yield Stored(records, offset, length, entry)
            offset += len(line)


def _read_journal(journal: Path) -> Iterator[Stored]:
    """Yield the records of a journal; a line that a kill cut short is passed over."""
    if not journal.is_file():
        return
    with journal.open("rb") as stream:
        while header := stream.readline():
            try:
                entry = json.loads(header)
                length = entry.pop("length")
            except (ValueError, AttributeError, KeyError):
                continue
            offset = stream.tell()
            line = stream.read(length)
            if hashlib.sha256(line).hexdigest() == entry.get("record_sha256"):
                yield Stored(journal, offset, length, entry)
            else:
                stream.seek(offset)


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
    raise BuildError(f"{other}: cannot be replaced: {os.strerror(code)}")


def _flush(file: Path) -> None:
    """Have a file on disk before it takes another's place."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
