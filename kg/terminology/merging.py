"""Rows of several vocabularies that mean the same become one entry.

Two rows are tied when a source says so (an xref) and they share a name, or when they have the same
label, or share a name and an xref to a third. The strongest ties come first, and no entry takes two
ids of one vocabulary: what a vocabulary keeps apart stays apart. Lists of close matches that join a
disease to its subtypes therefore join nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.terminology.entry import ConceptEntry, Kind, is_short_form
from kg.terminology.names import bag_key, plain_key, short_key

#: Vocabularies by preference: whose id and label an entry of a kind takes. Others follow by alphabet.
PREFERENCE: dict[Kind, tuple[str, ...]] = {
    "chemical": ("CLINEV", "MESH", "CHEBI", "DRUGBANK", "UNII"),
    "disease": ("CLINEV", "MESH", "DOID", "MONDO", "HP"),
    "symptom": ("CLINEV", "MESH", "HP", "SYMP"),
    "measurement": ("CLINEV", "EFO", "CMO", "NCIT", "MESH"),
    "instrument": ("CLINEV", "NCIT", "EFO", "CMO", "MESH"),
    "action": ("CLINEV", "MESH", "MAXO"),
    "route": ("CLINEV", "NCIT", "MESH"),
    "population": ("CLINEV", "MESH", "NCIT"),
    "other": ("CLINEV", "MESH"),
}  # fmt: skip
#: Kinds between which rows may be tied.
FAMILY: dict[Kind, str] = {
    "chemical": "chemical", "disease": "state", "symptom": "state", "measurement": "measured",
    "instrument": "measured", "action": "action", "route": "route", "population": "population",
    "other": "other",
}  # fmt: skip
#: Vocabularies that name many things at once: a shared id of theirs ties only what shares a name too.
_MOST_PER_NAME = 12  # a name of more rows than this ties nobody

_LABEL, _NAME, _SHORT = 0, 1, 2


def prefix_of(curie: str) -> str:
    """Return the vocabulary's prefix of a CURIE."""
    return curie.partition(":")[0]


def preference(kind: Kind, curie: str) -> tuple[int, str]:
    """Return a sort key: the vocabularies preferred for a kind first."""
    order = PREFERENCE[kind]
    prefix = prefix_of(curie)
    return (order.index(prefix) if prefix in order else len(order), curie)


def merge(entries: Iterable[ConceptEntry]) -> list[ConceptEntry]:
    """Unite the rows that mean the same; order is that of the first row of each.

    Parameters
    ----------
    entries
        Rows of one or several vocabularies; of two with the same id the first counts for label and
        kind, the names of both are kept.
    """
    rows = _by_id(entries)
    groups = _Groups([entry.id for entry in rows])
    for _, one, other in sorted(_ties(rows)):
        groups.join(one, other)
    members: dict[int, list[ConceptEntry]] = defaultdict(list)
    for row, entry in enumerate(rows):
        members[groups.root(row)].append(entry)
    return [unite(group) for group in members.values()]


def unite(group: Sequence[ConceptEntry]) -> ConceptEntry:
    """Return one entry for rows that mean the same, named and numbered by the preferred vocabulary."""
    if len(group) == 1:
        return group[0]
    kind = group[0].kind
    ordered = sorted(group, key=lambda entry: preference(kind, entry.id))
    first = ordered[0]
    names: dict[str, str] = {plain_key(first.label): first.label}
    labels = [entry.label for entry in ordered]  # each vocabulary's own, before further names
    for name in (*labels, *(name for entry in ordered for name in entry.names)):
        if not is_short_form(name):
            names.setdefault(plain_key(name), name)
    short = dict.fromkeys(name for entry in ordered for name in entry.abbreviations)
    own = {entry.id for entry in ordered}
    prefixes = {prefix_of(curie) for curie in own}
    xrefs = dict.fromkeys(entry.id for entry in ordered[1:])
    for (
        entry
    ) in ordered:  # an id that the group's own row of that vocabulary does not have is doubtful
        xrefs |= dict.fromkeys(curie for curie in entry.xrefs if prefix_of(curie) not in prefixes)
    broader = dict.fromkeys(
        curie for entry in ordered for curie in entry.broader if curie not in own
    )
    sources = dict.fromkeys(entry.source for entry in ordered if entry.source)
    return ConceptEntry(
        first.id, first.label, kind, tuple(names.values())[1:], tuple(short), tuple(xrefs),
        tuple(broader), "; ".join(sources),
    )  # fmt: skip


def is_called(entry: ConceptEntry, name: str) -> bool:
    """Tell whether a name is an entry's label, in whatever word order: "Hepatitis C, Chronic"."""
    return bag_key(plain_key(entry.label)) == bag_key(plain_key(name))


def kept_apart(one: ConceptEntry, other: ConceptEntry) -> bool:
    """Tell whether the vocabulary of `one` has another id for `other`, of diseases and symptoms.

    Names of chemicals are left to the first layer: "alcohol" is ethanol before it is a class.
    """
    prefix = prefix_of(one.id)
    ids = {curie for curie in other.curies if prefix_of(curie) == prefix}
    return bool(ids) and one.id not in ids and FAMILY[one.kind] == FAMILY[other.kind] == "state"


class _Groups:
    """Disjoint sets of rows, none with two ids of one vocabulary."""

    def __init__(self, curies: Sequence[str]) -> None:
        self._parent = list(range(len(curies)))
        self._prefixes = [{prefix_of(curie)} for curie in curies]

    def root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = row = self._parent[self._parent[row]]
        return row

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second and not self._prefixes[first] & self._prefixes[second]:
            self._parent[second] = first
            self._prefixes[first] |= self._prefixes[second]


def _by_id(entries: Iterable[ConceptEntry]) -> list[ConceptEntry]:
    rows: dict[str, ConceptEntry] = {}
    for entry in entries:
        known = rows.get(entry.id)
        if known is None:
            rows[entry.id] = entry
        elif known != entry:
            rows[entry.id] = replace(
                known,
                names=tuple(dict.fromkeys((*known.names, *entry.names))),
                abbreviations=tuple(dict.fromkeys((*known.abbreviations, *entry.abbreviations))),
                xrefs=tuple(dict.fromkeys((*known.xrefs, *entry.xrefs))),
                broader=tuple(dict.fromkeys((*known.broader, *entry.broader))),
            )
    return list(rows.values())


def _ties(rows: Sequence[ConceptEntry]) -> list[tuple[float, int, int]]:
    """Return pairs of rows that may mean the same, with a weight: the smaller, the surer."""
    number = {entry.id: row for row, entry in enumerate(rows)}
    named: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row, entry in enumerate(rows):
        family = FAMILY[entry.kind]
        for level, names in ((_LABEL, (entry.label,)), (_NAME, entry.names)):
            for name in names:
                named[family, plain_key(name)].setdefault(row, level)
        for name in entry.abbreviations:
            named[family, "=" + short_key(name)].setdefault(row, _SHORT)
    levels: dict[tuple[int, int], int] = {}
    for sharing in named.values():
        if not 1 < len(sharing) <= _MOST_PER_NAME:
            continue
        items = sorted(sharing.items())
        for k, (one, level) in enumerate(items):
            for other, second in items[k + 1 :]:
                if prefix_of(rows[one].id) != prefix_of(rows[other].id):
                    pair = one, other
                    levels[pair] = min(levels.get(pair, 9), level + second)
    ties = []
    for (one, other), level in levels.items():
        linked = rows[other].id in rows[one].xrefs or rows[one].id in rows[other].xrefs
        shared = linked or bool(set(rows[one].xrefs) & set(rows[other].xrefs))
        if linked or level == 0 or (shared and level < 2 * _SHORT):
            ties.append((level + (0 if linked else 2.5 if shared else 4), one, other))
    for row, entry in enumerate(rows):  # ties without a common name count only when both say so
        for curie in entry.xrefs:
            other_row = number.get(curie)
            if other_row is not None and row < other_row and entry.id in rows[other_row].xrefs and (
                FAMILY[entry.kind] == FAMILY[rows[other_row].kind]
            ):  # fmt: skip
                ties.append((8.0, row, other_row))
    return ties
