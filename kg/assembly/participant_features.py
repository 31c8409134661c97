"""What speaks for a number of people to be the total of a study, and what against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kg.assembly.numerals import WORDS, Count, parse_digits
from kg.assembly.participant_counts import Candidate, person_phrase
from kg.assembly.participant_sums import adding_up, dividing_bracket
from kg.assembly.participant_words import (
    BASE,
    CALLED,
    CUES_AFTER,
    CUES_BEFORE,
    NOUNS,
    OWN_CUES,
    STUDIES_BEFORE,
    TAKEN,
)  # fmt: skip
from kg.assembly.zones import Zones

_CONTROLS = re.compile(r"\b(?:healthy|controls?)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TO_BRACKET = re.compile(r"^[^()\[\]]*[)\]]")
#: Where the clause of a number ends: the next number that counts something begins another.
_NEXT_COUNT = re.compile(
    rf"(?:[,;:]|--|\b(?:and|but|while|whereas|after|of\s+(?:whom|which|these|them))\b)\s+(?:and\s+|of\s+(?:whom|which|these)\s+|only\s+|the\s+|remaining\s+|another\s+|a total of\s+|when\s+){{0,6}}(?P<count>\d|(?:{'|'.join(WORDS)})\b)",
    re.IGNORECASE,
)


def with_features(text: str, found: Sequence[Candidate], zones: Zones) -> list[Candidate]:
    """Return the candidates of a text, in order, each with its features."""
    wholes = {c.start_char: adding_up(text, c) for c in found if c.kind != "sum"}
    parts = {part.start_char for parts in wholes.values() for part in parts}
    local = []
    for c in found:
        features = c.features | _local(text, c, zones)
        if c.kind != "sum":
            features |= {"adds up"} if wholes[c.start_char] else set()
            features |= {"in a whole"} if c.start_char in parts else set()
        local.append(replace(c, features=_divided(features)))
    return _with_global_features(local)


def _divided(features: frozenset[str]) -> frozenset[str]:
    """Tell "of 885, 442 were assigned to A and 443 to B" from "of 885, 442 were enrolled"."""
    if "adds up" in features and any(f.startswith("base,") for f in features):
        return frozenset(f for f in features if not f.startswith("base,")) | {"base, divided"}
    if "in a whole" in features and "part of base" in features:
        return features - {"part of base"} | {"part of base, divided"}
    return features


def _local(text: str, candidate: Candidate, zones: Zones) -> frozenset[str]:
    """Return what the words round a candidate say about it."""
    low, high = candidate.sentence
    before = text[max(low, candidate.start_char - 90) : candidate.start_char]
    behind = _behind(text, candidate)
    after = text[behind : min(high, behind + 160)]
    inside = text[candidate.number_end : candidate.end_char]
    features = {f"kind {candidate.kind}", f"zone {zones.at(candidate.start_char)}"}
    features.update(f"before: {name}" for name, cue in CUES_BEFORE.items() if cue.search(before))
    features.update(f"after: {name}" for name, cue in CUES_AFTER.items() if cue.search(after))
    if "product" in candidate.features:  # the size of each group is what it multiplies
        features -= {"before: each", "before: group", "after: per", "after: group"}
    features |= _of_clause(text, candidate)
    if re.search(
        r"\d\s*\)?$|\bof\s+$|/\s*$", text[candidate.number_end : candidate.number_end + 4]
    ):
        features.add("numerator")
    if candidate.start_char - low <= 3:
        features.add("first in sentence")
    if candidate.kind == "noun" and not inside.strip().lower().startswith(candidate.noun):
        features.add("described")
    if candidate.kind != "sum":
        called = f"{inside} {' '.join(before.split()[-1:])}"
        features.update(f"called {name}" for name, cue in CALLED.items() if cue.search(called))
    if candidate.parts and _CONTROLS.search(
        text, candidate.parts[-1][0], candidate.parts[-1][1] + 40
    ):
        features.add("sum with controls")
    if candidate.value < 5:
        features.add("small")
    if candidate.value < 12 and candidate.noun in NOUNS["unit"] | NOUNS["staff"]:
        features.add("few units")
    if candidate.kind == "noun" and dividing_bracket(text, candidate):
        features.add("is a sum")
    family = next((n for n, words in NOUNS.items() if candidate.noun in words), None)
    if family:
        features.add(f"noun {family}")
    first = re.match(r"\s*([\w-]+)", after)
    if candidate.kind == "bare" and first and first[1].lower() in NOUNS["staff"]:
        features.add("noun staff")
    if STUDIES_BEFORE.search(before):
        features.add("before: studies")
    return frozenset(features)


def _of_clause(text: str, candidate: Candidate) -> set[str]:
    """Return what the clause of the number itself says: "Of 410 entered, 397 were randomised".

    Brackets are left out, and the clause ends where another number is counted. A number that
    another is taken from is a base; what its part did tells which of the two is the total.
    """
    low, high = candidate.sentence
    behind = _behind(text, candidate)
    rest = text[behind : min(high, behind + 260)]
    if candidate.kind == "n":
        rest = _TO_BRACKET.sub(" ", rest, count=1)
    rest = _BRACKETED.sub(" ", rest)
    end = _NEXT_COUNT.search(rest)
    own = rest[: end.start()] if end else rest
    features = {f"own: {name}" for name, cue in OWN_CUES.items() if cue.search(own[:150])}
    before = text[max(low, candidate.start_char - 40) : candidate.start_char]
    if end and BASE.search(before):
        part = rest[end.start("count") :]
        following = _NEXT_COUNT.search(part)
        part = part[: following.start()] if following else part
        taken = [name for name, cue in TAKEN.items() if cue.search(part)]
        features.add(f"base, part {taken[0] if taken else 'told'}")
    if re.search(
        r"\b(?:of|among|from)\b[^,;.]{3,110},\s*(?:only\s+|a total of\s+)?$",
        text[max(low, candidate.start_char - 130) : candidate.start_char],
        re.IGNORECASE,
    ):
        features.add("part of base")  # fmt: skip
    if behind > candidate.end_char:
        taken = [
            name for name, cue in TAKEN.items() if cue.search(text, candidate.end_char, behind)
        ]
        features.add(f"numerator, of {taken[0]}" if taken else "numerator, told")
    if "before: out of" not in features and CUES_BEFORE["out of"].search(before):
        taken = [name for name, cue in TAKEN.items() if cue.search(own[:120])]
        features.add(f"denominator, {taken[0] if taken else 'told'}")
    return features


def _behind(text: str, candidate: Candidate) -> int:
    """Return where what is said of a number begins: behind the whole of "325 of 334 randomised patients"."""
    whole = _WHOLE.match(text, candidate.end_char, candidate.sentence[1])
    if whole is None or candidate.kind != "bare":
        return candidate.end_char
    counted = Count(parse_digits(whole["digits"]), *whole.span("digits"))
    phrase = person_phrase(text, counted, candidate.sentence[1], {})
    return phrase[0] if phrase else candidate.end_char


_WHOLE = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:out\s+of|of|/)\s*(?:the\s+|these\s+)?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\s*\(\s*\d[\d.]*\s*%\s*\))?"
)


def _of_parts(parts: Sequence[Candidate]) -> set[str]:
    """Return what the groups of a sum did: those screened and those randomised make no whole."""
    did = [p.features for p in parts]
    found = set()
    if any(f & _OUT for f in did):
        found.add("sum, part out")
    if any("is a sum" in f or "base, part told" in f for f in did):
        found.add("sum, part divided")
    for name in ("own: randomised", "own: treated", "own: enrolled", "own: group"):
        if did and all(name in f for f in did[:-1]) and name in did[0]:
            found.add(f"sum, parts {name[5:]}")
    return found


_OUT = frozenset({
    "own: screened", "own: lost", "own: completed", "before: screened", "after: screened", "part of base",
    "called eligible", "before: plan", "before: completed",
})  # fmt: skip


def _rounds_another(value: int, stated: list[int]) -> bool:
    """Whether a value is another one rounded: "nearly 70,000 patients" of 68,680."""
    return any(0 < abs(other - value) <= value / 20 for other in stated)


def _with_global_features(found: list[Candidate]) -> list[Candidate]:
    """Add what only the comparison with the other candidates tells."""
    stated = [c.value for c in found if c.kind != "sum"]
    added = {c.value for c in found if c.kind == "sum"}
    times = Counter(stated)
    top = max((v for v in stated), default=0)
    randomised = {c.value for c in found if c.features & _RANDOMISED}
    enrolled = {c.value for c in found if c.features & _ENROLLED}
    at = {c.start_char: c for c in found if c.kind != "sum"}
    in_sum = {place for c in found for place, _ in c.parts if len(c.parts) > 1}
    groups = [c.value for c in found if c.kind == "n"]
    wholes = {sum(groups[k : k + n]) for n in (2, 3, 4) for k in range(len(groups) - n + 1)}
    in_product = {c.start_char for c in found if "product" in c.features}
    planned = {c.value for c in found if c.features & _PLANNED}
    shared = {place for c in found if "sum, one noun" in c.features for place, _ in c.parts}
    result = []
    for place, candidate in enumerate(found):
        extra = set()
        if candidate.value == top:
            extra.add("largest")
        if candidate.kind != "sum" and candidate.value in added:
            extra.add("is a sum")
        if candidate.kind != "sum" and candidate.value in wholes:
            extra.add("groups make it")  # "(N = 250) … (n = 124) … (n = 126)"
        if candidate.kind == "sum" and candidate.value in times:
            extra.add("sum is stated")
        if candidate.kind == "sum" and candidate.value > top:
            extra.add("sum is larger")
        if "before: roughly" in candidate.features and _rounds_another(candidate.value, stated):
            extra.add("rounds another")
        if times[candidate.value] > 1:
            extra.add("repeated")
        if candidate.kind == "sum" and candidate.start_char == found[0].start_char:
            extra.add("sum opens")
        if place == 0:
            extra.add("first")
        elif place <= 2:
            extra.add("early")
        if (
            place == 1
            and found[0].features & _NUMERATORS
            and "before: out of" in candidate.features
        ):
            extra.add("first whole")
        if len(found) == 1:
            extra.add("only")
        if planned and not candidate.features & _PLANNED:
            extra.add("beside a plan")
        if candidate.kind != "sum" and candidate.start_char in shared:
            extra.add("shares its noun")
        if top and candidate.value < top / 3:
            extra.add("far below largest")
        parts = [at[place] for place, _ in candidate.parts if place in at]
        extra |= _of_parts(parts) if candidate.kind == "sum" else set()
        extra |= {"in a sum"} if candidate.start_char in in_sum and not parts else set()
        extra |= {"in a product"} if candidate.start_char in in_product and not parts else set()
        own = {candidate.value, *(part.value for part in parts)}
        for name, values in (("randomised", randomised), ("enrolled", enrolled)):
            if values and candidate.value not in values:
                if others := values - own:
                    larger = candidate.value > max(others)
                    extra.add(f"another {name}, {'smaller' if larger else 'larger'}")
                break
        told = any(f.startswith("another") for f in extra)
        if candidate.features & _PLANNED and (told or candidate.features & _WHOLES):
            extra.add("planned, others took part")
        accepted = {"called eligible", "denominator, enrolled"} <= candidate.features
        fewer = "adds up" not in candidate.features and any(f.endswith(", smaller") for f in extra)
        if accepted or (fewer and candidate.features & _SCREENED):
            extra.add("screened, others took part")
        result.append(replace(candidate, features=candidate.features | extra))
    return result


_NUMERATORS = frozenset({"numerator, told", *(f"numerator, of {name}" for name in TAKEN)})
#: What is said of the whole of "338 of 2,150 planned patients".
_WHOLES = frozenset({"denominator, told", *(f"denominator, {name}" for name in TAKEN)})
_PLANNED = frozenset({"before: plan", "called planned"})
_SCREENED = frozenset({"own: screened", "before: screened", "after: screened", "called eligible"})
_RANDOMISED = frozenset({"own: randomised", "before: randomised", "called randomised"})
_ENROLLED = frozenset({"own: enrolled", "before: enrolled", "called enrolled"})
