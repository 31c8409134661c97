"""PubTator (Wei et al. 2019, doi:10.1093/nar/gkz389): title and abstract on a line each.

The lines of annotations behind them are not read, for what a text names is found here anew.
"""

from __future__ import annotations

import re

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, Publication
from kg.readers.decode import decode
from kg.readers.parts import add_abstract, add_head, add_registrations
from kg.text import Reading

_LINE = re.compile(r"\s*(?P<id>[\w.-]{1,40})\|(?P<kind>[ta])\|(?P<text>.*)")


def read_pubtator(data: bytes, path: str) -> Reading:
    """Read one document.

    Raises
    ------
    DocumentError
        If no line of it holds a title or an abstract.
    """
    text, _ = decode(data, path)
    parts: dict[str, tuple[str, int]] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if found is None:
            continue
        if found["kind"] in parts or (name and found["id"] != name):
            break
        name = found["id"]
        parts[found["kind"]] = (found["text"], number)
    if not parts:
        raise DocumentError(path, "has no line '<number>|t|<title>'; is it PubTator?")
    known = Publication()
    title, at = parts.get("t", ("", 0))
    known.title = title.strip().rstrip(".") or None
    known.pmid = name if re.fullmatch(r"\d{4,9}", name) else None
    known.pmcid = name if re.fullmatch(r"PMC\d{4,9}", name) else None
    assembler = Assembler()
    add_head(assembler, known, {"title": f"t, line {at}"})
    if "a" in parts:
        abstract, at = parts["a"]
        add_registrations(known, abstract)
        add_abstract(assembler, abstract, f"a, line {at}")
    return assembler.finish(data, path, "pubtator", known)
