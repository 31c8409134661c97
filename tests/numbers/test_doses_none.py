"""Sentences with amounts that nobody was given: they must yield nothing."""

from __future__ import annotations

import pytest

from kg.numbers.doses import find_doses

NO_DOSE = [
    "Serum 25(OH)D was 30 ng/mL and 75 nmol/L.",
    "Alanine aminotransferase rose to 120 IU/L in 12 patients.",
    "Anti-TPO antibodies above 35 IU/mL were positive.",
    "An activity of 5 U/mL was measured.",
    "The participants weighed 70 kg and were 172 cm tall.",
    "Each 1000 IU costs 0.02 dollars per 1000 IU.",
    "for each 100 IU increase in intake the risk fell by 3%",
    "C-reactive protein was 5 mg/L and glucose 110 mg/dL.",
    "Urinary calcium was 250 mg/24 h.",
    "Systolic pressure fell by 7.1 mmHg.",
    "They were shaken at 20 Hz for 30 minutes daily.",
    "Blood loss was 250 mL.",
    "Birth weight was 3200 g in the first group.",
    "The mean weight of the infants was 46 g higher.",
    "HbA1c decreased by 1.83% with linagliptin and by 0.4% with placebo.",
    "Resistance was found to clarithromycin in 19% and to amoxicillin in 1%.",
    "The difference was 12.5 µg/d (95% CI, 3.1-21.9 µg/d).",
    "BMI rose by 2 units; the score by 5 units.",
    "Raising the level above 40 ng helped.",
    "Levels rose by 8 ng.",
    "They walked 45 min/day and slept 7 h.",
    "The filtration rate was 60 mL/min/1.73 m2.",
    "Milk has 100 IU per glass.",
    "per 20 nmol/L increase in 25(OH)D",
    "n = 400, p = 0.03, OR 1.5 (95% CI 1.1-2.0)",
    "in 2012 and 2013, 400 women were recruited",
    "Control patients received 26 units of PRBC.",
    "The bone mineral content was 30 g.",
    "The glucose infusion rate was 3.24 ± 0.30 mg/kg/min.",
    "the drained volume was 310 mL under treatment against 420 mL in controls",
    "",
]


@pytest.mark.parametrize("text", NO_DOSE)
def test_nothing_is_read_where_nothing_is_given(text: str) -> None:
    assert find_doses(text) == []
