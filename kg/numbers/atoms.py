"""One pass over a text: characters → typed atoms, which the grammars of statistics and doses read.

API
---
:func:`read_atoms` returns the atoms of a text in order; they never overlap, and white space and
approximation signs are no atoms. Every atom has ``start``/``end`` (offsets into the text given, end
excluded), ``text`` (the mapped characters) and a ``kind``:

========== ==========================================================================================
NUM        a number. ``value`` with sign and magnitude applied ("1.8 million" is 1800000.0),
           ``decimals`` printed, ``signed`` (a sign was printed; it lies inside ``start:end``),
           ``word`` (number word: "twelve"), ``hyphenated`` ("12-week": a word follows after a
           hyphen), ``year`` (looks like a calendar year), ``glued`` (a letter follows at once)
PERCENT    "%", "percent", "per cent"; ``key`` is "pp" for percentage points
UNIT       a unit after a number, or one that can be nothing else; ``key`` is its UCUM code
RATE       "per 1000 person-years", "/100 000"; ``key`` is a UCUM code
FOLD       "-fold", "times", "X" after a number (``value`` ``None``); "twice", "threefold",
           "doubled", "halved" (``value`` 2, 3, 2, 0.5)
CI         the label of an interval, its level and a repeated label included; ``level`` in percent
MEASURE    a measure's name; ``key`` is the code of :data:`kg.records.Measure`, ``adjusted`` is set
STAT       another statistic's name; ``key``: i2 tau2 chi2 F t z U W Q df n eta2 iqr sd se range
           median mean gmean
P          the letter p before a value; ``key`` is the p kind ("trend") or ``None``; "p = NS" → key "ns"
CMP        a comparator; ``key`` is one of < > ≤ ≥; ``word`` for "at least", "less than" …
PM         "±", "+/-"
EQ DASH TO AND OR VS COMMA SEMI COLON SLASH PIPE OPEN CLOSE RESP   what they are called;
           DASH is a range dash or a hyphen, never a sign; RESP is "respectively"
STOP BREAK the end of a sentence; of a paragraph, list item or heading
NAME       digits that are no number: "IL-2", "25(OH)D3", dates, DOIs, "1:1", ordinals, addresses
WORD OTHER any other word; any other character
========== ==========================================================================================

The scan is linear: each pattern is tried at one place, with bounded white space, and the scan moves
past what it matched.
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers import openings as op
from kg.numbers import patterns as pt
from kg.numbers.atom import Atom
from kg.numbers.charmap import map_characters
from kg.numbers.numerals import number_word_value
from kg.numbers.scan_symbols import SymbolScanner

__all__ = ["Atom", "number_word_value", "read_atoms"]

#: A word with nothing at it that could make more of it, and the blank behind it.
_PLAIN: Final = re.compile(
    r"(?<![^\W\d_])([A-Za-z]+(?:['-][A-Za-z]+)*)(?![\w(@+'-])(?:[ ](?![ \n\u2009]))?"
)
_SPACES: Final = frozenset(" \n\u2009")


def read_atoms(text: str) -> list[Atom]:
    """Return the atoms of `text`, left to right.

    Parameters
    ----------
    text
        Any text, as it came; the character map is applied inside. Any string is allowed.

    Returns
    -------
    list of Atom
        Offsets are into `text`. See the module's description.
    """
    return Scanner(map_characters(text)).run()


class Scanner(SymbolScanner):
    """The one pass: what begins at each place in turn."""

    def run(self) -> list[Atom]:
        text, at, size = self.text, 0, len(self.text)
        plain, plain_kind = not self.has_address, op.plain_kind
        while at < size:
            char = text[at]
            if (
                char.isalpha()
                and (match := _PLAIN.match(text, at))
                and plain
                and (kind := plain_kind(text, match.end(1), word := match[1]))
            ):
                self.atoms.append(Atom(kind, at, match.end(1), word, word.lower()))
                at = match.end()
            elif char == " " and text[at + 1 : at + 2] not in _SPACES:
                at += 1
            elif char in " \n\u2009":
                at = self._space(at)
            elif (char.isdecimal() and char.isascii()) or (
                char == "." and text[at + 1 : at + 2].isdecimal() and not self._touches_word(at)
            ):
                at = self._number(at)
            elif char.isalpha():
                at = self._letters(at)
            else:
                at = self._symbol(at)
        return self.atoms

    def _space(self, at: int) -> int:
        text = self.text
        match = pt.SPACE.match(text, at)
        end = match.end() if match else at + 1
        if "\n" in text[at:end]:
            lines = text.count("\n", at, end)
            rest = text[end : end + 4]
            listed = (
                rest[:1] in "*•#|" or (rest[:2] == "- ") or bool(re.match(r"\d{1,2}[.)] ", rest))
            )
            if lines > 1 or (rest and listed):
                self._add("BREAK", at, end)
        return end
