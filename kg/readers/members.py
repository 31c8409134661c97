"""The documents that a file holds, one after the other: never all of them in memory.

A file of one document is one member without a name. A member of a container is named by what the
container calls it (a PubMed number, an accession number), else by its place; of an archive, by its
path within. Names are unique within a file and do not depend on what stands after them.
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO, cast

from kg.errors import DocumentError
from kg.readers.formats import FORMATS, HEAD_SIZE, recognise, unwrap

#: A compressed file may hold this many times its own size, beyond the first :data:`FREE` bytes.
MAX_RATIO = 200
FREE = 50_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One document as it stands in its file: `data` is all that is needed to read it.

    ``place`` says where it begins, for messages ("line 120"); `is_whole`: the file holds it alone
    and is not compressed, so that its bytes may be taken from there.
    """

    name: str
    data: bytes
    format: str | None
    place: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A member, or the rest of a file, that cannot be read; ``name`` is ``""`` for the file."""

    name: str
    problem: str
    place: str | None = None


#: Yields the members of one container from its stream; the number is the size limit of one.
Splitter = Callable[[BinaryIO, int], Iterator[Member | Refusal]]

#: What the libraries of archives and compression raise while a member is read, whoever reads it.
_BROKEN = (
    EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError,
    NotImplementedError,
)  # fmt: skip


class Damaged(Exception):
    """The rest of a container cannot be split; its text says why."""

    def __init__(self, problem: str, place: str | None = None) -> None:
        super().__init__(problem, place)
        self.problem, self.place = problem, place


def split(
    stream: BinaryIO, name: str, *, format: str | None = None, size_limit: int
) -> Iterator[Member | Refusal]:
    """Yield the documents of a stream.

    Parameters
    ----------
    stream
        An open file; it need not be seekable unless it is a ZIP archive.
    name
        The file's name, which hints at its format.
    format
        Read as this format whatever the content says; compression and archives are still opened.
    size_limit
        Largest document, in bytes. What is larger is refused, and the rest goes on.
    """
    yield from _unique(_split(stream, name, format, size_limit))


def _split(
    stream: BinaryIO,
    name: str,
    asked: str | None,
    size_limit: int,
    *,
    wraps: int = 0,
    inside: bool = False,
) -> Iterator[Member | Refusal]:
    try:
        opened = Started(stream)
        found = recognise(opened.head, name)
        kind = FORMATS[found].kind if found else "document"
        if found and kind == "wrapper":
            if wraps >= 3:
                raise Damaged("is compressed more than three times over: a decompression bomb?")
            inner = Guarded(unwrap(cast("BinaryIO", opened), found), opened)
            bare = PurePath(name)
            bare = bare.with_suffix(".tar") if bare.suffix == ".tgz" else bare.with_suffix("")
            yield from _split(
                cast("BinaryIO", inner),
                str(bare),
                asked,
                size_limit,
                wraps=wraps + 1,
                inside=inside,
            )
        elif found and kind == "archive":
            if inside:
                raise Damaged("is an archive within an archive; unpack it")
            yield from _archive(stream, opened, found, asked, size_limit)
        else:
            for member in _leaf(opened, name, asked or found, size_limit):
                if isinstance(member, Member) and not (member.name or wraps or inside):
                    member = replace(member, is_whole=True)
                yield member
    except Damaged as damage:
        yield Refusal("", damage.problem, damage.place)
    except _BROKEN as error:
        yield Refusal("", f"is cut short or damaged: {error}; fetch it again")
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
        yield Refusal("", f"cannot be read to its end: {problem}")


def _archive(
    stream: BinaryIO, opened: Started, kind: str, asked: str | None, size_limit: int
) -> Iterator[Member | Refusal]:
    from kg.readers.archives import entries

    for entry in entries(stream, opened, kind):
        if isinstance(entry, Refusal):
            yield entry
            continue
        inner = entry.path
        for member in _split(entry.stream, inner, asked, size_limit, inside=True):
            joined = f"!/{inner}{member.name}"
            if isinstance(member, Member) and member.format is None and not entry.is_text:
                continue  # a picture beside the texts: passed over, as in a folder
            yield replace(member, name=joined)


def _leaf(
    opened: Started, name: str, found: str | None, size_limit: int
) -> Iterator[Member | Refusal]:
    if found is None or FORMATS[found].kind == "document":
        data = opened.read(size_limit + 1)
        if len(data) > size_limit:
            yield Refusal("", too_large(size_limit))
        else:
            yield Member("", data, found)
        return
    yield from _alone(_splitter(found)(cast("BinaryIO", opened), size_limit))


def _splitter(found: str) -> Splitter:
    """Return what splits a container; imported when it is needed."""
    if found in ("pubmed-xml", "jats", "bioc-xml"):
        from kg.readers.xml_members import split_xml

        return lambda stream, limit: split_xml(stream, found, limit)
    if found == "bioc-json":
        from kg.readers.json_members import split_bioc

        return split_bioc
    from kg.readers.line_members import split_lines, split_table

    if found in ("csv", "tsv"):
        return lambda stream, limit: split_table(stream, found, limit)
    return lambda stream, limit: split_lines(stream, found, limit)


def _alone(members: Iterator[Member | Refusal]) -> Iterator[Member | Refusal]:
    """Name a file's only member by nothing: the file is the document."""
    first = next(members, None)
    if first is None:
        return
    try:
        second = next(members, None)
    except Damaged:
        yield _hashed(first)  # there was to be more
        raise
    if second is None:
        yield replace(first, name="")
        return
    yield _hashed(first)
    yield _hashed(second)
    for member in members:
        yield _hashed(member)


def _hashed(member: Member | Refusal) -> Member | Refusal:
    return replace(member, name=f"#{member.name}") if member.name else member


def _unique(members: Iterator[Member | Refusal]) -> Iterator[Member | Refusal]:
    """Give the members of one name numbers from the second on: ``#123~2``."""
    seen: dict[str, int] = {}
    for member in members:
        if isinstance(member, Refusal):
            yield member
            continue
        count = seen[member.name] = seen.get(member.name, 0) + 1
        while count > 1 and f"{member.name}~{count}" in seen:
            count += 1
        if count > 1:
            seen[member.name] = count
            member = replace(member, name=f"{member.name}~{count}")
            seen[member.name] = 1
        yield member


def too_large(size_limit: int) -> str:
    """Say that a document is larger than is read."""
    return f"is larger than the limit of {size_limit / 1e6:g} MB (--max-mb)"


class Started(io.RawIOBase):
    """A stream whose start has been looked at and is still to be read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0  # bytes read by whoever reads on, the head included
        parts = b""
        while len(parts) < HEAD_SIZE:
            more = stream.read(HEAD_SIZE - len(parts))
            if not more:
                break
            parts += more
        self.head = parts
        self._left = parts

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            found, self._left = self._left + self._stream.read(), b""
        elif self._left:
            found, self._left = self._left[:size], self._left[size:]
            if len(found) < size:
                found += self._stream.read(size - len(found))
        else:
            found = self._stream.read(size)
        self.taken += len(found)
        return found

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


class Guarded(io.RawIOBase):
    """A stream of decompressed bytes that refuses to become absurdly more than was compressed."""

    def __init__(self, stream: BinaryIO, source: Started) -> None:
        self._stream = stream
        self._source = source
        self._given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(1 << 20 if size < 0 else size)
        self._given += len(found)
        if self._given > FREE + MAX_RATIO * self._source.taken:
            raise Damaged(
                f"holds more than {MAX_RATIO} times its own size: a decompression bomb, not read on"
            )
        if size < 0 and found:
            return found + self.read(-1)
        return found

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def only_member(
    stream: BinaryIO, path: str, *, wanted: str = "", format: str | None, size_limit: int
) -> Member:
    """Return the one document of a file, or the member that is called `wanted` (``#123``).

    Raises
    ------
    DocumentError
        If there is none, the file holds several and none was named, or it cannot be read.
    """
    found: Member | None = None
    for member in split(stream, path, format=format, size_limit=size_limit):
        if isinstance(member, Refusal):
            if not wanted:
                raise DocumentError(path + member.name, member.problem, place=member.place)
            continue
        if wanted and member.name == wanted:
            return member
        if not wanted and found is not None:
            raise DocumentError(
                path, f"holds several documents; name one, for example {path}{found.name}"
            )
        found = found or member
    if found is None or wanted:
        problem = f"holds no document called {wanted}" if wanted else "holds no document"
        raise DocumentError(path, problem)
    return found
