"""Fit the chance that all of an effect's links are right (``kg/assembly/weights/confidence.json``).

    python -m training.confidence --silver SILVER

Fitted on the held-out silver documents, which neither taggers nor rankers have seen. The reliability
table is made by halves of the documents: each half is judged by the model fitted on the other.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kg.assembly.confidence import confidence_features
from kg.assembly.effects import read_links
from kg.assembly.link import Link
from kg.evaluation.labels import SAME_LABEL, likeness, to_direction, to_family
from kg.tagging.encoder import Encoder, find_encoder
from kg.tagging.second_opinion import EncoderScores
from training.assembly import WEIGHTS, Example, match
from training.documents import read_context, silver
from training.folds import fold_of
from training.splits import is_dev

Table = NDArray[np.float64]


def judged(
    example: Example, encoder: Encoder | None = None
) -> Iterator[tuple[dict[str, float], bool]]:
    """Yield what the confidence is worked out from, and whether all links are right.

    Judged are the numbers of sentences with an annotated number; one that the annotation does not
    know there is wrong.
    """
    context = example.context
    annotated = {
        context.places[k].sentence
        for k, effect in example.effects.items()
        if effect.get("value") is not None
    }
    encoded = None if encoder is None else encoder.read(context.reading, context.annotation)
    scores = None if encoded is None else EncoderScores(encoded)
    for k, link in read_links(context, scores)[0].items():
        if context.statistics[k].value is None or context.places[k].sentence not in annotated:
            continue
        effect = example.effects.get(k)
        yield confidence_features(context, link), effect is not None and is_right(link, effect)


def is_right(link: Link, effect: dict[str, object]) -> bool:
    """Tell whether measure, outcome, intervention and direction are the annotated ones."""
    for role in ("outcome", "intervention"):
        entity, phrase = effect[f"_{role}"], getattr(link, role)
        if isinstance(entity, dict) and (
            phrase is None or likeness(phrase.label, entity["name"]) < SAME_LABEL
        ):
            return False
    return to_family(link.measure or "") == to_family(
        str(effect["measure"])
    ) and link.direction == to_direction(str(effect["direction"]))


def reliability(chances: Table, right: Table) -> str:
    """Return the table: of the effects held this certain, how many are right."""
    lines = [f"{'confidence':>12} {'effects':>8} {'mean':>6} {'right':>6}"]
    for low in np.arange(0, 1, 0.1):
        inside = (chances >= low) & (chances < low + 0.1)
        if inside.any():
            lines.append(
                f"{low:>6.1f} – {low + 0.1:.1f} {inside.sum():>8} {chances[inside].mean():>6.2f} {right[inside].mean():>6.2f}"
            )
    lines.append(
        f"Brier score {np.mean((chances - right) ** 2):.3f} (always the mean: {right.var():.3f})"
    )
    return "\n".join(lines)


def main() -> None:
    """Fit, print the reliability table, write the weights."""
    parser = argparse.ArgumentParser(description="Fit the confidence of effects.")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    options = parser.parse_args()
    examples = []
    for annotation in silver(options.silver):
        if is_dev(annotation["doc"]):
            context = read_context(options.silver / "docs" / annotation["doc"])
            if context is not None:
                examples.append(Example(annotation["doc"], context, match(context, annotation)))
    print(fit(examples))


def fit(examples: list[Example]) -> str:
    """Write the weights; returns the reliability table."""
    encoder = find_encoder()
    rows = [(fold_of(e.name), *row) for e in examples for row in judged(e, encoder)]
    names = list(rows[0][1])
    half = np.array([row[0] for row in rows])
    table = np.array([[row[1][name] for name in names] for row in rows])
    right = np.array([row[2] for row in rows], float)
    chances = np.zeros(len(rows))
    for part in (0, 1):
        model = LogisticRegression(C=1.0, max_iter=1000).fit(
            table[half != part], right[half != part]
        )
        chances[half == part] = model.predict_proba(table[half == part])[:, 1]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(table, right)
    weights = dict(zip(names, model.coef_[0].round(4).tolist(), strict=True))
    weights["constant"] = round(float(model.intercept_[0]), 4)
    (WEIGHTS / "confidence.json").write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    return reliability(chances, right)


if __name__ == "__main__":
    main()
