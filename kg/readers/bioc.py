"""BioC (Comeau et al. 2013, doi:10.1093/database/bat064), XML and JSON: passages with what they are.

Read are the passages and what their ``infons`` say; annotations and relations are not, for what a
text names is found here anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, GridCell, Publication
from kg.readers.decode import decode
from kg.readers.parts import (
    add_abstract,
    add_registrations,
    clean_doi,
    clean_pmcid,
    section_for,
    year_of,
)
from kg.readers.xml_text import children, local, parse_xml, told
from kg.safe_xml import Element
from kg.text import Reading

#: ``section_type`` of PubMed Central's BioC, and the section it is.
_SECTIONS = {
    "TITLE": "title", "ABSTRACT": "abstract", "INTRO": "background", "METHODS": "methods",
    "RESULTS": "results", "DISCUSS": "discussion", "CONCL": "conclusion", "TABLE": "table",
    "FIG": "figure", "REF": "references", "ACK_FUND": "acknowledgements", "ABBR": "acknowledgements",
    "COMP_INT": "acknowledgements", "AUTH_CONT": "acknowledgements", "SUPPL": "acknowledgements",
    "CASE": "results", "KEYWORD": "keywords", "REVIEW_INFO": "acknowledgements", "APPENDIX": "body",
}  # fmt: skip
_LEFT_OUT = frozenset({"references"})


@dataclass(frozen=True, slots=True)
class _Passage:
    text: str
    infons: Mapping[str, str]
    place: str


def read_bioc_xml(data: bytes, path: str) -> Reading:
    """Read one document of a collection."""
    root = parse_xml(data, path)
    document = root if local(root) == "document" else next(root.iter("document"), None)
    if document is None:
        raise DocumentError(path, "holds no document element; is it BioC?")
    name = told(next(children(document, "id"), None))
    return _read(name, list(_of_xml(document)), data, path, "bioc-xml")


def _of_xml(document: Element) -> Iterator[_Passage]:
    for number, passage in enumerate(children(document, "passage"), 1):
        infons = {one.get("key", ""): one.text or "" for one in children(passage, "infon")}
        texts = [one.text or "" for one in children(passage, "text")]
        if not texts:
            texts = [
                text.text or ""
                for sentence in children(passage, "sentence")
                for text in children(sentence, "text")
            ]
        yield _Passage(" ".join(texts), infons, f"passage[{number}]")


def read_bioc_json(data: bytes, path: str) -> Reading:
    """Read the first document of a collection, or one by itself.

    Raises
    ------
    DocumentError
        If it is no BioC, or holds no text.
    """
    text, _ = decode(data, path)
    try:
        value = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        problem = f"is no JSON ({error}); fetch it again or repair it"
        raise DocumentError(path, problem, place=f"line {line}") from error
    document = _first_document(value)
    if document is None:
        raise DocumentError(path, "holds no object with passages; is it BioC?")
    name = document.get("id") or document.get("pmid")
    return _read(str(name) if name else None, list(_of_json(document)), data, path, "bioc-json")


def _first_document(value: object) -> dict[str, object] | None:
    queue = [value]
    for _ in range(1000):
        if not queue:
            return None
        one = queue.pop(0)
        if isinstance(one, dict):
            if isinstance(one.get("passages"), list):
                return one
            queue += [v for k, v in one.items() if k in ("documents", "PubTator3", "PubTator")]
        elif isinstance(one, list):
            queue += one[:1]
    return None


def _of_json(document: Mapping[str, object]) -> Iterator[_Passage]:
    passages = document["passages"]
    assert isinstance(passages, list)
    for number, passage in enumerate(passages):
        if not isinstance(passage, dict):
            continue
        infons = passage.get("infons")
        infons = {str(k): str(v) for k, v in infons.items()} if isinstance(infons, dict) else {}
        text = passage.get("text")
        if not text and isinstance(passage.get("sentences"), list):
            text = " ".join(
                str(s.get("text", "")) for s in passage["sentences"] if isinstance(s, dict)
            )
        yield _Passage(text if isinstance(text, str) else "", infons, f"/passages/{number}")


def _read(
    name: str | None, passages: list[_Passage], data: bytes, path: str, format: str
) -> Reading:
    known = _publication(name, passages)
    assembler = Assembler()
    section = "body"
    for passage in passages:
        kind = passage.infons.get("type", "").lower()
        told_section = passage.infons.get("section_type", "") or passage.infons.get("section", "")
        own = _SECTIONS.get(told_section.upper()) or _section_of_type(kind)
        own = own or section_for(told_section)
        if own in _LEFT_OUT or kind == "ref":
            continue
        if (kind == "title" and own in (None, "title")) or kind == "front" or own == "title":
            assembler.add(passage.text, "title", kind="heading", level=1, source=passage.place)
            if known.journal or known.pmid:
                _cite(assembler, known)
            continue
        if kind.startswith("title") or kind.endswith("title") or kind.startswith("abstract_title"):
            section = section_for(passage.text, own) or own or section
            assembler.add(
                passage.text, section, kind="heading", level=_level(kind), source=passage.place
            )
            continue
        table = passage.infons.get("xml", "")
        if own == "table" and kind == "table" and "<t" in table:
            _table(assembler, table, passage.place, path)
            continue
        if own == "abstract" and kind in ("abstract", ""):
            add_abstract(assembler, passage.text, passage.place)
            continue
        if own is not None and (own != "abstract" or section not in _ABSTRACT_PARTS):
            section = section if own == _SECTIONS.get("ABSTRACT") and section != "body" else own
        assembler.add(
            passage.text, own if own in ("table", "figure", "keywords") else section,
            source=passage.place, is_caption=kind in ("table_caption", "table_title_caption"),
        )  # fmt: skip
    return assembler.finish(data, path, format, known)


_ABSTRACT_PARTS = frozenset({"background", "objective", "methods", "results", "conclusion"})


def _level(kind: str) -> int:
    found = re.search(r"title_(\d)", kind)
    return int(found[1]) + 1 if found else 2


def _section_of_type(kind: str) -> str | None:
    if kind == "title":
        return "title"
    return "abstract" if kind.startswith("abstract") else None


def _cite(assembler: Assembler, known: Publication) -> None:
    parts = [known.journal or "", str(known.year or "")]
    parts += [f"doi: {known.doi}" if known.doi else "", f"PMID: {known.pmid}" if known.pmid else ""]
    assembler.add(". ".join(part for part in parts if part) + ".", "citation", source="infons")


def _table(assembler: Assembler, markup: str, place: str, path: str) -> None:
    """Add the table whose XML a passage carries; as text where it is none."""
    from kg.readers.jats import grid_of

    try:
        root = parse_xml(f"<wrap>{markup}</wrap>".encode(), path)
    except DocumentError:
        return
    table = next(root.iter("table"), root)
    grid, heads = grid_of(table, lambda cell: f"{place}/{local(cell)}")
    flat: list[list[GridCell]] = [row for row in grid if row]
    if flat:
        assembler.add_table(flat, "table", header_rows=heads or None, source=place)


def _publication(name: str | None, passages: list[_Passage]) -> Publication:
    known = Publication()
    infons: dict[str, str] = {}
    for passage in passages:
        for key, value in passage.infons.items():
            infons.setdefault(key, value)
    title = next(
        (
            p.text for p in passages
            if p.infons.get("type", "").lower() in ("title", "front")
            or p.infons.get("section_type", "").upper() == "TITLE"
        ),
        None,
    )  # fmt: skip
    known.title = title.strip().rstrip(".") or None if title else None
    known.doi = clean_doi(infons.get("article-id_doi") or infons.get("doi"))
    pmid = infons.get("article-id_pmid") or infons.get("pmid")
    known.pmid = pmid or (name if name and re.fullmatch(r"\d{4,9}", name) else None)
    pmcid = infons.get("article-id_pmc") or infons.get("pmcid")
    if not pmcid and name and re.fullmatch(r"PMC\d{4,9}", name):
        pmcid = name
    known.pmcid = clean_pmcid(pmcid) if pmcid else None
    if known.pmid and known.pmcid and not infons.get("article-id_pmid") and name == known.pmid:
        known.pmid = None if infons.get("article-id_pmc") == name else known.pmid
    journal = infons.get("journal") or infons.get("journal-title")
    if journal:
        known.journal = (
            re.split(r"\.\s*(?=(?:19|20)\d\d|;|doi)|;|\. doi", journal)[0].strip() or None
        )
    known.year = year_of(infons.get("year")) or year_of(journal)
    authors = infons.get("authors", "")
    known.authors = [one.strip() for one in re.split(r"[;,]", authors) if one.strip()]
    names = sorted(
        (key, value)
        for passage in passages[:1]
        for key, value in passage.infons.items()
        if re.fullmatch(r"name_\d{1,4}", key)
    )
    names.sort(key=lambda pair: int(pair[0][5:]))
    if not known.authors:
        for _, value in names:
            parts = dict(p.split(":", 1) for p in value.split(";") if ":" in p)
            full = f"{parts.get('given-names', '')} {parts.get('surname', '')}".strip()
            if full:
                known.authors.append(full)
    add_registrations(known, " ".join(p.text for p in passages[:12]))
    return known
