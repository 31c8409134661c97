"""The names of one study, each entered once: what its records refer to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from kg.assembly.arm_mentions import GROUP_HEADS
from kg.assembly.labels import identity, likeness
from kg.records import Span, content_id

MOST_PLACES = 5  # that are kept of those that give a name


@dataclass
class Registry:
    """Names of one study's interventions or outcomes, one entry for what is the same name."""

    kind: str
    study: str
    spelt: Callable[[str], str] = str  # how a name is written
    barest: bool = (
        False  # of the spellings of a name the one with the fewest words is kept, else the first
    )
    labels: dict[frozenset[str], str] = field(default_factory=dict)
    evidence: dict[frozenset[str], tuple[Span, ...]] = field(default_factory=dict)
    _identifiers: dict[frozenset[str], str] = field(default_factory=dict)

    def add(self, label: str, *spans: Span) -> str:
        """Enter a name with the places that give it, and return its identifier."""
        label = self.spelt(label)
        key = identity(label)
        kept = self.labels.setdefault(key, label)
        identifier = self.identifier(key)
        if self.barest and _length(label) < _length(kept):
            self.labels[key] = label
        known = self.evidence.get(key, ())
        if len(known) < MOST_PLACES:
            self.evidence[key] = tuple(dict.fromkeys((*known, *spans)))[:MOST_PLACES]
        return identifier

    def identifier(self, key: frozenset[str]) -> str:
        """Return the identifier of a name by its words: a hash of the spelling that was entered first."""
        if key not in self._identifiers:
            name = self.labels[key].casefold()
            self._identifiers[key] = content_id(self.kind, [self.study, name])
        return self._identifiers[key]

    def find_same(self, label: str) -> str | None:
        """Return the identifier of the entry that shares most words with a label and has few others.

        Unlike :meth:`find` it does not take "timolol" for "dorzolamide/timolol".
        """
        words = identity(label)
        best = max(self.labels, key=lambda k: len(k & words) / len(k | words or {""}), default=None)
        if best is None or 2 * len(best & words) <= len(best | words):
            return None
        return self.identifier(best)

    def find(self, label: str) -> str | None:
        """Return the identifier of the entry most like a label, ``None`` if none is alike."""
        best = max(self.labels, key=lambda k: likeness(self.labels[k], label), default=None)
        if best is None or likeness(self.labels[best], label) < 0.5:
            return None
        return self.identifier(best)


@lru_cache(maxsize=4096)
def _length(label: str) -> int:
    """Return the number of a name's words, "group" left out: "reference group" is no frill."""
    return sum(word.lower() not in GROUP_HEADS for word in label.split())
