"""``python -m training.lexicon count|build|compile|check SHARED``: see docs/terminology.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.terminology.index import Terminology
from kg.terminology.sources import join_entries
from kg.terminology.verify import WRONG, verify
from training.lexicon.build import LEXICON, PACKAGED, build, compile_lexicon, read_lexicon
from training.lexicon.count import count
from training.lexicon.dictionary import write_drugs
from training.lexicon.tables import full_layer, read_tables


def main() -> int:
    """Run one step; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.lexicon", description=__doc__)
    parser.add_argument("step", choices=("count", "build", "compile", "check"))
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="data and tables")
    parser.add_argument("--work", type=Path, default=Path("build/lexicon"), help="what is counted")
    arguments = parser.parse_args()
    tables, work = arguments.shared / "terminology", arguments.work
    if arguments.step == "compile":
        print(f"{len(compile_lexicon())} concepts in {PACKAGED}")
        return 0
    work.mkdir(parents=True, exist_ok=True)
    if arguments.step == "check":
        raw = Terminology.build(join_entries(read_tables(tables)), "tables")
        findings = list(verify(read_lexicon(), [raw]))
        wrong = [finding for finding in findings if finding.verdict in WRONG]
        for finding in wrong:
            print(finding.entry.id, finding.entry.label, finding.curie, finding.known_as, sep="\t")
        print(f"{len(findings)} ids, {len(wrong)} wrong", file=sys.stderr)
        return 1 if wrong else 0
    full = full_layer(tables, work / "full.npz")
    if arguments.step == "count":
        count(arguments.shared, full, work)
        write_drugs(work)
        return 0
    raw = Terminology.build(join_entries(read_tables(tables)), "tables")
    for note in build(work, full, raw):
        print(note)
    print(f"{LEXICON}: {len(read_lexicon())} concepts", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
