"""When a dose is given that has no rhythm, and in how many parts: "5 min before surgery", "30 Gy in 10 fractions".

All functions read folded text (:func:`kg.numbers.regimens.fold`).
"""

from __future__ import annotations

import re
from typing import Final

from kg.numbers.dose_amounts import Amount
from kg.numbers.regimens import SPAN, Stretch, spaced, span_of

_EVENT: Final = (
    r"(?:induction|ana?esthesia|surgery|operation|incision|procedure|laparotomy|intubation|extubation|admission|breakfast|lunch|dinner|supper|meals?|"
    r"exercise|training|feeds?|breast-?feeding|delivery|birth|chemotherapy|radiotherapy|cord clamping|reperfusion|pci|angiography|contrast|scan|colonoscopy|"
    r"endoscopy|dialysis|bypass|transfusion|vaccination|oocyte|embryo transfer|randomi[sz]ation|skin closure|wound closure|tourniquet|premedication|block)"
)
_BY_HOW_MUCH: Final = (
    r"(?:(?:about |approximately |at least )?(?:\d+(?:\.\d+)?(?: ?- ?\d+)?|an?|one|two|three|half an|five|ten|fifteen|thirty)[ -]?"
    r"(?:min(?:ute)?s?|hours?|hrs?|h|days?)|immediately|just|right|shortly|directly|the (?:night|evening|morning|day))"
)
_OCCASION: Final = re.compile(spaced(
    rf"(?<![a-z0-9.,-])(?<!for\ )(?<!over\ )(?:(?:{_BY_HOW_MUCH} )?(?:before|prior to|after|following) (?:the |each |their |every )?(?:(?:end|start|completion|induction|onset) of (?:the )?)?(?:(?!which|that|when|where|whom)[a-z-]+ )?{_EVENT}"
    rf"|at (?:the )?(?:end|start|beginning|time|induction) of (?:the )?(?:(?!which|that|when|where|whom)[a-z-]+ )?{_EVENT}|on the day of (?:the )?(?:(?!which|that|when|where|whom)[a-z-]+ )?{_EVENT}|on day \d{{1,2}}(?![,-]?\d)"
    r"|in (?:an? )?(?:split|(?:(?:two|three|four|\d) )?(?:equally )?divided) (?:doses?|portions?))(?![a-z])"
))  # fmt: skip
#: The words go on to what was found or done to people.
_ELSEWHERE: Final = re.compile(
    r"[.;:]|(?<![a-z])(?:assess|measur|evaluat|record|scor|compar|reduc|increas|decreas|improv|monitor|sampl|collect|outcome|pain|until|followed by|underwent|observ)"
)
_FRACTIONS: Final = re.compile(
    spaced(rf"(?<!\d)(?P<span>{SPAN}) (?:single |daily |equal |weekly )?fractions?(?![a-z])")
)
_IN_FRACTIONS: Final = re.compile(
    spaced(r"(?: in total)?,? ?\(?(?:in|given in|over|/) ?(?:an? (?=single))?")
)
_OF_EACH: Final = re.compile(spaced(r"(?:,? of| \u00d7| x) $|(?<=fractions)[ (]$"))
_SESSIONS: Final = (
    r"(?:sessions|classes|lessons|workshops|treatments|calls|visits|bouts|appointments)"
)
_COUNT_BEFORE: Final = re.compile(
    spaced(
        rf"(?<![a-z0-9.,-])(?P<span>{SPAN}) (?:[a-z-]+ ){{0,2}}(?:{_SESSIONS} (?:of|lasting) )?$"
    )
)
_SO_LONG: Final = re.compile(rf"-? ?(?:long )?(?:[a-z-]+ ){{0,4}}{_SESSIONS}(?![a-z])")


def find_occasion(text: str, start: int, end: int) -> Stretch | None:
    """Return the words behind a dose, in ``start:end``, that say when it is given: "immediately after induction"."""
    match = _OCCASION.search(text, start, end)
    if match is None or _ELSEWHERE.search(text, start, match.start()):
        return None
    return Stretch(match.start(), match.end())


def find_fractions(text: str, amount: Amount, start: int, end: int) -> tuple[Stretch, bool] | None:
    """Return in how many fractions an amount of radiation is given, and whether it is their sum.

    "30 Gy in 10 fractions" is the sum; "13 fractions of 3.3 Gy" is each.
    """
    if amount.code not in {"Gy", "cGy"}:
        return None
    lead = _IN_FRACTIONS.match(text, amount.end_char, end)
    behind = _FRACTIONS.match(text, lead.end() if lead else amount.end_char, end)
    if lead and behind:
        return Stretch(behind.start(), behind.end(), span_of(behind["span"])), True
    for match in _FRACTIONS.finditer(text, start, amount.start_char):
        if _OF_EACH.search(text, match.end(), amount.start_char):
            return Stretch(match.start(), match.end(), span_of(match["span"])), False
    return None


def count_sessions(text: str, amount: Amount, start: int, end: int) -> Stretch | None:
    """Return how many sessions last as long as an amount of time: "four 45-minute sessions"."""
    if amount.code not in {"min", "h"}:
        return None
    count = _COUNT_BEFORE.search(text, start, amount.start_char)
    if count is None or not ("sessions" in count[0] or _SO_LONG.match(text, amount.end_char, end)):
        return None
    return Stretch(count.start("span"), count.end("span"), span_of(count["span"]))
