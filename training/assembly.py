"""Fit the models that link numbers to outcomes and interventions (``kg/assembly/weights``).

    python -m training.folds --data DATA --silver SILVER --models FOLDS
    python -m training.assembly --silver SILVER --folds FOLDS

Trains on the silver documents that ``training.splits`` keeps for training, each tagged by a tagger
that has not seen it (``training.folds``). Fixed seed; about five CPU minutes after the folds' ten.
"""

from __future__ import annotations

import argparse
import json
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from kg.assembly import features as features_module
from kg.assembly.candidates import (
    Candidates,
    document_interventions,
    intervention_candidates,
    other_than,
    outcome_candidates,
)
from kg.assembly.context import Context, Phrase
from kg.assembly.direction import direction_features
from kg.assembly.features import Features, number_features
from kg.assembly.forest import LEAVES, Matrix
from kg.assembly.labels import likeness, stems
from kg.assembly.link import DIRECTIONS, MEASURES, Link, previous_labels
from kg.assembly.phrase_features import FEATURES, PhraseTable, candidate_block
from training.documents import read_context
from training.folds import fold_of
from training.splits import is_dev

WEIGHTS = Path(__file__).resolve().parent.parent / "kg" / "assembly" / "weights"
GOLD_DIRECTION = {"no difference": "no_difference"}
GOLD_MEASURE = {"percentage": "percent", "percent change": "percent_change", "fold change": "fold_change", "fold": "fold_change", "other": "direction_only"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its annotation matched to its numbers: statistic index → annotated effect."""

    name: str
    context: Context
    effects: dict[int, dict[str, Any]]


def silver(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotated documents, one object each."""
    for path in sorted(folder.glob("annotations-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def view_range(context: Context, quote: str) -> tuple[int, int] | None:
    """Return the view offsets of an exact quote of the source, or ``None``."""
    source = context.reading.document.text
    at = source.find(quote)
    if at < 0:
        return None
    starts = context.reading.view.starts
    return bisect_left(starts, at), bisect_left(starts, at + len(quote))


def match(context: Context, annotation: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Pair annotated effects with statistics: same quote, value and interval, in text order."""
    matched: dict[int, dict[str, Any]] = {}
    points = [s.start_char if s.value_start is None else s.value_start for s in context.statistics]
    for study in annotation["studies"]:
        names = {
            "intervention": {i["id"]: i for i in study.get("interventions", [])},
            "outcome": {o["id"]: o for o in study.get("outcomes", [])},
        }
        for effect in study.get("effects", []):
            place = view_range(context, effect["quote"])
            if place is None:
                continue
            effect = effect | {
                "_outcome": names["outcome"].get(effect.get("outcome")),
                "_intervention": names["intervention"].get(effect.get("intervention")),
                "_comparator": names["intervention"].get(effect.get("comparator")),
            }
            inside = [
                k
                for k in range(bisect_left(points, place[0]), bisect_left(points, place[1]))
                if k not in matched
            ]
            fits = [k for k in inside if _fits(context.statistics[k], effect)]
            if fits:
                matched[fits[0]] = effect
    return matched


def _fits(statistic: Any, effect: dict[str, Any]) -> bool:
    value = effect.get("value")
    if value is None:
        if statistic.value is not None:
            return False
        wanted = (effect.get("p") or "").lstrip("<>=≤≥ ").replace("·", ".")
        if not wanted:
            return statistic.p_value is None
        try:
            return statistic.p_value is not None and math.isclose(statistic.p_value, float(wanted))
        except ValueError:
            return False
    if statistic.value is None or not math.isclose(
        statistic.value, value, rel_tol=1e-6, abs_tol=1e-9
    ):
        return False
    low = effect.get("ci_low")
    return low is None or (
        statistic.ci_low is not None and math.isclose(statistic.ci_low, low, abs_tol=1e-9)
        and math.isclose(statistic.ci_high, effect["ci_high"], abs_tol=1e-9)
    )  # fmt: skip


def names_it(phrase: Phrase, entity: dict[str, Any] | None) -> float:
    """Return how well a phrase names an annotated outcome or intervention, 0 to 1.

    Half is whether it names it at all, half how much of the two names is shared: of two nested
    phrases that both name it, the fitting one is better.
    """
    if entity is None:
        return 0.0
    wanted = [entity["name"]] + (
        [entity["text"]] if len(entity.get("text") or "x" * 99) <= 60 else []
    )
    best = 0.0
    for mine in (phrase.label, phrase.raw):
        for name in wanted:
            alike = likeness(mine, name)
            if alike >= 0.5:
                a, b = stems(mine), stems(name)
                best = max(best, 0.5 * alike + 0.5 * len(a & b) / len(a | b))
    return best


def write_words(examples: Sequence[Example]) -> None:
    """Write the table of log odds that :func:`kg.assembly.features.word_scores` reads."""
    columns = [Counter[str]() for _ in range(4)]
    everywhere = [Counter[str]() for _ in range(2)]
    for example in examples:
        context = example.context
        for phrase in context.phrases:
            everywhere[0].update(stems(phrase.label))
        for effect in example.effects.values():
            for column, key in ((0, "_outcome"), (1, "_intervention")):
                if effect[key]:
                    columns[column].update(stems(effect[key]["name"]))
        for k, place in enumerate(context.places):
            near = (
                [w[:6] for w in context.lower[max(0, place.token - 3) : place.token]],
                [w[:6] for w in context.lower[place.end : place.end + 3]],
            )
            for side in (0, 1):
                everywhere[1].update(f"{side}{w}" for w in near[side])
                if k in example.effects:
                    columns[2 + side].update(near[side])
    rows = []
    words = set(everywhere[0]) | {w[1:] for w in everywhere[1]}
    for word in sorted(words):
        totals = (
            everywhere[0][word],
            everywhere[0][word],
            everywhere[1]["0" + word],
            everywhere[1]["1" + word],
        )
        if max(totals) < 4 or "\t" in word:
            continue
        scores = []
        for column, (counter, total) in enumerate(zip(columns, totals, strict=True)):
            base = columns[column].total() / max(
                1, (everywhere[0] if column < 2 else everywhere[1]).total()
            )
            rate = (counter[word] + 3 * base) / (total + 3) if total else base
            scores.append(max(-4.0, min(4.0, math.log(rate / base))))
        rows.append("\t".join([word, *(f"{s:.2f}" for s in scores)]))
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / "words.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    features_module.word_scores.cache_clear()


#: What the tagger says a phrase is; it is often undecided between exposure and outcome.
OPINIONS = frozenset({"k_outcome", "k_intervention", "k_comparator", "k_condition"})


class Rows:
    """Feature rows of one model with their classes; each row is kept as columns and values."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self.rows: list[tuple[NDArray[np.int16], NDArray[np.float32]]] = []
        self.classes: list[int] = []

    def add(self, row: Features, target: int) -> None:
        """Append one example."""
        kept = {name: value for name, value in row.items() if value}
        columns = self.columns
        index = [columns.setdefault(name, len(columns)) for name in kept]
        self.rows.append((np.array(index, np.int16), np.array(list(kept.values()), np.float32)))
        self.classes.append(target)

    def table(self) -> tuple[NDArray[np.float32], list[str]]:
        """Return the matrix, its columns in the order of their names, and the names."""
        names = sorted(self.columns)
        place = np.empty(len(names), np.int16)
        for n, name in enumerate(names):
            place[self.columns[name]] = n
        table = np.zeros((len(self.rows), len(names)), np.float32)
        for n, (index, values) in enumerate(self.rows):
            table[n, place[index]] = values
        return table, names


def collect_apart(examples: Sequence[Example], parts: int = 5) -> dict[str, Rows]:
    """Return the training rows of each model, each document's with word scores learned without it."""
    out: dict[str, Rows] | None = None
    for part in range(parts):
        write_words([e for n, e in enumerate(examples) if n % parts != part])
        out = collect([e for n, e in enumerate(examples) if n % parts == part], out)
    write_words(examples)
    assert out is not None
    return out


def collect(examples: Sequence[Example], out: dict[str, Rows] | None = None) -> dict[str, Rows]:
    """Return the training rows of each model; earlier decisions are those of the annotation."""
    out = out or {
        name: Rows()
        for name in ("result", "outcome", "intervention", "comparator", "measure", "direction")
    }
    for example in examples:
        context = example.context
        shared = [number_features(context, k) for k in range(len(context.statistics))]
        table = PhraseTable(context)
        named = document_interventions(context)
        links: dict[int, Link] = {}
        for k in range(len(context.statistics)):
            effect = example.effects.get(k)
            out["result"].add(shared[k], int(effect is not None))
            if effect is None:
                continue
            previous = previous_labels(context, k, links)
            near = outcome_candidates(context, k)
            arms = intervention_candidates(context, near, named)
            beside = table.beside(k, arms.index)

            def chosen(role: str, candidates: Candidates, beside: Matrix) -> Phrase | None:
                block = candidate_block(table, candidates, beside, previous)  # noqa: B023
                phrases = list(candidates.phrases(context))  # noqa: B023
                again = k % 3 == 0  # noqa: B023
                return rank(out[role], shared[k], block, phrases, effect[f"_{role}"], again)  # noqa: B023

            outcome = chosen("outcome", near, beside[:, : len(near)])
            arm = chosen("intervention", arms, beside)
            other = None
            if arm is not None:
                previous = previous_labels(context, k, links, arm)
                rest = other_than(context, arms, arm.label)
                other = chosen("comparator", arms.kept(rest), beside[:, rest])
            way = GOLD_DIRECTION.get(effect["direction"], effect["direction"])
            link = Link(k, 1.0, outcome, 1.0, arm, 1.0, other, 1.0)
            if way in DIRECTIONS:
                row = direction_features(context, k, shared[k], link, links)
                out["direction"].add(row, DIRECTIONS.index(way))
            links[k] = Link(k, 1.0, outcome, 1.0, arm, 1.0, other, 1.0, direction=way)
            measure = GOLD_MEASURE.get(effect["measure"], effect["measure"])
            if measure in MEASURES and effect.get("value") is not None:
                out["measure"].add(shared[k], MEASURES.index(measure))
    return out


def rank(
    rows: Rows, shared: Features, block: Matrix, phrases: Sequence[Phrase], entity: dict[str, Any] | None,
    again: bool,
) -> Phrase | None:  # fmt: skip
    """Add a row for each candidate and return the phrase that names the annotated thing best.

    `again` adds each once more without the tagger's opinion, so that form is trusted too.
    """
    fit = [names_it(phrase, entity) for phrase in phrases]
    best = max(fit, default=0.0)
    target = None
    for n, (phrase, score) in enumerate(zip(phrases, fit, strict=True)):
        good = score > 0 and score >= best - 0.35
        row = shared | dict(zip(FEATURES, block[:, n].tolist(), strict=True))
        rows.add(row, int(good))
        if again:
            rows.add({name: v for name, v in row.items() if name not in OPINIONS}, int(good))
        if good and (target is None or score > target[0]):
            target = (score, phrase)
    return target[1] if target else None


def fit(name: str, rows: Rows, classes: int, seed: int = 13) -> None:
    """Fit one ensemble and write it in the form :mod:`kg.assembly.forest` reads."""
    table, columns = rows.table()
    model = HistGradientBoostingClassifier(
        max_iter=SIZES[name][0], learning_rate=SIZES[name][1], max_leaf_nodes=LEAVES, min_samples_leaf=40,
        l2_regularization=5.0, random_state=seed, early_stopping=False, max_features=0.3,
    )  # fmt: skip
    model.fit(table, np.array(rows.classes))
    export(name, model, columns, classes)


SIZES = {
    "result": (300, 0.05), "outcome": (350, 0.06), "intervention": (350, 0.06),
    "comparator": (150, 0.07), "measure": (60, 0.08), "direction": (150, 0.05),
}  # fmt: skip


def write_tree(arrays: dict[str, NDArray[Any]], t: int, nodes: NDArray[Any]) -> None:
    """Write the `t`-th tree: its tests, the leaves each strikes when it fails, and the leaves' values."""
    tests, leaves = count(), count()

    def walk(n: int) -> int:
        """Return the bits of the leaves under a node."""
        node = nodes[n]
        if node["is_leaf"]:
            leaf = next(leaves)
            arrays["leaves"][t, leaf] = node["value"]
            return 1 << leaf
        test = next(tests)
        arrays["feature"][test, t] = node["feature_idx"]
        arrays["threshold"][test, t] = node["num_threshold"]
        left = walk(node["left"])
        arrays["mask"][test, t] = 0xFFFF & ~left
        return left | walk(node["right"])

    walk(0)


def export(
    name: str, model: HistGradientBoostingClassifier, columns: list[str], classes: int
) -> None:
    """Write a fitted ensemble as arrays."""
    trees = [(k, tree) for iteration in model._predictors for k, tree in enumerate(iteration)]
    arrays = {
        "feature": np.zeros((LEAVES - 1, len(trees)), np.int16),
        "threshold": np.full((LEAVES - 1, len(trees)), np.inf, np.float32),
        "mask": np.full((LEAVES - 1, len(trees)), 0xFFFF, np.uint16),
        "leaves": np.zeros((len(trees), LEAVES), np.float32),
        "tree_class": np.array([k for k, _ in trees], np.int16),
    }
    present = list(model.classes_)
    for t, (_, tree) in enumerate(trees):
        write_tree(arrays, t, tree.nodes)
    baseline = np.ravel(model._baseline_prediction).astype(np.float32)
    if classes > 2 and len(present) < classes:  # a class never seen: keep its column, never chosen
        full = np.full(classes, -30.0, np.float32)
        full[present] = baseline
        baseline = full
        arrays["tree_class"] = np.array([present[k] for k in arrays["tree_class"]], np.int16)
    WEIGHTS.mkdir(exist_ok=True)
    np.savez_compressed(
        WEIGHTS / f"{name}.npz", features=np.array("\n".join(columns)), baseline=baseline, **arrays,
    )  # fmt: skip


def main() -> None:
    """Fit every model."""
    parser = argparse.ArgumentParser(description="Fit the models that link numbers.")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    parser.add_argument(
        "--folds", type=Path, required=True, help="folder that training.folds wrote"
    )
    options = parser.parse_args()
    examples = []
    total = 0
    for annotation in silver(options.silver):
        name = annotation["doc"]
        if is_dev(name):
            continue
        total += sum(len(study["effects"]) for study in annotation["studies"])
        unseen = options.folds / str(fold_of(name))
        context = read_context(options.silver / "docs" / name, unseen)
        if context is not None:
            examples.append(Example(name, context, match(context, annotation)))
    matched = sum(len(example.effects) for example in examples)
    print(f"{len(examples)} documents, {matched} of {total} effects matched", flush=True)
    for name, rows in collect_apart(examples).items():
        classes = {"measure": len(MEASURES), "direction": len(DIRECTIONS)}.get(name, 2)
        fit(name, rows, classes)
        print(name, len(rows.rows), "rows", Counter(rows.classes).most_common(5), flush=True)


if __name__ == "__main__":
    main()
