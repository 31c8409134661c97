"""Which words spell the name of a disease, a symptom or a chemical that vocabularies have.

Names are kept as sorted 32-bit hashes of their words (``models/known_names.npz``, made by
``training/known_names.py``): they can be recognised and not listed. One run of words in ten
thousand agrees with a name by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.tagging.linear_chain import Integers
from kg.tagging.model_file import MODELS
from kg.terminology.names import plain_key

#: Bits of what a name may name.
DISEASE, SYMPTOM, CHEMICAL = 1, 2, 4
#: What one word is in a name: no part of it, all of it, its begin, its end, or between these; small
#: letters in a name that only symptoms have.
SIGNS = ("", *"SBEIsbei")

#: Longer names are not kept.
MOST_PIECES = 6
#: A shorter word in capitals only may be a short form, whose letter case counts.
_LONGEST_SHORT_FORM = 6

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_HIGH = np.uint64(32)

#: Lower bits of a hash; which of the others names begin with is told by a table of 2 MiB, a bit each.
_BITS = 8

Hashes = NDArray[np.uint64]
#: A name in a text: first piece, last piece (excluded), kinds.
Hit = tuple[int, int, int]


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
        begun = np.zeros(1 << (32 - _BITS), np.bool_)
        begun[self._names >> _BITS] = True
        self._begun = np.packbits(begun, bitorder="little")

    def find(self, words: Sequence[str], lengths: Sequence[int]) -> tuple[Integers, Integers]:
        """Return for each word of sentences of some lengths what it is in the longest known names.

        Returns
        -------
        conditions, chemicals
            For each word a number of :data:`SIGNS`.
        """
        hashed = list(map(pieces_of, words))
        owners = np.repeat(np.arange(len(words)), np.fromiter(map(len, hashed), np.intp))
        pieces = np.fromiter(chain.from_iterable(hashed), np.uint64, len(owners))
        sizes = np.asarray(lengths, np.intp)
        ends = np.repeat(np.cumsum(sizes), sizes)[owners]  # of the sentence, in words
        hits = list(self._hits(pieces, owners, ends))
        found = np.zeros((2, len(words)), np.intp)
        for signs, bits in zip(found, (DISEASE | SYMPTOM, CHEMICAL), strict=True):
            for first, last, kinds in _longest(hits, bits):
                a, b = int(owners[first]), int(owners[last - 1]) + 1
                spelt = "S" if b - a == 1 else f"B{'I' * (b - a - 2)}E"
                spelt = spelt.lower() if kinds == SYMPTOM else spelt
                signs[a:b] = [SIGNS.index(sign) for sign in spelt]
        return found[0], found[1]

    def _hits(self, pieces: Hashes, owners: Integers, ends: Integers) -> Iterator[Hit]:
        """Yield the known names, those of one piece first, then those of two and so on."""
        size = len(pieces)
        names = np.zeros(size, np.uint64)
        hashes = np.zeros(
            (MOST_PIECES, size), np.uint32
        )  # of names with so many more pieces, from each
        for more in range(min(MOST_PIECES, size)):
            names = lengthened(names[: size - more], pieces[more:])
            hashes[more, : size - more] = folded(names)
        flat = hashes.ravel()
        upper = flat >> _BITS
        likely = np.flatnonzero(self._begun[upper >> 3] >> (upper & 7) & 1)
        at = np.minimum(np.searchsorted(self._names, flat[likely]), len(self._names) - 1)
        known = self._names[at] == flat[likely]
        for place, kinds in zip(
            likely[known].tolist(), self._kinds[at[known]].tolist(), strict=True
        ):
            more, first = divmod(place, size)
            if first + more < size and owners[first + more] < ends[first]:
                yield first, first + more + 1, kinds


def _longest(hits: Sequence[Hit], bits: int) -> Iterator[Hit]:
    """Yield the longest names of some kinds, left to right; none overlaps another."""
    longest = {first: (last, kinds & bits) for first, last, kinds in hits if kinds & bits}
    until = 0
    for first in sorted(longest):
        if first >= until:
            until, kinds = longest[first]
            yield first, until, kinds


@cache
def read_known_names(models: Path = MODELS) -> KnownNames:
    """Return the known names of a folder of models."""
    return KnownNames(models / "known_names.npz")
