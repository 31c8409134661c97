"""``manifest.json``: a head, then one document a line, so that neither reading nor writing holds them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
_DOCUMENTS = ' "documents": ['
Entry = dict[str, Any]


def write_manifest(file: Path, head: dict[str, Any], documents: Iterable[Entry]) -> None:
    """Write a manifest; `head` must not be empty."""
    with file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}"))
        stream.write(f",\n{_DOCUMENTS}")
        separator = "\n"
        for entry in documents:
            stream.write(f"{separator}  {json.dumps(entry, ensure_ascii=False)}")
            separator = ",\n"
        stream.write("\n ]\n}\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an output, ``{}`` where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_head(folder: Path) -> dict[str, Any]:
    """Return a manifest without its documents, ``{}`` where there is none that can be read."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8") as stream:
            return _read_head(stream)
    except (OSError, ValueError):
        return {}


def read_entries(folder: Path) -> Iterator[Entry]:
    """Yield what a manifest says of each document, in its order; nothing where it cannot be read."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8") as stream:
            if not _read_head(stream):
                return
            for line in stream:
                if line == " ]\n":
                    return
                entry = json.loads(line.strip().removesuffix(","))
                if isinstance(entry, dict):
                    yield entry
    except (OSError, ValueError):
        return


def _read_head(stream: IO[str]) -> dict[str, Any]:
    lines: list[str] = []
    for line in stream:
        if line.rstrip() == _DOCUMENTS:
            text = "".join(lines).rstrip().removesuffix(",") + "}"
            found = json.loads(text)
            return found if isinstance(found, dict) else {}
        lines.append(line)
    return {}
