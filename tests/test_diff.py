"""A watched folder of texts that change: what is built, what a store holds, what the difference is."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from stores.conftest import free_port, serving
from typer.testing import CliRunner

from kg.cli import app
from kg.diff import diff
from kg.watch import Interest, changes

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FILES = ("hiv-mortality.txt", "metformin-insulin-trial.txt", "acute-coronary-syndrome.md")


class Watching:
    """``kg watch`` in a process of its own, and what it said so far."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.log = folder / "watch.log"
        environment = {**os.environ, "PYTHONPATH": str(CORPUS.parent), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", "from kg.cli import main; main()", "watch", *arguments]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log)

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def wait_for(self, pattern: str, times: int = 1, seconds: float = 300) -> None:
        """Wait until a line was said so many times."""
        until = time.monotonic() + seconds
        while len(re.findall(pattern, self.said(), re.MULTILINE)) < times:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@dataclass(frozen=True)
class Watched:
    """What came of a watched folder."""

    root: Path
    said: str
    exit_code: int
    held: set[str]  # the store's subjects and predicates at the end
    graphs: list[int]  # how many graphs the store held after each build


def ask(server: str, query: str) -> str:
    """Ask a store of all its graphs; the answer as CSV."""
    asked = urllib.parse.urlencode({"query": query, "union-default-graph": ""})
    accept = {"Accept": "text/csv"}
    request = urllib.request.Request(f"{server}/query?{asked}", headers=accept)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read(), "utf-8")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Watch three texts and push them; then change a number and put a sentence before it, rename a text
    and delete one; press Ctrl-C."""
    root = tmp_path_factory.mktemp("diff")
    texts = root / "corpus"
    texts.mkdir()
    for name in FILES:
        shutil.copy(CORPUS / name, texts)
    store = f"127.0.0.1:{free_port()}"
    oxigraph = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", store]
    server = f"http://{store}"
    graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with serving(oxigraph, f"{server}/query?query=ASK%7B%7D", root):
        watching = Watching(
            root, *"corpus -o a --model fast --jobs 1 --quiet 0.5 --push".split(), f"{server}/store"
        )
        try:
            watching.wait_for("^watching corpus; Ctrl-C stops$")
            counts = [int(ask(server, graphs).split()[-1])]
            shutil.copytree(root / "a", root / "before")
            edited = texts / FILES[1]
            text = edited.read_text("utf-8")
            assert text.count("0.61") == 1
            first, rest = text.split("\n", 1)
            edited.write_text(f"{first}\n{rest.replace('0.61', '0.62')}", "utf-8")
            (texts / FILES[0]).unlink()
            (texts / FILES[2]).rename(texts / "renamed.md")
            watching.wait_for(r"→ http://\S+/store$", times=2)
            counts.append(int(ask(server, graphs).split()[-1]))
            said = ask(server, "SELECT (CONCAT(STR(?s), STR(?p)) AS ?both) { ?s ?p ?o }")
            held = set(said.splitlines()[1:])
            code = watching.interrupt()
        finally:
            watching.process.kill()
            watching.process.wait()
    return Watched(root, watching.said(), code, held, counts)


@pytest.fixture(scope="module")
def builds(watched: Watched) -> Path:
    return watched.root


def test_a_watched_folder_is_built_and_pushed_until_interrupted(watched: Watched) -> None:
    assert watched.exit_code == 0, watched.said
    assert watched.said.rstrip().endswith("kg: stopped; what was built is whole")
    assert "Traceback" not in watched.said
    assert "3 documents (3 read)" in watched.said
    assert re.search(r"^corpus/.*, corpus/.* and 1 more changed$", watched.said, re.MULTILINE)
    assert "2 documents (2 read" in watched.said
    assert watched.graphs == [3, 2]
    built = {
        t.subject.value + t.predicate.value for t in ox.parse(path=watched.root / "a" / "graph.ttl")
    }
    assert watched.held == built
    assert len(built) > 300
    left = [path.name for path in watched.root.iterdir() if path.name.startswith(".a.")]
    assert left == [".a.pushed"]  # no half-made output
    runner = CliRunner()
    asked = ["query", "effects", "-o", str(watched.root / "a"), "--format", "json"]
    answer = runner.invoke(app, asked)
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)


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
    assert next(found) == []  # watched from here on
    told = next(found)
    stop.set()
    guard.cancel()
    assert sorted(Path(path).name for path in told) == ["a.md", "b.md"]
