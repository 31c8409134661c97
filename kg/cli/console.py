"""Printing: results to stdout, messages to stderr, and a table in the form that was asked for."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kg.printable import escape_json, printable

if TYPE_CHECKING:
    from rich.console import RenderableType

DEFAULT_OUT = Path("kg-out")
#: The output of a build, as the commands that read it take it; its default is `DEFAULT_OUT`.
BuiltFolder = Annotated[Path, typer.Option("--out", "-o", help="Folder that kg build wrote.")]
_DIGITS = 6  # that a table shows of a computed number
_MADE_ID = re.compile(r"[a-z]+-[a-z2-7]{12}(?=[a-z2-7]{14}$)")
_LONGEST = 40  # letters of a word that a table does not break
_NARROW = 40
_GAP = 2  # columns between two columns
_WIDE = 160  # columns where no terminal says how many it has


class Format(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"


def complain(message: str) -> None:
    """Write a message for the person, not the program, that called."""
    typer.echo(printable(message), err=True)


def draw(*shown: RenderableType, width: int | None = None) -> None:
    """Print what rich renders to stdout: in colour for a person, without padding for a pipe."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(*shown, sep="\n")
        return
    console = Console(highlight=False, markup=False, emoji=False, width=width or find_width())
    with console.capture() as capture:
        console.print(*shown, sep="\n")
    for line in capture.get().splitlines():
        typer.echo(line.rstrip())


def find_width() -> int:
    """Return the columns of the terminal, or those that ``COLUMNS`` gives a pipe."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size().columns
    columns = os.environ.get("COLUMNS", "")
    return max(_NARROW, int(columns)) if columns.isdecimal() else _WIDE


def write_json(value: Any) -> None:
    """Write a value as JSON, for a program to read."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    text = text.encode("utf-8", "backslashreplace").decode()  # a file name may be no UTF-8
    typer.echo(escape_json(text))


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
        from kg.table import guard

        writer.writerow(columns)
        writer.writerows([_one_line_end(guard(cell)) for cell in row] for row in rows)


def _one_line_end(cell: Any) -> Any:
    """Return a cell that `csv` quotes: it leaves a bare carriage return, which readers take for a row's end."""
    return re.sub("\r\n?", "\n", cell) if isinstance(cell, str) else cell


def _write_rich(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = [[_cell(cell) for cell in row] for row in rows]
    numeric = [
        all(isinstance(row[index], int | float) for row in rows if row[index] is not None)
        for index in range(len(columns))
    ]
    wanted, least = [], []
    for index, column in enumerate(columns):
        cells = [column, *(row[index] for row in shown)]
        breaks = not numeric[index] and not any(_is_iri(row[index]) for row in rows)
        words = [word for cell in cells for word in cell.split()] if breaks else cells
        wanted.append(max(map(len, cells)))
        least.append(min(_LONGEST, max(map(len, words))))
    gaps = _GAP * (len(columns) - 1)
    widths = share_width(wanted, least, find_width() - gaps)
    total = sum(widths) + gaps
    table = Table(box=None, padding=(0, _GAP, 0, 0), header_style="bold", pad_edge=False)
    for column, is_number, width in zip(columns, numeric, widths, strict=True):
        fits = not sys.stdout.isatty() or total <= find_width()  # a terminal cannot be widened
        justify: Literal["right", "left"] = "right" if is_number else "left"
        table.add_column(column, justify=justify, overflow="fold", width=width if fits else None)
    for row in shown:
        table.add_row(*map(Text, row))
    draw(table, width=max(total, find_width()))


def share_width(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return the widths of columns: what each needs, and of what is left the same to each.

    >>> share_width([5, 60, 30], [5, 10, 10], 65)
    [5, 30, 30]
    >>> share_width([5, 60], [5, 10], 12)
    [5, 10]
    """
    widths = list(least)
    while sum(widths) < room:
        growing = [index for index, width in enumerate(widths) if width < wanted[index]]
        if not growing:
            break
        narrowest = min(growing, key=lambda index: widths[index])
        widths[narrowest] += 1
    return widths


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
