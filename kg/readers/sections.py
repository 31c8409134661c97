"""Judging blocks: which section each lies in, and where a section's label is part of the text."""

from __future__ import annotations

import re

from kg.readers import regions
from kg.readers.blocks import Layout, RawBlock
from kg.readers.labels import LabelFound, inner_labels, leading_label, whole_label
from kg.readers.people import is_affiliation, is_author_list
from kg.records import Section
from kg.reference import cites_in_passing
from kg.text import NO_EVIDENCE, Block, View

#: Sections of a study's text; a heading or a rule ends them, a label or heading opens them.
_STUDY = frozenset({
    "abstract", "background", "objective", "methods", "results", "conclusion", "discussion",
    "highlights",
})  # fmt: skip
_OPENING_SECTIONS = frozenset({"abstract", "background", "objective", "methods", "highlights"})
_PROSE_LENGTH = 200
#: Matter in short lines: prose after it belongs to the page again.
_BRIEF = frozenset({"authors", "citation", "navigation", "copyright", "personalization"})
_SHORT_HEADING = 110
_CITATION_LENGTH = 420
_LINKED_SHARE = 0.5
_REPEATED_LENGTH = 80
_NUMBERED = re.compile(r"(Table|Figure|Fig|Tab)\.?\s?[SE]?\d{1,2}\b\s?[.:]?")
_DOI_TARGET = re.compile(r"doi\.org|/10\.\d{4}|pubmed|ncbi\.nlm", re.IGNORECASE)


def judge(layout: Layout, *, short_lines: bool) -> tuple[Block, ...]:
    """Return the blocks of a layout, split at section labels, each with its section.

    `short_lines`: the text has no marks for headings; a short line by itself is one.
    """
    blocks = _split_at_labels(layout)
    if short_lines:
        _find_headings(layout.view.text, blocks)
    sections = _Judge(layout.view.text, blocks).sections()
    return tuple(
        Block(raw.kind, raw.start, raw.end, section, raw.level, raw.lead, raw.table)
        for raw, section in zip(blocks, sections, strict=True)
    )


def to_sections(
    view: View, blocks: tuple[Block, ...], others: list[tuple[str, int, int]]
) -> tuple[Section, ...]:
    """Return the document's sections in source offsets: neighbours of one name are one section."""
    found: list[Section] = []
    for block in blocks:
        start, end = view.to_source(block.start_char, block.end_char)
        if found and found[-1].name == block.section and found[-1].end_char <= start:
            found[-1] = found[-1].model_copy(update={"end_char": end})
        else:
            found.append(Section(name=block.section, start_char=start, end_char=end))
    found += [Section(name=name, start_char=start, end_char=end) for name, start, end in others]
    return tuple(sorted(found, key=lambda section: (section.start_char, section.end_char)))


def _split_at_labels(layout: Layout) -> list[RawBlock]:
    """Cut paragraphs so that a label heads a block; leads follow the blocks they name."""
    text = layout.view.text
    made: list[RawBlock] = []
    last_part: list[int] = []  # for each block of the layout, its last part
    for raw in layout.blocks:
        lead = None if raw.lead is None else last_part[raw.lead]
        is_running = raw.kind in ("paragraph", "item") and raw.zone is None
        cuts = _cuts(text, raw) if is_running else []
        start = raw.start
        for cut in cuts:
            end = _trim_end(text, start, cut)
            if end > start:
                made.append(raw.moved(start, end, lead=lead if start == raw.start else None))
            start = cut
        made.append(
            raw.moved(start, raw.end, lead=lead) if start == raw.start
            else raw.moved(start, raw.end, lead=None, kind="paragraph", after_rule=False)
        )  # fmt: skip
        last_part.append(len(made) - 1)
    return made


def _cuts(text: str, raw: RawBlock) -> list[int]:
    cuts = [found.start for found in inner_labels(text, raw.start, raw.end)]
    if "Table" in text or "Fig" in text:
        cuts += [
            found.start()
            for found in _CAPTION.finditer(text, raw.start + 1, raw.end)
            if text[found.start() - 1] not in " \n"
        ]
    return sorted(set(cuts))


def _find_headings(text: str, blocks: list[RawBlock]) -> None:
    """Mark the lines that head what follows: short, capitalised, without a sentence's end.

    Such a heading has level 3; level 2 where another heading follows at once.
    """
    heads = [
        block.kind == "paragraph"
        and bool(_HEADING_LINE.fullmatch(text, block.start, block.end))
        and not _SENTENCES.search(text, block.start, block.end)
        and not regions.STATISTICS.search(text, block.start, block.end)
        for block in blocks
    ]
    for index, block in enumerate(blocks):
        if heads[index] and index + 1 < len(blocks):
            block.kind = "heading"
            block.level = 2 if heads[index + 1] else 3
            block.inferred = True


_SENTENCES = re.compile(r"[.!?;]\s*[A-Z(]\w*\s")
_HEADING_LINE = re.compile(r"[A-Z0-9À-Þ][^\n]{2,109}[\w)?:%]")


# "…of Tregs.Table 1.Available evidence": a caption glued to the text before it.
_CAPTION = re.compile(r"(?<=[\w.)\]])(?:Table|Figure|Fig\.)\s\d{1,2}\.\s?(?=[A-Z(])")


def _trim_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


class _Judge:
    """Goes through the blocks once, remembering what the last heading opened."""

    def __init__(self, text: str, blocks: list[RawBlock]) -> None:
        self.text = text
        self.blocks = blocks
        self.seen: set[str] = set()
        self.region: str | None = None  # a kind of matter that lasts up to the next heading
        self.region_level = 0
        self.label: str | None = None  # the section the last label opened
        self.previous: str | None = None  # the section of the block before
        self.tables_count = False  # a page's own summary: its tables restate the study

    def sections(self) -> list[str]:
        """Return the section of each block."""
        found: list[str] = []
        for index, block in enumerate(self.blocks):
            section = self._section(index, block)
            if block.kind not in ("heading", "table") and section not in NO_EVIDENCE:
                section = self._unless_repeated(block, section)
            found.append(section)
            self.previous = section
        return found

    def _content(self, block: RawBlock) -> str:
        return self.text[block.start : block.end]

    def _section(self, index: int, block: RawBlock) -> str:
        if block.zone is not None:
            return block.zone
        if block.after_rule:
            self.region = None
            self.label = None
        content = self._content(block)
        if self._is_heading(block, content):
            return self._heading(index, block, content)
        if block.kind == "table":
            return self._table()
        return self._running(index, block, content)

    def _is_heading(self, block: RawBlock, content: str) -> bool:
        """Whether a block heads what follows: a heading, or a short line that names a part."""
        if block.kind == "heading":
            return True
        if block.kind != "paragraph" or len(content) > _SHORT_HEADING or block.quoted:
            return False
        if whole_label(content) is not None:
            return True
        return any(
            (found := pattern.match(content.strip(" :*_-–^"))) is not None
            and (found.end() >= len(content) - 4 or self._is_bold(block))
            and not self._is_linked(block)
            for _, pattern in regions.HEADINGS
        )

    def _heading(self, index: int, block: RawBlock, content: str) -> str:
        bare = content.strip(" :*_-–^")
        label = whole_label(content)
        if label is not None:
            if label in NO_EVIDENCE:
                self.region, self.label = label, None
                self.region_level = block.level if block.kind == "heading" else 9
            else:
                self.region, self.label = None, label
            return label
        for section, pattern in regions.HEADINGS:
            if pattern.match(bare) and (
                len(bare) <= _SHORT_HEADING or section == "editor_comments"
            ):
                self.region, self.label = section, None
                self.region_level = block.level if block.kind == "heading" else 9
                self.tables_count = section == "editor_comments"
                return section
        if block.kind == "heading":
            if block.inferred and (own := self._opening(content)) in NO_EVIDENCE:
                return own or "body"
            if self._stays(index, block):
                assert self.region is not None
                return self.region
            self.region = None
            self.label = None
            opening = leading_label(self.text, block.start, block.end)
            if opening is not None and opening.section in _STUDY and opening.end < block.end - 3:
                self.label = opening.section
                return opening.section
            if self._opening(content) == "editor_comments" or regions.MUSING.search(content):
                self.region, self.region_level = "editor_comments", block.level
                return "editor_comments"
        return "title" if self._heads_study(index) else "body"

    def _stays(self, index: int, block: RawBlock) -> bool:
        """Whether a heading is one of the parts of what the last heading opened."""
        if self.region not in ("references", "see_also", "editor_comments"):
            return False
        if block.inferred:
            return self.region != "editor_comments"
        return block.level > self.region_level and not self._heads_study(index)

    def _heads_study(self, index: int) -> bool:
        """Whether authors, a citation or the opening of an abstract follow a heading soon."""
        for block in self.blocks[index + 1 : index + 7]:
            content = self._content(block)
            opening = leading_label(self.text, block.start, block.end)
            label = opening.section if opening else whole_label(content)
            if label is not None:
                return label in _OPENING_SECTIONS
            if block.kind == "heading":
                return False
            if self._is_citation(block, content) or is_author_list(content):
                return True
            if len(content) > _PROSE_LENGTH:
                return False
        return False

    def _table(self) -> str:
        if self.region is None or (self.region == "editor_comments" and self.tables_count):
            return "table"
        return self.region

    def _running(self, index: int, block: RawBlock, content: str) -> str:
        opening = leading_label(self.text, block.start, block.end)
        if opening is not None and self._opens_section(opening):
            self.region = None
            if opening.section in NO_EVIDENCE or opening.section in ("keywords", "registration"):
                return opening.section
            self.label = opening.section
            return opening.section
        if (
            self.region in _BRIEF
            and len(content) > _PROSE_LENGTH
            and not self._names(block, content)
        ):
            self.region = None
        if self.region is not None:
            return self._legal(content) or self.region
        if found := _NUMBERED.match(content):
            return "table" if found[1].lower().startswith("tab") else "figure"
        other = self._other_matter(block, content)
        if other is not None:
            return other
        if self._is_title(index, block):
            return "title"
        return self.label or "body"

    def _is_title(self, index: int, block: RawBlock) -> bool:
        """Whether a line is a study's title: bold below an editor's heading, or above its authors."""
        if not 20 <= block.end - block.start <= 400 or self.label:
            return False
        if not index or self.previous == "citation":  # a record of a literature database
            below = self._content(self.blocks[index + 1]) if index + 1 < len(self.blocks) else ""
            return is_author_list(below) and not self._names(block, self._content(block))
        if not self._is_bold(block):
            return False
        return self.blocks[index - 1].kind == "heading" and self._heads_study(index)

    def _names(self, block: RawBlock, content: str) -> bool:
        return (
            is_author_list(content) or is_affiliation(content) or self._is_citation(block, content)
        )

    def _legal(self, content: str) -> str | None:
        opening = self._opening(content)
        return opening if opening in ("disclaimer", "copyright") else None

    def _opens_section(self, opening: LabelFound) -> bool:
        """Whether a label in running text counts here: not within references or link lists.

        Remarks of an editor are ended by the labels of an abstract, but may hold a "Conclusion".
        """
        if self.region == "editor_comments":
            return opening.section in _OPENING_SECTIONS or opening.section == "results"
        return self.region not in ("references", "see_also", "comments")

    def _other_matter(self, block: RawBlock, content: str) -> str | None:
        """Return the section of a block that is plainly no evidence by its own content."""
        opening = self._opening(content)
        if opening in ("copyright", "disclaimer", "personalization", "advertising", "keywords"):
            return opening
        if opening is not None and len(content) < _CITATION_LENGTH:
            return opening
        if "iki" in content.lower() and regions.SITE_NAMES.search(content):
            return "navigation" if self._is_linked(block) else "editor_comments"
        if self._is_citation(block, content):
            return "citation"
        if self._is_linked(block):
            return "see_also"
        if is_author_list(content) or is_affiliation(content):
            return "authors"
        if block.kind == "item" and regions.REFERENCE_ENTRY.match(content):
            return "references"
        return None

    def _opening(self, content: str) -> str | None:
        for section, pattern in regions.OPENINGS:
            if pattern.match(content):
                return section
        return None

    def _is_citation(self, block: RawBlock, content: str) -> bool:
        if len(content) > _CITATION_LENGTH or not regions.may_cite(content):
            return False
        if not regions.CITATION.search(content):
            return False
        if cites_in_passing(content, regions.CITATION):
            return False
        if re.search(r"\bp\s?[<=>]\s?[0.]|\bCI\b", content):
            return False
        return not self._is_linked(block)

    def _is_linked(self, block: RawBlock) -> bool:
        """Whether a block is mostly a link, other than to the publication itself."""
        linked = sum(
            min(end, block.end) - max(start, block.start)
            for start, end, target in block.links
            if start < block.end and end > block.start and not _DOI_TARGET.search(target)
        )
        return linked >= _LINKED_SHARE * (block.end - block.start)

    @staticmethod
    def _is_bold(block: RawBlock) -> bool:
        return block.bold >= 0.9 * (block.end - block.start)

    def _unless_repeated(self, block: RawBlock, section: str) -> str:
        """Return ``duplicate`` for a paragraph that the page has shown before."""
        content = " ".join(self._content(block).split())
        if len(content) < _REPEATED_LENGTH:
            return section
        if content in self.seen:
            return "duplicate"
        self.seen.add(content)
        return section
