"""How a build is asked for, and what it tells: plain data around :func:`kg.build.build`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.sources import Failure


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build; the defaults stand here alone.

    ``jobs`` 0 means as many processes as the machine and the corpus warrant, ``timeout_s`` is wall
    time per document, ``model`` ``"fast"``, an installed spaCy model, or ``None`` for the packaged
    models. ``terms`` and ``linker`` say what grounds names besides the packaged lexicon. Effects whose
    ``confidence`` is below ``min_confidence`` (0 to 1) are left out. ``max_bytes`` is the largest
    document; ``format`` overrides what the content says (:data:`kg.readers.formats.NAMES`).
    ``engine`` is ``"local"`` or ``"ray"``, and then ``address`` that of the cluster
    (:mod:`kg.ray_engine`). ``retracted`` is a list of DOIs and PMIDs (:mod:`kg.retraction`).
    """

    jobs: int = 0
    model: str | None = None
    terms: tuple[str, ...] = ()
    linker: str | None = None
    keep_going: bool = True
    max_bytes: int = 20_000_000
    timeout_s: float = 120.0
    exclude: tuple[str, ...] = ()
    include_all: bool = False
    base_iri: str | None = None
    min_confidence: float = 0.0
    format: str | None = None
    engine: str = "local"
    address: str | None = None
    retracted: Path | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is; ``path`` is the document just done."""

    done: int
    total: int
    path: str
    failed: bool


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``complete`` is false when it stopped at a failure and wrote nothing."""

    out: Path
    documents: int
    read: int
    reused: int
    dropped: int
    skipped: int
    about: tuple[str, ...]
    failures: tuple[Failure, ...]
    counts: dict[str, int]
    seconds: float
    up_to_date: bool = False
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the report as ``kg build --json`` prints it."""
        return {
            "out": str(self.out), "complete": self.complete, "up_to_date": self.up_to_date,
            "documents": self.documents, "read": self.read, "reused": self.reused,
            "dropped": self.dropped, "skipped": self.skipped, **self.counts,
            "failures": [failure.to_json() for failure in self.failures],
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


def listed_retractions(retracted: Path | None) -> frozenset[str]:
    """Return what a user's list names as retracted: see :func:`kg.retraction.read_list`."""
    if retracted is None:
        return frozenset()
    from kg.retraction import read_list

    return read_list(retracted)


def checked_base(base_iri: str | None) -> str:
    """Return the start of the IRIs of data, checked.

    Raises
    ------
    BuildError
        If it is no absolute IRI.
    """
    from kg.vocabulary import DEFAULT_BASE

    if base_iri is None:
        return DEFAULT_BASE
    from kg.turtle import turtle_prefixes

    return turtle_prefixes(base_iri)["cer"]


def grounding_of(options: BuildOptions) -> dict[str, Any]:
    """Return what the workers are told of grounding: nothing where the packaged lexicon does."""
    if not options.terms and options.linker is None:
        return {}
    from kg.terminology.layers import check_linker, compile_layers

    if options.linker is not None:
        check_linker(options.linker)
    return {
        "layers": [str(file) for file in compile_layers(options.terms)],
        "linker": options.linker,
    }
