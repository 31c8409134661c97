"""What a build knows of each document: a table on disk, so that memory does not grow with their number.

The ledger lives as long as one run. What must survive a kill stands in the journal and in the output.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE planned (path BLOB PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE known (
    key TEXT PRIMARY KEY, path BLOB NOT NULL, origin INTEGER NOT NULL, at INTEGER NOT NULL,
    length INTEGER NOT NULL, block_origin INTEGER, block_at INTEGER, block_length INTEGER,
    entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE before (key TEXT PRIMARY KEY, path BLOB NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = (
    "known.origin, known.at, known.length, known.block_origin, known.block_at, known.block_length,"
    " known.entry"
)
_KEPT = f"SELECT {_COLUMNS} FROM planned JOIN known USING (key)"
#: The number of the output of the run before among the files that hold records.
OUTPUT = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """A record that is known: where its line lies, where its triples, and what the manifest says of it.

    Parameters
    ----------
    origin
        Number of the file: :data:`OUTPUT` or that of a journal.
    at, length
        Place of the record's line in the file, in bytes, without its line feed.
    block_origin, block_at, block_length
        Place of what the graph needs of it; ``None`` where no file holds what still holds.
    """

    origin: int
    at: int
    length: int
    block_origin: int | None
    block_at: int | None
    block_length: int | None
    entry: dict[str, Any]


class Ledger:
    """Which documents there are and which records are known.

    Parameters
    ----------
    file
        The table's file; what is there is replaced.
    """

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._table = sqlite3.connect(file, isolation_level=None)
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA synchronous = OFF")
        self._table.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._table.executescript(_TABLES)
        self._table.execute("BEGIN")

    def close(self) -> None:
        self._table.close()

    def plan(self, path: str, key: str) -> None:
        """Note that a document is to be in the output."""
        self._table.execute("INSERT OR REPLACE INTO planned VALUES (?, ?)", (_blob(path), key))

    def give_up(self, path: str) -> None:
        """Note that a document cannot be in the output."""
        self._table.execute("DELETE FROM planned WHERE path = ?", (_blob(path),))

    def forget_unread(self) -> None:
        """Give up all documents whose record is not known: they failed, or vanished meanwhile."""
        self._table.execute("DELETE FROM planned WHERE key NOT IN (SELECT key FROM known)")

    def had(self, entry: dict[str, Any]) -> None:
        """Note a record that the output of the run before lists."""
        self._table.execute(
            "INSERT OR REPLACE INTO before VALUES (?, ?)", (entry["key"], _blob(entry["path"]))
        )

    def know(self, stored: Stored) -> None:
        """Note a record that need not be extracted again; of one that is known, note its triples."""
        self._table.execute(
            "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
            " block_origin = excluded.block_origin, block_at = excluded.block_at,"
            " block_length = excluded.block_length WHERE excluded.block_at IS NOT NULL",
            (
                stored.entry["key"], _blob(stored.entry["path"]), stored.origin, stored.at, stored.length,
                stored.block_origin, stored.block_at, stored.block_length, json.dumps(stored.entry),
            ),
        )  # fmt: skip

    def is_to_read(self, path: str) -> bool:
        """Whether a document is to be in the output and its record is not known."""
        query = "SELECT 1 FROM planned WHERE path = ? AND NOT EXISTS (SELECT 1 FROM known WHERE known.key = planned.key)"
        return self._table.execute(query, (_blob(path),)).fetchone() is not None

    def count(self) -> int:
        """Return the number of documents that are to be in the output."""
        return self._number("SELECT count(*) FROM planned")

    def count_unknown(self) -> int:
        """Return the number of documents that have yet to be extracted."""
        return self._number("SELECT count(*) FROM planned WHERE key NOT IN (SELECT key FROM known)")

    def count_dropped(self, still_there: Iterable[str]) -> int:
        """Return the number of documents of the run before that are neither planned nor `still_there`."""
        self._table.execute("CREATE TEMP TABLE IF NOT EXISTS there (path BLOB)")
        self._table.executemany("INSERT INTO there VALUES (?)", [(_blob(p),) for p in still_there])
        return self._number(
            "SELECT count(*) FROM before WHERE path NOT IN (SELECT path FROM planned)"
            " AND path NOT IN (SELECT path FROM there)"
        )

    def is_as_before(self) -> bool:
        """Whether the output of the run before holds just the records that this one will hold."""
        return (
            self._number("SELECT count(*) FROM before") == self.count()
            and self.count_unknown() == 0
            and self._number("SELECT count(*) FROM planned JOIN before USING (key)") == self.count()
        )

    def kept(self) -> Iterator[Stored]:
        """Yield the records of the output, sorted by path."""
        return self._stored(f"{_KEPT} ORDER BY planned.path")

    def added(self) -> Iterator[Stored]:
        """Yield the records that the output of the run before does not hold, sorted by path."""
        query = f"{_KEPT} WHERE key NOT IN (SELECT key FROM before) ORDER BY planned.path"
        return self._stored(query)

    def gone(self) -> Iterator[Stored]:
        """Yield the records of the run before that will not be in the output, sorted by path."""
        return self._stored(
            f"SELECT {_COLUMNS} FROM known JOIN before USING (key)"
            f" WHERE origin = {OUTPUT} AND key NOT IN (SELECT key FROM planned) ORDER BY before.path"
        )

    def without_triples(self) -> Iterator[Stored]:
        """Yield the records of the output whose triples lie in no journal, sorted by path."""
        return self._stored(f"{_KEPT} WHERE known.block_at IS NULL ORDER BY planned.path")

    def count_without_triples(self) -> int:
        """Return the number of :meth:`without_triples`."""
        return self._number(
            "SELECT count(*) FROM planned JOIN known USING (key) WHERE known.block_at IS NULL"
        )

    def is_before(self, stored: Stored) -> bool:
        """Whether the output of the run before holds a record."""
        query = "SELECT 1 FROM before WHERE key = ?"
        return self._table.execute(query, (stored.entry["key"],)).fetchone() is not None

    def _stored(self, query: str) -> Iterator[Stored]:
        for row in self._table.execute(query):
            origin, at, length, block_origin, block_at, block_length, entry = row
            yield Stored(
                origin, at, length, block_origin, block_at, block_length, json.loads(entry)
            )

    def _number(self, query: str) -> int:
        [number] = self._table.execute(query).fetchone()
        return int(number)


def _blob(path: str) -> bytes:
    """Return a path as bytes that sort as the path does: names need not be valid text."""
    return path.encode("utf-8", "surrogatepass")
