"""What one value tells of the next: changes that go on, counts that agree, ratios without a name."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers

Told = list[tuple[str | None, float]]


def _read(text: str) -> Told:
    return [(s.measure, s.value) for s in read_numbers(text).statistics if s.value is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pain fell by 14 ± 3% and 46 ± 7%, respectively.", [-14, -46]),
        ("The drug lowered output (by 17 ± 6% and 21 ± 7%, respectively).", [-17, -21]),
        ("Fat and glucose decreased by 40% and 70%, respectively, at the high dose (P < 0.01), and by 15% at the low one.", [-40, -70, -15]),
        ("Attacks became fewer, declining 25% and 56%, respectively, in group A; 30% and 65%, respectively, in group B.", [-25, -56, -30, -65]),
        ("The reduction in pressure was 5% at rest and 10% during exercise.", [-5, -10]),
        ("It decreased LDL (29%) and apo B (26%) and raised HDL (5%).", [-29, -26, 5]),
        ("Scores decreased by 1.6 points (29%) with yoga versus a 0.2-point increase (3%) without.", [-29, 3]),
        ("Feedback brought a 15% (95% CI 10 to 20%) increase in testing.", [15]),
    ],
)  # fmt: skip
def test_a_change_goes_on(text: str, told: list[float]) -> None:
    assert [v for m, v in _read(text) if m == "percent_change"] == told


@pytest.mark.parametrize(
    "text",
    [
        "Elevated pressure (62%) was the commonest risk, followed by obesity (53%).",
        "Mortality was reduced (78% vs 55%).",
        "A 50% reduction was achieved in 46% and 18% of patients treated with A and B.",
    ],
)
def test_a_share_stays_a_share(text: str) -> None:
    shares = [v for m, v in _read(text) if m == "percent"]
    assert len(shares) == 2


def test_a_ratio_is_known_by_its_place_in_its_interval() -> None:
    text = (
        "Fewer tumours were seen (85 vs 165 cases, hazard ratio 0.51, 95% CI 0.39-0.66), most in the first years "
        "(35 vs 89, 0.39, 0.27-0.58), and weight differed little (4.0, 95% CI 3.0-5.0)."
    )
    assert _read(text) == [
        ("count", 85), ("count", 165), ("HR", 0.51), ("count", 35), ("count", 89), ("HR", 0.39), (None, 4.0),
    ]  # fmt: skip


def test_counts_of_one_list_agree() -> None:
    text = "There were 83 events in the treated arm and 126 in the other. A mean of 3.5 events was usual."
    assert _read(text) == [("count", 83), ("count", 126), ("mean", 3.5)]


def test_values_printed_in_twos_are_joined_crosswise() -> None:
    found = read_numbers("It fell from 150/95 to 140/90 mmHg with one drug.").statistics
    assert [s.value for s in found] == [150, 95, 140, 90]
    assert [(s.group, s.position) for s in found] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert {s.unit for s in found} == {"mm[Hg]"}
    signed = read_numbers(
        "Changes were −9.6±6.5/−12.8±11.7 and −4.9±7.2/−4.5±11.2 mmHg."
    ).statistics
    assert [s.value for s in signed] == [-9.6, -12.8, -4.9, -4.5]
    assert read_numbers("Adherence was 69.8% (n=37/53).").statistics[0].value == 69.8
    assert len(read_numbers("Adherence was 69.8% (n=37/53).").statistics) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The share of time (median (IQR) 34% (17–57) versus 50% (35–64)) differed. It was 26 (14–39) later.",
         [("median", 34), ("median", 50), ("median", 26)]),
        ("Neonatal mortality was 42 deaths per 1000 livebirths versus 55 per 1000.", [("rate", 42), ("rate", 55)]),
        ("The incidence per patient-year was 0.15 (95% CI 0.11–0.19).", [("rate", 0.15)]),
        ("Bleeding occurred in 2.5% per year.", [("rate", 2.5)]),
        ("The mean difference in fat was -1.0% (95% CI -1.6% to -0.4%).", [("MD", -1.0)]),
        ("Toxicity was seen in arm A vs B, 43% and 51%, respectively.", [("percent", 43), ("percent", 51)]),
    ],
)  # fmt: skip
def test_what_is_measured(text: str, told: Told) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Survival was 3?9 months (80% CI 3?6-5?3); hazard ratio 1?17, p=0?44.", [3.9, 1.17]),
        ("Cells fell from 31?5% to 13?4%.", [31.5, 13.4]),
        ("A peak of 3.38? 1.41 mg/L was reached.", [3.38]),
        ("The device was worn for 6.4 +2.4 hours.", [6.4]),
        ("The ages were 20?30 and 40?50 in the two groups.", []),
    ],
)
def test_lost_characters_are_read_where_the_text_shows_them(text: str, values: list[float]) -> None:
    assert [v for _, v in _read(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Eight patients relapsed but none in the control group.", [8, 0]),
        ("Nobody fell ill and no patient had a fever.", [0]),
        ("No objective responses were seen.", [0]),
        ("There was no excess of fractures and no contact with cases.", []),
        ("No serious AEs were observed, and no safety concerns were identified.", [0, 0]),
        ("No hypotension, bradycardia or respiratory depression occurred.", [0]),
        ("No significant difference was observed and no correlation was found.", []),
        ("A total of 18 patients with recurrence were seen.", [18]),
        ("Of 400 women, 384 provided samples.", [384]),
        ("The mortality of 257 patients with infarction was similar.", []),
        ("Vonoprazan was as good as lansoprazole 15 mg (P < 0.001).", []),
        ("More had it under one drug (13; 3.1%) than under none (10; 2.4%).", [3.1, 2.4]),
    ],
)
def test_counts(text: str, values: list[float]) -> None:
    assert [v for _, v in _read(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Sensitivities were 0.83, 0.81 and 0.44; 0.79 and 0.94 for the other drug.", [0.83, 0.81, 0.44, 0.79, 0.94]),
        ("The tilt was 1.51°, 2.17° and 1.05° about the three axes.", [1.51, 2.17, 1.05]),
        ("Improvements were seen in physical (3.3) and mental (4.4) health.", [3.3, 4.4]),
        ("Exenatide improved weight (−3.9 kg) and waist circumference (−3.6 cm).", [-3.9, -3.6]),
        ("Women were 73 (61%), 71 of whom were randomised in Africa.", [61]),
    ],
)  # fmt: skip
def test_what_goes_on_with_a_result_is_one(text: str, values: list[float]) -> None:
    assert [v for _, v in _read(text)] == values


def test_money_has_intervals() -> None:
    (cost,) = read_numbers("Costs were higher (difference £427, 95% CI: £56 - £787).").statistics
    assert (cost.measure, cost.value, cost.ci_low, cost.ci_high) == ("MD", 427, 56, 787)
