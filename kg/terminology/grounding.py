"""From words to concepts: exact and normalised names, then similar ones, then what the place allows.

Candidates are kept with their scores; a link is made only where the best is good enough and no other
concept is as good. Names in the first layers count before those of later ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from kg.terminology.entry import ConceptEntry, Kind, is_short_form
from kg.terminology.index import NameHit
from kg.terminology.merging import FAMILY, is_called, kept_apart, preference, prefix_of, unite
from kg.terminology.names import plain_key
from kg.terminology.phrases import Slot, bracketed, readings, rewordings, wider

#: No link below this score.
THRESHOLD = 0.8
#: Two concepts whose scores differ by less are equally likely.
_TIE = 0.015
_MOST_CANDIDATES = 5

#: How well a kind of concept fits a place of the record, 0 to 1; what is not listed fits least.
_FIT: dict[Slot | None, dict[Kind, float]] = {
    "intervention": {"chemical": 1.0, "action": 1.0, "disease": 0.93, "symptom": 0.92, "route": 0.7,
                     "measurement": 0.93, "population": 0.92, "instrument": 0.8},
    "condition": {"disease": 1.0, "symptom": 0.99, "population": 0.97, "action": 0.93, "measurement": 0.85,
                  "chemical": 0.8, "instrument": 0.7, "route": 0.5},
    "outcome": {"measurement": 1.0, "instrument": 1.0, "disease": 0.985, "symptom": 0.98, "chemical": 0.96,
                "action": 0.94, "population": 0.7, "route": 0.5},
    None: {"chemical": 1.0, "disease": 1.0, "measurement": 0.995, "instrument": 0.995, "symptom": 0.99,
           "action": 0.99, "population": 0.98, "route": 0.98},
}  # fmt: skip
_LEAST_FIT = 0.9
_GOOD_FIT = 0.95
#: A short form that names another kind of thing than its place asks for, or that only a full layer
#: knows and that is shorter than :data:`_SURE_SHORT`, is left to the document's own definitions.
_UNFIT_SHORT, _SURE_SHORT = 0.85, 4
#: Candidates whose scores differ by less stand for each other where a vocabulary lacks the best.
_NEAR = 0.06
_STEPS_UP = 3
#: Cosine from which a name is looked at, the score of a misprint or another form of a word, and the most
#: that a merely similar name gets: below any link.
_SIMILAR_FLOOR, _VARIANT, _MOST_SIMILAR = 0.5, 0.9, 0.75
#: Share of a word that two forms of it begin with: "arterial" and "artery", a word alone and in a name.
_SAME_STEM, _SAME_STEM_ALONE = 0.6, 0.75
_LEVEL = re.compile(
    r"(?i)\b(?:serum|plasma|blood|circulating|urin\w+|levels?|concentrations?|status|excretion)\b"
)
_OPPOSITES = re.compile(
    r"\b(?:hyper|hypo|anti|non|pre|post|un|in|micro|macro|intra|extra|inter|sub|de|a)(?=\w{4})"
)


_STATES: tuple[Kind, ...] = ("disease", "symptom")


class Layer(Protocol):
    """What can be asked for concepts: a :class:`kg.terminology.index.Terminology`, or UMLS."""

    def find(self, name: str) -> list[NameHit]: ...

    def similar(self, name: str, limit: int = 10, floor: float = 0.5) -> list[NameHit]: ...

    def has_words(self, key: str) -> bool: ...

    def may_vary(self, key: str) -> bool: ...

    def by_curie(self, curie: str) -> list[ConceptEntry]: ...

    def __iter__(self) -> Iterator[ConceptEntry]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that a phrase may mean; ``score`` 0 to 1, ``match`` how it was found."""

    entry: ConceptEntry
    score: float
    match: str
    name: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """What a phrase means: the best candidate if one can be told, and all candidates by score.

    ``reason`` says why there is no link: ``unknown``, ``below threshold`` or ``ambiguous``.
    """

    phrase: str
    concept: ConceptEntry | None
    score: float
    candidates: tuple[Candidate, ...]
    reason: str | None = None


class Grounder:
    """Grounds phrases in layers of terminologies; keeps nothing of a document.

    Parameters
    ----------
    layers
        Terminologies, the preferred first: a person's own, the packaged lexicon, full ones.
    threshold
        No link below this score, 0 to 1.
    """

    def __init__(self, layers: Sequence[Layer], threshold: float = THRESHOLD) -> None:
        self.layers = tuple(layers)
        self.threshold = threshold
        self._ground = lru_cache(maxsize=16384)(self._look_up)
        self._whole = lru_cache(maxsize=16384)(self._complete)
        self._known = lru_cache(maxsize=16384)(self._find)
        self._is_used = lru_cache(maxsize=16384)(self._in_a_name)

    def ground(self, phrase: str, slot: Slot | None = None, *, suggest: bool = True) -> Grounding:
        """Return what a phrase means at a place of the record.

        Parameters
        ----------
        phrase
            Words of a text, short forms that the document defines written out.
        slot
            What the phrase is in the record; ``None`` where that is unknown.
        suggest
            Whether names that are like the phrase, but too little for a link, are wanted as candidates
            where no name is the same.
        """
        return self._ground(phrase, slot, suggest)

    def get(self, curie: str) -> ConceptEntry | None:
        """Return the concept with an id, or with this id among its xrefs."""
        return self._known(curie)

    def _find(self, curie: str) -> ConceptEntry | None:
        for layer in self.layers:
            found = layer.by_curie(curie)
            if found:
                return self._whole(found[0])
        return None

    def narrower(self, entry: ConceptEntry) -> list[ConceptEntry]:
        """Return the concepts directly below one, by label. Reads every entry of the layers."""
        curies = set(entry.curies)
        found = {
            row.id: row
            for layer in reversed(self.layers)
            for row in layer
            if curies & set(row.broader)
        }
        return sorted(found.values(), key=lambda row: row.label.casefold())

    def translate(self, grounding: Grounding, vocabulary: str) -> str | None:
        """Return the id that a vocabulary has for what was grounded, ``None`` if it has none.

        Its own id or xref; else that of a candidate that is as likely; else that of the nearest
        broader concept.
        """
        if grounding.concept is None:
            return None
        level = [grounding.concept]
        level += [
            item.entry for item in grounding.candidates if item.score > grounding.score - _NEAR
        ]
        for step in range(_STEPS_UP):
            for entry in level:
                for curie in entry.curies:
                    if prefix_of(curie) == vocabulary:
                        return curie
            same = None if step else self._namesake(grounding.concept, vocabulary)
            if same is not None:
                return same
            above = (self.get(curie) for entry in level[:1] for curie in entry.broader)
            level = [entry for entry in above if entry is not None]
        return None

    def _namesake(self, entry: ConceptEntry, vocabulary: str) -> str | None:
        """Return a vocabulary's id of an entry of like kind that shares a name."""
        slot: Slot = "intervention" if entry.kind == "chemical" else "condition"
        names = [entry.label, *entry.names]
        names += [other for name in names for other, _ in rewordings(name, slot)]
        if (
            FAMILY[entry.kind] == "state"
        ):  # as MeSH tells a sign from the reflex or procedure of its name
            names.append(f"{entry.label}, pathologic")
        for name in names:
            for layer in self.layers:
                for hit in layer.find(name):
                    same = FAMILY[hit.entry.kind] == FAMILY[entry.kind]
                    if same and hit.match != "abbreviation":
                        for curie in hit.entry.curies:
                            if prefix_of(curie) == vocabulary:
                                return curie
        return None

    def _look_up(self, phrase: str, slot: Slot | None, suggest: bool) -> Grounding:
        found: dict[str, Candidate] = {}
        for candidate in self._candidates(phrase, slot, suggest):
            known = found.get(candidate.entry.id)
            if known is None or candidate.score > known.score:
                found[candidate.entry.id] = candidate
        ranked = sorted(found.values(), key=_rank)[:_MOST_CANDIDATES]
        if not ranked:
            return Grounding(phrase, None, 0.0, (), "unknown")
        best = ranked[0]
        if best.score < self.threshold:
            return Grounding(phrase, None, best.score, tuple(ranked), "below threshold")
        if any(_rivals(best, other) for other in ranked[1:]):
            return Grounding(phrase, None, best.score, tuple(ranked), "ambiguous")
        measured = self._measurement_of(best, phrase, slot)
        if measured is not None:
            ranked = [measured, *(item for item in ranked if item.entry.id != measured.entry.id)]
            best = measured
        ranked[0] = replace(best, entry=self._whole(self._first_known(best.entry)))
        return Grounding(phrase, ranked[0].entry, best.score, tuple(ranked))

    def _measurement_of(self, best: Candidate, phrase: str, slot: Slot | None) -> Candidate | None:
        """Return the measuring of a substance, where an outcome names its level: "serum zinc"."""
        if slot != "outcome" or best.entry.kind != "chemical" or not _LEVEL.search(phrase):
            return None
        for layer in self.layers:
            for entry in layer.by_curie(best.entry.id):
                if entry.kind == "measurement":
                    return replace(best, entry=entry)
        return None

    def _candidates(self, phrase: str, slot: Slot | None, suggest: bool) -> Iterator[Candidate]:
        best = 0.0
        texts = list(readings(phrase, slot))
        for text, certainty in texts:
            if certainty < best - 0.05:
                return  # a shorter reading would name something wider
            for candidate in self._named(text, slot, certainty):
                best = max(best, candidate.score)
                yield candidate
        for text, certainty in self._reworded(texts, slot) if best < self.threshold else ():
            for candidate in self._named(text, slot, certainty):
                best = max(best, candidate.score)
                yield candidate
        if slot == "condition" and texts and best < self.threshold:
            for candidate in self._wider(texts[-1][0]):
                best = max(best, candidate.score)
                yield candidate
        for text in bracketed(phrase) if best < self.threshold else ():
            if is_short_form(text):
                continue  # the document's short form of what stands before it
            for candidate in self._named(text, slot, 0.9):
                best = max(best, candidate.score)
                yield candidate
        if best < self.threshold:
            yield from self._similar(texts, slot, suggest)

    def _wider(self, phrase: str) -> Iterator[Candidate]:
        """Yield the diseases and symptoms that a condition is a form of, the nearest only."""
        for text, certainty in wider(phrase):
            ways = [(text, certainty), *self._reworded([(text, certainty)], "condition")]
            found = [
                replace(candidate, match="wider")
                for way, sure in ways
                for candidate in self._named(way, "condition", sure)
                if candidate.entry.kind in _STATES and candidate.match != "abbreviation"
            ]
            if found:
                yield from found
                return

    def _reworded(
        self, texts: Sequence[tuple[str, float]], slot: Slot | None
    ) -> Iterator[tuple[str, float]]:
        """Yield other ways to say some texts, those left out that have a word which no name has."""
        for text, certainty in texts:
            for other, sure in rewordings(text, slot):
                if all(map(self._is_used, other.split())):
                    yield other, certainty * sure

    def _in_a_name(self, word: str) -> bool:
        """Tell whether a word may stand in a name; letters and numbers may be joined to their neighbours in one."""
        key = plain_key(word)
        return len(key) < 4 or any(layer.has_words(key) for layer in self.layers)

    def _named(self, text: str, slot: Slot | None, certainty: float) -> Iterator[Candidate]:
        """Yield the concepts with this name, up to the first layer that has a fitting one.

        Where that one has it as a further name of a disease only, a later layer's disease of the same
        vocabulary that is called so comes first: its vocabulary keeps the two apart.
        """
        named: list[ConceptEntry] = []
        for place, layer in enumerate(self.layers):
            hits = layer.find(text)
            if named:
                for hit in hits:
                    if is_called(hit.entry, text) and all(kept_apart(hit.entry, e) for e in named):
                        yield _candidate(replace(hit, match="label", score=1.0), slot, certainty)
                continue
            for hit in hits:
                short = hit.match == "abbreviation"
                doubt = _UNFIT_SHORT if short and _fit(hit.entry.kind, slot) < _GOOD_FIT else 1.0
                if short and place and len(text) < _SURE_SHORT:
                    doubt = _UNFIT_SHORT
                yield _candidate(hit, slot, certainty * doubt)
            fitting = [hit for hit in hits if _fit(hit.entry.kind, slot) >= _GOOD_FIT]
            if any(hit.match in ("label", "abbreviation") for hit in fitting):
                return
            named = [hit.entry for hit in fitting]

    def _similar(
        self, texts: Sequence[tuple[str, float]], slot: Slot | None, suggest: bool
    ) -> Iterator[Candidate]:
        # Of the readings the most reduced is the name alone.
        asked = [*texts[:1], *texts[1:][-1:]]
        for layer in self.layers:
            for text, certainty in asked:
                plain = plain_key(text)
                if len(plain) < 6 or not (suggest or layer.may_vary(plain)):
                    continue
                for hit in layer.similar(text, 5, _SIMILAR_FLOOR):
                    same = _is_variant(plain, hit.name, strict=slot != "condition")
                    same = same and not _differs(plain, hit.name)
                    score = _VARIANT if same else min(_MOST_SIMILAR, hit.score)
                    fit = _fit(hit.entry.kind, slot)
                    yield Candidate(hit.entry, score * certainty * fit, "similar", hit.name)

    def _first_known(self, entry: ConceptEntry) -> ConceptEntry:
        """Return the entry of the first layer that has this id, its own or as an xref: one thing, one node."""
        for layer in self.layers:
            for row in layer.by_curie(entry.id):
                if FAMILY[row.kind] == FAMILY[entry.kind]:
                    return row
        return entry

    def _complete(self, entry: ConceptEntry) -> ConceptEntry:
        """Add what other layers know of the same concept: names, xrefs, broader concepts."""
        rows = [entry]
        for layer in self.layers:
            for row in layer.by_curie(entry.id):
                if row is not entry and row.kind == entry.kind and row not in rows:
                    rows.append(row)
        if len(rows) == 1:
            return entry
        joined = unite(rows)
        xrefs = dict.fromkeys(
            (*entry.xrefs, *(curie for curie in joined.xrefs if curie != entry.id))
        )
        return replace(joined, id=entry.id, label=entry.label, xrefs=tuple(xrefs))


def _candidate(hit: NameHit, slot: Slot | None, certainty: float) -> Candidate:
    score = hit.score * certainty * _fit(hit.entry.kind, slot)
    return Candidate(hit.entry, round(score, 4), hit.match, hit.name)


def _rank(candidate: Candidate) -> tuple[float, int, float]:
    """Return a sort key: scores that are nearly the same leave the choice to the vocabulary."""
    entry = candidate.entry
    place = min(preference(entry.kind, curie)[0] for curie in entry.curies)
    return (-round(candidate.score, 2), place, -candidate.score)


def _fit(kind: Kind, slot: Slot | None) -> float:
    return _FIT[slot].get(kind, _LEAST_FIT)


def _rivals(best: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates are equally likely and nothing chooses between them."""
    if best.score - other.score >= _TIE or best.match == "label":
        return False
    if best.entry.id in other.entry.curies or other.entry.id in best.entry.curies:
        return False
    return best.match == other.match and best.match in ("abbreviation", "similar", "words")


def _differs(one: str, other: str) -> bool:
    """Tell whether two similar names differ in what changes the meaning: a number, a prefix, a letter."""
    digits = re.findall(r"\d+", one), re.findall(r"\d+", other)
    if digits[0] != digits[1]:
        return True
    if _OPPOSITES.findall(one) != _OPPOSITES.findall(other):
        return True
    single = [{word for word in name.split() if len(word) == 1} for name in (one, other)]
    return single[0] != single[1]


def _is_variant(one: str, other: str, *, strict: bool) -> bool:
    """Tell whether two names are the same but for one word's form or a misprint.

    A name with a word more or less is another concept's; one word alone must not change its form where
    `strict`: names of drugs differ by endings.
    """
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return _is_misprint(one, other)
    pairs = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    if len(pairs) != 1:
        return False
    a, b = pairs[0]
    if _is_misprint(a, b):
        return True
    if strict and len(first) == 1:
        return False
    shared = next(
        (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    return shared >= (_SAME_STEM_ALONE if len(first) == 1 else _SAME_STEM) * max(len(a), len(b))


def _is_misprint(one: str, other: str) -> bool:
    """Tell whether two names differ by one letter left out, put in, changed or swapped."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 8 or one[0] != other[0]:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
