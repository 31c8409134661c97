"""Publications that were taken back: how they are told, and how a user's list names them.

A retracted publication stays in the records with a notice; in the graph its study is flagged
``ce:retracted``, and answers and pooled estimates leave it out. Flagged are what PubMed marks so
(publication type, ``RetractionIn``), what says so in its title, and what the list names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from kg.errors import BuildError
from kg.records import Notice, Record

CODE = "retracted"
_TYPE = "Retracted Publication"
#: "RETRACTED: ...", "Retracted article: ...", "[Retracted] ...", "Retraction notice to ..."
_TITLE = re.compile(
    r"^\W*(?:retract(?:ed|ion)\b(?:\s+(?:article|paper|publication|notice|note)\b)?\s*[:\]—–]"
    r"|retraction\s+(?:notice|note)\s+(?:to|of|for)\b)",
    re.IGNORECASE,
)
_MESSAGE = "the publication was retracted: its results are left out of answers and pooled estimates"


def is_retraction_title(title: str | None) -> bool:
    """Whether a title says that its publication was taken back.

    >>> is_retraction_title("RETRACTED: Vitamin D and falls"), is_retraction_title("Retracted humeral head")
    (True, False)
    """
    return title is not None and _TITLE.match(title) is not None


def note_retraction(record: Record, metadata: Mapping[str, object] | None = None) -> Record:
    """Add the notice to a record whose publication was retracted.

    Parameters
    ----------
    record
        As extracted.
    metadata
        What the reader found beside the text; ``None`` adds the notice whatever it says.
    """
    if any(notice.code == CODE for notice in record.notices):
        return record
    if metadata is not None:
        types = metadata.get("publication_types")
        told = metadata.get("retracted") is True or (isinstance(types, list) and _TYPE in types)
        titles = [record.document.title, *(study.title for study in record.studies)]
        if not told and not any(map(is_retraction_title, titles[:2])):
            return record
    notice = Notice(code=CODE, severity="warning", message=_MESSAGE)
    return record.model_copy(update={"notices": (*record.notices, notice)})


def is_retracted(record: Record) -> bool:
    """Whether a record says that its publication was retracted."""
    return any(notice.code == CODE for notice in record.notices)


def publication_identifiers(record: Record) -> list[str]:
    """List the DOIs and PubMed numbers of what a document reports itself: ``doi:...``, ``pmid:...``."""
    named = [(record.document.doi, record.document.pmid)]
    named += [(study.doi, study.pmid) for study in record.studies if study.kind == "report"]
    found = {f"doi:{doi.strip().lower()}" for doi, _ in named if doi}
    return sorted(found | {f"pmid:{pmid.strip()}" for _, pmid in named if pmid})


def read_list(file: Path) -> frozenset[str]:
    """Read DOIs and PubMed numbers, one a line; what stands behind "#" is passed over.

    Raises
    ------
    BuildError
        If the file cannot be read, or a line is neither.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{file}: cannot be read as a list of DOIs and PMIDs: {error}") from error
    found = set()
    for number, line in enumerate(lines, 1):
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        doi = re.search(r"10\.\d{4,9}/\S+", text)
        pmid = re.fullmatch(r"(?:pmid:?\s*)?(\d{1,9})", text, re.IGNORECASE)
        if doi:
            found.add(f"doi:{doi[0].lower()}")
        elif pmid:
            found.add(f"pmid:{int(pmid[1])}")
        elif text:
            raise BuildError(f"{file}, line {number}: {text[:60]!r} is no DOI and no PMID")
    return frozenset(found)
