"""Train the weights of the design cues: ``python -m training.designs SILVER``.

The declared weights of :mod:`kg.assembly.design_cues` are the prior, since the
annotated documents are mostly abstracts of trials and the pages to be read are not.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from kg.assembly.design_cues import DESIGNS, PRIOR
from kg.assembly.designs import alternatives, classify_design
from kg.assembly.studies import study_features
from training.silver import single_studies
from training.softmax import Choice, fit
from training.splits import is_dev

STRENGTH = 6.0
#: Rare designs weigh more: (most frequent / frequency) to this power.
BALANCE = 0.3
OUT = Path(__file__).parents[1] / "kg" / "assembly" / "weights" / "designs.json"


def main() -> None:
    """Train on the training part, print the accuracy on both parts, write the weights."""
    data = [
        (name, study_features(reading), study["design"])
        for name, reading, study in single_studies(Path(sys.argv[1]))
    ]
    frequency = Counter(design for name, _, design in data if not is_dev(name))
    top = max(frequency.values())
    choices = [
        Choice(
            alternatives(features), {DESIGNS.index(design)}, (top / frequency[design]) ** BALANCE
        )
        for name, features, design in data
        if not is_dev(name)
    ]
    prior = {f"{design}|{cue}": w for design, cues in PRIOR.items() for cue, w in cues.items()}
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for name, weight in sorted(fit(choices, prior, STRENGTH).items()):
        if abs(weight) >= 0.01:
            design, cue = name.split("|", 1)
            table[design][cue] = round(weight, 2)
    for part in (False, True):
        rows = [(f, d) for n, f, d in data if is_dev(n) is part]
        hits = sum(classify_design(f, table) == d for f, d in rows)
        print(f"{'dev' if part else 'train'}: {hits}/{len(rows)} designs")
    OUT.write_text(json.dumps(table, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
