"""From a source text with markup to a view and the blocks of text in it, before any is judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from kg.readers.blocks import BlockWriter, Layout
from kg.readers.bounds import bound_layout
from kg.readers.dashed_tables import DashedTable, read_dashed_table
from kg.readers.tables import split_wiki_rows

_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})(?:[ \t]+|(?=\*\*)|$)")
_HEADING_TAIL = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"[ \t]*(?:(?:[-–—][ \t]*){3,60}|(?:\*[ \t]*){3,60}|(?:_[ \t]*){3,60})$")
_ITEM = re.compile(
    r"([ \t]*)(?:([*·](?=[ \t\u00a0])|[•◦‣▪●○■□\uf0b7\uf0a7](?=\S|[ \t\u00a0]))|([-+–])(?=[ \t])"
    r"|(\d{1,3})\.(?=[ \t]{1,4}))[ \t\u00a0]*"
)
_QUOTE = re.compile(r"[ \t]{0,3}>(?![ \t]?[=\d.])[ \t]?")
_PIPE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_PIPE_RULE = re.compile(r"[ \t]*+\|?(?:[ \t]*+:?-{2,}+:?[ \t]*+\|)+(?:[ \t]*+:?-{2,}+:?)?[ \t]*+$")
_WIKI_TABLE = re.compile(r"[ \t]*(?:#{1,6}[ \t]+)?\|\|(?!\|)")
_CONTINUES = re.compile(
    r"[*_ ]{0,8}(?=[a-z]{2,}[ ,]|a [a-z]|\()(?!https?\b|www\b|doi\b|et al|\(\d{1,2}\)|\([a-z]\))"
)
_BREAKS_OFF = re.compile(
    r"[,(]$|\b(?:of|the|an?|and|or|with|in|for|was|were|is|are|to|by|between|than|from|at)$"
)
_BAR = re.compile(r"\|")
_FENCE = re.compile(r"[ \t]*(?:```|~~~|:::)")
_DASHES = re.compile(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*$|[ \t]*-{20,}[ \t]*$")
#: A heading's mark within a line: a converter took line ends out.
_INNER_HEADING = re.compile(r"(?<=[^\s#]) (?=#{1,6} [A-Z0-9*(])")
_LONGEST_HEADING = 200
_NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
#: Lines shorter than this were not wrapped: no one sets text so narrow.
_NARROWEST = 70


class LayoutReader(BlockWriter):
    """Reads one source text; use it once.

    Parameters
    ----------
    text
        The whole source.
    start
        Where the body begins (after front matter).
    wiki
        Whether Markdown and wiki markup is read; HTML tags and entities always are.
    lines
        Whether line ends mean anything; in HTML they are mere white space.
    """

    def read(self) -> Layout:
        """Return the view and its blocks."""
        if self.lines:
            self._read_lines()
        else:
            self._inline(self.start, len(self.text))
        self._close_table()
        self._close()
        layout = Layout(self.builder.build(), self.blocks, self.dumps, self.title)
        return bound_layout(layout)

    # Lines -----------------------------------------------------------------------------------

    def _read_lines(self) -> None:
        lines = self._line_spans()
        index = 0
        while index < len(lines):
            index = self._read_line(lines, index)

    def _line_spans(self) -> list[tuple[int, int]]:
        """Return the lines as offsets without line ends; a line end within an atom is none."""
        spans = []
        line_start = self.start
        for found in _NEWLINE.finditer(self.text, self.start):
            at = bisect_right(self.atom_starts, found.start()) - 1
            if at >= 0 and found.start() < self.atoms[at].end:
                continue
            spans += self._at_headings(line_start, found.start())
            line_start = found.end()
        return [*spans, *self._at_headings(line_start, len(self.text))]

    def _at_headings(self, start: int, end: int) -> list[tuple[int, int]]:
        """Cut a very long line at the marks of headings within it."""
        if not self.wiki or end - start < 2 * _LONGEST_HEADING:
            return [(start, end)]
        cuts = [found.end() for found in _INNER_HEADING.finditer(self.text, start, end)]
        return list(pairwise([start, *cuts, end]))

    def _read_line(self, lines: list[tuple[int, int]], index: int) -> int:
        """Read the line at `index`, or the structure that begins there; return the next index."""
        start, end = lines[index]
        line = self.text[start : min(end, start + 4000)]
        if self.tables.is_open:
            self._inline(start, end)
            return index + 1
        if not line.strip():
            if not self._waits():
                self._close()
                self.element = None
            return index + 1
        if self.wiki and (after := self._structure(lines, index, line)):
            return after
        if (found := _ITEM.match(line)) and not _RULE.match(line):
            return self._item(lines, index, found)
        if _RULE.match(line) and end - start < 200:
            self._close()
            self.rule = True
            self.items.clear()
            return index + 1
        return self._paragraph(lines, index)

    def _structure(self, lines: list[tuple[int, int]], index: int, line: str) -> int | None:
        """Read a wiki table, pipe table, heading, quotation or fence if one begins here."""
        start, end = lines[index]
        if _WIKI_TABLE.match(line) and (after := self._wiki_table(lines, index)):
            return after
        if "|" in line and (after := self._pipe_table(lines, index)):
            return after
        rules = _DASHES.match(line) or (
            index + 1 < len(lines) and _DASHES.match(self.text, *lines[index + 1])
        )
        if rules and (dashed := read_dashed_table(self.text, lines, index)):
            return self._dashed_table(dashed)
        if found := _HEADING.match(line):
            return self._heading(lines, index, found)
        if found := _QUOTE.match(line):
            lead = self.items[-1][1] if self.items else None
            self._close()
            inner = start + found.end()
            item = _ITEM.match(self.text, inner, end)
            if lead is not None:
                self._begin("item", lead=lead, quoted=True)
            else:
                self._begin("paragraph", quoted=True)
            self._inline(item.end() if item and item.end() < end else inner, end)
            self._close(keep_list=True)
            return index + 1
        if _FENCE.match(line):
            self._close()
            return index + 1
        return None

    def _heading(self, lines: list[tuple[int, int]], index: int, found: re.Match[str]) -> int:
        start, end = lines[index]
        self._close()
        self.items.clear()
        content = start + found.end()
        if end - content > _LONGEST_HEADING:
            self._begin("paragraph")
            self._inline(content, end)
            self._close()
            return index + 1
        if tail := _HEADING_TAIL.search(self.text, max(content, end - 40), end):
            end = tail.start()
        self._begin("heading", level=len(found[1]))
        self._inline(content, end)
        # Two spaces before the line end: the heading goes on in the next line.
        while (
            self.text.endswith("  ", content, end)
            and index + 1 < len(lines)
            and self._is_plain(lines[index + 1])
        ):
            index += 1
            self.inline.separate(" ", end)
            start, end = lines[index]
            self._inline(start, end)
        self._close()
        return index + 1

    def _is_plain(self, span: tuple[int, int]) -> bool:
        line = self.text[span[0] : min(span[1], span[0] + 200)]
        return bool(line.strip()) and not (
            _HEADING.match(line) or _ITEM.match(line) or _RULE.match(line) or _QUOTE.match(line)
        )

    def _item(self, lines: list[tuple[int, int]], index: int, found: re.Match[str]) -> int:
        start, end = lines[index]
        self._close(keep_list=True)
        indent = len(found[1].expandtabs(4))
        while self.items and self.items[-1][0] > indent:
            self.items.pop()
        if self.items and self.items[-1][0] == indent:
            lead = self.blocks[self.items[-1][1]].lead
            self.items.pop()
        elif self.items:
            lead = self.items[-1][1]
        else:
            lead = self._introduction()
        self._begin("item", lead=lead)
        self._inline(start + found.end(), end)
        before = len(self.blocks)
        index += 1
        while index < len(lines) and self._continues_item(lines, index):
            self.inline.separate(" ", lines[index - 1][1])
            self._inline(*lines[index])
            index += 1
        self._close(keep_list=True)
        if len(self.blocks) > before:
            self.items.append((indent, len(self.blocks) - 1))
        return index

    def _continues_item(self, lines: list[tuple[int, int]], index: int) -> bool:
        """Whether a line goes on with the item above it: indented, or a wrapped line."""
        start, end = lines[index]
        line = self.text[start : min(end, start + 200)]
        if not self._is_plain(lines[index]):
            return False
        above = lines[index - 1]
        return line[:1].isspace() or _joins(self.text[above[0] : above[1]][-4000:], line, 80)

    def _paragraph(self, lines: list[tuple[int, int]], index: int) -> int:
        """Read lines up to a blank one or a structure; break where a line was not wrapped."""
        last = index
        while last + 1 < len(lines) and self._is_body_line(lines, last + 1):
            last += 1
        shown = [self.text[a : min(b, a + 4000)].strip() for a, b in lines[index : last + 1]]
        width = max(_NARROWEST, *(len(line) for line in shown))
        if last > index and _is_underline(shown[1]) and self.wiki and shown[0]:
            self._close()
            self._begin("heading", level=1 if shown[1][0] == "=" else 2)
            self._inline(*lines[index])
            self._close()
            return index + 2
        if not self._waits():
            self._close()
            self.items.clear()
        if self._resumes(shown[0]):
            self._reopen(lines[index][0])
        for number, (start, end) in enumerate(lines[index : last + 1]):
            if number and (
                self.element is not None or _joins(shown[number - 1], shown[number], width)
            ):
                self.inline.newline(lines[index + number - 1][1], start)
            elif number:
                self._close()
            if self.open is None:
                self._begin("paragraph")
            self._inline(start, end)
            if self.tables.is_open:
                return index + number + 1
        if not self._waits():
            self._close()
        return last + 1

    def _waits(self) -> bool:
        """Whether an HTML element has begun whose text is still to come."""
        return (
            self.element is not None
            and self.open is not None
            and len(self.builder) == self.open.start
        )

    def _resumes(self, line: str) -> bool:
        """Whether a paragraph goes on with a sentence that a blank line cut in two."""
        if not self.blocks or self.rule or self.tables.is_open:
            return False
        above = self.blocks[-1]
        if above.kind != "paragraph" or above.quoted or above.end - above.start < 40:
            return False
        tail = self.builder.slice(max(above.start, above.end - 12), above.end)
        if tail[-1] in ".?!:;”\"’'":
            return False
        breaks_off = len(self.blocks) > 1 and bool(_BREAKS_OFF.search(tail))  # the first is a title
        return breaks_off or bool(_CONTINUES.match(line))

    def _reopen(self, at_char: int) -> None:
        block = self.blocks.pop()
        while len(self.builder) > block.end:
            self.builder.drop_last()
        self.inline.resume(block.start, block.bold, list(block.links))
        self.inline.separate(" ", at_char)
        self.rule = block.after_rule
        self.open = block

    def _is_body_line(self, lines: list[tuple[int, int]], index: int) -> bool:
        start, end = lines[index]
        line = self.text[start : min(end, start + 4000)]
        if not line.strip():
            return False
        if _is_underline(line.strip()):
            return self.wiki
        if (found := _ITEM.match(line)) and found[3] is None:
            return False
        if self.wiki and (
            _HEADING.match(line) or _QUOTE.match(line) or _FENCE.match(line)
            or _PIPE_ROW.match(line) or _WIKI_TABLE.match(line)
        ):  # fmt: skip
            return False
        return not _RULE.match(line) and found is None

    # Tables in lines -------------------------------------------------------------------------

    def _pipe_table(self, lines: list[tuple[int, int]], index: int) -> int | None:
        last = index
        if not any(
            _PIPE_RULE.match(self.text[a : min(b, a + 4000)]) for a, b in lines[index : index + 3]
        ):
            return None
        while last < len(lines) and "|" in self.text[lines[last][0] : lines[last][1]]:
            last += 1
        rows = lines[index:last]
        self._close()
        self._begin_table()
        for start, end in rows:
            if _PIPE_RULE.match(self.text[start : min(end, start + 4000)]):
                continue
            self.tables.row(start)
            while start < end and self.text[start] in " \t":
                start += 1
            while end > start and self.text[end - 1] in " \t":
                end -= 1
            start += self.text[start : start + 1] == "|"
            end -= end > start and self.text[end - 1] == "|"
            self._cells(start, end)
        self._close_table()
        return last

    def _wiki_table(self, lines: list[tuple[int, int]], index: int) -> int | None:
        start = lines[index][0]
        opening = self.text.index("||", start)
        close = self.text.find("||", opening + 2, opening + 60_000)
        if close < 0 or self.text.find("|", opening + 2, close) < 0:
            return None
        close_line = bisect_right(lines, (close, len(self.text) + 1)) - 1
        self._close()
        self._begin_table()
        for row_start, row_end in split_wiki_rows(self.text, opening + 2, close):
            self.tables.row(row_start)
            self._cells(row_start, row_end)
        self._close_table()
        rest = (close + 2, lines[close_line][1])
        if self.text[rest[0] : rest[1]].strip(" |\t"):
            self._begin("paragraph")
            self._inline(*rest)
            self._close()
        return close_line + 1

    def _dashed_table(self, table: DashedTable) -> int:
        self._close()
        self._begin_table()
        for number, row in enumerate(table.rows):
            places = [piece for cell in row for piece in cell]
            if not places:
                continue
            self.tables.row(places[0][0])
            at = places[0][0]
            for cell in row:
                self.tables.cell(cell[0][0] if cell else at, is_head=number < table.heads)
                for piece, (start, end) in enumerate(cell):
                    if piece:
                        self.inline.separate(" ", start)
                    self._inline(start, end, new_lines=True)
                    at = end
                self.tables.end_cell()
        self._close_table()
        return table.after

    def _cells(self, start: int, end: int) -> None:
        """Read the cells of one row; a bar within markup or after a backslash separates nothing."""
        at = start
        for bar in _BAR.finditer(self.text, start, end):
            index = bisect_right(self.atom_starts, bar.start()) - 1
            if index >= 0 and bar.start() < self.atoms[index].end:
                continue
            self._cell(at, bar.start())
            at = bar.end()
        self._cell(at, end)

    def _cell(self, start: int, end: int) -> None:
        self.tables.cell(start)
        self._inline(start, end, new_lines=True)
        self.tables.end_cell()


def _is_underline(line: str) -> bool:
    return len(line) >= 3 and (set(line) == {"="} or set(line) == {"-"})


def _joins(above: str, below: str, width: int) -> bool:
    """Whether a line end is only where a line was full.

    A wrapped line is one that the next word would have made longer than `width`, or that plainly
    breaks off in mid-sentence.
    """
    above, below = above.rstrip(), below.lstrip()
    if above.rfind("(") > above.rfind(")"):
        return True
    if not above or not below:
        return False
    first = below.split(None, 1)[0]
    if below[0].islower() or above[-1] in ",;([-–/" or below[0] in ",;.)]":
        return True
    if len(above) < 0.6 * width:
        return False
    if above[-1] in ".:?!" and len(above) + 1 + len(first) < width - 6:
        return False
    return len(above) + 1 + len(first) > width - 12
