"""A passage copied out of a report: a few sentences in one paragraph, with results and no title.

Such a text tells of a study without any of its trappings, and its one paragraph is no title.
"""

from __future__ import annotations

import re

from kg.text import Reading

_LONGEST, _MOST = 1000, 3  # characters, sentences: an abstract in one paragraph has more
#: Before a capital alone: "4.1 vs. 6.2", "vs. (1.7" and the like go on.
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")
#: What a page of links has and running text has not.
LINK = re.compile(r"https?://|www\.|\]\(|<a\s", re.IGNORECASE)
_COUNT_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    "(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?"
)
_COUNTED = r"patients|participants|subjects|women|men|children|infants|adults|volunteers|people|eyes|cases|deaths|events"
#: What measurements look like, and counts of people or of what befell them.
_MEASURED = re.compile(
    r"\d\s?%|\d\)?\s?(?:±|\+/-|\+ or -)|\(±|\d[.·]\d|\b\d+\s*(?:/|of|out of)\s*\d|\b[np]\s*[=<>]|\bper\s?cent\b|"
    r"\b\d[\d,]*\s+(?:v|vs|versus)\b|"
    rf"\b(?:{_COUNT_WORDS}) of \w+ (?:in|on)\b|"
    rf"\b(?:\d+|{_COUNT_WORDS})\s(?:[\w-]+\s){{0,2}}(?:{_COUNTED})\b|"
    r"\b(?:mean|median|average|rate|incidence|survival|deaths?)\b[^.]{0,80}\d",
    re.IGNORECASE,
)
#: Words for those who were measured and for what was, or values set against one another.
_STUDIED = re.compile(
    r"\b(?:vs?|versus|compared|than|respectively|baseline|median|mean|average|incidence|survival|events?|significant(?:ly)?)\b|"
    r"\bfrom\s\d\S*\s(?:\S+\s)?to\s\d|\brates?\s(?:was|were|of)\b|\b(?:scores?|probabilit(?:y|ies)|sensitivity|specificity|deaths?|time points?)\b|\bp\s*[=<>]|"
    r"\(\d+/\d+\)|\d\s*\(\d+\.\d+\)\s+and\s+\d|\d\s?%[^.;%]{0,60}\b(?:and|to)\b[^.;%]{0,40}\d\s?%|"
    r"\b(?:groups?|arms?|patients|participants|subjects|women|men|children|eyes|controls?|placebo|doses?|recipients)\b",
    re.IGNORECASE,
)
#: Somebody did or found something: a finite verb of a report.
_REPORTED = re.compile(
    r"\b(?:was|were|had|did|died|fell|rose|grew|gave|took|lost|saw|found|began|led|met|(?:under)?went|\w{3,}ed)\b",
    re.IGNORECASE,
)


def is_excerpt(reading: Reading) -> bool:
    """Whether a document is nothing but a short run of text that states a result."""
    source = reading.document.text
    if (
        len(source) > _LONGEST
        or len(reading.blocks) != 1
        or reading.blocks[0].kind != "paragraph"
        or "title" in reading.metadata
        or LINK.search(source)
    ):
        return False
    if len(_SENTENCE_END.findall(source.strip())) >= _MOST:
        return False
    return all(sign.search(source) for sign in (_MEASURED, _STUDIED, _REPORTED))
