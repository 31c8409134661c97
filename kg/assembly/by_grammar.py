"""What the grammar of a sentence says of a number beside its learned links: lists, counts, told directions.

Each function answers ``None`` where the words do not decide; the ranking of :mod:`kg.assembly.link` then does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.assembly.constructions import read_named_value
from kg.assembly.context import Context
from kg.assembly.features import group_size, null_value
from kg.assembly.labels import names_people
from kg.assembly.phrase import Phrase
from kg.assembly.words import (
    CONTROL_WORDS,
    DECREASE_CUES,
    GENERIC_WORDS,
    GROUP_WORDS,
    INCREASE_CUES,
    QUANTITY_WORDS,
)
from kg.records import RATIO_MEASURES, Direction

if TYPE_CHECKING:
    from kg.assembly.link import Link

_COMPARING = INCREASE_CUES | DECREASE_CUES
#: Nouns for a change, which name what changed when they follow it.
_CHANGES = frozenset(
    "reduction decrease decline drop fall increase rise improvement gain loss".split()
)
_BARE = _COMPARING | frozenset(
    "relative absolute significant further additional mean overall average".split()
)
_SCORES = frozenset("score scores points".split())
_LATER = frozenset(
    "during after following post posttreatment post-treatment follow-up followup end".split()
)
_PREVENTED = frozenset(
    "prevent prevents prevented preventing avoid avoided avert averted save saved".split()
)
RESULT_NOUNS = frozenset(
    "significant significantly association associations difference differences differ differed effect effects"
    " benefit change changes evidence associated influence impact improvement reduction increase".split()
)


def counted(context: Context, k: int) -> Phrase | None:
    """Return what a count counts, or a percentage changed by, where the words for it follow the digits.

    "1150 sudden deaths", "14% hip fracture reduction".
    """
    statistic, place = context.statistics[k], context.places[k]
    if statistic.value_end is None:
        return None
    after = context.token_at(statistic.value_end)
    if statistic.measure != "count":
        return _changed(context, place.sentence, after) if statistic.unit == "%" else None
    found = [
        p
        for p in context.by_sentence.get(place.sentence, ())
        if p.first == after and p.last - p.first <= 5
    ]
    named = [
        p for p in found if set(p.raw.lower().split()) - GROUP_WORDS and not names_people(p.raw)
    ]
    return max(named, key=lambda p: (max(p.scores), -(p.last - p.first)), default=None)


_RESTATED_WITHIN = 12  # tokens between a count and the bracket that says it again


def restated(context: Context, k: int) -> bool:
    """Tell whether a bracket says a count again, with more: "two cases under zinc (2/148, 1.4%)"."""
    own, place = context.statistics[k], context.places[k]
    if own.unit or own.value is None or own.events is not None or place.depth:
        return False
    if k + 1 == len(context.statistics):
        return False
    following, there = context.statistics[k + 1], context.places[k + 1]
    near = there.sentence == place.sentence and there.anchor - place.end <= _RESTATED_WITHIN
    return near and there.depth > 0 and following.events == own.value


def _changed(context: Context, sentence: int, after: int) -> Phrase | None:
    """Return the phrase from a token on that ends in the word for its change, and names more."""
    if after < len(context.lower) and context.lower[after] == "%":
        after += 1
    for phrase in context.by_sentence.get(sentence, ()):
        words = context.lower[phrase.first : phrase.last]
        if phrase.first == after and words[-1] in _CHANGES and not set(words[:-1]) <= _BARE:
            return phrase
    return None


def whole_quantity(context: Context, outcome: Phrase) -> Phrase:
    """Return "number of attacks" where "attacks" was chosen: the quantity belongs to the name."""
    for phrase in context.by_sentence.get(outcome.sentence, ()):
        if (
            phrase.last == outcome.last and phrase.first < outcome.first and phrase.last - phrase.first <= 7
            and context.lower[phrase.first] in QUANTITY_WORDS and context.lower[phrase.first + 1] == "of"
        ):  # fmt: skip
            return phrase
    return outcome


def whole_score(context: Context, outcome: Phrase) -> Phrase:
    """Return "cognitive scores on the 3MS" where "cognitive scores" was chosen: the scale tells which."""
    lower = context.lower
    if lower[outcome.last - 1] not in _SCORES or lower[outcome.last : outcome.last + 1] != ["on"]:
        return outcome
    start = outcome.last + 1 + (lower[outcome.last + 1 : outcome.last + 2] == ["the"])
    scales = [p for p in context.by_sentence.get(outcome.sentence, ()) if p.first == start]
    if not scales:
        return outcome
    scale = max(scales, key=lambda p: (max(p.scores), p.first - p.last))
    between = context.reading.view.text[outcome.end_char : scale.start_char]
    return replace(
        outcome, end_char=scale.end_char, last=scale.last,
        label=outcome.label + between + scale.label, raw=outcome.raw + between + scale.raw,
    )  # fmt: skip


def whole_name(context: Context, named: Phrase | None) -> Phrase | None:
    """Return "ferritin" in "lower ferritin" where "lower" alone was chosen: it names nothing."""
    if named is None or not _COMPARING.issuperset(named.raw.lower().split()):
        return named
    meant = [
        p
        for p in context.by_sentence.get(named.sentence, ())
        if p.first in (named.first, named.last) and p.last > named.last
    ]
    return min(meant, key=lambda p: p.last, default=named)


def respective(context: Context, k: int, links: Mapping[int, Link]) -> Phrase | None:
    """Return the group that a value of a list belongs to by its place: "in groups 1 to 4 … respectively".

    A list of as many values in a later sentence that lists no groups of its own repeats their order.
    """
    statistic, place = context.statistics[k], context.places[k]
    size = group_size(context, k)
    if size < 2:
        return None
    named = read_named_value(context, k)
    if named is not None:
        return named
    for phrase in context.by_sentence.get(place.sentence, ()):
        if (
            phrase.list_id < -1
            and phrase.list_size == size
            and phrase.list_index == statistic.position
        ):
            return phrase
    if size == 2 and statistic.pairing == "vs":
        j = next(
            (j for j in range(k - 1, max(-1, k - 9), -1)
             if j in links and context.places[j].sentence == place.sentence and group_size(context, j) == 2
             and context.statistics[j].group != statistic.group and context.statistics[j].pairing == "vs"
             and context.statistics[j].position == statistic.position),
            None,
        )  # fmt: skip
        return links[j].intervention if j is not None else None
    j = _same_list_before(context, k, links)
    return links[j].intervention if j is not None else None


_NO_NAME = r"(?:and|or|versus|vs|both|each|all|either|compared|than|groups?|arms?|to)"
_IN_GROUP = re.compile(
    rf"[\s)\]]*(?:in|among|for|with)\s+(?:the\s+)?(?P<name>(?:(?!{_NO_NAME}\b)[^\s,;:()]+\s+){{1,6}}?)(?:group|arm)\b",
    re.IGNORECASE,
)


def group_behind(context: Context, k: int) -> Phrase | None:
    """Return the group behind an arm's value: "19.0 in the otitis media group and 28.1 in the control group"."""
    statistic, place = context.statistics[k], context.places[k]
    if null_value(statistic) is not None or statistic.value is None:
        return None
    sentence = context.annotation.sentences[place.sentence]
    match = _IN_GROUP.match(context.reading.view.text, statistic.end_char, sentence.end_char)
    if match is None:
        return None
    names = set(match["name"].lower().split())
    if names <= GROUP_WORDS | GENERIC_WORDS | CONTROL_WORDS or len(match["name"].strip()) < 4:
        return None  # "the intervention group": what it was given is told elsewhere
    return context.phrase_at(match.start("name"), match.end())


def _same_list_before(context: Context, k: int, links: Mapping[int, Link]) -> int | None:
    """Return the value at the same place of an earlier list over the same listed groups."""
    size, statistic = group_size(context, k), context.statistics[k]
    if size < 3:
        return None
    for j in range(k - 1, max(-1, k - 3 * size), -1):
        link = links.get(j)
        if (
            link is not None and link.intervention is not None and link.intervention.list_id < -1
            and group_size(context, j) == size and context.statistics[j].position == statistic.position
        ):  # fmt: skip
            return j
    return None


def since_before(context: Context, k: int, links: Mapping[int, Link]) -> Direction | None:
    """Return how a listed value differs from its group's value before, where a later list repeats it."""
    j = _same_list_before(context, k, links)
    if j is None:
        return None
    now, before = context.statistics[k].value, context.statistics[j].value
    first, last = context.sentence_tokens[context.places[k].sentence]
    if now is None or before is None or not _LATER.intersection(context.lower[first:last]):
        return None
    return "increase" if now > before else "decrease" if now < before else "no_difference"


def told_beside(context: Context, k: int) -> Direction | None:
    """Return the direction of a cue that stands right before a bracketed estimate, if one does.

    "was significantly increased [SMD = …]": the words say which way, whatever the sign of the number.
    """
    place = context.places[k]
    statistic = context.statistics[k]
    if null_value(statistic) is not None and _says_no_difference(context, k):
        return "no_difference"
    if place.depth == 0 or null_value(statistic) is None or place.rank != _first_rank(context, k):
        return None
    first, _ = context.sentence_tokens[place.sentence]
    start = max(first, place.anchor - 2)
    up = context.between("cue_up", start, place.anchor)
    down = context.between("cue_down", start, place.anchor)
    if (up > 0) == (down > 0) or context.between("cue_not", max(first, start - 4), place.anchor):
        return None
    return "increase" if up else "decrease"


def by_measure(context: Context, k: int, measure: str | None) -> Direction | None:
    """Return the direction that a number has by what it is: an event prevented, an interval round the null or clear of it."""
    s, place = context.statistics[k], context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    if measure == "NNT" and _PREVENTED.intersection(context.lower[first:last]):
        return "decrease"
    if measure in ("AUC", "kappa", "R2"):
        return "unclear"
    null = null_value(s)
    if null is None or s.ci_low is None or s.ci_high is None:
        return None
    if s.ci_low < null < s.ci_high:
        return "no_difference"
    if s.measure in RATIO_MEASURES and not s.ci_low <= null <= s.ci_high:
        # of 196 such ratios of annotated readings 195 point where their interval lies
        return "increase" if s.ci_low > null else "decrease"
    return None


def _says_no_difference(context: Context, k: int) -> bool:
    """Tell whether "no significant difference …" governs the number: no other result word comes between."""
    place = context.places[k]
    start, _ = clause(context, k)
    cues = context.counts["cue_not"]
    for t in range(place.anchor - 1, start - 1, -1):
        if cues[t + 1] > cues[t] and RESULT_NOUNS.intersection(context.lower[t + 1 : t + 4]):
            return not any(
                context.between(f"cue_{name}", j, j + 1)
                for j in range(t + 4, place.anchor)
                if not context.in_number[j]  # "risk reduction -0.004" names a measure
                for name in ("up", "down")
            )
    return False


def _first_rank(context: Context, k: int) -> int:
    """Return the rank of the first number in the bracket that holds the `k`-th."""
    place = context.places[k]
    while (
        k > 0
        and context.places[k - 1].sentence == place.sentence
        and context.places[k - 1].anchor == place.anchor
    ):
        k -= 1
    return context.places[k].rank


#: After which a clause begins; after a comma before "there" alone.
_PARTING = frozenset({";", "whereas", "while", "but", "although", ","})


def clause(context: Context, k: int) -> tuple[int, int]:
    """Return the tokens of the clause that holds a number: "despite a rise to 31, there was no difference" has two."""
    place = context.places[k]
    first, last = context.sentence_tokens[place.sentence]
    start, end = min(first, place.anchor), max(last, place.end)
    for t, word in enumerate(context.lower[first:last], first):
        if word not in _PARTING or context.depths[t] > 0:
            continue
        if word != "," or context.lower[t + 1 : t + 2] == ["there"]:
            if t >= place.end:
                return start, t
            if t < place.anchor:
                start = t + 1
    return start, end
