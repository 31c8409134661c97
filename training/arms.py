"""Fit the models that place values in arms (``kg/assembly/weights/arms.npz``).

    python -m training.arms --data DATA

Trains on the training parts of PICO-Corpus (the side of each value) and RCT-ART (which named arm a
value belongs to). The weights of the candidates and the roles of the names are fitted together: a
value's side is a mixture over its candidates of what each says. Fixed seed, numpy alone.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kg.assembly.arm_features import candidates
from kg.assembly.arm_links import SIDES, ArmModel, place_values
from kg.assembly.arm_names import find_arm_names
from kg.assembly.arm_relations import relations
from kg.assembly.arm_roles import role_features
from kg.assembly.arm_scene import ArmScene
from kg.assembly.arms import arm_values
from kg.assembly.context import Context
from kg.assembly.labels import likeness
from kg.assembly.link import Link, link_all
from training.corpora import read_set
from training.documents import read_context

OUT = Path(__file__).resolve().parent.parent / "kg" / "assembly" / "weights" / "arms.npz"
VALUE = re.compile(r"(iv|cv)-(?:bin-abs|bin-percent|cont-mean|cont-median|cont-sd)")
UNITS = 8
FITS = 3  # fits from different starts, averaged
STEPS = 200
RATE = 0.02
DECAY = 1e-3
NO_ARM = 0.5  # weight of a value without a label: some were overlooked
NAMED = 0.3  # weight of a name whose part the annotation tells
ALIKE = 0.6
MIN_COUNT = 8  # values a feature must be seen at
PRIOR = 0.84
SEED = 13
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A document's scene; ``sides`` of its values (index in SIDES), ``names`` right for a value, ``parts`` of names."""

    scene: ArmScene
    sides: dict[int, int]
    names: dict[int, frozenset[int]]
    parts: dict[int, int]


def examples(data: Path, part: str) -> Iterator[tuple[str, Example]]:
    """Yield the documents of both sets."""
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("pico_corpus", pico_example), ("rct_art", art_example)):
            for number, document in enumerate(read_set(data, name, part)):
                path = Path(folder) / f"{number}.txt"
                path.write_text(document["text"], encoding="utf-8")
                context = read_context(path)
                if context is not None:
                    yield name, make(document, context, link_all(context))


def _scene(context: Context, links: dict[int, Link]) -> ArmScene:
    names, mentions = find_arm_names(context)
    return ArmScene(context, names, mentions, arm_values(context, links), links)


def _statistic(context: Context, start: int, end: int) -> int | None:
    """Return the statistic that holds a stretch of the source, ``None`` if none does."""
    starts = context.reading.view.starts
    a, b = bisect_left(starts, start), bisect_left(starts, end)
    found = [
        k for k, s in enumerate(context.statistics)
        if s.value is not None and s.start_char <= a and b <= s.end_char + 1
    ]  # fmt: skip
    return min(found, key=lambda k: abs((context.statistics[k].value_start or 0) - a), default=None)


def pico_example(document: dict[str, Any], context: Context, links: dict[int, Link]) -> Example:
    """Return the sides of a document's values; a value without a label after the first with one is no arm's."""
    scene = _scene(context, links)
    told: dict[int, set[int]] = {}
    for entity in document["entities"]:
        match = VALUE.match(entity["label"])
        k = _statistic(context, entity["start"], entity["end"]) if match else None
        if match and k is not None:
            told.setdefault(k, set()).add(int(match[1] == "cv"))
    sides = {k: min(s) for k, s in told.items() if len(s) == 1 and k in scene.values}
    if {0, 1} <= set(sides.values()):
        first = min(context.places[k].sentence for k in sides)
        for k in scene.values:
            if k not in told and context.places[k].sentence >= first:
                sides[k] = 2
    named = [
        (int(e["label"] == "control"), e["text"]) for e in document["entities"]
        if e["label"] in ("intervention", "control")
    ]  # fmt: skip
    parts: dict[int, int] = {}
    for n, name in enumerate(scene.names):
        like = [
            max((likeness(name.label, text) for part, text in named if part == p), default=0.0)
            for p in (0, 1)
        ]
        if max(like) >= ALIKE and abs(like[0] - like[1]) > 0.25:
            parts[n] = int(like[1] > like[0])
    return Example(scene, sides, {}, parts)


def art_example(document: dict[str, Any], context: Context, links: dict[int, Link]) -> Example:
    """Return which named arms a sentence's values belong to."""
    scene = _scene(context, links)
    starts = context.reading.view.starts
    right: dict[int, set[int]] = {}
    for relation in document["relations"]:
        if relation["label"] == "OC_RES":
            continue
        ends = [document["entities"][relation[side]] for side in ("head", "tail")]
        arm, value = sorted(ends, key=lambda e: e["label"] == "MEAS")
        k = _statistic(context, value["start"], value["end"])
        a, b = bisect_left(starts, arm["start"]), bisect_left(starts, arm["end"])
        names = {
            m.name for m in scene.mentions if m.phrase.start_char < b and a < m.phrase.end_char
        }
        if k is not None and names and k in scene.values:
            right.setdefault(k, set()).update(names)
    return Example(scene, {}, {k: frozenset(n) for k, n in right.items()}, {})


@dataclass
class Table:
    """All candidates of all values as rows, and what is known of each."""

    rows: Array
    starts: NDArray[np.int64]  # first row of each value
    says: Array  # (rows, 3); what a candidate that names no arm says
    role: NDArray[np.int64]  # row of the named arm among the roles, -1 for the others
    target: NDArray[np.int64]  # side of each value; -1 where the names are known instead
    right: NDArray[np.bool_]  # rows that are right where names are known
    roles: Array
    parts: NDArray[np.int64]  # 0, 1, or -1 where unknown


def tabulate(
    found: Sequence[Example], columns: dict[str, int], role_columns: dict[str, int]
) -> Table:
    """Return the examples as arrays."""
    rows: list[dict[str, float]] = []
    starts, says, role, target, right = [], [], [], [], []
    roles: list[dict[str, float]] = []
    parts: list[int] = []
    for e in found:
        base = len(roles)
        roles.extend(role_features(e.scene, n) for n in range(len(e.scene.names)))
        parts.extend(e.parts.get(n, -1) for n in range(len(e.scene.names)))
        for at, k in enumerate(e.scene.values):
            if k not in e.sides and k not in e.names:
                continue
            options = candidates(e.scene, at)
            starts.append(len(rows))
            target.append(e.sides.get(k, -1))
            for c in options:
                rows.append(c.features)
                role.append(base + c.name if c.kind == "mention" else -1)
                says.append(_says(c.kind))
                right.append(c.kind == "mention" and c.name in e.names.get(k, ()))
    return Table(
        _matrix(rows, columns), np.array(starts), np.array(says, dtype=float), np.array(role), np.array(target),
        np.array(right), _matrix(roles, role_columns), np.array(parts),
    )  # fmt: skip


def _says(kind: str) -> tuple[float, float, float]:
    """Return what a candidate says of the three sides; of a mention its name's part decides."""
    if kind == "first":
        return PRIOR, 1 - PRIOR, 0.0
    if kind == "second":
        return 1 - PRIOR, PRIOR, 0.0
    return 0.0, 0.0, float(kind == "none")


def _matrix(rows: Sequence[dict[str, float]], columns: dict[str, int]) -> Array:
    table = np.zeros((len(rows), len(columns)))
    for n, row in enumerate(rows):
        for name, value in row.items():
            if name in columns:
                table[n, columns[name]] = value
    return table


def columns_of(rows: Iterator[dict[str, float]]) -> dict[str, int]:
    """Return the features that are seen often enough, numbered."""
    seen = Counter(name for row in rows for name, value in row.items() if value)
    return {name: n for n, name in enumerate(sorted(f for f, c in seen.items() if c >= MIN_COUNT))}


def fit(
    found: Sequence[Example], steps: int = STEPS, units: int = UNITS, decay: float = DECAY
) -> ArmModel:
    """Fit both models by Adam over all examples at once."""
    columns = columns_of(
        c.features
        for e in found
        for at in range(len(e.scene.values))
        for c in candidates(e.scene, at)
    )
    role_columns = columns_of(
        role_features(e.scene, n) for e in found for n in range(len(e.scene.names))
    )
    t = tabulate(found, columns, role_columns)
    fits = [_descend(t, np.random.default_rng(SEED + n), units, steps, decay) for n in range(FITS)]
    return ArmModel(
        columns,
        np.hstack([w["hidden"] for w in fits]),
        np.hstack([w["offset"] for w in fits]),
        np.hstack([w["out"] for w in fits]) / FITS,
        np.mean([w["direct"] for w in fits], axis=0),
        dict(zip(role_columns, np.mean([w["roles"] for w in fits], axis=0).tolist(), strict=True)),
        fit_same(found),
        PRIOR,
    )


def _descend(
    t: Table, rng: np.random.Generator, units: int, steps: int, decay: float
) -> dict[str, Array]:
    """Fit the weights of both models from one start."""
    w = {
        "hidden": rng.normal(0, 0.15, (t.rows.shape[1], units)),
        "offset": np.zeros(units),
        "out": rng.normal(0, 0.3, units),
        "direct": np.zeros(t.rows.shape[1]),
        "roles": np.zeros(t.roles.shape[1]),
    }
    m, v = ({k: np.zeros_like(x) for k, x in w.items()} for _ in range(2))
    for step in range(1, steps + 1):
        loss, gradient = _loss(t, w, decay)
        rate = RATE * (1 - step / (steps + 1)) + 1e-4
        for name, g in gradient.items():
            m[name] = 0.9 * m[name] + 0.1 * g
            v[name] = 0.99 * v[name] + 0.01 * g * g
            mean, spread = m[name] / (1 - 0.9**step), v[name] / (1 - 0.99**step)
            w[name] = w[name] - rate * mean / (np.sqrt(spread) + 1e-8)
        if step % 100 == 0:
            print(f"step {step}: loss {loss:.4f}", flush=True)
    return w


def fit_same(found: Sequence[Example], strength: float = 1.0) -> dict[str, float]:
    """Fit by logistic regression whether two values are of one arm."""
    rows: list[dict[str, float]] = []
    truth: list[float] = []
    for e in found:
        for at, k in enumerate(e.scene.values):
            for r in relations(e.scene, at):
                same = _same(e, k, r.value)
                if same is not None:
                    rows.append(r.features)
                    truth.append(float(same))
    columns = columns_of(iter(rows))
    x, y = _matrix(rows, columns), np.array(truth)

    def loss(w: Array) -> tuple[float, Array]:
        z = x @ w
        value = float(np.logaddexp(0, z).sum() - y @ z) + 0.5 * strength * float(w @ w)
        gradient: Array = x.T @ (1 / (1 + np.exp(-z)) - y) + strength * w
        return value, gradient

    result = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B")
    return dict(zip(columns, result.x.tolist(), strict=True))


def _same(e: Example, one: int, other: int) -> bool | None:
    if e.sides.get(one, 2) < 2 and e.sides.get(other, 2) < 2:
        return e.sides[one] == e.sides[other]
    if one in e.names and other in e.names:
        return bool(e.names[one] & e.names[other])
    return None


def _loss(t: Table, w: dict[str, Array], decay: float) -> tuple[float, dict[str, Array]]:
    """Return the mean loss of a value with its gradient."""
    count = len(t.starts)
    unit = np.tanh(t.rows @ w["hidden"] + w["offset"])
    scores = unit @ w["out"] + t.rows @ w["direct"]
    sizes = np.diff(np.append(t.starts, len(scores)))
    owner = np.repeat(np.arange(count), sizes)
    scores = scores - np.maximum.reduceat(scores, t.starts)[owner]
    share = np.exp(scores)
    share /= np.add.reduceat(share, t.starts)[owner]
    tested = 1 / (1 + np.exp(-(t.roles @ w["roles"])))
    named = t.role >= 0
    says = t.says.copy()
    says[named, 0] = tested[t.role[named]]
    says[named, 1] = 1 - tested[t.role[named]]
    target = t.target[owner]
    sided = target >= 0
    agrees = np.where(
        sided, says[np.arange(len(says)), np.maximum(target, 0)], t.right.astype(float)
    )
    odds = np.add.reduceat(share * agrees, t.starts) + 1e-5
    known = np.ones(count)
    for n in np.flatnonzero(t.target < 0):
        known[n] = float(t.right[t.starts[n] : t.starts[n] + sizes[n]].any())
    known[t.target == 2] = NO_ARM
    loss = -float((known * np.log(odds)).sum()) / count
    d_odds = (-known / odds / count)[owner]
    d_agrees = d_odds * share
    d_share = d_odds * agrees
    d_scores = share * (d_share - np.add.reduceat(share * d_share, t.starts)[owner])
    d_tested = np.zeros(len(tested))
    sign = np.where(target == 0, 1.0, np.where(target == 1, -1.0, 0.0))
    np.add.at(d_tested, t.role[named], (d_agrees * sign)[named])
    told = t.parts >= 0
    p = np.where(t.parts == 0, tested, 1 - tested)
    weight = NAMED / max(1, told.sum())
    loss -= weight * float(np.log(p[told] + 1e-9).sum())
    d_logit = d_tested * tested * (1 - tested)
    d_logit[told] -= weight * np.where(t.parts[told] == 0, 1 - tested[told], -tested[told])
    d_unit = d_scores[:, None] * w["out"] * (1 - unit * unit)
    gradient = {
        "hidden": t.rows.T @ d_unit, "offset": d_unit.sum(axis=0), "out": unit.T @ d_scores,
        "direct": t.rows.T @ d_scores, "roles": t.roles.T @ d_logit,
    }  # fmt: skip
    for name in ("hidden", "direct", "roles"):
        loss += 0.5 * decay * float((w[name] ** 2).sum())
        gradient[name] = gradient[name] + decay * w[name]
    return loss, gradient


def measure(found: Sequence[Example], model: ArmModel) -> dict[str, float]:
    """Return how often sides, and named arms, are right."""
    c: Counter[str] = Counter()
    for e in found:
        chosen, tested = place_values(e.scene, model)
        for k, side in e.sides.items():
            c["none" if side == 2 else "sided"] += 1
            c["none_right" if side == 2 else "sided_right"] += chosen[k].side == SIDES[side]
            c["flipped"] += side < 2 and chosen[k].side == SIDES[1 - side]
        for k, names in e.names.items():
            c["named"] += 1
            c["named_right"] += chosen[k].name in names
        for n, part in e.parts.items():
            c["parts"] += 1
            c["parts_right"] += (tested[n] < 0.5) == (part == 1)
    rates = {
        f"{k}_rate": c[f"{k}_right"] / c[k] for k in ("sided", "none", "named", "parts") if c[k]
    }
    return rates | dict(c)


def save(model: ArmModel, path: Path) -> None:
    """Write the model as arrays of half precision."""
    np.savez_compressed(
        path, columns=np.array("\n".join(model.columns)), hidden=model.hidden.astype(np.float16),
        offset=model.offset.astype(np.float16), out=model.out.astype(np.float16), direct=model.direct.astype(np.float16),
        role_columns=np.array("\n".join(model.roles)), roles=np.array(list(model.roles.values()), dtype=np.float16),
        same_columns=np.array("\n".join(model.same)), same=np.array(list(model.same.values()), dtype=np.float16),
        prior=np.array(model.prior),
    )  # fmt: skip


def main() -> None:
    """Train, print the accuracy on both parts, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    train = [e for _, e in examples(args.data, "train")]
    model = fit(train)
    save(model, OUT)
    for part, found in (("train", train), ("dev", [e for _, e in examples(args.data, "dev")])):
        print(part, {k: round(v, 3) for k, v in measure(found, model).items()})


if __name__ == "__main__":
    main()
