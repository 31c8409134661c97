"""Tables whose cells a web page ran together, read by the order of their columns.

``Study.Year.Patients…CDASITregsYunzhi2022.13(13)NAIIMs1 million IU every other daybefore:12±7.04…``
has no mark between cells. The heads are known words; what is left of them names outcomes, in words
that the rest of the document uses too. A row begins with an author and a year, and its cells
follow the order of the heads, so that a row reads as one pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.assembly.study_columns import CELLS, HEADS, QUALIFIER, Column

#: Fewer rows than this are no table.
MIN_ROWS = 2
#: Characters between two rows of one table; a name with a year further away is prose.
MAX_GAP = 60
_ROW_START = re.compile(rf"(?P<author>{CELLS['study']})[.,]?\s*(?P<year>\(?(?:19|20)\d\d[a-d]?\)?)")
_SEPARATOR = r"[\s.,;|]*"


@dataclass(frozen=True, slots=True)
class FlatCell:
    """One cell, in view offsets."""

    column: Column
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One row, in view offsets."""

    cells: tuple[FlatCell, ...]
    start_char: int
    end_char: int


def has_rows(text: str, start: int, end: int) -> bool:
    """Whether a block names authors with years often enough to be worth reading as a table."""
    found = _ROW_START.finditer(text, start, end)
    return sum(1 for _ in zip(range(MIN_ROWS), found, strict=False)) == MIN_ROWS


def read_flat_table(text: str, start: int, end: int, vocabulary: str) -> list[FlatRow]:
    """Read the rows of a run-together table of studies in ``text[start:end]``.

    Parameters
    ----------
    text
        The view's text.
    start, end
        The block that may hold the table, caption included.
    vocabulary
        The rest of the document: names of outcome columns are words that occur there.

    Returns
    -------
    list[FlatRow]
        The rows whose cells fit the heads; empty if there are no heads or fewer than two rows.
    """
    starts = list(_ROW_START.finditer(text, start, end))
    if len(starts) < MIN_ROWS:
        return []
    columns = _read_heads(text, start, starts[0].end(), vocabulary)
    if columns is None or columns[0].kind != "study":
        return []
    rows: list[FlatRow] = []
    pattern = _row_pattern(columns)
    position = columns[-1].end_char
    while match := pattern.search(text, position, end):
        if rows and match.start() - position > MAX_GAP:
            break
        cells = tuple(FlatCell(c, *match.span(f"c{i}")) for i, c in enumerate(columns))
        rows.append(FlatRow(cells, match.start(), match.end()))
        position = match.end()
    return rows if len(rows) >= MIN_ROWS else []


def _row_pattern(columns: list[Column]) -> re.Pattern[str]:
    cells = (f"(?P<c{i}>{CELLS[c.kind]})" for i, c in enumerate(columns))
    following = rf"(?={_SEPARATOR}(?:{CELLS['study']}[.,]?\s*\(?(?:19|20)\d\d|$|[A-Z]))"
    return re.compile(_SEPARATOR.join(cells) + following)


def _read_heads(text: str, start: int, limit: int, vocabulary: str) -> list[Column] | None:
    """Return the columns whose heads stand before the first row.

    `limit` lies behind the author of the first row, who may be glued to the last head.
    """
    best: list[Column] | None = None
    for place in _study_heads(text, start, limit):
        columns = list(_heads_from(text, place, limit, vocabulary))
        kinds = [c.kind for c in columns]
        if len(columns) >= 3 and "year" in kinds and (best is None or len(columns) > len(best)):
            best = columns
    return best


def _study_heads(text: str, start: int, limit: int) -> Iterator[int]:
    pattern = dict(HEADS)["study"]
    for match in pattern.finditer(text, start, limit):
        if text[match.start()].isupper():
            yield match.start()


def _heads_from(text: str, place: int, limit: int, vocabulary: str) -> Iterator[Column]:
    """Yield heads from left to right: known ones first, then outcomes named elsewhere in the document."""
    position = place
    while position < limit:
        gap = re.compile(_SEPARATOR).match(text, position, limit)
        position = gap.end() if gap else position
        column = _known_head(text, position, limit) or _outcome_head(
            text, position, limit, vocabulary
        )
        if column is None:
            return
        yield column
        position = column.end_char


def _known_head(text: str, position: int, limit: int) -> Column | None:
    for kind, pattern in HEADS:
        match = pattern.match(text, position, limit)
        if match and text[position].isupper():
            end = match.end()
            qualifier = QUALIFIER.match(text, end, limit)
            end = qualifier.end() if qualifier else end
            if end < limit and text[end].islower() and not qualifier:
                continue  # "Studying …" starts like a head and is none
            return Column(kind, text[match.start() : match.end()], position, end)
    return None


def _outcome_head(text: str, position: int, limit: int, vocabulary: str) -> Column | None:
    """Return the longest word, or words, at a place that the document uses as words elsewhere."""
    for end in range(min(limit, position + 40), position + 1, -1):
        name = text[position:end]
        if not name[0].isalnum() or (not name[-1].isalnum() and name[-1] not in ")%"):
            continue
        if name in vocabulary and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", vocabulary):
            return Column("outcome", name, position, end)
    return None
