"""The mention tagger: which words name participants, conditions, interventions and outcomes.

Small linear models in a row, all part of the package:

``names``
    a CRF that finds names of substances and diseases; its diseases are the *condition* names;
``spans``
    a CRF that finds populations, interventions (comparators among them) and outcomes;
``marks``
    a CRF that says how likely each word is to be marked as participants, interventions or outcomes
    by readers who mark every place (:mod:`kg.tagging.marking`);
``entities``
    a CRF that says how likely each word begins or goes on a name of a substance or a disease, and
    knows the names that vocabularies have (:mod:`kg.tagging.known_names`,
    :mod:`kg.tagging.named`);
``roles``
    a logistic model that tells comparators from interventions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.tagging.context import DocumentContext
from kg.tagging.labelling import Labelling, find_runs
from kg.tagging.linear_chain import Floats, LinearChains
from kg.tagging.mention_scores import MentionScores, TaggerSentence
from kg.tagging.model_file import MODELS, read_model
from kg.tagging.roles import role_features
from kg.tagging.tidy import tidy

#: The training set whose habits of marking the tagger follows: what a reader of tables wants.
STYLE = "silver"

#: Labels of the ``names`` model.
SUBSTANCE, DISEASE = "Chemical", "Disease"


#: Its labels that say where a name begins and goes on.
NAME_TAGS = tuple(f"{sign}-{kind}" for kind in (SUBSTANCE, DISEASE) for sign in "BI")

#: What the columns of :meth:`MentionTagger.tag_all`'s chances are of.
CHANCES = (*NAME_TAGS, "intervention", "outcome", "population")
Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mention as a token range of its sentence, end excluded."""

    first: int
    last: int
    label: str
    score: float


class MentionTagger:
    """Find mentions in tokens; keeps nothing between two calls but what features weigh.

    Parameters
    ----------
    models
        The folder that holds the packed models of the list above.
    """

    def __init__(self, models: Path = MODELS) -> None:
        self._names = read_model("names", models)
        self._spans = read_model("spans", models)
        self._marks = read_model("marks", models)
        self._entities = read_model("entities", models)
        chains = (self._names, self._spans, self._marks, self._entities)
        self._chains = LinearChains(*chains)
        self._scores = MentionScores(*chains, STYLE)
        roles = read_model("roles", models)
        compared, tested = map(roles.labels.index, ("comparator", "intervention"))
        lead = roles.weights[:, compared] - roles.weights[:, tested]
        self._roles = dict(zip(roles.attributes, lead.tolist(), strict=True))

    def tag(
        self,
        words: Sequence[str],
        tags: Sequence[str],
        glued: Sequence[bool],
        context: DocumentContext,
        section: str = "",
    ) -> list[Tagged]:
        """Return the mentions of one sentence: :meth:`tag_all` for one."""
        return self.tag_all([TaggerSentence(words, tags, glued, context, section)])[0][0]

    def tag_all(self, sentences: Sequence[TaggerSentence]) -> tuple[list[list[Tagged]], Chances]:
        """Return the mentions of each sentence in order of place, and how likely each word is what.

        A condition may lie within another mention ("women with *breast cancer*"); the others do
        not overlap. The chances have a row for each word of all sentences and the columns
        :data:`CHANCES`.
        """
        found: list[list[Tagged]] = [[] for _ in sentences]
        numbers = [k for k, sentence in enumerate(sentences) if sentence.words]
        if not numbers:
            return found, np.zeros((0, len(CHANCES)), np.float32)
        filled = [sentences[k] for k in numbers]
        lengths = [len(sentence.words) for sentence in filled]
        names, spans, marks, entities = self._scores.first(filled)
        best = self._names.best(names, lengths)
        said = [self._names.labels[k] for k in best.tolist()]
        for scores, added in zip((spans, marks), self._scores.said(best, lengths), strict=True):
            scores += added
        of_names, of_spans, of_marks, of_entities = self._chains.probabilities(
            (names, spans, marks, entities), lengths
        )
        named = Labelling(self._names.labels, of_names)
        labelling = Labelling(self._spans.labels, of_spans)
        labels = labelling.decode(lengths)
        bounds = pairwise(accumulate(lengths, initial=0))
        for number, sentence, (at, end) in zip(numbers, filled, bounds, strict=True):
            items = [
                *self._conditions(sentence, said[at:end], named, at),
                *self._mentions(sentence, labels[at:end], labelling, at),
            ]
            found[number] = sorted(items, key=lambda m: (m.first, -m.last))
        chances = [
            of_entities[:, [self._entities.labels.index(tag) for tag in NAME_TAGS]],
            _either(self._marks.labels, of_marks),
        ]
        return found, np.concatenate(chances, axis=1, dtype=np.float32)

    def _conditions(
        self, sentence: TaggerSentence, labels: Sequence[str], labelling: Labelling, at: int
    ) -> Iterator[Tagged]:
        if f"B-{DISEASE}" not in labels and f"I-{DISEASE}" not in labels:
            return
        for first, last, label in tidy(
            find_runs(labels), sentence.words, sentence.tags, sentence.glued, sentence.units
        ):
            if label == DISEASE:
                score = labelling.score(at + first, at + last, _kind(labels, first, last))
                yield Tagged(_with_type(sentence.words, first), last, "condition", score)

    def _mentions(
        self, sentence: TaggerSentence, labels: Sequence[str], labelling: Labelling, at: int
    ) -> Iterator[Tagged]:
        for first, last, label in tidy(
            find_runs(labels), sentence.words, sentence.tags, sentence.glued, sentence.units
        ):
            score = labelling.score(at + first, at + last, _kind(labels, first, last))
            yield Tagged(first, last, self._role(sentence, first, last, label), score)

    def _role(self, sentence: TaggerSentence, first: int, last: int, label: str) -> str:
        """Return the label of a mention, interventions told from comparators."""
        if label != "intervention":
            return label
        row = role_features(sentence.words, sentence.tags, first, last, sentence.context)
        return "comparator" if sum(map(self._roles.get, row, repeat(0.0))) > 0 else label


def _kind(labels: Sequence[str], first: int, last: int) -> str:
    """Return the kind of the first label of a mention."""
    return next(mark[2:] for mark in labels[first:last] if mark != "O")


def _with_type(words: Sequence[str], first: int) -> int:
    """Return where a disease's name begins, its type or stage included ("type 2 diabetes")."""
    if first >= 2 and words[first - 2].lower() in ("type", "stage", "grade", "class"):
        return first - 2
    return first


def _either(labels: Sequence[str], probabilities: Floats) -> Floats:
    """Return words × kinds, in the order of their names: to begin or to go on."""
    kinds = sorted({label[2:] for label in labels if label != "O"})
    begins = probabilities[:, [labels.index(f"B-{kind}") for kind in kinds]]
    inside = probabilities[:, [labels.index(f"I-{kind}") for kind in kinds]]
    either: Floats = begins + inside
    return either
