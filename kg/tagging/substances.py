"""Names of chemicals: drugs, nutrients, hormones and whatever else is a substance, given or measured.

Both models were taught by BC5CDR what such a name is. A name that was found in one place is looked
for in all others, where less is asked of it: the same word is rarely a substance only once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, TaggedMention
from kg.tagging.encoder import Encoded
from kg.tagging.mentions import CHANCES, SUBSTANCE
from kg.tagging.runs import find_token_runs, mention_of, trimmed, words_of

Floats = NDArray[np.float32]

#: How much of a chance is the chain's, the rest being the encoder's.
CHAIN_SHARE = 0.5
#: A word is part of a name above this; of a name found elsewhere, above that.
LEAST, LEAST_AGAIN = 0.5, 0.1
_SHORTEST = 3


def find_chemicals(encoded: Encoded | None, annotation: Annotation) -> list[TaggedMention]:
    """Return the chemicals of a document in text order."""
    if annotation.chances is None or not annotation.tokens:
        return []
    chances: Floats = annotation.chances[:, CHANCES.index(SUBSTANCE)]
    begins = np.zeros(len(chances), np.bool_)
    if encoded is not None and len(encoded.words):
        words = words_of(encoded, annotation)
        k = encoded.columns.labels["bc5cdr"].index(SUBSTANCE)
        tags = encoded.tag_chances("bc5cdr")[words]
        chances = CHAIN_SHARE * chances + (1 - CHAIN_SHARE) * (
            tags[:, 1 + 2 * k] + tags[:, 2 + 2 * k]
        )
        begins = (np.diff(words, prepend=-1) > 0) & (tags[:, 1 + 2 * k] > tags[:, 2 + 2 * k])
    best = np.where(chances > LEAST, 0, -1)
    found: dict[tuple[int, int], TaggedMention] = {}
    for first, last in find_token_runs(best, [begins], annotation):
        if (run := trimmed(first, last, annotation)) is not None:
            score = round(float(chances[slice(*run)].mean()), 3)
            mention = mention_of("chemical", *run, score, annotation)
            found[mention.start_char, mention.end_char] = mention
    for mention in _elsewhere(list(found.values()), annotation, chances):
        found[mention.start_char, mention.end_char] = mention
    return [found[place] for place in sorted(found)]


def _elsewhere(
    known: Sequence[TaggedMention], annotation: Annotation, chances: Floats
) -> Iterator[TaggedMention]:
    """Yield the other places of names, the longest name first where they overlap."""
    starts = [t.start_char for t in annotation.tokens]
    taken = {at for m in known for at in range(m.start_char, m.end_char)}
    lowered = [_lowered(sentence.text) for sentence in annotation.sentences]
    names = {m.text for m in known if len(m.text) >= _SHORTEST}
    for name in sorted(names, key=lambda n: (-len(n), n)):
        cased = sum(c.isupper() for c in name) > 1
        for sentence, lower in zip(annotation.sentences, lowered, strict=True):
            for at in _places(name, sentence.text) if cased else _places(name.lower(), lower):
                start, end = sentence.start_char + at, sentence.start_char + at + len(name)
                first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
                if first < 0 or first >= last or not taken.isdisjoint(range(start, end)):
                    continue
                score = float(chances[first:last].mean())
                if score >= LEAST_AGAIN:
                    taken.update(range(start, end))
                    text = sentence.text[at : at + len(name)]
                    yield TaggedMention("chemical", start, end, text, round(score, 3))


def _lowered(text: str) -> str:
    """Return a text in lower case, character for character."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower()[0] for c in text)


def _places(name: str, text: str) -> Iterator[int]:
    """Yield where a name stands in a text as a word, or at the end of one that a hyphen begins."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        alone = not _is_part(text[at - 1 : at], "_-") and not _is_part(text[end : end + 1], "_")
        if alone:
            yield at
        at = text.find(name, end if alone else at + 1)


def _is_part(character: str, signs: str) -> bool:
    return character.isalnum() or (character != "" and character in signs)
