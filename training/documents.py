"""Documents of the training sets as the extractor sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from spacy.language import Language

from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.errors import DocumentError
from kg.pipeline import annotate, make_nlp
from kg.readers import read
from kg.text import Reading
from training.corpora import read_set
from training.folds import fold_of
from training.readings import ADDED, LINKED
from training.splits import is_dev

#: Sets whose abstracts were read as well, or may be: their development parts teach nothing.
_MEASURED_SETS = ("evidence_inference", "evidence_inference_exhaustive", "pico_corpus", "ebm_nlp")
_SET = re.compile(r"^(?:ebm|ei|pico|ctro)-|\.txt$")


@cache
def pipeline(models: Path | None) -> Language:
    """Return the pipeline with the packaged tagger, or with the one of a folder."""
    nlp = make_nlp()
    if models is not None:
        nlp.replace_pipe("kg_mentions", "kg_mentions", config={"models": str(models)})
    return nlp


def read_context(path: Path, models: Path | None = None) -> Context | None:
    """Return a document's context, ``None`` where the document cannot be read (an empty page)."""
    try:
        reading = read(path)
    except DocumentError:
        return None
    annotation = annotate(pipeline(models), reading)
    return make_context(reading, annotation, read_evidence(reading))


def held_out(data: Path, measured: Path | None = None) -> frozenset[str]:
    """Return the names of the documents that nothing is learned from, set and ending left off.

    Those of development parts, and those of `measured` (annotation, a document a line). Readings that are kept
    for measuring are never among those that :mod:`training.readings` adds to the silver set.
    """
    lines = measured.read_text(encoding="utf-8").splitlines() if measured else []
    names = [json.loads(line)["doc"] for line in lines]
    for name in _MEASURED_SETS:
        names += [str(document["id"]) for document in read_set(data, name, "dev")]
    return frozenset(_SET.sub("", name) for name in names)


def silver(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotated documents of a folder, one object each."""
    for path in _annotations(folder):
        yield from _lines(path)


def linked(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of a folder of which only results are annotated."""
    path = folder / LINKED
    if path.exists():
        yield from _lines(path)


def _annotations(folder: Path) -> list[Path]:
    return sorted(folder.glob("annotations-*.jsonl"))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def learned(
    folder: Path, folds: Path, without: frozenset[str]
) -> Iterator[tuple[dict[str, Any], Context, bool]]:
    """Yield what may be learned from: annotation, context, and whether it is a reading of ours.

    Silver documents are tagged by taggers that have not seen them (:mod:`training.folds`), readings by the
    shipped one, which has not seen them either. Left out are held-out silver documents and `without`.
    """
    for path in _annotations(folder):
        later = path.name == ADDED
        for annotation in _lines(path):
            name = annotation["doc"]
            if not _teaches(name, later, without):
                continue
            tagger = None if later else folds / str(fold_of(name))
            context = read_context(folder / "docs" / name, tagger)
            if context is not None:
                yield annotation, context, later


def single_studies(folder: Path, without: frozenset[str]) -> Iterator[tuple[str, bool, Reading, dict[str, Any]]]:  # fmt: skip
    """Yield the documents that report one study: name, whether it is held out, reading, annotated study.

    Held-out silver documents are among them; left out is what may neither teach nor be measured.
    """
    for path in _annotations(folder):
        later = path.name == ADDED
        for annotation in _lines(path):
            name, studies = annotation["doc"], annotation["studies"]
            measured = not later and is_dev(name)
            if len(studies) == 1 and (measured or _teaches(name, later, without)):
                with suppress(DocumentError):  # an empty page
                    yield name, measured, read(folder / "docs" / name), studies[0]


def _teaches(name: str, later: bool, without: frozenset[str]) -> bool:
    """Tell whether a document may be learned from: no held-out silver document, none of `without`."""
    return _SET.sub("", name) not in without and (later or not is_dev(name))
