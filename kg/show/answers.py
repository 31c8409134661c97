"""Effects as prose for a terminal: what was found, the sentence it came from, the study."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from kg.effects import EffectRow
from kg.measures import GROUP_MEASURES
from kg.printable import printable
from kg.wording import in_words

_SIGNS = {"increase": "↑", "decrease": "↓", "no_difference": "=", "unclear": "·"}
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|br|div|em|font|i|li|mark|p|small|span|strong|su[bp]|t[dhr]|u|ul)\b[^<>]{0,300}>"
    r"|\*\*|__|&shy;",
    re.IGNORECASE,
)
_QUOTE_LENGTH = 420  # characters of a sentence that are shown; some "sentences" are tables


def render_effects(rows: Iterable[EffectRow]) -> RenderableType:
    """Return effects under a heading for each outcome, comparisons before values of one group."""
    parts: list[RenderableType] = []
    for outcome, group in _by_outcome(rows):
        parts.append(Text(printable(outcome), "bold underline"))
        for row in sorted(group, key=lambda row: row.measure in GROUP_MEASURES):
            parts.append(Padding(_render(row), (0, 0, 1, 2)))
    return Group(*parts)


def _by_outcome(rows: Iterable[EffectRow]) -> Iterator[tuple[str, list[EffectRow]]]:
    """Group by outcome in the order of first mention, whoever the intervention was."""
    order: dict[str, int] = {}
    listed = list(rows)
    for row in listed:
        order.setdefault(row.outcome.casefold(), len(order))
    listed.sort(key=lambda row: order[row.outcome.casefold()])
    for _, group in groupby(listed, key=lambda row: row.outcome.casefold()):
        found = list(group)
        yield found[0].outcome, found


def _render(row: EffectRow) -> RenderableType:
    head = Text.assemble((f"{_SIGNS[row.direction]} ", "bold"), printable(in_words(row)))
    facts = [row.study, row.design, None if row.n is None else f"n = {row.n:,}", row.doi]
    if row.parent:
        facts.append(f"within {row.parent}")
    place = Text(" · ".join(printable(str(fact)) for fact in facts if fact), "dim")
    name = row.effect.rsplit("/", 1)[-1]
    source = Text(f"{printable(row.document)}  {name}", "dim")
    return Group(
        head, Padding(_quote(row), (0, 0, 0, 2)), Padding(Group(place, source), (0, 0, 0, 2))
    )


def without_markup(quote: str) -> str:
    """Return a stretch of a page as a person reads it: one line, without tags, entities, emphasis.

    >>> without_markup("RR&nbsp;**0.84** <span>[95% CI, 0.74&ndash;0.96]</span>, <i>P</i> <0.05")
    'RR 0.84 [95% CI, 0.74–0.96], P <0.05'
    """
    return printable(" ".join(html.unescape(_MARKUP.sub("", quote)).split()))


def _quote(row: EffectRow) -> Text:
    """Return the sentence on one line with the number in it marked, cut round the number."""
    quote = without_markup(row.quote)
    number = without_markup(row.number_quote or "")
    at = quote.find(number) if number else -1
    start = end = 0
    if len(quote) > _QUOTE_LENGTH:
        middle = max(at, 0) + len(number) // 2
        start = min(max(0, middle - _QUOTE_LENGTH // 2), len(quote) - _QUOTE_LENGTH)
    end = min(len(quote), start + _QUOTE_LENGTH)
    text = Text("“" + ("… " if start else ""), "italic")
    shift = len(text) - start
    text.append(quote[start:end]).append(" …”" if end < len(quote) else "”")
    if at >= 0:
        text.stylize("bold", max(0, at + shift), min(at + len(number), end) + shift)
    return text
