"""The sample file of each format says the same of the same two trials, and reads into results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.readers import read_bytes
from kg.sources import Failure, Source, expand

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FILES = sorted(file.name for file in SAMPLES.iterdir() if file.name != "README.md")
ALONE = {"article.nxml", "report.pdf"}


def documents(name: str) -> list[Source]:
    found = list(expand(str(SAMPLES / name), max_bytes=1_000_000))
    assert not any(isinstance(one, Failure) for one in found)
    return [one for one in found if isinstance(one, Source)]


def test_every_format_has_its_sample() -> None:
    assert len(FILES) == 14


@pytest.mark.parametrize("name", FILES)
def test_a_sample_gives_its_reports(name: str) -> None:
    if name == "report.pdf":
        pytest.importorskip("pypdf")
    found = documents(name)
    assert len(found) == (1 if name in ALONE else 3 if name == "mixed.zip" else 2)
    assert len({source.path for source in found}) == len(found)
    document = read_bytes(found[0].load(), found[0].path, found[0].format).document
    assert document.sha256 == found[0].sha256()
    assert "28% (95% CI, 21%-34%)" in document.text.replace("\n", " ")
    if name != "documents.pubtator":
        assert (document.doi or "").lower() == "10.1001/jama.2014.5052"
    if name != "report.pdf":
        assert document.title == "Vitamin D3 beside inhaled steroids in adults with asthma"
        assert document.pmid == "24838406"


@pytest.fixture(scope="module")
def effects() -> list[dict[str, object]]:
    from kg.extract import make_extractor

    (source,) = documents("article.nxml")
    record = make_extractor("fast")(read_bytes(source.load(), source.path))
    (study,) = [one for one in record.studies if one.kind == "report"]
    arms = {arm.id: arm for arm in study.arms}
    outcomes = {one.id: one.label for one in study.outcomes}
    return [
        {
            "arm": arms[e.arm].label, "n": e.n, "outcome": outcomes[e.outcome or ""], "measure": e.measure,
            "value": e.value, "ci": (e.ci_low, e.ci_high), "evidence": [span.text for span in e.evidence],
        }
        for e in study.effects
        if e.arm is not None and len(e.evidence) > 2
    ]  # fmt: skip


def test_a_table_of_arms_becomes_results_of_arms(effects: list[dict[str, object]]) -> None:
    means = [e for e in effects if e["measure"] == "mean"]
    assert [(e["n"], e["value"], e["ci"]) for e in means] == [
        (201, 111.3, (102.2, 120.4)),
        (207, 126.2, (117.2, 135.3)),
    ]
    assert all("ciclesonide" in str(e["outcome"]) for e in means)
    row, head, number = means[0]["evidence"]  # type: ignore[misc]
    assert row.startswith("Dose of ciclesonide")
    assert (head, number) == ("Vitamin D3 (n = 201)", "111.3 (102.2 to 120.4)")
    shares = [e for e in effects if e["measure"] == "percent"]
    assert [(e["n"], e["value"]) for e in shares] == [(201, 28.0), (207, 29.0)]


def test_standard_input_is_read_like_a_file(tmp_path: Path) -> None:
    script = (
        "from kg.sources import expand\n"
        "for source in expand('-', max_bytes=10**6): print(source.path, source.format, len(source.load()))"
    )
    with (SAMPLES / "mixed.zip").open("rb") as stream:
        done = subprocess.run(
            [sys.executable, "-c", script], stdin=stream, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONPATH": str(SAMPLES.parent)},
        )  # fmt: skip
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(path, kind) for path, kind, _ in told] == [
        ("stdin!/inner/article.nxml", "jats"),
        ("stdin!/inner/references.ris#24838406", "ris"),
        ("stdin!/inner/references.ris#25088394", "ris"),
    ]


def test_the_command_takes_a_dash_and_refuses_what_is_not_there() -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    missing = CliRunner().invoke(app, ["build", "nosuch.txt"])
    assert missing.exit_code == 2
    assert "'nosuch.txt' does not exist" in missing.output
    unknown = CliRunner().invoke(app, ["build", "-", "--format", "docx"])
    assert unknown.exit_code == 2
    assert "no format is called 'docx'" in " ".join(unknown.output.replace("│", " ").split())
