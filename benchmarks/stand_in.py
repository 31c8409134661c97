"""Stands in for reading and extraction, so that what surrounds them shows: each text is a record made before.

``write_records`` multiplies the records of a build into a corpus of as many as asked for; a copy is another
study (other numbers, titles and identifiers) about the same interventions and outcomes. A worker gives
each back as the record of its file, so that all a build does but reading is done at the size of real records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from kg.sources import Source

FACTORY = "benchmarks.stand_in:make_processor"
_NUMBERS = ("value", "ci_low", "ci_high", "sd", "se")
_COUNTS = ("n", "events", "total")


def make_processor(model: str | None) -> Callable[[Source], str]:
    """Return the function that gives back the record that a source holds."""

    def process(source: Source) -> str:
        record = json.loads(source.load())
        digest = source.sha256()
        record["document"] |= {"path": source.path, "sha256": digest, "id": f"doc-{digest[:26]}"}
        return json.dumps(record, ensure_ascii=False)

    return process


def write_records(records: Path, folder: Path, number: int) -> list[Path]:
    """Write `number` files that :func:`make_processor` reads, from a ``records.jsonl``."""
    folder.mkdir()
    files = []
    for index, record in enumerate(islice(_copies(records), number)):
        files.append(folder / f"{index:06}.txt")
        files[-1].write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return files


def _copies(records: Path) -> Iterator[dict[str, Any]]:
    copy = 0
    while True:
        with records.open(encoding="utf-8") as lines:
            for line in lines:
                yield altered(json.loads(line), copy)
        copy += 1


def altered(record: dict[str, Any], copy: int) -> dict[str, Any]:
    """Return a record as another study would have it; the first copy is as it is."""
    if not copy:
        return record
    for item in (record["document"], *record["studies"]):
        for name, text in (("doi", ".{}"), ("pmid", "{}"), ("title", " ({})")):
            if item.get(name):
                item[name] += text.format(copy)
        item["registry_ids"] = []
    for study in record["studies"]:
        if study["n_participants"]:
            study["n_participants"] += copy
        for effect in study["effects"]:
            effect.update(
                {k: round(effect[k] * (1 + copy / 997), 6) for k in _NUMBERS if effect[k]}
            )
            effect.update({k: effect[k] + copy for k in _COUNTS if effect[k]})
    return record
