"""Cutting the documents out of files of lines: references, PubTator, tables, JSON Lines, PubMed's text."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.readers.columns import field_of
from kg.readers.formats import PUBMED_TEXT
from kg.readers.members import Damaged, Member, Refusal, too_large
from kg.readers.xml_members import fit_for_path

_PIECE = 1 << 16


def text_of(stream: BinaryIO) -> io.TextIOWrapper:
    """Return a stream as text: UTF-8, or UTF-16 with its mark; other bytes as Windows-1252."""
    reader = stream if isinstance(stream, io.BufferedIOBase) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = reader.peek(4) if isinstance(reader, io.BufferedReader) else b""
    encoding = (
        "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    )
    from kg.readers.decode import FALLBACK

    return io.TextIOWrapper(reader, encoding, errors=FALLBACK, newline="")


def _lines(stream: BinaryIO, size_limit: int) -> Iterator[tuple[int, str | None]]:
    """Yield numbered lines with their ends; ``None`` for one longer than the limit."""
    text = text_of(stream)
    number = 0
    while line := text.readline(size_limit + 1):
        number += 1
        if len(line) > size_limit and not line.endswith("\n"):
            while line and not line.endswith("\n"):
                line = text.readline(_PIECE)
            yield number, None
        else:
            yield number, line


def split_lines(stream: BinaryIO, kind: str, size_limit: int) -> Iterator[Member | Refusal]:
    """Yield the records of a file: each begins with a line of its own kind, or ends with one."""
    if kind == "jsonl":
        yield from _json_lines(stream, size_limit)
        return
    begins, ends, named = _RULES[kind]
    held: list[str] = []
    size = 0
    start = 1
    number = 0
    over = False
    blank = True

    def cut() -> Iterator[Member | Refusal]:
        nonlocal number
        record = "".join(held)
        if over:
            number += 1
            yield Refusal(str(number), too_large(size_limit), f"line {start}")
        elif record.strip() and (kind == "pubtator" or begins.search(record)):
            number += 1
            found = named.search(record) if named is not None else None
            name = fit_for_path(found[1]) if found else None
            yield Member(name or str(number), record.encode("utf-8"), kind, f"line {start}")

    for at, line in _lines(stream, size_limit):
        if line is None:
            over = True
            continue
        opens = bool(begins.match(line)) and (blank or kind != "pubmed")
        if opens and any(begins.match(one) for one in held):
            yield from cut()
            held, size, over, start = [], 0, False, at
        size += len(line)
        if size > size_limit:
            over = True
        else:
            held.append(line)
        blank = not line.strip()
        if ends is not None and ends.match(line):
            yield from cut()
            held, size, over, start = [], 0, False, at + 1
    yield from cut()


#: First line of a record, last line, and where its name stands.
_RULES: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]] = {
    "ris": (
        re.compile(r"^[^\S\n]*TY {1,2}- ?", re.MULTILINE),
        re.compile(r"^\s*ER {1,2}-"),
        re.compile(
            r"^[^\S\n]*(?:AN|ID|U2|C5) {1,2}- ?(?:L|PMID:? ?)?(\S{1,60})[^\S\n]*$", re.MULTILINE
        ),
    ),
    "nbib": (
        re.compile(r"PMID- ?", re.MULTILINE),
        None,
        re.compile(r"^PMID- ?(\d{1,9})", re.MULTILINE),
    ),
    "pubtator": (
        re.compile(r"^\s*[\w.-]{1,40}\|t\|"),
        re.compile(r"^\s*$"),
        re.compile(r"^[^\S\n]*([\w.-]{1,40})\|[ta]\|", re.MULTILINE),
    ),
    "pubmed": (
        PUBMED_TEXT,
        None,
        re.compile(r"^PMID: ?(\d{1,9})", re.MULTILINE),
    ),
}


def _json_lines(stream: BinaryIO, size_limit: int) -> Iterator[Member | Refusal]:
    for number, line in _lines(stream, size_limit):
        place = f"line {number}"
        if line is None:
            yield Refusal(str(number), too_large(size_limit), place)
            continue
        bare = line.strip().strip("\x1e")  # RFC 7464 sets a record separator before each text
        if (number == 1 and bare == "[") or bare in ("", "]"):
            continue
        bare = bare.removesuffix(",") if bare.endswith("},") else bare
        try:
            value = json.loads(bare)
        except (ValueError, RecursionError) as error:
            yield Refusal(str(number), f"is no JSON object ({error}); repair the line", place)
            continue
        if not isinstance(value, dict):
            problem = f"is a JSON {type(value).__name__}, not an object with named fields"
            yield Refusal(str(number), problem, place)
            continue
        yield Member(_row_name(value) or str(number), bare.encode("utf-8"), "jsonl", place)


def _row_name(row: dict[str, object]) -> str | None:
    """Return what a row is called: its PubMed number, else its own identifier."""
    fields = {field_of(key): value for key, value in reversed(list(row.items()))}
    for field in ("pmid", "id"):
        value = fields.get(field)
        if isinstance(value, (str, int)) and (name := fit_for_path(str(value))):
            return name
    return None


def split_table(stream: BinaryIO, kind: str, size_limit: int) -> Iterator[Member | Refusal]:
    """Yield the rows of a table, each as a table of its own with the head row."""
    csv.field_size_limit(max(csv.field_size_limit(), size_limit))
    text = text_of(stream)
    first = text.readline(size_limit)
    separator = "\t" if kind == "tsv" else _separator(first)
    rows = csv.reader(_rest(first, text, size_limit), delimiter=separator, strict=False)
    try:
        head = next(rows)
        for number, row in enumerate(rows, 1):
            if not any(cell.strip() for cell in row):
                continue
            place = f"line {rows.line_num}"
            if len(row) > len(head):
                if any(cell.strip() for cell in row[len(head) :]):
                    problem = (
                        f"has {len(row)} cells under {len(head)} column names; "
                        "put cells that hold separators in quotation marks"
                    )
                    yield Refusal(str(number), problem, place)
                    continue
                row = row[: len(head)]
            data = _as_table(head, row, separator)
            if len(data) > size_limit:
                yield Refusal(str(number), too_large(size_limit), place)
                continue
            name = _row_name(dict(zip(head, row, strict=False)))
            yield Member(name or str(number), data, kind, place)
    except StopIteration:
        raise Damaged("holds no rows") from None
    except csv.Error as error:
        raise Damaged(f"is no table ({error}); a quotation mark may be missing", f"line {rows.line_num}") from error  # fmt: skip


def _separator(line: str) -> str:
    return max(",;\t|", key=line.count)


def _rest(first: str, text: io.TextIOWrapper, size_limit: int) -> Iterator[str]:
    line = first
    while line:
        yield line.replace("\x00", "")
        line = text.readline(size_limit)


def _as_table(head: list[str], row: list[str], separator: str) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=separator, lineterminator="\n")
    writer.writerow(head)
    writer.writerow(row)
    return made.getvalue().encode("utf-8", "replace")
