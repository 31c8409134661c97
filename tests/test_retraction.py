"""Retracted publications: told from PubMed, from titles, from a list; flagged, and left out of answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from unittest import mock

import pyoxigraph as ox
import pytest
from fake_extraction import make_record

from kg.build import BuildOptions, BuildReport, build
from kg.document_graphs import document_graphs, known_from
from kg.effects import find_effects
from kg.errors import BuildError
from kg.export import FORMATS, SUFFIXES, export
from kg.manifest import read_entries
from kg.output import Records, RecordsOfGraph
from kg.queries import run as ask
from kg.records import Record
from kg.retraction import is_retracted, is_retraction_title, note_retraction, read_list
from kg.sources import Source
from kg.store import Store


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: Vitamin D and falls in 64 women", True),
        ("Retracted article: Vitamin D and falls", True),
        ("[Retracted] Vitamin D and falls", True),
        ('Retraction notice to "Vitamin D and falls"', True),
        ("Retraction: Vitamin D and falls", True),
        ("Retracted humeral head after shoulder surgery", False),
        ("Retraction of the lung during surgery and pain", False),
        ("Chest wall retraction in infants", False),
        ("Articles that were retracted: a review", False),
        (None, False),
    ],
)
def test_titles_say_it(title: str | None, expected: bool) -> None:
    assert is_retraction_title(title) is expected


def record_of(title: str) -> Record:
    record = make_record(Source("a.txt", "a.txt", data=b"RR 0.84"))
    return record.model_copy(
        update={"document": record.document.model_copy(update={"title": title})}
    )


@pytest.mark.parametrize(
    ("title", "metadata", "expected"),
    [
        ("A title", {}, False),
        ("A title", {"retracted": True}, True),
        ("A title", {"retracted": False}, False),
        ("A title", {"publication_types": ["Journal Article", "Retracted Publication"]}, True),
        ("A title", {"publication_types": ["Journal Article"]}, False),
        ("Retracted: a title", {}, True),
    ],
)
def test_a_notice_tells_it_once(title: str, metadata: dict[str, object], expected: bool) -> None:
    noted = note_retraction(note_retraction(record_of(title), metadata), metadata)
    assert is_retracted(noted) is expected
    assert sum(notice.code == "retracted" for notice in noted.notices) == expected


def test_a_list_holds_dois_and_pubmed_numbers(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# known\n\n10.1000/ABC#7\nhttps://doi.org/10.1234/x\nPMID: 0123  # why\n99\n")
    assert read_list(file) == {"doi:10.1000/abc#7", "doi:10.1234/x", "pmid:123", "pmid:99"}


def test_a_line_that_is_neither_is_named(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("10.1000/a\nSmith 2020\n")
    with pytest.raises(BuildError, match=r"list.txt, line 2: 'Smith 2020' is no DOI and no PMID"):
        read_list(file)


def run(out: str, retracted: Path | None = None) -> BuildReport:
    with mock.patch("kg.build.fingerprint", return_value="fixed"):
        return build(
            ["corpus"],
            Path(out),
            BuildOptions(retracted=retracted, jobs=1),
            factory="fake_extraction:make_processor",
        )


def test_what_a_list_names_is_left_out_of_answers_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    Path("corpus/a.txt").write_text("RR 0.84 DOI 10.1000/a")
    Path("corpus/b.txt").write_text("RR 0.71 DOI 10.1000/b")
    listed = tmp_path / "list.txt"
    listed.write_text("10.1000/A\n")

    def values() -> list[float | None]:
        return sorted(
            row.value or 0 for row in find_effects(Store.open(Path("out/store")), "vitamin D")
        )

    run("out")
    assert values() == [0.71, 0.84]
    assert run("out", listed).read == 0, "a list has no document read again"
    assert values() == [0.71]
    assert not any(map(is_retracted, Records(Path("out")))), "a list changes no record"
    told = ask(Store.open(Path("out/store")), "retractions").dicts()
    assert [(row["path"], row["effects"]) for row in told] == [("corpus/a.txt", 1)]
    assert b"ce:qualityFlag ce:retracted" in Path("out/graph.ttl").read_bytes()
    graphs = document_graphs(Records(Path("out")), known=known_from(read_entries(Path("out"))))
    flagged = [g.path for g in graphs if any(line.endswith("#retracted>") for line in g.lines)]
    assert flagged == ["corpus/a.txt"], "kg push sends what the graph says"
    for name in FORMATS:
        export(RecordsOfGraph(Path("out")), name, Path(f"exported{SUFFIXES[name]}"))
    assert Path("exported.ttl").read_bytes() == Path("out/graph.ttl").read_bytes()
    for name in ("nquads", "trig"):
        quads = [*ox.parse(path=f"exported{SUFFIXES[name]}")]
        assert {quad.triple for quad in quads} == {q.triple for q in ox.parse(path="out/graph.ttl")}
    assert "ce:retracted" in Path("exported.graphml").read_text()
    rows = [*csv.DictReader(Path("exported.csv").read_text().splitlines())]
    assert {(row["document"], row["retracted"]) for row in rows} == {
        ("corpus/a.txt", "true"),
        ("corpus/b.txt", "false"),
    }
    edges = json.loads(Path("exported.json").read_text())["edges"]
    assert {edge["effect_size"] for edge in edges} == {0.71}
    assert run("out", listed).up_to_date
    run("fresh", listed)
    for name in ("records.jsonl", "triples.nt", "graph.ttl"):
        assert Path("out", name).read_bytes() == Path("fresh", name).read_bytes()
    run("out")
    assert values() == [0.71, 0.84]
    assert not any(map(is_retracted, Records(Path("out"))))
