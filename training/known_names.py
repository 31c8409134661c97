"""Make the list of known names: ``python -m training.known_names --terminology FOLDER``.

Reads the tables ``disease``, ``symptom`` and ``chemical`` (columns ``label`` and ``synonyms``) and
writes hashes of their names, which the tagger of names takes as a feature.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kg.tagging.known_names import (
    CHEMICAL,
    DISEASE,
    MOST_PIECES,
    SYMPTOM,
    folded,
    lengthened,
    pieces_of,
)
from kg.tagging.model_file import MODELS

TABLES = {"disease": DISEASE, "symptom": SYMPTOM, "chemical": CHEMICAL}
#: Names with fewer letters mean too many things.
LEAST_CHARACTERS = 3
_BREAKS = re.compile(r"[\s,;:/()\[\]–-]+")
_TURNED = re.compile(r"([^,]+), ([^,]+)")


def names(path: Path) -> Iterator[str]:
    """Yield the names of a table; "Infections, Urinary Tract" the right way round too."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for name in (row["label"], *row["synonyms"].split("|")):
                yield name
                if turned := _TURNED.fullmatch(name):
                    yield f"{turned[2]} {turned[1]}"


def hash_of(name: str) -> int | None:
    """Return the hash of a name, ``None`` if it is too short, too long, or says nothing."""
    words = [word for word in _BREAKS.split(name) if word]
    pieces = [piece for word in words for piece in pieces_of(word)]
    letters = sum(c.isalnum() for c in name)
    if letters < LEAST_CHARACTERS or not 0 < len(pieces) <= MOST_PIECES:
        return None
    if not any(sum(c.isalpha() for c in word) > 1 for word in words):
        return None
    found = np.zeros(1, np.uint64)
    for piece in pieces:
        found = lengthened(found, np.array([piece], np.uint64))
    return int(folded(found)[0])


def main() -> None:
    """Write the archive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--terminology", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    kinds: dict[int, int] = defaultdict(int)
    for table, bit in TABLES.items():
        for name in names(options.terminology / f"{table}.tsv.gz"):
            if (kept := hash_of(name)) is not None:
                kinds[kept] |= bit
    ordered = sorted(kinds)
    steps = np.diff(np.array(ordered, np.uint32), prepend=np.uint32(0))
    np.savez_compressed(
        options.models / "known_names.npz",
        steps=steps,
        kinds=np.array([kinds[name] for name in ordered], np.uint8),
    )
    print(f"{len(ordered)} names")


if __name__ == "__main__":
    main()
