"""Scores of the mention tagger's labels for all words of a batch of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise

import numpy as np

from kg.tagging.context import DocumentContext
from kg.tagging.features import (
    PADDING,
    PlaceKey,
    between_template,
    cue_after_template,
    cue_before_template,
    find_cues,
    find_places,
    known_template,
    left_template,
    name_template,
    pair_template,
    place_template,
    right_template,
    section_template,
    style_template,
    word_template,
)
from kg.tagging.known_names import NOTHING, Known, read_known_names
from kg.tagging.linear_chain import Floats, Integers, LinearChain
from kg.tagging.phrases import Unit
from kg.tagging.scoring import ScoreTable, Weights
from kg.tagging.words import normal_word

_NOTHING = DocumentContext(frozenset(), {})
Pair = tuple[str, str]
Triple = tuple[str, str, str]

_REACH = 2  # words of padding between sentences


@dataclass(frozen=True, slots=True)
class TaggerSentence:
    """One sentence as the mention tagger reads it.

    ``words`` are its tokens without white space, ``tags`` their parts of speech, ``glued`` tells for
    each whether it follows the one before without white space; ``section`` is a kind of
    :func:`kg.tagging.context.section_kind`, ``units`` what :func:`kg.tagging.phrases.find_units`
    found, if it was asked.
    """

    words: Sequence[str]
    tags: Sequence[str]
    glued: Sequence[bool]
    context: DocumentContext = field(default=_NOTHING)
    section: str = ""
    units: Sequence[Unit] = ()


class MentionScores:
    """Sums the weights of the features of :mod:`kg.tagging.features`, for all models at once.

    Parameters
    ----------
    names, spans, marks, entities
        The model of names of substances and diseases, that of mentions, and that of what is marked
        for readers, which both read the first one's labels; that of names which reads known ones.
    style
        The training set whose habits of marking the model of mentions is to follow.
    """

    def __init__(
        self,
        names: LinearChain,
        spans: LinearChain,
        marks: LinearChain,
        entities: LinearChain,
        style: str,
    ) -> None:
        models = (names, spans, marks, entities)
        self._ends = tuple(accumulate(len(model.labels) for model in models))
        self._width = len(spans.labels)
        a, b, c, d = self._ends
        both = Weights(*models)
        self._words: ScoreTable[str] = ScoreTable(both, word_template, 5)
        self._pairs: ScoreTable[Pair] = ScoreTable(both, lambda key: pair_template(*key), 4)
        self._left: ScoreTable[Triple] = ScoreTable(both, lambda key: left_template(*key), 1)
        self._right: ScoreTable[Triple] = ScoreTable(both, lambda key: right_template(*key), 1)
        self._between: ScoreTable[Triple] = ScoreTable(both, lambda key: between_template(*key), 1)
        self._sections: ScoreTable[Pair] = ScoreTable(both, lambda key: section_template(*key), 1)
        self._before: ScoreTable[Pair] = ScoreTable(both, lambda key: cue_before_template(*key), 1)
        self._after: ScoreTable[Pair] = ScoreTable(both, lambda key: cue_after_template(*key), 1)
        self._places: ScoreTable[PlaceKey] = ScoreTable(both, place_template, 1)
        self._known: ScoreTable[Known] = ScoreTable(both.part(c, d), known_template, 3)
        self._styles: ScoreTable[str] = ScoreTable(
            both.part(a, b), lambda word: style_template(style, word), 3
        )
        self._said: ScoreTable[str] = ScoreTable(both.part(a, c), name_template, 3)

    def first(self, sentences: Sequence[TaggerSentence]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the scores of the models' labels, a row a word, without what the first says.

        There is at least one sentence, and each has words.
        """
        for table in vars(self).values():
            if isinstance(table, ScoreTable):
                table.begin()
        words, at = _padded([s.words for s in sentences])
        tags, _ = _padded([s.tags for s in sentences])
        normal = list(map(normal_word, words))
        sums = self._words.total(words, at, (0, 1, 2, -1, -2))
        sums += self._pairs.total(list(pairwise(normal)), at, (1, 0, 2, -1))
        trigrams = list(zip(tags, tags[1:], tags[2:], strict=False))
        sums += self._left.total(trigrams, at - _REACH)
        sums += self._right.total(trigrams, at)
        sums += self._between.total(list(zip(tags, words[1:], tags[2:], strict=False)), at - 1)
        cues_before: list[tuple[str, str]] = []
        cues_after: list[tuple[str, str]] = []
        sections: list[tuple[str, str]] = []
        places: list[PlaceKey] = []
        for s in sentences:
            before, after = find_cues(s.words)
            cues_before += zip(before, s.tags, strict=True)
            cues_after += zip(after, s.tags, strict=True)
            sections += [(s.section, word) for word in s.words]
            places += find_places(s.words, s.tags, s.context, s.section)
        known: list[Known] = [NOTHING] * len(words)
        lengths = [len(s.words) for s in sentences]
        unpadded = [word for s in sentences for word in s.words]
        for k, here in zip(at.tolist(), read_known_names().find(unpadded, lengths), strict=True):
            known[k] = here
        every = np.arange(len(at))
        sums += self._before.total(cues_before, every)
        sums += self._after.total(cues_after, every)
        sums += self._sections.total(sections, every)
        sums += self._places.total(places, every)
        a, b, c, _ = self._ends
        spans = sums[:, a:b] + self._styles.total(words, at, (0, 1, -1))
        entities = sums[:, c:] + self._known.total(known, at, (0, 1, -1))
        return sums[:, :a], spans, sums[:, b:c], entities

    def said(
        self, sentences: Sequence[TaggerSentence], labels: Sequence[str]
    ) -> tuple[Floats, Floats]:
        """Return what the first model's labels of all words add to the other two's scores."""
        rest = iter(labels)
        padded, at = _padded([list(islice(rest, len(s.words))) for s in sentences])
        sums = self._said.total(padded, at, (0, 1, -1))
        return sums[:, : self._width], sums[:, self._width :]


def _padded(sentences: Sequence[Sequence[str]]) -> tuple[list[str], Integers]:
    """Return the words of all sentences in one list, padding between, and the words' places."""
    found = [PADDING] * _REACH
    lengths = []
    for words in sentences:
        found += words
        found += [PADDING] * _REACH
        lengths.append(len(words))
    sentence = np.repeat(np.arange(1, len(lengths) + 1), lengths)
    return found, np.arange(len(sentence)) + sentence * _REACH
