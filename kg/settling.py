"""One value for each property that may have one: the step from what documents state to the graph.

Works on sorted lines of N-Triples (see :mod:`kg.runs`), so that it needs no more memory than the
statements about one subject; and of a subject with very many (a concept that most documents mention) not even those.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.merge import choose
from kg.vocabulary import PREFIXES, PROPERTIES, Property, expand

#: Subject, predicate and object of a triple as N-Triples writes them.
Parts: TypeAlias = tuple[bytes, bytes, bytes]

_CE = PREFIXES["ce"]
_RULES = {
    f"<{expand(rule.curie)}>".encode(): rule
    for rule in PROPERTIES.values()
    if rule.choice is not None
}
_FLAG, _DISAGREE = f"<{_CE}qualityFlag>".encode(), f"<{_CE}sourcesDisagree>".encode()
#: Statements about one subject that are held before those that cannot change any more are let go.
_MANY = 20_000
_POINT = ord(".")
_subject = itemgetter(0)


def settle_lines(batches: Iterable[list[bytes]]) -> Iterator[list[Parts]]:
    """Yield the triples of the graph, sorted, in batches; the lines must be sorted.

    Where documents state different values of a property that may have one, the rules of :mod:`kg.merge`
    choose; a subject whose sources disagree on something that matters is flagged.
    """
    about: list[Parts] = []  # the last subject, of which more may follow
    flagged = False
    for batch in batches:
        rows = about + split(batch)
        if not rows:
            continue
        first = bisect_left(rows, rows[-1][0], key=_subject)
        settled = _settled(rows[:first], flagged)
        flagged = flagged and not first
        about = rows[first:]
        predicate = about[-1][1]
        if len(about) > _MANY and predicate < _FLAG and predicate not in _RULES:
            kept, disagree = _chosen(about[:-1])
            settled += kept
            about, flagged = about[-1:], flagged or disagree
        if settled:
            yield settled
    if about:
        yield _settled(about, flagged)


def split(lines: Iterable[bytes]) -> list[Parts]:
    """Return the parts of lines, without the number of documents that state each.

    >>> split([b'<s> <p> "a b"@en . # 3'])
    [(b'<s>', b'<p>', b'"a b"@en')]
    """
    rows = []
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        rows.append((subject, predicate, rest[: -2 if rest[-1] == _POINT else rest.rindex(b" .")]))
    return rows


def _settled(rows: list[Parts], flagged: bool) -> list[Parts]:
    """Return what stands of the statements about some subjects, of which the first is known to be `flagged`."""
    several = {
        row[0]
        for row, other in pairwise(rows)
        if row[1] == other[1] and row[1] in _RULES and row[0] == other[0]
    }
    if not several and not flagged:
        return rows
    settled: list[Parts] = []
    for subject, group in groupby(rows, _subject):
        about = list(group)
        if subject in several or flagged:
            about, disagree = _chosen(about)
            flag = (subject, _FLAG, _DISAGREE)
            if (disagree or flagged) and flag not in about:
                insort(about, flag)
            flagged = False
        settled += about
    return settled


def _chosen(about: list[Parts]) -> tuple[list[Parts], bool]:
    """Choose among the values of each property, and say whether a telling one had several."""
    kept: list[Parts] = []
    disagree = False
    for predicate, group in groupby(about, itemgetter(1)):
        stated = list(group)
        rule = _RULES.get(predicate) if len(stated) > 1 else None
        if rule is None:
            kept += stated
        else:
            by_value = {_value(parts[2], rule): parts for parts in reversed(stated)}
            kept.append(by_value[choose(rule, by_value)])
            disagree = disagree or (rule.telling and len(by_value) > 1)
    return kept, disagree


def _value(term: bytes, rule: Property) -> Any:
    """Return what a rule compares."""
    [quad] = ox.parse(b"<x:s> <x:p> " + term + b" .", format=ox.RdfFormat.N_TRIPLES)
    found: Any = quad.object
    if rule.datatype == "term":
        return found.value.replace(_CE, "ce:")
    if rule.datatype in ("decimal", "integer", "offset"):
        return Decimal(found.value)
    return found.value
