"""How all pictures look, and how they are written so that the same input gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kg.errors import PoolError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#1a1a1a"
QUIET = "#5f6368"
BLUE = "#1f4e79"
ORANGE = "#b4531a"
SIZE = 8.5  # points
FORMATS = (".svg", ".png")
_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": SIZE, "text.color": INK, "axes.edgecolor": INK,
    "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.8,
    "xtick.major.width": 0.8, "ytick.major.width": 0.8, "svg.fonttype": "path", "svg.hashsalt": "clinev",
    "path.simplify": False, "figure.facecolor": "white", "savefig.facecolor": "white",
    "axes.unicode_minus": True,
}  # fmt: skip
_DPI = 200


@contextmanager
def styled() -> Iterator[None]:
    """Apply the settings, and leave those of the process as they were."""
    import matplotlib as mpl

    with mpl.rc_context(cast(Any, _SETTINGS)):
        yield


def save(draw: Callable[[], Figure], path: Path) -> None:
    """Draw a figure and write it; the suffix, ``.svg`` or ``.png``, says as what.

    Raises
    ------
    PoolError
        If the suffix is another, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise PoolError(f"{path}: a picture is written as {' or '.join(FORMATS)}")
    with styled():
        figure = draw()
        # a date, or the version of the program that drew it, would change the bytes
        metadata = {"Date": None, "Creator": None} if suffix == ".svg" else {"Software": None}
        new = path.with_name(f".{path.name}.new{suffix}")
        try:
            figure.savefig(new, format=suffix[1:], dpi=_DPI, metadata=metadata)
            os.replace(new, path)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise PoolError(f"{path}: cannot be written: {error.strerror}") from error


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches, drawn without any window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


@cache
def text_width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """Return the width in inches of the longest line of a text."""
    font = _font(size, bold)
    widths = []
    for line in text.split("\n"):
        font.set_text(line)
        widths.append(font.get_width_height()[0] / 64)
    return float(max(widths)) / 72


@cache
def _font(size: float, bold: bool) -> Any:
    """Return a font that measures texts in points."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    wanted = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    font = get_font(findfont(wanted))
    font.set_size(size, 72)
    return font


def shorten(text: str, width: float, size: float = SIZE) -> str:
    """Cut a text to a width in inches, with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
