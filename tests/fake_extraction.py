"""Stands in for reading and extraction, in worker processes too: one effect per line ``RR 0.84``."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import kg.readers  # noqa: F401  (before the clock of a document runs)
from kg.errors import DocumentError
from kg.records import (
    Document,
    Effect,
    Intervention,
    Notice,
    Outcome,
    Printed,
    Record,
    Span,
    Study,
    content_id,
)
from kg.sources import Source

FACTORY = "fake_extraction:make_processor"
_DOI = re.compile(r"DOI (10\.\S+)")
_RATIO = re.compile(r"RR (\d+\.\d+)")


def make_record(source: Source) -> Record:
    path, content = source.path, source.load()
    if not content:
        raise DocumentError(path, "the file is empty")
    if b"\0" in content:
        raise DocumentError(path, "binary, not text", at_char=content.index(b"\0"))
    text = content.decode()
    sha256 = hashlib.sha256(content).hexdigest()
    document = Document(
        id=f"doc-{sha256[:26]}", path=path, sha256=sha256, format="text", text=text, title="A title",
        doi=doi[1] if (doi := _DOI.search(text)) else None,
    )  # fmt: skip
    whole = Span(start_char=0, end_char=len(text), text=text)
    treatment = Intervention(
        id=content_id("intervention", text), label="vitamin D", role="intervention"
    )
    outcome = Outcome(id=content_id("outcome", text), label="fractures <b>")
    effects = tuple(
        Effect(
            id=content_id("effect", [text, match.start()]),
            intervention=treatment.id,
            outcome=outcome.id,
            measure="RR",
            value=float(match[1]),
            printed=Printed(value=match[1]),
            direction="decrease",
            confidence=0.9 if float(match[1]) < 1 else 0.4,
            evidence=(
                whole,
                Span(start_char=match.start(), end_char=match.end(), text=match[0]),
            ),
        )
        for match in _RATIO.finditer(text)
    )
    study = Study(
        id=content_id("study", text),
        label="Smith 2020",
        design="cohort",
        doi=document.doi,
        n_participants=120,
        interventions=(treatment,),
        outcomes=(outcome,),
        effects=effects,
    )
    notice = Notice(code="left_out", severity="info", message="a number was left out")
    return Record(document=document, studies=(study,), notices=(notice,))


def make_processor(model: str | None) -> Callable[[Source], str]:
    if model == "missing":
        raise OSError("Can't find model 'missing'")

    def process(source: Source) -> str:
        _misbehave(Path(source.path))
        log = os.environ.get("FAKE_LOG")
        if log:
            with open(log, "a") as stream:
                stream.write(f"{source.path}\n")
        return make_record(source).model_dump_json()

    return process


def _misbehave(path: Path) -> None:
    match path.stem:
        case "hangs":
            time.sleep(60)
        case "slow":
            time.sleep(1)
        case "crashes":
            os.kill(os.getpid(), 9)
        case "bug":
            raise ValueError("an unforeseen\nproblem")
        case "vanishes":
            path.unlink()
        case "hungry":
            raise MemoryError
        case "incomplete":
            Path("weights-that-are-not-there").read_bytes()
