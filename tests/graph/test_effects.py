"""Intervention → outcome in one call, with sentences, and in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rdflib

from kg.effects import EffectRow, find_effects, in_words
from kg.errors import QueryError
from kg.records import Record
from kg.store import Store


@pytest.fixture(scope="module")
def falls(store: Store) -> list[EffectRow]:
    return find_effects(store, "Vitamin D", "fall risk")


def test_finds_the_label_itself_first_then_what_contains_it(falls: list[EffectRow]) -> None:
    assert [(row.intervention, row.measure, row.study) for row in falls] == [
        ("vitamin D", "percent_change", "Adler 2020"),
        ("vitamin D", "RR", "Adler 2020"),
        ("high-dose vitamin D", "RR", "Gruber 2023"),
    ]


def test_rows_hold_numbers_study_and_sentence(
    falls: list[EffectRow], records: list[Record]
) -> None:
    (row,) = [row for row in falls if row.measure == "RR" and row.intervention == "vitamin D"]
    assert (row.value, row.ci_low, row.ci_high, row.ci_level, row.p_operator, row.p_value) == (
        0.81, 0.7, 0.94, 95, "=", 0.006,
    )  # fmt: skip
    assert (row.direction, row.contrast, row.comparator) == (
        "decrease",
        "between_groups",
        "placebo",
    )
    assert (row.population, row.study, row.design) == (
        "older adults",
        "Adler 2020",
        "randomized controlled trial",
    )
    assert (row.n, row.year, row.doi) == (403, 2020, "10.1000/adler.2020")
    assert row.number_quote == "RR 0.81, 95% CI 0.70-0.94; P = .006"
    (record,) = [record for record in records if record.document.path == row.document]
    assert record.document.text[row.start_char : row.end_char] == row.quote


def test_a_part_finds_its_combinations(store: Store) -> None:
    rows = find_effects(store, "calcium")
    assert {row.intervention for row in rows} == {"calcium + vitamin D"}
    assert {row.intervention for row in find_effects(store, "vitamin d with calcium")} == {
        "calcium + vitamin D"
    }
    assert {row.intervention for row in find_effects(store, "vitamin d")} == {
        "vitamin D", "vitamin D alone", "calcium + vitamin D", "high-dose vitamin D",
        "vitamin D deficiency",
    }  # fmt: skip


def test_rdflib_and_oxigraph_find_the_same(store: Store, graph: rdflib.Graph) -> None:
    assert find_effects(graph, "exercise") == find_effects(store, "exercise")
    assert len(find_effects(store, "exercise")) == 4


def test_words_begin_where_words_begin(store: Store) -> None:
    with pytest.raises(QueryError):
        find_effects(store, "itamin")


def test_misses_get_suggestions(store: Store) -> None:
    with pytest.raises(QueryError, match="did you mean vitamin D"):
        find_effects(store, "vitamn d")
    with pytest.raises(QueryError, match="did you mean fall risk"):
        find_effects(store, "vitamin d", "fal rsk")
    with pytest.raises(QueryError, match="kg query interventions"):
        find_effects(store, "zzzz")
    with pytest.raises(QueryError, match="holds no intervention"):
        find_effects(Store.of([]), "vitamin d")


def test_no_effect_between_two_known_things_is_an_answer(store: Store) -> None:
    assert find_effects(store, "exercise", "fall risk") == []


def test_hostile_words_match_themselves(store: Store) -> None:
    with pytest.raises(QueryError, match="no intervention"):
        find_effects(store, '") } #(.*')


def sentence(row: EffectRow, **changes: object) -> str:
    return in_words(replace(row, comparator=None, population=None, **changes))


def test_in_words(falls: list[EffectRow], store: Store) -> None:
    (row,) = [row for row in falls if row.measure == "RR" and row.intervention == "vitamin D"]
    assert in_words(row) == (
        "vitamin D decreased fall risk by 19 % compared with placebo in older adults"
        " (RR 0.81, 95 % CI 0.7 to 0.94, p = 0.006)"
    )
    assert sentence(row, measure="HR", outcome="death").startswith(
        "vitamin D decreased the hazard of death by 19 % (HR 0.81"
    )
    assert sentence(row, value=3.24, direction="increase", outcome="falls").startswith(
        "vitamin D increased the risk of falls 3.24-fold (RR 3.24"
    )
    # number against direction: no size in the sentence
    assert sentence(row, direction="increase").startswith("vitamin D increased fall risk (RR 0.81")
    assert sentence(row, direction="no_difference").startswith(
        "vitamin D made no clear difference to fall risk (RR 0.81"
    )
    assert "direction not stated" in sentence(row, direction="unclear")
    bare = {"ci_low": None, "ci_high": None, "p_value": None, "value": None}
    assert sentence(row, **bare, measure="direction_only") == "vitamin D decreased fall risk"
    assert sentence(row, **bare | {"value": -13.1}, measure="MD", unit="ng/mL") == (
        "vitamin D decreased fall risk by 13.1 ng/mL (MD -13.1 ng/mL)"
    )
    assert sentence(row, **bare | {"value": -23.0}, measure="RD", unit="/1000.{people}").startswith(
        "vitamin D decreased fall risk by 23 per 1000 (RD -23"
    )
    assert sentence(row, **bare, reported_as="hypothesis").endswith("— a hypothesis, not a result")
    assert "0.0000001" in sentence(row, p_value=1e-7)


def test_associations_and_values_of_one_group_in_words(store: Store) -> None:
    said = [in_words(row) for row in find_effects(store, "serum", "multiple")]
    assert said == [
        "serum 25(OH)D was associated with 14 % lower odds of multiple sclerosis in patients with"
        " multiple sclerosis (OR 0.86 per 20 nmol/L, p = 0.02)"
    ]
    (row,) = find_effects(store, "serum", "multiple")
    share = replace(row, measure="percent", value=12.5, per=None, direction="unclear", p_value=None)
    assert in_words(replace(share, population="120 were asked")) == (
        "multiple sclerosis was 12.5 % under serum 25(OH)D"
    )
    said = [in_words(row) for row in find_effects(store, "vitamin d", "serum 25(OH)D")]
    assert said[1] == (
        "serum 25(OH)D was 81 ± 12.5 nmol/L (mean) under vitamin D, higher than under placebo,"
        " 12 months (p < 0.001)"
    )
