"""Train the mention tagger: ``python -m training.mentions --data DATA --silver SILVER``.

Trains five small models on the training parts of the sets (``docs/tagging.md`` names them),
measures them on parts held out, and writes them into the package. Training is deterministic:
optimisation by L-BFGS, documents in the order of their files.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import pycrfsuite

from kg.tagging.features import add_features, add_names, mention_features
from kg.tagging.labelling import find_runs
from kg.tagging.mentions import MentionTagger
from kg.tagging.model_file import MODELS, open_model, pack_model
from kg.tagging.parts_of_speech import PartOfSpeechTagger
from kg.tagging.roles import role_features
from training.corpora import Passage, passages
from training.examples import Example, examples, merged, without_overlap
from training.measure import measure, measure_names, measure_roles, name_items, report
from training.silver_mentions import silver_passages
from training.splits import is_dev

#: Sets that teach the spans of populations, interventions and outcomes, beside the silver one.
SPAN_SETS = ("pico_corpus", "rct_art", "evidence_map", "evidence_outcomes", "pico_sections")

#: The set that teaches what is marked for readers.
MARK_SET = "ebm_nlp"

#: Sets that are measured on, beside the silver one.
DEV_SETS = ("pico_corpus", "rct_art", "evidence_outcomes")

NAMES_PARAMETERS = {"c1": 0.3, "c2": 0.02, "max_iterations": 80, "feature.minfreq": 2}
SPANS_PARAMETERS = {"c1": 1.2, "c2": 0.02, "max_iterations": 60, "feature.minfreq": 3}
MARKS_PARAMETERS = {"c1": 0.6, "c2": 0.05, "max_iterations": 70, "feature.minfreq": 3}
ROLES_PARAMETERS = {"c1": 0.5, "c2": 0.1, "max_iterations": 100, "feature.minfreq": 2}


def new_trainer(parameters: dict[str, float]) -> pycrfsuite.Trainer:
    """Return a silent trainer with its parameters set."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(parameters)
    return trainer


def write(trainer: pycrfsuite.Trainer, name: str, folder: Path) -> pycrfsuite.Tagger:
    """Train, pack the model into a folder, and return its tagger."""
    with tempfile.TemporaryDirectory() as scratch:
        trained = Path(scratch) / name
        trainer.train(str(trained))
        pack_model(trained, name, folder)
    return open_model(name, folder)


def train_names(
    sentences: Iterable[Example], folder: Path, name: str = "names"
) -> pycrfsuite.Tagger:
    """Train a model of drug and disease names: ``names``, or ``entities``, which reads known names."""
    trainer = new_trainer(NAMES_PARAMETERS)
    for item in sentences:
        trainer.append(name_items(item, name), list(item.labels))
    return write(trainer, name, folder)


def span_items(names: pycrfsuite.Tagger, item: Example, style: str) -> pycrfsuite.ItemSequence:
    """Return the features of a sentence for the model of spans."""
    rows = mention_features(item.words, item.tags, item.context, item.section)
    labels = names.tag(pycrfsuite.ItemSequence(rows))
    return pycrfsuite.ItemSequence(add_features(rows, item.words, labels, style))


def train_spans(
    sentences: Iterable[Example], names: pycrfsuite.Tagger, folder: Path
) -> pycrfsuite.Tagger:
    """Train the model of populations, interventions and outcomes."""
    trainer = new_trainer(SPANS_PARAMETERS)
    for item in sentences:
        if item.counts:
            labels = [merged(label) for label in item.labels]
            trainer.append(span_items(names, item, item.style), labels)
    return write(trainer, "spans", folder)


def train_marks(
    sentences: Iterable[Example], names: pycrfsuite.Tagger, folder: Path
) -> pycrfsuite.Tagger:
    """Train the model of what readers mark at every place."""
    trainer = new_trainer(MARKS_PARAMETERS)
    for item in sentences:
        rows = mention_features(item.words, item.tags, item.context, item.section)
        labels = names.tag(pycrfsuite.ItemSequence(rows))
        trainer.append(pycrfsuite.ItemSequence(add_names(rows, labels)), list(item.labels))
    return write(trainer, "marks", folder)


def train_roles(sentences: Iterable[Example], folder: Path) -> pycrfsuite.Tagger:
    """Train the model that tells comparators from interventions."""
    trainer = new_trainer(ROLES_PARAMETERS)
    for item in sentences:
        for first, last, label in find_runs(item.labels):
            if label in ("intervention", "comparator"):
                row = role_features(item.words, item.tags, first, last, item.context)
                trainer.append(pycrfsuite.ItemSequence([row]), [label])
    return write(trainer, "roles", folder)


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver documents")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    began = time.process_time()
    tagger = PartOfSpeechTagger()
    silver = list(silver_passages(options.silver))
    held_out: dict[str, list[Passage]] = {"silver": [p for p in silver if is_dev(p.document)]}
    held_out |= {name: list(passages(options.data, name, "dev")) for name in DEV_SETS}
    apart = [passage for part in held_out.values() for passage in part]
    taught: dict[str, list[Example]] = {}
    for name in (*SPAN_SETS, "silver"):
        known = silver if name == "silver" else list(passages(options.data, name, "train"))
        # rct_art holds single sentences, and its official parts share articles
        others = [p for p in apart if p.style != name] if name == "rct_art" else apart
        training = [p for p in known if not (name == "silver" and is_dev(p.document))]
        taught[name] = list(examples(without_overlap(training, others), tagger))
    dev = {name: list(examples(part, tagger)) for name, part in held_out.items()}
    named, unseen = (
        list(examples(passages(options.data, "bc5cdr", part), tagger)) for part in ("train", "dev")
    )
    names = train_names(named, options.models)
    report("bc5cdr, names", measure_names(unseen, names, "names"))
    entities = train_names(named, options.models, "entities")
    report("bc5cdr, entities", measure_names(unseen, entities, "entities"))
    train_spans((item for part in taught.values() for item in part), names, options.models)
    kept = [*apart, *passages(options.data, MARK_SET, "dev")]
    marked = without_overlap(passages(options.data, MARK_SET, "train", as_marked=True), kept)
    train_marks(examples(marked, tagger), names, options.models)
    roles = train_roles([*taught["silver"], *taught["pico_corpus"]], options.models)
    whole = MentionTagger(options.models)
    for name, items in dev.items():
        report(name, measure(items, whole))
    for name in ("silver", "pico_corpus"):
        print(f"{name:28} roles         {measure_roles(dev[name], roles)}")
    print(f"{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
