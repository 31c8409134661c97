"""What of an unfinished build is done: records with their triples, added one by one, read after a kill."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kg.ledger import Stored


class Journal:
    """Outcomes of documents in the order in which they were done: a header line, the record, its triples."""

    def __init__(self, stream: IO[bytes], origin: int = 1) -> None:
        self._stream, self._origin = stream, origin
        if stream.tell():  # the last run may have been killed within a line
            stream.write(b"\n")

    def add(self, entry: dict[str, Any], line: bytes, block: bytes, graph_version: str) -> Stored:
        """Write one record with its manifest entry and its triples; it survives a kill from here on."""
        header = {
            **entry,
            "block": {
                "length": len(block),
                "sha256": hashlib.sha256(block).hexdigest(),
                "version": graph_version,
            },
        }
        self._stream.write(json.dumps(header).encode() + b"\n")
        at = self._stream.tell()
        self._stream.write(line + b"\n" + block)
        self._stream.flush()
        place = at + len(line) + 1
        return Stored(self._origin, at, len(line), self._origin, place, len(block), entry)


def read_journal(journal: Path, number: int, graph_version: str) -> Iterator[Stored]:
    """Yield the records of a journal; one that a kill cut short is passed over.

    Parameters
    ----------
    journal
        A file that :class:`Journal` wrote; it need not exist.
    number
        What the records found shall name as their origin.
    graph_version
        See :meth:`kg.output.Workspace.stored`.
    """
    if not journal.is_file():
        return
    with journal.open("rb") as stream:
        while header := stream.readline():
            try:
                entry = json.loads(header)
                block = entry.pop("block")
                length, block_length = int(entry["length"]), int(block["length"])
            except (ValueError, AttributeError, KeyError, TypeError):
                continue
            at = stream.tell()
            line = stream.read(length)
            if hashlib.sha256(line).hexdigest() != entry.get("record_sha256"):
                stream.seek(at)
                continue
            stream.read(1)
            triples = stream.read(block_length)
            if hashlib.sha256(triples).hexdigest() != block["sha256"]:
                stream.seek(at + length + 1)
            elif block["version"] == graph_version:
                place = at + length + 1
                yield Stored(number, at, length, number, place, block_length, entry)
                continue
            yield Stored(number, at, length, None, None, None, entry)
