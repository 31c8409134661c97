"""Sessions, minutes of exercise and pieces are doses; attendance and times of measurement are none."""

from __future__ import annotations

import pytest

from kg.numbers.doses import find_doses


@pytest.mark.parametrize(("text", "doses"), [
    ("The group received 45-minute training sessions, 2 times per week, for 8 weeks.", [(45.0, 45.0, "min")]),
    ("They performed 60 minutes of electrostimulation two times a day.", [(60.0, 60.0, "min")]),
    ("Women were assigned to 300 or 150 minutes per week of aerobic exercise.", [(150.0, 300.0, "min")]),
    ("Supervised resistance training twice a week was given.", [(2.0, 2.0, "{session}")]),
    ("The programme comprised three sessions of cognitive-behavioral training.", [(3.0, 3.0, "{session}")]),
    ("Participants received 12 coaching calls over 6 months.", [(12.0, 12.0, "{call}")]),
    ("They took two olive oil capsules daily.", [(2.0, 2.0, "{capsule}")]),
    ("They took two capsules (500 mg each) daily.", [(500.0, 500.0, "mg")]),
    ("They received 50 Gy in 25 fractions.", [(50.0, 50.0, "Gy")]),
    ("Rats were fed a diet supplemented with phytosterols (2%).", [(2.0, 2.0, "%")]),
    ("Both arms of 12 each received six sessions of group therapy.", [(6.0, 6.0, "{session}")]),
    ("Women were offered up to ten sessions of counselling.", [(None, 10.0, "{session}")]),
    ("Clinics received five on-site mentoring visits.", [(5.0, 5.0, "{visit}")]),
    ("Patients were randomized to six 21-day cycles of docetaxel.", [(6.0, 6.0, "{cycle}")]),
    ("Narrowband therapy was performed three times a week for 8 weeks.", [(3.0, 3.0, "{session}")]),
    ("They were assigned to resistance training (3x/wk) or to rest.", [(3.0, 3.0, "{session}")]),
    ("Children underwent judo training twice a week for 50 min.", [(50.0, 50.0, "min")]),
    ("They were asked to rinse for 30 seconds twice a day.", [(30.0, 30.0, "s")]),
    ("The training programme ran for 2 hours per week and was given by nurses.", [(2.0, 2.0, "h")]),
    ("They were advised to take 10,000 steps per day.", [(10000.0, 10000.0, "{step}")]),
    ("Two capsules/day were supplied.", [(2.0, 2.0, "{capsule}")]),
    ("The group ate one portion/day of nuts and received advice.", [(1.0, 1.0, "{serving}")]),
    ("Blood pressure was measured and weighing was performed three times a week.", []),
    ("They attended more sessions (median = 7 sessions).", []),
    ("Injuries per 100 h of running were counted in both groups.", []),
    ("Care was delivered by health workers in one-on-one counselling sessions.", []),
    ("Mean attendance was 1.6 ± 0.2 sessions per week.", []),
    ("Patients received care and were seen 30 minutes after the visit.", []),
    ("They completed a mean of 9 sessions.", []),
])  # fmt: skip
def test_doses_that_are_no_drug(text: str, doses: list[tuple[float, float, str]]) -> None:
    assert [(d.low, d.high, d.unit) for d in find_doses(text)] == doses


def test_times_a_week_are_amount_and_rhythm() -> None:
    (dose,) = find_doses("They performed aerobic exercises three times per week for 12 weeks.")
    assert (dose.low, dose.interval_days_low, dose.frequency) == (3.0, 7.0, "three times per week")
    assert dose.duration == "12 weeks"


def test_a_solution_is_named_by_what_it_holds() -> None:
    text = "Group I received 20 mL of 0.25% bupivacaine; others got budesonide (Budenofalk, 9 mg daily)."
    named = [text[d.substance_start : d.substance_end] for d in find_doses(text)]
    assert named == ["bupivacaine", "budesonide"]


@pytest.mark.parametrize(("text", "count", "interval"), [
    ("The programme was given in four 45-minute sessions.", 4.0, None),
    ("They received eight weekly 60-min sessions of yoga.", 8.0, 7.0),
    ("They received three sessions of 45 min.", 3.0, None),
])  # fmt: skip
def test_sessions_of_a_length_are_counted(text: str, count: float, interval: float | None) -> None:
    (dose,) = find_doses(text)
    assert (dose.unit, dose.doses_low, dose.interval_days_low) == ("min", count, interval)
