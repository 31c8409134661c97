"""Heads of tables: what they name, what their numbers are, spans that a converter lost."""

from __future__ import annotations

import pytest

from kg.assembly.table_cells import read_number
from kg.assembly.table_grid import Grid, read_grid, split_statistic
from kg.assembly.table_labels import parse_p
from kg.readers import read_bytes


def grid(text: str) -> tuple[Grid, list[list[str]]]:
    """Read the only table of a Markdown page; return it with its rows as text."""
    reading = read_bytes(text.encode(), "a.md")
    (table,) = [block.table for block in reading.blocks if block.table is not None]

    def text_of(cell: object) -> str:
        start, end = cell.start_char, cell.end_char  # type: ignore[attr-defined]
        return " ".join(reading.view.text[start:end].split())

    found = read_grid(table, text_of)
    assert found is not None
    return found, [[text_of(cell) for cell in row] for row in found.rows]


PUSHED = """::: caption
Calories each day
:::

                  Apple n = 30   Grape n = 29   Water n = 28   P value
  --------------- -------------- -------------- -------------- --------- ------- ---- ------
                                                                                   
                  Mean           SD             Mean           SD        Mean    SD
  Total           95.84          22.42          98.65          30.52     81.43   23.1 0.02

Data are means.
"""
LINES = """
  -----------------------------------------------------
  Item            EP group    CACP group    P
                  (n = 19)    (n = 24)
  --------------- ----------- ------------- -----------
  Levels

   Medical        9 (47.4)    8 (33.4)      0.35
   center
  -----------------------------------------------------
"""


def test_heads_are_spread_over_the_columns_they_spanned() -> None:
    found, rows = grid(PUSHED)
    assert rows == [["Total", "95.84", "22.42", "98.65", "30.52", "81.43", "23.1", "0.02"]]
    told = [[(head.text, head.size, head.kind) for head in heads] for heads in found.heads]
    assert told[1] == [("Apple", 30, None), ("Mean", None, "mean")]
    assert told[2] == [("Apple", 30, None), ("SD", None, "sd")]
    assert told[6] == [("Water", 28, None), ("SD", None, "sd")]
    assert told[7] == [("P value", None, "p")]


def test_a_cell_may_go_over_several_lines() -> None:
    found, rows = grid("# A page\n\n**bold** text\n" + LINES)
    assert rows[-1] == ["Medical center", "9 (47.4)", "8 (33.4)", "0.35"]
    assert [(h.text, h.size) for h in found.heads[1]] == [("EP group", 19)]


def test_a_rule_of_dashes_is_no_table() -> None:
    reading = read_bytes(
        b"# A page\n\nIt fell.\n\n------------------------\n\nIt rose **again**.\n", "a.md"
    )
    assert all(block.kind != "table" for block in reading.blocks)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        ("Placebo", "Placebo", None), ("Placebo n (%)", "Placebo", "count"), ("Mean (SD)", "Mean (SD)", "mean"),
        ("EP group Mean ± SD", "EP group", "mean"), ("P value", "P value", "p"),
        ("Difference in means", "Difference in means", "estimate"), ("Vitamin D3", "Vitamin D3", None),
    ],
)  # fmt: skip
def test_a_head_names_something_or_says_what_its_numbers_are(
    head: str, name: str, kind: str | None
) -> None:
    assert split_statistic(head) == (name, kind)


@pytest.mark.parametrize(
    ("cell", "size", "label", "told"),
    [
        ("12 (24.0)", 50, "falls", ("percent", 24.0, None, 12, 50)),  # arithmetic: 12 of 50
        ("12 (4.0)", 50, "score", ("mean", 12.0, 4.0, None, None)),
        ("12 (24.0)", None, "falls, n (%)", ("percent", 24.0, None, 12, None)),
        ("12/50 (24)", None, "falls", ("percent", 24.0, None, 12, 50)),
        ("0/50", None, "falls", ("percent", 0.0, None, 0, 50)),
        ("−1.2 ± 0.4", 50, "change", ("mean", -1.2, 0.4, None, None)),
        ("1,204 ± 31", 50, "steps", ("mean", 1204.0, 31.0, None, None)),
        ("115 ± 3 *^,a^", 50, "weight", ("mean", 115.0, 3.0, None, None)),
        ("3.1 (2.0–4.4)", 50, "median (IQR) stay", ("median", 3.1, None, None, None)),
        ("28", 201, "failure, %", ("percent", 28.0, None, None, None)),
        ("5", 20, "No. of deaths", ("percent", 25.0, None, 5, 20)),
    ],
)  # fmt: skip
def test_what_a_cell_s_digits_are(
    cell: str, size: int | None, label: str, told: tuple[object, ...]
) -> None:
    found = read_number(cell, 100, kind=None, size=size, label=label, about="")
    assert found is not None
    s = found.statistic
    assert (found.measure, s.value, s.sd, s.events, s.total) == told
    assert 100 <= s.start_char < s.end_char <= 100 + len(cell)


@pytest.mark.parametrize("cell", ["see text", "", "NS", "2016-2017", "12 of", "A (3)"])
def test_words_are_no_number(cell: str) -> None:
    assert read_number(cell, 0, kind=None, size=10, label="x", about="") is None


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("0.03*", ("=", 0.03, "0.03")),
        ("<.001", ("<", 0.001, "<.001")),
        ("NS", None),
        ("12.3", None),
    ],
)
def test_p_values_of_cells(cell: str, told: tuple[str, float, str] | None) -> None:
    assert parse_p(cell) == told
