"""Which blocks of a page tell of which study.

A page may report one study, several one after another, or none. Where a new study begins, a title
stands over a citation (journal, year, DOI); everything up to the next such place tells of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kg.assembly.excerpts import is_excerpt
from kg.assembly.publications import (
    Citation,
    clean_title,
    find_doi,
    find_year,
    is_authors,
    is_citation,
    is_editorial,
    is_subtitle,
    is_title,
    read_citation,
    read_passing,
)  # fmt: skip
from kg.assembly.zones import find_labels
from kg.reference import find_references, tells
from kg.text import Block, Reading

NO_CITATION = Citation()
#: Sections that are no part of a study's report, whatever they hold.
OUTSIDE = frozenset({
    "front_matter", "navigation", "see_also", "references", "copyright", "disclaimer",
    "advertising", "personalization", "comments", "editor_comments",
})  # fmt: skip
#: A heading or line after which the page goes on about the study above it.
_CONTINUES = re.compile(
    r"press release|clipped|abstract|highlights|summary|conclusion|result|method|background|introduction|discussion|"
    r"objective|limitation|table|figure|chart|from the pdf|from the study|excerpt|key points|findings|full text",
    re.IGNORECASE,
)
#: What tells that a page speaks about somebody's study, though it cites none.
_ABOUT_STUDY = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|researchers?|volunteers|participants|patients|published|clipped|press release|meta-analysis)\b",
    re.IGNORECASE,
)


@dataclass
class Segment:
    """The stretch of one study: block indexes, its title, its citation."""

    blocks: list[int] = field(default_factory=list)
    title: tuple[int, int] | None = None
    headline: tuple[int, int] | None = None
    citation: Citation = NO_CITATION
    level: int = 0
    told: bool = False  # a page tells of it under a headline of its own, without its title

    def key(self, reading: Reading) -> tuple[str, str]:
        """Return what tells whether two segments tell of one study."""
        title = clean_title(reading.view.text[slice(*self.title)]) if self.title else ""
        return (self.citation.doi or "").lower(), re.sub(r"\W+", " ", title.lower()).strip()


@dataclass(frozen=True, slots=True)
class _Head:
    first: int  # block that opens the segment
    last: int  # last block of the citation
    title: tuple[int, int] | None
    headline: tuple[int, int] | None
    citation: Citation
    level: int


def find_segments(reading: Reading) -> list[Segment]:
    """Divide a page among the studies it cites; one segment without citation if it cites none."""
    usable = [i for i, b in enumerate(reading.blocks) if b.section not in OUTSIDE]
    heads = _find_heads(reading, usable)
    if not heads and len(told := _told_segments(reading, usable)) > 1:
        return told
    if not heads:
        segment = Segment(list(usable))
        segment.title = None if is_excerpt(reading) else _uncited_title(reading, usable)
        return [segment] if usable else []
    segments = [Segment([], h.title, h.headline, h.citation, h.level) for h in heads]
    _deal_out(reading, usable, heads, segments)
    return _merge_repeats(reading, segments)


def _told_segments(reading: Reading, usable: list[int]) -> list[Segment]:
    """Return the parts of a page that retell a study each, with its identifier in passing.

    ``#### Leuven, 2012`` heads a part, and its text says "Lehouck et al. (PMID 22250141) gave …".
    What stands under other headlines compares the studies and tells of none.
    """
    segments: list[Segment] = []
    seen: set[str] = set()
    for place, index in enumerate(usable):
        head = reading.blocks[index]
        if head.kind != "heading":
            continue
        part: list[int] = []
        for other in usable[place + 1 :]:
            if reading.blocks[other].kind == "heading":
                break
            part.append(other)
        cited = _cited_in_passing(reading, part)
        if len({c for c, _ in cited}) != 1 or cited[0][0] in seen:
            continue
        seen.add(cited[0][0])
        citation = cited[0][1]
        year = citation.year or find_year(_text(reading, index))
        citation = replace(citation, year=year)
        segments.append(
            Segment([index, *part], None, _span(reading, index), citation, head.level, told=True)
        )
    return segments


def _cited_in_passing(reading: Reading, part: list[int]) -> list[tuple[str, Citation]]:
    """Return the identifiers that the prose of some blocks prints, each with what is cited by it."""
    found = []
    for index in part:
        text = _text(reading, index)
        if reading.blocks[index].kind == "table" or not tells(text):
            continue
        for item in find_references(text):
            if item.reference.prefix in ("doi", "pubmed", "pmc"):
                citation = read_passing(text, item.start_char, item.reference)
                found.append((item.reference.curie, citation))
    return found


def _text(reading: Reading, index: int) -> str:
    block = reading.blocks[index]
    return reading.view.text[block.start_char : block.end_char]


def _find_heads(reading: Reading, usable: list[int]) -> list[_Head]:
    heads: list[_Head] = []
    position = 0
    while position < len(usable):
        index = usable[position]
        block = reading.blocks[index]
        text = _text(reading, index)
        if not _cites(block, text):
            position += 1
            continue
        floor = heads[-1].last if heads else -1
        citation = read_citation(reading, block.start_char, block.end_char)
        last = position
        while last + 1 < len(usable) and _goes_on(reading, usable[last + 1]):
            last += 1
            extra = read_citation(reading, *_span(reading, usable[last]))
            citation = Citation(
                citation.doi or extra.doi, citation.pmid or extra.pmid, citation.year or extra.year,
                citation.journal or extra.journal, citation.inline_title,
            )  # fmt: skip
        head = _head_at(reading, usable, position, last, floor, citation)
        if head is not None:
            heads.append(head)
        position = last + 1
    return heads


#: Dates of a manuscript, and publications that point at the one above them.
_NO_HEAD = re.compile(r"\W*(?:received|accepted|revised|copyright|©)\b", re.IGNORECASE)
_POINTER = re.compile(
    r"(?:comment (?:in|on)|summary for patients in|erratum (?:in|for)|update (?:of|in)|republished in|"
    r"cited by|see also|related|conflict of interest)\W*$",
    re.IGNORECASE,
)


def _cites(block: Block, text: str) -> bool:
    """Whether a block can be the citation over which, or under which, a title stands."""
    if block.section == "authors" or block.kind == "table" or _NO_HEAD.match(text):
        return False
    if block.section == "citation":
        return is_citation(text) or len(text) < 200
    return block.kind != "item" and is_citation(text)


def _span(reading: Reading, index: int) -> tuple[int, int]:
    block = reading.blocks[index]
    return block.start_char, block.end_char


def _goes_on(reading: Reading, index: int) -> bool:
    """Whether a block continues a citation: its DOI or PubMed number in a line of its own."""
    text = _text(reading, index)
    if len(text) > 160 or reading.blocks[index].kind == "heading":
        return False
    return bool(find_doi(text)) and len(text.split()) <= 6


def _head_at(
    reading: Reading, usable: list[int], position: int, last: int, floor: int, citation: Citation
) -> _Head | None:
    """Find the title over a citation: look back over authors and subtitles, at most six blocks."""
    candidates: list[int] = []
    back = position - 1
    steps = 0
    while back >= 0 and steps < 6 and usable[back] > floor:
        index = usable[back]
        block, text = reading.blocks[index], _text(reading, index)
        if (
            find_labels(
                reading.view.text, block.start_char, min(block.end_char, block.start_char + 60)
            )
            and len(text) > 60
        ):
            break
        if _POINTER.search(text):
            return None
        if (
            is_subtitle(text)
            and (block.kind != "heading" or _follows_heading(reading, usable, back))
        ) or _ISSUE.match(text):
            pass
        elif is_title(block, text) and block.kind != "item" and not _is_statement(block, text):
            candidates.append(index)
            if block.kind == "heading":
                break
        elif not (
            is_authors(text) or is_subtitle(text) or len(text) < 40 or block.section == "authors"
        ):
            break
        back -= 1
        steps += 1
    if citation.doi is None and citation.year is None:
        return None  # a bare PubMed number ends an abstract
    listed = reading.blocks[usable[position]].kind == "item" and citation.doi is None
    if listed or (not candidates and citation.inline_title is None):
        return _pubmed_head(reading, usable, position, last, citation)
    headline = _heading_of(reading, candidates)
    title: tuple[int, int] | None = citation.inline_title
    chosen = None
    if title is None:
        chosen = _choose_title(reading, candidates)
        title = _span(reading, chosen) if chosen is not None else None
    first = min([*candidates, usable[position]])
    level = reading.blocks[headline].level if headline is not None else 0
    over = _span(reading, headline) if headline is not None and headline != chosen else None
    return _Head(first, usable[last], title, over, citation, level)


def _follows_heading(reading: Reading, usable: list[int], position: int) -> bool:
    return position > 0 and reading.blocks[usable[position - 1]].kind == "heading"


def _pubmed_head(
    reading: Reading, usable: list[int], position: int, last: int, citation: Citation
) -> _Head | None:
    """Read the form in which PubMed prints a record: the citation, then the title, then the authors."""
    if last + 2 >= len(usable) or reading.blocks[usable[position]].section != "citation":
        return None
    index, following = usable[last + 1], usable[last + 2]
    block = reading.blocks[index]
    if not is_title(block, _text(reading, index)):
        return None
    if reading.blocks[following].section != "authors" and not is_authors(_text(reading, following)):
        return None
    return _Head(usable[position], index, _span(reading, index), None, citation, block.level)


_ISSUE = re.compile(
    r"\W*(?:special issue|volume \d|issue \d|supplement\b|original (?:article|research)|research article)",
    re.IGNORECASE,
)
_STATING = re.compile(r"\b(?:was|were|had|have|been|we)\b")


def _is_statement(block: Block, text: str) -> bool:
    """Whether a line states something, as no title does."""
    if block.section in (
        "background",
        "methods",
        "results",
        "conclusion",
        "discussion",
        "objective",
    ):
        return block.kind != "heading"
    return text.rstrip().endswith(".") and bool(_STATING.search(text))


def _heading_of(reading: Reading, candidates: list[int]) -> int | None:
    return next((i for i in candidates if reading.blocks[i].kind == "heading"), None)


def _choose_title(reading: Reading, candidates: list[int]) -> int | None:
    """Return the block that holds the study's own title, rather than a headline over it."""

    def rank(index: int) -> tuple[int, int]:
        text = _text(reading, index)
        points = (
            3 * (not is_editorial(text))
            - 3 * is_subtitle(text)
            + (reading.blocks[index].kind == "heading")
        )
        points += len(text) > 60
        return points, index

    return max(candidates, key=rank, default=None)


def _deal_out(
    reading: Reading, usable: list[int], heads: list[_Head], segments: list[Segment]
) -> None:
    """Give each block to the study it tells of; on pages of several studies, remarks go to none."""
    several = len({s.key(reading) for s in segments}) > 1
    current, closed = -1, False
    for index in usable:
        following = current + 1
        if following < len(heads) and index >= heads[following].first:
            current, closed = following, False
        if current < 0:
            if not several and _ABOUT_STUDY.search(_text(reading, index)):
                segments[0].blocks.append(index)
            continue
        if several and index > heads[current].last and reading.blocks[index].kind == "heading":
            closed = _closes(reading, index, heads[current])
        if not closed:
            segments[current].blocks.append(index)


def _closes(reading: Reading, index: int, head: _Head) -> bool:
    """Whether a heading ends the report of a study on a page of several."""
    block = reading.blocks[index]
    return block.level <= (head.level or block.level) and not _CONTINUES.search(
        _text(reading, index)
    )


def _merge_repeats(reading: Reading, segments: list[Segment]) -> list[Segment]:
    """Join segments of one DOI or one title: a clip and the abstract tell of one study."""
    kept: list[Segment] = []
    for segment in segments:
        doi, title = segment.key(reading)
        for other in kept:
            other_doi, other_title = other.key(reading)
            if (doi and doi == other_doi) or (
                title and title == other_title and not (doi and other_doi)
            ):
                other.blocks = sorted({*other.blocks, *segment.blocks})
                other.citation = _joined(other.citation, segment.citation)
                break
        else:
            kept.append(segment)
    return kept


def _joined(first: Citation, second: Citation) -> Citation:
    return Citation(
        first.doi or second.doi, first.pmid or second.pmid, first.year or second.year,
        first.journal or second.journal, first.inline_title,
    )  # fmt: skip


_FIRST_SENTENCE = re.compile(r".{20,330}?[.?!](?=\s+[A-Z(\"“]|\s*$)", re.DOTALL)


def _uncited_title(reading: Reading, usable: list[int]) -> tuple[int, int] | None:
    """Return the title of a page that cites nothing: its first line, or its first sentence."""
    for index in usable[:4]:
        block, text = reading.blocks[index], _text(reading, index)
        if block.kind == "item" or block.section in ("authors", "citation"):
            continue
        if find_labels(reading.view.text, block.start_char, block.start_char + 30):
            return None
        asks = index == usable[0] and text.rstrip().endswith("?")  # a page that answers a question
        if (
            is_title(block, text)
            and (asks or not is_editorial(text))
            and not _is_statement(block, text)
        ):
            return block.start_char, block.end_char
        if len(text) > 400 and index == usable[0]:
            match = _FIRST_SENTENCE.match(text)
            if match and not re.search(r"\b(?:were|was|we)\b", match.group()):
                return block.start_char, block.start_char + match.end()
    return None
