"""Each check: what it must tell of, and what it must leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from honest import estimate, make_record

from kg.records import Intervention, Record
from kg.statistics.catalogue import CATALOGUE, SEVERITIES
from kg.statistics.checks import check_record


def codes(record: Record) -> dict[str, str]:
    """Return the codes told of a record with their severities."""
    checked = check_record(record)
    told = {c.code: c.severity for s in checked.studies for e in s.effects for c in e.checks}
    return told | {n.code: n.severity for n in checked.notices}


def of(*printed: str, template: str = "There was a difference with {shown}.", study: dict[str, Any] | None = None, **rest: Any) -> dict[str, str]:  # fmt: skip
    sentence, fields = estimate(*printed, template=template, **rest)
    return codes(make_record(sentence, [fields], study))


@pytest.mark.parametrize(
    ("printed", "code", "severity"),
    [
        (("RR", "1.24", "1.02", "1.10"), "estimate_outside_interval", "error"),
        (("MD", "-0.74", "-0.14", "-0.04"), "estimate_outside_interval", "error"),
        (("SMD", "0.14", "-0.33", "0.05", "= .16"), "sign_against_interval", "warning"),
        (("OR", "77.634", "1.349", "446.558"), "estimate_off_centre", "warning"),
        (("RD", "0.02", "-0.50", "0.08"), "bound_lost_digit", "warning"),
        (("MD", "-38.5", "-61.6", "15.4"), "bound_lost_digit", "warning"),
        (("MD", "11.2", "8.4", "3.9"), "bound_lost_digit", "error"),
        (("MD", "-1.9", "-1.2", "-2.6"), "bounds_swapped", "info"),
        (("RR", "0.81", "0.94", "0.70"), "bounds_swapped", "warning"),
        (("OR", "-1.2", "-2.0", "-0.6"), "ratio_not_positive", "error"),
        (("MD", "3.8", "-5.7", "13.3", "= 0.001"), "p_decision", "error"),
        (("RR", "0.50", "0.30", "0.83", "= 0.30"), "p_decision", "error"),
        (("OR", "3.1", "2.6", "3.7", "= 0.04"), "p_against_interval", "warning"),
        (("RR", "0.17", "0.04", "0.77", "= 0.009"), "p_against_interval", "info"),
        (("MD", "3.0", "1.0", "5.0", "= 0.000"), "p_zero", "info"),
    ],
)
def test_an_estimate_against_its_own_numbers(
    printed: tuple[str, ...], code: str, severity: str
) -> None:
    assert of(*printed, study={"n_participants": 400}).get(code) == severity


@pytest.mark.parametrize(
    "printed",
    [
        ("RR", "0.81", "0.70", "0.94", "= 0.005"),  # Altman & Bland's own example
        ("RR", "0.57", "0.33", "0.99", "= .05"),  # p and bound within rounding of each other
        ("HR", "0.43", "0.19", "1.00", "= 0.05"),
        ("SMD", "-0.31", "-0.5", "-0.09"),  # one decimal against two
        ("MD", "14.5", "5.2", "23.8", "= 0.003"),
        ("MD", "0.42", "-0.08", "0.93", "= 0.09"),
        ("RR", "0.9", "0.8", "1.0", "< 0.05"),
        ("OR", "11.51", "2.01", "65.79", "= .006"),
    ],
)
def test_numbers_that_fit(printed: tuple[str, ...]) -> None:
    assert of(*printed, study={"n_participants": 60}) == {}


def test_a_t_interval_of_few_is_allowed_for() -> None:
    # 4 and 4 people: mean difference 2.0, SE 0.5; t(6) gives 0.78 to 3.22 and p 0.007, z would give 0.0013
    printed = ("MD", "2.00", "0.78", "3.22", "= 0.007")
    assert of(*printed, study={"n_participants": 8}) == {}
    assert of(*printed) == {}
    assert "p_against_interval" in of(*printed, study={"n_participants": 4000})


def test_a_one_sided_p_is_allowed_for() -> None:
    sentence = "The result was {shown}, one-sided."
    assert of("HR", "0.73", "0.50", "1.07", "= .055", template=sentence) == {}


def test_a_p_of_two_groups_is_not_held_against_one() -> None:
    first = estimate("MD", "-1.93", "-2.93", "-0.93")[1]
    text = "The loss was a change of MD -1.93 (95% CI -2.93 to -0.93) versus MD -2.71 (95% CI -4.32 to -1.11; P = 0.10)."
    second = estimate("MD", "-2.71", "-4.32", "-1.11", "= 0.10")[1]
    assert codes(make_record(text, [first, second])) == {}


def test_numbers_from_elsewhere_are_not_trusted() -> None:
    text = "The hazard ratio was HR 0.73 and the other interval was 1.50 to 2.10."
    fields = {"number": "HR 0.73", "measure": "HR", "value": 0.73, "ci_low": 1.5, "ci_high": 2.1,
              "printed": {"value": "0.73", "ci_low": "1.50", "ci_high": "2.10"}}  # fmt: skip
    assert codes(make_record(text, [fields])) == {}


@pytest.mark.parametrize(
    ("sentence", "number", "fields", "told"),
    [
        ("There was a significant reduction in urea (P = 0.051).", "P = 0.051", {}, "significance_word"),
        ("Haplotypes did not show any positive association (p < 0.05).", "p < 0.05", {}, "significance_word"),
        ("End-tidal CO2 did not differ between the groups (33 vs 42; p = 0.0462).", "p = 0.0462", {}, "significance_word"),
        ("Website use was higher in the second group (p = 0.3964).", "p = 0.3964", {"direction": "increase"}, "claim_without_significance"),
        ("There was a significant reduction in urea (P = 0.041).", "P = 0.041", {}, None),
        ("There was a nonstatistically significant decrease in fatigue (P = .07).", "P = .07", {}, None),
        ("There was no significant difference in pain (p = 0.4), but sleep was better (p = 0.01).", "p = 0.01", {}, None),
        ("Renal failure occurred significantly more often (P < .0001).", "P < .0001", {}, None),
        ("Use was higher but not significantly so (p = 0.40).", "p = 0.40", {"direction": "increase"}, None),
        ("The drug was noninferior, with no significant difference (p = 0.01 for non-inferiority).", "p = 0.01", {}, None),
        ("The difference was not clinically significant (P = 0.04).", "P = 0.04", {}, None),
    ],
)  # fmt: skip
def test_words_against_p(
    sentence: str, number: str, fields: dict[str, Any], told: str | None
) -> None:
    operator = next(sign for sign in "<=" if sign in number)
    digits = number.split()[-1].rstrip(")")
    value = float(digits)
    effect = {"number": number, "measure": "direction_only", "p_operator": operator, "p_value": value,
              "printed": {"p": digits}, **fields}  # fmt: skip
    assert list(codes(make_record(sentence, [effect]))) == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("template", "printed", "told"),
    [
        ("The number of cells was significantly increased [{shown}].", ("SMD", "-1.146", "-1.591", "-0.701"), "direction_word"),
        ("Patients had an increased risk of fracture ({shown}).", ("RR", "0.70", "0.58", "0.84"), "direction_word"),
        ("No significant association was seen with death ({shown}).", ("RR", "0.91", "0.85", "0.98"), "significance_word"),
        ("Survival was increased ({shown}).", ("HR", "0.71", "0.58", "0.87"), None),
        ("Mood was significantly improved, a greater decrease of the difference ({shown}).", ("SMD", "-0.50", "-0.80", "-0.20"), None),
        ("Weight was reduced by a difference of {shown}.", ("MD", "5.0", "3.0", "7.0"), None),
        ("The difference in pain was increased ({shown}).", ("MD", "-0.2", "-0.8", "0.4"), None),
    ],
)  # fmt: skip
def test_words_against_an_interval(
    template: str, printed: tuple[str, ...], told: str | None
) -> None:
    assert list(of(*printed, template=template)) == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("sentence", "value", "told"),
    [
        ("Birth weight was lower in one group than in the other (3469 vs. 3371 g).", 3469, True),
        (
            "Survival was shorter in the CTX versus the CT arm (26.7 months versus 12.3 months).",
            26.7,
            True,
        ),
        ("Birth weight was lower in one group than in the other (3371 vs. 3469 g).", 3371, False),
        ("Weight was not lower in one group than in the other (3469 vs. 3371 g).", 3469, False),
        (
            "The reduction was lower in one group, but sleep was longer than before (8 vs 7 h).",
            8,
            False,
        ),
    ],
)
def test_the_order_of_two_values(sentence: str, value: float, told: bool) -> None:
    number = f"{value:g}"
    effect = {"number": number, "measure": "mean", "value": value, "printed": {"value": number}}
    assert ("order_of_values" in codes(make_record(sentence, [effect]))) is told


def test_the_same_numbers_for_two_outcomes() -> None:
    text = "Scores fell (SMD -1.146 (95% CI -1.591 to -0.701)) and cells changed [SMD -1.146 (95% CI -1.591 to -0.701)]."
    first = estimate("SMD", "-1.146", "-1.591", "-0.701")[1] | {"outcome": "disease activity"}
    second = first | {
        "outcome": "regulatory cells",
        "number": "SMD -1.146 (95% CI -1.591 to -0.701)]",
    }
    assert "repeated_numbers" in codes(make_record(text, [first, second]))
    again = second | {"outcome": "disease activity score"}
    assert "repeated_numbers" not in codes(make_record(text, [first, again]))

    def told(one: str, two: str) -> bool:
        given = tuple(
            Intervention(id=label, label=label, role="intervention") for label in {one, two}
        )
        pair = [first | {"intervention": one}, second | {"intervention": two}]
        return "repeated_numbers" in codes(make_record(text, pair, {"interventions": given}))

    assert told("interleukin therapy", "interleukin therapy")
    assert told("IL-2 treatment", "low-dose IL-2")  # one thing by two names
    assert not told("vitamin D", "vitamin E")


def percent(number: str, value: str, outcome: str = "falls", **rest: Any) -> dict[str, Any]:
    return {"number": number, "measure": "percent", "value": float(value), "printed": {"value": value}, "outcome": outcome} | rest  # fmt: skip


def test_percentages_against_ratios_and_values() -> None:
    def change(shown: str, ratio: str) -> dict[str, str]:
        one = percent(f"{shown}%", shown, measure="percent_change") | {"value": -float(shown)}
        two = {"number": f"RR {ratio}", "measure": "RR", "value": float(ratio), "printed": {"value": ratio}, "outcome": "falls"}  # fmt: skip
        return codes(make_record(f"Vitamin D reduced falls by {shown}% (RR {ratio}).", [one, two]))

    assert change("19", "0.81") == {}
    assert change("19", "0.71") == {"percent_against_ratio": "warning"}

    text = "Relapse was seen in 13.5%, compared to 31.9% in the others (OR {})."
    shares = [percent("13.5%", "13.5"), percent("31.9%", "31.9")]
    for ratio, told in (
        ("0.185", {"percent_against_ratio": "warning"}),
        ("0.33", {}),
        ("3.00", {}),
    ):
        third = {"number": f"OR {ratio}", "measure": "OR", "value": float(ratio), "printed": {"value": ratio}, "outcome": "falls"}  # fmt: skip
        assert codes(make_record(text.format(ratio), [*shares, third])) == told

    text = "The distance improved {}% in the group (from 372.9 ± 62.4 to 500 ± 68 m)."
    for shown, told in (("75", {"percent_against_values": "warning"}), ("34", {})):
        effect = percent(f"{shown}%", shown, measure="percent_change")
        assert codes(make_record(text.format(shown), [effect])) == told
    points = "A 23% increase in pregnancy rate was observed (78% vs. 55%)."
    assert codes(make_record(points, [percent("23%", "23", measure="percent_change")])) == {
        "percent_against_values": "info"
    }


@pytest.mark.parametrize(
    ("number", "value", "events", "total", "severity"),
    [
        ("12/27 (34.4%)", "34.4", 12, 27, "error"), ("94% (19/20)", "94", 19, 20, "warning"),
        ("17 of 95 (19%)", "19", 17, 95, "warning"), ("2/3 (66%)", "66", 2, 3, None),
        ("2/3 (67%)", "67", 2, 3, None), ("20/339 (5.9%)", "5.9", 20, 339, None),
    ],
)  # fmt: skip
def test_a_percentage_against_its_count(
    number: str, value: str, events: int, total: int, severity: str | None
) -> None:
    effect = percent(number, value, events=events, total=total)
    assert codes(make_record(f"Falls were seen in {number}.", [effect])).get("percent_against_count") == severity  # fmt: skip
    weighted = make_record(f"The survival estimate was {number}.", [effect])
    assert "percent_against_count" not in codes(weighted)


def test_two_shares_of_one_group() -> None:
    text = "There was itching (5 patients [26.3%] in the drug group) and pigment (2 patients [40.0%] in the drug group)."
    effect = percent("2 patients [40.0%", "40.0", events=2)
    assert "percent_against_count" in codes(make_record(text, [effect]))
    right = text.replace("40.0", "10.5")
    assert codes(make_record(right, [percent("2 patients [10.5%", "10.5", events=2)])) == {}


def mean(number: str, value: str, sd: str, outcome: str, **rest: Any) -> dict[str, Any]:
    return {"number": number, "measure": "mean", "value": float(value), "sd": float(sd),
            "printed": {"value": value}, "outcome": outcome} | rest  # fmt: skip


def test_grim() -> None:
    sentence = "The number of attacks was {} ± 2.10 (n = 28)."
    for value, told in (("5.19", True), ("5.18", False)):
        number = f"{value} ± 2.10 (n = 28)"
        effect = mean(number, value, "2.10", "number of attacks", n=28)
        assert ("grim" in codes(make_record(sentence.format(value), [effect]))) is told
    other = mean("5.19 ± 2.10 (n = 28)", "5.19", "2.10", "serum level", n=28)
    assert "grim" not in codes(make_record("The serum level was 5.19 ± 2.10 (n = 28).", [other]))


def test_standard_errors_called_deviations() -> None:
    effect = mean("7±0.12", "7", "0.12", "attacks")
    assert codes(make_record("The number of attacks was 7±0.12.", [effect])) == {
        "sd_or_se": "warning"
    }
    level = mean("7±0.12", "7", "0.12", "pH")
    assert codes(make_record("The pH was 7±0.12.", [level])) == {}

    text = "Pain was 50 ± 2 (n = 40) versus 44 ± 2 (n = 40; p = 0.034)."
    arms = {"arms": ({"id": "a", "label": "drug", "role": "experimental"}, {"id": "b", "label": "none", "role": "control"})}  # fmt: skip
    first = mean("50 ± 2", "50", "2", "pain", n=40, arm="a")
    second = mean("44 ± 2", "44", "2", "pain", n=40, arm="b", p_value=0.034, p_operator="=")
    second |= {"number": "44 ± 2 (n = 40; p = 0.034", "printed": {"value": "44", "p": "0.034"}}
    assert codes(make_record(text, [first, second], arms)) == {"sd_or_se": "warning"}
    true = text.replace("± 2", "± 12")
    first, second = (e | {"sd": 12.0, "number": e["number"].replace("± 2", "± 12")} for e in (first, second))  # fmt: skip
    assert codes(make_record(true, [first, second], arms)) == {}


def test_skewed() -> None:
    effect = mean("2±5.19", "2", "5.19", "scores")
    assert codes(make_record("After treatment it was 2±5.19.", [effect])) == {"skewed": "info"}
    change = make_record(
        "The change was 2±5.19.", [mean("2±5.19", "2", "5.19", "change in scores")]
    )
    assert codes(change) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thirty-nine patients received fixation by knots (the NK group, 24 patients) or wires (the TR group, 23 patients).", True),
        ("504 (328 women, 126 men) inactive adults took part in the women and men study.", True),
        ("A total of 120 patients were randomized to vitamin D (n = 60) or placebo (n = 50).", True),
        ("A total of 120 patients were randomized to vitamin D (n = 60) or placebo (n = 60).", False),
        ("Over 96 weeks 106 patients were randomized to one drug (n = 32) or another (n = 74).", False),
        ("A total of 120 patients were randomized to vitamin D (n = 60) or placebo (n = 50); 110 completed.", True),
        ("A total of 120 patients were randomized and 110 analysed: vitamin D (n = 60) or placebo (n = 50).", False),
        ("Of 454 (328 women, 126 men) adults all took part.", False),
    ],
)  # fmt: skip
def test_groups_against_the_total(text: str, told: bool) -> None:
    effect = {"number": text[:3], "measure": "direction_only"}
    assert ("groups_against_total" in codes(make_record(text, [effect]))) is told


def test_rows_against_the_total() -> None:
    def rows(*sizes: int) -> dict[str, str]:
        record = make_record("Two studies of 401 patients.", [{"number": "401", "measure": "direction_only"}],
                             {"design": "meta-analysis", "n_studies": 2, "n_participants": 401})  # fmt: skip
        whole = record.studies[0]
        parts = tuple(
            whole.model_copy(update={"id": f"part-{n}", "kind": "component", "part_of": whole.id, "effects": (),
                                     "n_participants": n, "n_studies": None})
            for n in sizes
        )  # fmt: skip
        return codes(record.model_copy(update={"studies": (whole, *parts)}))

    assert rows(81, 320) == {}
    assert rows(80, 320) == {"rows_against_total": "warning"}


def test_denominators_against_the_size() -> None:
    text = (
        "Delirium occurred in 4.9% (15/305) under exercise and in 5.9% (20/339) under usual care."
    )
    arms = {"arms": ({"id": "a", "label": "drug", "role": "experimental"}, {"id": "b", "label": "none", "role": "control"})}  # fmt: skip
    effects = [percent("4.9% (15/305)", "4.9", events=15, total=305, arm="a"),
               percent("5.9% (20/339)", "5.9", events=20, total=339, arm="b")]  # fmt: skip
    for n, severity in ((648, "info"), (640, "warning"), (644, None)):
        record = make_record(text, effects, arms | {"n_participants": n})
        assert codes(record).get("groups_against_total") == severity


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("F(3, 38) = 4.74, p = 0.03", {"p_against_test": "warning"}),
        ("t(28) = 1.20, p = 0.03", {"p_against_test": "error"}),
        ("t(28) = 2.20, p = 0.036", {}),
        ("t(28) = 2.20, one-tailed p = 0.018", {}),
    ],
)
def test_p_against_its_test(number: str, told: dict[str, str]) -> None:
    digits = number.split()[-1]
    effect = {"number": number, "measure": "test_statistic", "p_operator": "=", "p_value": float(digits),
              "printed": {"p": digits}}  # fmt: skip
    assert codes(make_record(f"The groups differed ({number}).", [effect])) == told


def test_heterogeneity_against_q() -> None:
    for i2, told in (("59", {}), ("89", {"i2_against_q": "warning"})):
        number = f"RR 0.80 (95% CI 0.64 to 1.00; Q = 12.3, df = 5, I² = {i2}%)"
        effect = estimate("RR", "0.80", "0.64", "1.00")[1] | {"number": number}
        assert codes(make_record(f"Pooling gave {number}.", [effect])) == told


@pytest.mark.parametrize(
    ("shown", "told"),
    [("p = 1.38)", True), ("p = 10−11)", False), ("P = 1.38 times", False), ("p = 0.38)", False)],
)
def test_an_impossible_p(shown: str, told: bool) -> None:
    effect = {"number": shown.rstrip(")").removesuffix(" times"), "measure": "direction_only"}
    assert ("p_impossible" in codes(make_record(f"It rose (x, {shown} in all.", [effect]))) is told


def test_a_headline_against_the_text() -> None:
    page = '---\ntitle: "{} less asthma by vitamin D"\n---\n\nAsthma was compared (RR 0.60 (95% CI 0.45 to 0.80)).'
    sentence = "Asthma was compared (RR 0.60 (95% CI 0.45 to 0.80))."
    effect = estimate("RR", "0.60", "0.45", "0.80")[1]
    for size, told in (("40 percent", False), ("85 percent", True), ("half", False)):
        text = page.format(size)
        assert (
            "headline_against_body" in codes(make_record(sentence, [effect], text=text))
        ) is told


def test_checking_twice_changes_nothing() -> None:
    sentence, fields = estimate("RR", "1.24", "1.02", "1.10")
    once = check_record(make_record(sentence, [fields]))
    assert check_record(once) == once
    (check,) = once.studies[0].effects[0].checks
    assert check.numbers == {"value": 1.24, "ci_low": 1.02, "ci_high": 1.1, "ci_level": 95.0}
    assert Record.model_validate_json(once.model_dump_json()) == once


def test_the_catalogue_is_complete() -> None:
    assert list(SEVERITIES) == ["info", "warning", "error"]
    for code, kind in CATALOGUE.items():
        assert kind.code == code
        assert kind.title
        assert kind.explanation.endswith(".")
        assert kind.source


def test_the_seeds(shared: Path) -> None:
    from kg.extract import make_extractor
    from kg.readers import read

    extract = make_extractor()

    def told(name: str) -> list[tuple[str, str, float | None]]:
        (file,) = (shared / "corpora" / "seeds").glob(f"{name}_*.txt")
        record = extract(read(file))
        notices = [(n.code, n.severity, None) for n in record.notices if n.code in CATALOGUE]
        return [
            (c.code, c.severity, e.value)
            for s in record.studies
            for e in s.effects
            for c in e.checks
        ] + notices

    assert told("000") == []
    assert told("002") == [("repaired", "info", 0.95)]
    of_tregs = {(code, severity) for code, severity, value in told("003") if value == -1.146}
    assert of_tregs == {
        ("p_against_interval", "warning"),
        ("direction_word", "warning"),
        ("repeated_numbers", "warning"),
    }
