"""What the spaCy pipeline found in one document, as plain data for the assembly.

All offsets are code points of the view's text, end excluded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.assembly.sentence import Sentence

MentionLabel = Literal[
    "population", "condition", "intervention", "comparator", "outcome", "chemical"
]


class Token(NamedTuple):
    """A token; `tag` is a coarse part of speech where one is known, else empty."""

    start_char: int
    end_char: int
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class TaggedMention:
    """A stretch that names a participant group, a condition, an intervention or an outcome."""

    kind: MentionLabel
    start_char: int
    end_char: int
    text: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form, what it stands for, and the stretch of the view in which it does."""

    short: str
    long: str
    start_char: int  # where it is defined
    scope_start: int
    scope_end: int


class Chunk(NamedTuple):
    """A base noun phrase: a candidate name of an outcome, an intervention or a group."""

    start_char: int
    end_char: int
    text: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """Tokens, sentences, mentions, chunks and abbreviations of the evidence blocks, in text order.

    ``chances`` say of each token how likely it is what: tokens ×
    :data:`kg.tagging.mentions.CHANCES`, or ``None``.
    """

    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[TaggedMention, ...]
    chunks: tuple[Chunk, ...]
    abbreviations: tuple[Abbreviation, ...]
    chances: NDArray[np.float32] | None = field(default=None, compare=False)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _by_short: dict[str, list[Abbreviation]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(s.start_char for s in self.sentences))
        by_short: dict[str, list[Abbreviation]] = {}
        for item in self.abbreviations:
            by_short.setdefault(item.short, []).append(item)
        object.__setattr__(self, "_by_short", by_short)

    def expand(self, short: str, at_char: int) -> str | None:
        """Return the long form that `short` has at a place, or ``None``."""
        for item in self._by_short.get(short, ()):
            if item.scope_start <= at_char < item.scope_end:
                return item.long
        return None

    def sentence_at(self, at_char: int) -> int | None:
        """Return the index of the sentence that holds a character, or ``None``."""
        k = bisect_right(self._starts, at_char) - 1
        return k if k >= 0 and at_char < self.sentences[k].end_char else None
