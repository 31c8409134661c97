"""Sorted runs, settling and Turtle text: the same as sorting, choosing and pyoxigraph do in memory."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph_files import InconsistentError, write_graph
from kg.identity import Identities
from kg.rdf import record_block, write_turtle
from kg.records import Record
from kg.runs import Runs, count_of, merge, with_count, without_count
from kg.settling import settle_lines, split
from kg.store import Store
from kg.turtle import TurtleText, turtle_prefixes
from kg.vocabulary import DEFAULT_BASE, PREFIXES, XSD

# Few and alike, so that lines are equal or begin alike; texts with what might end a line.
terms = st.sampled_from(["<x:a>", "<x:a/b>", "<x:b>"]) | st.builds(
    lambda text, tail: str(ox.Literal(text)) + tail,
    st.sampled_from(["", "a", "a # 2", "a .", "é\x85\u2028", "\n\r", '"']),
    st.sampled_from(["", "@en", "^^<x:t>"]),
)
lines = st.builds(
    lambda subject, term: f"{subject} <x:p> {term} .".encode(),
    st.sampled_from(["<x:a>", "<x:aa>", "<x:b>"]),
    terms,
)


@settings(deadline=None)
@given(st.lists(st.lists(lines, min_size=1, unique=True), max_size=30), st.integers(1, 400))
def test_runs_sort_and_count_like_a_counter(blocks: list[list[bytes]], held_bytes: int) -> None:
    expected = Counter(line for block in blocks for line in block)
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(Path(folder), held_bytes)
        for block in blocks:
            runs.add(b"".join(line + b"\n" for line in block))
        found = [line for batch in runs.batches() for line in batch]
    assert [without_count(line) for line in found] == sorted(expected)
    assert {without_count(line): count_of(line) for line in found} == dict(expected)


def test_many_runs_are_merged_in_several_passes(tmp_path: Path) -> None:
    runs = Runs(tmp_path, held_bytes=1)
    for number in range(100):
        runs.add(b'<x:s> <x:p> "%d" .\n<x:s> <x:p> "shared" .\n' % number)
    found = [line for batch in runs.batches() for line in batch]
    assert len(found) == 101
    assert found[-1] == b'<x:s> <x:p> "shared" . # 100'
    assert found == sorted(found)


def test_a_triple_split_over_reads_is_counted_once(tmp_path: Path) -> None:
    triple = b'<x:s> <x:p> "' + b"a" * 50 + b'" .'
    for name, count in (("one", 2), ("other", 3)):
        (tmp_path / name).write_bytes(with_count(triple, count) + b"\n<x:t> <x:p> <x:o> .\n")
    found = [line for batch in merge([tmp_path / "one", tmp_path / "other"], 7) for line in batch]
    assert found == [triple + b" # 5", b"<x:t> <x:p> <x:o> . # 2"]


def test_blocks_make_the_files_that_records_make(
    records: list[Record], turtle: Path, tmp_path: Path
) -> None:
    identities = Identities.of(records)
    runs = Runs(tmp_path, held_bytes=20_000)
    for record in reversed(records):
        runs.add(record_block(record, identities))
    names = [tmp_path / name for name in ("triples.nt", "graph.ttl", "store")]
    write_graph(runs.batches(), *names, DEFAULT_BASE)
    assert names[1].read_bytes() == turtle.read_bytes()
    stated = [quad.triple for quad in ox.parse(path=str(names[0]))]
    assert len(stated) == len(set(stated)) > 1000, "counts are comments to a parser"
    assert set(Store.open(names[2])) == set(Store.load(turtle))


def test_what_was_never_stated_cannot_be_taken_away(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(b"<x:s> <x:p> <x:o> . # -1\n")
    names = [tmp_path / name for name in ("triples.nt", "graph.ttl", "store")]
    with pytest.raises(InconsistentError):
        write_graph(runs.batches(), *names, DEFAULT_BASE)


def test_a_subject_of_very_many_statements_is_settled_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base, ce, skos = DEFAULT_BASE, PREFIXES["ce"], PREFIXES["skos"]
    stated = [f'<{base}x> <{skos}prefLabel> "{label}"@en .' for label in ("Drug", "drug")]
    stated += [f"<{base}x> <{ce}mentionedIn> <{base}doc-{number}> ." for number in range(50)]
    stated += [f'<{base}x> <{ce}n> "{number}"^^<{XSD}integer> .' for number in (3, 4)]
    stated += [f"<{base}x> <{ce}reportedIn> <{base}doc-1> ."]
    batches = [[line.encode()] for line in sorted(stated)]
    expected = [parts for batch in settle_lines(batches) for parts in batch]
    assert len(expected) == 1 + 50 + 1 + 1 + 1
    assert (f"<{base}x>".encode(), f"<{ce}qualityFlag>".encode()) in [p[:2] for p in expected]
    monkeypatch.setattr("kg.settling._MANY", 5)
    assert [parts for batch in settle_lines(batches) for parts in batch] == expected


names = st.from_regex(r"[a-z]{1,4}-[a-z0-9]{0,4}", fullmatch=True) | st.sampled_from(
    ["concept-mesh.D014807", "x.", ".x", "-x", "1x", "x%20y", "a/b", "é", "x_y", "x~", ""]
)
spaces = st.sampled_from([DEFAULT_BASE, "https://doi.org/10.1/", *PREFIXES.values()])
nodes = st.builds(lambda space, name: ox.NamedNode(space + name), spaces, names)
literals = (
    st.builds(ox.Literal, st.text(st.characters(codec="utf-8"), max_size=6))
    | st.builds(lambda text: ox.Literal(text, language="en-GB"), st.sampled_from(["", "a^^<b>", '"']))
    | st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)),
        st.sampled_from(["1", "-1", "+01", "1.0", ".5", "1.", "-0.10", "1e3", "true", "TRUE", "x", ""]),
        st.sampled_from(
            [XSD + name for name in ("integer", "decimal", "double", "boolean", "gYear", "string")]
            + ["http://example.org/type"]
        ),
    )
)  # fmt: skip
statements = st.builds(ox.Triple, nodes, nodes | st.just(ox.NamedNode(PREFIXES["rdf"] + "type")),
                       nodes | literals)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    st.lists(statements, max_size=8),
    st.sampled_from(
        [DEFAULT_BASE, "https://w3id.org/clinev/", "http://example.org/", PREFIXES["ce"]]
    ),
)
def test_turtle_is_written_as_pyoxigraph_writes_it(made: list[ox.Triple], base_iri: str) -> None:
    ordered = sorted({str(triple) for triple in made})
    parsed = ox.parse("".join(f"{line} .\n" for line in ordered), format=ox.RdfFormat.N_TRIPLES)
    expected = ox.serialize(
        (quad.triple for quad in parsed),
        format=ox.RdfFormat.TURTLE,
        prefixes=turtle_prefixes(base_iri),
    )
    text = TurtleText(base_iri)
    parts = split(f"{line} .".encode() for line in ordered)
    written = text.header + b"".join(text.write([part]) for part in parts) + text.end()
    assert (written if ordered else b"") == expected


def test_an_empty_graph_is_an_empty_file(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("triples.nt", "graph.ttl", "store")]
    write_graph(iter([[]]), *names, DEFAULT_BASE)
    write_turtle([], tmp_path / "expected.ttl")
    assert names[1].read_bytes() == (tmp_path / "expected.ttl").read_bytes()
    assert len(Store.open(names[2])) == 0
