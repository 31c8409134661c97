"""``kg terms fetch``: publishers' own releases of terminologies into the user's data folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import Format, complain, write_json, write_table

if TYPE_CHECKING:
    from kg.terminology.fetch import OnProgress


def complete_publisher(incomplete: str) -> list[str]:
    """Offer the terminologies that can be fetched."""
    from kg.terminology.publishers import PUBLISHERS

    return [name for name in PUBLISHERS if name.startswith(incomplete.lower())]


def fetch(
    names: list[str] = typer.Argument(
        None,
        metavar="[NAME]...",
        help="Terminologies; without a name, those that there are.",
        autocompletion=complete_publisher,
    ),
    url: str | None = typer.Option(
        None, help="Another address of the one terminology that is named."
    ),
    mirror: str | None = typer.Option(
        None, help="Start of an address under which the files lie by their published names."
    ),
    to: Path | None = typer.Option(
        None,
        "--to",
        metavar="FOLDER",
        help="Folder to put them; by default the user's data folder.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Write what was fetched as JSON."),
) -> None:
    """Fetch terminologies from their publishers.

    Each file is checked, its SHA-256, licence and citation are kept beside it. A download that breaks
    off goes on where it stopped; what has not changed is not sent again. The folder is
    $CLINEV_DATA/terminology, or that of the system for a user's data.

    \b
    Examples:
      kg terms fetch                                   what can be fetched, and its licence
      kg terms fetch doid chebi
      kg terms fetch mesh --mirror https://mirror.example.org/mesh
      kg build corpus --terms doid --terms chebi       then build with them
    """
    from kg.errors import QueryError
    from kg.terminology import fetch as fetching
    from kg.terminology.publishers import PUBLISHERS, find_publisher

    form = Format.json if as_json else Format.table
    if not names:
        known = [(p.name, p.title, p.about, p.licence) for p in PUBLISHERS.values()]
        write_table(("name", "title", "about", "licence"), known, form)
        return
    if url is not None and len(names) > 1:
        raise QueryError("--url is the address of one terminology; name one, or give --mirror")
    publishers = [find_publisher(name) for name in names]
    fetched = []
    for publisher in publishers:
        complain(f"{publisher.title}: {publisher.licence} ({publisher.licence_url})")
        complain(f"  cite: {publisher.citation}")
        with _progress_bar() as on_progress:
            fetched += fetching.fetch(
                publisher.name, to, url=url, mirror=mirror, on_progress=on_progress
            )
    if as_json:
        write_json([item.to_json() for item in fetched])
        return
    rows = [
        (
            item.publisher.name, "unchanged" if item.unchanged else "fetched", item.bytes, item.sha256,
            str(item.path),
        )
        for item in fetched
    ]  # fmt: skip
    write_table(("name", "state", "bytes", "sha256", "file"), rows, form)


@contextmanager
def _progress_bar() -> Iterator[OnProgress]:
    """Show a bar on stderr while bytes arrive, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda file, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def update(file: str, done: int, total: int | None) -> None:
            task = tasks.get(file)
            if task is None:
                task = tasks[file] = bar.add_task(file, total=total)
            bar.update(task, completed=done, total=total)  # type: ignore[arg-type]

        yield update
