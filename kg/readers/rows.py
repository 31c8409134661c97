"""Rows with named columns: CSV, TSV and JSON Lines; the names are told in :mod:`kg.readers.columns`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, Publication, fold
from kg.readers.columns import field_of
from kg.readers.decode import decode
from kg.readers.parts import (
    add_abstract,
    add_head,
    add_registrations,
    clean_doi,
    clean_pmcid,
    section_for,
    turned,
    year_of,
)
from kg.text import Reading


def read_csv(data: bytes, path: str) -> Reading:
    """Read the first row of a table."""
    return _read_table(data, path, "csv")


def read_tsv(data: bytes, path: str) -> Reading:
    """Read the first row of a table with tabs."""
    return _read_table(data, path, "tsv")


def _read_table(data: bytes, path: str, format: str) -> Reading:
    text, _ = decode(data, path)
    first = text.split("\n", 1)[0]
    separator = "\t" if format == "tsv" else max(",;\t|", key=first.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    head = next(rows, [])
    row = next(rows, None)
    if row is None:
        raise DocumentError(path, "holds a head row and no other")
    return _read_row(zip(head, row, strict=False), data, path, format, "column ")


def read_json_line(data: bytes, path: str) -> Reading:
    """Read one JSON object.

    Raises
    ------
    DocumentError
        If it is no object, or no field of it holds a text.
    """
    text, _ = decode(data, path)
    try:
        value = json.JSONDecoder().raw_decode(text.strip().lstrip("["))[0]
    except ValueError as error:
        raise DocumentError(path, f"is no JSON ({error}); repair it") from error
    if not isinstance(value, dict):
        raise DocumentError(path, "is no JSON object with named fields")
    return _read_row(value.items(), data, path, "jsonl", "/")


def _read_row(
    cells: Iterable[tuple[str, object]], data: bytes, path: str, format: str, place: str
) -> Reading:
    fields: dict[str, object] = {}
    names: dict[str, str] = {}
    for name, cell in cells:
        field = field_of(name)
        if field is not None and field not in fields and cell not in (None, "", [], {}):
            fields[field], names[field] = cell, f"{place}{name}"
    if not {"title", "abstract", "text"} & fields.keys():
        raise DocumentError(
            path,
            "has no column called title, abstract or text; name one of its columns so"
            " (docs/sources.md lists the names that are understood)",
        )
    known = Publication()
    known.title = fold(_text(fields.get("title"))) or None
    known.doi = clean_doi(_text(fields.get("doi")))
    pmid = re.search(r"\d{1,9}", _text(fields.get("pmid")))
    known.pmid = pmid[0] if pmid else None
    known.pmcid = clean_pmcid(_text(fields.get("pmcid"))) if "pmcid" in fields else None
    known.journal = fold(_text(fields.get("journal"))) or None
    date = _text(fields.get("date"))
    known.year = year_of(_text(fields.get("year"))) or year_of(date)
    known.published = date or None
    known.authors = _authors(fields.get("authors"))
    known.url = _text(fields.get("url")) or None
    language = _text(fields.get("language")).lower()
    known.language = language if re.fullmatch("[a-z]{2}", language) else None
    assembler = Assembler()
    add_head(assembler, known, names)
    abstract, body = _text(fields.get("abstract")), _text(fields.get("text"))
    add_registrations(known, f"{_text(fields.get('registry'))} {abstract}")
    if abstract and abstract not in body:
        add_abstract(assembler, abstract, names["abstract"])
    if body:
        _body(assembler, body, names["text"])
    return assembler.finish(data, path, format, known)


def _text(value: object) -> str:
    """Return a cell as text; a list as its parts, one a line."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, list):
        return "\n\n".join(_text(one) for one in value)
    if isinstance(value, dict):
        return "\n\n".join(
            f"{name}: {_text(one)}" if section_for(str(name)) else _text(one)
            for name, one in value.items()
        )
    return ""


def _authors(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for one in value if (name := turned(_text(one)))]
    text = _text(value)
    if ";" in text or "|" in text:
        return [name for one in re.split(r"[;|]", text) if (name := turned(one))]
    return [name for one in text.rstrip(".").split(",") if (name := fold(one))]


def _body(assembler: Assembler, text: str, place: str) -> None:
    """Add a full text: lines that are labels head what follows them."""
    section = "body"
    for paragraph in re.split(r"\n\s*\n|\n(?=[A-Z][^\n]{2,60}\n)", text):
        first, _, rest = paragraph.strip().partition("\n")
        opened = section_for(first.strip("#* ")) if len(first) < 90 else None
        if opened is not None:
            section = opened
            assembler.add(first.strip("#* "), section, kind="heading", level=2, source=place)
            paragraph = rest
        if section == "body":
            before = assembler.last_block
            add_abstract(assembler, paragraph, place)
            if before is not None and assembler.last_block is not None:
                section = assembler.section_of(assembler.last_block)
                section = "body" if section == "abstract" else section
        else:
            assembler.add(paragraph, section, source=place)
