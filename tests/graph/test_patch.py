"""Few changes put in their places give what writing everything anew gives."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.graph_build import record_lines
from kg.graph_files import InconsistentError, write_graph
from kg.graph_patch import SortedFile, patch_graph
from kg.identity import Identities
from kg.output import GRAPH, STORE, TRIPLES
from kg.rdf import record_block
from kg.records import Record
from kg.runs import Runs, merge
from kg.store import Store
from kg.vocabulary import DEFAULT_BASE


def write(blocks: Iterable[bytes], folder: Path) -> Path:
    folder.mkdir()
    runs = Runs(folder)
    for block in blocks:
        runs.add(block)
    write_graph(
        runs.batches(), folder / TRIPLES, folder / GRAPH, folder / STORE, DEFAULT_BASE
    )  # fmt: skip
    return folder


def changes(gone: Iterable[bytes], come: Iterable[bytes], folder: Path) -> Runs:
    runs = Runs(folder)
    for block in gone:
        runs.take_away(block)
    for block in come:
        runs.add(block)
    return runs


@pytest.fixture(scope="module")
def blocks(records: list[Record]) -> list[bytes]:
    identities = Identities.of(records)
    return [record_block(record, identities) for record in records]


@pytest.mark.parametrize("seed", range(6))
def test_patching_and_merging_give_what_a_fresh_graph_gives(
    seed: int, blocks: list[bytes], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    before = [block for block in blocks if rng.random() < 0.6] or blocks[:1]
    after = [block for block in blocks if rng.random() < 0.6]
    if seed == 0:
        after = []
    gone = [block for block in before if block not in after]
    come = [block for block in after if block not in before]
    old, fresh = write(before, tmp_path / "old"), write(after, tmp_path / "fresh")
    kept = (old / TRIPLES).read_bytes()

    patched = tmp_path / "patched"
    patched.mkdir()
    [lines] = changes(gone, come, tmp_path).batches()
    patch_graph(lines, old, patched, DEFAULT_BASE)

    merged = tmp_path / "merged"
    merged.mkdir()
    changes(gone, come, tmp_path).write(tmp_path / "changes")
    write_graph(
        merge([old / TRIPLES, tmp_path / "changes"], read_bytes=5_000),
        merged / TRIPLES, merged / GRAPH, merged / STORE, DEFAULT_BASE,
    )  # fmt: skip
    for folder in (patched, merged):
        for name in (TRIPLES, GRAPH):
            assert (folder / name).read_bytes() == (fresh / name).read_bytes(), name
        assert set(Store.open(folder / STORE)) == set(Store.open(fresh / STORE))
    assert (old / TRIPLES).read_bytes() == kept
    assert set(Store.open(old / STORE)) == set(Store.load(old / GRAPH)), "the old one is as it was"


def test_what_is_not_there_cannot_be_taken_away(blocks: list[bytes], tmp_path: Path) -> None:
    old = write(blocks[:2], tmp_path / "old")
    [lines] = changes([blocks[-1]], [], tmp_path).batches()
    (tmp_path / "new").mkdir()
    with pytest.raises(InconsistentError):
        patch_graph(lines, old, tmp_path / "new", DEFAULT_BASE)


def test_every_entry_of_a_sorted_file_is_found(tmp_path: Path) -> None:
    names = sorted({f"{number * 7919 % 1000}".encode() for number in range(300)})
    entries = {name: name + b" " + b"x" * (len(name) ** 6) + b"\n\ty\n" for name in names}
    file = tmp_path / "file"
    file.write_bytes(b"head\n" + b"".join(entries.values()))
    with SortedFile(file, lambda text: text[: text.index(b" ")], b"head\n") as found:
        at = found.begin
        for name, entry in entries.items():
            start, end = found.find(name, at)
            assert found.read(start, end) == entry
            assert found.find(name + b"!", start) == (end, end)
            at = end
        assert at == found.size
    with pytest.raises(InconsistentError):
        SortedFile(file, lambda text: text, b"Head\n")


def test_a_record_s_lines_come_apart_again(records: list[Record]) -> None:
    from kg.graph_build import _split

    for record in records:
        triples, told = _split(record_lines(record, DEFAULT_BASE))
        assert triples == record_block(record, Identities())
        assert all(line.startswith(b"<") for line in triples.splitlines())
        assert {line[:1] for line in told.split(b"\n")[:-1]} <= {b"K", b"P"}
