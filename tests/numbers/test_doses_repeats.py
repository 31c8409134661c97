"""A dose told again is the same dose; a dose of another arm, rhythm or drug is not."""

from __future__ import annotations

import pytest

from kg.numbers.dose_repeats import first_tellings
from kg.numbers.doses import find_doses


@pytest.mark.parametrize(("text", "first"), [
    ("They took vitamin D3 (2000 IU daily). After 6 weeks, 2000 IU of vitamin D helped.", [0, 0]),
    ("Daily cholecalciferol (2000 IU) was given. With 2000 IU of daily vitamin D it rose.", [0, 0]),
    ("They took 2000 IU daily. Others took 2000 IU weekly.", [0, 1]),
    ("They took 5 mg of amlodipine. Others took 5 mg of ramipril.", [0, 1]),
    ("Oral vitamin D 300,000 IU. Intramuscular vitamin D 300,000 IU.", [0, 1]),
    ("800 IU of A daily and 800 IU of B daily", [0, 1]),
    ("They took 400 or 800 IU. The 800 IU arm improved.", [0, 1, 1]),
    ("They took 400 mg daily. They took 400 IU daily.", [0, 1]),
    ("Group A took 5 mg of X (n = 20) or 5 mg of X with zinc.", [0, 1]),
    ("Group 1 received 20 mg of zinc. Group 2 received 20 mg of zinc with iron.", [0, 1]),
    ("Patients received 20 mg of zinc. All 62 patients received 20 mg of zinc again.", [0, 0]),
    ("", []),
])  # fmt: skip
def test_first_telling_of_each_dose(text: str, first: list[int]) -> None:
    assert first_tellings(text, find_doses(text)) == first
