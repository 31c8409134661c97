"""Who took part: the numbers of people in a text, which of them is the total, and their groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from kg.assembly.linear import Weights, load_weights, score
from kg.assembly.numerals import Count, find_counts, parse_digits
from kg.assembly.participant_words import (
    CUES_AFTER,
    CUES_BEFORE,
    NOT_COUNTED,
    PERSON,
    STOPS,
    SYNTHESIS,
)  # fmt: skip
from kg.assembly.zones import Zones

Kind = Literal["noun", "n", "sum", "bare"]
Offsets = tuple[int, int]

#: Scoring below this, no candidate is the total: the text states none.
THRESHOLD = 0.0

#: Counts past this many belong to tables and full texts; totals and groups stand before them.
MOST_CANDIDATES = 400
_N_EQUALS = re.compile(
    r"(?:(?<![\w-])(?P<n>[nN])\s*(?:=|:)\s*|(?<=[a-z] \()(?=[\d, ]+\)))(?P<digits>\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3}){1,3}|\d{1,9})(?![\d.]|\s?%)"
)
_TOKEN = re.compile(r"[^\s,;:()\[\]]+|[,;:()\[\]]")
_BOUNDARY = re.compile(r"(?<=[.!?])[\"”)\]]?\d{0,2}\s+(?=[\[(]?[A-Z0-9•*])|\n{2,}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stated number of participants; ``start_char:end_char`` is the phrase, number included."""

    value: int
    kind: Kind
    start_char: int
    end_char: int
    number_end: int
    noun: str
    sentence: Offsets
    features: frozenset[str] = frozenset()
    parts: tuple[Offsets, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """The number of participants of a study and where it stands."""

    value: int
    start_char: int
    end_char: int
    derived: bool


@dataclass
class Counted:
    """All candidates of a study's text, in order, and the sentences they stand in."""

    text: str
    candidates: list[Candidate] = field(default_factory=list)


def sentences(text: str, start: int, end: int) -> Iterator[Offsets]:
    """Split ``text[start:end]`` where a sentence ends; abbreviations may split too early."""
    last = start
    for match in _BOUNDARY.finditer(text, start, end):
        yield last, match.start()
        last = match.end()
    if last < end:
        yield last, end


def find_candidates(text: str, stretches: Iterable[Offsets], zones: Zones) -> list[Candidate]:
    """Return every count of participants in the stretches of a text, with its features."""
    found: list[Candidate] = []
    for start, end in stretches:
        for sentence in sentences(text, start, end):
            here = [*_noun_candidates(text, sentence), *_n_candidates(text, sentence)]
            here.sort(key=lambda c: c.start_char)
            found.extend(_with_sums(text, _with_parts(text, here)))
            if len(found) > MOST_CANDIDATES:
                break
    found = found[:MOST_CANDIDATES]
    found = [replace(c, features=c.features | _local_features(text, c, zones)) for c in found]
    return _with_global_features(found)


def choose_total(candidates: list[Candidate], weights: Weights | None = None) -> Total | None:
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


def _noun_candidates(text: str, sentence: Offsets) -> Iterator[Candidate]:
    """Yield ``53 children``, ``286 IIM patients``, ``Three hundred two RA patients``."""
    for count in find_counts(text, *sentence):
        phrase = _person_phrase(text, count, sentence[1])
        if phrase is not None:
            end, noun = phrase
            yield Candidate(
                count.value, "noun", count.start_char, end, count.end_char, noun, sentence
            )
        elif _is_bare(text, count, sentence):
            yield Candidate(
                count.value, "bare", count.start_char, count.end_char, count.end_char, "", sentence
            )


#: "American Society of Anesthesiologists" is part of an adjective, not the end of a phrase.
_CLASSIFICATION = re.compile(
    r"\bSociety of Anesthesiologists(?:\s*\([A-Z]+\))?|\bgrade\s+[IV]+\s+and\s+[IV]+"
)


def _person_phrase(text: str, count: Count, limit: int) -> tuple[int, str] | None:
    """Return the end of ``<adjectives> <noun>`` after a count, and the noun, if people follow."""
    if count.value < 1 or not _GAP.match(text, count.end_char):
        return None
    limit = min(limit, count.end_char + 240)
    skipped = [m.span() for m in _CLASSIFICATION.finditer(text, count.end_char, limit)]
    skipped += [
        m.span() for m in _BRACKET.finditer(text, count.end_char, min(limit, count.end_char + 160))
    ]
    place = 0
    repeated = re.compile(rf"\s*\(\s*{count.value}\s*\)").match(text, count.end_char)
    after = repeated.end() if repeated else count.end_char  # "Fifty-three (53) children"
    for match in _TOKEN.finditer(text, after, limit):
        if any(a <= match.start() < b for a, b in skipped):
            continue
        word = match.group().strip("*_.-").lower()
        if PERSON.fullmatch(word):
            return match.end() - (len(match.group()) - len(match.group().rstrip(".*_"))), word
        stop = word in STOPS and not (len(word) > 1 and match.group().isupper())  # "30 ON patients"
        if place > 7 or stop or (place == 0 and NOT_COUNTED.fullmatch(word)):
            return None
        if match.group() in ";:" or (match.group() in "()[]," and place == 0):
            return None
        place += 1
    return None


_BRACKET = re.compile(r"\((?!\s*[nN]\s*=)[^()]{1,60}\)")
#: Behind the number: white space, or the hyphen of "Forty-women".
_GAP = re.compile(r"\s|-(?=[a-z])")
_VERBS = (
    r"randomi[sz]ed|randomly|enrolled|recruited|included|assigned|allocated|agreed|entered|completed|"
    r"participated|consented|met|responded|analy[sz]ed|underwent|received|met"
)
_BARE_AFTER = re.compile(
    r"\s*(?:\([^()]{1,60}\)\s*)?(?:(?:were|was|had been|have been|of (?:whom|them) were)\s+"
    rf"(?:\w+\s+)?)?(?:{_VERBS})\b",
    re.IGNORECASE,
)
#: People of a kind that no list holds: "28 mountaineers were randomly assigned".
_THINGS_ASSIGNED = re.compile(
    r"\s+(?:[a-z][\w-]*\s+){0,3}[a-z]\w+(?:s|en)\s+(?:(?:were|was)\s+(?:\w+\s+)?"
    r"(?:randomi[sz]ed|randomly|enrolled|recruited|allocated)|participated|volunteered)\b"
)
_IN_GROUP = re.compile(
    r"\s+(?:in|to|into)\s+(?:the\s+)?(?:[\w+-]+\s+){1,6}(?:group|arm)\b", re.IGNORECASE
)
_BARE_BEFORE = re.compile(
    r"(?:we|study|trial)\s+(?:have\s+)?(?:randomi[sz]ed|enrolled|recruited|included)\s+$",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(
    r"\s*(?:\(\s*\d[\d.]*\s*%\s*\)\s*)?(?:out\s+of|of|/)\s*(?:the\s+|these\s+)?(?=\d)"
)


def _is_bare(text: str, count: Count, sentence: Offsets) -> bool:
    """Whether a number without a noun counts people: ``1,725 were included``, ``58 of 88 patients``."""
    after = text[count.end_char : min(sentence[1], count.end_char + 120)]
    before = text[max(sentence[0], count.start_char - 40) : count.start_char]
    if _BARE_AFTER.match(after) and not re.search(r"\b[A-Z]{2,}[ -]?$", before):
        return True
    first = re.match(r"\s*([\w-]+)", after)
    if _IN_GROUP.match(after):
        return True
    if _THINGS_ASSIGNED.match(after) and first and not NOT_COUNTED.fullmatch(first[1].lower()):
        return True
    if match := _OF_PEOPLE.match(after):
        second = next(find_counts(text, count.end_char + match.end(), sentence[1]), None)
        near = second is not None and second.start_char == count.end_char + match.end()
        return near and second is not None and _person_phrase(text, second, sentence[1]) is not None
    return bool(_BARE_BEFORE.search(before)) and bool(
        re.match(r"\s*[,.;(]|\s+(?:and|with)\b", after)
    )


def _n_candidates(text: str, sentence: Offsets) -> Iterator[Candidate]:
    """Yield ``(n = 89)``: a count whose people stand before the bracket."""
    for match in _N_EQUALS.finditer(text, *sentence):
        start = match.start()
        words = re.findall(r"[\w-]+", text[max(sentence[0], start - 60) : start].lower())
        noun = next((w for w in reversed(words[-4:]) if PERSON.fullmatch(w)), "")
        if not match["n"] and not (words and PERSON.fullmatch(words[-1])):
            continue  # "(216)" counts people right after the word for them only
        yield Candidate(
            parse_digits(match["digits"]), "n", start, match.end(), match.end(), noun, sentence,
            frozenset({f"{match['n'] or ''}="}),
        )  # fmt: skip


_JOIN = re.compile(
    r"[\s,;]*(?:and|or|versus|vs\.?|along with|plus|while|compared (?:with|to))\b", re.IGNORECASE
)


def _with_sums(text: str, here: list[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates of a sentence and the sums of groups listed side by side."""
    yield from here
    for kind in ("n", "noun"):
        groups = [c for c in here if c.kind == kind and c.value > 1]
        run: list[Candidate] = []
        for first, second in pairwise(groups):
            between = text[first.number_end : second.start_char]
            gap = 220 if kind == "n" else 150
            if len(between) <= gap and (
                kind == "n" or _JOIN.search(between) or between.endswith(", ")
            ):
                run = [*run, second] if run else [first, second]
            else:
                yield from _sum_of(run)
                run = []
        yield from _sum_of(run)


def _sum_of(run: list[Candidate]) -> Iterator[Candidate]:
    if 2 <= len(run) <= 6:
        first, last = run[0], run[-1]
        yield Candidate(
            sum(c.value for c in run), "sum", first.start_char, last.end_char, last.end_char,
            run[0].noun, first.sentence, frozenset({f"sum of {run[0].kind}", f"sum {min(len(run), 4)}"}),
            tuple((c.start_char, c.end_char) for c in run),
        )  # fmt: skip


_CONTROLS = re.compile(r"\b(?:healthy|controls?)\b", re.IGNORECASE)


def _local_features(text: str, candidate: Candidate, zones: Zones) -> frozenset[str]:
    """Return what the words round a candidate say about it."""
    low, high = candidate.sentence
    before = text[max(low, candidate.start_char - 90) : candidate.start_char]
    after = text[candidate.end_char : min(high, candidate.end_char + 160)]
    inside = text[candidate.number_end : candidate.end_char]
    features = {f"kind {candidate.kind}", f"zone {zones.at(candidate.start_char)}"}
    features.update(f"before: {name}" for name, cue in CUES_BEFORE.items() if cue.search(before))
    features.update(f"after: {name}" for name, cue in CUES_AFTER.items() if cue.search(after))
    if re.search(
        r"\d\s*\)?$|\bof\s+$|/\s*$", text[candidate.number_end : candidate.number_end + 4]
    ):
        features.add("numerator")
    if candidate.start_char - low <= 3:
        features.add("first in sentence")
    if candidate.kind == "noun" and not inside.strip().lower().startswith(candidate.noun):
        features.add("described")
    if candidate.parts and _CONTROLS.search(
        text, candidate.parts[-1][0], candidate.parts[-1][1] + 40
    ):
        features.add("sum with controls")
    if candidate.value < 5:
        features.add("small")
    if candidate.kind == "noun" and _dividing_bracket(text, candidate):
        features.add("is a sum")
    family = next((n for n, words in SYNTHESIS.items() if candidate.noun in words), None)
    if family:
        features.add(f"noun {family}")
    if re.search(SYNTHESIS_BEFORE, before):
        features.add("before: studies")
    return frozenset(features)


def _dividing_bracket(text: str, candidate: Candidate) -> list[Count]:
    """Return the counts in the bracket behind a candidate if they add up to it.

    ``577 infants (344 with …, 74 …, 159 …)``; empty if there is no such bracket.
    """
    match = _NEXT_BRACKET.match(text, candidate.end_char, candidate.sentence[1])
    if not match:
        return []
    parts = [*find_counts(text, *match.span("inside"))]
    parts += [
        Count(parse_digits(n["digits"]), n.start("digits"), n.end("digits"))
        for n in _N_EQUALS.finditer(text, *match.span("inside"))
    ]
    parts.sort(key=lambda count: count.start_char)
    for size in range(2, len(parts) + 1):
        if sum(part.value for part in parts[:size]) == candidate.value:
            return parts[:size]
    return []


def _with_parts(text: str, here: list[Candidate]) -> list[Candidate]:
    """Add the groups that a bracket divides a count into."""
    found, seen = [], {c.start_char for c in here}
    for candidate in here:
        if candidate.kind != "noun":
            continue
        for part in _dividing_bracket(text, candidate):
            if part.start_char not in seen and not _inside_n(text, part):
                found.append(Candidate(
                    part.value, "bare", part.start_char, part.end_char, part.end_char, "",
                    candidate.sentence, frozenset({"part"}),
                ))  # fmt: skip
    return sorted([*here, *found], key=lambda c: c.start_char)


def _inside_n(text: str, count: Count) -> bool:
    return bool(
        re.search(r"[nN]\s*[=:]\s*$", text[max(0, count.start_char - 5) : count.start_char])
    )


_NEXT_BRACKET = re.compile(r"[^.;()]{0,60}\((?P<inside>[^()]{5,250})\)")
SYNTHESIS_BEFORE = re.compile(
    r"\b(?:studies|trials|RCTs|articles|cohorts|papers|reports)\b[^.;]{0,40}$", re.IGNORECASE
)


def _rounds_another(value: int, stated: list[int]) -> bool:
    """Whether a value is another one rounded: "nearly 70,000 patients" of 68,680."""
    return any(0 < abs(other - value) <= value / 20 for other in stated)


def _with_global_features(found: list[Candidate]) -> list[Candidate]:
    """Add what only the comparison with the other candidates tells."""
    stated = [c.value for c in found if c.kind != "sum"]
    sums = {c.value for c in found if c.kind == "sum"}
    times = Counter(stated)
    top = max((v for v in stated), default=0)
    result = []
    for place, candidate in enumerate(found):
        extra = set()
        if candidate.value == top:
            extra.add("largest")
        if candidate.kind != "sum" and candidate.value in sums:
            extra.add("is a sum")
        if candidate.kind == "sum" and candidate.value in times:
            extra.add("sum is stated")
        if candidate.kind == "sum" and candidate.value > top:
            extra.add("sum is larger")
        if "before: roughly" in candidate.features and _rounds_another(candidate.value, stated):
            extra.add("rounds another")
        if times[candidate.value] > 1:
            extra.add("repeated")
        if place == 0:
            extra.add("first")
        elif place <= 2:
            extra.add("early")
        if top and candidate.value < top / 3:
            extra.add("far below largest")
        result.append(replace(candidate, features=candidate.features | extra))
    return result
