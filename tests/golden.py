"""What the program says of the sample corpus, as text that a person can compare.

``python -m tests.golden`` prints what has changed since the file beside this one was accepted;
``python -m tests.golden --accept`` accepts it. Golden is not gold: it is what was said, not what is
true.
"""

from __future__ import annotations

import difflib
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.build import BuildOptions, build
from kg.describe import labels_of, say_effect
from kg.output import Records
from kg.records import Record

REPOSITORY = Path(__file__).resolve().parent.parent
FILE = Path(__file__).with_name("golden.txt")


def tell(records: Iterable[Record]) -> Iterator[str]:
    """Yield a line a study, effect, dose, regimen, recommendation and notice, without ids and offsets."""
    for record in records:
        yield f"# {record.document.path}"
        for study in record.studies:
            facts = [study.kind, study.design, study.doi, study.pmid, study.year]
            facts += [f"n={study.n_participants}", f"studies={study.n_studies}"]
            yield f"study {' | '.join(str(fact) for fact in facts)}"
            for population in study.populations:
                yield f"  population {_line(population.label)} n={population.n}"
            labels = labels_of(study)
            for dose in study.doses:
                given = labels.get(dose.intervention or "", "?")
                per_day = f"{dose.per_day_low}-{dose.per_day_high} a day"
                yield _line(
                    f"  dose {given}: {dose.low}-{dose.high} {dose.unit} {dose.frequency}"
                    f" {dose.route} {dose.duration} ({per_day})"
                )
            for regimen in study.regimens:
                given = labels.get(regimen.intervention or "", "?")
                yield _line(
                    f"  regimen {given}: {regimen.frequency} {regimen.route} {regimen.duration}"
                )
            for effect in study.effects:
                repaired = " repaired" if effect.repairs else ""
                yield _line(f"  effect {say_effect(effect, study)}{repaired}")
            yield f"  recommendations {len(study.recommendations)}"
        for notice in record.notices:
            yield f"notice {notice.code}"


def _line(text: str) -> str:
    return text[: len(text) - len(text.lstrip())] + " ".join(text.split())


def build_corpus(out: Path) -> None:
    """Build the sample corpus under the paths that a person would use."""
    report = build(["corpus"], out, BuildOptions())
    if report.failures:
        raise SystemExit(f"documents failed: {report.failures}")


def main() -> int:
    """Print the difference; accept it if asked to."""
    with tempfile.TemporaryDirectory() as folder:
        build_corpus(Path(folder) / "out")
        now = [f"{line}\n" for line in tell(Records(Path(folder) / "out"))]
    before = FILE.read_text(encoding="utf-8").splitlines(keepends=True) if FILE.exists() else []
    changed = list(difflib.unified_diff(before, now, "accepted", "now", n=0))
    sys.stdout.writelines(changed)
    if "--accept" in sys.argv:
        FILE.write_text("".join(now), encoding="utf-8")
        print(f"accepted: {len(now)} lines")
        return 0
    print(f"{len(changed)} lines of difference" if changed else "as accepted")
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main())
