"""The annotated sets by name: where their files lie, how they are read, what scores them.

None of the sets is part of the project; they lie in a folder of data (``--data``), a folder a set,
each with ``train.jsonl``, ``dev.jsonl`` or ``test.jsonl``, gzipped or not. Sets of pages lie beside
them, as texts with ``gold.jsonl``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kg.errors import BuildError
from kg.evaluation.figures import Figure
from kg.evaluation.scorers import clerx, ctro, marked, meta_analysis, pages, pico, prompts, rct_art
from kg.evaluation.scores import Evaluation, Scorer, score_all

Json = dict[str, Any]
Documents = dict[str, Json]

#: A fifth of the silver documents took no part in training: first bytes below 51 of 256.
_HELD_OUT_BELOW = 51


def is_held_out(document: str) -> bool:
    """Tell whether a silver document (by its file name) is held out of training.

    Examples
    --------
    >>> is_held_out("PMC5391230.txt")
    True
    """
    return hashlib.sha256(document.encode("utf-8")).digest()[0] < _HELD_OUT_BELOW


@dataclass(frozen=True, slots=True)
class AnnotatedSet:
    """One set and what scores it.

    ``read`` takes the folder of data and the part, and returns the documents by the name under
    which their records are known; ``write`` puts their texts into a folder, to build from.
    """

    name: str
    about: str
    scorer: Scorer
    figures: tuple[Figure, ...]
    read: Callable[[Path, str], Documents]
    write: Callable[[Path, Documents, Path], None]

    def evaluate(self, documents: Mapping[str, Json], records: Iterable[Json]) -> Evaluation:
        """Score records, lines of ``records.jsonl`` as parsed, against annotated documents."""
        known = by_name(records, documents)
        return score_all(self.name, documents, known, self.scorer, self.figures)


def by_name(records: Iterable[Json], wanted: Mapping[str, Json]) -> Documents:
    """Return the records of annotated documents by file name, with or without ``.txt``."""
    found = {}
    for record in records:
        name = PurePosixPath(record["document"]["path"]).name
        for key in (name, name.removesuffix(".txt")):
            if key in wanted:
                found[key] = record
    return found


def read_lines(folder: Path, part: str) -> Iterator[Json]:
    """Yield the documents of one part of a set.

    Raises
    ------
    BuildError
        If the set has no such part.
    """
    for file in (folder / f"{part}.jsonl", folder / f"{part}.jsonl.gz"):
        if file.exists():
            with (
                gzip.open(file, "rt", encoding="utf-8")
                if file.suffix == ".gz"
                else file.open(encoding="utf-8") as stream
            ):
                yield from (json.loads(line) for line in stream if line.strip())
            return
    raise BuildError(f"{folder}: no {part}.jsonl there; name the folder of sets with --data")


def read_pages(file: Path) -> Documents:
    """Return the annotated pages of a gold file, by name.

    Raises
    ------
    BuildError
        If a line is no annotated page.
    """
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                page = json.loads(line)
                page["studies"]
                found[page["doc"]] = page
            except (ValueError, KeyError, TypeError) as error:
                raise BuildError(f"{file}, line {number}: no annotated page ({error})") from error
    return found


def _texts(name: str, about: str, scorer: Scorer, figures: tuple[Figure, ...]) -> AnnotatedSet:
    """Return a set of texts, each a line with its annotation."""

    def read(data: Path, part: str) -> Documents:
        return {str(document["id"]): document for document in read_lines(data / name, part)}

    def write(data: Path, documents: Documents, room: Path) -> None:
        for identity, document in documents.items():
            text = document["text"].encode("utf-8")
            (room / f"{identity}.txt").write_bytes(text)

    return AnnotatedSet(name, about, scorer, figures, read, write)


def _pages(
    name: str, folder: str, docs: str, about: str, *, held_out: bool = False
) -> AnnotatedSet:
    """Return a set of pages with their annotation in a file of its own."""

    def find(data: Path) -> Path:
        for place in (data / folder, data.parent / "corpora" / folder, data / "corpora" / folder):
            if place.is_dir():
                return place
        raise BuildError(f"{data}: no {folder} there or beside it; name the folder with --data")

    def read(data: Path, part: str) -> Documents:
        found: Documents = {}
        place = find(data)
        for file in sorted([*place.glob("gold.jsonl"), *place.glob("annotations-*.jsonl")]):
            found |= read_pages(file)
        if held_out:
            return {doc: page for doc, page in found.items() if is_held_out(doc) == (part == "dev")}
        return found

    def write(data: Path, documents: Documents, room: Path) -> None:
        for doc in documents:
            shutil.copy(find(data) / docs / doc, room)

    return AnnotatedSet(name, about, pages.score, pages.FIGURES, read, write)


#: Every set that can be scored, by name.
SETS = {
    one.name: one
    for one in (
        _texts(
            "ebm_nlp", "participants, interventions, outcomes",
            marked.EBM_NLP.score, marked.EBM_NLP.figures,
        ),
        _texts("pico_corpus", "arms and their numbers", pico.score, pico.FIGURES),
        _texts("clerx", "ratios and what they relate", clerx.score, clerx.FIGURES),
        _texts("ctro", "trials as templates", ctro.score, ctro.FIGURES),
        _texts("rct_art", "result sentences as tables", rct_art.score, rct_art.FIGURES),
        _texts("evidence_inference", "directions", prompts.score, prompts.FIGURES),
        _texts(
            "evidence_inference_exhaustive", "directions of all comparisons",
            prompts.score_turned, prompts.FIGURES,
        ),
        _texts(
            "evidence_map", "participants, interventions, outcomes",
            marked.EVIDENCE_MAP.score, marked.EVIDENCE_MAP.figures,
        ),
        _texts(
            "evidence_outcomes", "outcomes in results and conclusions",
            marked.EVIDENCE_OUTCOMES.score, marked.EVIDENCE_OUTCOMES.figures,
        ),
        _texts(
            "llm_meta_analysis", "numbers of comparisons, in full texts with tables",
            meta_analysis.score, meta_analysis.FIGURES,
        ),
        _texts("bc5cdr", "chemicals and diseases", marked.BC5CDR.score, marked.BC5CDR.figures),
        _pages("seeds", "seeds", ".", "four pages: studies, doses, effects"),
        _pages("posts", "vitamindwiki", ".", "18 posts: studies, doses, effects"),
        _pages("silver", "silver", "docs", "pages that no model has seen", held_out=True),
    )
}  # fmt: skip


def evaluate_pages(
    gold: Iterable[Json], records: Iterable[Json], name: str = "pages"
) -> Evaluation:
    """Score records against annotated pages.

    Parameters
    ----------
    gold
        Annotations, one object a document (``doc``, ``studies``).
    records
        Lines of ``records.jsonl`` as parsed; matched to gold by file name.
    """
    documents = {page["doc"]: page for page in gold}
    known = by_name(records, documents)
    return score_all(name, documents, known, pages.score, pages.FIGURES)
