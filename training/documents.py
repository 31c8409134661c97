"""Documents of the training sets as the extractor sees them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from spacy.language import Language

from kg.assembly.context import Context
from kg.assembly.evidence import make_context, read_evidence
from kg.errors import DocumentError
from kg.pipeline import annotate, make_nlp
from kg.readers import read


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
