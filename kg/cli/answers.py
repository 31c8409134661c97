"""``kg query`` and ``kg effects``: questions to the graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import DEFAULT_OUT, Format, complain, write_table
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.queries import Query


def complete_query(incomplete: str) -> list[str]:
    """Offer the packaged queries."""
    from kg.resources import find_resources

    names = sorted(file.stem for file in find_resources("queries").glob("*.rq"))
    return [name for name in names if incomplete in name]


def query(
    wanted: str | None = typer.Argument(
        None,
        metavar="[NAME|FILE.rq|SPARQL]",
        help="A packaged question, a file, or a query as text; without it, the questions are listed.",
        autocompletion=complete_query,
    ),
    parameters: list[str] = typer.Option(
        [], "--param", "-p", metavar="NAME=VALUE", help="A value for the question; may be repeated."
    ),
    form: Format = typer.Option(Format.table, "--format", "-f", help="How to write the answer."),
    out: Path = typer.Option(DEFAULT_OUT, "--out", "-o", help="Folder that kg build wrote."),
    timeout: float = typer.Option(60.0, min=0, help="Seconds that the query may take."),
    text: bool = typer.Option(False, "--show", help="Print the SPARQL instead of asking it."),
) -> None:
    """Ask the graph a packaged question, or any of your own in SPARQL 1.1.

    Values are bound, never pasted into the query. A query of your own may only read this graph:
    SERVICE, LOAD and FROM are refused.

    \b
    Examples:
      kg query
      kg query effects -p intervention="vitamin D" -p outcome=fracture
      kg query forest -p outcome="lung function" --format csv > forest.csv
      kg query 'SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)'
    """
    from kg import queries
    from kg.output import STORE
    from kg.store import Store

    values = dict(_parse_parameter(given) for given in parameters)
    if wanted is None:
        _list_queries(form)
        return
    found = _find_query(wanted)
    if isinstance(found, str):
        if values:
            raise QueryError(
                "parameters belong to packaged questions and files, not to SPARQL text"
            )
        sparql = found
    else:
        sparql = queries.bind(found, values)
    if text:
        typer.echo(sparql)
        return
    table = queries.ask(Store.open(out / STORE), sparql, timeout)
    write_table(table.columns, [[plain_cell(cell) for cell in row] for row in table.rows], form)


def plain_cell(cell: object) -> object:
    """Return a cell as JSON, CSV and people want it: no needless zeros."""
    from kg.table import plain

    return plain(cell)  # type: ignore[arg-type]


def _parse_parameter(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(f"{given}: write it as name=value")
    return name.strip(), value


def _find_query(wanted: str) -> Query | str:
    """Return a packaged question, the question in a file, or the SPARQL itself."""
    from kg import queries

    if any(character in wanted for character in "{}\n"):
        return wanted
    file = Path(wanted)
    if file.suffix == ".rq" or "/" in wanted:
        try:
            return queries.parse_query(file.stem, file.read_text(encoding="utf-8"))
        except OSError as error:
            raise QueryError(f"{wanted}: {(error.strerror or 'cannot be read').lower()}") from error
    return queries.load(wanted)


def _list_queries(form: Format) -> None:
    from kg.queries import load_all

    rows = [
        (name, question.question, " ".join(f"{p.name}={p.default}" for p in question.parameters))
        for name, question in load_all().items()
    ]
    write_table(("name", "question", "parameters"), rows, form)
    if form is Format.table:
        complain("\nAsk one with: kg query NAME -p parameter=value")


def effects(
    intervention: str = typer.Argument(..., help="Intervention or exposure, or part of its name."),
    outcome: str | None = typer.Argument(None, help="Outcome, or part of its name."),
    out: Path = typer.Option(DEFAULT_OUT, "--out", "-o", help="Folder that kg build wrote."),
) -> None:
    """Say what the texts report."""
    raise NotImplementedError
