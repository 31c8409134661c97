"""The atom: a typed piece of mapped text. Its kinds are described in :mod:`kg.numbers.atoms`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Atom:
    """A typed piece of text; see :mod:`kg.numbers.atoms` for the kinds."""

    kind: str
    start: int
    end: int
    text: str
    lower: str  # the text in lower case
    value: float | None = None
    decimals: int = 0
    key: str | None = None
    level: float | None = None
    signed: bool = False
    word: bool = False
    hyphenated: bool = False
    year: bool = False
    glued: bool = False
    adjusted: bool = False
