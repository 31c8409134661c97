"""What a clause leaves out because it was told before."""

from __future__ import annotations

import pytest

from kg.assembly.ellipsis import is_bare
from kg.assembly.phrase import Phrase
from kg.extract import make_extractor
from kg.readers import read_bytes

Named = tuple[str | None, str | None]


def named_in(said: str) -> dict[float | None, Named]:
    page = f"# Coffee and diabetes: a cohort study\n\nWe followed 2,000 adults for five years.\n{said}\n"
    study = make_extractor()(read_bytes(page.encode(), "page.md")).studies[0]
    names = {i.id: i.label for i in (*study.interventions, *study.outcomes)}
    return {e.value: (names.get(e.intervention or ""), names.get(e.outcome or "")) for e in study.effects}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "value", "named"),
    [
        (
            "C-reactive protein fell with coffee (SMD -0.35; 95% CI -0.62 to -0.08), as did fasting glucose (SMD -0.58; 95% CI -0.91 to -0.25).",
            -0.58, ("coffee", "fasting glucose"),
        ),
        (
            "Smoking was associated with diabetes (OR 2.27, 95% CI 1.31-3.93), whereas use of aspirin was not (OR 1.19, 95% CI 0.70-2.02).",
            1.19, ("aspirin", "diabetes"),
        ),
        (
            "Obesity was associated with diabetes (OR 2.27, 95% CI 1.31-3.93). Low folate showed no association (OR 1.06; 95% CI 0.64-1.76).",
            1.06, ("Low folate", "diabetes"),
        ),
        (
            "Coffee was associated with diabetes (HR 0.80, 95% CI 0.70-0.90). Smoking increased the odds too (OR 1.46, 95% CI 1.03-2.07).",
            1.46, ("Smoking", "diabetes"),
        ),
        (
            "Diabetes occurred in 120 adults. The hazard ratio for coffee versus tea was 0.72 (95% CI 0.60-0.86).",
            0.72, ("Coffee", "Diabetes"),
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_was_told_before(said: str, value: float, named: Named) -> None:
    found = named_in(said)[value]
    assert tuple((name or "").lower() for name in found) == tuple((n or "").lower() for n in named)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("odds too", True), ("highest quartile", True), ("1,200 IU", True), ("6 h compared", True),
        ("A1C", False), ("1,5-anhydroglucitol", False), ("MS", False), ("25(OH)D", False), ("6-minute walk", False),
    ],
)  # fmt: skip
def test_bare_names_say_how_often_but_not_what(name: str, bare: bool) -> None:
    assert is_bare(Phrase(0, len(name), name, name, 0, 0, 1, 0, (0.0,) * 5)) is bare
