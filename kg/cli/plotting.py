"""``kg plot``: what studies say together, as pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import complain
from kg.cli.option_groups import spread_options
from kg.cli.pool_options import PoolOptions
from kg.cli.pooling import tell_left_out
from kg.errors import PoolError

if TYPE_CHECKING:
    from kg.synthesis.analysis import Synthesis


class Kind(StrEnum):
    """What is drawn."""

    forest = "forest"
    funnel = "funnel"
    cumulative = "cumulative"


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is drawn, what stands on it, and where it goes."""

    kind: Kind
    files: list[Path]
    title: str
    lower: str
    higher: str


@spread_options
def plot(
    kind: Kind = typer.Option(Kind.forest, "--kind", "-k", help="forest, funnel or cumulative."),
    to: list[Path] = typer.Option(
        [],
        "--to",
        "-t",
        metavar="FILE",
        help="FILE.svg or FILE.png; may be repeated. Default: KIND.svg.",
    ),
    query: str | None = typer.Option(
        None,
        "--query",
        metavar="NAME|FILE.rq|SPARQL",
        help="Draw the rows of a query: study or label, estimate or value, low, high.",
    ),
    parameters: list[str] = typer.Option(
        [], "--param", "-p", metavar="NAME=VALUE", help="A value for the query; may be repeated."
    ),
    no_pool: bool = typer.Option(
        False, "--no-pool", help="Draw a table's or a query's rows alone."
    ),
    log: bool = typer.Option(False, "--log", help="Logarithmic axis where no measure is named."),
    title: str = typer.Option("", "--title", help="Instead of the question."),
    lower: str = typer.Option("", "--lower", help="What lies left of no effect."),
    higher: str = typer.Option("", "--higher", help="What lies right of it."),
    *,
    options: PoolOptions,
) -> None:
    """Draw a forest, funnel or cumulative plot as SVG or PNG.

    Of the graph, as kg pool selects and pools it; of a table of studies (--from); or of the rows of a query.
    The same input gives the same bytes.

    \b
    Examples:
      kg plot "vitamin D" exacerbation -t forest.svg -t forest.png
      kg plot --from docs/pooling/bcg.csv --by allocation -t bcg.svg
      kg plot --from docs/pooling/bcg.csv --kind cumulative -t bcg-by-year.png
      kg plot --query forest -p outcome=exacerbation --measure HR -t rows.svg
      kg plot --from rows.csv --no-pool          columns label,estimate,low,high
    """
    picture = _Picture(kind, to or [Path(f"{kind.value}.svg")], title, lower, higher)
    _check_files(picture.files)
    if sum(given is not None for given in (options.table, query, options.intervention)) != 1:
        raise PoolError(
            "name an intervention and an outcome, or --from, or --query: one of the three"
        )
    if query is not None or no_pool:
        _plot_rows(picture, options, query, parameters, no_pool=no_pool, log=log)
        return
    synthesis = options.synthesize()
    if options.table is None:
        picture = replace(
            picture,
            lower=lower or f"less with {options.intervention}",
            higher=higher or f"more with {options.intervention}",
        )
    _draw(picture, synthesis)
    tell_left_out(synthesis)


def _check_files(files: list[Path]) -> None:
    from kg.plots.style import FORMATS

    for file in files:
        if file.suffix.lower() not in FORMATS:
            raise PoolError(f"{file}: a picture is written as {' or '.join(FORMATS)}")


def _draw(picture: _Picture, synthesis: Synthesis) -> None:
    from kg.plots.forest import write_forest
    from kg.plots.funnel import write_funnel
    from kg.plots.picture import cumulative_picture, forest_picture

    title = picture.title or synthesis.title[:1].upper() + synthesis.title[1:]
    shown = replace(synthesis, title=title)
    if picture.kind is Kind.funnel:
        _write(picture.files, lambda file: write_funnel(shown, file))
        return
    make = cumulative_picture if picture.kind is Kind.cumulative else forest_picture
    made = make(shown, picture.lower, picture.higher)
    _write(picture.files, lambda file: write_forest(made, file))


def _write(files: list[Path], write: Callable[[Path], None]) -> None:
    for file in files:
        write(file)
        complain(f"wrote {file}")


def _plot_rows(
    picture: _Picture,
    options: PoolOptions,
    query: str | None,
    parameters: list[str],
    *,
    no_pool: bool,
    log: bool,
) -> None:
    """Draw the rows of a query or a table; pooled where all are of one measure and nobody objects."""
    from kg.plots.forest import write_forest
    from kg.plots.picture import rows_picture
    from kg.statistics.scales import LOG_MEASURES
    from kg.synthesis.analysis import synthesize
    from kg.synthesis.study_table import parse_rows, read_cells

    if query is None:
        if options.table is None:
            raise PoolError("--no-pool draws the rows of --from or --query")
        where, header, cells = str(options.table), *read_cells(options.table)
    else:
        where, header, cells = "the query", *_ask_rows(query, parameters, options.out)
    named = options.measure if options.measure is not None else ("" if no_pool else None)
    rows, found, skipped = parse_rows(header, cells, where, named, lenient=True)
    for item in skipped:
        complain(f"left out: {item}")
    if not no_pool and found:
        _draw(picture, synthesize(rows, found, options.model, picture.title))
        return
    if picture.kind is not Kind.forest:
        raise PoolError(
            f"a {picture.kind.value} plot needs pooled studies of one measure: name it with --measure"
        )
    logarithmic = log or found in LOG_MEASURES
    made = rows_picture(rows, picture.title, found, logarithmic, options.model.level)
    made = replace(made, lower=picture.lower, higher=picture.higher)
    _write(picture.files, lambda file: write_forest(made, file))


def _ask_rows(query: str, parameters: list[str], out: Path) -> tuple[list[str], list[list[object]]]:
    from kg import queries
    from kg.cli.answers import _find_query, _parse_parameter, plain_cell
    from kg.output import STORE
    from kg.store import Store

    question = _find_query(query)
    values = dict(_parse_parameter(given) for given in parameters)
    if isinstance(question, str):
        if values:
            raise PoolError("parameters belong to packaged questions and files, not to SPARQL text")
        sparql = question
    else:
        sparql = queries.bind(question, values)
    answer = queries.ask(Store.open(out / STORE), sparql)
    return list(answer.columns), [[plain_cell(cell) for cell in row] for row in answer.rows]
