"""Sorted lines of all records → which reports are one study: pairs, verdicts, groups, names.

The outcome depends on the set of lines alone: pairs are judged by content, and groups are joined
best pair first, ties by name. A group never holds two studies of one document, nor two publications
that nothing but a third report ties together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby

from kg.identity import node_name, strength
from kg.study_matching import Match, compare
from kg.study_profile import Profile

#: Reports of one key of which every pair is judged; of more, each is judged against the first.
_ALL_PAIRS = 20


def group_reports(lines: Iterable[str]) -> tuple[dict[str, str], list[Match]]:
    """Return report → node for reports that share a key, and the pairs worth showing, in order.

    Parameters
    ----------
    lines
        See :meth:`kg.identity.Identities.from_lines`.
    """
    pairs: set[tuple[str, str]] = set()
    wanted: set[str] = set()
    profiles: dict[str, Profile] = {}
    for kind, group in groupby(lines, key=lambda line: line[:1]):
        if kind == "K":
            pairs.update(_pairs(group))
            wanted = {report for pair in pairs for report in pair}
        elif kind == "P":
            profiles.update(_read(group, wanted))
    judged = [compare(profiles[one], profiles[other]) for one, other in sorted(pairs)]
    groups = _Groups(profiles)
    kept: list[Match] = []
    for match in sorted(judged, key=lambda match: (-match.score, match.first, match.second)):
        if match.same:
            refusal = groups.join(match)
            if refusal is not None:
                match = dataclasses.replace(match, same=False, reasons=(*match.reasons, refusal))
        if match.worth_showing:
            kept.append(match)
    return groups.names(), sorted(kept, key=lambda match: (match.first, match.second))


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of reports that share a key, those of one document left out."""
    for _, group in groupby(lines, key=lambda line: line.partition(" ")[0]):
        reports = sorted({line.partition(" ")[2] for line in group})
        if len(reports) <= _ALL_PAIRS:
            found: Iterable[tuple[str, str]] = combinations(reports, 2)
        else:
            found = ((reports[0], other) for other in reports[1:])
        yield from ((one, other) for one, other in found if one[:26] != other[:26])


def _read(lines: Iterable[str], wanted: set[str]) -> Iterator[tuple[str, Profile]]:
    """Yield the profiles of some reports; what a document tells twice of one is put together."""
    for report, group in groupby(lines, key=lambda line: line[1:].partition(" ")[0]):
        if report in wanted:
            found = [Profile.from_line(line.partition(" ")[2]) for line in group]
            first = found[0]
            results = tuple(dict.fromkeys(key for item in found for key in item.results))
            people = max(item.n for item in found)
            yield report, dataclasses.replace(first, results=results, n=people)


class _Groups:
    """Disjoint sets of reports."""

    def __init__(self, profiles: dict[str, Profile]) -> None:
        self._profiles = profiles
        self._members: dict[str, list[str]] = {report: [report] for report in profiles}
        self._root: dict[str, str] = {report: report for report in profiles}

    def join(self, match: Match) -> str | None:
        """Join the groups of a pair; return why not, where that would join what is told apart."""
        one, other = self._root[match.first], self._root[match.second]
        if one == other:
            return None
        refusal = self._refusal(one, other, match)
        if refusal is None:
            keep, lose = sorted((one, other))
            for report in self._members[lose]:
                self._root[report] = keep
            self._members[keep] += self._members.pop(lose)
        return refusal

    def _refusal(self, one: str, other: str, match: Match) -> str | None:
        first = [self._profiles[report] for report in self._members[one]]
        second = [self._profiles[report] for report in self._members[other]]
        if {item.document for item in first} & {item.document for item in second}:
            return "one document tells of both, as of two"
        shared = _identifiers(first) & _identifiers(second)
        if any(item.startswith("registry:") for item in shared):
            return None
        apart = any(reason.startswith("different ") for reason in match.reasons)
        for prefix in ("doi:", "pmid:"):
            mine = {item for item in _identifiers(first) if item.startswith(prefix)}
            theirs = {item for item in _identifiers(second) if item.startswith(prefix)}
            if mine and theirs and not mine & theirs and not apart:
                return "would join two publications"
        families = {item.family for item in (*first, *second)} - {"other"}
        if len(families) > 1 and not shared:
            return "would join studies of different kinds"
        return None

    def names(self) -> dict[str, str]:
        """Return report → node; of groups that share an identifier but are two, the larger has its name."""
        taken: set[str] = set()
        found: dict[str, str] = {}
        ordered = sorted(self._members.values(), key=lambda group: (-len(group), min(group)))
        for group in ordered:
            known = sorted(_identifiers([self._profiles[report] for report in group]), key=strength)
            first = min(group)
            if known and known[0] not in taken:
                node = node_name("study", known[0])
            elif known or len(group) > 1:
                node = node_name("study", [known[0] if known else "alike", first])
            else:
                continue  # alone and unnamed: as without identities
            taken.update(known)
            found.update(dict.fromkeys(group, node))
        return found


def _identifiers(profiles: Iterable[Profile]) -> set[str]:
    return {item for profile in profiles for item in profile.identifiers}
