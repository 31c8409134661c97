"""Reading documents in processes of their own, so that none can stop a build.

A document that loops, eats all memory or crashes the interpreter costs its worker, which is
replaced, and a line in ``failures.jsonl``; the others go on. Workers return plain text (one line
of ``records.jsonl``), so nothing of spaCy crosses a process border.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import BuildError, DocumentError
from kg.sources import Failure, Source

if TYPE_CHECKING:
    from kg.records import Record

#: Extracts the record of one document, as a line of JSON.
Process = Callable[[Source], str]
#: Makes it from the name of a model or ``None``, and from what grounds where a build names that.
Factory = Callable[..., Process]
DEFAULT_FACTORY = "kg.workers:make_processor"
_GRACE_SECONDS = 10.0  # that a worker waits for its parent to end it
_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)
_LEAST_MEMORY = 2 << 30  # bytes that a worker may always have
_START_SECONDS = 300.0  # loading a model is no document's fault
#: What a worker runs. Not ``multiprocessing.Process``: that imports the caller's main module first.
_WORKER = (
    "import json, sys; told = json.loads(sys.argv[1]); sys.path[:] = told.pop('path');"
    " from kg.workers import serve; serve(**told)"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: a line of ``records.jsonl`` with its triples, or a failure.

    ``block`` holds what the graph needs of it (see :func:`kg.graph_build.record_lines`), ``summary``
    what the manifest says of it: the hash of the file, and counts.
    """

    path: str
    seconds: float
    line: bytes | None = None
    block: bytes = b""
    failure: Failure | None = None
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Says what a record depends on: makes the keys and the entries of a journal.

    Parameters
    ----------
    options
        All on which records depend beside path and content of their documents.
    graph_version
        All on which triples depend beside their record.
    """

    options: tuple[object, ...]
    graph_version: str

    def key(self, path: str, sha256: str) -> str:
        """Return the key of the record of a document: another key is another record."""
        return hash_of(path, sha256, *self.options)

    def entry(self, outcome: Outcome) -> dict[str, Any]:
        """Return what the manifest says of a document that was read."""
        assert outcome.line is not None
        return {
            "path": outcome.path,
            "status": "ok",
            **outcome.summary,
            "seconds": round(outcome.seconds, 3),
            # from the hash in the record: the file may have changed since it was listed
            "key": self.key(outcome.path, outcome.summary["sha256"]),
            "record_sha256": hashlib.sha256(outcome.line).hexdigest(),
            "length": len(outcome.line),
        }


def hash_of(*parts: object) -> str:
    """Return a hash over values that JSON can hold."""
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()


def make_processor(
    model: str | None, layers: Sequence[str] = (), linker: str | None = None
) -> Process:
    """Return the function that reads one document and extracts its record, as JSON."""
    from kg.extract import make_extractor
    from kg.readers import read_bytes
    from kg.retraction import note_retraction

    extractor = make_extractor(model, tuple(map(Path, layers)), linker)

    def process(source: Source) -> str:
        reading = read_bytes(source.load(), source.path, source.format)
        return note_retraction(extractor(reading), reading.metadata).model_dump_json()

    return process


def make_repeater(model: str | None) -> Process:
    """Return the function that takes the bytes of a source for its record: its triples are made again."""

    def process(source: Source) -> str:
        return source.load().decode("utf-8", "surrogatepass")

    return process


def process_all(
    sources: Iterable[Source],
    *,
    jobs: int,
    timeout_s: float,
    model: str | None = None,
    factory: str = DEFAULT_FACTORY,
    min_confidence: float = 0.0,
    base_iri: str = "",
    grounding: dict[str, Any] | None = None,
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every document, in the order in which they are done.

    Parameters
    ----------
    sources
        Taken one at a time, when a worker is free.
    jobs
        Number of worker processes, at least 1.
    timeout_s
        Wall-clock seconds that one document may take.
    factory
        ``"module:function"`` of a :data:`Factory`, imported by each worker.
    min_confidence
        Effects held to be less certain than this, 0 to 1, are left out of the records.
    base_iri
        Start of the IRIs of data in the triples; "" for the default.
    grounding
        Further arguments of the factory: ``layers`` and ``linker`` of :func:`make_processor`.
    """
    told = {
        "model": model, "factory": factory, "min_confidence": min_confidence, "base_iri": base_iri,
        "timeout_s": timeout_s,
        "grounding": grounding or {},
    }  # fmt: skip
    pool = Pool(jobs, told)
    try:
        yield from pool.run(iter(sources), timeout_s)
    finally:
        pool.close()


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    ready: bool = False
    path: str | None = None
    since: float = 0.0


class Pool:
    """Worker processes that get one document at a time and can be killed."""

    def __init__(self, size: int, told: dict[str, Any]) -> None:
        self._told = {**told, "path": sys.path}
        self._workers = [self._start() for _ in range(size)]

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        handle = theirs.fileno()
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _WORKER, json.dumps({**self._told, "handle": handle})],
            stdin=subprocess.DEVNULL,
            pass_fds=[handle],
            process_group=0,  # Ctrl-C is for the parent to handle
        )
        theirs.close()
        return _Worker(process, ours, since=time.monotonic())

    def run(self, waiting: Iterator[Source], timeout_s: float) -> Generator[Outcome, None, None]:
        """Hand out the documents and yield what comes back; may be called again when it has ended."""
        idle = [worker for worker in self._workers if worker.ready and worker.path is None]
        following = next(waiting, None)
        while following is not None or any(worker.path for worker in self._workers):
            for worker in idle:
                if following is None:
                    break
                try:
                    worker.pipe.send(following)
                except OSError:  # it died while it had nothing to do
                    yield from self._bury(worker, "")
                    continue
                worker.path, worker.since = following.path, time.monotonic()
                following = next(waiting, None)
            idle.clear()
            busy = [w for w in self._workers if w.path is not None or not w.ready]
            due = min(w.since + (timeout_s if w.ready else _START_SECONDS) for w in busy)
            pipes = {w.pipe: w for w in busy}
            for pipe in wait(list(pipes), timeout=max(0.0, due - time.monotonic())):
                assert isinstance(pipe, Connection)
                worker = pipes[pipe]
                try:
                    message = pipe.recv()
                except (EOFError, OSError):
                    yield from self._bury(worker, "")
                    continue
                if isinstance(message, Outcome):
                    worker.path = None
                    idle.append(worker)
                    yield message
                elif message is None:
                    worker.ready = True
                    idle.append(worker)
                else:
                    # no document would fare better
                    name = type(message).__name__
                    raise BuildError(f"extraction cannot start: {name}: {message}") from message
            now = time.monotonic()
            for worker in list(self._workers):
                limit = timeout_s if worker.ready else _START_SECONDS
                if (worker.path or not worker.ready) and now - worker.since > limit:
                    problem = f"took longer than {timeout_s:g} seconds (--timeout)"
                    yield from self._bury(worker, problem)

    def _bury(self, worker: _Worker, problem: str) -> Iterator[Outcome]:
        """Replace a worker that is dead or has to die; its document has failed."""
        path, since, ready = worker.path, worker.since, worker.ready
        worker.process.kill()  # without effect if it is dead
        code = worker.process.wait()
        worker.pipe.close()
        if not ready:
            raise BuildError(f"extraction cannot start: its process ended (exit code {code})")
        self._workers[self._workers.index(worker)] = self._start()
        if path is not None:
            if not problem:
                name = signal.Signals(-code).name if code is not None and code < 0 else str(code)
                problem = f"the worker process ended ({name}): out of memory, or a crash"
            failure = Failure(path, None, problem)
            yield Outcome(path, time.monotonic() - since, failure=failure)

    def close(self) -> None:
        """End all workers, whatever they do."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()
            worker.pipe.close()


def serve(
    handle: int,
    model: str | None,
    factory: str,
    min_confidence: float = 0.0,
    base_iri: str = "",
    timeout_s: float = 3600.0,
    grounding: dict[str, Any] | None = None,
) -> None:
    """Be a worker: answer each document with its outcome until the pipe closes.

    Parameters
    ----------
    handle
        File descriptor of this end of the pipe.
    model, factory, min_confidence, base_iri, timeout_s, grounding
        See :func:`process_all`. The parent ends a worker that is late; the worker has a clock of its
        own in case the parent is gone.
    """
    pipe = Connection(handle)
    _end_with_parent()
    if pipe.poll():  # nothing is sent before a worker is ready: the parent was gone before
        return
    _limit_memory()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy is imported, below
    try:
        importlib.import_module("kg.rdf")  # now, since the first document's time is limited
        process = resolve(factory)(model, **(grounding or {}))
    except Exception as error:
        error.add_note(traceback.format_exc())
        _send_error(pipe, error)
        return
    pipe.send(None)
    while True:
        try:
            source = pipe.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, timeout_s + _GRACE_SECONDS)
        outcome = attempt(process, source, min_confidence, base_iri)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send(outcome)
        except OSError:  # nobody is left to tell
            return


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent is gone: a killed build leaves none behind."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _limit_memory() -> None:
    """Let a document that needs half of the machine's memory fail, before others are ended for it."""
    with contextlib.suppress(OSError, ValueError, AttributeError, ImportError):
        import resource

        half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft == resource.RLIM_INFINITY or soft > half:
            resource.setrlimit(resource.RLIMIT_DATA, (max(half, _LEAST_MEMORY), hard))


def _send_error(pipe: Connection, error: Exception) -> None:
    try:
        pipe.send(error)
    except Exception:  # an error that cannot be pickled: its text can
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


def resolve(factory: str) -> Factory:
    """Import a ``"module:function"``."""
    module, _, name = factory.partition(":")
    found: Factory = getattr(importlib.import_module(module), name)
    return found


def attempt(
    process: Process, source: Source, min_confidence: float = 0.0, base_iri: str = ""
) -> Outcome:
    """Process one document; whatever goes wrong becomes its failure."""
    from kg.graph_build import record_lines
    from kg.records import Record
    from kg.vocabulary import DEFAULT_BASE

    path = source.path
    start = time.perf_counter()
    try:
        line = without_doubtful(process(source), min_confidence)
        record = Record.model_validate_json(line)
        block = record_lines(record, base_iri or DEFAULT_BASE)
        summary = summarise(record)
    except Exception as error:
        return Outcome(path, time.perf_counter() - start, failure=to_failure(path, error))
    encoded = line.encode("utf-8", "surrogatepass")
    return Outcome(path, time.perf_counter() - start, encoded, block, summary=summary)


def without_doubtful(line: str, min_confidence: float) -> str:
    """Return a line of ``records.jsonl`` without the effects held to be less certain than a floor.

    What they named (interventions, outcomes, arms) stays: it was read.
    """
    if min_confidence <= 0:
        return line
    record = json.loads(line)
    for study in record["studies"]:
        study["effects"] = [e for e in study["effects"] if e["confidence"] >= min_confidence]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def summarise(record: Record) -> dict[str, Any]:
    """Return the hash of a record's file, and how much was found in it."""
    from kg.identity import reports_of
    from kg.retraction import publication_identifiers

    counted = ("effects", "doses", "recommendations")
    studies = record.studies
    counts = {name: sum(len(getattr(study, name)) for study in studies) for name in counted}
    return {
        "sha256": record.document.sha256,
        "studies": len(studies),
        **counts,
        "notices": len(record.notices),
        "reports": len(set(reports_of(record).values())),
        "publications": publication_identifiers(record),
    }


def to_failure(path: str, error: Exception) -> Failure:
    """Say what is wrong with a document, and where."""
    if isinstance(error, DocumentError):
        return Failure(path, error.place, error.problem)
    own = isinstance(error, OSError) and str(error.filename) == path
    if own and isinstance(error, FileNotFoundError):
        return Failure(path, None, "vanished before it was read")
    if own and isinstance(error, OSError):
        return Failure(path, None, f"cannot be read: {(error.strerror or str(error)).lower()}")
    if isinstance(error, MemoryError):
        return Failure(path, None, "needs more memory than there is")
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}kg{os.sep}" in frame.filename] or frames
    at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "unknown place"
    text = " ".join(str(error).split())[:300]
    return Failure(
        path, None, f"internal error ({at}), please report it: {type(error).__name__}: {text}"
    )
