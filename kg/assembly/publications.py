"""What a page says of a publication: title, journal, year, DOI, PubMed number, registry numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from kg.reference import Reference, cites_in_passing
from kg.text import Block, Reading

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)\.?"
)
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>|\])}]+", re.IGNORECASE)
PMID = re.compile(
    r"\bPMID\s{0,9}:?\s{0,9}([0-9]{5,8})\b|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/([0-9]{5,8})\b",
    re.IGNORECASE,
)
#: Registries of trials and reviews, each with the form of its numbers.
REGISTRY = re.compile(
    r"\b(?:NCT[0-9]{8}|ISRCTN\s?[0-9]{8}|EUCTR[0-9]{4}-[0-9]{6}-[0-9]{2}|[0-9]{4}-[0-9]{6}-[0-9]{2}|"
    r"ACTRN\s?[0-9]{14}p?|ChiCTR[-A-Z]*-?[0-9]{6,12}|CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}|DRKS[0-9]{8}|"
    r"IRCT[0-9]{6,16}N?[0-9]*|JPRN-?[A-Z]+[0-9]+|UMIN[0-9]{9}|KCT[0-9]{7}|NTR\s?[0-9]{3,5}|PACTR[0-9]{12,18}|"
    r"RBR-[0-9a-z]{6}|SLCTR/[0-9]{4}/[0-9]{3}|TCTR[0-9]{11}|CRD\s?[0-9]{11}|NL[0-9]{4,5})\b"
)
#: What every registry number holds.
_REGISTERED = re.compile(r"[A-Z/-](?:\s?[0-9]{3}|PRN|BR-)")
#: Marks of a line that cites a publication.
CITATION = re.compile(
    rf"\bdoi\b\s*:?|doi\.org/|\b{_YEAR}\s*(?:{_MONTH}(?:[-–/]{_MONTH})?\s*\d{{0,2}})?\s*;\s*(?:Suppl\s*)?[A-Z]?\d+"
    rf"|\b\d+\s*\(\d+[^)]{{0,8}}\)\s*:\s*(?:p\s*)?e?\d+|\bepub\b|ahead of print|\bavailable online\b"
    rf"|\b(?:first )?published online\b|\bvol(?:ume|\.)\s*\d+|\bissue\s+\d+|\({_YEAR}\)\s*\d+\s*:\s*\d+"
    rf"|^[A-Z][\w .,&'’()-]{{2,70}}?\.?\s{{0,2}}{_YEAR}\s+{_MONTH}(?:\s+\d{{1,2}})?\s*[.;]"
    rf"|^[A-Z][\w .,&'’-]{{2,60}}?[.,]?\s*{_MONTH}\s+(?:\d{{1,2}},?\s+)?{_YEAR}\s*[.,;|]?\s*$"
    rf"|^[A-Z][\w .&'’-]{{2,50}}?\s+{_YEAR}\s*,?\s*(?:vol\.?)?\s*\d+\b(?! [a-z]{{4}})|^[A-Z][\w .&-]{{2,40}}?\s{_MONTH}\s{_YEAR}$",
    re.IGNORECASE | re.MULTILINE,
)
_CITING = ("doi", "epub", "ahead of print", "online", "vol", "issue")
_DATED = re.compile(r"[12][90]\d\d|\d\s*\(\d")
_EDITORIAL_DATE = re.compile(
    rf"\s*[-–—,(]{{0,9}}\s*(?:{_MONTH}\s*,?\s*)?(?:\d{{1,2}},?\s+)?\b{_YEAR}\)?\s*(?:\([^()]{{0,40}}\))?\s*$",
    re.IGNORECASE,
)
#: Marks of a headline that a page's editor wrote over somebody's study.
EDITORIAL = re.compile(
    rf"[-–—]\s*(?:RCT|{_MONTH}\s+{_YEAR}|{_YEAR}|(?:meta-analysis|review|study)\s+{_MONTH})"
    r"|\bRCT\b\s*(?:[-–—]|$)|\d\s?[xX]\b|\d\s?(?:ng|IU)\b|\d\s?%|\bpercent\b|\bVitaminDWiki\b|\bwiki\b|\bsuspect\b|\bupdate\b"
    rf"|\bmany studies\b|^\d|{_MONTH},?\s+{_YEAR}\)?$|\bletter to\b|\bVideo\b|\bupdate\b",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    r"^(?:by\s+)?(?:[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]*){0,4}\s*[\d*†‡§,#a-f]*\s*[,;]\s*){1,}",
    re.UNICODE,
)
_SUBTITLE = re.compile(
    r"^(?:[-–—]\s*)?(?:an?|the)?\s*(?:[\w-]+[,!]?\s+){0,6}(?:review|meta-analysis|trial|study|analysis|cohort|report|survey)"
    r"(?:\s+(?:and|of|in)\s+(?:[\w-]++\s*+){1,6})?[.]?$",
    re.IGNORECASE,
)
_LABEL_WORD = re.compile(
    r"^(?:abstract|background|introduction|objectives?|aims?|purpose|methods?|results?|conclusions?|"
    r"discussion|highlights|summary|keywords?|importance|context)\b.{0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What one block cites; offsets of the view."""

    doi: str | None = None
    pmid: str | None = None
    year: int | None = None
    journal: str | None = None
    inline_title: tuple[int, int] | None = None


def clean_doi(text: str) -> str:
    """Return a DOI without the punctuation that ends its sentence."""
    doi = re.sub(r"(?i)(?:\.?(?:epub|pmid|pii)\b.*)$", "", text)
    while doi and doi[-1] in ".,;:)]}>'\"’”*":
        if doi[-1] == ")" and doi.count("(") >= doi.count(")"):
            break
        doi = doi[:-1]
    return doi


def find_doi(text: str) -> str | None:
    """Return the first DOI of a text."""
    match = DOI.search(text) if "10." in text else None
    return clean_doi(match.group()) if match else None


#: Where links lead, in the notations of Markdown and HTML.
_TARGET = re.compile(
    r"\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)?)|\bhref\s*=\s*[\"']([^\"']+)"
)


def linked_doi(reading: Reading, start: int, end: int) -> str | None:
    """Return the DOI that a link in ``text[start:end]`` of the view leads to.

    The view shows a link's words; its address stands in the source, which may go on behind the
    last word shown.
    """
    if end <= start:
        return None
    first, last = reading.view.to_source(start, end)
    source = reading.document.text
    line_end = source.find("\n", last)
    last = min(len(source) if line_end < 0 else line_end, last + 300)
    for target in _TARGET.finditer(source, max(0, first - 300), last):
        if target.end() > first and (doi := find_doi(unquote(target[1] or target[2]))):
            return doi
    return None


def find_pmid(text: str) -> str | None:
    """Return the first PubMed number of a text that says it is one."""
    lower = text.lower()
    match = PMID.search(text) if "pmid" in lower or "pubmed" in lower else None
    return (match[1] or match[2]) if match else None


def find_registry_ids(text: str) -> tuple[str, ...]:
    """Return the registry numbers of a text, in order, each once."""
    if not _REGISTERED.search(text):
        return ()
    return tuple(dict.fromkeys(re.sub(r"\s", "", m.group()) for m in REGISTRY.finditer(text)))


def _may_cite(text: str) -> bool:
    """Whether a block has anything of what :data:`CITATION` looks for, which costs more to ask."""
    lower = text.lower()
    return any(word in lower for word in _CITING) or _DATED.search(text) is not None


def is_citation(text: str) -> bool:
    """Whether a block cites a publication rather than tells something."""
    if len(text) > 420 or not _may_cite(text) or not CITATION.search(text):
        return False
    if cites_in_passing(text, CITATION):
        return False
    rest = re.sub(r"https?://\S+|\([^)]*\)", "", DOI.sub("", text))
    sentences = re.findall(r"[a-z]{3,}[.?!]\s+[A-Z][a-z]+\s+[a-z]+\s+[a-z]+\s+[a-z]+", rest)
    return len(sentences) < 2 and len(re.findall(r"\b(?:was|were|had|have|is|are)\b", rest)) < 2


def is_authors(text: str) -> bool:
    """Whether a block lists authors or their institutions."""
    commas = text.count(",") + text.count(";")
    if not commas or len(text) > 3000:
        return False
    if re.search(r"[.?!]\s+[A-Z][a-z]+ [a-z]+ [a-z]+ [a-z]+ ", text):
        return False
    institution = re.search(
        r"\b(?:Universit|Hospital|Department|Dept|Institut|School of|College|Cent(?:er|re) for|Clinic)",
        text,
    )
    if institution and not re.search(r"\b(?:was|were|is|are|had|we|patients)\b", text):
        return True
    words = re.findall(r"[^\W\d_]+", text)
    capitals = sum(w[0].isupper() for w in words)
    return len(words) >= 4 and capitals / len(words) > 0.8 and bool(_AUTHORS.match(text))


def is_title(block: Block, text: str) -> bool:
    """Whether a block can be the title of a publication."""
    stripped = text.strip(" *_#•")
    words = stripped.split()
    if not 4 <= len(words) <= 45 or len(stripped) > 330 or _LABEL_WORD.match(stripped):
        return False
    if block.kind == "table" or re.match(
        r"(?:PDF|Download|Note:|See |Comment|Clipped|Source:|Search )", stripped
    ):
        return False
    if re.search(
        r"\b(?:download the pdf|attached at the bottom|pdf is|free pdf$)", stripped, re.IGNORECASE
    ):
        return False
    if is_citation(stripped) and not re.search(r":\s", stripped[:100]):
        return False
    return not is_authors(stripped) and not re.search(r"[.!]\s+[A-Z]\w+ \w+ \w+ \w+", stripped)


def is_editorial(text: str) -> bool:
    """Whether a title reads like a headline about a study rather than its own title."""
    return bool(EDITORIAL.search(text))


def is_subtitle(text: str) -> bool:
    """Whether a line only says what kind of work the title before it names."""
    return bool(_SUBTITLE.match(text.strip(" *_"))) and len(text) < 90


def clean_title(text: str) -> str:
    """Return a title on one line, without the date that an editor added."""
    title = re.sub(r"\s+", " ", text).strip(" *_#•")
    cut = _EDITORIAL_DATE.sub("", title) if _DATED.search(title) else title
    return (cut if len(cut.split()) >= 4 else title).strip(" -–—:")


def read_citation(reading: Reading, start: int, end: int) -> Citation:
    """Read one citing block."""
    text = reading.view.text[start:end]
    doi = find_doi(text) or linked_doi(reading, start, end)
    year = _cited_year(DOI.sub(" ", text))
    cut = _citation_start(text)
    head = text[:cut].strip(" .,;:|-–—*_")
    lower = sum(len(w) > 3 and w[0].islower() for w in head.split())
    if lower >= 3 and len(head.split()) >= 6:
        title = _EDITORIAL_DATE.sub("", re.sub(r"\s*(?:FREE\s+)?PDF\s*$", "", head)).rstrip(" -–—,")
        place = text.find(title)
        return Citation(
            doi, find_pmid(text), year, None,
            (start + place, start + place + len(title)),
        )  # fmt: skip
    return Citation(doi, find_pmid(text), year, _journal(head))


def read_passing(text: str, at_char: int, reference: Reference) -> Citation:
    """Read what prose cites in brackets: ``(Ann Intern Med 2012, PMID 22250141)``."""
    doi = find_doi(text[at_char:]) if reference.prefix == "doi" else None
    pmid = reference.identifier if reference.prefix == "pubmed" else None
    opening = text.rfind("(", 0, at_char)
    words = text[opening + 1 : at_char] if opening >= 0 else ""
    if opening < 0 or ")" in words:
        return Citation(doi, pmid)
    name = re.split(rf"[,;:]|\b{_YEAR}\b|\bdoi\b|\bPMID\b|https?:", words, flags=re.IGNORECASE)[0]
    return Citation(doi, pmid, find_year(words), _journal(name.strip()))


def find_year(text: str) -> int | None:
    """Return the year that a short text names."""
    return _cited_year(DOI.sub(" ", text))


def _citation_start(text: str) -> int:
    """Return where the words of a citation end and its figures begin."""
    marks = re.search(
        rf"\bdoi\b|https?://|\b10\.\d{{4,}}/|\(?\b{_YEAR}\b|\b{_MONTH}\s+\d|\b\d+\s*\(|,?\s*\(\d|\bvol(?:ume)?\b\.?\s*\d"
        rf"|\bpublished\b|\bavailable online|\bonline\b|\bpii\b|\bepub\b|\b{_MONTH}\s+{_YEAR}|\s\d+,\s*\d+|\s\d+\s*:",
        text, re.IGNORECASE,
    )  # fmt: skip
    return marks.start() if marks else len(text)


def _journal(head: str) -> str | None:
    """Return the journal named before the figures of a citation."""
    name = re.sub(
        r"^(?:Review|Meta-Analysis|Randomized Controlled Trial|Published in|In:)\s+(?=[A-Z])",
        "",
        head,
    )
    name = re.sub(r"\s*[.,]?\s*(?:Published|Article|First)\s*$", "", name).strip(" .,;:|-–—*_")
    name = _without_authors(name)
    name = re.sub(r"\s*\([^()]*$", "", name)
    if not 2 <= len(name) <= 90 or not re.match(r"(?:the\s)?[^\W\d_]", name):
        return None
    return re.sub(r"\s+", " ", name)


_NAME = r"(?:(?:de|van|von|der|den|la|le|di|da|del|el|al|ter)\s+){0,2}[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+){0,2}"
_AUTHOR = rf"(?:{_NAME}\s+[A-Z]{{1,3}}(?:\s(?:Jr|Sr|I{{2,3}}))?|(?:[A-Z]\.[\s-]?){{1,3}}{_NAME}|{_NAME})\s?\d{{0,2}}"
_AUTHOR_LIST = re.compile(
    rf"^(?:\w+:\s+)?(?>{_AUTHOR}\s*(?:,|;|\band\b|&)\s*){{0,60}}(?:{_AUTHOR}|et\.? al)"
    r"(?:,?\s+et\.? al)?(?:[.,]+\s+(?:for|on behalf of) the [^.]{3,80})?\.\s+(?=[A-Z])"
)


def _without_authors(head: str) -> str:
    """Return the journal of a citation whose authors stand before it on the line."""
    match = _AUTHOR_LIST.match(head)
    if match and re.search(r"[,;]|\bet\.? al\b|\band\b|\b[A-Z]{1,3}\.\s$", match.group()):
        return head[match.end() :]
    return head


def _cited_year(text: str) -> int | None:
    """Return the year of a citation: that of the issue before any other."""
    text = re.sub(r"\([A-Z][^()\d]*(?:19|20)\d\d\)", " ", text)  # "Spine (Phila Pa 1976)" is a name
    match = re.search(rf"(?<!\d)({_YEAR})(?!\d)", text)
    return int(match[1]) if match else None
