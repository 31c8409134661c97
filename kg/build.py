"""``kg build``: a folder of texts becomes records, a graph and a store.

    paths → sources → workers → journal → records.jsonl → triples.nt → graph.ttl, store/

What was done before is not done again: a record is known by its *key*, the hash of the document's
path and content, of the code and data that extract, and of the options that matter to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import json
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.build_options import (
    BuildOptions,
    BuildReport,
    Progress,
    checked_base,
    grounding_of,
    listed_retractions,
)
from kg.errors import BuildError
from kg.journal import read_journal
from kg.ledger import Ledger, Stored
from kg.manifest import MANIFEST, read_entries, write_manifest
from kg.output import (
    FAILURES,
    GRAPH_FILES,
    RECORDS,
    STORE,
    Reader,
    Workspace,
    hash_file,
    write_records,
)
from kg.sources import Failure, Filter, Source, Sources, expand, find_sources, sort_failures
from kg.versions import EXTRACTION, fingerprint, graph_code, library_versions, model_version
from kg.workers import DEFAULT_FACTORY, Outcome, Stamp, hash_of, process_all

if TYPE_CHECKING:
    from kg.graph_build import GraphBuild

#: Of the versions, those on which triples depend beside the record.
_GRAPH_VERSIONS = ("clinev", "pyoxigraph", "graph")
_DOCUMENTS_PER_JOB = 8  # a worker's start costs about as much as reading this many

__all__ = ["BuildOptions", "BuildReport", "Progress", "build"]


def build(
    paths: Sequence[str | Path],
    out: Path,
    options: BuildOptions | None = None,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    factory: str = DEFAULT_FACTORY,
) -> BuildReport:
    """Read all documents under `paths` and write the output folder.

    Parameters
    ----------
    paths
        Files and folders.
    out
        The folder to write: new, empty, or the output of an earlier build, which is replaced in one
        step when all is done.
    on_progress
        Called after each document.
    factory
        What makes a record of a document, exchangeable for tests: see :mod:`kg.workers`.

    Raises
    ------
    BuildError
        If `out` is not ours to replace, or extraction cannot start at all.
    """
    try:
        return _Build(paths, out, options or BuildOptions(), on_progress, factory).run()
    except (
        OSError,
        sqlite3.Error,
    ) as error:  # of documents and workers these are failures of theirs
        said = (getattr(error, "strerror", None) or str(error)).lower()
        raise BuildError(
            f"{out}: cannot be written: {said}; free some space or choose another folder with -o:"
            " what was read is kept, and the same command goes on from there"
        ) from error


class _Build:
    """One run of :func:`build`."""

    def __init__(
        self,
        paths: Sequence[str | Path],
        out: Path,
        options: BuildOptions,
        on_progress: Callable[[Progress], None],
        factory: str,
    ) -> None:
        self.paths, self.out, self.options = paths, out, options
        self.on_progress, self.factory = on_progress, factory
        self.start = time.perf_counter()
        self.versions = _versions(options.model)
        self.base_iri = checked_base(options.base_iri)
        self.retracted = listed_retractions(options.retracted)
        self.grounding = grounding_of(options)
        extraction: list[object] = [self.versions["extraction"], options.model]
        extraction.append(self.versions["onnxruntime"])  # without it the encoder is not asked
        if self.grounding:
            names = [Path(file).name for file in self.grounding.get("layers", ())]
            extraction.append(["terms", names, self.grounding.get("linker")])
        self.stamp = Stamp(
            (*extraction, options.min_confidence, options.format),
            hash_of([self.versions[name] for name in _GRAPH_VERSIONS], self.base_iri),
        )

    def run(self) -> BuildReport:
        workspace = Workspace(self.out)
        ledger = Ledger(workspace.folder / "ledger.sqlite")
        done = False
        try:
            sources = self._find(workspace)
            for entry in read_entries(workspace.out):
                if entry.get("status") == "ok":
                    ledger.had(entry)
            for stored in workspace.stored(self.stamp.graph_version):
                ledger.know(stored)
            unread, failures = self._plan(sources, ledger)
            unknown = ledger.count_unknown()
            reused = ledger.count() - unknown
            failures += self._read(unread, ledger, workspace, unknown)
            ledger.forget_unread()
            if failures and not self.options.keep_going:
                return self._report(sources, ledger, failures, complete=False)
            for failure in failures:
                ledger.give_up(failure.path)
            up_to_date = self._is_up_to_date(ledger, failures, workspace)
            if not up_to_date:
                self._write(workspace, ledger, failures, sources)
                workspace.publish()
            done = True
            return self._report(sources, ledger, failures, reused, up_to_date)
        finally:
            ledger.close()
            workspace.close(keep_journal=not done)

    def _find(self, workspace: Workspace) -> Sources:
        from kg.readers.formats import holds_many, recognise_file

        leave_out = frozenset({str(workspace.out), str(workspace.folder)})
        options = self.options
        recognise = recognise_file if options.format is None else lambda path: options.format
        rules = Filter(
            recognise,
            holds_many,
            options.max_bytes,
            options.exclude,
            leave_out,
            options.include_all,
        )
        return find_sources(self.paths, rules)

    def _plan(self, sources: Sources, ledger: Ledger) -> tuple[list[str], list[Failure]]:
        """Enter the key of each document; return the files with any to read, and what could not be hashed."""
        unread: list[str] = []
        failures = list(sources.failures)
        for file in sources.documents:
            for source in self._expand(file):
                if isinstance(source, Failure):
                    failures.append(source)
                    continue
                try:
                    ledger.plan(source.path, self.stamp.key(source.path, source.sha256()))
                except OSError as error:
                    reason = (error.strerror or str(error)).lower()
                    failures.append(Failure(source.path, None, f"cannot be read: {reason}"))
                if unread[-1:] != [file] and ledger.is_to_read(source.path):
                    unread.append(file)
        return unread, failures

    def _expand(self, file: str) -> Iterator[Source | Failure]:
        """Yield the documents of a file."""
        return expand(
            file,
            format=self.options.format,
            max_bytes=self.options.max_bytes,
            timeout_s=self.options.timeout_s,
        )

    def _read(
        self, unread: Iterable[str], ledger: Ledger, workspace: Workspace, number: int
    ) -> list[Failure]:
        """Extract what is not known yet into the journal; return what failed."""
        failures: list[Failure] = []
        if not number:
            return failures
        todo = (
            source
            for file in unread
            for source in self._expand(file)
            if isinstance(source, Source) and ledger.is_to_read(source.path)
        )
        if self.options.engine == "ray":
            return self._read_on_cluster(todo, ledger, workspace, number)
        outcomes = self._process(todo, number, self.factory)
        with workspace.open_journal() as journal, contextlib.closing(outcomes):
            for done, outcome in enumerate(outcomes, 1):
                if outcome.failure is not None:
                    failures.append(outcome.failure)
                elif outcome.line is not None:
                    entry = self.stamp.entry(outcome)
                    version = self.stamp.graph_version
                    ledger.know(journal.add(entry, outcome.line, outcome.block, version))
                    ledger.plan(outcome.path, entry["key"])
                failed = outcome.line is None
                self.on_progress(Progress(done, number, outcome.path, failed))
                if failed and not self.options.keep_going:
                    break
        return failures

    def _read_on_cluster(
        self, todo: Iterable[Source], ledger: Ledger, workspace: Workspace, number: int
    ) -> list[Failure]:
        """Have a cluster write shards, and take them up."""
        from kg.ray_engine import Work, process_on_cluster

        workspace.shards.mkdir(exist_ok=True)
        work = Work(
            str(workspace.shards),
            self.stamp,
            self._told(self.factory),
            self.options.timeout_s,
            self.options.format,
            self.options.max_bytes,
        )
        failures: list[Failure] = []
        read = 0
        tasks = process_on_cluster(todo, work, self.options.address, self.options.jobs)
        with contextlib.closing(tasks):
            for done in tasks:
                failures += done.failures
                shard = workspace.add_shard(done.shard)
                for stored in read_journal(done.shard, shard, self.stamp.graph_version):
                    ledger.know(stored)
                    ledger.plan(stored.entry["path"], stored.entry["key"])
                read += done.documents
                self.on_progress(Progress(read, number, done.shard.name, bool(done.failures)))
                if failures and not self.options.keep_going:
                    break
        return failures

    def _told(self, factory: str) -> dict[str, Any]:
        return {
            "model": self.options.model,
            "factory": factory,
            "min_confidence": self.options.min_confidence,
            "base_iri": self.base_iri,
            "grounding": self.grounding if factory == self.factory else None,
        }

    def _process(
        self, sources: Iterable[Source], number: int, factory: str
    ) -> Generator[Outcome, None, None]:
        warranted = -(-number // _DOCUMENTS_PER_JOB)
        return process_all(
            sources,
            jobs=min(self.options.jobs or min(os.cpu_count() or 1, warranted), number),
            timeout_s=self.options.timeout_s,
            **self._told(factory),
        )

    def _is_up_to_date(
        self, ledger: Ledger, failures: Iterable[Failure], workspace: Workspace
    ) -> bool:
        """Whether the output on disk is, byte for byte, what would be written now."""
        before = workspace.head
        told = before.get("files", {})
        return (
            ledger.is_as_before()
            and before.get("versions") == self.versions
            and before.get("base_iri") == self.options.base_iri
            and before.get("retracted") == sorted(self.retracted)
            and told.get(FAILURES) == hashlib.sha256(_failure_lines(failures)).hexdigest()
            and {RECORDS, *GRAPH_FILES} <= set(told)
            and all(workspace.is_intact(name) for name in told)
            and (workspace.out / STORE).exists()
        )

    def _write(
        self,
        workspace: Workspace,
        ledger: Ledger,
        failures: list[Failure],
        sources: Sources,
    ) -> None:
        folder = workspace.new
        folder.mkdir()
        write_records(ledger.kept(), workspace.files, folder / RECORDS)
        (folder / FAILURES).write_bytes(_failure_lines(failures))
        with self._write_graph(workspace, ledger) as graph:
            head = {
                "tool": "clinev",
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - self.start, 3),
                "versions": self.versions,
                "model": self.options.model,
                "base_iri": self.options.base_iri,
                "min_confidence": self.options.min_confidence,
                "terms": [Path(file).name for file in self.grounding.get("layers", ())],
                "linker": self.options.linker,
                "retracted": sorted(self.retracted),
                "counts": _counts(ledger.kept()),
                "files": {
                    file.name: hash_file(file)
                    for file in sorted(folder.iterdir())
                    if file.is_file()
                },
            }
            failed = [{**item.to_json(), "status": "failed"} for item in sort_failures(failures)]
            skipped = [{"path": path, "status": "skipped"} for path in sources.skipped]
            entries = (graph.entry(stored) for stored in ledger.kept())
            documents = heapq.merge(entries, failed, skipped, key=lambda entry: str(entry["path"]))
            write_manifest(folder / MANIFEST, head, documents)

    @contextlib.contextmanager
    def _write_graph(self, workspace: Workspace, ledger: Ledger) -> Iterator[GraphBuild]:
        """Write the graph: what has changed of it, if there is one to start from."""
        from kg.graph_build import GraphBuild
        from kg.graph_files import InconsistentError

        with GraphBuild(ledger, workspace, self.base_iri, self.retracted) as graph:
            if self._can_be_changed(workspace):
                try:
                    graph.write_changes()
                    yield graph
                    return
                except InconsistentError:
                    graph.clear()
        self._remake_triples(workspace, ledger)
        with GraphBuild(ledger, workspace, self.base_iri, self.retracted) as graph:
            graph.write_all()
            yield graph

    def _can_be_changed(self, workspace: Workspace) -> bool:
        """Whether the graph on disk is one that this program would make of its records."""
        before = workspace.head
        versions = before.get("versions", {})
        return (
            all(versions.get(name) == self.versions[name] for name in _GRAPH_VERSIONS)
            and before.get("base_iri") == self.options.base_iri
            and all(workspace.is_intact(name) for name in (RECORDS, *GRAPH_FILES))
            and (workspace.out / STORE).is_dir()
        )

    def _remake_triples(self, workspace: Workspace, ledger: Ledger) -> None:
        """Have the triples of records made that were kept without."""
        number = ledger.count_without_triples()
        if not number:
            return
        kept: dict[str, dict[str, Any]] = {}

        def lines() -> Iterator[Source]:
            with Reader(workspace.files) as reader:
                for stored in ledger.without_triples():
                    kept[stored.entry["path"]] = stored.entry
                    yield Source(stored.entry["path"], RECORDS, data=reader.line(stored))

        outcomes = self._process(lines(), number, "kg.workers:make_repeater")
        with workspace.open_journal() as journal, contextlib.closing(outcomes):
            for outcome in outcomes:
                entry = kept.pop(outcome.path)
                if outcome.failure is not None or outcome.line is None:
                    raise BuildError(
                        f"{outcome.path}: {outcome.failure and outcome.failure.problem}"
                    )
                made = {**entry, **outcome.summary}
                ledger.know(
                    journal.add(made, outcome.line, outcome.block, self.stamp.graph_version)
                )

    def _report(
        self,
        sources: Sources,
        ledger: Ledger,
        failures: list[Failure],
        reused: int = 0,
        up_to_date: bool = False,
        complete: bool = True,
    ) -> BuildReport:
        documents = ledger.count()
        return BuildReport(
            out=self.out,
            documents=documents,
            read=documents - reused,
            reused=reused,
            dropped=ledger.count_dropped(failure.path for failure in failures),
            skipped=len(sources.skipped),
            about=tuple(sources.about),
            failures=tuple(sort_failures(failures)),
            counts=_counts(ledger.kept()),
            seconds=time.perf_counter() - self.start,
            up_to_date=up_to_date,
            complete=complete,
        )


def _counts(kept: Iterable[Stored]) -> dict[str, int]:
    names = ("studies", "effects", "doses", "recommendations", "notices")
    counts = dict.fromkeys(names, 0)
    for stored in kept:
        for name in names:
            counts[name] += stored.entry[name]
    return counts


def _failure_lines(failures: Iterable[Failure]) -> bytes:
    lines = [json.dumps(f.to_json(), ensure_ascii=False) + "\n" for f in sort_failures(failures)]
    return "".join(lines).encode("utf-8", "backslashreplace")  # of a name's stray bytes


def _versions(model: str | None) -> dict[str, str]:
    """Return the versions on which the output depends."""
    versions = library_versions()
    versions["extraction"] = fingerprint(EXTRACTION)
    versions["graph"] = fingerprint(graph_code())
    if model is not None:
        versions["model"] = model_version(model)
    return versions
