"""XML without its dangers: entities that grow without bound, files elsewhere, endless depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml._Element: lxml comes without types
XMLSyntaxError = etree.XMLSyntaxError

ENTITIES = (
    "declares entities of its own, which is refused: they can grow without bound; replace them"
)
#: How lxml reads what a stranger wrote.
SAFE = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip


def iterate_xml(stream: BinaryIO, tags: Iterable[str]) -> Iterator[Element]:
    """Yield the elements of these names from an XML file of any length, each as it is closed.

    An element is emptied when the next one is asked for. Nothing outside the file is fetched and no
    entity expanded.

    Raises
    ------
    lxml.etree.XMLSyntaxError
        Where the file stops being well-formed, nests too deeply, or holds a text of over 10 MB.
    ValueError
        If the file declares entities.
    """
    events = etree.iterparse(stream, events=("start", "end"), **SAFE)
    wanted = frozenset(tags)
    root = None
    for event, element in events:
        if root is None:
            root = element
            declared = root.getroottree().docinfo.internalDTD
            if declared is not None and any(declared.iterentities()):
                raise ValueError(ENTITIES)
        if event == "end" and element.tag in wanted:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
