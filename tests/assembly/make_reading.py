"""Readings for tests, made from text alone: one block a paragraph, a heading where a line begins with #."""

from __future__ import annotations

import hashlib
import re

from kg.records import Document
from kg.text import Block, Reading, View


def make_reading(text: str, section: str = "body") -> Reading:
    """Return the reading of a text whose paragraphs are divided by empty lines.

    A paragraph that begins with ``#`` signs is a heading of that level; the signs stay in the view.
    """
    blocks = []
    for match in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+", text):
        hashes = re.match(r"\s*(#*)\s*", match.group())
        level = len(hashes[1]) if hashes else 0
        start = match.start() + (hashes.end() if hashes else 0)
        end = match.start() + len(match.group().rstrip())
        if end > start:
            kind = "heading" if level else "paragraph"
            blocks.append(Block(kind, start, end, section, level))  # type: ignore[arg-type]
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    document = Document(id="d", path="d.txt", sha256=digest, format="text", text=text)
    return Reading(document, View.identity(text), tuple(blocks))
