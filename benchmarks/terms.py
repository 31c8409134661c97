"""How well names are grounded, and how fast: ``python -m benchmarks.terms [SHARED]``.

Three measurements. *Everyday names*: of names with checked ids, how many are linked and how many of
the links are right, by the packaged lexicon alone, by a full layer alone, and by both; for the half of
the names that was read while building and for the half that was held out. *Gold mentions* of BC5CDR
(Li et al. 2016): the share whose MeSH id is found, short forms by the document's definitions; mentions
whose id MeSH no longer has are left out, and a heading made after the set counts for the one above it.
*Speed*: loading, memory, and time a phrase.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.components.abbreviations.component import find_definitions
from kg.terminology.grounding import Grounder, Layer
from kg.terminology.index import Terminology
from kg.terminology.layers import compile_layers, packaged
from kg.terminology.phrases import Slot

SEED = 20261122
TABLES = ("disease", "symptom", "measurement", "action", "chemical")
_NEW_HEADING = len("MESH:D012345")  # ids of headings made since 2016 are longer
SLOTS: dict[str, Slot] = {"Chemical": "intervention", "Disease": "condition"}


def everyday_names(file: Path, grounder: Grounder, held_out: bool) -> tuple[int, int, int]:
    """Return names with ids, links, and links whose own id is one of the ids."""
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    held = set(random.Random(SEED).sample([row["name"] for row in rows], len(rows) // 2))
    names = linked = right = 0
    for row in rows:
        ids = set(filter(None, row["ids"].split("|")))
        if not ids or (row["name"] in held) != held_out:
            continue
        concept = grounder.ground(row["name"]).concept
        names += 1
        linked += concept is not None
        right += concept is not None and concept.id in ids
    return names, linked, right


def gold_mentions(file: Path, grounder: Grounder) -> dict[str, tuple[int, int, int]]:
    """Return kind → mentions, linked, with the annotators' MeSH id."""
    found = {kind: [0, 0, 0] for kind in SLOTS}
    for line in file.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        definitions = find_definitions(document["text"])
        longs = {short: long for short, long, _ in reversed(definitions)}
        for entity in document["entities"]:
            gold = {f"MESH:{part}" for part in str(entity["mesh"]).replace("+", "|").split("|")}
            if not any(layer.by_curie(curie) for curie in gold for layer in grounder.layers):
                continue
            slot, text = SLOTS[entity["label"]], entity["text"]
            grounding = grounder.ground(longs.get(text, text), slot)
            if grounding.concept is None and text in longs:
                grounding = grounder.ground(text, slot)
            counts = found[entity["label"]]
            counts[0] += 1
            counts[1] += grounding.concept is not None
            counts[2] += bool(gold & set(_as_then(grounder, grounder.translate(grounding, "MESH"))))
    return {kind: (all_, linked, right) for kind, (all_, linked, right) in found.items()}


def _as_then(grounder: Grounder, curie: str | None) -> Iterable[str]:
    """Yield an id, and what is above it where the heading is newer than the set."""
    if curie is None:
        return
    yield curie
    if len(curie) > _NEW_HEADING:
        for layer in grounder.layers:
            for entry in layer.by_curie(curie):
                yield from entry.broader


def links_of(records: Path) -> dict[str, tuple[int, int]]:
    """Return what is linked in a build's records: place → names, links."""
    found: dict[str, list[int]] = {}
    for line in records.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        known = {concept["id"] for concept in record["concepts"]}
        for study in record["studies"]:
            for place, items, name in (
                ("interventions", study["interventions"], "concept"),
                ("outcomes", study["outcomes"], "concept"),
                ("conditions", study["populations"], "condition"),
            ):
                for item in items:
                    if place == "conditions" and item[name] is None:
                        continue
                    counts = found.setdefault(place, [0, 0])
                    counts[0] += 1
                    counts[1] += item[name] in known
    return {place: (names, links) for place, (names, links) in found.items()}


def main(arguments: Sequence[str]) -> None:
    """Print the figures; a second argument names a ``records.jsonl`` whose links are counted."""
    shared = Path(arguments[0] if arguments else "../shared")
    tables = shared / "terminology"
    start = time.process_time()
    small: Layer = packaged()
    print(f"packaged: {len(packaged())} concepts, loaded in {time.process_time() - start:.2f} s")
    files = compile_layers([str(tables / f"{name}.tsv.gz") for name in TABLES], Path("build/terms"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    full = Terminology.load(files[0])
    seconds = time.process_time() - start
    size = files[0].stat().st_size / 1e6
    print(f"full: {len(full)} concepts, {size:.0f} MB, loaded in {seconds:.2f} s")
    for title, layers in (("packaged", [small]), ("full", [full]), ("both", [small, full])):
        for held_out in (False, True):
            names, linked, right = everyday_names(
                tables / "ids_check.tsv", Grounder(layers), held_out
            )
            part = "held out" if held_out else "read"
            print(
                f"everyday names, {title}, {part}: {names} names, linked {linked / names:.3f},"
                f" right id {right / linked:.3f} of linked"
            )
    for split in ("train", "dev"):
        grounder = Grounder([small, full])
        start = time.process_time()
        for kind, counts in gold_mentions(
            shared / "data" / "bc5cdr" / f"{split}.jsonl", grounder
        ).items():
            all_, linked, right = counts
            print(
                f"BC5CDR {split}, {kind}: {all_} mentions, linked {linked / all_:.3f}, accuracy {right / all_:.3f}"
            )
        print(f"  {1000 * (time.process_time() - start) / 9000:.2f} ms a mention")
    for title, layer in (("packaged", small), ("full", full)):
        for question in ("acute myocardial infarctions of old men", "dapaglifozin"):
            layer.similar(question)  # the first question loads the trigrams
            start = time.process_time()
            for _ in range(20):
                layer.similar(question)
            each = 1000 * (time.process_time() - start) / 20
            print(f"similar names of {question!r}: {each:.1f} ms, {title}")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory: {before / 1024:.0f} MB before the full layer, at most {used / 1024:.0f} MB")
    for place, (names, links) in links_of(Path(arguments[1])).items() if arguments[1:] else ():
        print(f"{place}: {links} of {names} linked ({links / names:.3f})")


if __name__ == "__main__":
    main(sys.argv[1:])
