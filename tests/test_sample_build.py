"""The whole line on the sample corpus: from ``corpus/`` to an answer, twice, the same both times."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.output import Records

REPOSITORY = Path(__file__).resolve().parent.parent


def run_kg(folder: Path, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the corpus in one process, and again shuffled, in two, under another hash seed."""
    root = tmp_path_factory.mktemp("pipeline")
    shutil.copytree(REPOSITORY / "corpus", root / "corpus", ignore=shutil.ignore_patterns("gold"))
    (root / "corpus" / "README.md").unlink()
    one = run_kg(root, "build", "corpus", "--jobs", "1", seed="1")
    assert one.returncode == 0, one.stderr
    files = sorted((root / "corpus").iterdir(), reverse=True)
    names = [str(file.relative_to(root)) for file in [*files[1::2], *files[::2]]]
    two = run_kg(root, "build", *names, "-o", "again", "--jobs", "2", seed="2")
    assert two.returncode == 0, two.stderr
    return root


def test_two_builds_give_the_same_bytes(built: Path) -> None:
    for name in ("records.jsonl", "failures.jsonl", "graph.ttl"):
        assert (built / "kg-out" / name).read_bytes() == (built / "again" / name).read_bytes()


def test_every_document_has_a_record(built: Path) -> None:
    records = list(Records(built / "kg-out"))
    assert len(records) >= 12
    assert {record.document.format for record in records} >= {"markdown", "text", "html", "pubmed"}
    silent = [r.document.path for r in records if not any(s.effects for s in r.studies)]
    assert len(silent) <= 1, silent
    assert (built / "kg-out" / "failures.jsonl").read_bytes() == b""


def test_the_graph_is_valid(built: Path) -> None:
    done = run_kg(built, "validate", "--json")
    report = json.loads(done.stdout)
    violations = [f for f in report["findings"] if f["severity"] == "violation"]
    assert (done.returncode, violations) == (0, [])


def test_two_parsers_count_the_same_triples(built: Path) -> None:
    import rdflib

    turtle = built / "kg-out" / "graph.ttl"
    assert count_triples(turtle) > 1000
    assert len(rdflib.Graph().parse(turtle, format="turtle")) == count_triples(turtle)


def test_rapper_counts_the_same_triples(built: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not installed (Debian's raptor2-utils)")
    turtle = built / "kg-out" / "graph.ttl"
    done = subprocess.run(
        [rapper, "-i", "turtle", "-c", str(turtle)], capture_output=True, text=True, check=True
    )
    assert f"{count_triples(turtle)} triples" in done.stderr


def count_triples(turtle: Path) -> int:
    import pyoxigraph

    return sum(1 for _ in pyoxigraph.parse(path=str(turtle), format=pyoxigraph.RdfFormat.TURTLE))


def test_a_question_is_answered_with_its_sentence(built: Path) -> None:
    rows = json.loads(run_kg(built, "effects", "vitamin D", "--json").stdout)
    assert len(rows) >= 10
    for row in rows:
        text = (built / row["document"]).read_bytes().decode("utf-8-sig")
        assert row["quote"] in text


def test_nothing_changed_nothing_done(built: Path) -> None:
    report = json.loads(run_kg(built, "build", "corpus", "--json").stdout)
    assert (report["up_to_date"], report["read"]) == (True, 0)
