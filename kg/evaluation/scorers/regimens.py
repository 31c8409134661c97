"""Normal forms of what is said about a regimen, so that ours and gold's words compare by value."""

from __future__ import annotations

import re

_WORDS = {
    word: float(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
} | {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{'|'.join(_WORDS)})\b", re.I)
#: A printed unit, without its space and marks → one code.
_UNITS = {
    "mcg": "ug", "µg": "ug", "μg": "ug", "microgram": "ug", "micrograms": "ug", "iu": "[iu]",
    "u": "[iu]", "units": "[iu]", "unit": "[iu]", "gram": "g", "grams": "g", "percent": "%",
    "milligram": "mg", "milligrams": "mg",
}  # fmt: skip
_UNIT_DAYS = (("hour", 1 / 24), ("day", 1), ("week", 7), ("month", 30.4), ("year", 365.25))
#: Words for a frequency → times a day; the first that fits.
_FREQUENCIES = tuple(
    (re.compile(pattern, re.I), times)
    for pattern, times in (
        (r"four times|4 times|q\.?i\.?d|every (?:6|six) h", 4.0),
        (r"three times|thrice|3 times|t\.?i\.?d|every (?:8|eight) h", 3.0),
        (r"twice[- ](?:a |per )?week", 2 / 7),
        (r"twice|two times|2 times|b\.?i\.?d|every (?:12|twelve) h", 2.0),
        (r"every other day|alternate day|every (?:2|two) days", 0.5),
        (r"(?:every|per) (?:4|four) weeks|month", 1 / 30.4),
        (r"every (?:2|two) weeks|biweek|fortnight", 1 / 14),
        (r"week", 1 / 7),
        (r"once|dai|day|\bd\b|qam|qpm|\bo\.?d\b|q\.?d|morning|evening|night|bed|meal|dinner|\d ?[ap]m", 1.0),
    )
)  # fmt: skip
#: Words for a route → one name.
_ROUTES = (
    (r"subcut|\bs\.?c\b", "subcutaneous"), (r"intraven|\bi\.?v\b|infus", "intravenous"),
    (r"intramusc|\bi\.?m\b", "intramuscular"), (r"oral|tablet|capsul|\bp\.?o\b|mouth", "oral"),
    (r"eye|ophthal|ocular|drop|conjunctiv|topical|instill", "ophthalmic"), (r"inject", "subcutaneous"),
)  # fmt: skip


def read_numbers(text: str) -> frozenset[float]:
    """Return every number that is printed or written out.

    >>> sorted(read_numbers("1,500-3,000"))
    [1500.0, 3000.0]
    """
    found = set()
    for match in _NUMBER.finditer(text.replace("·", ".")):
        word = match[0].lower()
        if word in _WORDS:
            found.add(_WORDS[word])
        else:
            digits = re.sub(r",(?=\d{3}\b)", "", word).replace(",", ".")
            if digits.count(".") < 2:
                found.add(float(digits))
    return frozenset(found)


def to_unit(text: str) -> str:
    """Return one code for the mass, units or share of a printed unit, what it is per left out.

    >>> to_unit("IU/day"), to_unit("µg"), to_unit("mg kg-1")
    ('[iu]', 'ug', 'mg')
    """
    word = re.split(r"[/\s(]", text.strip().lower().strip("[]"))[0]
    return _UNITS.get(word, word)


def to_times_per_day(text: str) -> float | None:
    """Return how often a day, ``None`` if the words are not understood.

    >>> to_times_per_day("twice-daily"), to_times_per_day("once weekly")
    (2.0, 0.14285714285714285)
    """
    return next((times for words, times in _FREQUENCIES if words.search(text)), None)


def to_days(text: str) -> frozenset[int]:
    """Return the durations named, in whole days.

    >>> sorted(to_days("12- and 52-week"))
    [84, 364]
    """
    low = text.lower()
    days = next((days for unit, days in _UNIT_DAYS if unit in low), None)
    if days is None:
        return frozenset()
    return frozenset(round(number * days) for number in read_numbers(text))


def to_route(text: str) -> str | None:
    """Return the name of a route, ``None`` if the words are not understood."""
    low = text.lower()
    return next((route for words, route in _ROUTES if re.search(words, low)), None)
