"""Two builds compared by finding: what was added, what changed and how, what is gone.

Identifiers of findings are hashes of their content and change with it, so a finding is found again by
what it is about: first those that are the same in all, then, inside a study, the pairs that are most
alike, by what they measure, their numbers and their sentence.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from kg.errors import BuildError
from kg.findings import ABOUT, KINDS, NUMBERS, Finding, findings_of
from kg.output import read_lines
from kg.records import Record

#: What agreement in a field is worth when a finding is looked for in the other build. An outcome and a
#: number tell a finding best; the rest decides between several.
_WORTH = {
    "outcome": 3.0,
    "intervention": 2.0,
    "measure": 1.5,
    "value": 3.0,
    "low": 3.0,
    "unit": 1.0,
}
_NUMBERS_WORTH, _ABOUT_WORTH, _SENTENCE_WORTH = 1.0, 0.75, 4.0
#: Share of the worth of all fields that either has from which on two findings are one that changed.
_ALIKE = 0.5
#: Of these two findings must share one, or they are two: sentences often tell several results.
_ANCHORS: dict[str, tuple[str, ...]] = {
    "effect": ("outcome", "value", "ci_low"), "dose": ("intervention", "low", "high"),
    "regimen": ("intervention",),
    "recommendation": ("sentence",),
}  # fmt: skip
#: Pairs of one study that are looked at; beyond, only equal ones are found again.
_PAIRS = 1_000_000


@dataclass(frozen=True)
class Change:
    """A finding of both builds that is not the same: field → (before, after)."""

    before: Finding
    after: Finding
    fields: dict[str, tuple[Any, Any]]


@dataclass
class Difference:
    """What differs between two builds; documents are named by their paths."""

    added: list[Finding] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)
    unchanged: int = 0
    documents_added: list[str] = field(default_factory=list)
    documents_changed: list[str] = field(default_factory=list)
    documents_gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as ``kg diff --json`` prints it."""
        return {
            "added": [_to_json(item) for item in self.added],
            "changed": [
                _to_json(item.after) | {"id_before": item.before.id, "changes": {
                    name: {"from": old, "to": new} for name, (old, new) in item.fields.items()
                }}
                for item in self.changed
            ],
            "gone": [_to_json(item) for item in self.gone],
            "unchanged": self.unchanged,
            "documents": {
                "added": self.documents_added, "changed": self.documents_changed,
                "gone": self.documents_gone,
            },
        }  # fmt: skip


def diff(one: Path, other: Path, kinds: Iterable[str] = KINDS) -> Difference:
    """Compare two builds.

    Parameters
    ----------
    one, other
        Output folders, or their ``records.jsonl``: before and after. Documents whose records are the
        same bytes are not read further.
    kinds
        Which of `KINDS` to compare.

    Raises
    ------
    BuildError
        If one of them holds no records of this version.
    """
    lines = [set(_hashes(one)), set(_hashes(other))]
    same = lines[0] & lines[1]
    before, after = _read(one, same), _read(other, same)
    report = Difference()
    old, new = ({record.document.path: record for record in side} for side in (before, after))
    report.documents_added = sorted(new.keys() - old.keys())
    report.documents_gone = sorted(old.keys() - new.keys())
    report.documents_changed = sorted(old.keys() & new.keys())
    _undo_renames(report, old, new)
    wanted = frozenset(kinds)
    found_before = [f for record in before for f in findings_of(record)]
    found_after = [f for record in after for f in findings_of(record)]
    report.unchanged = _count(one, same, wanted)
    for kind in sorted(wanted):
        _compare(
            [f for f in found_before if f.kind == kind],
            [f for f in found_after if f.kind == kind],
            report,
        )
    report.added.sort(key=_place)
    report.gone.sort(key=_place)
    report.changed.sort(key=lambda change: _place(change.after))
    return report


def _compare(before: list[Finding], after: list[Finding], report: Difference) -> None:
    """Pair the findings of one kind in rounds, the surest first."""
    pairs: list[tuple[Finding, Finding]] = []
    rounds: tuple[Callable[[Finding], Hashable], ...] = (
        lambda f: (f.document, f.study, f.content),
        lambda f: (f.study, f.content),
        lambda f: (f.document, f.content),
    )
    for key in rounds:
        found, before, after = _pair_equal(before, after, key)
        pairs += found
    scopes: tuple[Callable[[Finding], Hashable], ...] = (
        lambda f: (f.document, f.study), lambda f: f.study, lambda f: f.document,
    )  # fmt: skip
    for scope in scopes:
        found, before, after = _pair_alike(before, after, scope)
        pairs += found
    for old, new in pairs:
        fields = _changes(old, new)
        if fields:
            report.changed.append(Change(old, new, fields))
        else:
            report.unchanged += 1
    report.gone += before
    report.added += after


_Paired = tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]


def _pair_equal(
    before: list[Finding], after: list[Finding], key: Callable[[Finding], Hashable]
) -> _Paired:
    """Pair those with the same key, in their order; return the pairs and what is left of both."""
    waiting: dict[Hashable, list[Finding]] = defaultdict(list)
    for item in reversed(before):
        waiting[key(item)].append(item)
    pairs, left = [], []
    for item in after:
        same = waiting.get(key(item))
        if same:
            pairs.append((same.pop(), item))
        else:
            left.append(item)
    taken = {id(old) for old, _ in pairs}
    return pairs, [item for item in before if id(item) not in taken], left


def _pair_alike(
    before: list[Finding], after: list[Finding], scope: Callable[[Finding], Hashable]
) -> _Paired:
    """Pair the most alike of each scope first, until no two are alike enough."""
    groups: dict[Hashable, tuple[list[Finding], list[Finding]]] = defaultdict(lambda: ([], []))
    for index, side in enumerate((before, after)):
        for item in side:
            groups[scope(item)][index].append(item)
    pairs: list[tuple[Finding, Finding]] = []
    for old, new in groups.values():
        if not old or not new or len(old) * len(new) > _PAIRS:
            continue
        scored = sorted(
            (-score, abs(i - j), i, j)
            for i, one in enumerate(old)
            for j, other in enumerate(new)
            if (score := likeness(one, other)) >= _ALIKE
        )
        used: tuple[set[int], set[int]] = (set(), set())
        for _, _, i, j in scored:
            if i not in used[0] and j not in used[1]:
                used[0].add(i)
                used[1].add(j)
                pairs.append((old[i], new[j]))
    taken = {id(item) for item in chain.from_iterable(pairs)}
    return (
        pairs,
        [item for item in before if id(item) not in taken],
        [item for item in after if id(item) not in taken],
    )


def likeness(one: Finding, other: Finding) -> float:
    """Return how alike two findings of one kind are, from 0 to 1.

    The worth of the fields in which they agree, of the worth of those that either has; 0 where they
    share none of their kind's anchors.
    """
    if not any(_agree(one, other, name) for name in _ANCHORS[one.kind]):
        return 0.0
    got = worth = 0.0
    for name in ABOUT[one.kind] + NUMBERS[one.kind]:
        old, new = one.fields.get(name), other.fields.get(name)
        if old is None and new is None:
            continue
        default = _ABOUT_WORTH if name in ABOUT[one.kind] else _NUMBERS_WORTH
        value = _WORTH.get(name, default)
        worth += value
        if old == new:
            got += value
        elif isinstance(old, str) and isinstance(new, str):
            got += value * _overlap(old, new)
    old, new = one.fields.get("sentence", ""), other.fields.get("sentence", "")
    worth += _SENTENCE_WORTH
    got += _SENTENCE_WORTH * _overlap(old, new)
    return got / worth


def _agree(one: Finding, other: Finding, name: str) -> bool:
    old, new = one.fields.get(name), other.fields.get(name)
    if isinstance(old, str) and isinstance(new, str):
        return _overlap(old, new) >= _ALIKE
    return old is not None and old == new


def _overlap(one: str, other: str) -> float:
    """Return the share of words that two texts have in common (Dice), counting repetitions."""
    words = Counter(one.casefold().split()), Counter(other.casefold().split())
    total = words[0].total() + words[1].total()
    return 2 * (words[0] & words[1]).total() / total if total else 1.0


def _changes(old: Finding, new: Finding) -> dict[str, tuple[Any, Any]]:
    names = [*old.fields, *(name for name in new.fields if name not in old.fields)]
    changes = {
        name: (old.fields.get(name), new.fields.get(name))
        for name in names
        if old.fields.get(name) != new.fields.get(name)
    }
    if old.study_label != new.study_label:
        changes["study"] = (old.study_label, new.study_label)
    return changes


def _hashes(source: Path) -> Iterator[bytes]:
    for line in read_lines(source):
        yield hashlib.sha256(line.rstrip(b"\n")).digest()


def _read(source: Path, same: set[bytes]) -> list[Record]:
    """Return the records whose lines the other build has not."""
    from pydantic import ValidationError

    records = []
    for number, line in enumerate(read_lines(source), 1):
        if hashlib.sha256(line.rstrip(b"\n")).digest() in same:
            continue
        try:
            records.append(Record.model_validate_json(line))
        except ValidationError as error:
            raise BuildError(
                f"{source}, line {number}: is no record of this version: {error.errors()[0]['msg']};"
                " build it again"
            ) from error
    return records


def _count(source: Path, same: set[bytes], kinds: frozenset[str]) -> int:
    """Count the findings of the lines that both builds have."""
    import json

    count = 0
    for line in read_lines(source):
        if hashlib.sha256(line.rstrip(b"\n")).digest() in same:
            for study in json.loads(line)["studies"]:
                count += sum(len(study.get(f"{kind}s", ())) for kind in kinds)
    return count


def _undo_renames(report: Difference, old: dict[str, Record], new: dict[str, Record]) -> None:
    """Take a file that only moved off the lists: its text is the same."""
    by_text = {old[path].document.sha256: path for path in report.documents_gone}
    for path in list(report.documents_added):
        before = by_text.pop(new[path].document.sha256, None)
        if before is not None:
            report.documents_added.remove(path)
            report.documents_gone.remove(before)


def _place(item: Finding) -> tuple[Any, ...]:
    return item.document, item.study_label, KINDS.index(item.kind), item.says, item.id


def _to_json(item: Finding) -> dict[str, Any]:
    return {
        "kind": item.kind, "id": item.id, "document": item.document, "study": item.study_label,
        "says": item.says, "fields": item.fields,
    }  # fmt: skip
