"""Train the weights of the design cues.

    python -m training.readings --data DATA --silver SILVER --to FOLDER
    python -m training.designs --data DATA --silver FOLDER

The declared weights of :mod:`kg.assembly.design_cues` are the prior, since the
annotated documents are mostly abstracts of trials and the pages to be read are not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

from kg.assembly.design_cues import DESIGNS, PRIOR
from kg.assembly.designs import alternatives, classify_design
from kg.assembly.studies import study_features
from training.documents import held_out, single_studies
from training.softmax import Choice, fit

STRENGTH = 6.0
#: Rare designs weigh more: (most frequent / frequency) to this power.
BALANCE = 0.15
OUT = Path(__file__).parents[1] / "kg" / "assembly" / "weights" / "designs.json"


def main() -> None:
    """Train on the training part, print the accuracy on both parts, write the weights."""
    parser = argparse.ArgumentParser(description="Fit the weights of the design cues.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="silver documents and readings")
    options = parser.parse_args()
    data = [
        (measured, study_features(reading), study["design"])
        for _, measured, reading, study in single_studies(options.silver, held_out(options.data))
    ]
    frequency = Counter(design for measured, _, design in data if not measured)
    top = max(frequency.values())
    choices = [
        Choice(
            alternatives(features), {DESIGNS.index(design)}, (top / frequency[design]) ** BALANCE
        )
        for measured, features, design in data
        if not measured
    ]
    prior = {f"{design}|{cue}": w for design, cues in PRIOR.items() for cue, w in cues.items()}
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for name, weight in sorted(fit(choices, prior, STRENGTH).items()):
        if abs(weight) >= 0.01:
            design, cue = name.split("|", 1)
            table[design][cue] = round(weight, 2)
    for part in (False, True):
        rows = [(f, d) for measured, f, d in data if measured is part]
        hits = sum(classify_design(f, table) == d for f, d in rows)
        print(f"{'dev' if part else 'train'}: {hits}/{len(rows)} designs")
    OUT.write_text(json.dumps(table, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
