"""What a document says of its own publication: title, identifiers, authors, journal, year."""

from __future__ import annotations

import re
from typing import Any

from kg.readers.blocks import Layout
from kg.readers.language import detect_language
from kg.readers.people import is_author_list, split_authors
from kg.reference import REGISTRY_PREFIXES, find_references
from kg.text import Block

#: Blocks whose references are the page's own, not those of other studies it points to.
_FOREIGN = frozenset(
    {"see_also", "references", "editor_comments", "comments", "advertising", "navigation"}
)
_YEAR = re.compile(r"\b(?:19[5-9]|20[0-4])\d\b")
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")  # its digits are no date
_MONTHS = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_JOURNAL = re.compile(
    r"(?:\d{1,4}\.\s+)?(?:(?:Review|Meta-Analysis|Clinical Trial|Randomized Controlled Trial)\s+)?"
    r"(?!(?:Received|Presented|Accepted|PMID|DOI|Volume|Copyright|Published|Available|Epub|Print|Article)\b)"
    r"(?P<name>[A-Z][A-Za-z&'’.\-:() ]{2,90}?)[\s.,:(|]++"
    rf"(?=(?:19|20)\d\d\b|\d{{1,4}}\s?[(;:]|\d{{1,2}} {_MONTHS}|{_MONTHS}|SeptOct"
    r"|[Vv]ol\b|Volume\b|vol\.|Published|Online|First|Available|Epub|doi\b|DOI\b|pii\b)"
)
_DATES_ONLY = re.compile(r"\W{0,3}(?:received|accepted|revised)\b", re.IGNORECASE)
# "…vitamin D status1": a footnote's digit glued to a title's last word.
_FOOTNOTE = re.compile(r"(?<=[a-z]{4})[1-9]$")
_TITLE_LENGTH = 400
_SENTENCE = re.compile(r"[^\n]{15,400}?(?<!\bvs)(?<!\bv)(?<!\b[A-Z])[.?!](?=\s+[A-Z“\"(0-9])")


def describe(
    text: str, layout: Layout, blocks: tuple[Block, ...], front: dict[str, object]
) -> dict[str, Any]:
    """Return the fields of :class:`kg.records.Document` that name its publication."""
    view = layout.view.text
    known: dict[str, Any] = {}
    own = [block for block in blocks if block.section not in _FOREIGN]
    known["title"] = _title(view, blocks, layout, front)
    known.update(_identifiers(view, own))
    citations = [view[b.start_char : b.end_char] for b in own if b.section == "citation"]
    known["journal"] = next((j for c in citations if (j := _journal(c))), None)
    date = _text(front.get("date"))
    known["published"] = date
    years = [_year(c) for c in citations if not _DATES_ONLY.match(c)]
    years += [_year(c) for c in citations if _DATES_ONLY.match(c)]
    if year := next((year for year in years if year), None):
        known["year"] = year
    elif date and (found := _YEAR.search(date)):
        known["year"] = int(found[0])
    known["authors"] = _authors(view, blocks)
    known["url"] = _text(front.get("url"))
    shown = " ".join(view[b.start_char : b.end_char] for b in own[:60])
    known["language"] = _text(front.get("language")) or detect_language(shown)
    return known


def _title(
    view: str, blocks: tuple[Block, ...], layout: Layout, front: dict[str, object]
) -> str | None:
    """Return the study's title where the page has one, else the page's."""
    for index, block in enumerate(blocks):
        if block.section != "title":
            continue
        after = [b for b in blocks[index + 1 : index + 3] if b.section == "title"]
        chosen = after[0] if after and after[0].kind == "paragraph" else block
        title = " ".join(view[chosen.start_char : chosen.end_char].split())
        if chosen is block and index and blocks[index - 1].kind == "heading":
            above = view[blocks[index - 1].start_char : blocks[index - 1].end_char].strip()
            goes_on = above.endswith((":", ",")) or title[:1].islower()
            title = f"{above} {title}" if goes_on else title
        return _FOOTNOTE.sub("", title)
    titled = _text(front.get("title")) or layout.title
    if titled:
        return titled
    for index, block in enumerate(blocks[:4]):
        content = " ".join(view[block.start_char : block.end_char].split())
        if (
            block.section in ("citation", "navigation", "authors", "registration")
            or len(content) < 12
        ):
            continue
        if block.kind == "heading" or (
            block.section == "body" and len(content) <= _TITLE_LENGTH and len(blocks) > index + 1
        ):
            return content if block.section == "body" else None
        if len(blocks) == 1 and (found := _SENTENCE.match(content)):
            return found.group().rstrip(".")
        break
    return None


def _identifiers(view: str, own: list[Block]) -> dict[str, Any]:
    first: dict[str, str] = {}
    registry: list[str] = []
    for block in own:
        for found in find_references(view[block.start_char : block.end_char]):
            prefix, identifier = found.reference.prefix, found.reference.identifier
            if prefix in REGISTRY_PREFIXES:
                registry.append(identifier)
            else:
                first.setdefault(prefix, identifier)
    return {
        "doi": first.get("doi"),
        "pmid": first.get("pubmed"),
        "pmcid": first.get("pmc"),
        "registry_ids": tuple(dict.fromkeys(registry)),
    }


def _authors(view: str, blocks: tuple[Block, ...]) -> tuple[str, ...]:
    for block in blocks:
        content = view[block.start_char : block.end_char]
        if block.section == "authors" and is_author_list(content):
            return split_authors(content)
    return ()


def _year(citation: str) -> int | None:
    """Return the year of publication: the first of a citation, the last of a history of dates."""
    found = _YEAR.findall(_DOI.sub(" ", citation))
    if not found:
        return None
    return int(found[-1] if _DATES_ONLY.match(citation) else found[0])


def _journal(citation: str) -> str | None:
    found = _JOURNAL.match(citation)
    return found["name"].strip(" .,") if found else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
