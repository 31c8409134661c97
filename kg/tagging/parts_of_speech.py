"""A small part-of-speech tagger: a linear-chain CRF, its model part of the package.

It was taught by a general English tagger on clinical abstracts (see ``training/``), and serves
two ends: features for the mention tagger and base noun phrases (:mod:`kg.tagging.phrases`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from kg.tagging.model_file import MODELS, read_model
from kg.tagging.scoring import Code, CodeTable, Weights, WordNumbers, pair_table
from kg.tagging.words import normal_word, word_shape

MODEL = "parts_of_speech"

#: The tags: VBN and VBG are participles, VERB is any other full verb.
TAGS = ("NOUN", "ADJ", "VERB", "VBN", "VBG", "AUX", "ADV", "ADP", "DET", "PRON", "NUM", "CONJ",
        "PART", "PUNCT", "X")  # fmt: skip


#: What stands before the first word of a sentence and behind its last one.
_BEFORE, _BEHIND = "<s>", "</s>"

Features = tuple[str, ...]


class PartOfSpeechTagger:
    """Give each token of a sentence its coarse part of speech."""

    def __init__(self, folder: Path = MODELS) -> None:
        self._model = read_model(MODEL, folder)
        weights = Weights(self._model)
        self._numbers = numbers = WordNumbers()
        self._words = CodeTable(weights, Code(numbers.words).template(word_template), 3)
        self._pairs = pair_table(weights, numbers, pair_template)

    def tag(self, words: Sequence[str]) -> list[str]:
        """Return one of :data:`TAGS` for each word of one sentence (no white-space tokens)."""
        return self.tag_all([words])[0]

    def tag_all(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return the tags of each sentence's words."""
        lengths = [len(words) for words in sentences]
        if not any(lengths):
            return [[] for _ in sentences]
        if self._words.is_full or self._pairs.is_full:
            self._numbers.clear()
            self._words.clear()
            self._pairs.clear()
        padded: list[str] = []
        for words in sentences:
            padded.append(_BEFORE)
            padded += words
            padded.append(_BEHIND)
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        at = np.arange(len(sentence)) + 2 * sentence + 1
        numbers = self._numbers.of(padded)
        (normal,) = self._numbers.told(numbers)
        scores = self._words.total(numbers, at, (0, 1, -1))
        scores += self._pairs.total(self._numbers.pairs(normal), at, (1, 0))
        labels = self._model.labels
        best = iter(self._model.best_in_parts(scores, [n for n in lengths if n]).tolist())
        return [[labels[k] for k in islice(best, length)] for length in lengths]


def part_of_speech_features(words: Sequence[str]) -> list[list[str]]:
    """Return the features of each word of one sentence."""
    said = [word_template(word) for word in (_BEFORE, *words, _BEHIND)]
    normal = list(map(normal_word, (_BEFORE, *words, _BEHIND)))
    pairs = [pair_template(first, second) for first, second in pairwise(normal)]
    return [
        [*here[0], *before[1], *after[2], *pair[0], *next_pair[1]]
        for before, here, after, pair, next_pair in zip(
            said, said[1:], said[2:], pairs, pairs[1:], strict=False
        )
    ]


def word_template(word: str) -> tuple[Features, Features, Features]:
    """Return what a word says of itself, of the one after it and of the one before it."""
    here = normal_word(word)
    own = (
        "b", f"w={here}", f"s2={here[-2:]}", f"s3={here[-3:]}", f"s4={here[-4:]}",
        f"p3={here[:3]}", f"h={word_shape(word)}",
    )  # fmt: skip
    return own, (f"-1={here}", f"-1s={here[-3:]}"), (f"+1={here}", f"+1s={here[-3:]}")


def pair_template(first: str, second: str) -> tuple[Features, Features]:
    """Return what two neighbours say of the second and of the first."""
    return (f"-1+0={first}|{second}",), (f"+0+1={first}|{second}",)
