"""The index of a terminology: ids, names, similar names, its file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kg.terminology.entry import ConceptEntry, TerminologyError, is_short_form, make_entry
from kg.terminology.index import Terminology
from kg.terminology.names import bag_key, plain_key, short_key

ENTRIES = (
    make_entry("MESH:D001172", "Arthritis, Rheumatoid", "disease", names=["rheumatoid arthritis", "RA"],
               xrefs=["DOID:7148"], broader=["MESH:D001168"], source="MeSH"),
    make_entry("MESH:D001168", "Arthritis", "disease", source="MeSH"),
    make_entry("MESH:D006620", "Hip Fractures", "disease", names=["fracture of the hip"], source="MeSH"),
    make_entry("CLINEV:acr20", "ACR20 response", "instrument", names=["ACR 20", "ACR20"], source="own"),
    make_entry("X:1", "Röntgen therapy", "action", names=["radium α treatment"], source="own"),
)  # fmt: skip


@pytest.fixture(scope="module")
def terms() -> Terminology:
    return Terminology.build(ENTRIES, title="example")


@pytest.mark.parametrize(
    ("name", "identifier", "match"),
    [
        ("Arthritis, Rheumatoid", "MESH:D001172", "label"),
        ("rheumatoid arthritis", "MESH:D001172", "name"),
        ("RA", "MESH:D001172", "abbreviation"),
        ("hip fracture", "MESH:D006620", "label"),
        ("Fractures of hip", "MESH:D006620", "words"),
        ("röntgen-therapies", "X:1", "label"),
        ("rontgen therapy", "X:1", "label"),
        ("radium alpha treatment", "X:1", "name"),
        ("acr20", "CLINEV:acr20", None),
        ("ra", "MESH:D001172", None),
        ("arthritides", "MESH:D001168", None),
        ("", "MESH:D001168", None),
    ],
)
def test_names_are_found(terms: Terminology, name: str, identifier: str, match: str | None) -> None:
    found = {hit.entry.id: hit.match for hit in terms.find(name)}
    assert found.get(identifier) == match


def test_ids_lead_to_entries(terms: Terminology) -> None:
    assert terms.get("MESH:D001172") == ENTRIES[0]
    assert terms.get("DOID:7148") is None, "an xref is no id"
    assert terms.by_curie("DOID:7148") == [ENTRIES[0]]
    assert terms.by_curie("DOID:1") == []
    assert len(terms) == len(ENTRIES)
    assert tuple(terms) == ENTRIES


def test_similar_names_are_found(terms: Terminology) -> None:
    hits = terms.similar("hip fractured", floor=0.3)
    assert hits[0].entry.id == "MESH:D006620"
    assert 0.6 < hits[0].score < 1
    assert terms.similar("zzz", floor=0.3) == []


def test_cosines_are_those_of_the_definition(terms: Terminology) -> None:
    names = [plain_key(name) for entry in ENTRIES for name in (entry.label, *entry.names)]

    def grams(name: str) -> set[str]:
        return {f" {name} "[at : at + 3] for at in range(len(name))}

    def weight(gram: str) -> float:
        return float(np.log((1 + len(names)) / (1 + sum(gram in grams(n) for n in names))) + 1) ** 2

    def norm(name: str) -> float:
        return float(np.sqrt(sum(map(weight, grams(name)))))

    asked = plain_key("rheumatic hip arthritis")
    for hit in terms.similar(asked, floor=0.01):
        shared = sum(map(weight, grams(asked) & grams(hit.name)))
        assert hit.score == pytest.approx(shared / norm(asked) / norm(hit.name), rel=1e-5)


def test_a_file_gives_back_what_it_was_given(terms: Terminology, tmp_path: Path) -> None:
    file = tmp_path / "new" / "terms.npz"
    terms.save(file)
    first = file.read_bytes()
    loaded = Terminology.load(file)
    assert tuple(loaded) == ENTRIES
    assert (loaded.title, loaded.digest) == ("example", terms.digest)
    assert [hit.entry.id for hit in loaded.find("RA")] == ["MESH:D001172"]
    loaded.save(file)
    assert file.read_bytes() == first, "the same entries give the same bytes"
    assert [path.name for path in file.parent.iterdir()] == ["terms.npz"]


def test_stored_trigrams_answer_as_computed_ones(
    terms: Terminology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.terminology.index._STORE_TRIGRAMS_FROM", 1)
    terms.save(tmp_path / "t.npz")
    with np.load(tmp_path / "t.npz") as stored:
        assert "grams" in stored.files
    loaded = Terminology.load(tmp_path / "t.npz")
    assert loaded.similar("hip fractured", floor=0.1) == terms.similar("hip fractured", floor=0.1)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", None])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "t.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(TerminologyError, match=r"t\.npz"):
        Terminology.load(file)


def test_another_format_is_refused(terms: Terminology, tmp_path: Path) -> None:
    file = tmp_path / "t.npz"
    terms.save(file)
    with np.load(file) as stored:
        arrays = dict(stored)
    about = json.loads(arrays["about"].tobytes()) | {"format": 99}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(file, **arrays)
    with pytest.raises(TerminologyError, match="format 99"):
        Terminology.load(file)


def test_an_empty_terminology_answers(tmp_path: Path) -> None:
    empty = Terminology.build([], title="nothing")
    empty.save(tmp_path / "t.npz")
    loaded = Terminology.load(tmp_path / "t.npz")
    assert (len(loaded), loaded.find("pain"), loaded.similar("pain")) == (0, [], [])
    assert loaded.get("X:1") is None


def test_of_two_entries_with_one_id_the_first_counts() -> None:
    twice = [make_entry("X:1", "one"), make_entry("X:2", "two"), make_entry("X:1", "other")]
    assert [entry.label for entry in Terminology.build(twice, title="t")] == ["one", "two"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crohn's disease", "Crohn disease"),
        ("oedema", "Edema"),
        ("tumour necrosis factor-α", "Tumor Necrosis Factor alpha"),
        ("vitamin D3", "vitamin D-3"),
        ("metastases", "Metastasis"),
        ("hyperlipidaemias", "hyperlipidemia"),
        ("25-hydroxy vitamin D", "25 hydroxy-vitamin D"),
        ("carcinomas", "carcinoma"),
        ("Sjögren's syndrome", "Sjogren syndrome"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert plain_key(one) == plain_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vitamin D2", "vitamin D3"),
        ("hypertension", "hypotension"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("lens", "len"),
        ("pancreas", "pancrea"),
        ("IL-1", "IL-10"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert bag_key(plain_key(one)) != bag_key(plain_key(other))


def test_short_forms_keep_their_letter_case() -> None:
    assert short_key("HAQ-DI") == short_key("HAQ DI") != short_key("haq-di")
    assert is_short_form("HbA1c")
    assert not is_short_form("Zinc")


@pytest.mark.parametrize(("identifier", "label"), [("D001172", "x"), ("X:1", " "), ("", "x")])
def test_an_entry_needs_a_curie_and_a_label(identifier: str, label: str) -> None:
    with pytest.raises(ValueError, match=r"CURIE|label"):
        make_entry(identifier, label)


def test_a_line_with_other_columns_is_refused() -> None:
    assert ConceptEntry.from_line(ENTRIES[0].to_line()) == ENTRIES[0]
    with pytest.raises(ValueError, match="columns"):
        ConceptEntry.from_line("a\tb")
