"""Rank the candidates of a number by the fitted models, with a second opinion where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from kg.assembly.beside import BESIDE, Indexes
from kg.assembly.candidates import (
    Candidates,
    document_interventions,
    intervention_candidates,
    outcome_candidates,
)
from kg.assembly.context import Context
from kg.assembly.direction import after
from kg.assembly.features import Features, number_features
from kg.assembly.forest import Matrix, Nodes, Struck, load_forest, matrix, probabilities
from kg.assembly.fusion import SHARE, FusedRole, fusion_columns, load_fusion
from kg.assembly.labels import stems
from kg.assembly.opinions import Opinions
from kg.assembly.phrase import Phrase
from kg.assembly.phrase_features import (
    ALONE,
    CHOSEN,
    FEATURES,
    SUPPORTED,
    Known,
    PhraseTable,
    chosen_block,
)
from kg.assembly.scores import LinkScores, Place, PointingScores, Role, number_place
from kg.records import Direction

_ROLES: tuple[Role, ...] = ("outcome", "intervention", "comparator")

_WAYS: tuple[Direction | None, ...] = (None, *get_args(Direction))

#: How much a second opinion's log odds count beside the ranker's.
LINK_WEIGHTS: Mapping[Role, float] = {"outcome": 1.0, "intervention": 1.0, "comparator": 1.0}
DIRECTION_WEIGHT = 0.5
MEASURE_WEIGHT = 0.25
#: Whether a number is a result: what our own log odds count, and what the second opinion's.
RESULT_WEIGHTS = 0.7, 0.7
_TINY = 1e-6
#: Numbers whose candidates are described together: enough to be worth it, few enough to stay in the cache.
_AT_ONCE = 8

#: Chances of a link: the least that is believed, that of a name which was not read together with the
#: number, and the usual one, against which log odds are taken.
_LEAST, _USUAL = 0.03, 0.05
_APART: Mapping[Role, float] = {"outcome": 0.1, "intervention": 0.3, "comparator": 0.3}


@dataclass(frozen=True, slots=True)
class Field:
    """The phrases in the running for a role of a number, and what depends on nothing chosen before."""

    number: int
    candidates: Candidates
    features: Matrix  # (len(BESIDE) + len(SUPPORTED), candidates)
    struck: Mapping[Role, Struck]  # what these, the number and the phrases strike in the models

    def __len__(self) -> int:
        return len(self.candidates)

    def first(self, size: int) -> Field:
        """Return the field of the first candidates."""
        struck = {role: rows[:size] for role, rows in self.struck.items()}
        candidates = self.candidates.kept(slice(size))
        return Field(self.number, candidates, self.features[:, :size], struck)

    def kept(self, keep: NDArray[np.bool_], *roles: Role) -> Field:
        """Return the field of the candidates that a mask keeps, for some roles."""
        at = np.flatnonzero(keep)
        struck = {role: self.struck[role].take(at, axis=0) for role in roles}
        return Field(self.number, self.candidates.kept(at), self.features.take(at, axis=1), struck)


class Ranker:
    """The models at work on one document.

    Parameters
    ----------
    context
        The document.
    scores
        A second opinion, if there is one.
    """

    def __init__(self, context: Context, scores: LinkScores | None = None) -> None:
        self.context = context
        #: The features of each statistic by itself.
        self.shared = [number_features(context, k) for k in range(len(context.statistics))]
        self.scores = scores
        self.table = PhraseTable(context)
        self._numbers = matrix(self.shared, number_names())
        self._struck: dict[Role, tuple[Struck, Struck]] = {}

    def fields(self, numbers: Sequence[int]) -> Iterator[tuple[Field, Field]]:
        """Yield what is in the running for each number's outcome, and for its intervention."""
        named, places = document_interventions(self.context), self.context.places
        running: dict[int, tuple[Candidates, Candidates]] = {}  # the same in all of a sentence
        for k in numbers:
            if places[k].sentence not in running:
                near = outcome_candidates(self.context, k)
                arms = intervention_candidates(self.context, near, named)
                running[places[k].sentence] = near, arms
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            found = [running[places[k].sentence] for k in some]
            fields = self._together(some, [arms for _, arms in found])
            for (near, _), field in zip(found, fields, strict=True):
                yield field.first(len(near)), field

    def field(self, k: int, candidates: Candidates) -> Field:
        """Return some phrases in the running for a role of the `k`-th number."""
        (found,) = self._together([k], [candidates])
        return found

    def _together(
        self, numbers: Sequence[int], candidates: Sequence[Candidates]
    ) -> Iterator[Field]:
        """Yield the fields of some numbers, described together."""
        ends = np.cumsum([len(found) for found in candidates]).tolist()
        number = np.repeat(np.array(numbers, np.intp), [len(found) for found in candidates])
        phrase = np.concatenate([found.index for found in candidates])
        beside = self.table.beside.features(number, phrase)
        is_global = np.concatenate([found.is_global for found in candidates])
        support = np.concatenate([found.support for found in candidates])
        features = np.concatenate([beside, is_global[None], support[None]])
        struck = {}
        for role in _ROLES:
            of_numbers, of_phrases = self._apart(role)
            struck[role] = _nodes(role, (*BESIDE, *SUPPORTED)).struck(features)
            struck[role] |= of_phrases.take(phrase, axis=0)
            struck[role] |= of_numbers.take(number, axis=0)
        for k, found, start, end in zip(numbers, candidates, [0, *ends], ends, strict=False):
            own = {role: rows[start:end] for role, rows in struck.items()}
            yield Field(k, found, features[:, start:end], own)

    def rank(self, role: Role, field: Field, known: Known) -> NDArray[np.float64]:
        """Return the probability of each candidate that it fills a role of its number."""
        if not len(field):
            return np.zeros(0)
        chosen = chosen_block(self.table, field.number, field.candidates.index, known)
        own = self._own_odds(role, field, chosen)
        odds = own.astype(np.float64)
        if self.scores is not None:
            odds = odds + LINK_WEIGHTS[role] * self._opinions(self.scores, role, field)
        if self._told is not None and role != "comparator":
            fused = load_fusion(role).odds(self._fusion_columns(role, field, chosen, own))
            odds = (1.0 - SHARE) * odds + SHARE * fused
        chances: NDArray[np.float64] = (1.0 / (1.0 + np.exp(-odds))).round(6)
        return chances

    def fusion_columns(self, role: FusedRole, field: Field, known: Known) -> Matrix:
        """Return what :class:`kg.assembly.fusion.Fusion` weighs of a number's candidates."""
        chosen = chosen_block(self.table, field.number, field.candidates.index, known)
        return self._fusion_columns(role, field, chosen, self._own_odds(role, field, chosen))

    def _fusion_columns(self, role: FusedRole, field: Field, chosen: Matrix, own: Matrix) -> Matrix:
        assert self._told is not None
        index, placed = field.candidates.index, field.features
        beside, supported = placed[: len(BESIDE)], placed[len(BESIDE) :]
        whole = np.concatenate([self.table.alone[:, index], beside, chosen, supported])
        return fusion_columns(own, self._told.columns(role, field.number, index), whole)

    def _own_odds(self, role: Role, field: Field, chosen: Matrix) -> Matrix:
        """Return the log odds of our own model; `chosen` is :func:`chosen_block` of the candidates."""
        struck = _nodes(role, CHOSEN).recalled(chosen) | field.struck[role]
        odds: Matrix = load_forest(role).totals(struck)[:, 0]
        return odds

    @cached_property
    def _told(self) -> Opinions | None:
        """The second opinion in columns, where it is one that tells so much."""
        scores: object = self.scores
        if not isinstance(scores, PointingScores):
            return None
        numbers = [number_place(s) for s in self.context.statistics]
        return Opinions(self.context, scores, numbers)

    def _apart(self, role: Role) -> tuple[Struck, Struck]:
        """Return what the numbers and the phrases by themselves strike in a role's model."""
        if role not in self._struck:
            alone = _nodes(role, ALONE).struck(self.table.alone)
            self._struck[role] = self._of_numbers(role), alone
        return self._struck[role]

    def _of_numbers(self, model: str) -> Struck:
        """Return what the numbers by themselves strike in a model."""
        return _nodes(model, number_names()).struck(self._numbers)

    def _chances(self, model: str) -> Matrix:
        """Return the probabilities of a model that looks at the numbers by themselves alone."""
        return probabilities(load_forest(model).totals(self._of_numbers(model)))

    def choose(
        self, role: Role, field: Field, known: Known, floor: float = 0.0
    ) -> tuple[Phrase | None, float]:
        """Return the best candidate and its probability; no phrase where that is below `floor`."""
        chances = self.rank(role, field, known)
        if not len(chances):
            return None, 0.0
        best = int(chances.argmax())
        chance = float(chances[best])
        phrase = self.context.phrases[field.candidates.index[best]]
        return (phrase if chance >= floor else None), chance

    def _opinions(self, scores: LinkScores, role: Role, field: Field) -> Matrix:
        """Return what the second opinion adds to the log odds of each candidate.

        A name's chance is that of all its places together, for the opinion is spread over them; a
        name that was not read together with the number has the chance :data:`_APART`.
        """
        if self._told is not None:
            name_of = self._told.name_of
            of_roles, known = self._told.by_name(field.number)
            sums = of_roles[_ROLES.index(role)]
        else:
            name_of, places, owners = self._names
            told = scores.links(role, number_place(self.context.statistics[field.number]), places)
            read = ~np.isnan(told)
            sums = np.bincount(owners, np.where(read, told, 0.0))
            known = np.bincount(owners, read) > 0
        chances = np.where(known, np.clip(sums, _LEAST, 1.0), _APART[role])
        odds: Matrix = np.log(chances / _USUAL)[name_of[field.candidates.index]].astype(np.float32)
        return odds

    @cached_property
    def _names(self) -> tuple[Indexes, tuple[Place, ...], Indexes]:
        """The name of each phrase as a number, the places of all names in text order, and whose they are.

        Phrases with the same stems have the same name.
        """
        numbers: dict[frozenset[str], int] = {}
        name_of = [numbers.setdefault(stems(p.label), len(numbers)) for p in self.context.phrases]
        places = sorted(
            {
                (p.start_char, p.end_char, name)
                for name, p in zip(name_of, self.context.phrases, strict=True)
            }
        )
        return (
            np.array(name_of, np.intp),
            tuple((start, end) for start, end, _ in places),
            np.array([name for _, _, name in places], np.intp),
        )

    def results(self) -> NDArray[np.float64]:
        """Return the probability of each number of the document that it is a result at all."""
        chances = self._chances("result")[:, 1].astype(np.float64)
        odds = _log_odds(chances)
        if self.scores is not None:
            told = [self.scores.result(number_place(s)) for s in self.context.statistics]
            known = np.array([chance is not None for chance in told])
            second = _log_odds(np.array([0.5 if chance is None else chance for chance in told]))
            odds = np.where(known, RESULT_WEIGHTS[0] * odds + RESULT_WEIGHTS[1] * second, odds)
        return np.round(1.0 / (1.0 + np.exp(-odds)), 6)

    def measures(self, names: tuple[str, ...]) -> list[str]:
        """Return the likeliest measure of each number of the document; `names` are the classes."""
        odds = np.log(np.maximum(self._chances("measure"), _TINY))
        if self.scores is not None:
            odds += MEASURE_WEIGHT * self._told_of_numbers(self.scores.measure, names)
        return [names[best] for best in odds.argmax(1).tolist()]

    def _told_of_numbers(
        self, ask: Callable[[Place], Mapping[Any, float]], names: tuple[str, ...]
    ) -> Matrix:
        """Return what the second opinion answers of every number of the document, ``(numbers, names)``."""
        told = [ask(number_place(s)) for s in self.context.statistics]
        return np.array([[of.get(name, 0.0) for name in names] for of in told], np.float32)

    def directions(
        self, rows: Mapping[int, Features], before: Mapping[int, Sequence[Direction | None]],
        names: tuple[Direction, ...],
    ) -> Iterator[dict[Direction | None, list[float]]]:  # fmt: skip
        """Yield the probabilities of the directions of some numbers, for each that the result before may have.

        Parameters
        ----------
        rows
            For each number, of at least one, what :func:`~kg.assembly.direction.direction_features` and the
            table of arms say.
        before
            The directions that the result before each may have.
        names
            The classes.
        """
        numbers = sorted(rows)
        links = matrix([rows[k] for k in numbers], _link_names())
        struck = _nodes("direction", _link_names()).struck(links)
        struck |= self._of_numbers("direction")[numbers]
        of = np.repeat(np.arange(len(numbers)), [len(before[k]) for k in numbers])
        earlier = [_WAYS.index(way) for k in numbers for way in before[k]]
        either = struck.take(of, axis=0)
        either |= _after().take(earlier, axis=0)
        chances = probabilities(load_forest("direction").totals(either))
        if self.scores is not None:
            second = self._told_of_numbers(self.scores.direction, names)[numbers][of]
            odds = np.exp(np.log(np.maximum(chances, _TINY)) + DIRECTION_WEIGHT * second)
            chances = odds / odds.sum(axis=1, keepdims=True)
        rest = iter(chances.tolist())
        for k in numbers:
            yield dict(zip(before[k], rest, strict=False))


def _log_odds(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.clip(chances, 0.001, 0.999)
    odds: NDArray[np.float64] = np.log(kept / (1 - kept))
    return odds


@cache
def number_names() -> tuple[str, ...]:
    """Return the features of a number by itself that the models look at."""
    looked = [
        name for role in _ROLES for name in load_forest(role).features if name not in FEATURES
    ]
    both = (*looked, *load_forest("result").features, *load_forest("measure").features)
    return tuple(dict.fromkeys(both))


@cache
def _link_names() -> tuple[str, ...]:
    """Return the features of the direction model that depend on what was linked to a number."""
    apart = {*number_names(), *_after_names()}
    return tuple(n for n in load_forest("direction").features if n not in apart)


@cache
def _after_names() -> tuple[str, ...]:
    """Return the features of the direction model that tell which way the result before points."""
    return tuple(name for way in get_args(Direction) for name in after(way))


@cache
def _after() -> Struck:
    """Return what it strikes in the direction model that the result before points each of :data:`_WAYS`."""
    rows = matrix([after(way) for way in _WAYS], _after_names())
    return _nodes("direction", _after_names()).struck(rows)


@cache
def _nodes(model: str, names: tuple[str, ...]) -> Nodes:
    """Return a model's nodes that test some features, so that each is asked as seldom as may be."""
    return load_forest(model).nodes(names)
