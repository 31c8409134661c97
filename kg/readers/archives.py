"""The files within an archive, read where they lie: nothing is unpacked, no path is followed."""

from __future__ import annotations

import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from kg.readers.formats import announced_format
from kg.readers.members import FREE, MAX_RATIO, Damaged, Refusal, Started

#: An archive may hold this many files.
MAX_ENTRIES = 1_000_000
_EMPTY_READS = 100
#: What `zipfile` raises for a directory or a header that says nonsense.
_DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, LookupError,
    EOFError, struct.error,
)  # fmt: skip
_OFFICE = {"[Content_Types].xml", "mimetype"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive; ``is_text`` says that its name announces a format that is read."""

    path: str
    stream: BinaryIO
    is_text: bool


def entries(stream: BinaryIO, opened: Started, kind: str) -> Iterator[Entry | Refusal]:
    """Yield the regular files of an archive in its own order.

    Folders, links and devices are passed over, as are hidden files and what operating systems add.
    A name that leads out of the archive (``../x``, ``/etc/x``) is refused: nothing is written, but
    whoever packed it meant harm.
    """
    yield from _zip(stream) if kind == "zip" else _tar(opened)


def _zip(stream: BinaryIO) -> Iterator[Entry | Refusal]:
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGED as error:
        raise Damaged(f"is no whole ZIP archive ({error}); fetch or pack it again") from error
    infos = archive.infolist()
    if _OFFICE & {info.filename for info in infos[:3]}:
        raise Damaged("is a word processor or spreadsheet file; export it as text")
    _check_count(len(infos))
    size = stream.seek(0, 2)
    if sum(info.file_size for info in infos) > FREE + MAX_RATIO * size:
        raise Damaged(f"unpacks to more than {MAX_RATIO} times its size: a bomb, not read")
    for info in infos:
        if info.filename.endswith("/") or _is_passed_over(info.filename):
            continue
        problem = _unsafe(info.filename)
        if info.flag_bits & 1:
            problem = "is encrypted; unpack it with its password"
        if problem:
            yield Refusal(f"!/{_shown(info.filename)}", problem)
            continue
        try:
            with archive.open(info) as file:
                yield _entry(info.filename, file)
        except _DAMAGED as error:
            yield Refusal(f"!/{_shown(info.filename)}", f"is damaged in the archive ({error})")


def _tar(opened: Started) -> Iterator[Entry | Refusal]:
    count = 0
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", _Ending(opened)), mode="r|") as archive:
            for info in archive:
                count += 1
                _check_count(count)
                if not info.isreg() or _is_passed_over(info.name):
                    continue
                if problem := _unsafe(info.name):
                    yield Refusal(f"!/{_shown(info.name)}", problem)
                    continue
                file = archive.extractfile(info)
                if file is not None:
                    yield _entry(info.name, file)
    except (tarfile.TarError, UnicodeError, ValueError) as error:
        raise Damaged(
            f"is no whole tar archive after {count} entries ({error}); fetch or pack it again"
        ) from error


class _Ending:
    """A stream that cannot be read on and on behind its end.

    A header may announce a member of any size, and `tarfile` skips one by reading it block by block.
    """

    def __init__(self, stream: Started) -> None:
        self._stream = stream
        self._empty = 0

    def read(self, size: int) -> bytes:
        found = self._stream.read(size)
        self._empty = 0 if found else self._empty + 1
        if self._empty > _EMPTY_READS:
            raise EOFError("a member is announced to be longer than the archive")
        return found


def _entry(name: str, file: IO[bytes]) -> Entry:
    path = name.removeprefix("./").replace("\\", "/")
    return Entry(path, cast("BinaryIO", file), announced_format(path) is not None)


def _check_count(count: int) -> None:
    if count > MAX_ENTRIES:
        raise Damaged(f"holds more than {MAX_ENTRIES:,} files: not read on")


def _is_passed_over(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or (
        "__MACOSX" in parts
    )


def _unsafe(name: str) -> str | None:
    if not name:
        return "has no name in the archive; refused"
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    if ".." in parts or plain.startswith("/") or plain[1:3] == ":/":
        return "its name leads out of the archive; refused"
    if any(ord(letter) < 32 for letter in name):
        return "its name holds control characters; refused"
    return None


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:200]
