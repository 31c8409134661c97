"""The columns of a table of included studies: how they are headed, what their cells look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal[
    "study",
    "year",
    "n",
    "sex",
    "age",
    "country",
    "design",
    "disease",
    "dose",
    "duration",
    "outcome",
]


def _head(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


#: Heads by kind; the order is that of trial, so that "Study design" is no study.
HEADS: tuple[tuple[ColumnKind, re.Pattern[str]], ...] = (
    ("design", _head(r"study design|design|study type|type of study")),
    ("study", _head(r"first authors?|authors?(?:\s*[/,]\s*year|\s*\(year\))?|references?|studies|study(?:\s*\(year\)|\s*,?\s*year)?|source|trial")),
    ("year", _head(r"year(?: of publication)?|publication year|date")),
    ("n", _head(r"(?:no\.?|number|total) (?:of )?(?:patients|participants|subjects|cases)|sample size|patients|participants|subjects|cases|total n|n(?=[\s(.,]|$)")),
    ("sex", _head(r"gender|sex|female|male|women|men|f/m|m/f")),
    ("age", _head(r"(?:mean |median )?age")),
    ("country", _head(r"country|region|location|setting")),
    ("disease", _head(r"types? of disease|diseases?|diagnos[ie]s|conditions?|population|indication")),
    ("dose", _head(r"dos(?:ages?|es?|ing)|regimens?|treatments?|interventions?|supplement(?:ation)?|drugs?")),
    ("duration", _head(r"duration|follow-?up|weeks|months|period|time")),
)  # fmt: skip
#: What may follow a head and is part of it: "Patients(include in analysis)", "Gender (female %)".
QUALIFIER = re.compile(r"\s*\([^()]{1,40}\)|\s*[,/]?\s*%")

_NOT_STATED = r"NA|N/A|NR|ND|n\.?a\.?|not (?:available|reported|stated)|-{1,2}|–|—"
NOT_STATED = re.compile(_NOT_STATED)

_VALUE = r"(?<![\d.,])[-−]?\d+(?:[.·]\d+)?(?:\s*(?:±|\+/-)\s*\d+(?:[.·]\d+)?|\s*\(\s*[-−]?\d+(?:[.·]\d+)?(?:\s*[-–,]\s*\d+(?:[.·]\d+)?)?\s*\))?\s*%?"
#: A value before or after treatment, or one value without phase.
PHASED = re.compile(
    rf"(?P<phase>before|after|pre|post|baseline|end|follow-?up)(?:[ -]?treatment)?\s*[:=]?\s*(?P<value>{_VALUE})|(?P<bare>{_VALUE})",
    re.IGNORECASE,
)
BEFORE = frozenset({"before", "pre", "baseline"})

_OF_PHASE = r"(?:[ -]?(?:treatment|therapy|intervention))?\s*[:=]?\s*"

#: What a cell of each kind looks like where no bar or tab divides cells.
CELLS: dict[ColumnKind, str] = {
    "study": r"(?:[A-Z]\.\s?){0,4}[A-Z][a-zà-ÿ'’-]+(?:\s+[A-Z][a-zà-ÿ'’-]+){0,3}(?:\s+et\.? al\.?)?",
    "year": r"[(]?(?:19|20)\d\d[a-d]?[)]?",
    "n": rf"\d[\d,]*(?:\s?[(/]\s?\d[\d,]*\s?\)?)?|{_NOT_STATED}",
    "sex": rf"\d{{1,3}}(?:[.·]\d+)?\s?%?(?:\s?[/:]\s?\d{{1,3}}(?:[.·]\d+)?\s?%?)?|{_NOT_STATED}",
    "age": rf"\d{{1,3}}(?:[.·]\d+)?(?:\s?(?:±|-|–|to)\s?\d{{1,3}}(?:[.·]\d+)?)?|{_NOT_STATED}",
    "country": rf"[A-Z][A-Za-z .]{{1,25}}?|{_NOT_STATED}",
    "design": rf"[A-Za-z][A-Za-z ,-]{{2,40}}?|{_NOT_STATED}",
    "disease": rf"[A-Za-z][A-Za-z/ ,+-]{{0,50}}?|{_NOT_STATED}",
    "dose": rf"{_NOT_STATED}|[<>≤≥~]?\s?\d[\d.,]*\s?[A-Za-zµμ](?:(?!before|after|[pP]re\b|[±=:]).){{1,140}}?",
    "duration": rf"{_NOT_STATED}|\d+(?:[.·]\d+)?\s?(?:-|–)?\s?(?:days?|weeks?|months?|years?|wk|mo|yr|d|w)",
    "outcome": rf"(?i:before|pre|baseline){_OF_PHASE}{_VALUE}[\s,;/]*(?i:after|post|end|follow-?up){_OF_PHASE}{_VALUE}"
    rf"|(?i:before|after|pre|post|baseline|end){_OF_PHASE}{_VALUE}|{_NOT_STATED}|{_VALUE}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its head; offsets of the view."""

    kind: ColumnKind
    name: str
    start_char: int
    end_char: int


def head_kind(text: str) -> ColumnKind | None:
    """Return what a column is about, by a head that stands alone; ``None`` for an unknown head."""
    stripped = text.strip(" .*:_")
    for kind, pattern in HEADS:
        match = pattern.match(stripped)
        if match:
            rest = stripped[match.end() :]
            if not rest or not rest[0].isalpha():
                return kind
    return None


def read_count(text: str) -> int | None:
    """Return the first whole number of an n cell: 13 of ``13(13)``."""
    match = re.match(r"\s*[nN]?\s*=?\s*(\d[\d,]{0,11})", text)
    return int(match[1].replace(",", "")) if match else None
