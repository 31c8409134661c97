"""``kg build``: a folder of texts becomes records, a graph and a store.

    paths → sources → workers → journal → records.jsonl → graph.ttl → store/

What was done before is not done again: a record is known by its *key*, the hash of the document's
path and content, of the code and data that extract, and of the options that matter to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from kg.output import (
    FAILURES,
    GRAPH,
    MANIFEST,
    RECORDS,
    STORE,
    Records,
    Stored,
    Workspace,
    read_manifest,
)
from kg.resources import PACKAGE
from kg.sources import Failure, Filter, Source, Sources, expand, find_sources, sort_failures
from kg.workers import DEFAULT_FACTORY, Outcome, process_all

#: Code and data on which a record depends, relative to the package.
EXTRACTION = (
    "readers", "numbers", "components", "tagging", "assembly", "lexicon", "terminology", "statistics",
    "text.py", "reference.py", "records.py", "pipeline.py", "extract.py",
)  # fmt: skip
#: Code on which neither records nor graph depend: reading answers, talking to people.
ANSWERING = (
    "cli", "evaluation", "show", "synthesis", "plots", "explain.py", "effects.py", "export.py", "shapes.py", "queries.py",
    "build.py", "workers.py", "sources.py", "output.py", "resources.py", "errors.py", "_data",
)  # fmt: skip
_LIBRARIES = ("spacy", "scispacy", "onnxruntime", "tokenizers", "pyoxigraph")
_DOCUMENTS_PER_JOB = 8  # a worker's start costs about as much as reading this many


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build; the defaults stand here alone.

    ``jobs`` 0 means as many processes as the machine and the corpus warrant, ``timeout_s`` is wall
    time per document, ``model`` ``"fast"``, an installed spaCy model, or ``None`` for the packaged
    models. Effects whose
    ``confidence`` is below ``min_confidence`` (0 to 1) are left out. ``max_bytes`` is the largest
    document; ``format`` overrides what the content says (:data:`kg.readers.formats.NAMES`).
    """

    jobs: int = 0
    model: str | None = None
    keep_going: bool = True
    max_bytes: int = 20_000_000
    timeout_s: float = 120.0
    exclude: tuple[str, ...] = ()
    include_all: bool = False
    base_iri: str | None = None
    min_confidence: float = 0.0
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is; ``path`` is the document just done."""

    done: int
    total: int
    path: str
    failed: bool


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``complete`` is false when it stopped at a failure and wrote nothing."""

    out: Path
    documents: int
    read: int
    reused: int
    dropped: int
    skipped: int
    about: tuple[str, ...]
    failures: tuple[Failure, ...]
    counts: dict[str, int]
    seconds: float
    up_to_date: bool = False
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the report as ``kg build --json`` prints it."""
        return {
            "out": str(self.out), "complete": self.complete, "up_to_date": self.up_to_date,
            "documents": self.documents, "read": self.read, "reused": self.reused,
            "dropped": self.dropped, "skipped": self.skipped, **self.counts,
            "failures": [failure.to_json() for failure in self.failures],
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


GraphWriter = Callable[[Path, Path, str | None], None]


def write_graph(records: Path, folder: Path, base_iri: str | None) -> None:
    """Write ``graph.ttl`` and ``store/`` into `folder` from a ``records.jsonl``."""
    from kg.rdf import write_turtle
    from kg.store import write_store
    from kg.vocabulary import DEFAULT_BASE

    write_turtle(Records(records), folder / GRAPH, base_iri or DEFAULT_BASE)
    write_store(folder / GRAPH, folder / STORE)
    for log in (folder / STORE).glob("LOG*"):  # the engine's own diary: of clock times, of no use
        log.unlink()


def build(
    paths: Sequence[str | Path],
    out: Path,
    options: BuildOptions | None = None,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    factory: str = DEFAULT_FACTORY,
    graph_writer: GraphWriter = write_graph,
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
    factory, graph_writer
        The two arrows of the line, exchangeable for tests.

    Raises
    ------
    BuildError
        If `out` is not ours to replace, or extraction cannot start at all.
    """
    return _Build(paths, out, options or BuildOptions(), on_progress, factory, graph_writer).run()


class _Build:
    """One run of :func:`build`."""

    def __init__(
        self,
        paths: Sequence[str | Path],
        out: Path,
        options: BuildOptions,
        on_progress: Callable[[Progress], None],
        factory: str,
        graph_writer: GraphWriter,
    ) -> None:
        self.paths, self.out, self.options = paths, out, options
        self.on_progress, self.factory, self.graph_writer = on_progress, factory, graph_writer
        self.start = time.perf_counter()
        self.versions = _versions(options.model)

    def run(self) -> BuildReport:
        workspace = Workspace(self.out)
        done = False
        try:
            before = read_manifest(workspace.out)
            sources = self._find(workspace)
            plan, failures = self._plan(sources)
            stored = workspace.stored()
            known = {path: stored[key] for path, key in plan.items() if key in stored}
            todo = plan.keys() - known.keys()
            failures += self._read(sources, todo, workspace)
            if failures and not self.options.keep_going:
                return self._report(sources, known, failures, before, complete=False)
            journalled = workspace.journalled()
            by_path = {stored.entry["path"]: stored for stored in journalled.values()}
            found = {path: known.get(path) or by_path.get(path) for path in plan}
            kept = {path: item for path, item in found.items() if item is not None}
            failed = {failure.path for failure in failures}
            kept = {path: kept[path] for path in sorted(kept) if path not in failed}
            up_to_date = self._is_up_to_date(before, kept, failures, workspace)
            if not up_to_date:
                self._write(workspace, kept, failures, sources)
                workspace.publish()
            done = True
            return self._report(sources, kept, failures, before, len(known), up_to_date)
        finally:
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

    def _plan(self, sources: Sources) -> tuple[dict[str, str], list[Failure]]:
        """Return the key of each document, and what could not even be hashed."""
        plan: dict[str, str] = {}
        failures = list(sources.failures)
        for source in self._expand(sources):
            if isinstance(source, Failure):
                failures.append(source)
                continue
            try:
                plan[source.path] = self._key(source.path, source.sha256())
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                failures.append(Failure(source.path, None, f"cannot be read: {reason}"))
        return plan, failures

    def _expand(self, sources: Sources) -> Iterator[Source | Failure]:
        """Yield the documents of all files, in the order of the files."""
        for file in sources.documents:
            yield from expand(file, format=self.options.format, max_bytes=self.options.max_bytes)

    def _key(self, path: str, sha256: str) -> str:
        parts: list[object] = [path, sha256, self.versions["extraction"], self.options.model]
        parts.append(self.versions["onnxruntime"])  # without it the encoder is not asked
        if self.options.min_confidence > 0:
            parts.append(self.options.min_confidence)
        if self.options.format is not None:
            parts.append(self.options.format)
        return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _read(
        self, sources: Sources, todo: AbstractSet[str], workspace: Workspace
    ) -> list[Failure]:
        """Extract what is not known yet into the journal; return what failed."""
        failures: list[Failure] = []
        if not todo:
            return failures
        warranted = -(-len(todo) // _DOCUMENTS_PER_JOB)
        jobs = min(self.options.jobs or min(os.cpu_count() or 1, warranted), len(todo))
        outcomes = process_all(
            (
                source
                for source in self._expand(sources)
                if isinstance(source, Source) and source.path in todo
            ),
            jobs=jobs,
            timeout_s=self.options.timeout_s,
            model=self.options.model,
            factory=self.factory,
            min_confidence=self.options.min_confidence,
        )
        with workspace.open_journal() as journal, contextlib.closing(outcomes):
            for number, outcome in enumerate(outcomes, 1):
                if outcome.line is not None:
                    line = outcome.line.encode("utf-8", "surrogatepass")
                    journal.add(self._entry(outcome, line), line)
                elif outcome.failure is not None:
                    failures.append(outcome.failure)
                failed = outcome.line is None
                self.on_progress(Progress(number, len(todo), outcome.path, failed))
                if failed and not self.options.keep_going:
                    break
        return failures

    def _entry(self, outcome: Outcome, line: bytes) -> dict[str, Any]:
        return {
            "path": outcome.path,
            "status": "ok",
            **outcome.summary,
            "seconds": round(outcome.seconds, 3),
            # from the hash in the record: the file may have changed since it was listed
            "key": self._key(outcome.path, outcome.summary["sha256"]),
            "record_sha256": hashlib.sha256(line).hexdigest(),
        }

    def _is_up_to_date(
        self,
        before: dict[str, Any],
        kept: dict[str, Stored],
        failures: Iterable[Failure],
        workspace: Workspace,
    ) -> bool:
        """Whether the output on disk is, byte for byte, what would be written now."""
        entries = [e for e in before.get("documents", []) if e.get("status") == "ok"]
        if [e["key"] for e in entries] != [stored.entry["key"] for stored in kept.values()]:
            return False
        if (
            before.get("versions") != self.versions
            or before.get("base_iri") != self.options.base_iri
        ):
            return False
        new_failures = _failure_lines(failures)
        hashes = before.get("files", {})
        return (
            hashes.get(FAILURES) == hashlib.sha256(new_failures).hexdigest()
            and all(_hash_file(workspace.out / name) == hashes[name] for name in hashes)
            and (workspace.out / STORE).exists()
        )

    def _write(
        self,
        workspace: Workspace,
        kept: dict[str, Stored],
        failures: list[Failure],
        sources: Sources,
    ) -> None:
        folder = workspace.new
        folder.mkdir()
        with (folder / RECORDS).open("wb") as stream:
            for stored in kept.values():
                stream.write(stored.read_line() + b"\n")
        (folder / FAILURES).write_bytes(_failure_lines(failures))
        self.graph_writer(folder / RECORDS, folder, self.options.base_iri)
        entries = [stored.entry for stored in kept.values()]
        entries += [{**failure.to_json(), "status": "failed"} for failure in failures]
        entries += [{"path": path, "status": "skipped"} for path in sources.skipped]
        manifest = {
            "tool": "clinev",
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - self.start, 3),
            "versions": self.versions,
            "model": self.options.model,
            "base_iri": self.options.base_iri,
            "min_confidence": self.options.min_confidence,
            "counts": _counts(kept.values()),
            "files": {
                file.name: _hash_file(file) for file in sorted(folder.iterdir()) if file.is_file()
            },
            "documents": sorted(entries, key=lambda entry: str(entry["path"])),
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_bytes(text.encode("utf-8", "backslashreplace"))

    def _report(
        self,
        sources: Sources,
        kept: dict[str, Stored],
        failures: list[Failure],
        before: dict[str, Any],
        reused: int = 0,
        up_to_date: bool = False,
        complete: bool = True,
    ) -> BuildReport:
        paths = {e["path"] for e in before.get("documents", []) if e.get("status") == "ok"}
        present = {*kept, *(failure.path for failure in failures)}
        return BuildReport(
            out=self.out,
            documents=len(kept),
            read=len(kept) - reused,
            reused=reused,
            dropped=len(paths - present),
            skipped=len(sources.skipped),
            about=tuple(sources.about),
            failures=tuple(sort_failures(failures)),
            counts=_counts(kept.values()),
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


def _hash_file(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _versions(model: str | None) -> dict[str, str]:
    """Return the versions on which the output depends, without importing anything heavy."""
    versions = {name: _version(name) for name in ("clinev", *_LIBRARIES)}
    versions["extraction"] = fingerprint(EXTRACTION)
    others = {path.name for path in PACKAGE.iterdir()} - {*EXTRACTION, *ANSWERING, "__pycache__"}
    versions["graph"] = fingerprint(sorted(others))
    if model is not None:
        folder = Path(model)
        meta = folder / "meta.json"
        versions["model"] = (_hash_file(meta) or "unknown") if folder.is_dir() else _version(model)
    return versions


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def fingerprint(names: Iterable[str], package: Path = PACKAGE) -> str:
    """Return a hash over files and folders of the package: a version that cannot be forgotten."""
    digest = hashlib.sha256()
    for name in names:
        root = package / name
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(package).as_posix()}\0".encode())
                digest.update((_hash_file(file) or "").encode())
    return digest.hexdigest()[:16]
