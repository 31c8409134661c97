"""Names that vocabularies have are recognised, the longest first, and never across sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.tagging.known_names import CHEMICAL, DISEASE, SIGNS, SYMPTOM, KnownNames, read_known_names
from training.known_names import hash_of


def conditions(words: str, lengths: list[int] | None = None) -> list[str]:
    split = words.split()
    return spelt(read_known_names().find(split, lengths or [len(split)])[0])


def chemicals(words: str) -> list[str]:
    return spelt(read_known_names().find(words.split(), [len(words.split())])[1])


def spelt(signs: NDArray[np.intp]) -> list[str]:
    return [SIGNS[sign] for sign in signs]


def test_the_longest_name_is_found() -> None:
    assert conditions("chronic obstructive pulmonary disease fell") == ["B", "I", "I", "E", ""]
    assert conditions("in rheumatoid arthritis ,")[1:] == ["B", "E", ""]
    assert chemicals("oral calcium carbonate daily") == ["", "B", "E", ""]


def test_spelling_and_number_are_set_aside() -> None:
    assert conditions("strokes") == conditions("Stroke") == ["S"]
    assert conditions("Parkinson 's disease")[0] == "B"
    assert conditions("oesophageal cancers") == conditions("esophageal cancer") == ["B", "E"]


def test_letter_case_of_short_forms_counts() -> None:
    assert conditions("AIDS") == ["S"]
    assert conditions("aids and help")[0] == ""


def test_a_name_ends_with_its_sentence() -> None:
    assert conditions("rheumatoid arthritis", [1, 1]) != ["B", "E"]
    assert conditions("") == []
    assert conditions(". ,") == ["", ""]


def test_an_archive_says_what_its_names_name(tmp_path: Path) -> None:
    kinds = {"sore thumb": SYMPTOM, "thumb fever": DISEASE, "thumbine": CHEMICAL}
    hashed = sorted((hash_of(name), kind) for name, kind in kinds.items())
    np.savez_compressed(
        tmp_path / "names.npz",
        steps=np.diff(np.array([h for h, _ in hashed], np.uint32), prepend=np.uint32(0)),
        kinds=np.array([kind for _, kind in hashed], np.uint8),
    )
    names = KnownNames(tmp_path / "names.npz")
    words = "Sore thumb , thumb fever : thumbine".split()
    found = names.find(words, [len(words)])
    assert spelt(found[0]) == ["b", "e", "", "B", "E", "", ""]
    assert spelt(found[1]) == ["", "", "", "", "", "", "S"]


@pytest.mark.parametrize("name", ["", "ab", "12 34", "a b c", "one two three four five six seven"])
def test_what_says_nothing_is_no_name(name: str) -> None:
    assert hash_of(name) is None
