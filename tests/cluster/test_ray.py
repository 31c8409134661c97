"""A real Ray cluster of two nodes on this machine: the local engine's bytes, whatever dies on the way.

Slow to start, hence apart: ``make test-ray``. What needs no cluster is tested always.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import BuildOptions, BuildReport, build
from kg.errors import BuildError
from kg.journal import read_journal
from kg.output import RECORDS, read_lines
from kg.ray_engine import Extractor, make_tasks
from kg.sources import Source
from kg.vocabulary import DEFAULT_BASE
from kg.workers import Stamp

TESTS = Path(__file__).resolve().parents[1]
FACTORY = "fake_extraction:make_processor"
needs_cluster = pytest.mark.skipif(
    "CLINEV_TEST_RAY" not in os.environ, reason="starts a cluster: make test-ray"
)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("corpus")
    folder.mkdir()
    for number in range(100):
        (folder / f"{number:03}.txt").write_text(f"Trial {number}: RR 0.{number % 89 + 10}")
    (folder / "empty.txt").touch()
    (folder / "crashes.txt").write_text("RR 0.10")
    return folder


def work_for(shards: Path) -> dict[str, object]:
    told = {"model": None, "factory": FACTORY, "min_confidence": 0.0, "base_iri": DEFAULT_BASE}
    return {
        "shards": str(shards), "stamp": {"options": ("x",), "graph_version": "v"}, "told": told,
        "timeout_s": 20.0, "format": None, "max_bytes": 1_000_000,
    }  # fmt: skip


def test_an_actor_writes_the_same_shard_however_often_it_is_asked(
    corpus: Path, tmp_path: Path
) -> None:
    names = ["corpus/000.txt", "corpus/crashes.txt", "corpus/001.txt", "corpus/empty.txt"]
    [task] = make_tasks(Source(name, name) for name in names)
    shards = tmp_path / "shards"
    shards.mkdir()
    actor = Extractor(work_for(shards))
    told = [json.loads(actor({"task": [task]})["done"][0]) for _ in range(2)]
    assert told[0] == told[1]
    assert {(path, problem) for path, _, problem in told[0]["failures"]} == {
        ("corpus/empty.txt", "the file is empty"),
        ("corpus/crashes.txt", "the worker process ended (SIGKILL): out of memory, or a crash"),
    }
    [file] = shards.iterdir()
    assert file.name == told[0]["shard"]
    found = list(read_journal(file, 2, "v"))
    assert sorted(stored.entry["path"] for stored in found) == ["corpus/000.txt", "corpus/001.txt"]
    assert all(stored.block_length for stored in found)
    stamp = Stamp(("x",), "v")
    for stored in found:
        assert stored.entry["key"] == stamp.key(stored.entry["path"], stored.entry["sha256"])


def test_what_only_this_machine_sees_is_refused() -> None:
    with pytest.raises(BuildError, match="files that all machines see"):
        list(make_tasks([Source("stdin", "-")]))


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS.parent), str(TESTS)]))
    monkeypatch.setenv("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
    monkeypatch.setenv("RAY_worker_niceness", "0")  # 15 otherwise: last in turn on a busy machine
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        started.add_node(num_cpus=1)
        started.wait_for_nodes()
        ray.init(address=started.address, log_to_driver=False)
        assert [node["Alive"] for node in ray.nodes()] == [True, True]
        yield started
    finally:
        ray.shutdown()
        started.shutdown()


def run(corpus: Path, out: str, engine: str) -> BuildReport:
    options = BuildOptions(engine=engine, jobs=2, timeout_s=60)
    return build([corpus], Path(out), options, factory=FACTORY)


def contents(out: str) -> dict[str, bytes]:
    names = (RECORDS, "failures.jsonl", "triples.nt", "identities.txt", "graph.ttl")
    return {name: (Path(out) / name).read_bytes() for name in names}


def kill_a_worker(shards: Path, killed: list[int]) -> None:
    """Kill the first actor's process as soon as one shard is written, so amid the next."""
    import psutil

    deadline = time.monotonic() + 1800
    while time.monotonic() < deadline and not killed:
        if shards.is_dir() and any(shards.glob("[!.]*.jsonl")):
            for process in psutil.process_iter(["name", "cmdline"]):
                command = " ".join(process.info["cmdline"] or [])
                if command.startswith("ray::") and "Extractor" in command:
                    process.kill()
                    killed.append(process.pid)
                    return
        time.sleep(0.02)


@needs_cluster
def test_two_nodes_and_a_killed_worker_give_the_bytes_of_one_machine(
    corpus: Path, cluster: object
) -> None:
    killed: list[int] = []
    shards = Path(".out.building/shards")
    killer = threading.Thread(target=kill_a_worker, args=(shards, killed), daemon=True)
    killer.start()
    report = run(corpus, "out", "ray")
    killer.join(10)
    assert len(killed) == 1, "an actor was killed while others worked"
    assert (report.documents, report.read) == (100, 100)
    assert {Path(failure.path).name for failure in report.failures} == {"crashes.txt", "empty.txt"}
    run(corpus, "local", "local")
    assert contents("out") == contents("local")
    paths = [json.loads(line)["document"]["path"] for line in read_lines(Path("out"))]
    assert len(paths) == len(set(paths)) == 100, "nothing lost, nothing twice"
    assert run(corpus, "out", "ray").up_to_date
    (corpus / "007.txt").write_text("RR 0.77")
    assert run(corpus, "out", "ray").read == 1
    run(corpus, "local", "local")
    assert contents("out") == contents("local")
