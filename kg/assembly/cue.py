"""Looking for one of many words fast: a pattern is tried only where its letters occur at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cue:
    """A pattern of lower-case words, and substrings of which any match holds at least one.

    ``needles`` is ``None`` where an alternative of the pattern has no stretch of three letters
    that every match of it must hold.
    """

    pattern: re.Pattern[str]
    needles: tuple[str, ...] | None = field(compare=False)

    @classmethod
    def of(cls, source: str) -> Cue:
        """Build the cue that finds `source` where a word begins."""
        return cls(re.compile(rf"\b(?:{source})"), needles_of(source))

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match in ``text[start:end]``."""
        if self.needles is not None and not any(n in text for n in self.needles):
            return None
        return self.pattern.search(text, start, len(text) if end is None else end)

    def count(self, text: str) -> int:
        """Return how many matches a text holds."""
        return len(self.pattern.findall(text)) if self.search(text) else 0


def needles_of(source: str) -> tuple[str, ...] | None:
    """Return, for each top-level alternative of a pattern, a stretch every match must hold."""
    needles = []
    for alternative in _split(source):
        runs = re.findall(r"[a-z][a-z ]{2,}", _letters(alternative))
        if not runs:
            return None
        needles.append(max(runs, key=len))
    return tuple(dict.fromkeys(needles))


def _split(source: str) -> list[str]:
    """Split a pattern at the bars outside all brackets."""
    parts, depth, current, escaped, in_set = [], 0, "", False, False
    for character in source:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current]


def _letters(alternative: str) -> str:
    """Return an alternative with all that a match may lack replaced by bars."""
    text = re.sub(r"\\.", "|", alternative)
    text = re.sub(r"\[[^\]]*\]", "|", text)
    while (inner := re.sub(r"\([^()]*\)", "|", text)) != text:
        text = inner
    return re.sub(r".[?*]|.\{0[^}]*\}|\{[^}]*\}|[+.^$]", "|", text)
