"""Features that tell a comparator from an intervention."""

from __future__ import annotations

from collections.abc import Sequence

from kg.lexicon.cues import SETS
from kg.tagging.context import DocumentContext
from kg.tagging.words import normal_word

_REACH = 5  # words on either side


def role_features(
    words: Sequence[str], tags: Sequence[str], first: int, last: int, context: DocumentContext
) -> list[str]:
    """Return the features of the mention ``words[first:last]`` of one sentence."""
    inside = list(map(normal_word, words[first:last]))
    before = list(map(normal_word, words[max(0, first - _REACH) : first]))
    after = list(map(normal_word, words[last : last + _REACH]))
    row = ["b", f"all={' '.join(inside)}", f"last={inside[-1]}", f"first={inside[0]}"]
    row += [f"in={word}" for word in inside]
    row += [f"before={word}" for word in before]
    row += [f"after={word}" for word in after]
    row.append(f"-1={before[-1] if before else '_'}")
    row.append(f"-2-1={' '.join(before[-2:])}")
    row.append(f"+1={after[0] if after else '_'}")
    for name in ("comparator", "group", "intervention"):
        if not SETS[name].isdisjoint(inside):
            row.append(f"has:{name}")
    if not SETS["versus"].isdisjoint(before):
        row.append("versus-before")
    if not SETS["versus"].isdisjoint(after):
        row.append("versus-after")
    named = [
        w.lower() for w, t in zip(words[first:last], tags[first:last], strict=True) if t == "NOUN"
    ]
    share = sum(word in context.title for word in named) / max(1, len(named))
    row.append(f"title={'all' if share == 1 and named else 'some' if share else 'none'}")
    return row
