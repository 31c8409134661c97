"""What the fault scripts share: a small corpus in two states, builds in forked processes, checks.

Builds use the stand-in extraction of ``tests/fake_extraction.py``, for what is tested is the build
and not the reading. They run in forked children of one process that has imported everything, and
so do their workers unless ``spawn`` is asked for, so that hundreds of them are cheap.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import Any
from unittest import mock

import pyoxigraph  # noqa: F401  before the forks
from fake_extraction import FACTORY

import kg.build
import kg.graph_build
import kg.rdf
import kg.readers.formats
import kg.store
from kg import workers
from kg.build import BuildOptions, build
from kg.errors import KgError
from kg.output import FAILURES, GRAPH, RECORDS, STORE, TRIPLES
from kg.sources import Source
from kg.store import Store
from kg.workers import resolve

TESTS = Path(__file__).resolve().parent.parent
TOKEN = "CLINEV_FAULTS"  # in the environment of every worker, to find those that stay behind
DOCUMENTS = 12
#: What a build writes of which the bytes must be those of a fresh build.
FILES = (RECORDS, FAILURES, GRAPH, TRIPLES)

REFUSED = 3  # exit code of a child whose build was refused with a message of ours
CRASHED = 4  # … that ended with another error
_SET_NAME = 15  # prctl(2)

State = dict[str, str]  # name → hash of what it holds


class Lost(AssertionError):
    """A build lost, mixed or left something."""


def write_corpus(folder: Path, state: int) -> None:
    """Write the corpus in one of two states: a third of it changes, one document comes and goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(DOCUMENTS):
        text = f"Trial {number}: RR 0.{10 + number}."
        if number % 3 == 0:
            text += f" In state {state}: RR 1.{10 + state}."
        (folder / f"{number:02}.txt").write_text(text)
    extra = folder / "extra.txt"
    extra.unlink(missing_ok=True)
    if state:
        extra.write_text("Extra: RR 0.55.")


def run_build(corpus: Path, out: Path, **options: object) -> None:
    """Build as the command does, in this process."""
    build([corpus], out, BuildOptions(**{"jobs": 1, **options}), factory=FACTORY)  # type: ignore[arg-type]


def fork(work: Callable[[], object], errors: Path) -> int:
    """Run `work` in a forked child; return its process id. What it raises is written to `errors`."""
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with errors.open("w") as stream:
            os.dup2(stream.fileno(), 2)
        work()
    except KgError as error:
        errors.write_text(f"{type(error).__name__}: {error}")
        code = REFUSED
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        errors.write_text(traceback.format_exc())
        code = CRASHED
    finally:
        os._exit(code)


def wait(child: int, seconds: float = 120.0) -> int:
    """Return the exit code of a child, negative for the signal that ended it; kill it if it hangs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise Lost(f"a build did not end within {seconds:g} s")


def finish(corpus: Path, out: Path, errors: Path) -> None:
    """Run a build to its end; raise if it does not do its work."""
    code = wait(fork(lambda: run_build(corpus, out), errors))
    if code:
        raise Lost(f"the next build ended with {code}: {errors.read_text()}")


def read_state(out: Path) -> State:
    """Return what an output holds, the store by its triples; raise if it is not whole.

    The store is opened in a child: its threads would not live on in later forks of this process.
    """
    answer = out.parent / "errors-state"
    code = wait(
        fork(lambda: answer.write_text(json.dumps(_state(out))), out.parent / "errors-read")
    )
    if code:
        said = (out.parent / "errors-read").read_text().strip().splitlines()
        raise Lost(f"the output cannot be read: {said[-1] if said else code}")
    state: State = json.loads(answer.read_text())
    return state


def _state(out: Path) -> State:
    manifest = json.loads((out / "manifest.json").read_bytes())
    state = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    for name, content in state.items():
        if manifest["files"][name] != content:
            raise Lost(f"{name} is not what its manifest says")
    store = Store.open(out / STORE)
    lines = sorted(str(triple) for triple in store)
    state["store"] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    if len(lines) != len(Store.load(out / GRAPH)):
        raise Lost("the store does not hold the graph")
    return state


def name_state(found: State, states: list[State]) -> int:
    """Return which of the known states an output is in."""
    for number, state in enumerate(states):
        if found == state:
            return number
    raise Lost("the output is neither the old one nor the new one")


def expected_states(folder: Path) -> list[State]:
    """Return the two states that whole builds of the corpus give."""
    states = []
    for state in (0, 1):
        write_corpus(folder / "corpus", state)
        out = folder / f"expected-{state}"
        finish(folder / "corpus", out, folder / "errors")
        states.append(read_state(out))
    assert states[0] != states[1]
    return states


def left_behind(folder: Path) -> list[str]:
    """Return files beside the output that no build should leave."""
    known = ("corpus", "out", "expected-0", "expected-1", "errors", "log")
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith(known))


def orphans(token: str) -> list[int]:
    """Return the processes that carry the token and are not this one (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"{TOKEN}={token}".encode() in (entry / "environ").read_bytes() or (
                    (entry / "comm").read_text().strip() == _short(token)
                    and "\nState:\tZ" not in (entry / "status").read_text()
                ):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def wait_for_orphans(token: str, seconds: float = 20.0) -> list[int]:
    """Return the processes that are still there after a while, having killed them."""
    deadline = time.monotonic() + seconds
    while (left := orphans(token)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


@contextmanager
def environment(folder: Path, spawn: bool = False) -> Iterator[str]:
    """Set what the workers need; yield the token they carry.

    Parameters
    ----------
    folder
        Where builds take place.
    spawn
        Whether workers are started as a user's are, each a new interpreter; else they are forked.
    """
    token = f"{os.getpid()}-{folder.name}"
    _warm_up()
    with (
        mock.patch.dict(os.environ, {TOKEN: token}),
        # workers import what this process imports
        mock.patch.object(sys, "path", [str(TESTS), str(TESTS.parent), *sys.path]),
        # the code may be edited while this runs
        mock.patch.object(kg.build, "fingerprint", return_value="fixed"),
        nullcontext() if spawn else mock.patch.object(workers.Pool, "_start", _fork_worker),
    ):
        yield token


@cache
def _warm_up() -> None:
    """Load what every build loads, once for all forks; no store, for its threads die in a fork."""
    source = Source("a.txt", "a.txt", data=b"Trial: RR 0.84.")
    assert workers.attempt(resolve(FACTORY)(None), source).failure is None


class _Forked:
    """What a pool asks of the process of a worker, for one that was forked."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def kill(self) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code


def _fork_worker(pool: workers.Pool) -> workers._Worker:
    """Start a worker as a fork with nothing open but its pipe, as a new interpreter has."""
    ours, theirs = Pipe()
    child = os.fork()
    if not child:
        try:
            os.setpgid(0, 0)
            _name_process(_short(os.environ[TOKEN]))
            handle = theirs.fileno()
            os.closerange(3, handle)
            os.closerange(handle + 1, os.sysconf("SC_OPEN_MAX"))
            told: dict[str, Any] = {**pool._told}
            told.pop("path")
            workers.serve(handle, **told)
        finally:
            os._exit(0)
    theirs.close()
    process: Any = _Forked(child)
    return workers._Worker(process, ours, since=time.monotonic())


def _short(token: str) -> str:
    """Return the name that forked workers bear: the kernel keeps 15 characters."""
    return f"kg-{hashlib.sha256(token.encode()).hexdigest()[:12]}"


def _name_process(name: str) -> None:
    ctypes.CDLL(None).prctl(_SET_NAME, name.encode(), 0, 0, 0)
