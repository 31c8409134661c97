"""Names of chemicals and diseases: drugs, nutrients, hormones, disorders, symptoms, harms.

Both models were taught by BC5CDR what such a name is. Their chances are multiplied, each with its
share as exponent, and the likeliest row of labels is taken. Then the document is made to agree with
itself: a name found in one place is looked for in all others, where less is asked of it, and a
short form is a name where what it stands for is one, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention
from kg.tagging.encoder import Encoded
from kg.tagging.linear_chain import likeliest
from kg.tagging.mentions import CHANCES, DISEASE, NAME_TAGS, SUBSTANCE
from kg.tagging.runs import find_token_runs, mention_of, trimmed, words_of

Floats = NDArray[np.float64]

#: How much of what is said is the chain's, the rest being the encoder's.
CHAIN_SHARE = 0.7
#: The mean chance of a place's words above which a name found elsewhere is one there too.
LEAST_AGAIN = 0.2

KINDS: tuple[tuple[MentionLabel, str], ...] = (("chemical", SUBSTANCE), ("condition", DISEASE))

_STYLE = "bc5cdr"
_SHORTEST = 3
_FLOOR = 1e-6
#: From "outside", then "begins" and "inside" for each kind: what may not follow each other.
_NEVER = -1e9
_TRANSITIONS = np.zeros((1 + len(NAME_TAGS), 1 + len(NAME_TAGS)))
for _inside in range(2, 1 + len(NAME_TAGS), 2):
    _TRANSITIONS[:, _inside] = _NEVER
    _TRANSITIONS[[_inside - 1, _inside], _inside] = 0


def find_named(encoded: Encoded | None, annotation: Annotation) -> list[TaggedMention]:
    """Return the chemicals and the conditions of a document; a place has at most one of a kind."""
    if annotation.chances is None or not annotation.tokens:
        return []
    scores = _scores(encoded, annotation)
    labels = _decoded(scores, annotation)
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    begins = [labels == 1 + 2 * k for k in range(len(KINDS))]
    runs = list(find_token_runs((labels + 1) // 2 - 1, begins, annotation))
    text = _Text(annotation)
    found: list[TaggedMention] = []
    for k, (kind, _) in enumerate(KINDS):
        places = _Places(kind, annotation, chances[:, 1 + 2 * k] + chances[:, 2 + 2 * k])
        for first, last in runs:
            if labels[first] in (1 + 2 * k, 2 + 2 * k):
                places.add(first, last)
        places.add_again(text)
        places.agree(text)
        found.extend(places.mentions.values())
    return sorted(found, key=lambda m: (m.start_char, -m.end_char))


def _scores(encoded: Encoded | None, annotation: Annotation) -> Floats:
    """Return tokens × ("outside" and :data:`NAME_TAGS`): logarithms, not yet summing to 1."""
    assert annotation.chances is not None
    named = annotation.chances[:, [CHANCES.index(tag) for tag in NAME_TAGS]].astype(float)
    chain = np.concatenate([1 - named.sum(1, keepdims=True), named], 1)
    scores: Floats = np.log(np.maximum(chain, _FLOOR))
    if encoded is None or not len(encoded.words):
        return scores
    words = words_of(encoded, annotation)
    tags = encoded.tag_chances(_STYLE)[words].astype(float)
    later = np.diff(words, prepend=-1) == 0  # a word cut into tokens begins once
    told = tags[:, [0]]
    for _, label in KINDS:
        k = encoded.columns.labels[_STYLE].index(label)
        begin, inside = tags[:, 1 + 2 * k], tags[:, 2 + 2 * k]
        columns = np.where(later, 0, begin), np.where(later, begin + inside, inside)
        told = np.concatenate([told, np.stack(columns, 1)], 1)
    scores = CHAIN_SHARE * scores + (1 - CHAIN_SHARE) * np.log(np.maximum(told, _FLOOR))
    return scores


def _decoded(scores: Floats, annotation: Annotation) -> NDArray[np.intp]:
    """Return the likeliest label of each token, sentence by sentence."""
    starts = [token.start_char for token in annotation.tokens]
    firsts = [bisect_left(starts, sentence.start_char) for sentence in annotation.sentences]
    apart = np.flatnonzero(_surely_outside(scores))
    bounds = np.unique(np.concatenate([[0, len(starts)], firsts, apart, apart + 1]))
    scores = scores.copy()
    for inside in range(2, scores.shape[1], 2):
        scores[bounds[:-1], inside] = _NEVER
    return likeliest(scores, _TRANSITIONS, np.diff(bounds).tolist())


def _surely_outside(scores: Floats) -> NDArray[np.bool_]:
    """Tell which tokens are in no name, whatever stands beside them.

    It costs the row of labels no more than that the next token begins a name and does not go on with it.
    """
    inside = (scores[:, 2::2] - scores[:, 1::2]).max(1)
    cost = np.maximum(np.append(inside[1:], 0), 0)
    found: NDArray[np.bool_] = scores[:, 0] - scores[:, 1:].max(1) > cost
    return found


class _Text:
    """The sentences of a document where they stand, as they are and in small letters."""

    def __init__(self, annotation: Annotation) -> None:
        parts: list[str] = []
        at = 0
        for sentence in annotation.sentences:
            parts += ["\n" * (sentence.start_char - at), sentence.text]
            at = max(at, sentence.start_char) + len(sentence.text)
        self.exact = "".join(parts)
        small = self.exact.lower()
        if len(small) != len(self.exact):
            small = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.exact)
        self.small = small

    def find(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield the places of a name between word borders; letter case counts in short forms."""
        cased = sum(c.isupper() for c in name) > 1
        text, sought = (self.exact, name) if cased else (self.small, name.lower())
        start = text.find(sought)
        while start >= 0:
            end = start + len(sought)
            before, behind = text[start - 1 : start], text[end : end + 1]
            alone = not _in_word(before) and before != "-" and not _in_word(behind)
            if alone:
                yield start, end
            start = text.find(sought, end if alone else start + 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


class _Places:
    """The mentions of one kind, by place; none overlaps another."""

    def __init__(self, kind: MentionLabel, annotation: Annotation, chances: Floats) -> None:
        self.kind = kind
        self.mentions: dict[tuple[int, int], TaggedMention] = {}
        self._annotation = annotation
        self._chances: list[float] = chances.tolist()
        self._starts = [token.start_char for token in annotation.tokens]
        self._taken: set[int] = set()

    def add(self, first: int, last: int) -> None:
        """Add a run of tokens, trimmed."""
        if (run := trimmed(first, last, self._annotation)) is not None:
            score = round(fmean(self._chances[slice(*run)]), 3)
            mention = mention_of(self.kind, *run, score, self._annotation)
            self.mentions[mention.start_char, mention.end_char] = mention
            self._taken.update(range(mention.start_char, mention.end_char))

    def _add_place(self, start: int, end: int, text: _Text, least: float) -> None:
        """Add a place that is free, if its words are likely enough."""
        first, last = bisect_right(self._starts, start) - 1, bisect_left(self._starts, end)
        if first < 0 or first >= last or not self._taken.isdisjoint(range(start, end)):
            return
        score = fmean(self._chances[first:last])
        if score >= least:
            self._taken.update(range(start, end))
            name = text.exact[start:end]
            self.mentions[start, end] = TaggedMention(self.kind, start, end, name, round(score, 3))

    def add_again(self, text: _Text) -> None:
        """Add the other places of names, the longest name first where they overlap."""
        names = {m.text for m in self.mentions.values() if len(m.text) >= _SHORTEST}
        for name in sorted(names, key=lambda n: (-len(n), n)):
            for start, end in text.find(name):
                self._add_place(start, end, text, LEAST_AGAIN)

    def agree(self, text: _Text) -> None:
        """Give each short form the kind of what it stands for, and take it where that has none."""
        for item in self._annotation.abbreviations:
            stretches = _stretches(item.long, text)
            if not stretches:
                continue
            places = [
                place for place in text.find(item.short)
                if item.scope_start <= place[0] < item.scope_end
            ]  # fmt: skip
            if {end for _, end in self.mentions} & {end for _, end in stretches}:
                for place in places:
                    self._add_place(*place, text, 0.0)
            elif all(self._taken.isdisjoint(range(*stretch)) for stretch in stretches):
                for place in places:
                    if self.mentions.pop(place, None) is not None:
                        self._taken.difference_update(range(*place))


def _stretches(long: str, text: _Text) -> Sequence[tuple[int, int]]:
    """Return where a long form stands, in any letter case."""
    sought = long.lower()
    found: list[tuple[int, int]] = []
    start = text.small.find(sought)
    while start >= 0:
        found.append((start, start + len(sought)))
        start = text.small.find(sought, start + len(sought))
    return found
