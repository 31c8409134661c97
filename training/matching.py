"""Finding a name again: word by word, plural and singular being one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.components.tokenizer.component import find_tokens


@dataclass
class Words:
    """The tokens of a text, found by their lower-case form."""

    spans: list[tuple[int, int]]
    lower: list[str]
    places: dict[str, list[int]]

    @classmethod
    def of(cls, text: str) -> Words:
        spans = find_tokens(text)
        lower = [text[a:b].lower() for a, b in spans]
        places: dict[str, list[int]] = {}
        for k, word in enumerate(lower):
            places.setdefault(singular(word), []).append(k)
        return cls(spans, lower, places)

    def occurrences(self, phrase: str) -> Iterator[tuple[int, int]]:
        """Yield the places of a phrase as character offsets; plural and singular are one."""
        wanted = [singular(phrase[a:b].lower()) for a, b in find_tokens(phrase)]
        for k in self.places.get(wanted[0], ()) if wanted else ():
            if [singular(w) for w in self.lower[k : k + len(wanted)]] == wanted:
                yield self.spans[k][0], self.spans[k + len(wanted) - 1][1]


def singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]
