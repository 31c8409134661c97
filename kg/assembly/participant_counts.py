"""The numbers of people (or animals) that a sentence states, each with the phrase that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.assembly.numerals import WORDS, Count, find_counts, parse_digits
from kg.assembly.participant_words import AGE_GROUP, NOT_COUNTED, PERSON, STOPS

Kind = Literal["noun", "n", "sum", "bare"]
Offsets = tuple[int, int]
#: Short forms of a text that stand for people, with the noun they stand for: ``BCS`` → survivors.
ShortForms = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stated number of participants; ``start_char:end_char`` is the phrase, number included.

    ``parts`` are the groups that a sum adds up; for ``2 × 30`` the one group it multiplies.
    """

    value: int
    kind: Kind
    start_char: int
    end_char: int
    number_end: int
    noun: str
    sentence: Offsets
    features: frozenset[str] = frozenset()
    parts: tuple[Offsets, ...] = ()


_N_EQUALS = re.compile(
    r"(?=[nNsS\d])(?:(?<![\w-])(?P<n>[nN]|[Ss]ample\ssize)\s*(?:=|:)\s*|(?<=[a-z] \()(?=[\d, ]+\)))(?P<digits>\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3}){1,3}|\d{1,9})(?![\d.]|\s?%)"
)
_TOKEN = re.compile(r"--+|(?:(?!--)[^\s,;:()\[\]])+|[,;:()\[\]]")
#: "American Society of Anesthesiologists" is part of an adjective, not the end of a phrase.
_CLASSIFICATION = re.compile(
    r"\bSociety of Anesthesiologists(?:\s*\([A-Z]+\))?|\bgrade\s+[IV]+\s+and\s+[IV]+"
)
_BRACKET = re.compile(r"\((?!\s*[nN]\s*=)[^()]{1,160}\)|\[(?!\s*[nN]\s*=)[^\[\]]{1,160}\]")
_AGAIN = re.compile(r"\s*\(\s*(\d+)\s*\)")
#: Behind the number: white space, or the hyphen of "Forty-women".
_GAP = re.compile(r"\s|-(?=[a-z])")
_HYPHENED = re.compile(rf"{PERSON.pattern}\b", re.IGNORECASE)
#: The longest phrase between a number and the people it counts: words, characters.
_LONGEST_WORDS, _LONGEST = 9, 240
_LONGEST_NOUN = 60  # with the blanks behind it

_SHORT_FORM = re.compile(r"\((?P<short>[A-Z][A-Za-z]{1,6})\)")
_NOUN_BEFORE = re.compile(r"(?<![A-Za-z-])(?P<noun>[A-Za-z-]{3,})\s+$")


def find_short_forms(text: str) -> dict[str, str]:
    """Return the short forms that a text introduces for people: ``cancer survivors (BCS)``."""
    found = {}
    for match in _SHORT_FORM.finditer(text):
        before = _NOUN_BEFORE.search(text, max(0, match.start() - _LONGEST_NOUN), match.start())
        if before is None:
            continue
        noun, short = before["noun"].lower(), match["short"]
        if PERSON.fullmatch(noun) and short.rstrip("s")[-1:].lower() == noun[0]:
            found[short] = noun
    return found


#: Between the numbers of "271 and 278 patients received A and B, respectively".
_AND_NEXT = re.compile(r"\s*,?\s*(?:and|or|versus|vs\.?|,)\s+", re.IGNORECASE)
_LEAST_PAIRED = 5


def noun_counts(text: str, sentence: Offsets, short_forms: ShortForms) -> Iterator[Candidate]:
    """Yield ``53 children``, ``286 IIM patients``, ``Three hundred two RA patients``, ``31 of 322 women``.

    Numbers listed in front of one noun all count its people where the sentence says "respectively".
    """
    respectively = "respectively" in text[slice(*sentence)].lower()
    waiting: list[Count] = []
    for count in find_counts(text, *sentence):
        if _is_date(text, count) or _is_name(text, count) or _is_bound(text, count):
            continue
        if waiting and not _AND_NEXT.fullmatch(text, waiting[-1].end_char, count.start_char):
            waiting = []
        phrase = person_phrase(text, count, sentence[1], short_forms)
        if phrase is not None:
            end, noun = phrase
            for other in waiting:
                yield Candidate(
                    other.value, "bare", other.start_char, other.end_char, other.end_char, noun,
                    sentence, frozenset({"elliptic"}),
                )  # fmt: skip
            waiting = []
            yield Candidate(
                count.value, "noun", count.start_char, end, count.end_char, noun, sentence
            )
        elif _is_bare(text, count, sentence, short_forms):
            waiting = []
            yield Candidate(
                count.value, "bare", count.start_char, count.end_char, count.end_char, "", sentence
            )
        elif respectively and count.value >= _LEAST_PAIRED:
            waiting.append(count)


def person_phrase(
    text: str, count: Count, limit: int, short_forms: ShortForms
) -> tuple[int, str] | None:
    """Return the end of ``<adjectives> <noun>`` after a count, and the noun, if people follow."""
    gap = _GAP.match(text, count.end_char)
    if count.value < 1 or not gap:
        return None
    if gap.group() == "-" and not _HYPHENED.match(text, count.end_char + 1):
        return None
    limit = min(limit, count.end_char + _LONGEST)
    near = min(limit, count.end_char + 160)
    stretch, skipped = text[count.end_char : limit], []
    if "Society" in stretch or "grade" in stretch:
        skipped += [m.span() for m in _CLASSIFICATION.finditer(text, count.end_char, limit)]
    if "(" in stretch or "[" in stretch:
        skipped += [m.span() for m in _BRACKET.finditer(text, count.end_char, near)]
    skipped += [m.span() for m in AGE_GROUP.finditer(text, count.end_char, near)]
    place, joined = 0, False
    again = _AGAIN.match(text, count.end_char)
    repeated = again and again[1] == str(count.value)
    after = again.end() if again and repeated else count.end_char  # "Fifty-three (53) children"
    for match in _TOKEN.finditer(text, after, limit):
        if any(a <= match.start() < b for a, b in skipped):
            continue
        word = match.group().strip("*_.-").lower()
        bare = match.group().rstrip(".*_")
        if PERSON.fullmatch(word):
            return match.start() + len(bare), word
        if bare in short_forms:
            return match.start() + len(bare), short_forms[bare]
        stop = word in STOPS and not (len(word) > 1 and match.group().isupper())  # "30 ON patients"
        counted = place == 0 and NOT_COUNTED.fullmatch(word.split("/")[0])
        another = (
            word.isdecimal() and int(word) > 9 and not joined
        )  # "14 trained and 14 untrained men"
        if place >= _LONGEST_WORDS or stop or counted or another:
            return None
        if match.group() in ";:()[]" or (match.group() == "," and place == 0):
            return None
        place += match.group() != ","
        joined = word in ("and", "or")
    return None


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DATED = re.compile(
    rf"(?:{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,?)?,?|\b(?:from|since|until|till|through|between|during|year|years|season|(?:19|20)\d\d\s*(?:to|and|-|–)))\s*$",
    re.IGNORECASE,
)
_TO_DATE = re.compile(rf"\s*(?:to|till|until|through|and|-|–)\s*(?:{_MONTH}\s|(?:19|20)\d\d\b)")
_OF_A_YEAR = re.compile(
    r"\s+(?:\S+\s+){0,2}?(?:study|trial|meta-analysis|review|paper|report|article|analysis|survey|guidelines?)\b",
    re.IGNORECASE,
)


def _is_date(text: str, count: Count) -> bool:
    """Whether a number is a year ("2004 till October 2007", "a 2015 study") or a code ("SWOG 0307")."""
    printed = text[count.start_char : count.end_char]
    if printed.startswith("0"):
        return True
    if not (printed.isdigit() and len(printed) == 4 and 1900 <= count.value < 2100):
        return False
    before = text[max(0, count.start_char - 24) : count.start_char]
    after = (_TO_DATE, _OF_A_YEAR)
    return bool(_DATED.search(before) or any(p.match(text, count.end_char) for p in after))


def _is_bound(text: str, count: Count) -> bool:
    """Whether a number is a limit of a score, "YMRS item 1 ≤ 2 were randomised", or money."""
    return (
        text[max(0, count.start_char - 3) : count.start_char].rstrip().endswith(tuple("<>≤≥=€$£¥"))
    )


_NAMED = re.compile(
    r"\b(?:types?|groups?|phases?|grades?|stages?|class|levels?|days?|weeks?|parts?|stud(?:y|ies)|trials?|arms?|cohorts?|cycles?|"
    r"experiments?|figures?|tables?|visits?|diabetes|hba1c|version|status|class(?:es)?|scores?|exp\.?)\s*(?:(?:[IV]+|\d)\s*(?:and|or|to|-|–|,)\s*)?$",
    re.IGNORECASE,
)


def _is_name(text: str, count: Count) -> bool:
    """Whether a small number is part of a name: "type 2 diabetes patients", "group 1 received"."""
    before = text[max(0, count.start_char - 24) : count.start_char]
    return count.value < 10 and not count.in_words and bool(_NAMED.search(before))


_VERBS = (
    r"randomi[sz]ed|randomly|enrolled|recruited|included|assigned|allocated|agreed|entered|completed|"
    r"participated|consented|met|responded|analy[sz]ed|underwent|received|met"
)
_BARE_AFTER = re.compile(
    r"\s*(?:\([^()]{1,60}\)\s*)?(?:(?:were|was|had been|have been|of (?:whom|them) were)\s+"
    rf"(?:\w+\s+)?)?(?:{_VERBS})\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"\s*(?:randomi[sz]ed|included)\b", re.IGNORECASE)
#: "two randomised controlled trials" counts trials.
_OF_STUDIES = re.compile(
    r"\s+(?!were|was|had|have)(?:[\w,-]+\s+){0,8}?(?:trials?|stud(?:y|ies)|RCTs?|populations?|centers?|centres?|groups)\b",
    re.IGNORECASE,
)
#: People of a kind that no list holds: "28 mountaineers were randomly assigned".
_THINGS_ASSIGNED = re.compile(
    r"\s+(?:[A-Za-z][\w-]*,?\s+){0,4}[A-Za-z]\w*(?:s|en|[A-Z])\s+(?:(?:were|was|will be)\s+(?:\w+\s+)?"
    r"(?:randomi[sz]ed|randomly|enrolled|recruited|allocated)|participated|volunteered)\b"
)
_IN_GROUP = re.compile(
    r"\s+(?:in|to|into)\s+(?:the\s+)?(?:[\w+-]+\s+){1,6}(?:group|arm)\b", re.IGNORECASE
)
#: "(25 per group)": the size of each.
_PER_GROUP = re.compile(
    r"\s+(?:(?:per|in each|for each|in every)\s+(?:group|arm)|each)\b\s*[,;)]", re.IGNORECASE
)
_BARE_BEFORE = re.compile(
    r"(?:we|study|trial)\s+(?:have\s+)?(?:randomi[sz]ed|enrolled|recruited|included)\s+$",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(
    r"\s*(?:\(\s*\d[\d.]*\s*%\s*\)\s*)?(?:out\s+of|of|/)\s*(?:the\s+|these\s+)?(?=\d)"
)
#: The whole of "399/646 (62%) women": a number that :func:`find_counts` passes over.
_WHOLE = re.compile(r"(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,9})(?:\s*\(\s*\d[\d.]*\s*%\s*\))?")


def _is_bare(text: str, count: Count, sentence: Offsets, short_forms: ShortForms) -> bool:
    """Whether a number without a noun counts people: ``1,725 were included``, ``58 of 88 patients``."""
    after = text[count.end_char : min(sentence[1], count.end_char + 120)]
    before = text[max(sentence[0], count.start_char - 40) : count.start_char]
    if _BARE_AFTER.match(after) and not re.search(r"\b[A-Z]{2,}[ -]?$", before):
        return not (_ADJECTIVE.match(after) and _OF_STUDIES.match(after))
    first = re.match(r"\s*([\w-]+)", after)
    if _IN_GROUP.match(after) or (_PER_GROUP.match(after) and re.search(r"[(,;]\s*$", before)):
        return True
    if _THINGS_ASSIGNED.match(after) and first and not NOT_COUNTED.fullmatch(first[1].lower()):
        return not _OF_STUDIES.match(re.split(r"\b(?:were|was|will)\b", after)[0])
    if match := _OF_PEOPLE.match(after):
        whole = _WHOLE.match(text, count.end_char + match.end(), sentence[1])
        if whole is None:
            return False
        counted = Count(parse_digits(whole["digits"]), whole.start(), whole.end())
        return person_phrase(text, counted, sentence[1], short_forms) is not None
    return bool(_BARE_BEFORE.search(before)) and bool(
        re.match(r"\s*[,.;(]|\s+(?:and|with)\b", after)
    )


def n_counts(text: str, sentence: Offsets) -> Iterator[Candidate]:
    """Yield ``(n = 89)``: a count whose people stand before the bracket."""
    for match in _N_EQUALS.finditer(text, *sentence):
        start = match.start()
        words = re.findall(r"[\w-]+", text[max(sentence[0], start - 60) : start].lower())
        noun = next((w for w in reversed(words[-4:]) if PERSON.fullmatch(w)), "")
        if not match["n"] and not (words and PERSON.fullmatch(words[-1])):
            continue  # "(216)" counts people right after the word for them only
        yield Candidate(
            parse_digits(match["digits"]), "n", start, match.end(), match.end(), noun, sentence,
            frozenset({f"{(match['n'] or '')[-1:]}="}),
        )  # fmt: skip


_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|(?:{'|'.join(WORDS)})(?:[\s-]+(?:{'|'.join(WORDS)}))?"
_LINK = r"(?P<link>to|with|on|in|into|received|had|underwent)\s+(?![\d%]+\s*(?:%|years|months))"
_ELLIPTIC = re.compile(
    rf"(?:,|;)?\s*\b(?:and|while|whereas|or|versus|vs\.?)\s+(?P<count>{_NUMBER})\s+{_LINK}",
    re.IGNORECASE,
)
#: Inside a bracket a comma is enough: "(238 patients randomised to sunitinib, 244 to capecitabine)".
_ELLIPTIC_BRACKETED = re.compile(
    rf"[,;]\s*(?:and\s+)?(?P<count>{_NUMBER})\s+{_LINK}", re.IGNORECASE
)


def elliptic_counts(text: str, here: list[Candidate]) -> Iterator[Candidate]:
    """Yield the second group of ``Sixteen patients with POAG and 14 with OH``: a count without noun.

    The word behind the second number stands behind the first group too.
    """
    taken = {c.start_char for c in here}
    for candidate in here:
        if candidate.kind != "noun":
            continue
        limit = min(candidate.sentence[1], candidate.end_char + 170)
        opened = text[max(candidate.sentence[0], candidate.start_char - 2) : candidate.start_char]
        listed = _ELLIPTIC_BRACKETED if opened.endswith("(") else _ELLIPTIC
        match = listed.search(text, candidate.end_char, limit)
        if match is None or match.start("count") in taken:
            continue
        between = text[candidate.end_char : match.start()]
        number = next(find_counts(text, *match.span("count")), None)
        parallel = re.search(rf"\b{re.escape(match['link'])}\b", between, re.IGNORECASE)
        if number is None or not parallel or re.search(r"[.;]\s", between):
            continue
        taken.add(match.start("count"))
        yield Candidate(
            number.value, "bare", number.start_char, number.end_char, number.end_char,
            candidate.noun, candidate.sentence, frozenset({"elliptic"}),
        )  # fmt: skip
