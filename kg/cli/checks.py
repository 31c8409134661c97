"""``kg export``, ``validate`` and ``schema``."""

from __future__ import annotations

import difflib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer

from kg.cli.console import DEFAULT_OUT, BuiltFolder, Format, complain, write_json, write_table
from kg.errors import ValidationFailed


def complete_format() -> list[str]:
    """Offer the formats of ``kg export``."""
    return ["turtle", "ntriples", "nquads", "trig", "jsonld", "graphml", "csv", "kgx"]


def export(
    form: str = typer.Option(
        "turtle",
        "--format",
        "-f",
        autocompletion=complete_format,
        help="turtle, ntriples, nquads, trig, jsonld, graphml, csv or kgx.",
    ),
    to: Path | None = typer.Option(None, "--to", "-t", metavar="FILE", help="Default: stdout."),
    out: BuiltFolder = DEFAULT_OUT,
    registered: bool = typer.Option(
        False, "--registered", help="kgx: leave out what no terminology knows."
    ),
) -> None:
    """Write the graph in another format.

    N-Quads and TriG hold one graph a document, GraphML the graph of networkx, CSV a row an effect,
    KGX an association of the Biolink model an effect. Results of retracted studies are flagged, in KGX
    left out. A FILE that ends in .gz is compressed.

    \b
    Examples:
      kg export --format csv > effects.csv
      kg export -f jsonld -t graph.jsonld
      kg export -f graphml -t graph.graphml      for Gephi, Cytoscape, yEd
      kg export -f nquads -t graph.nq.gz         for a store's bulk loader: see docs/stores.md
    """
    from kg.export import FORMATS
    from kg.export import export as run
    from kg.manifest import read_manifest
    from kg.output import RecordsOfGraph

    if form not in FORMATS:
        close = difflib.get_close_matches(form, FORMATS, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(FORMATS)}"
        raise typer.BadParameter(f"no format is called {form!r}: {hint}")
    base = read_manifest(out).get("base_iri")
    options: dict[str, Any] = {"registered": registered}
    options |= {} if base is None else {"base_iri": base}
    if to is not None:
        run(RecordsOfGraph(out), form, to, **options)
        complain(f"wrote {to}")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph"
        run(RecordsOfGraph(out), form, file, **options)
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
