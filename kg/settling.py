"""One value for each property that may have one: the step from what documents state to the graph.

Works on sorted lines of N-Triples (see :mod:`kg.runs`), so that it needs no more memory than the
statements about one subject; and of a subject with very many (a concept that most documents mention) not even those.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.merge import choose
from kg.runs import without_count
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


def split(line: bytes) -> Parts:
    """Return the parts of a line.

    >>> split(b'<s> <p> "a b"@en . # 3')
    (b'<s>', b'<p>', b'"a b"@en')
    """
    subject, predicate, rest = without_count(line).split(b" ", 2)
    return subject, predicate, rest[:-2]


def settle_lines(batches: Iterable[list[bytes]]) -> Iterator[list[Parts]]:
    """Yield the triples of the graph, sorted, in batches; the lines must be sorted.

    Where documents state different values of a property that may have one, the rules of :mod:`kg.merge`
    choose; a subject whose sources disagree on something that matters is flagged.
    """
    subject = b""
    about: list[Parts] = []
    flagged = False
    for batch in batches:
        done: list[Parts] = []
        for line in batch:
            parts = split(line)
            if parts[0] != subject:
                if about or flagged:
                    done += _settled(about, flagged, subject)
                subject, about, flagged = parts[0], [], False
            about.append(parts)
        if len(about) > _MANY and about[-1][1] < _FLAG and about[-1][1] not in _RULES:
            kept, disagree = _chosen(about)
            done += kept
            about, flagged = [], flagged or disagree
        if done:
            yield done
    if about or flagged:
        yield _settled(about, flagged, subject)


def _settled(about: list[Parts], flagged: bool, subject: bytes) -> list[Parts]:
    """Return what stands of the statements about one subject."""
    kept, disagree = _chosen(about)
    if flagged or disagree:
        flag = (subject, _FLAG, _DISAGREE)
        if flag not in kept:
            insort(kept, flag)
    return kept


def _chosen(about: list[Parts]) -> tuple[list[Parts], bool]:
    """Choose among the values of each property, and say whether a telling one had several."""
    predicates = [parts[1] for parts in about]
    if len(set(predicates)) == len(predicates):
        return about, False
    kept: list[Parts] = []
    disagree = False
    start = 0
    while start < len(about):
        predicate = predicates[start]
        end = start + 1
        while end < len(about) and predicates[end] == predicate:
            end += 1
        rule = _RULES.get(predicate) if end - start > 1 else None
        if rule is None:
            kept += about[start:end]
        else:
            by_value = {_value(parts[2], rule): parts for parts in reversed(about[start:end])}
            kept.append(by_value[choose(rule, by_value)])
            disagree = disagree or (rule.telling and len(by_value) > 1)
        start = end
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
