"""How much of plain, made-up texts is read right: what a careful human reader understands at once.

    python -m benchmarks.plain [--part read|kept] [--keep FOLDER]

``plain_texts.jsonl.gz`` holds 280 short reports of invented studies with their annotation (3,217 numbers), written for
this project by seven authors (instances of a language model who knew nothing of the program), each in a field of its own: drug trials,
nutrition, surgery, behaviour, observation, syntheses and lay pages, a mix. **None of what they tell is true**; they are no
evidence of anything and no part of ``corpus/``. The first half of each author's texts (``read``) is read when rules are
written; the other half (``kept``) only measures.

A line is ``{"doc", "part", "text", "study"}``; the study is in the shape of the gold, an effect's ``quote`` as offsets of the
text. ``--keep`` writes texts, gold and build to a folder, for ``kg evaluate FOLDER/gold.jsonl FOLDER/out --errors …``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import to_markdown
from kg.build import BuildOptions, build
from kg.evaluation import evaluate_pages
from kg.output import read_lines

TEXTS = Path(__file__).with_name("plain_texts.jsonl.gz")
PARTS = ("read", "kept")
FIGURES = (
    "numbers_recall", "numbers_precision_in_annotated_sentences", "measure_ok_of_hit", "outcome_ok_of_hit",
    "intervention_ok_of_hit", "comparator_ok_of_hit", "direction_ok_of_hit", "full_recall", "design_acc",
    "sample_size_acc", "population_n_recall",
)  # fmt: skip


def read_texts(part: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the name, the text and the annotation of each text of a part, in the shape of the gold."""
    with gzip.open(TEXTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if item["part"] != part:
                continue
            text, study = item["text"], item["study"]
            for effect in study["effects"]:
                effect["quote"] = text[slice(*effect["quote"])]
            yield item["doc"], text, {"doc": item["doc"], "studies": [study]}


def measure(part: str, folder: Path) -> dict[str, Any]:
    """Build the texts of a part in a folder and return the figures of `kg evaluate`."""
    documents = folder / "docs"
    documents.mkdir(parents=True, exist_ok=True)
    gold = []
    for name, text, annotation in read_texts(part):
        (documents / name).write_text(text, encoding="utf-8")
        gold.append(annotation)
    lines = "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in gold)
    (folder / "gold.jsonl").write_text(lines, encoding="utf-8")
    report = build([documents], folder / "out", BuildOptions())
    return evaluate_pages(gold, map(json.loads, read_lines(report.out)), part).to_json()


def main() -> None:
    """Print a table of the figures, a column a part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, action="append", dest="parts")
    parser.add_argument("--keep", type=Path, help="folder for the texts, their gold and the build")
    options = parser.parse_args()
    parts = options.parts or PARTS
    with tempfile.TemporaryDirectory() as room:
        found = {part: measure(part, (options.keep or Path(room)) / part) for part in parts}
    rows = [
        [name, *("" if (value := found[part][name]) is None else f"{value:.3f}" for part in parts)]
        for name in FIGURES
    ]
    for name in ("docs", "effects_gold"):
        rows.append([name, *(str(found[part][name]) for part in parts)])
    print(to_markdown(("", *parts), rows))


if __name__ == "__main__":
    main()
