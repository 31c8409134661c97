"""JATS full text (ANSI/NISO Z39.96), as PubMed Central and publishers give it out.

Read are title, authors, journal, abstract, body, tables with their spans, captions and notes,
funding and acknowledgements; not references, appendices in other files, formulas as pictures, or
responses and translations (``sub-article``, ``trans-abstract``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, GridCell, Publication
from kg.readers.parts import (
    add_head,
    add_registrations,
    clean_doi,
    clean_pmcid,
    iso_date,
    person,
    section_for,
    year_of,
)
from kg.readers.xml_text import (
    child,
    children,
    inline_text,
    local,
    parse_xml,
    told,
)  # fmt: skip
from kg.safe_xml import Element
from kg.text import Reading

#: Elements that stand by themselves though they lie within a paragraph.
_BLOCKS = frozenset({
    "table-wrap", "table-wrap-group", "fig", "fig-group", "list", "def-list", "disp-quote",
    "boxed-text", "disp-formula", "disp-formula-group", "supplementary-material", "array", "statement",
})  # fmt: skip
_SECTION_TYPES = {
    "intro": "background", "introduction": "background", "background": "background",
    "methods": "methods", "materials": "methods", "subjects": "methods", "materials|methods": "methods",
    "results": "results", "findings": "results", "results|discussion": "results",
    "discussion": "discussion", "conclusions": "conclusion", "conclusion": "conclusion",
    "cases": "results", "objective": "objective", "COI-statement": "acknowledgements",
}  # fmt: skip
#: Abstracts that are no summary of the whole: a picture, a sentence for the table of contents.
_NO_ABSTRACT = frozenset({"graphical", "teaser", "toc", "video", "web-summary"})
#: What a journal dates as published, best first: the issue that is cited, then the page online.
_DATES = ("ppub", "collection", "epub-ppub", "epub", "pub", "epreprint")
_SKIPPED = frozenset({
    "ref-list", "fn-group", "glossary", "notes", "app-group", "bio", "supplementary-material",
    "sub-article", "response",
})  # fmt: skip


def read_jats(data: bytes, path: str) -> Reading:
    """Read one article.

    Raises
    ------
    DocumentError
        If it is no JATS XML, or holds no text.
    """
    root = parse_xml(data, path)
    article = root if local(root) == "article" else next(root.iter("{*}article"), None)
    if article is None:
        raise DocumentError(path, "holds no article element; is it JATS?")
    return _Article(article).read(data, path)


class _Article:
    """One article on its way into an assembler."""

    def __init__(self, article: Element) -> None:
        self.article = article
        self.tree = etree.ElementTree(article)
        self.assembler = Assembler()

    def read(self, data: bytes, path: str) -> Reading:
        meta = child(self.article, "front", "article-meta")
        if meta is None:
            meta = child(self.article, "front-stub")
        known = _publication(self.article, meta)
        places = {}
        if meta is not None:
            for name, element in (
                ("title", child(meta, "title-group", "article-title")),
                ("authors", child(meta, "contrib-group")),
                ("journal", child(self.article, "front", "journal-meta")),
            ):
                if element is not None:
                    places[name] = self.place(element)
        add_head(self.assembler, known, places, _details(meta))
        if meta is not None:
            for abstract in children(meta, "abstract"):
                if abstract.get("abstract-type") not in _NO_ABSTRACT:
                    self._abstract(abstract)
            words = [t for one in meta.iter("{*}kwd") if (t := told(one))]
            if words:
                self.assembler.add(f"Keywords: {'; '.join(words)}", "keywords")
        body = child(self.article, "body")
        if body is not None:
            self._content(body, "body", 1)
        floats = child(self.article, "floats-group")
        if floats is not None:
            self._content(floats, "results", 1)
        back = child(self.article, "back")
        if back is not None:
            for part in back:
                if local(part) in ("ack", "sec"):
                    self._section(part, "acknowledgements", 2)
        kind = self.article.get("article-type")
        return self.assembler.finish(
            data, path, "jats", known, {"article_type": kind} if kind else None
        )

    def place(self, element: Element) -> str:
        """Return the XPath of an element, names without their spaces."""
        return str(self.tree.getpath(element))

    def _abstract(self, abstract: Element) -> None:
        title = told(child(abstract, "title"))
        named = section_for(title) if title else None
        main = abstract.get("abstract-type") in (None, "section", "structured")
        section = named or ("abstract" if main else "highlights")
        if title or main:
            self.assembler.add(
                title or "Abstract", section, kind="heading", level=2, source=self.place(abstract)
            )
        self._content(abstract, section, 2)

    def _section(self, element: Element, parent: str, level: int) -> None:
        """Read a section: its heading names it, else its type, else it belongs to its parent."""
        title = told(child(element, "title"))
        own = section_for(title) if title else None
        typed = _SECTION_TYPES.get(element.get("sec-type", ""))
        if parent not in ("body", "abstract", "acknowledgements", "highlights"):
            # within Methods, "Results of the pilot" is still of the methods
            own, typed = (None, None) if parent != "discussion" else (
                own if own == "conclusion" else None, None,
            )  # fmt: skip
        if local(element) == "ack":
            own = "acknowledgements"
        section = own or typed or parent
        if title:
            self.assembler.add(
                title, section, kind="heading", level=level + 1, source=self.place(element)
            )
        self._content(element, section, level + 1)

    def _content(self, element: Element, section: str, level: int) -> None:
        for part in element:
            name = local(part)
            if name in ("title", "label", "") or name in _SKIPPED:
                continue
            if name == "sec":
                self._section(part, section, level)
            elif name == "p":
                self._paragraph(part, section, level)
            else:
                self._block(part, section, level)

    def _paragraph(self, element: Element, section: str, level: int) -> None:
        """Read a paragraph; what stands by itself within it cuts it in two."""
        inner = [part for part in element if local(part) in _BLOCKS]
        if not inner:
            self.assembler.add(inline_text(element), section, source=self.place(element))
            return
        rest = etree.Element("p")
        rest.text = element.text
        place = self.place(element)
        for part in list(element):
            if local(part) in _BLOCKS:
                self.assembler.add(inline_text(rest), section, source=place)
                rest = etree.Element("p")
                rest.text = part.tail
                self._block(part, section, level)
            else:
                copy = etree.fromstring(etree.tostring(part, with_tail=False))
                copy.tail = part.tail
                rest.append(copy)
        self.assembler.add(inline_text(rest), section, source=place)

    def _block(self, element: Element, section: str, level: int) -> None:
        name = local(element)
        if name in ("table-wrap", "array"):
            self._table(element, section)
        elif name == "fig":
            shown = _caption(element)
            self.assembler.add(shown, "figure", source=self.place(element))
        elif name in ("list", "def-list"):
            lead = self.assembler.last_block
            for item in children(element, "list-item", "def-item"):
                self.assembler.add(
                    inline_text(item), section, kind="item", lead=lead, source=self.place(item)
                )
        elif name in ("disp-formula", "disp-formula-group"):
            self.assembler.add(inline_text(element), section, source=self.place(element))
        elif name == "boxed-text":
            title = told(child(element, "title")) or told(child(element, "caption"))
            self._content(element, section_for(title or "") or section, level)
        elif name == "supplementary-material":
            return
        else:
            self._content(element, section, level)

    def _table(self, wrap: Element, section: str) -> None:
        """Read a table with its caption above and its notes below."""
        inside = section if section in ("acknowledgements",) else "table"
        caption = _caption(wrap)
        tables = list(wrap.iter("{*}table"))
        if caption and tables:
            self.assembler.add(caption, inside, source=self.place(wrap), is_caption=True)
        for table in tables:
            grid, heads = grid_of(table, self.place)
            self.assembler.add_table(
                grid, inside, header_rows=heads or None, source=self.place(table)
            )
        for foot in children(wrap, "table-wrap-foot"):
            for note in foot:
                self.assembler.add(inline_text(note, frozenset()), inside, source=self.place(note))


def _caption(element: Element) -> str:
    label = told(child(element, "label")) or ""
    caption = child(element, "caption")
    shown = inline_text(caption) if caption is not None else ""
    return f"{label.rstrip('.: ')}. {shown}" if label and shown else label or shown


def grid_of(table: Element, place: Callable[[Element], str]) -> tuple[list[list[GridCell]], int]:
    """Return the cells of a table row by row, and how many rows its head has.

    `place` says where a cell stands in its file.
    """
    rows: list[list[GridCell]] = []
    heads = 0
    for row, in_head in _rows(table):
        cells = [
            GridCell(
                inline_text(cell),
                _span(cell, "colspan"),
                _span(cell, "rowspan"),
                in_head or local(cell) == "th",
                place(cell),
            )
            for cell in children(row, "td", "th")
        ]
        rows.append(cells)
        heads += in_head and any(cell.text for cell in cells)
    return rows, heads


def _rows(table: Element) -> Iterator[tuple[Element, bool]]:
    for part in table:
        name = local(part)
        if name == "tr":
            yield part, False
        elif name in ("thead", "tbody", "tfoot"):
            for row in children(part, "tr"):
                yield row, name == "thead"


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return min(max(int(value), 1), 200) if re.fullmatch("[0-9]{1,9}", value) else 1


def _publication(article: Element, meta: Element | None) -> Publication:
    known = Publication()
    journal = child(article, "front", "journal-meta")
    if journal is not None:
        known.journal = told(child(journal, "journal-title-group", "journal-title")) or told(
            child(journal, "journal-title")
        )
        known.journal = known.journal or told(child(journal, "journal-id"))
    language = article.get("{http://www.w3.org/XML/1998/namespace}lang")
    known.language = language.lower()[:2] if language else None
    if meta is None:
        return known
    group = child(meta, "title-group")
    if group is not None:
        title = child(group, "article-title")
        if title is not None:
            known.title = inline_text(title, frozenset({"xref", "fn"})) or None
        subtitle = told(child(group, "subtitle"))
        if known.title and subtitle:
            known.title = f"{known.title.rstrip(':')}: {subtitle}"
    for one in children(meta, "article-id"):
        kind, value = one.get("pub-id-type"), told(one)
        if kind == "doi":
            known.doi = known.doi or clean_doi(value)
        elif kind == "pmid":
            known.pmid = known.pmid or value
        elif kind in ("pmc", "pmcid", "pmc-aid"):
            known.pmcid = known.pmcid or clean_pmcid(value)
    dates = {
        one.get("pub-type") or one.get("date-type") or "pub": one
        for one in reversed(list(children(meta, "pub-date")))
    }
    for kind in (*_DATES, *dates):
        date = dates.get(kind)
        if date is not None and (year := year_of(told(child(date, "year")))):
            known.year = known.year or year
            shown = iso_date(*(told(child(date, part)) for part in ("year", "month", "day")))
            known.published = known.published or shown
            break
    for group in children(meta, "contrib-group"):
        for one in children(group, "contrib"):
            if one.get("contrib-type", "author") == "author" and (name := _name(one)):
                known.authors.append(name)
    add_registrations(known, " ".join(t for one in children(meta, "abstract") if (t := told(one))))
    for one in meta.iter("{*}ext-link"):
        if "clintrialgov" in one.get("ext-link-type", ""):
            add_registrations(known, told(one) or "")
    return known


def _name(contributor: Element) -> str | None:
    name = next(
        (n for n in contributor.iter("{*}name", "{*}string-name") if local(n.getparent()) != "on-behalf-of"),
        None,
    )  # fmt: skip
    if name is not None:
        full = person(told(child(name, "surname")), told(child(name, "given-names")))
        return full or told(name)
    return told(child(contributor, "collab"))


def _details(meta: Element | None) -> str:
    if meta is None:
        return ""
    volume, issue = told(child(meta, "volume")), told(child(meta, "issue"))
    first, last = told(child(meta, "fpage")), told(child(meta, "lpage"))
    pages = (
        f"{first}-{last}" if first and last and first != last else first
    ) or told(child(meta, "elocation-id"))  # fmt: skip
    return (
        (f";{volume}" if volume else "")
        + (f"({issue})" if issue else "")
        + (f":{pages}" if pages else "")
    )
