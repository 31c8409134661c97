"""A document's arms and numbers, as the models that place values look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.assembly.arm_names import ArmMention, ArmName
from kg.assembly.context import Context
from kg.assembly.labels import FUNCTION_WORDS
from kg.assembly.link import Link

Features = dict[str, float]

#: Words and signs after which another arm is spoken of.
BREAKS = frozenset("; whereas while but although compared".split())
_PLAIN = FUNCTION_WORDS | frozenset(
    "patients women men participants subjects those people children individuals group arm groups arms % ( ) [ ]"
    " receiving treated assigned randomized randomised who received given allocated taking".split()
)
_MOST = 4  # words between a name and a value that are counted


@dataclass
class ArmScene:
    """A document's arms and numbers, with what every candidate needs to know; built once."""

    context: Context
    names: list[ArmName]
    mentions: list[ArmMention]
    values: Sequence[int]  # indexes of the statistics to be placed, in text order
    links: Mapping[int, Link]
    by_sentence: dict[int, list[ArmMention]] = field(init=False)
    #: What is looked at in each mention by itself (by its :func:`id`), as far as it was asked for.
    named: dict[int, Features] = field(init=False, default_factory=dict)
    _orders: dict[int, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        found: defaultdict[int, list[ArmMention]] = defaultdict(list)
        for m in self.mentions:
            found[m.phrase.sentence].append(m)
        self.by_sentence = dict(found)
        #: The names that lists of groups tell.
        self.told = {m.name for m in self.mentions if m.told}
        weights = [name.weight for name in self.names]
        top = max(weights, default=1.0)
        self.shares = [weight / top for weight in weights]
        order = sorted(range(len(weights)), key=lambda n: -weights[n])
        self.ranks = {n: rank for rank, n in enumerate(order)}
        self.grouped = [any(m.grouped for m in name.mentions) for name in self.names]
        #: The names of the title, and the three that the text speaks of most, as they first stand.
        self.in_title = list(dict.fromkeys(m.name for m in self.mentions if m.phrase.sentence == 0))
        first = dict.fromkeys(m.name for m in self.mentions)
        self.leading = [name for name in first if self.ranks[name] < 3]
        self.groups: defaultdict[int, list[int]] = defaultdict(list)
        for k in self.values:
            group = self.context.statistics[k].group
            if group is not None:
                self.groups[group].append(k)

    def order_of(self, sentence: int) -> tuple[int, int]:
        """Return how many values of a sentence stand right behind a name, and how many right before one."""
        if sentence not in self._orders:
            c, before, after = self.context, 0, 0
            own = self.by_sentence.get(sentence, [])
            for k in self.values:
                place = c.places[k]
                if place.sentence != sentence:
                    continue
                ends = [m.phrase.last for m in own if m.phrase.last <= place.token]
                starts = [m.phrase.first for m in own if m.phrase.first >= place.end]
                before += bool(ends) and foreign_words(c, max(ends), place.token, 0) == 0
                after += bool(starts) and foreign_words(c, place.end, min(starts), place.depth) <= 1
            self._orders[sentence] = (before, after)
        return self._orders[sentence]

    def mates(self, k: int) -> list[int]:
        """Return the values of the list or pair that holds a value, itself included, in text order."""
        group = self.context.statistics[k].group
        return [k] if group is None else self.groups[group]


def foreign_words(c: Context, low: int, high: int, depth: int) -> int:
    """Count the words between a name and a value that do more than join them, at most :data:`_MOST`.

    Brackets between the two, with what they hold, and numbers of people do not count.
    """
    count = 0
    floor = min([depth, *c.depths[low:high]], default=depth)
    for t in range(low, high):
        word = c.lower[t]
        inside = c.depths[t] > max(floor, 0) and word not in ("(", "[", ")", "]")
        if (
            word in _PLAIN
            or word in (":", "=", ",")
            or word[:1].isdigit()
            or (inside and c.depths[t] > depth)
        ):
            continue
        count += 1
        if count == _MOST:
            break
    return count
