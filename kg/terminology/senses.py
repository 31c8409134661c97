"""What short forms stand for at a place of a document, or that this cannot be told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.records import Section


@dataclass(frozen=True, slots=True)
class Sense:
    """A short form, its long form, and where the document defines it (code points of its text)."""

    short: str
    long: str
    start_char: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """A phrase with its short forms written out; ``unclear`` lists those with several meanings here."""

    text: str
    unclear: tuple[str, ...] = ()


class Senses:
    """The short forms of one document.

    A short form with one long form means that everywhere. One with several means, at a place, what the
    last definition before it in the same section says; where the section has none before it, the
    meanings defined before the place must agree, else the phrase is left as it stands and said to be
    unclear.
    """

    def __init__(self, senses: Sequence[Sense], sections: Sequence[Section] = ()) -> None:
        self._by_short: dict[str, list[Sense]] = {}
        for sense in sorted(senses, key=lambda item: item.start_char):
            self._by_short.setdefault(sense.short, []).append(sense)
        self._starts = sorted({section.start_char for section in sections})

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        shorts = sorted(self._by_short, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, shorts))})(?![\w]|-\w)")

    def expand(self, phrase: str, at_char: int) -> Expansion:
        """Return a phrase that begins at `at_char` with its short forms written out."""
        if not any(map(phrase.__contains__, self._by_short)):
            return Expansion(phrase)
        unclear: list[str] = []

        def write_out(match: re.Match[str]) -> str:
            long = self._long(match.group(), at_char + match.start())
            if long is None:
                unclear.append(match.group())
                return match.group()
            if long.casefold() in phrase.casefold():  # "bone mineral density (BMD)"
                return match.group()
            return long

        return Expansion(self._pattern.sub(write_out, phrase), tuple(unclear))

    def meanings(self, short: str) -> tuple[str, ...]:
        """Return the long forms that the document gives a short form, in order."""
        return tuple(dict.fromkeys(sense.long for sense in self._by_short.get(short, ())))

    def _long(self, short: str, at_char: int) -> str | None:
        known = self._by_short[short]
        if len({_form(sense.long) for sense in known}) == 1:
            return known[0].long
        before = [sense for sense in known if sense.start_char <= at_char]
        here = [s for s in before if self._section(s.start_char) == self._section(at_char)]
        if here:
            return here[-1].long
        if before and len({_form(sense.long) for sense in before}) == 1:
            return before[-1].long
        return None

    def _section(self, at_char: int) -> int:
        return bisect_right(self._starts, at_char)


def _form(long: str) -> str:
    """Return a long form without letter case and plural, so that a repeat is no second meaning."""
    return re.sub(r"s\b", "", " ".join(long.split()).casefold())
