"""Blocks of a view: text shown, tags obeyed, blocks opened and closed."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

from kg.readers.inline import InlineWriter
from kg.readers.markup import BLOCK_TAGS, Atom, find_atoms
from kg.readers.tables import TableWriter
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


_TEXT_ELEMENTS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dd", "dt"})
_NAVIGATION_TAGS = frozenset({"nav", "aside", "footer", "form", "option"})
_DUMP = re.compile(
    r"\s*+(?:<code[^>]{0,100}>\s*+)?(?:Markdown|AST Structure|Original Tiki|HTML)\b[^\n]{0,40}:"
)
_PRE = re.compile(r"<pre\b[^<>]{0,200}>", re.IGNORECASE)


class BlockWriter:
    """Writes the text of a source to a view, block by block, as its HTML tags say.

    Parameters are those of :class:`kg.readers.layout.LayoutReader`.
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
        self.element: str | None = None  # the HTML element whose text is being shown
        self.hidden_head = 0
        self.last_closing: dict[str, int] = {}  # where an element is closed last

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
            self.hidden_head = 0 if closing or not self._is_closed(name, atom.end) else 1
            return
        if name == "body":
            self.hidden_head = 0
        if name in BLOCK_TAGS:
            self._block_tag(name, closing, atom)
        elif name == "br":
            if self._shows() and (self.open is not None or self.tables.in_cell):
                self.inline.line_break(atom.start, atom.end)
        elif closing or self._takes(atom):
            self.inline.tag(name, closing, atom)

    def _is_closed(self, name: str, position: int) -> bool:
        """Whether an element is closed anywhere behind `position`; else it hides nothing."""
        if name not in self.last_closing:
            lowered = self.text.lower()
            self.last_closing[name] = lowered.rfind(f"</{name}")
        return self.last_closing[name] >= position

    def _block_tag(self, name: str, closing: bool, atom: Atom) -> None:
        self.element = name if not closing and name in _TEXT_ELEMENTS else None
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

    def _introduction(self) -> int | None:
        """Return the block before a list: the one that opens it."""
        return len(self.blocks) - 1 if self.blocks and not self.rule else None

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
