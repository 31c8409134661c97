"""Showing running text: emphasis, links, raised and lowered characters, white space."""

from __future__ import annotations

import re

from kg.readers.markup import Atom
from kg.readers.viewing import ViewBuilder

_OPENERS = "([{<>=±~≤≥/"
_CLOSERS = ",.;:)]}%!?"
_SIGNS = "-−–+"
_SPACES = re.compile(r"\s+")
EXPONENT = re.compile(r"[-−–]?\d{1,3}$")
MARKS = re.compile(
    r"[\[(]?\s*+(?:\d{1,3}(?:\s*[,–—-]\s*\d{1,3})*|[a-z](?:\s*,\s*[a-z])*|[*†‡§¶#∗,\s]++)\s*+[\])]?\s*+$"
)
UNIT_POWER = re.compile(
    r"(?:^|[^A-Za-zµμ])(?:[mckdµμn]?m|[Iχxr]|X|R|T|T|[Cc]hi|η|eta|τ|tau|ω|h|s|kg|[mµμnkd]?[gL]|[mdµμ]?l|"
    r"mol|[mµμn]mol|min|day|d|ft|inch|in|year|y|person|cells?|cc)$"
)
TEN = re.compile(r"(?:^|[^\d.,])10$")


class InlineWriter:
    """Writes the text of a block to a view.

    In this wiki's pages bold text is set off by a space of its own on either side, which splits
    signs and units from their numbers; those spaces are not shown.
    """

    def __init__(self, text: str, builder: ViewBuilder, *, collapse: bool) -> None:
        self._text = text
        self._builder = builder
        self._collapse = collapse
        self.begin()
        self.source_end = 0

    def begin(self) -> None:
        """Start a new block."""
        self._block_start = len(self._builder)
        self._bold = False
        self._after_bold = False
        self._after_markup = False
        self._link: tuple[int, str] | None = None
        self.links: list[tuple[int, int, str]] = []
        self.bold_count = 0

    def resume(self, start: int, bold: int, links: list[tuple[int, int, str]]) -> None:
        """Go on with a block that seemed finished."""
        self.begin()
        self._block_start = start
        self.bold_count = bold
        self.links = links

    def show(self, start: int, end: int, *, fold_lines: bool = False) -> None:
        """Show a stretch without markup."""
        start = self._skip_spaces(start, end)
        self._after_bold = self._after_markup = False
        if start >= end:
            return
        before = len(self._builder)
        if self._collapse or fold_lines:
            self._show_folded(start, end)
        else:
            self._builder.show(start, end)
        self.source_end = end
        if self._bold:
            self.bold_count += len(self._builder) - before

    def _show_folded(self, start: int, end: int) -> None:
        at = start
        for found in _SPACES.finditer(self._text, start, end):
            if found.group() in (" ", "\u00a0", "\u2009"):
                continue
            self._builder.show(at, found.start())
            if not self._ends_in_space():
                self._builder.substitute(" ", found.start(), found.end())
            at = found.end()
        self._builder.show(at, end)

    def _skip_spaces(self, start: int, end: int) -> int:
        """Return where to begin so that markup leaves no space that was never meant."""
        text = self._text
        if len(self._builder) == self._block_start or self._ends_in_space():
            if self._after_markup or self._collapse or len(self._builder) == self._block_start:
                while start < end and text[start] in " \t":
                    start += 1
            return start
        if self._after_bold and start < end and text[start] == " ":
            following = text[start + 1 : start + 2]
            if following == " " or (following and following in _CLOSERS):
                return start + 1
        return start

    def _ends_in_space(self) -> bool:
        at_start = len(self._builder) == self._block_start
        return not at_start and self._builder.last().isspace()

    def newline(self, start: int, end: int) -> None:
        """Show a line end that only wraps as one space."""
        if len(self._builder) > self._block_start and not self._ends_in_space():
            self._builder.substitute(" ", start, max(start, end))
        self._after_bold = False
        self._after_markup = True

    def separate(self, separator: str, at_char: int) -> None:
        """Put a separator where the source has none."""
        if len(self._builder) > self._block_start and not self._ends_in_space():
            self._builder.insert(separator, at_char)
        self._after_markup = True

    def line_break(self, start: int, end: int) -> None:
        """Show ``<br>``."""
        if len(self._builder) > self._block_start and not self._ends_in_space():
            self._builder.substitute("\n", start, end)
        self._after_markup = True

    def atom(self, atom: Atom) -> None:
        """Obey one atom that is no tag."""
        if atom.kind == "bold":
            self._toggle_bold(atom.value == "opens" if atom.value else not self._bold)
        elif atom.kind == "text":
            if atom.value and not (atom.value == " " and self._ends_in_space()):
                self._builder.substitute(atom.value, atom.start, atom.end)
                self.source_end = atom.end
            self._after_bold = self._after_markup = False
            return
        elif atom.kind == "link":
            self._begin_link(atom.value)
        elif atom.kind == "unlink":
            self._end_link()
        self._after_markup = True

    def tag(self, name: str, closing: bool, atom: Atom) -> None:
        """Obey one inline tag."""
        if name in ("b", "strong"):
            self._bold = not closing
        elif name == "a":
            if closing:
                self._end_link()
            else:
                href = re.search(r"href\s*=\s*[\"']?([^\"'\s>]+)", atom.attributes)
                self._begin_link(href[1] if href else "")
        self._after_markup = True

    def script(self, atoms: list[Atom], index: int) -> tuple[int, int] | None:
        """Show raised text readably; return the next atom and source offset, or ``None``.

        Powers of ten become ``10(-3)``, units and statistics keep their power (``m2``, ``I2``),
        marks of citations and footnotes are left out so that no digit joins a number.
        """
        atom = atoms[index]
        if atom.value != "sup":
            return None
        close = next(
            (i for i in range(index + 1, min(index + 8, len(atoms))) if atoms[i].value == "/sup"),
            None,
        )
        if close is None or atoms[close].start - atom.end > 300:
            return None
        raised = self._text[atom.end : atoms[close].start]
        for inner in atoms[index + 1 : close]:
            raised = raised.replace(self._text[inner.start : inner.end], "")
        before = self._builder.last(12)
        if len(self._builder) - self._block_start < 12:
            before = self._builder.tail(self._block_start)
        content = raised.strip()
        if EXPONENT.match(content) and TEN.search(before):
            self._builder.substitute("(", atom.start, atom.end)
            self._builder.show(atom.end, atoms[close].start)
            self._builder.substitute(")", atoms[close].start, atoms[close].end)
        elif EXPONENT.match(content) and UNIT_POWER.search(before):
            self._builder.show(atom.end, atoms[close].start)
        elif (content and not MARKS.match(content)) or (
            content.isdigit() and self._is_isotope(before, atoms[close].end)
        ):
            return None
        self._after_markup = True
        self.source_end = atoms[close].end
        return close + 1, atoms[close].end

    def _is_isotope(self, before: str, end: int) -> bool:
        following = self._text[end : end + 1]
        return following.isupper() and not before[-1:].isalnum() and before[-1:] not in ".,;)]"

    def _toggle_bold(self, opens: bool) -> None:
        self._bold = opens
        if not opens:
            self._after_bold = True
            return
        shown = self._builder.last(3)
        inside = len(self._builder) - self._block_start
        if (inside >= 2 and shown.endswith("  ")) or (
            inside >= 2
            and shown.endswith(" ")
            and (
                shown[-2] in _OPENERS
                or (shown[-2] in _SIGNS and inside >= 3 and (shown[-3].isspace() is False))
            )
        ):
            self._builder.drop_last()

    def _begin_link(self, target: str) -> None:
        self._end_link()
        self._link = (len(self._builder), target)

    def _end_link(self) -> None:
        if self._link is not None and len(self._builder) > self._link[0]:
            self.links.append((self._link[0], len(self._builder), self._link[1]))
        self._link = None

    def trimmed(self, start: int) -> tuple[int, int]:
        """Return the block's view offsets without white space at its ends."""
        self._end_link()
        text = self._builder.tail(start)
        stripped = text.strip()
        if not stripped:
            return start, start
        lead = len(text) - len(text.lstrip())
        return start + lead, start + lead + len(stripped)
