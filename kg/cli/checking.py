"""``kg check``: what does not fit together in the numbers of the texts."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import DEFAULT_OUT, BuiltFolder, complain, draw, write_json
from kg.cli.documents import complete_document, find_document

if TYPE_CHECKING:
    from kg.records import Record
    from kg.show.findings import Told


class Severity(StrEnum):
    """How grave a finding is."""

    info = "info"
    warning = "warning"
    error = "error"


def complete_code(incomplete: str) -> list[str]:
    """Offer the codes of the checks."""
    from kg.statistics.catalogue import CATALOGUE

    return [code for code in CATALOGUE if incomplete in code]


def check(
    target: str | None = typer.Argument(
        None,
        metavar="[BUILD|DOCUMENT]",
        help="Folder that kg build wrote, or a document: path, file name or part of it. Default: --out.",
        autocompletion=complete_document,
    ),
    out: BuiltFolder = DEFAULT_OUT,
    severity: Severity = typer.Option(
        Severity.info, "--severity", "-s", help="Tell only of what is at least so grave."
    ),
    code: list[str] = typer.Option(
        [], "--code", "-c", autocompletion=complete_code, help="Only this check; may be repeated."
    ),
    fail_on: Severity | None = typer.Option(
        None, "--fail-on", help="Exit with 1 if anything at least so grave is told."
    ),
    listed: bool = typer.Option(False, "--list", help="Explain every check, with its source."),
    as_json: bool = typer.Option(False, "--json", help="Write the findings as JSON."),
) -> None:
    """Say what does not fit together in the numbers of the texts.

    Estimate, interval, p value, counts and words are compared as ranges of what their printed digits
    can stand for, so that honest rounding raises no alarm. An error cannot be right, a warning
    hardly can, an info is worth knowing.

    \b
    Examples:
      kg check                                   all that was built into kg-out/
      kg check page.md --severity warning        one document, built or not
      kg check evidence/ --fail-on error         for a script: exit code 1 on errors
      kg check -c p_decision -c grim --json
      kg check --list
    """
    from kg.show.findings import findings_of, render_findings, select
    from kg.statistics.catalogue import CATALOGUE

    if listed:
        _list(as_json)
        return
    for wanted in code:
        if wanted not in CATALOGUE:
            close = difflib.get_close_matches(wanted, CATALOGUE, 1, 0.5)
            hint = f"did you mean {close[0]}?" if close else "kg check --list names them"
            raise typer.BadParameter(f"no check is called {wanted!r}: {hint}")
    documents = 0
    found: list[Told] = []
    for record in _records(target, out):
        documents += 1
        found += select(findings_of(record), severity.value, code)
    if as_json:
        write_json([told.to_json() for told in found])
    elif found:
        draw(render_findings(found))
    counts = Counter(told.severity for told in found)
    told = ", ".join(f"{counts[name]} {name}" for name in ("error", "warning", "info") if counts[name])  # fmt: skip
    complain(f"{documents} document{'' if documents == 1 else 's'} checked: {told or 'nothing to say'}")  # fmt: skip
    if fail_on is not None and any(True for _ in select(found, fail_on.value)):
        raise typer.Exit(1)


def _records(target: str | None, out: Path) -> Iterator[Record]:
    """Yield the records of a build, or the one of a document."""
    from kg.output import Records, is_output
    from kg.statistics.checks import check_record

    folder = out if target is None else Path(target)
    if target is None or (folder.is_dir() and is_output(folder)) or folder.name == "records.jsonl":
        yield from map(check_record, Records(folder))  # also what an older version built
    else:
        yield check_record(find_document(target, out))


def _list(as_json: bool) -> None:
    from dataclasses import asdict

    from kg.show.findings import render_catalogue
    from kg.statistics.catalogue import CATALOGUE

    if as_json:
        write_json([asdict(kind) for kind in CATALOGUE.values()])
    else:
        draw(render_catalogue())
