"""Names of interventions, outcomes and groups: their words, their likeness, their tidy form."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+", re.UNICODE)

#: Words that tell nothing about which thing a name names.
FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "and",
        "or",
        "with",
        "to",
        "for",
        "by",
        "at",
        "from",
        "as",
        "than",
        "that",
        "this",
        "these",
        "those",
        "their",
        "its",
        "his",
        "her",
        "our",
        "vs",
        "versus",
        "per",
        "between",
        "among",
        "within",
        "after",
        "before",
        "during",
        "into",
        "over",
        "under",
        "both",
        "all",
        "each",
        "any",
        "either",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "had",
        "has",
        "have",
        "did",
        "do",
    ]
)
#: Words that frame a name without being part of what is named.
FRAME_WORDS = frozenset(
    [
        "group",
        "groups",
        "arm",
        "arms",
        "patient",
        "patients",
        "participant",
        "participants",
        "subject",
        "subjects",
        "level",
        "levels",
        "concentration",
        "concentrations",
        "mean",
        "median",
        "average",
        "total",
        "risk",
        "rate",
        "rates",
        "score",
        "scores",
        "serum",
        "plasma",
        "treatment",
        "therapy",
        "supplementation",
        "change",
        "changes",
        "value",
        "values",
        "number",
        "study",
    ]
)

#: Words that a name neither begins nor ends with.
_LEADING = frozenset(
    "the a an this these those their its both all each any and or of in with for to by than that which other only also"
    " was were significantly higher lower greater increased decreased reduced improved more less fewer"
    " respective mean median average overall".split()
)
_OVERALL = frozenset(["survival", "mortality"])
_TRAILING = frozenset(
    "and or of in the with for to by than was were is are"
    " significantly nonsignificantly non-significantly".split()
)
_EDGE = " \t\n\r.,;:()[]{}'\"“”‘’*=-–—•<>≤≥±"
_EDGES = frozenset(_EDGE)
_EDGE_OF_WORD = _EDGE.replace(")", "")
_GLUED_BRACKET = re.compile(r"(?<=\w)\((?!e?s\)|\d*\))[^()\s=]{1,8}\)$")  # "25(OHD)", "TPO-Ab(+)"


@lru_cache(maxsize=16384)
def stems(label: str) -> frozenset[str]:
    """Return the content words of a label, case-folded and cut to six letters."""
    return frozenset(w[:6] for w in _telling(label))


_PLURAL = re.compile(r"(?<=[^\Wsu])s$|(?<=ss)es$")  # not of "status" or "loss"


@lru_cache(maxsize=16384)
def identity(label: str) -> frozenset[str]:
    """Return the content words of a label, case-folded, in the singular.

    Two labels name the same thing when these are equal: "hip fractures" and "hip fracture" do, but
    "prednisone" and "prednisolone" do not, although their stems are equal.
    """
    return frozenset(_singular(w) for w in _telling(label))


def _telling(label: str) -> list[str]:
    words = [w for w in _WORD.findall(label.casefold()) if w not in FUNCTION_WORDS]
    return [w for w in words if w not in FRAME_WORDS] or words


def _singular(word: str) -> str:
    if len(word) < 4:
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else _PLURAL.sub("", word)


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """Return how alike two labels are, 0 to 1: shared words over all, or nearly over the shorter's."""
    a, b = stems(one), stems(other)
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return max(shared / len(a | b), 0.9 * shared / min(len(a), len(b)))


def _stripped(text: str) -> str:
    """Return a text without punctuation at its edges, but with a bracket that is part of its last word."""
    text = text.lstrip(_EDGE)
    if text[-1:] not in _EDGES:
        return text
    end = len(text.rstrip(_EDGE_OF_WORD))
    glued = text[end - 1 : end] == ")" and _GLUED_BRACKET.search(text, 0, end)
    return text[:end] if glued else text.rstrip(_EDGE)


def tidy(label: str) -> str:
    """Return a label without articles, comparatives and punctuation at its edges, on one line."""
    text = _stripped(" ".join(label.split()))
    words = text.split(" ")
    first, last = 0, len(words)
    while first < last - 1 and words[first].lower() in _LEADING:
        if words[first].lower() == "overall" and words[first + 1].lower() in _OVERALL:
            break  # an end point of its own
        first += 1
    while first < last - 1 and words[last - 1].lower() in _TRAILING:
        last -= 1
    if last - first < len(words):
        text = _stripped(" ".join(words[first:last]))
    unmatched = _first_unmatched(text)
    if unmatched is not None:
        text = (text[:unmatched] or text[unmatched + 1 :]).strip(_EDGE)
    return text


_ASPECT = re.compile(
    r"^(?:\w+\s+)?(?:effects?|efficacy|effectiveness|benefits?|use|forms?|roles?|impact|influence|addition|"
    r"administration|safety)\s+(?:of|for)\s+(?:the\s+)?(?=\w)",
    re.IGNORECASE,
)


def without_aspect(label: str) -> str:
    """Return an intervention's name without what is asked of it: "effect of vitamin D" → "vitamin D"."""
    return _ASPECT.sub("", label)


_CHANGE = re.compile(
    r"^(?:(?:small|large|significant|mean|median|average|adjusted|relative|absolute|overall|between-group|percent|percentage)\s+)*"
    r"(?:differences?|changes?|reductions?|improvements?|increases?|decreases?|declines?)\s+in\s+(?:the\s+)?(?:overall\s+)?(?=\w)",
    re.IGNORECASE,
)


#: A verb that a name ends with says what became of it.
_BECAME = re.compile(
    r"(?<=\w)\s(?:fell|rose|dropped|declined|decreased|increased|improved|worsened|went(?: up| down)?)$"
)


def without_change(label: str) -> str:
    """Return an outcome's name without what became of it: "small difference in the dose" → "dose", "pain fell" → "pain"."""
    return _BECAME.sub("", _CHANGE.sub("", label))


#: Events that texts count in the plural and tables name in the singular; "adverse events" are named in the plural.
_EVENTS = frozenset(
    "deaths strokes fractures infarctions infections attacks relapses exacerbations admissions"
    " failures seizures ulcers tumours tumors cancers miscarriages births recurrences bleeds amputations".split()
)


#: Quantities of which texts tell several at once, and tables one: "response rates were 43 and 24%".
_QUANTITIES = re.compile(r"\b(rate|score|ratio|yield|duration|time(?=s to\b))s\b", re.IGNORECASE)


def singular(label: str) -> str:
    """Return an outcome's name with its event or quantity in the singular: "sudden deaths" → "sudden death".

    "Number of deaths" stays: it names a count.
    """
    label = _QUANTITIES.sub(r"\1", label)
    head, _, last = label.rpartition(" ")
    if last.lower() not in _EVENTS or re.match(
        r"(?:numbers?|counts?|rates?)\b", label, re.IGNORECASE
    ):
        return label
    return f"{head} {last[:-1]}".strip()


_GROUP = r"(?:(?:groups?|arms?|cohorts?)(?:\s+\S{1,8})?|(?:[^\s,]{1,30}\s+){1,5}?(?:groups?|arms?|cohorts?))"
_WHO = re.compile(
    r"(?:(?:the|all|both|most|more|fewer|(?:number|proportion|percentage|rate)s?\s+of)\s+){0,3}"
    r"(?:patients?|participants?|subjects?|women|men|boys|girls|children|infants|adults|people|persons|individuals|"
    r"volunteers|cases|groups|arms|cohorts)"
    rf"(?:\s+(?:in|of|from|on)\s+(?:the\s+)?{_GROUP})?",
    re.IGNORECASE,
)
_GROUP_ALONE = re.compile(
    r"(?:(?!(?:of|in|for|to|with|from|between|by|on|age|blood|risk|upper)\s)[^\s,]{1,30}\s+){1,4}(?:group|arm)s?",
    re.IGNORECASE,
)


def names_people(name: str) -> bool:
    """Tell whether a name says only who was counted: "patients in the zinc group", "zinc arm"."""
    return (_WHO.fullmatch(name) or _GROUP_ALONE.fullmatch(name)) is not None


def _first_unmatched(text: str) -> int | None:
    """Return the place of the first bracket that is not closed or not opened, ``None`` if all match."""
    if not ("(" in text or ")" in text or "[" in text or "]" in text):
        return None
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in "([":
            opened.append(place)
        elif character in ")]":
            if not opened:
                return place
            opened.pop()
    return opened[0] if opened else None
