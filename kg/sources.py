"""Which documents a build reads: the walk over the given paths, and the documents in each file.

    paths → find_sources → files → expand → Source, one a document → a worker

A file may hold one document or a million (a set of PubMed articles, an archive); `expand` yields
them one by one, so that memory does not grow with them.

A folder that holds texts holds other things too. What is plainly no document (a picture beside a
web page, a table of annotations) is passed over and counted; what might be one and cannot be read
(``report.pdf``) is a failure with a reason, for a reader would otherwise think it was in the graph.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

#: The path that stands for standard input, and how its document is called.
STDIN = "-"
STDIN_NAME = "stdin"
#: Suffixes of files that accompany texts and are none, unless their content is a format that is read.
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


@dataclass(frozen=True, slots=True)
class Source:
    """One document to read: a file, or what a file holds of it.

    Parameters
    ----------
    path
        What the document is called in records: ``pages/a.md``, ``set.xml.gz#31415926``,
        ``trials.zip!/inner/b.txt``. No two sources of one build have the same.
    file
        The file that holds it, as the user would write it.
    format
        A name of :data:`kg.readers.formats.FORMATS`, or ``None``: told from the content.
    data
        The bytes of a member; ``None`` where the document is the whole file, read when asked for.
    """

    path: str
    file: str
    format: str | None = None
    data: bytes | None = None

    def load(self, size_limit: int | None = None) -> bytes:
        """Return the bytes of the document.

        Raises
        ------
        DocumentError
            If the file cannot be read, or is larger than `size_limit` (bytes).
        """
        if self.data is not None:
            return self.data
        from kg.readers.decode import SIZE_LIMIT, load_bytes

        return load_bytes(Path(self.file), SIZE_LIMIT if size_limit is None else size_limit)

    def sha256(self) -> str:
        """Return the hash of the document's bytes, hexadecimal; it becomes ``document.sha256``.

        Raises
        ------
        OSError
            If the file cannot be read.
        """
        if self.data is not None:
            return hashlib.sha256(self.data).hexdigest()
        with open(self.file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def expand(
    file: str, *, format: str | None = None, max_bytes: int, timeout_s: float = 120.0
) -> Iterator[Source | Failure]:
    """Yield the documents of one file in its order, and what of it cannot be read.

    Parameters
    ----------
    file
        Path of a file as :func:`find_sources` lists it, or ``-``.
    format
        Read as this format whatever the content says.
    max_bytes
        Largest document; in a container, of each.
    timeout_s
        Wall-clock seconds that finding each document of a container may take.
    """
    from kg.readers.formats import FORMATS, recognise_file
    from kg.readers.members import Refusal, split
    from kg.readers.timing import Timed

    wrapped = False
    if file != STDIN:
        outer = recognise_file(file, opened=False)
        wrapped = outer is not None and FORMATS[outer].kind in ("wrapper", "archive")
        found = format or outer
        if not wrapped and (found is None or FORMATS[found].kind == "document"):
            yield Source(file, file, format)
            return
    shown = STDIN_NAME if file == STDIN else file
    try:
        with _open(file) as stream:
            timed = Timed(stream, timeout_s)
            members = split(cast("BinaryIO", timed), shown, format=format, size_limit=max_bytes)
            for member in timed.watch(members):
                if isinstance(member, Refusal):
                    yield Failure(shown + member.name, member.place, member.problem)
                elif member.is_whole and file != STDIN:
                    yield Source(
                        file, file, format
                    )  # the file is the document: read by who needs it
                else:
                    yield Source(shown + member.name, shown, member.format, member.data)
    except OSError as error:
        yield Failure(shown, None, _say(error))
    except Exception as error:  # no file stops a build, not by a fault of ours either
        text = " ".join(str(error).split())[:300]
        problem = f"internal error, please report it: {type(error).__name__}: {text}"
        yield Failure(shown, None, problem)


def _open(file: str) -> BinaryIO:
    return open(_keep_stdin() if file == STDIN else file, "rb")


@cache
def _keep_stdin() -> str:
    """Keep standard input in a temporary file, for it can be read but once; return its path."""
    kept = tempfile.NamedTemporaryFile(prefix="clinev-stdin-")  # noqa: SIM115
    _KEPT.append(cast("BinaryIO", kept))
    shutil.copyfileobj(sys.stdin.buffer, kept)
    kept.flush()
    return kept.name


_KEPT: list[BinaryIO] = []  # removed when the process ends


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

    recognise: Callable[
        [str], str | None
    ]  # path → name of a format, None if it is none that is read
    holds_many: Callable[[str], bool]  # whether a format's files are containers
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
        if given == STDIN:
            documents.add(STDIN)
            continue
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
    return suffix in NO_DOCUMENT and rules.recognise(path) is None


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
    found = rules.recognise(path)
    if status.st_size > rules.max_bytes and not (found and rules.holds_many(found)):
        return (
            f"{status.st_size / 1e6:,.1f} MB is more than the limit of {rules.max_bytes / 1e6:g} MB"
            " (--max-mb)"
        )
    if found is None:
        suffix = os.path.splitext(path)[1] or "no suffix"
        return (
            f"format not recognised ({suffix}): name it with --format, or convert it to plain text"
        )
    return None


def _say(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file: it has vanished, or it is a link to nowhere"
    return f"cannot be opened: {(error.strerror or str(error)).lower()}"
