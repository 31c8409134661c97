"""References that a text prints: DOIs, PubMed and registry numbers, read and normalised.

Prints are full of accidents: a full stop kept in the link, a space after ``https://``, an old
resolver's address, a prefix misread by a scanner. What cannot be read as a well-formed identifier
is no reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed identifier: ``Reference("doi", "10.1001/jama.2014.5052")``.

    Prefixes are those of Bioregistry: ``doi``, ``pubmed``, ``pmc``, ``clinicaltrials``, ``isrctn`` ….
    """

    prefix: str
    identifier: str

    @property
    def curie(self) -> str:
        """The compact form, ``doi:10.1001/jama.2014.5052``."""
        return f"{self.prefix}:{self.identifier}"


@dataclass(frozen=True, slots=True)
class ReferenceFound:
    """A reference and the place it was read from."""

    start_char: int
    end_char: int
    reference: Reference


# After "doi" or a resolver's address a space and a letter for a zero are forgiven; a bare "10.1234/…"
# must be as it should.
_DOI = re.compile(
    r"(?:\b(?:dx\.)?doi(?:\.org)?\s{0,2}[:/]?\s{0,2}(?:https?://\s?(?:dx\.)?doi\.org/)?\s{0,2}"
    r"(?P<named>[1lI][0oO]\s?\.\s?[0-9]{4,9}\s?/\s?[^\s\"<>\[\]{}|\\^`]{2,200})"
    r"|(?<![\w./])(?P<bare>10\.[0-9]{4,9}/[^\s\"<>\[\]{}|\\^`]{2,200}))",
    re.IGNORECASE,
)
_LONGEST_DOI = 1000  # characters, with what is printed around it; handles may have some 250
_DOI_FORM = re.compile(r"10\.[0-9]{4,9}/\S+")
_DOI_TAIL = re.compile(
    r"(?:[.,;:'’”\"*_!?]|&(?:amp|gt|lt|quot);?|(?:Epub|PMID|PMCID|Received|\]|\}).*)+$"
)
# An address may go on after the identifier: what is behind it is no part of it.
_DOI_EXTRA = re.compile(
    r"(?:/(?:full|abstract|epdf|pdf|meta|asset)(?:/.*)?|[?#].*|\.pdf|%20.*)$", re.IGNORECASE
)
_PMID = re.compile(
    r"\bPMID\s{0,3}[:#]?\s{0,9}(?P<named>[0-9]{4,8})\b"
    r"|(?:ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|pubmed\.ncbi\.nlm\.nih\.gov|pubmed\.gov)/(?:\?term=)?(?P<address>[0-9]{4,8})\b",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\s?(?P<number>[0-9]{4,9})\b")
# Registry (its Bioregistry prefix), its number's form and shape; what any such number holds, in lower
# case. Forms as each registry states them; their digits and letters are ASCII, which \d and a letter
# whose case is ignored are not.
_REGISTRIES = (
    ("clinicaltrials", r"NCT[\s:#-]{0,2}(?P<number>[0-9]{8})", "NCT{}", ("nct",)),
    ("isrctn", r"ISRCTN[\s:#-]{0,2}(?P<number>[0-9]{8})", "ISRCTN{}", ("isrctn",)),
    ("euclinicaltrials", r"(?:EudraCT|EUCTR)[\s:#A-Za-z().-]{0,14}(?P<number>20[0-9]{2}-[0-9]{6}-[0-9]{2})", "{}", ("eudract", "euctr")),
    ("anzctr", r"ACTRN[\s:#-]{0,2}(?P<number>126[0-9]{11})", "ACTRN{}", ("actrn",)),
    ("chictr", r"ChiCTR[\s:#-]{0,2}(?P<number>(?:(?a:[A-Z]{2,5})-)?[0-9]{8,10})", "ChiCTR{}", ("chictr",)),
    ("drks", r"DRKS[\s:#-]{0,2}(?P<number>[0-9]{8})", "DRKS{}", ("drks",)),
    ("ctri", r"CTRI[\s:#-]?/?\s?(?P<number>20[0-9]{2}/[0-9]{2,3}/[0-9]{6})", "CTRI/{}", ("ctri",)),
    ("jprn", r"UMIN[\s:#-]{0,2}(?P<number>(?:CTR)?\s?[0-9]{9})", "UMIN{}", ("umin",)),
    ("jrct", r"jRCTs?[\s:#-]{0,2}(?P<number>[0-9]{9,10})", "jRCT{}", ("jrct",)),
    ("irct", r"IRCT[\s:#-]{0,2}(?P<number>[0-9]{8,20}N[0-9]{1,3})", "IRCT{}", ("irct",)),
    ("ntr", r"(?:NTR|Netherlands Trial Reg\w{0,8})[\s:#-]{0,3}(?P<number>(?:NL|NTR)?[0-9]{3,5})", "NTR{}", ("ntr", "netherlands trial")),
    ("rbr", r"RBR-(?P<number>[0-9a-z]{6,8})", "RBR-{}", ("rbr-",)),
    ("pactr", r"PACTR[\s:#-]{0,2}(?P<number>20[0-9]{13,15})", "PACTR{}", ("pactr",)),
    ("kct", r"KCT[\s:#-]{0,2}(?P<number>[0-9]{7})", "KCT{}", ("kct",)),
    ("slctr", r"SLCTR[\s:#-]?/?(?P<number>20[0-9]{2}/[0-9]{3})", "SLCTR/{}", ("slctr",)),
    ("tctr", r"TCTR[\s:#-]{0,2}(?P<number>20[0-9]{9})", "TCTR{}", ("tctr",)),
    ("prospero", r"(?:PROSPERO[^.;0-9]{0,40})?CRD[\s:#-]{0,2}(?P<number>4[0-9]{10,13})", "CRD{}", ("crd",)),
)  # fmt: skip
_REGISTRY_PATTERNS = tuple(
    (
        prefix,
        re.compile(r"\b" + form, 0 if prefix in ("rbr", "ntr") else re.IGNORECASE),
        shape,
        held,
    )
    for prefix, form, shape, held in _REGISTRIES
)


_BRACKETS = re.compile(r"\([^()]{0,160}\)|\[[^\[\]]{0,160}\]")
_TELLING = re.compile(
    r"\b(?:was|were|is|are|had|has|have|randomi[sz]ed|compared|enrolled|followed|found|gave|took|received|"
    r"showed|reported|assigned|studied|measured|asked|tested|recruited)\b"
)


def cites_in_passing(text: str, marks: re.Pattern[str]) -> bool:
    """Whether prose cites its source in brackets: "Lee et al. (PMID 123) randomized 40 women."."""
    bare = _BRACKETS.sub(" ", text)
    return len(bare) < len(text) and not marks.search(bare) and tells(bare)


def tells(text: str) -> bool:
    """Whether a text states something, in more words than a line that names a publication."""
    return len(text.split()) >= 12 and _TELLING.search(text) is not None


def find_references(text: str) -> list[ReferenceFound]:
    """List the references of a text by place; each place once, repeats kept."""
    found = [*_find_dois(text), *_find_pubmed(text), *_find_registrations(text)]
    return sorted(found, key=lambda item: (item.start_char, item.reference.curie))


def parse_doi(printed: str) -> str | None:
    """Read one printed DOI, ``None`` if it is none.

    Examples
    --------
    >>> parse_doi("https://doi.org/10.3892/etm.2022.11214.")
    '10.3892/etm.2022.11214'
    >>> parse_doi("doi: 10.1001/ jama.2014.5052")
    '10.1001/jama.2014.5052'
    """
    text = unquote(printed.strip()[:_LONGEST_DOI])
    start = re.search(r"[1lI][0oO]\s?\.\s?[0-9]{4,9}\s?/", text)
    if start is None:
        return None
    body = re.sub(r"^([1lI][0oO])\s?\.\s?([0-9]{4,9})\s?/\s?", r"10.\2/", text[start.start() :])
    body = body.split()[0] if body.split() else ""
    body = _trim(body)
    return body.lower() if _DOI_FORM.fullmatch(body) else None


def _trim(body: str) -> str:
    """Take off what punctuation, brackets and addresses add to a DOI's end."""
    previous = None
    while body != previous:
        previous = body
        body = _DOI_TAIL.sub("", body)
        body = _DOI_EXTRA.sub("", body)
        for opening, closing in ("()", "[]", "<>"):
            while body.endswith(closing) and body.count(closing) > body.count(opening):
                body = body[:-1]
        if body.endswith("("):
            body = body[:-1]
    return body


def _find_dois(text: str) -> Iterator[ReferenceFound]:
    if "/" not in text:
        return
    for found in _DOI.finditer(text):
        printed = found["named"] or found["bare"]
        close = printed.find("](")  # a link's text and its target in one run
        printed = printed[:close] if close >= 0 else printed
        identifier = parse_doi(printed)
        if identifier is not None and (found["named"] or re.search(r"[0-9]", identifier[8:])):
            start = found.start("named" if found["named"] else "bare")
            yield ReferenceFound(start, start + len(printed), Reference("doi", identifier))


def _find_pubmed(text: str) -> Iterator[ReferenceFound]:
    lower = text.lower()
    for found in _PMID.finditer(text) if "pmid" in lower or "pubmed" in lower else ():
        number = str(int(found["named"] or found["address"]))
        yield ReferenceFound(found.start(), found.end(), Reference("pubmed", number))
    for found in _PMCID.finditer(text) if "PMC" in text else ():
        yield ReferenceFound(found.start(), found.end(), Reference("pmc", f"PMC{found['number']}"))


def _find_registrations(text: str) -> Iterator[ReferenceFound]:
    lower = text.lower()
    for prefix, pattern, shape, held in _REGISTRY_PATTERNS:
        if not any(part in lower for part in held):
            continue
        for found in pattern.finditer(text):
            number = re.sub(r"\s", "", found["number"])
            identifier = shape.format(number.removeprefix("NTR") if prefix == "ntr" else number)
            yield ReferenceFound(found.start(), found.end(), Reference(prefix, identifier))


#: Prefixes of trial and review registries, as :class:`Reference` uses them.
REGISTRY_PREFIXES = frozenset(prefix for prefix, *_ in _REGISTRIES)
