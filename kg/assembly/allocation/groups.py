"""The groups that a document tells, as phrases of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.assembly.allocation.member import Told, says_part
from kg.assembly.allocation.told import find_told
from kg.assembly.allocation.words import AMOUNT, names_more
from kg.assembly.labels import stems, tidy
from kg.assembly.phrase import Phrase
from kg.assembly.phrase_finder import PhraseFinder, in_order
from kg.assembly.sentence import Sentence
from kg.assembly.words import CONTROL_WORDS

#: Where a phrase stands, and its name: there may be several at one place.
Place = tuple[int, int, str]

#: Words that tell what is compared with from what is tested.
_COMPARED_WITH = CONTROL_WORDS | frozenset(
    "routine wait-list waitlist waiting-list delayed traditional".split()
)
#: What a placebo may be.
_INERT = frozenset(
    "saline vehicle sham dextrose glucose water starch maltodextrin lactose inactive dummy".split()
)
#: What a group goes by that is tested.
_TESTED = ("intervention", "treatment", "experimental", "study")
_RHYTHM = re.compile(r"\s(?:(?:once|twice)\s)?(?:daily|weekly|monthly)\s?$", re.IGNORECASE)
_CONTROLS = frozenset("placebo control controls sham vehicle saline".split())
_SEEN = 0.25  # tagger score from which a name is one of what was given
_SCORE = 0.6  # as an intervention or comparator, of a name that a list of groups tells


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a list of them.

    Attributes
    ----------
    places
        Their phrases' places.
    names
        What a group goes by, in small letters, and what it was given: its code, its part in the comparison.
    amounts
        The places of those that differ by an amount, by it: "9 μg".
    sure
        The places of those that more than the list names as groups: a tagger, another name, a word for controls.
    """

    places: tuple[Place, ...]
    names: Mapping[str, str]
    amounts: Mapping[str, Place]
    sure: frozenset[Place]


def place_of(phrase: Phrase) -> Place:
    """Return what tells a phrase from others of its document."""
    return phrase.first, phrase.last, phrase.raw


def called_by(amount: str) -> str:
    """Return the pattern of an amount where it may be a group's name: "9 μg", "9μg", "9-μg"."""
    value, _, unit = amount.partition(" ")
    if not unit:
        return rf"(?<![\w.,]){re.escape(value)}(?![\w.,%])"
    return rf"(?<![\w.,]){re.escape(value)}\s?-?{re.escape(unit)}(?!\w|/)"


def with_groups(
    phrases: list[Phrase], finder: PhraseFinder, sentences: Sequence[Sentence]
) -> tuple[list[Phrase], list[Groups]]:
    """Return the phrases of a document with those that lists of groups tell, and these lists."""
    out, lists = list(phrases), list[Groups]()
    known: dict[Place, int] | None = None
    for told in find_told(sentences):
        drug = _given_most(phrases) if any(t.amount and t.head is None for t in told) else ""
        found = [(t, p) for t in told if (p := _phrase(finder, t, drug)) is not None]
        members = [p for _, p in found]
        if len({place_of(p) for p in members}) < 2:
            continue
        if known is None:
            known = {place_of(p): n for n, p in enumerate(phrases)}
        for p in members:
            at = known.setdefault(place_of(p), len(out))
            if at == len(out):
                out.append(p)
            elif not says_part(p.raw):
                out[at] = _scored(out[at])
        own = {
            " ".join(finder.text[slice(*name)].lower().split()): p.label
            for t, p in reversed(found)
            for name in t.names
        }
        amounts = {t.amount: place_of(p) for t, p in found if t.amount}
        sure = frozenset(place_of(p) for t, p in found if t.names or _is_sure(finder, p))
        places = tuple(map(place_of, members))
        lists.append(Groups(places, _parts(members) | own, amounts, sure))
    return (sorted(_as_told(out, lists), key=in_order), lists) if lists else (phrases, lists)


def _as_told(phrases: Sequence[Phrase], lists: Sequence[Groups]) -> list[Phrase]:
    """Return phrases, those with the name of a group marked as such wherever they stand."""
    told = {stems(raw) for groups in lists for _, _, raw in groups.sure if not says_part(raw)}
    return [_scored(p) if stems(p.label) in told else p for p in phrases]


def _parts(members: Sequence[Phrase]) -> dict[str, str]:
    """Return what is tested and what it is compared with, where words of two groups tell that."""
    against = [not _COMPARED_WITH.isdisjoint(p.raw.lower().split()) for p in members]
    if len(members) != 2 or against[0] == against[1]:
        return {}
    control, tested = members[against.index(True)], members[against.index(False)]
    found = {} if says_part(tested.raw) else dict.fromkeys(_TESTED, tested.label)
    if not says_part(control.raw):
        found["control"] = control.label
        if not _INERT.isdisjoint(control.raw.lower().split()):
            found["placebo"] = control.label
    return found


def _is_sure(finder: PhraseFinder, phrase: Phrase) -> bool:
    """Tell whether a tagger saw a group's name as what was given, or a word says that it is compared with."""
    if _is_control(phrase):
        return len(phrase.raw.split()) > 1 or phrase.raw.lower() in _CONTROLS
    seen = finder.at(phrase.start_char, phrase.end_char, counted=True)
    return seen is not None and max(map(seen.score, ("intervention", "comparator"))) >= _SEEN


def _given_most(phrases: Sequence[Phrase]) -> str:
    """Return what the document names oftenest as given, for groups told by an amount of it alone; empty where nothing is."""
    named = [
        p
        for p in phrases
        if p.score("intervention") >= _SEEN and not _is_control(p) and names_more(p.label)
    ]
    counted = Counter(stems(p.label) for p in named)
    best = max(named, key=lambda p: (counted[stems(p.label)], -p.first), default=None)
    return "" if best is None else AMOUNT.sub("", best.label).strip()


def _phrase(finder: PhraseFinder, told: Told, drug: str) -> Phrase | None:
    """Return a group as a phrase, ``None`` where it names nothing; `drug` is what a bare amount is of."""
    phrase = finder.at(*told.given, counted=told.amount is not None)
    if phrase is None:
        return None
    if told.amount is not None and (told.head is not None or drug):
        head = finder.text[slice(*told.head)] if told.head is not None else drug
        name = tidy(_with_amount(head, told.amount))
        phrase = replace(phrase, label=name, raw=name)
    return phrase if says_part(phrase.raw) else _scored(phrase)


def _with_amount(head: str, amount: str) -> str:
    """Return "vitamin D 1000 IU daily" for "vitamin D daily"."""
    rhythm = _RHYTHM.search(head)
    start = len(head) if rhythm is None else rhythm.start()
    return f"{head[:start]} {amount}{head[start:]}"


def _scored(phrase: Phrase) -> Phrase:
    """Return a phrase with the score of what was given, or of what that was compared with."""
    return phrase.scored("comparator" if _is_control(phrase) else "intervention", _SCORE)


def _is_control(phrase: Phrase) -> bool:
    return not CONTROL_WORDS.isdisjoint(phrase.raw.lower().split())
