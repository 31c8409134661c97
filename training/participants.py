"""Train which count of a text is the study's total: ``python training/participants.py SILVER``.

SILVER is the folder of annotated documents (``annotations-*.jsonl`` and ``docs/``). Documents whose
name's SHA-256 starts with a byte below 51 are the development set and are only measured.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from softmax import Choice, fit

from kg.assembly.participants import choose_total, find_candidates
from kg.assembly.studies import study_stretches
from kg.readers import read

STRENGTH = 1.0
OUT = Path(__file__).parents[1] / "kg" / "assembly" / "weights" / "participants.json"


def is_dev(name: str) -> bool:
    """Whether a document belongs to the development set."""
    return hashlib.sha256(name.encode()).digest()[0] < 51


def examples(silver: Path) -> list[tuple[str, list[Any], int | None]]:
    """Return name, candidates and annotated total of the documents with one study."""
    found = []
    for path in sorted(silver.glob("annotations-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            if len(document["studies"]) != 1:
                continue
            reading = read(silver / "docs" / document["doc"])
            stretches, zones = study_stretches(reading)
            candidates = find_candidates(reading.view.text, stretches, zones)
            found.append((document["doc"], candidates, document["studies"][0].get("sample_size")))
    return found


def main() -> None:
    """Train on the training part, print the accuracy on both parts, write the weights."""
    data = examples(Path(sys.argv[1]))
    choices = []
    for name, candidates, total in data:
        if is_dev(name) or not candidates:
            continue
        alternatives = [sorted(c.features) for c in candidates] + [["none"]]
        right = next((i for i, c in enumerate(candidates) if c.value == total), None)
        if total is not None and right is None:
            continue
        choices.append(Choice(alternatives, len(candidates) if right is None else right))
    weights = fit(choices, {}, STRENGTH)
    for part, keep in (("train", False), ("dev", True)):
        rows = [(c, n) for name, c, n in data if is_dev(name) is keep]
        stated = [(c, n) for c, n in rows if n]
        found = [choose_total(c, weights) for c, _ in stated]
        hits = sum(f is not None and f.value == n for f, (_, n) in zip(found, stated, strict=True))
        none = [choose_total(c, weights) is None for c, n in rows if not n]
        print(f"{part}: {hits}/{len(stated)} totals, {sum(none)}/{len(none)} without one left without")
    rounded = {k: round(v, 2) for k, v in sorted(weights.items()) if abs(v) >= 0.005}
    OUT.write_text(json.dumps({"total": rounded}, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
