"""Where something came from: from an id, an IRI or the start of one to the record it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.describe import Item, items_of
from kg.errors import QueryError
from kg.output import STORE
from kg.records import Record

if TYPE_CHECKING:
    from kg.store import Store

_LEAST = 6  # characters of an id that are enough, if they are unique


@dataclass(frozen=True, slots=True)
class Found:
    """An item with the record it stands in."""

    item: Item
    record: Record


def find_items(records: Iterable[Record], wanted: str) -> list[Found]:
    """Return the items whose id is `wanted` or starts with it.

    Raises
    ------
    QueryError
        If nothing has that id, or items of several ids start so.
    """
    matches: list[Found] = []
    for record in records:
        for item in items_of(record):
            if item.id == wanted or (len(wanted) >= _LEAST and item.id.startswith(wanted)):
                matches.append(Found(item, record))
    exact = [found for found in matches if found.item.id == wanted]
    names = sorted({found.item.id for found in matches})
    if not exact and len(names) > 1:
        raise QueryError(f"{wanted}: several ids start so: {', '.join(names[:5])}")
    return exact or matches


def find_record_ids(out: Path, wanted: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the record ids behind a node of the graph, and what the graph says of the node.

    Parameters
    ----------
    out
        The output folder.
    wanted
        An IRI, a CURIE, or the last part of one of ours (``effect-…``), or how that begins.

    Raises
    ------
    QueryError
        If several nodes begin so.
    """
    from kg.store import Store

    store = Store.open(out / STORE)
    ids: list[str] = []
    told: list[tuple[str, str]] = []
    for subject in _subjects(store, out, wanted):
        query = f"SELECT ?p ?o WHERE {{ <{subject}> ?p ?o }} ORDER BY ?p ?o"
        for predicate, value in store.query(query).rows:
            told.append((str(predicate), str(value)))
            if str(predicate).endswith("/identifier"):
                ids.append(str(value))
        if told:
            break
    return ids, told


def _subjects(store: Store, out: Path, wanted: str) -> Iterator[str]:
    from kg.manifest import read_manifest
    from kg.prefixes import lengthen
    from kg.vocabulary import DEFAULT_BASE

    if any(character in wanted for character in '<>"{}|\\^`') or not wanted.isprintable():
        raise QueryError(f"{wanted}: neither an id nor an IRI")
    if " " in wanted:
        return
    base = read_manifest(out).get("base_iri") or DEFAULT_BASE
    if ":" in wanted:
        yield lengthen(wanted, base)
        return
    yield base + wanted
    if len(wanted) >= _LEAST:
        # the characters that could leave the string were refused above
        begins = f'STRSTARTS(STR(?node), "{base}{wanted}")'
        query = f"SELECT DISTINCT ?node {{ ?node a ?kind FILTER({begins}) }} ORDER BY ?node LIMIT 6"
        found = [str(row[0]) for row in store.query(query).rows]
        if len(found) > 1:
            names = ", ".join(iri.removeprefix(base) for iri in found[:5])
            raise QueryError(f"{wanted}: several ids start so: {names}")
        yield from found
