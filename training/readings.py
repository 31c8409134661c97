"""Our own readings of abstracts and posts: annotation without the texts, and the silver set with it added.

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m training.readings --data DATA --measured --to FOLDER
    python -m training.readings --data DATA --pack FILE.jsonl … [--measure NAMES] [--results]

The first writes a folder as ``--silver`` of every other command takes it: the documents and
annotations of SILVER and those of ``training/readings.jsonl.gz``. The second writes those that are kept for
measuring, which nothing is fitted on and nobody writes rules from: texts to ``FOLDER/docs``, gold to ``FOLDER/gold.jsonl``, so that

    kg build FOLDER/docs -o FOLDER/out && kg evaluate FOLDER/gold.jsonl FOLDER/out

says how well texts are read that had no part in anything. The third adds annotation in the shape of the
silver set to what is packed; NAMES lists, one a line, the documents of it that are kept for measuring; ``--results`` says
that its readers wrote down results alone, no populations and no doses. Such readings teach what numbers are of and nothing
else: they are merged into a file of their own.

A reading is what a careful reader of one abstract wrote into a table, in the shape of the silver set.
Kept are offsets, values and the reader's own names; what stands in the text (``text`` of an entry,
``quote`` of an effect) is kept as ``[start, end]`` in it. The texts are those of
``pmc_abstracts``, of the training parts of other sets and of the posts in ``corpora/vitamindwiki`` beside DATA, found by
name and checked by hash; a reading with ``excerpt`` is of some places of an article of ``pmc_fulltext``, set one after another, one with ``page`` of a
page that was made up for it. Documents that
are in the silver set as well, read a second time without a look at the first reading, tell how far
readers agree (:mod:`training.agreement`); they are not added.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
from collections import defaultdict
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
_POSTS = Path("corpora", "vitamindwiki")
#: The file of the articles that excerpts are of.
_ARTICLES = Path("pmc_fulltext", "articles.jsonl.gz")
#: The readings' file in a silver set that has them; no document of the silver set itself is in it.
ADDED = "annotations-readings.jsonl"
#: The file of the texts of which only results were annotated.
LINKED = "links.jsonl"
_PLACED = {"populations": "text", "interventions": "text", "outcomes": "text", "doses": "text", "effects": "quote"}  # fmt: skip

#: What is kept of a reading; of a study, and of its entries.
_OF_STUDY = frozenset({*_PLACED, "id", "design", "sample_size", "sample_size_derived"})
_OF_ENTRY = frozenset(
    "id name role text n n_derived intervention low high unit frequency per measure value p comparator population outcome direction "
    "timepoint se sd quote note ci_low ci_high ci_level count denominator subgroup iqr_low iqr_high".split()
)

Json = dict[str, Any]


def abstracts(data: Path) -> dict[str, str]:
    """Return the texts by the names that their files would have: ``PMC123.txt``, ``ebm-123.txt``, ``a-post.md``."""
    texts = {}
    for start, path in _SOURCES.items():
        with gzip.open(data / path, "rt", encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                name = document["id"] if start == "PMC" else start + document["id"]
                texts[f"{name}.txt"] = document["text"]
    for post in (data.parent / _POSTS).glob("*.md"):
        texts[post.name] = post.read_text(encoding="utf-8")
    return texts | excerpts(data, _packed())


def excerpts(data: Path, found: Iterable[Json]) -> dict[str, str]:
    """Return the texts of readings of made-up pages, and of places of articles: the places, an empty line between two.

    The latter are called ``ft-PMC123.txt``, a second one of an article ``ft-PMC123-2.txt``.
    """
    wanted: dict[str, list[Json]] = defaultdict(list)
    texts: dict[str, str] = {}
    for reading in found:
        if "page" in reading:
            texts[reading["doc"]] = reading["page"]
        if "excerpt" in reading:
            wanted[reading["doc"].removesuffix(".txt").split("-")[1]].append(reading)
    if wanted:
        with gzip.open(data / _ARTICLES, "rt", encoding="utf-8") as lines:
            for article in map(json.loads, lines):
                for reading in wanted.get(article["id"], ()):
                    places = (article["text"][a:b].strip() for a, b in reading["excerpt"])
                    texts[reading["doc"]] = "\n\n".join(places)
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

    return _turned(_bare(reading), place) | {"sha256": _hash(text)}


def _bare(reading: Json) -> Json:
    """Return a reading without what is copied from the text or stands elsewhere: titles, oddities, advice."""
    studies = []
    for study in reading["studies"]:
        kept = {
            key: value for key, value in study.items() if key in _OF_STUDY and value is not None
        }
        for key in _PLACED.keys() & kept.keys():
            kept[key] = [
                {k: v for k, v in entry.items() if k in _OF_ENTRY and v is not None}
                for entry in (map(_ranged, kept[key]) if key == "doses" else kept[key])
            ]
        studies.append(kept)
    source = {key: reading[key] for key in ("excerpt", "page") if key in reading}
    return {"doc": reading["doc"], "studies": studies} | source


def _ranged(dose: Json) -> Json:
    """Return a dose with its one amount as both ends of a range, as those of the silver set have it."""
    if dose.get("value") is None:
        return dose
    return dose | {"low": dose["value"], "high": dose["value"], "value": None}


def unpacked(reading: Json, text: str) -> Json:
    """Return a packed reading with the words of its text.

    Raises
    ------
    ValueError
        When the text is another than the one that was read.
    """
    if _hash(text) != reading["sha256"]:
        raise ValueError(f"{reading['doc']}: the text is not the one that was read")
    whole = {key: reading[key] for key in ("doc", "studies")}
    return _turned(whole, lambda place: text[place[0] : place[1]])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def readings(*, measured: bool = False) -> Iterator[Json]:
    """Yield the packed readings of whole pages, by name: those to learn from, or those kept for measuring."""
    whole = (found for found in _packed() if "results" not in found)
    return (found for found in whole if found.get("measured", False) is measured)


def readings_of_results() -> Iterator[Json]:
    """Yield the packed readings of results alone, by name."""
    return (found for found in _packed() if "results" in found)


def _packed() -> Iterator[Json]:
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


def pack(
    added: Iterable[Json], texts: dict[str, str], measured: frozenset[str], *, results: bool = False
) -> int:
    """Add annotation to what is packed, `measured` names what is kept for measuring; return how many there are."""
    found = {reading["doc"]: reading for reading in _packed()}
    for reading in added:
        name = reading["doc"]
        if reading["studies"]:
            use = "results" if results else "measured" if name in measured else "learnt"
            found[name] = packed(reading, texts[name]) | {use: True}
    return write(found.values())


def write_measured(texts: dict[str, str], to: Path) -> int:
    """Write the readings kept for measuring, texts and gold; return how many."""
    return _write_out(readings(measured=True), texts, to, "gold.jsonl")


def merge(silver: Path, texts: dict[str, str], to: Path) -> int:
    """Write the silver set with the readings added; return the number of readings added."""
    (to / "docs").mkdir(parents=True, exist_ok=True)
    known = {path.name for path in (silver / "docs").iterdir()}
    for path in (*silver.glob("docs/*"), *silver.glob("annotations-*.jsonl")):
        shutil.copyfile(path, to / path.relative_to(silver))
    added = (r for r in readings() if r["doc"] not in known)
    return _write_out(added, texts, to, ADDED) + _write_out(
        readings_of_results(), texts, to, LINKED
    )


def _write_out(found: Iterable[Json], texts: dict[str, str], to: Path, name: str) -> int:
    """Write packed readings with their words into a file, their texts into ``docs``; return how many."""
    (to / "docs").mkdir(parents=True, exist_ok=True)
    count = 0
    with (to / name).open("w", encoding="utf-8") as out:
        for reading in found:
            text = texts[reading["doc"]]
            (to / "docs" / reading["doc"]).write_text(text, encoding="utf-8", newline="")
            out.write(json.dumps(unpacked(reading, text), ensure_ascii=False) + "\n")
            count += 1
    return count


def main() -> None:
    """Pack readings, or write the silver set with them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, help="folder of the silver set")
    parser.add_argument("--to", type=Path, help="folder to write the merged set to")
    parser.add_argument("--pack", type=Path, nargs="+", help="annotation to pack instead")
    parser.add_argument("--measure", type=Path, help="file of the names kept for measuring")
    parser.add_argument("--results", action="store_true", help="it is of results alone")
    parser.add_argument("--measured", action="store_true", help="write what is kept for measuring")
    options = parser.parse_args()
    texts = abstracts(options.data)
    if options.pack:
        names = options.measure.read_text(encoding="utf-8").split() if options.measure else []
        lines = [
            line for file in options.pack for line in file.read_text(encoding="utf-8").splitlines()
        ]
        added = [json.loads(line) for line in lines]
        texts |= excerpts(options.data, added)
        count = pack(added, texts, frozenset(names), results=options.results)
        print(f"{count} readings → {READINGS}")
    elif options.measured and options.to:
        print(f"{write_measured(texts, options.to)} readings → {options.to}")
    elif options.silver and options.to:
        print(f"{merge(options.silver, texts, options.to)} readings added → {options.to}")
    else:
        parser.error("either --pack, or --silver and --to, or --measured and --to")


if __name__ == "__main__":
    main()
