"""How far two readers of one abstract agree: what no extraction measured on such readings can pass.

    python -m training.agreement --data DATA --silver SILVER

Documents of the silver set that were read a second time, without a look at the first reading
(:mod:`training.readings`), are scored against the first as if a build had read them.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from kg.evaluation import evaluate_pages
from kg.evaluation.labels import to_direction, to_family
from training.documents import silver
from training.readings import abstracts, readings, unpacked

Json = dict[str, Any]
_LINKS = ("intervention", "comparator", "outcome", "population")
_FIGURES = (
    "effects_gold", "numbers_recall", "numbers_precision_in_annotated_sentences", "measure_ok_of_hit",
    "outcome_ok_of_hit", "intervention_ok_of_hit", "comparator_ok_of_hit", "direction_ok_of_hit", "full_recall",
    "told_without_number_recall", "design_acc", "sample_size_acc",
)  # fmt: skip


def to_record(reading: Json, text: str) -> Json:
    """Return a reading in the shape of a build's record, as far as the scorer looks at it."""
    return {
        "document": {"path": reading["doc"], "text": text, "doi": None},
        "studies": [_study(study, text) for study in reading["studies"]],
    }


def _study(study: Json, text: str) -> Json:
    return {
        "design": study.get("design"),
        "n_participants": study.get("sample_size"),
        "doi": None,
        "interventions": [{"id": i["id"], "label": i["name"]} for i in study["interventions"]],
        "outcomes": [{"id": o["id"], "label": o["name"]} for o in study["outcomes"]],
        "populations": [{"id": p["id"], "n": p.get("n")} for p in study["populations"]],
        "arms": [],
        "doses": [],
        "effects": [_effect(effect, text) for effect in study["effects"]],
    }


def _effect(effect: Json, text: str) -> Json:
    start = text.index(effect["quote"])
    span = {"start_char": start, "end_char": start + len(effect["quote"]), "text": effect["quote"]}
    p = re.search(r"\d*\.\d+|\d+", effect.get("p") or "")
    return {
        **{key: effect.get(key) for key in (*_LINKS, "value", "ci_low", "ci_high")},
        "measure": to_family(effect["measure"]),
        "direction": to_direction(effect["direction"]),
        "p_value": float(p.group()) if p else None,
        "evidence": [span],
    }


def main() -> None:
    """Print how far second readings agree with the first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated sets")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver set")
    options = parser.parse_args()
    texts = abstracts(options.data)
    first = {annotation["doc"]: annotation for annotation in silver(options.silver)}
    again = [r for r in readings() if r["doc"] in first]
    records = [to_record(unpacked(r, texts[r["doc"]]), texts[r["doc"]]) for r in again]
    scores = evaluate_pages([first[r["doc"]] for r in again], records).to_json()
    print(f"{len(again)} documents read twice")
    for name in _FIGURES:
        value = scores[name]
        print(f"{name:42}{value:.3f}" if isinstance(value, float) else f"{name:42}{value}")


if __name__ == "__main__":
    main()
