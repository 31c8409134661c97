"""A passage copied out of a report: a few sentences in one paragraph, with results and no title.

Such a text tells of a study without any of its trappings, and its one paragraph is no title.
"""

from __future__ import annotations

import re

from kg.text import Reading

_LONGEST = 1000
#: What a page of links has and running text has not.
LINK = re.compile(r"https?://|www\.|\]\(|<a\s", re.IGNORECASE)
#: What measurements look like.
_MEASURED = re.compile(
    r"\d\s?%|\d\)?\s?(?:±|\+/-|\+ or -)|\(±|\d[.·]\d|\b\d+\s*(?:/|of|out of)\s*\d|\b[np]\s*[=<>]|\bper\s?cent\b|"
    r"\b\d[\d,]*\s+(?:v|vs|versus)\b|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) of \w+ (?:in|on)\b|\b(?:mean|median|average|rate|incidence|survival|deaths?)\b[^.]{0,80}\d",
    re.IGNORECASE,
)
#: Words for those who were measured, and for what they are measured against.
_STUDIED = re.compile(
    r"\b(?:vs?|versus|compared|than|respectively|baseline|median|mean|average|incidence|survival|events?|significant(?:ly)?)\b|"
    r"\(\d+/\d+\)|\d\s*\(\d+\.\d+\)\s+and\s+\d|"
    r"\b(?:groups?|arms?|patients|participants|subjects|women|men|children|eyes|controls?|placebo|doses?|recipients)\b",
    re.IGNORECASE,
)
#: Somebody did or found something: a finite verb of a report.
_REPORTED = re.compile(
    r"\b(?:was|were|had|did|fell|rose|grew|gave|took|lost|saw|found|began|led|met|went|\w{3,}ed)\b",
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
    return all(sign.search(source) for sign in (_MEASURED, _STUDIED, _REPORTED))
