"""How well ``kg check`` finds the oddities that readers noted, and how many of its alarms are false.

    python -m benchmarks.checks [SHARED] [--built FOLDER]... [--unread] [--write]

Three runs: on the annotated numbers of the pages themselves (apart from any extraction), and on
whatever builds are named. ``checks_oddities.json`` lists the noted oddities that a computation can
see, with the checks that count as finding them; ``checks_verdicts.json`` what a person who read each
alarm beside its text said of it: "right", or why not. ``--unread`` lists alarms without a verdict,
``--write`` puts the tables into docs/checks.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.gold_records import read_gold
from benchmarks.report import REPOSITORY, put
from kg.output import Records
from kg.records import Record
from kg.show.findings import Told, findings_of
from kg.statistics.catalogue import CATALOGUE
from kg.statistics.checks import check_record

HERE = Path(__file__).parent
PAGE = REPOSITORY / "docs" / "checks.md"
#: Pages with oddities: files of annotations, folder of texts.
PAGES = (
    ("seeds/gold.jsonl", "seeds"),
    ("vitamindwiki/gold.jsonl", "vitamindwiki"),
    ("silver/annotations-*.jsonl", "silver/docs"),
)


@dataclass
class Run:
    """What the checks said of one collection; findings are counted once a document."""

    name: str
    documents: int = 0
    effects: int = 0
    intervals: int = 0
    told: list[Told] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, record: Record) -> None:
        """Check one record, unless its text was checked before."""
        if record.document.sha256 in self.seen:
            return
        self.seen.add(record.document.sha256)
        effects = [effect for study in record.studies for effect in study.effects]
        self.documents += 1
        self.effects += len(effects)
        self.intervals += sum(effect.ci_low is not None for effect in effects)
        self.told += {key_of(told): told for told in findings_of(check_record(record))}.values()

    @property
    def alarms(self) -> list[Told]:
        """Findings that are more than information."""
        return [told for told in self.told if told.severity != "info"]


def to_markdown(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table of any cells."""
    return report.to_markdown(columns, [[str(cell) for cell in row] for row in rows])


def key_of(told: Told) -> str:
    """Return what names a finding in the list of verdicts: document, code, first numbers."""
    numbers = re.findall(r"\d+(?:[.·]\d+)?", told.message)[:3]
    return f"{Path(told.document).stem[:40]}|{told.code}|{' '.join(numbers)}"


def find_oddities(shared: Path) -> tuple[Run, dict[str, list[str]]]:
    """Check the annotated numbers of every page; also return the oddities noted on each page."""
    run = Run("annotated numbers")
    noted: dict[str, list[str]] = {}
    for pattern, texts in PAGES:
        files = sorted((shared / "corpora").glob(pattern))
        for record, oddities in read_gold(files, shared / "corpora" / texts):
            run.add(record)
            noted[record.document.path] = [f"{o['quote']} {o['problem']}" for o in oddities]
    return run, noted


def expect(noted: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the oddities that a computation can see; each must be one that a reader noted."""
    expected: list[dict[str, Any]] = json.loads((HERE / "checks_oddities.json").read_text())
    for item in expected:
        there = [text for doc, texts in noted.items() if doc.startswith(item["doc"]) for text in texts]  # fmt: skip
        if there and not any(item["of"] in text for text in there):
            raise SystemExit(f"checks_oddities.json: nobody noted {item['of']!r} of {item['doc']}")
    return expected


def finds(run: Run, item: dict[str, Any]) -> bool:
    """Tell whether a run found an oddity."""
    return any(
        told.code in item["codes"] and Path(told.document).name.startswith(item["doc"])
        for told in run.told
    )


def tables(runs: list[Run], noted: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield the name and Markdown of each table of the documentation."""
    expected = expect(noted)
    verdicts: dict[str, str] = json.loads((HERE / "checks_verdicts.json").read_text())
    rows: list[tuple[object, ...]] = []
    for run in runs:
        marks = Counter(verdicts.get(key_of(told), "unread") == "right" for told in run.alarms)
        wrong = sum(verdicts.get(key_of(t), "right") != "right" for t in run.alarms)
        unread = sum(key_of(t) not in verdicts for t in run.alarms)
        share = f"{wrong / len(run.alarms):.1%}" if run.alarms else "–"
        rows.append((
            run.name, run.documents, run.effects, run.intervals, len(run.alarms), marks[True], wrong, unread, share,
            f"{wrong / max(1, run.effects):.3%}", len(run.told) - len(run.alarms),
        ))  # fmt: skip
    heads = ("run", "documents", "effects", "with interval", "alarms", "right", "false", "unread",
             "false of alarms", "false of effects", "infos")  # fmt: skip
    yield "alarms", to_markdown(heads, rows)
    found = [item for item in expected if any(finds(run, item) for run in runs)]
    by_gold = [item for item in expected if finds(runs[0], item)]
    built = [item for item in expected if any(finds(run, item) for run in runs[1:])]
    total = sum(map(len, noted.values()))
    yield "recall", to_markdown(
        ("oddities noted", "a computation can see", "found", "share", "from annotated numbers", "from built records"),
        [(total, len(expected), len(found), f"{len(found) / len(expected):.2f}", len(by_gold), len(built))],
    )  # fmt: skip
    missed = [item for item in expected if item not in found]
    yield "missed", to_markdown(("page", "noted", "check"), [(i["doc"], i["of"], ", ".join(i["codes"])) for i in missed])  # fmt: skip
    counts = Counter((told.code, told.severity) for run in runs for told in run.told)
    yield "codes", to_markdown(
        ("check", "error", "warning", "info"),
        [(code, *(counts[code, s] or "" for s in ("error", "warning", "info"))) for code in CATALOGUE],
    )  # fmt: skip


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("shared", nargs="?", type=Path, default=REPOSITORY.parent / "shared")
    parser.add_argument("--built", action="append", default=[], type=Path, metavar="FOLDER")
    parser.add_argument("--unread", action="store_true", help="list alarms without a verdict")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/checks.md")
    options = parser.parse_args(None if arguments is None else list(arguments))
    gold, noted = find_oddities(options.shared)
    built = Run("built records")
    for folder in options.built:
        for record in Records(folder):
            built.add(record)
    runs = [gold, *([built] if options.built else [])]
    if options.unread:
        verdicts = json.loads((HERE / "checks_verdicts.json").read_text())
        for told in {key_of(t): t for run in runs for t in run.alarms}.values():
            if key_of(told) not in verdicts:
                quote = " ".join(told.quote.split())[:300]
                print(f"{key_of(told)}\n  {told.message}\n  {quote}\n")
        return
    for name, table in tables(runs, noted):
        print(f"{name}\n\n{table}\n")
        if options.write:
            put(PAGE, f"checks-{name}", table)


if __name__ == "__main__":
    main(sys.argv[1:])
