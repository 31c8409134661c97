"""One document as the assembly sees it: tokens, phrases and numbers, with cheap look-ups."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kg.assembly.aliases import write_out_aliases
from kg.assembly.allocation import Groups, with_groups
from kg.assembly.annotation import Annotation
from kg.assembly.labels import stems
from kg.assembly.naming import Naming
from kg.assembly.phrase import Phrase
from kg.assembly.phrase_finder import PhraseFinder, in_order
from kg.assembly.tested import find_tested, main_intervention, with_tested
from kg.assembly.turns import Turn, find_comparisons, find_pivots
from kg.assembly.words import (
    BETWEEN_CLASSES,
    CLASS_BIT,
    CUE_CLASSES,
    class_bits,
)
from kg.numbers.statistic import Statistic
from kg.text import Reading

#: Measures whose expression may run on into the words for what was counted or changed.
_NOUN_FOLLOWS = (
    "count",
    "percent",
    "percent_change",
    "fold_change",
    "rate",
    "NNT",
    "mean",
    "median",
    None,
)
#: Word classes that are counted between two tokens.
_COUNTED = (*BETWEEN_CLASSES, *(f"cue_{cue}" for cue in CUE_CLASSES))
_COUNTED_BITS = np.array([[CLASS_BIT[name]] for name in _COUNTED], np.int64)
#: Score from which a name counts as an intervention where no better one is found.
_UNSURE = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: its tokens, its sentence, and the token that its phrase adjoins."""

    token: int
    end: int
    anchor: int  # the outermost bracket round the number, or its first token
    depth: int
    sentence: int
    rank: int  # among the numbers of the sentence, from 0


@dataclass
class Context:
    """A reading with its annotation and numbers; built once a document, never changed.

    ``statistics`` are those inside sentences of the annotation, in text order. ``title`` is the
    study's own, where the document is read study by study.
    """

    reading: Reading
    annotation: Annotation
    statistics: list[Statistic]
    title: str | None = None
    places: list[Place] = field(init=False)
    phrases: list[Phrase] = field(init=False)
    groups: list[Groups] = field(init=False)  # that lists of groups tell

    def __post_init__(self) -> None:
        tokens = self.annotation.tokens
        self.starts = [t.start_char for t in tokens]
        self.lower = [t.text.lower() for t in tokens]
        self.sentence_tokens = [
            (bisect_left(self.starts, s.start_char), bisect_left(self.starts, s.end_char))
            for s in self.annotation.sentences
        ]
        self.names = Naming(self.annotation, self.reading.blocks, self.lower, self.sentence_tokens)
        self.depths = self._bracket_depths()
        self.word_bits = np.array(list(map(class_bits, self.lower)), np.int64)
        #: How many tokens of a class stand before each token, and before the end: as arrays and as lists.
        self.running: dict[str, NDArray[np.int64]] = {}
        self.counts: dict[str, list[int]] = {}
        self._count(_COUNTED, (self.word_bits & _COUNTED_BITS) != 0)
        kept: list[tuple[Statistic, int]] = []
        for statistic in self.statistics:
            sentence = self.annotation.sentence_at(
                statistic.start_char if statistic.value_start is None else statistic.value_start
            )
            if sentence is not None:
                kept.append((statistic, sentence))
        self.statistics = [statistic for statistic, _ in kept]
        per_sentence: Counter[int] = Counter()
        self.places = []
        for statistic, sentence in kept:
            self.places.append(self._place(statistic, sentence, per_sentence[sentence]))
            per_sentence[sentence] += 1
        self.stats_per_sentence = per_sentence
        marks = np.zeros((1, len(tokens)), bool)
        marks[0, [place.token for place in self.places if place.token < len(tokens)]] = True
        self._count(("stat",), marks)
        self.in_number = [False] * len(tokens)
        for statistic, _ in kept:
            start, end = statistic.start_char, statistic.end_char
            if statistic.measure in _NOUN_FOLLOWS and statistic.value_end:
                end = min(
                    end, statistic.value_end
                )  # what follows the digits may be what is counted
            for k in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                self.in_number[k] = True
            for k in self._named_between(statistic):
                self.in_number[k] = False
        self._finder = PhraseFinder(
            self.reading.view.text, self.annotation, self.names, self.starts, self.lower, self.depths,
            self.in_number,
        )  # fmt: skip
        found, self.groups = with_groups(
            self._finder.find(), self._finder, self.annotation.sentences
        )
        found, main = self._with_tested(found)
        told = dict(chain.from_iterable([g.names.items() for g in reversed(self.groups)]))
        self.phrases = write_out_aliases(self.reading.view.text, found, main, told)
        self.by_sentence: dict[int, list[Phrase]] = {}
        for phrase in self.phrases:
            self.by_sentence.setdefault(phrase.sentence, []).append(phrase)

    def _count(self, names: Sequence[str], marks: NDArray[np.bool_]) -> None:
        """Enter for some classes how many of their tokens, marked in ``(classes, tokens)``, stand before each token."""
        table = np.zeros((len(marks), marks.shape[1] + 2), np.int64)
        np.cumsum(marks, axis=1, out=table[:, 1:-1])
        table[:, -1] = table[:, -2]
        self.running.update(zip(names, table, strict=True))
        self.counts.update(zip(names, table.tolist(), strict=True))

    def marks(self, name: str) -> NDArray[np.bool_]:
        """Mark the tokens of a word class (`kg.assembly.words.CLASS_BIT`)."""
        found: NDArray[np.bool_] = (self.word_bits & CLASS_BIT[name]) != 0
        return found

    @cached_property
    def group_sizes(self) -> list[int]:
        """How many statistics near each one share its list or pair, itself included."""
        groups = [s.group for s in self.statistics]
        return [
            1 if group is None else groups[max(0, k - 12) : k + 13].count(group)
            for k, group in enumerate(groups)
        ]

    @cached_property
    def indexes_by_sentence(self) -> dict[int, list[int]]:
        """Places in `phrases` of each sentence's phrases."""
        found: dict[int, list[int]] = {}
        for n, phrase in enumerate(self.phrases):
            found.setdefault(phrase.sentence, []).append(n)
        return found

    @cached_property
    def phrase_starts(self) -> NDArray[np.intp]:
        """First character of each phrase."""
        return np.array([p.start_char for p in self.phrases], np.intp)

    @cached_property
    def stem_frequency(self) -> Counter[str]:
        """How often each stem occurs in the document's phrases."""
        return Counter(chain.from_iterable([stems(phrase.label) for phrase in self.phrases]))

    @cached_property
    def log_frequency(self) -> dict[str, float]:
        """The logarithm of :attr:`stem_frequency`, 0 for none."""
        return {stem: math.log1p(count) for stem, count in self.stem_frequency.items()}

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """Stems of the study's title, or of the document's."""
        return stems(self.title or self.reading.document.title or "")

    def between(self, name: str, first: int, last: int) -> int:
        """Count the tokens of a class in ``[first, last)``."""
        table = self.counts[name]
        return table[last] - table[first] if last > first else 0

    def comparison_zone(self, phrase: Phrase) -> str:
        """Return where a phrase stands in "X was lower in A than in B": subject, first, second, or "".

        "No differences were found between A and B on X" has its zones too: first, second, subject.
        """
        cue, than = self._comparisons.get(phrase.sentence, (-1, -1))
        if cue < 0:
            return ""
        if self.lower[cue] == "between":
            return (
                "first"
                if cue < phrase.first < than
                else "second"
                if phrase.first == than + 1
                else ("subject" if phrase.first > than else "")
            )
        if phrase.first >= than:
            return "second"
        return "subject" if phrase.last <= cue + 1 else "first"

    @cached_property
    def zones(self) -> list[str]:
        """The comparison zone of each phrase."""
        compared = self._comparisons
        return [self.comparison_zone(p) if p.sentence in compared else "" for p in self.phrases]

    def pivot(self, place: Place, kind: str) -> Turn | None:
        """Return the tokens on which a number's sentence turns: the last such before it, else the next."""
        found = self._pivots.get((place.sentence, kind))
        if found is None:
            return None
        earlier = [pivot for pivot in found if pivot[1] <= place.anchor]
        return earlier[-1] if earlier else found[0]

    @cached_property
    def _pivots(self) -> dict[tuple[int, str], list[Turn]]:
        return find_pivots(self.lower, self.sentence_tokens)

    @cached_property
    def _comparisons(self) -> dict[int, Turn]:
        return find_comparisons(self.lower, self.sentence_tokens)

    def token_at(self, at_char: int) -> int:
        """Return the index of the first token that starts at or after a character."""
        return bisect_left(self.starts, at_char)

    def frequency(self, label: str) -> float:
        """Return the mean log frequency of a label's stems in the document."""
        found = stems(label)
        if not found:
            return 0.0
        return sum([self.log_frequency.get(stem, 0.0) for stem in found]) / len(found)

    def _bracket_depths(self) -> list[int]:
        depths = [0] * len(self.lower)
        for first, last in self.sentence_tokens:
            depth = 0
            words = self.lower[first:last]
            if _BRACKETS.isdisjoint(words):
                continue
            for k, word in enumerate(words, first):
                if word in ("(", "["):
                    depth += 1
                depths[k] = depth
                if word in (")", "]"):
                    depth = max(0, depth - 1)
        return depths

    def _place(self, statistic: Statistic, sentence: int, rank: int) -> Place:
        start = statistic.start_char if statistic.value_start is None else statistic.value_start
        first, _ = self.sentence_tokens[sentence]
        token = max(first, bisect_right(self.starts, start) - 1)
        whole = max(first, bisect_right(self.starts, statistic.start_char) - 1)
        end = bisect_left(self.starts, statistic.end_char)
        anchor = min(token, whole)
        depth = self.depths[token] if token < len(self.depths) else 0
        k = anchor
        while k > first and self.depths[k] > 0:
            k -= 1
            if self.depths[k] == 0:
                k += 1
                break
        if depth > 0:
            anchor = k
        return Place(token, end, anchor, depth, sentence, rank)

    def _named_between(self, statistic: Statistic) -> range:
        """Return the tokens of what an expression names: "hip fracture" of "hazard ratio for hip fracture was 1.9".

        So does "12 of 34 warfarin recipients (35%)", in front of its bracket.
        """
        start, end = statistic.measure_end, statistic.value_start
        if end is not None and statistic.events is not None and statistic.start_char < end:
            return range(*(bisect_left(self.starts, at) for at in (statistic.start_char, end)))
        if start is None or end is None:
            return range(0)
        match = _OF_WHAT.match(self.reading.view.text, start, end)
        if match is None:
            return range(0)
        return range(bisect_left(self.starts, match.end()), bisect_left(self.starts, end))

    def _with_tested(self, found: list[Phrase]) -> tuple[list[Phrase], str | None]:
        """Return the phrases and the main intervention, by what the document says it tests where the tagger saw none."""
        main = main_intervention(found)
        if main is not None:
            return found, main
        place = find_tested(self.annotation.sentences, self.title or self.reading.document.title)
        tested = None if place is None else self.phrase_at(*place)
        if tested is None:
            return found, main_intervention(found, _UNSURE)
        return sorted(with_tested(found, tested), key=in_order), tested.label

    def phrase_at(self, start: int, end: int, *, counted: bool = False) -> Phrase | None:
        """Return a stretch as a phrase, ``None`` where it names nothing; an amount is a name where `counted`."""
        return self._finder.at(start, end, counted=counted)


_BRACKETS = frozenset("()[]")
_OF_WHAT = re.compile(r"\s+(?:for|of)\s+(?=[A-Za-z])")
