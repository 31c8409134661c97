"""What a group was given, where its name only adds to it who that is: "vitamin D3 group", "placebo-treated patients"."""

from __future__ import annotations

import re
from functools import cached_property

from kg.assembly.context import Context
from kg.assembly.labels import identity
from kg.assembly.phrase import Phrase
from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS

_GROUP = frozenset({"group", "groups", "arm", "arms"})
_TREATED = re.compile(
    r"(?P<given>.+\w)-(?:treated|fed|supplemented|exposed|infused|injected)(?P<who>(?: \S+)*)",
    re.IGNORECASE,
)
#: Names that say only which part a group has in the comparison.
_PART_ONLY = (CONTROL_WORDS - {"placebo", "sham", "vehicle"}) | GENERIC_WORDS


def _frills(phrase: Phrase) -> tuple[int, bool]:
    return len(phrase.label.split()), phrase.label[0].isupper()


class GroupNames:
    """Reads the names of one document's groups."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _alone(self) -> dict[frozenset[str], str]:
        """The names of the document that are no group's, by their words."""
        context, alone = self._context, dict[frozenset[str], str]()
        # the barest name ("vitamin D", not "plasma vitamin D"), in small letters: the other may begin a sentence
        for p in sorted(context.phrases, key=_frills):
            words = set(p.raw.lower().split())
            beyond = context.lower[p.last] if p.last < len(context.lower) else ""
            if beyond not in GROUP_WORDS and not words & _GROUP and not words <= _PART_ONLY:
                alone.setdefault(identity(p.label), p.label)
        return alone

    def given(self, label: str) -> str:
        """Return a group's name as that of what it was given, any other as it is.

        The text must name that by itself: "high-volume group" and "control group" stay.
        """
        treated = _TREATED.fullmatch(label)
        if treated is not None and set(treated["who"].lower().split()) <= GROUP_WORDS:
            return self._alone.get(identity(treated["given"]), label)
        if label.rpartition(" ")[2].lower() not in _GROUP:
            return label
        return self._alone.get(identity(label), label)
