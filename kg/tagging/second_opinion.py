"""The encoder's opinion on links, arms and directions, in the form the ranking asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.records import Direction
from kg.tagging.encoder import Encoded

Place = tuple[int, int]

#: A chance below this counts as this: no answer is ever impossible.
_LEAST = 0.003


class EncoderScores:
    """Scores of one document (:class:`kg.assembly.ranking.LinkScores`)."""

    def __init__(self, encoded: Encoded) -> None:
        self._encoded = encoded
        self._places: Sequence[Place] = ()
        self._parts = encoded.parts(())

    def link(self, role: str, number: Place, candidate: Place) -> float | None:
        """Return the chance that a phrase fills a role of a number, ``None`` if read apart."""
        return self._encoded.link(role, number[0], *candidate)

    def links(self, role: str, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        """Return :meth:`link` of many phrases, not a number for no opinion; asked of the same again and again."""
        if candidates is not self._places:
            self._places, self._parts = candidates, self._encoded.parts(candidates)
        return self._encoded.links(role, number[0], self._parts)

    def tested(self, number: Place) -> float | None:
        """Return the chance that a value is of a tested arm rather than of a control."""
        chances = self._encoded.answer("arm", number[0])
        return None if chances is None else chances["intervention"]

    def result(self, number: Place) -> float | None:
        """Return the chance that a number is a result at all."""
        chances = self._encoded.answer("result", number[0])
        return None if chances is None else chances["yes"]

    def outcome(self, phrase: Place) -> float | None:
        """Return the chance that the words of a phrase name an outcome, as readers of tables mark it."""
        return self._encoded.named("silver", "outcome", *phrase)

    def told(self, outcome: Place) -> Mapping[Direction, float]:
        """Return the chance of each direction in which an outcome is said to have gone."""
        return self._encoded.mean_answer("told", *outcome)  # type: ignore[return-value]

    def direction(self, number: Place) -> Mapping[Direction, float]:
        """Return the log probability of each direction of a number's effect."""
        chances = self._encoded.answer("direction", number[0]) or {}
        return {way: math.log(max(_LEAST, chance)) for way, chance in chances.items()}  # type: ignore[misc]
