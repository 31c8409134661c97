"""Pictures: the same bytes each time, nothing overlaps, everything is on the paper."""

from __future__ import annotations

import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statistics_textbook import studies

from kg.errors import PoolError
from kg.plots.forest import draw_forest, write_forest
from kg.plots.funnel import draw_funnel, write_funnel
from kg.plots.picture import cumulative_picture, forest_picture, rows_picture
from kg.plots.scale import choose_scale
from kg.plots.style import shorten, styled, text_width
from kg.statistics.estimate import Estimate
from kg.synthesis.analysis import Model, synthesize
from kg.synthesis.contributions import Contribution

LONG = (
    "A trial whose title is so long that no column of a forest plot could ever hold the whole of it"
)


def made(name: str, measure: str, **model):
    return synthesize(studies(name, measure), measure, Model(**model), name)


PICTURES = {
    "bcg": lambda: forest_picture(made("bcg", "RR"), "fewer with BCG", "more with BCG"),
    "bcg by allocation": lambda: forest_picture(made("bcg", "RR", by="allocation")),
    "bcg by year": lambda: cumulative_picture(made("bcg", "RR")),
    "stroke": lambda: forest_picture(made("stroke-stay", "MD", hartung_knapp=True)),
    "magnesium": lambda: forest_picture(made("magnesium", "OR", method="Peto")),
    "risk difference": lambda: forest_picture(made("lidocaine", "RD", method="DL")),
    "long names": lambda: forest_picture(
        synthesize(
            [Contribution(LONG + str(i), Estimate("HR", i / 9 - 0.5, 0.2 + i)) for i in range(5)],
            "HR", Model(), LONG,
        ), LONG, LONG,
    ),
    "one study": lambda: forest_picture(
        synthesize([Contribution("alone", Estimate("MD", 1e-4, 1e-5))], "MD", Model())
    ),
    "rows": lambda: rows_picture(studies("bcg", "RR"), "Rows", "", True, 95.0),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_texts_do_not_overlap_and_are_on_the_paper(name):
    with styled():
        figure = draw_forest(PICTURES[name]())
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        canvas, axes = figure.axes
        texts = [*canvas.texts, *axes.get_xticklabels(), axes.xaxis.label]
        boxes = [
            (text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()
        ]
    assert len(boxes) >= 3
    for label, box in boxes:
        assert box.x0 >= 0, label
        assert box.x1 <= figure.bbox.width, label
        assert box.y0 >= 0, label
        assert box.y1 <= figure.bbox.height, label
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.shrunk(0.98, 0.8).overlaps(b.shrunk(0.98, 0.8)), (one, other)
    middle = axes.get_window_extent(renderer)
    for label, box in boxes:
        if box.y0 > middle.y0 and box.y1 < middle.y1:  # a row's text beside the picture
            assert box.x1 <= middle.x0 + 1 or box.x0 >= middle.x1 - 1, label


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_same_picture_has_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    synthesis = made("bcg", "RR", by="allocation")
    names = [tmp_path / f"{index}{suffix}" for index in range(2)]
    for name in names:
        write_forest(forest_picture(synthesis), name)
    assert names[0].read_bytes() == names[1].read_bytes()
    for name in names:
        write_funnel(synthesis, name)
    assert names[0].read_bytes() == names[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"0{suffix}", f"1{suffix}"]


def test_svg_is_xml_without_a_date(tmp_path: Path) -> None:
    path = tmp_path / "forest.svg"
    write_forest(forest_picture(made("bcg", "RR")), path)
    text = path.read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert "dc:date" not in text
    assert "Matplotlib v" not in text


def test_png_is_large_enough_to_print(tmp_path: Path) -> None:
    path = tmp_path / "forest.png"
    write_forest(forest_picture(made("bcg", "RR")), path)
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20], "big") > 1200  # pixels wide
    assert b"Software" not in data


def test_squares_show_weights_and_diamonds_the_result():
    picture = forest_picture(made("magnesium", "OR", method="Peto"))
    shares = {row.left[0]: row.share for row in picture.rows if row.kind == "study"}
    assert shares["ISIS-4"] > 0.9
    assert sum(shares.values()) == pytest.approx(1)
    (total,) = [row for row in picture.rows if row.kind == "total"]
    assert total.right[0] == "1.01 (0.95 to 1.07)"
    with styled():
        axes = draw_forest(picture).axes[1]
    assert len(axes.patches) == 1  # one diamond
    sizes = [line.get_markersize() for line in axes.lines if line.get_marker() == "s"]
    assert max(sizes) == sizes[-1] > 3 * sizes[0]


def test_subgroups_have_subtotals_and_a_test():
    rows = forest_picture(made("bcg", "RR", by="allocation")).rows
    assert [row.left[0] for row in rows if row.kind == "heading"] == [
        "Alternate", "Random", "Systematic",
    ]  # fmt: skip
    assert sum(row.kind == "subtotal" for row in rows) == 3
    assert any(row.left and row.left[0].startswith("Subgroup difference") for row in rows)


def test_the_prediction_interval_is_a_row():
    rows = forest_picture(made("bcg", "RR")).rows
    (row,) = [row for row in rows if row.kind == "prediction"]
    assert row.right[0] == "0.13 to 1.78"
    assert not any(
        r.kind == "prediction" for r in forest_picture(made("bcg", "RR", method="IV")).rows
    )


def test_a_ratio_has_a_logarithmic_axis():
    with styled():
        axes = draw_forest(forest_picture(made("bcg", "RR"))).axes[1]
    ticks = {
        label.get_text(): x
        for label, x in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
    }
    assert ticks["1"] == 0
    assert ticks["0.5"] == pytest.approx(-ticks["2"])


def test_the_funnel_shows_each_study_and_the_precise_on_top():
    with styled():
        axes = draw_funnel(made("magnesium", "OR")).axes[0]
    (dots,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots.get_xdata()) == 16
    low, high = axes.get_ylim()
    assert low > high == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda path: write_forest(PICTURES["bcg"](), path / "a.pdf"), "written as .svg or .png"),
        (lambda path: write_forest(PICTURES["bcg"](), path / "no" / "a.svg"), "cannot be written"),
        (lambda path: write_funnel(
            synthesize([Contribution("alone", Estimate("MD", 1, 1))], "MD", Model()), path / "a.svg"
        ), "two studies at least"),
        (lambda path: write_forest(rows_picture([], "", "", False, 95.0), path / "a.svg"), "nothing to draw"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(tmp_path, call, message):
    with pytest.raises(PoolError, match=message):
        call(tmp_path)
    assert list(tmp_path.iterdir()) == []


sizes = st.floats(1e-3, 1e3)


@given(st.lists(st.tuples(sizes, st.floats(1.001, 50)), min_size=1, max_size=12), st.booleans())
def test_an_axis_holds_all_estimates_and_no_effect(rows, log):
    intervals = [(v, v / w, v * w) if log else (v, v - w, v + w) for v, w in rows]
    null = 1.0 if log else 0.0
    scale = choose_scale(intervals, log, null)
    assert scale.low < scale.high
    assert scale.low <= null <= scale.high
    assert all(scale.low <= value <= scale.high for value, _, _ in intervals)
    assert 2 <= len(scale.ticks) <= 12
    assert list(scale.ticks) == sorted(set(scale.ticks))
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len(set(scale.labels())) == len(scale.ticks)


def test_long_texts_are_cut_to_their_column():
    short = shorten(LONG, 1.5)
    assert short.endswith("…")
    assert text_width(short) <= 1.5
    assert shorten("short", 1.5) == "short"
