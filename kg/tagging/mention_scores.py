"""Scores of the mention tagger's labels for all words of a batch of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from kg.tagging.context import SECTIONS, DocumentContext
from kg.tagging.features import (
    CUES,
    KNOWN,
    PADDING,
    PLACES,
    SECTION_NUMBERS,
    TAG_NAMES,
    TAG_NUMBERS,
    Features,
    between_template,
    cue_after_template,
    cue_before_template,
    cue_number,
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
from kg.tagging.known_names import read_known_names
from kg.tagging.linear_chain import Floats, Integers, LinearChain
from kg.tagging.phrases import Unit
from kg.tagging.scoring import Code, CodeTable, ScoreTable, Weights, WordNumbers, pair_table

_NOTHING = DocumentContext(frozenset(), {})

_REACH = 2  # words of padding between sentences
_TRIGRAMS = Code(TAG_NAMES, TAG_NAMES, TAG_NAMES)
_CUED = Code(CUES, TAG_NAMES)


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
        a, _, c, d = self._ends
        both = Weights(*models)

        def styled(word: str) -> Sequence[Features]:
            own, after, after2, before, before2 = word_template(word)
            here, behind, ahead = style_template(style, word)  # which only `spans` knows
            return own + here, after + behind, after2, before + ahead, before2

        self._numbers = numbers = WordNumbers(cue_number)
        self._words = CodeTable(both, Code(numbers.words).template(styled), 5)
        self._pairs = pair_table(both, numbers, pair_template)
        self._tagged = Code(numbers.normal, TAG_NAMES, TAG_NAMES)
        self._between = ScoreTable(both, self._tagged.template(between_template), 1)
        self._sectioned = Code(numbers.normal, SECTIONS)
        self._sections = CodeTable(both, self._sectioned.template(section_template), 1)
        self._left = CodeTable(both, _TRIGRAMS.template(left_template), 1)
        self._right = CodeTable(both, _TRIGRAMS.template(right_template), 1)
        self._before = CodeTable(both, _CUED.template(cue_before_template), 1)
        self._after = CodeTable(both, _CUED.template(cue_after_template), 1)
        self._places = CodeTable(both, PLACES.template(place_template), 1)
        self._known = CodeTable(both.part(c, d), KNOWN.template(known_template), 3)
        labels = Code((PADDING, *names.labels))
        self._said = CodeTable(both.part(a, c), labels.template(name_template), 3)

    def _make_room(self) -> None:
        """Begin all tables anew where one has become large: their keys are numbers that one gave."""
        tables = [table for table in vars(self).values() if isinstance(table, ScoreTable)]
        if any(table.is_full for table in tables):
            self._numbers.clear()
            for table in tables:
                table.clear()

    def first(self, sentences: Sequence[TaggerSentence]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the scores of the models' labels, a row a word, without what the first says.

        There is at least one sentence, and each has words.
        """
        self._make_room()
        lengths = [len(s.words) for s in sentences]
        words = [word for s in sentences for word in s.words]
        padded, at = _padded([s.words for s in sentences])
        numbers = self._numbers.of(padded)
        normal, cues = self._numbers.told(numbers)
        sums = self._words.total(numbers, at, (0, 1, 2, -1, -2))
        sums += self._pairs.total(self._numbers.pairs(normal), at, (1, 0, 2, -1))
        tags = np.zeros(len(padded), np.intp)
        tags[at] = [TAG_NUMBERS[tag] for s in sentences for tag in s.tags]
        before2, before, tag, after, after2 = (tags[at + k] for k in (-2, -1, 0, 1, 2))
        sums += self._left.of(_TRIGRAMS.number(before2, before, tag))
        sums += self._right.of(_TRIGRAMS.number(tag, after, after2))
        sums += self._between.of(self._tagged.number(normal[at], before, after))
        cue_before, cue_after = find_cues(cues[at], lengths)
        sums += self._before.of(_CUED.number(cue_before, tag))
        sums += self._after.of(_CUED.number(cue_after, tag))
        section = np.repeat([SECTION_NUMBERS[s.section] for s in sentences], lengths)
        sums += self._sections.of(self._sectioned.number(normal[at], section))
        contexts = [s.context for s in sentences]
        sums += self._places.of(find_places(words, tag, section, contexts, lengths))
        known = np.zeros(len(padded), np.intp)
        known[at] = KNOWN.number(*read_known_names().find(words, lengths))
        a, b, c, _ = self._ends
        sums[:, c:] += self._known.total(known, at, (0, 1, -1))
        return sums[:, :a], sums[:, a:b], sums[:, b:c], sums[:, c:]

    def said(self, labels: Integers, lengths: Sequence[int]) -> tuple[Floats, Floats]:
        """Return what the first model's labels of all words add to the scores of the next two."""
        at = _places(lengths)
        padded = np.zeros(at[-1] + 1 + _REACH, np.intp)
        padded[at] = labels + 1
        sums = self._said.total(padded, at, (0, 1, -1))
        return sums[:, : self._width], sums[:, self._width :]


def _padded(sentences: Sequence[Sequence[str]]) -> tuple[list[str], Integers]:
    """Return the words of all sentences in one list, padding between, and the words' places."""
    found = [PADDING] * _REACH
    for words in sentences:
        found += words
        found += [PADDING] * _REACH
    return found, _places([len(words) for words in sentences])


def _places(lengths: Sequence[int]) -> Integers:
    """Return the places of the words of some sentences with padding before, between and behind."""
    sentence = np.repeat(np.arange(1, len(lengths) + 1), lengths)
    return np.arange(len(sentence)) + sentence * _REACH
