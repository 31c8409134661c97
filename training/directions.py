"""Fit the model of the directions of results (``kg/assembly/weights/direction.npz``).

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m training.directions --data DATA --silver FOLDER --folds FOLDS --without MEASURED

Links, arms and earlier directions are those that a build makes, as good and as bad as elsewhere: silver documents are read
by taggers that have not seen them (``training.folds``), the readings by the shipped models, the encoder included. Left out
are held-out silver documents, documents of the public sets' development parts, and those that `MEASURED` annotates.
Fixed seed; three minutes on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from kg.assembly.arms import read_arms
from kg.assembly.contrasts import with_arms
from kg.assembly.direction import after, bears_on, direction_features
from kg.assembly.features import Features
from kg.assembly.link import link_numbers
from kg.assembly.opposite import Opposites
from kg.assembly.pointing import DIRECTIONS, point
from kg.assembly.ranking import Ranker
from kg.assembly.scores import LinkScores
from kg.assembly.timepoints import find_timepoints
from kg.evaluation.labels import to_direction
from kg.tagging.encoder import Encoder, find_encoder
from kg.tagging.second_opinion import EncoderScores
from training.assembly import Example, Rows, fit_and_tell, match
from training.documents import held_out, learned


def examples(
    folder: Path, folds: Path, without: frozenset[str], encoder: Encoder | None
) -> Iterator[tuple[Example, LinkScores | None]]:
    """Yield the documents, each matched to its numbers, with the second opinion on the readings."""
    for annotation, context, later in learned(folder, folds, without):
        if not context.statistics:
            continue
        encoded = encoder.read(context.reading, context.annotation) if encoder and later else None
        scores = None if encoded is None else EncoderScores(encoded)
        yield Example(annotation["doc"], context, match(context, annotation)), scores


def rows_of(example: Example, scores: LinkScores | None) -> Iterator[tuple[Features, int]]:
    """Yield the features of each annotated number, over the links that the rankers make, and its direction."""
    context = example.context
    ranker = Ranker(context, scores)
    links = link_numbers(ranker)
    arms = read_arms(context, links, scores)
    links = with_arms(context, links, arms)
    pointed = point(ranker, links, arms, find_timepoints(context, links, arms))
    opposites = Opposites(context, links, arms)
    for k, effect in example.effects.items():
        way = to_direction(effect["direction"])
        if k in links and way in DIRECTIONS:
            earlier = pointed[k - 1].direction if bears_on(k, links[k], pointed) else None
            linked = direction_features(context, k, links[k], pointed) | after(earlier)
            features = ranker.shared[k] | linked | opposites.features(k)
            yield features, DIRECTIONS.index(way)


def main() -> None:
    """Fit the model."""
    parser = argparse.ArgumentParser(description="Fit the directions of results.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="silver documents and readings")
    parser.add_argument(
        "--folds", type=Path, required=True, help="folder that training.folds wrote"
    )
    parser.add_argument("--without", type=Path, help="annotation whose documents are left out")
    options = parser.parse_args()
    without = held_out(options.data, options.without)
    rows = Rows()
    for example, scores in examples(options.silver, options.folds, without, find_encoder()):
        for features, way in rows_of(example, scores):
            rows.add(features, way)
    fit_and_tell("direction", rows, len(DIRECTIONS))


if __name__ == "__main__":
    main()
