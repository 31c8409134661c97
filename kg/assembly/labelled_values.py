"""Values that follow their names one by one: "reduced renin by 25% and copeptin by 6%", "(FEV1 29.5%, PaO2 59 mmHg)".

Where two values in a row stand right behind a name each, and nothing but a comma or an "and" goes
before the second name, each is of the name before it. The ranking sees the words before the list
as near to the second value as to the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.assembly.context import Context
from kg.assembly.labels import names_people, stems
from kg.assembly.phrase import Phrase
from kg.assembly.words import GROUP_WORDS, STATISTIC_WORDS, TIME_WORDS

#: Between a name and its value.
_LINK = re.compile(r"\s*(?:\([^()\d]{1,25}\)\s*)?(?:[:=]|(?:by|of|was|were)\s)?\s*[-−–+]?\s*")
#: Between a value and the next name: the rest of its unit, a comma or an "and".
_JOINT = re.compile(r"\s?%?[^\s,;.()]{0,8}\)?(?:\s*[,;]|\s+and\b|\s*,\s*and\b)\s*(?:the\s+|in\s+)?")
_NO_NAME = GROUP_WORDS | STATISTIC_WORDS | TIME_WORDS
#: A time, a quartile or a grade by its code: "T1", "Q3", "25th percentile", "IIB".
_CODE = re.compile(
    r"[A-Za-z]\d{1,2}|[ivx]{1,4}[abc]?|.*\b(?:percentiles?|(?:ter|quar|quin)tiles?)", re.IGNORECASE
)
_ARM = 0.3  # score as an intervention from which a name is no outcome


def find_labelled(context: Context) -> dict[int, Phrase]:
    """Return the outcome of each number that is one of a row of named values."""
    found: dict[int, Phrase] = {}
    for k in range(1, len(context.statistics)):
        if context.places[k].sentence != context.places[k - 1].sentence:
            continue
        own, before = _name(context, k, joined=True), _name(context, k - 1, joined=False)
        if own is not None and before is not None and stems(own.label) != stems(before.label):
            found[k] = own
            found.setdefault(k - 1, before)
    return found


def _name(context: Context, k: int, *, joined: bool) -> Phrase | None:
    """Return the name right before a number; `joined`: which begins right behind the number before."""
    return max(_names(context, k, joined), key=lambda p: p.last - p.first, default=None)


def _names(context: Context, k: int, joined: bool) -> Iterator[Phrase]:
    text, statistic = context.reading.view.text, context.statistics[k]
    for phrase in context.by_sentence.get(context.places[k].sentence, ()):
        if not _may_be_measured(phrase):
            continue
        gap = phrase.end_char, statistic.start_char
        if gap[0] > gap[1] or not _LINK.fullmatch(text, *gap):
            continue
        last = context.statistics[k - 1].end_char if joined else 0
        if joined and not (
            last <= phrase.start_char and _JOINT.fullmatch(text, last, phrase.start_char)
        ):
            continue
        yield phrase


def _may_be_measured(phrase: Phrase) -> bool:
    """Tell whether a phrase may be what a value is of: no arm, people, time or statistic."""
    words = phrase.raw.lower().split()
    given = max(phrase.score("intervention"), phrase.score("comparator"))
    return (
        given < _ARM
        and given <= phrase.score("outcome")
        and bool(stems(phrase.label))
        and _NO_NAME.isdisjoint(words)
        and not _CODE.fullmatch(phrase.raw)
        and not names_people(phrase.raw)
    )
