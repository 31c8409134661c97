"""The sample corpus and its gold: whole, exact, of our own making."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
GOLD = [
    json.loads(line)
    for line in (CORPUS / "gold" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
FORMATS = {".md", ".txt", ".html"}
MEASURES = {
    "MD", "SMD", "RR", "OR", "HR", "IRR", "RD", "NNT", "r", "beta", "mean", "median", "percentage",
    "percent change", "fold change", "count", "other",
}  # fmt: skip
DESIGNS = {
    "randomized controlled trial", "non-randomized trial", "cohort", "case-control",
    "cross-sectional", "meta-analysis", "guideline",
}  # fmt: skip
DIRECTIONS = {"increase", "decrease", "no difference", "unclear"}
RUN = 14  # words in a row that two texts do not share by chance


def texts() -> list[Path]:
    """List the corpus texts; its README and the gold are no texts."""
    return sorted(p for p in CORPUS.iterdir() if p.is_file() and p.name != "README.md")


def read(name: str) -> str:
    """Return a text with its line ends as they stand, so that offsets are the file's."""
    return (CORPUS / name).read_bytes().decode("utf-8")


def studies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every annotated study with the name of its document."""
    for entry in GOLD:
        for study in entry["studies"]:
            yield entry["doc"], study


def effects() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield every annotated effect with its document's name and its study."""
    for name, study in studies():
        for effect in study["effects"]:
            yield name, study, effect


def quotes(value: object) -> Iterator[str]:
    """Yield every string of an annotation that must stand in the text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"text", "quote"}:
                yield item
            elif key == "also":
                yield from item
            else:
                yield from quotes(item)
    elif isinstance(value, list):
        for item in value:
            yield from quotes(item)


def runs(text: str) -> set[tuple[str, ...]]:
    """Return all runs of `RUN` words of a text, case and punctuation aside."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_every_text_is_annotated_and_nothing_else() -> None:
    assert [entry["doc"] for entry in GOLD] == [path.name for path in texts()]
    assert len(GOLD) >= 14


def test_every_format_is_there() -> None:
    assert {path.suffix for path in texts()} == FORMATS
    starts = [read(path.name)[:4] for path in texts() if path.suffix == ".md"]
    assert any(start.startswith("{") for start in starts)
    assert any(start == "---\n" for start in starts)
    plain = [read(path.name) for path in texts() if path.suffix == ".txt"]
    assert any(re.search(r"^1\. .*\d{4}.*;\d+", t, re.M) and "\nPMID: " in t for t in plain)
    pages = "".join(read(path.name) for path in texts() if path.suffix == ".html")
    assert all(f"<{tag}" in pages for tag in ("nav", "aside", "table"))


def test_front_matter_parses() -> None:
    found = 0
    for path in texts():
        text = read(path.name)
        if path.suffix != ".md":
            continue
        if text.startswith("{"):
            front, _ = json.JSONDecoder().raw_decode(text)
        else:
            front = yaml.safe_load(text.split("---\n")[1])
        assert front["title"]
        assert front["date"]
        found += 1
    assert found >= 6


@pytest.mark.parametrize("entry", GOLD, ids=lambda entry: entry["doc"])
def test_quotes_are_exact_substrings(entry: dict[str, Any]) -> None:
    text = read(entry["doc"])
    found = list(quotes(entry["studies"]))
    assert found
    assert [quote for quote in found if quote not in text] == []


@pytest.mark.parametrize("entry", GOLD, ids=lambda entry: entry["doc"])
def test_identifiers_stand_in_the_text_and_resolve(entry: dict[str, Any]) -> None:
    text = read(entry["doc"])
    for study in entry["studies"]:
        for key in ("doi", "pmid", "registration", "title"):
            assert study.get(key) is None or study[key] in " ".join(text.split()), key
        known = {
            kind: {item["id"] for item in study[f"{kind}s"]}
            for kind in ("population", "intervention", "outcome", "effect")
        }
        for kind, ids in known.items():
            assert len(ids) == len(study[f"{kind}s"]), f"two {kind}s share an id"
        for effect in study["effects"]:
            for field, kind in (
                ("intervention", "intervention"), ("comparator", "intervention"),
                ("population", "population"), ("outcome", "outcome"), ("restates", "effect"),
            ):  # fmt: skip
                assert effect.get(field) is None or effect[field] in known[kind]
        assert {dose["intervention"] for dose in study["doses"]} <= known["intervention"]


def test_every_text_names_its_study() -> None:
    for entry in GOLD:
        named = [s for s in entry["studies"] if s["doi"] or s["pmid"] or s["design"] == "guideline"]
        assert named, entry["doc"]


def test_words_of_the_annotation_are_the_agreed_ones() -> None:
    assert {study["design"] for _, study in studies()} <= DESIGNS
    assert {effect["measure"] for *_, effect in effects()} <= MEASURES
    assert {effect["direction"] for *_, effect in effects()} <= DIRECTIONS


def digits(text: str) -> set[float]:
    """Return the numbers of a quote, read as widely as the conventions allow."""
    plain = html.unescape(text).replace("·", ".")
    plain = re.sub(r"(?<=\d)[,\u2009\u202f ](?=\d{3}(?!\d))", "", plain)
    return {float(n) for n in re.findall(r"\d+(?:\.\d+)?|\.\d+", plain)}


@pytest.mark.parametrize("entry", GOLD, ids=lambda entry: entry["doc"])
def test_numbers_stand_in_their_quotes(entry: dict[str, Any]) -> None:
    for study in entry["studies"]:
        for effect in study["effects"]:
            seen = digits(effect["quote"])
            words = effect.get("note", "").startswith("number in words")
            for key in ("value", "ci_low", "ci_high", "sd", "iqr_low", "iqr_high"):
                number = effect.get(key)
                assert number is None or abs(number) in seen or words, (effect["id"], key)
            if effect["p"]:
                printed = effect["p"].lstrip("<>=≤≥").replace("·", ".")
                assert float(printed) in seen, (effect["id"], "p")
        for dose in study["doses"]:
            seen = digits(dose["text"])
            for key in ("value", "low", "high"):
                number = dose[key]
                assert number is None or number in seen, (dose["text"], key)


def test_estimates_agree_with_their_intervals_and_directions() -> None:
    intervals = 0
    for name, _, effect in effects():
        low, value, high = effect["ci_low"], effect["value"], effect["ci_high"]
        if low is None:
            assert effect["ci_level"] is None
            continue
        assert low <= value <= high, (name, effect["id"])
        intervals += 1
        if effect["measure"] in {"RR", "OR", "HR", "IRR"}:
            assert low > 0
            if effect["direction"] == "decrease":
                assert value < 1, (name, effect["id"])
            elif effect["direction"] == "increase":
                assert value > 1, (name, effect["id"])
    assert intervals >= 20


def test_no_text_is_copied(shared: Path) -> None:
    """The studies' facts are carried over, their sentences are not."""
    sources = [
        path
        for pattern in ("seeds/*.txt", "vitamindwiki/*.md", "silver/docs/*")
        for path in sorted((shared / "corpora").glob(pattern))
    ]
    assert len(sources) > 60
    ours = {run: path.name for path in texts() for run in runs(read(path.name))}
    copied = set()
    for source in sources:
        for run in runs(source.read_text(encoding="utf-8", errors="replace")) & ours.keys():
            copied.add((ours[run], " ".join(run)))
    assert copied == set()
