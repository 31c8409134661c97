"""Which words spell the name of a disease, a symptom or a chemical that vocabularies have.

Names are kept as sorted 32-bit hashes of their words (``models/known_names.npz``, made by
``training/known_names.py``): they can be recognised and not listed. One run of words in ten
thousand agrees with a name by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.tagging.model_file import MODELS
from kg.terminology.names import plain_key

#: Bits of what a name may name.
DISEASE, SYMPTOM, CHEMICAL = 1, 2, 4
#: What one word is in a name: no part of it, all of it, its begin, its end, or between these; small
#: letters in a name that only symptoms have. First for conditions, then for chemicals.
Known = tuple[str, str]
NOTHING: Known = ("", "")

#: Longer names are not kept.
MOST_PIECES = 6
#: A shorter word in capitals only may be a short form, whose letter case counts.
_LONGEST_SHORT_FORM = 6

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HIGH = np.uint64(32)

Hashes = NDArray[np.uint64]


@lru_cache(maxsize=65536)
def pieces_of(word: str) -> tuple[int, ...]:
    """Return hashes of a word's pieces, spelling and number set aside; of a sign none."""
    if word.isupper() and 1 < len(word) <= _LONGEST_SHORT_FORM:
        pieces = [word]
    else:
        pieces = plain_key(word).split()
    return tuple(
        int.from_bytes(blake2b(piece.encode(), digest_size=8).digest(), "little")
        for piece in pieces
    )


def lengthened(name: Hashes, pieces: Hashes) -> Hashes:
    """Return the hashes of names with one more piece each; a name without pieces is nought."""
    longer: Hashes = (name + pieces) * _FACTOR
    return longer ^ (longer >> _HIGH)


def folded(names: Hashes) -> NDArray[np.uint32]:
    """Return the hashes as they are kept."""
    return (names * _FACTOR >> _HIGH).astype(np.uint32)


class KnownNames:
    """Finds known names in sentences.

    Parameters
    ----------
    path
        An archive of ``steps``, the distances between the sorted hashes of the names, and ``kinds``,
        for each the bits of what it names.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as archive:
            self._names = np.cumsum(archive["steps"], dtype=np.uint64).astype(np.uint32)
            self._kinds: NDArray[np.uint8] = archive["kinds"]

    def find(self, words: Sequence[str], lengths: Sequence[int]) -> list[Known]:
        """Return for each word of sentences of some lengths what it is in the longest known names."""
        hashed = list(map(pieces_of, words))
        counts = np.fromiter(map(len, hashed), np.intp, len(hashed))
        owners = np.repeat(np.arange(len(hashed)), counts)
        pieces = np.fromiter((h for word in hashed for h in word), np.uint64, len(owners))
        ends = np.repeat(list(accumulate(lengths)), lengths)[owners]  # of the sentence, in words
        found = [NOTHING] * len(words)
        layers: dict[int, list[tuple[int, int, int]]] = {0: [], 1: []}
        hits = list(self._hits(pieces, owners, ends))
        for layer, bits in enumerate((DISEASE | SYMPTOM, CHEMICAL)):
            layers[layer].extend(_longest(hits, bits, len(pieces)))
        for layer, places in layers.items():
            for first, last, kinds in places:
                a, b = int(owners[first]), int(owners[last - 1]) + 1
                for k in range(a, b):
                    sign = "S" if b - a == 1 else "B" if k == a else "E" if k == b - 1 else "I"
                    if kinds == SYMPTOM:
                        sign = sign.lower()
                    found[k] = (found[k][0], sign) if layer else (sign, found[k][1])
        return found

    def _hits(
        self, pieces: Hashes, owners: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> Iterator[NDArray[np.uint8]]:
        """Yield, for names of one piece, two and so on, what the name from each piece on names."""
        names = np.zeros(len(pieces), np.uint64)
        last = len(self._names) - 1
        for more in range(min(MOST_PIECES, len(pieces))):
            size = len(pieces) - more
            names = lengthened(names[:size], pieces[more:])
            kept = folded(names)
            at = np.minimum(np.searchsorted(self._names, kept), last)
            known = (self._names[at] == kept) & (owners[more:] < ends[:size])
            yield np.where(known, self._kinds[at], 0).astype(np.uint8)


def _longest(
    hits: Sequence[NDArray[np.uint8]], bits: int, size: int
) -> Iterator[tuple[int, int, int]]:
    """Yield the longest names of some kinds as first piece, last piece (excluded) and kinds."""
    lengths = np.zeros(size, np.intp)
    kinds = np.zeros(size, np.uint8)
    for more, hit in enumerate(hits):
        at = np.flatnonzero(hit & bits)
        lengths[at], kinds[at] = more + 1, hit[at] & bits
    until = 0
    for first in np.flatnonzero(lengths).tolist():
        if first >= until:
            until = first + int(lengths[first])
            yield first, until, int(kinds[first])


@cache
def read_known_names(models: Path = MODELS) -> KnownNames:
    """Return the known names of a folder of models."""
    return KnownNames(models / "known_names.npz")
