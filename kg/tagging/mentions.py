"""The mention tagger: which words name participants, conditions, interventions and outcomes.

Three small linear models in a row, all part of the package:

``names``
    a CRF that finds names of substances and diseases; its diseases are the *condition* mentions;
``spans``
    a CRF that finds populations, interventions (comparators among them) and outcomes;
``roles``
    a logistic model that tells comparators from interventions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from kg.tagging.context import DocumentContext
from kg.tagging.features import mention_features
from kg.tagging.roles import role_features

MODELS = Path(__file__).parent / "models"

#: Labels of the ``names`` model.
SUBSTANCE, DISEASE = "Chemical", "Disease"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mention as a token range of its sentence, end excluded."""

    first: int
    last: int
    label: str
    score: float


class MentionTagger:
    """Find mentions in tokens; keeps nothing between two calls.

    Parameters
    ----------
    models
        The folder that holds ``names.crfsuite``, ``spans.crfsuite`` and ``roles.crfsuite``.
    """

    def __init__(self, models: Path = MODELS) -> None:
        self._names = _open(models / "names.crfsuite")
        self._spans = _open(models / "spans.crfsuite")
        self._roles = _open(models / "roles.crfsuite")

    def tag(
        self,
        words: Sequence[str],
        tags: Sequence[str],
        context: DocumentContext,
        section: str = "",
    ) -> list[Tagged]:
        """Return the mentions of one sentence in order of place.

        A condition may lie within another mention ("women with *breast cancer*"); the others do
        not overlap.

        Parameters
        ----------
        words, tags
            The sentence's tokens, without white space, and their parts of speech.
        context
            The document's title words and word counts.
        section
            A kind of :func:`kg.tagging.context.section_kind`.
        """
        if not words:
            return []
        plain = pycrfsuite.ItemSequence(mention_features(words, tags, context, section))
        names = self._names.tag(plain)
        found = [
            Tagged(first, last, "condition", self._score(self._names, names, first, last))
            for first, last, label in find_runs(names)
            if label == DISEASE
        ]
        rows = mention_features(words, tags, context, section, names)
        spans = self._spans.tag(pycrfsuite.ItemSequence(rows))
        for first, last, label in find_runs(spans):
            score = self._score(self._spans, spans, first, last)
            if label == "intervention":
                self._roles.set(
                    pycrfsuite.ItemSequence([role_features(words, tags, first, last, context)])
                )
                comparator = self._roles.marginal("comparator", 0)
                label = "comparator" if comparator > 0.5 else label
            found.append(Tagged(first, last, label, score))
        return sorted(found, key=lambda m: (m.first, -m.last))

    @staticmethod
    def _score(tagger: pycrfsuite.Tagger, labels: Sequence[str], first: int, last: int) -> float:
        """Return the smallest marginal probability of a mention's labels, just decoded."""
        least = min(tagger.marginal(labels[k], k) for k in range(first, last))
        return round(float(least), 3)


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


def _open(path: Path) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger
