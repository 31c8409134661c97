"""The small graph, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from kg.rdf import to_rdflib, write_turtle
from kg.records import Record
from kg.store import Store, write_store

from .small import small


@pytest.fixture(scope="session")
def records() -> list[Record]:
    """Return the records of the small graph."""
    return small()


@pytest.fixture(scope="session")
def turtle(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small graph as a Turtle file."""
    path = tmp_path_factory.mktemp("graph") / "graph.ttl"
    write_turtle(records, path)
    return path


@pytest.fixture(scope="session")
def store(turtle: Path) -> Store:
    """Return the small graph in a store on disk, read-only."""
    folder = turtle.parent / "store"
    write_store(turtle, folder)
    return Store.open(folder)


@pytest.fixture(scope="session")
def graph(records: list[Record]) -> rdflib.Graph:
    """Return the small graph in rdflib."""
    return to_rdflib(records)
