"""Cutting the documents out of an XML file: PubMed sets, JATS articles, BioC collections.

The file is gone through once, in pieces, by expat; a document is the bytes between its tags as they
stand in the file. What declares entities is refused before any is expanded (CWE-776).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from kg.readers.members import Damaged, Member, Refusal, too_large
from kg.safe_xml import ENTITIES

#: Elements that hold one document, by format.
ELEMENTS = {
    "pubmed-xml": frozenset(
        {"PubmedArticle", "PubmedBookArticle", "MedlineCitation", "BookDocument"}
    ),
    "jats": frozenset({"article"}),
    "bioc-xml": frozenset({"document"}),
}
#: Where the name of a document stands, in this order; first found, first served.
_NAMES = {
    "pubmed-xml": (re.compile(rb"<PMID\b[^<>]{0,100}>\s*(\d{1,9})\s*<"),),
    "jats": (
        re.compile(rb"<article-id\b[^<>]{0,60}\bpub-id-type=[\"']pmc(?:id)?[\"'][^<>]{0,60}>\s*((?:PMC)?\d{1,9})\s*<"),
        re.compile(rb"<article-id\b[^<>]{0,60}\bpub-id-type=[\"']pmid[\"'][^<>]{0,60}>\s*(\d{1,9})\s*<"),
    ),
    "bioc-xml": (re.compile(rb"<id>\s*([^<>]{1,80}?)\s*</id>"),),
}  # fmt: skip
_CHUNK = 1 << 18
_NAME_WITHIN = 20_000
MAX_DEPTH = 200


class _Cutter:
    """Follows a parser and notes where documents begin and end, in bytes of the file."""

    def __init__(self, kind: str) -> None:
        self.elements = ELEMENTS[kind]
        self.parser = expat.ParserCreate()
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.UseForeignDTD(False)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._declared
        self.parser.XmlDeclHandler = self._declaration
        self.depth = 0
        self.inside = 0  # depth of the open document, 0 outside
        self.begin: tuple[int, int] | None = None  # byte and line where the open one begins
        self.done: list[tuple[int, int, int]] = []  # first byte, last byte, line
        self.spaces: dict[str, str] = {}  # name spaces declared around the documents
        self.encoding = "utf-8"

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or "utf-8"

    def _declared(self, *told: object) -> None:
        raise Damaged(ENTITIES, f"line {self.parser.CurrentLineNumber}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Damaged(
                f"is nested more than {MAX_DEPTH} elements deep",
                f"line {self.parser.CurrentLineNumber}",
            )
        if not self.inside:
            for key, value in attributes.items():
                if key.startswith("xmlns"):
                    self.spaces.setdefault(key, value)
        if not self.inside and name.rpartition(":")[2] in self.elements:
            self.inside = self.depth
            self.begin = (self.parser.CurrentByteIndex, self.parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        if self.inside == self.depth and self.begin is not None:
            self.done.append((self.begin[0], self.parser.CurrentByteIndex, self.begin[1]))
            self.inside, self.begin = 0, None
        self.depth -= 1


def split_xml(stream: BinaryIO, kind: str, size_limit: int) -> Iterator[Member | Refusal]:
    """Yield the documents of an XML file.

    Raises
    ------
    Damaged
        Where the file stops being XML; the documents before that place have been yielded.
    """
    cutter = _Cutter(kind)
    held = bytearray()
    offset = 0  # of `held` in the file
    last = ""
    number = 0
    refused = -1  # first byte of a document that is too large
    while True:
        piece = stream.read(_CHUNK)
        error: expat.ExpatError | Damaged | None = None
        try:
            cutter.parser.Parse(piece, not piece)
        except (expat.ExpatError, Damaged) as problem:
            error = problem
        held += piece
        for begin, end, line in cutter.done:
            number += 1
            if begin == refused or end - begin > size_limit:
                yield Refusal(str(number), too_large(size_limit), f"line {line}")
                continue
            close = held.find(b">", end - offset)
            width = 2 if cutter.encoding.lower().startswith("utf-16") else 1
            data = bytes(held[begin - offset : close + width])
            if cutter.encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
                data = data.decode(cutter.encoding, "replace").encode("utf-8")
            data = _with_spaces(data, cutter.spaces)
            last = _name(data, kind) or str(number)
            yield Member(last, data, kind, f"line {line}")
        cutter.done.clear()
        if isinstance(error, expat.ExpatError):
            after = f", after {last}" if last else ""
            raise Damaged(
                f"is no well-formed XML from here on ({expat.ErrorString(error.code)}); "
                "fetch it again or repair it",
                f"line {error.lineno}{after}",
            ) from error
        if error is not None:
            raise error
        if not piece:
            break
        keep = cutter.begin[0] if cutter.begin else offset + len(held)
        if cutter.begin and offset + len(held) - keep > size_limit + _CHUNK:
            refused = keep
            keep = offset + len(held)  # its end is still awaited, its text no longer kept
        if keep > offset:
            del held[: keep - offset]
            offset = keep
    if not number:
        raise Damaged(f"holds no {' or '.join(sorted(ELEMENTS[kind]))} element")


def _with_spaces(data: bytes, spaces: dict[str, str]) -> bytes:
    """Declare the name spaces in a document's own tag that elements around it declared."""
    if not spaces:
        return data
    tag = data[: data.find(b">") + 1]
    name = re.match(rb"<[^\s/>]+", tag)
    lacking = [(key, value) for key, value in spaces.items() if key.encode() + b"=" not in tag]
    if name is None or not lacking:
        return data
    told = "".join(f" {key}={quoteattr(value)}" for key, value in lacking)
    return data[: name.end()] + told.encode() + data[name.end() :]


def _name(data: bytes, kind: str) -> str | None:
    """Return the identifier by which a document is known, fit to stand in a path."""
    head = data[:_NAME_WITHIN]
    for pattern in _NAMES[kind]:
        if found := pattern.search(head):
            return fit_for_path(found[1].decode("utf-8", "replace"))
    return None


def fit_for_path(name: str) -> str | None:
    """Return a name of letters, digits and ``._:-`` made of another, ``None`` if nothing is left."""
    plain = unicodedata.normalize("NFC", name).strip()
    return re.sub(r"[^\w.:-]+", "_", plain)[:80].strip("_") or None
