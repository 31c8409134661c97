"""What a second opinion on links has to answer, for instance a language model that has read the sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kg.numbers.statistic import Statistic
from kg.records import Direction

Role = Literal["outcome", "intervention", "comparator"]
Place = tuple[int, int]
Matrix = NDArray[np.float32]


class LinkScores(Protocol):
    """A second opinion on links, for instance of a language model that has read the sentences.

    Places are ``(start_char, end_char)`` in the view. A number's place is that of its value
    (:func:`number_place`). Links are probabilities, those of all phrases and of none summing to 1;
    directions are log probabilities. Logarithms of both are added to the rankers' own
    before the best is taken, multiplied by the weights above.
    """

    def links(self, role: Role, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        """Return the chances that phrases fill a role of a number, not a number for no opinion."""

    def tested(self, number: Place) -> float | None:
        """Return the chance that a value is of a tested arm, not a control; ``None`` for no opinion."""

    def direction(self, number: Place) -> Mapping[Direction, float]:
        """Return the log probability of each direction, empty for no opinion."""

    def measure(self, number: Place) -> Mapping[str, float]:
        """Return the log probability of each measure that a number may be, empty for no opinion."""

    def result(self, number: Place) -> float | None:
        """Return the chance that a number is a result at all; ``None`` for no opinion."""

    def outcome(self, phrase: Place) -> float | None:
        """Return the chance that a phrase names an outcome; ``None`` for no opinion."""

    def told(self, outcome: Place) -> Mapping[Direction, float]:
        """Return where the outcome that a phrase names is said to have gone, as chances.

        Of the directions all but "unclear"; empty for no opinion.
        """


@runtime_checkable
class PointingScores(Protocol):
    """A second opinion that tells word by word what it points to; see :class:`kg.tagging.encoder.Encoded`."""

    def pointed(self, number: Place, candidates: Sequence[Place]) -> NDArray[np.float64]:
        """Return what a number says of many stretches in each role, ``(roles, 5, stretches)``."""

    def nothing(self, role: str, number: Place) -> float:
        """Return the chance that nothing fills a role of a number."""

    def kinds(self, candidates: Sequence[Place]) -> Matrix:
        """Return what the words of many stretches name, ``(6, stretches)``."""


def number_place(statistic: Statistic) -> Place:
    """Return where a number's value stands, the whole expression where it has none."""
    if statistic.value_start is None or statistic.value_end is None:
        return statistic.start_char, statistic.end_char
    return statistic.value_start, statistic.value_end
