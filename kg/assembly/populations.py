"""Groups of participants with their number, age, sex and condition."""

from __future__ import annotations

import re

from kg.assembly.participant_counts import Candidate
from kg.assembly.study_reading import PopulationReading

_NUM = r"\d{1,3}(?:[.·]\d+)?"
_UNIT = r"(?:years?|yrs?|y)\b(?:[\s-]*(?:old|of age))?"
_RANGE = re.compile(
    rf"\b(?:age[ds]?|ages|between(?: the ages of)?|aging|from)?\s*(?:from\s+|between\s+|range[d:]?\s+)?(?<![\d.±/])(?P<low>{_NUM})\s*(?:-|–|—|to|and|through)\s*(?P<high>{_NUM})[\s-]*(?P<unit>{_UNIT})"
    rf"|\b(?:aged?|ages)\s*(?:from\s+|between\s+|of\s+)?(?P<low2>{_NUM})\s*(?:-|–|—|to|and|through)\s*(?P<high2>{_NUM})(?!\s*(?:mg|ng|%|months|weeks|days))",
    re.IGNORECASE,
)
_OLDER = re.compile(
    rf"\b(?:aged?|age)\s*(?:of\s+|is\s+)?(?:≥|>=|> or =|⩾|=|>|over|above|at least)?\s*(?P<low>{_NUM})\s*(?:{_UNIT})?\s*(?:or|and)\s+(?:older|above|over|more)"
    rf"|\b(?:aged?|age)\s*(?:≥|>=|> or =|⩾|=|>|over|above|at least)\s*(?P<low2>{_NUM})|(?:≥|>=|⩾|>|over|older than|at least|=)\s*(?P<low3>{_NUM})\s*{_UNIT}"
    rf"|(?P<low4>{_NUM})\s*{_UNIT}\s*(?:or|and)\s+(?:older|above|over)",
    re.IGNORECASE,
)
_YOUNGER = re.compile(
    rf"(?:under|younger than|below|≤|<=|<|up to)\s*(?:the age of\s+)?(?P<high>{_NUM})\s*{_UNIT}",
    re.IGNORECASE,
)
_MEAN = re.compile(
    rf"\b(?:mean|average|median)\s+(?:\([^)]*\)\s*)?(?:patient\s+|participant\s+)?age[^.;\d]{{0,40}}?(?P<mean>{_NUM})|\bage[d:]?,?\s*(?:mean\s*)?[:=]?\s*(?P<mean2>{_NUM})\s*(?:±|\+/-)",
    re.IGNORECASE,
)
_FEMALE = re.compile(
    r"(?P<a>\d{1,3}(?:[.·]\d+)?)\s*%\s*(?:\w+\s+)?(?:were\s+|of\s+(?:them|whom|participants|patients)\s+(?:were\s+)?)?(?:females?|women|girls)\b"
    r"|\b(?:females?|women|girls)\s*[,:(]?\s*(?P<b>\d{1,3}(?:[.·]\d+)?)\s*%",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?,?\s*(?:(?:who\s+(?:had|have|were)\s+)?(?:been\s+)?(?:with|diagnosed with|suffering from|undergoing|having|affected by|"
    r"treated for|hospitali[sz]ed (?:for|with)|admitted (?:for|with)|presenting with|and diagnosed with|scheduled for)\s+)"
    r"(?P<condition>[^.;,:()\[\]]{3,110}?)(?=\s+(?:were|was|who|and (?:were|had)|had|have|received|participated|aged|from|between|referred|followed|attending|according to|to (?:receive|either|one|be|undergo|get|placebo|the|\d)|in (?:a|the|this)|randomi[sz]ed|completed|undergoing|showed)\b|[.;,:()\[\]]|$)",
    re.IGNORECASE,
)
#: "We assigned 84 adults with warts to zinc or placebo": what follows the last "to" is what they got.
_ASSIGNING = re.compile(
    r"\b(?:assign|allocat|randomi[sz])(?:ed|ing)\s{1,9}(?:a\s{1,9}total\s{1,9}of\s{1,9})?$",
    re.IGNORECASE,
)
_ARM_BOUNDARY = re.compile(
    r"\.(?!\d)|[;:\[\t|]|,(?!\d)|\b(?:and|or|versus|vs\.?|to receive|to|either|into|received|with|compared|plus|were|was|in|of)\s",
    re.IGNORECASE,
)
_EVENTS = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:died|developed|experienced|withdrew|dropped|declined|refused)\b",
    re.IGNORECASE,
)


#: Kinds of response to a treatment (RECIST), counted.
_RESPONSES = re.compile(r"\b(?:CR|PR|SD|PD)\W{1,3}[nN]\s?=")


def find_populations(text: str, candidates: list[Candidate]) -> list[PopulationReading]:
    """Return the counted groups in text order, each with what its clause says of it.

    ``(n = 89)`` names the group before the bracket: its words are ``arm_words``.
    """
    found: list[PopulationReading] = []
    for candidate in candidates:
        if candidate.kind == "sum" or _EVENTS.match(
            text[candidate.end_char : candidate.end_char + 60]
        ):
            continue
        if candidate.kind == "n" and (not candidate.value or _is_of_a_kind(text, candidate)):
            continue
        read = (
            _of_n
            if candidate.kind == "n"
            else _of_part
            if candidate.features & {"part", "elliptic"}
            else _of_noun
        )
        found.append(read(text, candidate))
    return found


def _is_of_a_kind(text: str, candidate: Candidate) -> bool:
    """Tell whether "(CR, N = 0; PR, N = 4; not evaluable, N = 1)": how many responded so, not how many there are."""
    low, high = candidate.sentence
    opens = text.rfind("(", low, candidate.start_char)
    closes = text.find(")", candidate.start_char, high)
    return opens >= 0 and closes >= 0 and _RESPONSES.search(text, opens, closes) is not None


def _of_noun(text: str, candidate: Candidate) -> PopulationReading:
    after = text[candidate.end_char : min(candidate.sentence[1], candidate.end_char + 220)]
    clause = text[candidate.start_char : candidate.end_char] + re.split(r"[.;]\s", after)[0]
    condition = _CONDITION.match(after)
    inside = text[candidate.number_end : candidate.end_char]
    label = re.sub(r"\s+", " ", inside).strip(" -–*_") or "participants"
    described = re.sub(
        rf"\s*\b{re.escape(candidate.noun)}\W*$", "", label, flags=re.IGNORECASE
    ).strip()
    words = condition["condition"].strip() if condition else described
    if condition and _ASSIGNING.search(text, candidate.sentence[0], candidate.start_char):
        words = words.rpartition(" to ")[0] or words
    arm = re.search(r"\b(?:in|to|into)\s+(?:the\s+)?([^.,;()]{2,60}?\s(?:group|arm))\b", after[:90])
    return PopulationReading(
        label, candidate.start_char, candidate.end_char, candidate.value, _condition(words), *_ages(clause),
        female_percent=_female(clause, label), arm_words=arm[1] if arm else None,
        arm_start=candidate.end_char + arm.start(1) if arm else None,
        arm_end=candidate.end_char + arm.end(1) if arm else None,
    )  # fmt: skip


#: Words that say who people are, not what they have.
_NO_CONDITION = re.compile(
    r"(?:(?:a|the)\s+)?(?:mean|median|average|total|follow-?up|complete|available)\b.*"
    r"|(?:(?:fe)?males?|(?:wo)?men|boys|girls|participants|patients|subjects|eligible|consecutive|randomi[sz]ed|enrolled|remaining|other|adult|healthy)",
    re.IGNORECASE,
)


def _condition(words: str) -> str | None:
    """Return what people have, ``None`` for words that only say who or how many they are."""
    return None if not words or _NO_CONDITION.fullmatch(words) else words


_PART_END = re.compile(
    r"[.,;:)\]]|\s(?:and|or|were|was|versus|vs\.?|while|whereas|who|completed)\s"
)
#: What leads from a number to the name of its group: "149 were in the latanoprost group".
_TO_NAME = re.compile(
    r"\s*(?:(?:patients|participants|subjects|women|men)\b\s*)?(?:(?:were|was|had\s+been)\s+)?(?:randomly\s+)?"
    r"(?:(?:assigned|allocated|randomi[sz]ed|treated|given|received|receiving|took|started)\b\s*)?"
    r"(?:(?:to|with|in|into|on|for)\b\s*)?(?:receive\b\s*)?(?:(?:an?|the)\b\s*)?",
    re.IGNORECASE,
)
#: The name in front of a number that ends its clause: "(latanoprost, 163; brimonidine, 162)".
_NAME_AHEAD = re.compile(
    r"(?:^|[(;:\[]|,?\s(?:and|or|vs\.?|versus)\s)\s*(?P<name>[^(;:\[\]]{2,80}?)[\s,=]*$"
)


def _of_part(text: str, candidate: Candidate) -> PopulationReading:
    """Read a part of a divided count: ``68 standard``, ``344 with challenge-proven food allergy``."""
    limit = candidate.sentence[1]
    lead = _TO_NAME.match(text, candidate.end_char, limit)
    start = lead.end() if lead else candidate.end_char
    end = _PART_END.search(text, start, min(limit, start + 90))
    stop = end.start() if end else min(limit, start + 90)
    words = re.sub(r"\s+", " ", text[start:stop]).strip(" *_")
    if not words:
        low = max(candidate.sentence[0], candidate.start_char - 90)
        ahead = _NAME_AHEAD.search(text[low : candidate.start_char])
        if ahead:
            start, stop = low + ahead.start("name"), low + ahead.end("name")
            words = re.sub(r"\s+", " ", ahead["name"]).strip(" *_")
    return PopulationReading(
        words or "participants", min(start, candidate.start_char) if words else candidate.start_char,
        max(stop, candidate.end_char) if words else candidate.end_char, candidate.value,
        _condition(words), *_ages(words), female_percent=_female("", words), arm_words=words or None,
        arm_start=start if words else None, arm_end=stop if words else None,
    )  # fmt: skip


def _of_n(text: str, candidate: Candidate) -> PopulationReading:
    low = max(candidate.sentence[0], candidate.start_char - 300)
    bracket = text.rfind("(", low, candidate.start_char)
    square = text.rfind("[", low, candidate.start_char)
    edge = max(bracket, square)
    if edge < 0 or ")" in text[edge : candidate.start_char]:
        edge = candidate.start_char
    while edge > low and (m := re.search(r"[(\[][^()\[\]]*[)\]]\s*$", text[low:edge])):
        edge = low + m.start()  # "5,000 IU daily (HD) (n = 89)": the short form is no boundary
    start = low
    for match in _ARM_BOUNDARY.finditer(text, max(low, edge - 90), edge):
        start = match.end()
    while start < edge and text[start].isspace():
        start += 1
    words = text[start:edge].rstrip(" ,;:-–")
    clause = text[start : min(candidate.sentence[1], candidate.end_char + 60)]
    label = re.sub(r"\s+", " ", words).strip(" *_") or "participants"
    return PopulationReading(
        label, start if words else candidate.start_char, candidate.end_char, candidate.value, None, *_ages(clause), female_percent=_female("", label), arm_words=label if words else None,
        arm_start=start if words else None, arm_end=start + len(words) if words else None,
    )  # fmt: skip


def _ages(clause: str) -> tuple[float | None, float | None, float | None]:
    """Return lowest, highest and mean age in years."""
    low = high = mean = None
    if match := _RANGE.search(clause):
        low, high = _number(match["low"] or match["low2"]), _number(match["high"] or match["high2"])
        if low is not None and high is not None and low >= high:
            low = high = None
    elif match := _OLDER.search(clause):
        low = _number(next(g for g in match.groups() if g))
    elif match := _YOUNGER.search(clause):
        high = _number(match["high"])
    if match := _MEAN.search(clause):
        mean = _number(match["mean"] or match["mean2"])
    return low, high, mean


def _female(clause: str, label: str) -> float | None:
    if match := _FEMALE.search(clause):
        return _number(match["a"] or match["b"])
    words = set(re.findall(r"[a-z]+", label.lower()))
    female, male = (
        words & {"women", "females", "girls", "mothers", "female"},
        words & {"men", "males", "boys", "male"},
    )
    return 100.0 if female and not male else 0.0 if male and not female else None


def _number(text: str) -> float | None:
    value = float(text.replace("·", "."))
    return value if value <= 120 else None
