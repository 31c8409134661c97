"""From probabilities of BIO labels to labels, runs of labels, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from kg.tagging.linear_chain import Floats

#: A word is left out when the probability that it belongs to no mention is above this. It is over
#: one half because what is missed here is lost, and what is too much can still be dropped.
LEFT_OUT_ABOVE = 0.65


class Labelling:
    """What a model says of the words of a batch.

    Parameters
    ----------
    labels
        The model's labels: ``O``, and ``B-`` and ``I-`` for each kind.
    probabilities
        A row a word, a column a label.
    """

    def __init__(self, labels: Sequence[str], probabilities: Floats) -> None:
        self._kinds = sorted({label[2:] for label in labels if label != "O"})
        column = {label: k for k, label in enumerate(labels)}
        self._outside = probabilities[:, column["O"]]
        self._begins = probabilities[:, [column[f"B-{kind}"] for kind in self._kinds]]
        self._inside = probabilities[:, [column[f"I-{kind}"] for kind in self._kinds]]
        self._either = self._begins + self._inside
        self._chances: list[list[float]] = (
            self._either.T.tolist()
        )  # kind by kind: short stretches are asked for

    def decode(self, lengths: Sequence[int]) -> list[str]:
        """Return a BIO label for each word of sentences of some lengths."""
        found = ["O"] * len(self._outside)
        firsts = set(accumulate(lengths, initial=0))
        kinds = self._either.argmax(axis=1)
        before, previous = -1, -1
        for k in np.flatnonzero(self._outside <= LEFT_OUT_ABOVE).tolist():
            kind = int(kinds[k])
            goes_on = k - 1 == before and kind == previous and k not in firsts
            begins = not goes_on or self._begins[k, kind] > self._inside[k, kind]
            found[k] = f"{'B' if begins else 'I'}-{self._kinds[kind]}"
            before, previous = k, kind
        return found

    def score(self, first: int, last: int, kind: str) -> float:
        """Return the smallest probability that a word from `first` to before `last` has a kind."""
        return round(min(self._chances[self._kinds.index(kind)][first:last]), 3)


def find_runs(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the runs of a BIO sequence as first token, last token (excluded) and label.

    Examples
    --------
    >>> list(find_runs(["O", "B-x", "I-x", "B-x", "O", "I-y"]))
    [(1, 3, 'x'), (3, 4, 'x'), (5, 6, 'y')]
    """
    first, label = 0, ""
    for k, mark in enumerate([*labels, "O"]):
        if label and (mark[0] != "I" or mark[2:] != label):
            yield first, k, label
            label = ""
        if mark != "O" and not label:
            first, label = k, mark[2:]
