"""Figures read off counts, and their intervals."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.evaluation.figures import Count, Jaccard, Macro, Match, Share, resample
from kg.evaluation.reliability import bin_by_confidence, find_gap


def counts(**values: int) -> Counter[str]:
    return Counter({name.replace("__", "/"): value for name, value in values.items()})


def test_a_match_has_a_hit_count_on_either_side() -> None:
    found = counts(x__gold=4, x__gold_hit=1, x__ours=10, x__ours_hit=8)
    assert Match("x").values(found) == {"p": 0.8, "r": 0.25, "f1": 0.381}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, {"p": None, "r": None, "f1": None}),
        ({"x__ours": 3}, {"p": 0.0, "r": None, "f1": 0.0}),
        ({"x__gold": 3}, {"p": None, "r": 0.0, "f1": 0.0}),
    ],
)
def test_nothing_to_count_is_no_figure(found: dict[str, int], expected: dict[str, float]) -> None:
    assert Match("x").values(counts(**found)) == expected


def test_a_macro_figure_weighs_rare_kinds_like_common_ones() -> None:
    found = counts(a__gold=100, a__gold_hit=100, a__ours=100, a__ours_hit=100, b__gold=1)
    assert Macro("m", (Match("a"), Match("b"))).values(found) == {"f1": 0.5}


def test_jaccard_counts_what_both_have_once() -> None:
    assert Jaccard("x").values(counts(x__gold=4, x__ours=3, x__hit=2)) == {"jaccard": 0.4}
    assert Jaccard("x").values(counts()) == {"jaccard": None}


def test_intervals_are_the_same_each_time_and_hold_the_figure() -> None:
    documents = [counts(hit=i % 3, of=3) for i in range(60)]
    share = Share("s", "hit", "of")
    first, second = resample([share], documents), resample([share], documents)
    assert first == second
    low, high = first["s"]
    assert 0.2 < low < 1 / 3 < high < 0.45
    assert first["s"] == first["s.share"]


def test_documents_are_drawn_whole() -> None:
    """One document with all hits against many without: the interval must show how much hangs on it."""
    one = [counts(hit=100, of=100), *(counts(hit=0, of=1) for _ in range(9))]
    many = [counts(hit=10, of=11) for _ in range(10)]
    share = Share("s", "hit", "of")
    assert resample([share], one)["s"][0] == 0.0
    low, high = resample([share], many)["s"]
    assert low == high == pytest.approx(10 / 11, abs=1e-4)


def test_figures_without_cases_and_plain_counts_have_no_interval() -> None:
    assert resample([Share("s", "hit", "of"), Count("c", "hit")], [counts(hit=1)]) == {}
    assert resample([Share("s", "hit", "of")], []) == {}


def test_bins_of_confidence_hold_every_claim_once() -> None:
    judged = [(i / 100, i >= 50) for i in range(100)]
    bins = bin_by_confidence(judged, 7)
    assert sum(part.count for part in bins) == 100
    assert [part.confidence for part in bins] == sorted(part.confidence for part in bins)
    assert (bins[0].right, bins[-1].right) == (0.0, 1.0)
    assert find_gap(bin_by_confidence(judged, 10)) == pytest.approx(0.25, abs=0.001)
    assert (bin_by_confidence([]), find_gap([])) == ([], None)
    assert len(bin_by_confidence([(0.5, True)])) == 1
