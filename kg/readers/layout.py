"""From a source text with markup to a view and the blocks of text in it, before any is judged."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace

from kg.readers.inline import InlineWriter
from kg.readers.markup import BLOCK_TAGS, Atom, find_atoms
from kg.readers.tables import TableWriter, split_wiki_rows
from kg.readers.viewing import ViewBuilder
from kg.text import BlockKind, Table, View


@dataclass(slots=True)
class RawBlock:
    """A block of the view with what its layout says about it; offsets are the view's."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    lead: int | None = None
    table: Table | None = None
    links: tuple[tuple[int, int, str], ...] = ()  # linked stretches and their targets
    bold: int = 0  # characters set in bold
    zone: str | None = None  # an element that says what its text is: "navigation"
    after_rule: bool = False  # a horizontal rule stands between this block and the one before
    quoted: bool = False
    inferred: bool = False  # a heading only by its shape

    def moved(self, start: int, end: int, **changes: object) -> RawBlock:
        """Return the part of this block from `start` to `end`."""
        return replace(self, start=start, end=end, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Layout:
    """A view, its blocks in order, and the source stretches that hold a page's own dump."""

    view: View
    blocks: list[RawBlock] = field(default_factory=list)
    dumps: list[tuple[int, int]] = field(default_factory=list)
    title: str | None = None  # of an HTML head


_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})(?:[ \t]+|(?=\*\*)|$)")
_HEADING_TAIL = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"[ \t]*(?:(?:[-–—][ \t]*){3,60}|(?:\*[ \t]*){3,60}|(?:_[ \t]*){3,60})$")
_ITEM = re.compile(
    r"([ \t]*)(?:([*•◦‣▪●○■□\uf0b7\uf0a7·])(?=[ \t\u00a0]|\*\*)|([-+–])(?=[ \t])|(\d{1,3})\.(?=[ \t]{1,4}))[ \t\u00a0]*"
)
_QUOTE = re.compile(r"[ \t]{0,3}>(?!=)[ \t]?")
_PIPE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_PIPE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?)?[ \t]*$")
_WIKI_TABLE = re.compile(r"[ \t]*(?:#{1,6}[ \t]+)?\|\|(?!\|)")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_DUMP = re.compile(
    r"\s*(?:<code[^>]{0,100}>)?\s*(?:Markdown|AST Structure|Original Tiki|HTML)\b[^\n]{0,40}:"
)
_PRE = re.compile(r"<pre\b[^<>]{0,200}>", re.IGNORECASE)
_NAVIGATION_TAGS = frozenset({"nav", "aside", "footer", "form", "option"})


class LayoutReader:
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

    def __init__(self, text: str, start: int, *, wiki: bool, lines: bool) -> None:
        self.text = text
        self.start = start
        self.wiki = wiki
        self.lines = lines
        self.builder = ViewBuilder(text)
        self.blocks: list[RawBlock] = []
        self.dumps = self._find_dumps()
        self.atoms: list[Atom] = []
        position = start
        for dump_start, dump_end in [*self.dumps, (len(text), len(text))]:
            self.atoms += find_atoms(text, position, dump_start, wiki=wiki)
            if dump_end > dump_start:
                self.atoms.append(Atom(dump_start, dump_end, "skip"))
            position = dump_end
        self.atom_starts = [atom.start for atom in self.atoms]
        self.inline = InlineWriter(text, self.builder, collapse=not lines)
        self.tables = TableWriter(self.builder, self.inline)
        self.open: RawBlock | None = None
        self.items: list[tuple[int, int]] = []  # indent and block index of the open list's items
        self.rule = False
        self.zones: list[str] = []
        self.title: str | None = None
        self.title_start: int | None = None
        self.hidden_head = 0

    def read(self) -> Layout:
        """Return the view and its blocks."""
        if self.lines:
            self._read_lines()
        else:
            self._inline(self.start, len(self.text))
        self._close_table()
        self._close()
        return Layout(self.builder.build(), self.blocks, self.dumps, self.title)

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
            spans.append((line_start, found.start()))
            line_start = found.end()
        spans.append((line_start, len(self.text)))
        return spans

    def _read_line(self, lines: list[tuple[int, int]], index: int) -> int:
        """Read the line at `index`, or the structure that begins there; return the next index."""
        start, end = lines[index]
        line = self.text[start : min(end, start + 4000)]
        if self.tables.is_open:
            self._inline(start, end)
            return index + 1
        if not line.strip():
            self._close()
            return index + 1
        if self.wiki and (after := self._structure(lines, index, line)):
            return after
        if found := _ITEM.match(line):
            if not _RULE.match(line):
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

    def _introduction(self) -> int | None:
        """Return the block before a list: the one that opens it."""
        return len(self.blocks) - 1 if self.blocks and not self.rule else None

    def _paragraph(self, lines: list[tuple[int, int]], index: int) -> int:
        """Read lines up to a blank one or a structure; break where a line was not wrapped."""
        last = index
        while last + 1 < len(lines) and self._is_body_line(lines, last + 1):
            last += 1
        shown = [self.text[a : min(b, a + 4000)].strip() for a, b in lines[index : last + 1]]
        width = max(len(line) for line in shown)
        if last > index and _is_underline(shown[1]) and self.wiki and shown[0]:
            self._close()
            self._begin("heading", level=1 if shown[1][0] == "=" else 2)
            self._inline(*lines[index])
            self._close()
            return index + 2
        self._close()
        self.items.clear()
        for number, (start, end) in enumerate(lines[index : last + 1]):
            if number and _joins(shown[number - 1], shown[number], width):
                self.inline.newline(lines[index + number - 1][1], start)
            elif number:
                self._close()
            if self.open is None:
                self._begin("paragraph")
            self._inline(start, end)
            if self.tables.is_open:
                return index + number + 1
        self._close()
        return last + 1

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
        while last < len(lines) and "|" in self.text[lines[last][0] : lines[last][1]]:
            last += 1
        rows = lines[index:last]
        if not any(
            _PIPE_RULE.match(self.text[a : min(b, a + 4000)]) for a, b in rows[: min(3, len(rows))]
        ):
            return None
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

    def _cells(self, start: int, end: int) -> None:
        """Read the cells of one row; a bar within markup or after a backslash separates nothing."""
        at = start
        for bar in re.compile(r"\|").finditer(self.text, start, end):
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

    # Text and tags ---------------------------------------------------------------------------

    def _inline(self, start: int, end: int, *, new_lines: bool = False) -> None:
        """Show ``text[start:end]``, obeying the atoms that begin in it."""
        index = bisect_left(self.atom_starts, start)
        at = start
        while index < len(self.atoms) and self.atoms[index].start < end:
            atom = self.atoms[index]
            if atom.start >= at:
                self._show(at, atom.start, new_lines)
                at = atom.end
                if atom.kind == "tag":
                    skipped = self.inline.script(self.atoms, index) if self._shows() else None
                    if skipped is not None:
                        index, at = skipped
                        continue
                    self._tag(atom)
                elif self._takes(atom):
                    self.inline.atom(atom)
            index += 1
        if at < end:
            self._show(at, end, new_lines)

    def _takes(self, atom: Atom) -> bool:
        """Whether an atom stands in a block; one that shows something begins a block."""
        if not self._shows():
            return False
        if self.tables.is_open:
            return self.tables.in_cell
        if self.open is None and (atom.kind in ("link", "tag") or atom.value.strip()):
            self._begin("paragraph")
        return self.open is not None

    def _shows(self) -> bool:
        return self.hidden_head == 0

    def _show(self, start: int, end: int, new_lines: bool) -> None:
        if start >= end or not self._shows():
            return
        if self.tables.is_open:
            if self.tables.in_cell:
                self.inline.show(start, end, fold_lines=new_lines or not self.lines)
            return
        if self.open is None:
            if self.text[start:end].isspace():
                return
            self._begin("paragraph")
        self.inline.show(start, end)

    def _tag(self, atom: Atom) -> None:
        name = atom.value.lstrip("/")
        closing = atom.value.startswith("/")
        if name == "title" and self.title is None:
            if closing and self.title_start is not None:
                raw = self.text[self.title_start : atom.start]
                self.title = " ".join(raw.split()) or None
            elif not closing:
                self.title_start = atom.end
        if name in ("head", "title") and not self.tables.is_open:
            self.hidden_head = 0 if closing else 1
            return
        if name == "body":
            self.hidden_head = 0
        if name in BLOCK_TAGS:
            self._block_tag(name, closing, atom)
        elif name == "br":
            if self.open is not None or self.tables.in_cell:
                self.inline.line_break(atom.start, atom.end)
        elif closing or self._takes(atom):
            self.inline.tag(name, closing, atom)

    def _block_tag(self, name: str, closing: bool, atom: Atom) -> None:
        if name == "table":
            self._table_tag(closing, atom)
        elif self.tables.is_open:
            self.tables.tag(name, closing, atom)
        elif name in _NAVIGATION_TAGS:
            self._close()
            if not closing:
                self.zones.append("navigation")
            elif self.zones:
                self.zones.pop()
        elif name == "hr":
            self._close()
            self.rule = True
        elif name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._close()
            self.items.clear()
            if not closing:
                self._begin("heading", level=int(name[1]))
        elif name == "li":
            self._html_item(closing)
        elif name in ("ul", "ol"):
            self._close(keep_list=True)
            if closing and self.items:
                self.items.pop()
            elif not closing:
                indent = (self.items[-1][0] + 1) if self.items else 0
                self.items.append((indent, -1))
        elif self.open is not None and self.open.kind == "heading" and name in ("p", "div"):
            self.inline.separate(" ", atom.start)
        else:
            self._close(keep_list=bool(self.items) and not self.lines)

    def _html_item(self, closing: bool) -> None:
        self._close(keep_list=True)
        if closing:
            return
        if not self.items:
            self.items.append((0, -1))
        indent, sibling = self.items.pop()
        if 0 <= sibling < len(self.blocks):
            lead = self.blocks[sibling].lead
        elif self.items and 0 <= self.items[-1][1] < len(self.blocks):
            lead = self.items[-1][1]
        else:
            lead = self._introduction()
        self._begin("item", lead=lead)
        self.items.append((indent, len(self.blocks)))  # where the item will stand

    def _table_tag(self, closing: bool, atom: Atom) -> None:
        if closing:
            if self.tables.leave():
                self._close_table()
        elif self.tables.is_open:
            self.tables.enter()
        else:
            self._close(keep_list=True)
            self._begin_table()

    # Blocks ----------------------------------------------------------------------------------

    def _begin(
        self, kind: BlockKind, level: int = 0, lead: int | None = None, quoted: bool = False
    ) -> None:
        self._close(keep_list=True)
        self.inline.begin()
        zone = self.zones[-1] if self.zones else None
        at = len(self.builder)
        self.open = RawBlock(kind, at, at, level, lead, zone=zone, quoted=quoted)

    def _close(self, keep_list: bool = False) -> None:
        """End the open block; one without text never was."""
        block = self.open
        self.open = None
        if block is not None and self.tables.is_open is False:
            start, end = self.inline.trimmed(block.start)
            if start < end:
                block.start, block.end = start, end
                block.bold = self.inline.bold_count
                block.links = tuple(self.inline.links)
                self._append(block)
        if not keep_list and block is not None and block.kind != "item":
            self.items.clear()

    def _append(self, block: RawBlock) -> None:
        block.after_rule, self.rule = self.rule, False
        self.blocks.append(block)
        self.builder.insert("\n\n", self.inline.source_end)

    def _begin_table(self) -> None:
        self.inline.begin()
        self.tables.begin()

    def _close_table(self) -> None:
        if not self.tables.is_open:
            return
        start, end, table, cells = self.tables.finish()
        zone = self.zones[-1] if self.zones else None
        if table is not None:
            caption = self._caption()
            if caption is not None:
                table = replace(table, caption=caption)
            block = RawBlock("table", start, end, table=table, zone=zone)
            block.links = tuple(self.inline.links)
            self._append(block)
            return
        for cell_start, cell_end in cells:  # a table that only arranges text on the page
            block = RawBlock("paragraph", cell_start, cell_end, zone=zone)
            block.links = tuple(
                link for link in self.inline.links if cell_start <= link[0] < cell_end
            )
            block.after_rule, self.rule = self.rule, False
            self.blocks.append(block)
        if cells:
            self.builder.insert("\n\n", self.inline.source_end)

    def _caption(self) -> tuple[int, int] | None:
        if not self.blocks:
            return None
        above = self.blocks[-1]
        text = self.builder.slice(above.start, min(above.end, above.start + 12))
        if re.match(r"(?i)table\b|tab\.", text) and above.end - above.start < 600:
            return above.start, above.end
        return None

    def _find_dumps(self) -> list[tuple[int, int]]:
        """Find what a converter left at the end of a page: the page again, in its own words."""
        dumps = []
        position = self.start
        while found := _PRE.search(self.text, position):
            position = found.end()
            if _DUMP.match(self.text, found.end()):
                close = self.text.find("</pre>", found.end())
                stop = len(self.text) if close < 0 else close + len("</pre>")
                dumps.append((found.start(), stop))
                position = stop
        return dumps


def _is_underline(line: str) -> bool:
    return len(line) >= 3 and (set(line) == {"="} or set(line) == {"-"})


def _joins(above: str, below: str, width: int) -> bool:
    """Whether a line end is only where a line was full.

    A wrapped line is one that the next word would have made longer than `width`, or that plainly
    breaks off in mid-sentence.
    """
    above, below = above.rstrip(), below.lstrip()
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
