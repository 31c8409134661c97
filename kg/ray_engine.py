"""``kg build --engine ray``: the same extractors as actors on many machines.

    tasks (some documents each) → Ray Data → actor pool → shards → what any build goes on from

An actor runs what a local build runs: a worker process that can be replaced, a time limit per
document, a journal. Its journal is a *shard* beside the output, on a file system that all machines
see, written under another name and then renamed; the name depends on the documents alone. So a task
that a lost actor had begun is done again elsewhere and nothing of it counts twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import BuildError
from kg.journal import Journal
from kg.sources import Failure, Source, expand
from kg.workers import Pool, Stamp

#: Documents of a task: what is done again when a machine is lost.
DOCUMENTS_PER_TASK = 32


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one task: the shard's file, and what could not be read."""

    shard: Path
    documents: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What every actor is told.

    Parameters
    ----------
    shards
        Folder for the shards, seen by all machines.
    stamp
        Makes the journal's entries.
    told
        What a worker process is told: see :func:`kg.workers.serve`.
    timeout_s
        Wall-clock seconds that one document may take.
    format, max_bytes
        See :func:`kg.sources.expand`.
    """

    shards: str
    stamp: Stamp
    told: dict[str, Any]
    timeout_s: float
    format: str | None
    max_bytes: int


def process_on_cluster(
    sources: Iterable[Source], work: Work, address: str | None, actors: int = 0
) -> Generator[Done, None, None]:
    """Have documents read on a cluster; yield its tasks as they are done.

    Parameters
    ----------
    sources
        Documents in files that all machines see under the same paths.
    address
        The cluster's, as ``ray.init`` takes it; ``None``: the one this machine belongs to, or a new one here.
    actors
        How many; 0 for one a core of the cluster.

    Raises
    ------
    BuildError
        If Ray is not installed or the cluster cannot be reached.
    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise BuildError(f"--engine ray needs Ray: pip install 'clinev[ray]' ({error})") from error
    tasks = list(make_tasks(sources))
    ours = not ray.is_initialized()
    if ours:
        try:
            ray.init(address=address, log_to_driver=False)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise BuildError(f"--address {address}: no Ray cluster answers: {error}") from error
    try:
        resources: Any = ray.cluster_resources
        cores = int(resources().get("CPU", 1))
        number = max(1, min(actors or cores, len(tasks)))
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = ray.data.from_items(
            [{"task": task} for task in tasks], override_num_blocks=len(tasks)
        ).map_batches(
            Extractor,
            fn_constructor_kwargs={"work": asdict(work)},
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(size=number, max_tasks_in_flight_per_actor=1),
            num_cpus=1,
        )
        for row in rows.iter_rows():
            told = json.loads(row["done"])
            failures = tuple(Failure(*failure) for failure in told["failures"])
            yield Done(Path(work.shards) / told["shard"], told["documents"], failures)
    finally:
        if ours:
            ray.shutdown()


def make_tasks(sources: Iterable[Source], size: int = DOCUMENTS_PER_TASK) -> Iterator[str]:
    """Put documents together to tasks: JSON with their files, and which of what is in these to read.

    Raises
    ------
    BuildError
        If a document comes from standard input.
    """
    files: dict[str, str] = {}
    paths: list[str] = []
    for source in sources:
        if not os.path.exists(source.file):
            raise BuildError(f"{source.path}: --engine ray reads files that all machines see")
        files[source.file] = os.path.abspath(source.file)
        paths.append(source.path)
        if len(paths) == size:
            yield json.dumps({"files": files, "paths": paths})
            files, paths = {}, []
    if paths:
        yield json.dumps({"files": files, "paths": paths})


class Extractor:
    """One actor: reads the documents of a task and writes its shard."""

    def __init__(self, work: dict[str, Any]) -> None:
        self._work = Work(**{**work, "stamp": Stamp(**work["stamp"])})
        told = {**self._work.told, "timeout_s": self._work.timeout_s}
        self._pool = Pool(1, told)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        return {"done": [self._read(str(task)) for task in batch["task"]]}

    def _read(self, task: str) -> str:
        work = self._work
        name = f"{hashlib.sha256(task.encode()).hexdigest()[:32]}.jsonl"
        shard = Path(work.shards) / name
        begun = shard.with_name(f".{name}.{os.getpid()}")
        failures: list[Failure] = []
        number = 0
        outcomes = self._pool.run(self._sources(json.loads(task)), work.timeout_s)
        with begun.open("wb") as stream, contextlib.closing(outcomes):
            journal = Journal(stream)
            for outcome in outcomes:
                number += 1
                if outcome.failure is not None:
                    failures.append(outcome.failure)
                elif outcome.line is not None:
                    entry = work.stamp.entry(outcome)
                    journal.add(entry, outcome.line, outcome.block, work.stamp.graph_version)
            os.fsync(stream.fileno())
        begun.rename(shard)
        told = [(item.path, item.place, item.problem) for item in failures]
        return json.dumps({"shard": name, "documents": number, "failures": told})

    def _sources(self, task: dict[str, Any]) -> Iterator[Source]:
        """Yield the documents of a task under the names that they have where the build was asked for."""
        wanted = set(task["paths"])
        for shown, file in task["files"].items():
            work = self._work
            found = expand(
                file, format=work.format, max_bytes=work.max_bytes, timeout_s=work.timeout_s
            )
            for source in found:
                if isinstance(source, Source):
                    path = shown + source.path[len(file) :]
                    if path in wanted:
                        yield replace(source, path=path)
