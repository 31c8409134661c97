"""``kg query`` and ``kg effects``: questions to the graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import DEFAULT_OUT, BuiltFolder, Format, complain, draw, write_json, write_table
from kg.cli.network import AUTH_OPTION, USER_OPTION, connect
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
    out: BuiltFolder = DEFAULT_OUT,
    timeout: float = typer.Option(60.0, min=0, help="Seconds that the query may take."),
    text: bool = typer.Option(False, "--show", help="Print the SPARQL instead of asking it."),
    endpoint: str | None = typer.Option(
        None, metavar="URL", help="Ask a store on the network instead, page by page."
    ),
    default_graph: list[str] = typer.Option(
        [], metavar="IRI", help="With --endpoint: a graph to ask instead of all; may be repeated."
    ),
    user: str | None = USER_OPTION,
    auth: str = AUTH_OPTION,
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
      kg query effects --endpoint http://localhost:7878/query
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
    if endpoint is not None:
        from kg.remote.endpoint import Endpoint

        with connect(endpoint, user, auth, timeout) as connection:
            asked = Endpoint(connection, default_graphs=tuple(default_graph), tell=complain)
            table = asked.ask(sparql)
    elif isinstance(found, str) or Path(wanted).suffix == ".rq":
        table = queries.ask(Store.open(out / STORE), sparql, timeout)
    else:
        table = queries.run(Store.open(out / STORE), found, values, timeout)
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


def complete_intervention(incomplete: str) -> list[str]:
    """Offer the interventions and exposures of the default output."""
    from kg.errors import KgError
    from kg.output import STORE
    from kg.queries import run
    from kg.store import Store

    try:
        rows = run(Store.open(DEFAULT_OUT / STORE), "interventions").dicts()
    except KgError:
        return []
    return [label for row in rows if incomplete.lower() in (label := str(row["subject"])).lower()]


def effects(
    intervention: str = typer.Argument(
        ...,
        help="Intervention or exposure, or how a word of its name begins.",
        autocompletion=complete_intervention,
    ),
    outcome: str | None = typer.Argument(None, help="The same for the outcome; without it, all."),
    out: BuiltFolder = DEFAULT_OUT,
    limit: int = typer.Option(0, "--limit", "-n", min=0, help="Effects at most; 0 for all."),
    background: bool = typer.Option(
        False, "--background", help="Also what is told of earlier work, and hypotheses."
    ),
    as_json: bool = typer.Option(False, "--json", help="Write the effects as JSON."),
) -> None:
    """Say what the texts report of an intervention, with the sentences.

    Results that compare come first, values of single groups last. Each has its sentence as it
    stands in the text, its study, and an id for kg explain.

    \b
    Examples:
      kg effects "vitamin D"
      kg effects "vitamin d" exacerbation
      kg effects metformin --json
    """
    from kg.effects import find_effects
    from kg.output import STORE
    from kg.store import Store

    rows = find_effects(Store.open(out / STORE), intervention, outcome)
    if not background:
        rows = [row for row in rows if row.reported_as == "result"]
    if limit:
        rows = rows[:limit]
    if as_json:
        from dataclasses import asdict

        from kg.wording import in_words

        write_json([{"sentence": in_words(row), **asdict(row)} for row in rows])
    elif rows:
        from kg.show.answers import render_effects

        draw(render_effects(rows))
    else:
        complain(
            f"nothing joins {intervention} and {outcome or 'an outcome'}; try: kg query effects"
        )
