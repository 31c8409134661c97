"""The parts of a count that add up to it, what people did, what never happened, and pairs that are changes."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers

Told = list[tuple[str | None, float]]


def _read(text: str) -> Told:
    return [(s.measure, s.value) for s in read_numbers(text).statistics if s.value is not None]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Seven women dropped out for lack of time (zinc: 5, placebo: 2).", [7, 5, 2]),
        ("There were 21 serious AEs (angina, n = 11; stroke, n = 7; sepsis, n = 3).", [21, 11, 7, 3]),
        ("Remission was confirmed in 44 patients (60.3%), 26 on zinc and 18 on placebo.", [26, 18]),
        ("In all, 312 injuries (zinc, 140; placebo, 172) were reported.", [312, 140, 172]),
        ("Nine women fell, five of them at home, in June.", [9]),
        ("Seven women dropped out for lack of time (zinc: 5, placebo: 3).", [7]),
        ("Seven people dropped out (3 men and 4 women).", [7]),
        ("We randomized 80 patients (zinc: 38, placebo: 42).", []),
    ],
)  # fmt: skip
def test_numbers_that_add_up_to_a_count_are_its_parts(text: str, counts: list[float]) -> None:
    assert [value for measure, value in _read(text) if measure == "count"] == counts


def test_the_parts_of_a_count_are_a_list() -> None:
    found = read_numbers("Seven women dropped out (zinc: 5, placebo: 2).").statistics
    whole, *parts = found
    assert whole.group is None
    assert [(s.pairing, s.position) for s in parts] == [("list", 0), ("list", 1)]
    assert len({s.group for s in parts}) == 1


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("In the zinc group, 41 patients stopped treatment early.", [41]),
        ("Eight men fell during the winter.", [8]),
        ("No sutures failed in either group.", [0]),
        ("No woman in the zinc group suffered a cramp.", [0]),
        ("There were no relevant cardiac AEs.", [0]),
        ("No untoward effects were noted.", [0]),
        ("Sixty patients scheduled for surgery took zinc.", []),
        ("We saw 40 adults aged 18 to 65 years.", []),
        ("No significant effects were noted.", []),
    ],
)
def test_deeds_are_counted_and_what_never_happened_is_nought(
    text: str, counts: list[float]
) -> None:
    assert [value for measure, value in _read(text) if measure == "count"] == counts


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("HbA1c rose in the control group (7.9% to 8.8%).", [7.9, 8.8]),
        ("Knowledge improved (zinc group: 14.2 to 16.9).", [14.2, 16.9]),
        ("Urea was lower at the end (zinc: 6.31 to 5.84 mmol/L).", [6.31, 5.84]),
        ("Visits were made (5 to 9 days).", []),
        ("Ferritin rose in all (range 12 to 40 ng/mL).", []),
        ("Adherence was alike (score 88 vs. 81, p = 0.2).", [88, 81]),
        ("Pain was severe before surgery (mean wrist pain score 79).", [79]),
        ("Pain was mild (mean: 2.1).", [2.1]),
        ("Pain was mild (median = 2.5).", [2.5]),
        ("Pain was mild (mean, SD 2.5).", []),
    ],
)
def test_a_pair_in_brackets_goes_from_one_value_to_the_other(
    text: str, values: list[float]
) -> None:
    assert [value for _, value in _read(text)] == values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Zinc reduced the risk of new or worsening ulcers by 42%.", [("percent_change", -42)]),
        (
            "Zinc reduced colds by 30% (P = 0.01), days of fever by 21%, and risk of one-day absence by 12%.",
            [("percent_change", -30), ("percent_change", -21), ("percent_change", -12)],
        ),
        (
            "It lowered the risk by 40%, with incidences of 3% on zinc and 5% on placebo.",
            [("percent_change", -40), ("percent", 3), ("percent", 5)],
        ),
        ("There was a fall in ferritin (12 ng/mL, 95% CI -19 to -5).", [("MD", -12)]),
        ("Bone loss was 0.6 ± 0.2 mm.", [("mean", 0.6)]),
        ("The mean decrease in weight was 3.1 kg.", [("MD", -3.1)]),
    ],
)
def test_a_change_has_its_sign(text: str, told: Told) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The slope of decline was -12.0 mL/h on zinc.", [("beta", -12.0)]),
        ("Age and dose were related (r (21) = -0.31, p = 0.1).", [("r", -0.31)]),
        ("They were related inversely (r s = -0.62, p < 0.01).", [("rho", -0.62)]),
        ("Exposure was greater (AUC0-24 by 31%, p = 0.02).", [("percent", 31)]),
        ("Cortisol was higher (46.2 (9.1-171.3) and 27.3 (8.2-117.5)).", [("median", 46.2), ("median", 27.3)]),
        ("Zinc led to longer survival (21.4 months versus 15.2 months; P = 0.03).", [("median", 21.4), ("median", 15.2)]),
        ("The mean survival was 21.4 months.", [("mean", 21.4)]),
    ],
)  # fmt: skip
def test_a_measure_told_in_words_is_read(text: str, told: Told) -> None:
    assert _read(text) == told
