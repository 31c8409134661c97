"""Building a view: every character that is shown is noted with the source characters it stands for."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache

import ftfy.bad_codecs  # noqa: F401  (registers "sloppy-windows-1252")

from kg.text import View

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
# UTF-8 read as Windows-1252: a lead character, then characters of the range 80-BF as that code page
# shows them. Only leads that stand for punctuation, Latin, Greek and symbols.
_CONTINUATION = (
    "\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
_REPAIRS = re.compile(
    "(?P<ligature>[\ufb00-\ufb06])"
    "|(?P<hyphen>\u00ad)"
    "|(?P<invisible>[\u200b-\u200d\u2060\ufeff])"
    f"|(?P<mojibake>[\u00c2\u00c3\u00c4\u00c5\u00cb\u00ce\u00cf][{_CONTINUATION}]"
    f"|[\u00e2\u00ef][{_CONTINUATION}]{{2}})"
)
#: What any of these begins with.
_GARBLED = re.compile(
    "[\ufb00-\ufb06\u00ad\u200b-\u200d\u2060\ufeff\u00c2-\u00c5\u00cb\u00ce\u00cf\u00e2\u00ef]"
)


@lru_cache(maxsize=1)
def _counted(bits: int) -> array[int]:
    """Return the numbers from 0 to 2**bits: places are cut from it."""
    return array("I", range((1 << bits) + 1))


class ViewBuilder:
    """Collects the characters of a view from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._is_clean = source.isascii() or not _GARBLED.search(source)
        self._counted = _counted(max(16, len(source).bit_length()))  # most are shorter than 2**16
        self._characters: list[str] = []
        self._starts = array("I")
        self._ends = array("I")

    def __len__(self) -> int:
        return len(self._characters)

    def last(self, count: int = 1) -> str:
        """Return the last `count` characters shown so far, fewer if there are fewer."""
        return "".join(self._characters[-count:])

    def tail(self, start: int) -> str:
        """Return what is shown from `start` on."""
        return "".join(self._characters[start:])

    def slice(self, start: int, end: int) -> str:
        """Return what is shown between two offsets."""
        return "".join(self._characters[start:end])

    def drop_last(self) -> None:
        """Take back the last character."""
        self._characters.pop()
        self._starts.pop()
        self._ends.pop()

    def show(self, start_char: int, end_char: int) -> None:
        """Show a stretch of the source, with garbled characters repaired."""
        if self._is_clean:
            self._plain(start_char, end_char)
            return
        position = start_char
        for found in _REPAIRS.finditer(self._source, start_char, end_char):
            shown = self._repaired(found)
            if shown is None:
                continue
            self._plain(position, found.start())
            self.substitute(shown, found.start(), found.end())
            position = found.end()
        self._plain(position, end_char)

    def substitute(self, shown: str, start_char: int, end_char: int) -> None:
        """Show other characters in place of a stretch of the source."""
        for character in shown:
            self._characters.append(character)
            self._starts.append(start_char)
            self._ends.append(end_char)

    def insert(self, separator: str, at_char: int) -> None:
        """Show characters that the source does not have, behind all that was shown."""
        at_char = max(at_char, self._ends[-1]) if self._ends else at_char
        self.substitute(separator, at_char, at_char)

    def build(self) -> View:
        """Return the finished view."""
        return View("".join(self._characters), self._starts, self._ends)

    def _plain(self, start_char: int, end_char: int) -> None:
        self._characters.extend(self._source[start_char:end_char])
        self._starts.extend(self._counted[start_char:end_char])
        self._ends.extend(self._counted[start_char + 1 : end_char + 1])

    def _repaired(self, found: re.Match[str]) -> str | None:
        """Return what to show, or ``None`` to leave the characters as they are."""
        text = found.group()
        if found.lastgroup == "ligature":
            return _LIGATURES[text]
        if found.lastgroup == "invisible":
            return ""
        if found.lastgroup == "hyphen":  # invisible within a word, a minus before a digit
            following = self._source[found.end() : found.end() + 1]
            return "-" if following.isdigit() else ""
        try:
            return text.encode("sloppy-windows-1252").decode("utf-8")
        except (UnicodeError, LookupError):
            return None
