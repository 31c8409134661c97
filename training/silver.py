"""Reading the silver annotation: documents annotated by one reader each, for training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.readers import read
from kg.text import Reading


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
