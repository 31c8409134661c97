"""All that is measured of size, in one run: memory, rebuilds, processes, writing and asking graphs, starting.

    python -m benchmarks.scale [SOURCE] [--limit N] [--documents N N] [--triples N] [--write]

``SOURCE`` is a folder or a JSON Lines file of texts for the builds that read for real (default: the sample
corpus). ``--write`` puts the tables into docs/performance.md. Full size takes hours of one core; the
defaults are sizes at which the ratios show, and each part can be run alone (benchmarks/growth.py, graphs.py).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.graphs import LARGEST_WRITING, LEAST_ASKING, measure_asking, measure_writing
from benchmarks.growth import (
    LARGEST_GROWTH,
    measure_memory,
    measure_processes,
    measure_rebuild,
    run_build,
)
from benchmarks.report import REPOSITORY, put, to_markdown
from kg.output import TRIPLES


def measure_start(rounds: int = 3) -> str:
    """Return a table of what building one short text costs, all in a new process."""
    with tempfile.TemporaryDirectory() as name:
        text = Path(name) / "corpus"
        text.mkdir()
        (text / "one.txt").write_text("Mortality was lower (RR 0.71, 95% CI 0.60 to 0.84).")
        rows = []
        for label, model in (("default", None), ("fast", "fast")):
            costs = [
                run_build(text, Path(name) / f"{label}{index}", model=model)
                for index in range(rounds)
            ]
            best = min(costs, key=lambda cost: cost.processor)
            rows.append([label, f"{best.seconds:.1f}", f"{best.processor:.1f}"])
    return to_markdown(("", "s", "processor, s"), rows)


def main() -> int:
    """Print and write the tables; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", default=REPOSITORY / "corpus")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 4_000])
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--model", default="fast")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    missed = []

    def tell(place: str, text: str) -> None:
        print(f"## {place}\n\n{text}\n", flush=True)
        if options.write:
            put(REPOSITORY / "docs" / "performance.md", place, text)

    table, growth = measure_memory(options.documents)
    tell("memory", table)
    missed += ["memory"] if growth > LARGEST_GROWTH else []
    tell("rebuild", measure_rebuild(options.source, options.model, options.limit))
    tell("processes", measure_processes(options.source, options.model, options.limit))
    tell("cold-start", measure_start())
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        run_build(REPOSITORY / "corpus", out, model="fast")
        table, ratio = measure_writing(out / TRIPLES, options.triples)
        tell("writing", table)
        missed += ["writing"] if ratio > LARGEST_WRITING else []
        table, ratio = measure_asking(out / TRIPLES, options.triples, alone=False, limit=60.0)
        tell("asking", table)
        missed += ["asking"] if ratio < LEAST_ASKING else []
    for place in missed:
        print(f"{place}: misses its limit", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
