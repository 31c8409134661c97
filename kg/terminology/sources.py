"""Terminology files of any supported format → concept entries.

==============  =============================================================================
OBO             ``.obo``
obographs       ``.json`` with ``graphs``
OWL             RDF/XML, Turtle
SKOS            RDF/XML, Turtle, N-Triples, JSON-LD
MeSH            ``descYYYY.xml``, ``suppYYYY.xml``
SSSOM           ``.tsv`` with ``subject_id``, ``predicate_id``, ``object_id``
tables          ``.tsv``, ``.csv`` with named columns
==============  =============================================================================

Each may be packed with gzip, or be the one file of a zip archive. What a file is, is told by its
content; its name is asked only where the content could be several things.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from kg.terminology.entry import ConceptEntry, TerminologyError
from kg.terminology.sources_mesh import MESH_ROOTS, read_mesh
from kg.terminology.sources_obo import read_obo, read_obographs
from kg.terminology.sources_rdf import read_rdf
from kg.terminology.sources_tables import read_table

#: Bytes at a file's beginning by which its format is told.
_HEAD = 8192
#: Bytes that a packed file may hold; ChEBI, the largest that is published, unpacks to 1 GB.
UNPACKED_LIMIT = 8_000_000_000
_SUFFIXES = re.compile(
    r"(?:\.(?:obo|owl|json|jsonld|ttl|nt|rdf|xml|skos|sssom|tsv|csv|txt|gz|zip)){1,5}$", re.I
)


class _Reader(Protocol):
    def __call__(
        self, stream: BinaryIO, file: str, *, home: str, source: str
    ) -> Iterator[ConceptEntry]: ...


def read_terms(path: Path, source: str | None = None) -> Iterator[ConceptEntry]:
    """Read one terminology file.

    Parameters
    ----------
    path
        The file.
    source
        Vocabulary and release, for people; by default the file's name. OBO headers and tables may say more.

    Raises
    ------
    TerminologyError
        If the file cannot be opened, is of no known format, or is damaged. It names the file, the line
        where there is one, the problem and the remedy.
    """
    name = str(path)
    home = prefix_of(path)
    try:
        with open_packed(path) as stream:
            reader = _choose(stream, path)
            yield from reader(stream, name, home=home, source=source or path.name)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise TerminologyError(f"{name}: {_reason(error)}") from error


def read_all(paths: Iterable[Path]) -> Iterator[ConceptEntry]:
    """Read several files and join what they say of one identifier; see :func:`join_entries`."""
    return join_entries(entry for path in paths for entry in read_terms(path))


def join_entries(entries: Iterable[ConceptEntry]) -> Iterator[ConceptEntry]:
    """Join the entries of each identifier, in the order of their first.

    The first label stands, later ones are names; mappings without a label add to others or vanish.
    """
    joined: dict[str, ConceptEntry] = {}
    for entry in entries:
        known = joined.get(entry.id)
        joined[entry.id] = entry if known is None else _join(known, entry)
    return (entry for entry in joined.values() if entry.label)


def _join(first: ConceptEntry, second: ConceptEntry) -> ConceptEntry:
    label = first.label or second.label
    names = dict.fromkeys((*first.names, *([second.label] if second.label else []), *second.names))
    names.pop(label, None)
    kind = second.kind if first.kind == "other" else first.kind
    return replace(
        first, label=label, kind=kind, names=tuple(names),
        abbreviations=tuple(dict.fromkeys((*first.abbreviations, *second.abbreviations))),
        xrefs=tuple(dict.fromkeys((*first.xrefs, *second.xrefs))),
        broader=tuple(dict.fromkeys((*first.broader, *second.broader))),
        source=first.source if first.label else second.source,
    )  # fmt: skip


def content_hash(paths: Sequence[str | Path]) -> str:
    """Return a hash over the bytes of files in their order: part of what a build depends on.

    Raises
    ------
    TerminologyError
        If one cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        try:
            with Path(path).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise TerminologyError(f"{path}: {_reason(error)}") from error
    return digest.hexdigest()


def prefix_of(path: Path) -> str:
    """Return the prefix for a file's own concepts: its name without what formats add to it.

    >>> prefix_of(Path("my foods.skos.ttl.gz"))
    'my-foods'
    """
    bare = _SUFFIXES.sub("", path.name)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", bare).strip("-").lower()
    return slug if slug[:1].isalpha() else f"x-{slug}".rstrip("-")


@contextlib.contextmanager
def open_packed(path: Path) -> Iterator[BinaryIO]:
    """Open a file that may be packed; the stream can be peeked into.

    Raises
    ------
    TerminologyError
        If a zip archive does not hold exactly one file.
    """
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        start = raw.read(4)
        raw.seek(0)
        stream: BinaryIO = raw
        if start[:2] == b"\x1f\x8b":
            stream = cast("BinaryIO", stack.enter_context(gzip.open(raw)))
        elif start == b"PK\x03\x04":
            archive = stack.enter_context(zipfile.ZipFile(raw))
            members = [item for item in archive.infolist() if not item.is_dir()]
            if len(members) != 1:
                raise TerminologyError(
                    f"{path}: a zip archive of {len(members)} files; unpack it and name the one to read"
                )
            stream = cast("BinaryIO", stack.enter_context(archive.open(members[0])))
        limited = stream if stream is raw else _Limited(stream, str(path))
        yield stack.enter_context(io.BufferedReader(cast("io.RawIOBase", limited), 1 << 16))


class _Limited(io.RawIOBase):
    """What is unpacked from a file, up to :data:`UNPACKED_LIMIT` bytes."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self._stream, self._file, self._left = stream, file, UNPACKED_LIMIT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        found = self._stream.read(len(view))
        self._left -= len(found)
        if self._left < 0:
            raise TerminologyError(f"{self._file}: unpacks to more than {UNPACKED_LIMIT:,} bytes")
        view[: len(found)] = found
        return len(found)


def _choose(stream: BinaryIO, path: Path) -> _Reader:
    """Return the reader of what a stream holds, without taking anything from it."""
    head = cast("io.BufferedReader", stream).peek(_HEAD)[:_HEAD]
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    names = _SUFFIXES.search(path.name)
    suffixes = names[0].lower() if names else ""
    if not text:
        raise TerminologyError(f"{path}: is empty")
    if "\0" in text:
        raise TerminologyError(f"{path}: is no text; OBO, OWL, SKOS, SSSOM and tables are read")
    if text.startswith("<") and not re.match(r"<(?:https?|urn|mailto):[^>\s]*>\s", text):
        return _xml_reader(text, path)
    if text.startswith(("{", "[")) and not text.startswith("[Term]"):
        return _rdf("jsonld") if '"@context"' in text or '"@id"' in text else read_obographs
    if re.match(r"(?:format-version|ontology|data-version|!|\[Term\])", text) or (
        ".obo" in suffixes and re.search(r"^\[Term\]|^[a-z-]+:", text, re.MULTILINE)
    ):
        return read_obo
    if ".nt" in suffixes:
        return _rdf("ntriples")
    if ".ttl" in suffixes or re.match(r"(?:#[^\n]*\n\s*)*@?(?:prefix|base)\b", text, re.IGNORECASE):
        return _rdf("turtle")
    if text.startswith("<"):
        return _rdf("turtle")
    if "\t" in text or "," in text.splitlines()[0] or text.startswith("#"):
        return read_table
    raise TerminologyError(
        f"{path}: of no format that is read: OBO, OWL, obographs, SKOS, MeSH XML, SSSOM, TSV and CSV are"
    )


def _xml_reader(text: str, path: Path) -> _Reader:
    root = re.search(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s>])", text)
    name = root[2] if root else ""
    if name in MESH_ROOTS:
        return read_mesh
    if name == "RDF":
        return _rdf("xml")
    if name == "Ontology":
        raise TerminologyError(
            f"{path}: is OWL/XML; take the publisher's RDF/XML or OBO file, or convert it with ROBOT:"
            f" robot convert -i {path.name} -o {prefix_of(path)}.obo"
        )
    raise TerminologyError(f"{path}: is XML with the root <{name}>; RDF/XML and MeSH XML are read")


def _rdf(notation: str) -> _Reader:
    def read(stream: BinaryIO, file: str, *, home: str, source: str) -> Iterator[ConceptEntry]:
        return read_rdf(stream, file, notation, home=home, source=source)

    return read


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror.lower()}"
    return f"is damaged: {error}; fetch it again"
