"""Effects told in words: from the claims of a document's sentences to its effects.

A claim becomes an effect of its own where no number of its sentence says the same of the same
outcome; a p value printed without an effect takes its direction from the claim beside it. Who was
compared is taken from the links of the sentence, else from what the document compares most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg.assembly.context import Context
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, stems
from kg.assembly.phrase import Phrase
from kg.assembly.scores import LinkScores
from kg.assembly.told_claims import Claim, find_claims
from kg.assembly.told_pair import told_pair
from kg.assembly.told_words import CLASS_OF
from kg.assembly.words import CONTROL_WORDS, GROUP_WORDS
from kg.measures import GROUP_MEASURES
from kg.numbers.statistic import ALPHA, Statistic

#: Likeness of two outcomes' names from which they are one.
SAME = 0.5
ALIKE = 0.9  # likeness from which two phrases are one
ARM_FLOOR = 0.4  # least score of a phrase that names an arm
#: Certainty of a claim's direction from which it goes before the one read of a p value.
SURE = 0.6
CERTAIN = 0.75  # the same, for a number
OFTEN = 3  # effects that must name a phrase as an arm for it to be one throughout
OUTCOME_TAGGED = 0.6  # tagger's score from which a phrase is an outcome whatever is compared
BESIDE_NUMBERS = (
    0.6  # least probability of a claim in a sentence that states other effects in numbers
)
#: Measures of one group: the words of the sentence tell how the groups differ, not which group this is.

NEAR = 60  # characters after a value in which its "NS" may stand
_NOT_SIGNIFICANT = re.compile(r"[^.;]{0,40}?\bp?\s*[=:]?\s*\(?(?:NS|N\.S\.|ns)\b")

#: Classes of the words of which one tells that no difference was found.
_DENYING = frozenset(["same", "differ", "not", "only", "significant"])
#: Classes of the words that tell a direction, and of those that tell a finding beside them.
_WAYS = frozenset({"rise", "higher", "fall", "lower", "improve", "worsen", "effect"})
_FOUND = frozenset({"significant", "association", "differ", "versus", "shown"})
#: What makes of a direction a trend, and what follows it.
_TREND_NOUNS = frozenset("trend trends tendency".split())
_TENDS = _TREND_NOUNS | frozenset("tended tend tends".split())
_TOWARDS = frozenset("to toward towards for".split())

_CRITERION_REACH = 6  # tokens from a percentage to what has to change by it
_CHANGES = frozenset({"rise", "fall", "improve", "worsen", "effect"})

Contrast = Literal["between_groups", "before_after", "association", "single_arm"]


@dataclass(frozen=True, slots=True)
class Arms:
    """Who is compared with whom."""

    intervention: Phrase | None = None
    comparator: Phrase | None = None


def tell(
    context: Context, effects: Sequence[EffectReading], scores: LinkScores | None = None
) -> list[EffectReading]:
    """Return a document's effects with those told in words, in text order.

    `effects` may hold results without value and p value: places that hint at a finding. They only
    lend their links; the claims of their sentence take their place.
    """
    by_sentence: dict[int, list[EffectReading]] = {}
    for effect in effects:
        by_sentence.setdefault(effect.sentence[0], []).append(effect)
    main = main_arms(effects)
    named = often_compared(effects)
    told: dict[int, list[EffectReading]] = {}
    claims: dict[int, list[Claim]] = {}
    for claim in find_claims(context, scores=scores):
        start = context.annotation.sentences[claim.scene.sentence].start_char
        claims.setdefault(start, []).append(claim)
        beside = by_sentence.get(start, [])
        if (
            _is_said(context, claim)
            and _adds(claim, beside)
            and not (_is_arm(claim.phrase, named) or _is_of_criterion(context, claim.phrase))
        ):
            told.setdefault(start, []).append(_effect(context, claim, beside, main))
    kept = [e for e in effects if not is_hint(e)]
    sure = [by_chance(context, _with_direction(e, claims.get(e.sentence[0], ()))) for e in kept]
    return _in_order(sure, told)


def is_hint(effect: EffectReading) -> bool:
    """Tell whether an effect states nothing but a place: no value, no p value, no other figure."""
    s = effect.statistic
    return (
        effect.measure == "direction_only"
        and s.value is None
        and s.p_value is None
        and s.measure is None
        and s.ci_low is None
        and s.statistic is None
    )


def _in_order(
    effects: Sequence[EffectReading], told: dict[int, list[EffectReading]]
) -> list[EffectReading]:
    """Put what is told of a sentence before its numbers: it says what they come to."""
    merged: list[EffectReading] = []
    left = dict(sorted(told.items()))
    for effect in effects:
        for start in [s for s in left if s <= effect.sentence[0]]:
            merged += left.pop(start)
        merged.append(effect)
    for rest in left.values():
        merged += rest
    return merged


def main_arms(effects: Sequence[EffectReading]) -> Arms:
    """Return the pair that most of the effects compare, else the intervention that most name."""
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    phrases: dict[str, Phrase] = {}
    for effect in effects:
        one, other = effect.intervention, effect.comparator
        if one is None:
            continue
        phrases.setdefault(one.label, one)
        single[one.label] += 1
        if other is not None:
            phrases.setdefault(other.label, other)
            pairs[one.label, other.label] += 1
    if pairs:
        (one_label, other_label), _ = pairs.most_common(1)[0]
        return Arms(phrases[one_label], phrases[other_label])
    if single:
        return Arms(phrases[single.most_common(1)[0][0]])
    return Arms()


def often_compared(effects: Sequence[EffectReading]) -> frozenset[str]:
    """Return what many effects name as intervention or comparator and few as outcome."""
    votes: Counter[str] = Counter()
    for effect in effects:
        votes.update(p.label for p in (effect.intervention, effect.comparator) if p is not None)
        if effect.outcome_label:
            votes[effect.outcome_label] -= 1
    return frozenset(label for label, count in votes.items() if count >= OFTEN)


def _is_arm(phrase: Phrase, named: frozenset[str]) -> bool:
    """Tell whether a phrase names what the document compares rather than what it measures."""
    own = stems(phrase.label)
    return phrase.score("outcome") < OUTCOME_TAGGED and any(own <= stems(label) for label in named)


def _is_said(context: Context, claim: Claim) -> bool:
    """Tell whether a sentence has a word for what is claimed of it: a difference not found, or one found.

    The loss of "weight-loss" is a part of a name.
    """
    places = claim.scene.places
    if claim.direction == "no_difference":
        return not _DENYING.isdisjoint(places)
    ways = [t for way in _WAYS & places.keys() for t in places[way]]
    named = all(t and context.lower[t - 1] == "-" for t in ways)
    return not ways or not named or not _FOUND.isdisjoint(places)


def _adds(claim: Claim, beside: Sequence[EffectReading]) -> bool:
    """Tell whether a claim says more than the numbers and p values of its sentence do."""
    stated = [e for e in beside if not is_hint(e)]
    alike = [
        e for e in stated
        if e.outcome_label and likeness(e.outcome_label, claim.phrase.label) >= SAME
    ]  # fmt: skip
    if any(e.direction == claim.direction or not _is_single(e) for e in alike):
        return False
    if alike:
        return claim.certainty >= CERTAIN
    numbers = any(e.statistic.value is not None for e in stated)
    return not numbers or claim.finding >= BESIDE_NUMBERS


def _is_of_criterion(context: Context, phrase: Phrase) -> bool:
    """Tell whether a percentage that is no result says how much of it counts: "a ≥50% reduction in seizures"."""
    for t in range(phrase.first - 1, max(0, phrase.first - 1 - _CRITERION_REACH), -1):
        word = context.lower[t]
        if word == "%":
            told = range(t + 1, phrase.first)
            changes = any(CLASS_OF.get(context.lower[n]) in _CHANGES for n in told)
            read = context.in_number[t] or context.in_number[t - 1]
            return changes and not read and context.lower[t - 1][:1].isdigit()
        if not word.isalpha():
            return False
    return False


def by_chance(context: Context, effect: EffectReading) -> EffectReading:
    """Return the value of a group as no different where it has no direction and "NS" or a large p follows."""
    s = effect.statistic
    if not _is_single(effect) or effect.direction != "unclear":
        return effect
    ps = [
        (other.p_operator, other.p_value) for other in context.statistics
        if other.p_value is not None and (other is s or other.group == s.group is not None)
    ]  # fmt: skip
    large = bool(ps) and all(
        p is not None and p >= ALPHA and operator not in ("<", "<=") for operator, p in ps
    )
    after = context.reading.view.text[s.end_char : min(s.end_char + NEAR, effect.sentence[1])]
    if large or (not ps and _NOT_SIGNIFICANT.match(after)):
        return replace(effect, direction="no_difference", significant=False)
    return effect


def _is_single(effect: EffectReading) -> bool:
    """Tell whether an effect is the value of one group."""
    return effect.statistic.value is not None and effect.measure in GROUP_MEASURES


def _with_direction(effect: EffectReading, claims: Sequence[Claim]) -> EffectReading:
    """Return an effect with the direction told of its outcome, where the words go before the number.

    They do for p values and for what compares two groups or times, not for the value of one group.
    """
    sure_itself = effect.statistic.ci_low is not None or effect.statistic.p_value is not None
    if _is_single(effect) or not effect.outcome_label:
        return effect
    if effect.statistic.value is not None and sure_itself:
        return effect
    alike = [c for c in claims if likeness(effect.outcome_label, c.phrase.label) >= SAME]
    best = max(
        alike,
        key=lambda c: (likeness(effect.outcome_label or "", c.phrase.label), c.certainty),
        default=None,
    )
    floor = SURE if effect.statistic.value is None else CERTAIN
    if best is None or best.certainty < floor or best.direction == effect.direction:
        return effect
    return replace(effect, direction=best.direction)


def _effect(
    context: Context, claim: Claim, beside: Sequence[EffectReading], main: Arms
) -> EffectReading:
    sentence = context.annotation.sentences[claim.scene.sentence]
    phrase = claim.phrase
    arms = _arms(context, claim, beside, main)
    return EffectReading(
        statistic=_statistic(context, claim),
        measure="direction_only",
        direction="no_difference" if _is_trend(context, claim) else claim.direction,
        sentence=(sentence.start_char, sentence.end_char),
        block=sentence.block,
        outcome_label=phrase.label,
        outcome_place=(phrase.start_char, phrase.end_char),
        intervention=arms.intervention,
        comparator=arms.comparator,
        contrast=_contrast(claim, arms),
        significant=_significant(claim),
        reported_as="background" if claim.scene.zone == "background" else "result",
        confidence=(claim.finding * claim.certainty) ** 0.5,
    )


def _is_trend(context: Context, claim: Claim) -> bool:
    """Tell whether a claim is of a mere trend, which is a difference that was not shown.

    "Sleep tended to improve", "a trend towards less pain", "a trend was seen for less pain"; not "a
    trend of rising rates".
    """
    scene, phrase = claim.scene, claim.phrase
    ends = [scene.first, *(end for end in scene.clause_ends if end < phrase.first)]
    start = ends[-1]
    end = next((end for end in scene.clause_ends if end >= phrase.last), scene.last)
    lower = context.lower
    for t in range(start, end - 1):
        if lower[t] not in _TENDS or lower[t - 1] in ("same", "similar"):
            continue
        seen = 2 if lower[t] in _TREND_NOUNS and lower[t + 1] in ("was", "were") else 0
        if not _TOWARDS.isdisjoint(lower[t + 1 + seen : t + 2 + seen]):
            subject = lower[t] not in _TREND_NOUNS and phrase.last <= t
            if subject or t < phrase.first:
                return True
    return False


def _statistic(context: Context, claim: Claim) -> Statistic:
    """Return the place of the claim: its outcome, with the word that carries the finding if it is near."""
    first, last = claim.phrase.first, claim.phrase.last
    tokens = context.annotation.tokens
    return Statistic(start_char=tokens[first].start_char, end_char=tokens[last - 1].end_char)


def _arms(context: Context, claim: Claim, beside: Sequence[EffectReading], main: Arms) -> Arms:
    """Return who is compared: as the sentence's grammar says, its nearest linked place, or the document."""
    said = _said(context, claim)
    at = claim.phrase.start_char
    linked = [
        e for e in beside
        if e.intervention is not None and likeness(e.intervention.label, claim.phrase.label) < ALIKE
    ]  # fmt: skip
    nearest = min(
        linked, key=lambda e: (e.comparator is None, abs(e.statistic.start_char - at)), default=None
    )
    one, other = said.intervention, said.comparator
    if one is None and nearest is not None:
        one, other = nearest.intervention, other or nearest.comparator
        if other is not None and one is not None and _stands_second(context, one, claim):
            one, other = (other, one) if not _stands_second(context, other, claim) else (one, other)
    if one is None:
        one, other = main.intervention, other or main.comparator
    if one is None:
        tested, against = told_pair(context)
        one, other = _named_in(context, claim) or tested, other or against
    if (
        other is None and one is not None and main.comparator is not None
        and claim.scene.places.keys() & {"versus", "between"}
        and likeness(main.comparator.label, one.label) < SAME
    ):  # fmt: skip
        other = main.comparator
    if one is not None and other is not None and likeness(one.label, other.label) >= ALIKE:
        other = None
    return Arms(one, other)


def _said(context: Context, claim: Claim) -> Arms:
    """Return the arms that the sentence puts side by side: "lower in A than in B"."""
    found: dict[str, Phrase] = {}
    for phrase in context.by_sentence.get(claim.scene.sentence, ()):
        side = context.comparison_zone(phrase)
        if side not in ("first", "second") or likeness(phrase.label, claim.phrase.label) >= SAME:
            continue
        if _arm_score(phrase) < ARM_FLOOR:
            continue
        kept = found.get(side)
        if kept is None or _arm_score(phrase) > _arm_score(kept):
            found[side] = phrase
    return Arms(found.get("first"), found.get("second"))


def _named_in(context: Context, claim: Claim) -> Phrase | None:
    """Return what the sentence names as given, of no control if it can be: "A did not affect pain"."""
    found = [
        p for p in context.by_sentence.get(claim.scene.sentence, ())
        if _arm_score(p) >= ARM_FLOOR and likeness(p.label, claim.phrase.label) < SAME
        and context.comparison_zone(p) != "second"
    ]  # fmt: skip
    return max(
        found, key=lambda p: (CONTROL_WORDS.isdisjoint(p.raw.lower().split()), _arm_score(p), -p.first),
        default=None,
    )  # fmt: skip


def _arm_score(phrase: Phrase) -> float:
    """Return how surely a phrase names an arm: its tag, or that it ends in "group"."""
    named = phrase.raw.lower().rpartition(" ")[2] in GROUP_WORDS and " " in phrase.raw
    return max(phrase.score("intervention"), phrase.score("comparator"), 0.5 if named else 0.0)


def _stands_second(context: Context, phrase: Phrase, claim: Claim) -> bool:
    """Tell whether a phrase is what the sentence compares with: B of "lower in A than in B"."""
    return (
        phrase.sentence == claim.scene.sentence and context.comparison_zone(phrase) == "second"
        and not claim.scene.places.get("between")
    )  # fmt: skip


def _contrast(claim: Claim, arms: Arms) -> Contrast:
    places = claim.scene.places
    if "versus" in places or "between" in places:
        return "between_groups"
    if "baseline" in places:
        return "before_after"
    if "association" in places:
        return "association"
    return "between_groups" if arms.comparator is not None else "before_after"


def _significant(claim: Claim) -> bool | None:
    """Return whether the sentence calls the finding significant, ``None`` where it does not say."""
    if "significant" not in claim.scene.places:
        return None
    return claim.direction != "no_difference"
