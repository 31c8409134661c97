"""What is marked in a text for readers: who took part, what was done to them, what was measured.

Two models are asked, and their chances averaged: the chain of ``kg.tagging.mentions`` and, where it
is installed, the encoder. Both learned it from readers who mark every place in full (EBM-NLP).
Chemicals and conditions are names, found by both otherwise (:mod:`kg.tagging.named`). The names that numbers are
linked to are another matter (:mod:`kg.tagging.mentions`): short, the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention, Token
from kg.tagging.encoder import Encoded
from kg.tagging.mentions import CHANCES
from kg.tagging.named import find_named
from kg.tagging.runs import find_token_runs, mention_of, trimmed, words_of

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Habit:
    """What readers mark: whose marks the encoder is asked for, and how sure a mark has to be."""

    #: Column of the chain's chances, head and label of the encoder.
    sources: Mapping[MentionLabel, tuple[str, str, str]]
    #: A word is marked when the chance of its likeliest kind is above this.
    least: Mapping[MentionLabel, float]
    #: How much of a word's chance is the mean over all places where the text has it: readers who mark
    #: every place mark a name wherever it stands.
    everywhere: Mapping[MentionLabel, float] = field(default_factory=dict)


#: Whole texts, as EBM-NLP's readers mark them.
WHOLE = Habit(
    {
        "population": ("population", "ebm_nlp", "PARTICIPANTS"),
        "intervention": ("intervention", "ebm_nlp", "INTERVENTIONS"),
        "outcome": ("outcome", "ebm_nlp", "OUTCOMES"),
    },
    {"population": 0.33, "intervention": 0.25, "outcome": 0.3},
    {"intervention": 0.4},
)
#: Result sentences that stand alone, as RCT-ART's readers mark them: what was measured with its measure
#: and time, arms with "group" and all.
ALONE = Habit(
    {
        "population": ("population", "ebm_nlp", "PARTICIPANTS"),
        "intervention": ("intervention", "rct_art", "INTV"),
        "outcome": ("outcome", "rct_art", "OC"),
    },
    {"population": 0.5, "intervention": 0.5, "outcome": 0.5},
)
#: Parts of speech of words that a name is made of.
_NAMING = frozenset({"NOUN", "ADJ"})
#: How much of a chance is the chain's, the rest being the encoder's.
CHAIN_SHARE = 0.2

#: What the chain's opinion on a role weighs as log odds, and the odds from which on it is a comparator.
CHAIN_ODDS, LEAST_ODDS = 1.0, 0.5
_UNSAID = 1e-3
_COMPARATOR = (("pico_corpus", "control"), ("silver", "comparator"))
_INTERVENTION = (("pico_corpus", "intervention"), ("silver", "intervention"))
#: Words for a time.
_TIMES = frozenset(
    "baseline follow-up followup year years month months week weeks day days hour hours minutes".split()
)
#: Words that say when beside them.
_TIMING = frozenset(
    "after before at by to from during over within the of last first final one two three four five six eight nine ten"
    " twelve median mean extended up end treatment therapy study".split()
)
#: Words between what is compared.
_AGAINST = frozenset({"versus", "vs", "vs.", "compared", "against"})


def mark(
    encoded: Encoded | None, annotation: Annotation, habit: Habit = WHOLE
) -> tuple[TaggedMention, ...]:
    """Return the mentions of a document in text order; conditions and chemicals may lie within others.

    What "versus" parts are two interventions; which are comparators, :class:`_Roles` says.
    """
    if annotation.chances is None:
        return ()
    if encoded is None:
        habit = WHOLE  # the chain knows no other
    chances = {kind: _chances(kind, habit, encoded, annotation) for kind in habit.sources}
    for kind, share in habit.everywhere.items():
        chances[kind] = evened(chances[kind], share, annotation.tokens)
    begins = {kind: _begins(kind, habit, encoded, annotation) for kind in habit.sources}
    roles = _Roles(encoded, annotation)
    found = find_named(encoded, annotation)
    kinds = tuple(habit.sources)
    table = np.stack([chances[kind] - habit.least[kind] for kind in kinds], 1)
    best = np.where(table.max(1) > 0, table.argmax(1), -1)
    for first, last in find_token_runs(best, [begins[kind] for kind in kinds], annotation):
        kind = kinds[best[first]]
        total = float(np.add.reduce(chances[kind][first:last]))
        score = round(float(np.float32(total / (last - first))), 3)
        for piece in (
            _compared(first, last, annotation) if kind == "intervention" else [(first, last)]
        ):
            if (run := trimmed(*piece, annotation)) is not None and not _is_time(*run, annotation):
                mention = mention_of(kind, *run, score, annotation)
                found.append(roles.applied(mention, *run) if kind == "intervention" else mention)
    return tuple(sorted(found, key=lambda m: (m.start_char, -m.end_char, m.kind)))


def _chances(
    kind: MentionLabel, habit: Habit, encoded: Encoded | None, annotation: Annotation
) -> Floats:
    """Return for each token the chance that it belongs to a mention of a kind."""
    column, style, label = habit.sources[kind]
    assert annotation.chances is not None
    chain: Floats = annotation.chances[:, CHANCES.index(column)]
    if encoded is None or not len(encoded.words):
        return chain
    told = encoded.label_chances(style, label)[words_of(encoded, annotation)]
    mixed: Floats = CHAIN_SHARE * chain + (1 - CHAIN_SHARE) * told
    return mixed


def evened(chances: Floats, share: float, tokens: Sequence[Token]) -> Floats:
    """Return the chances of tokens, those of nouns and adjectives drawn towards the word's mean over the text."""
    told = np.array([token.tag in _NAMING for token in tokens], np.bool_)
    words = [token.text.lower() for token in tokens]
    numbers = dict(zip(dict.fromkeys(words), count()))
    same = list(map(numbers.__getitem__, words))
    mean = (np.bincount(same, chances) / np.bincount(same))[same]
    drawn: Floats = np.where(told, (1 - share) * chances + share * mean, chances).astype(np.float32)
    return drawn


def _begins(
    kind: MentionLabel, habit: Habit, encoded: Encoded | None, annotation: Annotation
) -> NDArray[np.bool_]:
    """Return for each token whether the encoder begins a new mention there rather than go on."""
    if encoded is None or not len(encoded.words):
        return np.zeros(len(annotation.tokens), np.bool_)
    _, style, label = habit.sources[kind]
    k = encoded.columns.labels[style].index(label)
    tags = encoded.tag_chances(style)
    words = words_of(encoded, annotation)
    new = np.diff(words, prepend=-1) > 0  # a word cut into tokens begins once
    found: NDArray[np.bool_] = new & (tags[:, 1 + 2 * k] > tags[:, 2 + 2 * k])[words]
    return found


def _is_time(first: int, last: int, annotation: Annotation) -> bool:
    """Tell whether a run of tokens says no more than when: "after 52 weeks", "last follow-up"."""
    words = {token.text.lower() for token in annotation.tokens[first:last]}
    return bool(words & _TIMES) and all(
        word in _TIMES or word in _TIMING or not word.isalpha() for word in words
    )


def _compared(first: int, last: int, annotation: Annotation) -> Iterator[tuple[int, int]]:
    """Yield the parts of a run of tokens between which a comparison is drawn, outside brackets."""
    depth, at = 0, first
    for k in range(first, last):
        word = annotation.tokens[k].text.lower()
        depth = max(0, depth + (word in "([") - (word in ")]"))
        if not depth and word in _AGAINST:
            yield at, k
            at = k + 1
    yield at, last


class _Roles:
    """Tells comparators from interventions: by the encoder's opinion and the chain's."""

    def __init__(self, encoded: Encoded | None, annotation: Annotation) -> None:
        self._compared = [m for m in annotation.mentions if m.kind == "comparator"]
        self._odds: NDArray[np.float32] | None = None
        if encoded is not None and len(encoded.words):
            words = words_of(encoded, annotation)
            self._words = words
            self._odds = np.stack(
                [_head_chances(encoded, side) for side in (_COMPARATOR, _INTERVENTION)], 1
            )

    def applied(self, mention: TaggedMention, first: int, last: int) -> TaggedMention:
        """Return an intervention, a run of tokens, in its role."""
        shared = sum(
            max(0, min(mention.end_char, m.end_char) - max(mention.start_char, m.start_char))
            for m in self._compared
        )
        chain = 2 * shared > mention.end_char - mention.start_char
        if self._odds is None:
            return replace(mention, kind="comparator") if chain else mention
        said = self._odds[self._words[first] : self._words[last - 1] + 1].sum(0) + _UNSAID
        odds = float(np.log(said[0] / said[1])) + (CHAIN_ODDS if chain else -CHAIN_ODDS)
        return replace(mention, kind="comparator") if odds > LEAST_ODDS else mention


def _head_chances(encoded: Encoded, labels: Sequence[tuple[str, str]]) -> Floats:
    """Return for each word of the encoder the sum of its chances of some heads' labels."""
    total: Floats = np.zeros(len(encoded.words), np.float32)
    for style, label in labels:
        total += encoded.label_chances(style, label)
    return total
