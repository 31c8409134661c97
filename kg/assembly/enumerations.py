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
from kg.assembly.labelled_values import find_labelled
from kg.assembly.phrase import Phrase
from kg.assembly.value_runs import split_runs
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
        self._labelled = find_labelled(context)
        self._found: dict[int, list[tuple[Phrase, ...]]] = {}
        self._runs: dict[int | None, list[list[int]]] = {}

    def member(self, k: int, chosen: Phrase | None) -> Phrase | None:
        """Return the name that the `k`-th number has by its place where `chosen` is one of a list, else ``None``."""
        if chosen is None or chosen.list_id < -1:
            return None
        statistic, size = self.context.statistics[k], group_size(self.context, k)
        run = self._run(k) if statistic.pairing in ("list", "respectively", "vs") else None
        if run is not None:
            position, size, first = run
            return self._at(position, size, chosen, before=first)
        loose = statistic.pairing == "list" and size >= _LEAST_LOOSE
        if not loose and statistic.pairing != "respectively":
            return None
        return self._at(statistic.position, size, chosen)

    def measured(self, k: int, chosen: Phrase | None) -> Phrase | None:
        """Return the outcome that the `k`-th number has by its place, ``None`` where nothing tells."""
        return self._labelled.get(k) or self.member(k, chosen)

    def _at(
        self, position: int, size: int, chosen: Phrase, before: int | None = None
    ) -> Phrase | None:
        """Return the name at a place of the list of so many names that holds a phrase, and ends before a token."""
        if not 2 <= size <= _MOST or not 0 <= position < size:
            return None
        for names in self._lists(chosen.sentence):
            if len(names) == size and any(self._is_in(chosen, name) for name in names):
                return names[position] if before is None or names[-1].last <= before else None
        return None

    def _run(self, k: int) -> tuple[int, int, int] | None:
        """Return the place of a value among those of its group of people, how many that has, the first value's token.

        "Pain and anxiety were 12 and 71 with A and 15 and 74 with B" is a list of two runs of two.
        """
        group = self.context.statistics[k].group
        if group not in self._runs:
            statistics = self.context.statistics
            members = [n for n, statistic in enumerate(statistics) if statistic.group == group]
            self._runs[group] = split_runs(self.context, members)
        runs = self._runs[group]
        if len(runs) < 2 or len({len(run) for run in runs}) > 1:
            return None
        own = next(run for run in runs if k in run)
        return own.index(k), len(own), self.context.places[runs[0][0]].token

    def next(self, k: int, links: Mapping[int, Link]) -> Phrase | None:
        """Return the `k`-th number's name where the value before it in its list is of a list's name, as an intervention."""
        before = links.get(k - 1)
        group = self.context.statistics[k].group
        if before is None or group is None or self.context.statistics[k - 1].group != group:
            return None
        return self.member(k, before.intervention)

    def begins_run(self, k: int) -> bool:
        """Tell whether a value is the first of its group of people in a list of several such runs."""
        run = self._run(k)
        return run is not None and run[0] == 0

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
        here = self.context.by_sentence.get(sentence, ())
        phrases = [p for p in here if p.list_id >= -1 and ", " not in p.raw]
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
