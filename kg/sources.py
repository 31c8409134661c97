"""Which files a build reads: the walk over the given paths, and what it could not enter.

A folder that holds texts holds other things too. What is plainly no document (a picture beside a
web page, a table of annotations) is passed over and counted; what might be one and cannot be read
(``report.pdf``) is a failure with a reason, for a reader would otherwise think it was in the graph.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Suffixes of files that accompany texts and are none.
NO_DOCUMENT = frozenset({
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".bmp", ".tif", ".tiff", ".avif",
    ".mp3", ".mp4", ".webm", ".mov", ".wav", ".ogg", ".css", ".js", ".mjs", ".ts", ".map",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".py", ".sh", ".toml", ".cfg", ".ini", ".lock",
    ".log", ".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xls",
    ".ods", ".sqlite", ".db", ".parquet", ".bib", ".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl",
    ".rq", ".jsonld", ".zip", ".gz", ".bz2", ".xz", ".zst", ".tar", ".7z",
})  # fmt: skip
#: Files that tell about the folder they lie in, by custom, in any case and language.
ABOUT_FOLDER = re.compile(
    r"(?:readme|licen[cs]e|copying|change-?log|contributing|code[-_]of[-_]conduct)"
    r"(?:[-_.][a-z0-9]{1,10}){0,2}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read: one line of ``failures.jsonl``."""

    path: str
    place: str | None
    problem: str

    def to_json(self) -> dict[str, str | None]:
        return {"path": self.path, "place": self.place, "problem": self.problem}


def sort_failures(failures: Iterable[Failure]) -> list[Failure]:
    """Return failures in the order in which they are written."""
    return sorted(
        failures, key=lambda failure: (failure.path, failure.place or "", failure.problem)
    )


@dataclass(slots=True)
class Sources:
    """What the walk found: paths as the user would write them, each list sorted."""

    documents: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # no documents, or excluded
    about: list[str] = field(default_factory=list)  # those skipped that tell about their folder
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Filter:
    """What to pass over and what to refuse."""

    is_supported: Callable[[Path], bool]
    max_bytes: int
    exclude: Sequence[str] = ()  # glob patterns over the path or the name
    leave_out: frozenset[str] = frozenset()  # resolved folders never entered (the output itself)
    include_all: bool = False  # whether files about a folder are documents too

    def excludes(self, path: str) -> bool:
        """Whether a pattern fits the path or the end of it."""
        return any(
            fnmatch.fnmatch(path, pattern) or fnmatch.fnmatch(path, f"*/{pattern}")
            for pattern in self.exclude
        )


def find_sources(paths: Iterable[str | Path], rules: Filter) -> Sources:
    """List the documents under `paths`, in the order of their names whatever the order given.

    A file named by the user is always tried; one met in a folder is passed over when it is hidden,
    excluded, plainly no document, or about the folder (``README.md``). Links are followed unless they lead back to a folder that is
    being walked.
    """
    found = Sources()
    documents: set[str] = set()
    skipped: set[str] = set()
    about: set[str] = set()
    failures: set[Failure] = set()
    for given in sorted({os.path.normpath(path) for path in paths}):
        for path, named in _walk(given, rules, failures):
            if not named and (rules.excludes(path) or _is_no_document(path, rules)):
                skipped.add(path)
                continue
            if not named and not rules.include_all and _is_about_folder(path):
                about.add(path)
                continue
            problem = _refuse(path, rules)
            if problem is None:
                documents.add(path)
            else:
                failures.add(Failure(path, None, problem))
    found.documents = sorted(documents)
    found.about = sorted(about - documents)
    found.skipped = sorted((skipped | about) - documents)
    found.failures = sort_failures(failures)
    return found


def _walk(given: str, rules: Filter, failures: set[Failure]) -> Iterator[tuple[str, bool]]:
    """Yield every file under one path; the flag says that the user named it."""
    if not os.path.isdir(given):
        yield given.replace(os.sep, "/"), True
        return
    stack: list[tuple[str, tuple[tuple[int, int], ...]]] = [(given, ())]
    while stack:
        folder, above = stack.pop()
        shown = folder.replace(os.sep, "/")
        try:
            status = os.stat(folder)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            failures.add(Failure(shown, None, _say(error)))
            continue
        here = (status.st_dev, status.st_ino)
        if here in above:
            failures.add(Failure(shown, None, "link leads back to a folder that contains it"))
            continue
        if os.path.realpath(folder) in rules.leave_out or _is_output(entries):
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = os.path.join(folder, entry.name) if folder != "." else entry.name
            if _is_folder(entry):
                if not rules.excludes(path):
                    stack.append((path, (*above, here)))
            else:
                yield path.replace(os.sep, "/"), False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: reported when it is opened
        return False


def _is_output(entries: list[os.DirEntry[str]]) -> bool:
    """Whether a folder is what an earlier build wrote: its graph is no source text."""
    return {"manifest.json", "records.jsonl", "failures.jsonl"} <= {entry.name for entry in entries}


def _is_no_document(path: str, rules: Filter) -> bool:
    suffix = os.path.splitext(path)[1].lower()
    return suffix in NO_DOCUMENT and not rules.is_supported(Path(path))


def _is_about_folder(path: str) -> bool:
    return ABOUT_FOLDER.fullmatch(os.path.basename(path)) is not None


def _refuse(path: str, rules: Filter) -> str | None:
    """Say why a file is not even opened, or ``None``."""
    try:
        path.encode()
        status = os.stat(path)
    except UnicodeEncodeError:
        return "the file's name is no valid UTF-8: rename it"
    except OSError as error:
        return _say(error)
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    if status.st_size > rules.max_bytes:
        return (
            f"{status.st_size / 1e6:,.1f} MB is more than the limit of {rules.max_bytes / 1e6:g} MB"
            " (--max-mb)"
        )
    if not rules.is_supported(Path(path)):
        suffix = os.path.splitext(path)[1] or "no suffix"
        return f"format not supported ({suffix}): convert it to Markdown, plain text or HTML"
    return None


def _say(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file: it has vanished, or it is a link to nowhere"
    return f"cannot be opened: {(error.strerror or str(error)).lower()}"
