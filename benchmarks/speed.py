"""What reading a page costs beside spaCy's own pipelines, on the same texts, in one run.

    python -m benchmarks.speed [FOLDER] [--model NAME] [--write]

``FOLDER`` defaults to the sample corpus. Each page goes through the readings in turn, so that
whatever else the machine does falls on all of them; the times are those of one thread. ``--model``
names a trained spaCy pipeline to measure beside ours, if it is installed. ``--write`` puts the table
into docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from benchmarks.report import REPOSITORY, put, to_markdown
from kg.errors import KgError
from kg.extract import make_extractor
from kg.readers import SUPPORTED, read
from kg.text import Reading

ROUNDS = 3
Step = Callable[[Path, Reading], object]


def steps(model: str) -> dict[str, Step]:
    """Return what is measured: name → work on one page."""
    bare = spacy.blank("en")
    bare.add_pipe("sentencizer")
    extract = make_extractor(None)
    found: dict[str, Step] = {
        "spaCy: tokens and sentences alone": lambda path, reading: bare(reading.document.text),
    }
    if importlib.util.find_spec(model):
        trained = spacy.load(model)
        found[f"spaCy: {model}"] = lambda path, reading: trained(reading.document.text)
    found["clinev: file to Reading"] = lambda path, reading: read(path)
    found["clinev: file to Record"] = lambda path, reading: extract(read(path))
    return found


def find_pages(folder: Path) -> list[tuple[Path, Reading]]:
    """Return the pages of a folder that can be read, with their readings."""
    pages = []
    for path in sorted(folder.iterdir()):
        if path.suffix in SUPPORTED and path.name != "README.md":
            try:
                pages.append((path, read(path)))
            except KgError:
                continue
    return pages


def measure(pages: list[tuple[Path, Reading]], model: str) -> dict[str, list[float]]:
    """Return for each step the seconds of each page: the least of some rounds."""
    work = steps(model)
    least: dict[str, list[float]] = {name: [float("inf")] * len(pages) for name in work}
    for _ in range(ROUNDS):
        for index, (path, reading) in enumerate(pages):
            for name, step in work.items():
                start = time.perf_counter()
                step(path, reading)
                spent = time.perf_counter() - start
                least[name][index] = min(least[name][index], spent)
    return least


def main() -> int:
    """Print the table; put it into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=REPOSITORY / "corpus")
    parser.add_argument("--model", default="en_core_web_sm")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pages = find_pages(options.folder)
    if not pages:
        print(f"no page to read in {options.folder}", file=sys.stderr)
        return 2
    times = measure(pages, options.model)
    characters = sum(len(reading.document.text) for _, reading in pages)
    base = sum(next(iter(times.values())))
    rows = [
        [
            name,
            f"{1e3 * statistics.median(spent):.1f}",
            f"{sum(spent):.2f}",
            f"{characters / 1e3 / sum(spent):.0f}",
            f"{sum(spent) / base:.1f}",
        ]
        for name, spent in times.items()
    ]
    columns = ("", "ms a page, median", "s, all pages", "thousand characters a second", "ratio")
    found = to_markdown(columns, rows)
    print(f"{len(pages)} pages, {characters} characters\n\n{found}")
    if options.write:
        said = f"{len(pages)} pages, {characters:,} characters.\n\n{found}"
        put(REPOSITORY / "docs" / "performance.md", "speed", said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
