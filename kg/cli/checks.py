"""``kg export``, ``validate``, ``schema`` and ``evaluate``."""

from __future__ import annotations

import difflib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer

from kg.cli.console import DEFAULT_OUT, Format, complain, write_json, write_table
from kg.errors import BuildError, ValidationFailed

_OUT = typer.Option(DEFAULT_OUT, "--out", "-o", help="Folder that kg build wrote.")


def complete_format() -> list[str]:
    """Offer the formats of ``kg export``."""
    return ["turtle", "ntriples", "nquads", "trig", "jsonld", "graphml", "csv"]


def export(
    form: str = typer.Option(
        "turtle",
        "--format",
        "-f",
        autocompletion=complete_format,
        help="turtle, ntriples, nquads, trig, jsonld, graphml or csv.",
    ),
    to: Path | None = typer.Option(None, "--to", "-t", metavar="FILE", help="Default: stdout."),
    out: Path = _OUT,
) -> None:
    """Write the graph in another format.

    N-Quads and TriG hold one graph a document, GraphML the graph of networkx, CSV a row an effect.

    \b
    Examples:
      kg export --format csv > effects.csv
      kg export -f jsonld -t graph.jsonld
      kg export -f graphml -t graph.graphml      for Gephi, Cytoscape, yEd
    """
    from kg.export import FORMATS
    from kg.export import export as run
    from kg.output import Records, read_manifest

    if form not in FORMATS:
        close = difflib.get_close_matches(form, FORMATS, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(FORMATS)}"
        raise typer.BadParameter(f"no format is called {form!r}: {hint}")
    base = read_manifest(out).get("base_iri")
    options = {} if base is None else {"base_iri": base}
    if to is not None:
        run(Records(out), form, to, **options)
        complain(f"wrote {to}")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph"
        run(Records(out), form, file, **options)
        with file.open("rb") as stream:
            sys.stdout.flush()
            shutil.copyfileobj(stream, sys.stdout.buffer)


def validate(
    out: Path = typer.Argument(DEFAULT_OUT, help="Folder that kg build wrote."),
    everything: bool = typer.Option(
        False, "--all", help="Check every node of a large graph, not a sample of them."
    ),
    as_json: bool = typer.Option(False, "--json", help="Write the findings as JSON."),
) -> None:
    """Check a graph against its SHACL shapes, its spans and its units.

    Exit code 1 when something violates a shape, a span is not its slice of the text, or a dose's
    unit is no UCUM code; warnings are told and pass.

    \b
    Examples:
      kg validate
      kg validate evidence/ --all --json
    """
    from kg.output import GRAPH, Records
    from kg.shapes import SAMPLE
    from kg.shapes import validate as run
    from kg.units import find_odd_units

    units = find_odd_units(Records(out))  # reading a record checks its spans
    report = run(out / GRAPH, None if everything else SAMPLE)
    columns = ("severity", "node", "path", "value", "message")
    rows = [tuple(getattr(result, name) for name in columns) for result in report.results]
    rows += [
        ("violation", dose, "unit", unit, f"no UCUM code, in {path}") for path, dose, unit in units
    ]
    conforms = report.conforms and not units
    if as_json:
        findings = [dict(zip(columns, row, strict=True)) for row in rows]
        write_json({
            "conforms": conforms, "checked": report.checked, "of": report.of, "findings": findings,
        })  # fmt: skip
    else:
        write_table(columns, rows, Format.table, empty="Nothing to say against it.")
    complain(
        f"{report.checked} of {report.of} nodes checked: " + ("valid" if conforms else "not valid")
    )
    if not conforms:
        raise typer.Exit(1)


def schema(
    check: bool = typer.Option(
        False, help="Compare with the file in schemas/ instead of printing."
    ),
) -> None:
    """Print the JSON Schema of a line of records.jsonl.

    \b
    Examples:
      kg schema > record.schema.json
      kg schema --check
    """
    from kg.resources import find_resources
    from kg.schema import record_schema

    text = record_schema()
    if not check:
        typer.echo(text, nl=False)
        return
    file = find_resources("schemas") / "record.schema.json"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        raise ValidationFailed(f"{file} is stale; write it again with: kg schema > {file}")
    complain(f"{file} is up to date")


def evaluate(
    gold: Path = typer.Argument(..., exists=True, dir_okay=False, help="Annotated pages, JSONL."),
    records: Path = typer.Argument(
        DEFAULT_OUT, help="Folder that kg build wrote, or records.jsonl."
    ),
    html: Path | None = typer.Option(
        None, metavar="FILE", help="Write the misses beside the texts."
    ),
    misses: bool = typer.Option(False, "--misses", help="List every miss."),
    require: list[str] = typer.Option(
        [], metavar="FIGURE=LEAST", help="Fail when a figure is lower; may be repeated."
    ),
    as_json: bool = typer.Option(False, "--json", help="Write the figures as JSON."),
) -> None:
    """Score a build against pages that a person has annotated.

    \b
    Examples:
      kg evaluate corpus/gold/gold.jsonl
      kg evaluate gold.jsonl kg-out --html misses.html
      kg evaluate gold.jsonl kg-out --require numbers_recall=1 --require dose_precision=0.95
    """
    from kg.evaluation import evaluate_pages
    from kg.output import read_lines

    least = dict(_parse_requirement(text) for text in require)
    evaluation = evaluate_pages(_read_gold(gold), map(json.loads, read_lines(records)))
    figures = evaluation.to_json()
    if unknown := least.keys() - figures.keys():
        raise typer.BadParameter(f"no such figure: {', '.join(sorted(unknown))}")
    if as_json:
        write_json({
            **figures,
            "pages": [{"document": page.document, **page.figures()} for page in evaluation.pages],
        })  # fmt: skip
    else:
        from kg.evaluation.report import FIGURE_COLUMNS, figure_rows, page_rows

        write_table(("document", *FIGURE_COLUMNS), page_rows(evaluation), Format.table)
        typer.echo()
        write_table(("figure", "value", "of"), figure_rows(evaluation), Format.table)
    if misses:
        rows = [
            (page.document, miss.kind, miss.gold, miss.ours, miss.quote)
            for page in evaluation.pages
            for miss in page.misses
        ]
        write_table(("document", "miss", "gold", "ours", "where"), rows, Format.tsv)
    if html is not None:
        from kg.evaluation.report import render_misses

        html.write_text(render_misses(evaluation), encoding="utf-8", errors="surrogateescape")
        complain(f"wrote {html}")
    low = {name: figures[name] for name in least if (figures[name] or 0) < least[name]}
    if low:
        said = ", ".join(f"{name} {value} < {least[name]:g}" for name, value in low.items())
        raise ValidationFailed(f"too low: {said}")


def _parse_requirement(text: str) -> tuple[str, float]:
    name, _, least = text.partition("=")
    try:
        return name, float(least)
    except ValueError:
        raise typer.BadParameter(f"{text}: write it as numbers_recall=0.95") from None


def _read_gold(file: Path) -> list[dict[str, Any]]:
    pages = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                page = json.loads(line)
                page["doc"], page["studies"]
            except (ValueError, KeyError, TypeError) as error:
                raise BuildError(f"{file}, line {number}: no annotated page ({error})") from error
            pages.append(page)
    return pages
