"""When a dose without a rhythm is given, in how many parts, for how long, and what is done so."""

from __future__ import annotations

import pytest

from kg.numbers.doses import find_doses


@pytest.mark.parametrize(("text", "frequencies"), [
    ("Patients received 4 mg ondansetron 30 min before surgery.", ["30 min before surgery"]),
    ("They were given pregabalin 150 mg and naproxen 250 mg an hour before laparotomy.", ["an hour before laparotomy"] * 2),
    ("Ketamine 0.5 mg/kg was given immediately after induction of anesthesia.", ["immediately after induction of anesthesia"]),
    ("Women received 1,500 IU hCG on the day of oocyte retrieval.", ["on the day of oocyte"]),
    ("They took praziquantel (60 mg/kg in two divided doses).", ["in two divided doses"]),
    ("Metformin 500 mg twice daily was stopped before surgery.", ["twice daily"]),
    ("Patients got ketamine 0.5 mg/kg and were assessed 5 min after surgery.", [None]),
    ("They had 5 mg of morphine for 48 h, after which anesthesia ended.", [None]),
])  # fmt: skip
def test_an_occasion_stands_for_a_rhythm(text: str, frequencies: list[str | None]) -> None:
    assert [d.frequency for d in find_doses(text)] == frequencies


@pytest.mark.parametrize(("text", "doses"), [
    ("They received 30 Gy in 10 fractions or 8 Gy in a single fraction.", [(30.0, 10.0, 30.0), (8.0, 1.0, 8.0)]),
    ("The arms were 66 Gy/33 fractions and 63 Gy/28 fractions.", [(66.0, 33.0, 66.0), (63.0, 28.0, 63.0)]),
    ("They received 10 fractions of 3.5 Gy.", [(3.5, 10.0, 35.0)]),
])  # fmt: skip
def test_fractions_are_counted_and_summed(
    text: str, doses: list[tuple[float, float, float]]
) -> None:
    assert [(d.low, d.doses_low, d.cumulative_low) for d in find_doses(text)] == doses


@pytest.mark.parametrize(("text", "name"), [
    ("They were randomized to resistance training (3x/wk) or rest.", "resistance training"),
    ("The group did brisk walking for 50 minutes, four days/week.", "brisk walking"),
    ("The programme included six telephone health coaching sessions.", "telephone health coaching"),
    ("They attended nine weekly humour therapy sessions.", "humour therapy"),
    ("They received 0.15 mg/kg intravenous injection of atracurium.", "atracurium"),
    ("Isoproterenol infusion (5 \u03bcg/min) was given.", "Isoproterenol"),
])  # fmt: skip
def test_what_is_done_or_infused_is_named(text: str, name: str) -> None:
    (dose,) = find_doses(text)
    assert text[dose.substance_start : dose.substance_end] == name


@pytest.mark.parametrize(("text", "days"), [
    ("They received 28 days of oral rapamycin (2 mg/day).", 28.0),
    ("They had 2 weeks of prednisone therapy (40 mg/day).", 14.0),
    ("Within 2 weeks of diagnosis they received prednisone 40 mg/day.", None),
])  # fmt: skip
def test_a_length_of_what_is_given_is_its_duration(text: str, days: float | None) -> None:
    (dose,) = find_doses(text)
    assert dose.duration_days_low == days
