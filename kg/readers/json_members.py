"""Cutting the documents out of BioC JSON, one at a time, by ijson: a collection of any length."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, cast

import ijson

from kg.readers.members import Damaged, Member, Refusal, Started, too_large
from kg.readers.xml_members import fit_for_path

#: Where a collection keeps its documents; PubTator 3 calls the list by its own name.
_LIST = re.compile(rb'"(documents|PubTator3|PubTator)"\s*:\s*\[')

_DEEPEST = 2_000  # brackets open at once; the parser's memory grows with the square of their number
_PIECE = 16_384  # what is broken costs the documents that begin in the same piece


class _Limited:
    """A stream that refuses to give ever more bytes, or ever deeper ones, while one document is being read.

    Brackets in texts are counted too, which texts close again.
    """

    def __init__(self, stream: Started, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self.since = self._depth = 0

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(size)
        self.since += len(found)
        if self.since > self._limit:
            raise Damaged(f"holds a document that {too_large(self._limit)}")
        self._depth += sum(found.count(sign) for sign in (b"[", b"{"))
        self._depth -= sum(found.count(sign) for sign in (b"]", b"}"))
        if self._depth > _DEEPEST:
            raise Damaged("nests more deeply than any collection of documents does")
        return found


def split_bioc(stream: BinaryIO, size_limit: int) -> Iterator[Member | Refusal]:
    """Yield the documents of collections: one collection, a list of them, or one a line.

    Raises
    ------
    Damaged
        Where the file stops being JSON.
    """
    opened = Started(stream)
    found = _LIST.search(opened.head)
    is_list = opened.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["
    prefix = f"{found[1].decode()}.item" if found else ""
    if is_list:
        prefix = f"item.{prefix}".rstrip(".")
    number = 0
    limited = _Limited(opened, 2 * size_limit + 2 * _PIECE)
    try:
        for value in ijson.items(
            cast("BinaryIO", limited), prefix, multiple_values=True, use_float=True, buf_size=_PIECE
        ):
            number += 1
            limited.since = 0
            data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
            name = value.get("id") or value.get("pmid") if isinstance(value, dict) else None
            if len(data) > size_limit:
                yield Refusal(str(number), too_large(size_limit), f"document {number}")
            else:
                name = fit_for_path(str(name)) if name else None
                yield Member(name or str(number), data, "bioc-json", f"document {number}")
    except (ijson.JSONError, ValueError, RecursionError) as error:
        raise Damaged(
            f"is no JSON from here on ({error}); fetch it again", f"document {number + 1}"
        ) from error
    if not number:
        raise Damaged("holds no documents; is it BioC?")
