"""Drawing a forest plot: text columns, intervals, squares, diamonds and the prediction interval.

Columns take the width of their texts, as measured in the font, so that nothing can overlap; the
picture grows where they need more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import PoolError
from kg.plots.picture import Picture, Row
from kg.plots.scale import Scale, choose_scale
from kg.plots.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    SIZE,
    new_figure,
    save,
    shorten,
    text_width,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 0.215  # inches
_MARGIN = 0.16
_GAP = 0.2  # between columns
_PLOT = 2.9  # width of the picture between the columns
_LONGEST = 3.1  # of a study's name
_SMALL = 7.2  # points
_LINE = 0.16  # inches between the lines of a heading
_CAPITAL = 0.36  # half the height of a capital letter, in ems
_LEAST_SIDE, _PLAIN_SIDE, _MOST_SIDE = 2.2, 4.6, 8.5  # of a square, in points


def write_forest(picture: Picture, path: Path) -> None:
    """Draw a forest plot into an SVG or PNG file.

    Raises
    ------
    PoolError
        If there is no row to draw, or the file cannot be written.
    """
    if not any(row.interval for row in picture.rows):
        raise PoolError("there is nothing to draw")
    save(lambda: draw_forest(picture), path)


def draw_forest(picture: Picture) -> Figure:
    """Return the figure of a forest plot."""
    layout = _Layout(picture)
    figure = new_figure(layout.width, layout.height)
    canvas = figure.add_axes((0, 0, 1, 1))
    canvas.set_xlim(0, layout.width)
    canvas.set_ylim(layout.height, 0)
    canvas.axis("off")
    _write_texts(canvas, picture, layout)
    axes = figure.add_axes(
        (
            layout.plot_left / layout.width,
            1 - layout.body_bottom / layout.height,
            _PLOT / layout.width,
            (layout.body_bottom - layout.body_top) / layout.height,
        )
    )
    _draw_axis(axes, canvas, picture, layout)
    heaviest = max((row.share or 0.0 for row in picture.rows), default=0.0)
    for index, row in enumerate(picture.rows):
        if row.interval is not None:
            _draw_row(axes, row, layout.middle(index) - layout.body_top, layout.scale, heaviest)
    return figure


class _Layout:
    """Where everything stands, in inches from the upper left corner."""

    def __init__(self, picture: Picture) -> None:
        self.scale = choose_scale(
            [row.interval for row in picture.rows if row.interval], picture.log, picture.null
        )
        self.left_widths = _column_widths(
            picture.left_head, [r.left for r in _listed(picture)], _LONGEST
        )
        self.right_widths = _column_widths(
            picture.right_head, [r.right for r in _listed(picture)], 9.0
        )
        left = sum(self.left_widths) + _GAP * len(self.left_widths)
        self.plot_left = _MARGIN + left
        self.right_start = self.plot_left + _PLOT + _GAP
        right = sum(self.right_widths) + _GAP * max(0, len(self.right_widths) - 1)
        self.width = self.right_start + right + _MARGIN
        widest = [text_width(picture.title, SIZE + 2, bold=True)]
        widest += [text_width(row.left[0], _SMALL) for row in picture.rows if row.kind == "note"]
        widest += [text_width(note, _SMALL) for note in picture.footnotes]
        self.width = max(self.width, max(widest) + 2 * _MARGIN)
        self.head_lines = max(
            text.count("\n") + 1 for text in (*picture.left_head, *picture.right_head)
        )
        self.title_bottom = 0.42 if picture.title else 0.12
        self.body_top = self.title_bottom + _LINE * self.head_lines + 0.1
        self.body_bottom = self.body_top + _ROW * len(picture.rows) + 0.04
        self.axis_bottom = self.body_bottom + 0.42
        self.arrows = bool(picture.lower or picture.higher)
        self.foot_top = self.axis_bottom + (0.2 if self.arrows else 0.0) + 0.1
        self.height = self.foot_top + 0.15 * len(picture.footnotes) + 0.1

    def middle(self, index: int) -> float:
        """Height of the middle of a row."""
        return self.body_top + _ROW * (index + 0.5)

    def left_edges(self) -> list[float]:
        """Where the columns on the left begin, or end for all but the first."""
        edges, x = [], _MARGIN
        for index, width in enumerate(self.left_widths):
            edges.append(x if index == 0 else x + width)
            x += width + _GAP
        return edges

    def right_edges(self) -> list[float]:
        edges, x = [], self.right_start
        for width in self.right_widths:
            x += width
            edges.append(x)
            x += _GAP
        return edges


def _listed(picture: Picture) -> list[Row]:
    return [row for row in picture.rows if row.kind not in ("note", "gap")]


def _column_widths(
    heads: Sequence[str], cells: Sequence[Sequence[str]], longest: float
) -> list[float]:
    widths = []
    for index, head in enumerate(heads):
        texts = [row[index] for row in cells if index < len(row)]
        width = max([text_width(head, bold=True), *(text_width(text, bold=True) for text in texts)])
        widths.append(min(width, longest) if index == 0 else width)
    return widths


def _write_texts(canvas: Axes, picture: Picture, layout: _Layout) -> None:
    if picture.title:
        _write(canvas, _MARGIN, 0.24, picture.title, True, size=SIZE + 2, weight="bold")
    for index, (x, text) in enumerate(zip(layout.left_edges(), picture.left_head, strict=True)):
        _write_head(canvas, x, layout, text, index == 0)
    for x, text in zip(layout.right_edges(), picture.right_head, strict=True):
        _write_head(canvas, x, layout, text, False)
    canvas.plot([_MARGIN, layout.width - _MARGIN], [layout.body_top - 0.03] * 2, color=INK, lw=0.8)
    for index, row in enumerate(picture.rows):
        y = layout.middle(index)
        weight = "bold" if row.kind in ("heading", "subtotal", "total") else "normal"
        if row.kind == "note":
            _write(canvas, _MARGIN, y, row.left[0], True, size=_SMALL, color=QUIET)
            continue
        indent = 0.1 if row.kind == "study" and _grouped(picture) else 0.0
        for place, (x, text) in enumerate(zip(layout.left_edges(), row.left, strict=False)):
            if place == 0:
                text = shorten(text, layout.left_widths[0] - indent)
            _write(canvas, x + (indent if place == 0 else 0), y, text, place == 0, weight=weight)
        for x, text in zip(layout.right_edges(), row.right, strict=False):
            _write(canvas, x, y, text, False, weight=weight)
    for index, note in enumerate(picture.footnotes):
        y = layout.foot_top + 0.15 * index + 0.07
        _write(canvas, _MARGIN, y, note, True, size=_SMALL, color=QUIET)


def _write_head(canvas: Axes, x: float, layout: _Layout, text: str, left: bool) -> None:
    """Write a heading of one line or more, the last of them just above the rule."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        y = layout.body_top - 0.13 - _LINE * (len(lines) - 1 - index)
        _write(canvas, x, y, line, left, weight="bold")


def _grouped(picture: Picture) -> bool:
    return any(row.kind == "heading" for row in picture.rows)


def _write(canvas: Axes, x: float, y: float, text: str, left: bool, **style: Any) -> None:
    """Write a line on one baseline with its row, whatever letters it has; `y` is the row's middle."""
    shown = text.replace("-", "−") if text.lstrip("-")[:1].isdigit() else text
    size = style.get("size", SIZE)
    canvas.text(
        x, y + _CAPITAL * size / 72, shown, va="baseline", ha="left" if left else "right", **style
    )


def _draw_axis(axes: Axes, canvas: Axes, picture: Picture, layout: _Layout) -> None:
    scale = layout.scale
    axes.set_xlim(scale.to_unit(scale.low), scale.to_unit(scale.high))
    axes.set_ylim(layout.body_bottom - layout.body_top, 0)
    axes.patch.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.yaxis.set_visible(False)
    axes.set_xticks([scale.to_unit(tick) for tick in scale.ticks], scale.labels())
    axes.tick_params(axis="x", labelsize=SIZE - 0.5, length=3, pad=2)
    axes.set_xlabel(picture.axis, size=SIZE - 0.5, labelpad=2)
    bottom = layout.body_bottom - layout.body_top
    if picture.null is not None and scale.low <= picture.null <= scale.high:
        x = scale.to_unit(picture.null)
        axes.plot([x, x], [0, bottom], color=INK, lw=0.8, zorder=1)
    last = max(
        (i for i, row in enumerate(picture.rows) if row.kind in ("total", "study")), default=0
    )
    if picture.centre is not None and scale.low <= picture.centre <= scale.high:
        x = scale.to_unit(picture.centre)
        end = layout.middle(last) - layout.body_top
        axes.plot([x, x], [0, end], color=BLUE, lw=0.8, ls=(0, (3, 2)), zorder=1)
    if layout.arrows:
        _write_directions(canvas, picture, layout)


def _write_directions(canvas: Axes, picture: Picture, layout: _Layout) -> None:
    """Write what lies left and right of no effect, under the axis, from that line outwards."""
    scale = layout.scale
    null = picture.null if picture.null is not None else scale.low
    span = scale.to_unit(scale.high) - scale.to_unit(scale.low)
    x = layout.plot_left + _PLOT * (scale.to_unit(null) - scale.to_unit(scale.low)) / span
    x = min(max(x, layout.plot_left), layout.plot_left + _PLOT)
    y = layout.axis_bottom + 0.1
    room_left, room_right = x - _MARGIN - 0.1, layout.width - _MARGIN - x - 0.1
    if picture.lower and scale.low < null:
        text = shorten(f"← {picture.lower}", room_left, _SMALL + 0.3)
        canvas.text(x - 0.08, y, text, size=_SMALL + 0.3, color=QUIET, ha="right", va="center")
    if picture.higher and scale.high > null:
        text = shorten(f"{picture.higher} →", room_right, _SMALL + 0.3)
        canvas.text(x + 0.08, y, text, size=_SMALL + 0.3, color=QUIET, ha="left", va="center")


def _draw_row(axes: Axes, row: Row, y: float, scale: Scale, heaviest: float) -> None:
    assert row.interval is not None
    value, low, high = row.interval
    if row.kind in ("total", "subtotal"):
        _draw_diamond(axes, row, y, scale)
        return
    colour, width = (ORANGE, 2.4) if row.kind == "prediction" else (INK, 1.1)
    _draw_interval(axes, low, high, y, scale, colour, width)
    if row.kind == "prediction" or not scale.low <= value <= scale.high:
        return
    side = _PLAIN_SIDE
    if row.share is not None and heaviest > 0:  # areas show the weights
        side = max(_LEAST_SIDE, math.sqrt(row.share / heaviest) * _MOST_SIDE)
    axes.plot(
        scale.to_unit(value), y, marker="s", ms=side, mfc=BLUE,
        mec=BLUE, mew=0, zorder=3, clip_on=False,
    )  # fmt: skip


def _draw_interval(
    axes: Axes, low: float, high: float, y: float, scale: Scale, colour: str, width: float
) -> None:
    """Draw a line from low to high; an arrow where the axis ends before."""
    start, end = max(low, scale.low), min(high, scale.high)
    if start > end:  # wholly beside the axis: an arrow at its edge says where
        edge = scale.low if high < scale.low else scale.high
        start = end = edge
    axes.plot(
        [scale.to_unit(start), scale.to_unit(end)], [y, y], color=colour, lw=width, zorder=2,
        solid_capstyle="butt", clip_on=False,
    )  # fmt: skip
    for outside, x, marker in (
        (low < scale.low, scale.low, "<"),
        (high > scale.high, scale.high, ">"),
    ):
        if outside:
            axes.plot(
                scale.to_unit(x), y, marker=marker, ms=4.4, mfc=colour, mec=colour, mew=0, zorder=2, clip_on=False,
            )  # fmt: skip


def _draw_diamond(axes: Axes, row: Row, y: float, scale: Scale) -> None:
    from matplotlib.patches import Polygon

    assert row.interval is not None
    value, low, high = (scale.to_unit(min(max(x, scale.low), scale.high)) for x in row.interval)
    half = 0.36 * _ROW if row.kind == "total" else 0.28 * _ROW
    least = 0.008 * (scale.to_unit(scale.high) - scale.to_unit(scale.low))
    low, high = min(low, value - least), max(high, value + least)
    colour = BLUE if row.kind == "total" else "white"
    axes.add_patch(
        Polygon(
            [(low, y), (value, y - half), (high, y), (value, y + half)], closed=True, facecolor=colour,
            edgecolor=BLUE, linewidth=0.9, zorder=4, clip_on=False,
        )
    )  # fmt: skip
