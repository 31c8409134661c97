"""How well studies are found: ``python benchmarks/studies_on_silver.py SHARED [--misses]``.

SHARED holds ``corpora/silver``, ``corpora/seeds`` and ``corpora/vitamindwiki``. Of the silver
documents only the development part counts (SHA-256 of the name starts with a byte below 51).
A fact counts where the annotation states it; of several studies on a page any may match.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.assembly.studies import find_studies
from kg.assembly.study_reading import StudyReading
from kg.readers import read

FACTS = ("design", "n_participants", "n_studies", "title", "doi", "pmid", "year", "journal")


def silver_dev(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield path and annotation of the development documents."""
    for path in sorted(folder.glob("annotations-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if hashlib.sha256(document["doc"].encode()).digest()[0] < 51:
                yield folder / "docs" / document["doc"], document


def gold(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield path and annotation of a folder of annotated pages."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        yield folder / document["doc"], document


def plain(value: Any) -> str:
    """Return a value as it is compared: case and punctuation dropped."""
    return re.sub(r"[\W_]+", " ", str(value).lower()).strip()


def matches(fact: str, study: StudyReading, annotated: dict[str, Any]) -> bool:
    """Whether a study found states a fact as annotated; titles may lack the last words."""
    key = "sample_size" if fact == "n_participants" else fact
    found, wanted = plain(getattr(study, fact)), plain(annotated[key])
    return found == wanted or (
        fact in ("title", "journal") and len(found) > 3 and (wanted in found or found in wanted)
    )


def measure(documents: Iterator[tuple[Path, dict[str, Any]]], *, show: bool) -> dict[str, Any]:
    """Return per fact: right, annotated, share; and the studies found and annotated."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for path, document in documents:
        reading = read(path)
        begin = time.perf_counter()
        studies = find_studies(reading)
        seconds += time.perf_counter() - begin
        counts["documents"] += 1
        counts["studies found"] += len(studies)
        counts["studies annotated"] += len(document["studies"])
        counts["pages wrongly empty or full"] += bool(studies) != bool(document["studies"])
        for annotated in document["studies"]:
            for fact in FACTS:
                if annotated.get("sample_size" if fact == "n_participants" else fact) is None:
                    continue
                right = any(matches(fact, study, annotated) for study in studies)
                counts[f"{fact} annotated"] += 1
                counts[f"{fact} right"] += right
                if show and not right:
                    key = "sample_size" if fact == "n_participants" else fact
                    print(f"  {path.name[:50]}: {fact} {annotated[key]!r}", file=sys.stderr)
                    print(f"    found {[getattr(s, fact) for s in studies]}", file=sys.stderr)
            for population in annotated["populations"]:
                if population.get("n"):
                    sizes = {p.n for s in studies for p in s.populations}
                    counts["population n annotated"] += 1
                    counts["population n right"] += population["n"] in sizes
    result: dict[str, Any] = {
        name: counts[name]
        for name in (
            "documents",
            "studies found",
            "studies annotated",
            "pages wrongly empty or full",
        )
    }
    for fact in (*FACTS, "population n"):
        hits, total = counts[f"{fact} right"], counts[f"{fact} annotated"]
        result[fact] = f"{hits}/{total} {hits / total:.3f}" if total else "0/0"
    result["milliseconds a document"] = round(1000 * seconds / max(counts["documents"], 1), 1)
    return result


def main() -> None:
    """Print the figures of the silver development part and of the annotated pages."""
    shared, show = Path(sys.argv[1]), "--misses" in sys.argv
    corpora = shared / "corpora"
    figures = {
        "silver dev": measure(silver_dev(corpora / "silver"), show=show),
        "seeds": measure(gold(corpora / "seeds"), show=show),
        "vitamindwiki": measure(gold(corpora / "vitamindwiki"), show=show),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
