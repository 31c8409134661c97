"""Numbers in the plain words of results: what befell how many, how much sooner, and what only looks like a value."""

from __future__ import annotations

import pytest

from kg.numbers import read_numbers


def _read(text: str) -> list[tuple[str | None, float]]:
    return [(s.measure, s.value) for s in read_numbers(text).statistics if s.value is not None]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Admission was needed by 6 patients given zinc and by 5 given placebo.", [6, 5]),
        ("Infections were observed in 4 zinc-treated and 2 placebo-treated patients.", [4, 2]),
        ("Diarrhoea caused 15 patients in the zinc group and 4 in the placebo group to stop.", [15, 4]),
        ("Nausea led 2 patients taking zinc to stop treatment.", [2]),
        ("Rescue drugs were needed by 27 patients in the zinc group, 13 in the iron group and 4 in the other.", [27, 13, 4]),
        ("Rash cropped up in 11 people with real tape and in 3 with sham tape.", [11, 3]),
        ("Resistance emerged in 9 isolates exposed to zinc alone but in only 1 exposed to both.", [9, 1]),
    ],
)  # fmt: skip
def test_what_befell_how_many_is_counted(text: str, counts: list[float]) -> None:
    assert _read(text) == [("count", n) for n in counts]


@pytest.mark.parametrize(
    "text",
    [
        "Of 50 patients, 26 were in the zinc and 24 were in the placebo group.",
        "Two rabbits from each group were killed on day 28.",
        "Patients with lesions seen at 6 and 24 months were invited.",
    ],
)
def test_who_took_part_is_no_count_of_what_befell_them(text: str) -> None:
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Return to work was 1.6 days earlier with glue (p = 0.01).", [("MD", -1.6)]),
        ("Home readiness was reached 79 min earlier with zinc (P < 0.0001).", [("MD", -79)]),
        ("Hospital stay was 3 days shorter with zinc (11 v 14 days; p=0.004).", [("MD", -3), (None, 11), (None, 14)]),
        ("Pain was seen 3 days earlier.", []),
    ],
)  # fmt: skip
def test_how_much_sooner_is_a_difference(text: str, told: list[tuple[str | None, float]]) -> None:
    assert _read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Labour lasted 432 (151) min after zinc and 441 (160) min after placebo.", [("mean", 432), ("mean", 441)]),
        ("Birth weight was similar in both arms (3080 g and 3050 g).", [(None, 3080), (None, 3050)]),
        ("Race times were alike: 8.9 h for zinc and 9.0 h for placebo.", [(None, 8.9), (None, 9.0)]),
        ("Roughness was 0.21 µm in the control group, 0.68 µm after zinc and 0.54 µm after iron.", [(None, 0.21), (None, 0.68), (None, 0.54)]),
        ("There was a median blood loss of 650 mL and 420 mL, respectively (p = 0.002).", [("median", 650), ("median", 420)]),
        ("Zinc decreased total blood loss by 54% (p = 0.01).", [("percent_change", -54)]),
        ("Pain, scored from 0 to 10, was 3.1 with zinc and 4.5 with placebo.", [(None, 3.1), (None, 4.5)]),
        ("The mean difference in change from baseline to 26 weeks in pain was 0.17 (95% CI 0.004 to 0.34).", [("MD", 0.17)]),
        ("The score fell from a mean of 18.9 before treatment to 11.2 at week 24.", [("mean", 18.9), ("mean", 11.2)]),
    ],
)  # fmt: skip
def test_values_and_what_only_looks_like_one(
    text: str, told: list[tuple[str | None, float]]
) -> None:
    assert _read(text) == told
