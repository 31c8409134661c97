"""A noun phrase of a document that may name something: where it stands, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass, replace

MENTION_KINDS = ("outcome", "intervention", "comparator", "population", "condition")
#: The place of a mention kind in a phrase's scores.
KIND = {kind: k for k, kind in enumerate(MENTION_KINDS)}


@dataclass(slots=True, unsafe_hash=True)
class Phrase:
    """A noun phrase that may name an outcome, an intervention or a group; offsets in the view.

    It is never changed, but not frozen: that would make it in twice the time, and there are many.
    """

    start_char: int
    end_char: int
    label: str  # tidy, short forms written out
    raw: str  # tidy, as it stands
    sentence: int
    first: int  # token indexes, end excluded
    last: int
    depth: int  # brackets it stands in
    scores: tuple[float, ...]  # tagger's score per MENTION_KINDS
    list_id: int = (
        -1
    )  # 0 in no list, -1 if it is none of the document's own, below for listed codes
    list_index: int = 0
    list_size: int = 1

    def score(self, kind: str) -> float:
        """Return the tagger's score for a mention kind, 0 where it saw none."""
        return self.scores[KIND[kind]]

    def scored(self, kind: str, score: float) -> Phrase:
        """Return the phrase with at least a score for a mention kind."""
        k = KIND[kind]
        return replace(
            self, scores=(*self.scores[:k], max(score, self.scores[k]), *self.scores[k + 1 :])
        )

    def listed(self, list_id: int, list_index: int, list_size: int) -> Phrase:
        """Return the phrase as a member of a list; made without :func:`replace`, for there are many."""
        return Phrase(
            self.start_char, self.end_char, self.label, self.raw, self.sentence, self.first, self.last,
            self.depth, self.scores, list_id, list_index, list_size,
        )  # fmt: skip
