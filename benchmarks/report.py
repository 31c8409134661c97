"""Tables in Markdown, and the places in the documentation where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def to_markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, its first column to the left and the others to the right.

    >>> print(to_markdown(("figure", "seeds"), [("recall", "1.00")]))
    | figure | seeds |
    | --- | ---: |
    | recall | 1.00 |
    """
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put(file: Path, name: str, text: str) -> None:
    """Write `text` between ``<!-- name -->`` and ``<!-- /name -->`` of a file.

    Raises
    ------
    ValueError
        If the file has no such place.
    """
    before = file.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not place.search(before):
        raise ValueError(f"{file.name} has no place for {name}")
    after = place.sub(lambda match: f"{match[1]}{text}\n{match[2]}", before)
    file.write_text(after, encoding="utf-8")
