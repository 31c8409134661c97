"""Names of drugs in a dictionary that others publish: names alone, its ids are wrong for many.

The package ``drug-named-entity-recognition`` (MIT) keeps them in a pickle, of which nothing but
plain containers is loaded.
"""

from __future__ import annotations

import bz2
import io
import pickle
from importlib import resources
from pathlib import Path

PACKAGE, FILE = "drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2"


class _Plain(pickle.Unpickler):
    """Loads dictionaries, lists and texts; refuses to import anything."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain container")


def write_drugs(out: Path, packed: bytes | None = None) -> None:
    """Write ``drugs.txt``: the dictionary's preferred names, one a line."""
    packed = packed or resources.files(PACKAGE).joinpath(FILE).read_bytes()
    loaded = _Plain(io.BytesIO(bz2.decompress(packed))).load()
    names = sorted(loaded["drug_canonical_to_data"])
    (out / "drugs.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
