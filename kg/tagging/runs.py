"""Runs of tokens that a model marks alike, and how the encoder's words stand to our tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention
from kg.tagging.encoder import Encoded

#: Words that a mention neither begins nor ends with.
_EDGES = frozenset(
    ". , ; : ( ) [ ] / - – — \" ' the a an and or of in with to for by at was were is are".split()
)
#: Those that none begins with.
_FIRST_EDGES = _EDGES - {"("}


def words_of(encoded: Encoded, annotation: Annotation) -> NDArray[np.intp]:
    """Return for each token the word of the encoder in which it begins."""
    return encoded.words_at([token.start_char for token in annotation.tokens])


def find_token_runs(
    best: NDArray[np.intp], begins: Sequence[NDArray[np.bool_]], annotation: Annotation
) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens of one kind within a sentence, as token numbers, end excluded.

    `best` is the kind of each token, -1 for none; `begins` says, for each kind, where a new run
    begins though the kind goes on.
    """
    ends = {s.end_char for s in annotation.sentences}
    first, last, before = 0, 0, -1  # the run so far, and its kind
    for k in np.flatnonzero(best >= 0).tolist():
        kind = int(best[k])
        if (
            k > last
            or kind != before
            or begins[kind][k]
            or annotation.tokens[k - 1].end_char in ends
        ):
            if first < last:
                yield first, last
            first, before = k, kind
        last = k + 1
    if first < last:
        yield first, last


def trimmed(first: int, last: int, annotation: Annotation) -> tuple[int, int] | None:
    """Return a run without the small words and signs at its edges, ``None`` if nothing is left."""
    tokens = annotation.tokens
    while first < last and tokens[first].text.lower() in _FIRST_EDGES:
        first += 1
    while first < last and tokens[last - 1].text.lower() in _EDGES:
        if tokens[last - 1].text in ")]" and any(t.text in "([" for t in tokens[first:last]):
            break
        last -= 1
    return (first, last) if first < last else None


def mention_of(
    kind: MentionLabel, first: int, last: int, score: float, annotation: Annotation
) -> TaggedMention:
    """Return a run of tokens of one sentence as a mention."""
    start, end = annotation.tokens[first].start_char, annotation.tokens[last - 1].end_char
    sentence = annotation.sentences[annotation.sentence_at(start) or 0]
    text = sentence.text[start - sentence.start_char : end - sentence.start_char]
    return TaggedMention(kind, start, end, text, score)
