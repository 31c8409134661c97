"""Fit the models of findings told in words (``kg/assembly/weights/told_*.npz``).

    python -m training.folds --data DATA --silver SILVER --models FOLDS
    python -m training.told --data DATA --silver SILVER --folds FOLDS

Two ensembles: of which phrases a sentence tells a finding (from the annotated pages), and which way it
points (from the pages, and from the questions of Evidence Inference with the sentences that answer
them). Only training parts. Fixed seed; about two CPU minutes after the folds' ten.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from kg.assembly.context import Context
from kg.assembly.features import Features
from kg.assembly.labels import likeness
from kg.assembly.phrase import Phrase
from kg.assembly.told_claims import WAYS, outcome_phrases
from kg.assembly.told_features import FEATURES, claim_features
from kg.assembly.told_scenes import Scene, scenes
from kg.evaluation.scorers.prompts import turned
from training.assembly import Rows, export, names_it, view_range
from training.documents import held_out, learned, read_context

#: Measures that describe one group: where they differ between groups, the sentence may tell nothing of it.
ARM_MEASURES = frozenset({"percentage", "mean", "count", "median", "rate"})
ARM_WEIGHT, FULL_WEIGHT = 2, 5  # what an annotated effect counts for
AGREED = 0.75  # share of a sentence's annotated effects on an outcome that must point one way
#: The set whose questions name intervention and comparator the other way round.
TURNED_SET = "evidence_inference_exhaustive"
QUESTION_SETS = ("evidence_inference", TURNED_SET)
SIZES = {"told_finding": (150, 0.1), "told_direction": (120, 0.1)}


def add_page(annotation: dict[str, Any], context: Context, finding: Rows, way: Rows) -> None:
    """Add the phrases of an annotated page: told of, or not, and which way."""
    votes, entities = _votes(annotation, context)
    good: dict[tuple[int, int, int], tuple[str | None, float]] = {}
    for (n, _), counted in votes.items():
        fits = [(names_it(p, entities[n, _]), p) for p in context.by_sentence.get(n, ())]
        best = max((f for f, _ in fits), default=0.0)
        total = sum(counted.values())
        label = max(counted, key=lambda w: counted[w])
        told = label if total > 0 and counted[label] >= AGREED * total else None
        for fit, phrase in fits:
            place = (n, phrase.first, phrase.last)
            if fit > 0 and fit >= best - 0.35 and fit > good.get(place, ("", 0.0))[1]:
                good[place] = (told if total > 0 else "", fit)
    for scene in scenes(context):
        phrases = outcome_phrases(context, scene)
        for phrase, row in zip(phrases, described(context, scene, phrases), strict=True):
            label_fit = good.get((scene.sentence, phrase.first, phrase.last))
            if label_fit is not None and label_fit[0] == "":
                continue  # numbers of single groups, of which nothing need be told
            finding.add(row, int(label_fit is not None))
            if label_fit is not None and label_fit[0] is not None:
                way.add(row, WAYS.index(label_fit[0]))


def described(context: Context, scene: Scene, phrases: Sequence[Phrase]) -> list[Features]:
    """Return the features of some phrases of a sentence."""
    if not phrases:
        return []
    columns = claim_features(context, [(scene, phrase) for phrase in phrases])
    return [dict(zip(FEATURES, column, strict=True)) for column in columns.T.tolist()]


def _votes(
    annotation: dict[str, Any], context: Context
) -> tuple[dict[tuple[int, str], Counter[str]], dict[tuple[int, str], dict[str, Any]]]:
    """Return the directions annotated for each outcome of each sentence, and the outcomes."""
    votes: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    entities: dict[tuple[int, str], dict[str, Any]] = {}
    for study in annotation["studies"]:
        outcomes = {o["id"]: o for o in study.get("outcomes", [])}
        for effect in study.get("effects", []):
            outcome = outcomes.get(effect.get("outcome"))
            place = view_range(context, effect["quote"])
            if outcome is None or place is None:
                continue
            numeric = effect.get("value") is not None
            weight = ARM_WEIGHT if numeric and effect["measure"] in ARM_MEASURES else FULL_WEIGHT
            way = effect["direction"].replace(" ", "_")
            for n, sentence in enumerate(context.annotation.sentences):
                if sentence.start_char < place[1] and place[0] < sentence.end_char:
                    votes[n, outcome["id"]][way] += 0 if numeric and way == "unclear" else weight
                    entities[n, outcome["id"]] = outcome
    return votes, entities


def add_questions(document: dict[str, Any], context: Context, way: Rows) -> None:
    """Add the phrases that name a question's outcome in the sentence that answers it."""
    text = context.reading.view.text
    by_sentence = {scene.sentence: scene for scene in scenes(context)}
    for prompt in document["prompts"]:
        if not prompt["in_abstract"] or prompt.get("conflict"):
            continue
        for evidence in prompt["evidence"]:
            at = text.find(evidence["quote"].strip()[:60])
            if evidence.get("start") is None or at < 0:
                continue
            end = at + len(evidence["quote"])
            sentences = [
                n for n, s in enumerate(context.annotation.sentences)
                if n in by_sentence and s.start_char < end - 2 and at < s.end_char - 2
            ]  # fmt: skip
            named = [
                (likeness(p.label, prompt["outcome"]), p)
                for n in sentences
                for p in outcome_phrases(context, by_sentence[n])
            ]
            best = max((alike for alike, _ in named), default=0.0)
            chosen = [p for alike, p in named if alike >= max(0.5, best - 0.2)]
            if len({p.sentence for p in chosen}) != 1:
                continue
            scene = by_sentence[chosen[0].sentence]
            label = _as_told(context, prompt, chosen[0].sentence)
            for row in described(context, scene, chosen):
                way.add(row, WAYS.index(label))


def _as_told(context: Context, prompt: dict[str, Any], sentence: int) -> str:
    """Return a question's answer the way round its sentence tells it: "lower in B than in A"."""
    label = prompt["label"].lower()
    if "increased" not in label and "decreased" not in label:
        return "no_difference"
    second: list[Phrase] = [
        p for p in context.by_sentence[sentence] if context.comparison_zone(p) == "second"
    ]
    asked, other = (
        max((likeness(p.label, prompt[role]) for p in second), default=0.0)
        for role in ("intervention", "comparator")
    )
    turned = asked > 0.5 and asked > other + 0.2
    return "increase" if ("increased" in label) != turned else "decrease"


def question_documents(data: Path, name: str) -> Iterator[tuple[dict[str, Any], Context]]:
    """Yield the training documents of a set of questions that have an answer in the abstract."""
    path = data / name / "train.jsonl"
    packed = path.with_suffix(".jsonl.gz")
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        for line in filter(None, text.decode("utf-8").split("\n")):
            document = json.loads(line)
            if not any(p["in_abstract"] for p in document["prompts"]):
                continue
            file = Path(folder) / f"{document['id']}.txt"
            file.write_text(document["text"], encoding="utf-8")
            context = read_context(file)
            if context is not None:
                yield document, context


def fit(name: str, rows: Rows, seed: int = 13) -> None:
    """Fit one ensemble and write it in the form :mod:`kg.assembly.forest` reads."""
    table, columns = rows.table()
    iterations, rate = SIZES[name]
    model = HistGradientBoostingClassifier(
        max_iter=iterations, learning_rate=rate, max_leaf_nodes=16, min_samples_leaf=20,
        l2_regularization=5.0, random_state=seed, early_stopping=False, max_features=0.3,
    )  # fmt: skip
    model.fit(table, np.array(rows.classes))
    export(name, model, columns, len(WAYS) if name == "told_direction" else 2)


def main() -> None:
    """Fit both models."""
    parser = argparse.ArgumentParser(description="Fit the models of findings told in words.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    parser.add_argument("--folds", type=Path, required=True, help="folder that training.folds wrote")  # fmt: skip
    options = parser.parse_args()
    finding, way = Rows(), Rows()
    for annotation, context, _ in learned(options.silver, options.folds, held_out(options.data)):
        add_page(annotation, context, finding, way)
    for name in QUESTION_SETS:
        for document, context in question_documents(options.data, name):
            asked = turned(document) if name == TURNED_SET else document
            add_questions(asked, context, way)
    for name, rows in (("told_finding", finding), ("told_direction", way)):
        fit(name, rows)
        print(name, len(rows.classes), "rows", Counter(rows.classes).most_common(), flush=True)


if __name__ == "__main__":
    main()
