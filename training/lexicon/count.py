"""Counting which names of the vocabularies evidence texts use, and what their short forms stand for."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.components.abbreviations.component import find_definitions
from kg.terminology.index import Terminology
from kg.terminology.names import plain_key

ANNOTATED = (
    "ebm_nlp", "pico_corpus", "ctro", "rct_art", "evidence_inference", "evidence_outcomes",
    "evidence_map", "pico_sections", "clerx", "bc5cdr",
)  # fmt: skip
#: Labels whose spans are numbers, places and the like, or whole clauses.
_NO_NAMES = re.compile(r"(?i)evidence|number|value|pvalue|dose|age|author|title|journal|year|country|gender|meas|design|ratio|unit|timepoint|duration|interval|participants$|^p$|location|ethni|iv-|cv-")  # fmt: skip
_LONGEST = 7  # words of a name
_EVERY = 5  # of the full texts, one in so many is read
_SENTENCE = re.compile(r"[^.;\n]{8,400}\(\s?[A-Z0-9][^()\n]{1,11}\)")


def texts(shared: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each text with the mentions that people marked in it."""
    data, corpora = shared / "data", shared / "corpora"
    for name in ANNOTATED:
        for document in _read(next((data / name).glob("train.jsonl*"))):
            yield document["text"], _mentions(document)
    for file in sorted((corpora / "silver").glob("annotations-*.jsonl")):
        for document in _read(file):
            path = corpora / "silver" / "docs" / document["doc"]
            if path.exists():
                yield path.read_text(encoding="utf-8"), _silver(document)
    for folder in ("vitamindwiki", "seeds"):
        for path in sorted((corpora / folder).iterdir()):
            if path.suffix in (".md", ".txt") and path.name != "README.md":
                yield path.read_text(encoding="utf-8"), []
    for document in _read(data / "pmc_abstracts" / "abstracts.jsonl.gz"):
        yield document["text"], []
    for number, document in enumerate(_read(data / "pmc_fulltext" / "articles.jsonl.gz")):
        if number % _EVERY == 0:
            yield document["text"], []


def count(shared: Path, terms: Terminology, out: Path) -> None:
    """Write ``names.tsv`` (name, documents, mentions) and ``short.tsv`` (short, long, documents)."""
    keys = {
        key for entry in terms for key in map(plain_key.__wrapped__, (entry.label, *entry.names))
    }
    keys = {key for key in keys if len(key) > 2 and key.count(" ") < _LONGEST}
    starts = {
        " ".join(words[:n]) for key in keys if (words := key.split()) for n in range(1, len(words))
    }
    documents: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    short: Counter[tuple[str, str]] = Counter()
    for text, mentions in texts(shared):
        documents.update(set(find_names(plain_key.__wrapped__(text).split(), keys, starts)))
        marked.update(key for mention in mentions if (key := plain_key(mention)))
        found = {
            (form, plain_key(long))
            for match in _SENTENCE.finditer(text)
            for form, long, _ in find_definitions(match.group() + ".")
        }
        short.update(found)
    out.mkdir(parents=True, exist_ok=True)
    every = {key for key in documents} | {key for key, number in marked.items() if number > 1}
    _write(
        out / "names.tsv", ((key, documents[key], marked[key], int(key in keys)) for key in every)
    )
    count_annotated(shared, out)
    _write(out / "short.tsv", ((form, long, number) for (form, long), number in short.items()))


def count_annotated(shared: Path, out: Path) -> None:
    """Write ``annotated.tsv`` (name, MeSH id, mentions) of the set whose annotators gave ids."""
    counted: Counter[tuple[str, str]] = Counter()
    for document in _read(shared / "data" / "bc5cdr" / "train.jsonl"):
        for entity in document["entities"]:
            identifier = str(entity.get("mesh", ""))
            if identifier[:1] in ("C", "D") and identifier[1:].isdigit():
                counted[entity["text"].lower(), f"MESH:{identifier}"] += 1
    _write(
        out / "annotated.tsv", ((name, curie, number) for (name, curie), number in counted.items())
    )


def find_names(words: list[str], keys: set[str], starts: set[str]) -> Iterator[str]:
    """Yield the longest names from left to right, none inside another."""
    at = 0
    while at < len(words):
        name, best, end = words[at], None, at + 1
        while True:
            if name in keys:
                best = name, end
            if name not in starts or end == len(words):
                break
            name, end = f"{name} {words[end]}", end + 1
        if best is None:
            at += 1
        else:
            yield best[0]
            at = best[1]


def _read(path: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _mentions(document: dict) -> list[str]:  # type: ignore[type-arg]
    found = [
        entity["text"] for entity in document["entities"]
        if not _NO_NAMES.search(entity.get("group") or entity["label"]) and len(entity["text"]) < 80
    ]  # fmt: skip
    for prompt in document.get("prompts", ()):
        found += [
            prompt[role] for role in ("intervention", "comparator", "outcome") if prompt.get(role)
        ]
    return found


def _silver(document: dict) -> list[str]:  # type: ignore[type-arg]
    found = []
    for study in document["studies"]:
        for group in ("interventions", "outcomes"):
            found += [item["name"] for item in study.get(group, ()) if item.get("name")]
        found += [
            item["condition"] for item in study.get("populations", ()) if item.get("condition")
        ]
    return found


def _write(file: Path, rows: Iterable[tuple[object, ...]]) -> None:
    lines = sorted("\t".join(map(str, row)) for row in rows)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
