"""Differences that a comparative right behind them tells, alone and in lists."""

from __future__ import annotations

import pytest

from kg.numbers.estimates import find_statistics

Read = tuple[str | None, float | None, float | None, float | None]


def _read(text: str) -> list[Read]:
    statistics, _ = find_statistics(text)
    return [(s.measure, s.value, s.ci_low, s.ci_high) for s in statistics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mean systolic BP, diastolic BP and LDL-C was 3.3 (95% CI 0.3 to 6.3) mmHg, 2.3 mmHg (95% CI 0.5 to 4.2) "
            "and 0.3 mmol/L (95% CI 0.1 to 0.4) lower in the intervention group.",
            [("MD", -3.3, -6.3, -0.3), ("MD", -2.3, -4.2, -0.5), ("MD", -0.3, -0.4, -0.1)],
        ),
        (
            "Weight, waist and BMI were 2.1 kg, 3.4 cm and 0.8 kg/m2 lower with coaching.",
            [("MD", -2.1, None, None), ("MD", -3.4, None, None), ("MD", -0.8, None, None)],
        ),
        (
            "Scores were 1.2, 3.4 and 5.6 points higher with coaching.",
            [("MD", 1.2, None, None), ("MD", 3.4, None, None), ("MD", 5.6, None, None)],
        ),
        ("Hospital stay was 3.4 days shorter with coaching.", [("MD", -3.4, None, None)]),
        ("Healing was 3 days faster with honey.", [("MD", -3, None, None)]),
        ("Recovery was 2.5 days slower with coaching.", [("MD", 2.5, None, None)]),
        ("Walking was 0.12 m/s faster with coaching.", [("MD", 0.12, None, None)]),
        ("Blood loss was 120 mL significantly less.", [("MD", -120.0, None, None)]),
    ],
)
def test_a_comparative_makes_differences(text: str, expected: list[Read]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pain was 4.1 points in controls and 2.2 points lower with coaching.",
            [(None, 4.1), ("MD", -2.2)],
        ),
        (
            "HbA1c was 7.1% in controls and 0.4 percentage points lower with coaching.",
            [("mean", 7.1), ("MD", -0.4)],
        ),
    ],
)
def test_a_level_beside_a_difference_stays_a_level(
    text: str, expected: list[tuple[str | None, float]]
) -> None:
    assert [(measure, value) for measure, value, *_ in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lesions 5 mm or larger were excluded; pain was 2.2 points lower.",
            [("MD", -2.2)],
        ),
        ("Costs were 18,190 lower after the programme.", [("MD", -18190.0)]),
        ("The tumour was 12.5 mm (larger than 10 mm).", [(None, 12.5)]),
    ],
)
def test_a_limit_is_no_difference(text: str, expected: list[tuple[str | None, float]]) -> None:
    assert [(measure, value) for measure, value, *_ in _read(text)] == expected
