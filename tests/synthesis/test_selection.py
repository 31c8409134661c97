"""Comparable effects are found, what does not compare is left out with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from trials import difference, events, mean, ratio, store_of, trial

from kg.errors import PoolError, QueryError
from kg.synthesis.analysis import Model, synthesize
from kg.synthesis.doses import band
from kg.synthesis.question import Question
from kg.synthesis.selection import select_effects

ASKED = Question("vitamin D", "fracture")


def labels(selection):
    return [item.label for item in selection.contributions]


def reasons(selection):
    return {item.label: item.reason for item in selection.left_out}


def test_effects_of_one_measure_are_selected_and_the_rest_is_told(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07)),
        trial("Beck", ratio(0.9, 0.7, 1.16)),
        trial("Conte", ratio(0.7, 0.5, 0.98, "HR")),
        trial("Dorn", {"measure": "direction_only", "direction": "decrease"}),
        trial("Egli", ratio(0.5, 0.3, 0.83, subgroup="women")),
        trial("Fuchs", ratio(0.5, 0.3, 0.84, reported_as="hypothesis")),
        trial("Graf", ratio(0.5, 0.3, 0.85, timepoint="at baseline")),
        trial("Haas", {"measure": "RR", "value": 0.6}),
        trial("Imhof", {"measure": "RR", "value": 0.6, "p_value": 0.01, "p_operator": "<"}),
        trial("Jost", ratio(1.6, 1.1, 2.3), intervention="vitamin D deficiency"),
        trial("Kern", ratio(0.6, 0.4, 0.9), intervention="vitamin D + calcium"),
        trial("Lang", ratio(0.9, 0.5, 1.6), comparator="low-dose vitamin D"),
        trial("Maier", ratio(5.0, 0.5, 1.6)),
        trial("Nagel", {"measure": "percent_change", "value": -10.0}),
    )
    found = select_effects(store, ASKED)
    assert (found.measure, labels(found)) == ("RR", ["Adler", "Beck"])
    why = reasons(found)
    assert why["Conte"] == "HR; pooled is RR (--measure HR pools it)"
    assert why["Dorn"] == "told in words, without a number"
    assert why["Egli"].startswith("of a subgroup: women")
    assert why["Fuchs"] == "a hypothesis"
    assert why["Graf"] == "at baseline"
    assert why["Haas"] == "neither interval nor p value"
    assert why["Imhof"] == "no interval, and p only as < 0.01"
    assert why["Jost"] == "about vitamin D deficiency, not vitamin D"
    assert why["Kern"].startswith("given together")
    assert why["Lang"].startswith("compares it with itself")
    assert why["Maier"] == "the estimate lies outside its interval"
    assert why["Nagel"] == "percent change is not pooled"
    assert len(found.left_out) == 12


def test_wishes_are_granted(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07)),
        trial("Beck", ratio(0.9, 0.7, 1.16), design="cohort", comparator="no treatment"),
        trial("Conte", ratio(0.7, 0.5, 0.98, "HR")),
        trial("Egli", ratio(0.5, 0.3, 0.83, subgroup="women")),
        trial("Kern", ratio(0.6, 0.4, 0.9), intervention="vitamin D + calcium"),
    )

    def selected(**wishes):
        return labels(select_effects(store, Question("vitamin D", "fracture", **wishes)))

    assert selected(measure="HR") == ["Conte"]
    assert selected(subgroups=True) == ["Adler", "Beck", "Egli"]
    assert selected(combinations=True) == ["Adler", "Beck", "Kern"]
    assert selected(design="randomized") == ["Adler"]
    assert selected(comparator="placebo") == ["Adler"]
    assert selected(without=("Adler",)) == ["Beck"]
    assert selected(least_confidence=0.5) == ["Adler", "Beck"]
    with pytest.raises(PoolError, match="confidence of"):
        select_effects(store, Question("vitamin D", "fracture", least_confidence=0.95))


def test_a_synthesis_is_not_pooled_with_studies(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07)),
        trial("All of them", ratio(0.85, 0.7, 1.03), design="meta-analysis"),
    )
    found = select_effects(store, ASKED)
    assert labels(found) == ["Adler"]
    assert "a synthesis" in reasons(found)["All of them"]
    both = select_effects(store, Question("vitamin D", "fracture", syntheses=True))
    assert sorted(labels(both)) == ["Adler", "All of them"]


def test_a_synthesis_and_its_members_are_told_apart(tmp_path: Path) -> None:
    record = trial("Everything", ratio(0.85, 0.7, 1.03), design="meta-analysis")
    part = trial("Adler 2001", ratio(0.8, 0.6, 1.07)).studies[0]
    whole = record.studies[0]
    place = whole.evidence
    member = part.model_copy(
        update={
            "id": "s2", "kind": "component", "part_of": "s1", "evidence": place, "title": None,
            "effects": tuple(e.model_copy(update={"evidence": place}) for e in part.effects),
        }
    )  # fmt: skip
    record = record.model_copy(update={"studies": (whole, member)})
    found = select_effects(store_of(tmp_path, record), ASKED)
    assert labels(found) == ["Adler 2001"]
    assert reasons(found)["Everything"] == "a synthesis of Adler 2001, which are here themselves"


def test_the_same_numbers_count_once(tmp_path: Path) -> None:
    store = store_of(
        tmp_path, trial("Adler", ratio(0.8, 0.6, 1.07)), trial("Zander", ratio(0.8, 0.6, 1.07))
    )
    found = select_effects(store, ASKED)
    assert labels(found) == ["Adler"]
    assert reasons(found) == {"Zander": "the same numbers as Adler"}


def test_a_study_contributes_once(tmp_path: Path) -> None:
    store = store_of(tmp_path, trial("Adler", ratio(0.8, 0.6, 1.07), ratio(0.9, 0.6, 1.35)))
    found = select_effects(store, ASKED)
    assert len(found.contributions) == 1
    assert "the study is in with RR" in reasons(found)["Adler"]


def test_units_are_converted_where_the_substance_allows(tmp_path: Path) -> None:
    level = {"outcome": "serum 25(OH)D"}
    store = store_of(
        tmp_path,
        trial("Adler", difference(25.0, 20.0, 30.0, "nmol/L"), **level),
        trial("Beck", difference(12.0, 10.0, 14.0, "ng/mL"), **level),
        trial("Conte", difference(30.0, 20.0, 40.0, "nmol/L"), **level),
    )
    found = select_effects(store, Question("vitamin D", "25(OH)D"))
    assert {item.unit for item in found.contributions} == {"nmol/L"}
    (beck,) = [item for item in found.contributions if item.label == "Beck"]
    assert beck.estimate.point == pytest.approx(12 * 2.496, rel=1e-3)
    assert beck.estimate.error == pytest.approx(2 * 2.496 / 1.96, rel=1e-3)
    assert "from ng/mL" in beck.notes[0]
    assert "400.64 g/mol" in beck.notes[0]
    wanted = select_effects(store, Question("vitamin D", "25(OH)D", unit="ng/mL"))
    assert {item.unit for item in wanted.contributions} == {"ng/mL"}
    assert len(wanted.contributions) == 3


def test_units_without_a_factor_are_not_mixed(tmp_path: Path) -> None:
    level = {"outcome": "interleukin-6"}
    store = store_of(
        tmp_path,
        trial("Adler", difference(2.0, 1.0, 3.0, "pg/mL"), **level),
        trial("Beck", difference(3.0, 2.0, 4.0, "nmol/L"), **level),
        trial("Conte", difference(2.5, 2.0, 3.0, "pg/mL"), **level),
    )
    found = select_effects(store, Question("vitamin D", "interleukin-6"))
    assert labels(found) == ["Adler", "Conte"]
    assert reasons(found)["Beck"] == "MD nmol/L; pooled is MD pg/mL (--unit 'nmol/L' pools it)"


def test_events_of_two_arms_are_compared(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", events("experimental", 5, 100), events("control", 10, 100)),
        trial("Beck", ratio(0.9, 0.7, 1.16)),
        trial("Conte", {"measure": "percent", "value": 13.5, "unit": "%", "role": "experimental"},
              {"measure": "percent", "value": 12.1, "unit": "%", "role": "control"}, arms=(148, 99)),
        trial("Dorn", {"measure": "percent", "value": 28.0, "unit": "%", "role": "experimental"},
              {"measure": "percent", "value": 29.0, "unit": "%", "role": "control"}, arms=(201, 207)),
        trial("Egli", events("experimental", 5, 100)),
    )  # fmt: skip
    found = select_effects(store, ASKED)
    assert found.measure == "RR"
    assert labels(found) == ["Adler", "Beck", "Conte"]
    adler, _, conte = found.contributions
    assert adler.estimate.point == pytest.approx(-0.6931, abs=1e-4)
    assert (conte.events.events1, conte.events.events2) == (20, 12)
    assert len(adler.sources) == 2
    assert reasons(found)["Dorn"] == "no pair of arms that says enough"  # 56 or 57 of 201
    assert reasons(found)["Egli"] == "no pair of arms that says enough"
    odds = select_effects(store, Question("vitamin D", "fracture", measure="OR"))
    assert labels(odds) == ["Adler", "Conte"]


def test_means_of_two_arms_are_compared(tmp_path: Path) -> None:
    level = {"outcome": "serum 25(OH)D"}
    store = store_of(
        tmp_path,
        trial("Adler", mean("experimental", 80.0, 12.0, "nmol/L"), mean("control", 50.0, 11.0, "nmol/L"),
              mean("experimental", 49.0, 12.0, "nmol/L", timepoint="baseline"), **level),
        trial("Beck", mean("experimental", 30.0, 5.0, "ng/mL"), mean("control", 20.0, 5.0, "ng/mL"), **level),
        trial("Conte", mean("experimental", 31.0, None, "ng/mL", se=0.7071067811865476),
              mean("control", 20.0, 5.0, "ng/mL"), **level),
        trial("Dorn", mean("experimental", 30.0, None, "ng/mL"), mean("control", 20.0, None, "ng/mL"), **level),
    )  # fmt: skip
    found = select_effects(store, Question("vitamin D", "25(OH)D", unit="nmol/L"))
    assert (found.measure, labels(found)) == ("MD", ["Adler", "Beck", "Conte"])
    adler, beck, conte = found.contributions
    assert adler.estimate.point == 30
    assert beck.estimate.point == pytest.approx(24.96, rel=1e-3)
    assert conte.estimate.error == pytest.approx(beck.estimate.error)
    assert any("SD from SE" in note for note in conte.notes)
    standardized = select_effects(store, Question("vitamin D", "25(OH)D", measure="SMD"))
    assert labels(standardized) == ["Adler", "Beck", "Conte"]


def test_odds_ratios_become_risk_ratios_at_a_baseline_risk(tmp_path: Path) -> None:
    store = store_of(tmp_path, trial("Adler", ratio(0.73, 0.5, 1.07, "OR")))
    with pytest.raises(PoolError, match="OR, not RR"):
        select_effects(store, Question("vitamin D", "fracture", measure="RR"))
    found = select_effects(
        store, Question("vitamin D", "fracture", measure="RR", baseline_risk=0.3)
    )
    assert found.contributions[0].estimate.value == pytest.approx(0.794, abs=1e-3)
    assert "baseline risk of 0.3" in found.contributions[0].notes[0]


def test_standardized_differences_become_odds_ratios_if_asked(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(-0.5, -0.9, -0.1, "SMD")),
        trial("Beck", ratio(0.5, 0.3, 0.83, "OR")),
    )
    found = select_effects(store, Question("vitamin D", "fracture", measure="OR", convert=True))
    assert labels(found) == ["Adler", "Beck"]
    assert "Chinn" in found.contributions[0].notes[0]


def test_associations_are_apart_from_trials(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07)),
        trial("Beck", ratio(0.9, 0.8, 1.01, contrast="association"), design="cohort"),
    )
    found = select_effects(store, ASKED)
    assert labels(found) == ["Adler"]
    assert reasons(found)["Beck"] == "an association (--contrast association takes it)"
    other = select_effects(store, Question("vitamin D", "fracture", contrast="association"))
    assert labels(other) == ["Beck"]
    both = select_effects(store, Question("vitamin D", "fracture", contrast="any"))
    assert len(both.contributions) == 2


def test_slopes_are_not_mixed_with_comparisons(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07)),
        trial("Beck", ratio(0.9, 0.7, 1.16)),
        trial("Conte", ratio(0.98, 0.96, 1.0, per="per 10 nmol/L")),
    )
    found = select_effects(store, ASKED)
    assert labels(found) == ["Adler", "Beck"]
    assert "per 10 nmol/L; pooled is RR" in reasons(found)["Conte"]


def test_slopes_are_pooled_by_the_step_whatever_it_is_called(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.98, 0.96, 1.0, per="per 10 nmol/l increase")),
        trial("Beck", ratio(0.96, 0.93, 0.99, per="each rise of 10 nmol/L")),
        trial("Conte", ratio(1.03, 1.0, 1.06, per="per 10-nmol/L decrement")),
    )
    found = select_effects(store, ASKED)
    assert labels(found) == ["Adler", "Beck"]
    assert "RR per 10 nmol/L lower; pooled is RR per 10 nmol/L" in reasons(found)["Conte"]


def test_doses_are_put_into_bands(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(0.8, 0.6, 1.07), dose=(400.0, "[iU]")),
        trial("Beck", ratio(0.9, 0.7, 1.16), dose=(20.0, "ug")),
        trial("Conte", ratio(0.7, 0.5, 0.98), dose=(2000.0, "[iU]")),
        trial("Dorn", ratio(0.75, 0.5, 1.1)),
    )
    found = select_effects(store, ASKED)
    doses = {item.label: item.groups.get("dose") for item in found.contributions}
    assert doses == {"Adler": "10 ug/d", "Beck": "20 ug/d", "Conte": "50 ug/d", "Dorn": None}
    banded = band(found.contributions, [15, 30])
    bands = {item.label: item.groups.get("dose band") for item in banded}
    assert bands == {
        "Adler": "up to 15 ug/d", "Beck": "15 to 30 ug/d", "Conte": "above 30 ug/d", "Dorn": None,
    }  # fmt: skip
    result = synthesize(banded, "RR", Model(by="dose band"))
    assert [name for name, _ in result.subgroups.groups] == [
        "15 to 30 ug/d", "above 30 ug/d", "up to 15 ug/d", "not stated",
    ]  # fmt: skip
    halves = {item.groups.get("dose band") for item in band(found.contributions, [])}
    assert halves == {"up to 20 ug/d", "above 20 ug/d", None}
    with pytest.raises(PoolError, match="must rise"):
        band(found.contributions, [30, 15])


def test_nothing_to_pool_says_what_there_is(tmp_path: Path) -> None:
    store = store_of(tmp_path, trial("Adler", {"measure": "RR", "value": 0.6}))
    with pytest.raises(PoolError, match=r"nothing to pool .*\n.*Adler: RR 0.6 — neither interval"):
        select_effects(store, ASKED)
    with pytest.raises(QueryError, match="did you mean fracture"):
        select_effects(store, Question("vitamin D", "fractures of it"))
    with pytest.raises(QueryError, match="no intervention is called"):
        select_effects(store, Question("vitamn D", "fracture"))


def test_differences_of_risks_are_pooled_whatever_they_are_told_of(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        trial("Adler", ratio(-0.02, -0.04, 0.0, "RD")),
        trial("Beck", ratio(-3.0, -7.0, 1.0, "RD", unit="%")),
        trial("Conte", ratio(-25.0, -55.0, 5.0, "RD", unit="/1000.{people}")),
    )
    found = select_effects(store, ASKED)
    points = [item.estimate.point for item in found.contributions if item.estimate]
    assert points == pytest.approx([-0.02, -0.03, -0.025])
