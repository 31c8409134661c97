"""Drawing a funnel plot: estimates against their standard errors, with contours of significance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import PoolError
from kg.plots.picture import NAMES
from kg.plots.scale import choose_scale
from kg.plots.style import BLUE, INK, ORANGE, QUIET, SIZE, new_figure, save, shorten
from kg.statistics.scales import LOG_MEASURES, NULL_VALUES, critical_z, from_scale, to_scale
from kg.synthesis.contributions import estimates_of
from kg.synthesis.report import p_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kg.synthesis.analysis import Synthesis

#: Two-sided p below which a contour begins, and its shade (Peters et al., J Clin Epidemiol 2008;61:991).
_CONTOURS = ((0.10, "#f3f5f7"), (0.05, "#e6eaee"), (0.01, "#d5dbe1"))


def write_funnel(synthesis: Synthesis, path: Path) -> None:
    """Draw the funnel plot of a synthesis into an SVG or PNG file.

    Raises
    ------
    PoolError
        If there are fewer than two studies, or the file cannot be written.
    """
    if len(synthesis.contributions) < 2:
        raise PoolError("a funnel plot needs two studies at least")
    save(lambda: draw_funnel(synthesis), path)


def draw_funnel(synthesis: Synthesis) -> Figure:
    """Return the figure of a funnel plot, contour-enhanced about no effect."""
    estimates = estimates_of(synthesis.contributions)
    measure, pooled = synthesis.measure, synthesis.pooled
    log = measure in LOG_MEASURES
    null = NULL_VALUES.get(measure)
    deepest = max(item.error for item in estimates) * 1.08
    z = critical_z(95)
    edges = [pooled.point - z * deepest, pooled.point + z * deepest]
    points = [item.point for item in estimates]
    shown = [from_scale(measure, x) for x in (*points, *edges)]
    scale = choose_scale([(x, x, x) for x in shown], log, null)
    figure = new_figure(7.6, 4.4)
    axes = figure.add_axes((0.085, 0.12, 0.595, 0.78))
    low, high = scale.to_unit(scale.low), scale.to_unit(scale.high)
    axes.set_xlim(low, high)
    axes.set_ylim(deepest, 0)
    handles = _draw_contours(
        axes, null if null is None else to_scale(measure, null), deepest, low, high
    )
    (limits,) = axes.plot(
        [edges[0], pooled.point, edges[1]], [deepest, 0, deepest], color=BLUE, lw=0.9, ls=(0, (4, 2)),
        label="95 % limits about it",
    )  # fmt: skip
    (centre,) = axes.plot(
        [pooled.point] * 2, [0, deepest], color=BLUE, lw=1.1, label="Pooled estimate"
    )
    if null is not None:
        axes.plot([to_scale(measure, null)] * 2, [0, deepest], color=INK, lw=0.8)
    (dots,) = axes.plot(
        points, [item.error for item in estimates], "o", ms=5.2, mfc="white", mec=INK, mew=1.0, zorder=5,
        label="Study", clip_on=False,
    )  # fmt: skip
    found = synthesis.asymmetry
    handles = [dots, centre, limits, *handles]
    if found is not None and found.enough:
        ends = [found.limit, found.limit + found.intercept * deepest]
        (line,) = axes.plot(
            ends, [0, deepest], color=ORANGE, lw=1.1, ls=(0, (1, 1.2)),
            label=f"Egger's regression\n(p {p_text(found.p)})",
        )  # fmt: skip
        handles.insert(3, line)
    axes.set_xticks([scale.to_unit(tick) for tick in scale.ticks], scale.labels())
    unit = f", {synthesis.unit}" if synthesis.unit else ""
    axes.set_xlabel(f"{NAMES.get(measure, measure)}{unit}{', log scale' if log else ''}")
    axes.set_ylabel(f"Standard error{' of the logarithm' if log else ''}")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.03, 1.0), fontsize=SIZE - 1, frameon=False,
        borderaxespad=0, handlelength=1.9, labelspacing=0.7,
    )  # fmt: skip
    title = f"{synthesis.title}: funnel plot" if synthesis.title else "Funnel plot"
    title = shorten(title, 6.0, SIZE + 2)
    figure.text(0.02, 0.965, title, size=SIZE + 2, weight="bold", va="center")
    figure.text(
        0.985, 0.965, f"{pooled.k} studies", size=SIZE - 0.5, color=QUIET, va="center", ha="right"
    )
    return figure


def _draw_contours(
    axes: Axes, null: float | None, deepest: float, low: float, high: float
) -> list[object]:
    """Shade where a study would be significant, and return what the legend shows of it."""
    if null is None:
        return []
    handles: list[object] = []
    for index, (level, shade) in enumerate(_CONTOURS):
        z = critical_z(100 * (1 - level))
        half = z * deepest
        label = (
            f"Against no effect, p < {level:g}"
            if index == len(_CONTOURS) - 1
            else f"{_CONTOURS[index + 1][0]:g} ≤ p < {level:g}"
        )
        for sign, edge in ((-1, low), (1, high)):
            patch = axes.fill(
                [null, null + sign * half, _outer(edge, null, sign, half), edge], [0, deepest, deepest, 0],
                color=shade, lw=0, zorder=0.1 * index, label=label if sign > 0 else None,
            )  # fmt: skip
        handles.extend(patch)
    return handles


def _outer(edge: float, null: float, sign: int, half: float) -> float:
    return max(edge, null + half) if sign > 0 else min(edge, null - half)
