"""``kg build``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.console import DEFAULT_OUT, complain, write_json
from kg.printable import printable

if TYPE_CHECKING:
    from kg.build import BuildReport, Progress


def _existing(paths: list[Path]) -> list[Path]:
    """Refuse a path that leads nowhere; ``-`` is standard input."""
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise typer.BadParameter(f"Path {str(path)!r} does not exist.")
    return paths


def complete_format(incomplete: str) -> list[str]:
    """Offer the names of formats."""
    from kg.readers.formats import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def complete_engine(incomplete: str) -> list[str]:
    """Offer the names of engines."""
    return [name for name in ("local", "ray") if name.startswith(incomplete)]


def build(
    paths: list[Path] = typer.Argument(
        ...,
        metavar="PATH",
        callback=_existing,
        help="Files and folders to read; - is stdin.",
    ),
    out: Path = typer.Option(DEFAULT_OUT, "--out", "-o", help="Folder to write."),
    jobs: int = typer.Option(
        0, "--jobs", "-j", min=0, help="Processes; 0: as many as cores and corpus warrant."
    ),
    model: str | None = typer.Option(
        None,
        help='"fast" to do without the encoder (quicker, fewer links right), or an installed spaCy or'
        " scispaCy model whose entities join the mentions.",
    ),
    terms: list[str] = typer.Option(
        [],
        "--terms",
        metavar="FILE|NAME",
        help="A terminology besides the packaged lexicon: a file, or what kg terms fetch has fetched;"
        " may be repeated.",
    ),
    linker: str | None = typer.Option(
        None, help='"umls" to ask scispaCy\'s UMLS linker, where you have it, for other names.'
    ),
    keep_going: bool = typer.Option(
        True, "--keep-going/--fail-fast", help="Whether a bad document stops the build."
    ),
    exclude: list[str] = typer.Option(
        [], metavar="GLOB", help="Names or paths to pass over; may be repeated."
    ),
    include_all: bool = typer.Option(
        False, "--include-all", help="Read README, LICENSE and CHANGELOG files too."
    ),
    format: str | None = typer.Option(
        None,
        metavar="FORMAT",
        autocompletion=complete_format,
        help="Read as this format, whatever the content says (docs/sources.md names them).",
    ),
    max_mb: float = typer.Option(20.0, min=0, help="Refuse larger documents."),
    timeout: float = typer.Option(120.0, min=0, help="Seconds that one document may take."),
    min_confidence: float = typer.Option(
        0.0, min=0, max=1, help="Leave out effects held to be less certain."
    ),
    base_iri: str | None = typer.Option(None, help="Start of the IRIs of data."),
    retracted: Path | None = typer.Option(
        None,
        exists=True,
        dir_okay=False,
        metavar="FILE",
        help="DOIs and PMIDs, one a line: leave these publications out of answers.",
    ),
    engine: str = typer.Option(
        "local",
        help='"ray" reads on a cluster (clinev[ray], docs/scaling.md).',
        autocompletion=complete_engine,
    ),
    address: str | None = typer.Option(None, help="The Ray cluster's; without it, one here."),
    as_json: bool = typer.Option(False, "--json", help="Write a summary as JSON to stdout."),
) -> None:
    """Read texts into records, a graph and a store.

    Markdown, plain text, HTML, PubMed XML, JATS, RIS, BioC, tables with named columns and more are
    told by their content, also in archives and compressed; a folder is read with all that is in it.
    What was built before and has not changed is not read again. A killed build is finished by the next.

    \b
    OUT holds
      records.jsonl    what was read, one document a line
      graph.ttl        the graph, the same bytes for the same texts
      store/           the graph for kg query
      triples.nt       what the documents state, and identities.txt what tells studies apart:
                       the next build starts from them
      manifest.json    every document with its counts and seconds
      failures.jsonl   what could not be read, and why

    \b
    Examples:
      kg build corpus
      kg build pages/ notes.txt -o evidence --jobs 4
      kg build corpus --exclude 'drafts/*'
      kg build corpus --terms mesh --terms our.tsv
      kg build pubmed24n0001.xml.gz full-texts.tar.gz references.ris
      curl -s "$URL" | kg build - --format jats -o evidence
    """
    from kg.build import BuildOptions
    from kg.build import build as run
    from kg.readers.formats import NAMES

    if format is not None and format not in NAMES:
        raise typer.BadParameter(f"no format is called {format!r}: formats are {', '.join(NAMES)}")

    if engine not in ("local", "ray"):
        raise typer.BadParameter(f"no engine is called {engine!r}: there are local and ray")
    options = BuildOptions(
        jobs=jobs,
        model=model,
        terms=tuple(terms),
        linker=linker,
        keep_going=keep_going,
        exclude=tuple(exclude),
        include_all=include_all,
        max_bytes=int(max_mb * 1e6),
        timeout_s=timeout,
        base_iri=base_iri,
        min_confidence=min_confidence,
        format=format,
        engine=engine,
        address=address,
        retracted=retracted,
    )
    try:
        with _progress_bar() as on_progress:
            report = run(paths, out, options, on_progress=on_progress)
    except KeyboardInterrupt:
        complain("kg: interrupted; what was read is kept, and the same command goes on from there")
        raise typer.Exit(130) from None
    if as_json:
        write_json(report.to_json())
    _report(report, out)
    if report.failures:
        raise typer.Exit(1)


@contextmanager
def _progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Show a bar on stderr while documents are read, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}{task.fields[path]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, failed="", path="starting …")
        failed = 0

        def update(progress: Progress) -> None:
            nonlocal failed
            failed += progress.failed
            count = f"{failed} failed  " if failed else ""
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                failed=count,
                path=printable(progress.path[-50:])
                if progress.done < progress.total
                else "writing the graph …",
            )

        yield update


def _report(report: BuildReport, out: Path) -> None:
    """Tell a person what was done and what to do next."""
    for failure in report.failures[:20]:
        place = f", {failure.place}" if failure.place else ""
        complain(f"{failure.path}{place}: {failure.problem}")
    if report.about:
        complain(
            f"passed over {', '.join(report.about[:3])}{', …' if len(report.about) > 3 else ''}:"
            " about the folder (--include-all reads such files)"
        )
    if len(report.failures) > 20:
        complain(f"… and {len(report.failures) - 20} more in {out / 'failures.jsonl'}")
    if not report.complete:
        complain(f"stopped at the first failure; {out} is as it was")
        return
    counts = report.counts
    history = [f"{report.read} read"]
    for number, word in (
        (report.reused, "unchanged"),
        (report.dropped, "dropped"),
        (report.skipped, "passed over"),
        (len(report.failures), "failed"),
    ):
        if number:
            history.append(f"{number} {word}")
    complain(
        f"{report.documents} documents ({', '.join(history)}): {counts['studies']} studies,"
        f" {counts['effects']} effects, {counts['doses']} doses in {report.seconds:.1f} s → {out}/"
    )
