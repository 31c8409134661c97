"""How many numbers of our own readings the grammar reads, and how much of the made-up web pages among them is read right.

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m benchmarks.readings FOLDER [--pages]

FOLDER holds the texts and what careful readers wrote down of them (``training/readings.py``): abstracts, excerpts of articles and
pages of a health site that were made up for it, all of training parts. A number is read when a statistic within its quote has its
value; whether it is linked right is not asked. ``--pages`` builds the 112 made-up pages that the hash of held-out names leaves and prints the figures of ``kg evaluate``.
Nothing of the encoder in use was learnt from the excerpts and pages; rules were written while misses of every second text were read.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.plain import FIGURES
from benchmarks.report import to_markdown
from kg.build import BuildOptions, build
from kg.evaluation import evaluate_pages
from kg.numbers import read_numbers
from kg.output import read_lines
from training.splits import is_dev

Annotation = dict[str, Any]
#: Names of the made-up pages.
_PAGE = re.compile(r"p\d+-\d+\.md")


def read_annotations(folder: Path) -> dict[str, list[Annotation]]:
    """Return the annotations of each document, held-out silver documents left out."""
    found: dict[str, list[Annotation]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if not is_dev(item["doc"]):
                found[item["doc"]].append(item)
    return dict(sorted(found.items()))


def quoted(text: str, items: list[Annotation]) -> Iterator[tuple[int, int, float]]:
    """Yield place of the quote and value of each annotated number."""
    for effect in (e for item in items for s in item["studies"] for e in s["effects"]):
        start = text.find(effect["quote"]) if effect.get("quote") else -1
        if effect.get("value") is not None and start >= 0:
            yield start, start + len(effect["quote"]), abs(effect["value"])


def count(folder: Path) -> dict[str, tuple[int, int]]:
    """Return how many annotated numbers are read, and how many there are, of every second text and of the others."""
    found = {"texts whose misses were read": [0, 0], "the others": [0, 0]}
    for n, (name, items) in enumerate(read_annotations(folder).items()):
        path = folder / "docs" / name
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        read = [
            (s.value_start, abs(s.value))
            for s in read_numbers(text).statistics
            if s.value is not None and s.value_start is not None
        ]
        part = found["the others" if n % 2 else "texts whose misses were read"]
        for start, end, value in quoted(text, items):
            part[0] += any(start <= at < end and math.isclose(value, own) for at, own in read)
            part[1] += 1
    return {name: (hit, every) for name, (hit, every) in found.items()}


def measure_pages(folder: Path) -> Annotation:
    """Build the made-up pages and return the figures of `kg evaluate`."""
    found = read_annotations(folder)
    gold = [item for name, items in found.items() if _PAGE.fullmatch(name) for item in items]
    with tempfile.TemporaryDirectory() as room:
        pages = [folder / "docs" / item["doc"] for item in gold]
        report = build(pages, Path(room) / "out", BuildOptions())
        return evaluate_pages(gold, map(json.loads, read_lines(report.out)), "pages").to_json()


def main() -> None:
    """Print the shares as tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", action="store_true", help="build the made-up pages as well")
    options = parser.parse_args()
    rows = [
        [name, f"{hit / every:.3f}", f"{hit}/{every}"]
        for name, (hit, every) in count(options.folder).items()
    ]
    print(to_markdown(("numbers read", "share", "counts"), rows))
    if options.pages:
        found = measure_pages(options.folder)
        told = [[n, "" if found[n] is None else f"{found[n]:.3f}"] for n in FIGURES]
        print(to_markdown(("made-up pages", f"{found['docs']} pages"), told))


if __name__ == "__main__":
    main()
