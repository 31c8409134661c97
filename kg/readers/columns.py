"""Named columns of tables and keys of JSON objects: which of them says what of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Field of a document: the names under which spreadsheets, databases and reference managers keep it.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "article title", "document title", "primary title", "ti", "paper title"),
    "abstract": (
        "abstract", "abstract note", "abstracts", "ab", "abstract text", "abstracttext", "summary",
    ),
    "text": ("text", "full text", "fulltext", "body", "content", "body text", "document", "passage"),
    "doi": ("doi", "article doi", "di", "doi link"),
    "pmid": ("pmid", "pubmed id", "pubmed", "pubmedid", "medline pmid", "pm"),
    "pmcid": ("pmcid", "pmc", "pmc id"),
    "registry": ("nct", "nct id", "nctid", "trial registration", "registry id", "registration"),
    "journal": (
        "journal", "journal title", "publication title", "source title", "journal book",
        "journal/book", "source", "publication name", "so", "secondary title",
    ),
    "year": ("year", "publication year", "pub year", "py", "year of publication"),
    "date": ("date", "publication date", "published", "pubdate"),
    "authors": ("authors", "author", "au", "author(s)", "author names", "author full names"),
    "url": ("url", "link", "links", "uri"),
    "language": ("language", "lang", "la"),
    "id": ("id", "key", "record id", "identifier", "accession number", "doc id", "document id", "uid"),
}  # fmt: skip
_FIELD = {name: field for field, names in _NAMES.items() for name in names}
_TEXTS = frozenset({"title", "abstract", "text"})


def field_of(name: str) -> str | None:
    """Return what a column holds, ``None`` if it is nothing that is read.

    Examples
    --------
    >>> field_of("Abstract_Note"), field_of("Article Title"), field_of("Shelf mark")
    ('abstract', 'title', None)
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip("\ufeff \t\"'"))
    return _FIELD.get(re.sub(r"[\s_.-]+", " ", words).strip().lower())


def is_table_of_texts(names: Iterable[str]) -> bool:
    """Whether a head row names a column with texts: an abstract or a full text."""
    fields = {field_of(name) for name in names}
    return bool(fields & {"abstract", "text"})


def is_text_row(names: Iterable[str]) -> bool:
    """Whether the keys of a JSON object name a text."""
    return is_table_of_texts(names)
