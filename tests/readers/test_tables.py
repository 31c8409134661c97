"""Tables of three notations."""

from __future__ import annotations

from kg.readers import read_bytes


def _table(source: str, name: str = "a.md") -> tuple[list[list[str]], int]:
    reading = read_bytes(source.encode(), name)
    tables = [block.table for block in reading.blocks if block.table is not None]
    assert len(tables) == 1
    assert tables[0] is not None
    view = reading.view.text
    rows = [[view[c.start_char : c.end_char] for c in row] for row in tables[0].rows]
    return rows, tables[0].header_rows


def test_pipe_table_with_an_empty_head() -> None:
    source = "Text.\n\n| | |\n| --- | --- |\n| Arm  | **Level**<br>ng |\n| D | 5 \\| 6 |\n\nMore."
    assert _table(source) == ([["Arm", "Level\nng"], ["D", "5 | 6"]], 1)


def test_wiki_table_with_doubled_line_ends() -> None:
    source = "**Table 2 X**\n\n||Variable<sup>a</sup>|A (N=6)|P\n\nAge (yr)|64 (33, 75)|0.3\n\nDied|[x](/y|z)|<0.001||<sup>a</sup>Medians."
    rows, heads = _table(source)
    assert rows == [
        ["Variable", "A (N=6)", "P"],
        ["Age (yr)", "64 (33, 75)", "0.3"],
        ["Died", "x", "<0.001"],
    ]
    assert heads == 1


def test_wiki_table_one_row_a_line() -> None:
    source = "#### || Status  \nBEFORE|Dose\n\nNormal|0 IU\n\nLow|5000 IU||\n\nText."
    assert _table(source)[0] == [["Status BEFORE", "Dose"], ["Normal", "0 IU"], ["Low", "5000 IU"]]
    assert _table("||a|b\nc|d||")[0] == [["a", "b"], ["c", "d"]]


def test_html_table_repeats_spanning_cells() -> None:
    source = (
        "<table><caption>Table 1. X</caption><thead><tr><th rowspan=2>Arm</th><th colspan='2'>Mean</th>"
        "</tr><tr><th>0</th><th>1</th></tr></thead><tr><td>D</td><td>5&nbsp;mg</td><td>6</td></tr></table>"
    )
    rows, heads = _table(f"<html><body>{source}</body></html>", "a.html")
    assert rows == [["Arm", "Mean", "Mean"], ["Arm", "0", "1"], ["D", "5\u00a0mg", "6"]]
    assert heads == 2
    assert _table(source)[0] == rows


def test_a_table_that_only_arranges_is_paragraphs() -> None:
    reading = read_bytes(b"<table><tr><td>One cell with text.</td></tr></table>", "a.md")
    assert [block.kind for block in reading.blocks] == ["paragraph"]


def test_a_caption_is_the_line_above() -> None:
    reading = read_bytes(b"Table 1. Levels\n\n| a | b |\n| --- | --- |\n| c | d |\n", "a.md")
    table = reading.blocks[-1].table
    assert table is not None
    assert table.caption == (reading.blocks[0].start_char, reading.blocks[0].end_char)


def test_a_bar_in_prose_makes_no_table() -> None:
    reading = read_bytes(
        b"British J, (8 April 2014) | doi:10.1038/bjc.2014.175\n\n|x| was 5\n", "a.md"
    )
    assert all(block.table is None for block in reading.blocks)
