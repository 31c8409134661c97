"""One group of a list: what it was given, and what else it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.assembly.allocation.words import (
    ALLOTTED,
    AMOUNT,
    CODE,
    COUNT,
    PART,
    PEOPLE,
    VALUE,
    WORD,
    names_more,
)

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A group that a text tells; offsets of that text."""

    given: Stretch  # what it was given, or its name
    names: tuple[Stretch, ...] = ()  # what else it is called, in the bracket behind it
    head: Stretch | None = None  # of what it is an amount, where a list says that once
    amount: str | None = None  # "9 μg" of "4.5 or 9 μg"
    whole: Stretch | None = None  # with how much of it was given, and how

    def moved(self, by: int) -> Told:
        """Return it in offsets that begin so many characters earlier."""

        def move(place: Stretch) -> Stretch:
            return place[0] + by, place[1] + by

        head, whole = self.head and move(self.head), self.whole and move(self.whole)
        return Told(move(self.given), tuple(map(move, self.names)), head, self.amount, whole)


#: What a member may begin with that is no part of its name.
_OPENING = re.compile(
    r"(?:(?:the|an?|their|its|our|either|to|into|receiv(?:ed?|ing)|be\s+given|(?:treatment|treated|therapy)\s+with|using|"
    r"undergo(?:ing)?|continue(?:\s+with)?|one\s+of|of|only|"
    rf"{COUNT}\s+(?:{PEOPLE}\s+)?(?:were\s+)?{ALLOTTED}?(?:to|received|in|were\s+given)|"
    r"daily|according\s+to|based\s+on|guided\s+by|including|consisting\s+of|with|on|and|or|[:,;–—-])\s+)+",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\s+(?:either|according\s+to)\s+(?:according\s+to\s+)?(?:(?:an?|the)\s+)?", re.IGNORECASE
)
#: Where what was given ends: when, how long, how, what for.
_STOP = re.compile(
    rf"\s+(?:for|at(?!\s+(?:home|(?:an?\s+dos(?:e|age)\s+of\s+)?{AMOUNT.pattern.replace('?P<value>', '?:').replace('?P<unit>', '?:')}))|"
    r"in(?!\s+(?:addition\s+to|combination|the\s+(?:morning|evening)|an?\s+single|\d+\s+fractions))|"
    r"during|on(?!\s+demand)|before|after|until|every|each|via|by|over|within|prior|who|whom|that|which|where|among|"
    r"as(?!\s+(?:usual|needed|monotherapy|add-on|required))|from|once(?!\s+(?:daily|weekly|monthly|a)\b)|following|followed|"
    r"under|when|while|to(?=\s+[a-z]+\b)|was|were|is|are|had|has|did|received|consist(?:ing|ed)|according|through(?:out)?|"
    r"respectively|and\s+(?:followed|assessed|were|was|then|evaluated)|"
    rf"(?:and|while|whereas)\s+(?:the\s+)?(?:{CODE}|(?:other|second|third|fourth|remaining|control|intervention)\s+(?:group|arm))|up\s+to|starting|beginning|administered|given|started|"
    r"delivered|aim(?:ing|ed)|encouraging|including|comprising|both|all|completed|showed|reported|achieved|experienced|"
    r"attained|ended|available|intravenously|orally|subcutaneously|intramuscularly|topically|intranasally|(?:\d{1,2}|three|four)\s+times)\b|\s*[;:]|\s+[–—-]\s|,\s(?!(?:(?!in\b)\w[\w-]{0,30}\s){1,3}and\s)|[.]\s|[.]$",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)[)\]]")
_GOES_ON = re.compile(
    r"\s+(?:plus|\+|with|alone|in\s+combination|combined|groups?|arms?)\b", re.IGNORECASE
)
_SIZE = re.compile(
    rf"(?:\bn\s*=\s*[\d,]{{1,9}}|\b{COUNT}\s+{PEOPLE}|^\s*\d+\s*$)(?:\s*[,;:]\s*)?", re.IGNORECASE
)
#: A group's code or its part, and what leads from it to what it was given.
_PART_WITH = re.compile(
    rf"(?:the\s+)?(?:{PART}|(?:one|other|another|first|second|third|fourth)\s+(?:group|arm))(?:\s*[(\[][^()\[\]]*[)\]])?\s*"
    r"(?:[:=,–-]\s*|(?:that\s+|which\s+|who\s+)?(?:receiv(?:ed|ing)|used|got|took|underwent|attended|with|using|treated\s+with|given|"
    r"getting|in\s+which|was|were)\s+)+",
    re.IGNORECASE,
)
_PART_ALONE = re.compile(PART, re.IGNORECASE)
#: How something was given, before what it was.
_HOW = re.compile(
    rf"(?:{AMOUNT.pattern}(?:\s*/\s*\w+)?\s+(?:of\s+)?|"
    r"(?:a\s+)?(?:single\s+)?(?:intravenous|intramuscular|subcutaneous|oral|topical|intranasal|epidural|intrathecal|iv|sc|im)(?:ly)?\s+"
    r"(?:(?:injections?|infusions?|administration|bolus|doses?)\s+of\s+)?|"
    r"(?:an?\s+)?(?:injections?|infusions?|administration|bolus|doses?|courses?)\s+of\s+|"
    rf"{COUNT}\s+(?:\w[\w-]{{0,30}}\s+)?(?:cycles|courses|sessions|doses|tablets|capsules|weeks|months)\s+of\s+|"
    r"(?:once|twice)[\s-]daily\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s(?:and|or|the|an?|with|of|to|plus|by|using|either)|[\"”’]\s?(?:groups?|arms?))$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^,;:]|,(?=\d{3}\b))+")
#: Words that are no name by themselves.
_EMPTY = frozenset(
    "min minutes hours hour day days week weeks month months h mg ml kg group groups arm arms the a an of and or treatments"
    " patients participants subjects one two three four five order sequence ratio random blocks equal age sex following either"
    " both phase stage trial center centre not".split()
)
#: Words of how groups were made, and of what was never given.
_NOT_GIVEN = frozenset(
    "as these those data values account error analysis other randomization randomisation allocation envelopes envelope"
    " computer random randomly ratio evaluated followed studied".split()
)
_EDGE = " ,.;:\n\"'“”‘’"
_LONGEST = 12  # words of what was given
_LONGEST_NAME = 6  # words of another name


def says_part(name: str) -> bool:
    """Tell whether a name says no more than the part of its group: "the control group"."""
    return _PART_ALONE.fullmatch(name) is not None


def read_member(text: str, start: int, end: int) -> Told | None:
    """Return the group that a member of a list names, ``None`` where it names none."""
    opening = _OPENING.match(text, start, end)
    first = opening.end() if opening else start
    part = _PART_WITH.match(text, first, end)
    if part is not None and part.end() < end:
        inner = read_member(text, part.end(), end)
        if inner is not None:
            own = _PART_ALONE.match(text, first, end)
            return replace(inner, names=(*([own.span()] if own else []), *inner.names))
    stop = _stop(text, first, end)
    within = _EITHER.search(text, first, end)
    if within is not None and within.start() <= stop:
        first = within.end()
        stop = _stop(text, first, end)
    names: tuple[Stretch, ...] = ()
    bracket = BRACKET.search(text, first, end)
    if bracket is not None and bracket.start() <= stop + 1:
        names = tuple(_names(text, *bracket.span("inside")))
        told = any(c.islower() for c in text[slice(*names[0])]) if names else False
        if told and says_part(text[first : bracket.start()].strip()):
            return Told(names[0], ((first, bracket.start()), *names[1:]))
        stop = _behind(text, bracket, stop, end)
    return _named(text, first, stop, names)


def _stop(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end


def _behind(text: str, bracket: re.Match[str], stop: int, end: int) -> int:
    """Return where a name with a bracket ends: before it, or behind it in "X (a drug) plus Y"."""
    counted = _SIZE.match(bracket["inside"])
    if counted or stop < bracket.start() or not _GOES_ON.match(text, bracket.end(), end):
        return min(stop, bracket.start())
    later = BRACKET.search(text, bracket.end(), end)
    return min(_stop(text, bracket.end(), end), later.start() if later else end)


def _named(text: str, first: int, last: int, names: tuple[Stretch, ...]) -> Told | None:
    """Return a group by the stretch that names what it was given, cut to its words."""
    opened = text.rfind("(", first, last)
    if opened > text.rfind(")", first, last):
        last = opened
    while last > first:
        tail = _TAIL.search(text, first, last)
        if text[last - 1] not in _EDGE and tail is None:
            break
        last = last - 1 if tail is None else tail.start()
    while first < last and text[first] in _EDGE:
        first += 1
    whole = (first, last)
    how = _HOW.match(text, first, last)
    if how is not None and names_more(text[how.end() : last]):
        first = how.end()
    name = text[first:last]
    words = [word.lower() for word in WORD.findall(name)]
    if len(name.split()) > _LONGEST:
        return None
    if max(map(len, words), default=0) < 2:
        return Told((first, last)) if VALUE.fullmatch(name) else None
    if AMOUNT.match(name) and not names_more(name):
        return Told((first, last), names, whole=whole)
    if set(words) <= _EMPTY or _SIZE.fullmatch(name) or not _NOT_GIVEN.isdisjoint(words):
        return None
    return Told((first, last), names, whole=whole)


def _names(text: str, start: int, end: int) -> Iterator[Stretch]:
    """Yield the names in a bracket: "group A" and not "n = 20" of "(group A, n = 20)"."""
    for part in _NAME.finditer(text, start, end):
        own = part.group()
        first = part.start() + len(own) - len(own.lstrip(" \u2009\"'“"))
        last = part.start() + len(own.rstrip(" \"'”"))
        short = len(own.split()) <= _LONGEST_NAME
        if (
            last > first
            and short
            and not _SIZE.match(text, first, last)
            and WORD.search(text, first, last)
        ):
            yield first, last
