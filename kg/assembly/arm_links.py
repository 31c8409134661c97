"""Which arm each value of a document belongs to, and which of its arms is the control.

Two small models, fitted together by ``training/arms.py`` on values whose side is known: one weighs a
value's candidates (:mod:`kg.assembly.arm_features`), one tells a tested arm from a control
(:mod:`kg.assembly.arm_roles`), a third whether two values are of one arm. The
sides of all values are then decided jointly, in text order, by a beam: "the other arm than its
pair's first value" means another side in each hypothesis.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kg.assembly.arm_features import Candidate, candidates
from kg.assembly.arm_grammar import names_beside
from kg.assembly.arm_relations import relations
from kg.assembly.arm_roles import role_features
from kg.assembly.arm_scene import ArmScene, Features
from kg.assembly.forest import matrix
from kg.assembly.same_names import each_named, of_several_outcomes

#: What a value may be: a tested arm's, a control's, or no arm's.
SIDES = ("experimental", "control", "none")
BEAM = 4
MAIN = 4  # names whose parts are dealt out together
SPOKEN_OF = 0.5  # values' worth of a name that takes part in it
ROLES = 3.0  # weight of what the names say of their parts beside what the values say
SURE = 0.99  # how sure a part is once it is dealt out
NONE = 0.25  # a value that stands among an arm's is one, unless it is all but sure to be none
PAIRED = 0.5  # weight of what values say of one another beside what names say
TOLD = 0.5  # weight of a second opinion on a value's side
POINTED = 0.5  # weight of a second opinion on the name a value goes with
POINTED_LEAST, POINTED_USUAL = 0.03, 0.1  # the least chance believed, and that which says nothing
OTHER = 0.1  # the least share beside the best name's of one that is taken because a pair's other has the best
BESIDE = (
    3.0  # what it adds to a name's score that it stands beside the value as others do beside theirs
)
LINKED = 5.0  # what it adds to a name's score that the ranking is sure of it, where no name stands beside the value
CONTRAST = -2.0  # what it costs that all names are on one side

Vector = NDArray[np.float64]
Odds = tuple[float, float, float]  # of the three sides


@dataclass(frozen=True)
class ArmModel:
    """Weights of both models; `prior` is the chance that a first value is a tested arm's."""

    columns: Mapping[str, int]
    hidden: Vector  # (columns, units)
    offset: Vector  # (units,)
    out: Vector  # (units,)
    direct: Vector  # (columns,)
    roles: Mapping[str, float]
    same: Mapping[str, float]
    prior: float

    def shares(
        self, values: Sequence[Sequence[Features]], besides: Sequence[Sequence[float]]
    ) -> list[Vector]:
        """Return for each value the shares of its candidates, summing to 1.

        Parameters
        ----------
        values
            For each value the features of its candidates.
        besides
            What is added to their scores.
        """
        table = matrix([row for rows in values for row in rows], self._names, float).T
        scores = np.tanh(table @ self.hidden + self.offset) @ self.out + table @ self.direct
        ends = np.cumsum([len(rows) for rows in values])
        found = []
        for own, beside in zip(np.split(scores, ends[:-1]), besides, strict=True):
            score = own + np.array(beside)
            share: Vector = np.exp(score - score.max())
            found.append(share / share.sum())
        return found

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.columns)

    def alike(self, features: Features) -> float:
        """Return the log odds that two values are of one arm."""
        return sum(self.same.get(name, 0.0) * value for name, value in features.items())

    def tested(self, features: Features) -> float:
        """Return the probability that an arm is a tested one."""
        score = sum(self.roles.get(name, 0.0) * value for name, value in features.items())
        return float(1.0 / (1.0 + np.exp(-score)))


@cache
def load_arm_model() -> ArmModel:
    """Load ``kg/assembly/weights/arms.npz``; it ships with the package."""
    data = files("kg.assembly").joinpath("weights", "arms.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as a:
        names = str(a["columns"]).split("\n")
        roles = zip(str(a["role_columns"]).split("\n"), a["roles"].tolist(), strict=True)
        same = zip(str(a["same_columns"]).split("\n"), a["same"].tolist(), strict=True)
        return ArmModel(
            {name: n for n, name in enumerate(names)}, a["hidden"].astype(float), a["offset"].astype(float),
            a["out"].astype(float), a["direct"].astype(float), dict(roles), dict(same), float(a["prior"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArmOpinion:
    """A second opinion on a value: the chance that its arm is a tested one, and of each name."""

    tested: float = 0.5
    names: Mapping[int, float] = field(default_factory=dict)

    def of(self, candidate: Candidate) -> float:
        """Return what it adds to a candidate's score."""
        chance = self.names.get(candidate.name)
        if candidate.kind != "mention" or chance is None:
            return 0.0
        return POINTED * math.log(max(chance, POINTED_LEAST) / POINTED_USUAL)


@dataclass(frozen=True, slots=True)
class ArmChoice:
    """The arm of a value: its side, how sure that is, and the name (-1: none is named)."""

    side: str
    score: float
    name: int


def place_values(
    scene: ArmScene, model: ArmModel, told: Mapping[int, ArmOpinion] = MappingProxyType({})
) -> tuple[dict[int, ArmChoice], list[float]]:
    """Return the arm of each value of the scene, and for each name how surely it is a tested arm.

    `told` holds second opinions. The parts of the names that the values speak of most are decided
    together with the values: each way to deal them out is tried, and the likeliest whole is kept.
    """
    opinions = [told.get(k, ArmOpinion()) for k in scene.values]
    tested = [model.tested(role_features(scene, n)) for n in range(len(scene.names))]
    options = [candidates(scene, at) for at in range(len(scene.values))]
    if not options:
        return {}, tested
    beside = names_beside(scene)
    ranked = [k not in beside and _ranked_apart(scene, k) for k in scene.values]
    shares = model.shares(
        [[c.features for c in found] for found in options],
        [
            [
                opinion.of(c)
                + BESIDE * (c.name >= 0 and c.name == beside.get(k))
                + LINKED * trusted * c.features.get("linked_intervention_sure", 0.0)
                for c in found
            ]
            for k, found, opinion, trusted in zip(
                scene.values, options, opinions, ranked, strict=True
            )
        ],
    )
    votes = [
        _votes(
            found,
            share,
            model.prior,
            [
                (r.value, 1.0 / (1.0 + math.exp(-PAIRED * model.alike(r.features))))
                for r in relations(scene, at)
            ],
            opinion.tested**TOLD,
            (1.0 - opinion.tested) ** TOLD,
        )
        for at, (opinion, found, share) in enumerate(zip(opinions, options, shares, strict=True))
    ]
    spoken = [0.0] * len(scene.names)
    for vote in votes:
        for name, share in vote.names.items():
            spoken[name] += share
    main = sorted(
        (n for n, s in enumerate(spoken) if s >= SPOKEN_OF), key=lambda n: (-spoken[n], n)
    )[:MAIN]
    best: tuple[float, list[int], list[float]] | None = None
    for parts in product((True, False), repeat=len(main)):
        dealt = list(tested)
        score = CONTRAST if len(main) > 1 and len(set(parts)) == 1 else 0.0
        for name, part in zip(main, parts, strict=True):
            score += ROLES * math.log(max(tested[name] if part else 1.0 - tested[name], 1e-4))
            dealt[name] = SURE if part else 1.0 - SURE
        found, sides = _decode(scene, votes, dealt)
        if best is None or score + found > best[0] + 1e-9:
            best = (score + found, sides, dealt)
    assert best is not None
    _, sides, dealt = best
    chosen: dict[int, ArmChoice] = {}
    before = dict(zip(scene.values, sides, strict=True))
    for at, (k, side) in enumerate(zip(scene.values, sides, strict=True)):
        odds = votes[at].odds(before, votes[at].alone(dealt))
        name = (
            -1
            if side == 2
            else _name_of(scene, options[at], shares[at], side, dealt, chosen, k, main)
        )
        chosen[k] = ArmChoice(SIDES[side], odds[side] / sum(odds), name)
    return chosen, _by_values(chosen, dealt)


def _ranked_apart(scene: ArmScene, k: int) -> bool:
    """Tell whether the ranking can be believed which name a value goes with.

    Of values set against one another it has to give each a name of its own: it decides one at a
    time. Values before and after, and those of several outcomes, may share theirs.
    """
    mates = [scene.links[m] for m in scene.mates(k)]
    return (
        len(mates) == 1
        or scene.context.statistics[k].pairing == "from-to"
        or of_several_outcomes(mates)
        or each_named(mates)
    )


def _by_values(chosen: Mapping[int, ArmChoice], tested: Sequence[float]) -> list[float]:
    """Return how surely each name is a tested arm: as its values have it, where it has any."""
    sure = list(tested)
    for name in {choice.name for choice in chosen.values()} - {-1}:
        own = [c for c in chosen.values() if c.name == name]
        votes = sum(c.score if c.side == SIDES[0] else -c.score for c in own)
        sure[name] = SURE if votes > 0 else 1.0 - SURE if votes < 0 else tested[name]
    return sure


@dataclass(frozen=True, slots=True)
class _Votes:
    """What speaks for a value's sides."""

    names: Mapping[int, float]  # share of each name
    fixed: Odds  # what is said whatever the names' parts
    earlier: Sequence[tuple[int, float]]  # value before, chance that it is of the same arm
    tested: float = 1.0  # factors of a second opinion
    compared: float = 1.0

    def alone(self, tested: Sequence[float]) -> Odds:
        """Return what the names' parts say of the three sides, whatever the values before."""
        one, other, none = self.fixed
        for name, share in self.names.items():
            one += share * tested[name]
            other += share * (1.0 - tested[name])
        return one * self.tested + 1e-3, other * self.compared + 1e-3, NONE * none + 1e-3

    def odds(self, sides: Mapping[int, int], alone: Odds) -> Odds:
        """Return the odds of the three sides, given the sides of the values before.

        They do not sum to 1: what a second opinion says against all names as they are dealt has
        to weigh against that deal.
        """
        one, other, none = alone
        for value, agrees in self.earlier:
            side = sides[value]
            if side == 0:
                one, other, none = one * agrees, other * (1.0 - agrees), 0.5 * none
            elif side == 1:
                one, other, none = one * (1.0 - agrees), other * agrees, 0.5 * none
        return one, other, none


def _votes(
    options: Sequence[Candidate], shares: Vector, prior: float,
    earlier: Sequence[tuple[int, float]], tested: float, compared: float,
) -> _Votes:  # fmt: skip
    names: dict[int, float] = {}
    a = b = none = 0.0
    for c, share in zip(options, shares.tolist(), strict=True):
        if c.kind == "mention":
            names[c.name] = names.get(c.name, 0.0) + share
        elif c.kind == "none":
            none += share
        else:
            first = prior if c.kind == "first" else 1.0 - prior
            a, b = a + share * first, b + share * (1.0 - first)
    return _Votes(names, (a, b, none), earlier, tested, compared)


def _decode(
    scene: ArmScene, votes: Sequence[_Votes], tested: Sequence[float]
) -> tuple[float, list[int]]:
    """Return the sides that are the likeliest together, with the log of their odds."""
    beam: list[tuple[float, dict[int, int]]] = [(0.0, {})]
    for k, vote in zip(scene.values, votes, strict=True):
        alone = vote.alone(tested)
        grown = [
            (score + math.log(odds + 1e-6), path, side)
            for score, path in beam
            for side, odds in enumerate(vote.odds(path, alone))
        ]
        grown.sort(key=lambda h: (-round(h[0], 6), h[2]))
        beam = [(score, {**path, k: side}) for score, path, side in grown[:BEAM]]
    score, path = beam[0]
    return score, [path[k] for k in scene.values]


def _name_of(
    scene: ArmScene, options: Sequence[Candidate], shares: Vector, side: int, tested: Sequence[float],
    chosen: Mapping[int, ArmChoice], k: int, spoken: Collection[int],
) -> int:  # fmt: skip
    """Return the name of the arm on a side: the candidates that say so vote, names of the pair's others left out."""
    votes: dict[int, float] = {}
    before = scene.context.statistics[k].pairing == "from-to"  # both values are of one arm
    taken = set() if before else {chosen[m].name for m in scene.mates(k) if m in chosen}
    for c, weight in zip(options, shares.tolist(), strict=True):
        if c.kind == "mention":
            fit = tested[c.name] if side == 0 else 1.0 - tested[c.name]
            votes[c.name] = votes.get(c.name, 0.0) + weight * fit
    fitting = {n: v for n, v in votes.items() if n in spoken and (tested[n] > 0.5) == (side == 0)}
    votes = fitting or votes
    least = OTHER * max(votes.values(), default=0.0)
    free = {n: v for n, v in votes.items() if n not in taken and v >= least} or votes
    return max(free, key=lambda n: (round(free[n], 6), -n), default=-1)
