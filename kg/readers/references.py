"""References with tags: RIS as reference managers and Embase write it, and PubMed's own form.

RIS: https://github.com/aurimasv/translators/wiki/RIS-Tag-Map (the union of what programs write);
PubMed: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, Publication
from kg.readers.decode import decode
from kg.readers.parts import (
    add_abstract,
    add_head,
    add_registrations,
    clean_doi,
    clean_pmcid,
    iso_date,
    turned,
    year_of,
)
from kg.text import Reading

#: Tag → its values, each with the line it stands on.
Tags = dict[str, list[tuple[str, int]]]

_RIS_TAG = re.compile(r"\s{0,4}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)$")
_NBIB_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)$")


def read_ris(data: bytes, path: str) -> Reading:
    """Read one reference.

    Raises
    ------
    DocumentError
        If it has no ``TY`` tag, or neither title nor abstract.
    """
    text, _ = decode(data, path)
    tags = _parse(text, _RIS_TAG, keep_lines=True)
    if "TY" not in tags:
        raise DocumentError(path, "has no line 'TY  - …'; is it RIS?", place="line 1")
    known = Publication()
    known.title = _one(tags, "TI", "T1", "CT", "BT")
    known.doi = clean_doi(_one(tags, "DO", "DI")) or _doi_in(tags, "UR", "L3", "M3", "N1", "L2")
    known.journal = _one(tags, "JF", "T2", "JO", "JA", "J2", "J1")
    date = _one(tags, "PY", "Y1", "DA")
    known.year = year_of(date)
    known.published = _ris_date(_one(tags, "DA") or "") or _ris_date(date or "")
    known.authors = [name for value, _ in _all(tags, "AU", "A1") if (name := turned(value))]
    known.url = next((v for v, _ in _all(tags, "UR", "L1", "L2") if v.startswith("http")), None)
    known.pmid = _pmid(tags)
    pmcid = next((v for v, _ in _all(tags, "C2") if re.match(r"PMC\d", v)), None)
    known.pmcid = clean_pmcid(pmcid) if pmcid else None
    known.language = _language(_one(tags, "LA"))
    pages = "-".join(p for p in (_one(tags, "SP"), _one(tags, "EP")) if p)
    details = _details(_one(tags, "VL"), _one(tags, "IS"), pages)
    return _assemble(tags, known, ("AB", "N2"), ("KW",), details, data, path, "ris")


def read_nbib(data: bytes, path: str) -> Reading:
    """Read one record of PubMed's tagged form.

    Raises
    ------
    DocumentError
        If it has no ``PMID`` tag, or neither title nor abstract.
    """
    text, _ = decode(data, path)
    tags = _parse(text, _NBIB_TAG, keep_lines=False)
    if "PMID" not in tags:
        raise DocumentError(path, "has no line 'PMID- …'; is it PubMed's form?", place="line 1")
    known = Publication()
    known.title = (_one(tags, "TI", "BTI", "TT") or "").strip("[]").rstrip(".").rstrip("]") or None
    known.pmid = _one(tags, "PMID")
    pmcid = _one(tags, "PMC")
    known.pmcid = clean_pmcid(pmcid) if pmcid else None
    for value, _ in _all(tags, "LID", "AID", "SO"):
        if "[doi]" in value or "doi:" in value:
            known.doi = known.doi or clean_doi(value.replace("[doi]", ""))
    known.journal = _one(tags, "JT", "TA")
    date = _one(tags, "DP") or _one(tags, "DEP") or ""
    known.year = year_of(date)
    known.published = iso_date(*[*date.split(), "", "", ""][:3])
    known.authors = [name for value, _ in _all(tags, "FAU") if (name := turned(value))]
    known.authors = known.authors or [value for value, _ in _all(tags, "AU")]
    known.authors += [value for value, _ in _all(tags, "CN")]
    known.language = _language(_one(tags, "LA"))
    known.registry_ids = [
        value.partition("/")[2]
        for value, _ in _all(tags, "SI")
        if value.split("/")[0] in ("ClinicalTrials.gov", "ISRCTN", "ANZCTR", "ChiCTR", "EudraCT")
    ]
    details = _details(_one(tags, "VI"), _one(tags, "IP"), _one(tags, "PG") or "")
    return _assemble(tags, known, ("AB", "OAB"), ("OT",), details, data, path, "nbib")


def _parse(text: str, pattern: re.Pattern[str], *, keep_lines: bool) -> Tags:
    """Return the values of each tag; a line without a tag goes on with the value before it."""
    tags: Tags = {}
    last: list[tuple[str, int]] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        found = pattern.match(line.rstrip())
        if found is not None:
            last = tags.setdefault(found[1], [])
            last.append(((found[2] or "").strip(), number))
        elif last and line.strip():
            value, at = last[-1]
            joint = "\n" if keep_lines and value else " "
            last[-1] = (f"{value}{joint}{line.strip()}".strip(), at)
    return {tag: [(v, n) for v, n in values if v] for tag, values in tags.items()}


def _all(tags: Tags, *names: str) -> Iterable[tuple[str, int]]:
    return [value for name in names for value in tags.get(name, ())]


def _one(tags: Tags, *names: str) -> str | None:
    return next((" ".join(value.split()) for value, _ in _all(tags, *names)), None)


def _doi_in(tags: Tags, *names: str) -> str | None:
    return next((d for v, _ in _all(tags, *names) if "10." in v and (d := clean_doi(v))), None)


def _pmid(tags: Tags) -> str | None:
    """Return the PubMed number: programs keep it in one of several tags."""
    for name, pattern in (
        ("AN", r"(?:PMID:? ?)?(\d{6,9})"), ("C5", r"(\d{6,9})"), ("ID", r"(?:PMID:? ?)(\d{6,9})"),
        ("N1", r".*?\bPMID:? ?(\d{6,9}).*"), ("M2", r"(?:PMID:? ?)(\d{6,9})"),
        ("UR", r"https?://(?:www\.ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(\d{6,9}).*"),
    ):  # fmt: skip
        for value, _ in tags.get(name, ()):
            found = re.fullmatch(pattern, value, re.DOTALL)
            if found and not (name == "AN" and "embase" in (_one(tags, "DB", "DP") or "").lower()):
                return found[1]
    return None


def _ris_date(text: str) -> str | None:
    """Return ``YYYY/MM/DD/other`` as ISO writes it."""
    parts = [*re.split(r"[/-]", text), "", "", ""]
    return iso_date(*parts[:3])


def _language(text: str | None) -> str | None:
    return "en" if text and text.strip().lower() in ("english", "eng", "en") else None


def _details(volume: str | None, issue: str | None, pages: str) -> str:
    return (
        (f";{volume}" if volume else "")
        + (f"({issue})" if issue else "")
        + (f":{pages}" if pages else "")
    )


def _assemble(
    tags: Tags, known: Publication, abstracts: tuple[str, ...], keywords: tuple[str, ...],
    details: str, data: bytes, path: str, format: str,
) -> Reading:  # fmt: skip
    assembler = Assembler()
    places = {}
    for name, candidates in (
        ("title", ("TI", "T1")), ("authors", ("AU", "A1", "FAU")), ("journal", ("JF", "T2", "JO", "JT")),
    ):  # fmt: skip
        for tag in candidates:
            if tags.get(tag):
                places[name] = f"{tag}, line {tags[tag][0][1]}"
                break
    if known.title:
        known.title = known.title.rstrip(".") if format == "nbib" else known.title
    add_head(assembler, known, places, details)
    for tag in abstracts:
        for value, line in tags.get(tag, ())[:1]:
            add_abstract(assembler, value, f"{tag}, line {line}")
            add_registrations(known, value)
        if tags.get(tag):
            break
    words = [value for value, _ in _all(tags, *keywords)]
    if words:
        assembler.add(f"Keywords: {'; '.join(words)}", "keywords", source=keywords[0])
    return assembler.finish(data, path, format, known)
