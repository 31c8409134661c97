"""Fit the models that link numbers to outcomes and interventions (``kg/assembly/weights``).

    python -m training.folds --data DATA --silver SILVER --models FOLDS
    python -m training.assembly --silver SILVER --folds FOLDS

Trains on the silver documents that ``training.splits`` keeps for training, each tagged by a tagger
that has not seen it (``training.folds``). Fixed seed; about five CPU minutes after the folds' ten.
"""

from __future__ import annotations

import argparse
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
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
    outcome_candidates,
)
from kg.assembly.context import Context
from kg.assembly.features import Features, number_features
from kg.assembly.forest import LEAVES, Matrix
from kg.assembly.labels import likeness, stems
from kg.assembly.link import MEASURES, Link, knowing, known_before
from kg.assembly.phrase import Phrase
from kg.assembly.phrase_features import FEATURES, Known, PhraseTable, candidate_block
from training.documents import held_out, learned

WEIGHTS = Path(__file__).resolve().parent.parent / "kg" / "assembly" / "weights"
GOLD_MEASURE = {"percentage": "percent", "percent change": "percent_change", "fold change": "fold_change", "fold": "fold_change", "other": "direction_only"}  # fmt: skip


MODELS = ("result", "outcome", "intervention", "comparator", "measure")


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its annotation matched to its numbers: statistic index → annotated effect."""

    name: str
    context: Context
    effects: dict[int, dict[str, Any]]


def view_range(context: Context, quote: str) -> tuple[int, int] | None:
    """Return the view offsets of an exact quote of the source, or ``None``."""
    source = context.reading.document.text
    at = source.find(quote)
    if at < 0:
        return None
    starts = context.reading.view.starts
    return bisect_left(starts, at), bisect_left(starts, at + len(quote))


def with_signs_read(context: Context, annotation: dict[str, Any]) -> dict[str, Any]:
    """Return annotation whose values have the sign with which the grammar reads them.

    "A fall (4.7 mmHg)" is 4.7 to one reader and -4.7 to another.
    """

    def turned(effect: dict[str, Any]) -> dict[str, Any]:
        place, value = view_range(context, effect["quote"]), effect.get("value")
        if not value or place is None:
            return effect
        near = {s.value for s in context.statistics if place[0] <= s.start_char < place[1]}
        return effect | {"value": -value} if value not in near and -value in near else effect

    studies = [s | {"effects": [turned(e) for e in s["effects"]]} for s in annotation["studies"]]
    return annotation | {"studies": studies}


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


def _same_end(ours: float | None, annotated: float | None) -> bool:
    if ours is None or annotated is None:
        return ours is annotated
    return math.isclose(ours, annotated, abs_tol=1e-9)


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
        and _same_end(statistic.ci_high, effect.get("ci_high"))
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
OPINIONS = ("k_outcome", "k_intervention", "k_comparator", "k_condition")
FAR_WEIGHT = 3  # every third candidate of another sentence is trained on, for three


class Rows:
    """Examples of one model: features in common, features of each candidate, class and weight."""

    def __init__(self) -> None:
        self.shared: list[Features] = []
        self.blocks: list[Matrix] = []
        self.classes: list[int] = []
        self.weights: list[float] = []

    def add(self, shared: Features, target: int) -> None:
        """Append one example that has no candidates."""
        self.add_block(shared, np.zeros((len(FEATURES), 1), np.float32), [target], [1.0])

    def add_block(
        self, shared: Features, block: Matrix, targets: Sequence[int], weights: Sequence[float]
    ) -> None:
        """Append an example a candidate; `block` is ``(len(FEATURES), candidates)``."""
        self.shared.append(shared)
        self.blocks.append(block)
        self.classes.extend(targets)
        self.weights.extend(weights)

    def table(self) -> tuple[NDArray[np.float32], list[str]]:
        """Return the matrix ``(examples, features)`` and the features' names; constant ones are left out."""
        names = sorted({name for row in self.shared for name in row})
        place = {name: n for n, name in enumerate(names)}
        blocks = np.concatenate(self.blocks, axis=1)
        table = np.zeros((blocks.shape[1], len(names) + len(FEATURES)), np.float32)
        table[:, len(names) :] = blocks.T
        start = 0
        for row, block in zip(self.shared, self.blocks, strict=True):
            end = start + block.shape[1]
            for name, value in row.items():
                table[start:end, place[name]] = value
            start = end
        kept = table.min(axis=0) < table.max(axis=0)
        names = [name for name, keep in zip([*names, *FEATURES], kept, strict=True) if keep]
        return table[:, kept], names


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
    out = out or {name: Rows() for name in MODELS}
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
            known = known_before(table, k, links)
            near = outcome_candidates(context, k)
            arms = intervention_candidates(context, near, named)
            number = Number(table, k, shared[k], effect)
            outcome = rank(out["outcome"], number, "outcome", near, known)
            known = knowing(known, outcome)
            arm = rank(out["intervention"], number, "intervention", arms, known)
            other = None
            if arm is not None:
                rest = table.others(arms.index, arm.label)
                other = rank(
                    out["comparator"], number, "comparator", arms.kept(rest),
                    knowing(known, outcome, arm),
                )  # fmt: skip
            links[k] = Link(k, 1.0, outcome, 1.0, arm, 1.0, other, 1.0)
            measure = GOLD_MEASURE.get(effect["measure"], effect["measure"])
            if measure in MEASURES and effect.get("value") is not None:
                out["measure"].add(shared[k], MEASURES.index(measure))
    return out


@dataclass(frozen=True, slots=True)
class Number:
    """An annotated number of a document: its features, and the effect that it gives."""

    table: PhraseTable
    k: int
    shared: Features
    effect: dict[str, Any]


def rank(
    rows: Rows, number: Number, role: str, candidates: Candidates, known: Known
) -> Phrase | None:
    """Add a row for each candidate and return the phrase that names the annotated thing best.

    Every third number's are added once more without the tagger's opinion, so that form is trusted too.
    """
    block = candidate_block(number.table, number.k, candidates, known)
    phrases = list(candidates.phrases(number.table.context))
    fit = [names_it(phrase, number.effect[f"_{role}"]) for phrase in phrases]
    best = max(fit, default=0.0)
    good = [score > 0 and score >= best - 0.35 for score in fit]
    same = block[FEATURES.index("same")]
    weights = [1.0 if g or same[n] else FAR_WEIGHT for n, g in enumerate(good)]
    # of the candidates in other sentences, a part stands for all
    kept = [n for n, w in enumerate(weights) if w == 1.0 or (n + number.k) % FAR_WEIGHT == 0]
    told = ([int(good[n]) for n in kept], [weights[n] for n in kept])
    rows.add_block(number.shared, block[:, kept], *told)
    if number.k % 3 == 0:
        blind = block[:, kept]
        blind[[FEATURES.index(name) for name in OPINIONS]] = 0.0
        rows.add_block(number.shared, blind, *told)
    return phrases[int(np.argmax(fit))] if best > 0 else None


def fit(name: str, rows: Rows, classes: int, seed: int = 13) -> None:
    """Fit one ensemble and write it in the form :mod:`kg.assembly.forest` reads."""
    table, columns = rows.table()
    model = HistGradientBoostingClassifier(
        max_iter=SIZES[name][0], learning_rate=SIZES[name][1], max_leaf_nodes=LEAVES, min_samples_leaf=40,
        l2_regularization=5.0, random_state=seed, early_stopping=False, max_features=0.3, max_bins=127,
    )  # fmt: skip
    model.fit(table, np.array(rows.classes), sample_weight=np.array(rows.weights))
    export(name, model, columns, classes)


SIZES = {
    "result": (300, 0.05), "outcome": (260, 0.08), "intervention": (260, 0.08),
    "comparator": (150, 0.07), "measure": (60, 0.08), "direction": (170, 0.05),
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
    """Fit every model, or those that are asked for."""
    parser = argparse.ArgumentParser(description="Fit the models that link numbers.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    parser.add_argument(
        "--folds", type=Path, required=True, help="folder that training.folds wrote"
    )
    parser.add_argument("--only", nargs="*", choices=MODELS, default=MODELS, help="models to fit")
    options = parser.parse_args()
    examples = []
    total = 0
    for annotation, context, _ in learned(options.silver, options.folds, held_out(options.data)):
        total += sum(len(study["effects"]) for study in annotation["studies"])
        examples.append(Example(annotation["doc"], context, match(context, annotation)))
    matched = sum(len(example.effects) for example in examples)
    print(f"{len(examples)} documents, {matched} of {total} effects matched", flush=True)
    # the scores of words are learned anew only where all models are
    gather = collect_apart if {*options.only} == {*MODELS} else collect
    collected = gather(examples)
    for name in options.only:
        fit_and_tell(name, collected[name], len(MEASURES) if name == "measure" else 2)


def fit_and_tell(name: str, rows: Rows, classes: int = 2) -> None:
    """Fit one model and print what it was fitted on."""
    fit(name, rows, classes)
    print(name, len(rows.classes), "rows", Counter(rows.classes).most_common(5), flush=True)


if __name__ == "__main__":
    main()
