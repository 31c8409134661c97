"""Train which count of a text is the study's total.

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m training.participants --data DATA --silver FOLDER

Three sets are learned from, training parts only: the silver documents and our readings (their ``sample_size``),
PICO-Corpus (``total-participants``) and C-TrO (``hasNumberPatientsCT``). Development parts are only
measured. ``--folds`` prints the accuracy by five-fold cross-validation over the training parts
and writes nothing.

What counts: those randomised or enrolled (docs/studies.md). PICO-Corpus marks every total of a text,
screened, enrolled and analysed; of these the first counts, unless those were only screened,
approached or eligible and others were then randomised or enrolled.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.assembly.numerals import find_counts
from kg.assembly.participant_counts import Candidate
from kg.assembly.participant_words import PRIOR
from kg.assembly.participants import choose_total, find_candidates
from kg.assembly.studies import study_stretches
from kg.readers import read_bytes
from kg.text import Reading
from training.corpora import read_set
from training.documents import held_out, single_studies
from training.softmax import Choice, fit

STRENGTH = 1.0
FOLDS = 5
#: Weight of a text whose annotator gave no total: some do state one.
NONE_WEIGHT = 0.4
#: Weight of a text by set: the silver annotation is read by our own definition.
WEIGHTS = {"silver": 1.0, "pico_corpus": 0.7, "ctro": 0.7}
OUT = Path(__file__).parents[1] / "kg" / "assembly" / "weights" / "participants.json"

_SCREENED = frozenset({
    "own: screened", "after: screened", "before: screened", "called eligible",
    "base, part randomised", "base, part enrolled",
})  # fmt: skip
_TOOK_PART = frozenset({"own: randomised", "own: enrolled", "called enrolled"})
_PART_TOOK_PART = frozenset({"own: randomised", "own: enrolled", "before: randomised"})


@dataclass(frozen=True)
class Example:
    """A document: its counts and its total, ``None`` where the annotation gives none."""

    origin: str
    name: str
    held_out: bool
    candidates: Sequence[Candidate]
    total: int | None


def examples(data: Path, silver: Path) -> Iterator[Example]:
    """Yield the documents of all sets; those of the public sets only where a total is annotated."""
    for name, measured, reading, study in single_studies(silver, held_out(data)):
        yield Example("silver", name, measured, _candidates(reading), study.get("sample_size"))
    for origin, totals in (("pico_corpus", pico_totals), ("ctro", ctro_totals)):
        for part in ("train", "dev"):
            for document in read_set(data, origin, part):
                stated = totals(document)
                if stated:
                    name = f"{document['id']}.txt"
                    found = _candidates(read_bytes(document["text"].encode("utf-8"), name))
                    total = taking_part(stated, found)
                    yield Example(origin, name, part == "dev", found, total)


def _candidates(reading: Reading) -> list[Candidate]:
    stretches, zones = study_stretches(reading)
    return find_candidates(reading.view.text, stretches, zones)


def pico_totals(document: Mapping[str, Any]) -> list[int]:
    """Return the totals marked in a document of PICO-Corpus, digits or words, in order.

    A span may end inside a number whose thousands stand apart: "160" of "160 921 women".
    """
    found = []
    for entity in document["entities"]:
        if entity["label"] == "total-participants":
            rest = document["text"][entity["start"] : entity["end"] + 12]
            digits = re.match(r"\d{1,3}(?:[,\s]\d{3})+(?!\d)|\d+", rest)
            in_words = next(find_counts(entity["text"]), None)
            if digits:
                found.append(int(re.sub(r"\D", "", digits[0])))
            elif in_words is not None:
                found.append(in_words.value)
    return found


def ctro_totals(document: Mapping[str, Any]) -> list[int]:
    """Return the number of patients that a C-TrO template gives for the whole trial."""
    found = []
    for template in document["templates"].values():
        for filler in template["slots"].get("hasNumberPatientsCT", []):
            digits = re.search(r"\d+", (filler.get("value") or "").replace(",", ""))
            found += [int(digits[0])] if digits and template["type"] == "ClinicalTrial" else []
    return found


def taking_part(stated: Sequence[int], candidates: Sequence[Candidate]) -> int:
    """Return which of the stated totals took part: not those who were only screened."""
    first = [c.features for c in candidates if c.value == stated[0] and c.kind != "sum"]
    if any(f & _SCREENED for f in first) and not any(f & _TOOK_PART for f in first):
        took = {c.value for c in candidates if c.features & _PART_TOOK_PART}
        return next((n for n in stated[1:] if n < stated[0] and n in took), stated[0])
    return stated[0]


def to_choice(example: Example) -> Choice | None:
    """Return what a document teaches, ``None`` if its total is not among its counts.

    The annotator of a silver document may have left a sum out; such a document says nothing.
    """
    found = example.candidates
    alternatives = [sorted(c.features) for c in found] + [["none"]]
    if example.total is None:
        summed = any(c.features & {"sum of n", "sum with controls"} for c in found)
        return None if summed or not found else Choice(alternatives, {len(found)}, NONE_WEIGHT)
    right = {k for k, c in enumerate(found) if c.value == example.total}
    return Choice(alternatives, right, WEIGHTS[example.origin]) if right else None


def train(documents: Sequence[Example]) -> dict[str, float]:
    """Return the weights fitted on documents."""
    choices = [choice for d in documents if (choice := to_choice(d))]
    return fit(choices, PRIOR, STRENGTH)


def measure(documents: Sequence[Example], weights: Mapping[str, float]) -> Counter[str]:
    """Count per set: totals, right, wrong ones; documents without a total, left without."""
    counts: Counter[str] = Counter()
    for document in documents:
        found = choose_total(document.candidates, weights)
        if document.total is None:
            counts[f"{document.origin} without"] += 1
            counts[f"{document.origin} left without"] += found is None
        else:
            counts[f"{document.origin} totals"] += 1
            right = found is not None and found.value == document.total
            counts[f"{document.origin} right"] += right
            counts[f"{document.origin} wrong"] += found is not None and not right
    return counts


def _fold(document: Example) -> int:
    bare = re.sub(r"^(?:pico|ctro)-", "", document.name)  # an abstract of two sets in one fold
    return hashlib.sha256(bare.encode("utf-8")).digest()[3] % FOLDS


def main() -> None:
    """Train on the training parts, print the accuracy, write the weights."""
    parser = argparse.ArgumentParser(description="Fit which count is a study's total.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--silver", type=Path, required=True)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    documents = list(examples(options.data, options.silver))
    held_out = [d for d in documents if d.held_out]
    known = {re.sub(r"^(?:pico|ctro)-", "", d.name) for d in held_out}
    taught = [d for d in documents if not d.held_out and d.name not in known]
    if options.folds:
        counts: Counter[str] = Counter()
        for fold in range(FOLDS):
            weights = train([d for d in taught if _fold(d) != fold])
            counts += measure([d for d in taught if _fold(d) == fold], weights)
        print(json.dumps(dict(sorted(counts.items())), indent=1))
        return
    weights = train(taught)
    for part, rows in (("train", taught), ("dev", held_out)):
        print(part, json.dumps(dict(sorted(measure(rows, weights).items()))))
    rounded = {k: round(v, 2) for k, v in sorted(weights.items()) if abs(v) >= 0.005}
    OUT.write_text(json.dumps({"total": rounded}, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
