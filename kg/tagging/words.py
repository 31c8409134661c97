"""What a word looks like: features that depend on the word alone, computed once a word."""

from __future__ import annotations

import re
from functools import lru_cache

_RUNS = re.compile(r"(X+|x+|9+)")


@lru_cache(maxsize=100_000)
def word_shape(word: str) -> str:
    """Return the word with letters as ``X``/``x`` and digits as ``9``, runs cut to two.

    Examples
    --------
    >>> word_shape("HbA1c"), word_shape("1,240"), word_shape("placebo")
    ('XxX9x', '9,99', 'xx')
    """
    marks = "".join(
        "X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c for c in word
    )
    return _RUNS.sub(lambda run: run.group()[:2], marks)


@lru_cache(maxsize=100_000)
def normal_word(word: str) -> str:
    """Return the word as a feature: lower case, numbers by shape, dashes as one.

    Examples
    --------
    >>> normal_word("Placebo"), normal_word("12.5"), normal_word("–")
    ('placebo', '<9.9>', '-')
    """
    if word[0].isdigit() or (word[0] in ".·" and len(word) > 1):
        if word.isdigit() and len(word) <= 4:
            return f"<{'9' * len(word)}>" if not _is_year(word) else "<year>"
        return "<9,9>" if "," in word else "<9.9>"
    if word in "–—−‐‑":
        return "-"
    return word.lower()


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in ("19", "20")
