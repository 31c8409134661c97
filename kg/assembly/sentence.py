"""A sentence of the view, as every step of the assembly sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in view offsets; `block` is the index of the view's block that holds it."""

    start_char: int
    end_char: int
    text: str
    section: str
    block: int
