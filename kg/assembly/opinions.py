"""What a second opinion says of a number's candidates, as columns for the models that weigh it.

A second opinion (:class:`kg.assembly.scores.PointingScores`) spreads its belief over the words of what it
read. Here it is gathered by phrase and by name, beside the number and over the whole document: a name that
many numbers point to is one of the document's interventions, whatever the sentence at hand says of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.assembly.labels import stems

if TYPE_CHECKING:
    from kg.assembly.beside import Indexes
    from kg.assembly.context import Context
    from kg.assembly.scores import Place, PointingScores, Role

Matrix = NDArray[np.float32]
Doubles = NDArray[np.float64]

ROLES: tuple[Role, ...] = ("outcome", "intervention", "comparator")
#: Chances below this are all the same.
LEAST = 0.003
#: Numbers of which it is remembered what they say of all phrases; few texts have more.
_KEPT = 64

#: What is said of a candidate: whether it was read together with the number; the log chance of its name in
#: each role, and how far that is above the best other name's; of its own words, of the words on either side
#: of it, and whether it holds the likeliest word; of "nothing"; what its words are by themselves; what
#: all numbers of the document say of its name.
COLUMNS: tuple[str, ...] = (
    "read",
    *(f"says_{role}" for role in ROLES),
    "says_more", "says_here", "says_before", "says_behind", "says_peak", "says_each", "says_nothing",
    *(f"is_{kind}" for kind in ("outcome", "intervention", "comparator", "population")), "is_begun", "is_gone_on",
    *(f"all_say_{role}" for role in ROLES), *(f"most_say_{role}" for role in ROLES),
)  # fmt: skip


class Opinions:
    """The second opinion on the links of one document.

    Parameters
    ----------
    context, scores
        The document and what was read of it.
    numbers
        Where the values of its statistics stand.
    """

    def __init__(self, context: Context, scores: PointingScores, numbers: Sequence[Place]) -> None:
        self.scores = scores
        self.numbers = numbers
        phrases = context.phrases
        names: dict[frozenset[str], int] = {}
        self.name_of = np.array(
            [names.setdefault(stems(p.label), len(names)) for p in phrases], np.intp
        )
        # phrases of one name at one place are one: each word is given to a name once
        named = [
            (p.start_char, p.end_char, int(n)) for p, n in zip(phrases, self.name_of, strict=True)
        ]
        ordered = sorted(set(named))
        at = {place: n for n, place in enumerate(ordered)}
        self._place_of = np.array([at[place] for place in named], np.intp)
        self._places = places = tuple((start, end) for start, end, _ in ordered)
        self._names = size = len(names)
        owners = np.array([n for _, _, n in ordered], np.intp)
        # a number is asked of by each of its roles, and once for what all numbers say
        pointed = lru_cache(_KEPT)(lambda k: scores.pointed(numbers[k], places))
        self._pointed = pointed
        self.by_name = lru_cache(_KEPT)(lambda k: _by_name(pointed(k)[:, 0], owners, size))

    @cached_property
    def _of_document(self) -> Doubles:
        """Return 6 × names: mean chance over the numbers read with a name, by role, and the shares of all."""
        total = np.zeros((3, self._names))
        times = np.zeros(self._names)
        for k in range(len(self.numbers)):
            sums, read = self.by_name(k)
            total += sums
            times += read
        mean = total / np.maximum(times, 1.0)
        most = total / np.maximum(total.max(axis=1, keepdims=True), 1e-6)
        return np.concatenate([mean, most])

    @cached_property
    def _of_phrases(self) -> Matrix:
        """Return 12 × phrases: what the words of a phrase are, and what all numbers say of its name."""
        kinds = self.scores.kinds(self._places)[:, self._place_of]
        return np.concatenate([kinds, self._of_document[:, self.name_of]], dtype=np.float32)

    def columns(self, role: Role, k: int, index: Indexes) -> Matrix:
        """Return what is said of candidates for a role of the `k`-th number, ``(len(COLUMNS), len(index))``."""
        at = ROLES.index(role)
        names = self.name_of[index]
        sums, known = self.by_name(k)
        own = self._pointed(k)[at][:, self._place_of[index]]
        read = ~np.isnan(own[0])
        own = np.nan_to_num(own)
        logs = np.where(known, np.log(np.maximum(sums, LEAST)), np.log(LEAST))
        row = logs[at]
        order = np.sort(row)
        best, second = order[-1], order[-2] if len(order) > 1 else order[-1]
        said = row[names]
        out = np.empty((len(COLUMNS), len(index)), np.float32)
        out[0] = read
        out[1:4] = logs[:, names]
        out[4] = said - np.where(said >= best, second, best)
        out[5:8] = np.log(np.maximum(own[:3], LEAST))
        out[8] = own[3]
        out[9] = np.log(np.maximum(own[4], LEAST))
        out[10] = np.log(max(self.scores.nothing(role, self.numbers[k]), LEAST))
        out[11:] = self._of_phrases[:, index]
        return out


def _by_name(told: Doubles, owners: Indexes, names: int) -> tuple[Doubles, NDArray[np.bool_]]:
    """Return roles × names: the chance of each name, and which names were read with a number.

    `told` are roles × places: what the number says of each, `owners` the names that stand there.
    """
    read = ~np.isnan(told[0])
    chances = np.where(read, told, 0.0)
    sums = np.stack([np.bincount(owners, row, names) for row in chances])
    return np.clip(sums, 0.0, 1.0), np.bincount(owners, read, names) > 0
