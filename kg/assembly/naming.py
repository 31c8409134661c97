"""The names of a document's things as it means them: short forms written out, slips put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property

from kg.assembly.annotation import Annotation
from kg.assembly.labels import likeness
from kg.lexicon.abbreviations import COMMON_ABBREVIATIONS
from kg.text import Block

_PLURAL_SHORT_FORM = re.compile(r"(?:[A-Z][A-Za-z]?[A-Za-z0-9]*[A-Z0-9]|T[a-z]{2,4}|[A-Z]{2,})s")


class Naming:
    """Reads the names of one document.

    Parameters
    ----------
    annotation, blocks
        The document's annotation and blocks.
    lower
        The annotation's tokens in small letters.
    sentence_tokens
        First token of each sentence and the one after its last.
    """

    def __init__(
        self,
        annotation: Annotation,
        blocks: Sequence[Block],
        lower: Sequence[str],
        sentence_tokens: Sequence[tuple[int, int]],
    ) -> None:
        self.annotation, self.blocks = annotation, blocks
        self.lower, self.sentence_tokens = lower, sentence_tokens

    def written_out(self, text: str, at_char: int) -> str:
        """Return `text` with each short form that is defined here as ``long form (SHORT)``."""
        low = text.lower()
        if text == low:  # no short form without a capital
            return self._with_short_form(text, low, at_char)
        words = text.split(" ")
        for k, word in enumerate(words):
            if word.islower():
                continue
            bare = word.strip("()[],.;:")
            if bare == bare.lower() or not any(map(str.isupper, bare)):
                continue
            long = (
                self.annotation.expand(bare, at_char)
                or (self.annotation.expand(bare[:-1], at_char) if bare.endswith("s") else None)
                or COMMON_ABBREVIATIONS.get(bare)
                or self._initials.get(bare)
            )
            single = bare[:-1] if _PLURAL_SHORT_FORM.fullmatch(bare) else bare
            if long and long.lower() not in low and likeness(long, bare) < 1:
                words[k] = word.replace(bare, f"{long} ({single})")
            elif single != bare:
                words[k] = word.replace(bare, single)
        label = " ".join(words)
        return self._with_short_form(label, label.lower(), at_char)

    def as_spelt(self, label: str) -> str:
        """Return a label with its misspelt words as the rest of the document spells them.

        A long word that the document's sentences never use is one of theirs with a single slip,
        or it is left alone.
        """
        words = label.split(" ")
        if len(words) > 1 and "".join(words).lower() in self._tokens:
            return "".join(words)  # "Ig G", which the text writes "IgG"
        for n, word in enumerate(words):
            low = word.lower()
            if len(low) >= 6 and low.isalpha() and low not in self._vocabulary:
                close = get_close_matches(
                    low, [w for w in self._vocabulary if abs(len(w) - len(low)) <= 1], 1, 0.92
                )
                if close:
                    words[n] = close[0]
        return " ".join(words)

    def _with_short_form(self, label: str, low: str, at_char: int) -> str:
        """Return a label that ends in a long form with its short form behind it, where one is defined.

        `low` is the label in small letters.
        """
        if not low.endswith(self._long_ends):
            return label
        for short, long in self._long_forms:
            if low.endswith(long) and self.annotation.expand(short, at_char):
                return f"{label} ({short})"
        return label

    @cached_property
    def _long_forms(self) -> list[tuple[str, str]]:
        """Short forms with their long ones in small letters, the longest first."""
        found = {(a.short, a.long.lower()) for a in self.annotation.abbreviations}
        return sorted(found, key=lambda pair: (-len(pair[1]), pair))

    @cached_property
    def _long_ends(self) -> tuple[str, ...]:
        return tuple(long for _, long in self._long_forms)

    @cached_property
    def _initials(self) -> dict[str, str]:
        """The document's runs of three to six words by their initials: a table may use them undefined."""
        found: dict[str, str] = {}
        for chunk in self.annotation.chunks:
            words = chunk.text.split()
            if 3 <= len(words) <= 6 and min(map(len, words)) > 2:
                low = chunk.text.lower()
                initials = "".join([w[0] for w in low.split()])
                if initials.isalpha():
                    found.setdefault(initials.upper(), low)
        return found

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(self.lower)

    @cached_property
    def _vocabulary(self) -> list[str]:
        tables = {k for k, b in enumerate(self.blocks) if b.kind == "table"}
        words: set[str] = set()
        for sentence, (first, last) in zip(
            self.annotation.sentences, self.sentence_tokens, strict=True
        ):
            if sentence.block not in tables:
                words.update(w for w in self.lower[first:last] if len(w) >= 6 and w.isalpha())
        return sorted(words)
