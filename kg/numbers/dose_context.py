"""What the words around a dose say it is: the study's own, a price, advice, background."""

from __future__ import annotations

import re
from typing import Final, Literal

from kg.numbers.dose_cues import is_content, is_price
from kg.numbers.dose_tables import SENTENCE_END
from kg.numbers.regimens import fold, spaced
from kg.numbers.statistic import DoseReading

DoseContext = Literal[
    "price", "level", "content", "recommendation", "background", "intake", "result"
]

_ADVICE: Final = re.compile(
    r"(?<![a-z])(?:recommend\w*|should|rda|adequate intake|upper (?:safe|safety|limit|intake|level)|guideline\w*|tolerable|safe)(?![a-z])"
)
_BACKGROUND: Final = re.compile(
    r"(?<![a-z])(?:previous(?:ly)?|earlier (?:stud|trial)\w*|other stud\w*|has been shown|have been shown|inclusion|exclu\w+|eligib\w+|stable (?:dose|on)|background|refractory to|inadequate\w*)(?![a-z])"
)
_INTAKE: Final = re.compile(r"(?<![a-z])(?:intakes?|consum\w+|dietary)(?![a-z])")
_LEVEL: Final = re.compile(
    r"(?<![a-z])(?:serum|plasma|blood|circulating|level|levels|concentration|concentrations)(?: [a-z0-9()-]+){0,3} ?(?:of|was|were|=|:)? ?$"
)


#: A dose that was measured: how much was needed, used or saved.
_RESULT: Final = re.compile(spaced(
    r"(?<![a-z])(?:(?:able to|could) (?:reduce|lower)|reduction|requirements?|required (?:to|for)|consumption|consumptions|"
    r"overall dose|difference)(?: [a-z0-9()-]++){0,8}[ (:=]*$"
))  # fmt: skip


def dose_context(text: str, reading: DoseReading) -> DoseContext | None:
    """Return what the words around a dose say it is, ``None`` where they say nothing.

    ``price`` and ``content`` (of a food or a product) are no doses that anyone was given;
    ``recommendation`` and ``background`` are none of the study's own; ``intake`` is what people
    took by themselves, ``result`` how much turned out to be needed.
    """
    start = max(0, reading.start_char - 160)
    folded = fold(text[start : reading.end_char + 120])
    at, end = reading.start_char - start, reading.end_char - start
    unit_end = reading.amount_end - start
    before = folded[:at]
    for match in SENTENCE_END.finditer(text, start, reading.start_char):
        before = folded[match.end() - start : at]
    after_end = SENTENCE_END.search(text, reading.end_char, reading.end_char + 120)
    after = folded[end : (after_end.start() - start) if after_end else end + 80]
    if is_price(folded, at, end):
        return "price"
    if is_content(folded, at, unit_end + len(reading.raw_unit) + 1):
        return "content"
    if _LEVEL.search(before):
        return "level"
    if _RESULT.search(before):
        return "result"
    if _ADVICE.search(before) or _ADVICE.search(after):
        return "recommendation"
    if _BACKGROUND.search(before) or _BACKGROUND.search(after[:40]):
        return "background"
    if _INTAKE.search(before):
        return "intake"
    return None
