"""A length-preserving map of characters: what numbers are read from.

Publishers set one and the same expression with many characters: six kinds of minus, raised decimal
points, thin spaces, full-width digits; converters lose characters and leave ``?`` in their place.
:func:`map_characters` writes them all in one way without moving a single character, so that every
offset into its result is an offset into the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\u207b\u2043\u00ad"
_SPACES: Final = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
    "\u3000\u200b\u200c\u200d\u2060\ufeff\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
)
GROUP_SPACE: Final = "\u2009"
_TABLE: Final[dict[int, str]] = {
    **{ord(c): "-" for c in _DASHES if c not in "\u207b\u00ad"},
    **{ord(c): " " for c in _SPACES},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms
    0x00AD: " ",  # soft hyphen
    0x2264: "≤", 0x2A7D: "≤", 0x2266: "≤", 0x22DC: "≤",
    0x2265: "≥", 0x2A7E: "≥", 0x2267: "≥", 0x22DD: "≥", 0xFFE9: "<",
    0x00B5: "μ", 0x03BC: "μ",
    0x03A7: "χ", 0x2A2F: "×", 0x2715: "×", 0x2A09: "×",
    0x223C: "~", 0x02DC: "~", 0x2248: "~", 0x301C: "~",
    0x3001: ",", 0x3002: ".", 0xFE50: ",", 0xFE6A: "%", 0x066A: "%", 0x3010: "[", 0x3011: "]",
    0x2018: "'", 0x2019: "'", 0x02BC: "'",
    0x2236: ":", 0x2044: "/", 0x2215: "/",
    0xFFFD: "?", 0x000D: " ", 0xE000: GROUP_SPACE,
}  # fmt: skip
_ODD: Final = re.compile(r"[^\n\x20-\x7e]+")  # what the table may map: few of a text's characters

# Points that stand for a decimal point when digits follow and a digit or a break goes before.
_POINTS: Final = "\u00b7\u2219\u22c5\u2027\u30fb\u0387\u2022"
_RAISED_POINT: Final = re.compile(rf"(?<![^\W\d_])[{_POINTS}](?=\d)")

# A narrow or no-break space between groups of three digits joins them; it stays apart from a blank.
_NARROW: Final = "\u00a0\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
_GROUPING: Final = re.compile(rf"(?<=\d)[{_NARROW}](?=\d{{3}}(?!\d))", re.ASCII)

_ENTITIES: Final[dict[str, str]] = {
    "&lt;": "<", "&gt;": ">", "&le;": "≤", "&ge;": "≥", "&nbsp;": " ", "&plusmn;": "±",
    "&minus;": "-", "&ndash;": "-", "&mdash;": "-", "&middot;": ".", "&times;": "×",
    "&thinsp;": " ", "&amp;": "&", "&#8722;": "-", "&#8211;": "-", "&#183;": ".", "&#177;": "±",
    "&#60;": "<", "&#62;": ">", "&#160;": " ", "&#8201;": " ", "&beta;": "β", "&chi;": "χ",
    "&#8804;": "≤", "&#8805;": "≥",
}  # fmt: skip
_ENTITY: Final = re.compile("|".join(map(re.escape, sorted(_ENTITIES, key=len, reverse=True))))

# Where "?" stands for a lost character. Order matters: the first that fits decides.
_MICROGRAM: Final = re.compile(r"(?<=[\d ])\?(?=(?:g|mol|[lLM])\b)")
_THOUSANDS: Final = re.compile(r"(?<![\d.?])[1-9]\d{0,2}(?:\?\d{3})+(?![\d.?])")
#: A point was lost where a p value shows it, or both bounds of a range: "p=0?044", "1?27-2?50".
_LOST_POINT: Final = re.compile(
    r"\b[Pp](?:[- ]?values?)? ?[=<>≤≥] ?0\?\d|(?<![\d.?])\d{1,3}\?\d{1,3}(?:-| to )\d{1,3}\?\d{1,3}(?![\d.?])"
)
_WHOLE_PAIR: Final = re.compile(r"(?<![\d.?])(\d{1,3})\?(\d{1,3})(?![\d.?])")
_LOST_SPREAD: Final = re.compile(r"(?<=\d)\?(?= \d{1,4}\.\d)")
_BETWEEN: Final = re.compile(r"(?<=[\d%])\?(?=-?\d)")
_BEFORE_UNIT: Final = re.compile(r"(?<=\d)\?(?=[^\W\d_]{1,5}\b)")
_LEADING: Final = re.compile(r"(?<![\w?!.)\]])\?(?= ?\.?\d)")
_P_BEFORE: Final = re.compile(r"\b[Pp](?:[- ]?values?)?(?: for [a-z]{1,15})? {0,2}$")
_AMOUNT: Final = re.compile(
    r" ?\d+(?:\.\d+)? ?(?:%|ng|nmol|pg|μg|mg|g|kg|IU|units?|years?|yrs?|months?|weeks?|days?|mm)\b"
)
_SIGNED_CUE: Final = re.compile(
    r"(?:CI|interval|RD|MD|SMD|WMD|change|differ|coefficient|decreas|reduc|slope|β|beta|effect|\br\b)"
)  # words after which a lost character before a number is a minus
_CUE_WINDOW: Final = 60


@lru_cache(maxsize=8)  # a block is asked for by each of the grammars
def map_characters(text: str) -> str:
    """Return `text` with its typography made uniform, character for character.

    Minus signs, dashes → ``-``; raised points between digits → ``.``; every kind of space but the
    line feed → a space, or :data:`GROUP_SPACE` where it joins groups of three digits; full-width forms → ASCII; ``⩽``, ``≦`` → ``≤``; the entities of HTML →
    spaces and the character; ``?`` and U+FFFD, where they stand for a lost character →
    that character (minus, range dash, decimal point, thin space, ``±``, ``≥``, ``μ``).

    Returns
    -------
    str
        As long as `text`: ``len(map_characters(t)) == len(t)``, always.
    """
    mapped = text
    if not text.isascii():
        if any(c in text for c in _NARROW):
            mapped = _GROUPING.sub("\ue000", mapped)
        if any(c in text for c in _POINTS):
            mapped = _RAISED_POINT.sub(".", mapped)
    mapped = _ODD.sub(lambda m: m[0].translate(_TABLE), mapped)
    if "&" in mapped:
        mapped = _ENTITY.sub(lambda m: _ENTITIES[m[0]].rjust(len(m[0])), mapped)
    if "?" in mapped:
        mapped = _restore_lost(mapped)
    return mapped


def _restore_lost(text: str) -> str:
    """Put the likeliest character in place of each ``?`` that touches a number."""
    text = _MICROGRAM.sub("μ", text)
    text = _THOUSANDS.sub(lambda m: m[0].replace("?", GROUP_SPACE), text)
    if _loses_points(text):
        text = _WHOLE_PAIR.sub(r"\1.\2", text)
    text = _LOST_SPREAD.sub("±", text)
    text = _BETWEEN.sub("-", text)
    text = _BEFORE_UNIT.sub(" ", text)
    return _LEADING.sub(_leading_character, text)


def _loses_points(text: str) -> bool:
    """Whether the text lost its decimal points: a p value shows it, or "ranges" that all fall."""
    if _LOST_POINT.search(text):
        return True
    pairs = _WHOLE_PAIR.findall(text)
    return len(pairs) > 1 and all(int(low) > int(high) for low, high in pairs)


def _leading_character(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    before = text[max(0, at - _CUE_WINDOW) : at]
    if _P_BEFORE.search(before):
        return "≤"
    clause = re.split(r"[.!?] ", before)[-1]
    if _AMOUNT.match(text, at + 1) and not _SIGNED_CUE.search(clause):
        return "≥"
    if not text[at + 1].isdigit() and text[at + 1] not in ". ":
        return "?"
    return "-"
