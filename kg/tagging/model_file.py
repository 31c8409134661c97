"""Model files: CRFsuite's own format, gzipped, read straight into memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import pycrfsuite

from kg.tagging.linear_chain import LinearChain

#: Where the packaged models lie.
MODELS = Path(__file__).parent / "models"

SUFFIX = ".crfsuite.gz"


class _PackedTagger(pycrfsuite.Tagger):  # type: ignore[misc]
    """A tagger that keeps its model's bytes, which CRFsuite reads in place and does not own."""

    def __init__(self, model: bytes) -> None:
        super().__init__()
        self._model = model
        self.open_inmemory(model)


def open_model(name: str, folder: Path = MODELS) -> pycrfsuite.Tagger:
    """Return CRFsuite's own tagger of a packed model, as training uses it.

    Raises
    ------
    FileNotFoundError
        If `folder` holds no model of that name.
    """
    return _PackedTagger(gzip.decompress((folder / f"{name}{SUFFIX}").read_bytes()))


def read_model(name: str, folder: Path = MODELS) -> LinearChain:
    """Return the weights of a packed model, as the pipeline uses them.

    Raises
    ------
    FileNotFoundError
        If `folder` holds no model of that name.
    """
    return LinearChain(gzip.decompress((folder / f"{name}{SUFFIX}").read_bytes()))


def pack_model(trained: Path, name: str, folder: Path = MODELS) -> Path:
    """Pack a file that CRFsuite wrote, without clock time, and return where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / f"{name}{SUFFIX}"
    packed.write_bytes(gzip.compress(trained.read_bytes(), compresslevel=9, mtime=0))
    return packed
