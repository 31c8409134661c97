"""Whether ids belong to the names that a lexicon gives them, told by the vocabularies themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.terminology.entry import ConceptEntry
from kg.terminology.index import Terminology
from kg.terminology.merging import prefix_of
from kg.terminology.names import bag_key, plain_key, short_key

Verdict = Literal["named", "tied", "other name", "unknown id", "no source"]
#: Verdicts that a lexicon must not have.
WRONG: frozenset[Verdict] = frozenset({"other name", "unknown id"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a vocabulary says of one id of one entry.

    ``verdict`` is ``named`` (the vocabulary gives the id one of the entry's names), ``tied`` (the
    vocabularies say that the id is the same as one of the entry's that is so named), ``other name`` (it
    knows the id by other names), ``unknown id``, or ``no source`` (none of that prefix was given).
    """

    entry: ConceptEntry
    curie: str
    verdict: Verdict
    known_as: str = ""


def verify(entries: Iterable[ConceptEntry], sources: Sequence[Terminology]) -> Iterator[Finding]:
    """Check every id and xref of entries against sources, each as its vocabulary has it.

    Words such as "serum", "level" and "measurement" are set aside: a vocabulary of substances names what
    is measured. Project ids (``CLINEV:``) are of no vocabulary and are passed over.
    """
    covered = {prefix_of(curie) for source in sources for row in source for curie in row.curies}
    for entry in entries:
        curies = [curie for curie in entry.curies if prefix_of(curie) != "CLINEV"]
        rows = {
            curie: [row for source in sources for row in source.by_curie(curie)] for curie in curies
        }
        keys = _keys(entry)
        named = {curie for curie in curies if any(keys & _keys(row) for row in rows[curie])}
        same = {other for curie in named for row in rows[curie] for other in row.curies}
        for curie in curies:
            known_as = rows[curie][0].label if rows[curie] else ""
            yield Finding(entry, curie, _verdict(curie, named, same, covered, known_as), known_as)


def _verdict(
    curie: str, named: set[str], same: set[str], covered: set[str], known_as: str
) -> Verdict:
    if curie in named:
        return "named"
    if curie in same:
        return "tied"
    if known_as:
        return "other name"
    return "unknown id" if prefix_of(curie) in covered else "no source"


#: Words by which the name of a measurement differs from that of what is measured.
_MEASURING = frozenset(
    "serum plasma blood urine urinary circulating level concentration measurement total".split()
)


def _keys(entry: ConceptEntry) -> set[str]:
    plain = {plain_key(name) for name in (entry.label, *entry.names)}
    bags = {bag_key(key) for key in plain}
    bare = {" ".join(word for word in bag.split() if word not in _MEASURING) for bag in bags}
    short = {"=" + short_key(name) for name in entry.abbreviations}
    return (plain | bags | bare | short) - {""}
