"""A small part-of-speech tagger: a linear-chain CRF, its model part of the package.

It was taught by a general English tagger on clinical abstracts (see ``training/``), and serves
two ends: features for the mention tagger and base noun phrases (:mod:`kg.tagging.phrases`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from kg.tagging.model_file import MODELS, open_model
from kg.tagging.words import normal_word, word_shape

MODEL = "parts_of_speech"

#: The tags: VBN and VBG are participles, VERB is any other full verb.
TAGS = ("NOUN", "ADJ", "VERB", "VBN", "VBG", "AUX", "ADV", "ADP", "DET", "PRON", "NUM", "CONJ",
        "PART", "PUNCT", "X")  # fmt: skip


class PartOfSpeechTagger:
    """Give each token of a sentence its coarse part of speech."""

    def __init__(self, folder: Path = MODELS) -> None:
        self._tagger = open_model(MODEL, folder)

    def tag(self, words: Sequence[str]) -> list[str]:
        """Return one of :data:`TAGS` for each word of one sentence (no white-space tokens)."""
        if not words:
            return []
        return list(self._tagger.tag(pycrfsuite.ItemSequence(part_of_speech_features(words))))


def part_of_speech_features(words: Sequence[str]) -> list[list[str]]:
    """Return the features of each word of one sentence."""
    normal = ["<s>", *map(normal_word, words), "</s>"]
    rows = []
    for k, word in enumerate(words):
        here = normal[k + 1]
        before, after = normal[k], normal[k + 2]
        rows.append([
            *_own_features(word),
            f"-1={before}",
            f"+1={after}",
            f"-1+0={before}|{here}",
            f"+0+1={here}|{after}",
            f"-1s={before[-3:]}",
            f"+1s={after[-3:]}",
        ])  # fmt: skip
    return rows


@lru_cache(maxsize=50_000)
def _own_features(word: str) -> tuple[str, ...]:
    lower = normal_word(word)
    return (
        "b", f"w={lower}", f"s2={lower[-2:]}", f"s3={lower[-3:]}", f"s4={lower[-4:]}",
        f"p3={lower[:3]}", f"h={word_shape(word)}",
    )  # fmt: skip
