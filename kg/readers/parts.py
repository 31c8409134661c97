"""What all structured formats have in common: the parts of a publication and how they are set."""

from __future__ import annotations

import re

from kg.readers.assembled import Assembler, Publication, fold
from kg.readers.labels import leading_label, section_of, whole_label
from kg.reference import REGISTRY_PREFIXES, find_references, parse_doi

_NUMBERING = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-H]\.)\s+(?=\S)")
#: Headings of what journals set behind an article.
_BACK_MATTER = re.compile(
    r"(?:authors?['’]?s? (?:contributions?|information)|pre-?publication history|abbreviations?$|"
    r"consent for publication|ethics approval|availability of (?:data|supporting)|data availability|"
    r"publisher['’]s note|supplementa\w+ (?:data|materials?|information)|supporting information|"
    r"additional files?|competing interests?|(?:declaration|statement|potential)?s? ?(?:of )?"
    r"(?:conflicts?|competing) (?:of )?interests?)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[89]|20)[0-9]{2}\b")
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def section_for(title: str, parent: str | None = None) -> str | None:
    """Return the section that a heading opens; where it names none, that of its parent.

    Examples
    --------
    >>> section_for("2. Materials and Methods"), section_for("Adverse events", "results")
    ('methods', 'results')
    """
    bare = _NUMBERING.sub("", title).strip(" :.")
    if _BACK_MATTER.match(bare):
        return "acknowledgements"
    return whole_label(bare) or section_of(bare) or parent


def year_of(text: str | None) -> int | None:
    """Return the first year in a date."""
    found = _YEAR.search(text or "")
    return int(found[0]) if found else None


def iso_date(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """Return a date as ISO 8601 writes it, as far as it is known."""
    if not year or not re.fullmatch(r"[0-9]{4}", year.strip()):
        return None
    shown = year.strip()
    month = (month or "").strip().lower()
    month = _MONTHS.get(month[:3], month.zfill(2) if month.isdigit() else "")
    if not re.fullmatch(r"0[1-9]|1[0-2]", month):
        return shown
    shown += f"-{month}"
    day = (day or "").strip().zfill(2)
    return f"{shown}-{day}" if re.fullmatch(r"0[1-9]|[12][0-9]|3[01]", day) else shown


def person(family: str | None, given: str | None) -> str:
    """Return a name as it is spoken: given name first."""
    return fold(f"{given or ''} {family or ''}")


def turned(name: str) -> str:
    """Return ``Smith, John A`` as ``John A Smith``; a name without a comma as it is."""
    family, _, given = name.partition(",")
    return person(family, given.split(",")[0]) if given else fold(name)


def clean_doi(printed: str | None) -> str | None:
    """Return a DOI without what is printed around it."""
    return parse_doi(printed) if printed else None


def clean_pmcid(printed: str | None) -> str | None:
    """Return ``PMC123`` of ``123``, ``PMC123.1`` or a link to it."""
    found = re.search(r"(?:PMC)?(\d{3,9})", printed or "", re.IGNORECASE)
    return f"PMC{found[1]}" if found else None


def add_registrations(publication: Publication, text: str) -> None:
    """Note the registry numbers of trials and reviews that a text names."""
    for found in find_references(text):
        if found.reference.prefix in REGISTRY_PREFIXES:
            publication.registry_ids.append(found.reference.identifier)


def add_head(
    assembler: Assembler,
    publication: Publication,
    sources: dict[str, str] | None = None,
    details: str = "",
) -> None:
    """Add title, authors and the line that cites the publication.

    `sources` says where each of ``title``, ``authors`` and ``journal`` stands in the file;
    `details` is what stands behind the year, volume and pages.
    """
    places = sources or {}
    if publication.title:
        assembler.add(
            publication.title, "title", kind="heading", level=1, source=places.get("title")
        )
    if publication.authors:
        assembler.add(", ".join(publication.authors) + ".", "authors", source=places.get("authors"))
    cited = []
    if publication.journal:
        cited.append(publication.journal.rstrip("."))
    if publication.year or details:
        cited.append(f"{publication.year or ''}{details}")
    if publication.doi:
        cited.append(f"doi: {publication.doi}")
    if publication.pmid:
        cited.append(f"PMID: {publication.pmid}")
    if publication.pmcid:
        cited.append(f"PMCID: {publication.pmcid}")
    if cited and (publication.journal or publication.doi or publication.pmid):
        assembler.add(". ".join(cited) + ".", "citation", source=places.get("journal"))


def add_abstract(assembler: Assembler, text: str, source: str | None = None) -> None:
    """Add an abstract that comes as one text: its labels open sections, as a heading or run in."""
    section = "abstract"
    for paragraph in re.split(r"\n\s*\n|\r?\n(?=[A-Z][A-Z &/,-]{3,60}:)", text):
        pieces = _at_labels(fold(paragraph))
        for label, piece in pieces:
            section = label or section
            assembler.add(piece, section, source=source)


_RUN_IN = re.compile(r"(?:^|(?<=[.!?)\]%]\s))(?=[A-Z][A-Za-z ,/&-]{2,60}:\s)")


def _at_labels(text: str) -> list[tuple[str | None, str]]:
    """Cut a text before each label that opens a section; what stands before has none."""
    cuts: list[tuple[int, str]] = []
    for found in _RUN_IN.finditer(text):
        opening = leading_label(text, found.start(), len(text))
        if opening is not None and opening.start == found.start():
            cuts.append((found.start(), opening.section))
    if not cuts:
        opening = leading_label(text, 0, len(text))
        return [(opening.section if opening else None, text)]
    pieces: list[tuple[str | None, str]] = []
    if text[: cuts[0][0]].strip():
        pieces.append((None, text[: cuts[0][0]]))
    ends = [at for at, _ in cuts[1:]] + [len(text)]
    pieces += [(section, text[at:end]) for (at, section), end in zip(cuts, ends, strict=True)]
    return pieces
