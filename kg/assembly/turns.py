"""The words on which a sentence turns: what stands before and after them has different roles."""

from __future__ import annotations

from collections.abc import Sequence

from kg.assembly.words import DECREASE_CUES, INCREASE_CUES, PIVOTS

Turn = tuple[int, int]  # two tokens, or a token and the one after the last
_PIVOTS = frozenset().union(*(pivots for pivots, _, _ in PIVOTS.values()))
_COMPARATIVES = INCREASE_CUES | DECREASE_CUES
_THAN = frozenset({"than", "compared", "versus", "vs", "vs.", "relative"})


def find_pivots(
    words: Sequence[str], sentences: Sequence[tuple[int, int]]
) -> dict[tuple[int, str], list[Turn]]:
    """Return the pivots of each sentence and kind (:data:`kg.assembly.words.PIVOTS`), in text order.

    >>> find_pivots(["smoking", "was", "associated", "with", "falls"], [(0, 5)])
    {(0, 'assoc'): [(2, 4)]}
    """
    found: dict[tuple[int, str], list[Turn]] = {}
    for n, (first, last) in enumerate(sentences):
        for t in range(first, last):
            if words[t] not in _PIVOTS:
                continue
            for kind, (pivots, after, reach) in PIVOTS.items():
                if words[t] in pivots:
                    follows = range(t + 1, min(last, t + 1 + reach))
                    end = next((u + 1 for u in follows if words[u] in after), None)
                    if end is not None:
                        found.setdefault((n, kind), []).append((t, end))
    return found


def find_comparisons(words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> dict[int, Turn]:
    """Return, for each sentence that compares, the comparing word and the "than" (or "and") after it.

    >>> find_comparisons(["pain", "was", "lower", "in", "men", "than", "in", "women"], [(0, 8)])
    {0: (2, 5)}
    """
    found: dict[int, Turn] = {}
    for n, (first, last) in enumerate(sentences):
        for t in range(first, last):
            if words[t] in _COMPARATIVES:
                follows, wanted = range(t + 1, min(last, t + 25)), _THAN
            elif words[t] == "between":
                follows, wanted = range(t + 1, min(last, t + 12)), frozenset({"and"})
            else:
                continue
            than = next((u for u in follows if words[u] in wanted), None)
            if than is not None:
                found[n] = (t, than)
                break
    return found
