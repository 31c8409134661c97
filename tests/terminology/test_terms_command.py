"""``kg terms find``, ``show``, ``add`` and ``verify``, and layers that a build names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import QueryError
from kg.terminology.entry import TerminologyError, make_entry
from kg.terminology.index import Terminology
from kg.terminology.layers import check_linker, compile_layers, load_grounder
from kg.terminology.umls import load_umls
from kg.terminology.verify import verify


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLINEV_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["terms", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_find_answers_a_program() -> None:
    code, out = run("find", "vitamin D3", "no such thing", "--json")
    rows = json.loads(out)
    assert code == 0
    assert [(row["query"], row["id"], row["linked"]) for row in rows][:1] == [
        ("vitamin D3", "MESH:D002762", True)
    ]
    assert "CHEBI:28940" in rows[0]["xrefs"]
    assert all(row["query"] == "vitamin D3" for row in rows)


def test_show_names_what_is_above() -> None:
    _, out = run("show", "DOID:7148", "--json")
    shown = json.loads(out)
    assert shown["id"] == "MESH:D001172"
    assert shown["broader_labels"]
    with pytest.raises(QueryError, match="nothing:1"):
        run("show", "nothing:1")


def test_own_concepts_come_first(data_folder: Path) -> None:
    assert run("add", "aspirin", "--id", "our:7", "--kind", "chemical", "--short", "ASS")[0] == 0
    assert run("add", "Oslo sun score", "--kind", "instrument")[0] == 0
    assert run("add", "Oslo sun score", "--kind", "measurement")[0] == 0, "changed, not added twice"
    rows = json.loads(run("find", "aspirin", "Oslo sun score", "--terms", "own", "--json")[1])
    assert [row["id"] for row in rows if row["linked"]] == ["our:7", "own:oslo-sun-score"]
    assert json.loads(run("find", "aspirin", "--json")[1])[0]["id"] == "MESH:D001241"
    assert len((data_folder / "terminology" / "own.tsv").read_text("utf-8").splitlines()) == 3


def test_add_refuses_what_is_no_curie() -> None:
    with pytest.raises(QueryError, match="CURIE"):
        run("add", "x", "--id", "not a curie")
    assert run("add", "x", "--kind", "nonsense")[0] == 2


def test_a_table_is_a_layer_that_is_indexed_once(tmp_path: Path) -> None:
    table = tmp_path / "foods.csv"
    table.write_text("id,label,kind,synonyms\nfoods:1,moon cheese,chemical,lunar cheese\n", "utf-8")
    files = compile_layers([str(table)])
    stamp = files[0].stat().st_mtime_ns
    assert compile_layers([str(table)]) == files
    assert files[0].stat().st_mtime_ns == stamp
    concept = load_grounder(files).ground("lunar cheese", "intervention").concept
    assert concept is not None
    assert concept.id == "foods:1"
    table.write_text("id,label,kind,synonyms\nfoods:2,moon cheese,chemical,\n", "utf-8")
    assert compile_layers([str(table)]) != files


@pytest.mark.parametrize("name", ["missing.obo", "own", "mesh"])
def test_a_missing_terminology_is_said_with_the_remedy(name: str) -> None:
    with pytest.raises(TerminologyError, match=r"no such file|kg terms (?:add|fetch)"):
        compile_layers([name])


def test_verify_tells_right_from_wrong(tmp_path: Path) -> None:
    vocabulary = tmp_path / "v.csv"
    vocabulary.write_text(
        "id,label,kind,xrefs\nV:1,asthma,disease,W:1\nV:2,croup,disease,\n", "utf-8"
    )
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("id,label,kind,xrefs\nV:1,asthma,disease,W:1\n", "utf-8")
    bad.write_text("id,label,kind,xrefs\nV:2,asthma,disease,\nV:9,gout,disease,\n", "utf-8")
    assert run("verify", str(good), "--terms", str(vocabulary))[0] == 0
    code, out = run("verify", str(bad), "--terms", str(vocabulary), "--json")
    assert code == 1
    assert {row["curie"]: row["verdict"] for row in json.loads(out)["wrong"]} == {
        "V:2": "other name", "V:9": "unknown id",
    }  # fmt: skip


def test_ids_of_a_vocabulary_that_was_not_given_are_not_judged() -> None:
    source = Terminology.build([make_entry("V:1", "asthma", "disease")], "v")
    entry = make_entry("V:1", "asthma", "disease", xrefs=["Z:1"])
    verdicts = {f.curie: f.verdict for f in verify([entry], [source])}
    assert verdicts == {"V:1": "named", "Z:1": "no source"}


def test_umls_is_refused_where_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scispacy.file_cache.DATASET_CACHE", str(tmp_path))
    with pytest.raises(TerminologyError, match="6 of 6 files missing"):
        load_umls()
    with pytest.raises(TerminologyError, match="no linker is called"):
        check_linker("wikidata")


def test_a_build_grounds_in_the_layers_it_names_and_says_so(tmp_path: Path) -> None:
    table, corpus, out = tmp_path / "drugs.csv", tmp_path / "corpus", tmp_path / "out"
    table.write_text(
        "id,label,kind,synonyms\nown:1,moonazole,chemical,moonazole acetate\n", "utf-8"
    )
    corpus.mkdir()
    (corpus / "a.txt").write_text(
        "In this randomized trial 80 adults received moonazole acetate or placebo. Moonazole acetate reduced pain (MD -1.2, 95% CI -2.0 to"
        " -0.4) compared with placebo.",
        "utf-8",
    )
    words = ["build", str(corpus), "-o", str(out), "--model", "fast", "--terms", str(table)]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert '"own:1"' in (out / "records.jsonl").read_text("utf-8")
    named = json.loads((out / "manifest.json").read_bytes())["terms"]
    assert named == [file.name for file in compile_layers([str(table)])]
