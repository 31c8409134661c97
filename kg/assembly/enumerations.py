"""Names that a sentence lists in the order of its values: "A, B and C fell by 14%, 11% and 23%, respectively".

The ranking finds what such values are of, but seldom tells the members of the list apart: each of them
stands as near to one value as to the next. Where it has chosen a member of a list with as many names
as there are values, the name at the value's own place is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.assembly.context import Context
from kg.assembly.features import group_size
from kg.assembly.phrase import Phrase
from kg.assembly.words import PREPOSITIONS

if TYPE_CHECKING:
    from kg.assembly.link import Link

_LAST_JOINS = frozenset(["and", "or", "&"])
_JOINS = _LAST_JOINS | {","}
_SMALL = frozenset("the a an in on of for with as well also then both to by".split())
_LONGEST_JOINT = 4  # tokens between two names, brackets left out
_MOST = 12  # names of a list
_LEAST_LOOSE = 3  # values that are taken to follow a list though nobody says "respectively"


class Enumerations:
    """The lists of names in the sentences of one document."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._found: dict[int, list[tuple[Phrase, ...]]] = {}

    def member(self, k: int, chosen: Phrase | None) -> Phrase | None:
        """Return the name that the `k`-th number has by its place where `chosen` is one of a list, else ``None``."""
        statistic, size = self.context.statistics[k], group_size(self.context, k)
        if chosen is None or chosen.list_id < -1 or not 2 <= size <= _MOST:
            return None
        if statistic.pairing != "respectively" and not (
            statistic.pairing == "list" and size >= _LEAST_LOOSE
        ):
            return None
        for names in self._lists(chosen.sentence):
            if len(names) != size or not 0 <= statistic.position < size:
                continue
            if any(self._is_in(chosen, name) for name in names):
                return names[statistic.position]
        return None

    def next(self, k: int, links: Mapping[int, Link]) -> Phrase | None:
        """Return the `k`-th number's name where the value before it in its list is of a list's name, as an intervention."""
        before = links.get(k - 1)
        group = self.context.statistics[k].group
        if before is None or group is None or self.context.statistics[k - 1].group != group:
            return None
        return self.member(k, before.intervention)

    def _is_in(self, chosen: Phrase, name: Phrase) -> bool:
        """Tell whether a phrase is of a name's own words, not of what "of", "in" and the like add to it."""
        beyond = self.context.lower[chosen.last : name.last]
        return (
            name.first <= chosen.first
            and chosen.last <= name.last
            and PREPOSITIONS.isdisjoint(beyond)
        )

    def _lists(self, sentence: int) -> list[tuple[Phrase, ...]]:
        if sentence not in self._found:
            self._found[sentence] = list(self._read(sentence))
        return self._found[sentence]

    def _read(self, sentence: int) -> Iterator[tuple[Phrase, ...]]:
        """Yield the lists of a sentence, left to right; none is a part of another."""
        lower = self.context.lower
        phrases = [p for p in self.context.by_sentence.get(sentence, ()) if p.list_id >= -1]
        starts: dict[int, list[Phrase]] = {}
        for p in phrases:
            starts.setdefault(p.first, []).append(p)
        _, end = self.context.sentence_tokens[sentence]
        joined = {p.last: self._behind_joint(p.last, end, starts) for p in phrases}
        begun: set[int] = set()
        for first in sorted(starts):
            if first in begun:
                continue
            names: list[Phrase] = []
            at: int | None = first
            while at is not None:
                own = starts[at]
                going = [p for p in own if joined[p.last] is not None]
                name = max(
                    going or own, key=lambda p: (bool(going) * p.last, max(p.scores), p.last)
                )
                names.append(name)
                at = joined[name.last]
            if len(names) > 1:
                begun.update(range(names[0].first, names[-1].last))
                if not _LAST_JOINS.isdisjoint(lower[names[-2].last : names[-1].first]):
                    yield tuple(names)

    def _behind_joint(self, start: int, end: int, starts: dict[int, list[Phrase]]) -> int | None:
        """Return where the name begins that a comma or an "and" joins to the one that ends at `start`."""
        lower, depths = self.context.lower, self.context.depths
        depth = depths[start - 1]
        passed = 0
        joins = False
        for t in range(start, end):
            if depths[t] > depth:
                continue  # a bracket behind a name: its short form, its unit
            if joins and t in starts:
                return t
            joins = joins or lower[t] in _JOINS
            passed += 1
            if lower[t] not in _JOINS | _SMALL or passed > _LONGEST_JOINT:
                return None
        return None
