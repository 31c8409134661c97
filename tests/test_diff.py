"""Two builds of the sample corpus, one text edited between them."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.build import BuildOptions, build
from kg.cli import app
from kg.diff import diff
from kg.watch import Interest, changes

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FILES = ("hiv-mortality.txt", "metformin-insulin-trial.txt", "acute-coronary-syndrome.md")


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build three texts; then one number changed, a sentence put before it, a text renamed, one gone."""
    root = tmp_path_factory.mktemp("diff")
    texts = root / "corpus"
    texts.mkdir()
    for name in FILES:
        shutil.copy(CORPUS / name, texts)
    options = BuildOptions(jobs=1, model="fast")
    build([texts], root / "a", options)
    shutil.copytree(root / "a", root / "before")
    edited = texts / FILES[1]
    text = edited.read_text("utf-8")
    assert text.count("0.61") == 1
    first, rest = text.split("\n", 1)
    edited.write_text(f"{first}\n{rest.replace('0.61', '0.62')}", "utf-8")
    (texts / FILES[0]).unlink()
    (texts / FILES[2]).rename(texts / "renamed.md")
    build([texts], root / "a", options)
    return root


def test_an_edit_is_one_change(builds: Path) -> None:
    found = diff(builds / "before", builds / "a")
    numbers = [change for change in found.changed if "value" in change.fields]
    assert [change.fields["value"] for change in numbers] == [(0.61, 0.62)]
    assert found.documents_changed == [numbers[0].after.document]
    assert not found.documents_added
    assert [Path(path).name for path in found.documents_gone] == [FILES[0]]
    assert {Path(item.document).name for item in found.gone} == {FILES[0]}
    assert found.gone
    assert found.added == []
    assert found.unchanged > 5
    back = diff(builds / "a", builds / "before")
    assert (len(back.added), len(back.gone)) == (len(found.gone), 0)
    assert not diff(builds / "a", builds / "a")


def test_the_command_tells_it(builds: Path) -> None:
    runner = CliRunner()
    both = [str(builds / "before"), str(builds / "a")]
    assert runner.invoke(app, ["diff", *both]).exit_code == 0
    told = runner.invoke(app, ["diff", *both, "--exit-code"])
    assert told.exit_code == 1
    assert "value: 0.61 → 0.62" in told.stdout
    assert runner.invoke(app, ["diff", both[0], both[0], "--exit-code"]).exit_code == 0
    answer = runner.invoke(app, ["diff", *both, "--json", "--kind", "effect"])
    data = json.loads(answer.stdout)
    assert {"from": 0.61, "to": 0.62} in [c["changes"].get("value") for c in data["changed"]]
    assert {item["kind"] for item in data["gone"]} == {"effect"}
    assert runner.invoke(app, ["diff", *both, "--kind", "claim"]).exit_code == 2


def test_a_watched_folder_tells_what_matters(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    (texts / "out").mkdir(parents=True)
    interest = Interest([texts], texts / "out")
    assert interest.holds(str(texts / "deep" / "a.md"))
    for name in ("out/graph.ttl", ".git/a.md", ".out.building/new", "a.md~", "out"):
        assert not interest.holds(str(texts / name)), name
    assert not interest.holds(str(tmp_path / "elsewhere.md"))
    one = tmp_path / "one.md"
    one.write_text("x")
    assert Interest([one], tmp_path / "out").holds(str(one))
    assert not Interest([one], tmp_path / "out").holds(str(tmp_path / "two.md"))

    stop = threading.Event()
    found = changes(interest, quiet_s=0.2, stop=stop)
    writer = threading.Timer(1.0, lambda: [(texts / f"{n}.md").write_text("x") for n in "ab"])
    writer.start()
    guard = threading.Timer(60, stop.set)
    guard.start()
    told = next(found)
    stop.set()
    guard.cancel()
    assert sorted(Path(path).name for path in told) == ["a.md", "b.md"]
