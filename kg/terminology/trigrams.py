"""Names by the character trigrams they are made of: the nearest by TF-IDF cosine, exactly.

Weights are binary term frequencies times smoothed inverse document frequencies, as scikit-learn's
``TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), binary=True)`` computes them over whole
names. The lists of names that hold a trigram are stored, not the matrix: a third of the memory, and
a question adds up only the lists of its own trigrams.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_ARRAYS = ("grams", "gram_starts", "gram_aliases", "norms")


class Trigrams:
    """An inverted index from trigram to the names that hold it."""

    def __init__(self, grams: NDArray[np.uint32], starts: NDArray[np.uint32],
                 aliases: NDArray[np.uint32], norms: NDArray[np.float32]) -> None:  # fmt: skip
        self._grams, self._starts, self._aliases, self._norms = grams, starts, aliases, norms
        self._idf = _idf(np.diff(starts.astype(np.int64)), len(norms))
        self._rarest = float(_idf(np.zeros(1, np.int64), len(norms))[0])

    @classmethod
    def build(cls, text: NDArray[np.uint8], starts: NDArray[np.uint32]) -> Trigrams:
        """Index the names in `text`, ASCII joined by line feeds, that begin at `starts`."""
        number = max(0, len(starts) - 1)
        padded = np.concatenate([text, np.frombuffer(b"\n", np.uint8)]) if number else text
        # A blank before and behind each name marks its ends.
        line = np.repeat(np.arange(number, dtype=np.uint32), np.diff(starts.astype(np.int64)))
        at = np.arange(len(line)) + 2 * line.astype(np.int64) + 1
        spaced = np.full(len(line) + 2 * number + 1, 32, np.uint8)
        spaced[at] = np.where(padded == 10, 32, padded)
        owner = np.repeat(np.arange(number, dtype=np.uint32), np.diff(starts.astype(np.int64)) + 2)
        codes = spaced[:-1].astype(np.uint32)[:-2] << 16 | spaced[1:-2].astype(np.uint32) << 8
        codes |= spaced[2:-1].astype(np.uint32)
        owner = owner[: len(codes)]
        inside = (codes & 0xFFFF) != 0x2020  # three characters, the last two not both blank
        inside &= (codes >> 8) != 0x2020
        pairs = np.unique(codes[inside].astype(np.uint64) << np.uint64(32) | owner[inside])
        grams, first = np.unique((pairs >> np.uint64(32)).astype(np.uint32), return_index=True)
        aliases = (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        gram_starts = np.append(first, len(aliases)).astype(np.uint32)
        counts = np.diff(gram_starts.astype(np.int64))
        weights = np.repeat(_idf(counts, number) ** 2, counts)
        norms = np.sqrt(np.bincount(aliases, weights=weights, minlength=number))
        return cls(grams, gram_starts, aliases, norms.astype(np.float32))

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Trigrams | None:
        """Return the index stored among `arrays`, ``None`` if there is none."""
        if any(name not in arrays for name in _ARRAYS):
            return None
        return cls(*(arrays[name] for name in _ARRAYS))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the index as arrays to store."""
        return dict(
            zip(_ARRAYS, (self._grams, self._starts, self._aliases, self._norms), strict=True)
        )

    def nearest(self, name: str, limit: int, floor: float) -> list[tuple[int, float]]:
        """Return the names nearest to `name`: their numbers and cosines, the highest first."""
        if not len(self._norms):
            return []
        wanted = np.unique(_codes(name))
        at = np.searchsorted(self._grams, wanted)
        at = np.minimum(at, len(self._grams) - 1)
        known = self._grams[at] == wanted
        # A trigram that no name holds still lengthens the question's vector.
        unknown = float(np.sum(~known)) * self._rarest**2
        grams = at[known]
        if not len(grams):
            return []
        weights = self._idf[grams] ** 2
        square = unknown + float(weights.sum())
        bounds = zip(self._starts[grams].tolist(), self._starts[grams + 1].tolist(), strict=True)
        lists = [self._aliases[first:last] for first, last in bounds]
        scores = np.bincount(
            np.concatenate(lists), np.repeat(weights, list(map(len, lists))), len(self._norms)
        )
        likely = np.flatnonzero(scores > floor * np.sqrt(square) * self._norms)
        cosines = scores[likely] / (self._norms[likely] * np.sqrt(square))
        order = np.lexsort((likely, -cosines))[:limit]
        return [(int(likely[k]), float(min(1.0, cosines[k]))) for k in order]


def _codes(name: str) -> NDArray[np.uint32]:
    """Return the trigrams of a name with a blank at either end, three bytes in one number each."""
    letters = np.frombuffer(f" {name} ".encode("ascii", "replace"), np.uint8).astype(np.uint32)
    codes: NDArray[np.uint32] = np.zeros(len(letters) - 2, np.uint32)
    for at in range(3):
        codes |= letters[at : len(codes) + at] << np.uint32(8 * (2 - at))
    return codes


def _idf(counts: NDArray[np.int64], number: int) -> NDArray[np.float64]:
    """Return smoothed inverse document frequencies, as scikit-learn does."""
    idf: NDArray[np.float64] = np.log((1 + number) / (1 + counts)) + 1
    return idf
