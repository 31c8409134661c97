"""PubMed and MEDLINE XML: one article of a set, of a baseline or an update file.

Format: https://dtd.nlm.nih.gov/ncbi/pubmed/ (2024 DTD; older MEDLINE files differ in nothing read here).
"""

from __future__ import annotations

from kg.errors import DocumentError
from kg.readers.assembled import Assembler, Publication
from kg.readers.parts import (
    add_abstract,
    add_head,
    add_registrations,
    clean_doi,
    clean_pmcid,
    iso_date,
    person,
    section_for,
    year_of,
)
from kg.readers.xml_text import child, children, local, parse_xml, told
from kg.safe_xml import Element
from kg.text import Reading

_NLM_CATEGORY = {
    "BACKGROUND": "background", "OBJECTIVE": "objective", "METHODS": "methods",
    "RESULTS": "results", "CONCLUSIONS": "conclusion",
}  # fmt: skip
_REGISTRIES = frozenset(
    "ClinicalTrials.gov ISRCTN EudraCT ANZCTR ChiCTR CTRI DRKS IRCT JapicCTI JMACCT CRiS NTR PACTR"
    " ReBec REPEC RPCEC SLCTR TCTR UMIN-CTR JPRN".split()
)


def read_pubmed_xml(data: bytes, path: str) -> Reading:
    """Read one article.

    Raises
    ------
    DocumentError
        If it is no such XML, or holds neither title nor abstract.
    """
    root = parse_xml(data, path)
    citation = _first(root, "MedlineCitation")
    if citation is None:
        citation = _first(root, "BookDocument")
    if citation is None:
        raise DocumentError(path, "holds no MedlineCitation; is it PubMed XML?")
    is_book = local(citation) == "BookDocument"
    article = citation if is_book else child(citation, "Article")
    if article is None:
        raise DocumentError(path, "its MedlineCitation holds no Article")
    record = citation.getparent()
    known = _publication(citation, article, record if record is not None else citation)
    assembler = Assembler()
    details = _details(article)
    where = {
        name: f"{article.tag}/{place}"
        for name, place in (
            ("title", "BookTitle" if is_book and child(article, "ArticleTitle") is None else "ArticleTitle"),
            ("authors", "AuthorList"),
            ("journal", "Journal"),
        )
    }  # fmt: skip
    add_head(assembler, known, where, details)
    for name, element in (("Abstract", child(article, "Abstract")), *_others(citation)):
        if element is not None:
            _abstract(assembler, element, f"{article.tag}/{name}")
    words = [w for group in children(citation, "KeywordList") if (w := _keywords(group))]
    if words:
        assembler.add(f"Keywords: {'; '.join(words)}", "keywords", source="KeywordList")
    metadata: dict[str, object] = {
        "publication_types": [t for one in article.iter("PublicationType") if (t := told(one))],
        "mesh": [t for one in citation.iter("DescriptorName") if (t := told(one))],
    }
    retraction = [
        one.get("RefType", "")
        for one in citation.iter("CommentsCorrections")
        if one.get("RefType", "") in ("RetractionIn", "ExpressionOfConcernIn")
    ]
    if retraction:
        metadata["retracted"] = "RetractionIn" in retraction
    return assembler.finish(data, path, "pubmed-xml", known, metadata)


def _first(root: Element, name: str) -> Element | None:
    return root if local(root) == name else next(iter(root.iter(name)), None)


def _publication(citation: Element, article: Element, record: Element) -> Publication:
    known = Publication()
    known.title = told(child(article, "ArticleTitle")) or told(child(article, "BookTitle"))
    if known.title is None:
        known.title = told(child(article, "Book", "BookTitle"))
    if known.title:
        known.title = known.title.strip("[]").rstrip(".").rstrip("]") or None
    if known.title in ("Not Available", "In process citation"):
        known.title = told(child(article, "VernacularTitle"))
    known.pmid = told(child(citation, "PMID"))
    own = child(record, "PubmedData", "ArticleIdList")
    ids = [] if own is None else list(children(own, "ArticleId"))
    for one in ids:
        kind, value = one.get("IdType"), told(one)
        if kind == "doi":
            known.doi = known.doi or clean_doi(value)
        elif kind == "pmc":
            known.pmcid = known.pmcid or clean_pmcid(value)
    for one in children(article, "ELocationID"):
        if one.get("EIdType") == "doi" and one.get("ValidYN", "Y") == "Y":
            known.doi = known.doi or clean_doi(told(one))
    journal = child(article, "Journal")
    known.journal = told(child(journal, "Title")) or told(
        child(citation, "MedlineJournalInfo", "MedlineTA")
    )
    date = child(journal, "JournalIssue", "PubDate")
    if date is None:
        date = child(article, "Book", "PubDate")
    if date is not None:
        parts = [told(child(date, name)) for name in ("Year", "Month", "Day")]
        known.published = iso_date(*parts)
        known.year = year_of(parts[0] or told(child(date, "MedlineDate")))
    electronic = child(article, "ArticleDate")
    if known.year is None and electronic is not None:
        known.year = year_of(told(child(electronic, "Year")))
    for one in article.iter("Author"):
        if one.get("ValidYN") == "N":
            continue
        name = person(
            told(child(one, "LastName")),
            told(child(one, "ForeName")) or told(child(one, "Initials")),
        )
        name = name or told(child(one, "CollectiveName")) or ""
        if name:
            known.authors.append(name)
    language = told(child(article, "Language"))
    known.language = _LANGUAGES.get(language or "")
    for bank in article.iter("DataBank"):
        if told(child(bank, "DataBankName")) in _REGISTRIES:
            known.registry_ids += [n for one in bank.iter("AccessionNumber") if (n := told(one))]
    text = " ".join(t for one in article.iter("AbstractText") if (t := told(one)))
    add_registrations(known, text)
    return known


#: MARC codes that PubMed uses, for the abstract is English unless an OtherAbstract says otherwise.
_LANGUAGES = {"eng": "en"}


def _details(article: Element) -> str:
    issue = child(article, "Journal", "JournalIssue")
    volume, number = told(child(issue, "Volume")), told(child(issue, "Issue"))
    pages = told(child(article, "Pagination", "MedlinePgn"))
    return (
        (f";{volume}" if volume else "")
        + (f"({number})" if number else "")
        + (f":{pages}" if pages else "")
    )


def _others(citation: Element) -> list[tuple[str, Element]]:
    """Return abstracts that are no translations: of a journal's own plain-language summary."""
    return [
        ("../OtherAbstract", one)
        for one in children(citation, "OtherAbstract")
        if one.get("Type") in ("plain-language-summary", "Publisher")
        and one.get("Language", "eng") == "eng"
    ]


def _abstract(assembler: Assembler, abstract: Element, place: str) -> None:
    texts = list(children(abstract, "AbstractText"))
    if len(texts) == 1 and not texts[0].get("Label"):
        add_abstract(assembler, told(texts[0]) or "", f"{place}/AbstractText")
        return
    section = "abstract"
    for number, one in enumerate(texts, 1):
        label, text = one.get("Label", ""), told(one)
        if not text:
            continue
        section = (
            (section_for(label) if label else None)
            or _NLM_CATEGORY.get(one.get("NlmCategory", ""))
            or ("abstract" if not label else section)
        )
        shown = f"{label}: {text}" if label and label.upper() != "UNLABELLED" else text
        assembler.add(shown, section, source=f"{place}/AbstractText[{number}]")


def _keywords(group: Element) -> str | None:
    return "; ".join(t for one in children(group, "Keyword") if (t := told(one))) or None
