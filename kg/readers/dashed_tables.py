"""Tables drawn with dashes, as Pandoc writes them: simple and multi-line ones.

A line of dashes in several runs shows where the columns are; heads stand above it, rows below. In a
multi-line table a line of dashes opens and closes it, and a blank line ends each row. Converters
drop backslashes afterwards, which moves what follows on the line to the left; cells of such a line
are told by the gaps between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

_RUNS = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*$")
_FULL = re.compile(r"[ \t]*-{20,}[ \t]*$")
_RUN = re.compile(r"-+")
_GAP = re.compile(r"[ \t]{2,}")
#: Lines of heads above the dashes.
_MOST_HEADS = 8


@dataclass(frozen=True, slots=True)
class DashedTable:
    """Rows of cells, each the source stretches of its lines; `heads` of them head the columns."""

    rows: list[list[list[Span]]]
    heads: int
    after: int  # the line behind the table


def read_dashed_table(text: str, lines: list[Span], index: int) -> DashedTable | None:
    """Read the table that begins at a line, ``None`` if none does."""
    multi = bool(_FULL.match(_line(text, lines, index)))
    first = index + multi
    rule = first
    while rule < min(len(lines), first + _MOST_HEADS):
        line = _line(text, lines, rule)
        if _RUNS.match(line):
            break
        if not line.strip() and (multi or rule > first):
            return None
        rule += 1
    else:
        return None
    if rule >= len(lines) or (rule == first and not multi and not _closes(text, lines, rule)):
        return None
    start = lines[rule][0]
    runs = [(m.start(), m.end()) for m in _RUN.finditer(text[start : lines[rule][1]])]
    if len(runs) < 2:
        return None
    columns = [run[0] for run in runs]
    rows: list[list[list[Span]]] = []
    if multi:  # the lines of a head are one row of cells
        held = [_cells(text, lines[n], columns) for n in range(first, rule)]
        if held:
            rows.append(_joined(held, len(columns)))
    else:
        rows += [_cells(text, lines[n], columns) for n in range(first, rule)]
    heads = len(rows)
    at = rule + 1
    pending: list[list[list[Span]]] = []
    while at < len(lines):
        line = _line(text, lines, at)
        if _FULL.match(line) or _RUNS.match(line):
            at += 1
            break
        if not multi and not line:
            break
        if multi and not line.strip():
            if pending:
                rows.append(_joined(pending, len(columns)))
                pending = []
            elif at > rule + 1 and not _goes_on(text, lines, at):
                break
        elif line.strip():
            cells = _cells(text, lines[at], columns)
            if multi:
                pending.append(cells)
            else:
                rows.append(cells)
        at += 1
    if pending:
        rows.append(_joined(pending, len(columns)))
    if len(rows) <= heads:
        return None
    return DashedTable(rows, heads, at)


def _line(text: str, lines: list[Span], index: int) -> str:
    start, end = lines[index]
    return text[start : min(end, start + 20_000)]


def _closes(text: str, lines: list[Span], rule: int) -> bool:
    """Whether a table without heads is closed by another line of dashes."""
    for at in range(rule + 1, min(len(lines), rule + 200)):
        line = _line(text, lines, at)
        if not line.strip():
            return False
        if _RUNS.match(line):
            return True
    return False


def _goes_on(text: str, lines: list[Span], at: int) -> bool:
    """Whether a closing line of dashes is still to come behind blank lines."""
    for n in range(at, min(len(lines), at + 400)):
        line = _line(text, lines, n)
        if _FULL.match(line) or _RUNS.match(line):
            return True
        if line.strip() and not line.startswith(" "):
            return False
    return False


def _cells(text: str, span: Span, columns: list[int]) -> list[list[Span]]:
    """Cut a line at the columns; where a cell runs over a border, at its gaps."""
    start, end = span
    line = text[start:end]
    borders = columns[1:]
    if all(at >= len(line) or line[at - 1] in " \t" for at in borders):
        edges = [0, *borders, len(line)]
        found = [_trimmed(line, a, b) for a, b in pairwise(edges)]
        return [[(start + a, start + b)] if b > a else [] for a, b in found]
    cells: list[list[Span]] = [[] for _ in columns]
    column = -1
    at = 0
    pieces = [*_GAP.finditer(line), None]
    for gap in pieces:
        stop = gap.start() if gap else len(line)
        a, b = _trimmed(line, at, stop)
        if b > a:
            likely = min(
                range(column + 1, len(columns)),
                key=lambda n: (abs(columns[n] - a), n),
                default=len(columns) - 1,
            )
            cells[likely].append((start + a, start + b))
            column = likely
        at = gap.end() if gap else stop
    return cells


def _trimmed(line: str, start: int, end: int) -> Span:
    end = min(end, len(line))
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def _joined(rows: list[list[list[Span]]], width: int) -> list[list[Span]]:
    return [[piece for row in rows for piece in row[n]] for n in range(width)]
