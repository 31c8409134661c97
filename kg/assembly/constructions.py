"""Sentence frames whose grammar says outright what a number is about.

"Serum ferritin was lower in A than in B (MD …)" leaves nothing to rank: the subject is the outcome,
A the intervention (arm, exposure), B the comparator. Each frame is a pattern over the text before a
number, with slots; a slot is filled by the noun phrase that fits it best. Where a frame fits, it
goes before the learned ranking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.assembly.context import Context
from kg.assembly.features import group_size, null_value
from kg.assembly.phrase import Phrase
from kg.assembly.side_words import WHO_GOT
from kg.assembly.words import (
    GENERIC_WORDS,
    GROUP_WORDS,
    QUANTITY_WORDS,
    STATISTIC_WORDS,
    TIME_WORDS,
)
from kg.numbers.statistic import Statistic
from kg.records import Direction

_UP = r"higher|greater|more|longer|larger|elevated|increased|raised|improved|better"
_DOWN = r"lower|less|fewer|shorter|smaller|reduced|decreased|diminished|worse"
_COMPARING = frozenset(f"{_UP}|{_DOWN}".split("|"))
_COMPARATIVE = rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))"
_OFTEN = (
    r"(?:\s+(?:common|frequent|prevalent|likely|severe|often|commonly|frequently|rapidly|quickly))?"
)
_ADVERB = r"(?:(?:also|both|not|even|still|much|[\w-]+ly)\s+){0,3}"
_BE = r"(?:was|were|is|are|has been|have been)"
_THAN = r"(?:than|compared (?:with|to)|as compared (?:with|to)|vs\.?|versus|relative to)"
_IN = r"(?:in|among|for|with|on|of)"
_HAVE = r"(?:exhibited|had|have|has|showed|show|shows|demonstrated|experienced|presented(?: with)?)"
_RISK = r"(?:(?:risk|odds|hazard|incidence|rate|rates|likelihood|prevalence|chance|occurrence)\s+(?:of|for)\s+)"
_FACTOR = (
    r"(?:(?:independent|significant|important|strong|major|only|additional|potential)\s+){0,3}"
    r"(?:(?P<up>risk)|(?P<down>protective)|(?P<tells>(?:prognostic|predictive)\s+(?=factor)|(?=predictor|determinant)))\s*"
    r"(?:factors?|predictors?|determinants?)"
)
_REACH = 1000  # characters before a number; a frame ends there, and none is longer
_SLOT = r"[^.;:()\[\]]{2,110}?"
_OUTCOME, _INTERVENTION, _COMPARATOR = (rf"(?P<{name}>{_SLOT})" for name in ("o", "i", "c"))
_THOSE = r"(?:(?:in|among)\s+)?(?:(?:those|that|patients|participants|subjects|individuals|women|men|children|people)\s+)?(?:(?:in|with|of|on|among|for|who \w+|receiving|taking|given|administered|treated with|assigned to|randomi[sz]ed to)\s+)?"
_END = r"[\s,(\[=:]*$"


class _Pattern(NamedTuple):
    """The pattern of a frame, and what stands behind its first slot: few texts have that at all.

    A match holds one of the `cues`, letters in lower case; without any a word of comparison (:data:`_COMPARING`).
    """

    behind: re.Pattern[str]
    whole: re.Pattern[str]
    cues: tuple[str, ...]

    @classmethod
    def of(cls, slot: str, behind: str, *cues: str) -> _Pattern:
        """Return the pattern of a slot and what stands behind it."""
        whole = re.compile(slot + behind, re.IGNORECASE)
        return cls(re.compile(behind, re.IGNORECASE), whole, cues)

    def search(self, text: str, lower: str, comparing: bool) -> re.Match[str] | None:
        """Return the first match of the whole; a slot is tried only where the rest occurs."""
        if not (any([cue in lower for cue in self.cues]) if self.cues else comparing):
            return None
        start = max(0, len(text) - _REACH)
        return self.whole.search(text, start) if self.behind.search(text, start) else None


_LINKED = rf"\s+{_BE}\s+{_ADVERB}(?:associated|correlated|related|linked)\s+{_ADVERB}(?:with|to)\s+(?:an? |the )?{_ADVERB}"

#: The frames, the more telling ones first: the slot that each begins with, and what stands behind it.
FRAMES: tuple[_Pattern, ...] = tuple(
    _Pattern.of(slot, behind, *cues)
    for slot, behind, *cues in (
        # outcome was lower in A than in B
        (_OUTCOME, rf"\s+{_BE}\s+{_ADVERB}{_COMPARATIVE}{_OFTEN}\s+{_IN}\s+{_INTERVENTION}\s+{_THAN}\s+{_THOSE}{_COMPARATOR}{_END}"),
        # outcome occurred less often in A than in B
        (_OUTCOME, rf"\s+(?:{_BE}\s+\w+|occurred|developed|appeared|arose|happened|recurred)\s+{_ADVERB}{_COMPARATIVE}{_OFTEN}\s+{_IN}\s+"
                   rf"{_INTERVENTION}\s+{_THAN}\s+{_THOSE}{_COMPARATOR}{_END}"),
        # A had lower outcome than B
        (_INTERVENTION, rf"\s+{_HAVE}\s+{_ADVERB}(?:an? )?{_ADVERB}{_COMPARATIVE}\s+{_OUTCOME}\s+{_THAN}\s+{_THOSE}{_COMPARATOR}{_END}"),
        # A had lower outcome
        (_INTERVENTION, rf"\s+{_HAVE}\s+{_ADVERB}(?:an? )?{_ADVERB}{_COMPARATIVE}\s+{_OUTCOME}{_END}"),
        # no differences between A and B on outcome
        ("", rf"(?P<same>\bno)\s+(?:\w+\s+){{0,2}}differences?\s+(?:{_BE}\s+)?(?:\w+\s+)?between\s+{_INTERVENTION}\s+and\s+{_COMPARATOR}"
             rf"\s+(?:in|on|for|regarding|with respect to|concerning)\s+{_OUTCOME}{_END}", "difference"),
        # A was associated with a lower risk of outcome
        (_INTERVENTION, rf"{_LINKED}{_COMPARATIVE}\s+{_RISK}{_OUTCOME}{_END}"),
        # A was associated with fewer outcomes
        (_INTERVENTION, rf"{_LINKED}{_COMPARATIVE}\s+{_OUTCOME}{_END}"),
        # A was an independent risk factor for outcome
        (_INTERVENTION, rf"\s+(?:{_BE}|remained|emerged as|proved(?: to be)?)\s+{_ADVERB}(?:an?|the|the only)?\s*(?:\w+ly )?{_FACTOR}\s+"
                        rf"(?:of|for)\s+(?:an? |the )?(?:developing )?{_OUTCOME}{_END}", "factor", "predictor", "determinant"),
        # no association between A and outcome
        ("", rf"(?P<same>\bno)\s+(?:\w+\s+){{0,2}}(?:associations?|correlations?|relationships?|links?)\s+(?:{_BE}\s+\w+\s+)?between\s+"
             rf"{_INTERVENTION}\s+and\s+{_OUTCOME}{_END}", "association", "correlation", "relationship", "link"),
        # the area under the curve of A for predicting outcome was
        ("", rf"\b(?:AUC|AUROC|area under the (?:\w+ ){{0,3}}curve|c[- ]?(?:statistic|index))(?:\s*\([^()]{{1,20}}\))?\s+(?:of|for)\s+"
             rf"{_INTERVENTION}\s+(?:for|in|to)\s+(?:the\s+)?(?P<tells>predict|detect|diagnos|identify|discriminat)\w*\s+(?:of\s+)?"
             rf"{_OUTCOME}(?:\s+{_BE})?{_END}", "auc", "auroc", "curve", "statistic", "index"),
        # A was more effective than B in reducing outcome
        (_INTERVENTION, rf"\s+{_BE}\s+{_ADVERB}(?P<tells>(?:more|less|as)\s+(?:effective|efficacious|successful)|superior|inferior|non-?inferior|better|worse)"
                        rf"\s+(?:than|to|as)\s+{_COMPARATOR}\s+(?:in(?: terms of)?|for|at|with (?:regard|respect) to|regarding)\s+(?:the\s+)?"
                        rf"(?:(?:controll|reduc|improv|prevent|reliev|lower|increas|achiev|decreas|induc|maintain|rais)ing\s+)?{_OUTCOME}{_END}",
                        "effective", "efficacious", "successful", "erior", "better", "worse"),
        # outcome was decreased after A
        (_OUTCOME, rf"\s+{_BE}\s+{_ADVERB}{_COMPARATIVE}\s+(?:after|by|following|under)\s+{_INTERVENTION}{_END}"),
    )
)  # fmt: skip

_REDUCES = _Pattern.of(
    _INTERVENTION,
    rf"\s+(?:\([^()]{{1,60}}\)\s+)?{_ADVERB}(?:(?P<down>reduces?|reduced|decreases?|decreased|lowers?|lowered|cuts?)|(?P<up>increases?|increased|raises?|raised))"
    rf"(?!\s+(?:in|among|for|with|than|on|at|by|after)\b)\s+(?:the\s+)?{_OUTCOME}(?:\s+by)?{_END}",
    "reduc", "decreas", "lower", "cut", "increas", "rais",
)  # fmt: skip
#: What stands before the name of what was given: "women who received A", "the addition of A to B".
_LEAD = re.compile(
    rf"\s*(?:{WHO_GOT.pattern}|(?:the\s+)?(?:addition\s+of|adding)\s+(?P<added>[^,]{{2,60}}?)(?=\s+to\s))",
    re.IGNORECASE,
)
#: A sentence that goes on behind what is compared with: "than in B, and were associated with".
_GOES_ON = re.compile(
    r",\s+(?:and|but|while|whereas|which|with)\b|\b(?:were|was|had|did)\b", re.IGNORECASE
)
#: What says when, behind the name of a group.
_WHEN = re.compile(
    r"\s(?:during|at|after|over|within|throughout|following|before)\s", re.IGNORECASE
)
_PAIRS = ("vs", "respectively")
#: "twelve women (13%) developed gestational diabetes": what happened follows the number.
_HAPPENED = re.compile(
    r"^[\s)\],%]*(?:of (?:the )?[\w -]{3,40}? )?(?:developed|experienced|suffered(?: from)?|reported|achieved|presented with|"
    r"required|underwent|died (?:of|from))\s+(?:an? |the )?(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame says; a slot whose words hold no phrase is ``None``."""

    outcome: Phrase | None
    intervention: Phrase | None
    comparator: Phrase | None
    direction: Direction


def read_frame(context: Context, k: int) -> Frame | None:
    """Return what the words before the `k`-th number say by their grammar, ``None`` if no frame fits."""
    place = context.places[k]
    statistic = context.statistics[k]
    if group_size(context, k) > 2:
        return None
    sentence = context.annotation.sentences[place.sentence]
    at = context.places[_first_of_pair(context, k)].anchor
    before = sentence.text[: context.starts[at] - sentence.start_char]
    whole = context.token_at(statistic.start_char)
    if any(
        place.anchor < p.first and p.last <= whole
        for p in context.by_sentence.get(place.sentence, ())
    ):
        return None  # "(physical functioning: 84.0 …": the bracket itself names what it measures
    frames = FRAMES
    if null_value(statistic) is not None:
        frames = (*FRAMES, _REDUCES)
    lower = before.lower()
    comparing = not _COMPARING.isdisjoint(lower.split())
    for frame in frames:
        match = frame.search(before, lower, comparing)
        if match is None:
            continue
        slots = match.groupdict()
        if slots.get("c") and _GOES_ON.search(slots["c"]):
            continue
        outcome = _fill(
            context,
            place.sentence,
            sentence.start_char,
            match,
            "o",
            "end" if match.start("o") < match.start("i") else "all",
        )
        intervention = _fill(
            context,
            place.sentence,
            sentence.start_char,
            match,
            "i",
            "end" if match.start("i") < match.start("o") else "all",
        )
        comparator = (
            _fill(context, place.sentence, sentence.start_char, match, "c", "all")
            if slots.get("c")
            else None
        )
        if outcome is None or intervention is None:
            continue
        negated = (
            re.search(r"\b(?:not|no|neither)\b", before[match.start("o") :], re.IGNORECASE)
            is not None
        )
        direction: Direction = "increase" if slots.get("up") else "decrease"
        if slots.get("tells") is not None:
            direction = _as_told(statistic)
        if slots.get("same") or negated:
            direction = "no_difference"
        return Frame(outcome, intervention, comparator, direction)
    return None


def _first_of_pair(context: Context, k: int) -> int:
    """Return the number before the `k`-th where the two are a pair: "lower in A than in B, 12 vs. 15"."""
    one, other = context.statistics[k - 1], context.statistics[k]
    paired = k > 0 and other.position == 1 and other.group is not None and one.group == other.group
    if (
        paired
        and other.pairing in _PAIRS
        and context.places[k - 1].sentence == context.places[k].sentence
    ):
        return k - 1
    return k


def _as_told(statistic: Statistic) -> Direction:
    """Return the direction of a predictor's estimate: "predictor" says none."""
    null = null_value(statistic)
    if null is None or statistic.value is None:
        return "unclear"
    return "increase" if statistic.value > null else "decrease"


def read_happening(context: Context, k: int) -> Phrase | None:
    """Return the outcome that a verb right after the `k`-th number names, ``None`` if none does."""
    place = context.places[k]
    statistic = context.statistics[k]
    if statistic.measure not in ("percent", "count", None):
        return None
    sentence = context.annotation.sentences[place.sentence]
    after = sentence.text[statistic.end_char - sentence.start_char :]
    match = _HAPPENED.match(after)
    if match is None:
        return None
    first = context.token_at(statistic.end_char + match.end())
    found = [
        p
        for p in context.by_sentence.get(place.sentence, ())
        if p.first == first and p.last - p.first <= 7
    ]
    return max(found, key=lambda p: (max(p.scores), p.last), default=None)


def read_named_value(context: Context, k: int) -> Phrase | None:
    """Return the group that stands right before an arm's value as its name: "CTL = 10.2"."""
    place = context.places[k]
    if context.lower[place.token - 1 : place.token] != ["="]:
        return None
    for phrase in context.by_sentence.get(place.sentence, ()):
        words = set(phrase.raw.lower().split())
        if phrase.last == place.token - 1 and not words & (
            QUANTITY_WORDS | STATISTIC_WORDS | TIME_WORDS
        ):
            return phrase
    return None


def _fill(
    context: Context,
    sentence: int,
    offset: int,
    match: re.Match[str],
    slot: str,
    side: Literal["end", "all"],
) -> Phrase | None:
    """Return the phrase that fills a slot: the one that ends with it, or covers the most of it."""
    lead = None if slot == "o" else _LEAD.match(match.string, *match.span(slot))
    start, end = (
        (match.start(slot) if lead is None else lead.end()) + offset,
        match.end(slot) + offset,
    )
    if lead is not None and (added := lead["added"]) is not None:
        start, end = lead.start("added") + offset, lead.start("added") + len(added) + offset
    when = None if slot == "o" else _WHEN.search(match.string, start - offset, end - offset)
    if when is not None:
        end = when.start() + offset
    inside = [
        p for p in context.by_sentence.get(sentence, ())
        if start - 1 <= p.start_char and p.end_char <= end + 1 and p.last - p.first <= 9
    ]  # fmt: skip
    if side == "end":
        inside = [p for p in inside if end - p.end_char <= 2]
    if not inside:
        return None
    return max(
        inside,
        key=lambda p: (
            not _says_only_who(p),
            p.end_char - p.start_char,
            max(p.scores),
            -p.start_char,
        ),
    )


def _says_only_who(phrase: Phrase) -> bool:
    """Tell whether a phrase is "participants" or "the treatment group" and no more."""
    return set(phrase.raw.lower().split()) <= GROUP_WORDS | GENERIC_WORDS
