"""Tables with named columns → concept entries: plain TSV and CSV, and SSSOM mappings.

A plain table needs ``curie`` (or ``id``) and ``label`` (or ``name``); ``synonyms`` (or ``names``),
``abbreviations``, ``xrefs``, ``parents`` (or ``broader``), ``kind`` and ``source`` may be there. Lists are
joined by ``|``. Without ``kind`` a file of the name of one holds that kind: ``chemical.tsv``. SSSOM (https://mapping-commons.github.io/sssom/) says which concepts of two
vocabularies are the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

from kg.terminology.curie import clean_curie, iri_to_curie, kind_of
from kg.terminology.entry import KINDS, ConceptEntry, Kind, TerminologyError, make_entry

#: Column of ours → how a table may call it.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "curie": ("curie", "id", "identifier"),
    "label": ("label", "name", "preferred_label", "prefLabel"),
    "names": ("synonyms", "names", "aliases", "altLabel"),
    "abbreviations": ("abbreviations", "short_forms"),
    "xrefs": ("xrefs", "exactMatch"),
    "broader": ("parents", "broader"),
    "kind": ("kind", "type"),
    "source": ("source",),
}
_EXACT = frozenset({"skos:exactMatch", "owl:equivalentClass", "owl:sameAs"})
_BROAD = frozenset({"skos:broadMatch", "rdfs:subClassOf"})
_NARROW = frozenset({"skos:narrowMatch"})


def read_table(stream: BinaryIO, file: str, *, home: str, source: str) -> Iterator[ConceptEntry]:
    """Read a table; the header tells a plain one from SSSOM, and tabs from commas.

    Parameters
    ----------
    stream, file
        The content (UTF-8), and the file's name for messages.
    home
        Prefix of identifiers that have none: ``7`` in ``foods.tsv`` is ``foods:7``.
    source
        For rows without a ``source``.

    Raises
    ------
    TerminologyError
        If columns are missing or a row cannot be read; it names the line and what would do.
    """
    lines = _numbered(stream, file)
    number, header, prefixes = _header(lines, file)
    delimiter = "\t" if "\t" in header else ","
    columns = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
    if "subject_id" in columns and "object_id" in columns:
        yield from _sssom(lines, file, columns, delimiter, prefixes, source)
    else:
        yield from _plain(lines, file, number, columns, delimiter, home, source)


def _numbered(stream: BinaryIO, file: str) -> Iterator[tuple[int, str]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n")
    number = 0
    try:
        for number, line in enumerate(text, 1):
            yield number, line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise TerminologyError(
            f"{file}, line {number + 1}: not UTF-8 ({error.reason}); save the table as UTF-8"
        ) from error


def _header(lines: Iterator[tuple[int, str]], file: str) -> tuple[int, str, dict[str, str]]:
    """Return the header line and the prefixes of the comment lines before it (SSSOM's metadata)."""
    import yaml

    comments: list[str] = []
    for number, line in lines:
        if line.startswith("#"):
            comments.append(line[1:].removeprefix(" ") if line.startswith("# ") else line[1:])
        elif line.strip():
            try:
                about = yaml.safe_load("\n".join(comments)) if comments else {}
            except yaml.YAMLError:
                about = {}
            found = about.get("curie_map") if isinstance(about, dict) else None
            prefixes = {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
            return number, line, prefixes
    raise TerminologyError(f"{file}: is empty; a table needs a header line")


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == "\t":
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _plain(
    lines: Iterable[tuple[int, str]], file: str, header: int, columns: list[str], delimiter: str,
    home: str, source: str,
) -> Iterator[ConceptEntry]:  # fmt: skip
    by_lower = {name.lower(): index for index, name in enumerate(columns)}
    places: dict[str, int] = {}
    for ours, theirs in _COLUMNS.items():
        for name in theirs:
            if name.lower() in by_lower:
                places.setdefault(ours, by_lower[name.lower()])
    for needed in ("curie", "label"):
        if needed not in places:
            raise TerminologyError(
                f"{file}, line {header}: has no column {' or '.join(_COLUMNS[needed])}, but"
                f" {', '.join(columns)[:120]}; name the columns in the first line"
            )
    of_all: Kind | None = home if home in KINDS else None
    number = 0
    for line_number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        cells = _cells(line, delimiter)
        if len(cells) < 1 + max(places["curie"], places["label"]):
            raise TerminologyError(
                f"{file}, line {line_number}: {len(cells)} cells, {len(columns)} columns in the header"
            )
        row = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        curie = _curie(row["curie"], home)
        if curie is None or not row["label"]:
            wrong = f"{row['curie']!r} is no CURIE" if curie is None else f"{curie} has no label"
            raise TerminologyError(
                f"{file}, line {line_number}: {wrong}; write prefix:identifier and a label"
            )
        kind = row.get("kind", "")
        number += 1
        yield make_entry(
            curie, row["label"], kind if kind in KINDS else of_all or kind_of(curie),
            names=_list(row.get("names")), abbreviations=_list(row.get("abbreviations")),
            xrefs=filter(None, (_curie(item) for item in _list(row.get("xrefs")))),
            broader=filter(None, (_curie(item, home) for item in _list(row.get("broader")))),
            source=row.get("source") or source,
        )  # fmt: skip
    if number == 0:
        raise TerminologyError(f"{file}: has a header, but no row")


def _list(cell: str | None) -> list[str]:
    return [item for item in (cell or "").split("|") if item.strip()]


def _curie(text: str, home: str = "") -> str | None:
    if "://" in text:
        return iri_to_curie(text, home=home)
    return clean_curie(text if ":" in text or not home else f"{home}:{text}")


def _sssom(
    lines: Iterable[tuple[int, str]], file: str, columns: list[str], delimiter: str,
    prefixes: dict[str, str], source: str,
) -> Iterator[ConceptEntry]:  # fmt: skip
    """Yield an entry for each mapping, seen from both sides; those of one id are joined later."""
    if "predicate_id" not in columns:
        raise TerminologyError(f"{file}: an SSSOM table needs the column predicate_id")
    number = 0
    for line_number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        cells = _cells(line, delimiter)
        row = dict(zip(columns, cells, strict=False))
        ends = [_expand(row.get(name, ""), prefixes) for name in ("subject_id", "object_id")]
        if None in ends:
            wrong = row.get("subject_id" if ends[0] is None else "object_id", "")
            raise TerminologyError(f"{file}, line {line_number}: {wrong!r} is no CURIE")
        subject, object_ = cast("tuple[str, str]", tuple(ends))
        number += 1
        if row.get("predicate_modifier") == "Not":
            continue
        labels = row.get("subject_label", ""), row.get("object_label", "")
        predicate = row.get("predicate_id", "")
        if predicate in _EXACT:
            yield _mapped(subject, labels[0], source, xref=object_)
            yield _mapped(object_, labels[1], source, xref=subject)
        elif predicate in _BROAD:
            yield _mapped(subject, labels[0], source, broader=object_)
        elif predicate in _NARROW:
            yield _mapped(object_, labels[1], source, broader=subject)
    if number == 0:
        raise TerminologyError(f"{file}: has a header, but no mapping")


def _expand(text: str, prefixes: dict[str, str]) -> str | None:
    prefix, colon, name = text.partition(":")
    if colon and prefix in prefixes and (found := iri_to_curie(prefixes[prefix] + name)):
        return found
    return _curie(text)


def _mapped(
    curie: str, label: str, source: str, xref: str | None = None, broader: str | None = None
) -> ConceptEntry:
    """Return what one mapping says of one concept; without a label it can only add to another entry."""
    return ConceptEntry(
        curie, " ".join(label.split()), kind_of(curie), xrefs=(xref,) if xref else (),
        broader=(broader,) if broader else (), source=source,
    )  # fmt: skip
