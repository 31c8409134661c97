"""``kg pool`` and ``kg plot``: what studies say together, as numbers and as pictures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.answers import complete_intervention
from kg.cli.console import DEFAULT_OUT, Format, complain, write_json, write_table
from kg.errors import PoolError

if TYPE_CHECKING:
    from kg.synthesis.analysis import Model, Synthesis
    from kg.synthesis.selection import Question


class MethodName(StrEnum):
    """How estimates are pooled."""

    IV = "IV"
    MH = "MH"
    Peto = "Peto"
    DL = "DL"
    PM = "PM"
    REML = "REML"


class Kind(StrEnum):
    """What is drawn."""

    forest = "forest"
    funnel = "funnel"
    cumulative = "cumulative"


_INTERVENTION = typer.Argument(
    None,
    help="Intervention, or how a word of its name begins.",
    autocompletion=complete_intervention,
)
_OUTCOME = typer.Argument(None, help="The same for the outcome.")
_FROM = typer.Option(
    None, "--from", metavar="FILE.csv", help="Studies from a table instead of the graph."
)
_OUT = typer.Option(DEFAULT_OUT, "--out", "-o", help="Folder that kg build wrote.")
_MEASURE = typer.Option(
    None, "--measure", "-m", help="RR, OR, HR, IRR, RD, MD, SMD, ROM, r; default: what most report."
)
_UNIT = typer.Option("", "--unit", help="UCUM unit of mean differences; others are converted.")
_METHOD = typer.Option(
    MethodName.REML,
    "--method",
    help="IV, MH, Peto: one common effect; DL, PM, REML: random effects.",
)
_KNAPP = typer.Option(False, "--knapp", help="Hartung-Knapp interval of a random-effects mean.")
_LEVEL = typer.Option(95.0, "--level", min=50, max=99.99, help="Of intervals, in percent.")
_BY = typer.Option("", "--by", help="Subgroups: design, dose, comparator ..., or a table's column.")
_BANDS = typer.Option(
    "",
    "--bands",
    metavar="EDGE,EDGE",
    help="Edges of daily doses for --by dose; default: their median.",
)
_CONTRAST = typer.Option(
    "",
    "--contrast",
    help="between_groups, association, before_after or any; default: the first there is.",
)
_DESIGN = typer.Option("", "--design", help="Only studies of a design, e.g. randomized.")
_AGAINST = typer.Option("", "--against", help="Only against a comparator, e.g. placebo.")
_WITHOUT = typer.Option(
    [], "--without", help="Pass over an effect (its id) or a study (its label)."
)
_SUBGROUPS = typer.Option(False, "--subgroups", help="Take results of subgroups of people too.")
_COMBINATIONS = typer.Option(
    False, "--combinations", help="Take what was given together with others."
)
_SYNTHESES = typer.Option(
    False, "--syntheses", help="Take meta-analyses too: people may count twice."
)
_CONVERT = typer.Option(
    False, "--convert", help="Turn SMD into OR, or OR into SMD, as --measure says."
)
_BASELINE = typer.Option(
    None,
    "--baseline-risk",
    min=0,
    max=1,
    help="Turns OR into RR at this risk without the intervention.",
)
_CONFIDENCE = typer.Option(0.0, "--min-confidence", min=0, max=1, help="Of an effect's links.")


def pool(
    intervention: str | None = _INTERVENTION,
    outcome: str | None = _OUTCOME,
    table: Path | None = _FROM,
    measure: str | None = _MEASURE,
    unit: str = _UNIT,
    method: MethodName = _METHOD,
    knapp: bool = _KNAPP,
    level: float = _LEVEL,
    by: str = _BY,
    bands: str = _BANDS,
    contrast: str = _CONTRAST,
    design: str = _DESIGN,
    against: str = _AGAINST,
    without: list[str] = _WITHOUT,
    subgroups: bool = _SUBGROUPS,
    combinations: bool = _COMBINATIONS,
    syntheses: bool = _SYNTHESES,
    convert: bool = _CONVERT,
    baseline_risk: float | None = _BASELINE,
    min_confidence: float = _CONFIDENCE,
    out: Path = _OUT,
    as_json: bool = typer.Option(
        False, "--json", help="Write all of it as JSON, with leave-one-out and by year."
    ),
    as_csv: bool = typer.Option(
        False, "--csv", help="Write the studies as CSV; kg pool --from reads it again."
    ),
) -> None:
    """Pool what studies report of an intervention and an outcome.

    One estimate a study, of one measure and unit; what is left out is told with the reason. Events and means
    of arms are taken where no effect is reported. A table of studies in CSV is pooled with --from: columns
    events1,total1,events2,total2, or mean1,sd1,n1,mean2,sd2,n2, or estimate,low,high, or estimate,se.

    \b
    Examples:
      kg pool "vitamin D" exacerbation
      kg pool "vitamin D" "25(OH)D" --unit nmol/L --knapp
      kg pool "vitamin D" fracture --design randomized --by dose --bands 10,20
      kg pool --from docs/pooling/bcg.csv --by allocation
      kg pool --from trials.csv --measure OR --method Peto --json
    """
    model = _model(method, knapp, level, by)
    question = None
    if table is None:
        question = _question(
            intervention, outcome, measure, unit, contrast, design, against, without, subgroups,
            combinations, syntheses, convert, baseline_risk, min_confidence,
        )  # fmt: skip
    synthesis = _synthesize(question, table, measure, model, bands, out)
    if as_json:
        from kg.synthesis.report import as_object

        write_json(as_object(synthesis))
    elif as_csv:
        from kg.synthesis import report

        write_table(report.COLUMNS, report.rows(synthesis), Format.csv)
    else:
        _show(synthesis)
    for item in synthesis.left_out if not as_json else ():
        told = f": {item.told}" if item.told else ""
        complain(f"left out: {item.label}{told} — {item.reason}")


def _model(method: MethodName, knapp: bool, level: float, by: str) -> Model:
    from kg.synthesis.analysis import Model

    return Model(method.value, knapp, level, by.strip())


def _question(
    intervention: str | None,
    outcome: str | None,
    measure: str | None,
    unit: str,
    contrast: str,
    design: str,
    against: str,
    without: list[str],
    subgroups: bool,
    combinations: bool,
    syntheses: bool,
    convert: bool,
    baseline_risk: float | None,
    min_confidence: float,
) -> Question:
    from kg.synthesis.selection import POOLABLE, Question
    from kg.vocabulary import CONTRASTS

    if not intervention or not outcome:
        raise PoolError(
            "name an intervention and an outcome, or a table with --from; see kg pool --help"
        )
    if measure is not None and measure not in POOLABLE:
        raise PoolError(f"{measure} is not pooled: there are {', '.join(POOLABLE)}")
    if contrast not in ("", "any", *CONTRASTS):
        raise PoolError(
            f"no contrast is called {contrast!r}: there are {', '.join(CONTRASTS)}, any"
        )
    if convert and measure not in ("SMD", "OR"):
        raise PoolError("--convert turns SMD into OR or OR into SMD: add --measure OR or SMD")
    if baseline_risk is not None and (measure != "RR" or not 0 < baseline_risk < 1):
        raise PoolError("--baseline-risk, between 0 and 1, turns OR into RR: add --measure RR")
    return Question(
        intervention, outcome, POOLABLE.get(measure or ""), unit, contrast, design, against,
        tuple(without), subgroups, combinations, syntheses, convert, baseline_risk, min_confidence,
    )  # fmt: skip


def _synthesize(
    question: Question | None,
    table: Path | None,
    measure: str | None,
    model: Model,
    bands: str,
    out: Path,
) -> Synthesis:
    from dataclasses import replace

    from kg.synthesis.analysis import synthesize

    if question is None:
        from kg.synthesis.study_table import read_studies

        assert table is not None
        rows, usual = read_studies(table, measure)
        return synthesize(rows, measure or usual, model, table.stem.replace("-", " "))
    from kg.output import STORE
    from kg.store import Store
    from kg.synthesis.doses import band
    from kg.synthesis.selection import select_effects

    selection = select_effects(Store.open(out / STORE), question)
    contributions = selection.contributions
    if model.by == "dose":
        contributions = tuple(band(contributions, _edges(bands)))
        model = replace(model, by="dose band")
    return synthesize(contributions, selection.measure, model, question.title, selection.left_out)


def _edges(bands: str) -> list[float]:
    try:
        return [float(edge) for edge in bands.split(",") if edge.strip()]
    except ValueError as error:
        raise PoolError(f"--bands {bands}: write numbers with commas, e.g. 10,20") from error


def _show(synthesis: Synthesis) -> None:
    from kg.synthesis import report

    measure = synthesis.measure
    shown = []
    notes: dict[str, int] = {}
    for row in report.rows(synthesis):
        label, year, n, _, value, low, high, _, _, weight, told, _ = row
        mark = f"{label} [{notes.setdefault(told, len(notes) + 1)}]" if told else label
        shown.append((
            mark, year, n, report.interval_text(value, low, high, measure), f"{weight:.1f} %",
        ))  # fmt: skip
    level = f"{synthesis.pooled.level:g}"
    unit = f", {synthesis.unit}" if synthesis.unit else ""
    columns = ("study", "year", "n", f"{measure} ({level} % CI){unit}", "weight")
    write_table(columns, shown, Format.table)
    typer.echo()
    for line in report.sentences(synthesis):
        typer.echo(line)
    for told, number in notes.items():
        typer.echo(f"[{number}] {told}")


def plot(
    intervention: str | None = _INTERVENTION,
    outcome: str | None = _OUTCOME,
    kind: Kind = typer.Option(Kind.forest, "--kind", "-k", help="forest, funnel or cumulative."),
    to: list[Path] = typer.Option(
        [],
        "--to",
        "-t",
        metavar="FILE",
        help="FILE.svg or FILE.png; may be repeated. Default: KIND.svg.",
    ),
    table: Path | None = _FROM,
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
    measure: str | None = _MEASURE,
    unit: str = _UNIT,
    method: MethodName = _METHOD,
    knapp: bool = _KNAPP,
    level: float = _LEVEL,
    by: str = _BY,
    bands: str = _BANDS,
    contrast: str = _CONTRAST,
    design: str = _DESIGN,
    against: str = _AGAINST,
    without: list[str] = _WITHOUT,
    subgroups: bool = _SUBGROUPS,
    combinations: bool = _COMBINATIONS,
    syntheses: bool = _SYNTHESES,
    convert: bool = _CONVERT,
    baseline_risk: float | None = _BASELINE,
    min_confidence: float = _CONFIDENCE,
    out: Path = _OUT,
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
    files = to or [Path(f"{kind.value}.svg")]
    _check_files(files)
    if (table is not None) + (query is not None) + (intervention is not None) != 1:
        raise PoolError(
            "name an intervention and an outcome, or --from, or --query: one of the three"
        )
    model = _model(method, knapp, level, by)
    if query is not None or no_pool:
        _plot_rows(
            query,
            parameters,
            table,
            out,
            measure,
            model,
            kind,
            no_pool,
            log,
            title,
            files,
            lower,
            higher,
        )
        return
    question = None
    if table is None:
        question = _question(
            intervention, outcome, measure, unit, contrast, design, against, without, subgroups,
            combinations, syntheses, convert, baseline_risk, min_confidence,
        )  # fmt: skip
    synthesis = _synthesize(question, table, measure, model, bands, out)
    if question is not None:
        lower = lower or f"less with {question.intervention}"
        higher = higher or f"more with {question.intervention}"
    _draw(synthesis, kind, files, title, lower, higher)
    for item in synthesis.left_out:
        told = f": {item.told}" if item.told else ""
        complain(f"left out: {item.label}{told} — {item.reason}")


def _check_files(files: list[Path]) -> None:
    from kg.plots.style import FORMATS

    for file in files:
        if file.suffix.lower() not in FORMATS:
            raise PoolError(f"{file}: a picture is written as {' or '.join(FORMATS)}")


def _draw(
    synthesis: Synthesis, kind: Kind, files: list[Path], title: str, lower: str, higher: str
) -> None:
    from dataclasses import replace

    from kg.plots.forest import write_forest
    from kg.plots.funnel import write_funnel
    from kg.plots.picture import cumulative_picture, forest_picture

    shown = replace(synthesis, title=title or synthesis.title[:1].upper() + synthesis.title[1:])
    for file in files:
        if kind is Kind.funnel:
            write_funnel(shown, file)
        else:
            make = cumulative_picture if kind is Kind.cumulative else forest_picture
            write_forest(make(shown, lower, higher), file)
        complain(f"wrote {file}")


def _plot_rows(
    query: str | None,
    parameters: list[str],
    table: Path | None,
    out: Path,
    measure: str | None,
    model: Model,
    kind: Kind,
    no_pool: bool,
    log: bool,
    title: str,
    files: list[Path],
    lower: str,
    higher: str,
) -> None:
    """Draw the rows of a query or a table; pooled where all are of one measure and nobody objects."""
    from dataclasses import replace

    from kg.plots.forest import write_forest
    from kg.plots.picture import rows_picture
    from kg.statistics.scales import LOG_MEASURES
    from kg.synthesis.analysis import synthesize
    from kg.synthesis.study_table import parse_rows, read_cells

    if query is None:
        if table is None:
            raise PoolError("--no-pool draws the rows of --from or --query")
        where, header, cells = str(table), *read_cells(table)
    else:
        where, header, cells = "the query", *_ask_rows(query, parameters, out)
    named = measure if measure is not None else ("" if no_pool else None)
    rows, found, skipped = parse_rows(header, cells, where, named, lenient=True)
    for item in skipped:
        complain(f"left out: {item}")
    if no_pool or not found:
        if kind is not Kind.forest:
            raise PoolError(
                f"a {kind.value} plot needs pooled studies of one measure: name it with --measure"
            )
        picture = rows_picture(rows, title, found, log or found in LOG_MEASURES, model.level)
        for file in files:
            write_forest(replace(picture, lower=lower, higher=higher), file)
            complain(f"wrote {file}")
        return
    _draw(synthesize(rows, found, model, title), kind, files, title, lower, higher)


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
