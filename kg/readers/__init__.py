"""Reading documents: from the bytes of one document to its text, its blocks and what it says of itself.

For Markdown, plain text and HTML ``document.text`` is the decoded file with nothing changed; a byte
order mark belongs to the encoding and not to the text. All cleaning is in the view, which maps back
to the source character by character. For XML, references, tables and PDF it is the text that the
reader assembled, and ``document.source_map`` says where each stretch stands in the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from kg.errors import DocumentError
from kg.readers.decode import SIZE_LIMIT, decode, load_bytes
from kg.readers.formats import (
    FORMATS,
    HEAD_SIZE,
    PUBMED_TEXT,
    announced_format,
    recognise,
    recognise_file,
)
from kg.readers.front_matter import FrontMatter, read_front_matter
from kg.readers.layout import LayoutReader
from kg.readers.members import only_member
from kg.readers.metadata import describe
from kg.readers.sections import judge, to_sections
from kg.records import Document, content_id
from kg.text import Reading

#: Reader of each structured format, as ``module:function``; imported when first needed.
_READERS = {
    "pubmed-xml": "kg.readers.pubmed_xml:read_pubmed_xml",
    "jats": "kg.readers.jats:read_jats",
    "bioc-xml": "kg.readers.bioc:read_bioc_xml",
    "bioc-json": "kg.readers.bioc:read_bioc_json",
    "pubtator": "kg.readers.pubtator:read_pubtator",
    "ris": "kg.readers.references:read_ris",
    "nbib": "kg.readers.references:read_nbib",
    "csv": "kg.readers.rows:read_csv",
    "tsv": "kg.readers.rows:read_tsv",
    "jsonl": "kg.readers.rows:read_json_line",
    "pdf": "kg.readers.pdf:read_pdf",
}

#: Formats without a grammar: told apart by their marks.
_TEXTS = frozenset({"markdown", "text", "html", "pubmed"})
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|li|td|section|article)>", re.IGNORECASE)
#: Of these every sign of Markdown holds one.
_MARKS = ("#", "**", "](", "|", "{{", "\n>", "```", ":::", "__")
_MARKDOWN = re.compile(
    r"^#{1,6} \S|\*\*[^*\n]+\*\*|\]\((?:https?:|/)|^\|.*\|[ \t]*$|\{\{[<%]|^> |^```|^:::|^\|\||(?<=[^\s#]) #{2,6} [A-Z]|__\S[^_\n]*__",
    re.MULTILINE,
)


def read(path: Path, size_limit: int = SIZE_LIMIT, format: str | None = None) -> Reading:
    """Read the document at `path`; one of several in a file is named as in ``set.xml.gz#123``.

    Raises
    ------
    DocumentError
        If the file cannot be read, holds no text, or several documents of which none is named;
        nothing else is raised for any content.
    """
    file, member = divide(path)
    if not member and (recognise_file(str(path), opened=False) in _WHOLE or not path.is_file()):
        return read_bytes(load_bytes(path, size_limit), str(path), format)
    try:
        with open(file, "rb") as stream:
            found = only_member(
                stream, str(file), wanted=member, format=format, size_limit=size_limit
            )
    except OSError:
        load_bytes(file, size_limit)  # says what is wrong
        raise
    if not member and found.is_whole:
        return read_bytes(load_bytes(path, size_limit), str(path), found.format)
    return read_bytes(found.data, str(file) + member, found.format)


def divide(path: Path) -> tuple[Path, str]:
    """Part a document's name into its file and the member: ``a.zip`` and ``!/b.xml#1``."""
    shown = str(path)
    if path.exists():
        return path, ""
    for found in re.finditer(r"!/|#", shown):
        if Path(shown[: found.start()]).is_file():
            return Path(shown[: found.start()]), shown[found.start() :]
    return path, ""


_WHOLE = frozenset({None, *(name for name, one in FORMATS.items() if one.kind == "document")})


def read_bytes(data: bytes, path: str, format: str | None = None) -> Reading:
    """Read a document from its bytes.

    Parameters
    ----------
    data
        One document, or a container with one; of several the first is read.
    path
        Names the document; its suffix hints at the format.
    format
        A name of :data:`kg.readers.formats.FORMATS`; ``None``: told by the content.

    Raises
    ------
    DocumentError
        If the bytes hold no text, or are not what they seem to be.
    """
    found = format or recognise(data[:HEAD_SIZE], path)
    try:
        if found in _READERS:
            module, _, name = _READERS[found].partition(":")
            reader: Callable[[bytes, str], Reading] = getattr(import_module(module), name)
            return reader(data, path)
        text, encoding = decode(data, path)
        return _read_text(text, data, path, encoding, format)
    except RecursionError as error:
        raise DocumentError(path, "is nested too deeply to be read") from error


def _read_text(
    text: str, data: bytes, path: str, encoding: str, asked: str | None = None
) -> Reading:
    front = read_front_matter(text)
    form = asked if asked in _TEXTS else _format(text, front, path)
    layout = LayoutReader(
        text, front.end_char, wiki=form == "markdown", lines=form != "html"
    ).read()
    blocks = judge(layout, short_lines=form == "text")
    others = [("duplicate", start, end) for start, end in layout.dumps]
    if front.end_char:
        others.append(("front_matter", 0, front.end_char))
    sha256 = hashlib.sha256(data).hexdigest()
    known = describe(text, layout, blocks, front.values)
    document = Document(
        id=content_id("doc", sha256),
        path=path,
        sha256=sha256,
        format=form,
        text=text,
        sections=to_sections(layout.view, blocks, others),
        **known,
    )
    metadata: dict[str, object] = {**front.values}
    metadata.setdefault("encoding", encoding)
    return Reading(document, layout.view, blocks, metadata)


def _format(text: str, front: FrontMatter, path: str) -> str:
    """Tell the format by content; the suffix decides where the content leaves it open."""
    announced = announced_format(path.partition("#")[0]) or "text"
    if front.format is not None:
        return "markdown"
    if _HTML.match(text):
        return "html"
    if announced == "html":
        return "html" if "<" in text else "text"
    if announced == "markdown":
        return "markdown"
    marked = any(map(f"\n{text}".__contains__, _MARKS))
    signs = len(_MARKDOWN.findall(text[:50_000])) if marked else 0
    if signs < 2 and len(_BLOCK_TAG.findall(text[:50_000])) >= 3:
        return "html"
    if signs >= 2:
        return "markdown"
    return "pubmed" if PUBMED_TEXT.match(text) else "text"
