"""The commands of the README, run as they stand there, beside the output that it shows.

``python -m tests.readme`` prints what has changed; ``python -m tests.readme --accept`` writes what
the commands print now into the README. An id in a command that is no longer there is replaced by
the first of its kind that the commands before it printed.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
README = REPOSITORY / "README.md"
WIDTH = 100  # columns of what the README shows
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_ID = re.compile(r"\b([a-z]+)-[a-z2-7]{12,26}\b")
_SECONDS = re.compile(r"\b\d+(?:\.\d+)? s\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A command of the README and what is shown under it."""

    command: str
    output: str

    def __str__(self) -> str:
        return f"$ {self.command}\n{self.output}"


def find_examples(text: str) -> list[list[Example]]:
    """Return the examples of each console block."""
    return [list(_parse(match[1])) for match in _BLOCK.finditer(text)]


def _parse(block: str) -> Iterator[Example]:
    for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = piece.partition("\n")
        yield Example(command, output)


def same(one: str, other: str) -> bool:
    """Whether two outputs are one, but for seconds and blank lines at the end."""
    return _SECONDS.sub("… s", one).rstrip() == _SECONDS.sub("… s", other).rstrip()


class Place:
    """A folder like a fresh checkout after ``make run``, where the commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(REPOSITORY / "corpus", folder / "corpus")
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy(REPOSITORY / name, folder / name)
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        program = programs / "kg"
        program.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -c "from kg.cli import main; main()" "$@"\n'
        )
        program.chmod(0o755)
        (folder / ".venv" / ".ready").touch()
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "COLUMNS": str(WIDTH),
            "OMP_NUM_THREADS": "1",
            "MAKEFLAGS": "",
        }
        self.environment.pop("MAKELEVEL", None)

    def run(self, command: str) -> tuple[str, int]:
        """Return what a command prints, both streams in their order, and its exit code."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines()), done.returncode


def run_anew(text: str, place: Place) -> str:
    """Return the README with what its commands print now."""
    printed = ""

    def renew(match: re.Match[str]) -> str:
        nonlocal printed
        examples = []
        for example in _parse(match[1]):
            command = _renew_ids(example.command, printed)
            output, code = place.run(command)
            if code:
                raise SystemExit(f"$ {command}\n{output}exit code {code}")
            printed += output
            kept = same(output, example.output)
            examples.append(
                replace(example, command=command, output=example.output if kept else output)
            )
        return "```console\n" + "".join(map(str, examples)).rstrip("\n") + "\n```"

    return _BLOCK.sub(renew, text)


def _renew_ids(command: str, printed: str) -> str:
    def living(found: re.Match[str]) -> str:
        if found[0] in printed:
            return found[0]
        others = (other[0] for other in _ID.finditer(printed) if other[1] == found[1])
        return next(others, found[0])

    return _ID.sub(living, command)


def main() -> int:
    """Print the difference; accept it if asked to."""
    before = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        now = run_anew(before, Place(Path(folder)))
    lines = (before.splitlines(keepends=True), now.splitlines(keepends=True))
    sys.stdout.writelines(difflib.unified_diff(*lines, "README.md", "now", n=0))
    if "--accept" in sys.argv:
        README.write_text(now, encoding="utf-8")
    return int(before != now and "--accept" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
