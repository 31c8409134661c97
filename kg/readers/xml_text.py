"""An XML document, and the running text of an element."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from kg.errors import DocumentError
from kg.readers.inline import EXPONENT, MARKS, TEN, UNIT_POWER
from kg.safe_xml import ENTITIES, SAFE, Element

_CITED = re.compile(r"\d{1,3}(?:\s*[,–—-]\s*\d{1,3})*")
#: Elements that show nothing: other forms of what stands beside them, and pictures.
_SILENT = frozenset({
    "tex-math", "graphic", "inline-graphic", "media", "object-id", "alt-text", "long-desc",
    "private-char", "annotation", "annotation-xml", "inline-supplementary-material", "index-term",
    "processing-meta",
})  # fmt: skip
_NOTE_MARKS = frozenset({"table-fn", "fn", "author-notes", "corresp"})


def parse_xml(data: bytes, path: str) -> Element:
    """Return the root of an XML document; nothing outside it is fetched and no entity expanded.

    Raises
    ------
    DocumentError
        If it is no well-formed XML, nested too deeply, or declares entities.
    """
    parser = etree.XMLParser(**SAFE)
    if re.search(rb"<!ENTITY", data[:1_000_000].replace(b"\x00", b"")):
        raise DocumentError(path, ENTITIES)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        problem = str(error.msg).strip() or "no document"
        raise DocumentError(
            path, f"is no well-formed XML ({problem}); fetch it again or repair it",
            place=f"line {line}",
        ) from error  # fmt: skip
    if root.getroottree().docinfo.internalDTD is not None and any(
        root.getroottree().docinfo.internalDTD.iterentities()
    ):
        raise DocumentError(path, ENTITIES)
    return root


def local(element: Element) -> str:
    """Return an element's name without its name space, ``""`` for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of these names, in order."""
    return (child for child in element if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along a path of names."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def told(element: Element | None) -> str | None:
    """Return an element's text, ``None`` if it is missing or empty."""
    return None if element is None else inline_text(element).strip() or None


def inline_text(element: Element, skip: frozenset[str] = frozenset()) -> str:
    """Return the running text of an element, its children of the names in `skip` left out.

    Raised digits are shown as they are read: powers of ten as ``10(9)``, powers of units glued to
    them, marks of footnotes not at all; numbers of citations in square brackets.
    """
    pieces: list[str] = []
    _collect(element, pieces, skip)
    return " ".join("".join(pieces).split())


def _collect(element: Element, pieces: list[str], skip: frozenset[str]) -> None:
    if element.text:
        pieces.append(element.text)
    for inner in element:
        _show(inner, pieces, skip)
        if inner.tail:
            pieces.append(inner.tail)


def _show(element: Element, pieces: list[str], skip: frozenset[str]) -> None:
    name = local(element)
    if not name:
        if isinstance(element, etree._Entity):
            pieces.append(html.unescape(element.text or ""))
        return
    if name in skip or name in _SILENT:
        return
    if name in ("break", "mspace"):
        pieces.append(" ")
    elif name == "xref":
        _reference(element, pieces, skip)
    elif name == "sup":
        _raised(element, pieces, skip)
    elif name == "alternatives":
        textual = [inner for inner in element if local(inner) not in _SILENT]
        for inner in textual[:1]:
            _show(inner, pieces, skip)
    elif name in ("p", "title", "list-item", "def", "term", "AbstractText"):
        pieces.append(" ")
        _collect(element, pieces, skip)
        pieces.append(" ")
    else:
        _collect(element, pieces, skip)


def _reference(element: Element, pieces: list[str], skip: frozenset[str]) -> None:
    kind = element.get("ref-type", "")
    if kind in _NOTE_MARKS:
        return
    inner: list[str] = []
    _plain(element, inner)
    shown = "".join(inner).strip()
    before = "".join(pieces[-3:]).rstrip()[-1:]
    if kind == "bibr" and _CITED.fullmatch(shown) and before not in ("[", "(", ",", ";", "–", "-"):
        pieces.append(f" [{shown}]")
    else:
        pieces.append(shown)


def _plain(element: Element, pieces: list[str]) -> None:
    pieces.extend(str(text) for text in element.itertext())


def _raised(element: Element, pieces: list[str], skip: frozenset[str]) -> None:
    inner: list[str] = []
    _collect(element, inner, skip)
    shown = "".join(inner).strip()
    before = "".join(pieces[-4:])[-12:]
    if not shown:
        return
    if any(local(one) == "xref" and one.get("ref-type") == "bibr" for one in element):
        pieces.append(f" {shown}" if shown.startswith("[") else f" [{shown}]")
    elif EXPONENT.match(shown) and TEN.search(before):
        pieces.append(f"({shown})")
    elif (EXPONENT.match(shown) and UNIT_POWER.search(before)) or not MARKS.match(shown):
        pieces.append(shown)
    elif shown.isdigit() and (not before.strip() or before[-1:] in " ("):
        pieces.append(shown)  # an isotope, "99mTc"
