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
    """Scores of one document (:class:`kg.assembly.scores.LinkScores`)."""

    def __init__(self, encoded: Encoded) -> None:
        self._encoded = encoded
        # by identity; that the places are kept with them keeps identities apart
        self._parts: dict[int, tuple[Sequence[Place], NDArray[np.intp]]] = {}

    def links(self, role: str, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        """Return the chances that phrases fill a role of a number, not a number for those read apart."""
        return self._encoded.links(role, number[0], self._parts_of(candidates))

    def pointed(self, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        """Return what a number says of many stretches (:meth:`kg.tagging.encoder.Encoded.pointed`)."""
        return self._encoded.pointed(number[0], self._parts_of(candidates))

    def nothing(self, role: str, number: Place) -> float:
        """Return the chance that nothing fills a role of a number."""
        return self._encoded.nothing(role, number[0])

    def kinds(self, candidates: Sequence[Place]) -> NDArray[np.float32]:
        """Return what the words of many stretches name, as readers of tables mark it."""
        labels = ("outcome", "intervention", "comparator", "population")
        return self._encoded.kinds("silver", labels, self._encoded.parts(candidates))

    def _parts_of(self, candidates: Sequence[Place]) -> NDArray[np.intp]:
        """Return the words of the candidates; those of a document, a tuple, are asked for again and again."""
        if not isinstance(candidates, tuple):
            return self._encoded.parts(candidates)
        if id(candidates) not in self._parts:
            self._parts[id(candidates)] = candidates, self._encoded.parts(candidates)
        return self._parts[id(candidates)][1]

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
        return self._logs("direction", number)  # type: ignore[return-value]

    def measure(self, number: Place) -> Mapping[str, float]:
        """Return the log probability of each measure that a number without a name may be."""
        return self._logs("measure", number)

    def _logs(self, question: str, number: Place) -> dict[str, float]:
        chances = self._encoded.answer(question, number[0]) or {}
        return {answer: math.log(max(_LEAST, chance)) for answer, chance in chances.items()}
