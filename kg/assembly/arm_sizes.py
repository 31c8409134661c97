"""How many people an arm has, as the text prints it beside the arm's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.assembly.numerals import WORDS

Place = tuple[int, int]

_NUMBER = r"(?<![\d.,·/%±-])(\d{1,3}(?:[, \u2009]\d{3})+|\d+)(?![\d.,·]*\d|\s*[%/±])"
_PEOPLE = (
    r"(?:patients|participants|women|men|subjects|individuals|people|persons|children|adults|infants|"
    r"volunteers|cases|eyes|survivors|pts)"
)
_HEAD = r"(?:\s+(?:groups?|arms?|alone|only|treatment|therapy))*"
_ASIDE = r"(?:[^.;()\[\]]|\([^()]{0,40}\))"
#: What stands behind an arm's name, the surer notation first.
_BEHIND = (
    re.compile(rf"{_HEAD}{_ASIDE}{{0,60}}?[(\[,][^.;()\[\]]{{0,40}}?\bn\s*=\s*{_NUMBER}", re.IGNORECASE),
    re.compile(rf"{_HEAD}[^.;()\[\]]{{0,30}}[(\[]\s*{_NUMBER}\s*{_PEOPLE}?\s*[)\]]", re.IGNORECASE),
)  # fmt: skip
_GIVEN = (
    r"(?:randomly\s+)?(?:randomi[sz]ed|assigned|allocated|treated|given|received|receiving|started)"
)
#: What stands before it: "201 were assigned (to)", "612 women assigned to", "42 in the".
_BEFORE = (
    re.compile(rf"{_NUMBER}\s+(?:{_PEOPLE}\s+)?(?:(?:were|was|who|had been)\s+)*{_GIVEN}(?:\s+(?:to|with|into))?"
               r"(?:\s+receive)?(?:\s+(?:the|either))?\s+$", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s+{_PEOPLE}\s+(?:were\s+)?(?:in|on|with|to)\s+(?:the\s+)?$", re.IGNORECASE),
    re.compile(rf"(?:[,;:(]|\band)\s*{_NUMBER}\s+(?:in|on|with|to)\s+(?:the\s+)?$", re.IGNORECASE),
    re.compile(rf"\bof\s+{_NUMBER}\s+(?:{_PEOPLE}\s+)?(?:\w+\s+)?(?:in|on|with|to)\s+(?:the\s+)?$", re.IGNORECASE),
)  # fmt: skip
#: What joins the names of arms that share the number before them: "90 women were assigned to A or B".
_OF_BOTH = re.compile(
    r"[^.;:\d]{0,60}?(?:,|/|\bor|\band|\bversus|\bvs\.?)\s*(?:(?:to|the|an?|with|receive)\s+)*",
    re.IGNORECASE,
)
#: The last word of what stands before it.
_LEADING = frozenset(
    "randomized randomised assigned allocated treated given received receiving started to with into receive the either"
    " in on".split()
)
_DIGIT = re.compile(r"\d")
_LEAST = 4  # people: fewer are no arm
_REACH = 110  # characters before and behind a name


def arm_size(text: str, places: Sequence[Place], others: Iterable[Place]) -> int | None:
    """Return the number of people printed beside one of an arm's places, ``None`` if none is.

    Parameters
    ----------
    text
        The text that the places are offsets of.
    places
        Where the arm is named.
    others
        Where other arms are named: a number beyond one of those is theirs.
    """
    starts = sorted(start for start, _ in others)
    ends = sorted(end for _, end in others)
    best: tuple[int, int, int] | None = None
    for start, end in places:
        stop = min([s for s in starts if s >= end] + [end + _REACH])
        low = max([e for e in ends if e <= start] + [start - _REACH, 0])
        found: list[tuple[int, re.Match[str] | None]] = []
        stop = min(stop, end + _REACH)
        if _DIGIT.search(text, end, stop):
            found += [(n, p.match(text, end, stop)) for n, p in enumerate(_BEHIND)]
        before = text[low:start]
        shared = _OF_BOTH.fullmatch(text, end, stop) is not None and stop in starts
        if not shared and _DIGIT.search(before) and before.lower().split()[-1] in _LEADING:
            found += [(n + 1, p.search(before)) for n, p in enumerate(_BEFORE)]
        for rank, match in found:
            if match is None:
                continue
            size = int(re.sub(r"\D", "", match[1]))
            if size >= _LEAST and (best is None or (rank, start) < best[:2]):
                best = (rank, start, size)
    return best[2] if best else None


_BY_WORD = r"(?:two|three|four|five|six|[2-6])"
_EACH = re.compile(
    rf"\b(?P<count>{_BY_WORD})\s+(?:\w+\s+){{0,2}}?(?:groups|arms|cells)\s*\(?\s*(?:of|each\s+of|with)?\s*(?:n\s*=\s*)?{_NUMBER}"
    rf"(?:\s+{_PEOPLE})?(?=\s*(?:each\b|[.,;:)]|to\b|and\b|\(|{_PEOPLE}))"
    rf"|{_NUMBER}\s+(?:{_PEOPLE}\s+)?(?:per|in\s+each|each)\s+(?:groups?|arms?)\b"
    rf"|\bn\s*=\s*{_NUMBER}\s*(?:each\b|(?:per|in\s+each)\s+(?:group|arm)|/\s*group)"
    rf"|\beach\s+(?:group|arm|condition)\s+(?:comprised|consisted\s+of|included|contained|had)\s+{_NUMBER}",
    re.IGNORECASE,
)
#: A sentence of how many are needed tells of nobody.
_PLANNED = re.compile(
    r"\b(?:requir\w*|need\w*|power\w*|detect\w*|sample size|calculat\w*|loss to|completed|evaluable|analy[sz]\w*)\b",
    re.IGNORECASE,
)
_SENTENCE = 160  # characters round a size that may say that it was planned


def size_of_each(text: str, groups: int) -> int | None:
    """Return how many people each of so many groups has where a text says it once for all: "two groups of 40"."""
    found = set()
    for match in _EACH.finditer(text):
        start = text.rfind(". ", max(0, match.start() - _SENTENCE), match.start()) + 1
        end = text.find(". ", match.end(), match.end() + _SENTENCE)
        around = text[
            max(start, match.start() - _SENTENCE) : end if end > 0 else match.end() + _SENTENCE
        ]
        if _PLANNED.search(around):
            continue
        told = match["count"]
        if told is not None and (int(told) if told.isdigit() else WORDS[told.lower()]) != groups:
            continue
        size = next(g for g in match.groups()[1:] if g)
        found.add(int(re.sub(r"\D", "", size)))
    found = {size for size in found if size >= _LEAST}
    return found.pop() if len(found) == 1 else None
