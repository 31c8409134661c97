"""Whether two labels, two measures, two numbers mean the same.

Annotators and texts name one thing in many ways ("25(OH)D level", "serum calcifediol"); the score
asks for shared content words, not for equal strings.
"""

from __future__ import annotations

import math
import re

#: Words that say nothing about which thing is meant.
_EMPTY = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "group", "groups", "in", "level", "levels", "mean",
    "of", "on", "or", "patients", "rate", "recurrent", "risk", "score", "serum", "the", "to", "total",
    "versus", "vs", "with",
})  # fmt: skip
#: Common short forms, written out before words are compared.
_LONG_FORMS = tuple(
    (re.compile(pattern), f" {long} ")
    for pattern, long in (
        (
            r"25[- ]?\(?oh\)?[- ]?d[23]?\b|25[- ]hydroxy[- ]?(?:vitamin d|cholecalciferol)[23]?"
            r"|calcidiol",
            "calcifediol",
        ),
        (r"vit(?:amin)?\.? d[23]?\b", "vitamind"),
        (r"\bbmd\b", "bone mineral density"),
        (r"\bca\b", "calcium"),
        (r"\bcrp\b", "c reactive protein"),
        (r"\bhdl(?:-c)?\b", "high density lipoprotein"),
        (r"\bldl(?:-c)?\b", "low density lipoprotein"),
        (r"\bmi\b", "myocardial infarction"),
        (r"\bpth\b", "parathyroid hormone"),
        (r"female sex", "women"),
        (r"male sex", "men"),
    )
)
_WORD = re.compile(r"[a-z0-9]+")
_STEM = 6
SAME_LABEL = 0.5  # likeness from which two labels count as one

#: Names that gold files and records use for one family of measures.
_FAMILIES = {
    "WMD": "MD",
    "percentage": "percent",
    "percent change": "percent_change",
    "fold": "fold_change",
    "fold change": "fold_change",
    "rho": "r",
}


def to_family(measure: str) -> str:
    """Return the family by which a measure is compared: a weighted mean difference is one too."""
    return _FAMILIES.get(measure, measure)


def to_direction(direction: str) -> str:
    """Return a gold file's direction as a record writes it."""
    return "no_difference" if direction == "no difference" else direction


def stems(label: str) -> frozenset[str]:
    """Return the stems of a label's content words, of all its words where it has no others."""
    text = label.lower()
    for pattern, long in _LONG_FORMS:
        text = pattern.sub(long, text)
    words = _WORD.findall(text)
    kept = [word for word in words if word not in _EMPTY]
    return frozenset(word[:_STEM] for word in kept or words)


def likeness(one: str, other: str) -> float:
    """Return how alike two labels are, 0 to 1.

    The larger of: shared stems over all stems, and nine tenths of the shared part of the shorter
    label, so that "fall" and "risk of falls in older women" are alike.

    >>> likeness("serum 25(OH)D", "calcifediol level")
    1.0
    >>> likeness("", "pain")
    0.0
    """
    left, right = stems(one), stems(other)
    if not left or not right:
        return 0.0
    shared = len(left & right)
    return max(shared / len(left | right), 0.9 * shared / min(len(left), len(right)))


def same_number(one: float | str | None, other: float | str | None) -> bool:
    """Whether two numbers are one, up to the noise of binary fractions; two absent ones are."""
    if one is None or other is None:
        return one is other
    return math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=1e-9)
