"""Texts of others on a terminal and in JSON: what they say is shown, what they command is not done."""

from __future__ import annotations

import re
import unicodedata

#: Control characters beyond ASCII's and marks that turn the direction of writing, which JSON may hold
#: bare. Source: Unicode 15, chapter 23.2, and UAX 9.
_COMMANDS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return a text of which no character commands a terminal or reorders others; as long as before.

    >>> printable("a name\x1b[2J\u202e.txt")
    'a name�[2J�.txt'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return "�"


def escape_json(text: str) -> str:
    r"""Return JSON with the same value and no character that commands a terminal.

    >>> escape_json('"\x9b2J"')
    '"\\u009b2J"'
    """
    return _COMMANDS.sub(
        lambda found: f"\\u{ord(found[0]):04x}", text
    )  # they stand in strings alone
