"""Words and notations of those who were allocated, and of what they got."""

from __future__ import annotations

import re

COUNT = (
    r"(?:\d[\d,]{0,9}|two|three|four|five|six|seven|eight|nine|ten|[a-z]{3,6}teen|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-][a-z]{3,5})?)"
)
PEOPLE = (
    r"(?:patients|participants|subjects|individuals|people|persons|adults|women|men|children|infants|neonates|"
    r"volunteers|students|eyes|cases|mothers|boys|girls|teeth|specimens|practices|clusters|schools|centres|centers|"
    r"families|couples|users|rats|mice)"
)
GROUPS = (
    r"(?:(?:sub)?groups?|arms?|regimens?|(?:treatment|intervention)(?:s|\s+(?:groups|arms|regimens|strategies|conditions))|"
    r"strategies|conditions|cohorts?|sequences?|program(?:me)?s?|methods|techniques|procedures|diets|protocols)"
)
#: "group A", "arm 2", but not "group of".
CODE = r"(?:groups?|arms?|cohort)\s+(?-i:\d{1,2}|[A-Z]{1,4}\d?|[a-d])\b"
#: A group by its part in the comparison, or by its code.
PART = (
    rf"(?:{CODE}|(?:control|intervention|experimental|treatment|study|comparison|active|test|case)"
    r"(?:\s+(?:groups?|arms?|condition))?)"
)
ALLOTTED = r"(?:(?:randomly\s+)?(?:allocated|assigned|randomi[sz]ed|allotted)\s+)"
UNIT = r"(?:[mkµμn]?g|mcg|IU|U|m[lL]|Gy|%|mmol|[mµμ]mol|mEq)(?:/[\w²]{1,9}){0,3}"
NUMBER = r"\d(?:[\d.,·]{0,14}\d)?"
VALUE = re.compile(NUMBER)
AMOUNT = re.compile(rf"(?P<value>{NUMBER})\s?(?P<unit>{UNIT})(?!\w)")
#: Of how often something is given, and of how much.
_OFTEN = frozenset(
    "daily weekly monthly bid qd tid qid od once twice per day week mg kg every other hours group dose doses iv sc po".split()
)
WORD = re.compile(r"\d{0,6}[^\W\d_][^\W_]*")


def names_more(text: str) -> bool:
    """Tell whether words name more than an amount and how often it is given."""
    words = {word.lower() for word in WORD.findall(AMOUNT.sub(" ", text))}
    return bool({word for word in words if len(word) > 1} - _OFTEN)
