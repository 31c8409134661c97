"""Telling a format by what a file holds; a suffix decides only where the content leaves it open.

A *container* holds many documents: a set of PubMed articles, a list of references, an archive. What
is wrapped (gzip, bzip2, xz) is told by what is inside.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import os
import re
import stat
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Literal, cast

from kg.readers.columns import is_table_of_texts, is_text_row

#: Bytes at the start of a file from which its format is told.
HEAD_SIZE = 65_536

Kind = Literal["document", "container", "archive", "wrapper"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in records and for ``--format``, and what a file of it holds."""

    name: str
    about: str
    kind: Kind
    suffixes: tuple[str, ...] = ()


FORMATS = {
    one.name: one
    for one in (
        Format("markdown", "Markdown, with front matter", "document", (".md", ".markdown")),
        Format("text", "plain text", "document", (".txt", ".text")),
        Format("html", "web page", "document", (".html", ".htm", ".xhtml")),
        Format("pubmed", "PubMed's text form", "container"),
        Format("pubmed-xml", "PubMed or MEDLINE XML", "container"),
        Format("nbib", "PubMed's tagged form", "container", (".nbib", ".medline")),
        Format("jats", "JATS full text", "container", (".nxml", ".jats")),
        Format("ris", "RIS references", "container", (".ris",)),
        Format("bioc-xml", "BioC XML", "container"),
        Format("bioc-json", "BioC JSON", "container"),
        Format("pubtator", "PubTator", "container", (".pubtator",)),
        Format("csv", "table with named columns, comma-separated", "container", (".csv",)),
        Format("tsv", "table with named columns, tab-separated", "container", (".tsv", ".tab")),
        Format("jsonl", "one JSON object a line", "container", (".jsonl", ".ndjson")),
        Format("pdf", "text layer of a PDF file", "document", (".pdf",)),
        Format("zip", "archive", "archive", (".zip",)),
        Format("tar", "archive", "archive", (".tar", ".tgz")),
        Format("gzip", "compressed file", "wrapper", (".gz",)),
        Format("bzip2", "compressed file", "wrapper", (".bz2",)),
        Format("xz", "compressed file", "wrapper", (".xz",)),
    )
}  # fmt: skip
#: What a person may ask for with ``--format``.
NAMES = tuple(name for name, one in FORMATS.items() if one.kind in ("document", "container"))
_BY_SUFFIX = {suffix: one.name for one in FORMATS.values() for suffix in one.suffixes}
#: Formats without marks of their own: a name that announces one is believed.
_ANNOUNCED = frozenset({"markdown", "text", "html"})

_WRAPPERS = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"))
_XML_PROLOG = re.compile(
    r"\s*(?:<\?[^>]{0,2000}\?>\s*|<!--.{0,20000}?-->\s*|<!DOCTYPE\s[^\[>]{0,4000}(?:\[[^\]]{0,40000}\]\s*)?>\s*)*+"
    r"<(?P<root>[A-Za-z_][\w.:-]{0,60})",
    re.DOTALL,
)
_ROOTS = {
    "PubmedArticleSet": "pubmed-xml", "PubmedArticle": "pubmed-xml", "MedlineCitationSet": "pubmed-xml",
    "MedlineCitation": "pubmed-xml", "PubmedBookArticleSet": "pubmed-xml",
    "PubmedBookArticle": "pubmed-xml", "pmc-articleset": "jats", "OAI-PMH": "jats",
    "collection": "bioc-xml",
}  # fmt: skip
_JATS = re.compile(r"<article\b[^>]{0,2000}(?:article-type|dtd-version)|<(?:front|journal-meta)\b")
_RIS = re.compile(
    r"\A\s*(?:\d{1,6}\.\s*)?(?:[A-Z][A-Z0-9] {1,2}-[^\n]{0,500}\n\s*){0,3}TY {1,2}- ?\w"
)
_NBIB = re.compile(r"\A\s*(?:PMID|PMC |OWN |STAT)- ?\S")
_PUBTATOR = re.compile(r"\A\s*[\w.-]{1,40}\|[ta]\|")
PUBMED_TEXT = re.compile(r"\A\s*\d{1,6}\.\s[A-Z][^\n]{2,120}\.\s(?:19|20)\d\d\b[^\n]{0,160}")
_BIOC_JSON = re.compile(r'"passages"\s*:\s*\[')


def decode_head(head: bytes) -> str:
    """Return the start of a text, whatever its encoding; what is no text gives odd characters."""
    for signature, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(signature):
            return head[len(signature) :].decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def recognise(head: bytes, name: str = "") -> str | None:
    """Tell the format of a file from its first :data:`HEAD_SIZE` bytes, and its name.

    Returns
    -------
    str or None
        A name of :data:`FORMATS`; ``None`` where neither content nor name says what it is.

    Examples
    --------
    >>> recognise(b"TY  - JOUR")
    'ris'
    >>> recognise(b"PMID- 12345", "export.txt")
    'nbib'
    """
    for magic, wrapper in _WRAPPERS:
        if head.startswith(magic):
            return wrapper
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    text = decode_head(head)
    announced = _BY_SUFFIX.get(PurePath(name).suffix.lower())
    start = text.lstrip()[:1]
    if start == "<" and (found := _of_xml(text)):
        return found
    if start in ("{", "[") and (found := _of_json(text)):
        return found
    for pattern, kind in (
        (_RIS, "ris"), (_NBIB, "nbib"), (_PUBTATOR, "pubtator"), (PUBMED_TEXT, "pubmed"),
    ):  # fmt: skip
        if pattern.match(text):
            return kind
    if announced in _ANNOUNCED or announced == "pdf":
        return announced
    return _of_table(text, name)


def _of_xml(text: str) -> str | None:
    found = _XML_PROLOG.match(text)
    if found is None:
        return None
    root = found["root"]
    if root in _ROOTS:
        return _ROOTS[root]
    bare = root.rpartition(":")[2]
    if bare == "article":
        return "jats" if _JATS.search(text, found.start("root") - 1) else None
    return "html" if bare.lower() in ("html", "head", "body") else None


def _of_json(text: str) -> str | None:
    if _BIOC_JSON.search(text):
        return "bioc-json"
    first = text.strip().split("\n", 1)[0].rstrip(",")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # cut off within the first line: its keys tell
        keys = re.findall(r'"([\w .-]{1,40})"\s*:\s*"', first[:HEAD_SIZE])
        whole = len(text) < HEAD_SIZE // 2
        return "jsonl" if first.startswith("{") and not whole and is_text_row(keys) else None
    return "jsonl" if isinstance(value, dict) and is_text_row(value) else None


def _of_table(text: str, name: str) -> str | None:
    lines = text.split("\n", 1)
    if len(lines) < 2:
        return None
    for separator, kind in (("\t", "tsv"), (",", "csv"), (";", "csv")):
        try:
            head = next(csv.reader(io.StringIO(lines[0]), delimiter=separator), [])
        except csv.Error:
            continue
        if len(head) > 1 and is_table_of_texts(head):
            return kind
    return None


def holds_many(name: str) -> bool:
    """Whether a file of a format may hold many documents: its size says nothing of theirs."""
    return FORMATS[name].kind != "document"


def unwrap(stream: BinaryIO, wrapper: str) -> BinaryIO:
    """Return the stream within a compressed one; it is read as it is asked for."""
    if wrapper == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    if wrapper == "bzip2":
        return cast("BinaryIO", bz2.BZ2File(stream, "rb"))
    return cast("BinaryIO", lzma.LZMAFile(stream, "rb"))


def announced_format(name: str) -> str | None:
    """Return the format that a file's name announces."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def recognise_file(path: str, *, opened: bool = True) -> str | None:
    """Tell the format of a file on disk; `opened`: of what is in it, where it is compressed.

    ``None`` where it cannot be told, or the file cannot be read as what it seems to be: who opens
    it will say why.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None  # opening a pipe would wait for its writer
        with open(path, "rb") as file:
            found = recognise(file.read(HEAD_SIZE), path)
            if not opened or found is None or FORMATS[found].kind != "wrapper":
                return found
            file.seek(0)
            inner = unwrap(file, found).read(HEAD_SIZE)
            return recognise(inner, str(PurePath(path).with_suffix(""))) and found
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
        return None
