"""One name, one meaning: mentions of a document made to agree with each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from kg.assembly.annotation import MentionLabel, TaggedMention, Token
from kg.lexicon import word_set
from kg.lexicon.cues import PERSON
from kg.tagging.words import normal_word

#: A mention found at one place is looked for at the others unless it is shorter than this.
LEAST_CHARACTERS = 3

#: Kinds that are looked for; who took part is put in other words each time.
_SOUGHT: frozenset[MentionLabel] = frozenset({"intervention", "comparator", "outcome", "condition"})

#: A place found by its likeness only is a little less sure.
_DISCOUNT = 0.9

_Key = tuple[str, ...]
_Placed = tuple[int, _Key, TaggedMention]  # first token, forms of all its words, mention


def make_consistent(
    mentions: Sequence[TaggedMention], tokens: Sequence[Token], text: str
) -> tuple[TaggedMention, ...]:
    """Give the same words the same role, and mark them wherever the document has them.

    Parameters
    ----------
    mentions
        The mentions of one document; conditions may lie within others.
    tokens
        Its tokens in text order.
    text
        The view's text, of which all offsets are.
    """
    starts = [token.start_char for token in tokens]
    forms = [_form(token.text) for token in tokens]
    placed: list[_Placed] = []
    for mention in mentions:
        first = bisect_left(starts, mention.start_char)
        last = bisect_left(starts, mention.end_char, first)
        placed.append((first, tuple(forms[first:last]), mention))
    roles = _roles(placed)
    agreed = [
        (first, key, _with_kind(mention, roles.get((key, mention.kind), mention.kind)))
        for first, key, mention in placed
    ]
    found = [*(mention for _, _, mention in agreed), *_further(agreed, forms, tokens, text)]
    return tuple(sorted(found, key=lambda m: (m.start_char, -m.end_char, m.kind)))


@lru_cache(maxsize=50_000)
def _form(word: str) -> str:
    """Return a word in lower case without the plural's s; numbers as they stand."""
    lower = word.lower()
    if len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return lower[:-1]
    return lower


def _roles(
    placed: Sequence[_Placed],
) -> dict[tuple[_Key, MentionLabel], MentionLabel]:
    """Return for intervention and comparator of the same words the role they have more often."""
    votes: dict[_Key, Counter[MentionLabel]] = defaultdict(Counter)
    for _, key, mention in placed:
        if mention.kind in ("intervention", "comparator"):
            votes[key][mention.kind] += 1
    agreed: dict[tuple[_Key, MentionLabel], MentionLabel] = {}
    for key, counts in votes.items():
        role: MentionLabel = (
            "comparator" if counts["comparator"] > counts["intervention"] else "intervention"
        )
        agreed[key, "intervention"] = agreed[key, "comparator"] = role
    return agreed


def _with_kind(mention: TaggedMention, kind: MentionLabel) -> TaggedMention:
    if kind == mention.kind:
        return mention
    return TaggedMention(kind, mention.start_char, mention.end_char, mention.text, mention.score)


def _further(
    placed: Sequence[_Placed], forms: Sequence[str], tokens: Sequence[Token], text: str
) -> list[TaggedMention]:
    """Return the places of known names that no mention of their layer covers."""
    kinds: dict[_Key, Counter[MentionLabel]] = defaultdict(Counter)
    scores: dict[tuple[_Key, MentionLabel], float] = {}
    taken: dict[bool, set[int]] = {True: set(), False: set()}  # tokens, by "is a condition"
    for first, key, mention in placed:
        taken[mention.kind == "condition"].update(range(first, first + len(key)))
        if mention.kind in _SOUGHT and _is_name(key):
            kinds[key][mention.kind] += 1
            scores[key, mention.kind] = max(mention.score, scores.get((key, mention.kind), 0.0))
    by_first: dict[str, list[tuple[_Key, MentionLabel]]] = defaultdict(list)
    for key, counts in kinds.items():
        for condition in (True, False):
            best = [(n, kind) for kind, n in counts.items() if (kind == "condition") == condition]
            if best:
                by_first[key[0]].append((key, max(best)[1]))
    for entries in by_first.values():
        entries.sort(key=lambda entry: (-len(entry[0]), entry))
    found: list[TaggedMention] = []
    for k in [k for k, form in enumerate(forms) if form in by_first]:
        for key, kind in by_first[forms[k]]:
            layer = taken[kind == "condition"]
            if k in layer:  # as most are
                continue
            last = k + len(key)
            if tuple(forms[k:last]) == key and layer.isdisjoint(range(k, last)):
                layer.update(range(k, last))
                a, b = tokens[k].start_char, tokens[last - 1].end_char
                if "\n\n" not in text[a:b]:
                    score = round(scores[key, kind] * _DISCOUNT, 3)
                    found.append(TaggedMention(kind, a, b, text[a:b], score))
    return found


@lru_cache(maxsize=50_000)
def _is_name(key: _Key) -> bool:
    """Tell whether words name something by themselves: not "controls", not "2"."""
    letters = sum(c.isalpha() for word in key for c in word)
    if letters < LEAST_CHARACTERS:
        return False
    return len(key) > 1 or (
        key[0] not in PERSON and normal_word(key[0])[0] != "<" and key[0] not in _VAGUE
    )


_VAGUE = word_set(
    "treatment therapy intervention drug group dose risk level age sex change effect outcome score use"
)
