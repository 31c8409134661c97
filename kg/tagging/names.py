"""Names that hold signs or stand in several words, kept whole: "1,25(OH)2D", "vitamin D3", "CD4+", "S. aureus"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

_OPEN, _CLOSE = r"\s?[(\[]\s?", r"\s?[)\]]"
_SUBSCRIPT = rf"(?:\d{{1,2}}|{_OPEN}\d{{1,2}}{_CLOSE})"
_D = rf"D(?:[23]|{_OPEN}[23]{_CLOSE})?"
#: Forms of names; a form begins and ends where words do.
_FORMS = (
    # Vitamins by letter: "vitamin D", "vitamin D(3)", "vit. B12", "vitamin B-12", "vitamin-D".
    rf"(?i:vitamins?|vit\.?)[\s-]?(?:[ACDEK]|B)(?:-?{_SUBSCRIPT})?",
    # Hydroxylated vitamin D: "25(OH)D", "25 (OH) D3", "25[OH]D", "25-OH-vitamin D", "1,25-(OH)2-D", "25(OHD)".
    rf"(?:1[αa]?\s?,\s?)?2[45][-\s]?{_OPEN}OH{_CLOSE}(?:[-\s]?2)?[-\s]?(?i:vit(?:amin)?\.?[-\s]?)?{_D}",
    rf"(?:1[αa]?\s?,\s?)?2[45][-\s]?{_OPEN}OH[-\s]?D[23]?{_CLOSE}",
    rf"(?:1[αa]?\s?,\s?)?2[45][-\s]?OH[-\s]?(?i:vit(?:amin)?\.?[-\s]?)?{_D}",
    rf"(?:1[αa]?\s?,\s?)?2[45][-\s]?(?i:(?:di)?-?hydroxy[-\s]?(?:vit(?:amin)?\.?[-\s]?{_D}|\w*calciferol))",
    # Glycated haemoglobin and its short forms: "HbA1c", "HbA(1c)", "Hb A1C", "A(1c)".
    rf"(?:Hb\s?)?A(?:{_OPEN}1\s?[cC]{_CLOSE}|\s?1[cC])",
    # Cells and ions by their sign: "CD4+", "CD4+CD25+", "Ca2+", "Foxp3+".
    r"(?:[A-Z][A-Za-z]*\d{1,3}[a-z]?\+)+",
    # Families with a number: "omega 3", "IL 6", "TNF-α".
    r"(?i:omega|ω)[\s-]?[3679]",
    r"(?i:interleukin)\s?(?:\(IL\))?[\s-]?\d{1,2}[A-Zα-ω]?",
    r"(?:IL|TNF|IFN|TGF)[\s-]?(?:\d{1,2}[A-Zα-ω]?|α|β|γ|alpha|beta|gamma)",
    # Species by their short names: "S. aureus", "C. difficile".
    r"[A-Z]\.\s?[a-z]{2,}(?:us|um|is|ae|[aei]|ans|ens|ax)",
)  # fmt: skip
_NAME = re.compile(
    r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?:{form})" for form in _FORMS) + r")(?![A-Za-z0-9])"
)
#: The words of a sentence hold no name without one of these, white space apart: as they stand, …
_HINTS = ("24", "25", "+", "IL", "TNF", "IFN", "TGF")
#: … or in lower case.
_LOWER_HINTS = ("vit", "1c", "omega", "ω", "interleukin")
_SPECIES = re.compile(r"[A-Z]\.[a-z]{3}")


def find_names(words: Sequence[str], glued: Sequence[bool]) -> list[tuple[int, int]]:
    """Return names of several tokens as token ranges, end excluded, left to right.

    Parameters
    ----------
    words, glued
        The tokens of one sentence, and whether each follows the one before without white space.

    Examples
    --------
    >>> find_names(["low", "25", "(", "OH", ")", "D", "levels"], [False, False, True, True, True, True, False])
    [(1, 6)]
    """
    run = "".join(words)
    if (
        not any(map(run.__contains__, _HINTS))
        and not any(map(run.lower().__contains__, _LOWER_HINTS))
        and not _SPECIES.search(run)
    ):
        return []
    pieces = [
        word if joined or not k else f" {word}"
        for k, (word, joined) in enumerate(zip(words, glued, strict=True))
    ]
    ends = list(accumulate(map(len, pieces)))
    starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
    found: list[tuple[int, int]] = []
    for match in _NAME.finditer("".join(pieces)):
        first, last = bisect_left(starts, match.start()), bisect_left(ends, match.end())
        whole = last < len(words) and starts[first] == match.start() and ends[last] == match.end()
        if whole and last > first:
            found.append((first, last + 1))
    return found
