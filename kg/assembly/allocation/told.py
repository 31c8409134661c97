"""The ways in which texts tell what their groups got.

A list behind a verb of allocation; names before brackets that say whose they are; what one group after the
other "received"; and, where none of these is found, the two things that a title or an aim compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.assembly.allocation.lists import bracket_depths, read_list
from kg.assembly.allocation.member import Told, read_member
from kg.assembly.allocation.words import CODE, COUNT, GROUPS, PEOPLE
from kg.assembly.numerals import parse_digits, parse_words
from kg.assembly.sentence import Sentence

_LONGEST = 2000  # characters of a sentence that are read
_MOST = 6  # verbs of allocation of a sentence that are tried
_AIMS_WITHIN = 8  # sentences of a document that may tell its aim
_BEHIND_LAST = 2  # characters between the bracket before and the joint
_TO_BRACKET = 30  # characters between what was given and its bracket: how and when it was
#: One of them is in small letters wherever the pattern below it fits.
_ALLOTTING = (
    "random", "allocat", "assign", "divided", "separated", "allotted", "split", "received", "group", "arms", "regimens", "treatments",
    "strategies", "conditions", "interventions", "cohorts", "sequences", "program", "methods", "techniques", "procedures",
    "diets", "protocols",
)  # fmt: skip
_ALLOTTED = re.compile(
    r"\b(?:randomi[sz]ed|randomly|randomi[sz]ing|allocated|assigned|divided|separated|allotted|allocation|split|"
    rf"(?:who|{PEOPLE}|they)\s+received\s+(?=either\b)|{COUNT}\s+(?:\w[\w-]{{0,30}}\s+){{0,3}}?{GROUPS}(?=\s*:))(?=\W)"
    r"(?!(?:[,\s]{1,3}\w[\w-]{0,30}){0,6}?\s{1,3}(?:trials?|study|studies|design|controlled|comparisons?|clinical|evaluation|experiment|"
    r"order|sequence|selected)\b)",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(rf"\s+{PEOPLE}\b", re.IGNORECASE)
_ADJECTIVE = re.compile(
    r"(?:^|[,(]|\b(?:of|the|with|in|among|all|for|non-?|than|these))\s?$", re.IGNORECASE
)
#: What stands between such a verb and the list, as often as it does.
_LEAD = re.compile(
    r"(?:\s*(?:"
    r"(?:to|into|in|between|on|for)\b|(?:be\s+)?(?:receiv(?:ed?|ing)|given|undergo(?:ing)?|tak(?:e|ing)|us(?:e|ing)|"
    r"consum(?:e|ing)|follow|participate\s+in|attend|wear|get|treated\s+(?:with|by))\b|"
    r"(?:treatment|therapy|administration)\s+(?:with|of)\b|either\b|both\b|one\s+of\b|"
    rf"(?:the\s+)?(?:following\s+)?(?:\w+\s+)?(?:{COUNT}\s+)(?:\w[\w-]{{0,30}}\s+){{0,3}}?{GROUPS}\b(?:\s*\(\s*n\s*=[^()]*\))?"
    rf"(?:\s+of\s+{COUNT}(?:\s+{PEOPLE})?(?:\s+each)?)?|"
    rf"(?:the\s+)?following\s+(?:\w[\w-]{{0,30}}\s+){{0,2}}{GROUPS}\b|(?:\w[\w-]{{0,30}}\s+){{0,2}}{GROUPS}(?=\s*:)|"
    r"(?:an?\s+|in\s+an?\s+|with\s+an?\s+)?(?:ratio\s+of\s+)?\(?\d\s*:\s*\d(?:\s*:\s*\d)*\)?(?:\s+ratio)?|"
    r"at\s+\d+(?:\s*(?:to|and|-|–)\s*\d+)?\s+(?:days?|weeks?|months?|years?)(?:['’]?\s+(?:of\s+)?(?:gestation|pregnancy|age))?(?=\s+to\b)|"
    r"by\s+(?:computer|envelopes?|lottery|coin\s+toss)|random(?:ly|i[sz]ed)?\b|allocated\b|assigned\b|divided\b|separated\b|"
    r"double[\s-]blind(?:ly)?|equally\b|namely\b|i\.e\.,?|as\s+follows|[:,;–—-]|\((?!\s*(?:\d|[a-h]|i{1,3})\))|where\b|"
    rf"according\s+to\b|(?:{COUNT}\s+)?(?:\w[\w-]{{0,30}}\s+)?{PEOPLE}\b(?=\s+(?:to|into)\b)"
    r"))*\s*",
    re.IGNORECASE,
)
#: What a list has to follow.
_LED = re.compile(
    rf"\b(?:to|into|receiv\w+|between|either|treated|given|{GROUPS})\b|:", re.IGNORECASE
)
_COUNTED = re.compile(
    rf"\b(?P<count>{COUNT})\s+(?:\w[\w-]{{0,30}}\s+){{0,3}}?{GROUPS}\b", re.IGNORECASE
)
_TO_LIST = re.compile(
    r"[^.;:]{0,140}?\s(?:to|into)\s+(?!(?:be\s+)?(?:assess|evaluat|determin|compar|examin|investigat|test|study|identify|"
    r"explore|their\b|his\b|age\b|sex\b|whether\b|that\b|which\b|severe|\d))",
    re.IGNORECASE,
)
_TO_GET = re.compile(r"\b(?:receiv\w+|either|undergo|treat\w+)\W+(?:\w+\W+)?$", re.IGNORECASE)
#: A bracket that says whose the name before it is.
_WHOSE = re.compile(
    rf"\s*[(\[]\s*(?!this\b|these\b|each\b)(?:n\s*=\s*\d+\s*[,;]\s*)?(?:the\s+)?(?P<name>{CODE}|"
    r"(?:control|intervention|experimental|treatment|study|comparison|placebo|(?-i:[A-Z][A-Z\d+-]{0,7}|[A-Z][a-z]+))"
    r"\s+(?:group|arm))\b(?:\s*[,;:]?\s*n\s*=\s*\d+|\s*[,;:]\s*\d+\s+\w+)?\s*[)\]]",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    r"(?:\b(?:to|using|receiv\w+|either|into|undergoing|underwent|given|between|compar\w+|got|took|were|was|by\s+means\s+of|"
    r"offered|provided|consumed)|(?P<joint>[:;,]|\b(?:or|and|versus|vs\.?)))\s+(?=\S)",
    re.IGNORECASE,
)
_GETTING = (
    "receiv", "given", "offered", "treated", "assigned", "allocated", "provided", "administered", "underwent", "continued",
    "took", "consumed", "ingested", "participated", "performed", "attended", "instructed", "used", "stayed", "remained", "placed",
    "managed", "supplemented",
)  # fmt: skip
#: A group in a sentence of what it got.
_GROUP_GOT = re.compile(
    r"\b(?P<name>(?:(?:first|second|third|fourth|one|other|another|remaining|control|intervention|treatment|experimental|study|"
    rf"comparison|active|placebo)\s+(?:groups?|arm|half|cohort)|{CODE}|(?-i:[A-Z][A-Z0-9+-]{{1,7}})\s+(?:group|arm)|controls|"
    r"(?:control|intervention)\s+(?:patients|participants|subjects|women|children))\b)"
    rf"(?:\s*[(\[][^()\[\]]{{0,60}}[)\]])?(?:\s+(?:of\s+)?(?:{COUNT}\s+)?{PEOPLE})?,?\s+"
    r"(?:(?:who|which|that|only|also|then|additionally)\s+)*"
    r"(?:received|receiving|(?:was|were)\s+(?:given|offered|treated\s+(?:with|by|using)|(?:assigned|allocated)\s+to(?:\s+receive)?|"
    r"provided\s+with|administered|instructed\s+to)|underwent|continued(?:\s+with)?|took|consumed|ingested|participated\s+in|"
    r"performed|attended|used|(?:stayed|remained|(?:was|were)\s+(?:placed|kept|put))\s+on|(?:was|were)\s+(?:managed|supplemented)\s+with)\s+"
    r"(?!(?:more|fewer|less|significantly|higher|lower|similar|an?\s+(?:median|mean|average|total)|the\s+same|no\s+difference|"
    r"\d+\s*%|significant)\b)",
    re.IGNORECASE,
)
#: "patients received A, B or C": no one gets all of them.
_GIVEN_OR = re.compile(
    rf"(?<!\ball\s)\b(?:(?:{PEOPLE}|who|they)\s+(?:received|(?:were|was)\s+(?:given|treated\s+with)|took)|gave\s+them)\s+"
    r"(?!(?:one|two|at|more|less|no)\b)"
    r"(?=(?:(?!\b(?:prior|before|after|followed|until|during|randomi\w+)\b)[^.;:]){2,160}?\s(?:or|versus|vs\.?)\s)",
    re.IGNORECASE,
)
_P_VALUE = re.compile(r"\bp\s*[<=>]", re.IGNORECASE)
_RESULT = re.compile(r"\bp\s*[<=>]|±|\d\s?%.*\d\s?%|\bCI\b", re.IGNORECASE)
_COMPARING = re.compile(r"compar|\b(?:versus|vs)\b", re.IGNORECASE)
#: "compare A with B", "comparison of the effects of A and B".
_COMPARE = re.compile(
    r"\bcompar(?:e|ed|es|ing|isons?\s+(?:of|between))\s+"
    r"(?P<effects>(?:the\s+)?(?:\w[\w-]{0,30}\s+)?(?:effects?|efficacy|effectiveness|safety|outcomes?|results?|impacts?|use|tolerability)"
    r"(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+)(?:\w[\w-]{0,30}\s+)?\w[\w-]{0,30}){0,3}\s+(?:of|between|with|after)\s+)?"
    r"(?P<one>[^.;:,]{3,90}?)\s+(?P<joint>with(?!\s+and\b)|to|versus|vs\.?|against|and)\s+(?=\S)",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"\s(?:versus|vs\.?)\s+(?=\S)", re.IGNORECASE)
_BEFORE_VERSUS = re.compile(
    r"^|\b(?:of|between|comparing|with|for|whether|to)\s+(?=\S)|[:;,]\s+", re.IGNORECASE
)


def find_told(sentences: Sequence[Sentence]) -> Iterator[list[Told]]:
    """Yield the lists of groups that a document tells, each in the view's offsets."""
    told = False
    for sentence in sentences:
        text = sentence.text[:_LONGEST]
        found = _allotted(text) or _bracketed(text)
        if _differ(text, found):
            told = True
            yield [t.moved(sentence.start_char) for t in found]
    received = list(_received(sentences))
    if len(received) > 1:
        yield received
    elif not told:
        for way in (_given_either, _compared):
            for sentence in sentences[:_AIMS_WITHIN]:
                text = sentence.text[:_LONGEST]
                found = way(text)
                if _differ(text, found):
                    yield [t.moved(sentence.start_char) for t in found]
                    return


def _differ(text: str, told: Sequence[Told]) -> bool:
    """Tell whether there are groups, and no two of one name."""
    names = {(text[slice(*t.given)].lower(), t.amount) for t in told}
    return len(names) == len(told) > 0


def _allotted(text: str) -> list[Told]:
    """Return the groups of a list behind a verb of allocation: "assigned to A, B or placebo"."""
    low = text.lower()
    if not any([word in low for word in _ALLOTTING]):
        return []
    depths: list[int] = []
    for n, match in enumerate(_ALLOTTED.finditer(text)):
        if n == _MOST:
            break
        if _OF_PEOPLE.match(text, match.end()) and _ADJECTIVE.search(text, 0, match.start()):
            continue  # "of the randomised patients"
        depths = depths or bracket_depths(text)
        best: list[Told] = []
        for start, count in _list_starts(text, match.start(), match.end()):
            if best and not _TO_GET.search(text, match.end(), start):
                continue
            told = read_list(text, start, depths, count)
            if told and (not best or told[0].given[1] >= best[0].given[1]):
                best = told
        if best:
            return best
    return []


def _list_starts(text: str, begin: int, end: int) -> Iterator[tuple[int, int | None]]:
    """Yield where a list may begin behind a verb of allocation, and how many groups it is said to have."""
    reach = end
    lead = _LEAD.match(text, end)
    if lead and _LED.search(text, begin, lead.end()):
        yield lead.end(), _count(text[begin : lead.end()])
    for _ in range(3):
        way = _TO_LIST.match(text, reach)
        if way is None:
            return
        lead = _LEAD.match(text, way.end())
        reach = lead.end() if lead else way.end()
        yield reach, _count(text[way.start() : reach])


def _count(lead: str) -> int | None:
    """Return the number of groups that a lead tells."""
    found = _COUNTED.search(lead)
    if found is None:
        return None
    told = found["count"]
    return parse_digits(told) if told[0].isdigit() else parse_words(told)


def _bracketed(text: str) -> list[Told]:
    """Return the names before brackets that say whose they are: "X alone (group 1) or X with Y (group 2)"."""
    if "group" not in text and "arm" not in text:
        return []
    brackets = list(_WHOSE.finditer(text))
    if len(brackets) < 2:
        return []
    found: list[Told] = []
    end = 0
    for bracket in brackets:
        leads = [
            lead.end() for lead in _BEFORE_NAME.finditer(text, end, bracket.start())
            if lead["joint"] is None or (end and lead.start() - end <= _BEHIND_LAST)
        ]  # fmt: skip
        end = bracket.end()
        read = (read_member(text, lead, bracket.start()) for lead in reversed(leads))
        told = next((t for t in read if t and t.given[1] >= bracket.start() - _TO_BRACKET), None)
        if told is not None:
            found.append(replace(told, names=(bracket.span("name"),)))
    return found if len(found) > 1 else []


def _received(sentences: Sequence[Sentence]) -> Iterator[Told]:
    """Yield what each group is said to have got, in sentences of their own."""
    seen: set[str] = set()
    for sentence in sentences:
        text = sentence.text[:_LONGEST]
        low = text.lower()
        if not any([word in low for word in _GETTING]):
            continue
        matches = list(_GROUP_GOT.finditer(text))
        ends = [*(match.start() for match in matches[1:]), len(text)]
        for match, end in zip(matches, ends, strict=False):
            name = " ".join(match["name"].lower().split())
            told = None if name in seen else read_member(text, match.end(), end)
            if told is not None and not _P_VALUE.search(text, match.start(), end):
                seen.add(name)
                whose = (match.span("name"), *told.names)
                yield replace(told, names=whose).moved(sentence.start_char)


def _given_either(text: str) -> list[Told]:
    """Return what people "received" of several things: "patients received 8 mg, 16 mg or placebo"."""
    match = None if _RESULT.search(text) else _GIVEN_OR.search(text)
    return [] if match is None else read_list(text, match.end(), bracket_depths(text), None)


def _compared(text: str) -> list[Told]:
    """Return the two things that a title or an aim compares."""
    if not _COMPARING.search(text) or _RESULT.search(text):
        return []
    for match in _COMPARE.finditer(text):
        if match["joint"].lower() == "and" and not match["effects"]:
            continue
        found = _pair(text, *match.span("one"), match.end())
        if found:
            return found
    for match in _VERSUS.finditer(text):
        for before in reversed(list(_BEFORE_VERSUS.finditer(text, 0, match.start()))):
            found = _pair(text, before.end(), match.start(), match.end())
            if found:
                return found
    return []


def _pair(text: str, start: int, end: int, behind: int) -> list[Told]:
    """Return the name that ends where a comparison turns, and that which begins behind it."""
    one, other = read_member(text, start, end), read_member(text, behind, len(text))
    return [one, other] if one and other and one.given[1] >= end - 1 else []
