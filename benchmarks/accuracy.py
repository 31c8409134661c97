"""How much of annotated pages is read right, as ``kg evaluate`` counts it.

    python -m benchmarks.accuracy [SHARED] [--write]

Builds each set of pages and prints one table: the sample corpus, and where ``SHARED`` is there the
four seed pages, the 18 annotated posts among 60, and the silver documents that no model has seen in
training. ``--write`` puts the tables into docs/accuracy.md and README.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import REPOSITORY, put, to_markdown
from kg.build import BuildOptions, build
from kg.evaluation import evaluate_pages
from kg.output import read_lines
from training.splits import is_dev

Json = dict[str, Any]

#: Figure of ``kg evaluate`` → what a reader calls it, whether the README has it too.
FIGURES = {
    "numbers_recall": ("numbers found, with interval", True),
    "numbers_precision_in_annotated_sentences": ("numbers claimed that are right", True),
    "p_recall_of_hit": ("p values, of numbers found", False),
    "measure_ok_of_hit": ("measure right, of numbers found", False),
    "outcome_ok_of_hit": ("outcome right, of numbers found", False),
    "intervention_ok_of_hit": ("intervention right, of numbers found", False),
    "direction_ok_of_hit": ("direction right, of numbers found", False),
    "full_recall": ("numbers found and fully linked", True),
    "direction_with_p_recall": ("results told by direction and p alone", False),
    "dose_recall": ("doses found", True),
    "dose_precision": ("doses claimed that are right", True),
    "dose_unit_ok": ("unit right, of doses found", False),
    "design_acc": ("study design right", True),
    "sample_size_acc": ("number of participants right", True),
    "doi_acc": ("DOI right", False),
    "population_n_recall": ("group sizes found", False),
}
COUNTS = ("docs", "effects_gold", "span_errors")


def find_sets(shared: Path, room: Path) -> Iterator[tuple[str, Path, list[Json]]]:
    """Yield each set's name, the folder to build and its gold; `room` is for what is put together."""
    yield "corpus", REPOSITORY / "corpus", read_gold(REPOSITORY / "corpus" / "gold" / "gold.jsonl")
    pages = shared / "corpora"
    for name, folder in (("seeds", "seeds"), ("posts", "vitamindwiki")):
        if (pages / folder).is_dir():
            yield name, pages / folder, read_gold(pages / folder / "gold.jsonl")
    silver = pages / "silver"
    if silver.is_dir():
        annotated = [
            page
            for file in sorted(silver.glob("annotations-*.jsonl"))
            for page in read_gold(file)
            if is_dev(page["doc"])
        ]
        for page in annotated:
            shutil.copy(silver / "docs" / page["doc"], room)
        yield "silver, held out", room, annotated


def read_gold(file: Path) -> list[Json]:
    """Return the annotated pages of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def measure(shared: Path) -> dict[str, Json]:
    """Return the figures of each set."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "documents"
        room.mkdir()
        for name, pages, gold in find_sets(shared, room):
            report = build([pages], Path(folder) / name.split(",")[0], BuildOptions())
            records = map(json.loads, read_lines(report.out))
            figures[name] = evaluate_pages(gold, records).to_json()
            print(f"{name}: {report.documents} documents", file=sys.stderr)
    return figures


def table(figures: dict[str, Json], *, short: bool) -> str:
    """Return the table of the documentation: a row a figure, a column a set."""
    rows = [
        [label, *(f"{value:.3f}" if (value := found[name]) is not None else "" for found in figures.values())]
        for name, (label, known) in FIGURES.items()
        if known or not short
    ]  # fmt: skip
    labels = {"docs": "annotated documents", "effects_gold": "annotated numbers"}
    labels["span_errors"] = "spans that are not their slice of the text"
    for name in COUNTS[:2] if short else COUNTS:
        rows.append([labels[name], *(str(found[name]) for found in figures.values())])
    return to_markdown(("", *figures), rows)


def main() -> int:
    """Print the table; put it into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=REPOSITORY.parent / "shared")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    figures = measure(options.shared)
    print(table(figures, short=False))
    if options.write:
        put(REPOSITORY / "docs" / "accuracy.md", "accuracy", table(figures, short=False))
        put(REPOSITORY / "README.md", "accuracy", table(figures, short=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
