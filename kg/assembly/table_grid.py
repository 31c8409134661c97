"""The grid of a table: which rows head it, what each column's heads say, which rows are headings.

Spanning cells stand at each of their places (one :class:`kg.text.Cell` object), so the heads above a
column are read from top to bottom. Converters often lose spans and push heads to the left; where a
lower row of heads repeats itself (mean, SD, mean, SD …) the heads above are spread over it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg.text import Cell, Table

StatisticKind = Literal[
    "mean", "sd", "se", "median", "iqr", "range", "count", "percent", "n", "fraction", "ci", "p",
    "estimate", "change",
]  # fmt: skip

_LONGEST = 120  # characters: a longer head names more than a statistic
#: What a head says of the number below it, most telling first.
_KINDS: tuple[tuple[StatisticKind, str], ...] = (
    ("p", r"(?:adjusted\s+)?(?:p|sig\.?|significance)(?:[\s-]*(?:values?|trend|for\s+\w+))?(?:\s*[*†‡#a-c])?"),
    ("ci", r"(?:wald\s+)?(?:\d\d\s?%\s*)?(?:ci|confidence\s+intervals?)(?:\s*\(?\d\d\s?%\)?)?"),
    ("sd", r"(?:±\s*)?(?:s\.?d\.?|std\.?\s*dev(?:iation)?\.?|standard\s+deviations?)"),
    ("se", r"(?:±\s*)?(?:s\.?e\.?m?\.?|standard\s+errors?(?:\s+of\s+the\s+mean)?)"),
    ("iqr", r"iqr|interquartile\s+range"),
    ("median", r"medians?(?:\s*[\[(].*[\])])?"),
    ("mean", r"(?:adjusted\s+|ls\s+)?(?:means?|χ|x̄|x|m)(?:\s*(?:±|\(|\[|,|and|-|–).{0,40})?|average"),
    ("count", r"(?:n|no\.?|numbers?|f|frequency|events?|cases?)\s*(?:,|\(|/|\[)?\s*(?:%|n|total)?\s*[\])]?\s*%?"),
    ("fraction", r"(?:n\s*/\s*N|events?\s*/\s*(?:total|patients|n))(?:\s*\(%\))?"),
    ("percent", r"%|percent(?:ages?)?|proportions?|rates?\s*\(?%?\)?"),
    ("range", r"range|min\s*[-–]\s*max"),
)  # fmt: skip
_STATISTIC = tuple((kind, re.compile(rf"{text}\s*$", re.IGNORECASE)) for kind, text in _KINDS)
_ESTIMATE = re.compile(
    r"\b(?:(?i:differences?|(?:odds|risk|hazard|rate)\s+ratios?|relative\s+risk|effect\s+size|cohen|beta|"
    r"coefficient|statistic|test|versus|minus)|a?[OHR]R|RR|β|F|t|z|χ2|χ²|chi(?:[- ]?squared?|²|2)|df|d|η2|vs\.?)\b"
)
#: Marks of notes as Markdown raises them.
RAISED = re.compile(r"\^[^\^\s]{1,6}\^|\[[a-z]\]\(#\)")
SIZE = re.compile(r"[(\[,]?\s*\b[nN]\*?\s*=\s*(\d[\d ,]*)\s*[)\]]?")


@dataclass(frozen=True, slots=True)
class Head:
    """One head above a column: its text without a size, the size, and its place in the view."""

    text: str
    start_char: int
    end_char: int
    size: int | None = None
    kind: StatisticKind | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rows of cells under columns of heads; `heads[0]` belongs to the stubs."""

    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    stubs: int  # columns at the left that name a row


def statistic_kind(text: str) -> StatisticKind | None:
    """Return what a head says its numbers are, ``None`` if it names something else.

    Examples
    --------
    >>> statistic_kind("Mean (SD)"), statistic_kind("n (%)"), statistic_kind("Placebo")
    ('mean', 'count', None)
    """
    bare = text.strip(" :*_†‡§").strip()
    if len(bare) > _LONGEST:
        return None
    for kind, pattern in _STATISTIC:
        if pattern.fullmatch(bare):
            return kind
    return "estimate" if _ESTIMATE.search(bare) and len(bare) < 60 else None


_ENDS = re.compile(
    r"[,;:]?\s*(?P<told>[(\[]?\s*(?:(?:n|no\.?|number)\s*(?:\(\s*%\s*\)|,\s*%|/\s*%|/\s*(?-i:N)\b)|\(?%\)?|"
    r"(?:mean|median|m)\s*(?:±|\(|\[|\+/-|,)\s*(?:s\.?[de]\.?m?\.?|iqr|q1.{0,6}|range)\s*[)\]]?)\s*[)\]]?)\s*$",
    re.IGNORECASE,
)


def split_statistic(text: str) -> tuple[str, StatisticKind | None]:
    """Part a head into what it names and what its numbers are.

    Examples
    --------
    >>> split_statistic("Intervention n (%)"), split_statistic("Mean (SD)")
    (('Intervention', 'count'), ('Mean (SD)', 'mean'))
    """
    kind = statistic_kind(text) if text else None
    if kind is not None and kind != "estimate":
        return text, kind
    found = _ENDS.search(text)
    if found is None or not text[: found.start()].strip():
        return text, kind
    told = statistic_kind(
        found["told"].strip("()[] ") if "(" not in found["told"][1:] else found["told"]
    )
    return text[: found.start()].strip(" ,;:("), told or statistic_kind(found["told"].strip("( "))


def read_grid(table: Table, text_of: Callable[[Cell], str]) -> Grid | None:
    """Return the grid of a table, ``None`` where it has no body or too few columns."""
    rows = list(table.rows)
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    rows = [
        (*row, *([Cell(row[-1].end_char, row[-1].end_char)] * (width - len(row)))) for row in rows
    ]
    count = max(1, table.header_rows)
    while count < len(rows) - 1 and count < 5 and _is_head(rows[count], text_of):
        count += 1
    if count >= len(rows):
        return None
    head_rows = _spread([list(row) for row in rows[:count]], text_of)
    body = rows[count:]
    stubs = _count_stubs(body, text_of)
    heads = tuple(tuple(_heads(head_rows, column, text_of)) for column in range(width))
    return Grid(heads, tuple(tuple(row) for row in body), stubs)


def _is_head(row: Sequence[Cell], text_of: Callable[[Cell], str]) -> bool:
    """Whether a row below the first still heads columns: it names several, and holds no value."""
    shown = [text_of(cell) for cell in row]
    told = [text for text in shown if text]
    if not told:
        return True
    if any(re.match(r"[<>=]?\s*[-−–(]?\s*[.]?\d", text) for text in told):
        return False
    distinct = len({id(cell) for cell in row if text_of(cell)})
    return distinct > 1


def _spread(rows: list[list[Cell]], text_of: Callable[[Cell], str]) -> list[list[Cell]]:
    """Give heads back the columns they spanned, where a converter lost the spans.

    It pushed heads to the left: the lower row by the corner that stood for both, the upper row by
    the places it spanned. With `v` columns of values, `u` heads above and `l` below, ``v - l`` of
    those above stand alone, and the others share the ones below evenly.
    """
    for upper, lower in pairwise(rows):
        if len({id(cell) for cell in upper if text_of(cell)}) != sum(
            bool(text_of(cell)) for cell in upper
        ):
            continue  # the spans are there
        corner = text_of(lower[0])
        if corner and not text_of(lower[-1]) and (text_of(upper[0]) or statistic_kind(corner)):
            blank = Cell(lower[0].start_char, lower[0].start_char)
            lower[:] = [blank, *lower[:-1]]
        below = [n for n in range(1, len(lower)) if text_of(lower[n])]
        above = [n for n in range(1, len(upper)) if text_of(upper[n])]
        if not below or not above:
            continue
        if above == list(range(1, len(above) + 1)):
            tests = 0  # at the right below, for all arms at once
            while tests < len(below) and statistic_kind(text_of(lower[below[-1 - tests]])) in (
                "p", "estimate",
            ):  # fmt: skip
                tests += 1
            _spread_pushed(upper, above, len(below), text_of, tests)
        else:
            _fill_right(upper, above)
    return rows


def _spread_pushed(
    upper: list[Cell],
    above: Sequence[int],
    below: int,
    text_of: Callable[[Cell], str],
    tests: int,
) -> None:
    alone_count = len(upper) - 1 - below
    shared = len(above) - alone_count
    if tests and shared > 0 and (below - tests) % shared == 0:
        below -= tests
    if shared < 1 or alone_count < 0 or below % shared or below == shared:
        return
    alone = [n for n in above if statistic_kind(text_of(upper[n])) in ("p", "estimate", "ci")]
    alone += [n for n in reversed(above) if n not in alone]
    single = set(alone[:alone_count])
    step = below // shared
    made = [upper[0]]
    for n in above:
        made += [upper[n]] * (1 if n in single else step)
    blank = Cell(upper[0].end_char, upper[0].end_char)
    if len(made) <= len(upper):
        upper[:] = made + [blank] * (len(upper) - len(made))


def _fill_right(upper: list[Cell], above: Sequence[int]) -> None:
    """Repeat each head over the empty places behind it, the last as far as the widest."""
    ends = [*above[1:], len(upper)]
    widest = max((b - a for a, b in pairwise(above)), default=1)
    for start, end in zip(above, ends, strict=True):
        for n in range(start + 1, min(end, start + widest)):
            upper[n] = upper[start]


def _heads(
    rows: Sequence[Sequence[Cell]], column: int, text_of: Callable[[Cell], str]
) -> list[Head]:
    found: list[Head] = []
    for row in rows:
        cell = row[column]
        text = RAISED.sub("", text_of(cell))
        if not text or any(
            (h.start_char, h.end_char) == (cell.start_char, cell.end_char) for h in found
        ):
            continue
        size = SIZE.search(text)
        bare = SIZE.sub(" ", text).strip(" ,;:*_()") if size else text.strip(" *_")
        digits = re.sub(r"\D", "", size[1]) if size else ""
        bare, kind = split_statistic(" ".join(bare.split()))
        size_told = int(digits) if digits else None
        found.append(Head(bare, cell.start_char, cell.end_char, size_told, kind))
    return found


def _count_stubs(body: Sequence[Sequence[Cell]], text_of: Callable[[Cell], str]) -> int:
    """Return how many columns at the left hold words in most rows."""
    stubs = 1
    width = len(body[0])
    while stubs < min(3, width - 1):
        texts = [t for row in body if (t := text_of(row[stubs]))]
        numeric = [t for t in texts if re.match(r"[<>≤≥=]?\s*[-−–+]?\s*[\d.]", t)]
        if not texts or len(numeric) > 0.3 * len(texts):
            break
        stubs += 1
    return stubs
