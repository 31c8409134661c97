"""``kg push``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import DEFAULT_OUT, BuiltFolder, complain, write_json
from kg.cli.network import AUTH_OPTION, USER_OPTION, connect

if TYPE_CHECKING:
    from kg.remote.push import PushReport, Step


def push(
    url: str = typer.Argument(..., metavar="URL", help="The store's address for graphs."),
    out: BuiltFolder = DEFAULT_OUT,
    update: bool = typer.Option(
        False, "--update", help="URL takes SPARQL updates: for stores without graph addresses."
    ),
    user: str | None = USER_OPTION,
    auth: str = AUTH_OPTION,
    everything: bool = typer.Option(False, "--all", help="Send what is unchanged too."),
    dry_run: bool = typer.Option(
        False, "--dry-run", "-n", help="Say what would be sent and deleted; send nothing."
    ),
    timeout: float = typer.Option(300.0, min=1, help="Seconds without a sign of the store."),
    as_json: bool = typer.Option(False, "--json", help="Write what was done as JSON."),
) -> None:
    """Bring a store on the network up to date with a build.

    Each document is a graph of its own in the store. Sent is what changed since the last push,
    deleted what is gone; a push that was cut goes on where it was. What the store has confirmed is
    noted beside OUT, in .OUT.pushed/; no graph of anybody else is touched.

    A password comes from CLINEV_PASSWORD, ~/.netrc or a prompt, a bearer token from CLINEV_TOKEN.

    \b
    Examples:
      kg push http://localhost:7878/store                                   Oxigraph
      kg push http://localhost:3030/ds/data                                 Fuseki
      kg push http://localhost:7200/repositories/kg/rdf-graphs/service      GraphDB
      kg push http://localhost:8890/sparql-graph-crud-auth --user dba       Virtuoso
      kg push http://localhost:7878/update --update --dry-run

    Exit code 1 when a document was refused.
    """
    try:
        report = push_build(url, out, update, user, auth, everything, dry_run, timeout)
    except KeyboardInterrupt:
        complain("kg: interrupted; what was sent is noted, and the same command goes on from there")
        raise typer.Exit(130) from None
    if as_json:
        write_json(report.to_json())
    say_pushed(report)
    if report.failed:
        raise typer.Exit(1)


def push_build(
    url: str,
    out: Path,
    update: bool = False,
    user: str | None = None,
    auth: str = "auto",
    everything: bool = False,
    dry_run: bool = False,
    timeout: float = 300.0,
) -> PushReport:
    """Push an output folder; how far it is is shown to a person who watches."""
    from kg.document_graphs import DocumentGraph, document_graphs, known_from
    from kg.errors import BuildError
    from kg.manifest import read_entries, read_head
    from kg.output import IDENTITIES, Records, is_output
    from kg.remote.ledger import Ledger, ledger_path
    from kg.remote.push import push as run
    from kg.remote.targets import GraphStore, UpdateStore
    from kg.versions import graphs_version
    from kg.vocabulary import DEFAULT_BASE

    if not is_output(out):
        raise BuildError(f"{out}: holds no finished build: run kg build first, or name it with -o")
    head = read_head(out)
    base_iri = head.get("base_iri") or DEFAULT_BASE
    total = sum(entry.get("status") == "ok" for entry in read_entries(out))

    def graphs() -> Iterator[DocumentGraph]:
        told = IDENTITIES in head.get("files", {})  # who is who was found out by the build
        yield from document_graphs(
            Records(out), base_iri, known_from(read_entries(out)) if told else None
        )

    with (
        connect(url, user, auth, timeout) as connection,
        Ledger(ledger_path(out, url)) as ledger,
        _progress_bar(total) as on_step,
    ):
        return run(
            graphs(),
            UpdateStore(connection) if update else GraphStore(connection),
            ledger,
            store=url,
            build=graphs_version(head),
            everything=everything,
            dry_run=dry_run,
            on_step=on_step,
            tell=complain,
        )


def say_pushed(report: PushReport) -> None:
    """Tell a person what was sent."""
    for failure in report.failed[:20]:
        complain(f"{failure['path']}: {failure['problem']}")
    if len(report.failed) > 20:
        complain(f"… and {len(report.failed) - 20} more")
    counts = [f"{len(report.sent)} {'to send' if report.dry_run else 'sent'}"]
    if report.unchanged:
        counts.append(f"{report.unchanged} unchanged")
    if report.deleted:
        counts.append(f"{len(report.deleted)} {'to delete' if report.dry_run else 'deleted'}")
    if report.failed:
        counts.append(f"{len(report.failed)} refused")
    complain(
        f"{report.documents} documents ({', '.join(counts)}), {report.statements} statements in"
        f" {report.seconds:.1f} s → {report.store}"
    )


@contextmanager
def _progress_bar(total: int) -> Iterator[Callable[[Step], None]]:
    """Show a bar on stderr while graphs are sent, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("sending"), BarColumn(), MofNCompleteColumn(), Remaining(),
        TextColumn("{task.fields[path]}", markup=False),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sending", total=total, path="putting the graphs together …")
        yield lambda step: bar.update(task, completed=step.done, path=step.path[-50:])
