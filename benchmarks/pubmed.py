"""What all of PubMed would take, from what some abstracts take here.

    python -m benchmarks.pubmed SOURCE [--limit N] [--model fast] [--price P] [--cores C]

Builds the first `limit` texts of SOURCE (a folder, or JSON Lines with ``id`` and ``text``) and half as many: the
difference is what a text costs, without what starting does. Prints processor time, time on so many cores,
cost at so much a core and hour, and the size of each file of the output, for all abstracts and for trials.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.growth import Cost, copy_corpus, run_build
from benchmarks.report import to_markdown

#: PubMed's citations, and those of publication type randomized controlled trial, in round numbers.
CORPORA = {"all of PubMed": 37_000_000, "randomized trials": 800_000}
FILES = ("records.jsonl", "triples.nt", "identities.txt", "graph.ttl", "store")


def measure(source: Path, limit: int, model: str | None) -> tuple[float, dict[str, float], float]:
    """Return, for each document, processor seconds, bytes of each file, and triples."""
    costs: list[Cost] = []
    sizes: list[dict[str, int]] = []
    triples: list[int] = []
    for number in (limit // 2, limit):
        with tempfile.TemporaryDirectory() as name:
            copy_corpus(source, Path(name) / "corpus", number)
            out = Path(name) / "out"
            costs.append(run_build(Path(name) / "corpus", out, model=model))
            sizes.append({file: _bytes(out / file) for file in FILES})
            with (out / "triples.nt").open("rb") as lines:
                triples.append(sum(1 for _ in lines))
    more = costs[1].documents - costs[0].documents
    processor = (costs[1].processor - costs[0].processor) / more
    grown = {file: (sizes[1][file] - sizes[0][file]) / more for file in FILES}
    return processor, grown, (triples[1] - triples[0]) / more


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir())
    return path.stat().st_size


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--model", default=None)
    parser.add_argument("--price", type=float, default=0.04, help="of a core for an hour")
    parser.add_argument("--cores", type=int, default=256)
    options = parser.parse_args()
    processor, sizes, triples = measure(options.source, options.limit, options.model)
    print(
        f"A text: {processor * 1e3:.0f} ms of one core, {triples:.0f} triples, "
        + ", ".join(f"{file} {size / 1e3:.1f} kB" for file, size in sizes.items())
        + ".\n"
    )
    rows = []
    for name, number in CORPORA.items():
        hours = processor * number / 3600
        rows.append(
            [f"{name} ({number / 1e6:g} M)", f"{hours:,.0f}", f"{hours / options.cores:.1f}",
             f"{hours * options.price:,.0f}", f"{triples * number / 1e9:.2f}",
             *(f"{size * number / 1e9:,.0f}" for size in sizes.values())]
        )  # fmt: skip
    columns = (
        "", "core hours", f"hours on {options.cores} cores", f"cost at {options.price:g}",
        "10⁹ triples", *(f"{file}, GB" for file in FILES),
    )  # fmt: skip
    print(to_markdown(columns, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
