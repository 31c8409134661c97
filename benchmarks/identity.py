"""How well studies are recognised by their numbers, and outcomes by their names.

    python -m benchmarks.identity ../shared BUILD

BUILD is ``kg build ../shared/corpora/silver/docs -o BUILD``. Each abstract was read twice: by this
program and by a person (the silver annotation). Both readings become reports without title, author or
identifier; those of one text should be one study by their numbers alone, those of two texts never.
Outcome names: the pairs of ``tests/outcomes/pairs.tsv``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.identity import Identities
from kg.outcomes import lookup_outcome, outcome_key, same_outcome
from kg.output import Records
from kg.records import Document, Effect, Intervention, Outcome, Record, Span, Study
from kg.study_profile import identity_lines, profiles_of

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "outcomes" / "pairs.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("build", type=Path)
    arguments = parser.parse_args()
    studies(arguments.shared, arguments.build)
    outcomes()


def studies(shared: Path, build: Path) -> None:
    """Print how many pairs of readings are merged rightly and wrongly."""
    by_name = {Path(record.document.path).name: record for record in Records(build)}
    readings: dict[str, tuple[Record, Record]] = {}
    for name, annotated in _annotations(shared):
        if name in by_name and by_name[name].studies and annotated["studies"]:
            first = _bare(f"program {name}", by_name[name].studies[0])
            readings[name] = first, _of_person(f"person {name}", annotated["studies"][0])
    records = [record for pair in readings.values() for record in pair]
    found = Identities.of(records)
    owner = {
        profile.report: name
        for name, pair in readings.items()
        for record in pair
        for profile in profiles_of(record)
    }
    matches = {match for report in owner for match in found.matches(report)}
    same = [match for match in matches if match.same]
    right = {owner[match.first] for match in same if owner[match.first] == owner[match.second]}
    wrong = sum(owner[match.first] != owner[match.second] for match in same)
    able = {
        name
        for name, pair in readings.items()
        if len(set.intersection(*(set(next(profiles_of(r)).results) for r in pair))) >= 2
    }
    lines = sum(len(line) for record in records for line in identity_lines(record))
    print(
        f"texts read twice: {len(readings)}; pairs of reports: {len(records) * (len(records) - 1) // 2:,}"
    )
    print(f"merged rightly: {len(right)}; wrongly: {wrong}")
    print(f"with two equal results or more: {len(able)}, merged of them: {len(right & able)}")
    print(f"bytes of identity lines a report: {lines // max(1, len(records))}")


def outcomes() -> None:
    """Print precision and recall on the judged pairs of outcome names."""
    counts: dict[tuple[str, bool, bool], int] = {}
    with PAIRS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            keys = [outcome_key(row[name], lookup=lookup_outcome) for name in ("one", "other")]
            key = row["set"], same_outcome(keys[0], keys[1]), row["judgement"] == "same"
            counts[key] = counts.get(key, 0) + 1
    for part in ("first", "second"):
        right, wrong, missed = (
            counts.get((part, *kind), 0) for kind in ((True, True), (True, False), (False, True))
        )
        print(
            f"outcome names, {part} set: precision {right / (right + wrong):.3f} ({right}/{right + wrong}),"
            f" recall {right / (right + missed):.3f} ({right}/{right + missed})"
        )


def _annotations(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((shared / "corpora" / "silver").glob("annotations-*.jsonl")):
        with file.open(encoding="utf-8") as stream:
            for line in stream:
                annotated = json.loads(line)
                yield annotated["doc"], annotated


def _bare(name: str, study: Study) -> Record:
    """Return a record of a study without what names it."""
    nameless = {"title": None, "doi": None, "pmid": None, "registry_ids": (), "authors": (), "year": None,
                "label": name, "part_of": None, "evidence": ()}  # fmt: skip
    return Record.model_construct(
        document=_document(name), studies=(study.model_copy(update=nameless),), mentions=(),
        concepts=(), notices=(),
    )  # fmt: skip


def _of_person(name: str, study: dict[str, Any]) -> Record:
    size = study.get("sample_size")
    made = Study.model_construct(
        id="s", label=name, kind="report", part_of=None, design=study.get("design", "other"), title=None,
        doi=None, pmid=None, registry_ids=(), authors=(), year=None, evidence=(), populations=(),
        n_participants=int(size) if isinstance(size, int | float) else None,
        interventions=tuple(
            Intervention(id=item["id"], label=item.get("name") or "", role="intervention")
            for item in study.get("interventions", ()) if item.get("role") != "comparator"
        ),
        outcomes=tuple(
            Outcome(id=item["id"], label=item.get("name") or "") for item in study.get("outcomes", ())
        ),
        effects=tuple(_effects(study)),
    )  # fmt: skip
    return Record.model_construct(
        document=_document(name), studies=(made,), mentions=(), concepts=(), notices=()
    )


def _effects(study: dict[str, Any]) -> Iterator[Effect]:
    place = (Span(start_char=0, end_char=1, text="x"),)
    for number, item in enumerate(study.get("effects", ())):
        value, low, high, sd, events, total = (
            found if isinstance(found := item.get(name), int | float) else None
            for name in ("value", "ci_low", "ci_high", "sd", "count", "denominator")
        )
        if value is not None:
            yield Effect(
                id=f"e{number}", measure="mean", value=value, ci_low=low, ci_high=high, sd=sd,
                events=None if events is None else int(events),
                total=None if total is None else int(total), evidence=place,
            )  # fmt: skip


def _document(name: str) -> Document:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Document(id=f"doc-{digest[:12]}", path=name, sha256=digest, format="text", text="x")


if __name__ == "__main__":
    main()
