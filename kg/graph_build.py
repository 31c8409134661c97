"""Which documents' triples go into the graph, and under which names of studies.

    first pass:   lines that tell studies apart, of all documents → who is who
    second pass:  triples of all documents → the graph

A worker names the studies of a document by what that document says. Only where another document
tells of the same study, or of one that looks like it, are its triples made again, here. What a build
before has made is not made anew: a document's lines are added to its files, or taken away.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.graph_files import write_graph
from kg.graph_patch import patch_graph
from kg.identity import LISTED, Identities, document_tail, with_what_is_known
from kg.ledger import Ledger, Stored
from kg.output import GRAPH, IDENTITIES, STORE, TRIPLES, Reader, Workspace
from kg.runs import Runs, merge, without_count, write_lines

if TYPE_CHECKING:
    from kg.records import Record

#: Of the triples of the build before, the share up to which changes are put in their places.
PATCHED_SHARE = 0.05
_KEY, _KEY_LENGTH = b"K", 17  # a letter and 64 bits in hexadecimal: see kg.study_profile


def record_lines(record: Record, base_iri: str) -> bytes:
    """Return what the graph needs of one record: its triples, then what tells its studies apart.

    The triples (N-Triples, sorted) name studies by what this record says; the others are the lines of
    :func:`kg.study_profile.identity_lines`, each with a point at its end as a triple has.
    """
    from kg.rdf import (
        record_block,
    )  # with all that reads labels: a first build needs it in its workers alone
    from kg.study_profile import identity_lines

    told = sorted(line.encode("utf-8", "surrogatepass") for line in identity_lines(record))
    triples = record_block(record, Identities(), base_iri)
    return triples + b"".join(line + b" .\n" for line in told)


class GraphBuild:
    """Writes the graph of all records that a ledger keeps into a workspace's new folder.

    Parameters
    ----------
    base_iri
        Start of the IRIs of data.
    retracted
        Publications that a list names: see :func:`kg.retraction.read_list`.
    """

    def __init__(
        self,
        ledger: Ledger,
        workspace: Workspace,
        base_iri: str,
        retracted: frozenset[str] = frozenset(),
    ) -> None:
        self._retracted = retracted
        self._ledger, self._workspace, self._base_iri = ledger, workspace, base_iri
        self._opened = ExitStack()
        self._folder = workspace.folder
        self._identities = Identities()

    def __enter__(self) -> GraphBuild:
        folder = tempfile.TemporaryDirectory(prefix="runs-", dir=self._workspace.folder)
        self._folder = Path(self._opened.enter_context(folder))
        self._reader = self._opened.enter_context(Reader(self._workspace.files))
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def entry(self, stored: Stored) -> dict[str, Any]:
        """Return what the manifest says of a record, with what is known of its studies from others."""
        about = self._about(stored)
        entry = {key: value for key, value in stored.entry.items() if key != "identity"}
        return {**entry, "identity": about} if about else entry

    def write_all(self) -> None:
        """Write all files from the triples of all records; none may be without.

        Raises
        ------
        BuildError
            If the store cannot be written.
        """
        new = self._workspace.new
        keys = self._runs("keys")
        for stored in self._ledger.kept():
            keys.add(self._parts(stored)[1])
        self._identify(keys.batches())
        triples = self._runs("triples")
        for stored in self._ledger.kept():
            triples.add(self._block(stored))
        write_graph(
            triples.batches(), new / TRIPLES, new / GRAPH, new / STORE, self._base_iri
        )  # fmt: skip

    def write_changes(self) -> None:
        """Write all files from those of the build before and the records that changed.

        Raises
        ------
        InconsistentError
            If the files do not hold what they should.
        BuildError
            If the store cannot be written.
        """
        out, new = self._workspace.out, self._workspace.new
        keys, triples = self._runs("keys"), self._runs("triples")
        for stored in self._ledger.gone():
            record = self._record(stored)
            keys.take_away(_split(record_lines(record, self._base_iri))[1])
            triples.take_away(self._block_before(stored))
        for stored in self._ledger.added():
            keys.add(self._parts(stored)[1])
        keys.write(self._folder / "keys.changes")
        self._identify(merge([out / IDENTITIES, self._folder / "keys.changes"]))
        for stored in self._ledger.kept():
            if not self._ledger.is_before(stored):
                triples.add(self._block(stored))
            elif self._about(stored) != stored.entry.get("identity", ""):
                triples.take_away(self._block_before(stored))
                triples.add(self._block(stored))
        size = (out / TRIPLES).stat().st_size
        if triples.is_small() and triples.size <= PATCHED_SHARE * size:
            [changes] = triples.batches()
            patch_graph(changes, out, new, self._base_iri)
            return
        triples.write(self._folder / "triples.changes")
        merged = merge([out / TRIPLES, self._folder / "triples.changes"])
        write_graph(merged, new / TRIPLES, new / GRAPH, new / STORE, self._base_iri)

    def clear(self) -> None:
        """Remove what has been written."""
        new = self._workspace.new
        for name in (TRIPLES, GRAPH, IDENTITIES):
            (new / name).unlink(missing_ok=True)
        shutil.rmtree(new / STORE, ignore_errors=True)
        for file in self._folder.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()

    def _runs(self, name: str) -> Runs:
        folder = self._folder / name
        folder.mkdir()
        return Runs(folder)

    def _identify(self, batches: Iterable[list[bytes]]) -> None:
        """Write the lines that tell studies apart, and find out who is who."""
        with (self._workspace.new / IDENTITIES).open("wb") as file:
            self._identities = Identities.from_lines(_telling(_written(batches, file)))

    def _about(self, stored: Stored) -> str:
        tail = document_tail(stored.entry["sha256"])
        reports = [f"{tail}-{ordinal}" for ordinal in range(stored.entry["reports"])]
        listed = not self._retracted.isdisjoint(stored.entry.get("publications", ()))
        return (LISTED if listed else "") + self._identities.about_reports(reports)

    def _parts(self, stored: Stored) -> tuple[bytes, bytes]:
        if stored.block_at is None:  # a full disk, or a kill, cut the journal behind the record
            return _split(record_lines(self._record(stored), self._base_iri))
        return _split(self._reader.block(stored))

    def _record(self, stored: Stored) -> Record:
        from kg.records import Record

        return Record.model_validate_json(self._reader.line(stored))

    def _block(self, stored: Stored) -> bytes:
        """Return the triples of a record as they stand in the graph to be."""
        about = self._about(stored)
        if stored.block_at is not None and not about:
            return self._parts(stored)[0]
        return self._block_about(stored, about)

    def _block_before(self, stored: Stored) -> bytes:
        """Return the triples of a record as they stand in the graph of the build before."""
        return self._block_about(stored, stored.entry.get("identity", ""))

    def _block_about(self, stored: Stored, about: str) -> bytes:
        """Return the triples of a record, given what is known of it from elsewhere."""
        from kg.rdf import record_block

        record, identities = with_what_is_known(self._record(stored), about)
        return record_block(record, identities, self._base_iri)


def _split(lines: bytes) -> tuple[bytes, bytes]:
    """Take apart what :func:`record_lines` put together."""
    at = max(lines.rfind(b"\n<") + 1, 0)
    end = lines.index(b"\n", at) + 1 if lines else 0
    return lines[:end], lines[end:]


def _written(batches: Iterable[list[bytes]], file: IO[bytes]) -> Iterator[list[bytes]]:
    for batch in batches:
        write_lines([batch], file)
        yield batch


def _telling(batches: Iterable[list[bytes]]) -> Iterator[str]:
    """Yield the lines without what no second document has: most keys are a single document's."""
    last, told = b"", False
    for batch in batches:
        for line in batch:
            if not line.startswith(_KEY):
                yield _text(line)
                continue
            if line[:_KEY_LENGTH] == last[:_KEY_LENGTH]:
                if not told:
                    yield _text(last)
                yield _text(line)
                told = True
            else:
                told = False
            last = line


def _text(line: bytes) -> str:
    return without_count(line)[: -len(b" .")].decode("utf-8", "surrogatepass")
