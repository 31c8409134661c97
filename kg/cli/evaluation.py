"""``kg evaluate``."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.console import DEFAULT_OUT, Format, complain, write_json, write_table
from kg.errors import BuildError, ValidationFailed

if TYPE_CHECKING:
    from kg.evaluation import AnnotatedSet, Evaluation

Json = dict[str, Any]


def complete_set() -> list[str]:
    """Offer the names of the annotated sets."""
    from kg.evaluation import SETS

    return list(SETS)


def evaluate(
    gold: str = typer.Argument(
        ...,
        metavar="SET",
        autocompletion=complete_set,
        help="Name of an annotated set, or a file of annotated pages.",
    ),
    records: Path | None = typer.Argument(
        None,
        metavar="BUILD",
        help="Folder that kg build wrote, or records.jsonl. Without it the texts of a named set are "
        "built first; for a file of pages it is kg-out.",
    ),
    data: Path | None = typer.Option(
        None, "--data", metavar="FOLDER", exists=True, help="Where the named sets lie."
    ),
    part: str = typer.Option("dev", help="Part of the set: dev, train, or test where it is there."),
    limit: int = typer.Option(0, min=0, metavar="N", help="Only the first N documents of the set."),
    keep: Path | None = typer.Option(
        None, metavar="FOLDER", help="Keep the set's texts and their build there."
    ),
    errors: Path | None = typer.Option(
        None, metavar="FILE", help="Write what differs, side by side with the text, as HTML."
    ),
    misses: bool = typer.Option(False, "--misses", help="List all that differs, one a line."),
    require: list[str] = typer.Option(
        [], metavar="FIGURE=LEAST", help="Fail when a figure is lower; may be repeated."
    ),
    as_json: bool = typer.Option(False, "--json", help="Write the figures as JSON."),
) -> None:
    """Score a build, or the packaged pipeline, against annotated texts.

    Every figure comes with its counts and the 95 % interval that drawing whole documents again gives.

    \b
    Examples:
      kg evaluate corpus/gold/gold.jsonl
      kg evaluate gold.jsonl kg-out --errors errors.html
      kg evaluate gold.jsonl kg-out --require numbers_recall=1 --require dose_precision=0.95
      kg evaluate ebm_nlp --data ../data --limit 30
      kg evaluate pico_corpus evidence/ --data ../data --part test --json
    """
    evaluation = _evaluate(gold, records, data, part, limit, keep)
    if as_json:
        write_json(_to_json(evaluation))
    else:
        _print(evaluation)
    if misses:
        rows = [
            (document.document, miss.target, miss.fault, miss.gold, miss.ours, _where(document.text, miss))
            for document in evaluation.documents
            for miss in document.misses
        ]  # fmt: skip
        write_table(("document", "target", "fault", "gold", "ours", "where"), rows, Format.tsv)
    if errors is not None:
        from kg.evaluation.report import render_errors

        errors.write_text(render_errors(evaluation), encoding="utf-8", errors="surrogateescape")
        complain(f"wrote {errors}")
    _require(evaluation, require)


def _evaluate(
    gold: str, records: Path | None, data: Path | None, part: str, limit: int, keep: Path | None
) -> Evaluation:
    from kg.evaluation import SETS, evaluate_pages
    from kg.evaluation.sets import read_pages
    from kg.output import read_lines

    if gold not in SETS:
        if not Path(gold).is_file():
            raise typer.BadParameter(
                f"no file and no set is called {gold!r}: sets are {', '.join(SETS)}"
            )
        pages = dict(islice(read_pages(Path(gold)).items(), limit or None))
        lines = map(json.loads, read_lines(records or DEFAULT_OUT))
        return evaluate_pages(pages.values(), lines, Path(gold).stem)
    if data is None:
        raise typer.BadParameter(f"name the folder where {gold} lies with --data")
    chosen = SETS[gold]
    documents = dict(islice(chosen.read(data, part).items(), limit or None))
    if records is not None:
        return chosen.evaluate(documents, map(json.loads, read_lines(records)))
    if keep is not None:
        return chosen.evaluate(documents, _build(chosen, data, documents, keep))
    with tempfile.TemporaryDirectory() as folder:
        return chosen.evaluate(documents, _build(chosen, data, documents, Path(folder)))


def _build(
    chosen: AnnotatedSet, data: Path, documents: dict[str, Json], folder: Path
) -> list[Json]:
    """Build the texts of a set and return the records."""
    from kg.build import build
    from kg.cli.building import _progress_bar
    from kg.output import read_lines

    texts = folder / "texts"
    texts.mkdir(parents=True, exist_ok=True)
    chosen.write(data, documents, texts)
    with _progress_bar() as on_progress:
        report = build([texts], folder / "build", on_progress=on_progress)
    for failure in report.failures:
        complain(f"{failure.path}: {failure.problem}")
    if not report.complete:
        raise BuildError(f"{texts}: the build stopped")
    return [json.loads(line) for line in read_lines(report.out)]


def _print(evaluation: Evaluation) -> None:
    from kg.evaluation.report import match_rows, page_rows, reliability_rows, share_rows

    tables = [table(evaluation) for table in (page_rows, match_rows, share_rows, reliability_rows)]
    for number, (columns, rows) in enumerate(table for table in tables if table and table[1]):
        if number:
            typer.echo()
        write_table(columns, rows, Format.table)


def _to_json(evaluation: Evaluation) -> Json:
    return {
        **evaluation.to_json(),
        "intervals": {
            name: list(ends)
            for name, ends in evaluation.intervals().items()
            if not name.endswith((".f1", ".share", ".jaccard"))  # also there by the plain name
        },
        "reliability": [asdict(part) for part in evaluation.reliability()],
        "set": evaluation.name,
    }


def _where(text: str | None, miss: Any) -> str:
    start, end = miss.span or (0, 0)
    return " ".join(((text or "")[start:end] or miss.quote).split())


def _require(evaluation: Evaluation, wanted: list[str]) -> None:
    """Raise if a figure is lower than it must be."""
    low = []
    for name, least in map(_parse_requirement, wanted):
        try:
            value = evaluation.value(name)
        except KeyError:
            raise typer.BadParameter(f"no such figure: {name}") from None
        if (value or 0) < least:
            low.append(f"{name} {value} < {least:g}")
    if low:
        raise ValidationFailed(f"too low: {', '.join(low)}")


def _parse_requirement(text: str) -> tuple[str, float]:
    name, _, least = text.partition("=")
    try:
        return name, float(least)
    except ValueError:
        raise typer.BadParameter(f"{text}: write it as numbers_recall=0.95") from None
