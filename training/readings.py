"""Our own readings of abstracts: annotation without the texts, and the silver set with it added.

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m training.readings --data DATA --pack FILE.jsonl …

The first writes a folder as ``--silver`` of every other command takes it: the documents and
annotations of SILVER and those of ``training/readings.jsonl.gz``. The second packs annotation in
the shape of the silver set.

A reading is what a careful reader of one abstract wrote into a table, in the shape of the silver set.
Kept are offsets, values and the reader's own names; what stands in the text (``text`` of an entry,
``quote`` of an effect) is kept as ``[start, end]`` in it. The abstracts are those of
``pmc_abstracts`` and of the training parts of other sets, found by name and checked by hash. Documents that
are in the silver set as well, read a second time without a look at the first reading, tell how far
readers agree (:mod:`training.agreement`); they are not added.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

READINGS = Path(__file__).with_name("readings.jsonl.gz")
#: What the name of a document begins with → the file that holds its text by the rest of its name.
_SOURCES = {
    "PMC": Path("pmc_abstracts", "abstracts.jsonl.gz"),
    "pico-": Path("pico_corpus", "train.jsonl.gz"),
    "ei-": Path("evidence_inference", "train.jsonl.gz"),
    "ebm-": Path("ebm_nlp", "train.jsonl.gz"),
}
_PLACED = {"populations": "text", "interventions": "text", "outcomes": "text", "doses": "text", "effects": "quote"}  # fmt: skip

Json = dict[str, Any]


def abstracts(data: Path) -> dict[str, str]:
    """Return the abstracts by the names that their files would have: ``PMC123.txt``, ``ebm-123.txt``."""
    texts = {}
    for start, path in _SOURCES.items():
        with gzip.open(data / path, "rt", encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                name = document["id"] if start == "PMC" else start + document["id"]
                texts[f"{name}.txt"] = document["text"]
    return texts


def _turned(reading: Json, turn: Callable[[Any], Any]) -> Json:
    """Return a reading with each place turned: from words to offsets, or back."""
    studies = [
        study
        | {
            key: [entry | {field: turn(entry[field])} if field in entry else entry for entry in study[key]]
            for key, field in _PLACED.items()
            if key in study
        }
        for study in reading["studies"]
    ]  # fmt: skip
    return reading | {"studies": studies}


def packed(reading: Json, text: str) -> Json:
    """Return a reading with offsets for the words of its text.

    Raises
    ------
    ValueError
        When words of the reading are not in the text.
    """

    def place(words: str) -> list[int]:
        start = text.index(words)
        return [start, start + len(words)]

    return _turned(reading, place) | {"sha256": _hash(text)}


def unpacked(reading: Json, text: str) -> Json:
    """Return a packed reading with the words of its text.

    Raises
    ------
    ValueError
        When the text is another than the one that was read.
    """
    if _hash(text) != reading["sha256"]:
        raise ValueError(f"{reading['doc']}: the text is not the one that was read")
    whole = {key: value for key, value in reading.items() if key != "sha256"}
    return _turned(whole, lambda place: text[place[0] : place[1]])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def readings() -> Iterator[Json]:
    """Yield the packed readings, by name."""
    with gzip.open(READINGS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write(found: Iterable[Json]) -> int:
    """Write packed readings, by name, always the same bytes; return how many."""
    lines = sorted(found, key=lambda reading: str(reading["doc"]))
    with (
        READINGS.open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as out,
    ):
        for reading in lines:
            out.write(
                json.dumps(reading, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            )
    return len(lines)


def pack(files: Iterable[Path], texts: dict[str, str]) -> int:
    """Pack annotation and write it."""
    found = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            reading = json.loads(line)
            if reading["studies"]:
                found[reading["doc"]] = packed(reading, texts[reading["doc"]])
    return write(found.values())


def merge(silver: Path, texts: dict[str, str], to: Path) -> int:
    """Write the silver set with the readings added; return the number of readings added."""
    (to / "docs").mkdir(parents=True, exist_ok=True)
    known = {path.name for path in (silver / "docs").iterdir()}
    for path in (*silver.glob("docs/*"), *silver.glob("annotations-*.jsonl")):
        shutil.copyfile(path, to / path.relative_to(silver))
    added = [r for r in readings() if r["doc"] not in known]
    with (to / "annotations-readings.jsonl").open("w", encoding="utf-8") as out:
        for reading in added:
            text = texts[reading["doc"]]
            (to / "docs" / reading["doc"]).write_text(text, encoding="utf-8", newline="")
            out.write(json.dumps(unpacked(reading, text), ensure_ascii=False) + "\n")
    return len(added)


def main() -> None:
    """Pack readings, or write the silver set with them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, help="folder of the silver set")
    parser.add_argument("--to", type=Path, help="folder to write the merged set to")
    parser.add_argument("--pack", type=Path, nargs="+", help="annotation to pack instead")
    options = parser.parse_args()
    texts = abstracts(options.data)
    if options.pack:
        print(f"{pack(options.pack, texts)} readings → {READINGS}")
    elif options.silver and options.to:
        print(f"{merge(options.silver, texts, options.to)} readings added → {options.to}")
    else:
        parser.error("either --pack, or --silver and --to")


if __name__ == "__main__":
    main()
