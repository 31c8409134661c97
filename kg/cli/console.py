"""Printing: results to stdout, messages to stderr, and a table in the form that was asked for."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

DEFAULT_OUT = Path("kg-out")
_DIGITS = 6  # that a table shows of a computed number
_MADE_ID = re.compile(r"[a-z]+-[a-z2-7]{12}(?=[a-z2-7]{14}$)")
_WIDE = 160  # columns where no terminal says how many it has


class Format(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"


def complain(message: str) -> None:
    """Write a message for the person, not the program, that called."""
    typer.echo(message, err=True)


def draw(*shown: RenderableType) -> None:
    """Print what rich renders to stdout: in colour for a person, without padding for a pipe."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(*shown, sep="\n")
        return
    columns = os.environ.get("COLUMNS", "")
    width = max(40, int(columns)) if columns.isdecimal() else _WIDE
    console = Console(highlight=False, markup=False, emoji=False, width=width)
    with console.capture() as capture:
        console.print(*shown, sep="\n")
    for line in capture.get().splitlines():
        typer.echo(line.rstrip())


def write_json(value: Any) -> None:
    """Write a value as JSON, for a program to read."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    typer.echo(text.encode("utf-8", "backslashreplace").decode())  # a file name may be no UTF-8


def write_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], form: Format, empty: str = "No rows."
) -> None:
    """Write rows to stdout; `empty` is said to the person where there are none."""
    if form is Format.json:
        write_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif form is Format.table:
        if rows:
            _write_rich(columns, rows)
        else:
            complain(empty)
    else:
        writer = csv.writer(
            sys.stdout, delimiter="\t" if form is Format.tsv else ",", lineterminator="\n"
        )
        writer.writerow(columns)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])


def _write_rich(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float) for row in rows if row[index] is not None)
        table.add_column(
            column,
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=numeric or any(_is_iri(row[index]) for row in rows),
        )
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    draw(table)


def _is_iri(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith(("http://", "https://"))


def _is_long(cell: Any) -> bool:
    """Whether a number has more digits after the point than a table should show: a computed one."""
    return isinstance(cell, float) and abs(cell) < 10**_DIGITS and len(repr(cell)) > 2 * _DIGITS


def _cell(cell: Any) -> str:
    """Return a cell for the eye: one line, IRIs and computed numbers short, no control characters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    text = f"{cell:.{_DIGITS}g}" if _is_long(cell) else " ".join(str(cell).split())
    if _is_iri(text):
        from kg.prefixes import shorten
        from kg.vocabulary import DEFAULT_BASE

        text = shorten(text)
        name = str(cell).removeprefix(DEFAULT_BASE)
        if (made := _MADE_ID.match(name)) is not None:  # its start is enough for kg explain
            text = made[0]
    return "".join(character if character.isprintable() else "�" for character in text)
