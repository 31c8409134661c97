"""Sets that mark words only: participants, interventions, outcomes, chemicals, diseases.

Which of our kinds of mentions answers which label of a set is said once, in its `Marks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.evaluation.figures import Figure, Macro, Match
from kg.evaluation.scores import DocumentScore
from kg.evaluation.spans import micro_figures, score_spans, span_figures
from kg.evaluation.views import Place, entities, mentions, overlap

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marks:
    """How a set that marks words is scored.

    ``kinds`` names each target with the set's labels and our kinds of mentions; ``stretches``, if
    given, returns the only parts of a text where the set marks anything.
    """

    kinds: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    stretches: Callable[[Json], list[Place]] | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        each = tuple(figure for target in self.kinds for figure in span_figures(target))
        if len(self.kinds) == 1:
            return each
        macro = Macro("macro_token", tuple(Match(f"{target}_token") for target in self.kinds))
        return (*each, *micro_figures(), macro)

    def score(self, document: Json, record: Json | None) -> DocumentScore:
        """Score one document."""
        score = DocumentScore(document["id"], document["text"])
        parts = self.stretches(document) if self.stretches is not None else None
        for target, (wanted, kinds) in self.kinds.items():
            ours = mentions(record, kinds)
            if parts is not None:
                ours = [place for place in ours if any(overlap(place, part) for part in parts)]
            micro = "micro" if len(self.kinds) > 1 else None
            score_spans(score, target, entities(document, wanted), ours, micro)
        return score


def _kinds(**each: tuple[str, str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        target: (frozenset(wanted.split()), frozenset(kinds.split()))
        for target, (wanted, kinds) in each.items()
    }


def find_results(document: Json) -> list[Place]:
    """Return where EvidenceOutcomes marks outcomes: from the sentence of the first one to the end.

    Only results and conclusions are annotated there, and not every text has headings; what stands
    before the first annotated sentence cannot be told from what was not looked at.
    """
    text = document["text"]
    starts = [entity["start"] for entity in document["entities"]]
    if not starts:
        return []
    first = min(starts)
    breaks = (text.rfind(sign, 0, first) for sign in (". ", ".\n", "\n"))
    return [(max(0, *breaks), len(text))]


EBM_NLP = Marks(
    _kinds(
        participants=("PARTICIPANTS", "population"),
        interventions=("INTERVENTIONS", "intervention comparator"),
        outcomes=("OUTCOMES", "outcome"),
    )
)
EVIDENCE_OUTCOMES = Marks(_kinds(outcomes=("Outcome", "outcome")), find_results)
BC5CDR = Marks(
    _kinds(
        chemicals=("Chemical", "chemical"),
        diseases=("Disease", "condition"),
    )
)
EVIDENCE_MAP = Marks(
    _kinds(
        participants=("Participant", "population condition"),
        interventions=("Intervention", "intervention comparator"),
        outcomes=("Outcome", "outcome"),
    )
)
