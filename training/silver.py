"""Reading the silver annotation: documents annotated by one reader each, for training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.readers import read
from kg.text import Reading

#: A document whose name's SHA-256 starts with a byte below this is measured, never trained on.
DEV_BELOW = 51


def is_dev(name: str) -> bool:
    """Whether a document belongs to the development set."""
    return hashlib.sha256(name.encode()).digest()[0] < DEV_BELOW


def single_studies(silver: Path) -> Iterator[tuple[str, Reading, dict[str, Any]]]:
    """Yield name, reading and annotated study of the documents that report one study.

    `silver` is the folder with ``annotations-*.jsonl`` and ``docs/``.
    """
    for path in sorted(silver.glob("annotations-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if len(document["studies"]) == 1:
                yield (
                    document["doc"],
                    read(silver / "docs" / document["doc"]),
                    document["studies"][0],
                )
