"""Values that a text sets against one another are of different arms: "12.5% vs 12.7%"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.assembly.arms import ArmReading, ArmTable
from kg.assembly.context import Context
from kg.assembly.features import group_size, is_significant
from kg.assembly.labels import identity, likeness
from kg.assembly.link import FRAME_SCORE, Link
from kg.assembly.phrase import Phrase
from kg.assembly.same_names import each_named, of_several_outcomes, same
from kg.assembly.words import CONTROL_WORDS, VERSUS
from kg.measures import GROUP_MEASURES
from kg.records import RATIO_MEASURES, Direction

_BEFORE = frozenset("before baseline pretreatment pre-treatment initially".split())
_AGAINST = frozenset("vs vs. versus against over".split())
_LEAST = 0.02  # the least chance of a direction that is believed
_ALIKE = 0.5  # likeness from which a name of the ranking is that of an arm


def with_arms(context: Context, links: Mapping[int, Link], arms: ArmTable) -> dict[int, Link]:
    """Return the links, those of a list's values with one name for all taken from the arms of the values.

    The ranking decides one value at a time and may give two of one contrast the same name; the
    table of arms places them together. A value of all arms together has the name of none.
    """
    lists: dict[int, list[int]] = defaultdict(list)
    for k in sorted(links):
        statistic = context.statistics[k]
        people = links[k].subgroup
        if people is not None and people.alone and arms.arm_of(k) is None:
            continue  # set against another part of the people, not against an arm
        if statistic.group is not None and statistic.pairing != "from-to":
            lists[statistic.group].append(k)
    lists = {n: members for n, members in lists.items() if not _over_time(context, members)}
    out = {**links, **{k: _of_no_arm(links[k], arms) for k in arms.wholes}}
    controls = [arm for arm in arms.arms if arm.control]
    for members in lists.values():
        own = [arm for k in members if (arm := arms.arm_of(k)) is not None]
        first = arms.arm_of(members[0])
        if (
            _against_unnamed(context, members)
            and len(own) < 2
            and len(controls) == 1
            and first is not controls[0]
        ):
            if not each_named([links[k] for k in members]):
                out[members[1]] = _of_arm(links[members[1]], controls[0], first)
            continue
        if len(members) < 2 or len({id(arm) for arm in own}) < len(members):
            continue
        if each_named([links[k] for k in members]):
            continue
        if of_several_outcomes([links[k] for k in members]):
            continue
        for n, k in enumerate(members):
            out[k] = _of_arm(links[k], own[n], own[1 - n] if len(own) == 2 else None)
    several = {
        k
        for members in lists.values()
        if of_several_outcomes([links[k] for k in members])
        for k in members
    }
    out |= dict(_as_told(context, {k: out[k] for k in out if k not in several}, arms))
    out |= dict(_told_apart(out, arms))
    for k, tested, control in _turned(context, out, arms):
        out[k] = replace(
            out[k],
            intervention=replace(tested.phrase, label=tested.label),
            comparator=replace(control.phrase, label=control.label),
        )
    return out


#: Words by which a sentence sets its values against others.
_COMPARING = VERSUS | frozenset(
    "than compared compare comparing comparison between groups arms both either each respectively relative differ differed"
    " difference differences similar similarly whereas while others".split()
)


def without_uncompared(
    context: Context, links: Mapping[int, Link], arms: ArmTable
) -> dict[int, Link]:
    """Return the links, a group's values that no word and no other value of their sentence compares without comparator."""
    told: dict[int, set[int]] = defaultdict(set)  # sentence → arms of its values
    for k in links:
        arm = arms.arm_of(k)
        if arm is not None:
            told[context.places[k].sentence].add(id(arm))
    out = dict(links)
    for k, link in links.items():
        sentence = context.places[k].sentence
        if link.comparator is None or link.measure not in GROUP_MEASURES or len(told[sentence]) > 1:
            continue
        against = _named(link.comparator, arms.arms)
        first, last = context.sentence_tokens[sentence]
        if link.comparator.sentence == sentence or not _COMPARING.isdisjoint(
            context.lower[first:last]
        ):
            continue
        if against is not None and _places_beside(context, k, against):
            continue
        out[k] = replace(link, comparator=None, comparator_score=0.0)
    return out


#: How much of something was given, and words for nothing of it: names that differ by them alone are of two arms.
_AMOUNT = re.compile(
    r"(?<![\w.])\d[\d.,]*(?:\s?-?(?:mg|[µμ]g|mcg|g|kg|IU|ml|mL|Gy|%|mmol|U)\b(?:/\w+)?)?"
)
_NONE = re.compile(r"^(?:no|without|not)\b", re.IGNORECASE)


def _told_apart(links: Mapping[int, Link], arms: ArmTable) -> Iterator[tuple[int, Link]]:
    """Yield the values whose intervention is named as two arms are, but for an amount or "no", by their own arm's name."""
    alike = {
        id(arm)
        for arm in arms.arms
        for other in arms.arms
        if arm is not other and _are_alike(arm, other)
    }
    for k, link in links.items():
        arm, named = arms.arm_of(k), link.intervention
        if (
            arm is None
            or named is None
            or id(arm) not in alike
            or link.measure not in GROUP_MEASURES
        ):
            continue
        mine, own = _bare(named.label), _bare(arm.label)
        whole = mine == own and _mark(named.label) != _mark(arm.label)
        if mine and (whole or (mine < own and not _mark(named.label)[1] and _mark(arm.label)[1])):
            yield k, replace(link, intervention=replace(arm.phrase, label=arm.label))


def _are_alike(one: ArmReading, other: ArmReading) -> bool:
    return _bare(one.label) == _bare(other.label) and _mark(one.label) != _mark(other.label)


def _bare(label: str) -> frozenset[str]:
    """Return the words of a name without its amount and "no"."""
    return identity(_NONE.sub("", _AMOUNT.sub(" ", label)))


def _mark(label: str) -> tuple[bool, frozenset[str]]:
    return _NONE.match(label) is not None, frozenset(
        re.sub(r"\D", "", m.group()) for m in _AMOUNT.finditer(label)
    )


def _as_told(
    context: Context, links: Mapping[int, Link], arms: ArmTable
) -> Iterator[tuple[int, Link]]:
    """Yield the values of a group that the text's own list of groups tells and that go by another arm's name."""
    for k, link in links.items():
        arm = arms.arm_of(k)
        if arm is None or not arm.told or link.measure not in GROUP_MEASURES:
            continue
        named = _named(link.intervention, arms.arms)
        if named is None or named is arm or context.statistics[k].pairing == "from-to":
            continue
        if not named.told and _places_beside(context, k, named):
            continue  # the sentence compares others
        told = replace(arm.phrase, label=arm.label)
        yield k, replace(_of_arm(link, arm, named if named.told else None), intervention=told)


def _turned(
    context: Context, links: Mapping[int, Link], arms: ArmTable
) -> Iterator[tuple[int, ArmReading, ArmReading]]:
    """Yield the ratios that are linked as the control's though they are the tested arm's against it.

    "5% of placebo and 23% of metformin recipients (RR 4.67)": a ratio is of the tested arm, unless the
    values beside it divide to it the other way round.
    """
    tested = [arm for arm in arms.arms if not arm.control]
    for k, link in links.items():
        if link.measure not in RATIO_MEASURES or link.intervention is None:
            continue
        control = _named(link.intervention, arms.arms)
        if control is None or not control.control:
            continue
        values = _shares_before(context, k, arms)
        near = [arm for arm in values if not arm.control]
        other = _named(link.comparator, tested)
        if other is None and len(options := near or tested) == 1:
            other = options[0]
        if other is None:
            continue
        told = link.intervention_score >= FRAME_SCORE or not _places_beside(context, k, other)
        if told and not _is_placebo(control):
            continue  # one drug of several
        if not (
            _set_against(context, k, control, other) or _divide(context, k, control, other, values)
        ):
            yield k, other, control


def _named(phrase: Phrase | None, arms: Sequence[ArmReading]) -> ArmReading | None:
    """Return the arm that a phrase names: the most alike of those that are alike."""
    if phrase is None:
        return None
    best = max(arms, key=lambda arm: likeness(phrase.label, arm.label), default=None)
    return best if best is not None and likeness(phrase.label, best.label) >= _ALIKE else None


def _set_against(context: Context, k: int, one: ArmReading, other: ArmReading) -> bool:
    """Tell whether the sentence of a number sets one arm against another: "A vs. B"."""
    sides = [context.token_at(end) for _, end in _places_beside(context, k, one)]
    sides += [context.token_at(start) - 1 for start, _ in _places_beside(context, k, other)]
    return any(context.lower[t] in _AGAINST for t in sides)


def _places_beside(context: Context, k: int, arm: ArmReading) -> list[tuple[int, int]]:
    """Return the places that name an arm in the sentence of the `k`-th number."""
    sentence = context.annotation.sentences[context.places[k].sentence]
    return [at for at in arm.places if sentence.start_char <= at[0] < sentence.end_char]


def _is_placebo(arm: ArmReading) -> bool:
    return not CONTROL_WORDS.isdisjoint(arm.label.lower().split())


def _shares_before(context: Context, k: int, arms: ArmTable) -> dict[ArmReading, float]:
    """Return the last share of each arm that its sentence prints before the `k`-th number."""
    values = {}
    for j in range(k):
        s, arm = context.statistics[j], arms.arm_of(j)
        here = context.places[j].sentence == context.places[k].sentence
        if here and arm is not None and s.value is not None and s.unit == "%":
            values[arm] = s.value
    return values


def _divide(
    context: Context,
    k: int,
    one: ArmReading,
    other: ArmReading,
    values: Mapping[ArmReading, float],
) -> bool:
    """Tell whether a ratio is on the side of one that one arm's share divided by the other's is on."""
    a, b, ratio = values.get(one, 0.0), values.get(other, 0.0), context.statistics[k].value
    return min(a, b) > 0 and ratio is not None and (a > b) == (ratio > 1)


def _over_time(context: Context, members: Sequence[int]) -> bool:
    """Whether values are of one group, before and after: "52% before and 55% after"."""
    first, last = context.places[members[0]], context.places[members[-1]]
    around = context.lower[max(0, first.anchor - 3) : last.end + 3]
    return not _BEFORE.isdisjoint(around)


def _reached(context: Context, members: Sequence[int]) -> bool:
    """Whether values are what a change led to: "fell to 7.1% with A and to 7.0% with B"."""
    return all(context.lower[context.places[k].token - 1] == "to" for k in members)


def _against_unnamed(context: Context, members: Sequence[int]) -> bool:
    """Whether a list is two values set against one another: "12.5% vs 12.7%"."""
    return len(members) == 2 and context.statistics[members[1]].pairing == "vs"


def _of_arm(link: Link, arm: ArmReading, other: ArmReading | None) -> Link:
    """Return a link whose intervention is an arm; one that names it already stays."""
    named = link.intervention
    if named is None or likeness(named.label, arm.label) < _ALIKE:
        named = replace(arm.phrase, label=arm.label)
    if other is None:
        return replace(link, intervention=named)
    against = link.comparator
    if against is None or likeness(against.label, arm.label) >= _ALIKE:
        against = replace(other.phrase, label=other.label)
    return replace(link, intervention=named, comparator=against)


def _of_no_arm(link: Link, arms: ArmTable) -> Link:
    """Return a link without the names of arms."""

    def other(phrase: Phrase | None) -> Phrase | None:
        named = phrase and any(likeness(phrase.label, arm.label) >= _ALIKE for arm in arms.arms)
        return None if named else phrase

    return replace(link, intervention=other(link.intervention), comparator=other(link.comparator))


def with_directions(context: Context, links: Mapping[int, Link], arms: ArmTable) -> dict[int, Link]:
    """Return the links, the two values of one contrast pointing opposite ways, both nowhere or both unclear.

    The greater of two arms' values is the increase: no text says otherwise, and of 1,039 such
    values of the annotated training documents 16 are marked otherwise.
    """
    out = dict(links)
    for one, other in _contrasts(context, links, arms):
        a, b = context.statistics[one].value, context.statistics[other].value
        assert a is not None
        assert b is not None
        options: list[tuple[Direction, Direction]] = [
            ("no_difference", "no_difference"), ("unclear", "unclear"),
        ]  # fmt: skip
        differs = _differ(context, links, one, other)
        if a != b and differs is not False:
            apart: tuple[Direction, Direction] = (
                ("increase", "decrease") if a > b else ("decrease", "increase")
            )
            options = [apart] if differs else [*options, apart]
        ways = max(
            options, key=lambda pair: _chance(links[one], pair[0]) * _chance(links[other], pair[1])
        )
        for k, way in zip((one, other), ways, strict=True):
            if links[k].direction != way:
                out[k] = replace(links[k], direction=way, direction_score=_chance(links[k], way))
        tested = [way for k, way in zip((one, other), ways, strict=True) if _is_tested(arms, k)]
        for k in _differences(context, links, one, other):
            if len(tested) == 1 and tested[0] in _OPPOSITE.get(links[k].direction, ()):
                out[k] = replace(links[k], direction=tested[0])
    return out


def _differ(context: Context, links: Mapping[int, Link], one: int, other: int) -> bool | None:
    """Return whether two values are said to differ by their p value or by an estimate that compares them, if one does.

    Of 53 pairs in annotated readings beside such an estimate all go its way; of some 500 with a significant p
    two do not.
    """
    sentence = context.places[one].sentence
    for k in links:
        if (
            k <= other
            or context.places[k].sentence != sentence
            or links[k].measure not in _ESTIMATES
        ):
            continue
        if _of_one_outcome(links[k], links[other]):
            return _says(context, links[k])
    if any(is_significant(context.statistics[k]) for k in (one, other)):
        return True
    return None


def _says(context: Context, link: Link) -> bool | None:
    """Return whether an estimate says that its groups differ, ``None`` if it leaves that open."""
    significant = is_significant(context.statistics[link.statistic])
    if link.direction == "no_difference":
        return None if significant else False
    return True if significant or link.direction != "unclear" else None


_ESTIMATES = RATIO_MEASURES | {"MD", "SMD", "RD"}
#: A direction that the sign of a difference gives, and what the values it lies between may say instead.
_OPPOSITE: Mapping[Direction, frozenset[Direction]] = {
    "increase": frozenset({"decrease"}), "decrease": frozenset({"increase"}),
    "unclear": frozenset({"increase", "decrease"}),
}  # fmt: skip


def _is_tested(arms: ArmTable, k: int) -> bool:
    arm = arms.arm_of(k)
    return arm is not None and not arm.control


def _differences(
    context: Context, links: Mapping[int, Link], one: int, other: int
) -> Iterator[int]:
    """Yield the numbers of a sentence that are the difference of two of its values, as printed."""
    a, b = context.statistics[one], context.statistics[other]
    assert a.value is not None
    assert b.value is not None
    sentence = context.places[one].sentence
    for k in links:
        s = context.statistics[k]
        if k in (one, other) or s.value is None or context.places[k].sentence != sentence:
            continue
        if links[k].measure not in ("MD", "RD", "mean", "median", "percent") or s.unit != a.unit:
            continue
        decimals = max(len((x.printed_value or "").partition(".")[2]) for x in (a, b))
        if abs(abs(s.value) - abs(a.value - b.value)) <= 0.55 * 10.0**-decimals:
            yield k


def _contrasts(
    context: Context, links: Mapping[int, Link], arms: ArmTable
) -> Iterator[tuple[int, int]]:
    """Yield the values, two by two, that are of one outcome in two arms and stand side by side."""
    order = sorted(links)
    taken: set[int] = set()
    for k, after in pairwise(order):
        if k in taken or context.places[k].sentence != context.places[after].sentence:
            continue
        one, other = context.statistics[k], context.statistics[after]
        if one.value is None or other.value is None or "from-to" in (one.pairing, other.pairing):
            continue
        if (
            one.group != other.group
            or links[k].measure != links[after].measure
            or one.unit != other.unit
        ):
            continue
        if links[k].measure not in GROUP_MEASURES or group_size(context, k) > 2:
            continue
        a, b = arms.arm_of(k), arms.arm_of(after)
        if _over_time(context, (k, after)) or _reached(context, (k, after)):
            continue
        if a is None or b is None or a is b or not _of_one_outcome(links[k], links[after]):
            continue
        taken.add(after)
        yield k, after


def _of_one_outcome(one: Link, other: Link) -> bool:
    return (
        one.outcome is not None and other.outcome is not None and same(one.outcome, other.outcome)
    )


def _chance(link: Link, way: Direction) -> float:
    return max(_LEAST, link.ways.get(way, 0.0))
