"""Our own readings of abstracts (``training/readings.jsonl.gz``): whole, consistent, none held out added."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from training.readings import (
    LINKED,
    abstracts,
    excerpts,
    merge,
    packed,
    readings,
    readings_of_results,
    unpacked,
    write_measured,
)
from training.splits import is_dev

TEXT = "Falls fell. Vitamin D cut falls by 19%."
READING = {
    "doc": "PMC1.txt",
    "studies": [
        {
            "id": "s1",
            "interventions": [{"id": "i1", "name": "vitamin D", "text": "Vitamin D"}],
            "outcomes": [{"id": "o1", "name": "falls"}],
            "effects": [
                {"id": "e1", "value": -19, "outcome": "o1", "quote": TEXT[TEXT.index("V") :]}
            ],
        }
    ],
}


def test_a_reading_is_kept_without_the_words_of_its_text_and_comes_back_whole() -> None:
    kept = packed(READING, TEXT)
    assert kept["studies"][0]["effects"][0]["quote"] == [12, len(TEXT)]
    assert kept["studies"][0]["interventions"][0]["text"] == [12, 21]
    assert unpacked(kept, TEXT) == READING


def test_words_that_are_not_in_the_text_and_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        packed(READING, "Nothing of it.")
    with pytest.raises(ValueError, match=r"PMC1\.txt: the text is not the one that was read"):
        unpacked(packed(READING, TEXT), TEXT + " ")


def test_every_reading_stands_in_its_abstract_and_none_that_is_held_out_is_added(
    shared: Path, tmp_path: Path
) -> None:
    texts = abstracts(shared / "data")
    silver = shared / "corpora" / "silver"
    known = {path.name for path in (silver / "docs").iterdir()}
    measured = {kept["doc"] for kept in readings(measured=True)}
    assert len(measured) > 100
    assert not measured & known
    count = effects = 0
    for kept in readings():
        assert kept["doc"] in known or not is_dev(kept["doc"])
        assert kept["doc"] not in measured
        for study in unpacked(kept, texts[kept["doc"]])["studies"]:
            entries = {
                e["id"] for k in ("interventions", "outcomes", "populations") for e in study[k]
            }
            for effect in study["effects"]:
                roles = ("intervention", "comparator", "population", "outcome")
                assert {effect[role] for role in roles if role in effect} <= entries
                assert effect["quote"].strip()
                effects += 1
        count += 1
    assert count > 600
    assert effects > 10 * count
    merge(silver, texts, tmp_path)
    lines = [line for file in tmp_path.glob("annotations-*.jsonl") for line in file.open("rb")]
    again = Counter(json.loads(line)["doc"] for line in lines)
    assert set(again.values()) == {1}
    assert {name for name in again if is_dev(name)} <= known
    results = {json.loads(line)["doc"] for line in (tmp_path / LINKED).open("rb")}
    assert not results & again.keys()


def test_every_reading_of_results_stands_in_its_text_and_none_is_measured_or_held_out(
    shared: Path,
) -> None:
    texts = abstracts(shared / "data")
    elsewhere = {kept["doc"] for measured in (False, True) for kept in readings(measured=measured)}
    count = effects = parts = 0
    for kept in readings_of_results():
        name = kept["doc"]
        assert name not in elsewhere
        assert "page" in kept or not is_dev(re.sub(r"^ft-(PMC\d+).*", r"\1.txt", name))
        [study] = unpacked(kept, texts[name])["studies"]
        named = {i["id"] for i in study["interventions"]}
        for effect in study["effects"]:
            assert effect["quote"].strip()
            assert {effect[r] for r in ("intervention", "comparator") if r in effect} <= named
            effects += 1
        count += 1
        parts += "excerpt" in kept
    assert count > 2000
    assert parts > 1000
    assert effects > 8 * count


def test_excerpts_are_made_of_places_of_articles_and_made_up_pages_are_kept_whole(
    tmp_path: Path,
) -> None:
    (tmp_path / "pmc_fulltext").mkdir()
    articles = [
        {"id": "PMC7", "text": "Title. Methods are long. Pain fell by 2."},
        {"id": "PMC8", "text": "?"},
    ]
    with gzip.open(tmp_path / "pmc_fulltext" / "articles.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(article) + "\n" for article in articles)
    found = [
        {"doc": "ft-PMC7.txt", "excerpt": [[0, 6], [24, 40]]},
        {"doc": "ft-PMC7-2.txt", "excerpt": [[0, 6]]},
        {"doc": "PMC8.txt"},
        {"doc": "p1-01.md", "page": "# Falls\n"},
    ]
    assert excerpts(tmp_path, found) == {
        "ft-PMC7.txt": "Title.\n\nPain fell by 2.",
        "ft-PMC7-2.txt": "Title.",
        "p1-01.md": "# Falls\n",
    }


def test_what_is_kept_for_measuring_is_written_as_gold(shared: Path, tmp_path: Path) -> None:
    count = write_measured(abstracts(shared / "data"), tmp_path)
    with (tmp_path / "gold.jsonl").open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    assert len(gold) == count == len(list((tmp_path / "docs").iterdir()))
    for document in gold:
        text = (tmp_path / "docs" / document["doc"]).read_text(encoding="utf-8")
        for study in document["studies"]:
            assert all(effect["quote"] in text for effect in study["effects"])


def test_words_that_are_copied_from_a_text_are_not_packed() -> None:
    entry = READING["studies"][0]["effects"][0] | {"also": ["Falls fell."], "table": None}
    study = READING["studies"][0] | {
        "title": TEXT,
        "effects": [entry],
        "oddities": [{"quote": TEXT}],
    }
    kept = packed({"doc": "PMC1.txt", "note": TEXT, "studies": [study]}, TEXT)
    assert kept == packed(READING, TEXT)


def test_an_amount_of_a_dose_is_both_ends_of_its_range() -> None:
    dose = {"intervention": "i1", "value": 800.0, "unit": "IU", "text": "Vitamin D"}
    [study] = READING["studies"]
    kept = packed({"doc": "PMC1.txt", "studies": [study | {"doses": [dose]}]}, TEXT)
    assert kept["studies"][0]["doses"] == [
        {"intervention": "i1", "low": 800.0, "high": 800.0, "unit": "IU", "text": [12, 21]}
    ]
