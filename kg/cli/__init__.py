"""The command ``kg``.

Each command imports what it needs when it is called, so that ``kg --help`` and tab completion cost
little more than importing typer. Results go to stdout, all else to stderr.
"""

from __future__ import annotations

import os
import sys

import typer

from kg.cli import (
    answers,
    building,
    checking,
    checks,
    documents,
    evaluation,
    living,
    plotting,
    pooling,
    stores,
    terms,
)
from kg.errors import BuildError, KgError, PoolError, QueryError
from kg.printable import printable

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""
    A knowledge graph of clinical evidence, read from texts.

    kg build reads a folder of texts into records, a graph and a store; every number keeps the
    characters it came from. The other commands answer from what was built.

    \b
    Start here:
      kg build corpus                        read a folder into kg-out/
      kg effects "vitamin D" fractures       what the texts say, with the sentences
      kg query                               the questions that are ready to ask
      kg query dose-response -p intervention="vitamin D"
      kg show corpus/page.md                 a text with everything marked that was read from it
      kg explain effect-k3v9                 where one number came from
      kg check                               numbers that do not fit together, with the sentences

    \b
    Exit codes: 0 done; 1 some document failed, or a check asked for failed; 2 wrong usage.
    Tab completion: kg --install-completion
    """,
)
app.command("build")(building.build)
app.command("effects")(answers.effects)
app.command("query")(answers.query)
app.command("pool")(pooling.pool)
app.command("plot")(plotting.plot)
app.command("show")(documents.show)
app.command("explain")(documents.explain)
app.command("check")(checking.check)
app.command("export")(checks.export)
app.command("push")(stores.push)
app.command("watch", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(
    living.watch
)
app.command("diff")(living.diff)
app.command("validate")(checks.validate)
app.command("schema")(checks.schema)
app.command("evaluate")(evaluation.evaluate)
app.add_typer(terms.app, name="terms")


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        try:
            typer.echo(f"clinev {metadata.version('clinev')}")
        except metadata.PackageNotFoundError:  # a checkout that was never installed
            typer.echo("clinev, not installed")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_say_version, is_eager=True, help="Say the version and stop."
    ),
) -> None:
    """Hold the options of ``kg`` itself."""


def main() -> None:
    """Run the command line; errors of ours become one line and an exit code."""
    try:
        app()
    except KgError as error:
        typer.echo(printable(f"kg: {error}"), err=True)
        sys.exit(2 if isinstance(error, BuildError | PoolError | QueryError) else 1)
    except KeyboardInterrupt:
        typer.echo("kg: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of a pipe has gone: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
