"""A question to the graph, and what one effect must be to answer it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.combinations import INERT
from kg.effects import EffectRow
from kg.identity import fold

#: Designs that report no results of their own.
_NO_RESULTS = frozenset({"review", "guideline", "protocol"})
#: Words that turn the name of a substance into that of its lack.
_LACK = frozenset(
    {"deficiency", "deficient", "insufficiency", "insufficient", "depletion", "low", "lowest"}
)
#: What the contrasts of :class:`kg.records.Effect` are called to a person.
CONTRAST_WORDS = {
    "between_groups": "compares groups", "association": "an association", "before_after": "before against after",
    "single_arm": "of one group", "": "compares nobody knows what",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What to select. ``None`` and ``""`` leave a choice open: the one with most studies is taken.

    ``contrast`` is as in :class:`kg.records.Effect`, or ``"any"``. ``without`` are labels or ends of
    effect IRIs to pass over. ``baseline_risk`` allows odds ratios to become risk ratios.
    """

    intervention: str
    outcome: str
    measure: str | None = None
    unit: str = ""
    contrast: str = ""
    design: str = ""
    comparator: str = ""
    without: tuple[str, ...] = ()
    subgroups: bool = False
    combinations: bool = False
    syntheses: bool = False
    convert: bool = False
    baseline_risk: float | None = None
    least_confidence: float = 0.0

    @property
    def title(self) -> str:
        """The question in words."""
        return f"{self.intervention} and {self.outcome}"


def objection(row: EffectRow, question: Question) -> str | None:
    """Return why an effect does not answer a question, in words; ``None`` if it may."""
    asked = set(fold(question.intervention).split())
    if row.reported_as != "result":
        return "a hypothesis" if row.reported_as == "hypothesis" else "told of earlier work"
    if row.design in _NO_RESULTS:
        return f"a {row.design} has no results of its own"
    if any(row.effect.endswith(name) or fold(name) == fold(row.study) for name in question.without):
        return "passed over as asked"
    if question.design and question.design not in row.design:
        return f"a {row.design}"
    lack = _LACK.intersection(fold(row.intervention).split()) - asked
    if lack:
        return f"about {row.intervention}, not {question.intervention}"
    given_with = [part for part in fold(row.intervention).split(" + ") if part not in INERT]
    if len(given_with) > 1 and not question.combinations and "+" not in question.intervention:
        return f"given together: {row.intervention} (--combinations takes it)"
    if row.comparator and fold(question.intervention) in fold(row.comparator):
        return f"compares it with itself: {row.comparator}"
    if question.comparator and fold(question.comparator) not in fold(row.comparator or ""):
        return f"against {row.comparator or 'an unnamed comparator'}"
    if row.subgroup and not question.subgroups:
        return f"of a subgroup: {row.subgroup} (--subgroups takes it)"
    if row.timepoint and fold(row.timepoint).removeprefix("at ").startswith(("baseline", "before")):
        return "at baseline"
    if row.confidence is not None and row.confidence < question.least_confidence:
        return f"its link has a confidence of {row.confidence:g}"
    return None


def contrast_of(row: EffectRow) -> str:
    """Return what an effect compares; groups that differ by an exposure are an association."""
    contrast = row.contrast or ""
    return "association" if contrast == "between_groups" and row.exposure else contrast
