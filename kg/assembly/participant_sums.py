"""Numbers of people that a text divides, adds up or multiplies: groups and the whole they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from kg.assembly.numerals import WORDS, Count, find_counts, parse_digits
from kg.assembly.participant_counts import Candidate
from kg.assembly.participant_words import NOT_COUNTED, NOUNS

#: More groups than this side by side are a list of results.
MOST_GROUPS = 6
_JOIN = re.compile(
    r"[\s,;]{0,9}(?:and|or|versus|vs\.?|along with|plus|while|compared (?:with|to))\b",
    re.IGNORECASE,
)
_NEXT_BRACKET = re.compile(r"[^.;()]{0,60}\((?P<inside>[^()]{5,250})\)")
_N = re.compile(r"(?<![\w-])[nN]\s*[=:]\s*(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,9})(?![\d.]|\s?%)")


def with_parts(text: str, here: list[Candidate]) -> list[Candidate]:
    """Add the groups that a text divides a count into, in a bracket or behind it."""
    found, seen = [], {c.start_char for c in here}
    for candidate in here:
        parts = dividing_bracket(text, candidate) if candidate.kind == "noun" else []
        for part in parts or _groups_of(text, candidate):
            if part.start_char not in seen and not _inside_n(text, part):
                seen.add(part.start_char)
                found.append(Candidate(
                    part.value, "bare", part.start_char, part.end_char, part.end_char, "",
                    candidate.sentence, frozenset({"part"}),
                ))  # fmt: skip
    return sorted([*here, *found], key=lambda c: c.start_char)


def dividing_bracket(text: str, candidate: Candidate) -> list[Count]:
    """Return the counts in the bracket behind a candidate if they add up to it.

    ``577 infants (344 with …, 74 …, 159 …)``; empty if there is no such bracket.
    """
    match = _NEXT_BRACKET.match(text, candidate.end_char, candidate.sentence[1])
    if not match:
        return []
    parts = [*find_counts(text, *match.span("inside"))]
    parts += [
        Count(parse_digits(n["digits"]), n.start("digits"), n.end("digits"))
        for n in _N.finditer(text, *match.span("inside"))
    ]
    parts.sort(key=lambda count: count.start_char)
    for size in range(2, len(parts) + 1):
        if sum(part.value for part in parts[:size]) == candidate.value:
            return parts[:size]
    return []


def adding_up(text: str, candidate: Candidate) -> tuple[Count, ...]:
    """Return two to four numbers in a row, soon after a candidate, that add up to it.

    ``Of 885 patients, 442 were assigned to the high dose and 443 to the usual one.``
    ``2144 (1063 ablation, 1081 no ablation) patients were randomly assigned.``
    """
    end = min(len(text), candidate.end_char + 300)
    return _find_addends(text, candidate.number_end, end, candidate.value)


@lru_cache(maxsize=1024)
def _find_addends(text: str, start: int, end: int, value: int) -> tuple[Count, ...]:
    row = [*find_counts(text, start, end)]
    row += [
        Count(parse_digits(m["digits"]), m.start(), m.end()) for m in _N.finditer(text, start, end)
    ]
    row = sorted((c for c in row if c.value > 1), key=lambda count: count.start_char)
    for first in range(len(row)) if value > 4 else ():
        for size in (2, 3, 4):
            if sum(count.value for count in row[first : first + size]) == value:
                return tuple(row[first : first + size])
    return ()


_LISTED = re.compile(r"[,;]|\b(?:and|or|versus|vs|while|whereas|but)\b", re.IGNORECASE)


def _groups_of(text: str, candidate: Candidate) -> tuple[Count, ...]:
    """Return the groups that a sentence lists behind their whole: "253 randomised: 125 to A, 128 to B"."""
    parts = adding_up(text, candidate)
    for part in parts:
        word = re.match(r"[\s-]*([^\s,;:()]*)", text[part.end_char : part.end_char + 40])
        named = word is not None and NOT_COUNTED.fullmatch(word[1].lower().rstrip("."))
        if part.end_char > candidate.sentence[1] or (
            named and word and word[1].lower() not in _LINKS
        ):
            return ()
    gaps = (text[one.end_char : other.start_char] for one, other in pairwise(parts))
    return parts if all(_LISTED.search(gap) for gap in gaps) else ()


_LINKS = frozenset({"to", "and", "or", "the"})


def _inside_n(text: str, count: Count) -> bool:
    return bool(
        re.search(r"[nN]\s*[=:]\s*$", text[max(0, count.start_char - 5) : count.start_char])
    )


def sums(text: str, here: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the sums of groups listed side by side in a sentence."""
    found = list(here)
    for kind in ("n", "noun"):
        groups = [
            c for c in found
            if c.value > 1 and (c.kind == kind or (kind == "noun" and "elliptic" in c.features))
        ]  # fmt: skip
        if len(groups) > 1:
            groups = [
                c for c in groups if not _groups_of(text, c)
            ]  # a whole is no group of another
        run: list[Candidate] = []
        for first, second in pairwise(groups):
            if _side_by_side(text, first, second, 220 if kind == "n" else 150):
                run = [*run, second] if run else [first, second]
            else:
                yield from _sum_of(run, kind)
                run = []
        yield from _sum_of(run, kind)


def across_sentences(text: str, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the sum of two groups told one sentence after the other, each with its ``n =`` alone."""
    by_sentence: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in found:
        if candidate.kind == "n":
            by_sentence.setdefault(candidate.sentence, []).append(candidate)
    for (one, first), (two, second) in pairwise(by_sentence.items()):
        alone = len(first) == len(second) == 1 and two[0] - one[1] <= 3
        if alone and not _groups_of(text, first[0]):
            for total in _sum_of([*first, *second], "n"):
                yield replace(total, features=total.features | {"sum across sentences"})


_PLANNED = re.compile(r"\b(?:targeted|planned|expected|aimed)\b[^.;,\d]{0,15}$", re.IGNORECASE)


#: "Of 410 patients screened, 397 were randomised": a whole, and a part of it.
_OPENS = re.compile(r"(?:^|[.;:]\s+)(?:Of|Out of|Among|From)\s+(?:the\s+|a total of\s+|these\s+)?$")


def _side_by_side(text: str, first: Candidate, second: Candidate, gap: int) -> bool:
    between = text[first.number_end : second.start_char]
    if len(between) > gap or _family(first) != _family(second):
        return False
    if second.noun in ("case", "cases") and first.noun not in NOUNS["control"]:
        return False  # "283,537 participants and 55,816 incident cases": these are of those
    before = text[max(first.sentence[0], first.start_char - 30) : first.start_char]
    if " and " not in between and _OPENS.search(before):
        return False
    if any(
        _PLANNED.search(text[max(0, c.start_char - 40) : c.start_char]) for c in (first, second)
    ):
        return False
    bracketed = all(text.startswith(")", c.end_char) for c in (first, second)) and "," in between
    return second.kind == "n" or "elliptic" in second.features or bracketed or bool(
        _JOIN.search(between) or between.endswith(", ")
    )  # fmt: skip


def _family(candidate: Candidate) -> bool:
    """Tell people from what is counted beside them: "28 clinics participated and 362 children"."""
    return candidate.noun in NOUNS["unit"] or candidate.noun in NOUNS["staff"]


def _sum_of(run: list[Candidate], kind: str) -> Iterator[Candidate]:
    """Yield the sum of a run of groups; a whole that stands before its groups is not added."""
    if len(run) > 2 and run[0].value == sum(c.value for c in run[1:]):
        run = run[1:]
    if 2 <= len(run) <= MOST_GROUPS:
        first, last = run[0], run[-1]
        features = {f"sum of {kind}", f"sum {min(len(run), 4)}"}
        features |= {"sum of equals"} if len({c.value for c in run}) == 1 else set()
        features |= {"sum, one noun"} if _share_noun(run) else set()
        yield Candidate(
            sum(c.value for c in run), "sum", first.start_char, last.end_char, last.end_char,
            run[0].noun, first.sentence, frozenset(features),
            tuple((c.start_char, c.end_char) for c in run),
        )  # fmt: skip


def _share_noun(run: Sequence[Candidate]) -> bool:
    """Whether the groups stand in front of one word for people: "21 male and 17 female patients"."""
    return all(
        one.kind == "noun" and one.end_char > other.start_char for one, other in pairwise(run)
    )


_EACH_AFTER = re.compile(
    r"\s*\)?\s*(?:,\s*)?(?:(?:in|for|to|per)\s+)?(?:each|every|per|both)\b|\s*/\s*(?:group|arm)|\s*\)?\s*(?:in|for)\s+both\b",
    re.IGNORECASE,
)
_EACH_BEFORE = re.compile(
    r"\b(?:each\s+(?:group|arm)?[^.;,]{0,40}|(?:groups|arms)\s*(?:\(|of|each|with|,)[\s(]*(?:n\s*=\s*)?)$",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    rf"\b(?P<count>[2-6]|{'|'.join(w for w, v in WORDS.items() if 2 <= v <= 6)})\s+(?:\w+\s+){{0,3}}?(?:groups|arms)\b",
    re.IGNORECASE,
)


def products(text: str, here: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield ``60`` for "into two groups (30 patients in each group)": groups times their size."""
    for candidate in here:
        if candidate.kind not in ("noun", "n") or candidate.value < 2:
            continue
        start, end = candidate.sentence
        each = _EACH_AFTER.match(text, candidate.end_char, end) or _EACH_BEFORE.search(
            text[max(start, candidate.start_char - 60) : candidate.start_char]
        )
        if not each:
            continue
        stated = [*_GROUPS.finditer(text, max(0, start - 250), end)]
        if not stated:
            continue
        nearest = min(stated, key=lambda m: abs(m.start() - candidate.start_char))
        groups = next(find_counts(nearest["count"].lower())).value
        yield Candidate(
            candidate.value * groups, "sum", candidate.start_char, candidate.end_char,
            candidate.number_end, candidate.noun, candidate.sentence,
            frozenset({"product"}), ((candidate.start_char, candidate.end_char),),
        )  # fmt: skip
