"""The arms of a document, one table for all of it, and which of them each single-arm value belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from kg.assembly.allocation import place_of
from kg.assembly.arm_features import WINDOW
from kg.assembly.arm_links import POINTED_USUAL, ArmChoice, ArmOpinion, load_arm_model, place_values
from kg.assembly.arm_mentions import GROUP_HEADS
from kg.assembly.arm_names import ArmMention, ArmName, find_arm_names, is_generic
from kg.assembly.arm_scene import ArmScene
from kg.assembly.arm_sizes import arm_size
from kg.assembly.context import Context
from kg.assembly.link import Link
from kg.assembly.phrase import Phrase
from kg.assembly.scores import LinkScores, number_place
from kg.assembly.wholes import find_wholes
from kg.measures import GROUP_MEASURES

#: Measures that describe one group rather than compare two.
#: Measures that may describe one group too, where no name of a difference is printed.
_EITHER = frozenset({"percent_change", "fold_change", "MD", "RD"})
_POINTED_AT = 0.5  # chance from which a phrase is the name of a value's arm
_GROUP_OF_TEXT = 0.4  # strength from which a counted name is an arm though no value is its own


@dataclass(frozen=True, eq=False)
class ArmReading:
    """An arm: what it is called, whether it is the control, and every place that names it."""

    phrase: Phrase  # the place that says the most
    label: str
    control: bool
    places: tuple[tuple[int, int], ...]  # view offsets, in text order
    n: int | None = None  # people in it, where the text prints them beside its name
    told: bool = False  # whether a list of groups names it


@dataclass(frozen=True)
class ArmTable:
    """The arms of a document, and the arm of each value (by the index of its statistic)."""

    arms: tuple[ArmReading, ...] = ()
    of_value: Mapping[int, ArmReading] | None = None
    wholes: frozenset[int] = frozenset()  # values of all arms together

    def arm_of(self, k: int) -> ArmReading | None:
        """Return the arm of the `k`-th statistic, ``None`` if it is no arm's value."""
        return (self.of_value or {}).get(k)


def arm_values(context: Context, links: Mapping[int, Link]) -> list[int]:
    """Return the indexes of the statistics that may be an arm's value, in text order."""
    found = []
    for k, link in sorted(links.items()):
        statistic = context.statistics[k]
        if statistic.value is None:
            continue
        named = statistic.measure_start is not None and statistic.measure in ("MD", "RD")
        if link.measure in GROUP_MEASURES or (link.measure in _EITHER and not named):
            found.append(k)
    return found


def read_arms(
    context: Context, links: Mapping[int, Link], scores: LinkScores | None = None
) -> ArmTable:
    """Return the arms of a document and the values of each; `scores` is a second opinion."""
    values = arm_values(context, links)
    names, mentions = find_arm_names(context, _pointed(context, values, scores))
    if not names:
        return ArmTable()
    values = _of_arms(context, values, links, mentions)
    scene = ArmScene(context, names, mentions, values, links)
    told = {} if scores is None else _opinions(scene, values, scores)
    chosen, tested = place_values(scene, load_arm_model(), told)
    wholes = find_wholes(scene, {k: choice.name for k, choice in chosen.items()})
    if wholes:
        rest = [k for k in values if k not in wholes]
        scene = ArmScene(context, names, mentions, rest, links)
        chosen, tested = place_values(scene, load_arm_model(), told)
    merged = _merge(context, names, tested, chosen)
    arms: dict[int, ArmReading] = {}
    for n in sorted(merged, key=lambda n: names[n].mentions[0].phrase.first):
        root = merged[n]
        if root not in arms:
            members = [names[m] for m in merged if merged[m] == root]
            others = [
                (m.phrase.start_char, m.phrase.end_char)
                for x in merged
                if merged[x] != root
                for m in names[x].mentions
            ]
            arms[root] = _reading(context, members, names[root], tested[root] < 0.5, others)
    of_value = {k: arms[merged[c.name]] for k, c in chosen.items() if c.name in merged}
    return ArmTable(tuple(arms.values()), _within_one(of_value, links), wholes)


def _within_one(
    of_value: Mapping[int, ArmReading], links: Mapping[int, Link]
) -> dict[int, ArmReading]:
    """Return the arms of values without those that set two parts of the people against each other."""
    out = dict(of_value)
    for k, link in links.items():
        of = link.subgroup
        if of is None:
            continue
        if k in out and of.is_named(out[k].phrase):
            del out[k]
        if of.twin is not None and not of.whole and out.get(k) is not out.get(of.twin):
            for n in (k, of.twin):
                out.pop(n, None)
    return out


def _of_arms(
    context: Context, values: Sequence[int], links: Mapping[int, Link], mentions: Sequence[ArmMention]
) -> list[int]:  # fmt: skip
    """Return the values without those of subgroups that their sentences compare alone, no arms."""
    places = context.places

    def is_apart(k: int) -> bool:
        of = links[k].subgroup
        return of is not None and of.alone and not any(
            m.phrase.sentence == places[k].sentence and not of.is_named(m.phrase) for m in mentions
        )  # fmt: skip

    return [k for k in values if not is_apart(k)]


def _pointed(
    context: Context, values: Sequence[int], scores: LinkScores | None
) -> frozenset[Phrase]:
    """Return the phrases that the second opinion names as the arms of values, the tightest for each."""
    if scores is None:
        return frozenset()
    found = set()
    phrases = [p for n in sorted(context.by_sentence) for p in context.by_sentence[n]]
    sentences = [p.sentence for p in phrases]
    places = tuple((p.start_char, p.end_char) for p in phrases)
    for k in values:
        number, sentence = number_place(context.statistics[k]), context.places[k].sentence
        best: tuple[float, int, Phrase] | None = None
        chances = scores.links("intervention", number, places)
        near = slice(bisect_left(sentences, sentence - WINDOW), bisect_right(sentences, sentence))
        for phrase, chance in zip(phrases[near], chances[near].tolist(), strict=True):
            if chance >= _POINTED_AT:
                rank = (round(chance, 1), phrase.first - phrase.last)
                if best is None or rank > best[:2]:
                    best = (*rank, phrase)
        if best is not None:
            found.add(best[2])
    return frozenset(found)


def _opinions(scene: ArmScene, values: Sequence[int], scores: LinkScores) -> dict[int, ArmOpinion]:
    """Return the second opinion on each value: its part, and the name it goes with."""
    named = sorted({
        (n, m.phrase.start_char, m.phrase.end_char)
        for n, name in enumerate(scene.names)
        for m in name.mentions
    })  # fmt: skip
    places = tuple((start, end) for _, start, end in named)
    amounts = _by_amount(scene)
    found = {}
    for k in values:
        number = number_place(scene.context.statistics[k])
        names: dict[int, float] = {}
        chances = scores.links("intervention", number, places).tolist()
        for (n, *_), chance in zip(named, chances, strict=True):
            if not isnan(chance):
                names[n] = names.get(n, 0.0) + chance
        tested = scores.tested(number)
        sums = {n: min(1.0, chance) for n, chance in names.items()}
        _deal_out(scene, k, amounts, sums)
        found[k] = ArmOpinion(0.5 if tested is None else tested, sums)
    return found


def _by_amount(scene: ArmScene) -> dict[int, int]:
    """Return the names that differ from another by an amount alone, with that other: "9 μg" of "formoterol"."""
    told = {place for groups in scene.context.groups for place in groups.amounts.values()}
    own = {m.name for m in scene.mentions if place_of(m.phrase) in told}
    found = {}
    for n in own:
        bare = {frozenset(w for w in key if not w[:1].isdigit()) for key in scene.names[n].keys}
        for other, name in enumerate(scene.names):
            if other not in own and bare & name.keys:
                found[n] = other
    return found


def _deal_out(
    scene: ArmScene, k: int, amounts: Mapping[int, int], chances: dict[int, float]
) -> None:
    """Give the chance of a name to those of its amounts that the value's sentence tells: it means one of them."""
    here = {m.name for m in scene.by_sentence.get(scene.context.places[k].sentence, [])}
    for n, base in amounts.items():
        if n in here and base in chances:
            chances[n] = max(chances.get(n, 0.0), chances[base])
    for base in {base for n, base in amounts.items() if n in here}:
        chances[base] = min(chances.get(base, 0.0), POINTED_USUAL)


def _merge(
    context: Context, names: Sequence[ArmName], tested: Sequence[float],
    chosen: Mapping[int, ArmChoice],
) -> dict[int, int]:  # fmt: skip
    """Return the names that are arms, each with the name it goes by.

    Names with values are arms, and so are names that stand as groups; "the control group" goes by
    what the only other control was given. Two names that have values in one sentence are two arms:
    "28% in the FLOX and 35% in the FL group".
    """
    valued: dict[int, set[int]] = {}
    for k, choice in chosen.items():
        valued.setdefault(choice.name, set()).add(context.places[k].sentence)
    used = Counter(c.name for c in chosen.values() if c.name >= 0)
    kept = {n: n for n, name in enumerate(names) if used[n] or _stands_as_group(name)}
    for control in (True, False):
        side = [n for n in kept if (tested[n] < 0.5) == control]
        plain = [n for n in side if is_generic(names[n])]
        telling = [n for n in side if n not in plain and used[n]]
        root = None
        if len(telling) == 1:
            root = telling[0]
        elif len(plain) > 1 and not telling:
            root = max(plain, key=lambda n: (used[n], -n))
        if root is not None:
            beside = valued.get(root, set())
            alike = [n for n in plain if n == root or beside.isdisjoint(valued.get(n, ()))]
            kept.update(dict.fromkeys(alike, root))
    return kept


def _stands_as_group(name: ArmName) -> bool:
    return any(m.grouped and m.strength >= _GROUP_OF_TEXT for m in name.mentions)


def _reading(
    context: Context, members: Sequence[ArmName], name: ArmName, control: bool,
    others: Sequence[tuple[int, int]],
) -> ArmReading:  # fmt: skip
    mentions = [m for member in members for m in member.mentions]
    best = max(
        name.mentions,
        key=lambda m: (m.phrase.label == name.label, m.strength, -m.phrase.start_char),
    )
    places = sorted({place for m in mentions for place in _places(context, m.phrase)})
    label = name.label
    if any("no" in key for key in name.keys):
        label = _negated(context, best.phrase) + label
    size = arm_size(context.reading.view.text, places, others)
    told = any(m.told for m in mentions)
    return ArmReading(best.phrase, label, control, tuple(places), size, told)


def _places(context: Context, phrase: Phrase) -> Iterator[tuple[int, int]]:
    """Yield where a name stands, alone and together with the "group" behind it."""
    yield phrase.start_char, phrase.end_char
    if phrase.last < len(context.lower) and context.lower[phrase.last] in GROUP_HEADS:
        yield phrase.start_char, context.annotation.tokens[phrase.last].end_char


def _negated(context: Context, phrase: Phrase) -> str:
    """Return "no " where that word stands before a name and is no part of it."""
    before = context.lower[phrase.first - 1] if phrase.first else ""
    return f"{before} " if before in ("no", "without") else ""
