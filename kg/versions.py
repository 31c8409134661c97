"""On what an output depends: versions of libraries, and hashes over our own code and data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from kg.output import hash_file
from kg.resources import PACKAGE

#: Code and data on which a record depends, relative to the package.
EXTRACTION = (
    "readers", "numbers", "components", "tagging", "assembly", "lexicon", "terminology", "statistics",
    "text.py", "reference.py", "record_base.py", "records.py", "pipeline.py", "extract.py", "retraction.py",
)  # fmt: skip
#: Code on which neither records nor graph depend: reading answers, talking to people.
ANSWERING = (
    "cli", "evaluation", "show", "synthesis", "plots", "explain.py", "effects.py", "export.py", "shapes.py", "queries.py",
    "build.py", "build_options.py", "workers.py", "sources.py", "output.py", "resources.py", "errors.py", "_data",
    "ledger.py", "manifest.py", "versions.py", "export_kgx.py", "document_graphs.py", "remote", "findings.py",
    "diff.py", "watch.py", "ray_engine.py",
)  # fmt: skip
_LIBRARIES = ("spacy", "scispacy", "onnxruntime", "tokenizers", "pyoxigraph")


def graph_code() -> list[str]:
    """List the code and data on which triples depend and records do not."""
    apart = {*EXTRACTION, *ANSWERING, "__pycache__"}
    return sorted({path.name for path in PACKAGE.iterdir()} - apart)


def graphs_version(head: Mapping[str, Any]) -> str:
    """Return a hash of all on which the graphs of a build's documents depend, given its manifest's head."""
    code = fingerprint([*graph_code(), "document_graphs.py"])
    told = [head.get("files"), head.get("base_iri"), head.get("retracted"), code]
    return hashlib.sha256(json.dumps([*told, library_versions()]).encode()).hexdigest()


def library_versions() -> dict[str, str]:
    """Return the versions of what is installed, without importing anything heavy."""
    return {name: installed_version(name) for name in ("clinev", *_LIBRARIES)}


def model_version(model: str) -> str:
    """Return the version of a spaCy model, given by its name or folder."""
    folder = Path(model)
    if folder.is_dir():
        return hash_file(folder / "meta.json") or "unknown"
    return installed_version(model)


def installed_version(distribution: str) -> str:
    """Return the version of a distribution, ``"unknown"`` where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def fingerprint(names: Iterable[str], package: Path = PACKAGE) -> str:
    """Return a hash over files and folders of the package: a version that cannot be forgotten."""
    digest = hashlib.sha256()
    for name in names:
        root = package / name
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(package).as_posix()}\0".encode())
                digest.update((hash_file(file) or "").encode())
    return digest.hexdigest()[:16]
