"""Reading documents: Markdown with front matter, plain text and HTML.

``document.text`` is the decoded file with nothing changed; a byte order mark belongs to the encoding
and not to the text. All cleaning is in the view, which maps back to the source character by
character.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kg.errors import DocumentError
from kg.readers.decode import SIZE_LIMIT, decode, load_bytes
from kg.readers.front_matter import FrontMatter, read_front_matter
from kg.readers.layout import LayoutReader
from kg.readers.metadata import describe
from kg.readers.sections import judge, to_sections
from kg.records import Document, content_id
from kg.text import Reading

#: Suffixes of files that are read, and the format each announces; the content decides.
SUPPORTED = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|li|td|section|article)>", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|\*\*[^*\n]+\*\*|\]\((?:https?:|/)|^\|.*\|[ \t]*$|\{\{[<%]|^> |^```|^\|\||__\S[^_\n]*__",
    re.MULTILINE,
)
_PUBMED = re.compile(r"\s*\d{1,4}\.\s[A-Z][^\n]{2,120}\.\s(?:19|20)\d\d\b[^\n]{0,160}")


def is_supported(path: Path) -> bool:
    """Whether a file's name announces a format that is read here."""
    return path.suffix.lower() in SUPPORTED


def read(path: Path, size_limit: int = SIZE_LIMIT) -> Reading:
    """Read the document at `path`.

    Raises
    ------
    DocumentError
        If the file cannot be read or holds no text; nothing else is raised for any content.
    """
    return read_bytes(load_bytes(path, size_limit), str(path))


def read_bytes(data: bytes, path: str) -> Reading:
    """Read a document from its bytes; `path` names it and its suffix hints at its format.

    Raises
    ------
    DocumentError
        If the bytes hold no text.
    """
    text, encoding = decode(data, path)
    try:
        return _read_text(text, data, path, encoding)
    except RecursionError as error:
        raise DocumentError(path, "is nested too deeply to be read") from error


def _read_text(text: str, data: bytes, path: str, encoding: str) -> Reading:
    front = read_front_matter(text)
    form = _format(text, front, path)
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
    announced = SUPPORTED.get(Path(path).suffix.lower(), "text")
    if front.format is not None:
        return "markdown"
    if _HTML.match(text):
        return "html"
    if announced == "html":
        return "html" if "<" in text else "text"
    if announced == "markdown":
        return "markdown"
    signs = len(_MARKDOWN.findall(text[:50_000]))
    if signs < 2 and len(_BLOCK_TAG.findall(text[:50_000])) >= 3:
        return "html"
    if signs >= 2:
        return "markdown"
    return "pubmed" if _PUBMED.match(text) else "text"
