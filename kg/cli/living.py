"""``kg watch`` and ``kg diff``: a corpus that changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.console import complain, write_json
from kg.cli.network import AUTH_OPTION, USER_OPTION
from kg.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

    from kg.diff import Difference
    from kg.findings import Finding


def watch(
    context: typer.Context,
    push_to: str | None = typer.Option(
        None, "--push", metavar="URL", help="Bring this store up to date after each build."
    ),
    update: bool = typer.Option(False, "--update", help="The store takes SPARQL updates."),
    user: str | None = USER_OPTION,
    auth: str = AUTH_OPTION,
    quiet: float = typer.Option(
        1.0, min=0.05, help="Seconds without a change after which a build starts."
    ),
) -> None:
    """Build now, and again whenever a text changes, comes or goes; Ctrl-C stops.

    Takes the paths and options of kg build. Only what changed is read again; the output is replaced
    in one step, so that who asks it meanwhile sees the old one or the new one.

    \b
    Examples:
      kg watch corpus
      kg watch pages -o evidence --jobs 4 --exclude 'drafts/*'
      kg watch corpus --push http://localhost:7878/store
    """
    from kg.errors import KgError
    from kg.watch import Interest, changes

    build = _build_command()
    arguments = context.args
    if not arguments:
        raise typer.BadParameter("name what to build, as for kg build: kg watch corpus")
    given = build.make_context("build", list(arguments)).params
    paths, out = [Path(path) for path in given["paths"]], Path(given["out"])
    if Path("-") in paths:
        raise typer.BadParameter("standard input cannot be watched: name files and folders")

    def run() -> None:
        try:
            code = build.main(list(arguments), prog_name="kg build", standalone_mode=False)
            if code == 130:
                raise KeyboardInterrupt
            if push_to is not None:
                from kg.cli.stores import push_build, say_pushed

                say_pushed(push_build(push_to, out, update, user, auth))
        except KgError as error:  # told, and tried again at the next change
            complain(f"kg: {error}")
        except typer.BadParameter as error:  # a named file is gone, perhaps for a moment
            complain(f"kg: {error.format_message()}")

    try:
        for changed in changes(Interest(paths, out), quiet):
            if changed:
                complain(f"{_names(changed)} changed")
            run()
            if not changed:
                complain(f"watching {', '.join(map(str, paths))}; Ctrl-C stops")
    except KeyboardInterrupt:
        complain("kg: stopped; what was built is whole")


def _build_command() -> click.Command:
    """Return ``kg build`` as it is registered, with all its options."""
    from typer.main import get_command

    from kg.cli import app

    group: Any = get_command(app)
    command: click.Command = group.commands["build"]
    return command


def _names(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"


def complete_kind() -> list[str]:
    """Offer the kinds of finding."""
    return ["effect", "dose", "recommendation"]


def diff(
    one: Path = typer.Argument(..., metavar="A", exists=True, help="Folder that kg build wrote."),
    other: Path = typer.Argument(..., metavar="B", exists=True, help="The same, later."),
    kinds: list[str] = typer.Option(
        [],
        "--kind",
        "-k",
        autocompletion=complete_kind,
        help="effect, dose or recommendation; may be repeated. Default: all.",
    ),
    exit_code: bool = typer.Option(False, "--exit-code", help="Exit with 1 if anything differs."),
    as_json: bool = typer.Option(False, "--json", help="Write the difference as JSON."),
) -> None:
    """Say which findings of two builds were added, changed or are gone.

    A finding is found again by its study and by what it says, so that an edit elsewhere in the text
    is no difference; each change names the field, from what and to what.

    \b
    Examples:
      cp -r kg-out before; kg build corpus; kg diff before kg-out
      kg diff before kg-out --kind effect --json
      kg diff before kg-out --exit-code > changes.txt

    Exit code 0; with --exit-code 1 when something differs.
    """  # fmt: skip
    from kg.diff import diff as run
    from kg.findings import KINDS

    for kind in kinds:
        if kind not in KINDS:
            raise typer.BadParameter(f"no finding is called {kind!r}: there are {', '.join(KINDS)}")
    found = run(one, other, kinds or KINDS)
    if as_json:
        write_json(found.to_json())
    else:
        _write_difference(found)
    documents = (
        f"documents: {len(found.documents_added)} added, {len(found.documents_changed)} changed,"
        f" {len(found.documents_gone)} gone"
    )
    complain(
        f"findings: {len(found.added)} added, {len(found.changed)} changed, {len(found.gone)} gone,"
        f" {found.unchanged} unchanged; {documents}"
    )
    if exit_code and found:
        raise typer.Exit(1)


def _write_difference(found: Difference) -> None:
    shown: list[tuple[Finding, str, str, dict[str, tuple[Any, Any]]]]
    shown = [(item, "+", "added", {}) for item in found.added]
    shown += [(item, "-", "gone", {}) for item in found.gone]
    shown += [(change.after, "~", "changed", change.fields) for change in found.changed]
    shown.sort(key=lambda row: (row[0].document, row[0].study_label, row[0].kind, row[0].says))
    heading: tuple[str, str] | None = None
    for item, sign, what, fields in shown:
        if heading != (item.document, item.study_label):
            heading = (item.document, item.study_label)
            typer.echo(printable(f"{item.document} · {item.study_label}"))
        typer.echo(printable(f"  {sign} {what:<7} {item.kind} {item.says}"))
        for name, (old, new) in fields.items():
            typer.echo(printable(f"      {name.replace('_', ' ')}: {_value(old)} → {_value(new)}"))


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, float):
        from kg.describe import say_number

        return say_number(value)
    return str(value)
