"""What is marked in a text for readers: who took part, what was done to them, what was measured.

Two models are asked, and their chances averaged: the chain of ``kg.tagging.mentions`` and, where it
is installed, the encoder. Both learned it from readers who mark every place in full (EBM-NLP).
Conditions are those of the chain, which finds their borders better. The names that numbers are
linked to are another matter (:mod:`kg.tagging.mentions`): short, the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention
from kg.tagging.encoder import Encoded
from kg.tagging.mentions import CHANCES

Floats = NDArray[np.float32]

#: How much of a chance is the chain's, the rest being the encoder's.
CHAIN_SHARE = 0.2

#: A word is marked when the chance of its likeliest kind is above this.
LEAST: dict[MentionLabel, float] = {
    "population": 0.33, "intervention": 0.25, "outcome": 0.3,
}  # fmt: skip

#: Column of the chain's chances, head and label of the encoder.
SOURCES: dict[MentionLabel, tuple[str, str, str]] = {
    "population": ("population", "ebm_nlp", "PARTICIPANTS"),
    "intervention": ("intervention", "ebm_nlp", "INTERVENTIONS"),
    "outcome": ("outcome", "ebm_nlp", "OUTCOMES"),
}

#: Words that a mention neither begins nor ends with.
_EDGES = frozenset(". , ; : ( ) [ ] / - – — \" ' the a an and or of in with to for by".split())


def mark(encoded: Encoded | None, annotation: Annotation) -> tuple[TaggedMention, ...]:
    """Return the mentions of a document in text order; conditions may lie within others.

    An intervention that the chain calls a comparator is one.
    """
    if annotation.chances is None:
        return ()
    chances = {kind: _chances(kind, encoded, annotation) for kind in SOURCES}
    begins = {kind: _begins(kind, encoded, annotation) for kind in SOURCES}
    compared = [m for m in annotation.mentions if m.kind == "comparator"]
    found = [m for m in annotation.mentions if m.kind == "condition"]
    kinds = tuple(SOURCES)
    table = np.stack([chances[kind] - LEAST[kind] for kind in kinds], 1)
    best = np.where(table.max(1) > 0, table.argmax(1), -1)
    for first, last in _runs(best, [begins[kind] for kind in kinds], annotation):
        kind = kinds[best[first]]
        score = round(float(chances[kind][first:last].mean()), 3)
        mention = _mention(kind, first, last, score, annotation)
        if mention is not None:
            found.append(_with_role(mention, compared))
    return tuple(sorted(found, key=lambda m: (m.start_char, -m.end_char, m.kind)))


def _chances(kind: MentionLabel, encoded: Encoded | None, annotation: Annotation) -> Floats:
    """Return for each token the chance that it belongs to a mention of a kind."""
    column, style, label = SOURCES[kind]
    assert annotation.chances is not None
    chain: Floats = annotation.chances[:, CHANCES.index(column)]
    if encoded is None or not len(encoded.words):
        return chain
    k = encoded.columns.labels[style].index(label)
    tags = encoded.tag_chances(style)
    told = (tags[:, 1 + 2 * k] + tags[:, 2 + 2 * k])[_words_of(encoded, annotation)]
    mixed: Floats = CHAIN_SHARE * chain + (1 - CHAIN_SHARE) * told
    return mixed


def _begins(
    kind: MentionLabel, encoded: Encoded | None, annotation: Annotation
) -> NDArray[np.bool_]:
    """Return for each token whether the encoder begins a new mention there rather than go on."""
    if encoded is None or not len(encoded.words):
        return np.zeros(len(annotation.tokens), np.bool_)
    _, style, label = SOURCES[kind]
    k = encoded.columns.labels[style].index(label)
    tags = encoded.tag_chances(style)
    words = _words_of(encoded, annotation)
    new = np.diff(words, prepend=-1) > 0  # a word cut into tokens begins once
    found: NDArray[np.bool_] = new & (tags[:, 1 + 2 * k] > tags[:, 2 + 2 * k])[words]
    return found


def _words_of(encoded: Encoded, annotation: Annotation) -> NDArray[np.intp]:
    """Return for each token the word of the encoder in which it begins."""
    starts = np.array([t.start_char for t in annotation.tokens])
    return np.maximum(np.searchsorted(encoded.starts, starts, side="right") - 1, 0)


def _runs(
    best: NDArray[np.intp], begins: Sequence[NDArray[np.bool_]], annotation: Annotation
) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens of one kind within a sentence, as token numbers, end excluded."""
    ends = {s.end_char for s in annotation.sentences}
    first = None
    for k, kind in enumerate([*best.tolist(), -1]):
        if first is not None:
            token = annotation.tokens[k - 1]
            if kind == best[first] and not begins[kind][k] and token.end_char not in ends:
                continue
            yield first, k
        first = k if kind >= 0 else None


def _mention(
    kind: MentionLabel, first: int, last: int, score: float, annotation: Annotation
) -> TaggedMention | None:
    """Return a run as a mention, without the small words and signs at its edges."""
    tokens = annotation.tokens
    while first < last and tokens[first].text.lower() in _EDGES - {"("}:
        first += 1
    while first < last and tokens[last - 1].text.lower() in _EDGES:
        if tokens[last - 1].text in ")]" and any(t.text in "([" for t in tokens[first:last]):
            break
        last -= 1
    if first == last:
        return None
    start, end = tokens[first].start_char, tokens[last - 1].end_char
    words = annotation.sentences[annotation.sentence_at(start) or 0]
    text = words.text[start - words.start_char : end - words.start_char]
    return TaggedMention(kind, start, end, text, score)


def _with_role(mention: TaggedMention, compared: Sequence[TaggedMention]) -> TaggedMention:
    if mention.kind != "intervention":
        return mention
    shared = sum(
        max(0, min(mention.end_char, m.end_char) - max(mention.start_char, m.start_char))
        for m in compared
    )
    if 2 * shared <= mention.end_char - mention.start_char:
        return mention
    return TaggedMention(
        "comparator", mention.start_char, mention.end_char, mention.text, mention.score
    )
