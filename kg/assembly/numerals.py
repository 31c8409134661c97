"""Whole numbers of things: ``2,965``, ``68 680``, ``Three hundred two``.

The number grammar of :mod:`kg.numbers` reads measurements; here are only the counts that a study
states of its participants and studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS: dict[str, int] = {word: value for value, word in enumerate(_SMALL) if value} | {
    word: 10 * (place + 2) for place, word in enumerate(_TENS)
}
#: More words than this are a list, not a number.
LONGEST = 16
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}

_WORD = "|".join(sorted([*WORDS, *_SCALES], key=len, reverse=True))
_FIRST = "|".join(sorted([*WORDS, "hundred"], key=len, reverse=True))
_JOINT = r"[\s\-\u2010\u2011]+"
_IN_WORDS = rf"(?:{_FIRST})(?:{_JOINT}(?:and{_JOINT})?(?:{_WORD}))*"
#: A separator of thousands: comma, point, apostrophe, or a space of any width.
_IN_DIGITS = r"\d{1,3}(?P<sep>[,.'\u2019 \u00a0\u2005\u2007-\u2009\u202f])\d{3}(?:(?P=sep)\d{3}){0,3}|\d{1,12}"
#: A heading that a page glued to the number that begins its text: "Results250 patients".
_GLUED = r"(?<=\bResults)|(?<=\bMethods)|(?<=\bFindings)|(?<=\bPatients)|(?<=\bParticipants)|(?<=\bSubjects)"
#: A word that lost the blank before it: "301enrolled".
_GLUED_ON = (
    r"(?:enrolled|randomi[sz]ed|patients|participants|subjects|women|children|adults|were)\b"
)
#: The first characters of numbers, which few others are.
_OPENING = "".join(sorted({word[0] for word in (*WORDS, "hundred")}))
_INTEGER = re.compile(
    rf"(?-i:(?=[\d{_OPENING}{_OPENING.upper()}]))(?:"
    rf"(?=\d)(?:(?<![\w.,·/±<>≤≥=–—−-])|{_GLUED})(?P<digits>{_IN_DIGITS})"
    rf"(?![\d·%]|[.,]\d|(?!{_GLUED_ON})[A-Za-zα-ω]|-[A-Z(])(?:\s?(?P<scale>million|thousand)\b)?"
    rf"|(?<![\w\-\u2010\u2011])(?<!several )(?<!few )(?P<words>{_IN_WORDS})(?![\w]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of the text; offsets as in the text that was read, end excluded."""

    value: int
    start_char: int
    end_char: int
    in_words: bool = False


def find_counts(text: str, start: int = 0, end: int | None = None) -> Iterator[Count]:
    """Yield the whole numbers of ``text[start:end]`` left to right, none inside a decimal.

    Percentages are left out. A number after a comparison sign or ``=`` is left out too:
    ``n = 40`` is read by its own notation.
    """
    for match in _INTEGER.finditer(text, start, len(text) if end is None else end):
        if match["digits"]:
            value = int(re.sub(r"\D", "", match["digits"]))
            if match["scale"]:
                value *= _SCALES[match["scale"].lower()]
            yield Count(value, match.start(), match.end())
        else:
            value_in_words = parse_words(match["words"])
            if value_in_words is not None:
                yield Count(value_in_words, match.start(), match.end(), in_words=True)


def parse_words(text: str) -> int | None:
    """Read a number in words, ``None`` if the words do not make one.

    Examples
    --------
    >>> parse_words("Three hundred two")
    302
    >>> parse_words("One thousand seven hundred and fourteen")
    1714
    """
    total, current, last = 0, 0, 0
    words = re.findall(r"[a-z]+", text.lower())
    if len(words) > LONGEST:
        return None
    for word in words:
        if word == "and":
            continue
        if word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
        else:
            value = WORDS[word]
            if current % 100 and not (last >= 20 and last % 10 == 0 and value < 10):
                return None  # "five six": two numbers, not one
            current += value
            last = value
            continue
        last = 0
    return total + current


def parse_digits(text: str) -> int:
    """Read digits with separators of thousands: ``68 680`` is 68680."""
    return int(re.sub(r"\D", "", text))
