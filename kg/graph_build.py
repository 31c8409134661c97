"""Which documents' triples go into the graph, and under which names of studies.

A worker names the studies of a document by what that document says. Only where another document
shares an identifier with it may the name be another: these few documents' identifiers are read before
the graph is written, and the triples of those whose names change are made again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from kg.graph_files import write_graph
from kg.identity import Identities
from kg.ledger import Ledger, Stored
from kg.output import GRAPH, STORE, TRIPLES, Reader, Workspace
from kg.rdf import record_block
from kg.records import Record
from kg.runs import Runs


def write_graph_of(ledger: Ledger, workspace: Workspace, base_iri: str) -> None:
    """Write the graph of all records that the ledger keeps into the workspace's new folder.

    Raises
    ------
    BuildError
        If the store cannot be written.
    """
    new = workspace.new
    identities = shared_identities(ledger.sharing())
    with (
        tempfile.TemporaryDirectory(prefix="runs-", dir=workspace.folder) as folder,
        Reader(workspace.files) as reader,
    ):
        runs = Runs(Path(folder))
        for stored in ledger.kept():
            runs.add(_block(stored, identities, reader, base_iri))
        write_graph(runs.batches(), new / TRIPLES, new / GRAPH, new / STORE, base_iri)


def shared_identities(sharing: Iterable[Stored]) -> Identities:
    """Return who is who among documents that share identifiers with others."""
    identities = Identities()
    for stored in sharing:
        for joined in stored.entry.get("identifiers", ()):
            identities.join(joined)
    return identities


def is_renamed(stored: Stored, identities: Identities) -> bool:
    """Whether a study of a document goes by another name than the document alone would give it."""
    joined = stored.entry.get("identifiers", ())
    alone = Identities()
    for identifiers in joined:
        alone.join(identifiers)
    return any(
        identities.canonical(identifier) != alone.canonical(identifier)
        for identifiers in joined
        for identifier in identifiers
    )


def _block(stored: Stored, identities: Identities, reader: Reader, base_iri: str) -> bytes:
    renamed = is_renamed(stored, identities)
    if stored.block_at is not None and not renamed:
        return reader.block(stored)
    record = Record.model_validate_json(reader.line(stored))
    return record_block(record, identities if renamed else None, base_iri)
