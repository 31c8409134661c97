"""What was sent to a store before: beside OUT, one line a request, so that a cut push goes on.

``.OUT.pushed/<host>-<hash of the address>.jsonl`` holds the name of each graph with the digest that the
store confirmed, and last which build the store holds as a whole. A graph is noted without digest before it is sent: whatever happens then, the next
push sends it again, and it is deleted when its document goes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from kg.errors import BuildError


def ledger_path(out: Path, url: str) -> Path:
    """Return where the ledger of an output folder and a store lies."""
    real = Path(os.path.realpath(out))
    host = re.sub(r"[^A-Za-z0-9.]+", "-", urlsplit(url).netloc) or "store"
    digest = hashlib.sha256(url.encode()).hexdigest()[:10]
    return real.parent / f".{real.name}.pushed" / f"{host}-{digest}.jsonl"


class Ledger:
    """The graphs that a store was sent, locked against a second push; a context manager.

    Parameters
    ----------
    path
        The file; it need not exist. ``None`` keeps nothing.

    Raises
    ------
    BuildError
        If another push is writing to it, or it cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._known: dict[str, str] = {}
        #: Digest of the build that the store holds, whole and nothing else; ``None`` if it is not known to.
        self.build: str | None = None
        self._file: IO[str] | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(f"{path}: another kg push to this store is running") from error
        except OSError as error:
            raise BuildError(f"{path}: {(error.strerror or str(error)).lower()}") from error
        self._read()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *told: object) -> None:
        if self._file is not None:
            self._file.close()

    def digest(self, graph: str) -> str | None:
        """Return the digest that the store confirmed, ``None`` where it confirmed none."""
        return self._known.get(graph) or None

    def graphs(self) -> list[str]:
        """List the graphs that the store may hold, sorted."""
        return sorted(self._known)

    def begin(self, graph: str) -> None:
        """Note that a graph is about to be sent."""
        self._write(graph, "")

    def confirm(self, graph: str, digest: str) -> None:
        """Note that the store has taken a graph."""
        self._write(graph, digest)

    def forget(self, graph: str) -> None:
        """Note that the store holds a graph no more."""
        self._write(graph, None)

    def finish(self, build: str) -> None:
        """Note that the store holds a build, whole and nothing else."""
        if build != self.build:
            self.build = build
            self._append({"build": build})

    def doubt(self) -> None:
        """Take no graph for granted: all will be sent again."""
        self.build = None
        for graph in self.graphs():
            self._write(graph, "")

    def _read(self) -> None:
        assert self._file is not None
        self._file.seek(0)
        lines = 0
        for line in self._file:
            lines += 1
            try:
                told = json.loads(line)
                if isinstance(told, dict):
                    self.build = told.get("build")
                    continue
                graph, digest = told
            except (ValueError, TypeError):  # the line that a kill cut short
                continue
            self._note(graph, digest)
        if lines > 2 * len(self._known) + 1000:
            self._compact()
        elif lines:
            self._file.write("\n")  # whatever a kill left of the last line ends here

    def _compact(self) -> None:
        """Write what is known anew; the lock stays on the file, so its content is replaced."""
        assert self._file is not None
        assert self.path is not None
        text = "".join(json.dumps([g, d]) + "\n" for g, d in sorted(self._known.items()))
        text += json.dumps({"build": self.build}) + "\n" if self.build else ""
        spare = self.path.with_suffix(".new")
        spare.write_text(text, encoding="utf-8")
        with spare.open(encoding="utf-8") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
        os.replace(spare, self.path)
        old, self._file = self._file, self.path.open("a+", encoding="utf-8")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        old.close()

    def _note(self, graph: str, digest: str | None) -> None:
        self.build = None
        if digest is None:
            self._known.pop(graph, None)
        else:
            self._known[graph] = digest

    def _write(self, graph: str, digest: str | None) -> None:
        self._note(graph, digest)
        self._append([graph, digest])

    def _append(self, told: object) -> None:
        if self._file is not None:
            self._file.write(json.dumps(told) + "\n")
            self._file.flush()
