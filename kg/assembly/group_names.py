"""What a group was given, where its name only adds "group" to it: "vitamin D3 group" is given vitamin D3."""

from __future__ import annotations

from kg.assembly.context import Context
from kg.assembly.labels import identity
from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS

_GROUP = frozenset({"group", "groups", "arm", "arms"})
#: Names that say only which part a group has in the comparison.
_PART_ONLY = (CONTROL_WORDS - {"placebo", "sham", "vehicle"}) | GENERIC_WORDS


class GroupNames:
    """Reads the names of one document's groups."""

    def __init__(self, context: Context) -> None:
        self._alone: dict[frozenset[str], str] = {}
        # of two spellings the one in small letters: the other may begin a sentence
        for p in sorted(context.phrases, key=lambda p: p.label[0].isupper()):
            words = set(p.raw.lower().split())
            beyond = context.lower[p.last] if p.last < len(context.lower) else ""
            if beyond not in GROUP_WORDS and not words & _GROUP and not words <= _PART_ONLY:
                self._alone.setdefault(identity(p.label), p.label)

    def given(self, label: str) -> str:
        """Return a group's name as that of what it was given, any other as it is.

        The text must name that by itself: "high-volume group" and "control group" stay.
        """
        if label.rpartition(" ")[2].lower() not in _GROUP:
            return label
        return self._alone.get(identity(label), label)
