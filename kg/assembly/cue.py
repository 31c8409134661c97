"""Looking for one of many words fast: a pattern is tried only where its letters occur at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True)
class Cue:
    """A pattern of lower-case words, and substrings of which any match holds at least one.

    ``needles`` is ``None`` where an alternative of the pattern has no stretch of two characters
    that every match of it must hold. Where ``words`` are told, any match holds one of them, whole.
    """

    pattern: re.Pattern[str]
    needles: tuple[str, ...] | None = field(compare=False)
    words: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, source: str, words: frozenset[str] = frozenset()) -> Cue:
        """Build the cue that finds `source` where a word begins."""
        return cls(re.compile(_at_words(source)), needles_of(source), words)

    def may_be_in(self, text: str) -> bool:
        """Tell whether a text holds what any match must hold."""
        return self.needles is None or any(map(text.__contains__, self.needles))

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match in ``text[start:end]``."""
        if not self.may_be_in(text):
            return None
        return self.pattern.search(text, start, len(text) if end is None else end)

    def count(self, text: str) -> int:
        """Return how many matches a text holds."""
        return len(self.pattern.findall(text))


_WORD = re.compile(r"[a-z][a-z0-9]*")


class CueIndex:
    """Which of many cues a text may hold, told by its words: what each may belong to is remembered."""

    def __init__(self, cues: Mapping[str, Cue]) -> None:
        self._always = frozenset(
            name for name, cue in cues.items() if cue.needles is None and not cue.words
        )
        self._whole: dict[str, list[str]] = {}
        self._parts: dict[str, list[tuple[str, str]]] = {}  # by their first two letters
        for name, cue in cues.items():
            for word in cue.words:
                self._whole.setdefault(word, []).append(name)
            for needle in () if cue.words else cue.needles or ():
                part = max(_WORD.findall(needle), key=len)
                self._parts.setdefault(part[:2], []).append((part, name))
        self._of_word = lru_cache(maxsize=50_000)(self._read_word)

    def find(self, text: str) -> frozenset[str]:
        """Return the names of the cues that a text in lower case may hold."""
        return self._always.union(*map(self._of_word, set(_WORD.findall(text))))

    def _read_word(self, word: str) -> frozenset[str]:
        """Return the names of the cues of which some match may hold a word."""
        within = {
            name
            for at in range(len(word) - 1)
            for part, name in self._parts.get(word[at : at + 2], ())
            if word.startswith(part, at)
        }
        return frozenset(within.union(self._whole.get(word, ())))


def _at_words(source: str) -> str:
    """Return a pattern that finds `source` where a word begins.

    Where the alternatives open with letters that must be there, the letter comes first and the look at
    what stands before it second: the search then passes over all other characters at once.
    """
    alternatives = [one.removeprefix(r"\b") for one in _alternatives(source)]
    if not all(re.match(r"[a-z](?![?*{+])", one) for one in alternatives):
        return rf"\b(?:{source})"
    by_letter: dict[str, list[str]] = {}
    for one in alternatives:
        by_letter.setdefault(one[0], []).append(one[1:])
    return "|".join(rf"{one}(?<!\w{one})(?:{'|'.join(rest)})" for one, rest in by_letter.items())


def _alternatives(source: str) -> list[str]:
    """Return the alternatives of a pattern; one that opens with a group is one for each of the group's."""
    found = []
    for alternative in _split(source):
        inner, rest = _opening_group(alternative)
        found += [one + rest for one in _alternatives(inner)] if inner else [alternative]
    return found


_BRACKET = r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]"


def _opening_group(alternative: str) -> tuple[str, str]:
    """Return what stands in the group that opens an alternative and what behind it, else nothing."""
    if alternative.startswith("(?:"):
        depth = 0
        for part in re.finditer(_BRACKET, alternative):
            depth += {"(": 1, ")": -1}.get(part.group(), 0)
            if not depth and part.group() == ")":
                rest = alternative[part.end() :]
                return (
                    ("", "") if rest[:1] in tuple("?*+{") else (alternative[3 : part.start()], rest)
                )
    return "", ""


#: What most abstracts hold tells little.
_COMMON = frozenset(
    "in was were one study random effect control treatment analys post test before year population hospital "
    "male female adult aged pregnant".split()
)


def needles_of(source: str) -> tuple[str, ...] | None:
    """Return stretches of which every match of a pattern must hold one."""
    needles: list[str] = []
    for alternative in _alternatives(source):
        held = [needles_of(inner) or () for inner in _needed_groups(alternative)]
        held += [(run,) for run in re.findall(r"[a-z][a-z0-9 /-]+", _letters(alternative))]
        if not any(held):
            return None
        rarest: tuple[str, ...] = max(filter(None, held), key=_rarity)
        needles += rarest
    return tuple(n for n in dict.fromkeys(needles) if not any(m != n and m in n for m in needles))


def _rarity(needles: tuple[str, ...]) -> tuple[bool, int]:
    words = [needle.strip() for needle in needles]
    shortest = min(map(len, words))
    return _COMMON.isdisjoint(words) and shortest > 2, shortest


def _needed_groups(alternative: str) -> list[str]:
    """Return what stands in the groups that a match of an alternative cannot do without."""
    found, depth, start = [], 0, 0
    for part in re.finditer(_BRACKET, alternative):
        depth += {"(": 1, ")": -1}.get(part.group(), 0)
        if part.group() == "(" and depth == 1:
            start = part.start()
        elif part.group() == ")" and not depth:
            inner, after = alternative[start + 1 : part.start()], alternative[part.end() :]
            if inner.startswith("?:") and not after.startswith(("?", "*", "{0")):
                found.append(inner[2:])
    return found


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
