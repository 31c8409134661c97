"""Cutting the documents out of BioC JSON, one at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.readers.line_members import text_of
from kg.readers.members import Damaged, Member, Refusal, too_large
from kg.readers.xml_members import fit_for_path

_PIECE = 1 << 18
_LIST = re.compile(r'"(?:documents|PubTator3|PubTator)"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


def split_bioc(stream: BinaryIO, size_limit: int) -> Iterator[Member | Refusal]:
    """Yield the documents of collections: one collection, a list of them, or one a line.

    Raises
    ------
    Damaged
        Where the file stops being JSON.
    """
    text = text_of(stream)
    held = ""
    ended = False
    number = 0
    decoder = json.JSONDecoder()
    while True:
        at = _next_object(held)
        if at is None and not ended:
            more = text.read(_PIECE)
            ended = not more
            held = (held if _LIST.search(held) is None or held.strip() else "") + more
            if len(held) > size_limit * 2:
                raise Damaged(too_large(size_limit), f"document {number + 1}")
            continue
        if at is None:
            break
        held = held[at:]
        step = _PIECE
        while True:
            try:
                value, end = decoder.raw_decode(held)
                break
            except (ValueError, RecursionError) as error:
                more = "" if ended or isinstance(error, RecursionError) else text.read(step)
                ended = ended or not more
                if len(held) > 2 * size_limit:
                    raise Damaged(too_large(size_limit), f"document {number + 1}") from None
                if not more:
                    raise Damaged(
                        f"is no JSON from here on ({error}); fetch it again",
                        f"document {number + 1}",
                    ) from error
                held += more
                step = max(step, len(held))  # doubling: linear in all
        number += 1
        data = held[:end].encode("utf-8")
        held = held[end:]
        found = value.get("id") or value.get("pmid") if isinstance(value, dict) else None
        name = fit_for_path(str(found)) if found else None
        if len(data) > size_limit:
            yield Refusal(str(number), too_large(size_limit), f"document {number}")
        else:
            yield Member(name or str(number), data, "bioc-json", f"document {number}")


def _next_object(held: str) -> int | None:
    """Return where the next document begins: at a list's start, behind its predecessor, or alone."""
    gap = _GAP.match(held)
    at = gap.end() if gap else 0
    if at < len(held) and held[at] == "{":
        inner = _LIST.search(held, at)
        passages = held.find('"passages"', at)
        if inner is None or 0 <= passages < inner.start():
            return at if passages >= 0 else None
        at = inner.end()
    else:
        found = _LIST.search(held)
        if found is None:
            opened = re.match(r"[\s,\]}]*+\[?\s*+(?=\{)", held)
            return opened.end() if opened and '"passages"' in held else None
        at = found.end()
    gap = _GAP.match(held, at)
    at = gap.end() if gap else at
    return at if at < len(held) and held[at] == "{" else None
