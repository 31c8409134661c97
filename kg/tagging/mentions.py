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
from kg.tagging.features import add_features, mention_features
from kg.tagging.model_file import MODELS, open_model
from kg.tagging.roles import role_features
from kg.tagging.tidy import tidy

#: The training set whose habits of marking the tagger follows: what a reader of tables wants.
STYLE = "silver"

#: A word is left out when the probability that it belongs to no mention is above this. It is over
#: one half because what is missed here is lost, and what is too much can still be dropped.
LEFT_OUT_ABOVE = 0.65

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
        The folder that holds the packed models ``names``, ``spans`` and ``roles``.
    """

    def __init__(self, models: Path = MODELS) -> None:
        self._names = open_model("names", models)
        self._spans = open_model("spans", models)
        self._roles = open_model("roles", models)

    def tag(
        self,
        words: Sequence[str],
        tags: Sequence[str],
        glued: Sequence[bool],
        context: DocumentContext,
        section: str = "",
    ) -> list[Tagged]:
        """Return the mentions of one sentence in order of place.

        A condition may lie within another mention ("women with *breast cancer*"); the others do
        not overlap.

        Parameters
        ----------
        words, tags, glued
            The sentence's tokens, without white space, their parts of speech, and for each
            whether it follows the one before without white space.
        context
            The document's title words and word counts.
        section
            A kind of :func:`kg.tagging.context.section_kind`.
        """
        if not words:
            return []
        rows = mention_features(words, tags, context, section)
        names = self._names.tag(pycrfsuite.ItemSequence(rows))
        found = [
            Tagged(
                _with_type(words, first),
                last,
                "condition",
                self._score(self._names, names, first, last),
            )
            for first, last, label in tidy(find_runs(names), words, tags, glued)
            if label == DISEASE
        ]
        self._spans.set(pycrfsuite.ItemSequence(add_features(rows, words, names, STYLE)))
        spans = decode(self._spans, len(words))
        for first, last, label in tidy(find_runs(spans), words, tags, glued):
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
        """Return the smallest probability that a word of a mention has its kind."""
        kind = next(mark[2:] for mark in labels[first:last] if mark != "O")
        least = 1.0
        for k in range(first, last):
            least = min(least, tagger.marginal(f"B-{kind}", k) + tagger.marginal(f"I-{kind}", k))
        return round(least, 3)


def _with_type(words: Sequence[str], first: int) -> int:
    """Return where a disease's name begins, its type or stage included ("type 2 diabetes")."""
    if first >= 2 and words[first - 2].lower() in ("type", "stage", "grade", "class"):
        return first - 2
    return first


def decode(
    tagger: pycrfsuite.Tagger, size: int, left_out_above: float = LEFT_OUT_ABOVE
) -> list[str]:
    """Return BIO labels from the marginal probabilities of the sequence that was set last."""
    kinds = sorted({label[2:] for label in tagger.labels() if label != "O"})
    decoded: list[str] = []
    previous = ""
    for k in range(size):
        if tagger.marginal("O", k) > left_out_above:
            decoded.append("O")
            previous = ""
            continue
        begins = [tagger.marginal(f"B-{kind}", k) for kind in kinds]
        goes_on = [tagger.marginal(f"I-{kind}", k) for kind in kinds]
        best = max(range(len(kinds)), key=lambda n: begins[n] + goes_on[n])
        first = kinds[best] != previous or begins[best] > goes_on[best]
        decoded.append(f"{'B' if first else 'I'}-{kinds[best]}")
        previous = kinds[best]
    return decoded


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
