"""What is aimed at, set by set: the published figure, our floor and our goal, and the figure of ours.

Published figures are those that the sets' papers or re-runs give; where their way of counting
differs from ours, `note` says how. Floor and goal were set before the work began.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One row: `figure` is a path as ``kg evaluate --require`` takes it (``outcome_exact.f1``)."""

    about: str
    set: str
    figure: str
    published: str
    floor: float
    goal: float
    note: str = ""

    @property
    def label(self) -> str:
        """What a reader calls the row."""
        return f"{self.about}" if not self.note else f"{self.about} ({self.note})"


_EXACT, _OVERLAP = "exact micro F1", "overlap micro F1"
_ELEMENTS = {
    "drug": ".91 / .90", "dose": ".91 / .87", "unit": "", "frequency": ".94 / .92", "route": "",
    "duration": "",
}  # fmt: skip

TARGETS: tuple[Target, ...] = (
    Target(
        "participants, interventions, outcomes: token macro F1", "ebm_nlp", "macro_token",
        ".73–.74", 0.69, 0.75,
    ),
    Target(
        f"intervention, control, outcome: {_EXACT}", "pico_corpus", "micro_exact.f1", ".68–.73",
        0.64, 0.75,
    ),
    Target(
        f"intervention, control, outcome: {_OVERLAP}", "pico_corpus", "micro_relaxed.f1", "–",
        0.85, 0.90,
    ),
    *(
        Target(
            f"arm values in the right arm: {name}", "pico_corpus", f"{figure}.{part}", ".80–.88",
            0.85, 0.93, note,
        )
        for figure, note in (
            ("arm_values_right_arm", ""), ("arm_values_unsigned_right_arm", "sign forgiven"),
        )
        for name, part in (("P", "p"), ("R", "r"))
    ),
    Target(
        "ratio with interval and p: F1", "clerx", "ratios_with_interval_and_p.f1",
        ".90–.96, ratio alone", 0.95, 0.98,
    ),
    Target(
        "ratio, explanatory variable, outcome, end to end: Jaccard", "clerx", "relations",
        ".35–.44", 0.50, 0.65,
    ),
    Target("outcome, arm, value, joint: F1", "rct_art", "joint_strict.f1", ".735", 0.70, 0.78),
    Target("table rows, strict: F1", "rct_art", "rows_strict.f1", ".670", 0.62, 0.72),
    Target("table rows, relaxed: F1", "rct_art", "rows_relaxed.f1", ".807", 0.78, 0.85),
    *(
        Target(f"{element}: {name}", "ctro", f"{element}.{part}", published or "–", 0.88, 0.95)
        for element, published in _ELEMENTS.items()
        for name, part in (("P", "p"), ("R", "r"))
    ),
    Target(
        "templates (arm, end point, value, difference, p): slot F1", "ctro", "template_slots.f1",
        ".41–.47; .55–.64", 0.50, 0.65,
    ),
    Target(
        "direction given the question, macro F1", "evidence_inference", "macro_f1",
        ".78, full text", 0.68, 0.80,
    ),
    Target(
        "direction given the question, macro F1", "evidence_inference_exhaustive", "macro_f1", "–",
        0.68, 0.80,
    ),
    Target("total participants", "pico_corpus", "total_participants", ".94", 0.94, 0.97),
    Target("total participants", "ctro", "n_participants_acc", "–", 0.94, 0.97),
    Target("total participants", "silver", "sample_size_acc", "–", 0.94, 0.97),
    Target("arms' participants: R", "pico_corpus", "arm_participants.r", ".85–.88", 0.85, 0.92),
    Target("arms' participants: R", "ctro", "arm_participants.r", "–", 0.85, 0.92),
    Target("groups' participants: R", "silver", "population_n_recall", "–", 0.85, 0.92),
    Target("study design", "silver", "design_acc", "–", 0.92, 0.96),
    Target(
        "effects fully linked", "posts", "full_recall", ".89, a large language model", 0.80, 0.92,
    ),
    Target("effects fully linked", "silver", "full_recall", "–", 0.80, 0.92),
    Target(
        "2×2 counts of a comparison, all exact", "llm_meta_analysis", "binary_exact",
        ".655, GPT-4, test part", 0.655, 0.655,
    ),
    Target(
        "means, SDs, sizes of a comparison, all exact", "llm_meta_analysis", "continuous_exact",
        ".487, GPT-4, test part", 0.487, 0.487,
    ),
    Target("chemicals, exact: F1", "bc5cdr", "chemicals_exact.f1", ".93", 0.88, 0.91),
    Target("diseases, exact: F1", "bc5cdr", "diseases_exact.f1", ".86", 0.81, 0.85),
)  # fmt: skip
