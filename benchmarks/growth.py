"""What a build costs as a corpus grows, changes or stays as it is.

    python -m benchmarks.growth memory [OUT] [--documents 1000 20000]
    python -m benchmarks.growth rebuild FOLDER|OUT [--model fast] [--limit N] [--keep FOLDER]
    python -m benchmarks.growth processes FOLDER [--model fast] [--limit N] [--rounds N]

``memory`` builds corpora of texts with as many results as make the triples of an abstract (some 450), whose extraction
is a stand-in that costs nothing (the one of the tests), and compares the largest resident size of all processes together. ``rebuild`` builds a
folder, builds it again, and again after one document has changed, was removed, came back. With ``OUT``, the
output of a build, both take its records, multiplied, instead of reading (:mod:`benchmarks.stand_in`).
With ``--keep``, corpus, output and the cost of the first build stay in a folder, and a later run takes them from there.
``processes`` builds a folder with one process and with two, in turn, and takes the best of the rounds.
Times are of the wall, and processor time stands beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from benchmarks import stand_in
from benchmarks.report import REPOSITORY, to_markdown
from kg.output import RECORDS

LARGEST_GROWTH = 1.2
_RESULTS = 18  # of a text whose extraction is a stand-in
_BUILD = """
import json, resource, sys, time
from pathlib import Path
from kg.build import BuildOptions, build
told = json.loads(sys.argv[1])
start, before = time.perf_counter(), time.process_time()
report = build([told["folder"]], Path(told["out"]), BuildOptions(**told["options"]), factory=told["factory"])
seconds = time.perf_counter() - start
mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
unit = 2**20 if sys.platform == "darwin" else 2**10
print(json.dumps({
    "seconds": seconds, "processor": time.process_time() - before + theirs.ru_utime + theirs.ru_stime,
    "own": time.process_time() - before, "parent": mine.ru_maxrss / unit, "child": theirs.ru_maxrss / unit, "documents": report.documents,
    "read": report.read, "up_to_date": report.up_to_date,
}))
"""
_OWN_FACTORY = "kg.workers:make_processor"
_STAND_IN = "tests.fake_extraction:make_processor"


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a build: seconds of the wall, processor seconds, largest MiB of parent and a child.

    ``own`` are the processor seconds of the main process, among those of all.
    """

    seconds: float
    processor: float
    own: float
    parent: float
    child: float
    documents: int
    read: int
    up_to_date: bool


def run_build(
    folder: Path, out: Path, factory: str = _OWN_FACTORY, jobs: int = 1, model: str | None = None
) -> Cost:
    """Build a folder in a process of its own."""
    told = {
        "folder": str(folder), "out": str(out), "factory": factory,
        "options": {"jobs": jobs, "model": model, "format": None if factory == _OWN_FACTORY else "text"},
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, json.dumps(told)],
        capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return Cost(**json.loads(done.stdout))


def measure_memory(numbers: Sequence[int], out: Path | None = None) -> tuple[str, float]:
    """Return a table, and how many times the memory of the smallest corpus the largest takes.

    Parameters
    ----------
    numbers
        Of documents.
    out
        The output of a build, whose records are multiplied; ``None`` for short ones.
    """
    rows, sizes = [], []
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "corpus"
            if out is None:
                _write_texts(folder, number)
            else:
                stand_in.write_records(out / RECORDS, folder, number)
            factory = _STAND_IN if out is None else stand_in.FACTORY
            cost = run_build(folder, Path(name) / "out", factory)
            triples = _size(Path(name) / "out" / "triples.nt")
        sizes.append(cost.parent + cost.child)
        rows.append(
            [f"{number:,}", f"{triples / 1e6:.1f}", f"{cost.parent:.0f}", f"{cost.child:.0f}",
             f"{sizes[-1]:.0f}", f"{sizes[-1] / sizes[0]:.2f}"]
        )  # fmt: skip
    columns = ("documents", "MB of triples", "parent, MiB", "worker, MiB", "together", "ratio")
    return to_markdown(columns, rows), sizes[-1] / sizes[0]


def _write_texts(folder: Path, number: int) -> None:
    folder.mkdir()
    for index in range(number):
        ratios = (
            f"RR {(index * _RESULTS + result) % 197 / 100 + 0.1:.2f}" for result in range(_RESULTS)
        )
        (folder / f"{index:06}.txt").write_text(f"Trial {index}: {', '.join(ratios)}.\n")


def measure_rebuild(source: Path, model: str | None, limit: int, keep: Path | None = None) -> str:
    """Return a table of what a second build costs beside the first.

    Parameters
    ----------
    keep
        Where corpus and output shall stay, with what the first build cost; a build that is there is not done again.
    """
    with contextlib.ExitStack() as opened:
        place = keep or Path(opened.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(exist_ok=True)
        folder, out = place / "corpus", place / "out"
        made = (source / RECORDS).is_file()
        factory = stand_in.FACTORY if made else _OWN_FACTORY
        if folder.exists():
            texts = sorted(folder.iterdir())
        elif made:
            texts = stand_in.write_records(source / RECORDS, folder, limit)
        else:
            texts = copy_corpus(source, folder, limit)
        changed = texts[len(texts) // 2]
        whole = changed.read_text(encoding="utf-8")

        def change() -> None:
            other = (
                json.dumps(stand_in.altered(json.loads(whole), 990))
                if made
                else whole + "\nMortality was lower (RR 0.71, 95% CI 0.60 to 0.84).\n"
            )
            changed.write_text(other, encoding="utf-8")

        steps: list[tuple[str, Callable[[], object]]] = [
            ("first build", lambda: None), ("nothing changed", lambda: None), ("one changed", change),
            ("one removed", changed.unlink), ("one came back", lambda: changed.write_text(whole)),
        ]  # fmt: skip
        rows = []
        first: Cost | None = None
        for label, step in steps:
            step()
            if first is None:
                cost = first = _first_build(place / "first.json", folder, out, factory, model)
            else:
                cost = run_build(folder, out, factory, model=model)
            rows.append(
                [label, f"{cost.read:,}", f"{cost.seconds:.2f}", f"{cost.processor:.2f}",
                 f"{cost.seconds / first.seconds:.1%}", f"{cost.processor / first.processor:.1%}"]
            )  # fmt: skip
        fresh = place / "fresh"
        run_build(folder, fresh, factory, model=model) if limit <= 100 else None
        if fresh.exists():
            for file in ("records.jsonl", "triples.nt", "identities.txt", "graph.ttl"):
                assert (out / file).read_bytes() == (fresh / file).read_bytes(), file
    columns = ("build", "read", "s", "processor, s", "of the first", "processor, of the first")
    return f"{len(texts):,} documents.\n\n{to_markdown(columns, rows)}"


def _first_build(told: Path, folder: Path, out: Path, factory: str, model: str | None) -> Cost:
    """Build, and write down what it cost, unless that was done before."""
    if not told.exists():
        told.write_text(json.dumps(asdict(run_build(folder, out, factory, model=model))))
    return Cost(**json.loads(told.read_text()))


def measure_processes(source: Path, model: str | None, limit: int, rounds: int = 1) -> str:
    """Return a table of builds with one process and with two, in turn; the best of each counts.

    The last column holds what the processor times allow where a core is free for each: what the main
    process takes, and of what the workers take (the start of each is in it) the share of one.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        number = len(copy_corpus(source, folder, limit))
        runs: dict[int, list[Cost]] = {1: [], 2: []}
        for index in range(rounds):
            for jobs, costs in runs.items():
                costs.append(
                    run_build(folder, Path(name) / f"{index}-{jobs}", model=model, jobs=jobs)
                )
    best = {jobs: min(cost.seconds for cost in costs) for jobs, costs in runs.items()}
    least = {jobs: min(costs, key=lambda cost: cost.processor) for jobs, costs in runs.items()}
    path = {jobs: cost.own + (cost.processor - cost.own) / jobs for jobs, cost in least.items()}
    rows = [
        [str(jobs), f"{best[jobs]:.1f}", f"{best[1] / best[jobs]:.2f}", f"{least[jobs].own:.1f}",
         f"{least[jobs].processor - least[jobs].own:.1f}", f"{path[1] / path[jobs]:.2f}"]
        for jobs in runs
    ]  # fmt: skip
    columns = (
        "processes", "s", "times one", "processor, s: main", "workers", "times one, by processor",
    )  # fmt: skip
    return f"{number:,} documents, {rounds} rounds.\n\n{to_markdown(columns, rows)}"


def copy_corpus(source: Path, folder: Path, limit: int) -> list[Path]:
    """Copy the first files of a folder, or the texts of a JSON Lines file's first lines."""
    folder.mkdir()
    if source.is_dir():
        for file in sorted(path for path in source.iterdir() if path.is_file())[:limit]:
            shutil.copy(file, folder)
    else:
        with open_text(source) as lines:
            for _, line in zip(range(limit), lines, strict=False):
                told = json.loads(line)
                (folder / f"{told['id']}.txt").write_text(told["text"], encoding="utf-8")
    return sorted(folder.iterdir())


def open_text(file: Path) -> IO[str]:
    """Open a text file, compressed or not."""
    return cast("IO[str]", gzip.open(file, "rt") if file.suffix == ".gz" else file.open())


def _size(file: Path) -> int:
    return file.stat().st_size


def main() -> int:
    """Print one of the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["memory", "rebuild", "processes"])
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--model", default="fast")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.what == "memory":
        table, growth = measure_memory(options.documents, options.source)
        print(table)
        return int(growth > LARGEST_GROWTH)
    source = options.source or REPOSITORY / "corpus"
    if options.what == "rebuild":
        print(measure_rebuild(source, options.model, options.limit, options.keep))
    else:
        print(measure_processes(source, options.model, options.limit, options.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
