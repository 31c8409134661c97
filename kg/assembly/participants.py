"""Who took part: the numbers of people in a text, and which of them is the total of the study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.assembly.linear import Weights, load_weights, score
from kg.assembly.participant_counts import (
    Candidate,
    Offsets,
    elliptic_counts,
    find_short_forms,
    n_counts,
    noun_counts,
)  # fmt: skip
from kg.assembly.participant_features import with_features
from kg.assembly.participant_sums import across_sentences, products, sums, with_parts
from kg.assembly.zones import Zones

#: Scoring below this, no candidate is the total: the text states none.
THRESHOLD = 0.0
#: Counts past this many belong to tables and full texts; totals and groups stand before them.
MOST_CANDIDATES = 400

#: The end of a sentence, or a blank line; the sign that ends a sentence belongs to it.
_BOUNDARY = re.compile(r"[.!?\n](?:(?<=[.!?])[\"”)\]]?\d{0,2}\s+(?=[\[(]?[A-Z0-9•*])|(?<=\n)\n+)")


@dataclass(frozen=True, slots=True)
class Total:
    """The number of participants of a study and where it stands."""

    value: int
    start_char: int
    end_char: int
    derived: bool


def sentences(text: str, start: int, end: int) -> Iterator[Offsets]:
    """Split ``text[start:end]`` where a sentence ends; abbreviations may split too early."""
    last = start
    for match in _BOUNDARY.finditer(text, start, end):
        yield last, match.start() + (match[0][0] != "\n")
        last = match.end()
    if last < end:
        yield last, end


def find_candidates(text: str, stretches: Iterable[Offsets], zones: Zones) -> list[Candidate]:
    """Return every count of participants in the stretches of a text, with its features."""
    found: list[Candidate] = []
    short_forms = find_short_forms(text)
    for start, end in stretches:
        for sentence in sentences(text, start, end):
            here = [*noun_counts(text, sentence, short_forms), *n_counts(text, sentence)]
            here.extend(elliptic_counts(text, here))
            here.sort(key=lambda c: c.start_char)
            here = with_parts(text, here)
            found.extend(here)
            found.extend(sums(text, here))
            found.extend(products(text, here))
            if len(found) > MOST_CANDIDATES:
                break
    found = found[:MOST_CANDIDATES]
    found.extend(across_sentences(text, found))
    return with_features(text, sorted(found, key=lambda c: (c.sentence, c.kind == "sum")), zones)


def choose_total(candidates: Sequence[Candidate], weights: Weights | None = None) -> Total | None:
    """Return the total that the candidates' features speak for, ``None`` where none does.

    The first of equally good candidates wins: reports state the total before its parts.
    """
    if weights is None:
        weights = load_weights("participants")["total"]
    best: Candidate | None = None
    best_score = weights.get("none", THRESHOLD)
    for candidate in candidates:
        value = score(candidate.features, weights)
        if value > best_score:
            best, best_score = candidate, value
    if best is None:
        return None
    return Total(best.value, best.start_char, best.end_char, best.kind == "sum")
