"""What the grammar of a sentence says is measured, where the word that the ranking chose only describes or points to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.assembly.context import Context
from kg.assembly.phrase import Phrase

if TYPE_CHECKING:
    from kg.assembly.link import Link

#: "bradycardia needing atropine": participles behind the name of what happened.
_NEEDING = frozenset("needing requiring necessitating warranting".split())
#: "disability, assessed with the Roland-Morris questionnaire, was": how, or as what, the subject was measured.
_ASIDE = re.compile(
    r"(?P<subject>[^,;:.()]{3,90}),\s+(?:(?:which\s+)?(?:was|were)\s+|as\s+)?(?:\w+ly\s+)?"
    r"(?P<aside>(?:defined|measured|assessed|rated|scored|graded|expressed|evaluated|determined|calculated|quantified|recorded|"
    r"estimated)\s+(?:\w+\s+)?(?:as|by|with|on|using|in|from|at)\s[^;:]{2,120}?),\s+(?=(?!and\b|or\b)\w)",
    re.IGNORECASE,
)
#: "the corresponding figures", "these values": what the sentence before told is told of others.
_POINTING = re.compile(
    r"(?:the\s+)?(?:corresponding|respective|these|those|such)\s+(?:\w+\s+)?"
    r"(?:figures?|values?|proportions?|rates?|percentages?|numbers?|ratios?|results?|scores?|changes?|reductions?)\b(?P<more>.*)",
    re.IGNORECASE,
)
#: "skin irritation was the commonest adverse event", "the commonest adverse events were hypertension, in …".
_FOREMOST = frozenset("commonest main only predominant".split())
_MOST = frozenset({"most", "common", "frequent", "frequently"})
_OF_WHAT = re.compile(r"\s+(?:for|of|in)\s", re.IGNORECASE)
_SEEN = 0.3  # tagger score of what was measured
_UNITS = frozenset("points units mm cm kg".split())
_BE = frozenset("was were is are".split())
_REACH = 9  # tokens of a subject before "was the commonest"


def meant(context: Context, k: int, outcome: Phrase, links: Mapping[int, Link]) -> Phrase:
    """Return what the `k`-th number measures: `outcome`, or what that describes, points to or is said of."""
    pointed = _pointed_to(context, k, outcome, links)
    return pointed or _described(context, outcome) or _subject(context, k, outcome) or outcome


def _pointed_to(
    context: Context, k: int, outcome: Phrase, links: Mapping[int, Link]
) -> Phrase | None:
    """Return the outcome of the sentence before, for "the corresponding figures"; of the value before, for a unit."""
    if context.lower[outcome.first] in _UNITS and k - 1 in links:
        same = context.places[k - 1].sentence == outcome.sentence
        return links[k - 1].outcome if same else None  # "… to 7.0 points with A"
    match = _POINTING.fullmatch(outcome.raw)
    if match is None:
        return None
    of = _OF_WHAT.match(match["more"])
    if of is not None:
        own = [
            p for p in _here(context, outcome) if p.last == outcome.last and p.first > outcome.first
        ]
        named = [p for p in own if p.score("outcome") >= max(_SEEN, p.score("intervention"))]
        if named:
            return _longest(named)  # "the corresponding figure for serum calcium"
    before = [j for j in links if j < k and links[j].outcome is not None]
    earlier = [j for j in before if context.places[j].sentence < outcome.sentence]
    return links[max(earlier)].outcome if earlier else None


def _described(context: Context, outcome: Phrase) -> Phrase | None:
    """Return "bradycardia" for "needing atropine" behind it."""
    if context.lower[outcome.first] not in _NEEDING:
        return None
    return _longest(p for p in _here(context, outcome) if p.last == outcome.first)


def _subject(context: Context, k: int, outcome: Phrase) -> Phrase | None:
    """Return the subject of a sentence whose predicate, or what is said aside of it, was chosen."""
    words = set(context.lower[outcome.first : outcome.last])
    if words & _FOREMOST or "most" in words & _MOST:
        return _instance(context, k, outcome)
    sentence = context.annotation.sentences[outcome.sentence]
    at, until = outcome.start_char - sentence.start_char, context.starts[context.places[k].token]
    if "," not in sentence.text[: max(0, at)]:
        return None
    for match in _ASIDE.finditer(sentence.text, 0, max(0, until - sentence.start_char)):
        start, end = match.span("aside")
        if start <= at < end:
            last = match.end("subject") + sentence.start_char
            return _longest(p for p in _here(context, outcome) if abs(p.end_char - last) <= 1)
    return None


def _instance(context: Context, k: int, kind: Phrase) -> Phrase | None:
    """Return what is said to be the commonest of its kind: the subject before "was", or the name before the number."""
    lower = context.lower
    if lower[kind.last : kind.last + 1] and lower[kind.last] in _BE:
        near = context.places[k].anchor
        return _longest(
            p
            for p in _here(context, kind)
            if kind.last < p.first and p.last <= near and near - p.last <= 2
        )
    verb = kind.first - 1 - (lower[kind.first - 1] in ("the", "a", "most"))
    verb -= lower[verb] == "the"
    if kind.first and lower[verb] in _BE:
        return _longest(
            p for p in _here(context, kind) if p.last == verb and verb - p.first <= _REACH
        )
    return None


def _here(context: Context, phrase: Phrase) -> Iterable[Phrase]:
    return context.by_sentence.get(phrase.sentence, ())


def _longest(found: Iterable[Phrase]) -> Phrase | None:
    return max(found, key=lambda p: (p.last - p.first, max(p.scores)), default=None)
