"""Workers that die at a bad moment, that outlive their build, and a lock that is gone."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path

import pytest
from fake_extraction import FACTORY

import kg.output
from kg.errors import BuildError
from kg.output import Workspace
from kg.sources import Source
from kg.workers import Pool, process_all
from tests.faults.harness import environment, orphans

TESTS = Path(__file__).resolve().parent.parent


def sources(folder: Path, *names: str) -> list[Source]:
    for name in names:
        (folder / name).write_text("RR 0.84")
    return [Source(str(folder / name), str(folder / name)) for name in names]


@pytest.fixture(autouse=True)
def _import_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(TESTS), str(TESTS.parent), *sys.path])


def test_a_worker_that_dies_while_it_waits_costs_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    start = Pool._start

    def note(self: Pool) -> object:
        worker = start(self)
        started.append(worker.process.pid)
        return worker

    monkeypatch.setattr(Pool, "_start", note)
    outcomes = process_all(
        iter(sources(tmp_path, "a.txt", "b.txt", "c.txt")), jobs=1, timeout_s=60, factory=FACTORY
    )
    first = next(outcomes)  # the one worker now has nothing to do
    os.kill(started[0], signal.SIGKILL)
    time.sleep(0.2)
    rest = list(outcomes)
    assert [outcome.failure for outcome in (first, *rest)] == [None, None, None]
    assert len(started) == 2


def test_no_worker_outlives_a_killed_build(tmp_path: Path) -> None:
    (tmp_path / "hangs.txt").write_text("RR 0.84")
    with environment(tmp_path) as token:
        code = (
            f"import sys; sys.path[:0] = {[str(TESTS), str(TESTS.parent)]!r}\n"
            "from kg.sources import Source\nfrom kg.workers import process_all\n"
            f"list(process_all([Source('hangs.txt', 'hangs.txt')], jobs=1, timeout_s=60, factory={FACTORY!r}))"
        )
        build = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
        deadline = time.monotonic() + 60
        while len(orphans(token)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1.0)  # the worker has begun to hang
        build.kill()
        build.wait()
        deadline = time.monotonic() + 60
        while (left := orphans(token)) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert left == []


def test_a_worker_whose_build_is_gone_does_not_begin() -> None:
    ours, theirs = Pipe()
    ours.close()
    code = f"from kg.workers import serve; serve({theirs.fileno()}, None, 'nothing:there')"
    done = subprocess.run(
        [sys.executable, "-c", code], pass_fds=[theirs.fileno()], capture_output=True, cwd=TESTS.parent,
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_worker_has_a_limit_of_memory() -> None:
    code = "import resource; from kg.workers import _limit_memory; _limit_memory();"
    code += "print(*resource.getrlimit(resource.RLIMIT_DATA))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TESTS.parent
    )
    soft = int(done.stdout.split()[0])
    half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    assert 0 < soft <= max(half, 2 << 30)
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] != soft, "only the worker's"


def test_a_lock_that_another_build_removed_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Workspace(tmp_path / "out")
    flock, ended = kg.output.fcntl.flock, []

    def after_the_end_of_the_first(lock: object, operation: int) -> None:
        if not ended:
            ended.append(True)
            first.close(keep_journal=False)
        flock(lock, operation)  # type: ignore[arg-type]

    monkeypatch.setattr(kg.output.fcntl, "flock", after_the_end_of_the_first)
    second = Workspace(tmp_path / "out")
    assert os.path.samestat(os.fstat(second._lock.fileno()), os.stat(second.folder / "lock"))
    with pytest.raises(BuildError, match="another kg build"):
        Workspace(tmp_path / "out")
    second.close(keep_journal=False)
    assert not second.folder.exists()
