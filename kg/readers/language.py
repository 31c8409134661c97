"""Telling the language of a text from its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter

#: Short words that are common in one language and rare in the others.
_COMMON = {
    "en": "the of and in with was were for that to is by from than this",
    "es": "el la los las de que en con por una del para se un y",
    "fr": "le la les des et en une du dans que pour est par avec au",
    "de": "der die und das mit von den bei eine im ist für wurde zu nicht",
    "pt": "de que em um uma com para os das dos ao foi não na no",
    "it": "di che il la con per una del della nei sono è le dei nel",
    "nl": "de het een van en met voor bij zijn was op dat niet door werd",
}
_SETS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", _HAN),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_SAMPLE = 20_000


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language most of the text is in, ``None`` if unsure."""
    sample = text[:_SAMPLE]
    letters = 0 if sample.isascii() else sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS:
        if letters and len(script.findall(sample)) > 0.3 * letters:
            return language
    words = _WORD.findall(sample.lower())
    if len(words) < 5:
        return None
    times = Counter(words)
    counts = {
        language: sum(times[word] for word in common & times.keys())
        for language, common in _SETS.items()
    }
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] >= max(2, 0.04 * len(words)) else None
