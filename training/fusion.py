"""Fit how our own ranking and the encoder's opinion are weighed (``kg/assembly/weights/*_fused.npz``).

    python -m training.fusion --silver FOLDER --only NAMES

FOLDER is a silver set (``training.readings`` makes one with our readings); NAMES lists, one a line, the documents
to fit on: such as neither the rankers nor the encoder in use has seen, or it is trusted more than it
deserves. A fifth of them sets what turns the sum of the two parts into chances. About 15 CPU minutes for 1,000 abstracts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.assembly.forest import LEAVES, Matrix
from kg.assembly.fusion import FUSED, FUSION, WEIGHED, FusedRole
from kg.assembly.link import knowing, known_before, link_all
from kg.assembly.phrase_features import Known
from kg.assembly.ranking import Field, Ranker
from kg.assembly.scores import LinkScores
from kg.extract import make_extractor
from kg.pipeline import annotate
from kg.readers import read
from kg.tagging.second_opinion import EncoderScores
from training.assembly import WEIGHTS, Example, export, match, names_it, with_signs_read
from training.documents import linked, silver

Marks = NDArray[np.bool_]
BEST_OWN, BEST_TOLD = 14, 8  # candidates of a number that the trees are fitted on
CALIBRATING = 5  # every fifth document
PENALTY = 2.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A number's candidates for a role: their columns, and which are right."""

    columns: Matrix  # (len(FUSION), candidates)
    good: Marks


def choices(example: Example, scores: LinkScores) -> Iterator[tuple[FusedRole, Choice]]:
    """Yield the choices of a document's annotated numbers, as they are put to the ranking."""
    context = example.context
    links = link_all(context, scores)
    ranker = Ranker(context, scores)
    asked = [k for k in example.effects if k in links]
    for k, (near, arms) in zip(asked, ranker.fields(asked), strict=True):
        known = known_before(ranker.table, k, links)
        fields: tuple[tuple[FusedRole, Field, Known], ...] = (
            ("outcome", near, known),
            ("intervention", arms, knowing(known, links[k].outcome)),
        )
        for role, field, before in fields:
            named = example.effects[k][f"_{role}"]
            fit = np.array([names_it(p, named) for p in field.candidates.phrases(context)])
            if fit.any():
                columns = ranker.fusion_columns(role, field, before)
                yield role, Choice(columns, (fit > 0) & (fit >= fit.max() - 0.35))


def documents(folder: Path, names: frozenset[str]) -> Iterator[tuple[Example, LinkScores]]:
    """Yield the documents to fit on, each with the encoder's opinion."""
    extractor = make_extractor()
    assert extractor.encoder is not None
    for annotation in (*silver(folder), *linked(folder)):
        if annotation["doc"] not in names:
            continue
        reading = read(folder / "docs" / annotation["doc"])
        found = annotate(extractor.nlp, reading)
        context: Context = make_context(reading, found, read_evidence(reading))
        matched = match(context, with_signs_read(context, annotation))
        example = Example(annotation["doc"], context, matched)
        yield example, EncoderScores(extractor.encoder.read(reading, found))


def fit_weights(found: list[Choice]) -> NDArray[np.float64]:
    """Return the weights under which the right candidates of a number outdo the others (softmax)."""
    table = np.concatenate([c.columns[: len(WEIGHED)] for c in found], axis=1).T
    good = np.concatenate([c.good for c in found])
    sizes = np.array([len(c.good) for c in found])
    starts, owner = (
        np.concatenate([[0], sizes.cumsum()[:-1]]),
        np.repeat(np.arange(len(found)), sizes),
    )
    spread = table.std(0) + 1e-6
    table = (table - table.mean(0)) / spread

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = table @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        every, right = np.add.reduceat(raised, starts), np.add.reduceat(raised * good, starts)
        slope = raised / every[owner] - raised * good / right[owner]
        cost = -np.log(right / every).sum() + PENALTY * (weights @ weights) / 2
        return float(cost), table.T @ slope + PENALTY * weights

    start = np.zeros(table.shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80})
    weights: NDArray[np.float64] = best.x / spread
    return weights


def fit_trees(found: list[Choice]) -> HistGradientBoostingClassifier:
    """Return trees over the candidates that either ranking holds for likely, and the right ones."""
    own, here = FUSION.index("own_odds"), FUSION.index("says_here")
    kept = []
    for c in found:
        keep = np.zeros(len(c.good), bool)
        keep[np.argsort(-c.columns[own])[:BEST_OWN]] = True
        keep[np.argsort(-c.columns[here])[:BEST_TOLD]] = True
        kept.append(keep | c.good)
    table = np.concatenate([c.columns[:, k] for c, k in zip(found, kept, strict=True)], axis=1).T
    good = np.concatenate([c.good[k] for c, k in zip(found, kept, strict=True)])
    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.08, max_leaf_nodes=LEAVES, min_samples_leaf=40,
        l2_regularization=5.0, max_features=0.3, random_state=13, early_stopping=False, max_bins=63,
    )  # fmt: skip
    return model.fit(table, good)


def fit(found: dict[FusedRole, list[list[Choice]]]) -> None:
    """Fit and write each role; `found` holds the choices of each document."""
    written = {}
    for role, by_document in found.items():
        fitted = [c for n, d in enumerate(by_document) if n % CALIBRATING for c in d]
        apart = [c for n, d in enumerate(by_document) if n % CALIBRATING == 0 for c in d]
        weights, trees = fit_weights(fitted), fit_trees(fitted)
        export(f"{role}_fused", trees, list(FUSION), 2)
        sums = []
        for c in apart:
            linear = weights @ c.columns[: len(WEIGHED)]
            sums.append(trees.decision_function(c.columns.T) + linear - linear.max())
        joined, good = np.concatenate(sums), np.concatenate([c.good for c in apart])
        line = LogisticRegression(C=1e6).fit(joined[:, None], good)
        written[role] = {
            "weights": {n: round(float(w), 5) for n, w in zip(WEIGHED, weights, strict=True)},
            "scale": round(float(line.coef_[0, 0]), 4),
            "offset": round(float(line.intercept_[0]), 4),
        }
        right = sum(bool(c.good[s.argmax()]) for c, s in zip(apart, sums, strict=True))
        print(f"{role}: {len(fitted)} numbers; of {len(apart)} others {right} right", flush=True)
    text = json.dumps(written, indent=1, sort_keys=True)
    (WEIGHTS / "fusion.json").write_text(text + "\n", encoding="utf-8")


def collect(found: Iterable[tuple[Example, LinkScores]]) -> dict[FusedRole, list[list[Choice]]]:
    """Return the choices of each document by role."""
    out: dict[FusedRole, list[list[Choice]]] = {role: [] for role in FUSED}
    for example, scores in found:
        for role in FUSED:
            out[role].append([])
        for role, choice in choices(example, scores):
            out[role][-1].append(choice)
    return out


def main() -> None:
    """Fit what is weighed together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    parser.add_argument("--only", type=Path, required=True, help="file of the names to fit on")
    options = parser.parse_args()
    names = frozenset(options.only.read_text(encoding="utf-8").split())
    fit(collect(documents(options.silver, names)))


if __name__ == "__main__":
    main()
