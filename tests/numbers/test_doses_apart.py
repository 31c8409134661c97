"""Amounts beside doses that are none of their own: totals, volumes, means that are compared."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("Iron was given as 100 mg twice daily (200 mg daily) for 8 weeks.", [100]),
        ("They received 4 mg of drug A in 4 ml of Lipiodol.", [4]),
        ("Less insulin was used (50 ± 5 versus 101 ± 13 units/d).", []),
        ("Patients had 4500 cGy before surgery.", [4500]),
        ("They applied ketorolac ophthalmic solution (0.5%) twice daily.", [0.5]),
    ],
)
def test_doses(text: str, doses: list[float]) -> None:
    assert [d.low for d in read_numbers(text).doses] == doses


def test_a_verb_is_no_substance() -> None:
    text = "Drug GSK961 400 μg demonstrated bronchodilation."
    (dose,) = read_numbers(text).doses
    assert text[dose.substance_start : dose.substance_end] == "Drug GSK961"
