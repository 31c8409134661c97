"""What is marked in a text for readers: who took part, what was done to them, what was measured.

Two models are asked, and their chances averaged: the chain of ``kg.tagging.mentions`` and, where it
is installed, the encoder. Both learned it from readers who mark every place in full (EBM-NLP).
Chemicals and conditions are names, found by both otherwise (:mod:`kg.tagging.named`). The names that numbers are
linked to are another matter (:mod:`kg.tagging.mentions`): short, the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention
from kg.tagging.encoder import Encoded
from kg.tagging.mentions import CHANCES
from kg.tagging.named import find_named
from kg.tagging.runs import find_token_runs, mention_of, trimmed, words_of

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


def mark(encoded: Encoded | None, annotation: Annotation) -> tuple[TaggedMention, ...]:
    """Return the mentions of a document in text order; conditions and chemicals may lie within others.

    An intervention that the chain calls a comparator is one.
    """
    if annotation.chances is None:
        return ()
    chances = {kind: _chances(kind, encoded, annotation) for kind in SOURCES}
    begins = {kind: _begins(kind, encoded, annotation) for kind in SOURCES}
    compared = [m for m in annotation.mentions if m.kind == "comparator"]
    found = find_named(encoded, annotation)
    kinds = tuple(SOURCES)
    table = np.stack([chances[kind] - LEAST[kind] for kind in kinds], 1)
    best = np.where(table.max(1) > 0, table.argmax(1), -1)
    for first, last in find_token_runs(best, [begins[kind] for kind in kinds], annotation):
        kind = kinds[best[first]]
        score = round(float(chances[kind][first:last].mean()), 3)
        if (run := trimmed(first, last, annotation)) is not None:
            found.append(_with_role(mention_of(kind, *run, score, annotation), compared))
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
    told = (tags[:, 1 + 2 * k] + tags[:, 2 + 2 * k])[words_of(encoded, annotation)]
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
    words = words_of(encoded, annotation)
    new = np.diff(words, prepend=-1) > 0  # a word cut into tokens begins once
    found: NDArray[np.bool_] = new & (tags[:, 1 + 2 * k] > tags[:, 2 + 2 * k])[words]
    return found


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
