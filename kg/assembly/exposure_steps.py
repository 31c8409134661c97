"""By what an exposure differs where an estimate is of: "per 20 nmol/L", "each rise of 10 ng/mL".

Such an estimate is a slope, or compares the ends of a distribution ("Q4 vs Q1"). It is no comparison
of people who were given something with people who were not.
"""

from __future__ import annotations

import re
from functools import cache

from kg.assembly.effects import EffectReading
from kg.numbers.statistic import Statistic
from kg.records import Measure

#: Measures that may be of a step of an exposure.
STEPPED: frozenset[Measure] = frozenset(
    {"RR", "OR", "HR", "IRR", "RRR", "RD", "MD", "WMD", "SMD", "ROM", "beta", "percent_change"}
)

_RISE = r"(?:rise|increase|increment|decrease|decrement|drop|fall|reduction|doubling|halving)\b"
_UNIT = (
    r"(?:[npmkuµμ]?(?:g|mol)\b|[mkuµμ]?IU\b|mm\s?Hg\b|SDs?\b|standard[\s-]deviations?\b|%|"
    r"(?:units?|points?|years?|months?|weeks?|servings?|cups?|drinks?)\b)"
)
_AMOUNT = rf"\d+(?:[.,]\d+)*[\s-]?{_UNIT}(?:/[^\s,;()]+)?"
_STEP = (
    rf"(?:{_AMOUNT}|(?:(?:1|one)[\s-])?(?:unit|point|SD|standard[\s-]deviation)\b|"
    r"log(?:e|2|10)?(?:[\s-](?:unit|transformed))?\b)"
)
_MORE = r"(?:additional|extra|further)\s+"
_QUANTILE = (
    r"(?:quartiles?|quintiles?|tertiles?|deciles?|thirds?|fourths?|fifths?|categor(?:y|ies))"
)
_VERSUS = r"(?:vs?\.?|versus|compared\s+(?:with|to)|against|with|to)"
_END = r"(?:high(?:est|er)|top|upper(?:most)?|low(?:est|er)|bottom)"
#: Between a number and a step that follows it at once: "HR 0.80 (0.70 to 0.92) per SD".
_AT_ONCE = re.compile(r"[\s,)\]]*(?:(?:for|in|comparing)\s+)?(?:the\s+)?")
#: What is told after these is told of something else.
_TURN = re.compile(r"\b(?:whereas|while|but)\b", re.IGNORECASE)


@cache
def _steps() -> re.Pattern[str]:
    """Return what tells a step; a long pattern, made when the first estimate asks for it."""
    return re.compile(
        rf"\bper\s+(?:{_MORE})?(?:{_STEP}(?:[\s-]+(?:{_RISE}|higher|lower))?|{_QUANTILE}\b(?:\s+{_RISE})?|{_RISE}(?:\s+(?:of|by|in)\s+{_STEP})?)"
        rf"|\b(?:each|every)\s+(?:{_MORE}{_STEP}|{_STEP}[\s-]+(?:{_RISE}|higher|lower)|{_RISE}(?:\s+(?:of|by)\s+{_STEP})?)"
        rf"|(?<=\bfor\s)(?:(?:each|every)\s+{_STEP}|an?\s+{_STEP}[\s-]+{_RISE})"
        rf"|\b(?P<q>[QT])[2-5]\s*{_VERSUS}\s*(?P=q)1\b"
        rf"|\b{_END}\s+(?:{_QUANTILE}\s+)?{_VERSUS}\s+(?:the\s+)?{_END}\s+{_QUANTILE}\b",
        re.IGNORECASE,
    )  # fmt: skip


@cache
def _named_step() -> re.Pattern[str]:
    """Return what a name begins with that is a step of an exposure."""
    return re.compile(
        rf"^(?:(?:each|every|per|an?)\s+)?(?:{_RISE}\s+(?:of|by)\s+(?:{_MORE})?{_STEP}|(?:{_MORE})?{_STEP}[\s-]+{_RISE})\s+(?:in|of)\s+"
        r"(?:the\s+)?(?=\w)",
        re.IGNORECASE,
    )


def without_step(name: str) -> str:
    """Return an exposure's name without its step: "rise of 10 ng/mL in 25(OH)D" → "25(OH)D".

    The step is told apart from it (``Effect.per``).
    """
    return _named_step().sub("", name)


def read_step(text: str, effect: EffectReading) -> str | None:
    """Return by what the exposure of an effect differs, ``None`` where nothing is told of it.

    Sought in the sentence or table row, then in the heads of the column; `text` is the view. A step
    that the grammar read with the number counts, with what follows it ("per 25 nmol/L *decrement*").
    """
    known = effect.statistic.per
    if effect.measure not in STEPPED or effect.statistic.value is None:
        return known
    for place in (effect.sentence, *effect.heads):
        found = find_step(text, *place, effect.statistic)
        if found is not None and (known is None or known in found):
            return found
    return known


def find_step(text: str, start_char: int, end_char: int, statistic: Statistic) -> str | None:
    """Return by what the exposure of an estimate differs, as a stretch of text tells it.

    Parameters
    ----------
    text
        The view; ``start_char:end_char`` is the sentence, table row or head.
    statistic
        The estimate. Of several steps the one right behind it counts; else, for a list of values,
        that at the same place of the list; else the last before it, else the next. What is told
        beyond "whereas", "while" or "but" does not count.

    Returns
    -------
    str or None
        The words as they stand, on one line; ``None`` where none are told.
    """
    found = list(_steps().finditer(text, start_char, end_char))
    behind = [m for m in found if m.start() >= statistic.end_char]
    before = [m for m in found if m.end() <= statistic.start_char]
    if behind and _AT_ONCE.fullmatch(text, statistic.end_char, behind[0].start()):
        return _words(behind[0])
    listed = statistic.pairing in ("list", "respectively") and statistic.position < len(before)
    nearest = before[statistic.position :][:1] if listed else before[-1:]
    for match in (*nearest, *behind[:1]):
        _, first, last, _ = sorted((*match.span(), statistic.start_char, statistic.end_char))
        if not _TURN.search(text, first, last):
            return _words(match)
    return None


def _words(match: re.Match[str]) -> str:
    return " ".join(match.group().split())
