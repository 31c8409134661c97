"""By what the exposure of an estimate differs: slopes and ends of a distribution, told in words."""

from __future__ import annotations

import pytest

from kg.assembly.exposure_steps import without_step
from kg.extract import make_extractor
from kg.readers import read_bytes


def steps(text: str) -> dict[float, str | None]:
    """Return what each value of a text is of; what is said stands in the text."""
    record = make_extractor("fast")(read_bytes(text.encode(), "a.txt"))
    found = {e.value: e.per for s in record.studies for e in s.effects if e.value is not None}
    assert all(
        per is None or per in " ".join(record.document.text.split()) for per in found.values()
    )
    return found


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("Each rise of 10 ng/mL in 25(OH)D was associated with fewer falls (HR 0.80, 95% CI 0.67 to 0.96).",
         0.8, "Each rise of 10 ng/mL"),
        ("For each 25 nmol/L the odds of falls were lower (OR 0.71, 95% CI 0.55 to 0.92).",
         0.71, "each 25 nmol/L"),
        ("The hazard of stroke was higher per SD increment (HR 1.41, 95% CI 1.17 to 1.69).",
         1.41, "per SD increment"),
        ("The risk of stroke was 1.03 (RR 1.03, 95% CI 1.00 to 1.06) per 25-nmol/L decrement in 25(OH)D.",
         1.03, "per 25-nmol/L decrement"),
        ("Mortality was lower in the highest versus lowest quartile of 25(OH)D (HR 0.62, 95% CI 0.50 to 0.77).",
         0.62, "highest versus lowest quartile"),
        ("For Q4 vs. Q1 of vitamin D intake the risk of falls was lower (RR 0.88, 95% CI 0.80 to 0.97).",
         0.88, "Q4 vs. Q1"),
    ],
)  # fmt: skip
def test_a_step_is_told_in_the_sentence(text: str, value: float, per: str) -> None:
    assert steps(f"In a cohort of 900 adults. {text}")[value] == per


@pytest.mark.parametrize(
    "text",
    [
        "They took 800 IU per day and had fewer falls than with placebo (RR 0.80, 95% CI 0.67 to 0.96).",
        "Falls per year were fewer with vitamin D than with placebo (RR 0.80, 95% CI 0.67 to 0.96).",
        "Each rise of 10 ng/mL was welcome, whereas falls were fewer with vitamin D (RR 0.80, 95% CI 0.67 to 0.96).",
    ],
)
def test_a_dose_or_another_clause_is_no_step(text: str) -> None:
    assert steps(f"In a trial of 900 adults. {text}")[0.8] is None


def test_each_value_of_a_sentence_has_its_own_step() -> None:
    found = steps(
        "In a cohort of 900 adults. Stroke was rarer with vitamin D: the HR was 0.91 (95% CI 0.85 to"
        " 0.97) per 10 nmol/L increase and the HR was 0.70 (95% CI 0.55 to 0.89) for Q4 vs Q1."
    )
    assert found[0.91] == "per 10 nmol/L increase"
    assert found[0.7] == "Q4 vs Q1"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("rise of 10 ng/mL in 25-hydroxyvitamin D", "25-hydroxyvitamin D"),
        ("each 10-unit increase in BMI", "BMI"),
        ("1-SD decrement of the ankle index", "ankle index"),
        ("decrease in blood pressure", "decrease in blood pressure"),
        ("25(OH)D of 100 nmol/L or more", "25(OH)D of 100 nmol/L or more"),
    ],
)
def test_an_exposure_is_named_without_its_step(name: str, bare: str) -> None:
    assert without_step(name) == bare
