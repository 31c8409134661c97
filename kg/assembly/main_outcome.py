"""What a document, or the caption of one of its tables, is about."""

from __future__ import annotations

from collections import defaultdict

from kg.assembly.context import Context
from kg.assembly.labels import stems
from kg.assembly.phrase import Phrase
from kg.assembly.words import QUANTITY_WORDS

_SEEN = 0.4  # score from which the tagger saw an outcome
_TITLE = 1.5  # what a name counts that the title has


def main_outcome(context: Context, caption: tuple[int, int] | None = None) -> Phrase | None:
    """Return the outcome that a caption names, else that which the document speaks of most."""
    told = [p for p in context.phrases if not _in_table(context, p)]
    named = (
        [p for p in told if p.score("outcome") >= _SEEN]
        or [p for p in told if p.score("condition") >= _SEEN]
        or [
            p
            for p in told
            if QUANTITY_WORDS.intersection(p.raw.lower().split()) and max(p.scores) < _SEEN
        ]
    )
    if caption is not None:
        inside = [p for p in named if caption[0] <= p.start_char and p.end_char <= caption[1]]
        if inside:
            return max(
                inside,
                key=lambda p: (max(p.score("outcome"), p.score("condition")), p.last - p.first),
            )
    weights: defaultdict[frozenset[str], float] = defaultdict(float)
    for phrase in named:
        own = stems(phrase.label)
        weights[own] += max(phrase.score("outcome"), phrase.score("condition"), 0.1) * (
            _TITLE if own <= context.title_stems else 1.0
        )
    return max(
        named, key=lambda p: (round(weights[stems(p.label)], 6), -p.start_char), default=None
    )


def _in_table(context: Context, phrase: Phrase) -> bool:
    block = context.annotation.sentences[phrase.sentence].block
    return context.reading.blocks[block].kind == "table"
