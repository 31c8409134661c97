"""Taggers that have not seen the documents they tag, for training what stands on their output.

    python -m training.folds --data DATA --silver SILVER --models FOLDER

A tagger knows the names of the documents it was trained on; a model fitted on its output there
would trust it more than it deserves elsewhere. So the silver training documents are cut in two,
one tagger is trained without each half, and each half is tagged by the one that has not seen it.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from training import mentions
from training.splits import is_dev

FOLDS = 2


def fold_of(document: str) -> int:
    """Return the half that a silver document belongs to, by its name."""
    return hashlib.sha256(document.encode("utf-8")).digest()[1] % FOLDS


def main() -> None:
    """Train one tagger for each half, in ``FOLDER/0`` and ``FOLDER/1``."""
    at = sys.argv.index("--models") + 1
    folder = Path(sys.argv[at])
    wanted = [int(sys.argv.pop())] if sys.argv[-1].isdigit() else list(range(FOLDS))
    for fold in wanted:
        (folder / str(fold)).mkdir(parents=True, exist_ok=True)
        sys.argv[at] = str(folder / str(fold))
        mentions.is_dev = lambda name, fold=fold: is_dev(name) or fold_of(name) == fold  # type: ignore[attr-defined]
        mentions.main()


if __name__ == "__main__":
    main()
