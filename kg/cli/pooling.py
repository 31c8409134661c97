"""``kg pool``: what studies say together, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kg.cli.console import Format, complain, write_json, write_table
from kg.cli.option_groups import spread_options
from kg.cli.pool_options import PoolOptions

if TYPE_CHECKING:
    from kg.synthesis.analysis import Synthesis


@spread_options
def pool(
    options: PoolOptions,
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
    synthesis = options.synthesize()
    if as_json:
        from kg.synthesis.report import as_object

        write_json(as_object(synthesis))
        return
    if as_csv:
        from kg.synthesis import report

        write_table(report.COLUMNS, report.rows(synthesis), Format.csv)
    else:
        _show(synthesis)
    tell_left_out(synthesis)


def tell_left_out(synthesis: Synthesis) -> None:
    """Say on stderr what was not pooled, and why."""
    for item in synthesis.left_out:
        told = f": {item.told}" if item.told else ""
        complain(f"left out: {item.label}{told} — {item.reason}")


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
