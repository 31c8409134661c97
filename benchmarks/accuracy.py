"""How much of annotated texts is read right, as ``kg evaluate`` counts it.

    python -m benchmarks.accuracy [SHARED] [--set NAME]... [--part dev] [--limit N] [--write]

Builds every set and prints three tables: targets with the published figures beside ours, the sets of
pages, and every figure of every other set. What was built is kept in ``build/accuracy`` and read
again only where it changed. ``--write`` puts the tables into docs/accuracy.md and README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.diagram import draw_reliability
from benchmarks.report import REPOSITORY, put, to_markdown
from benchmarks.targets import TARGETS, Target
from kg.build import BuildOptions, build
from kg.evaluation import SETS, Evaluation, evaluate_pages
from kg.evaluation.reliability import find_gap
from kg.evaluation.report import match_rows, reliability_rows, share_rows
from kg.evaluation.sets import read_pages
from kg.output import read_lines

Json = dict[str, Any]
ROOM = REPOSITORY / "build" / "accuracy"
#: Sets of pages → heading of the table.
PAGES = {"corpus": "corpus", "seeds": "seeds", "posts": "posts", "silver": "silver, held out"}

#: Figure of ``kg evaluate`` → what a reader calls it, whether the README has it too.
FIGURES = {
    "numbers_recall": ("numbers found, with interval", True),
    "numbers_precision_in_annotated_sentences": ("numbers claimed that are right", True),
    "p_recall_of_hit": ("p values, of numbers found", False),
    "measure_ok_of_hit": ("measure right, of numbers found", False),
    "outcome_ok_of_hit": ("outcome right, of numbers found", False),
    "intervention_ok_of_hit": ("intervention right, of numbers found", False),
    "comparator_ok_of_hit": ("comparator right or rightly none, of numbers found", False),
    "direction_ok_of_hit": ("direction right, of numbers found", False),
    "full_recall": ("numbers found and fully linked", True),
    "direction_with_p_recall": ("results told by direction and p alone", False),
    "told_without_number_recall": ("results told in words", False),
    "dose_recall": ("doses found", True),
    "dose_precision": ("doses claimed that are right", True),
    "dose_unit_ok": ("unit right, of doses found", False),
    "design_acc": ("study design right", True),
    "sample_size_acc": ("number of participants right", True),
    "doi_acc": ("DOI right", False),
    "population_n_recall": ("group sizes found", False),
    "arms_recall": ("arms found", False),
    "arms_precision": ("arms claimed that are right", False),
}
COUNTS = {
    "docs": "annotated documents",
    "effects_gold": "annotated numbers",
    "span_errors": "spans that are not their slice of the text",
}
_SHORT = ("docs", "effects_gold")


def measure(shared: Path, names: Sequence[str], part: str, limit: int) -> Iterator[Evaluation]:
    """Build and score each set that is there."""
    for name in names:
        if name == "corpus":
            yield _measure_corpus()
            continue
        chosen = SETS[name]
        documents = dict(list(chosen.read(shared / "data", part).items())[: limit or None])
        texts = ROOM / name / part / "texts"
        texts.mkdir(parents=True, exist_ok=True)
        chosen.write(shared / "data", documents, texts)
        report = build([texts], texts.parent / "build", BuildOptions())
        print(
            f"{name}: {report.documents} documents, {len(report.failures)} failed", file=sys.stderr
        )
        yield chosen.evaluate(documents, map(json.loads, read_lines(report.out)))


def _measure_corpus() -> Evaluation:
    gold = read_pages(REPOSITORY / "corpus" / "gold" / "gold.jsonl")
    report = build([REPOSITORY / "corpus"], ROOM / "corpus", BuildOptions())
    return evaluate_pages(gold.values(), map(json.loads, read_lines(report.out)), "corpus")


def target_table(found: dict[str, Evaluation]) -> str:
    """Return a row a target: published, floor, goal, ours with its interval."""
    rows = []
    for target in TARGETS:
        if target.set in found:
            evaluation = found[target.set]
            value = evaluation.value(target.figure)
            ends = evaluation.intervals().get(target.figure)
            rows.append([
                target.label, target.set, target.published, f"{target.floor:.2f}",
                f"{target.goal:.2f}", "–" if value is None else f"{value:.3f}",
                "" if ends is None else f"{ends[0]:.2f}–{ends[1]:.2f}", judge(target, value),
            ])  # fmt: skip
    columns = ("target", "set", "published", "floor", "goal", "ours", "95 %", "")
    return to_markdown(columns, rows)


def judge(target: Target, value: float | None) -> str:
    """Say where a figure stands: at its goal, above its floor, or by how much below it."""
    if value is None:
        return "nothing to count"
    if value >= target.goal:
        return "goal"
    if value >= target.floor:
        return "floor"
    return f"{value - target.floor:+.2f}"


def page_table(found: dict[str, Evaluation], *, short: bool) -> str:
    """Return the table of pages: a row a figure, a column a set."""
    figures = {PAGES[name]: found[name].to_json() for name in PAGES if name in found}
    rows = [
        [label, *("" if (value := each[name]) is None else f"{value:.3f}" for each in figures.values())]
        for name, (label, known) in FIGURES.items()
        if known or not short
    ]  # fmt: skip
    for name, label in COUNTS.items():
        if name in _SHORT or not short:
            rows.append([label, *(str(each[name]) for each in figures.values())])
    return to_markdown(("", *figures), rows)


def full_table(found: dict[str, Evaluation]) -> str:
    """Return every figure of every set of texts, with its counts."""
    rows = []
    for name, evaluation in found.items():
        if name in PAGES:
            continue
        for figure, p, r, f1, between, right, hit in match_rows(evaluation)[1]:
            rows.append(
                [name, str(figure), *map(_say, (p, r, f1)), str(between), f"{right}, {hit}"]
            )
        for figure, value, between, of in share_rows(evaluation)[1]:
            if value is not None and between:
                rows.append([name, str(figure), "", "", _say(value), str(between), str(of)])
    columns = (
        "set",
        "figure",
        "P",
        "R",
        "F1 or share",
        "95 %",
        "counts: right of ours, found of gold",
    )
    return to_markdown(columns, rows)


def reliability_table(evaluation: Evaluation) -> str:
    """Return how often effects of like confidence are fully right, and the mean gap."""
    table = reliability_rows(evaluation)
    rows = (
        [[f"{c:.2f}", f"{right:.2f}", str(count)] for c, right, count in table[1]] if table else []
    )
    gap = find_gap(evaluation.reliability())
    said = to_markdown(("mean confidence", "fully right", "effects"), rows)
    return f"{said}\n\nMean distance: {'–' if gap is None else f'{gap:.3f}'}."


def _say(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)


def main() -> int:
    """Print the tables; put them into the documentation if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=REPOSITORY.parent / "shared")
    parser.add_argument("--set", action="append", choices=["corpus", *SETS], dest="sets")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--limit", type=int, default=0, help="only the first documents of each set")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write and (options.sets or options.limit or options.part != "dev"):
        parser.error("--write needs every set, whole, of the development part")
    names = options.sets or ["corpus", *(SETS if options.shared.is_dir() else ())]
    found = {e.name: e for e in measure(options.shared, names, options.part, options.limit)}
    tables = {"targets": target_table(found)}
    if found.keys() & PAGES.keys():
        tables["accuracy"] = page_table(found, short=False)
    if found.keys() - PAGES.keys():
        tables["figures"] = full_table(found)
    if "silver" in found:
        tables["reliability"] = reliability_table(found["silver"])
    print("\n\n".join(tables.values()))
    (ROOM / "figures.json").write_text(
        json.dumps({name: e.to_json() for name, e in found.items()}, indent=1), encoding="utf-8"
    )
    if options.write:
        for name, text in tables.items():
            put(REPOSITORY / "docs" / "accuracy.md", name, text)
        put(REPOSITORY / "README.md", "accuracy", page_table(found, short=True))
        if "silver" in found:
            diagram = draw_reliability(found["silver"].reliability())
            (REPOSITORY / "docs" / "images" / "reliability.svg").write_text(
                diagram, encoding="utf-8"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
