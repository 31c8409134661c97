"""Word lists that ship with the package, written for it."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string that white space parts.

    Examples
    --------
    >>> sorted(word_set("arm group"))
    ['arm', 'group']
    """
    return frozenset(words.split())
