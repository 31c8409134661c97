"""Train which count of a text is the study's total: ``python training/participants.py SILVER``.

SILVER is the folder of the silver annotation (see :mod:`silver`); its development part is only
measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from silver import is_dev, single_studies
from softmax import Choice, fit

from kg.assembly.participant_words import PRIOR
from kg.assembly.participants import choose_total, find_candidates
from kg.assembly.studies import study_stretches

STRENGTH = 2.0
#: Weight of a text whose annotator gave no total: some do state one.
NONE_WEIGHT = 0.4
OUT = Path(__file__).parents[1] / "kg" / "assembly" / "weights" / "participants.json"


def main() -> None:
    """Train on the training part, print the accuracy on both parts, write the weights."""
    data = []
    for name, reading, study in single_studies(Path(sys.argv[1])):
        stretches, zones = study_stretches(reading)
        candidates = find_candidates(reading.view.text, stretches, zones)
        data.append((name, candidates, study.get("sample_size")))
    choices = []
    for name, candidates, total in data:
        if is_dev(name) or not candidates:
            continue
        alternatives = [sorted(c.features) for c in candidates] + [["none"]]
        right = next((i for i, c in enumerate(candidates) if c.value == total), None)
        if total is not None and right is None:
            continue
        if right is None:
            choices.append(Choice(alternatives, len(candidates), NONE_WEIGHT))
        else:
            choices.append(Choice(alternatives, right))
    weights = fit(choices, PRIOR, STRENGTH)
    for part, keep in (("train", False), ("dev", True)):
        rows = [(c, n) for name, c, n in data if is_dev(name) is keep]
        stated = [(c, n) for c, n in rows if n]
        found = [choose_total(c, weights) for c, _ in stated]
        hits = sum(f is not None and f.value == n for f, (_, n) in zip(found, stated, strict=True))
        none = [choose_total(c, weights) is None for c, n in rows if not n]
        print(
            f"{part}: {hits}/{len(stated)} totals, {sum(none)}/{len(none)} without one left without"
        )
    rounded = {k: round(v, 2) for k, v in sorted(weights.items()) if abs(v) >= 0.005}
    OUT.write_text(json.dumps({"total": rounded}, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
