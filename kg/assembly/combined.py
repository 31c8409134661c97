"""What makes two names one, "vitamin D plus calcium", and what keeps two apart, "compared A with B"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from kg.assembly.annotation import TaggedMention

Stretch = tuple[int, int]

#: What was given together, and what stands between: "A plus B", "A (the drug) in combination with B".
_JOINS = r"\s{1,3}(?:plus|\+|(?:in\s{1,3}combination|combined)\s{1,3}with)\s{1,3}"
_JOIN = re.compile(
    rf"(?:\s{{0,3}}\([^()]{{1,60}}\))?{_JOINS}(?:(?:the|an?)\s{{1,3}})?", re.IGNORECASE
)
_IN_JOINS = ("plus", "+", "combin")
#: A bracket inside such a name that explains a part of it; a short form belongs to the name.
_ASIDE = re.compile(rf"\s{{0,3}}\([^()\s]{{1,30}}\s[^()]{{1,60}}\)(?={_JOINS})", re.IGNORECASE)
#: "compared A with B", "comparison of A to B", but not "compared with A".
_COMPARED = re.compile(
    r"\bcompar(?:e[ds]?|ing|isons?\s{1,3}of)\s{1,3}"
    r"(?!(?:to|with|by|in|at|on|as|for|from|using|among|across|between|against|favou?rably)\b)"
    r"(?P<one>[^.,;:]{2,120}?)\s{1,3}(?:with(?!\s{1,3}(?:or|and)\b)|to)\s{1,3}",
    re.IGNORECASE,
)
#: Words after which "with" says of what is compared what it has or was given: "patients with asthma".
_SAYS_MORE = re.compile(
    r"\b(?:in|for|among|following|after|during|between|two|three|four|\d|versus|vs|those|patients|participants|"
    r"subjects|people|individuals|women|men|children|adults|infants)\b|(?:ed|ing|combination|together|along)$",
    re.IGNORECASE,
)


def find_joins(text: str) -> Iterator[Stretch]:
    """Yield where a text says that what stands before and behind was given together."""
    return (match.span() for match in _JOIN.finditer(text)) if _may_join(text) else iter(())


@lru_cache(maxsize=16384)
def is_combined(label: str) -> bool:
    """Tell whether a name is one of several things that were given together."""
    return _may_join(label) and _JOIN.search(label) is not None


def _may_join(text: str) -> bool:
    low = text.lower()
    return any(word in low for word in _IN_JOINS)


def without_asides(name: str) -> str:
    """Return the name of a combination without what explains its parts: "A (a drug) plus B" → "A plus B"."""
    return _ASIDE.sub("", name)


def find_partings(text: str) -> list[Stretch]:
    """Return what parts the two sides of each comparison: the " with " of "compared A with B"."""
    return [
        (match.end("one"), match.end())
        for match in _COMPARED.finditer(text)
        if _SAYS_MORE.search(match["one"]) is None
    ]


def part(
    mentions: Sequence[TaggedMention], partings: Sequence[Stretch], text: str
) -> list[TaggedMention]:
    """Return mentions, those over both sides of a comparison as two: what is tested, and its comparator."""
    found: list[TaggedMention] = []
    for m in mentions:
        k = bisect_right(partings, (m.start_char + 1, 0))
        start, end = partings[k] if k < len(partings) else (m.end_char, m.end_char)
        if end >= m.end_char:
            found.append(m)
            continue
        given = m.kind in ("intervention", "comparator")
        one = replace(m, end_char=start, text=text[m.start_char : start])
        other = replace(m, start_char=end, text=text[end : m.end_char])
        found.append(replace(one, kind="intervention") if given else one)
        found.append(replace(other, kind="comparator") if given else other)
    return found
